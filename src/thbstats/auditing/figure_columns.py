"""Figures as columns, and verdicts on rows, groups of rows and sets of members.

Counts and printed numbers are related by the rounding methods that print one from the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import inf, isinf
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.columns import Coded, Integers, Mask
from thbstats.columns.records import ArrayRecord
from thbstats.display import count, decimal, percent, signed_percent
from thbstats.languages import Message
from thbstats.tables.encoding import distinct
from thbstats.values import LARGEST_COUNT, Interval, Percent, Rational, Reason, Rounding, exact
from thbstats.values.percent import Line, enclosed

Column = NDArray[Any]

WAYS = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.HALF_AWAY, Rounding.DOWN, Rounding.UP)
"""The rounding methods; each is a bit of a set of methods."""

NEAREST, ANY = 0b00111, 0b11111

_ROOM = 2**61
"""The largest product in int64, so that twice as much still fits; others use Python's integers."""


def bits_of(rounding: Rounding | None) -> int:
    """Return the allowed methods as bits; by default the nearest with any tie-breaking rule."""
    if rounding is None:
        return NEAREST
    return ANY if rounding is Rounding.UNKNOWN else 1 << WAYS.index(rounding)


def ways_of(bits: int) -> tuple[Rounding, ...]:
    """Return the rounding methods of some bits."""
    return tuple(way for position, way in enumerate(WAYS) if bits >> position & 1)


@frozen(eq=False)
class CountColumn(ArrayRecord):
    """Counts between two bounds.

    Both bounds are integers, other than in `Ranges`, because the arithmetic of rounding is exact.
    An upper bound of `LARGEST_COUNT` means none. A missing or suppressed count is not stated; its
    reason is a `Reason.severity`.
    """

    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    stated: Mask
    reason: NDArray[np.uint8]

    def __getitem__(self, rows: Any) -> "CountColumn":
        return self.take(rows)

    @classmethod
    def missing(cls, size: int) -> "CountColumn":
        """Return counts that are not stated."""
        return cls.between(np.zeros(size, np.int64), np.full(size, LARGEST_COUNT), False)

    @classmethod
    def between(cls, lower: Column, upper: Column, stated: Any) -> "CountColumn":
        """Return counts with bounds; those that are not stated are not reported."""
        flags = np.array(np.broadcast_to(stated, lower.shape), dtype=np.bool_)
        reason = np.where(flags, Reason.KNOWN.severity, Reason.NOT_REPORTED.severity)
        return cls(lower, upper, flags, reason.astype(np.uint8))

    def or_else(self, other: "CountColumn") -> "CountColumn":
        """Return the counts with missing ones from another column."""
        return self.where(self.stated, other)

    @property
    def is_point(self) -> Mask:
        """The counts that are known exactly."""
        return np.asarray(self.lower == self.upper)

    def interval(self, row: int) -> Interval:
        """Return the bounds of one count."""
        lower, upper = int(self.lower[row]), int(self.upper[row])
        return Interval(lower, None if lower < upper == LARGEST_COUNT else upper)


@frozen(eq=False)
class PrintedColumn(ArrayRecord):
    """Printed percentages, rates and ratios.

    The digits have the sign (-32 for -3.2%); the scale is the number of units of the last digit in
    a whole (1000 for one decimal of a percentage). A number is a change, n/d - 1, a share, which is
    at most 1, or a rate or ratio.
    """

    digits: NDArray[np.int64]
    scale: NDArray[np.int64]
    present: Mask
    is_change: Mask
    is_part: Mask

    def __getitem__(self, rows: Any) -> "PrintedColumn":
        return self.take(rows)


def rounding_bits(
    top: CountColumn, base: CountColumn, printed: PrintedColumn, rows: Mask | None = None
) -> NDArray[np.uint8]:
    """Return the rounding methods that print numbers from numerators and denominators, as bits.

    Counts between bounds have a method if some integers within their bounds have it.
    """
    bits = np.zeros(len(printed.digits), dtype=np.uint8)
    # A denominator of 0 has no share.
    counts, unit = (top.lower, top.upper, np.maximum(base.lower, 1), base.upper), 2 * printed.scale
    for position, way in enumerate(WAYS):
        low, high, *closed = limits(printed, way)
        for some, dtype in _by_size(counts, (unit, low, high)):
            columns = (c[some].astype(dtype, copy=False) for c in (*counts, unit, low, high))
            fits = _reached(columns, [own[some] for own in closed])
            bits[some] |= fits.astype(np.uint8) << np.uint8(position)
    rows = printed.present if rows is None else rows
    bits[~rows | (top.lower > top.upper) | (base.upper < 1)] = 0
    return bits


def _by_size(counts: tuple[Column, ...], factors: tuple[Column, ...]) -> list[tuple[Any, Any]]:
    """Return the rows whose products fit into int64, and those that need Python's integers."""
    if not len(counts[0]):
        return []
    # Nearly always the largest products of all rows fit, and one slice takes all of them.
    most, factor = (
        max(int(np.abs(column).max()) for column in columns) for columns in (counts, factors)
    )
    if most * factor <= _ROOM:
        return [(slice(None), np.int64)]
    largest = np.maximum.reduce([np.abs(column) for column in factors])
    small = np.maximum.reduce(counts) <= _ROOM // np.maximum(largest, 1)
    return [(rows, dtype) for rows, dtype in ((small, np.int64), (~small, object)) if rows.any()]


def limits(printed: PrintedColumn, way: Rounding) -> tuple[Column, Column, Mask, Mask]:
    """Return the bounds of 2·scale·n/d that one method prints, and whether they are attained.

    A share is at most 1.
    """
    digits, scale = printed.digits, printed.scale
    up, down, even = digits > 0, digits < 0, digits % 2 == 0
    yes, no = np.ones_like(up), np.zeros_like(up)
    # By method, how far the bounds are below and above the printed number, in halves of a unit, and
    # whether they are attained.
    below, above, low_closed, high_closed = {
        Rounding.HALF_UP: (1, 1, yes, no),
        Rounding.HALF_EVEN: (1, 1, even, even),
        Rounding.HALF_AWAY: (1, 1, up, down),
        Rounding.DOWN: (np.where(up, 0, 2), np.where(down, 0, 2), up, down),
        Rounding.UP: (2 * up, 2 * down, ~up, ~down),
    }[way]
    level: Column = digits + np.where(printed.is_change, scale, 0)  # a change is n/d - 1
    low, high = 2 * level - below, 2 * level + above
    capped = printed.is_part & (high > 2 * scale)
    return low, np.where(capped, 2 * scale, high), low_closed, high_closed | capped


@lru_cache(maxsize=1 << 12)
def hull(
    digits: int, scale: int, is_change: bool, is_part: bool, allowed: int
) -> tuple[int, int, bool, bool]:
    """Return the bounds of 2·scale·n/d for any allowed method, and whether they are attained."""
    columns = ([digits], [scale], [True], [is_change], [is_part])
    printed = PrintedColumn(*map(np.array, columns))
    bounds = [limits(printed, way) for way in ways_of(allowed)]
    low = min((int(low[0]), not closed[0]) for low, _, closed, _ in bounds)
    high = max((int(high[0]), bool(closed[0])) for _, high, _, closed in bounds)
    return low[0], high[0], not low[1], high[1]


def _reached(columns: Iterable[Column], closed: Iterable[Mask]) -> Mask:
    """Whether low·d ≤ unit·n ≤ high·d for integers n and d within their bounds.

    The columns have one entry for each number: the bounds of n, those of d, the unit, and the
    bounds of unit·n/d, which are attained where they are ``closed``.
    """
    (least, most, first, last, unit, low, high), (low_closed, high_closed) = columns, closed
    # 1. Exact counts, as nearly all are, need no division.
    above, below = unit * least - low * first, high * first - unit * least
    fits: Mask = ((above > 0) | low_closed & (above == 0)).astype(np.bool_)
    fits &= ((below > 0) | high_closed & (below == 0)).astype(np.bool_)
    rows = np.flatnonzero((least < most) | (first < last))
    if not len(rows):
        return fits
    every = (least, most, first, last, unit, low, high, low_closed, high_closed)
    least, most, first, last, unit, low, high, low_closed, high_closed = (c[rows] for c in every)

    def meets(top: Column) -> Mask:
        """Whether some denominator fits a numerator: unit·n / high ≤ d ≤ unit·n / low."""
        start = first_integer(unit * top, np.maximum(high, 1), high_closed)
        end = last_integer(unit * top, np.maximum(low, 1), low_closed)
        start, end = np.where(high > 0, start, first), np.where(low > 0, end, last)
        # A slope of 0 has no quotient: up to 0, n is 0; from an open 0, n is above 0.
        is_low = (high > 0) | ((high == 0) & high_closed & (top == 0))
        is_high = (low != 0) | low_closed | (top > 0)
        return np.asarray(is_low & is_high & (np.maximum(start, first) <= np.minimum(end, last)))

    # 2. With one denominator, the numerators between both slopes are an interval of integers.
    single, start = first == last, first_integer(low * first, unit, low_closed)
    end = last_integer(high * first, unit, high_closed)
    inside = np.maximum(least, start) <= np.minimum(most, end)
    # 3. With several denominators, the smallest and the largest numerator are tried. Where 0 itself
    # is not allowed (an open zero), the smallest numerator is 1.
    positive = np.maximum(least, 1)
    fits_any = meets(least) | meets(most) | ((positive <= most) & meets(np.minimum(positive, most)))
    fits_any = np.where(single, inside, fits_any)
    # 4. Without bounds of n and d every ratio occurs, if the slopes contain a positive number.
    unbounded = (least == 0) & (most == LARGEST_COUNT) & (last == LARGEST_COUNT)
    some = (low < high) | ((low == high) & low_closed & high_closed)
    fits_any |= unbounded & some & ((high > 0) | ((high == 0) & high_closed))
    fits_any = fits_any.astype(np.bool_)
    # 5. What is left is rare: all numerators between both slopes lie strictly between the bounds
    # of n. For each row, the first denominator with an integer between two lines is computed.
    for row in np.flatnonzero(~fits_any & ~single & ~unbounded & (low > 0)).tolist():
        scale, slopes = int(unit[row]), (int(low[row]), int(high[row]))
        attained = (bool(low_closed[row]), bool(high_closed[row]))
        # Denominators whose numerators are above the lower bound and below the upper one.
        start = int(first_integer(scale * int(least[row]), slopes[0], not attained[0]))
        end = int(last_integer(scale * int(most[row]), slopes[1], not attained[1]))
        # An open bound is moved inwards by the smallest step that its denominator can make.
        ratios = [Fraction(slope, scale) for slope in slopes]
        lower, upper = (
            Line(ratio, Fraction(0 if is_closed else inwards, ratio.denominator))
            for ratio, is_closed, inwards in zip(ratios, attained, (1, -1), strict=True)
        )
        base = enclosed(lower, upper, max(start, int(first[row])))
        fits_any[row] = base is not None and base <= min(end, int(last[row]))
    fits[rows] = fits_any
    return fits


def first_integer(value: Any, unit: Any, closed: Any) -> Any:
    """Return the smallest integer from value / unit on, or above it if that is not included."""
    return np.where(closed, -(-value // unit), value // unit + 1)


def last_integer(value: Any, unit: Any, closed: Any) -> Any:
    """Return the largest integer up to value / unit, or below it if that is not included."""
    return np.where(closed, value // unit, -(-value // unit) - 1)


Bound = tuple[Rational | float, int]
"""A bound and its step inwards: 0 if it is attained, 1 or -1 if only numbers inside it are."""


@frozen
class Span:
    """Real numbers between two bounds, without bounds by default."""

    lower: Bound = (-inf, 0)
    upper: Bound = (inf, 0)

    @classmethod
    def of(cls, number: Percent) -> "Span":
        """Return the numbers that are printed as a percentage."""
        return cls(
            (number.lower, int(not number.lower_closed)),
            (number.upper, -int(not number.upper_closed)),
        )

    @property
    def interval(self) -> Interval:
        """The closed interval."""
        ends = (None if isinf(end) else exact(Fraction(end)) for end, _ in (self.lower, self.upper))
        return Interval(*ends)

    def overlaps(self, other: "Span") -> bool:
        """Return whether both contain one number."""
        return max(self.lower, other.lower) <= min(self.upper, other.upper)

    def is_inside(self, other: "Span") -> bool:
        """Return whether the other contains every number of this one."""
        return other.lower <= self.lower and self.upper <= other.upper


@frozen
class RateChange:
    """Change between two rounded rates.

    The numerator and the denominator of a rate are not printed, so its true value is any number
    that rounds to it: 0.35 is 0.345 to 0.355. From 0.21 to 0.35 is therefore +60.5% to +73.2%.
    """

    new: Percent
    old: Percent

    def room(self, way: Rounding = Rounding.HALF_UP) -> Span:
        """Return the changes that the rates allow, as shares of the old one."""
        new, old = evolve(self.new, rounding=way), evolve(self.old, rounding=way)
        if old.upper <= 0:  # only 0 is printed so, and from 0 a relative change is undefined
            return Span()
        # The smallest change is from the largest old to the smallest new rate. A change of -100%
        # is attained by any old rate.
        least, lowest_base = max(new.lower, 0), max(old.lower, 0)
        low_closed = least == 0 or (new.lower_closed and old.upper_closed)
        lower = (Fraction(least) / Fraction(old.upper) - 1, int(not low_closed))
        if not lowest_base:  # from nearly 0 a change can have any size
            return Span(lower)
        high_closed = new.upper_closed and old.lower_closed
        return Span(lower, (Fraction(new.upper) / lowest_base - 1, -int(not high_closed)))

    def fits(self, printed: Percent, ways: Iterable[Rounding]) -> bool:
        """Return whether some rounding method gives all three numbers."""
        return any(self.room(way).overlaps(Span.of(evolve(printed, rounding=way))) for way in ways)

    def implies(self, printed: Percent, ways: Iterable[Rounding]) -> bool:
        """Return whether every rounding method gives the printed number for all true rates."""
        return all(self.room(way).is_inside(Span.of(evolve(printed, rounding=way))) for way in ways)


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

    def _hull(self, allowed: int) -> tuple[int, int, bool, bool]:
        return hull(self.digits, self.scale, self.is_change, self.is_part, allowed)

    def bases(self, allowed: int) -> Interval | None:
        """Return the bounds of the denominators that give the number with this numerator."""
        low, high, low_closed, high_closed = self._hull(allowed)
        top = 2 * self.scale * int(self.top.value or 0)
        if high < 0 or (high == 0 and top):
            return None
        least = max(1, int(first_integer(top, high, high_closed))) if high else 1
        if low < 0 or (low == 0 and (low_closed or top)):
            return Interval.at_least(least)
        most = int(last_integer(top, low, low_closed)) if low else 0
        return Interval(least, most) if least <= most else None

    def tops(self, allowed: int) -> Interval | None:
        """Return the bounds of the numerators that give the number with this denominator."""
        low, high, low_closed, high_closed = self._hull(allowed)
        base, unit = int(self.base.value or 0), 2 * self.scale
        least = max(int(first_integer(low * base, unit, low_closed)), 0)
        most = int(last_integer(high * base, unit, high_closed))
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


VERDICTS = tuple(ClaimVerdict)
"""The verdicts of a figure; columns contain their positions."""

CONFIRMED, CONSISTENT, CONTRADICTED, NOT_ASSESSABLE = range(len(VERDICTS))
_NONE = -1

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
    # A total is 100% of itself.
    total = figures.kinds == TOTAL
    base = top.where(total, figures.base) if total.any() else figures.base
    fits = rounding_bits(top, base, printed)
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


class Check(StrEnum):
    """Check of a group of rows."""

    PARTS = "parts"
    """Whether the counts of the parts add up."""
    PERCENTAGES = "percentages"
    """Whether the percentages make 100 within what rounding allows."""
    RANKS = "ranks"
    """Whether printed ranks agree with the counts, or with the percentages."""


@frozen(eq=False, kw_only=True)
class GroupChecks:
    """Checks of groups.

    Verdicts are positions in `VERDICTS`, or -1 where there is nothing to check. Ranks follow counts
    (``by_counts``), or else percentages, or neither.
    """

    keys: Integers
    rows: GroupRows
    names: tuple[str, ...]
    verdicts: dict[Check, NDArray[np.int8]]
    by_counts: Mask

    def __iter__(self) -> Iterator[tuple[int, Check, ClaimVerdict]]:
        for group in range(len(self.names)):
            for check, verdicts in self.verdicts.items():
                if verdicts[group] != _NONE:
                    yield group, check, VERDICTS[verdicts[group]]


def check_groups(figures: FigureColumns, allowed: int) -> GroupChecks:
    """Return the checks of all groups of rows, with the allowed rounding methods as bits."""
    size, totals = len(figures), figures.kinds == TOTAL
    keys, names = figures.group, figures.groups
    if keys is None:
        # Without groups all rows can be ranked, and one total has all shares for its parts.
        keys, names = np.zeros(size, dtype=np.int64), ("all rows",)
    has_whole = figures.group is not None or bool(totals.any())
    parts = GroupRows.of(keys, (figures.kinds == SHARE) & has_whole)
    verdicts = {check: np.full(len(names), _NONE, dtype=np.int8) for check in Check}
    by_counts = np.zeros(len(names), dtype=np.bool_)
    if len(parts):
        # The bounds of the total of each group: of a row, or else the denominators of its parts.
        base, top = figures.base[parts.rows], figures.top[parts.rows]
        low, high = parts.reduce(np.minimum, base.lower), parts.reduce(np.maximum, base.upper)
        known = (low == high) & parts.all(base.stated)
        # By group of the table, its position in `parts`, whose columns have groups with parts only.
        position_of_group = np.full(len(names), _NONE)
        position_of_group[parts.groups] = np.arange(len(parts))
        rows = np.flatnonzero(totals & figures.top.stated)
        rows = rows[position_of_group[keys[rows]] >= 0]
        position = position_of_group[keys[rows]]
        low[position], high[position] = figures.top.lower[rows], figures.top.upper[rows]
        known[position] = True
        # By group: the bounds of the sum of its parts, against those of the total.
        least, most, stated = parts.sums(top.lower), parts.sums(top.upper), parts.all(top.stated)
        some = parts.sums(top.stated.astype(np.int64)) > 0
        exact = (least == most) & (low == high) & stated
        verdicts[Check.PARTS][parts.groups] = np.select(
            [~known | ~some, (least > high) | (low > most), exact, stated & (most < LARGEST_COUNT)],
            [_NONE, CONTRADICTED, CONFIRMED, CONSISTENT],
            NOT_ASSESSABLE,
        )
        verdicts[Check.PERCENTAGES][parts.groups] = _hundreds(figures, parts, low, high, allowed)
    # A total without parts cannot be judged.
    alone = np.setdiff1d(keys[totals], parts.groups)
    verdicts[Check.PARTS][alone[alone >= 0]] = NOT_ASSESSABLE
    if figures.rank is not None:
        ranked = GroupRows.of(keys, figures.rank > 0)
        if len(ranked):
            ranks = _ranks(figures, ranked, figures.rank)
            verdicts[Check.RANKS][ranked.groups], by_counts[ranked.groups] = ranks
    return GroupChecks(
        keys=keys,
        rows=GroupRows.of(keys, np.ones(size, dtype=np.bool_)),
        names=names,
        verdicts=verdicts,
        by_counts=by_counts,
    )


def _hundreds(
    figures: FigureColumns, parts: GroupRows, low: Integers, high: Integers, allowed: int
) -> NDArray[np.int8]:
    """Check whether percentages of one total can add up to 100."""
    printed, top, own = figures.printed[parts.rows], figures.top[parts.rows], figures.base
    own = own[parts.rows]
    present = printed.present
    scale = np.where(present, printed.scale, 100)
    share = PrintedColumn(
        printed.digits, scale, present, np.zeros_like(present), np.ones_like(present)
    )
    # Percentages of one group can have different decimals. All are compared in units of the most
    # decimals: 100% of a group is `finest` of these units.
    finest = parts.reduce(np.maximum, scale)
    finer = parts.spread(finest) // scale
    # The denominator of each group: the one that all parts state, or else their total, or else
    # their sum where every count is known. Counts with a total belong to its percentages only if
    # they make it: otherwise the percentages can be of those with a recorded category.
    largest_base = parts.reduce(np.maximum, own.upper)
    stated = (parts.reduce(np.minimum, own.lower) == largest_base) & parts.all(own.stated)
    known = parts.all(top.stated & top.is_point)
    summed = parts.sums(np.where(top.stated, top.lower, 0))
    total = (low == high) & (high < LARGEST_COUNT)
    base = np.select([stated, total, known], [largest_base, high, summed], 0)
    certain = stated | (known & (summed == base))
    counted = top.stated & parts.spread(certain).astype(np.bool_)
    # Percentages that make 100 as they are leave nothing for rounding to explain.
    digits = printed.digits
    if int(np.abs(digits).max()) * int(finer.max()) > np.iinfo(np.int64).max:
        digits = digits.astype(object)
    made = parts.sums(np.where(present, digits * finer, 0))
    pinned = counted & parts.spread(made != finest).astype(np.bool_)
    # By method: do the bounds of the true shares contain 100%, and integers the total?
    fitting = np.zeros(len(parts), dtype=np.bool_)
    whole = parts.spread(base).astype(object)
    for way in ways_of(allowed):
        lower, upper, low_closed, high_closed = limits(share, way)
        factor = finer.astype(object)
        # No true share is below 0, although 0% can be printed of one that a unit would take there.
        closed = low_closed | (lower < 0) | ~present
        below = parts.sums(np.where(present, np.maximum(lower, 0) * factor, 0))
        above = parts.sums(np.where(present, upper * factor, 2 * parts.spread(finest)))
        few = (below < 2 * finest) | ((below == 2 * finest) & parts.all(closed))
        enough = above > 2 * finest
        enough |= (above == 2 * finest) & parts.all(high_closed | ~present)
        # Integers with these percentages must add up to a known total. A part with a count that
        # its percentage can come from is that number; any other part is taken as printed.
        unit = (2 * scale).astype(object)
        least = np.where(present, np.maximum(first_integer(lower * whole, unit, low_closed), 0), 0)
        most = np.where(present, last_integer(upper * whole, unit, high_closed), whole)
        fits = pinned & (top.lower <= most).astype(np.bool_) & (least <= top.upper).astype(np.bool_)
        smallest = parts.sums(np.where(fits, np.maximum(least, top.lower), least))
        largest = parts.sums(np.where(fits, np.minimum(most, top.upper), most))
        reached = (base == 0) | ((smallest <= base) & (base <= largest)).astype(np.bool_)
        fitting |= (few & enough & reached).astype(np.bool_)
    several = parts.sums(present.astype(np.int64)) > 1
    return np.where(several, np.where(fitting, CONSISTENT, CONTRADICTED), _NONE).astype(np.int8)


def _ranks(
    figures: FigureColumns, ranked: GroupRows, rank: Integers
) -> tuple[NDArray[np.int8], Mask]:
    """Return whether ranks follow counts or percentages, and whether they follow counts."""
    top, printed = figures.top[ranked.rows], figures.printed[ranked.rows]
    counted, formatted = ranked.all(top.stated), ranked.all(printed.present)
    # Percentages with different decimals, in units of the most decimals of their group.
    factor = ranked.spread(ranked.reduce(np.maximum, printed.scale)) // printed.scale
    values = printed.digits.astype(object) * factor
    by_count = counted & _ordered(ranked, rank, top.lower, top.upper)
    by_share = formatted & _ordered(ranked, rank, values, values)
    verdicts = np.select(
        [
            ranked.sizes < 2,
            ~counted & ~formatted,
            by_count & ranked.all(top.is_point) | by_share,
            by_count,
        ],
        [_NONE, NOT_ASSESSABLE, CONFIRMED, CONSISTENT],
        CONTRADICTED,
    )
    return verdicts.astype(np.int8), by_count


def _ordered(ranked: GroupRows, rank: Integers, low: NDArray[Any], high: NDArray[Any]) -> Mask:
    """Whether ranks can follow the values: no value of a later rank is above an earlier one."""
    # Rows by group and rank; equal ranks of a group are one run, from `starts`.
    group, position = ranked.spread(np.arange(len(ranked))), rank[ranked.rows]
    order = np.lexsort((position, group))
    group, position = group[order], position[order]
    starts = np.flatnonzero(np.append(True, (np.diff(group) != 0) | (np.diff(position) != 0)))
    # By run: the largest lower bound, and the smallest upper bound of this and all earlier ranks. A
    # value that is certainly above an earlier one contradicts its rank.
    largest = np.maximum.reduceat(low[order], starts)
    smallest = np.minimum.reduceat(high[order], starts).astype(object)
    owner = group[starts]
    first = np.flatnonzero(np.diff(owner, prepend=_NONE))
    for start, end in zip(first, [*first[1:], len(owner)], strict=True):
        smallest[start:end] = np.minimum.accumulate(smallest[start:end])
    wrong = (largest > smallest).astype(np.bool_)
    return np.asarray(np.bincount(owner[wrong], minlength=len(ranked)) == 0)


@frozen(kw_only=True)
class MatchedSet:
    """Set of members for which a percentage was tried.

    Parameters
    ----------
    label : str
        The set in words.
    members : tuple of str
        The members.
    numerator, denominator : Interval
        The sums of their counts; for a change the new and the old ones.
    fits : bool
        Whether these sums give the percentage.
    """

    label: str
    members: tuple[str, ...]
    numerator: Interval
    denominator: Interval
    fits: bool


def match_sets(
    figures: FigureColumns,
    parts: GroupRows,
    names: Coded[str],
    top: CountColumn,
    base: CountColumn,
    *,
    allowed: int,
) -> dict[int, list[MatchedSet]]:
    """Return the sets of members that were tried, by row of the table.

    The sets are all members, those with both counts, and these without one of them. A set is tried
    with the sums of the counts of its members.
    """
    sets: list[tuple[int, str, list[int]]] = []
    for row in parts.groups.tolist():
        every = parts.rows[parts.entries(row)].tolist()
        both = [member for member in every if top.stated[member] and base.stated[member]]
        label: str = Message("all members")
        if len(both) < len(every):
            label = Message("members with both counts")
            sets.append((row, Message("all members with a count"), every))
        sets += [(row, label, both)] if both else []
        for left in both if len(both) > 1 else ():
            text = Message("{name}, without {member}", name=label, member=names[left])
            sets.append((row, text, [member for member in both if member != left]))

    def sums(counts: CountColumn) -> CountColumn:
        bounds = []
        for ends in (counts.lower, counts.upper):
            column = np.where(counts.stated, ends, 0).tolist()
            totals = [sum(column[member] for member in own) for _, _, own in sets]
            bounds.append(np.array([min(total, LARGEST_COUNT) for total in totals], np.int64))
        return CountColumn.between(bounds[0], bounds[1], True)

    tops, bases = sums(top), sums(base)
    owners = np.array([row for row, _, _ in sets], np.intp)
    fits = rounding_bits(tops, bases, figures.printed[owners]) & allowed
    result: dict[int, list[MatchedSet]] = {}
    for position, (row, label, own) in enumerate(sets):
        item = MatchedSet(
            label=label,
            members=tuple(names[member] for member in own),
            numerator=tops.interval(position),
            denominator=bases.interval(position),
            fits=bool(fits[position]),
        )
        result.setdefault(row, []).append(item)
    return result
