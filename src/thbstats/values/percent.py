"""Printed percentages and their rounding, and integers between two lines."""

import re
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from attrs import field, frozen

from thbstats._signatures import explain_arguments, explain_operators
from thbstats.errors import InvalidValue, require
from thbstats.values.choices import Choice, to_integer
from thbstats.values.interval import Interval, Rational, exact


@frozen
class Line:
    """A line: ``slope * x + offset``."""

    slope: Fraction
    offset: Fraction

    def __call__(self, x: int) -> Fraction:
        """Return y at x."""
        return self.slope * x + self.offset

    def __sub__(self, integer: int) -> "Line":
        return Line(self.slope - integer, self.offset)


def enclosed(lower: Line, upper: Line, start: int, step: int = 1) -> int | None:
    """Return the first integer x that has an integer y between two lines.

    Examples
    --------
    >>> enclosed(Line(Fraction(111, 200), Fraction(0)), Line(Fraction(112, 200), Fraction(0)), 1)
    9
    """
    # With x in steps from the start, the common integer part of both slopes is subtracted. If both
    # slopes are then below one, x and y are swapped: the slopes become their reciprocals, as in the
    # algorithm of Euclid. The number of turns grows with the number of digits.
    lower, upper = (Line(step * line.slope, line(start)) for line in (lower, upper))
    swaps: list[tuple[Line, int]] = []
    first: int | None
    while True:
        integer = ceil(lower.slope)
        if lower.slope <= integer <= upper.slope:
            first = _first_of_opening_lines(lower - integer, upper - integer)
            break
        integer = floor(lower.slope)
        lower, upper = lower - integer, upper - integer
        # The lower line does not fall: no smaller y is above it.
        smallest = ceil(lower.offset)
        if smallest <= upper.offset:
            first = 0
            break
        if upper.slope <= 0:
            return None
        swaps.append((upper, smallest))
        lower, upper = _swapped(upper, smallest), _swapped(lower, smallest)
    while first is not None and swaps:
        line, smallest = swaps.pop()
        first = ceil((first + smallest - line.offset) / line.slope)
    return None if first is None else start + step * first


def _swapped(line: Line, smallest: int) -> Line:
    """Return the line of x over y; y is counted from the smallest value."""
    return Line(1 / line.slope, (smallest - line.offset) / line.slope)


def _first_of_opening_lines(lower: Line, upper: Line) -> int | None:
    """Return the first x if the lower line does not rise and the upper does not fall."""
    crossing = lower.offset
    if upper.slope != lower.slope:
        # At the crossing, no other y has a smaller x.
        weight = upper.slope / (upper.slope - lower.slope)
        crossing = weight * lower.offset + (1 - weight) * upper.offset
    candidates = (_first_x(lower, upper, y) for y in (floor(crossing), ceil(crossing)))
    return min((x for x in candidates if x is not None), default=None)


def _first_x(lower: Line, upper: Line, y: int) -> int | None:
    """Return the first x with an integer y between lines as in `_first_of_opening_lines`."""
    first = 0
    for line, distance in ((lower, lower.offset - y), (upper, y - upper.offset)):
        if distance > 0:
            if line.slope == 0:
                return None
            first = max(first, ceil(distance / abs(line.slope)))
    return first


class Rounding(Choice):
    """Rounding method of a printed number."""

    HALF_UP = "half_up"
    """Nearest; halves towards plus infinity."""
    HALF_AWAY = "half_away"
    """Nearest; halves away from zero."""
    HALF_EVEN = "half_even"
    """Nearest; halves to the even last digit."""
    DOWN = "down"
    """Towards zero."""
    UP = "up"
    """Away from zero."""
    UNKNOWN = "unknown"
    """Any method: the union of their intervals."""


_PRINTED = re.compile(r"\s*([+\-\N{MINUS SIGN}]?)(\d+)(?:\.(\d+))?\s*%?\s*")

_MAX_DECIMALS = 15
"""Largest number of decimals that is read."""


@lru_cache(maxsize=4096)
def _parse(text: str) -> tuple[int, int]:
    match = _PRINTED.fullmatch(text)
    if match is None:
        hint = "Use a format such as '56', '56.0' or '75%'"
        raise InvalidValue("must be a percentage", field="printed", value=text, hint=hint)
    sign, units, decimals = match.group(1), match.group(2), match.group(3) or ""
    hint, problem = "Copy the decimals of the source", f"must have at most {_MAX_DECIMALS} decimals"
    require(len(decimals) <= _MAX_DECIMALS, problem, hint, printed=f"{text[:_MAX_DECIMALS]}...")
    number = to_integer(units + decimals, field="printed")
    return (-number if sign in ("-", "\N{MINUS SIGN}") else number), len(decimals)


def _text(value: object) -> str:
    if not isinstance(value, str):
        hint = "Write the percentage in quotes: '56' and '56.0' differ in precision"
        raise InvalidValue("must be a text", field="printed", value=value, hint=hint)
    return value


@explain_operators("Use interval, lower or upper, such as percent.lower > 0.5")
@explain_arguments
@frozen
class Percent:
    """Printed percentage with the interval of shares that round to it.

    With *k* the printed digits as an integer and ``u = 10**-(2 + decimals)`` the unit of the
    last digit, half-up rounding allows the shares *s* with ``(k - 1/2) u <= s < (k + 1/2) u``.

    Parameters
    ----------
    printed : str
        The text as printed: ``"56"``, ``"56.0"`` and ``"75%"`` differ in precision.
    rounding : Rounding
        Rounding method; default half up.

    Raises
    ------
    InvalidValue
        If the text is not a percentage, such as ``"5 6%"``, it has more than 18 digits, or the
        rounding has no such name.

    Examples
    --------
    >>> p = Percent("56")
    >>> p.interval
    Interval(111/200 to 113/200)
    >>> p.allows(9759, 20532)
    False
    >>> p.bases(9759)
    Interval(17273 to 17583)
    """

    printed: str = field(validator=lambda _self, _field, value: _parse(_text(value)))
    rounding: Rounding = field(default=Rounding.HALF_UP, converter=Rounding)

    @property
    def digits(self) -> int:
        """The digits as one integer, with sign."""
        return _parse(self.printed)[0]

    @property
    def decimals(self) -> int:
        """Number of decimals."""
        return _parse(self.printed)[1]

    @property
    def unit(self) -> Fraction:
        """Unit of the last digit, as a share."""
        return Fraction(1, 100 * 10**self.decimals)

    @property
    def value(self) -> Rational:
        """The percentage as a share: 56% is 14/25."""
        return exact(self.digits * self.unit)

    @property
    def lower(self) -> Rational:
        """Lower bound of the shares that round to the percentage."""
        return _limits(self)[0]

    @property
    def upper(self) -> Rational:
        """Upper bound of the shares that round to the percentage."""
        return _limits(self)[1]

    @property
    def lower_closed(self) -> bool:
        """Whether the lower bound itself rounds to the percentage."""
        return _limits(self)[2]

    @property
    def upper_closed(self) -> bool:
        """Whether the upper bound itself rounds to the percentage."""
        return _limits(self)[3]

    @property
    def interval(self) -> Interval:
        """Closed interval of the shares that round to the percentage."""
        return Interval(self.lower, self.upper)

    def allows(self, numerator: int, denominator: int) -> bool:
        """Return whether numerator / denominator rounds to the percentage.

        Parameters
        ----------
        numerator, denominator : int
            The counts; the denominator is above 0.

        Returns
        -------
        bool
            With unknown rounding: whether any rounding method gives the percentage.

        Raises
        ------
        InvalidValue
            If a number is not exact or the denominator is not above 0.

        Examples
        --------
        >>> Percent("56").allows(9759, 17273), Percent("56").allows(9759, 17272)
        (True, False)
        """
        share_of, base = exact(numerator, "numerator"), exact(denominator, "denominator")
        hint = "Use the total of the share"
        require(base > 0, "must be above 0", hint, denominator=denominator)
        share = Fraction(share_of, base)
        low = share >= self.lower if self.lower_closed else share > self.lower
        high = share <= self.upper if self.upper_closed else share < self.upper
        return low and high

    def numerators(self, base: Interval | int) -> Interval | None:
        """Return the bounds of the numerator for a denominator.

        The numerator is an integer from 0 to the denominator.

        Parameters
        ----------
        base : Interval or int
            The denominator.

        Returns
        -------
        Interval or None
            From the smallest to the largest numerator whose share rounds to the percentage;
            ``None`` if there is none. Integers between them can fail.

        Raises
        ------
        InvalidValue
            If the denominator can be negative or is not exact.

        Examples
        --------
        >>> Percent("75%").numerators(28)
        Interval(21)
        """
        low, high = _integer_bounds(base)
        if not self._is_share:
            return None
        lower, upper = self._bounds_of_share
        return _between(_line(*lower, 1), _line(*upper, -1), max(1, low), high)

    def bases(self, numerator: Interval | int) -> Interval | None:
        """Return the bounds of the denominator for a numerator.

        The denominator is an integer of at least 1 and at least the numerator. The result and
        the errors are those of `numerators`.

        Examples
        --------
        >>> Percent("56").bases(9759)
        Interval(17273 to 17583)
        """
        low, high = _integer_bounds(numerator)
        if not self._is_share:
            return None
        (lower, lower_closed), (upper, upper_closed) = self._bounds_of_share
        if low == 0 and lower == 0 and lower_closed:
            return Interval.at_least(1)
        if upper == 0:
            return None
        first = _line(1 / upper, upper_closed, 1)
        last = None if lower == 0 else _line(1 / lower, lower_closed, -1)
        return _between(first, last, max(1, low), high)

    @property
    def _is_share(self) -> bool:
        """Whether a share from 0 to 1 can round to the percentage."""
        low = self.lower <= 1 if self.lower_closed else self.lower < 1
        high = self.upper >= 0 if self.upper_closed else self.upper > 0
        return low and high

    @property
    def _bounds_of_share(self) -> tuple[tuple[Fraction, bool], tuple[Fraction, bool]]:
        """Bounds within 0 to 1, and whether each itself rounds to the percentage."""
        lower, upper = Fraction(self.lower), Fraction(self.upper)
        return (
            (Fraction(0), True) if lower < 0 else (lower, self.lower_closed),
            (Fraction(1), True) if upper > 1 else (upper, self.upper_closed),
        )

    def __str__(self) -> str:
        return self.printed if "%" in self.printed else f"{self.printed}%"


@lru_cache(maxsize=4096)
def _limits(percent: Percent) -> tuple[Rational, Rational, bool, bool]:
    """Return the bounds of a percentage, and whether each is included."""
    digits, unit = percent.digits, percent.unit
    is_even = digits % 2 == 0
    # The distance of both bounds in half units of the last digit, and whether each is included.
    below, above, *is_closed = {
        Rounding.HALF_UP: (1, 1, True, False),
        Rounding.HALF_AWAY: (1, 1, digits > 0, digits < 0),
        Rounding.HALF_EVEN: (1, 1, is_even, is_even),
        Rounding.DOWN: (2 * (digits <= 0), 2 * (digits >= 0), digits > 0, digits < 0),
        Rounding.UP: (2 * (digits > 0), 2 * (digits < 0), digits <= 0, digits >= 0),
        Rounding.UNKNOWN: (2, 2, False, False),
    }[percent.rounding]
    lower, upper = (2 * digits - below) * unit / 2, (2 * digits + above) * unit / 2
    return exact(lower), exact(upper), *map(bool, is_closed)  # type: ignore[return-value]


def _integer_bounds(count: Interval | int) -> tuple[int, int | None]:
    interval = count if isinstance(count, Interval) else Interval.point(count)
    lower = 0 if interval.lower is None else ceil(interval.lower)
    upper = None if interval.upper is None else floor(interval.upper)
    hint = "Set the lower bound to 0 or more"
    require(lower >= 0, "must be a count of 0 or more", hint, count=str(interval))
    return lower, upper


def _line(slope: Fraction, closed: bool, inwards: int) -> Line:
    """Return the line of multiples of a bound; an open bound is moved inwards."""
    return Line(slope, Fraction(0 if closed else inwards, slope.denominator))


def _between(lower: Line, upper: Line | None, low: int, high: int | None) -> Interval | None:
    """Return the smallest and the largest integer between two lines.

    Both lines rise from 0: the first x that encloses an integer has the smallest integer.
    """
    if upper is None:
        return Interval(ceil(lower(low)), None) if high is None or low <= high else None
    first = enclosed(lower, upper, low)
    if first is None or (high is not None and first > high):
        return None
    if high is None:
        return Interval(ceil(lower(first)), floor(upper(0)) if upper.slope == 0 else None)
    last = enclosed(lower, upper, high, -1)
    return None if last is None else Interval(ceil(lower(first)), floor(upper(last)))
