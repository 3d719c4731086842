"""Figures of a table as columns, and the verdicts on its rows."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.auditing.rounding_methods import (
    CountColumn,
    PrintedColumn,
    Slopes,
    decimals_of,
    hull,
    rounding_bits,
    ways_of,
)
from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.columns import Coded, Mask
from thbstats.display import count, decimal, percent, signed_percent
from thbstats.languages import Message
from thbstats.tables.encoding import distinct
from thbstats.values import Interval, Percent, Reason
from thbstats.values.rate_change import RateChange

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
        digits, decimals = int(self.printed.digits[row]), decimals_of(int(self.printed.scale[row]))
        text = str(abs(digits)).rjust(decimals + 1, "0")
        point = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
        return Percent(f"-{point}" if digits < 0 else point)

    def row(self, row: int, pair: tuple[str, str] = ("", "")) -> "FigureRow":
        """Return the numbers of a row with one pair of counts."""
        top, base = self.tops[pair[0]], self.bases[pair[1]]

        def words(counts: CountColumn) -> str:
            bounds = counts.interval(row)
            if counts.reason[row] == Reason.FEWER_THAN.severity and bounds.upper is not None:
                return Message("fewer than {n}", n=count(bounds.upper + 1))
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
    return Message("{lower} to {upper}", lower=count(bounds.lower), upper=count(bounds.upper))


@frozen(kw_only=True, slots=False)
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

    @cached_property
    def printed(self) -> str:
        """The number in the style of messages."""
        return self.formatted(self.digits, self.scale)

    def formatted(self, digits: int, scale: int) -> str:
        """Return another number of this kind in the style of messages."""
        decimals, number = len(str(scale // self.per)) - 1, Fraction(digits, scale)
        if self.is_change or self.is_part:
            return (signed_percent if self.is_change else percent)(number, decimals)
        rate, text = decimal(self.per * number, decimals), "{number} per {inhabitants}"
        return Message(text, number=rate, inhabitants=count(self.per)) if self.per > 1 else rate

    def _hull(self, allowed: int) -> Slopes:
        return hull(self.digits, self.scale, self.is_change, self.is_part, allowed)

    def bases(self, allowed: int) -> Interval | None:
        """Return the bounds of the denominators that give the number with this numerator."""
        slopes, top = self._hull(allowed), int(self.top.value or 0)
        if slopes.high < 0 or (slopes.high == 0 and top):
            return None
        least, most = map(int, slopes.bases(top, 1, 0))
        least = max(least, 1)
        if slopes.low < 0 or (slopes.low == 0 and (slopes.low_closed or top)):
            return Interval.at_least(least)
        return Interval(least, most) if least <= most else None

    def tops(self, allowed: int) -> Interval | None:
        """Return the bounds of the numerators that give the number with this denominator."""
        least, most = map(int, self._hull(allowed).tops(int(self.base.value or 0)))
        least = max(least, 0)
        return Interval(least, most) if least <= most else None


VERDICTS = tuple(ClaimVerdict)
"""The verdicts of a figure; columns contain their positions."""

CONFIRMED, CONSISTENT, CONTRADICTED, NOT_ASSESSABLE = range(len(VERDICTS))

Names = tuple[str, str]


@frozen(eq=False, kw_only=True)
class RowVerdicts:
    """Verdicts on rows.

    Verdicts are positions in `VERDICTS`. The rounding methods that print the number from the stated
    counts (``fits``), and from each other pair of counts (``others``), are bits; ``tried`` has the
    rows with this pair.
    """

    verdicts: NDArray[np.int8]
    fits: NDArray[np.uint8]
    others: Mapping[Names, NDArray[np.uint8]]
    tried: Mapping[Names, Mask]

    def pairs(self, row: int, allowed: int) -> tuple[list[Names], list[Names]]:
        """Return the other pairs of a row that give its number, and those that do not."""
        tried = [pair for pair, rows in self.tried.items() if rows[row]]
        fitting = [pair for pair in tried if self.others[pair][row] & allowed]
        return fitting, [pair for pair in tried if pair not in fitting]


def judge_rows(figures: FigureColumns, allowed: int) -> RowVerdicts:
    """Return the verdict on each number by its counts, with the allowed rounding methods as bits.

    Where the numerator of a share is unknown but its denominator is so small that not every
    percentage is possible, a fit is informative.
    """
    printed, top = figures.printed, figures.top
    # A total is 100% of itself, whatever its count is: 1 of 1, or 0 of 0, which has no percentage.
    total = figures.kinds == TOTAL
    base = top.where(total, figures.base) if total.any() else figures.base
    one = np.minimum(top.upper, 1)
    itself = CountColumn.between(one, one, True)
    fits = rounding_bits(itself.where(total, top), itself.where(total, base), printed)
    # Other pairs of a numerator and a denominator, such as those of another population.
    others, tried = {}, {}
    for names in figures.pairs:
        pair = figures.tops[names[0]], figures.bases[names[1]]
        rows = pair[0].stated & pair[1].stated & printed.present & ~total
        if rows.any():
            tried[names], others[names] = rows, rounding_bits(*pair, printed, rows)
    elsewhere = np.zeros(len(figures), dtype=np.bool_)
    for other in others.values():
        elsewhere |= (other & allowed) > 0
    known, both = top.is_point & base.is_point, top.stated & base.stated
    small = (figures.kinds == SHARE) & base.stated & (base.upper < printed.scale)
    # The first condition that is true decides.
    verdicts = np.select(
        [~printed.present, (fits & allowed) == 0, both & known, both | elsewhere | small],
        [NOT_ASSESSABLE, CONTRADICTED, CONFIRMED, CONSISTENT],
        NOT_ASSESSABLE,
    ).astype(np.int8)
    # Changes of two rounded rates are few, and judged one by one.
    for row, change in figures.rates.items():
        number, ways = figures.percent(row), ways_of(allowed)
        verdicts[row] = NOT_ASSESSABLE
        if printed.present[row]:
            fitting = CONFIRMED if change.implies(number, ways) else CONSISTENT
            verdicts[row] = fitting if change.fits(number, ways) else CONTRADICTED
    return RowVerdicts(verdicts=verdicts, fits=fits, others=others, tried=tried)
