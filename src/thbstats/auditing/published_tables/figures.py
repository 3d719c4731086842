"""Published percentages with their counts."""

from collections.abc import Mapping

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.auditing.published_tables.columns import CountColumn, PublishedNumbers, TextColumn
from thbstats.auditing.published_tables.rounding_ways import NumberKind
from thbstats.auditing.rate_changes import RateChange
from thbstats.values import Percent

__all__ = ["CHANGE", "KINDS", "RATE", "RATIO", "SHARE", "TOTAL", "PublishedFigures"]

KINDS = ("share", "change", "total", "rate", "ratio")
"""What a row can be; a total is the whole that the shares of its group make."""

SHARE, CHANGE, TOTAL, RATE, RATIO = range(5)


@frozen(eq=False, kw_only=True)
class PublishedFigures:
    """The rows of a table.

    Parameters
    ----------
    title : str
        What the table is called.
    ids : TextColumn
        The name of each row.
    kinds : array of int8, shape (n,)
        Positions in `KINDS`.
    printed : PublishedNumbers
        The percentages, rates and ratios.
    texts : TextColumn
        The published texts.
    tops, bases : mapping of str to Counts
        Numerators or new counts, and denominators or old counts. What the rows themselves state
        is under the empty name and comes first; the others are candidates.
    group : array of int64, shape (n,), or None
        Groups, as positions in ``groups``; -1 for nothing.
    groups : tuple of str
        The names of the groups.
    rank : array of int64, shape (n,), or None
        The printed ranks, 0 where there is none.
    notes : tuple of str
        What is true of the table as a whole.
    per : array of int64, shape (n,)
        How many of the denominator a printed number refers to: 100 for a percentage, 100,000 for
        a rate per 100,000, 1 for a ratio.
    rates : mapping of int to RateChange
        The changes of which the rows give two rounded rates instead of two counts.
    unread : mapping of int to str
        The rows that cannot be judged, with the reason.
    """

    title: str
    ids: TextColumn
    kinds: NDArray[np.int8]
    printed: PublishedNumbers
    texts: TextColumn
    tops: Mapping[str, CountColumn]
    bases: Mapping[str, CountColumn]
    group: NDArray[np.int64] | None = None
    groups: tuple[str, ...] = ()
    rank: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()
    per: NDArray[np.int64]
    rates: Mapping[int, RateChange] = field(factory=dict)
    unread: Mapping[int, str] = field(factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def is_change(self) -> NDArray[np.bool_]:
        """Which rows print a change."""
        return np.asarray(self.kinds == CHANGE)

    @property
    def number_kind(self) -> NumberKind:
        """Which rows print a change, and which a share."""
        return NumberKind(self.is_change, self.is_part)

    @property
    def is_part(self) -> NDArray[np.bool_]:
        """Which rows print a share, which is at most 1."""
        return np.isin(self.kinds, (SHARE, TOTAL))

    def percent(self, row: int) -> Percent:
        """Return the printed percentage of a row."""
        digits, decimals = int(self.printed.digits[row]), len(str(self.printed.scale[row])) - 3
        text = str(abs(digits)).rjust(decimals + 1, "0")
        point = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
        return Percent(f"-{point}" if digits < 0 else point)

    @property
    def top(self) -> CountColumn:
        """The numerators, or new counts, that the rows state."""
        return self.tops[""]

    @property
    def base(self) -> CountColumn:
        """The denominators, or old counts, that the rows state."""
        return self.bases[""]

    @property
    def others(self) -> list[tuple[str, str]]:
        """Every pair of a numerator and a base other than the stated one, by their names."""
        pairs = [(top, base) for top in self.tops for base in self.bases]
        return [pair for pair in pairs if pair != ("", "")]
