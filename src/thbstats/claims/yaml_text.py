"""Safe reader of YAML with positions."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from thbstats.claims.positions import KeyPath, Position
from thbstats.errors import InvalidFile, MissingExtra

__all__ = ["read_yaml"]

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


def read_yaml(
    text: str, *, depth: int = 100
) -> tuple[Any, dict[KeyPath, tuple[Position, Position]]]:
    """Return the data of a YAML text, and the positions of names and values.

    Parameters
    ----------
    text : str
        One document of YAML 1.2: tables, lists, texts, numbers, truth values and null. Days are
        text.
    depth : int
        The maximum depth of nesting.

    Returns
    -------
    tuple of (object, dict)
        Data, and positions as of `thbstats.claims.positions.toml_positions`.

    Raises
    ------
    InvalidFile
        If the text is not valid YAML, exceeds the depth, has a duplicate name in a table, an alias
        (``*name``) or a tag (``!!python/object``). The row of the error is the line and the column.
    MissingExtra
        If PyYAML is not installed.

    Examples
    --------
    >>> data, positions = read_yaml("ranks: [RO, NO]")
    >>> data, positions["ranks", 1][1]
    ({'ranks': ['RO', 'NO']}, Position(line=1, column=13))

    References
    ----------
    YAML Ain't Markup Language, version 1.2.2, section 10.3 (core schema).
    """
    try:
        import yaml
    except ImportError as error:
        raise MissingExtra(
            "reading YAML requires PyYAML",
            hint="Install thbstats[yaml], or use TOML",
        ) from error
    if invalid := _INVALID.search(text):
        line, column = text.count("\n", 0, invalid.start()), invalid.start()
        raise InvalidFile(
            "YAML must not contain this character",
            row=f"line {line + 1}, column {column - text.rfind(chr(10), 0, column)}",
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
    row = None if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"
    return InvalidFile(problem, row=row, hint=hint)


class _Builder:
    """Builder of data from parser events."""

    def __init__(self, events: Iterator[Any], depth: int) -> None:
        self.events, self.depth = events, depth
        self.positions: dict[KeyPath, tuple[Position, Position]] = {}

    def document(self) -> Any:
        import yaml

        found, number = None, 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                number += 1
                if number > 1:
                    raise _fault(
                        "must contain one document", event.start_mark, "Use one file per document"
                    )
            elif isinstance(event, yaml.NodeEvent):
                found = self.value(event, ())
        return found

    def value(self, event: Any, path: KeyPath) -> Any:
        """Return the value that starts with an event."""
        import yaml

        if len(path) > self.depth:
            raise _fault(f"must be nested at most {self.depth} levels deep", event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise _fault("must not contain an alias", event.start_mark, "Repeat the value")
        if getattr(event, "tag", None) is not None:
            raise _fault(
                f"must not contain a tag, got {event.tag}", event.start_mark, "Remove the tag"
            )
        if isinstance(event, yaml.MappingStartEvent):
            return self.table(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(path)
        return _plain(event.value) if event.implicit[0] else event.value

    def items(self, path: KeyPath) -> list[Any]:
        import yaml

        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            inner = (*path, len(found))
            self.positions[inner] = (_position(event), _position(event))
            found.append(self.value(event, inner))
        return found

    def table(self, path: KeyPath) -> dict[str, Any]:
        import yaml

        found: dict[str, Any] = {}
        while not isinstance(name := next(self.events), yaml.MappingEndEvent):
            if not isinstance(name, yaml.ScalarEvent):
                raise _fault("a name must be text", name.start_mark, "Use name: value")
            if name.value in found:
                raise _fault(
                    f"must not have the name {name.value!r} twice",
                    name.start_mark,
                    "Remove one of them",
                )
            event = next(self.events)
            inner = (*path, name.value)
            self.positions[inner] = (_position(name), _position(event))
            found[name.value] = self.value(event, inner)
        return found


def _position(event: Any) -> Position:
    return Position(event.start_mark.line + 1, event.start_mark.column + 1)


def _plain(text: str) -> Any:
    """Return the value of a text without quotation marks."""
    if text in _KEYWORDS:
        return _KEYWORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
