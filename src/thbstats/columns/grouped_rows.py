"""Rows of a table by group."""

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray


@frozen(eq=False)
class GroupRows:
    """Rows by group, in the order of the table; and the first entry of each group that has rows."""

    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, keys: NDArray[np.int64], selected: NDArray[np.bool_]) -> "GroupRows":
        """Return some rows by their keys; a key below 0 is no group."""
        rows = np.flatnonzero(selected & (keys >= 0))
        rows = rows[np.argsort(keys[rows], kind="stable")]
        starts = np.flatnonzero(np.diff(keys[rows], prepend=-1))
        return cls(rows, starts, keys[rows][starts])

    def __len__(self) -> int:
        return len(self.starts)

    def entries(self, group: int) -> slice:
        """Return the entries of a group in the rows."""
        position = int(np.searchsorted(self.groups, group))
        ends = [*self.starts[position + 1 : position + 2].tolist(), len(self.rows)]
        return slice(int(self.starts[position]), ends[0])

    @property
    def sizes(self) -> NDArray[np.intp]:
        """The number of rows of each group."""
        return np.diff(self.starts, append=len(self.rows))

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the value of each group for each of its rows."""
        return np.repeat(values, self.sizes)

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return exact sums; Python's integers where int64 is too small."""
        most = int(np.abs(values).max(initial=0)) * int(self.sizes.max(initial=0))
        exact = values if most < np.iinfo(np.int64).max else values.astype(object)
        return np.add.reduceat(exact, self.starts) if len(self) else exact[:0]

    def reduce(self, function: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """Return the result of a function for each group, such as the smallest value."""
        return np.asarray(function.reduceat(values, self.starts))

    def all(self, values: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the groups in which a condition is true for every row."""
        return self.reduce(np.logical_and, values)
