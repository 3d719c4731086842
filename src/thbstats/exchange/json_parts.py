"""Validated parts of a JSON document."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidFile, ThbstatsError, did_you_mean
from thbstats.exchange.json_text import pointer

__all__ = [
    "JsonPath",
    "array",
    "code_of",
    "codes",
    "integer",
    "integers",
    "invalid_part",
    "members",
    "text",
]

JsonPath = tuple[object, ...]
"""The keys and positions from the document to one of its parts."""


def invalid_part(path: JsonPath, problem: str, hint: str, **value: object) -> InvalidFile:
    """Return the error for a part."""
    formatted: dict[str, Any] = {name: _short(item) for name, item in value.items()}
    return InvalidFile(problem, field=pointer(*path), hint=hint, **formatted)


def _short(value: object) -> object:
    formatted = repr(value)
    return value if len(formatted) <= 80 else f"{formatted[:77]}..."


def members(
    value: object, path: JsonPath, required: Iterable[str], optional: Iterable[str] = ()
) -> Any:
    """Return an object with required and optional members only."""
    if not isinstance(value, dict):
        raise invalid_part(
            path, "must be an object", "Write names and values in braces", value=value
        )
    required = tuple(required)
    known = (*required, *optional)
    for name in value:
        if name not in known:
            raise invalid_part((*path, name), "must be a known member", did_you_mean(name, known))
    for name in required:
        if name not in value:
            raise invalid_part(
                path, f"must have the member {name!r}", "Add it, or write the file again"
            )
    return value


def array(value: object, path: JsonPath, size: int | None = None) -> list[Any]:
    """Return an array, of a given length if `size` is passed."""
    if not isinstance(value, list):
        raise invalid_part(path, "must be an array", "Write values in brackets", value=value)
    if size is not None and len(value) != size:
        raise invalid_part(
            path,
            f"must have {size} values, one for each row, got {len(value)}",
            "Write the file again",
        )
    return value


def text(value: object, path: JsonPath) -> str:
    """Return a string."""
    if not isinstance(value, str):
        raise invalid_part(
            path, "must be a string", "Write the value in quotation marks", value=value
        )
    return value


def codes(value: object, path: JsonPath, parse: Callable[[str], str]) -> list[str]:
    """Return distinct canonical category codes."""
    parsed = [code_of(item, (*path, index), parse) for index, item in enumerate(array(value, path))]
    position: dict[str, int] = {}
    for index, code in enumerate(parsed):
        if position.setdefault(code, index) != index:
            raise invalid_part(
                (*path, index), "must be unique", "Remove one of the two", value=code
            )
    return parsed


def code_of(value: object, path: JsonPath, parse: Callable[[str], str]) -> str:
    """Return a canonical category code."""
    value_text = text(value, path)
    try:
        code = parse(value_text)
    except ThbstatsError as error:
        raise invalid_part(path, error.problem, error.hint, value=value_text) from None
    if code != value_text:
        raise invalid_part(path, "must be a canonical code", f"Write {code!r}", value=value_text)
    return code


def integers(
    values: Sequence[object], path: JsonPath, maximum: int, *, missing: int | None = None
) -> NDArray[np.int64]:
    """Return integers from 0 to a maximum; ``null`` becomes `missing`."""
    plain = [_as_integer(value, missing) for value in values]
    for index, number in enumerate(plain):
        if number is None or not (0 <= number <= maximum or number == missing):
            raise _invalid_integer(values[index], (*path, index), maximum)
    return np.array(plain, dtype=np.int64)


def integer(value: object, path: JsonPath, maximum: int) -> int:
    """Return an integer from 0 to a maximum."""
    number = _as_integer(value, None)
    if number is None or not 0 <= number <= maximum:
        raise _invalid_integer(value, path, maximum)
    return number


def _invalid_integer(value: object, path: JsonPath, maximum: int) -> InvalidFile:
    return invalid_part(
        path, f"must be an integer from 0 to {maximum}", "Correct the figure", value=value
    )


def _as_integer(value: object, missing: int | None) -> int | None:
    if type(value) is int:
        return None if value == missing else value
    if isinstance(value, Decimal) and value.adjusted() < 20 and value == value.to_integral_value():
        return int(value)
    return missing if value is None else None
