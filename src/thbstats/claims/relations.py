"""Disjoint parts of dimensions, and sums between the counts of a publication.

Each dimension is divided as the published counts need: periods at their first and last days, areas
into groups of countries, code lists into categories. Every count is a union of parts, so a new
dimension is written once. A list of sums would grow with the pairs of periods.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain, combinations, pairwise

from attrs import field, frozen

from thbstats._properties import cached_property
from thbstats.claims.counted_cells import CUTS, CountCell
from thbstats.claims.kinds import Subject
from thbstats.claims.selection import CODES, SPLITS
from thbstats.errors import InvalidValue
from thbstats.geography import COMPOSITIONS
from thbstats.values import Certainty, Interval, Period
from thbstats.vocabulary import VictimStatus

UNKNOWN = "unknown"

#: The statuses that add up to registered victims.
REGISTERED: tuple[str, ...] = (VictimStatus.IDENTIFIED, VictimStatus.PRESUMED)

_NOWHERE = frozenset({"area not stated"})
_MAX_OVERLAPPING = 5


@frozen
class Part:
    """Part of one dimension that no count divides."""

    label: str
    codes: frozenset[str]

    @property
    def is_recorded(self) -> bool:
        """Whether its category is known."""
        return UNKNOWN not in self.codes


def axes_of(
    cells: Iterable[CountCell], *, overlapping: Iterable[str] = ()
) -> dict[str, tuple[Part, ...]]:
    """Return the parts of each dimension for some cells."""
    known, overlaps = list(cells), set(overlapping)
    names = ["period", "area"]
    names += ["status"] if len({cell.status for cell in known}) > 1 else []
    used = {name for cell in known for name, _ in cell.codes}
    names += [name for name in SPLITS if name in used]
    return {name: axis(name, known, overlap=name in overlaps) for name in names}


def axis(dimension: str, cells: Iterable[CountCell], *, overlap: bool = False) -> tuple[Part, ...]:
    """Return the parts of one dimension, so that each cell is a union of parts."""
    known = list(cells)
    if dimension == "period":
        return _periods(known)
    if dimension == "area":
        return _areas(known)
    if dimension == "status":
        # Registered victims are identified and presumed ones.
        names = dict.fromkeys(cell.status for cell in known)
        whole = str(VictimStatus.REGISTERED)
        family = {whole, *map(str, REGISTERED)}
        parts = [Part(name, frozenset({name})) for name in names if name not in family]
        if family & set(names):
            parts += [Part(str(name), frozenset({str(name), whole})) for name in REGISTERED]
        return tuple(parts)
    codes = {code for cell in known for name, code in cell.codes if name == dimension}
    return _categories(dimension, codes, overlap=overlap)


def is_in(part: Part, dimension: str, cell: CountCell) -> bool:
    """Return whether a cell contains a part."""
    if dimension == "period":
        return str(cell.period) in part.codes
    if dimension == "area":
        return part.codes <= _members(cell)
    if dimension == "status":
        return cell.status in part.codes
    if dimension in cell.recorded and not part.is_recorded:
        return False
    return all(code in part.codes for name, code in cell.codes if name == dimension)


def _periods(cells: list[CountCell]) -> tuple[Part, ...]:
    """Return the parts of all periods, split at each start and end.

    A period that is not exact is a separate part, and so is a period of counts that do not add up
    over time: a joint investigation team can work in two years.
    """
    exact: dict[Period, tuple[int, int] | None] = {}
    for cell in cells:
        period, days = cell.period, None
        is_exact = period.certainty is Certainty.EXACT and cell.subject != Subject.COOPERATION
        if is_exact and period.start is not None and period.end is not None:
            days = (period.start.toordinal(), period.end.toordinal() + 1)
        exact[period] = days
    starts = sorted({day for days in exact.values() if days is not None for day in days})
    parts = []
    for first, after in pairwise(starts):
        codes = {str(p) for p, days in exact.items() if days and days[0] <= first < days[1]}
        if codes:
            period = Period(date.fromordinal(first), date.fromordinal(after - 1))
            parts.append(Part(str(period), frozenset(codes)))
    inexact = (str(period) for period, days in exact.items() if days is None)
    return (*parts, *(Part(name, frozenset({name})) for name in inexact))


def _members(cell: CountCell) -> frozenset[str]:
    """Return the countries of a cell, or a marker without an area."""
    return _NOWHERE if cell.members is None else cell.members


def _areas(cells: list[CountCell]) -> tuple[Part, ...]:
    """Return groups of countries so that every area is a union of groups."""
    different = list(dict.fromkeys(map(_members, cells)))
    groups: dict[tuple[bool, ...], set[str]] = {}
    for country in sorted(frozenset().union(*different)):
        inside = tuple(country in area for area in different)
        groups.setdefault(inside, set()).add(country)
    labels = [area_label(frozenset(group)) for group in groups.values()]
    unique = [
        label if labels.count(label) == 1 else f"{label}, {min(group)} first"
        for label, group in zip(labels, groups.values(), strict=True)
    ]
    return tuple(map(Part, unique, map(frozenset, groups.values())))


@lru_cache(maxsize=1024)
def area_label(members: frozenset[str]) -> str:
    """Return a short label of some countries."""
    for code, area in COMPOSITIONS.items():
        if area.members == members:
            return code
    listed = sorted(members)
    return "+".join(listed) if len(listed) <= 3 else f"{len(listed)} countries"


def _categories(dimension: str, codes: set[str], *, overlap: bool) -> tuple[Part, ...]:
    named, listed = sorted(codes - {UNKNOWN}), CODES[dimension] if dimension in CUTS else None
    parts = []
    for name in named:
        wider = {name}
        if listed is not None and name not in list(listed):
            wider.add("eu" if name in COMPOSITIONS["EU28"].members else "non_eu")
        elif listed is not None:
            item = listed(name).parent
            while item is not None:
                wider.add(item.value)
                item = item.parent
        parts.append(Part(name, frozenset(wider) & codes))
    # The categories that cover all persons of known category.
    top = {code.value for code in listed or () if code.parent == "total"} - {UNKNOWN}
    if listed is None or not top <= codes:
        parts.append(Part(f"no {' or '.join(named)}"[:60] if named else "known", frozenset()))
    if overlap and len(parts) > _MAX_OVERLAPPING:
        raise InvalidValue(
            f"must have at most {_MAX_OVERLAPPING} categories that overlap, got {len(parts)}",
            field="overlapping",
            value=dimension,
            hint="Query fewer categories, or remove the dimension from `overlapping`",
        )
    if overlap:
        sizes = range(1, len(parts) + 1)
        parts = [
            Part(" and ".join(p.label for p in some), frozenset().union(*(p.codes for p in some)))
            for some in chain.from_iterable(combinations(parts, size) for size in sizes)
        ]
    return (*parts, Part(UNKNOWN, frozenset({UNKNOWN})))


# Sums.

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


def as_names(names: Iterable[str]) -> frozenset[str]:
    """Return names as a set; mypy does not accept the type as a converter."""
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
    overlapping: frozenset[str] = field(converter=as_names, default=())
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
    """Return two lists of disjoint sets, one from the finest and one from the coarsest."""
    result = []
    for sign in (1, -1):
        chosen: list[Piece] = []
        for item in sorted(sets, key=lambda item: (sign * len(item), sorted(item))):
            if not any(item & other for other in chosen):
                chosen.append(item)
        result.append(tuple(chosen))
    return list(dict.fromkeys(result))
