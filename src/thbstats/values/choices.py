"""Values of string enumerations."""

from enum import StrEnum
from typing import TypeVar

from thbstats.errors import InvalidValue, did_you_mean

__all__ = ["to_choice"]

E = TypeVar("E", bound=StrEnum)


def to_choice(choices: type[E], value: object, field: str) -> E:
    """Return the member of an enumeration.

    Raises
    ------
    InvalidValue
        If there is no such member.
    """
    try:
        return choices(str(value))
    except ValueError:
        raise InvalidValue(
            f"must be a valid {field}",
            field=field,
            value=value,
            hint=did_you_mean(value, choices),
        ) from None
