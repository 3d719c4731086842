"""Columns of whole numbers as people store them: integers, floats, nullable, or objects."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.tables.problems import Problems
from thbstats.values import LARGEST_COUNT

__all__ = ["Whole", "absent", "read_whole"]


@frozen(eq=False, kw_only=True)
class Whole:
    """Whole numbers with gaps.

    Parameters
    ----------
    numbers : array of int64, shape (n,)
        The numbers; 0 where there is none.
    missing : array of bool, shape (n,), or None
        Where there is none; ``None`` when every row has one.
    infinite : array of bool, shape (n,), or None
        Where "no upper bound" stands.
    """

    numbers: NDArray[np.int64]
    missing: NDArray[np.bool_] | None = None
    infinite: NDArray[np.bool_] | None = None

    @property
    def given(self) -> NDArray[np.bool_]:
        """Where something stands."""
        if self.missing is None:
            return np.ones(len(self.numbers), dtype=np.bool_)
        return ~self.missing


def absent(size: int) -> Whole:
    """Return the column that is not there."""
    return Whole(numbers=np.zeros(size, dtype=np.int64), missing=np.ones(size, dtype=np.bool_))


def read_whole(values: Any, name: str, problems: Problems) -> Whole:
    """Return a column of counts; what is no count is added to the problems."""
    series = pd.Series(values, copy=False) if not isinstance(values, pd.Series) else values
    if pd.api.types.is_bool_dtype(series.dtype):
        row = next(iter(np.flatnonzero(series.notna().to_numpy()).tolist()), None)
        if row is not None:
            value = bool(series.iloc[row])
            problems.add(_not_numbers(name, "truth values are no counts", value, row))
        return Whole(numbers=np.zeros(len(series), dtype=np.int64))
    if pd.api.types.is_integer_dtype(series.dtype):
        return _in_range(_integers(series), name, problems)
    if pd.api.types.is_float_dtype(series.dtype):
        return _in_range(_floats(series, name, problems), name, problems)
    return _in_range(_objects(series, name, problems), name, problems)


def _integers(series: "pd.Series[Any]") -> Whole:
    missing = _gaps(series)
    dtype = np.uint64 if "u" in str(series.dtype).lower() else np.int64
    if missing is None:
        numbers = series.to_numpy(dtype=dtype)
    else:
        numbers = series.to_numpy(dtype=dtype, na_value=0)
    # What is beyond 2**53 is refused anyway; the cap keeps it from wrapping around.
    numbers = np.minimum(numbers, dtype(2**60)) if dtype is np.uint64 else numbers
    return Whole(numbers=numbers.astype(np.int64), missing=missing)


def _gaps(series: "pd.Series[Any]") -> NDArray[np.bool_] | None:
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "iu":
        return None
    missing = series.isna().to_numpy(dtype=np.bool_)
    return missing if missing.any() else None


def _floats(series: "pd.Series[Any]", name: str, problems: Problems) -> Whole:
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    missing, infinite = np.isnan(numbers), np.isposinf(numbers)
    numbers = np.where(missing | infinite, 0.0, numbers)
    broken = numbers != np.floor(numbers)
    problems.rows(
        broken,
        lambda row: InvalidValue(
            "a count is a whole number",
            row=row,
            field=name,
            value=float(numbers[row]),
            hint="Give counts, not rates or percentages",
        ),
    )
    numbers = np.clip(np.where(broken, 0.0, numbers), -1.0, 2.0**60)
    return Whole(
        numbers=numbers.astype(np.int64),
        missing=missing if missing.any() else None,
        infinite=infinite if infinite.any() else None,
    )


def _objects(series: "pd.Series[Any]", name: str, problems: Problems) -> Whole:
    missing = series.isna().to_numpy(dtype=np.bool_)
    numbers = np.zeros(len(series), dtype=np.int64)
    infinite = np.zeros(len(series), dtype=np.bool_)
    items: Iterable[Any] = series.array
    for row, item in enumerate(items):
        if missing[row]:
            continue
        number = _one(item)
        if number is None:
            problems.add(_not_numbers(name, "not a whole number", item, row))
        elif number == np.inf:
            infinite[row] = True
        else:
            numbers[row] = max(-1, min(int(number), 2**60))
    return Whole(
        numbers=numbers,
        missing=missing if missing.any() else None,
        infinite=infinite if infinite.any() else None,
    )


def _one(item: Any) -> int | float | None:
    if isinstance(item, (bool, np.bool_)):
        return None
    if hasattr(item, "__index__"):
        return int(item.__index__())
    if isinstance(item, float) and (item == np.inf or item.is_integer()):
        return item
    return None


def _not_numbers(name: str, problem: str, value: object, row: int | None = None) -> InvalidValue:
    return InvalidValue(
        problem,
        row=row,
        field=name,
        value=value,
        hint="Give numbers: text such as '<5' or '1,234' is for the reader of its format, "
        "or give lower, upper and reason",
    )


def _in_range(whole: Whole, name: str, problems: Problems) -> Whole:
    numbers = whole.numbers
    if len(numbers) == 0:
        return whole
    if int(numbers.min()) < 0:
        problems.rows(
            numbers < 0,
            lambda row: InvalidValue(
                "a count cannot be negative",
                row=row,
                field=name,
                value=int(numbers[row]),
                hint="Give a reason such as 'not_reported' in place of a code for missing",
            ),
        )
    if int(numbers.max()) > LARGEST_COUNT:
        problems.rows(
            numbers > LARGEST_COUNT,
            lambda row: InvalidValue(
                "a count above 2**53 cannot be held exactly",
                row=row,
                field=name,
                hint="Check the figure: it is larger than any population",
            ),
        )
    return whole
