"""Reader of claims files in TOML, YAML or JSON, with the position of each value.

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
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from attrs import NOTHING, Attribute, field, fields_dict, frozen

from thbstats._characters import escape
from thbstats._signatures import explain_arguments
from thbstats.claims.claim import Claim
from thbstats.claims.publication import Publication
from thbstats.errors import (
    InvalidClaims,
    InvalidFile,
    InvalidValue,
    MissingExtra,
    ThbstatsError,
    UnknownName,
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
    r"""Return the positions in a TOML text; if it is invalid, the positions before the error.

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
    """Scanner of a text, with its current position.

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
        """Skip a pattern and return its text; raise an error if it does not follow."""
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
        """Skip a sign; raise an error if it does not follow."""
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
    """Return an error without the name of the file, because each problem names it."""
    return InvalidFile(error.problem.replace(opened.name, "the file", 1), row=error.row, hint=hint)


#: The version of the file format.
SCHEMA_VERSION = 1

#: The top-level names of a file; ``$schema`` is for editors of JSON.
TOP = ("schema_version", "report", "claim", "$schema")


@explain_arguments
def read_claims(
    source: "str | os.PathLike[str]",
    *,
    name: str = "",
    format: str | None = None,
    limits: Limits = LIMITS,
) -> Publication:
    """Return the publication of a claims file.

    Parameters
    ----------
    source : str or path
        A path, or the text of a file (a string with a line break).
    name : str, optional
        The name of the file in errors; by default its path, or "claims text".
    format : {"toml", "yaml", "json"}, optional
        The format; by default that of the file extension, otherwise TOML.
    limits : Limits, optional
        The limits of size and nesting; by default 1 MiB and 50 levels.

    Returns
    -------
    Publication

    Raises
    ------
    InvalidClaims
        If the file is not a valid claims file. One error lists all ``problems``, with line,
        column, claim, field, value and hint.
    InvalidFile
        If the path is not a regular file, or the file exceeds the limits.
    MissingExtra
        If the file is YAML and PyYAML is not installed.
    OSError
        If the path cannot be read.

    Examples
    --------
    >>> publication = read_claims('''
    ... schema_version = 1
    ... [report]
    ... id = "com_2018_777"
    ... title = "Second progress report"
    ... [[claim]]
    ... id = "ii-victims"
    ... section = "II"
    ... kind = "count"
    ... printed = "20532"
    ... subject = "victims"
    ... area = "EU28"
    ... period = "2015-2016"
    ... ''')
    >>> publication.claim("ii-victims").count
    20532

    Notes
    -----
    ``schema_version`` is 1. ``[report]`` contains the fields of `Publication`, each ``[[claim]]``
    those of `Claim`. A field that is omitted has its default.
    """
    document = open_document(source, name=name, format=format, limits=limits)
    return _ClaimsReader(document).publication()


MAX_PROBLEMS = 1000
"""The maximum number of reported problems."""

_SET_VERSION = f"Use schema_version = {SCHEMA_VERSION}"
_ADD_REPORT = "Add a table [report] with `id` and `title`"
_SET_MAKES = "Set `makes` of the other shares, or remove it"
_ADD_CLAIM = "Add a table [[claim]] for each claim"
_NO_TABLE = InvalidFile(
    "a claims file must start with keys such as `schema_version`",
    row="file",
    hint="Add `schema_version`, `report` and `claim`",
)

_Record = TypeVar("_Record", Claim, Publication)


class _ClaimsReader:
    """Reader of a document, with its problems."""

    def __init__(self, document: ClaimsDocument) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def publication(self) -> Publication:
        data = self.document.data
        if not isinstance(data, dict):
            raise self.document.refused(self.document.problem((), _NO_TABLE))
        self.check_version(data)
        self.check_names((), "file", data, TOP)
        rows = data.get("claim", [])
        is_list = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        if not is_list or not rows:
            problem = "must contain at least one claim" if is_list else "must be a list of tables"
            self.note(("claim",), InvalidFile(problem, row="file", field="claim", hint=_ADD_CLAIM))
        claims = self.claims(rows) if is_list else []
        # Relations between claims are checked only if each of them is valid.
        checked = () if self.problems else claims
        report = self.record(Publication, ("report",), "report", data.get("report"), claims=checked)
        if self.problems or report is None:
            raise self.document.refused(*self.problems)
        return report

    def note(self, path: KeyPath, error: ThbstatsError, *, named: bool = False) -> None:
        """Add a problem, or raise all problems at the maximum number."""
        is_last = len(self.problems) == MAX_PROBLEMS
        if is_last:
            problem = f"the check stopped after {MAX_PROBLEMS} problems"
            error, named = InvalidFile(problem, hint="Correct these first"), False
        self.problems.append(self.document.problem(path, error, named=named))
        if is_last:
            raise self.document.refused(*self.problems)

    def check_version(self, data: Mapping[str, Any]) -> None:
        """Check the version of the format before all other fields."""
        version, value, hint = data.get("schema_version"), dict[str, Any](), _SET_VERSION
        if type(version) is int and 1 <= version <= SCHEMA_VERSION:
            return
        problem = "must be set"
        if "schema_version" in data:
            problem, value = f"must be {SCHEMA_VERSION}", {"value": version}
        if type(version) is int and version > SCHEMA_VERSION:
            problem, hint = f"must be at most {SCHEMA_VERSION}", "Update thbstats"
        error = InvalidFile(problem, row="file", field="schema_version", hint=hint, **value)
        raise self.document.refused(self.document.problem(("schema_version",), error))

    def claims(self, rows: list[dict[str, Any]]) -> list[Claim]:
        claims = []
        for number, row in enumerate(rows):
            id_ = row.get("id")
            named = f"claim number {number + 1}" if id_ is None else f"claim {id_!r}"
            claims.append(self.record(Claim, ("claim", number), named, row))
        for own, hint in (("id", "Rename one of the claims"), ("makes", _SET_MAKES)):
            same: defaultdict[str, list[int]] = defaultdict(list)
            for number, row in enumerate(rows):
                if isinstance(name := row.get(own), str):
                    same[name].append(number)
            for name, (first, *others) in same.items():
                wrong, problem = others, "must be set for at least two claims"
                if own == "makes":
                    wrong = [] if others or not name else [first]
                elif others:
                    line = self.document.problem(("claim", first, own), _NO_TABLE).line
                    problem = f"must be unique, but the claim in line {line} has the same id"
                for number in wrong:
                    named = f"claim {rows[number].get('id')!r}"
                    error = InvalidValue(problem, row=named, field=own, value=name, hint=hint)
                    self.note(("claim", number, own), error)
        return [claim for claim in claims if claim is not None]

    def record(
        self, cls: type[_Record], path: KeyPath, named: str, row: object, **fixed: Any
    ) -> _Record | None:
        if not isinstance(row, dict):
            self.note(path, InvalidFile("must be set", row="file", field=named, hint=_ADD_REPORT))
            return None
        before = len(self.problems)
        known = {name: item for name, item in fields_dict(cls).items() if name not in fixed}
        self.check_names(path, named, row, known)
        for name, item in known.items():
            if name in row:
                self.check_value((*path, name), named, item, row[name])
            elif item.default is NOTHING:
                missing = InvalidFile("must be set", row=named, field=name, hint=f"Add `{name}`")
                self.note(path, missing)
        if len(self.problems) > before:
            return None
        try:
            return cls(**row, **fixed)
        except ThbstatsError as error:
            self.note_contradictions(path, named, error)
        return None

    def note_contradictions(self, path: KeyPath, named: str, error: ThbstatsError) -> None:
        """Add each contradiction between fields, which the cause contains."""
        cause = error.__cause__
        for item in cause.exceptions if isinstance(cause, ExceptionGroup) else (error,):
            if isinstance(item, ThbstatsError):
                self.note((*path, *str(item.field).split(".")), item.with_location(row=named))

    def check_names(
        self, path: KeyPath, named: str, row: Mapping[str, Any], known: Iterable[str]
    ) -> None:
        options = list(known)
        for name in row:
            if name not in options:
                hint = did_you_mean(name, [item for item in options if item != "$schema"])
                error = UnknownName("must be a known field", row=named, field=name, hint=hint)
                self.note((*path, name), error, named=True)

    def check_value(self, path: KeyPath, named: str, item: "Attribute[Any]", value: object) -> None:
        """Check a value; check each item of a table or a list before the table itself."""
        parts: list[tuple[KeyPath, object]] = []
        if isinstance(value, dict):
            parts = [((*path, name), {name: part}) for name, part in value.items()]
        elif isinstance(value, list):
            parts = [((*path, number), [part]) for number, part in enumerate(value)]
        before = len(self.problems)
        convert: Any = item.converter
        check: Any = item.validator
        for inner, part in [*parts, (path, value)]:
            if inner == path and len(self.problems) > before:
                return
            try:
                if part is None:
                    problem, hint = "must not be null", "Remove the field"
                    raise InvalidValue(problem, field=item.name, hint=hint)
                read = convert(part) if convert else part
                if check:
                    check(None, item, read)
            except ThbstatsError as error:
                # An error without a value concerns the name of a dimension.
                self.note(inner, error.with_location(row=named), named=not error.has_value)
