"""Cases of a frame in memory."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.cases.ages import AgeAt, AgeKey
from thbstats.cases.answers import Meaning
from thbstats.cases.citizenship import CitizenshipGroupAt, GroupKey
from thbstats.cases.coding import code_column, code_texts, is_arrow, renumber
from thbstats.columns import Coded
from thbstats.columns.codes import row_blocks
from thbstats.errors import InvalidValue
from thbstats.records import Dimension
from thbstats.tables.encoding import Problems
from thbstats.tables.frames import frame_columns
from thbstats.tables.keys import Keys
from thbstats.values import LARGEST_COUNT

_MANY = 100_000  # rows from which a second thread is faster


DerivedKey: TypeAlias = AgeKey | GroupKey
"""A derived dimension as a number, computed from numbers of the distinct values of its columns.

`combine` uses operators only and a function of a condition and two values, so that arrays of numpy
and expressions of engines have one implementation. `decode` returns the values that ``read`` of the
reading takes; an example is a row of the key.
"""


def key_of(
    reading: object, dimension: Dimension, meaning: Meaning, *, with_values: bool
) -> DerivedKey | None:
    """Return the key of a derived dimension; ``None`` if its columns are read one by one."""
    if isinstance(reading, AgeAt):
        return AgeKey(meaning, with_values=with_values)
    if isinstance(reading, CitizenshipGroupAt) and not with_values:
        return GroupKey(reading, dimension, meaning)
    return None


@frozen(eq=False)
class DerivedColumn:
    """The source columns of a derived column, and its key."""

    columns: tuple[str, ...]
    key: DerivedKey


NOT_DERIVED: Mapping[str, DerivedColumn] = MappingProxyType({})


@frozen(eq=False, kw_only=True)
class GroupedRows:
    """Rows or groups of rows, with their number of cases.

    ``weights`` is the number of cases of each; ``None`` if each is one case.
    """

    columns: Mapping[str, Coded[Any]]
    derived: Mapping[str, Coded[Any]]
    size: int
    weights: NDArray[np.int64] | None = None


@frozen(eq=False)
class FrameRows:
    """Cases of a frame in memory, whose columns are encoded once.

    Parameters
    ----------
    columns : mapping of str to column
        The columns that `thbstats.tables.frames.frame_columns` returns.
    size : int
        The number of rows.
    """

    columns: Mapping[str, Any]
    size: int
    _coded: dict[str, Coded[Any]] = field(factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, frame: Any) -> "FrameRows":
        """Return the rows of a frame of any engine."""
        return cls(*frame_columns(frame))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.columns)

    def group(
        self,
        columns: Sequence[str],
        weights: str | None = None,
        derived: Mapping[str, DerivedColumn] = NOT_DERIVED,
    ) -> GroupedRows:
        """Return some columns of all cases, one row per case."""
        needed = dict.fromkeys([*columns, *(c for item in derived.values() for c in item.columns)])
        self._encode([name for name in needed if name not in self._coded])
        return GroupedRows(
            columns={name: self._coded[name] for name in columns},
            derived={
                name: derive(item.key, [self._coded[column] for column in item.columns])
                for name, item in derived.items()
            },
            size=self.size,
            weights=None if weights is None else _read_weights(self.columns[weights], weights),
        )

    def _encode(self, names: Sequence[str]) -> None:
        texts = [name for name in names if is_arrow(self.columns[name])]
        if self.size > _MANY and texts:
            columns = code_texts([self.columns[name] for name in texts], slices=2)
            self._coded.update(zip(texts, columns, strict=True))
        for name in names:
            if name not in self._coded:
                self._coded[name] = code_column(self.columns[name], name)


def derive(key: DerivedKey, columns: Sequence[Coded[Any]]) -> Coded[Any]:
    """Return the derived column of some columns in memory."""
    numbers = [key.codes(n, column.categories) for n, column in enumerate(columns)]
    keys = np.empty(len(columns[0]), dtype=np.int64)
    for block in row_blocks(len(keys)):
        parts = [
            {name: part[column.codes[block]] for name, part in own.items()}
            for column, own in zip(columns, numbers, strict=True)
        ]
        keys[block] = key.combine(parts, np.where)
    patterns, codes = renumber(Keys([(keys, int(keys.max(initial=0)) + 1)], len(keys)))

    def example(position: int) -> Callable[[], list[Any]]:
        return lambda: [column[int(np.argmax(codes == position))] for column in columns]

    values = [key.decode(code, example(n)) for n, code in enumerate(patterns.tolist())]
    return Coded(codes, values)


def _read_weights(values: Any, name: str) -> NDArray[np.int64]:
    """Return the weights as integers, after a check of each."""
    series = pd.Series(values, copy=False)
    cells = series if series.dtype.kind in "iuf" else series.map(_number).astype(float)
    numbers = cells.to_numpy(np.float64, na_value=np.nan)
    is_valid = (numbers >= 0) & (numbers <= LARGEST_COUNT) & (numbers == np.floor(numbers))
    problems = Problems()

    def invalid(row: int) -> InvalidValue:
        value: Any = series.iloc[row]
        return InvalidValue(
            "must be an integer of 0 or more",
            row=row,
            field=name,
            value=None if pd.isna(value) else value,
            hint="Correct the weight, or exclude such rows with filter=...",
        )

    problems.rows(~is_valid, invalid)
    problems.raise_any()
    return numbers.astype(np.int64)


def _number(value: Any) -> Any:
    is_number = isinstance(value, (int, float, np.integer, np.floating))
    return value if is_number and not isinstance(value, bool) else np.nan
