"""Coded columns of cases, and counts of the combinations of their values."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.cases.derived_keys import DerivedKey, derive
from thbstats.columns import Coded
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.tables.encoding import Problems, distinct, groups, missing_cells, pack, packed
from thbstats.tables.frames import frame_columns
from thbstats.values import LARGEST_COUNT

WEIGHT_HINT = "Correct the weight, or exclude such rows with filter=..."

Grouped: TypeAlias = tuple[Mapping[str, Coded[Any]], Mapping[str, Coded[Any]], NDArray[np.int64]]
"""Columns and derived columns of rows or groups of rows, and the number of cases of each."""

Digits = tuple[NDArray[np.intp], ...]
"""By column, the position of each combination."""


@frozen(eq=False)
class FrameRows:
    """Cases of a data frame in memory; each column is encoded once."""

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

    def column(self, name: str) -> Coded[Any]:
        """Return a column as codes; ``None`` is the category of an empty cell."""
        if name not in self._coded:
            self._coded[name] = distinct(self.columns[name], name).fill(None)
        return self._coded[name]

    def group(
        self, columns: Sequence[str], weights: str | None, derived: Mapping[str, DerivedKey]
    ) -> Grouped:
        """Return some columns of all cases, one row per case."""
        made = {
            name: derive(key, [self.column(column) for column in key.columns])
            for name, key in derived.items()
        }
        cases = np.ones(self.size, dtype=np.int64)
        if weights is not None:
            cases = _read_weights(self.columns[weights], weights)
        return {name: self.column(name) for name in columns}, made, cases


def combine_columns(columns: Sequence[Coded[Any]]) -> Coded[Any]:
    """Return several columns as one, with a tuple of values for each pattern."""
    # Rows with equal codes in all columns are a group, whose values are those of its first row.
    codes, first = groups(pack(columns, len(columns[0])))
    return Coded(codes, zip(*(column.take(first) for column in columns), strict=True))


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


@frozen(eq=False, kw_only=True)
class Tally:
    """The ordered combinations of positions in some columns, with their numbers of cases."""

    digits: Digits
    counts: NDArray[np.int64]

    def used(self, column: int) -> NDArray[np.intp]:
        """Return the positions of a column that occur in a case."""
        return np.flatnonzero(np.bincount(self.digits[column]))

    def take(self, column: int, positions: NDArray[np.intp]) -> "Tally":
        """Return the counts of some positions of a column, which get new numbers in order."""
        digits = list(self.digits)
        size = max(int(own.max(initial=-1)) + 1 for own in (digits[column], positions))
        new = np.full(size, -1, dtype=np.intp)
        new[positions] = np.arange(len(positions))
        digits[column] = new[digits[column]]
        rows = digits[column] >= 0
        if rows.all():  # All positions that occur are taken: nothing to select.
            return Tally(counts=self.counts, digits=tuple(digits))
        return Tally(counts=self.counts[rows], digits=tuple(digit[rows] for digit in digits))

    def drop(self, column: int) -> "Tally":
        """Return the counts, summed over a column."""
        return count_digits(self.digits[:column] + self.digits[column + 1 :], self.counts)


def tally_cases(columns: Sequence[Coded[Any]], weights: NDArray[np.int64]) -> Tally:
    r"""Return the number of cases with each combination of values.

    .. math:: n_{c} = \sum_{i:\ \text{case } i \text{ has } c} w_i
    """
    check_weights(float(weights.sum(dtype=np.float64)) <= LARGEST_COUNT, "weights")
    return count_digits(tuple(column.codes for column in columns), weights)


def check_weights(is_valid: bool, name: str) -> None:
    """Refuse weights whose sum is above the largest count."""
    if not is_valid:
        problem = "the sum of the weights must not exceed 2**53"
        hint = "Check the column of the weights"
        raise ImpossibleResult(problem, field=name, hint=hint)


def count_digits(digits: Digits, counts: NDArray[np.int64]) -> Tally:
    """Return the distinct combinations with the sums of their counts, without sums of 0."""
    group, first = group_digits(digits, len(counts))
    sums = np.bincount(group, counts, len(first)).astype(np.int64)
    some = np.flatnonzero(sums)
    positions = tuple(digit[first[some]].astype(np.intp, copy=False) for digit in digits)
    return Tally(digits=positions, counts=sums[some])


def group_digits(digits: Digits, size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each combination, and the first row of each group in order."""
    return groups(packed([(digit, int(digit.max(initial=0)) + 1) for digit in digits], size))
