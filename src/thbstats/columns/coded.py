"""Columns of categories."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import count
from operator import eq
from typing import Any, Generic, TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

# Arrays by type. A comment or docstring states their shape where they are used.
Mask = NDArray[np.bool_]
Index = NDArray[np.intp]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

_SIGNED = ((np.int8, 2**7 - 1), (np.int16, 2**15 - 1), (np.int32, 2**31 - 1))
_UNSIGNED = ((np.uint8, 2**8), (np.uint16, 2**16), (np.uint32, 2**32))
"""Types and their number of codes; signed types also have -1."""

_FEW = 16
"""The largest number of rows for which a set is faster than an array, as in a single number."""


def seal(array: Array) -> Array:
    """Return the array as read-only."""
    array.flags.writeable = False
    return array


def narrowest_type(size: int, *, signed: bool = False) -> Any:
    """Return the narrowest integer type for a number of different codes."""
    if signed:
        return next((dtype for dtype, limit in _SIGNED if size <= limit), np.int64)
    return next((dtype for dtype, limit in _UNSIGNED if size <= limit), np.uint64)


def lookup(table: Array, codes: Array) -> Array:
    """Return the entry of a table for each code; the code -1 gets the last entry."""
    entries: Array = table[codes]  # numpy counts -1 from the end
    return entries


def used_codes(codes: Array, size: int) -> list[int]:
    """Return the used codes below a size in order, without -1."""
    if len(codes) <= _FEW:
        return sorted({*codes.tolist()} - {-1})
    # `bincount` takes no negative numbers, so -1 moves to entry 0, which is then left out.
    frequencies = np.bincount(codes.astype(np.intp) + 1, minlength=size + 1)[1:]
    return np.flatnonzero(frequencies).tolist()


Category = TypeVar("Category")
Other = TypeVar("Other")
Rows = NDArray[Any]


@frozen(eq=False, init=False)
class Coded(Generic[Category]):
    """A column of repeated values: one code per row, and the value of each code.

    A missing value has the code -1, in a signed type. Codes of an unsigned type have no missing
    value. Use `positions` in products and sums: codes can be as narrow as one byte.

    Parameters
    ----------
    codes : array of int, shape (n,)
        Positions in ``categories``. They keep their type and become read-only.
    categories : tuple
        The distinct values, also without rows.

    Examples
    --------
    >>> column = Coded.from_values(["FR", "BE", "FR"])
    >>> column.codes.tolist(), column.categories, column[2]
    ([0, 1, 0], ('FR', 'BE'), 'FR')
    """

    codes: NDArray[Any]
    categories: tuple[Category, ...]

    def __init__(self, codes: ArrayLike, categories: Iterable[Category]) -> None:
        values = np.asarray(codes)
        values = values if values.dtype.kind in "iu" else values.astype(np.intp)
        object.__setattr__(self, "codes", seal(values))
        object.__setattr__(self, "categories", tuple(categories))

    @classmethod
    def from_values(cls, values: Iterable[Hashable]) -> "Coded[Any]":
        """Return a column of values, with categories in order of appearance."""
        positions: dict[Hashable, int] = {}
        codes = [positions.setdefault(value, len(positions)) for value in values]
        return cls(codes, positions)  # type: ignore[arg-type]

    @classmethod
    def constant(cls, value: Any, size: int) -> "Coded[Any]":
        """Return a column with one value in every row; without rows it has no category."""
        return cls(np.zeros(size, dtype=np.uint8), (value,) if size else ())

    @classmethod
    def concat(cls, columns: Sequence["Coded[Any]"]) -> "Coded[Any]":
        """Return the rows of several columns, equal values under one code."""
        positions: dict[Hashable, int] = {}
        categories: list[Any] = []
        tables = []
        for column in columns:
            table = []
            for value in column.categories:
                # Areas with equal countries are equal, but keep their names.
                key = (value, getattr(value, "code", None))
                if key not in positions:
                    positions[key] = len(categories)
                    categories.append(value)
                table.append(positions[key])
            tables.append(table)
        parts = [
            column._replaced(table, categories).codes
            for column, table in zip(columns, tables, strict=True)
        ]
        return cls(np.concatenate(parts), categories)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Category:
        code = self.codes[row]
        return self.categories[code] if code >= 0 else None  # type: ignore[return-value]

    def __iter__(self) -> Iterator[Category]:
        values: tuple[Any, ...] = (*self.categories, None)  # -1 is the last
        return (values[code] for code in self.codes.tolist())

    @property
    def positions(self) -> NDArray[np.intp]:
        """The codes as platform integers, for products and sums."""
        return self.codes.astype(np.intp, copy=False)

    @property
    def has_missing(self) -> bool:
        """Whether some row has no value."""
        codes = self.codes
        return codes.dtype.kind == "i" and len(codes) > 0 and int(codes.min()) < 0

    @property
    def present(self) -> list[int]:
        """The codes of the categories that have a row, in order."""
        return used_codes(self.codes, len(self.categories))

    @property
    def is_constant(self) -> bool:
        """Whether all rows have the same value."""
        return len(self.codes) == 0 or bool((self.codes == self.codes[0]).all())

    def first_row(self, code: int) -> int:
        """Return the first row of a code."""
        return int(np.argmax(self.codes == code))

    def frequencies(self) -> NDArray[np.int64]:
        """Return the frequency of each category, without missing values."""
        codes = self.positions + 1  # a missing value moves to 0, before all categories
        counts = np.bincount(codes, minlength=len(self.categories) + 1)
        return np.asarray(counts[1:], dtype=np.int64)

    def take(self, rows: Rows | slice) -> "Coded[Category]":
        """Return some rows, with all categories."""
        return Coded(self.codes[rows], self.categories)

    def compact(self) -> "Coded[Category]":
        """Return the column in the narrowest type, without empty categories."""
        missing = self.has_missing
        if len(self.categories) <= 1 and not missing:
            return Coded.constant(self.categories[0], len(self)) if self.categories else self
        present = self.present
        if len(present) <= 1 and not missing:
            return Coded.constant(self.categories[present[0]] if present else None, len(self))
        dtype = narrowest_type(len(present), signed=missing)
        codes = self.codes
        if len(present) < len(self.categories):
            table = np.full(len(self.categories) + missing, -1 if missing else 0, dtype=dtype)
            table[present] = np.arange(len(present))
            codes = lookup(table, codes)
        return Coded(
            codes.astype(dtype, copy=False), tuple(self.categories[code] for code in present)
        )

    def fill(self, value: Category) -> "Coded[Category]":
        """Return the column in the narrowest type, with a category for missing values."""
        if self.has_missing:
            categories = (*self.categories, value)
            table = np.arange(len(categories), dtype=narrowest_type(len(categories)))
            return Coded(lookup(table, self.codes), categories)
        dtype = np.dtype(narrowest_type(len(self.categories)))
        codes = self.codes
        same_size = codes.dtype.itemsize == dtype.itemsize
        return Coded(codes.view(dtype) if same_size else codes.astype(dtype), self.categories)

    def recode(self, categories: Iterable[Category]) -> "Coded[Category]":
        """Return the column with codes of another list of categories."""
        wider = tuple(categories)
        positions = {category: code for code, category in enumerate(wider)}
        return self._replaced([positions[category] for category in self.categories], wider)

    def map(self, function: Callable[[Category], Other]) -> "Coded[Other]":
        """Return the column with a function of each category, except missing values.

        It is called once per category.
        """
        values = Coded.from_values([function(category) for category in self.categories])
        return self._replaced(values.codes.tolist(), values.categories)

    def _replaced(self, table: Sequence[int], categories: Sequence[Any]) -> "Coded[Any]":
        """Return the column with new codes and other categories."""
        missing = self.has_missing
        dtype = narrowest_type(len(categories), signed=missing)
        if dtype == self.codes.dtype and all(map(eq, table, count())):
            return Coded(self.codes, categories)
        entries = np.array([*table, -1] if missing else table, dtype=dtype)
        return Coded(lookup(entries, self.codes), categories)

    def combine(
        self, other: "Coded[Any]", function: Callable[[Category, Any], Other]
    ) -> "Coded[Other]":
        """Return the column that a function computes from the categories of two columns.

        It is called once per pair that has a row, with ``None`` for a missing value.
        """
        if len(self) == 1:
            return Coded.constant(function(self[0], other[0]), 1)
        # A missing value is 0 in a pair, before all categories.
        size = len(other.categories) + 1
        pairs, codes = np.unique(
            (self.positions + 1) * size + other.positions + 1, return_inverse=True
        )
        own: tuple[Any, ...] = (None, *self.categories)
        others = (None, *other.categories)
        values = Coded.from_values(
            [function(own[p // size], others[p % size]) for p in pairs.tolist()]
        )
        return Coded(values.codes[np.asarray(codes)], values.categories)

    def table(self, function: Callable[[Category], Any], dtype: Any) -> NDArray[Any]:
        """Return an array with a function of the category of each row.

        It is called once per category that has a row; a missing value has the zero of the type.
        """
        if len(self.codes) == 1 and self.codes[0] >= 0:
            return np.array([function(self[0])], dtype=dtype)
        values: NDArray[Any] = np.zeros(len(self.categories) + 1, dtype=dtype)
        for code in self.present:
            values[code] = function(self.categories[code])
        rows: NDArray[Any] = values[self.codes]
        return rows
