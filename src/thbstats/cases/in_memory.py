"""Cases of a frame in memory: its columns become codes, and its rows stay rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.cases.rows import Grouped
from thbstats.counting import Slots, slots_of
from thbstats.errors import InvalidValue
from thbstats.tables.engines import frame_columns
from thbstats.tables.problems import Problems
from thbstats.tables.whole import read_whole

__all__ = ["FrameRows"]


@frozen(eq=False)
class FrameRows:
    """Cases of a frame in memory, whose columns become codes once and are kept.

    Parameters
    ----------
    columns : mapping of str to column
        As `thbstats.tables.engines.frame_columns` gives them.
    size : int
        How many rows.
    """

    columns: Mapping[str, Any]
    size: int
    _kept: dict[str, Slots] = field(factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, frame: Any) -> "FrameRows":
        """Return the rows of a frame of any engine."""
        return cls(*frame_columns(frame))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.columns)

    def grouped(self, columns: Sequence[str], weights: str | None = None) -> Grouped:
        """Return some columns of all cases, each row for itself."""
        return Grouped(
            columns={name: self._slots(name) for name in columns},
            size=self.size,
            weights=None if weights is None else _whole(self.columns[weights], weights),
        )

    def _slots(self, name: str) -> Slots:
        if name not in self._kept:
            self._kept[name] = slots_of(self.columns[name], name)
        return self._kept[name]


def _whole(values: Any, name: str) -> NDArray[np.int64]:
    problems = Problems()
    found = read_whole(values, name, problems)
    if found.missing is not None:
        problems.rows(
            found.missing,
            lambda row: InvalidValue(
                "it is not said for how many cases the row stands",
                row=row,
                field=name,
                mend="Give a whole number, or leave the row out",
            ),
        )
    if found.infinite is not None:
        problems.rows(
            found.infinite,
            lambda row: InvalidValue(
                "a row cannot stand for endless cases", row=row, field=name, value=np.inf
            ),
        )
    problems.raise_any()
    return found.numbers
