"""Coded columns of a data frame of cases."""

from collections.abc import Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.cases.ages import AgeKey
from thbstats.cases.citizenship import GroupKey
from thbstats.cases.texts import code_texts, is_arrow
from thbstats.columns import Coded
from thbstats.columns.codes import lookup, narrow, narrowest_type, row_blocks
from thbstats.errors import InvalidValue
from thbstats.tables.encoding import Problems, distinct, missing_cells
from thbstats.tables.frames import frame_columns
from thbstats.tables.keys import Keys
from thbstats.values import LARGEST_COUNT

_RANGE = 1 << 16  # integers within this range are their own codes
_FEW = 8  # distinct integers, such as yes, no and a code for no answer
_PATTERNS = 1 << 20  # patterns up to which an array of all of them is cheap


def code_column(values: Any, name: str) -> Coded[Any]:
    """Return a column of cases as codes; ``None`` is the category of an empty cell."""
    dtype = getattr(values, "dtype", None)
    if isinstance(dtype, pd.BooleanDtype):
        missing = np.asarray(values.isna(), dtype=np.bool_)
        answers = values.fillna(False).to_numpy(dtype=np.uint8)
        return Coded(np.where(missing, np.uint8(2), answers), (False, True, None))
    if isinstance(dtype, np.dtype) and dtype.kind == "b":
        return Coded(np.asarray(values).view(np.uint8), (False, True))
    if isinstance(dtype, np.dtype) and dtype.kind in "iu" and len(values):
        result = _close_integers(np.asarray(values))
        if result is not None:
            return result
    if is_arrow(values):
        return code_texts([values])[0]
    return distinct(values, name).fill(None)


def _close_integers(numbers: NDArray[Any]) -> Coded[int] | None:
    """Return integers in a small range as their own codes, without hashing."""
    low, high = int(numbers.min()), int(numbers.max())
    if high - low >= _RANGE:
        return None
    values = tuple(range(low, high + 1))
    if len(values) > _FEW and (few := _few(numbers)) is not None:
        codes = np.zeros(len(numbers), dtype=np.uint8)
        if numbers.dtype.itemsize == 1:
            table = np.zeros(256, dtype=np.uint8)
            table[[value & 255 for value in few]] = np.arange(len(few))
            return Coded(lookup(table, numbers.view(np.uint8)), few)
        for position, value in enumerate(few[1:], start=1):
            codes[numbers == value] = position
        return Coded(codes, few)
    # An unsigned difference is right for every width of the type.
    plain = numbers.view(f"u{numbers.dtype.itemsize}")
    start = plain.dtype.type(low % 2 ** (8 * numbers.dtype.itemsize))
    if not start and plain.dtype == narrowest_type(len(values)):
        return Coded(plain, values)
    codes = np.empty(len(numbers), dtype=narrowest_type(len(values)))
    for block in row_blocks(len(numbers)):
        codes[block] = plain[block] - start
    return Coded(codes, values)


def _few(numbers: NDArray[Any]) -> list[int] | None:
    """Return the distinct numbers if they are few: comparing is faster than counting."""
    result: list[int] = []
    is_known = np.zeros(len(numbers), dtype=np.bool_)
    while not is_known[position := int(np.argmin(is_known))]:
        if len(result) == _FEW:
            return None
        result.append(int(numbers[position]))
        is_known |= numbers == numbers[position]
    return sorted(result)


def combine_columns(columns: Sequence[Coded[Any]]) -> Coded[Any]:
    """Return several columns as one, with a tuple of values for each pattern."""
    parts: list[_Pattern] = []
    for number, column in enumerate(columns):
        size = len(column.categories)
        if parts and prod(part[1] for part in parts) * size > _PATTERNS:
            # Renumbered in between: rows have far fewer patterns than possible.
            parts = [_pattern(parts)]
        parts.append((column.codes, size, {number: np.arange(size)}))
    codes, _, digits = _pattern(parts)
    texts = [
        [column.categories[position] for position in digits[number].tolist()]
        for number, column in enumerate(columns)
    ]
    return Coded(codes, tuple(zip(*texts, strict=True)))


_Pattern = tuple[NDArray[Any], int, dict[int, NDArray[np.intp]]]
"""The pattern of each row, the number of patterns, and the position of each in the columns."""


def _pattern(parts: Sequence[_Pattern]) -> _Pattern:
    shape = [size for _, size, _ in parts]
    keys = Keys([(codes, size) for codes, size, _ in parts], len(parts[0][0]))
    patterns, codes = renumber(keys)
    result: dict[int, NDArray[np.intp]] = {}
    for (_, _, digits), where in zip(parts, np.unravel_index(patterns, shape), strict=True):
        result |= {number: positions[where] for number, positions in digits.items()}
    return codes, len(patterns), result


def renumber(keys: Keys) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Return the distinct keys in order, and by row their positions in that list."""
    if keys.cells > _PATTERNS:
        values, codes = np.unique(keys.values, return_inverse=True)
        return values.astype(np.intp), narrow(codes, narrowest_type(len(values)))
    rows = np.zeros(keys.cells, dtype=np.int64)
    for block in row_blocks(keys.size):
        rows += np.bincount(keys.block(block), minlength=keys.cells)
    present = np.flatnonzero(rows)
    table = np.zeros(keys.cells, dtype=narrowest_type(len(present)))
    table[present] = np.arange(len(present))
    positions: NDArray[Any] = np.empty(keys.size, dtype=table.dtype)
    for block in row_blocks(keys.size):
        np.take(table, keys.block(block), out=positions[block], mode="wrap")
    return present, positions


WEIGHT_HINT = "Correct the weight, or exclude such rows with filter=..."

DerivedKey: TypeAlias = AgeKey | GroupKey
"""A derived dimension as a number, computed from numbers of the distinct values of its `columns`.

`combine` uses operators only and a function of a condition and two values, so that arrays of numpy
and expressions of engines have one implementation. `decode` returns the values that ``read`` of the
reading takes; an example is a row of the key.
"""


NOT_DERIVED: Mapping[str, DerivedKey] = MappingProxyType({})


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
    """Cases of a frame in memory, whose columns are encoded once."""

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
        derived: Mapping[str, DerivedKey] = NOT_DERIVED,
    ) -> GroupedRows:
        """Return some columns of all cases, one row per case."""
        needed = dict.fromkeys([*columns, *(c for item in derived.values() for c in item.columns)])
        names = [name for name in needed if name not in self._coded]
        texts = [name for name in names if is_arrow(self.columns[name])]
        if texts:
            coded = code_texts([self.columns[name] for name in texts])
            self._coded.update(zip(texts, coded, strict=True))
        for name in names:
            if name not in self._coded:
                self._coded[name] = code_column(self.columns[name], name)
        return GroupedRows(
            columns={name: self._coded[name] for name in columns},
            derived={
                name: derive(item, [self._coded[column] for column in item.columns])
                for name, item in derived.items()
            },
            size=self.size,
            weights=None if weights is None else _read_weights(self.columns[weights], weights),
        )


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

    def values(position: int, pattern: int) -> tuple[Any, ...]:
        return key.decode(pattern, lambda: [c[int(np.argmax(codes == position))] for c in columns])

    return Coded(codes, [values(*item) for item in enumerate(patterns.tolist())])


def _read_weights(values: Any, name: str) -> NDArray[np.int64]:
    """Return the weights as integers, after a check of each."""
    series = pd.Series(values, copy=False)
    cells = series if series.dtype.kind in "iuf" else series.map(_number).astype(float)
    numbers = cells.to_numpy(np.float64, na_value=np.nan)
    is_valid = (numbers >= 0) & (numbers <= LARGEST_COUNT) & (numbers == np.floor(numbers))
    problems, is_missing = Problems(), missing_cells(series)

    def invalid(row: int) -> InvalidValue:
        value = None if is_missing[row] else series.iloc[row]
        problem = "must be an integer of 0 or more"
        return InvalidValue(problem, row=row, field=name, value=value, hint=WEIGHT_HINT)

    problems.rows(~is_valid, invalid)
    problems.raise_any()
    return numbers.astype(np.int64)


def _number(value: Any) -> Any:
    is_number = isinstance(value, (int, float, np.integer, np.floating))
    if not is_number or isinstance(value, (bool, np.timedelta64)):
        return np.nan
    return max(-1.0, min(value, 2.0**60))  # a longer integer is not a float
