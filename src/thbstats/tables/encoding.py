"""Reading of columns: codes of categories, and integers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isnan
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import lookup, narrow, narrowest_type
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.records import Dimension
from thbstats.values import LARGEST_COUNT

_MOST_LISTED = 10

T = TypeVar("T")


class Problems:
    """List of errors that is raised as one error."""

    def __init__(self) -> None:
        self._errors: list[ThbstatsError] = []
        self._count = 0

    def add(self, error: ThbstatsError) -> None:
        """Add an error."""
        self.add_each([error], lambda item: item)

    def add_each(self, items: Iterable[T], error: Callable[[T], ThbstatsError]) -> None:
        """Add an error for each item; only listed errors are created."""
        for item in items:
            self._count += 1
            if len(self._errors) < _MOST_LISTED:
                self._errors.append(error(item))

    def rows(self, wrong: NDArray[np.bool_], error: Callable[[int], ThbstatsError]) -> None:
        """Add an error for each row of a mask."""
        self.add_each(np.flatnonzero(wrong).tolist(), error)

    def raise_any(self) -> None:
        """Raise the error, or one error that lists several."""
        if not self._errors:
            return
        if self._count == 1:
            raise self._errors[0]
        raise self._merged()

    def _merged(self) -> ThbstatsError:
        classes = {type(error) for error in self._errors}
        cls: Any = classes.pop() if len(classes) == 1 else InvalidValue
        lines = "".join(f"\n  {error}" for error in self._errors)
        more = self._count - len(self._errors)
        remaining = f"\n  and {more} more" if more else ""
        return cls(f"{self._count} problems:{lines}{remaining}")  # type: ignore[no-any-return]


def coded(positions: NDArray[Any], distinct: Sequence[Any]) -> Any:
    """Return a categorical column from positions in distinct values; -1 is missing."""
    # pandas needs signed codes.
    return pd.Categorical.from_codes(
        positions.astype(narrowest_type(len(distinct), signed=True), copy=False),
        categories=pd.Index(list(distinct), dtype=object),
        validate=False,
    )


def categorical(positions: Any, values: Sequence[Any]) -> pd.Categorical:
    """Return a categorical column from positions in a list of values.

    Equal values become one category; ``None`` and NaN are missing.
    """
    distinct = list(dict.fromkeys(value for value in values if _is_present(value)))
    position = {value: index for index, value in enumerate(distinct)}
    table = np.array([position.get(value, -1) for value in values], dtype=np.int64)
    codes = table[positions] if len(values) else np.zeros(len(positions), dtype=np.int64)
    column: pd.Categorical = coded(codes, distinct)
    return column


def _is_present(value: object) -> bool:
    return value is not None and not (isinstance(value, float) and isnan(value))


def is_scalar(values: object) -> bool:
    """Return whether a value is one value for all rows."""
    single = isinstance(values, (str, bytes, set, frozenset))
    return single or not hasattr(values, "__len__")


def distinct(values: Any, name: str) -> Coded[Any]:
    """Return the distinct values of a column with codes.

    A missing value has the code -1. A categorical column can have categories without rows.
    """
    if isinstance(values, (list, tuple)):
        column = np.empty(len(values), dtype=object)
        column[:] = values
        values = column
    dtype = getattr(values, "dtype", None)
    try:
        if isinstance(dtype, pd.CategoricalDtype):
            return Coded(getattr(values, "array", values).codes, dtype.categories)
        codes, uniques = pd.factorize(values)
    except TypeError:
        raise InvalidValue(
            "must be hashable values", field=name, hint="Use one text per row"
        ) from None
    return Coded(codes, uniques)


def encode(
    values: Any, dimension: Dimension, problems: Problems, out: NDArray[np.uint8] | None = None
) -> Coded[str]:
    """Return the codes of a column; values that are not valid become problems."""
    column = distinct(values, dimension.name)
    codes = {code: _read(dimension, column, code, problems) for code in column.present}
    categories = sorted(
        {parsed for parsed in codes.values() if parsed is not None}, key=dimension.sort_key
    )
    renumbered = _renumbered(column, codes, categories, out)
    if _has_missing(renumbered):
        problems.add(_missing(dimension, column))
    if len(categories) <= 1:
        return Coded.constant(categories[0] if categories else "", len(renumbered))
    return Coded(renumbered, categories)


def _read(dimension: Dimension, column: Coded[Any], code: int, problems: Problems) -> str | None:
    try:
        return dimension.parse(column.categories[code])
    except ThbstatsError as error:
        row, value = column.first_row(code), column.categories[code]
        problems.add(error.with_location(row=row, field=dimension.name, value=value))
        return None


def _missing(dimension: Dimension, column: Coded[Any]) -> ThbstatsError:
    total = f"'{dimension.total}', " if dimension.total else ""
    note = (
        "; check that Namibia's code NA was not read as missing"
        if dimension.content in ("area", "citizenship")
        else ""
    )
    return InvalidValue(
        f"must be given for every row (missing: {np.count_nonzero(column.codes < 0)}){note}",
        row=column.first_row(-1),
        field=dimension.name,
        hint=f"Write {total}'unknown' or 'not_stated', or remove the rows",
    )


def _renumbered(
    column: Coded[Any],
    codes: Mapping[int, str | None],
    categories: Sequence[str],
    out: NDArray[np.uint8] | None,
) -> NDArray[Any]:
    """Return codes in the order of the code list.

    A missing value has the largest code of the dtype.
    """
    position: dict[str | None, int] = {code: index for index, code in enumerate(categories)}
    dtype = narrowest_type(len(categories) + 1)
    if all(position.get(parsed) == code for code, parsed in codes.items()):
        return narrow(column.codes, dtype, out)
    table = np.zeros(len(column.categories) + 1, dtype=dtype)
    table[-1] = np.iinfo(dtype).max
    for code, parsed in codes.items():
        table[code] = position.get(parsed, 0)
    return lookup(table, column.codes, out)


def _has_missing(codes: NDArray[Any]) -> bool:
    return len(codes) > 0 and int(codes.max()) == np.iinfo(codes.dtype).max


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
    missing = _missing_rows(series)
    dtype = np.uint64 if "u" in str(series.dtype).lower() else np.int64
    if missing is None:
        numbers = series.to_numpy(dtype=dtype)
    else:
        numbers = series.to_numpy(dtype=dtype, na_value=0)
    # Values above 2**53 raise an error later; the cap avoids an overflow.
    numbers = np.minimum(numbers, dtype(2**60)) if dtype is np.uint64 else numbers
    return IntegerColumn(numbers=numbers.astype(np.int64), missing=missing)


def _missing_rows(series: "pd.Series[Any]") -> NDArray[np.bool_] | None:
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
