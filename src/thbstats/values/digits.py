"""Integers from texts of digits."""

from thbstats.errors import InvalidValue

__all__ = ["MOST_DIGITS", "to_integer"]

MOST_DIGITS = 18
"""Digits of the longest integer that is read; 64 bits hold each of them."""


def to_integer(digits: str, *, field: str | None = None) -> int:
    """Return the integer of a text of digits.

    Parameters
    ----------
    digits : str
        Decimal digits; leading zeros do not count.
    field : str, optional
        The field that an error names.

    Returns
    -------
    int

    Raises
    ------
    InvalidValue
        If it is no text of digits, or has more than 18 of them.

    Examples
    --------
    >>> to_integer("007")
    7
    """
    plain = digits.lstrip("0") or digits[-1:]
    if not plain.isdecimal() or len(plain) > MOST_DIGITS:
        raise InvalidValue(
            f"must be an integer of at most {MOST_DIGITS} digits",
            field=field,
            value=digits if len(digits) <= 2 * MOST_DIGITS else f"{digits[:MOST_DIGITS]}...",
            hint="Check the figure",
        )
    return int(plain)
