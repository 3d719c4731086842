"""Figures with numerators and denominators, as columns.

A row of a table is such a figure.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.auditing.rounding_methods import CountColumn, PrintedColumn, RateChange, hull
from thbstats.columns import Coded
from thbstats.display import count, decimal, percent, signed_percent
from thbstats.tables.encoding import distinct
from thbstats.values import Interval, Percent, Reason

KINDS = ("share", "change", "total", "rate", "ratio")
"""The kinds of figures; a total is the sum of the shares of its group."""

SHARE, CHANGE, TOTAL, RATE, RATIO = range(5)


def text_column(values: Any, name: str) -> Coded[str]:
    """Return a column as texts without surrounding spaces; the last category is that of no text."""
    column = distinct(values, name)
    texts = []
    for value in column.categories:
        is_integer = isinstance(value, float | np.floating) and float(value).is_integer()
        texts.append(str(int(value)) if is_integer else str(value).strip())
    return Coded(np.where(column.codes < 0, len(texts), column.codes), [*texts, ""])


@frozen(eq=False, kw_only=True)
class FigureColumns:
    """Printed numbers with their counts.

    Numerators (``tops``) and denominators (``bases``), or new and old counts, of the row itself
    have an empty name and come first; the others are candidates. The unit (``per``) is 100 for a
    percentage, 100,000 for a rate per 100,000 and 1 for a ratio. Kinds and groups are positions in
    `KINDS` and ``groups``, -1 for none, and a rank of 0 is none. A change of ``rates`` has two
    rounded rates instead of counts; a row of ``unread`` cannot be judged, for the given reason.
    """

    title: str = ""
    ids: Coded[str]
    texts: Coded[str]
    kinds: NDArray[np.int8]
    printed: PrintedColumn
    per: NDArray[np.int64]
    tops: Mapping[str, CountColumn]
    bases: Mapping[str, CountColumn]
    group: NDArray[np.int64] | None = None
    groups: tuple[str, ...] = ()
    rank: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()
    rates: Mapping[int, RateChange] = field(factory=dict)
    unread: Mapping[int, str] = field(factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def top(self) -> CountColumn:
        """The numerators, or new counts, of the rows."""
        return self.tops[""]

    @property
    def base(self) -> CountColumn:
        """The denominators, or old counts, of the rows."""
        return self.bases[""]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The names of the other pairs of a numerator and a denominator."""
        return [pair for pair in ((t, b) for t in self.tops for b in self.bases) if any(pair)]

    def percent(self, row: int) -> Percent:
        """Return the printed percentage of a row."""
        digits, decimals = int(self.printed.digits[row]), len(str(self.printed.scale[row])) - 3
        text = str(abs(digits)).rjust(decimals + 1, "0")
        point = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
        return Percent(f"-{point}" if digits < 0 else point)

    def row(self, row: int, pair: tuple[str, str] = ("", "")) -> "FigureRow":
        """Return the numbers of a row with one pair of counts."""
        top, base = self.tops[pair[0]], self.bases[pair[1]]

        def words(counts: CountColumn) -> str:
            bounds = counts.interval(row)
            if counts.reason[row] == Reason.FEWER_THAN.severity and bounds.upper is not None:
                return f"fewer than {count(bounds.upper + 1)}"
            return span(bounds)

        return FigureRow(
            digits=int(self.printed.digits[row]),
            scale=int(self.printed.scale[row]),
            per=int(self.per[row]),
            is_change=bool(self.printed.is_change[row]),
            is_part=bool(self.printed.is_part[row]),
            top=top.interval(row),
            base=base.interval(row),
            top_words=words(top),
            base_words=words(base),
        )


def span(bounds: Interval) -> str:
    """Return a count or its bounds in words."""
    if bounds.lower is None or bounds.upper is None or bounds.is_point:
        return count(bounds)
    return f"{count(bounds.lower)} to {count(bounds.upper)}"


@frozen(kw_only=True)
class FigureRow:
    """The numbers of one row, for its message: a change, a share at most 1, or another ratio."""

    digits: int
    scale: int
    per: int
    is_change: bool
    is_part: bool
    top: Interval
    base: Interval
    top_words: str
    base_words: str

    @property
    def printed(self) -> str:
        """The number in the style of messages."""
        return self.formatted(self.digits, self.scale)

    def formatted(self, digits: int, scale: int) -> str:
        """Return another number of this kind in the style of messages."""
        decimals, number = len(str(scale // self.per)) - 1, Fraction(digits, scale)
        if self.is_change or self.is_part:
            return (signed_percent if self.is_change else percent)(number, decimals)
        rate = decimal(self.per * number, decimals)
        return f"{rate} per {count(self.per)}" if self.per > 1 else rate

    def bases(self, allowed: int) -> Interval | None:
        """Return the bounds of the denominators that give the number with this numerator."""
        low, high, low_closed, high_closed = hull(
            self.digits, self.scale, self.is_change, self.is_part, allowed
        )
        top = 2 * self.scale * int(self.top.value or 0)
        if high < 0 or (high == 0 and top):
            return None
        least = 1 if high == 0 else max(1, -(-top // high) if high_closed else top // high + 1)
        if low < 0 or (low == 0 and (low_closed or top)):
            return Interval.at_least(least)
        if low == 0:
            return None
        most = top // low if low_closed else -(-top // low) - 1
        return Interval(least, most) if least <= most else None

    def tops(self, allowed: int) -> Interval | None:
        """Return the bounds of the numerators that give the number with this denominator."""
        low, high, low_closed, high_closed = hull(
            self.digits, self.scale, self.is_change, self.is_part, allowed
        )
        base, unit = int(self.base.value or 0), 2 * self.scale
        least = max(-(-low * base // unit) if low_closed else low * base // unit + 1, 0)
        most = high * base // unit if high_closed else -(-high * base // unit) - 1
        return Interval(least, most) if least <= most else None


@frozen(eq=False)
class GroupRows:
    """Rows by group, in the order of the table; and the first entry of each group that has rows."""

    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, keys: NDArray[np.int64], selected: NDArray[np.bool_]) -> "GroupRows":
        """Return some rows by their keys; a key below 0 is no group."""
        rows = np.flatnonzero(selected & (keys >= 0))
        rows = rows[np.argsort(keys[rows], kind="stable")]
        starts = np.flatnonzero(np.diff(keys[rows], prepend=-1))
        return cls(rows, starts, keys[rows][starts])

    def __len__(self) -> int:
        return len(self.starts)

    def entries(self, group: int) -> slice:
        """Return the entries of a group in the rows."""
        position = int(np.searchsorted(self.groups, group))
        ends = [*self.starts[position + 1 : position + 2].tolist(), len(self.rows)]
        return slice(int(self.starts[position]), ends[0])

    @property
    def sizes(self) -> NDArray[np.intp]:
        """The number of rows of each group."""
        return np.diff(self.starts, append=len(self.rows))

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the value of each group for each of its rows."""
        return np.repeat(values, self.sizes)

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return exact sums; Python's integers where int64 is too small."""
        most = int(np.abs(values).max(initial=0)) * int(self.sizes.max(initial=0))
        exact = values if most < np.iinfo(np.int64).max else values.astype(object)
        return np.add.reduceat(exact, self.starts) if len(self) else exact[:0]

    def reduce(self, function: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """Return the result of a function for each group, such as the smallest value."""
        return np.asarray(function.reduceat(values, self.starts))

    def all(self, values: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the groups in which a condition is true for every row."""
        return self.reduce(np.logical_and, values)
