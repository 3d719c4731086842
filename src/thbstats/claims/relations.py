"""Sums between the counts of a publication."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from attrs import field, frozen

from thbstats.claims.axes import axis, is_in
from thbstats.claims.cells import CUTS, CountCell

STATUSES = (
    "countries may count presumed victims without registering them, and register others, so that "
    "published tables often violate this sum"
)
"""The caveat of sums of statuses."""

_DIMENSIONS = ("period", "area", "status", *CUTS)
_MAX_COVERS = 12
_MAX_STEPS = 2_000


def _cells(cells: Iterable[CountCell]) -> tuple[CountCell, ...]:
    return tuple(dict.fromkeys(cells))


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


@frozen(kw_only=True)
class Relation:
    """Count and disjoint parts of it."""

    dimension: str
    whole: CountCell
    parts: tuple[CountCell, ...] = field(converter=_cells)
    is_complete: bool
    caveat: str = ""


@frozen(slots=False)
class Relations:
    """Relations between published counts."""

    cells: tuple[CountCell, ...] = field(converter=_cells)
    overlapping: frozenset[str] = field(converter=_names, default=())
    _known: dict[tuple[object, ...], dict[CountCell, frozenset[int]]] = field(
        factory=dict, init=False, repr=False, eq=False
    )

    def of(self, whole: CountCell) -> Iterator[Relation]:
        """Yield the relations with a cell as the total."""
        for name in self._dimensions:
            yield from _relations(name, whole, self._pieces(name, whole))

    def with_part(self, part: CountCell) -> Iterator[Relation]:
        """Yield the relations with a cell as a part."""
        for name in self._dimensions:
            pieces = self._pieces(name, part)
            for whole, target in pieces.items():
                if pieces[part] < target:
                    for result in _relations(name, whole, pieces):
                        if part in result.parts:
                            yield result

    @property
    def _dimensions(self) -> tuple[str, ...]:
        return tuple(name for name in _DIMENSIONS if name not in self.overlapping)

    def _pieces(self, name: str, cell: CountCell) -> dict[CountCell, frozenset[int]]:
        """Return the cells that differ in one dimension only, each as a set of its parts."""
        key = _others(cell, name)
        siblings = self._by_other_attributes.get(key, [])
        if key in self._known and cell in self._known[key]:
            return self._known[key]
        members = list(dict.fromkeys([cell, *siblings]))
        if len(members) == 1:
            return {cell: frozenset()}
        parts = axis(name, members)
        result = {
            item: frozenset(n for n, part in enumerate(parts) if is_in(part, name, item))
            for item in members
        }
        if cell in siblings:
            self._known[key] = result
        return result

    @cached_property
    def _by_other_attributes(self) -> dict[tuple[object, ...], list[CountCell]]:
        result: dict[tuple[object, ...], list[CountCell]] = {}
        for cell in self.cells:
            for name in self._dimensions:
                result.setdefault(_others(cell, name), []).append(cell)
        return result


def _relations(
    name: str, whole: CountCell, pieces: Mapping[CountCell, frozenset[int]]
) -> Iterator[Relation]:
    """Yield the relations between a cell and its parts along one dimension."""
    inside: dict[frozenset[int], CountCell] = {}
    for cell, piece in pieces.items():
        if piece and piece < pieces[whole] and len({cell.unit, whole.unit} - {""}) < 2:
            inside.setdefault(piece, cell)
    if not inside:
        return
    complete = list(_covers(pieces[whole], list(inside)))
    for sets in complete or _disjoint(list(inside)):
        # A single category or area is part of the total without a sum.
        if complete or len(sets) > 1 or (sets and name in ("period", "status")):
            yield Relation(
                dimension=name,
                whole=whole,
                parts=[inside[piece] for piece in sets],
                is_complete=bool(complete),
                caveat=STATUSES if name == "status" else "",
            )


def _others(cell: CountCell, name: str) -> tuple[object, ...]:
    """Return the attributes of a cell except one dimension."""
    return (
        name,
        cell.subject,
        None if name == "status" else cell.status,
        None if name == "period" else cell.period,
        None if name == "area" else cell.members,
        frozenset(pair for pair in cell.codes if pair[0] != name),
        cell.recorded - {name},
        cell.reporters,
    )


def _covers(
    target: frozenset[int], sets: list[frozenset[int]]
) -> Iterator[tuple[frozenset[int], ...]]:
    """Yield ways to partition a set into some sets."""
    holding = {piece: [item for item in sets if piece in item] for piece in target}
    waiting: list[tuple[frozenset[int], tuple[frozenset[int], ...]]] = [(target, ())]
    result = 0
    for _ in range(_MAX_STEPS):
        if not waiting or result == _MAX_COVERS:
            return
        left, chosen = waiting.pop()
        if not left:
            result += 1
            yield chosen
            continue
        piece = min(left, key=lambda piece: (len(holding[piece]), piece))
        waiting += [(left - item, (*chosen, item)) for item in holding[piece] if item <= left]


def _disjoint(sets: list[frozenset[int]]) -> list[tuple[frozenset[int], ...]]:
    """Return disjoint sets, once with the finest and once with the coarsest first."""
    result = []
    for sign in (1, -1):
        chosen: list[frozenset[int]] = []
        for item in sorted(sets, key=lambda item: (sign * len(item), sorted(item))):
            if not any(item & other for other in chosen):
                chosen.append(item)
        result.append(tuple(chosen))
    return list(dict.fromkeys(result))
