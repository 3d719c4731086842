"""Claims files as plain data with the position of each value, and their problems.

Authors of claims files need the line of a problem. `tomllib` and `json` give no positions, so a
scanner finds them and validates nothing. It also finds deep nesting, for which `tomllib` takes
quadratic time. In YAML, values come from the events of PyYAML: plain scalars of version 1.2, unique
keys, no types and no references, so that each claim can be compared with its text alone.

For a scanner that skips values, TOML and JSON have the same brackets and strings: `[...]` with
items, `{...}` with pairs, and everything else up to the next sign. They differ in the sign
between name and value, and only TOML has headers. An invalid text ends the scan without an error,
because the parser that runs next reports it.
"""

import json
import os
import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any

from attrs import field, frozen

from thbstats._characters import escape
from thbstats.errors import (
    InvalidClaims,
    InvalidFile,
    InvalidValue,
    MissingExtra,
    ThbstatsError,
    did_you_mean,
)
from thbstats.files import InputFile, Limits, open_bytes, open_file, parse_json, pointer
from thbstats.values import MAX_DIGITS

KeyPath = tuple[str | int, ...]
"""The keys and indices of a value, such as ``("claim", 0, "category", "sex")``."""


@frozen
class Position:
    """Position in a text: line and column in characters, from 1."""

    line: int
    column: int

    @classmethod
    def of(cls, text: str, offset: int) -> "Position":
        """Return the position of an offset."""
        return cls(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


Positions = dict[KeyPath, tuple[Position, Position]]
"""The positions of the name and the value of each entry; equal for an item of a list, which has no
name, and for a table with a header, which has no other value."""


class _Lost(Exception):
    """Invalid text; its parser reports the reason."""


# The four strings of TOML, of which JSON has the third. A quotation of three marks can end in up to
# two more, which are part of the text.
# Possessive patterns do not backtrack, so the time is linear.
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"""(?:"{0,2})'
    r"|'''(?:[^']|'{1,2}(?!'))*+'''(?:'{0,2})"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_BARE = re.compile(r"[A-Za-z0-9_-]++")
_OTHER = re.compile(r"[^,\]}#\n]++")  # a number, a day or a truth value
_BLANK = re.compile(r"[ \t]*+")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*+)*+")
# Files of strangers: `tomllib` needs quadratic time for deep nesting, and each entry takes memory.
_DEEP = "must be nested at most {} levels deep"
_MOST = 100_000
_MANY = f"must have at most {_MOST} entries"


def toml_positions(text: str, *, depth: int = 100) -> Positions:
    r"""Return the positions in a TOML text; for an invalid one, in the part before the error.

    Examples
    --------
    >>> positions = toml_positions('[[claim]]\nid = "a"\ncategory = { sex = "female" }\n')
    >>> positions["claim", 0, "category", "sex"]
    (Position(line=3, column=14), Position(line=3, column=20))
    """

    def unquoted(part: str) -> object:
        return tomllib.loads(f"it = {part}")["it"]

    scanner = _Scanner(text, depth, "=", unquoted)
    with suppress(_Lost, IndexError):
        scanner.document()
    return scanner.positions()


def json_positions(text: str, *, depth: int = 100) -> Positions:
    """Return the positions in a JSON text."""
    scanner = _Scanner(text, depth, ":", json.loads)
    with suppress(_Lost, IndexError):
        scanner.skip(_SPACE)
        scanner.value(())
    return scanner.positions()


class _Scanner:
    """Scanner of a text, from an offset on.

    ``assigns`` is the sign between name and value. ``unquoted`` reads a name in quotation marks.
    ``offsets`` are those of the name and the value of each entry. ``sizes`` are the numbers of
    tables so far under each `[[header]]`, of which later lines fill the last one.
    """

    def __init__(
        self, text: str, depth: int, assigns: str, unquoted: Callable[[str], object]
    ) -> None:
        self.text, self.depth, self.offset = text, depth, 0
        self.assigns, self.unquoted = assigns, unquoted
        self.offsets: dict[KeyPath, tuple[int, int]] = {}
        self.sizes: dict[KeyPath, int] = {}

    def positions(self) -> Positions:
        """Return the offsets as lines and columns."""
        starts = [0, *(newline.end() for newline in re.finditer("\n", self.text))]

        def position(offset: int) -> Position:
            line = bisect_right(starts, offset)
            return Position(line, offset - starts[line - 1] + 1)

        return {path: (position(a), position(b)) for path, (a, b) in self.offsets.items()}

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Skip a pattern, which must follow, and return its text."""
        match = pattern.match(self.text, self.offset)
        if match is None:
            raise _Lost
        self.offset = match.end()
        return match[0]

    def take(self, sign: str) -> bool:
        """Skip a sign if it follows, and return whether it does."""
        is_next = self.text.startswith(sign, self.offset)
        self.offset += len(sign) * is_next
        return is_next

    def need(self, sign: str) -> None:
        """Skip a sign, which must follow."""
        if not self.take(sign):
            raise _Lost

    def document(self) -> None:
        """Scan TOML: headers, and names with values."""
        table: KeyPath = ()
        self.skip(_SPACE)
        while self.offset < len(self.text):
            if self.text[self.offset] == "[":
                table = self.heading()
            else:
                self.pair(table)
            self.skip(_SPACE)

    def heading(self) -> KeyPath:
        """Skip a header, `[name]` or `[[name]]`, and return the path of its table."""
        start = self.offset
        self.need("[")
        is_list = self.take("[")
        *before, (last, offset) = self.name()
        self.need("]]" if is_list else "]")
        path = (*self.inside((), before), last)
        self.offsets.setdefault(path, (offset, start))
        if is_list:
            self.sizes[path] = self.sizes.get(path, 0) + 1
        path = self.current(path)
        self.offsets.setdefault(path, (start, start))
        return path

    def pair(self, table: KeyPath, _number: int = 0) -> None:
        """Skip a name and its value.

        Equal names are an error of `tomllib`, but `json` takes the last one.
        """
        *before, (last, offset) = self.name()
        path = (*self.inside(table, before), last)
        self.skip(_BLANK)
        self.need(self.assigns)
        self.skip(_SPACE)
        if self.assigns == ":" and path in self.offsets:
            raise self.fault(f"must not have the name {last!r} twice", offset, "Remove one of them")
        self.offsets.setdefault(path, (offset, self.offset))
        self.value(path)

    def name(self) -> list[tuple[str, int]]:
        """Skip a name, and return its parts with their offsets."""
        parts = []
        while True:
            self.skip(_BLANK)
            start = self.offset
            is_quoted = self.text[start] in "\"'"
            part = self.skip(_STRING if is_quoted else _BARE)
            try:
                parts.append((str(self.unquoted(part)) if is_quoted else part, start))
            except ValueError:  # the parser of the format reports the error
                raise _Lost from None
            if len(parts) > self.depth:
                raise self.fault(_DEEP.format(self.depth), start)
            self.skip(_BLANK)
            if not self.take("."):
                return parts

    def inside(self, table: KeyPath, parts: list[tuple[str, int]]) -> KeyPath:
        """Return the path of the table that the first parts of a dotted name lead to."""
        for part, offset in parts:
            table = (*table, part)
            self.check_depth(table, offset)
            self.offsets.setdefault(table, (offset, offset))
            table = self.current(table)
        return table

    def current(self, path: KeyPath) -> KeyPath:
        """Return the last table of a list of tables."""
        return (*path, self.sizes[path] - 1) if path in self.sizes else path

    def check_depth(self, path: KeyPath, offset: int) -> None:
        """Raise an error for a deep path or for many entries."""
        if len(path) > self.depth:
            raise self.fault(_DEEP.format(self.depth), offset)
        if len(self.offsets) > _MOST:
            raise self.fault(_MANY, offset, "Divide the file")

    def fault(self, problem: str, offset: int, hint: str = "") -> InvalidFile:
        return InvalidFile(problem, row=str(Position.of(self.text, offset)), hint=hint)

    def value(self, path: KeyPath) -> None:
        """Skip a value: brackets, a string, or the text up to the next sign."""
        self.check_depth(path, self.offset)
        sign = self.text[self.offset]
        if sign in "[{":
            self.items(path, *("]", self.item) if sign == "[" else ("}", self.pair))
        else:
            self.skip(_STRING if sign in "\"'" else _OTHER)

    def items(self, path: KeyPath, end: str, scan_item: Callable[[KeyPath, int], object]) -> None:
        """Skip brackets and their content."""
        self.offset += 1
        number = 0
        self.skip(_SPACE)
        while not self.take(end):
            scan_item(path, number)
            number += 1
            self.skip(_SPACE)
            if not self.take(","):
                self.need(end)
                return
            self.skip(_SPACE)

    def item(self, path: KeyPath, number: int) -> None:
        """Skip an item of a list."""
        self.offsets[(*path, number)] = (self.offset, self.offset)
        self.value((*path, number))


# The keywords of YAML 1.2. In YAML 1.1, NO (the code of Norway) means false.
_KEYWORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# Characters that are not allowed in YAML; the parser reports no line for them.
_INVALID = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTEGER = re.compile(r"[-+]?[0-9]{1,1000}")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,6})?")


def read_yaml(text: str, *, depth: int = 100) -> tuple[Any, Positions]:
    """Return the data of a YAML text, and the positions of names and values.

    One document of YAML 1.2: tables, lists, texts, numbers, truth values and null. Days are text.

    Examples
    --------
    >>> data, positions = read_yaml("ranks: [RO, NO]")
    >>> data, positions["ranks", 1][1]
    ({'ranks': ['RO', 'NO']}, Position(line=1, column=13))
    """
    try:
        import yaml
    except ImportError as error:
        hint = "Install thbstats[yaml], or use TOML"
        raise MissingExtra("reading YAML requires PyYAML", hint=hint) from error
    if invalid := _INVALID.search(text):
        raise InvalidFile(
            "YAML must not contain this character",
            row=str(Position.of(text, invalid.start())),
            value=invalid[0],
            hint="Remove it",
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(yaml.parse(text, Loader=loader), depth)
    try:
        return builder.document(), builder.positions
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _fault(f"must be valid YAML: {error.problem or error.context}", mark) from None


def _fault(problem: str, mark: Any, hint: str = "") -> InvalidFile:
    row = None if mark is None else str(Position(mark.line + 1, mark.column + 1))
    return InvalidFile(problem, row=row, hint=hint)


class _Builder:
    """Builder of data from the events of a YAML parser.

    Events are compared by the names of their classes, because PyYAML is optional.
    """

    def __init__(self, events: Iterator[Any], depth: int) -> None:
        self.events, self.depth = events, depth
        self.positions: Positions = {}

    def document(self) -> Any:
        data, documents = None, 0
        for event in self.events:
            if type(event).__name__ == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    hint = "Use one file per document"
                    raise _fault("must contain one document", event.start_mark, hint)
            elif hasattr(event, "anchor"):
                data = self.value(event, ())
        return data

    def value(self, event: Any, path: KeyPath) -> Any:
        """Return the value that starts with an event."""
        mark, tag, name = event.start_mark, getattr(event, "tag", None), type(event).__name__
        if len(path) > self.depth:
            raise _fault(_DEEP.format(self.depth), mark)
        if len(self.positions) > _MOST:
            raise _fault(_MANY, mark, "Divide the file")
        # An alias repeats a value, also within itself, and a tag names a type of Python.
        if name == "AliasEvent":
            raise _fault("must not contain an alias", mark, "Repeat the value")
        if tag is not None:
            raise _fault(f"must not contain a tag, got {tag}", mark, "Remove the tag")
        if name == "MappingStartEvent":
            return self.table(path)
        if name == "SequenceStartEvent":
            return self.items(path)
        # A scalar in quotation marks is text; a plain one can be a keyword or a number.
        if not event.implicit[0]:
            return event.value
        text = event.value
        if text in _KEYWORDS:
            return _KEYWORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return Decimal(text) if _DECIMAL.fullmatch(text) else text

    def items(self, path: KeyPath) -> list[Any]:
        values: list[Any] = []
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            values.append(self.entry((*path, len(values)), event, event))
        return values

    def table(self, path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while type(key := next(self.events)).__name__ != "MappingEndEvent":
            if type(key).__name__ != "ScalarEvent":
                raise _fault("a name must be text", key.start_mark, "Use name: value")
            if key.value in values:
                problem = f"must not have the name {key.value!r} twice"
                raise _fault(problem, key.start_mark, "Remove one of them")
            values[key.value] = self.entry((*path, key.value), key, next(self.events))
        return values

    def entry(self, path: KeyPath, name: Any, event: Any) -> Any:
        """Return a value, and add the positions of its name and itself."""
        marks = (item.start_mark for item in (name, event))
        first, second = (Position(mark.line + 1, mark.column + 1) for mark in marks)
        self.positions[path] = (first, second)
        return self.value(event, path)


FORMATS: Mapping[str, tuple[str, ...]] = {
    "toml": (".toml",),
    "yaml": (".yaml", ".yml"),
    "json": (".json",),
}
"""The formats of claims files and their file extensions."""

LIMITS = Limits(size=2**20, depth=50)
"""The default limits; 1 MiB is enough for 3,500 claims."""

_START = Position(1, 1)
_LONG = re.compile(rf"[-+]?(?:0[xob])?[0-9a-fA-F](?:_?[0-9a-fA-F]){{{MAX_DIGITS},}}+(?![.eE_])")
_ROW = re.compile(r"line (\d+)(?:, column (\d+))?")


@frozen(kw_only=True)
class Problem:
    """Problem of a claims file.

    Parameters
    ----------
    file : str
        The file.
    line, column : int
        The position, from 1.
    path : tuple of str and int
        The key path, such as ``("claim", 0, "kind")``.
    error : ThbstatsError
        The error; its ``row`` is the record.

    Examples
    --------
    >>> from thbstats.errors import InvalidValue
    >>> error = InvalidValue("must be set", row="claim 'a'", field="kind", hint="Enter a kind")
    >>> print(Problem(file="a.toml", line=7, column=1, path=("claim", 0), error=error))
    a.toml:7:1: claim 'a': `kind` must be set. Enter a kind
    """

    file: str
    line: int
    column: int
    path: KeyPath
    error: ThbstatsError

    @property
    def location(self) -> str:
        """The location in the format of editors."""
        return f"{escape(self.file)}:{self.line}:{self.column}"

    @property
    def message(self) -> str:
        """The message without the location."""
        return str(self.error).removeprefix("row ")

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON; the path is a JSON Pointer."""
        error = self.error
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": pointer(*self.path),
            "record": None if error.row is None else str(error.row),
            "field": error.field,
            "value": repr(error.value) if error.has_value else None,
            "problem": error.problem,
            "hint": error.hint,
            "message": self.message,
        }

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


@frozen
class ClaimsDocument:
    """Content of a claims file: plain data with the position of each value."""

    name: str
    data: Any
    positions: Positions = field(factory=dict, repr=False)

    def problem(self, path: KeyPath, error: ThbstatsError, *, named: bool = False) -> Problem:
        """Return the problem of a value, or of its name, at the nearest existing parent."""
        parents = (path[:end] for end in range(len(path), 0, -1))
        nearest = next((parent for parent in parents if parent in self.positions), ())
        position = self.positions.get(nearest, (_START, _START))[0 if named else 1]
        return Problem(
            file=self.name, line=position.line, column=position.column, path=path, error=error
        )

    def refused(self, *problems: Problem) -> InvalidClaims:
        """Return the error with some problems, in the order of the text."""
        ordered = sorted(problems, key=attrgetter("line", "column", "message"))
        return InvalidClaims.from_problems(self.name, ordered)


def open_document(
    source: "str | os.PathLike[str]",
    *,
    name: str = "",
    format: str | None = None,
    limits: Limits = LIMITS,
) -> ClaimsDocument:
    """Return the content of a claims file: a path, or a text with a line break."""
    if isinstance(source, str) and "\n" in source:
        label = "claims text"
        opened = open_bytes(source.encode(errors="surrogatepass"), name=label, limits=limits)
    else:
        path = Path(source)
        opened, label, extension = open_file(path, limits=limits), str(path), path.suffix.lower()
        named = (form for form, extensions in FORMATS.items() if extension in extensions)
        format = format or next(named, None)
    if format not in (None, *FORMATS):
        hint = did_you_mean(format, FORMATS)
        problem = "must be a format of claims files"
        raise InvalidValue(problem, field="format", value=format, hint=hint)
    document = ClaimsDocument(name or label, None)
    try:
        data, positions = _parsed(opened, format or "toml")
    except InvalidFile as error:
        match = _ROW.fullmatch(str(error.row or ""))
        line, column = (int(match[1]), int(match[2] or 1)) if match else (1, 1)
        value: dict[str, Any] = {"value": error.value} if error.has_value else {}
        cause = InvalidFile(error.problem, hint=error.hint, **value)
        fault = Problem(file=document.name, line=line, column=column, path=(), error=cause)
        raise document.refused(fault) from None
    return ClaimsDocument(document.name, data, positions)


def _parsed(opened: InputFile, format: str) -> tuple[Any, Positions]:
    """Return the data of a file in a format, and the positions of its values."""
    depth = opened.limits.depth
    try:
        text = opened.text
    except InvalidFile as error:
        raise _unnamed(opened, error, "Save it as UTF-8") from None
    if format == "yaml":
        return read_yaml(text, depth=depth)
    if format == "json":
        positions = json_positions(text, depth=depth)
        try:
            return parse_json(opened), positions
        except InvalidFile as error:
            raise _unnamed(opened, error, error.hint) from None
    # Positions first: tomllib takes quadratic time for very long dotted names.
    positions, lines = toml_positions(text, depth=depth), text.split("\n")
    for _, position in positions.values():  # integers that are too long for Python
        if number := _LONG.match(lines[position.line - 1], position.column - 1):
            problem, value = f"must be an integer of at most {MAX_DIGITS} digits", number[0]
            value = f"{value[:MAX_DIGITS]}..."
            raise InvalidFile(problem, row=str(position), value=value, hint="Check the figure")
    try:
        return tomllib.loads(text), positions
    except ValueError as error:
        problem, _, location = str(error).partition(" (at ")
        row = location.removesuffix(")") if location.startswith("line ") else f"line {len(lines)}"
        raise InvalidFile(f"must be valid TOML: {problem}", row=row) from None


def _unnamed(opened: InputFile, error: InvalidFile, hint: Any) -> InvalidFile:
    """Return an error without the name of the file, which each problem has."""
    return InvalidFile(error.problem.replace(opened.name, "the file", 1), row=error.row, hint=hint)
