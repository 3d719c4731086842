"""Where the values of a text stand: what no reader of TOML or JSON tells, line by line."""

import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress

from attrs import frozen

from thbstats.errors import InvalidFile

__all__ = ["Place", "Way", "json_places", "toml_places"]

Way = tuple[str | int, ...]
"""The names and numbers that lead to a value, such as ``("claim", 0, "category", "sex")``."""


@frozen
class Place:
    """Where something stands.

    Parameters
    ----------
    line, column : int
        From 1; a column is counted in characters.
    """

    line: int
    column: int


class _Lost(Exception):
    """The text is not what it should be, which its reader says better."""


# Everything goes forward and never back, so that no text takes longer than it is long.
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
_DEEP = "this is nested more than {} levels deep"
_APART = re.compile(r"(?:[ \t\r\n]|#[^\n]*+)*+")


def toml_places(text: str, *, depth: int = 100) -> dict[Way, tuple[Place, Place]]:
    r"""Return where each value of a TOML text stands, after where its name does.

    Parameters
    ----------
    text : str
        TOML; of a text that is not, what stands before the fault.
    depth : int
        Levels of nesting and parts of a name that are taken in.

    Returns
    -------
    dict
        The place of the name and the place of the value by the path to it. An item of a list has
        no name, and a table that a heading opens has no value but itself: both places are one.

    Raises
    ------
    InvalidFile
        If there are more levels; the row of the error is the line and the column.

    Examples
    --------
    >>> places = toml_places('[[claim]]\nid = "a"\ncategory = { sex = "female" }\n')
    >>> places["claim", 0, "category", "sex"]
    (Place(line=3, column=14), Place(line=3, column=20))
    """
    scanner = _Scanner(
        text, depth, assigns="=", unquoted=lambda part: tomllib.loads(f"it = {part}")["it"]
    )
    with suppress(_Lost, IndexError):
        scanner.document()
    return scanner.places()


def json_places(text: str, *, depth: int = 100) -> dict[Way, tuple[Place, Place]]:
    """Return where each value of a JSON text stands, as `toml_places` does.

    Raises
    ------
    InvalidFile
        If there are more levels, or a name stands twice in one object.
    """
    scanner = _Scanner(text, depth, assigns=":", unquoted=json.loads)
    with suppress(_Lost, IndexError):
        scanner.skip(_APART)
        scanner.value(())
    return scanner.places()


class _Scanner:
    """A text and how far it has been walked through."""

    def __init__(
        self, text: str, depth: int, *, assigns: str, unquoted: Callable[[str], object]
    ) -> None:
        self.text, self.depth, self.at = text, depth, 0
        self.assigns, self.unquoted = assigns, unquoted
        self.found: dict[Way, tuple[int, int]] = {}
        self.sizes: dict[Way, int] = {}

    def places(self) -> dict[Way, tuple[Place, Place]]:
        starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

        def place(at: int) -> Place:
            line = bisect_right(starts, at)
            return Place(line, at - starts[line - 1] + 1)

        return {path: (place(name), place(value)) for path, (name, value) in self.found.items()}

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Go past what a pattern takes."""
        match = pattern.match(self.text, self.at)
        if match is None:
            raise _Lost
        self.at = match.end()
        return match[0]

    def take(self, sign: str) -> bool:
        """Go past a sign if it is the next."""
        there = self.text.startswith(sign, self.at)
        self.at += len(sign) * there
        return there

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise _Lost

    def document(self) -> None:
        """Walk through TOML: headings, and names with their values."""
        table: Way = ()
        self.skip(_APART)
        while self.at < len(self.text):
            table = self.heading() if self.text[self.at] == "[" else self.pair(table)
            self.skip(_APART)

    def heading(self) -> Way:
        start = self.at
        self.need("[")
        several = self.take("[")
        *before, (last, at) = self.name()
        self.need("]]" if several else "]")
        path = self.inside((), before)
        path = (*path, last)
        self.found.setdefault(path, (at, start))
        if several:
            self.sizes[path] = self.sizes.get(path, 0) + 1
        path = self.current(path)
        self.found.setdefault(path, (start, start))
        return path

    def pair(self, table: Way, _number: int = 0) -> Way:
        """Go past a name and its value; the table in which it stands stays the same."""
        *before, (last, at) = self.name()
        path = (*self.inside(table, before), last)
        self.skip(_BLANK)
        self.need(self.assigns)
        self.skip(_APART)
        if self.assigns == ":" and path in self.found:
            raise self.fault(f"the name {last!r} is said twice", at, "Leave one out")
        self.found.setdefault(path, (at, self.at))
        self.value(path)
        return table

    def name(self) -> list[tuple[str, int]]:
        """Go past a name, which can have parts, and return them with where they stand."""
        parts = []
        while True:
            self.skip(_BLANK)
            start = self.at
            quoted = self.text[start] in "\"'"
            part = self.skip(_STRING if quoted else _BARE)
            try:
                parts.append((str(self.unquoted(part)) if quoted else part, start))
            except ValueError:  # of JSON and TOML: the parser names what is wrong there
                raise _Lost from None
            if len(parts) > self.depth:
                raise self.fault(_DEEP.format(self.depth), start)
            self.skip(_BLANK)
            if not self.take("."):
                return parts

    def inside(self, table: Way, parts: list[tuple[str, int]]) -> Way:
        """Return the table to which the parts of a name lead."""
        for part, at in parts:
            table = self.within((*table, part), at)
            self.found.setdefault(table, (at, at))
            table = self.current(table)
        return table

    def current(self, path: Way) -> Way:
        """Return the last table of a list of tables, where a heading speaks of one."""
        return (*path, self.sizes[path] - 1) if path in self.sizes else path

    def within(self, path: Way, at: int) -> Way:
        """Return a path that is not too long."""
        if len(path) > self.depth:
            raise self.fault(_DEEP.format(self.depth), at)
        return path

    def fault(self, problem: str, at: int, hint: str = "") -> InvalidFile:
        line, column = self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at)
        return InvalidFile(problem, row=f"line {line}, column {column}", hint=hint)

    def value(self, path: Way) -> None:
        """Go past a value."""
        self.within(path, self.at)
        sign = self.text[self.at]
        if sign == "[":
            self.items(path, "]", self.item)
        elif sign == "{":
            self.items(path, "}", self.pair)
        else:
            self.skip(_STRING if sign in "\"'" else _OTHER)

    def items(self, path: Way, end: str, one: Callable[[Way, int], object]) -> None:
        """Go past brackets and what stands in them."""
        self.at += 1
        number = 0
        self.skip(_APART)
        while not self.take(end):
            one(path, number)
            number += 1
            self.skip(_APART)
            if not self.take(","):
                self.need(end)
                return
            self.skip(_APART)

    def item(self, path: Way, number: int) -> None:
        self.found[(*path, number)] = (self.at, self.at)
        self.value((*path, number))
