"""Formatted numbers."""

from typing import Any, Literal, Self

from attrs import frozen

from thbstats.values import Count, Interval, Rational

__all__ = ["FormattedNumber", "NumberFormat"]

Form = Literal["plain", "percent", "signed", "signed_percent", "pp", "count"]


@frozen
class NumberFormat:
    """Format of a number.

    Parameters
    ----------
    form : str
        Function of `thbstats.display` that formatted the number.
    decimals : int
        Digits after the decimal point.
    outward : bool
        Whether the bounds of an interval are rounded outward.
    """

    form: Form
    decimals: int = 0
    outward: bool = False


class FormattedNumber(str):
    """Text of a number with the number itself, so that another style can format it.

    It is a ``str``. A text made from it, such as a sentence, is a plain ``str``.

    Parameters
    ----------
    text : str
        The text.
    number : int, Fraction, Interval or Count
        The number.
    number_format : NumberFormat
        The format.
    """

    __slots__ = ("number", "number_format")

    number: Any
    number_format: NumberFormat

    def __new__(
        cls,
        text: str,
        number: Rational | Interval | Count = 0,
        number_format: NumberFormat = NumberFormat("plain"),
    ) -> Self:
        """Return the text with its number and format."""
        result = super().__new__(cls, text)
        result.number = number
        result.number_format = number_format
        return result
