"""Strict JSON: unique keys, valid Unicode, exact numbers, and errors with JSON pointers."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats._files import write_file
from thbstats.errors import InvalidFile, ThbstatsError, did_you_mean
from thbstats.files.input_file import InputFile

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
    """Return the JSON Pointer of a path."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in path)


def parse_json(file: InputFile) -> Any:
    """Return the content of a JSON text; numbers with a point or an exponent are `Decimal`.

    Other contents raise `InvalidFile` with the line and column: a text that is not JSON, exceeds
    the limits, has a duplicate key, NaN, Infinity, a lone surrogate or a very long number.
    """
    content = file.text
    _check_extent(file, content)
    if _SURROGATE.search(content):
        end = match.end() if (match := _WHOLE.match(content)) else len(content)
        if end < len(content) - 1:  # a last backslash is not JSON
            raise _invalid(file, end, "has a lone surrogate", "Correct the text")

    def refuse(sought: str, problem: str, hint: str) -> NoReturn:
        blank = _STRING.sub(lambda match: " " * len(match[0]), content)
        raise _invalid(file, max(blank.find(sought), 0), problem, hint)

    def number(digits: str, convert: Callable[[str], Any]) -> Any:
        try:
            if len(digits) <= _DIGITS:
                return convert(digits)
        except InvalidOperation:
            pass
        problem = f"must not have a number of {len(digits)} characters"
        refuse(digits[:_DIGITS], problem, "Correct the figure")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            duplicate, _ = Counter(name for name, _ in pairs).most_common(1)[0]
            raise InvalidFile(
                f"an object of {file.name} has the key {duplicate[:80]!r} twice",
                field=duplicate[:80],
                hint="Remove one of the two members",
            )
        return members

    try:
        return json.loads(
            content,
            object_pairs_hook=unique,
            parse_constant=lambda name: refuse(
                name, f"must not contain {name}", "Write null for a missing value"
            ),
            parse_float=lambda digits: number(digits, Decimal),
            parse_int=lambda digits: number(digits, int),
        )
    except json.JSONDecodeError as error:
        hint = "Download the file again, or correct it"
        raise _invalid(file, error.pos, f"is not valid JSON: {error.msg}", hint) from None
    except RecursionError:
        raise _too_deep(file) from None


def write_json(data: Any, path: str | os.PathLike[str]) -> None:
    """Write plain data as JSON in UTF-8, without spaces and on one line.

    A text with a lone surrogate raises `InvalidValue`.
    """
    content = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write_file(path, f"{content}\n")


def _check_extent(file: InputFile, content: str) -> None:
    """Raise an error for too many levels or values, before parsing."""
    limits = file.limits
    opening = content.count("[") + content.count("{")
    if opening <= limits.depth and opening + content.count(",") <= limits.values:
        return
    values = depth = 0
    for index, token in enumerate(_TOKEN.finditer(content)):
        sign = content[token.start()]
        values += sign in "[{,"
        depth += (sign in "[{") - (sign in "]}")
        if depth > limits.depth:
            raise _too_deep(file)
        # A JSON value has at most three more tokens: two strings and a closing bracket.
        if values > limits.values or index > 4 * limits.values + 4:
            raise file.exceeded("values", "values")


def _too_deep(file: InputFile) -> InvalidFile:
    return file.exceeded("depth", "nested levels")


def _invalid(file: InputFile, index: int, problem: str, hint: str) -> InvalidFile:
    line = file.text.count("\n", 0, index) + 1
    column = index - file.text.rfind("\n", 0, index)
    return InvalidFile(f"{file.name} {problem}", row=f"line {line}, column {column}", hint=hint)


# Parts of a document


@frozen(eq=False)
class JsonPart:
    """A part of a document, with the keys and positions from the document to it."""

    value: Any
    path: tuple[object, ...] = ()

    def __getitem__(self, key: object) -> "JsonPart":
        return JsonPart(self.value[key], (*self.path, key))

    def get(self, key: str, default: object = None) -> "JsonPart":
        """Return a member, or a default if the part has no such member."""
        content = self.value.get(key, default) if isinstance(self.value, dict) else default
        return JsonPart(content, (*self.path, key))

    def error(self, problem: str, hint: str, *keys: object, **value: object) -> InvalidFile:
        """Return the error for the part, or for one of its parts."""
        shown: dict[str, Any] = {
            name: item if len(repr(item)) <= 80 else f"{repr(item)[:77]}..."
            for name, item in value.items()
        }
        return InvalidFile(problem, field=pointer(*self.path, *keys), hint=hint, **shown)

    def mapping(self) -> dict[str, Any]:
        """Return a JSON object."""
        if not isinstance(self.value, dict):
            hint = "Write names and values in braces"
            raise self.error("must be an object", hint, value=self.value)
        return self.value

    def members(
        self, required: Iterable[str], optional: Iterable[str] = ()
    ) -> dict[str, "JsonPart"]:
        """Return the members of an object with required and optional members only."""
        content, required = self.mapping(), tuple(required)
        known = (*required, *optional)
        for name in content:
            if name not in known:
                raise self.error("must be a known member", did_you_mean(name, known), name)
        for name in required:
            if name not in content:
                hint = "Add it, or write the file again"
                raise self.error(f"must have the member {name!r}", hint)
        return {name: self[name] for name in content}

    def array(self, size: int | None = None) -> list[Any]:
        """Return the values of an array, of a given length if `size` is passed."""
        if not isinstance(self.value, list):
            raise self.error("must be an array", "Write values in brackets", value=self.value)
        if size is not None and len(self.value) != size:
            problem = f"must have {size} values, one for each row, got {len(self.value)}"
            raise self.error(problem, "Write the file again")
        return self.value

    def parts(self) -> list["JsonPart"]:
        """Return the parts of an array."""
        return [self[index] for index in range(len(self.array()))]

    def text(self) -> str:
        """Return a string."""
        if not isinstance(self.value, str):
            hint = "Write the value in quotation marks"
            raise self.error("must be a string", hint, value=self.value)
        return self.value

    def code(self, parse: Callable[[str], str]) -> str:
        """Return a canonical category code."""
        plain = self.text()
        try:
            code = parse(plain)
        except ThbstatsError as error:
            raise self.error(error.problem, error.hint, value=plain) from None
        if code != plain:
            raise self.error("must be a canonical code", f"Write {code!r}", value=plain)
        return code

    def codes(self, parse: Callable[[str], str]) -> list[str]:
        """Return distinct canonical category codes."""
        parsed: dict[str, JsonPart] = {}
        for part in self.parts():
            code = part.code(parse)
            if parsed.setdefault(code, part) is not part:
                raise part.error("must be unique", "Remove one of the two", value=code)
        return list(parsed)

    def integer(self, maximum: int) -> int:
        """Return an integer from 0 to a maximum."""
        value = self.value
        number = value if type(value) is int else -1
        is_small = isinstance(value, Decimal) and value.adjusted() < 20
        if is_small and value == value.to_integral_value():
            number = int(value)
        if not 0 <= number <= maximum:
            problem = f"must be an integer from 0 to {maximum}"
            raise self.error(problem, "Correct the figure", value=value)
        return number

    def integers(
        self, maximum: int, size: int | None = None, *, missing: int | None = None
    ) -> NDArray[np.int64]:
        """Return an array of integers from 0 to a maximum; ``null`` becomes `missing`."""
        numbers = []
        for index, value in enumerate(self.array(size)):
            if type(value) is int and 0 <= value <= maximum:
                numbers.append(value)
            elif value is None and missing is not None:
                numbers.append(missing)
            else:
                numbers.append(self[index].integer(maximum))
        return np.array(numbers, dtype=np.int64)
