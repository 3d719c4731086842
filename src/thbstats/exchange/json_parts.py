"""Parts of a JSON document, each checked where it stands."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidFile, ThbstatsError, did_you_mean
from thbstats.exchange.files.json_text import pointer

__all__ = [
    "At",
    "array",
    "fault",
    "members",
    "text",
    "whole_number",
    "whole_numbers",
    "word",
    "words",
]

At = tuple[object, ...]
"""The way from the document to one of its parts."""


def fault(at: At, problem: str, hint: str, **value: object) -> InvalidFile:
    """Return the error about a part."""
    formatted: dict[str, Any] = {name: _short(item) for name, item in value.items()}
    return InvalidFile(problem, field=pointer(*at), hint=hint, **formatted)


def _short(value: object) -> object:
    formatted = repr(value)
    return value if len(formatted) <= 80 else f"{formatted[:77]}..."


def members(value: object, at: At, needed: Iterable[str], other: Iterable[str] = ()) -> Any:
    """Return an object that has what it needs and nothing that is not known."""
    if not isinstance(value, dict):
        raise fault(at, "no object", "Write names and values in braces", value=value)
    needed = tuple(needed)
    known = (*needed, *other)
    for name in value:
        if name not in known:
            raise fault((*at, name), "no such member", did_you_mean(name, known))
    for name in needed:
        if name not in value:
            raise fault(at, f"{name!r} is missing", "Write the file again, or add it")
    return value


def array(value: object, at: At, size: int | None = None) -> list[Any]:
    """Return a list, of a certain length where that is known."""
    if not isinstance(value, list):
        raise fault(at, "no array", "Write values in brackets", value=value)
    if size is not None and len(value) != size:
        raise fault(at, f"{len(value)} values for {size} rows", "Write one value for each row")
    return value


def text(value: object, at: At) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise fault(at, "no text", "Write it in quotation marks", value=value)
    return value


def words(value: object, at: At, read: Callable[[str], str]) -> list[str]:
    """Return distinct words, each as it is spelled here."""
    found = [word(item, (*at, index), read) for index, item in enumerate(array(value, at))]
    seen: dict[str, int] = {}
    for index, code in enumerate(found):
        if seen.setdefault(code, index) != index:
            raise fault(
                (*at, index), "a word that stands there already", "Leave it out", value=code
            )
    return found


def word(value: object, at: At, read: Callable[[str], str]) -> str:
    """Return a word as it is spelled here."""
    given = text(value, at)
    try:
        code = read(given)
    except ThbstatsError as error:
        raise fault(at, error.problem, error.hint, value=given) from None
    if code != given:
        raise fault(at, "a word in another spelling", f"Write {code!r}", value=given)
    return code


def whole_numbers(
    values: Sequence[object], at: At, most: int, *, gap: int | None = None
) -> NDArray[np.int64]:
    """Return whole numbers from 0 to a largest one; ``null`` as `gap`, where one is given."""
    plain = [_whole(value, gap) for value in values]
    for index, number in enumerate(plain):
        if number is None or not (0 <= number <= most or number == gap):
            raise _no_whole_number(values[index], (*at, index), most)
    return np.array(plain, dtype=np.int64)


def whole_number(value: object, at: At, most: int) -> int:
    """Return a whole number from 0 to a largest one."""
    number = _whole(value, None)
    if number is None or not 0 <= number <= most:
        raise _no_whole_number(value, at, most)
    return number


def _no_whole_number(value: object, at: At, most: int) -> InvalidFile:
    return fault(at, f"no whole number from 0 to {most}", "Check the figure", value=value)


def _whole(value: object, gap: int | None) -> int | None:
    if type(value) is int:
        return None if value == gap else value
    if isinstance(value, Decimal) and value.adjusted() < 20 and value == value.to_integral_value():
        return int(value)
    return gap if value is None else None
