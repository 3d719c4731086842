"""Columns of a table of percentages: words, printed numbers, and what counts can be."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.tables.encoding import distinct
from thbstats.values import LARGEST_COUNT, Interval, Reason

__all__ = ["CountColumn", "PublishedNumbers", "TextColumn", "texts_of"]


@frozen(eq=False)
class TextColumn:
    """A column of texts, made when they are asked for.

    Parameters
    ----------
    codes : array of int, shape (n,)
        Positions in ``values``.
    values : sequence
        Texts, or what is written as one.
    """

    codes: NDArray[Any]
    values: Sequence[Any] | NDArray[Any]

    @classmethod
    def of(cls, values: Any, name: str) -> "TextColumn":
        """Return a column as texts; integers stay numbers until they are used."""
        if getattr(getattr(values, "dtype", None), "kind", "O") in "iu" and not _gaps(values):
            return cls(np.arange(len(values)), np.asarray(values))
        return cls(*texts_of(values, name))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        return str(self.values[self.codes[row]])

    def all(self) -> NDArray[Any]:
        """Return every text, row by row."""
        texts: NDArray[Any] = np.array(list(map(str, self.values)), dtype=object)
        return np.asarray(texts[self.codes])


def _gaps(values: Any) -> bool:
    return bool(pd.isna(values).any())


@frozen(eq=False, kw_only=True)
class PublishedNumbers:
    """A column of printed percentages, rates and ratios.

    Parameters
    ----------
    digits : array of int64, shape (n,)
        The digits with their sign: -32 for -3.2%.
    scale : array of int64, shape (n,)
        How many of the last digit make a whole: 1000 for one decimal of a percentage.
    present : array of bool, shape (n,)
        Whether a figure is published.
    """

    digits: NDArray[np.int64]
    scale: NDArray[np.int64]
    present: NDArray[np.bool_]


@frozen(eq=False, kw_only=True)
class CountColumn:
    """A column of counts: what each can be.

    Parameters
    ----------
    lower, upper : array of int64, shape (n,)
        The bounds; an upper bound of `LARGEST_COUNT` means none.
    stated : array of bool, shape (n,)
        Whether the count is stated; false if it is missing or suppressed.
    reason : array of uint8, shape (n,)
        `Reason.severity`.
    """

    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    stated: NDArray[np.bool_]
    reason: NDArray[np.uint8]

    @classmethod
    def missing(cls, size: int) -> "CountColumn":
        """Return a column that is not there."""
        return cls(
            lower=np.zeros(size, dtype=np.int64),
            upper=np.full(size, LARGEST_COUNT, dtype=np.int64),
            stated=np.zeros(size, dtype=np.bool_),
            reason=np.full(size, Reason.NOT_REPORTED.severity, dtype=np.uint8),
        )

    def only(self, rows: NDArray[np.bool_]) -> "CountColumn":
        """Return the column with nothing in the other rows."""
        return CountColumn(
            lower=np.where(rows, self.lower, 0),
            upper=np.where(rows, self.upper, LARGEST_COUNT),
            stated=self.stated & rows,
            reason=np.where(rows, self.reason, np.uint8(Reason.NOT_REPORTED.severity)),
        )

    @property
    def is_point(self) -> NDArray[np.bool_]:
        """Where the count is known exactly."""
        return np.asarray(self.lower == self.upper)

    def or_else(self, other: "CountColumn") -> "CountColumn":
        """Return the column with missing counts from another column."""
        return CountColumn(
            lower=np.where(self.stated, self.lower, other.lower),
            upper=np.where(self.stated, self.upper, other.upper),
            stated=self.stated | other.stated,
            reason=np.where(self.stated, self.reason, other.reason),
        )

    def interval(self, row: int) -> Interval:
        """Return what the count of a row can be."""
        lower, upper = int(self.lower[row]), int(self.upper[row])
        return Interval(lower, None if lower < upper == LARGEST_COUNT else upper)


def texts_of(values: Any, name: str) -> tuple[NDArray[Any], list[str]]:
    """Return a column as places in a list of distinct texts, the last of which is empty."""
    found = distinct(values, name)
    texts = [v.strip() if type(v) is str else _text(v) for v in found.categories]
    codes = np.asarray(found.codes, dtype=np.int64)
    return np.where(codes < 0, len(texts), codes), [*texts, ""]


def _text(value: Any) -> str:
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return str(int(value)) if whole else str(value).strip()
