"""Rounding of exact numbers to printed places, without ever passing through a float."""

from enum import StrEnum
from fractions import Fraction

from thbstats.errors import InvalidValue
from thbstats.values import Rational, exact

__all__ = ["Direction", "rounded", "scaled"]


class Direction(StrEnum):
    """Where a number goes when it falls between two printed ones."""

    NEAREST = "nearest"
    DOWN = "down"
    UP = "up"


def scaled(number: Rational, places: int, direction: Direction = Direction.NEAREST) -> int:
    """Return the printed digits of a number as one integer: 0.4753 to 3 places is 475.

    Parameters
    ----------
    number : int or Fraction
        The exact number.
    places : int
        Digits after the decimal point, 0 or more.
    direction : Direction
        ``nearest`` rounds halves away from zero; ``down`` and ``up`` go towards minus and plus
        infinity, so that they never cross the number.

    Returns
    -------
    int
        The rounded number times 10 to the power of ``places``.

    Raises
    ------
    InvalidValue
        If the number is not exact or ``places`` is negative.

    Examples
    --------
    >>> scaled(Fraction(9759, 20532), 3)
    475
    >>> scaled(Fraction(-1, 2), 0), scaled(Fraction(-1, 2), 0, Direction.UP)
    (-1, 0)
    """
    if places < 0:
        raise InvalidValue(
            "a number cannot have a negative number of places",
            field="places",
            value=places,
            hint="Give 0 or more",
        )
    value = exact(number)
    numerator, denominator = value.numerator * int(10**places), value.denominator
    if direction is Direction.DOWN:
        return numerator // denominator
    if direction is Direction.UP:
        return -(-numerator // denominator)
    nearest = (2 * abs(numerator) + denominator) // (2 * denominator)
    return nearest if numerator >= 0 else -nearest


def rounded(
    number: Rational, places: int = 0, direction: Direction = Direction.NEAREST
) -> Rational:
    """Return an exact number rounded to a number of decimal places, still exact.

    Parameters
    ----------
    number : int or Fraction
        The exact number.
    places : int
        Digits after the decimal point.
    direction : Direction
        See `scaled`.

    Returns
    -------
    int or Fraction

    Examples
    --------
    >>> rounded(Fraction(9759, 20532), 3)
    Fraction(19, 40)
    """
    return exact(Fraction(scaled(number, places, direction), 10**places))
