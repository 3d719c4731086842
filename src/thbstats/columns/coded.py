"""Columns of codes and the categories that the codes stand for."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

__all__ = ["Coded"]

Category = TypeVar("Category")
Other = TypeVar("Other")
Rows = NDArray[Any]


def _codes(values: Any) -> NDArray[np.intp]:
    return np.asarray(values, dtype=np.intp)


def _categories(values: Iterable[Category]) -> tuple[Category, ...]:
    return tuple(values)


@frozen(eq=False)
class Coded(Generic[Category]):
    """A column of repeated values: one code per row, and the value of each code.

    Parameters
    ----------
    codes : array of int, shape (n,)
        Positions in ``categories``.
    categories : tuple
        The distinct values. Some of them may have no row.

    Examples
    --------
    >>> column = Coded.of(["FR", "BE", "FR"])
    >>> column.codes.tolist(), column.categories, column[2]
    ([0, 1, 0], ('FR', 'BE'), 'FR')
    """

    codes: NDArray[np.intp] = field(converter=_codes)
    categories: tuple[Category, ...] = field(converter=_categories)

    @classmethod
    def of(cls, values: Iterable[Hashable]) -> "Coded[Any]":
        """Return the column of some values, in their order of appearance.

        Parameters
        ----------
        values : iterable of hashable
            One value per row.
        """
        positions: dict[Hashable, int] = {}
        codes = [positions.setdefault(value, len(positions)) for value in values]
        return cls(codes, positions)  # type: ignore[arg-type]

    @classmethod
    def constant(cls, value: Any, size: int) -> "Coded[Any]":
        """Return a column with one value in every row.

        Parameters
        ----------
        value : object
            The value.
        size : int
            The number of rows.
        """
        return cls(np.zeros(size, dtype=np.intp), (value,))

    @classmethod
    def concat(cls, columns: Sequence["Coded[Any]"]) -> "Coded[Any]":
        """Return the rows of several columns, equal values under one code.

        Parameters
        ----------
        columns : sequence of Coded
            One or more columns.
        """
        positions: dict[Hashable, int] = {}
        categories: list[Any] = []
        codes = []
        for column in columns:
            table = []
            for value in column.categories:
                # Areas are equal if their countries are, and keep the name of their source.
                key = (value, getattr(value, "code", None))
                if key not in positions:
                    positions[key] = len(categories)
                    categories.append(value)
                table.append(positions[key])
            codes.append(np.array(table, dtype=np.intp)[column.codes])
        return cls(np.concatenate(codes), categories)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Category:
        return self.categories[self.codes[row]]

    def __iter__(self) -> Iterator[Category]:
        return (self.categories[code] for code in self.codes.tolist())

    def take(self, rows: Rows) -> "Coded[Category]":
        """Return the column of some rows.

        Parameters
        ----------
        rows : array of int or bool
            Positions, each as often as it is named, or a mask.
        """
        return Coded(self.codes[rows], self.categories)

    def map(self, function: Callable[[Category], Other]) -> "Coded[Other]":
        """Return the column with a function of each category.

        Parameters
        ----------
        function : callable
            Called once per category.
        """
        values = Coded.of([function(category) for category in self.categories])
        return Coded(values.codes[self.codes], values.categories)

    def combine(
        self, other: "Coded[Any]", function: Callable[[Category, Any], Other]
    ) -> "Coded[Other]":
        """Return the column with a function of the categories of two columns.

        Parameters
        ----------
        other : Coded
            Of the same length.
        function : callable
            Called once per pair of categories that has a row.
        """
        size = max(len(other.categories), 1)
        pairs, codes = np.unique(self.codes * size + other.codes, return_inverse=True)
        values = Coded.of(
            [
                function(self.categories[pair // size], other.categories[pair % size])
                for pair in pairs.tolist()
            ]
        )
        return Coded(values.codes[np.asarray(codes)], values.categories)

    def table(self, function: Callable[[Category], Any], dtype: Any) -> NDArray[Any]:
        """Return an array with a function of the category of each row.

        Parameters
        ----------
        function : callable
            Called once per category that has a row.
        dtype : dtype
            The type of the array.
        """
        found: NDArray[Any] = np.zeros(len(self.categories), dtype=dtype)
        for code in self.present:
            found[code] = function(self.categories[code])
        return found[self.codes]

    @property
    def present(self) -> list[int]:
        """The codes that have a row, in order."""
        counts = np.bincount(self.codes, minlength=len(self.categories))
        return np.flatnonzero(counts).tolist()

    @property
    def is_constant(self) -> bool:
        """Whether all rows have the same value."""
        return len(self.codes) == 0 or bool((self.codes == self.codes[0]).all())
