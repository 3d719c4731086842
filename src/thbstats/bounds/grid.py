"""Grid of disjoint cells."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product

from attrs import evolve, field, frozen

from thbstats.bounds.constraint import Linear
from thbstats.claims import CountCell
from thbstats.claims.axes import Part, axes_of, is_in
from thbstats.errors import InvalidValue

__all__ = ["CellGrid"]

_MAX_CELLS = 3_000


@frozen(kw_only=True, slots=False)
class CellGrid:
    """Disjoint cells, one for each combination of parts.

    Parameters
    ----------
    parts : mapping of str to tuple of Part
        The parts of each dimension, including ``period``, ``area`` and ``status``.

    Raises
    ------
    InvalidValue
        If there are too many cells.
    """

    parts: Mapping[str, tuple[Part, ...]] = field()

    @cached_property
    def cells(self) -> dict[str, dict[str, Part]]:
        """The parts of each cell, by name."""
        number = 1
        for parts in self.parts.values():
            number *= len(parts)
        if number > _MAX_CELLS:
            raise InvalidValue(
                f"the claims must need at most {_MAX_CELLS} cells, got {number}",
                field="claims",
                value=", ".join(self.parts),
                hint="Set fewer `bases`, or exclude claims",
            )
        names = tuple(self.parts)
        return {
            " | ".join(part.label for part in parts): dict(zip(names, parts, strict=True))
            for parts in product(*self.parts.values())
        }

    @classmethod
    def of(cls, cells: Iterable[CountCell], *, overlapping: Iterable[str] = ()) -> "CellGrid":
        """Return the coarsest grid in which each of some cells is a sum.

        Parameters
        ----------
        cells : iterable of CountCell
            Cells of one kind with an area.
        overlapping : iterable of str
            Dimensions in which one person can have several categories.
        """
        return cls(parts=axes_of(cells, overlapping=overlapping))

    def sum(self, cell: CountCell, *, recorded: Iterable[str] = ()) -> Linear:
        """Return a cell of claims as a sum of grid cells.

        Parameters
        ----------
        cell : CountCell
            The cell.
        recorded : iterable of str
            Dimensions whose unknown category is excluded.
        """
        counted = evolve(cell, recorded=frozenset(recorded))
        inside = [
            [part.label for part in parts if is_in(part, name, counted)]
            for name, parts in self.parts.items()
        ]
        return Linear.sum(map(" | ".join, product(*inside)) if self.cells else ())

    def split(self, cell: CountCell, dimension: str) -> dict[str, Linear]:
        """Return the parts of a cell along a dimension, by label."""
        inside = set(self.sum(cell).cells)
        return {
            part.label: Linear.sum(
                name for name in inside if self.cells[name][dimension].label == part.label
            )
            for part in self.parts[dimension]
        }
