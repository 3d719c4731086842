"""Rounding of exact numbers without floats."""

from enum import StrEnum
from fractions import Fraction

from thbstats.errors import InvalidValue
from thbstats.values import Rational, exact

__all__ = ["RoundingDirection", "round_exact", "scaled"]


class RoundingDirection(StrEnum):
    """Direction of rounding."""

    NEAREST = "nearest"
    DOWN = "down"
    UP = "up"


def scaled(
    number: Rational, decimals: int, direction: RoundingDirection = RoundingDirection.NEAREST
) -> int:
    """Return a rounded number times 10 to the power of ``decimals``.

    Parameters
    ----------
    number : int or Fraction
        The exact number.
    decimals : int
        Digits after the decimal point, 0 or more.
    direction : RoundingDirection
        ``nearest`` rounds halves away from zero; ``down`` and ``up`` round towards minus and
        plus infinity.

    Returns
    -------
    int
        For example 475 for 0.4753 and 3 decimals.

    Raises
    ------
    InvalidValue
        If the number is not exact or ``decimals`` is negative.

    Examples
    --------
    >>> scaled(Fraction(9759, 20532), 3)
    475
    >>> scaled(Fraction(-1, 2), 0), scaled(Fraction(-1, 2), 0, RoundingDirection.UP)
    (-1, 0)
    """
    if decimals < 0:
        raise InvalidValue(
            "must be 0 or more",
            field="decimals",
            value=decimals,
            hint="Use the number of decimals",
        )
    value = exact(number)
    numerator, denominator = value.numerator * int(10**decimals), value.denominator
    if direction is RoundingDirection.DOWN:
        return numerator // denominator
    if direction is RoundingDirection.UP:
        return -(-numerator // denominator)
    nearest = (2 * abs(numerator) + denominator) // (2 * denominator)
    return nearest if numerator >= 0 else -nearest


def round_exact(
    number: Rational, decimals: int = 0, direction: RoundingDirection = RoundingDirection.NEAREST
) -> Rational:
    """Return an exact number rounded to decimal decimals.

    Parameters
    ----------
    number : int or Fraction
        The exact number.
    decimals : int
        Digits after the decimal point.
    direction : RoundingDirection
        See `scaled`.

    Returns
    -------
    int or Fraction

    Examples
    --------
    >>> round_exact(Fraction(9759, 20532), 3)
    Fraction(19, 40)
    """
    return exact(Fraction(scaled(number, decimals, direction), 10**decimals))
