"""A column of a file as codes of its distinct words."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns.codes import lookup, narrowest_type, used_codes

__all__ = ["Words"]


@frozen(eq=False)
class Words:
    """A column of words.

    Parameters
    ----------
    codes : array of int, shape (n,)
        Positions in ``words``; -1 where nothing is said.
    words : tuple of str
        Distinct words; some may stand in no row.
    column : str
        The column of the file from which they come.
    """

    codes: NDArray[Any]
    words: tuple[str, ...]
    column: str = ""

    @classmethod
    def constant(cls, word: object, size: int) -> "Words":
        """Return the same word in every row."""
        return cls(np.zeros(size, dtype=np.int8), (str(word),))

    @classmethod
    def of(cls, column: Any, name: str = "") -> "Words":
        """Return the words of a column of texts or categories."""
        values = getattr(column, "array", column)
        found = values if isinstance(values, pd.Categorical) else pd.Categorical(values)
        return cls(np.asarray(found.codes), tuple(map(str, found.categories)), name)

    def replaced(self, words: Sequence[str | None]) -> "Words":
        """Return the column with other words in their places; ``None`` says nothing."""
        position: dict[str, int] = {}
        places = [-1 if w is None else position.setdefault(w, len(position)) for w in words]
        table = np.array([*places, -1], dtype=narrowest_type(len(position), signed=True))
        return Words(lookup(table, self.codes), tuple(position), self.column)

    def take(self, rows: NDArray[np.intp]) -> "Words":
        """Return the column of some rows."""
        return Words(self.codes.take(rows), self.words, self.column)

    def at(self, row: int) -> str:
        """Return the word of a row, empty where none is said."""
        code = int(self.codes[row])
        return "" if code < 0 else self.words[code]

    def used(self) -> list[int]:
        """Return the places of the words that stand in some row."""
        return used_codes(self.codes, len(self.words))

    def over(self, other: "Words") -> "Words":
        """Return the column with the words of another where this one says nothing."""
        later = np.where(other.codes < 0, -1, other.codes.astype(np.int64) + len(self.words))
        codes = np.where(self.codes < 0, later, self.codes)
        return Words(codes, (*self.words, *other.words), self.column)

    def counted(self, rows: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Return in how many rows, or of some, each word stands; last, where none is said."""
        places = (self.codes if rows is None else self.codes[rows]).astype(np.intp)
        places += 1
        return np.roll(np.bincount(places, minlength=len(self.words) + 1), -1)

    def among(self, places: Sequence[int]) -> NDArray[np.bool_]:
        """Return the rows in which one of some words stands; the last place is that of none."""
        if not len(places):
            return np.zeros(len(self.codes), dtype=np.bool_)
        table = np.zeros(len(self.words) + 1, dtype=np.bool_)
        table[list(places)] = True
        return lookup(table, self.codes)

    def labels(self, places: Sequence[int], rows: NDArray[np.bool_]) -> dict[str, int]:
        """Return in how many of some rows each of some words stands, the most frequent first."""
        if not len(places):
            return {}
        counted = self.counted(rows)
        pairs = sorted((-int(counted[p]), self.words[p]) for p in places if counted[p])
        return {word: -number for number, word in pairs}
