"""Counts that other counts of the same table add up to."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from attrs import field, frozen

from thbstats.claims.axes import axis, is_in
from thbstats.claims.cells import CUTS, Cell

__all__ = ["STATUSES", "Relation", "Relations"]

STATUSES = (
    "a state may count presumed victims whom it does not register, and register others, so that "
    "published tables often break this sum"
)
"""The caveat of sums of statuses."""

_DIMENSIONS = ("period", "area", "status", *CUTS)
_MOST_COVERS = 12
_MOST_STEPS = 2_000


def _cells(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(dict.fromkeys(cells))


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


@frozen(kw_only=True)
class Relation:
    """A count and others, disjoint from each other, that are parts of it.

    Parameters
    ----------
    dimension : str
        Along which the parts divide the whole: ``"period"``, ``"area"``, ``"status"`` or a
        dimension of categories.
    whole : Cell
        The whole.
    parts : tuple of Cell
        The parts, which differ from the whole in this dimension alone.
    is_complete : bool
        Whether the parts make the whole. Otherwise their sum is at most the whole.
    caveat : str
        Why published data can break the relation; empty if they cannot.
    """

    dimension: str
    whole: Cell
    parts: tuple[Cell, ...] = field(converter=_cells)
    is_complete: bool
    caveat: str = ""


@frozen(slots=False)
class Relations:
    """The relations between some cells.

    Parameters
    ----------
    cells : iterable of Cell
        The cells of which counts are published.
    overlapping : frozenset of str
        Dimensions of which one person can have several categories: their counts do not add up.
    """

    cells: tuple[Cell, ...] = field(converter=_cells)
    overlapping: frozenset[str] = field(converter=_names, default=())
    _known: dict[tuple[object, ...], dict[Cell, frozenset[int]]] = field(
        factory=dict, init=False, repr=False, eq=False
    )

    def of(self, whole: Cell) -> Iterator[Relation]:
        """Yield the relations in which a cell is the whole.

        Parameters
        ----------
        whole : Cell
            The cell, of which a count need not be published.
        """
        for name in self._dimensions:
            yield from _relations(name, whole, self._pieces(name, whole))

    def with_part(self, part: Cell) -> Iterator[Relation]:
        """Yield the relations in which a cell is a part.

        Parameters
        ----------
        part : Cell
            The cell, of which a count need not be published.
        """
        for name in self._dimensions:
            pieces = self._pieces(name, part)
            for whole, target in pieces.items():
                if pieces[part] < target:
                    for found in _relations(name, whole, pieces):
                        if part in found.parts:
                            yield found

    @property
    def _dimensions(self) -> tuple[str, ...]:
        return tuple(name for name in _DIMENSIONS if name not in self.overlapping)

    def _pieces(self, name: str, cell: Cell) -> dict[Cell, frozenset[int]]:
        """The cells that differ in one dimension alone, each as a set of parts of it."""
        key = _others(cell, name)
        alike = self._alike.get(key, [])
        if key in self._known and cell in self._known[key]:
            return self._known[key]
        members = list(dict.fromkeys([cell, *alike]))
        if len(members) == 1:
            return {cell: frozenset()}
        parts = axis(name, members)
        found = {
            each: frozenset(n for n, part in enumerate(parts) if is_in(part, name, each))
            for each in members
        }
        if cell in alike:
            self._known[key] = found
        return found

    @cached_property
    def _alike(self) -> dict[tuple[object, ...], list[Cell]]:
        """The cells by one dimension and what they have in all the others."""
        found: dict[tuple[object, ...], list[Cell]] = {}
        for cell in self.cells:
            for name in self._dimensions:
                found.setdefault(_others(cell, name), []).append(cell)
        return found


def _relations(name: str, whole: Cell, pieces: Mapping[Cell, frozenset[int]]) -> Iterator[Relation]:
    """Yield the relations between a cell and its parts along one dimension."""
    inside: dict[frozenset[int], Cell] = {}
    for cell, held in pieces.items():
        if held and held < pieces[whole] and len({cell.unit, whole.unit} - {""}) < 2:
            inside.setdefault(held, cell)
    if not inside:
        return
    complete = list(_covers(pieces[whole], list(inside)))
    for sets in complete or _disjoint(list(inside)):
        # A category or an area alone is a part of the whole without any sum.
        if complete or len(sets) > 1 or (sets and name in ("period", "status")):
            yield Relation(
                dimension=name,
                whole=whole,
                parts=[inside[each] for each in sets],
                is_complete=bool(complete),
                caveat=STATUSES if name == "status" else "",
            )


def _others(cell: Cell, name: str) -> tuple[object, ...]:
    """What cells have in common that differ in one dimension alone."""
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
    """Yield the first ways to make a set of disjoint others, each piece in one of them."""
    holding = {piece: [each for each in sets if piece in each] for piece in target}
    waiting: list[tuple[frozenset[int], tuple[frozenset[int], ...]]] = [(target, ())]
    found = 0
    for _ in range(_MOST_STEPS):
        if not waiting or found == _MOST_COVERS:
            return
        left, chosen = waiting.pop()
        if not left:
            found += 1
            yield chosen
            continue
        piece = min(left, key=lambda piece: (len(holding[piece]), piece))
        waiting += [(left - each, (*chosen, each)) for each in holding[piece] if each <= left]


def _disjoint(sets: list[frozenset[int]]) -> list[tuple[frozenset[int], ...]]:
    """Return the disjoint sets among some, the finest first and the coarsest first."""
    found = []
    for sign in (1, -1):
        taken: list[frozenset[int]] = []
        for each in sorted(sets, key=lambda each: (sign * len(each), sorted(each))):
            if not any(each & other for other in taken):
                taken.append(each)
        found.append(tuple(taken))
    return list(dict.fromkeys(found))
