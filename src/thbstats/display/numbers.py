"""How exact numbers and intervals are printed: one style a function.

All styles follow the same rules. Thousands are set apart with a plain space, also in numbers of
four digits. A negative number has a real minus sign (U+2212). An interval whose two ends print
the same is printed once. A side without bound is put in words ("at least 17 273"), and a
quantity that can have no value at all says so ("or undefined").

Numbers go to the *nearest* printed one, halves away from zero, because a figure is read and
quoted one by one. The ends of an interval do too: that is how 47.53..63.38 is read as
47.5..63.4. A nearest end can lie inside the true interval, though, by up to half a unit of the
last place; ``outward=True`` rounds lower ends down and upper ends up, so that what is printed
always contains what is true. A single value has no outside and always goes to the nearest.
"""

from collections.abc import Callable

from thbstats.display.rounding import Direction, scaled
from thbstats.values import Interval, Rational, exact

__all__ = ["MINUS", "count", "decimal", "percent", "pp", "signed", "signed_percent"]

MINUS = "\N{MINUS SIGN}"

_Print = Callable[[Rational, Direction], str]


def count(number: Rational | Interval, *, outward: bool = False) -> str:
    """Print a count, or what it can be.

    Parameters
    ----------
    number : int, Fraction or Interval
        The count.
    outward : bool
        Whether the ends of an interval are rounded away from each other.

    Returns
    -------
    str

    Raises
    ------
    InvalidValue
        If the number is a float or anything else that is not exact.

    Examples
    --------
    >>> count(20532), count(9759)
    ('20 532', '9 759')
    >>> count(Interval(17273, 17583)), count(Interval.at_least(17273))
    ('17 273..17 583', 'at least 17 273')
    """
    return _printed(number, lambda end, way: _digits(end, 0, way), "", outward)


def decimal(number: Rational | Interval, places: int = 3, *, outward: bool = False) -> str:
    """Print a ratio as a decimal fraction.

    Parameters
    ----------
    number : int, Fraction or Interval
        The ratio.
    places : int
        Digits after the decimal point.
    outward : bool
        Whether the ends of an interval are rounded away from each other.

    Returns
    -------
    str

    Raises
    ------
    InvalidValue
        If the number is not exact or ``places`` is negative.

    Examples
    --------
    >>> from fractions import Fraction
    >>> decimal(Fraction(2927, 5979)), decimal(Fraction(135, 2), places=1)
    ('0.490', '67.5')
    """
    return _printed(number, lambda end, way: _digits(end, places, way), "", outward)


def percent(number: Rational | Interval, decimals: int = 1, *, outward: bool = False) -> str:
    """Print a share of 1 as a percentage.

    Parameters
    ----------
    number : int, Fraction or Interval
        The share: 1 is 100 %.
    decimals : int
        Digits after the decimal point.
    outward : bool
        Whether the ends of an interval are rounded away from each other.

    Returns
    -------
    str

    Raises
    ------
    InvalidValue
        If the number is not exact or ``decimals`` is negative.

    Examples
    --------
    >>> from fractions import Fraction
    >>> percent(Fraction(9759, 20532))
    '47.5 %'
    >>> bounds = Interval(Fraction(9759, 20532), Fraction(13018, 20532))
    >>> percent(bounds), percent(bounds, 0, outward=True)
    ('47.5..63.4 %', '47..64 %')
    """
    return _printed(number, lambda end, way: _digits(100 * end, decimals, way), " %", outward)


def signed(number: Rational | Interval, places: int = 0, *, outward: bool = False) -> str:
    """Print the difference of two counts or ratios with its sign.

    Parameters
    ----------
    number : int, Fraction or Interval
        The difference.
    places : int
        Digits after the decimal point.
    outward : bool
        Whether the ends of an interval are rounded away from each other.

    Returns
    -------
    str
        What rounds to zero has no sign.

    Raises
    ------
    InvalidValue
        If the number is not exact or ``places`` is negative.

    Examples
    --------
    >>> signed(20532 - 15846), signed(Interval(0, 5)), signed(Interval(1, None))
    ('+4 686', '0..+5', 'at least +1')
    """
    return _printed(number, lambda end, way: _signed(end, places, way), "", outward)


def signed_percent(number: Rational | Interval, decimals: int = 1, *, outward: bool = False) -> str:
    """Print a relative change as a percentage with its sign.

    Parameters
    ----------
    number : int, Fraction or Interval
        The change relative to its start: -1/20 is a fall by 5 %.
    decimals : int
        Digits after the decimal point.
    outward : bool
        Whether the ends of an interval are rounded away from each other.

    Returns
    -------
    str
        What rounds to zero has no sign.

    Raises
    ------
    InvalidValue
        If the number is not exact or ``decimals`` is negative.

    Examples
    --------
    >>> from fractions import Fraction
    >>> signed_percent(Fraction(1, 20)), signed_percent(Fraction(0))
    ('+5.0 %', '0.0 %')
    """
    return _printed(number, lambda end, way: _signed(100 * end, decimals, way), " %", outward)


def pp(number: Rational | Interval, decimals: int = 1, *, outward: bool = False) -> str:
    """Print the difference of two shares in percentage points.

    Parameters
    ----------
    number : int, Fraction or Interval
        The difference of two shares of 1: 9/100 is 9 percentage points.
    decimals : int
        Digits after the decimal point.
    outward : bool
        Whether the ends of an interval are rounded away from each other.

    Returns
    -------
    str
        What rounds to zero has no sign.

    Raises
    ------
    InvalidValue
        If the number is not exact or ``decimals`` is negative.

    Examples
    --------
    >>> from fractions import Fraction
    >>> pp(Fraction(9, 100))
    '+9.0 pp'
    >>> pp(Interval(Fraction(8, 100), Fraction(1, 10)), 0)
    '+8..+10 pp'
    """
    return _printed(number, lambda end, way: _signed(100 * end, decimals, way), " pp", outward)


def _printed(number: Rational | Interval, show: _Print, unit: str, outward: bool) -> str:
    if not isinstance(number, Interval):
        return show(exact(number), Direction.NEAREST) + unit
    text = _range(number, show, unit, outward)
    return f"{text} or undefined" if number.undefined else text


def _range(interval: Interval, show: _Print, unit: str, outward: bool) -> str:
    away = outward and interval.lower != interval.upper
    down, up = (Direction.DOWN, Direction.UP) if away else (Direction.NEAREST, Direction.NEAREST)
    lower = None if interval.lower is None else show(interval.lower, down)
    upper = None if interval.upper is None else show(interval.upper, up)
    if lower is None:
        return "no bound" if upper is None else f"at most {upper}{unit}"
    if upper is None:
        return f"at least {lower}{unit}"
    return f"{lower}{unit}" if lower == upper else f"{lower}..{upper}{unit}"


def _digits(number: Rational, places: int, direction: Direction) -> str:
    """Print a number with grouped thousands; only a negative one has a sign."""
    whole = scaled(number, places, direction)
    units, rest = divmod(abs(whole), 10**places)
    grouped = f"{units:,}".replace(",", " ")
    text = f"{grouped}.{rest:0{places}d}" if places else grouped
    return MINUS + text if whole < 0 else text


def _signed(number: Rational, places: int, direction: Direction) -> str:
    sign = "+" if scaled(number, places, direction) > 0 else ""
    return sign + _digits(number, places, direction)
