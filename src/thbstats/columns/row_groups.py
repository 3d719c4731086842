"""Groups of rows, such as the rows of one cell of a table."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Positions = NDArray[np.intp]


@frozen(eq=False)
class RowGroups:
    """Rows of a table in groups, such as the rows of one cell.

    ``index`` is the group of each row. A group has a first and a last row, and a number of rows:

    >>> groups = RowGroups.of(np.array([0, 1, 0]))
    >>> groups.first.tolist(), groups.last.tolist(), groups.size.tolist()
    ([0, 1], [2, 1], [2, 1])
    """

    index: Positions
    first: Positions
    last: Positions
    size: Positions

    @classmethod
    def of(cls, index: Positions) -> "RowGroups":
        """Return the groups with the numbers ``index``."""
        size, rows = np.bincount(index), np.arange(len(index))
        first, last = (np.zeros(len(size), dtype=np.intp) for _ in range(2))
        first[index[::-1]], last[index] = rows[::-1], rows
        return cls(index, first, last, size)

    def positions(self, selected: NDArray[np.bool_]) -> Positions:
        """Return for each group the position of its only row among the selected rows."""
        result = np.empty(len(self.size), dtype=np.intp)
        result[self.index[selected]] = np.arange(np.count_nonzero(selected))
        return result
