"""The finest table in which everything that claims count is a sum of cells."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product

from attrs import evolve, field, frozen

from thbstats.bounds.linear import Linear
from thbstats.claims import Cell
from thbstats.claims.axes import Part, axes_of, is_in
from thbstats.errors import InvalidValue

__all__ = ["CellGrid"]

_MOST_CELLS = 3_000


@frozen(kw_only=True, slots=False)
class CellGrid:
    """Cells that nobody shares, one for each combination of parts.

    Parameters
    ----------
    parts : mapping of str to tuple of Part
        By dimension; ``period``, ``area`` and ``status`` are dimensions too.

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
                hint="Read fewer bases, or leave claims out",
            )
        names = tuple(self.parts)
        return {
            " | ".join(part.label for part in parts): dict(zip(names, parts, strict=True))
            for parts in product(*self.parts.values())
        }

    @classmethod
    def of(cls, cells: Iterable[Cell], *, overlapping: Iterable[str] = ()) -> "CellGrid":
        """Return the grid in which each of some cells is a sum.

        Parameters
        ----------
        cells : iterable of Cell
            All of one kind, with an area.
        overlapping : iterable of str
            Dimensions of which one person can have several categories.
        """
        return cls(parts=axes_of(cells, overlapping=overlapping))

    def sum(self, cell: Cell, *, recorded: Iterable[str] = ()) -> Linear:
        """Return a cell of claims as a sum, perhaps only of those whose category is recorded.

        Parameters
        ----------
        cell : Cell
            What is counted.
        recorded : iterable of str
            Dimensions in which those of unknown category are left out.
        """
        whom = evolve(cell, recorded=frozenset(recorded))
        inside = [
            [part.label for part in parts if is_in(part, name, whom)]
            for name, parts in self.parts.items()
        ]
        return Linear.sum(map(" | ".join, product(*inside)) if self.cells else ())

    def split(self, cell: Cell, dimension: str) -> dict[str, Linear]:
        """Return the parts of a cell along a dimension, by their label."""
        inside = set(self.sum(cell).cells)
        return {
            part.label: Linear.sum(
                name for name in inside if self.cells[name][dimension].label == part.label
            )
            for part in self.parts[dimension]
        }
