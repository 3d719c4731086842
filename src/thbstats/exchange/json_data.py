"""Strict JSON: unique keys, valid Unicode, exact numbers, and parts with a pointer in errors."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import numpy as np
from attrs import asdict
from numpy.typing import NDArray

from thbstats._files import write_file
from thbstats.errors import InvalidFile, ThbstatsError, did_you_mean
from thbstats.exchange.input_file import InputFile
from thbstats.records import Source
from thbstats.records.reading import to_reporters
from thbstats.tables.origins import Origin
from thbstats.values import LARGEST_COUNT

JsonPath = tuple[object, ...]
"""The keys and positions from the document to one of its parts."""

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
_SOURCE = ("publisher", "document", "section", "url", "published", "kind", "terms")


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
    """Return the content of a JSON text; numbers with a point or an exponent are `Decimal`.

    Other contents raise `InvalidFile` with the line and column: a text that is not JSON, exceeds
    the limits, has a duplicate key, NaN, Infinity, a lone surrogate or a very long number.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> parse_json(open_bytes(b'{"value": [12, 12.50]}'))
    {'value': [12, Decimal('12.50')]}

    References
    ----------
    RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format.
    """
    content = file.text
    _check_extent(file, content)
    if _SURROGATE.search(content):
        end = match.end() if (match := _WHOLE.match(content)) else len(content)
        if end < len(content) - 1:  # a last backslash is not JSON
            raise _invalid(file, end, "has an lone surrogate", "Correct the text")

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
                f"an object of {file.name} has a duplicate key",
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
            raise limits.exceeded(file.name, "values", "values")


def _too_deep(file: InputFile) -> InvalidFile:
    return file.limits.exceeded(file.name, "depth", "nested levels")


def _invalid(file: InputFile, index: int, problem: str, hint: str) -> InvalidFile:
    line = file.text.count("\n", 0, index) + 1
    column = index - file.text.rfind("\n", 0, index)
    return InvalidFile(f"{file.name} {problem}", row=f"line {line}, column {column}", hint=hint)


# Parts of a document


def invalid_part(path: JsonPath, problem: str, hint: str, **value: object) -> InvalidFile:
    """Return the error for a part."""
    shown: dict[str, Any] = {
        name: item if len(repr(item)) <= 80 else f"{repr(item)[:77]}..."
        for name, item in value.items()
    }
    return InvalidFile(problem, field=pointer(*path), hint=hint, **shown)


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
            hint = "Add it, or write the file again"
            raise invalid_part(path, f"must have the member {name!r}", hint)
    return value


def array(value: object, path: JsonPath, size: int | None = None) -> list[Any]:
    """Return an array, of a given length if `size` is passed."""
    if not isinstance(value, list):
        raise invalid_part(path, "must be an array", "Write values in brackets", value=value)
    if size is not None and len(value) != size:
        problem = f"must have {size} values, one for each row, got {len(value)}"
        raise invalid_part(path, problem, "Write the file again")
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
    parsed: dict[str, int] = {}
    for index, item in enumerate(array(value, path)):
        code = code_of(item, (*path, index), parse)
        if parsed.setdefault(code, index) != index:
            raise invalid_part(
                (*path, index), "must be unique", "Remove one of the two", value=code
            )
    return list(parsed)


def code_of(value: object, path: JsonPath, parse: Callable[[str], str]) -> str:
    """Return a canonical category code."""
    plain = text(value, path)
    try:
        code = parse(plain)
    except ThbstatsError as error:
        raise invalid_part(path, error.problem, error.hint, value=plain) from None
    if code != plain:
        raise invalid_part(path, "must be a canonical code", f"Write {code!r}", value=plain)
    return code


def integers(
    values: Sequence[object], path: JsonPath, maximum: int, *, missing: int | None = None
) -> NDArray[np.int64]:
    """Return integers from 0 to a maximum; ``null`` becomes `missing`."""
    numbers = []
    for index, value in enumerate(values):
        if type(value) is int and 0 <= value <= maximum:
            numbers.append(value)
        elif value is None and missing is not None:
            numbers.append(missing)
        else:
            numbers.append(integer(value, (*path, index), maximum))
    return np.array(numbers, dtype=np.int64)


def integer(value: object, path: JsonPath, maximum: int) -> int:
    """Return an integer from 0 to a maximum."""
    number = value if type(value) is int else -1
    if isinstance(value, Decimal) and value.adjusted() < 20 and value == value.to_integral_value():
        number = int(value)
    if not 0 <= number <= maximum:
        problem = f"must be an integer from 0 to {maximum}"
        raise invalid_part(path, problem, "Correct the figure", value=value)
    return number


# Provenance of counts


def origins_data(origins: Sequence[Origin]) -> dict[str, Any]:
    """Return distinct origins and their sources as plain data, in a fixed order.

    An origin of ``origins`` refers to ``sources`` by position.
    """
    sources = sorted(
        {source for origin in origins for source in origin.sources},
        key=lambda source: list(_source_data(source).items()),
    )
    index = {source: position for position, source in enumerate(sources)}
    listed: list[dict[str, Any]] = []
    for origin in origins:
        data: dict[str, Any] = {"sources": sorted(index[source] for source in origin.sources)}
        if origin.reporters is not None:
            data["reporters"] = sorted(origin.reporters)
        elif origin.n_reporters is not None:
            data["n_reporters"] = origin.n_reporters
        listed.append(data)
    return {"sources": [_source_data(source) for source in sources], "origins": listed}


def _source_data(source: Source) -> dict[str, str]:
    empty = Source(title=source.title)
    fields = {name: v for name, v in asdict(source).items() if v != getattr(empty, name)}
    return {"title": source.title, **{name: str(value) for name, value in fields.items()}}


def read_origins(content: Mapping[str, Any], path: JsonPath) -> list[Origin]:
    """Return the origins of an object with ``sources`` and ``origins``; missing ones are empty."""
    result: dict[str, list[Any]] = {"sources": [], "origins": []}
    for name, items in result.items():
        parts = array(content.get(name, []), (*path, name))
        for position, part in enumerate(parts):
            where = (*path, name, position)
            is_source = name == "sources"
            items.append(
                _source(part, where) if is_source else _origin(part, where, result["sources"])
            )
    return result["origins"]


def _source(content: object, path: JsonPath) -> Source:
    fields = members(content, path, ("title",), _SOURCE)
    texts: dict[str, Any] = {name: text(value, (*path, name)) for name, value in fields.items()}
    try:
        return Source(**texts)
    except ThbstatsError as error:
        part = (*path, error.field or "title")
        raise invalid_part(part, error.problem, error.hint, value=error.value) from None


def _origin(content: object, path: JsonPath, sources: Sequence[Source]) -> Origin:
    fields = members(content, path, ("sources",), ("reporters", "n_reporters"))
    part = (*path, "sources")
    positions = integers(array(fields["sources"], part), part, len(sources) - 1)
    number = fields.get("n_reporters")
    if number is not None:
        number = integer(number, (*path, "n_reporters"), LARGEST_COUNT)
    reporters = None
    if "reporters" in fields:
        reporters = frozenset(codes(fields["reporters"], (*path, "reporters"), _country))
    try:
        return Origin(
            sources=frozenset(sources[position] for position in positions.tolist()),
            reporters=reporters,
            n_reporters=number,
        )
    except ThbstatsError as error:
        part = (*path, "n_reporters")
        raise invalid_part(part, error.problem, error.hint, value=number) from None


def _country(name: str) -> str:
    return "".join(to_reporters([name]) or "")
