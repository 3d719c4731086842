"""The finest table in which everything that claims count is a sum of cells."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import combinations, product

from attrs import field, frozen

from thbstats.bounds.linear import Linear
from thbstats.claims.cells import CUTS, Cell
from thbstats.errors import InvalidValue
from thbstats.geography import COMPOSITIONS
from thbstats.vocabulary import AgeGroup, CitizenshipGroup, Exploitation, Movement, Sex, Word

__all__ = ["SPLITS", "UNKNOWN", "Grid", "Part"]

UNKNOWN = "unknown"

#: The dimensions along which cells are parts of others. A topic is what vocabularies lack.
SPLITS = (*CUTS, "topic")

_NOWHERE = frozenset({"area not said"})
_MOST_CELLS = 3_000
_MOST_OVERLAPPING = 5
_WORDS: Mapping[str, type[Word]] = {
    "sex": Sex,
    "age": AgeGroup,
    "citizenship": CitizenshipGroup,
    "exploitation": Exploitation,
    "movement": Movement,
}


@frozen
class Part:
    """What one cell holds of one dimension.

    Parameters
    ----------
    label : str
        How it is shown.
    codes : frozenset of str
        The categories to which it belongs, countries for an area.
    """

    label: str
    codes: frozenset[str]

    @property
    def is_recorded(self) -> bool:
        """Whether its category is known."""
        return UNKNOWN not in self.codes


@frozen(kw_only=True, slots=False)
class Grid:
    """Cells that nobody shares, one for each combination of parts.

    Parameters
    ----------
    parts : mapping of str to tuple of Part
        By dimension; ``period`` and ``area`` are dimensions too.

    Raises
    ------
    InvalidValue
        If there are too many cells.
    """

    parts: Mapping[str, tuple[Part, ...]] = field()

    @cached_property
    def cells(self) -> dict[str, dict[str, Part]]:
        """The parts of each cell, by its name."""
        number = 1
        for parts in self.parts.values():
            number *= len(parts)
        if number > _MOST_CELLS:
            raise InvalidValue(
                f"the claims make a table of {number} cells, where {_MOST_CELLS} are the most",
                field="claims",
                value=", ".join(self.parts),
                mend="Read fewer bases, or leave claims out",
            )
        names = tuple(self.parts)
        return {
            " | ".join(part.label for part in parts): dict(zip(names, parts, strict=True))
            for parts in product(*self.parts.values())
        }

    @classmethod
    def of(cls, cells: Iterable[Cell], *, overlapping: Iterable[str] = ()) -> "Grid":
        """Return the grid in which each of some cells is a sum.

        Parameters
        ----------
        cells : iterable of Cell
            All of one kind, with an area.
        overlapping : iterable of str
            Dimensions of which one person can have several categories.
        """
        known = list(cells)
        parts = {
            "period": _periods(known),
            "area": _areas([_members(cell) for cell in known]),
        }
        loose = set(overlapping)
        for name in SPLITS:
            codes = {code for cell in known for cut, code in cell.codes if cut == name}
            if codes:
                parts[name] = _categories(name, codes, overlap=name in loose)
        return cls(parts=parts)

    def sum(self, cell: Cell, *, recorded: Iterable[str] = ()) -> Linear:
        """Return a cell of claims as a sum, perhaps only of those whose category is recorded.

        Parameters
        ----------
        cell : Cell
            What is counted.
        recorded : iterable of str
            Dimensions in which those of unknown category are left out.
        """
        cells, known = self.cells, set(recorded)
        codes = [(name, code) for name, code in cell.codes if name in SPLITS]
        members, period = _members(cell), str(cell.period)
        kept = [
            [
                part.label
                for part in parts
                if (name != "period" or period in part.codes)
                and (name != "area" or part.codes <= members)
                and all(code in part.codes for cut, code in codes if cut == name)
                and (name not in known or part.is_recorded)
            ]
            for name, parts in self.parts.items()
        ]
        names = map(" | ".join, product(*kept))
        return Linear.sum(names if cells else ())

    def split(self, cell: Cell, dimension: str) -> dict[str, Linear]:
        """Return the parts of a cell along a dimension, by their label."""
        inside = set(self.sum(cell).cells)
        return {
            part.label: Linear.sum(
                name for name in inside if self.cells[name][dimension].label == part.label
            )
            for part in self.parts[dimension]
        }


def _periods(cells: list[Cell]) -> tuple[Part, ...]:
    names = dict.fromkeys(str(cell.period) for cell in cells)
    return tuple(Part(name, frozenset({name})) for name in names)


def _members(cell: Cell) -> frozenset[str]:
    """The countries of a cell, or what stands for an area that is not said."""
    return _NOWHERE if cell.members is None else cell.members


def _areas(areas: list[frozenset[str]]) -> tuple[Part, ...]:
    """The countries, together as far as every area has all of them or none."""
    different = list(dict.fromkeys(areas))
    groups: dict[tuple[bool, ...], set[str]] = {}
    for country in sorted(frozenset().union(*different)):
        inside = tuple(country in area for area in different)
        groups.setdefault(inside, set()).add(country)
    return tuple(Part(area_label(frozenset(group)), frozenset(group)) for group in groups.values())


def area_label(members: frozenset[str]) -> str:
    """Return a short name of some countries."""
    for code, area in COMPOSITIONS.items():
        if area.members == members:
            return code
    listed = sorted(members)
    return "+".join(listed) if len(listed) <= 3 else f"{len(listed)} countries"


def _categories(dimension: str, codes: set[str], *, overlap: bool) -> tuple[Part, ...]:
    named = sorted(codes - {UNKNOWN})
    parts = [Part(code, frozenset(_wider(dimension, code)) & codes) for code in named]
    if dimension not in _WORDS or not _top(_WORDS[dimension]) <= codes:
        parts.append(Part(f"no {' or '.join(named)}"[:60] if named else "recorded", frozenset()))
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


def _top(words: type[Word]) -> set[str]:
    """The categories that make everyone whose category is recorded."""
    return {word.value for word in words if word.parent == "total"} - {UNKNOWN}


def _together(dimension: str, parts: list[Part]) -> list[Part]:
    if len(parts) > _MOST_OVERLAPPING:
        raise InvalidValue(
            f"{len(parts)} categories can overlap in too many ways",
            field="overlapping",
            value=dimension,
            mend=f"Overlap is kept apart for {_MOST_OVERLAPPING} categories at most",
        )
    return [
        Part(
            " and ".join(part.label for part in chosen),
            frozenset().union(*(part.codes for part in chosen)),
        )
        for size in range(1, len(parts) + 1)
        for chosen in combinations(parts, size)
    ]
