"""Rounding methods that give a published number, in integer arithmetic.

A share of *n* in *d* is printed as the digits *k* (56.0% is 560) in units of 1/*scale* (1/1000).
With f = scale·n - k·d, the share lies f/d units from what is printed: to the nearest means
-d ≤ 2f ≤ d, with either end as halves go; cut and rounded up mean that f has a sign and is less
than d. A change from *d* to *n* is n/d - 1, which the same holds of with k + scale in place of k.
A rate per 100,000 with one decimal has the scale 1,000,000, and a ratio with two decimals 100.
"""

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.values import LARGEST_COUNT, Rounding

__all__ = [
    "ANY",
    "NEAREST",
    "WAYS",
    "NumberKind",
    "RoundingLimits",
    "bits_of",
    "ends",
    "possible",
    "roundings",
    "ways_of",
]

WAYS = (
    Rounding.HALF_UP,
    Rounding.HALF_EVEN,
    Rounding.HALF_AWAY,
    Rounding.DOWN,
    Rounding.UP,
)
"""The ways of rounding, each a bit of what is found."""

NEAREST, ANY = 0b00111, 0b11111

_ROOM = 2**61
"""What products may reach in int64, so that twice as much still fits; others use Python's."""

Whole = NDArray[Any]


@frozen(eq=False)
class NumberKind:
    """What kind of number each row prints; the rows that are neither are rates and ratios.

    Parameters
    ----------
    is_change : array of bool, shape (n,)
        A change, which is n/d - 1.
    is_part : array of bool, shape (n,)
        A share, which is at most 1.
    """

    is_change: Whole
    is_part: Whole

    def __getitem__(self, rows: Any) -> "NumberKind":
        return NumberKind(self.is_change[rows], self.is_part[rows])


def bits_of(rounding: Rounding | None) -> int:
    """Return the allowed methods as bits; by default the nearest with any tie-breaking rule."""
    if rounding is None:
        return NEAREST
    return ANY if rounding is Rounding.UNKNOWN else 1 << WAYS.index(rounding)


def ways_of(bits: int) -> tuple[Rounding, ...]:
    """Return the ways of rounding behind bits."""
    return tuple(way for place, way in enumerate(WAYS) if bits >> place & 1)


def roundings(
    top: Whole, base: Whole, digits: Whole, scale: Whole, kind: "NumberKind"
) -> NDArray[np.uint8]:
    """Return which ways of rounding print the digits from known counts, as bits.

    Parameters
    ----------
    top, base : array of int64, shape (n,)
        Numerator and denominator, or the new and the old count of a change.
    digits : array of int64, shape (n,)
        The printed digits with their sign: -32 for -3.2%.
    scale : array of int64, shape (n,)
        How many of the last digit make a whole: 1000 for one decimal of a percentage.
    kind : NumberKind
        Which numbers are changes, and which are shares.

    Returns
    -------
    array of uint8, shape (n,)
        None where the base is 0.
    """
    level = digits + np.where(kind.is_change, scale, 0)
    found = np.zeros(len(top), dtype=np.uint8)
    for rows, dtype in _by_size((top, base), (scale, level)):
        counts = top[rows].astype(dtype), base[rows].astype(dtype)
        factors = scale[rows].astype(dtype), level[rows].astype(dtype)
        found[rows] = _printed(counts, factors, digits[rows])
    found[base <= 0] = 0
    return found


def _by_size(counts: tuple[Whole, ...], factors: tuple[Whole, ...]) -> list[tuple[Any, Any]]:
    """Return which rows can be multiplied in int64, and which need Python's integers."""
    size = len(counts[0])
    if not size:
        return []
    most = max(int(np.abs(column).max()) for column in counts)
    factor = max(int(np.abs(column).max()) for column in factors)
    if most * factor <= _ROOM:
        return [(slice(None), np.int64)]
    largest = np.maximum.reduce([np.abs(column) for column in factors])
    fit = np.maximum.reduce(counts) <= _ROOM // np.maximum(largest, 1)
    return [(rows, dtype) for rows, dtype in ((fit, np.int64), (~fit, object)) if rows.any()]


def _printed(counts: tuple[Whole, Whole], factors: tuple[Whole, Whole], digits: Whole) -> Whole:
    (top, base), (scale, level) = counts, factors
    off = scale * top - level * base
    twice, up, down = 2 * off, digits > 0, digits < 0
    inside = (twice > -base) & (twice < base)
    below, above = twice == -base, twice == base
    further = (off >= 0) & (off < base)
    nearer = (off <= 0) & (off > -base)
    masks = (
        inside | below,
        inside | ((below | above) & (digits % 2 == 0)),
        inside | (below & up) | (above & down),
        np.where(up, further, np.where(down, nearer, further | nearer)),
        np.where(up, nearer, np.where(down, further, off == 0)),
    )
    found = np.zeros(len(off), dtype=np.uint8)
    for place, mask in enumerate(masks):
        found |= mask.astype(np.uint8) << np.uint8(place)
    return found


@frozen(eq=False)
class RoundingLimits:
    """Between which numbers 2·scale·n/d lies if n/d is printed, and whether it can be one of them.

    Parameters
    ----------
    low, high : array of int64, shape (n,)
    low_closed, high_closed : array of bool, shape (n,)
    """

    low: Whole
    high: Whole
    low_closed: Whole
    high_closed: Whole


def ends(digits: Whole, scale: Whole, kind: "NumberKind", way: Rounding) -> RoundingLimits:
    """Return between which numbers 2·scale·n/d lies if it is printed in one way of rounding.

    A share is at most the whole, whatever is printed.
    """
    up, down, even = digits > 0, digits < 0, digits % 2 == 0
    yes, no = np.ones_like(up), np.zeros_like(up)
    middle = 2 * (digits + np.where(kind.is_change, scale, 0))
    # In halves of a unit: how far the lower and the upper end are away, and which are closed.
    below, above, low_closed, high_closed = {
        Rounding.HALF_UP: (1, 1, yes, no),
        Rounding.HALF_EVEN: (1, 1, even, even),
        Rounding.HALF_AWAY: (1, 1, up, down),
        Rounding.DOWN: (np.where(up, 0, 2), np.where(down, 0, 2), up, down),
        Rounding.UP: (2 * up, 2 * down, ~up, ~down),
    }[way]
    low, high = middle - below, middle + above
    capped = kind.is_part & (high > 2 * scale)
    return RoundingLimits(low, np.where(capped, 2 * scale, high), low_closed, high_closed | capped)


def possible(
    tops: tuple[Whole, Whole],
    bases: tuple[Whole, Whole],
    digits: Whole,
    scale: Whole,
    kind: "NumberKind",
) -> NDArray[np.uint8]:
    """Return the rounding methods that give the digits for some counts within bounds, as bits.

    Parameters
    ----------
    tops, bases : pair of arrays of int64, shape (n,)
        The least and the most that each can be.
    digits, scale, kind
        As for `roundings`.

    Returns
    -------
    array of uint8, shape (n,)
    """
    found = np.zeros(len(digits), dtype=np.uint8)
    bases = (np.maximum(bases[0], 1), bases[1])
    there = (tops[0] <= tops[1]) & (bases[0] <= bases[1])
    for place, way in enumerate(WAYS):
        limits = ends(digits, scale, kind, way)
        factors = (2 * scale, limits.low, limits.high)
        for rows, dtype in _by_size((*tops, *bases), factors):
            ok = _reached(
                _picked(tops, rows, dtype),
                _picked(bases, rows, dtype),
                (2 * scale)[rows].astype(dtype),
                RoundingLimits(
                    limits.low[rows].astype(dtype),
                    limits.high[rows].astype(dtype),
                    limits.low_closed[rows],
                    limits.high_closed[rows],
                ),
            )
            found[rows] |= ok.astype(np.uint8) << np.uint8(place)
    found[~there] = 0
    return found


def _picked(pair: tuple[Whole, Whole], rows: Any, dtype: Any) -> tuple[Whole, Whole]:
    return pair[0][rows].astype(dtype), pair[1][rows].astype(dtype)


def _reached(
    tops: tuple[Whole, Whole], bases: tuple[Whole, Whole], scale: Whole, limits: RoundingLimits
) -> NDArray[np.bool_]:
    """Whether low·d ≤ scale·n ≤ high·d for some whole n and d between their ends.

    Where neither end of n is such a number, all of them lie strictly between the ends of n, and
    then they are counted.
    """
    single = bases[0] == bases[1]
    least = np.maximum(tops[0], _least(limits.low * bases[0], scale, limits.low_closed))
    most = np.minimum(tops[1], _most(limits.high * bases[0], scale, limits.high_closed))
    # Above an open zero it is the smallest number that is not 0.
    some_one = np.maximum(tops[0], 1)
    found = np.where(
        single,
        least <= most,
        _meets(tops[0], bases, scale, limits)
        | _meets(tops[1], bases, scale, limits)
        | ((some_one <= tops[1]) & _meets(np.minimum(some_one, tops[1]), bases, scale, limits)),
    ).astype(np.bool_)
    open_wide = (tops[0] == 0) & (tops[1] == LARGEST_COUNT) & (bases[1] == LARGEST_COUNT)
    some = (limits.low < limits.high) | (
        (limits.low == limits.high) & limits.low_closed & limits.high_closed
    )
    some &= (limits.high > 0) | ((limits.high == 0) & limits.high_closed)
    found |= (open_wide & some).astype(np.bool_)
    for row in np.flatnonzero(~found & ~single & ~open_wide & (limits.low > 0)).tolist():
        found[row] = _number_inside(
            (int(tops[0][row]), int(tops[1][row])),
            (int(bases[0][row]), int(bases[1][row])),
            int(scale[row]),
            (int(limits.low[row]), int(limits.high[row])),
            (bool(limits.low_closed[row]), bool(limits.high_closed[row])),
        )
    return found


def _least(value: Whole, unit: Whole, closed: Whole) -> Whole:
    return np.where(closed, -(-value // unit), value // unit + 1)


def _most(value: Whole, unit: Whole, closed: Whole) -> Whole:
    return np.where(closed, value // unit, -(-value // unit) - 1)


def _meets(top: Whole, bases: tuple[Whole, Whole], scale: Whole, limits: RoundingLimits) -> Whole:
    """Whether some denominator within its bounds fits a numerator."""
    low, high = np.maximum(limits.low, 1), np.maximum(limits.high, 1)
    first = np.where(limits.high > 0, _least(scale * top, high, limits.high_closed), bases[0])
    last = np.where(limits.low > 0, _most(scale * top, low, limits.low_closed), bases[1])
    enough = (limits.high > 0) | ((limits.high == 0) & limits.high_closed & (top == 0))
    few = (limits.low != 0) | limits.low_closed | (top > 0)
    return np.asarray(enough & few & (np.maximum(first, bases[0]) <= np.minimum(last, bases[1])))


def _number_inside(
    tops: tuple[int, int],
    bases: tuple[int, int],
    scale: int,
    limits: tuple[int, int],
    closed: tuple[bool, bool],
) -> bool:
    """Whether some numerator within its bounds fits some denominator, by enumeration."""
    (low, high), (low_closed, high_closed) = limits, closed
    first = scale * tops[0] // low + 1 if low_closed else -(-scale * tops[0] // low)
    last = -(-scale * tops[1] // high) - 1 if high_closed else scale * tops[1] // high
    first, last = max(first, bases[0]), min(last, bases[1])
    if first > last:
        return False
    size = last - first + 1
    upto = _floor_sum(size, scale, high, high * first - (not high_closed))
    before = _floor_sum(size, scale, low, low * first + scale - low_closed)
    return upto - before + size > 0


def _floor_sum(size: int, unit: int, step: int, start: int) -> int:
    """Return the sum of (start + i·step) // unit for i below size, as Euclid divides."""
    total = 0
    while True:
        total += size * (size - 1) // 2 * (step // unit) + size * (start // unit)
        step, start = step % unit, start % unit
        reach = step * size + start
        if reach < unit:
            return total
        size, start, unit, step = reach // unit, reach % unit, step, unit
