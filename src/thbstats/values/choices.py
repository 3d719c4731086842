"""Values of enumerations and integers from texts."""

from enum import StrEnum
from typing import Self

from thbstats.errors import InvalidValue, did_you_mean


class Choice(StrEnum):
    """Enumeration that converts the values of the field with its name."""

    @classmethod
    def _missing_(cls, value: object) -> Self:
        name = cls.__name__.lower()
        hint = did_you_mean(value, cls)
        raise InvalidValue(f"must be a valid {name}", field=name, value=value, hint=hint)


MAX_DIGITS = 18
"""Largest number of digits of an integer that is read; it fits 64 bits."""


def to_integer(digits: str, *, field: str | None = None) -> int:
    """Return the integer of a text of digits.

    Examples
    --------
    >>> to_integer("007")
    7
    """
    plain = digits.lstrip("0") or digits[-1:]
    if not plain.isdecimal() or len(plain) > MAX_DIGITS:
        value = digits if len(digits) <= 2 * MAX_DIGITS else f"{digits[:MAX_DIGITS]}..."
        problem = f"must be an integer of at most {MAX_DIGITS} digits"
        raise InvalidValue(problem, field=field, value=value, hint="Check the figure")
    return int(plain)
