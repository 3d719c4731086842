"""A column of a file as codes of its distinct texts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns.codes import lookup, narrowest_type, used_codes

__all__ = ["FileColumn"]


@frozen(eq=False)
class FileColumn:
    """A column of texts, stored as codes.

    Parameters
    ----------
    codes : array of int, shape (n,)
        Positions in ``values``; -1 for a missing text.
    values : tuple of str
        Distinct texts; some may occur in no row.
    name : str
        The name of the column in the file.
    """

    codes: NDArray[Any]
    values: tuple[str, ...]
    name: str = ""

    @classmethod
    def constant(cls, text: object, size: int) -> "FileColumn":
        """Return a column with the same text in every row."""
        return cls(np.zeros(size, dtype=np.int8), (str(text),))

    @classmethod
    def from_values(cls, column: Any, name: str = "") -> "FileColumn":
        """Return the column of an array or series of texts or categories."""
        array = getattr(column, "array", column)
        categorical = array if isinstance(array, pd.Categorical) else pd.Categorical(array)
        return cls(np.asarray(categorical.codes), tuple(map(str, categorical.categories)), name)

    def with_values(self, values: Sequence[str | None]) -> "FileColumn":
        """Return the column with new texts, one per code; ``None`` is missing."""
        position: dict[str, int] = {}
        codes = [-1 if v is None else position.setdefault(v, len(position)) for v in values]
        table = np.array([*codes, -1], dtype=narrowest_type(len(position), signed=True))
        return FileColumn(lookup(table, self.codes), tuple(position), self.name)

    def take(self, rows: NDArray[np.intp]) -> "FileColumn":
        """Return the column of a selection of rows."""
        return FileColumn(self.codes.take(rows), self.values, self.name)

    def value_at(self, row: int) -> str:
        """Return the text of a row; empty if it is missing."""
        code = int(self.codes[row])
        return "" if code < 0 else self.values[code]

    def used_codes(self) -> list[int]:
        """Return the codes of the texts that occur in at least one row."""
        return used_codes(self.codes, len(self.values))

    def fill_missing(self, other: "FileColumn") -> "FileColumn":
        """Return the column with its missing texts taken from another column."""
        later = np.where(other.codes < 0, -1, other.codes.astype(np.int64) + len(self.values))
        codes = np.where(self.codes < 0, later, self.codes)
        return FileColumn(codes, (*self.values, *other.values), self.name)

    def count_rows(self, rows: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Return the number of rows with each text; the last entry is missing."""
        codes = (self.codes if rows is None else self.codes[rows]).astype(np.intp)
        codes += 1
        return np.roll(np.bincount(codes, minlength=len(self.values) + 1), -1)

    def isin(self, codes: Sequence[int]) -> NDArray[np.bool_]:
        """Return a mask of the rows with given codes; ``len(values)`` is missing."""
        if not len(codes):
            return np.zeros(len(self.codes), dtype=np.bool_)
        table = np.zeros(len(self.values) + 1, dtype=np.bool_)
        table[list(codes)] = True
        return lookup(table, self.codes)

    def row_counts(self, codes: Sequence[int], rows: NDArray[np.bool_]) -> dict[str, int]:
        """Return the number of rows by text, the most frequent text first."""
        if not len(codes):
            return {}
        counts = self.count_rows(rows)
        pairs = sorted((-int(counts[code]), self.values[code]) for code in codes if counts[code])
        return {text: -number for number, text in pairs}
