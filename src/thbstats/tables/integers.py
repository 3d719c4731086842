"""Columns of integers of any dtype: int, float, nullable or object."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.tables.problems import Problems
from thbstats.values import LARGEST_COUNT

__all__ = ["IntegerColumn", "empty_column", "read_integers"]


@frozen(eq=False, kw_only=True)
class IntegerColumn:
    """Integers with missing values.

    Parameters
    ----------
    numbers : array of int64, shape (n,)
        The integers; 0 if missing.
    missing : array of bool, shape (n,), or None
        Mask of missing values; ``None`` if no value is missing.
    infinite : array of bool, shape (n,), or None
        Mask of infinite values; ``None`` if all values are finite.
    """

    numbers: NDArray[np.int64]
    missing: NDArray[np.bool_] | None = None
    infinite: NDArray[np.bool_] | None = None

    @property
    def present(self) -> NDArray[np.bool_]:
        """Mask of values that are not missing."""
        if self.missing is None:
            return np.ones(len(self.numbers), dtype=np.bool_)
        return ~self.missing


def empty_column(size: int) -> IntegerColumn:
    """Return a column of missing values."""
    return IntegerColumn(
        numbers=np.zeros(size, dtype=np.int64), missing=np.ones(size, dtype=np.bool_)
    )


def read_integers(values: Any, name: str, problems: Problems) -> IntegerColumn:
    """Return a column of counts; values that are not counts become problems."""
    series = pd.Series(values, copy=False) if not isinstance(values, pd.Series) else values
    if pd.api.types.is_bool_dtype(series.dtype):
        row = next(iter(np.flatnonzero(series.notna().to_numpy()).tolist()), None)
        if row is not None:
            value = bool(series.iloc[row])
            problems.add(_not_a_count(name, value, row))
        return IntegerColumn(numbers=np.zeros(len(series), dtype=np.int64))
    if pd.api.types.is_integer_dtype(series.dtype):
        return _in_range(_integers(series), name, problems)
    if pd.api.types.is_float_dtype(series.dtype):
        return _in_range(_floats(series, name, problems), name, problems)
    return _in_range(_objects(series, name, problems), name, problems)


def _integers(series: "pd.Series[Any]") -> IntegerColumn:
    missing = _missing(series)
    dtype = np.uint64 if "u" in str(series.dtype).lower() else np.int64
    if missing is None:
        numbers = series.to_numpy(dtype=dtype)
    else:
        numbers = series.to_numpy(dtype=dtype, na_value=0)
    # Values above 2**53 raise an error later; the cap avoids an overflow.
    numbers = np.minimum(numbers, dtype(2**60)) if dtype is np.uint64 else numbers
    return IntegerColumn(numbers=numbers.astype(np.int64), missing=missing)


def _missing(series: "pd.Series[Any]") -> NDArray[np.bool_] | None:
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "iu":
        return None
    missing = series.isna().to_numpy(dtype=np.bool_)
    return missing if missing.any() else None


def _floats(series: "pd.Series[Any]", name: str, problems: Problems) -> IntegerColumn:
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    missing, infinite = np.isnan(numbers), np.isposinf(numbers)
    numbers = np.where(missing | infinite, 0.0, numbers)
    fractional = numbers != np.floor(numbers)
    problems.rows(
        fractional,
        lambda row: InvalidValue(
            "must be an integer",
            row=row,
            field=name,
            value=float(numbers[row]),
            hint="Use counts, not rates or percentages",
        ),
    )
    numbers = np.clip(np.where(fractional, 0.0, numbers), -1.0, 2.0**60)
    return IntegerColumn(
        numbers=numbers.astype(np.int64),
        missing=missing if missing.any() else None,
        infinite=infinite if infinite.any() else None,
    )


def _objects(series: "pd.Series[Any]", name: str, problems: Problems) -> IntegerColumn:
    missing = series.isna().to_numpy(dtype=np.bool_)
    numbers = np.zeros(len(series), dtype=np.int64)
    infinite = np.zeros(len(series), dtype=np.bool_)
    items: Iterable[Any] = series.array
    for row, item in enumerate(items):
        if missing[row]:
            continue
        number = _integer(item)
        if number is None:
            problems.add(_not_a_count(name, item, row))
        elif number == np.inf:
            infinite[row] = True
        else:
            numbers[row] = max(-1, min(int(number), 2**60))
    return IntegerColumn(
        numbers=numbers,
        missing=missing if missing.any() else None,
        infinite=infinite if infinite.any() else None,
    )


def _integer(item: Any) -> int | float | None:
    if isinstance(item, (bool, np.bool_)):
        return None
    if hasattr(item, "__index__"):
        return int(item.__index__())
    if isinstance(item, float) and (item == np.inf or item.is_integer()):
        return item
    return None


def _not_a_count(name: str, value: object, row: int | None = None) -> InvalidValue:
    return InvalidValue(
        "must be an integer",
        row=row,
        field=name,
        value=value,
        hint="Use numbers, or lower, upper and reason for text such as '<5'",
    )


def _in_range(column: IntegerColumn, name: str, problems: Problems) -> IntegerColumn:
    numbers = column.numbers
    if len(numbers) == 0:
        return column
    if int(numbers.min()) < 0:
        problems.rows(
            numbers < 0,
            lambda row: InvalidValue(
                "must be 0 or more",
                row=row,
                field=name,
                value=int(numbers[row]),
                hint="Use a reason such as 'not_reported' for a missing count",
            ),
        )
    if int(numbers.max()) > LARGEST_COUNT:
        problems.rows(
            numbers > LARGEST_COUNT,
            lambda row: InvalidValue(
                "must be at most 2**53",
                row=row,
                field=name,
                hint="Check the figure",
            ),
        )
    return column
