"""Values of enumerations and integers from texts."""

from enum import StrEnum
from typing import TypeVar

from thbstats.errors import InvalidValue, did_you_mean

E = TypeVar("E", bound=StrEnum)


def to_choice(choices: type[E], value: object, field: str) -> E:
    """Return the member of an enumeration."""
    try:
        return choices(str(value))
    except ValueError:
        raise InvalidValue(
            f"must be a valid {field}",
            field=field,
            value=value,
            hint=did_you_mean(value, choices),
        ) from None


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
        raise InvalidValue(
            f"must be an integer of at most {MAX_DIGITS} digits",
            field=field,
            value=digits if len(digits) <= 2 * MAX_DIGITS else f"{digits[:MAX_DIGITS]}...",
            hint="Check the figure",
        )
    return int(plain)
