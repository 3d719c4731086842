"""Columns of exact intervals: integer numerators and denominators of both bounds."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats._properties import cached_property
from thbstats.columns.coded import Mask, seal
from thbstats.columns.ranges import Ranges
from thbstats.columns.records import ArrayRecord
from thbstats.values import Interval, Rational

Numbers = NDArray[Any]

_SAFE = 2**62
"""Products up to this size fit into int64 with one addition to spare."""


def _integers(values: ArrayLike) -> Numbers:
    """Return int64 where every value fits, and Python integers otherwise."""
    array = np.asarray(values)
    if array.dtype == np.int64:
        return array
    array = array.astype(object, copy=False)  # unsigned integers of numpy wrap silently
    try:
        return array.astype(np.int64, copy=False)
    except OverflowError:
        return array


_flags = partial(np.asarray, dtype=np.bool_)


@frozen(eq=False)
class Fractions(ArrayRecord):
    """Exact intervals in columns.

    Parameters
    ----------
    lower_num, lower_den, upper_num, upper_den : array of int, shape (n,)
        The bounds as unreduced fractions. A denominator of 0 is no bound.
    undefined : array of bool, shape (n,)
        Whether the number can be undefined, such as a share with a denominator of 0.
    missing : array of bool, shape (n,)
        Rows without a number.

    Examples
    --------
    >>> column = Fractions.from_values([Interval(17273, 17583), None, Interval.at_least(3)])
    >>> column.upper
    array([17583.,    nan,    inf])
    >>> column[2]
    Interval(3 or more)
    """

    lower_num: Numbers = field(converter=_integers)
    lower_den: Numbers = field(converter=_integers)
    upper_num: Numbers = field(converter=_integers)
    upper_den: Numbers = field(converter=_integers)
    undefined: Mask = field(converter=_flags)  # type: ignore[misc]
    missing: Mask = field(converter=_flags)  # type: ignore[misc]

    @classmethod
    def from_values(cls, intervals: Iterable[Interval | None]) -> "Fractions":
        """Return a column of intervals; ``None`` is a row without a number."""
        items = list(intervals)
        known = [Interval(None, None) if item is None else item for item in items]
        lower = [_split(item.lower) for item in known]
        upper = [_split(item.upper) for item in known]
        columns = [*zip(*lower, strict=True), *zip(*upper, strict=True)] if items else [()] * 4
        undefined, missing = [item.undefined for item in known], [item is None for item in items]
        return cls(*(np.array(column, dtype=object) for column in (*columns, undefined, missing)))

    @classmethod
    def none(cls, size: int) -> "Fractions":
        """Return a column without any number."""
        zero = np.zeros(size, dtype=np.int64)
        flags = np.zeros(size, dtype=np.bool_)
        return cls(zero, zero, zero, zero, flags, ~flags)

    @classmethod
    def counts(cls, counts: Ranges) -> "Fractions":
        """Return counts as fractions over 1."""
        single = np.ones(counts.shape, dtype=np.int64)
        bounded = np.isfinite(counts.upper)
        flags = np.zeros(counts.shape, dtype=np.bool_)
        upper = np.where(bounded, counts.upper, 0).astype(np.int64)
        return cls(counts.lower, single, upper, bounded.astype(np.int64), flags, flags)

    @property
    def as_counts(self) -> Ranges:
        """The numbers as counts, rounded down; a missing number is not reported."""
        lower = np.where(self.missing, 0, np.nan_to_num(self.lower, neginf=0))
        return Ranges(lower, np.where(self.missing, np.inf, self.upper), ~self.missing)

    @classmethod
    def shares(cls, part: Ranges, complement: Ranges, empty: Mask) -> "Fractions":
        """Return part / (part + complement), with the opposite bound of the complement.

        `empty` marks rows in which both can be 0, so that the share can be undefined.
        """
        nothing = (part.upper == 0) & (complement.upper == 0)
        # Sums of integers: a float above 2**53 is not exact.
        most, most_others = _bounded(part.upper), _bounded(complement.upper)
        low, high = part.lower + most_others, most + complement.lower
        # The share of an unbounded part has the limit 1, that of an unbounded complement 0.
        is_all, is_open = (complement.upper == 0) & ~nothing, np.isinf(part.upper) | nothing
        low_fixed = is_all | nothing | np.isinf(complement.upper)
        high_fixed = is_open | (part.upper == 0)
        return cls(
            np.where(low_fixed, is_all, part.lower),
            np.where(low_fixed | (low == 0), 1, low),
            np.where(high_fixed, is_open, most),
            np.where(high_fixed | (high == 0), 1, high),
            empty | nothing,
            np.zeros(nothing.shape, dtype=np.bool_),
        )

    @classmethod
    def ratios(cls, numerator: Ranges, denominator: Ranges, scale: int = 1) -> "Fractions":
        """Return scale * numerator / denominator of independent counts.

        If the denominator can be 0, the ratio can be undefined. Its upper bound then has a
        denominator of 1, because counts are integers.
        """
        none = denominator.upper == 0
        open_below = np.isinf(denominator.upper) | none
        open_above = np.isinf(numerator.upper) | none
        return cls(
            _product(np.where(open_below, 0, numerator.lower), scale),
            np.where(open_below, 1, denominator.upper).astype(np.int64),
            _product(np.where(open_above, 0, numerator.upper).astype(np.int64), scale),
            np.where(open_above, 0, np.maximum(denominator.lower, 1)),
            denominator.lower == 0,
            np.zeros(len(none), dtype=np.bool_),
        )

    def without(self, rows: Mask) -> "Fractions":
        """Return the column without the numbers of some rows."""
        if not rows.any():
            return self
        *others, missing = self.arrays
        return Fractions(*[*others, missing | rows])

    def hull(self, other: "Fractions") -> "Fractions":
        """Return the smallest intervals that contain two columns."""
        below = _difference(other.lower_num, other.lower_den, self.lower_num, self.lower_den)
        above = _difference(other.upper_num, other.upper_den, self.upper_num, self.upper_den)
        lower = self.where((below[0] >= 0) & (other.lower_den != 0), other)
        upper = self.where((above[0] <= 0) & (other.upper_den != 0), other)
        ends = (*lower.arrays[:2], *upper.arrays[2:4])
        return Fractions(*[*ends, self.undefined, self.missing])

    def scale(self, factor: Rational) -> "Fractions":
        """Return the numbers times a positive factor."""
        num, den = Fraction(factor).as_integer_ratio()
        ends = zip(self.arrays[:4], (num, den, num, den), strict=True)
        scaled = [_product(end, own) for end, own in ends]
        return Fractions(*[*scaled, self.undefined, self.missing])

    def minus(self, other: "Fractions") -> "Fractions":
        """Return the differences of independent numbers."""
        lower = _difference(self.lower_num, self.lower_den, other.upper_num, other.upper_den)
        upper = _difference(self.upper_num, self.upper_den, other.lower_num, other.lower_den)
        return Fractions(
            *lower, *upper, self.undefined | other.undefined, self.missing | other.missing
        )

    @cached_property
    def lower(self) -> NDArray[np.float64]:
        """The lower bounds; ``-inf`` for no bound, ``nan`` for no number."""
        return self._floats(self.lower_num, self.lower_den, -np.inf)

    @cached_property
    def upper(self) -> NDArray[np.float64]:
        """The upper bounds; ``inf`` for no bound, ``nan`` for no number."""
        return self._floats(self.upper_num, self.upper_den, np.inf)

    def _floats(self, num: Numbers, den: Numbers, unbounded: float) -> NDArray[np.float64]:
        is_open = den == 0
        quotient = np.asarray(num / (den + is_open), dtype=np.float64)
        quotient[is_open], quotient[self.missing] = unbounded, np.nan
        return seal(quotient)

    @property
    def is_point(self) -> Mask:
        """The rows with one value that is always defined."""
        bounded = (self.lower_den != 0) & (self.upper_den != 0)
        same = (self.lower_num == self.upper_num) & (self.lower_den == self.upper_den)
        if not same.all():
            same = _product(self.lower_num, self.upper_den) == _product(
                self.upper_num, self.lower_den
            )
        return np.asarray(bounded & same & ~self.undefined & ~self.missing, dtype=np.bool_)

    def equals(self, other: "Fractions") -> Mask:
        """Return the rows in which both columns have the same number, or no number."""
        same = (self.undefined == other.undefined) & ~self.missing & ~other.missing
        first, second = self.arrays, other.arrays
        for num, den, num2, den2 in ((*first[:2], *second[:2]), (*first[2:4], *second[2:4])):
            equal = _product(num, den2) == _product(num2, den)
            same &= np.where((den == 0) | (den2 == 0), den == den2, equal).astype(np.bool_)
        return np.asarray(same | (self.missing & other.missing), dtype=np.bool_)

    def __len__(self) -> int:
        return len(self.missing)

    def interval(self, row: int) -> Interval | None:
        """Return the number of a row, or ``None``."""
        *ends, undefined, missing = (column[row] for column in self.arrays)
        if missing:
            return None
        return Interval(_join(*ends[:2]), _join(*ends[2:]), undefined=bool(undefined))

    __getitem__ = interval

    def __iter__(self) -> Iterator[Interval | None]:
        return (self.interval(row) for row in range(len(self)))

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, Fractions) and len(self) == len(other)
        return same and bool(self.equals(other).all())  # type: ignore[arg-type]

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


def _bounded(upper: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return upper bounds as integers, 0 for no bound."""
    return np.where(np.isinf(upper), 0, upper).astype(np.int64)


def _product(left: ArrayLike, right: ArrayLike) -> Numbers:
    """Return exact products: int64 where all fit, Python integers otherwise."""
    left, right = np.asarray(left), np.asarray(right)
    if np.object_ in (left.dtype.type, right.dtype.type) or not left.size or not right.size:
        return np.asarray(left * right)
    largest = _largest(left) * _largest(right)
    if largest < _SAFE:
        return np.asarray(left * right)
    return np.asarray(left.astype(object) * right.astype(object))


def _largest(values: Numbers) -> float:
    # The absolute value of the smallest integer does not fit into its type.
    return max(float(values.max()), -float(values.min()))


def _difference(
    num: Numbers, den: Numbers, other_num: Numbers, other_den: Numbers
) -> tuple[Numbers, Numbers]:
    """Return num / den - other_num / other_den; no bound if one has none."""
    bounded = (den != 0) & (other_den != 0)
    difference = _product(num, other_den) - _product(other_num, den)
    return np.where(bounded, difference, 0), np.where(bounded, _product(den, other_den), 0)


def _split(end: Rational | None) -> tuple[int, int]:
    return (0, 0) if end is None else (end.numerator, end.denominator)


def _join(num: Any, den: Any) -> Rational | None:
    return None if den == 0 else Fraction(int(num), int(den))
