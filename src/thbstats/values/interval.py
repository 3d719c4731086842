"""A closed interval of exact numbers: what a quantity can be."""

from fractions import Fraction
from numbers import Integral
from numbers import Rational as AnyRational
from typing import Self

from attrs import field, frozen

from thbstats.errors import InvalidValue

__all__ = ["Interval", "Rational", "exact", "is_integer"]

Rational = int | Fraction
"""An exact number; whole numbers are always ``int``."""


def exact(value: object, name: str = "value") -> Rational:
    """Return an integer or a fraction as the exact number it is; refuse anything else.

    Floats are refused: 0.1 is not one tenth.

    Parameters
    ----------
    value : int or Fraction
        The number; integers of numpy are as good as those of Python.
    name : str
        What the error calls it.

    Returns
    -------
    int or Fraction
        An ``int`` whenever the denominator is 1.

    Raises
    ------
    InvalidValue
        If the value is a bool, a float or anything else that is not exact.

    Examples
    --------
    >>> exact(Fraction(14, 7)), exact(Fraction(14, 25))
    (2, Fraction(14, 25))
    """
    if isinstance(value, bool) or not isinstance(value, AnyRational):
        raise InvalidValue(
            "an exact number is needed",
            field=name,
            value=value,
            hint="Give an int or a fractions.Fraction, or the printed text to Percent",
        )
    if value.denominator == 1:
        return int(value.numerator)
    return Fraction(int(value.numerator), int(value.denominator))


def is_integer(value: object, least: int = 0) -> bool:
    """Return whether something is a whole number, and no less than some least one.

    Parameters
    ----------
    value : object
        Whatever was given; integers of numpy are as good as those of Python.
    least : int
        The smallest that will do.

    Returns
    -------
    bool
        False for a bool, which Python counts among its integers.

    Examples
    --------
    >>> is_integer(3), is_integer(0, least=1), is_integer(3.0), is_integer(True)
    (True, False, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        return False
    return int(value) >= least


def _end(value: object) -> Rational | None:
    return None if value is None else exact(value, "interval end")


@frozen
class Interval:
    """All values that a quantity can have, from ``lower`` to ``upper``, both included.

    Parameters
    ----------
    lower, upper : int, Fraction or None
        The ends; ``None`` stands for "no bound on this side".
    undefined : bool
        Whether the quantity can also have no value at all, as a share of an empty base.

    Raises
    ------
    InvalidValue
        If an end is not exact or the lower end is above the upper.

    Examples
    --------
    >>> Interval(17273, 17583)
    Interval(17273 to 17583)
    >>> Interval.at_least(3).contains(10**9)
    True
    """

    lower: Rational | None = field(converter=_end)
    upper: Rational | None = field(converter=_end)
    undefined: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise InvalidValue(
                "the lower end is above the upper",
                field="interval",
                value=f"{self.lower} to {self.upper}",
                hint="Swap the ends, or find out which of the two figures is wrong",
            )

    @classmethod
    def point(cls, value: Rational) -> Self:
        """Return the interval that holds one value only."""
        return cls(value, value)

    @classmethod
    def at_least(cls, lower: Rational) -> Self:
        """Return the interval with no upper bound."""
        return cls(lower, None)

    @property
    def is_point(self) -> bool:
        """Whether the quantity is known exactly and always defined."""
        return self.lower is not None and self.lower == self.upper and not self.undefined

    @property
    def value(self) -> Rational | None:
        """The one possible value, or ``None`` when there are several."""
        return self.lower if self.is_point else None

    @property
    def width(self) -> Rational | None:
        """Upper minus lower end, or ``None`` when a side has no bound."""
        if self.lower is None or self.upper is None:
            return None
        return exact(self.upper - self.lower)

    def contains(self, value: Rational) -> bool:
        """Whether the quantity can have this value."""
        above = self.lower is None or self.lower <= value
        return above and (self.upper is None or value <= self.upper)

    def within(self, other: "Interval") -> bool:
        """Whether every value of this interval is also one of the other."""
        low = other.lower is None or (self.lower is not None and self.lower >= other.lower)
        high = other.upper is None or (self.upper is not None and self.upper <= other.upper)
        return low and high and (other.undefined or not self.undefined)

    def overlaps(self, other: "Interval") -> bool:
        """Whether some value belongs to both."""
        return _below(self.lower, other.upper) and _below(other.lower, self.upper)

    def intersect(self, other: "Interval") -> "Interval":
        """Return the values that belong to both; refuse if there is none.

        Parameters
        ----------
        other : Interval
            Another statement about the same quantity.

        Returns
        -------
        Interval
            It can be undefined only if both can.

        Raises
        ------
        InvalidValue
            If the two have no value in common.

        Examples
        --------
        >>> Interval(17273, 17583).intersect(Interval.at_least(17500))
        Interval(17500 to 17583)
        """
        if not self.overlaps(other):
            raise InvalidValue(
                "the two intervals have no value in common",
                field="interval",
                value=f"{self} and {other}",
                hint="One of the two statements is wrong, or they speak of different things",
            )
        lower = [end for end in (self.lower, other.lower) if end is not None]
        upper = [end for end in (self.upper, other.upper) if end is not None]
        return Interval(
            max(lower, default=None),
            min(upper, default=None),
            undefined=self.undefined and other.undefined,
        )

    def hull(self, other: "Interval") -> "Interval":
        """Return the smallest interval that holds both.

        Parameters
        ----------
        other : Interval
            Another interval, with or without values in common.

        Returns
        -------
        Interval
            It can be undefined if one of the two can.

        Examples
        --------
        >>> Interval(0, 4).hull(Interval.point(6))
        Interval(0 to 6)
        """
        lower = None if None in (self.lower, other.lower) else min(_ends(self.lower, other.lower))
        upper = None if None in (self.upper, other.upper) else max(_ends(self.upper, other.upper))
        return Interval(lower, upper, undefined=self.undefined or other.undefined)

    def scale(self, factor: Rational) -> "Interval":
        """Return every value times a positive factor.

        Parameters
        ----------
        factor : int or Fraction
            Above 0.

        Returns
        -------
        Interval
            Without bound where this one is.

        Raises
        ------
        InvalidValue
            If the factor is not exact or not above 0.

        Examples
        --------
        >>> Interval(Fraction(111, 200), Fraction(113, 200)).scale(100)
        Interval(111/2 to 113/2)
        """
        factor = exact(factor, "factor")
        if factor <= 0:
            raise InvalidValue(
                "only a positive factor keeps the order of the ends",
                field="factor",
                value=factor,
                hint="Use subtraction for a change of sign",
            )
        return Interval(
            None if self.lower is None else self.lower * factor,
            None if self.upper is None else self.upper * factor,
            undefined=self.undefined,
        )

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(
            None if self.lower is None or other.lower is None else self.lower + other.lower,
            None if self.upper is None or other.upper is None else self.upper + other.upper,
            undefined=self.undefined or other.undefined,
        )

    def __sub__(self, other: "Interval") -> "Interval":
        """Return the difference of two *independent* quantities."""
        return Interval(
            None if self.lower is None or other.upper is None else self.lower - other.upper,
            None if self.upper is None or other.lower is None else self.upper - other.lower,
            undefined=self.undefined or other.undefined,
        )

    @staticmethod
    def share_of(part: "Interval", rest: "Interval") -> "Interval":
        """Return part / (part + rest) for independent counts, with sharp ends.

        Both ends are reached: the share grows with the part and falls with the rest, so
        numerator [0, 4] with 6 others gives [0, 2/5], not [0, 2/3].

        Parameters
        ----------
        part, rest : Interval
            Counts of 0 or more that have no member in common.

        Returns
        -------
        Interval
            Within [0, 1]; possibly undefined where part and rest can both be 0.

        Raises
        ------
        InvalidValue
            If a count can be negative.

        Examples
        --------
        >>> Interval.share_of(Interval(0, 4), Interval.point(6))
        Interval(0 to 2/5)
        """
        low, high = _counts(part, "part")
        rest_low, rest_high = _counts(rest, "rest")
        if high == 0 and rest_high == 0:
            return Interval(0, 1, undefined=True)
        undefined = part.undefined or rest.undefined or (low == 0 and rest_low == 0)
        if rest_high == 0:
            lower = Fraction(1)
        else:
            lower = Fraction(0) if rest_high is None else Fraction(low, low + rest_high)
        if high == 0:
            upper = Fraction(0)
        else:
            upper = Fraction(1) if high is None else Fraction(high, high + rest_low)
        return Interval(lower, upper, undefined=undefined)

    @staticmethod
    def ratio(numerator: "Interval", denominator: "Interval") -> "Interval":
        """Return numerator / denominator for independent counts, with sharp ends.

        A denominator that can be 0 marks the ratio as possibly undefined; its largest value is
        then the one over a denominator of 1, since counts are whole.

        Parameters
        ----------
        numerator, denominator : Interval
            Counts of 0 or more, neither of which is part of the other.

        Returns
        -------
        Interval
            0 or more; possibly undefined where the denominator can be 0.

        Raises
        ------
        InvalidValue
            If a count can be negative.

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
        raise InvalidValue(
            "a count cannot be negative",
            field=name,
            value=str(interval),
            hint="Give counts of 0 or more",
        )
    return interval.lower, interval.upper


def _below(lower: Rational | None, upper: Rational | None) -> bool:
    return lower is None or upper is None or lower <= upper


def _ends(*ends: Rational | None) -> list[Rational]:
    return [end for end in ends if end is not None]
