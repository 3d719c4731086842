"""Rounding methods that give a number, and the ratios of counts that each method allows."""

from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Mask
from thbstats.columns.records import ArrayRecord
from thbstats.values import LARGEST_COUNT, Interval, Reason, Rounding
from thbstats.values.percent import Line, enclosed

Column = NDArray[Any]

WAYS = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.HALF_AWAY, Rounding.DOWN, Rounding.UP)
"""The rounding methods; each is a bit of a set of methods."""

NEAREST, ANY = 0b00111, 0b11111

_ROOM = 2**61
"""The largest product in int64, so that twice as much still fits; others use Python's integers."""


def bits_of(rounding: Rounding | None) -> int:
    """Return the allowed methods as bits; by default rounding to the nearest, with any tie rule."""
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

    @classmethod
    def missing(cls, size: int) -> "CountColumn":
        """Return counts that are not stated."""
        return cls.between(np.zeros(size, np.int64), np.full(size, LARGEST_COUNT), False)

    @classmethod
    def between(cls, lower: Column, upper: Column, stated: Any) -> "CountColumn":
        """Return counts with bounds; a count that is not stated is not reported."""
        flags = np.array(np.broadcast_to(stated, lower.shape), dtype=np.bool_)
        reason = np.where(flags, Reason.KNOWN.severity, Reason.NOT_REPORTED.severity)
        return cls(lower, upper, flags, reason.astype(np.uint8))

    def or_else(self, other: "CountColumn") -> "CountColumn":
        """Return the counts; missing counts are taken from another column."""
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


def decimals_of(scale: int) -> int:
    """Return the decimals of a percentage; ``scale`` is the number of its units in one."""
    return len(str(scale)) - 3


@frozen(eq=False)
class Slopes(ArrayRecord):
    """Bounds of ``unit``·n/d, and whether they are attained, for each number.

    "56%" allows 111 ≤ 200·n/d < 113: the unit is 200, as all are halves of the last digit. A
    numerator n or a denominator d is an integer; each is a column with one entry for each number.
    """

    unit: Any
    low: Any
    high: Any
    low_closed: Any
    high_closed: Any

    def contain(self, top: Any, base: Any) -> Mask:
        """Return whether n/d is between the bounds."""
        above, below = self.unit * top - self.low * base, self.high * base - self.unit * top
        is_above = (above > 0) | self.low_closed & (above == 0)
        return np.asarray(is_above & ((below > 0) | self.high_closed & (below == 0)), np.bool_)

    def tops(self, base: Any) -> tuple[Any, Any]:
        """Return the smallest and the largest n for a d; if they are reversed, no n is possible."""
        return (
            _first_integer(self.low * base, self.unit, self.low_closed),
            _last_integer(self.high * base, self.unit, self.high_closed),
        )

    def bases(self, top: Any, least: Any, most: Any) -> tuple[Any, Any]:
        """Return the smallest and largest d for an n; a slope of 0 or less leaves the given bounds.

        The real numbers are from unit·n / high to unit·n / low.
        """
        first = _first_integer(self.unit * top, np.maximum(self.high, 1), self.high_closed)
        last = _last_integer(self.unit * top, np.maximum(self.low, 1), self.low_closed)
        return np.where(self.high > 0, first, least), np.where(self.low > 0, last, most)


def _first_integer(value: Any, unit: Any, closed: Any) -> Any:
    """Return the smallest integer at or above value / unit; above it if it is not included."""
    return np.where(closed, -(-value // unit), value // unit + 1)


def _last_integer(value: Any, unit: Any, closed: Any) -> Any:
    """Return the largest integer at or below value / unit; below it if it is not included."""
    return np.where(closed, value // unit, -(-value // unit) - 1)


def limits(printed: PrintedColumn, way: Rounding) -> Slopes:
    """Return the bounds of the ratios that one method prints as a number; a share is at most 1."""
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
    high, high_closed = np.where(capped, 2 * scale, high), high_closed | capped
    return Slopes(2 * scale, low, high, low_closed, high_closed)


@frozen(eq=False)
class ExactShares(Slopes):
    """Bounds of the true shares of printed percentages, as Python integers in one unit.

    All percentages of a group have the same ``unit``, which is 100% in halves of the last digit of
    the most precise one. 33% is from 65/200 to less than 67/200, or 130/400 to 133/400 in quarters:

    >>> yes = np.ones(2, np.bool_)
    >>> printed = PrintedColumn(np.array([33, 34]), np.array([100, 100]), yes, ~yes, yes)
    >>> own = ExactShares.of(printed, printed.scale, Rounding.HALF_UP)
    >>> [bound.tolist() for bound in (own.unit, own.low, own.high, *own.quarters)]
    [[200, 200], [65, 67], [67, 69], [130, 134], [133, 137]]
    """

    @classmethod
    def of(cls, printed: PrintedColumn, finest: Column, way: Rounding) -> "ExactShares":
        """Return the bounds for one method, in the finest unit of the group of each number."""
        slopes, factor = limits(printed, way), finest.astype(object) // printed.scale
        low, high = (factor * bound.astype(object) for bound in (slopes.low, slopes.high))
        return cls(factor * slopes.unit, low, high, slopes.low_closed, slopes.high_closed)

    @property
    def quarters(self) -> tuple[Column, Column]:
        """The bounds in quarters of a unit; a bound that is not attained moves inwards by one."""
        return 2 * self.low + ~self.low_closed, 2 * self.high - ~self.high_closed


@lru_cache(maxsize=1 << 12)
def hull(digits: int, scale: int, is_change: bool, is_part: bool, allowed: int) -> Slopes:
    """Return the bounds of the ratios of one number for any allowed method."""
    columns = ([digits], [scale], [True], [is_change], [is_part])
    printed = PrintedColumn(*map(np.array, columns))
    bounds = [limits(printed, way) for way in ways_of(allowed)]
    low, is_open = min((int(own.low[0]), not own.low_closed[0]) for own in bounds)
    high, is_closed = max((int(own.high[0]), bool(own.high_closed[0])) for own in bounds)
    # Products with counts can be too large for int64.
    unit, least, most = (np.array(number, dtype=object) for number in (2 * scale, low, high))
    return Slopes(unit, least, most, not is_open, is_closed)


def rounding_bits(
    top: CountColumn, base: CountColumn, printed: PrintedColumn, rows: Mask | None = None
) -> NDArray[np.uint8]:
    """Return the rounding methods that print numbers from numerators and denominators, as bits.

    Counts between bounds have a method if some integers within their bounds have it.
    """
    bits = np.zeros(len(printed.digits), dtype=np.uint8)
    # A denominator of 0 has no share.
    counts = (top.lower, top.upper, np.maximum(base.lower, 1), base.upper)
    for position, way in enumerate(WAYS):
        slopes = limits(printed, way)
        factors = (slopes.unit, slopes.low, slopes.high)
        for some, dtype in _by_size(counts, factors):
            least, most, first, last, unit, low, high = (
                column[some].astype(dtype, copy=False) for column in (*counts, *factors)
            )
            own = Slopes(unit, low, high, slopes.low_closed[some], slopes.high_closed[some])
            fits = _reached((least, most), (first, last), own)
            bits[some] |= fits.astype(np.uint8) << np.uint8(position)
    rows = printed.present if rows is None else rows
    bits[~rows | (top.lower > top.upper) | (base.upper < 1)] = 0
    return bits


def _by_size(counts: tuple[Column, ...], factors: tuple[Column, ...]) -> list[tuple[Any, Any]]:
    """Return the rows whose products fit into int64, and the rows that need Python's integers."""
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


def _reached(top: tuple[Column, Column], base: tuple[Column, Column], slopes: Slopes) -> Mask:
    """Return whether n/d is between the slopes for some integers within bounds, for each number.

    With 3 or 4 women of 5 to 7 victims, "57%" is possible as 4/7, but "56%" is not: the shares are
    3/5, 3/6, 3/7, 4/5, 4/6 and 4/7.
    """
    (least, most), (first, last) = top, base
    # 1. Exact counts, as nearly all are, need no division.
    fits = slopes.contain(least, first)
    rows = np.flatnonzero((least < most) | (first < last))
    if not len(rows):
        return fits
    least, most, first, last = (column[rows] for column in (least, most, first, last))
    slopes = slopes.take(rows)
    low, high = slopes.low, slopes.high

    def has_base(top: Column) -> Mask:
        """Return whether some denominator within the bounds fits a numerator."""
        smallest, largest = slopes.bases(top, first, last)
        fits = np.maximum(smallest, first) <= np.minimum(largest, last)
        # A slope of 0 has no quotient: up to 0, n is 0; from an open 0, n is above 0.
        fits &= (high > 0) | ((high == 0) & slopes.high_closed & (top == 0))
        return np.asarray(fits & ((low != 0) | slopes.low_closed | (top > 0)), np.bool_)

    # 2. With one denominator, the numerators between both slopes are an interval of integers.
    is_single, (smallest, largest) = first == last, slopes.tops(first)
    has_top = np.maximum(least, smallest) <= np.minimum(most, largest)
    # 3. With several denominators, the smallest and the largest numerator are tried. Where 0 itself
    # is not allowed (an open zero), the smallest numerator is 1.
    positive = np.maximum(least, 1)
    has_end = has_base(least) | has_base(most)
    has_end |= (positive <= most) & has_base(np.minimum(positive, most))
    fits_some = np.where(is_single, has_top, has_end).astype(np.bool_)
    # 4. Without bounds of n and d every ratio occurs, if the slopes contain a positive number.
    is_free = (least == 0) & (most == LARGEST_COUNT) & (last == LARGEST_COUNT)
    is_some = (low < high) | ((low == high) & slopes.low_closed & slopes.high_closed)
    is_some &= (high > 0) | ((high == 0) & slopes.high_closed)
    fits_some |= (is_free & is_some).astype(np.bool_)
    # 5. What is left is rare: all numerators between both slopes are strictly between the bounds
    # of n. Each row is computed by itself, with Python's integers.
    for row in np.flatnonzero(~fits_some & ~is_single & ~is_free & (low > 0)).tolist():
        own = Slopes(*(int(column[row]) for column in slopes.arrays))
        fits_some[row] = _has_ratio([int(c[row]) for c in (least, most, first, last)], own)
    fits[rows] = fits_some
    return fits


def _has_ratio(bounds: list[int], slopes: Slopes) -> bool:
    """Return whether some n/d within bounds is between two slopes above 0, by the smallest d."""
    least, most, first, last = bounds
    # Denominators whose numerators are above the lower bound and below the upper one.
    start, remainder = divmod(slopes.unit * least, slopes.low)
    start += bool(slopes.low_closed or remainder)
    end, remainder = divmod(slopes.unit * most, slopes.high)
    end -= slopes.high_closed and not remainder
    # An open bound is moved inwards by the smallest step that its denominator can make.
    low, high = Fraction(slopes.low, slopes.unit), Fraction(slopes.high, slopes.unit)
    lower = Line(low, Fraction(0 if slopes.low_closed else 1, low.denominator))
    upper = Line(high, Fraction(0 if slopes.high_closed else -1, high.denominator))
    base = enclosed(lower, upper, max(start, first))
    return base is not None and base <= min(end, last)
