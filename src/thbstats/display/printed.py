"""A number as it is printed, which remembers what it is."""

from typing import Any, Literal, Self

from attrs import frozen

from thbstats.values import Count, Interval, Rational

__all__ = ["Printed", "Spec"]

Form = Literal["plain", "percent", "signed", "signed_percent", "pp", "count"]


@frozen
class Spec:
    """How a number is printed.

    Parameters
    ----------
    form : str
        Which of the functions of `thbstats.display` printed it.
    places : int
        Digits after the decimal point.
    outward : bool
        Whether the ends of an interval are rounded away from each other.
    """

    form: Form
    places: int = 0
    outward: bool = False


class Printed(str):
    """A text that is a printed number, and knows which: another style can print it again.

    It is a ``str`` in every way; what is made from it, such as a sentence around it, is plain.

    Parameters
    ----------
    text : str
        What is printed.
    number : int, Fraction, Interval or Count
        What it is.
    spec : Spec
        How it was printed.
    """

    __slots__ = ("number", "spec")

    number: Any
    spec: Spec

    def __new__(
        cls, text: str, number: Rational | Interval | Count = 0, spec: Spec = Spec("plain")
    ) -> Self:
        """Return the text with the number that it prints."""
        made = super().__new__(cls, text)
        made.number = number
        made.spec = spec
        return made
