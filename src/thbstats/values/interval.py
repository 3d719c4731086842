"""Closed intervals of exact numbers, and exact roots and logarithms."""

from collections.abc import Callable
from decimal import Context
from fractions import Fraction
from math import isqrt
from numbers import Integral
from numbers import Rational as AnyRational
from operator import add, mul, sub
from typing import Any, Self

from attrs import field, frozen

from thbstats._signatures import explain_arguments, explain_operators
from thbstats.errors import InvalidValue, require

Rational = int | Fraction
"""An exact number; integers are always ``int``."""


def exact(value: object, name: str = "value") -> Rational:
    """Return an exact number as int or Fraction.

    Floats are not exact: 0.1 is not one tenth.

    Examples
    --------
    >>> exact(Fraction(14, 7)), exact(Fraction(14, 25))
    (2, Fraction(14, 25))
    """
    if isinstance(value, bool) or not isinstance(value, AnyRational):
        hint = "Use an int or a fractions.Fraction, or Percent for a printed percentage"
        raise InvalidValue("must be an exact number", field=name, value=value, hint=hint)
    if value.denominator == 1:
        return int(value.numerator)
    return Fraction(int(value.numerator), int(value.denominator))


def is_integer(value: object, least: int = 0) -> bool:
    """Return whether a value is an integer of at least ``least``.

    Examples
    --------
    >>> is_integer(3), is_integer(0, least=1), is_integer(3.0), is_integer(True)
    (True, False, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        return False
    return int(value) >= least


def _bound(value: object) -> Rational | None:
    return None if value is None else exact(value, "bound")


@explain_operators("Use lower and upper, such as interval.lower > 5")
@explain_arguments
@frozen
class Interval:
    """Possible values of a quantity, from ``lower`` to ``upper``, both included.

    Parameters
    ----------
    lower, upper : int, Fraction or None
        The bounds; ``None`` means not bounded.
    undefined : bool
        Whether the quantity can be undefined, such as a share with denominator 0.

    Raises
    ------
    InvalidValue
        If a bound is not exact, or the lower bound exceeds the upper bound.

    Examples
    --------
    >>> Interval(17273, 17583)
    Interval(17273 to 17583)
    >>> Interval.at_least(3).contains(10**9)
    True
    """

    lower: Rational | None = field(converter=_bound)
    upper: Rational | None = field(converter=_bound)
    undefined: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not _is_at_most(self.lower, self.upper):
            raise InvalidValue(
                "must have a lower bound of at most the upper bound",
                field="interval",
                value=f"{self.lower} to {self.upper}",
                hint="Swap the bounds",
            )

    @classmethod
    def point(cls, value: Rational) -> Self:
        """Return the interval of one value."""
        return cls(value, value)

    @classmethod
    def at_least(cls, lower: Rational) -> Self:
        """Return the interval without upper bound."""
        return cls(lower, None)

    @property
    def is_point(self) -> bool:
        """Whether the quantity is exact and always defined."""
        return self.lower is not None and self.lower == self.upper and not self.undefined

    @property
    def value(self) -> Rational | None:
        """The exact value, or ``None``."""
        return self.lower if self.is_point else None

    @property
    def width(self) -> Rational | None:
        """Upper minus lower bound; ``None`` if a bound is missing."""
        return _bound(_result(sub, self.upper, self.lower))

    def contains(self, value: Rational) -> bool:
        """Return whether the interval includes a value."""
        above = self.lower is None or self.lower <= value
        return above and (self.upper is None or value <= self.upper)

    def within(self, other: "Interval") -> bool:
        """Return whether the other interval includes this interval."""
        low = other.lower is None or (self.lower is not None and self.lower >= other.lower)
        high = other.upper is None or (self.upper is not None and self.upper <= other.upper)
        return low and high and (other.undefined or not self.undefined)

    def overlaps(self, other: "Interval") -> bool:
        """Return whether two intervals have a value in common."""
        return _is_at_most(self.lower, other.upper) and _is_at_most(other.lower, self.upper)

    def intersect(self, other: "Interval") -> "Interval":
        """Return the intersection of two intervals.

        It can be undefined only if both can be. An empty intersection raises `InvalidValue`.

        Examples
        --------
        >>> Interval(17273, 17583).intersect(Interval.at_least(17500))
        Interval(17500 to 17583)
        """
        hint = "Check that both describe the same quantity"
        both = f"{self} and {other}"
        require(self.overlaps(other), "must have a value in common", hint, interval=both)
        lowers = (end for end in (self.lower, other.lower) if end is not None)
        uppers = (end for end in (self.upper, other.upper) if end is not None)
        return Interval(
            max(lowers, default=None),
            min(uppers, default=None),
            undefined=self.undefined and other.undefined,
        )

    def hull(self, other: "Interval") -> "Interval":
        """Return the smallest interval that includes both.

        It is possibly undefined if one of the intervals is.

        Examples
        --------
        >>> Interval(0, 4).hull(Interval.point(6))
        Interval(0 to 6)
        """
        return Interval(
            _result(min, self.lower, other.lower),
            _result(max, self.upper, other.upper),
            undefined=self.undefined or other.undefined,
        )

    def scale(self, factor: Rational) -> "Interval":
        """Return the interval times a positive factor.

        Examples
        --------
        >>> Interval(Fraction(111, 200), Fraction(113, 200)).scale(100)
        Interval(111/2 to 113/2)
        """
        factor = exact(factor, "factor")
        hint = "Use subtraction to change the sign"
        require(factor > 0, "must be above 0", hint, factor=factor)
        lower, upper = _result(mul, self.lower, factor), _result(mul, self.upper, factor)
        return Interval(lower, upper, undefined=self.undefined)

    def __add__(self, other: "Interval | Rational") -> "Interval":
        other = other if isinstance(other, Interval) else Interval.point(other)
        lower, upper = _result(add, self.lower, other.lower), _result(add, self.upper, other.upper)
        return Interval(lower, upper, undefined=self.undefined or other.undefined)

    def __sub__(self, other: "Interval | Rational") -> "Interval":
        """Return the difference of two *independent* quantities."""
        other = other if isinstance(other, Interval) else Interval.point(other)
        lower, upper = _result(sub, self.lower, other.upper), _result(sub, self.upper, other.lower)
        return Interval(lower, upper, undefined=self.undefined or other.undefined)

    @staticmethod
    def share_of(part: "Interval", complement: "Interval") -> "Interval":
        """Return part / (part + complement) of independent counts.

        The bounds are sharp: a part of 0 to 4 with 6 others gives 0 to 2/5, not 0 to 2/3.

        Parameters
        ----------
        part, complement : Interval
            Counts of 0 or more without overlap.

        Returns
        -------
        Interval
            From 0 to 1; possibly undefined if both counts can be 0.

        Raises
        ------
        InvalidValue
            If a lower bound is below 0.

        Examples
        --------
        >>> Interval.share_of(Interval(0, 4), Interval.point(6))
        Interval(0 to 2/5)
        """
        low, high = _counts(part, "part")
        complement_low, complement_high = _counts(complement, "complement")
        if high == 0 and complement_high == 0:
            return Interval(0, 1, undefined=True)
        undefined = part.undefined or complement.undefined or (low == 0 and complement_low == 0)
        if complement_high == 0:
            lower = Fraction(1)
        else:
            lower = Fraction(0) if complement_high is None else Fraction(low, low + complement_high)
        if high == 0:
            upper = Fraction(0)
        else:
            upper = Fraction(1) if high is None else Fraction(high, high + complement_low)
        return Interval(lower, upper, undefined=undefined)

    @staticmethod
    def ratio(numerator: "Interval", denominator: "Interval") -> "Interval":
        """Return numerator / denominator of independent counts.

        The bounds are sharp. If the denominator can be 0, the ratio is possibly undefined, and
        its upper bound has the denominator 1: counts are integers.

        Parameters
        ----------
        numerator, denominator : Interval
            Counts of 0 or more; neither includes the other.

        Returns
        -------
        Interval
            0 or more; possibly undefined if the denominator can be 0.

        Raises
        ------
        InvalidValue
            If a lower bound is below 0.

        Examples
        --------
        >>> Interval.ratio(Interval.point(135), Interval.point(2))
        Interval(135/2)
        """
        low, high = _counts(numerator, "numerator")
        base_low, base_high = _counts(denominator, "denominator")
        if base_low == 0 and base_high is not None and base_high < 1:
            return Interval(0, None, undefined=True)
        lower = Fraction(0) if base_high is None else Fraction(low, base_high)
        upper = None if high is None else Fraction(high, base_low or 1)
        undefined = numerator.undefined or denominator.undefined or base_low == 0
        return Interval(lower, upper, undefined=undefined)

    def __str__(self) -> str:
        if self.lower is None and self.upper is None:
            text = "not bounded"
        elif self.upper is None:
            text = f"{self.lower} or more"
        elif self.lower is None:
            text = f"{self.upper} or less"
        elif self.lower == self.upper:
            text = str(self.lower)
        else:
            text = f"{self.lower} to {self.upper}"
        return f"{text} or undefined" if self.undefined else text

    def __repr__(self) -> str:
        return f"Interval({self})"


def _counts(interval: Interval, name: str) -> tuple[Rational, Rational | None]:
    if interval.lower is None or interval.lower < 0:
        hint = "Set the lower bound to 0 or more"
        problem = "must be a count of 0 or more"
        raise InvalidValue(problem, field=name, value=str(interval), hint=hint)
    return interval.lower, interval.upper


def _is_at_most(lower: Rational | None, upper: Rational | None) -> bool:
    return lower is None or upper is None or lower <= upper


def _result(
    operation: Callable[[Any, Any], Any], first: Rational | None, second: Rational | None
) -> Rational | None:
    """Return the result for two bounds; ``None`` if one of them is missing."""
    return None if first is None or second is None else operation(first, second)


_SCALE = 10**15
# More digits than the result has.
_DIGITS = 50


def square_root(square: Rational) -> Rational:
    """Return the square root of an exact number to 15 decimals.

    The function is monotonic. The root of a fraction of squares of up to seven digits is
    exact.

    Examples
    --------
    >>> square_root(Fraction(4, 9)), round(float(square_root(2)), 6)
    (Fraction(2, 3), 1.414214)
    """
    number = Fraction(exact(square, "square"))
    require(number >= 0, "must be 0 or more", "Use the square of a quantity", square=square)
    root = Fraction(isqrt(number.numerator), isqrt(number.denominator))
    if root**2 == number:
        return exact(root)
    return exact(Fraction(isqrt(number.numerator * _SCALE**2 // number.denominator), _SCALE))


def logarithm(number: Rational) -> Rational:
    """Return the natural logarithm of an exact number to 15 decimals.

    Examples
    --------
    >>> logarithm(1), round(float(logarithm(10)), 6)
    (0, 2.302585)
    """
    argument = Fraction(exact(number, "number"))
    require(argument > 0, "must be above 0", "Use a positive number", number=number)
    digits = Context(prec=_DIGITS)
    quotient = digits.divide(
        digits.create_decimal(argument.numerator), digits.create_decimal(argument.denominator)
    )
    return exact(Fraction(round(Fraction(digits.ln(quotient)) * _SCALE), _SCALE))
