"""Positions of values in TOML and JSON texts."""

import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress

from attrs import frozen

from thbstats.errors import InvalidFile

__all__ = ["KeyPath", "Position", "json_positions", "toml_positions"]

KeyPath = tuple[str | int, ...]
"""The keys and indices of a value, such as ``("claim", 0, "category", "sex")``."""


@frozen
class Position:
    """Position in a text.

    Parameters
    ----------
    line, column : int
        The line and the column in characters, from 1.
    """

    line: int
    column: int


class _Lost(Exception):
    """Invalid text; its parser reports the reason."""


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
_DEEP = "must be nested at most {} levels deep"
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*+)*+")


def toml_positions(text: str, *, depth: int = 100) -> dict[KeyPath, tuple[Position, Position]]:
    r"""Return the positions of the name and the value of each entry of a TOML text.

    Parameters
    ----------
    text : str
        TOML; for an invalid text, the part before the error.
    depth : int
        The maximum depth of nesting and number of parts of a name.

    Returns
    -------
    dict
        The positions of name and value by key path. They are equal for an item of a list, which
        has no name, and for a table with a header, which has no other value.

    Raises
    ------
    InvalidFile
        If the depth is exceeded; the row of the error is the line and the column.

    Examples
    --------
    >>> positions = toml_positions('[[claim]]\nid = "a"\ncategory = { sex = "female" }\n')
    >>> positions["claim", 0, "category", "sex"]
    (Position(line=3, column=14), Position(line=3, column=20))
    """
    scanner = _Scanner(
        text, depth, assigns="=", unquoted=lambda part: tomllib.loads(f"it = {part}")["it"]
    )
    with suppress(_Lost, IndexError):
        scanner.document()
    return scanner.positions()


def json_positions(text: str, *, depth: int = 100) -> dict[KeyPath, tuple[Position, Position]]:
    """Return the positions of the name and the value of each entry of a JSON text.

    Raises
    ------
    InvalidFile
        If the depth is exceeded, or an object has a duplicate name.
    """
    scanner = _Scanner(text, depth, assigns=":", unquoted=json.loads)
    with suppress(_Lost, IndexError):
        scanner.skip(_SPACE)
        scanner.value(())
    return scanner.positions()


class _Scanner:
    """Scanner of a text."""

    def __init__(
        self, text: str, depth: int, *, assigns: str, unquoted: Callable[[str], object]
    ) -> None:
        self.text, self.depth, self.offset = text, depth, 0
        self.assigns, self.unquoted = assigns, unquoted
        self.found: dict[KeyPath, tuple[int, int]] = {}
        self.sizes: dict[KeyPath, int] = {}

    def positions(self) -> dict[KeyPath, tuple[Position, Position]]:
        starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

        def position(offset: int) -> Position:
            line = bisect_right(starts, offset)
            return Position(line, offset - starts[line - 1] + 1)

        return {
            path: (position(name), position(value)) for path, (name, value) in self.found.items()
        }

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Skip the match of a pattern."""
        match = pattern.match(self.text, self.offset)
        if match is None:
            raise _Lost
        self.offset = match.end()
        return match[0]

    def take(self, sign: str) -> bool:
        """Skip a sign if it is next."""
        is_next = self.text.startswith(sign, self.offset)
        self.offset += len(sign) * is_next
        return is_next

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise _Lost

    def document(self) -> None:
        """Scan TOML: headers, and names with values."""
        table: KeyPath = ()
        self.skip(_SPACE)
        while self.offset < len(self.text):
            table = self.heading() if self.text[self.offset] == "[" else self.pair(table)
            self.skip(_SPACE)

    def heading(self) -> KeyPath:
        start = self.offset
        self.need("[")
        is_list = self.take("[")
        *before, (last, offset) = self.name()
        self.need("]]" if is_list else "]")
        path = self.inside((), before)
        path = (*path, last)
        self.found.setdefault(path, (offset, start))
        if is_list:
            self.sizes[path] = self.sizes.get(path, 0) + 1
        path = self.current(path)
        self.found.setdefault(path, (start, start))
        return path

    def pair(self, table: KeyPath, _number: int = 0) -> KeyPath:
        """Skip a name and its value, and return the current table."""
        *before, (last, offset) = self.name()
        path = (*self.inside(table, before), last)
        self.skip(_BLANK)
        self.need(self.assigns)
        self.skip(_SPACE)
        if self.assigns == ":" and path in self.found:
            raise self.fault(f"must not have the name {last!r} twice", offset, "Remove one of them")
        self.found.setdefault(path, (offset, self.offset))
        self.value(path)
        return table

    def name(self) -> list[tuple[str, int]]:
        """Skip a name, and return its parts with their positions."""
        parts = []
        while True:
            self.skip(_BLANK)
            start = self.offset
            quoted = self.text[start] in "\"'"
            part = self.skip(_STRING if quoted else _BARE)
            try:
                parts.append((str(self.unquoted(part)) if quoted else part, start))
            except ValueError:  # the parser of the format reports the error
                raise _Lost from None
            if len(parts) > self.depth:
                raise self.fault(_DEEP.format(self.depth), start)
            self.skip(_BLANK)
            if not self.take("."):
                return parts

    def inside(self, table: KeyPath, parts: list[tuple[str, int]]) -> KeyPath:
        """Return the table of a dotted name."""
        for part, offset in parts:
            table = self.within((*table, part), offset)
            self.found.setdefault(table, (offset, offset))
            table = self.current(table)
        return table

    def current(self, path: KeyPath) -> KeyPath:
        """Return the last table of a list of tables."""
        return (*path, self.sizes[path] - 1) if path in self.sizes else path

    def within(self, path: KeyPath, offset: int) -> KeyPath:
        """Return a path that does not exceed the depth."""
        if len(path) > self.depth:
            raise self.fault(_DEEP.format(self.depth), offset)
        return path

    def fault(self, problem: str, offset: int, hint: str = "") -> InvalidFile:
        line = self.text.count("\n", 0, offset) + 1
        column = offset - self.text.rfind("\n", 0, offset)
        return InvalidFile(problem, row=f"line {line}, column {column}", hint=hint)

    def value(self, path: KeyPath) -> None:
        """Skip a value."""
        self.within(path, self.offset)
        sign = self.text[self.offset]
        if sign == "[":
            self.items(path, "]", self.item)
        elif sign == "{":
            self.items(path, "}", self.pair)
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
        self.found[(*path, number)] = (self.offset, self.offset)
        self.value((*path, number))
