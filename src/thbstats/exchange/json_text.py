"""Strict JSON: unique keys, valid Unicode and exact numbers."""

import json
import os
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from thbstats._files import write_file
from thbstats.errors import InvalidFile
from thbstats.exchange.input_file import InputFile

__all__ = ["is_json", "parse_json", "pointer", "write_json"]

# A string up to its end or the end of the file, without backtracking.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_TOKEN = re.compile(rf"{_STRING.pattern}|[\[\]{{}},]", re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# Everything before the first lone surrogate.
_WHOLE = re.compile(
    r"(?:[^\\]++|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\(?!u[dD][89a-fA-F][0-9a-fA-F]{2}).)*+",
    re.DOTALL,
)
_DIGITS = 1000  # more than any figure has


def is_json(file: InputFile) -> bool:
    """Whether a file starts like a JSON object."""
    return file.head.lstrip(" \t\r\n").startswith("{")


def pointer(*path: object) -> str:
    """Return the JSON Pointer of a path.

    Examples
    --------
    >>> pointer("tables", 0, "a/b")
    '/tables/0/a~1b'

    References
    ----------
    RFC 6901, JavaScript Object Notation (JSON) Pointer.
    """
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in path)


def parse_json(file: InputFile) -> Any:
    """Return the content of a JSON text.

    Numbers with a point or an exponent are `Decimal`.

    Parameters
    ----------
    file : InputFile
        The file.

    Raises
    ------
    InvalidFile
        If it is not JSON, exceeds the limits, has a duplicate key in an object, or contains NaN,
        Infinity, an lone surrogate or a very long number. The error has the line and column.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> parse_json(open_bytes(b'{"value": [12, 12.50]}'))
    {'value': [12, Decimal('12.50')]}

    References
    ----------
    RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format.
    """
    text = file.text
    _check_extent(file, text)
    _check_surrogates(file, text)
    reader = _StrictHooks(file)
    try:
        return json.loads(
            text,
            object_pairs_hook=reader.object,
            parse_constant=reader.constant,
            parse_float=reader.decimal,
            parse_int=reader.integer,
        )
    except json.JSONDecodeError as error:
        raise _invalid(file, text, error.pos, f"is not valid JSON: {error.msg}", _HINT) from None
    except RecursionError:
        raise _too_deep(file) from None


def write_json(data: Any, path: str | os.PathLike[str]) -> None:
    """Write plain data as JSON in UTF-8, without spaces and on one line.

    Parameters
    ----------
    data : dict
        Texts, integers, lists, booleans and ``None``.
    path : str or path
        The file; an existing file is replaced.

    Raises
    ------
    InvalidValue
        If a text contains an lone surrogate.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write_file(path, f"{text}\n")


_HINT = "Download the file again, or correct it"


class _StrictHooks:
    """Strict hooks for the JSON parser of the standard library."""

    def __init__(self, file: InputFile) -> None:
        self._file = file

    def object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) < len(pairs):
            duplicate, _ = Counter(name for name, _ in pairs).most_common(1)[0]
            raise InvalidFile(
                f"an object of {self._file.name} has a duplicate key",
                field=duplicate[:80],
                hint="Remove one of the two members",
            )
        return result

    def constant(self, text: str) -> NoReturn:
        index = self._find(re.escape(text))
        hint = "Write null for a missing value"
        raise _invalid(self._file, self._file.text, index, f"must not contain {text}", hint)

    def decimal(self, digits: str) -> Decimal:
        self._check_length(digits)
        try:
            return Decimal(digits)
        except InvalidOperation:
            self._refuse(digits)

    def integer(self, digits: str) -> int:
        self._check_length(digits)
        return int(digits)

    def _check_length(self, digits: str) -> None:
        if len(digits) > _DIGITS:
            self._refuse(digits)

    def _refuse(self, digits: str) -> NoReturn:
        index = self._find(re.escape(digits[:_DIGITS]))
        problem = f"must not have a number of {len(digits)} characters"
        raise _invalid(self._file, self._file.text, index, problem, "Correct the figure")

    def _find(self, sought: str) -> int:
        """Return the position of a pattern outside of strings."""
        blank = _STRING.sub(lambda result: " " * len(result[0]), self._file.text)
        result = re.search(sought, blank)
        return result.start() if result else 0


def _check_extent(file: InputFile, text: str) -> None:
    """Raise an error for too many levels or values, before parsing."""
    limits = file.limits
    opening = text.count("[") + text.count("{")
    if opening <= limits.depth and opening + text.count(",") <= limits.values:
        return
    values = depth = 0
    for index, token in enumerate(_TOKEN.finditer(text)):
        sign = text[token.start()]
        values += sign in "[{,"
        depth += (sign in "[{") - (sign in "]}")
        if depth > limits.depth:
            raise _too_deep(file)
        # A JSON value has at most three more tokens: two strings and a closing bracket.
        if values > limits.values or index > 4 * limits.values + 4:
            raise limits.exceeded(file.name, "values", "values")


def _too_deep(file: InputFile) -> InvalidFile:
    return InvalidFile(
        f"{file.name} must have at most {file.limits.depth} nested levels",
        field="limits",
        hint="If the file is correct, pass limits=Limits(depth=...)",
    )


def _check_surrogates(file: InputFile, text: str) -> None:
    """Raise an error for an lone surrogate."""
    if not _SURROGATE.search(text):
        return
    result = _WHOLE.match(text)
    if result and result.end() < len(text) - 1:  # a last backslash is not JSON
        raise _invalid(file, text, result.end(), "has an lone surrogate", "Correct the text")


def _invalid(file: InputFile, text: str, index: int, problem: str, hint: str) -> InvalidFile:
    line = text.count("\n", 0, index) + 1
    column = index - text.rfind("\n", 0, index)
    return InvalidFile(f"{file.name} {problem}", row=f"line {line}, column {column}", hint=hint)
