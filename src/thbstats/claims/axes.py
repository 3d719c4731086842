"""The dimensions of a publication's table, divided into the parts that its counts need."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import combinations, pairwise

from attrs import frozen

from thbstats.claims.cells import Cell
from thbstats.claims.kinds import Subject
from thbstats.claims.selection import SPLITS
from thbstats.errors import InvalidValue
from thbstats.geography import COMPOSITIONS
from thbstats.values import Certainty, Period
from thbstats.vocabulary import (
    AgeGroup,
    CitizenshipGroup,
    Code,
    Exploitation,
    Movement,
    Sex,
    VictimStatus,
)

__all__ = ["REGISTERED", "UNKNOWN", "Part", "area_label", "axes_of", "axis", "is_in"]

UNKNOWN = "unknown"

#: The statuses whose sum is meant to be the registered victims.
REGISTERED: tuple[str, ...] = (VictimStatus.IDENTIFIED, VictimStatus.PRESUMED)

_NOWHERE = frozenset({"area not said"})
_MOST_OVERLAPPING = 5
_WORDS: Mapping[str, type[Code]] = {
    "sex": Sex,
    "age": AgeGroup,
    "citizenship": CitizenshipGroup,
    "exploitation": Exploitation,
    "movement": Movement,
}


@frozen
class Part:
    """A part of one dimension that no count divides.

    Parameters
    ----------
    label : str
        How it is shown.
    codes : frozenset of str
        The categories or periods to which it belongs, countries for an area.
    """

    label: str
    codes: frozenset[str]

    @property
    def is_recorded(self) -> bool:
        """Whether its category is known."""
        return UNKNOWN not in self.codes


def axes_of(
    cells: Iterable[Cell], *, overlapping: Iterable[str] = ()
) -> dict[str, tuple[Part, ...]]:
    """Return the parts of each dimension that some cells need.

    Parameters
    ----------
    cells : iterable of Cell
        All of one kind.
    overlapping : iterable of str
        Dimensions of which one person can have several categories.
    """
    known, loose = list(cells), set(overlapping)
    names = ["period", "area"]
    names += ["status"] if len({cell.status for cell in known}) > 1 else []
    used = {name for cell in known for name, _ in cell.codes}
    names += [name for name in SPLITS if name in used]
    return {name: axis(name, known, overlap=name in loose) for name in names}


def axis(dimension: str, cells: Iterable[Cell], *, overlap: bool = False) -> tuple[Part, ...]:
    """Return the parts of one dimension, so that each cell is a union of parts.

    Parameters
    ----------
    dimension : str
        ``"period"``, ``"area"``, ``"status"`` or a dimension of categories.
    cells : iterable of Cell
        The cells.
    overlap : bool
        Whether one person can have several categories of the dimension.
    """
    known = list(cells)
    if dimension in _MADE:
        return _MADE[dimension](known)
    codes = {code for cell in known for name, code in cell.codes if name == dimension}
    return _categories(dimension, codes, overlap=overlap)


def is_in(part: Part, dimension: str, cell: Cell) -> bool:
    """Return whether a cell counts those of a part.

    Parameters
    ----------
    part : Part
        A part of the dimension.
    dimension : str
        The dimension.
    cell : Cell
        The cell.
    """
    if dimension == "period":
        return str(cell.period) in part.codes
    if dimension == "area":
        return part.codes <= _members(cell)
    if dimension == "status":
        return cell.status in part.codes
    if dimension in cell.recorded and not part.is_recorded:
        return False
    return all(code in part.codes for name, code in cell.codes if name == dimension)


def _periods(cells: list[Cell]) -> tuple[Part, ...]:
    """Divide the days of all periods where one starts or ends.

    A period that is not exact is a part of its own, and so is each of counts that do not add up
    over time: a joint investigation team can work in two years.
    """
    exact = {cell.period: _days(cell) for cell in cells}
    starts = sorted({day for days in exact.values() if days is not None for day in days})
    parts = []
    for first, after in pairwise(starts):
        codes = {str(p) for p, days in exact.items() if days and days[0] <= first < days[1]}
        if codes:
            made = Period(date.fromordinal(first), date.fromordinal(after) - timedelta(days=1))
            parts.append(Part(str(made), frozenset(codes)))
    loose = (str(period) for period, days in exact.items() if days is None)
    return (*parts, *(Part(name, frozenset({name})) for name in loose))


def _days(cell: Cell) -> tuple[int, int] | None:
    """The first day of an exact period and the day after its last."""
    period = cell.period
    if period.certainty is not Certainty.EXACT or period.start is None or period.end is None:
        return None
    if cell.subject == Subject.COOPERATION:
        return None
    return period.start.toordinal(), period.end.toordinal() + 1


def _members(cell: Cell) -> frozenset[str]:
    """The countries of a cell, or what stands for an area that is not said."""
    return _NOWHERE if cell.members is None else cell.members


def _areas(cells: list[Cell]) -> tuple[Part, ...]:
    """The countries, together as far as every area has all of them or none."""
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


def area_label(members: frozenset[str]) -> str:
    """Return a short name of some countries.

    Parameters
    ----------
    members : frozenset of str
        Their codes.
    """
    for code, area in COMPOSITIONS.items():
        if area.members == members:
            return code
    listed = sorted(members)
    return "+".join(listed) if len(listed) <= 3 else f"{len(listed)} countries"


def _statuses(cells: list[Cell]) -> tuple[Part, ...]:
    """The statuses; registered victims are the identified and the presumed ones."""
    names = dict.fromkeys(cell.status for cell in cells)
    family = {VictimStatus.REGISTERED, *REGISTERED}
    parts = [Part(name, frozenset({name})) for name in names if name not in family]
    if any(name in family for name in names):
        whole = str(VictimStatus.REGISTERED)
        parts += [Part(str(name), frozenset({str(name), whole})) for name in REGISTERED]
    return tuple(parts)


_MADE: Mapping[str, Callable[[list[Cell]], tuple[Part, ...]]] = {
    "period": _periods,
    "area": _areas,
    "status": _statuses,
}


def _categories(dimension: str, codes: set[str], *, overlap: bool) -> tuple[Part, ...]:
    named = sorted(codes - {UNKNOWN})
    parts = [Part(code, frozenset(_wider(dimension, code)) & codes) for code in named]
    if dimension not in _WORDS or not _top(_WORDS[dimension]) <= codes:
        parts.append(Part(f"no {' or '.join(named)}"[:60] if named else "known", frozenset()))
    if overlap:
        parts = _together(dimension, parts)
    return (*parts, Part(UNKNOWN, frozenset({UNKNOWN})))


def _wider(dimension: str, code: str) -> set[str]:
    """A code and those of which it is a part."""
    if dimension not in _WORDS:
        return {code}
    words = _WORDS[dimension]
    if code not in list(words):
        return {code, "eu" if code in COMPOSITIONS["EU28"].members else "non_eu"}
    found, word = set(), words(code)
    while True:
        found.add(word.value)
        if word.parent is None:
            return found
        word = word.parent


def _top(words: type[Code]) -> set[str]:
    """The categories that make everyone whose category is recorded."""
    return {word.value for word in words if word.parent == "total"} - {UNKNOWN}


def _together(dimension: str, parts: list[Part]) -> list[Part]:
    if len(parts) > _MOST_OVERLAPPING:
        raise InvalidValue(
            f"{len(parts)} categories can overlap in too many ways",
            field="overlapping",
            value=dimension,
            hint=f"Overlap is kept apart for {_MOST_OVERLAPPING} categories at most",
        )
    return [
        Part(
            " and ".join(part.label for part in chosen),
            frozenset().union(*(part.codes for part in chosen)),
        )
        for size in range(1, len(parts) + 1)
        for chosen in combinations(parts, size)
    ]
