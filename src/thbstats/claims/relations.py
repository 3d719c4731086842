"""Sums between the counts of a publication."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from attrs import field, frozen

from thbstats.claims.axes import axis, is_in
from thbstats.claims.cells import CUTS, CountCell
from thbstats.values import Interval

STATUSES = (
    "countries may count presumed victims without registering them, and register others, so that "
    "published tables often violate this sum"
)
"""The caveat of sums of statuses."""

_DIMENSIONS = ("period", "area", "status", *CUTS)
_MAX_COVERS = 12
_MAX_STEPS = 2_000

Piece = frozenset[int]
"""A cell as a set of parts of one dimension."""


def _cells(cells: Iterable[CountCell]) -> tuple[CountCell, ...]:
    return tuple(dict.fromkeys(cells))


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


@frozen(kw_only=True)
class Relation:
    """Count and disjoint parts of it."""

    dimension: str
    whole: CountCell
    parts: tuple[CountCell, ...]
    is_complete: bool
    caveat: str = ""

    def is_broken(self, total: Interval, whole: Interval) -> bool:
        """Return whether the sum of the parts cannot be that of the whole."""
        if self.is_complete:
            return not total.overlaps(whole)
        return (total.lower or 0) > (whole.upper or 0)


@frozen(slots=False, eq=False)
class Relations:
    """Relations between published counts."""

    cells: tuple[CountCell, ...] = field(converter=_cells)
    overlapping: frozenset[str] = field(converter=_names, default=())
    _known: dict[tuple[object, ...], dict[CountCell, Piece]] = field(factory=dict, init=False)

    def around(self, cell: CountCell) -> Iterator[Relation]:
        """Yield the relations with a cell as the total, and those with it as a part."""
        yield from self.of(cell)
        yield from self.with_part(cell)

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
                    results = _relations(name, whole, pieces)
                    yield from (result for result in results if part in result.parts)

    @cached_property
    def _dimensions(self) -> tuple[str, ...]:
        return tuple(name for name in _DIMENSIONS if name not in self.overlapping)

    def _pieces(self, name: str, cell: CountCell) -> dict[CountCell, Piece]:
        """Return the cells that differ in one dimension only, each as a set of its parts."""
        key = _others(cell, name)
        siblings = self._by_other_attributes.get(key, [])
        if cell in self._known.get(key, ()):
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


@lru_cache(maxsize=16384)
def _others(cell: CountCell, name: str) -> tuple[object, ...]:
    """Return the attributes of a cell except one dimension."""
    attribute = "members" if name == "area" else name
    attributes = (None if item == attribute else getattr(cell, item) for item in _ATTRIBUTES)
    codes = frozenset(pair for pair in cell.codes if pair[0] != name)
    return (name, *attributes, codes, cell.recorded - {name})


_ATTRIBUTES = ("subject", "status", "period", "members", "reporters")


def _relations(
    name: str, whole: CountCell, pieces: Mapping[CountCell, Piece]
) -> Iterator[Relation]:
    """Yield the relations between a cell and its parts along one dimension."""
    inside: dict[Piece, CountCell] = {}
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
                parts=tuple(inside[piece] for piece in sets),
                is_complete=bool(complete),
                caveat=STATUSES if name == "status" else "",
            )


def _covers(target: Piece, sets: list[Piece]) -> Iterator[tuple[Piece, ...]]:
    """Yield ways to partition a set into some sets."""
    holding = {piece: [item for item in sets if piece in item] for piece in target}
    waiting: list[tuple[Piece, tuple[Piece, ...]]] = [(target, ())]
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


def _disjoint(sets: list[Piece]) -> list[tuple[Piece, ...]]:
    """Return disjoint sets, once with the finest and once with the coarsest first."""
    result = []
    for sign in (1, -1):
        chosen: list[Piece] = []
        for item in sorted(sets, key=lambda item: (sign * len(item), sorted(item))):
            if not any(item & other for other in chosen):
                chosen.append(item)
        result.append(tuple(chosen))
    return list(dict.fromkeys(result))
