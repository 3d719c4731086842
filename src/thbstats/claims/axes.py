"""Disjoint parts of dimensions."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain, combinations, pairwise

from attrs import frozen

from thbstats.claims.cells import CUTS, CountCell
from thbstats.claims.kinds import Subject
from thbstats.claims.selection import CODES, SPLITS
from thbstats.errors import InvalidValue
from thbstats.geography import COMPOSITIONS
from thbstats.values import Certainty, Period
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
            period = Period(date.fromordinal(first), date.fromordinal(after) - timedelta(days=1))
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
