"""Text of exact numbers and intervals.

A negative number has a real minus sign (U+2212). An interval whose bounds have the same text is
printed once. An interval without upper bound reads "at least 17,273", and a quantity that can be
undefined reads "or undefined".

Numbers are rounded to the nearest, halves away from zero. A rounded bound can lie inside the true
interval by half a unit of the last digit. ``outward=True`` rounds lower bounds down and upper
bounds up, so that the text contains the true interval.
"""

from thbstats.display.number_styles import MINUS, PLAIN, NumberStyle
from thbstats.display.printed import Printed, Spec
from thbstats.display.rounding import Direction, scaled
from thbstats.values import Interval, Rational, exact

__all__ = ["MINUS", "count", "decimal", "percent", "pp", "reprinted", "signed", "signed_percent"]


def count(number: Rational | Interval, *, outward: bool = False) -> Printed:
    """Print a count, or what it can be.

    Parameters
    ----------
    number : int, Fraction or Interval
        The count.
    outward : bool
        Whether the ends of an interval are rounded away from each other.

    Returns
    -------
    Printed
        A text that `DisplayTable.styled` can print in another style style.

    Raises
    ------
    InvalidValue
        If the number is a float or anything else that is not exact.

    Examples
    --------
    >>> count(20532), count(9759)
    ('20,532', '9,759')
    >>> count(Interval(17273, 17583)), count(Interval.at_least(17273))
    ('17,273 to 17,583', 'at least 17,273')
    """
    return _remembered(number, Spec("plain", 0, outward))


def decimal(number: Rational | Interval, places: int = 3, *, outward: bool = False) -> Printed:
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
    Printed
        A text that `DisplayTable.styled` can print in another style style.

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
    return _remembered(number, Spec("plain", places, outward))


def percent(number: Rational | Interval, decimals: int = 1, *, outward: bool = False) -> Printed:
    """Print a share of 1 as a percentage.

    Parameters
    ----------
    number : int, Fraction or Interval
        The share: 1 is 100%.
    decimals : int
        Digits after the decimal point.
    outward : bool
        Whether the ends of an interval are rounded away from each other.

    Returns
    -------
    Printed
        A text that `DisplayTable.styled` can print in another style style.

    Raises
    ------
    InvalidValue
        If the number is not exact or ``decimals`` is negative.

    Examples
    --------
    >>> from fractions import Fraction
    >>> percent(Fraction(9759, 20532))
    '47.5%'
    >>> bounds = Interval(Fraction(9759, 20532), Fraction(13018, 20532))
    >>> percent(bounds), percent(bounds, 0, outward=True)
    ('47.5% to 63.4%', '47% to 64%')
    """
    return _remembered(number, Spec("percent", decimals, outward))


def signed(number: Rational | Interval, places: int = 0, *, outward: bool = False) -> Printed:
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
    Printed
        A text that `DisplayTable.styled` can print in another style style.
        What rounds to zero has no sign.

    Raises
    ------
    InvalidValue
        If the number is not exact or ``places`` is negative.

    Examples
    --------
    >>> signed(20532 - 15846), signed(Interval(0, 5)), signed(Interval(1, None))
    ('+4,686', '0 to +5', 'at least +1')
    """
    return _remembered(number, Spec("signed", places, outward))


def signed_percent(
    number: Rational | Interval, decimals: int = 1, *, outward: bool = False
) -> Printed:
    """Print a relative change as a percentage with its sign.

    Parameters
    ----------
    number : int, Fraction or Interval
        The change relative to its start: -1/20 is a fall by 5%.
    decimals : int
        Digits after the decimal point.
    outward : bool
        Whether the ends of an interval are rounded away from each other.

    Returns
    -------
    Printed
        A text that `DisplayTable.styled` can print in another style style.
        What rounds to zero has no sign.

    Raises
    ------
    InvalidValue
        If the number is not exact or ``decimals`` is negative.

    Examples
    --------
    >>> from fractions import Fraction
    >>> signed_percent(Fraction(1, 20)), signed_percent(Fraction(0))
    ('+5.0%', '0.0%')
    """
    return _remembered(number, Spec("signed_percent", decimals, outward))


def pp(number: Rational | Interval, decimals: int = 1, *, outward: bool = False) -> Printed:
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
    Printed
        A text that `DisplayTable.styled` can print in another style style.
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
    '+8 to +10 pp'
    """
    return _remembered(number, Spec("pp", decimals, outward))


def reprinted(text: Printed, style: NumberStyle) -> Printed:
    """Return a printed number in another style style.

    Parameters
    ----------
    text : Printed
        What one of the functions here gave.
    style : NumberStyle
        The style.

    Returns
    -------
    Printed

    Examples
    --------
    >>> from fractions import Fraction
    >>> from thbstats.display import GSS
    >>> reprinted(count(20532), GSS), reprinted(percent(Fraction(9759, 20532)), GSS)
    ('20,532', '47.5%')
    >>> reprinted(count(Interval(17273, 17583)), GSS)
    '17,273 to 17,583'
    """
    return _remembered(text.number, text.spec, style)


def _remembered(number: Rational | Interval, spec: Spec, style: NumberStyle = PLAIN) -> Printed:
    return Printed(_printed(number, spec, style), number, spec)


def _printed(number: Rational | Interval, spec: Spec, style: NumberStyle) -> str:
    if not isinstance(number, Interval):
        return _with_unit(_digits(exact(number), spec, Direction.NEAREST, style), spec, style)
    text = _range(number, spec, style)
    return style.undefined.format(text) if number.undefined else text


def _range(interval: Interval, spec: Spec, style: NumberStyle) -> str:
    away = spec.outward and interval.lower != interval.upper
    down, up = (Direction.DOWN, Direction.UP) if away else (Direction.NEAREST, Direction.NEAREST)
    lower = None if interval.lower is None else _digits(interval.lower, spec, down, style)
    upper = None if interval.upper is None else _digits(interval.upper, spec, up, style)
    if lower is None:
        if upper is None:
            return style.unbounded
        return style.at_most.format(_with_unit(upper, spec, style))
    if upper is None:
        return style.at_least.format(_with_unit(lower, spec, style))
    if lower == upper:
        return _with_unit(lower, spec, style)
    if style.repeats_percent and spec.form in ("percent", "signed_percent"):
        lower, upper = style.percent.format(lower), style.percent.format(upper)
        return style.between.format(lower, upper)
    return _with_unit(style.between.format(lower, upper), spec, style)


def _with_unit(text: str, spec: Spec, style: NumberStyle) -> str:
    if spec.form in ("percent", "signed_percent"):
        return style.percent.format(text)
    return style.pp.format(text) if spec.form == "pp" else text


def _digits(number: Rational, spec: Spec, direction: Direction, style: NumberStyle) -> str:
    """Print a number with grouped thousands; a positive one has a sign only where asked for."""
    number = 100 * number if spec.form in ("percent", "signed_percent", "pp") else number
    whole = scaled(number, spec.places, direction)
    units, rest = divmod(abs(whole), 10**spec.places)
    grouped = f"{units:,}".replace(",", style.thousands)
    text = f"{grouped}{style.decimal}{rest:0{spec.places}d}" if spec.places else grouped
    if whole < 0:
        return style.minus + text
    return f"+{text}" if whole > 0 and spec.form in ("signed", "signed_percent", "pp") else text
