"""Reading of columns: codes of categories, and integers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from math import isnan
from operator import index
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray
from pandas.api.types import is_hashable

from thbstats.columns import Coded
from thbstats.columns.coded import lookup, narrowest_type
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.records import Dimension
from thbstats.values import LARGEST_COUNT

_MOST_LISTED = 10
_CAP = 2**60
"""Larger numbers are read as this one, which is above every valid count."""

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

    def values(
        self, wrong: NDArray[np.bool_], field: str, values: Any, problem: str, hint: str
    ) -> None:
        """Add an error for the value of each row of a mask."""
        self.rows(
            wrong,
            lambda row: InvalidValue(
                problem, row=row, field=field, value=values[row].item(), hint=hint
            ),
        )

    def raise_any(self) -> None:
        """Raise the error, or one error that lists several."""
        if self._count == 1:
            raise self._errors[0]
        if self._count:
            classes = {type(error) for error in self._errors}
            cls: Any = classes.pop() if len(classes) == 1 else InvalidValue
            lines = "".join(f"\n  {error}" for error in self._errors)
            more = self._count - len(self._errors)
            remaining = f"\n  and {more} more" if more else ""
            raise cls(f"{self._count} problems:{lines}{remaining}")


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
    present = (v for v in values if not (v is None or (isinstance(v, float) and isnan(v))))
    distinct = list(dict.fromkeys(present))
    position = {value: index for index, value in enumerate(distinct)}
    table = np.array([position.get(value, -1) for value in values], dtype=np.int64)
    codes = table[positions] if len(values) else np.zeros(len(positions), dtype=np.int64)
    column: pd.Categorical = coded(codes, distinct)
    return column


def is_scalar(values: object) -> bool:
    """Return whether a value is one value for all rows."""
    single = isinstance(values, (str, bytes, set, frozenset))
    return single or not hasattr(values, "__len__")


def distinct(values: Any, name: str) -> Coded[Any]:
    """Return the distinct values of a column with codes.

    A missing value has the code -1. A categorical column can have categories without rows.
    """
    if isinstance(values, (list, tuple)):  # numpy would convert values of one type
        values = np.fromiter(values, dtype=object, count=len(values))
    dtype = getattr(values, "dtype", None)
    try:
        if isinstance(dtype, pd.CategoricalDtype):
            return Coded(getattr(values, "array", values).codes, dtype.categories)
        codes, uniques = pd.factorize(values)
    except TypeError:
        items = np.ravel(np.asarray(values, dtype=object))
        kind = next((type(item) for item in items if not is_hashable(item)), type(values))
        raise InvalidValue(
            "must be texts or numbers", field=name, value=kind, hint="Use one text per row"
        ) from None
    return Coded(codes, uniques)


def parse_each(
    column: Coded[Any], parse: Callable[[Any], T], name: str, problems: Problems
) -> dict[int, T | None]:
    """Return the value of each code that has rows; errors become problems, with ``None``."""
    parsed: dict[int, T | None] = {}
    for code in column.present:
        value = column.categories[code]
        try:
            parsed[code] = parse(value)
        except ThbstatsError as error:
            parsed[code] = None
            problems.add(error.with_location(row=column.first_row(code), field=name, value=value))
    return parsed


def parse_column(
    values: Any, parse: Callable[[Any], T], name: str, size: int, problems: Problems, *, missing: T
) -> Coded[T]:
    """Return a column or constant with parsed values; every distinct value is parsed once.

    The value ``missing`` is also that of rows with an error.
    """
    if values is None:
        return Coded.constant(missing, size)
    column = Coded.constant(values, size) if is_scalar(values) else distinct(values, name)
    parsed = parse_each(column, parse, name, problems)
    read = [parsed.get(code) for code in range(len(column.categories))]
    entries = Coded.from_values([*(missing if own is None else own for own in read), missing])
    return Coded(lookup(entries.codes, column.codes), entries.categories)


def encode(values: Any, dimension: Dimension, problems: Problems) -> Coded[str]:
    """Return the codes of a column; values that are not valid become problems."""
    column = distinct(values, dimension.name)
    parsed = parse_each(column, dimension.parse, dimension.name, problems)
    present = {text for text in parsed.values() if text is not None}
    categories = sorted(present, key=dimension.sort_key)
    position: dict[str | None, int] = {text: code for code, text in enumerate(categories)}
    dtype = narrowest_type(len(categories) + 1)
    table = np.zeros(len(column.categories) + 1, dtype=dtype)
    table[-1] = np.iinfo(dtype).max
    for code, text in parsed.items():
        table[code] = position.get(text, 0)
    codes = lookup(table, column.codes)
    # A missing value has the largest code of the type.
    if len(codes) > 0 and int(codes.max()) == np.iinfo(dtype).max:
        total = f"'{dimension.total}', " if dimension.total else ""
        number, note = np.count_nonzero(column.codes < 0), ""
        if dimension.content in ("area", "citizenship", "countries"):
            note = "; check that Namibia's code NA was not read as missing"
        problems.add(
            InvalidValue(
                f"must be given for every row (missing: {number}){note}",
                row=column.first_row(-1),
                field=dimension.name,
                hint=f"Write {total}'unknown' or 'not_stated', or remove the rows",
            )
        )
    if len(categories) <= 1:
        return Coded.constant(categories[0] if categories else "", len(codes))
    return Coded(codes, categories)


@frozen(eq=False, kw_only=True)
class IntegerColumn:
    """Integers with masks of missing and infinite values; a missing value is 0."""

    numbers: NDArray[np.int64]
    missing: NDArray[np.bool_] | None = None
    infinite: NDArray[np.bool_] | None = None

    @property
    def present(self) -> NDArray[np.bool_]:
        """Mask of values that are not missing."""
        if self.missing is None:
            return np.ones(len(self.numbers), dtype=np.bool_)
        return ~self.missing


def read_integers(values: Any, name: str, problems: Problems) -> IntegerColumn:
    """Return a column of counts; values that are not counts become problems."""
    series = values if isinstance(values, pd.Series) else pd.Series(values, copy=False)
    dtype = series.dtype
    missing: NDArray[np.bool_] | None = None
    infinite: NDArray[np.bool_] | None = None
    if not (isinstance(dtype, np.dtype) and dtype.kind in "iu"):
        missing = missing_cells(series)
    if pd.api.types.is_bool_dtype(dtype):
        for row in np.flatnonzero(series.notna().to_numpy())[:1].tolist():
            problems.add(_not_a_count(name, bool(series.iloc[row]), row))
        return IntegerColumn(numbers=np.zeros(len(series), dtype=np.int64))
    if pd.api.types.is_integer_dtype(dtype):
        kind = np.uint64 if "u" in str(dtype).lower() else np.int64
        options: dict[str, Any] = {"na_value": 0} if missing is not None and missing.any() else {}
        numbers = series.to_numpy(dtype=kind, **options)
        # Values above 2**53 raise an error later; the cap avoids an overflow.
        numbers = np.minimum(numbers, kind(_CAP)) if kind is np.uint64 else numbers
    elif pd.api.types.is_float_dtype(dtype):
        numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
        missing, infinite = np.isnan(numbers), np.isposinf(numbers)
        numbers = np.where(missing | infinite, 0.0, numbers)
        fractional = numbers != np.floor(numbers)
        hint = "Use counts, not rates or percentages"
        problems.values(fractional, name, numbers, "must be an integer", hint)
        numbers = np.clip(np.where(fractional, 0.0, numbers), -1.0, float(_CAP))
    else:
        numbers = np.zeros(len(series), dtype=np.int64)
        infinite = np.zeros(len(series), dtype=np.bool_)
        for row, item in enumerate(series.array):
            if missing is not None and missing[row]:
                continue
            number = _integer(item)
            if number is None:
                problems.add(_not_a_count(name, item, row))
            elif number == np.inf:
                infinite[row] = True
            else:
                numbers[row] = max(-1, min(int(number), _CAP))
    integers = numbers.astype(np.int64)
    _check_range(integers, name, problems)
    return IntegerColumn(
        numbers=integers,
        missing=missing if missing is not None and missing.any() else None,
        infinite=infinite if infinite is not None and infinite.any() else None,
    )


def missing_cells(series: "pd.Series[Any]") -> NDArray[np.bool_]:
    """Return the mask of missing cells; a decimal sNaN is not missing, but not a number."""
    try:
        return series.isna().to_numpy(dtype=np.bool_)
    except InvalidOperation:
        texts = [str(item) if isinstance(item, Decimal) else item for item in series.array]
        return pd.Series(texts, dtype=object).isna().to_numpy(dtype=np.bool_)


def _integer(item: Any) -> int | float | None:
    if isinstance(item, (bool, np.bool_)):
        return None
    with suppress(TypeError):  # arrays and classes have the method too
        return int(index(item))
    return item if isinstance(item, float) and (item == np.inf or item.is_integer()) else None


def _not_a_count(name: str, value: object, row: int) -> InvalidValue:
    return InvalidValue(
        "must be an integer",
        row=row,
        field=name,
        value=value,
        hint="Use numbers, or lower, upper and reason for text such as '<5'",
    )


def _check_range(integers: NDArray[np.int64], name: str, problems: Problems) -> None:
    if len(integers) and int(integers.min()) < 0:
        hint = "Use a reason such as 'not_reported' for a missing count"
        problems.values(integers < 0, name, integers, "must be 0 or more", hint)
    if len(integers) and int(integers.max()) > LARGEST_COUNT:
        error = InvalidValue("must be at most 2**53", field=name, hint="Check the figure")
        problems.rows(integers > LARGEST_COUNT, lambda row: error.with_location(row=row))


_BITS = 64
"""The number of codes in one mask."""


def pack(columns: Iterable[Coded[Any]], size: int) -> NDArray[np.int64]:
    """Return the mixed-radix keys of columns; the first column is the most significant."""
    return packed(((column.codes, len(column.categories)) for column in columns), size)


def packed(columns: Iterable[tuple[NDArray[Any], int]], size: int) -> NDArray[np.int64]:
    """Return the keys of columns of codes; each column has a number of categories, (size,).

    A row is a number with one digit per column, such as the time 2:05:09 is 7,509 seconds: the
    radix of a digit is the number of categories of its column. Equal rows have equal keys.
    """
    keys, limit = np.zeros(size, dtype=np.int64), 1
    for codes, radix in columns:
        # Before a column would exceed 64 bits, the keys become ranks: equal and ordered as before,
        # with at most as many different ones as rows.
        if limit * radix >= 2**63:
            distinct, keys = np.unique(keys, return_inverse=True)
            limit = len(distinct)
        # Narrow codes are converted in small blocks, and not as one array of all rows.
        keys *= radix
        np.add(keys, codes, out=keys, dtype=np.int64, casting="unsafe")
        limit *= radix
    return keys


def repeated(keys: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows with equal keys: the first row and a repeated row."""
    values = pd.Index(keys)
    if values.has_duplicates:
        # Groups are numbered in the order of their first rows.
        is_repeated, group = values.duplicated(), values.factorize()[0]
        first = np.flatnonzero(~is_repeated)
        for row in np.flatnonzero(is_repeated).tolist():
            yield int(first[group[row]]), row


def groups(keys: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each row and the first row of each group, in order of keys."""
    rows, size = np.arange(len(keys) - 1, -1, -1), int(keys.max(initial=-1)) + 1
    # Written from the last row to the first, so that the first row of a group remains.
    if size <= len(keys) and keys.min(initial=0) >= 0:
        # Few keys are positions in an array, five times as fast as a hash table.
        first = np.full(size, -1, dtype=np.intp)
        first[keys[::-1]] = rows
        is_present = first >= 0
        return (np.cumsum(is_present) - 1)[keys], first[is_present]
    group, distinct = pd.factorize(keys, sort=True)
    first = np.empty(len(distinct), dtype=np.intp)
    first[group[::-1]] = rows
    return group, first


def distinct_pairs(
    left: NDArray[Any], right: NDArray[Any], n_right: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct pairs of codes, in order, as two columns."""
    pairs = np.sort(pd.unique(left.astype(np.int64) * n_right + right))
    return pairs // n_right, pairs % n_right


def code_sets(group: NDArray[np.intp], codes: NDArray[Any], n_codes: int) -> Coded[frozenset[int]]:
    """Return the set of codes of each group; every group has a row."""
    # Sorted pairs: those of a group are adjacent, from `starts` to `ends`.
    owner, code = distinct_pairs(group, codes, n_codes)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    ends = np.append(starts[1:], len(code))
    # Equal sets get one number, without a Python set for each of up to 10^6 groups. A set of 64
    # codes is a mask of bits; sets of more codes are numbered by their number so far and the next
    # mask. `first` is the first group of each number.
    number = first = np.zeros(len(starts), dtype=np.intp)
    for start in range(0, n_codes, _BITS):
        inside = (code >= start) & (code < start + _BITS)
        bits = np.left_shift(np.uint64(1), (code % _BITS).astype(np.uint64))
        masks = np.bitwise_or.reduceat(np.where(inside, bits, np.uint64(0)), starts)
        _, mask_number = np.unique(masks, return_inverse=True)
        both = number * (int(mask_number.max()) + 1) + mask_number
        _, first, number = np.unique(both, return_index=True, return_inverse=True)
    return Coded(number, [frozenset(code[starts[g] : ends[g]].tolist()) for g in first.tolist()])
