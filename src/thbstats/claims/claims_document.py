"""Claims files as plain data with positions, and their problems."""

import os
import re
import tomllib
from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

from attrs import field, frozen

from thbstats._characters import escape
from thbstats.claims.positions import (
    KeyPath,
    Position,
    Positions,
    json_positions,
    read_yaml,
    toml_positions,
)
from thbstats.errors import InvalidClaims, InvalidFile, InvalidValue, ThbstatsError, did_you_mean
from thbstats.files import InputFile, Limits, open_bytes, open_file, parse_json, pointer
from thbstats.values import MAX_DIGITS

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
