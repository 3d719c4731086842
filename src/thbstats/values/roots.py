"""Square roots and logarithms of exact numbers, to 15 decimals."""

from decimal import Context
from fractions import Fraction
from math import isqrt

from thbstats.errors import require
from thbstats.values.interval import Rational, exact

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
