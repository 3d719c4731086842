"""The countries behind the numbers of a grid, and their counts."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.ranges import any_of
from thbstats.panel.cells import Cells
from thbstats.panel.grid import Grid

__all__ = ["Countries", "countries_of"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


@frozen(kw_only=True, eq=False)
class Countries:
    """The countries of each number, and their counts."""

    cells: Cells  # (s, p): the counts
    # The first entry of each number, and the number of each entry.
    start: Index
    number: Index
    member: Coded[str]  # The country of each entry

    def any(self, mask: Mask) -> Mask:
        """Return whether any country of each number has a property."""
        return any_of(mask, self.start)

    @property
    def listed(self) -> Mask:
        """The cells for which any country of a number has a row, shape (s, n)."""
        return self.any(self.cells.present)


def countries_of(grid: Grid, cells: Cells) -> Countries:
    """Return the countries to which counts apply."""
    start, number, member = grid.start, grid.number, grid.member
    if cells.absent.any():
        nothing = cells.absent.any(axis=0) & (cells.absent | ~cells.present).all(axis=0)
        applies = ~(cells.absent[0] | nothing)
        kept = np.flatnonzero(applies)
        start = np.concatenate([[0], np.cumsum(applies)])[start]
        cells, number, member = cells.take((slice(None), kept)), number[kept], member.take(kept)
    return Countries(cells=cells, start=start, number=number, member=member)
