"""A YAML text as plain data with the place of each value, safely: it can name no types to make."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from thbstats.claims.places import Place, Way
from thbstats.errors import InvalidFile, MissingExtra

__all__ = ["read_yaml"]

# The words of YAML 1.2. In its older version NO, the code of Norway, is another way to say false.
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# What a YAML text can be made of; all else has no line in the errors of its parser.
_STRANGE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHOLE = re.compile(r"[-+]?[0-9]{1,1000}")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,6})?")


def read_yaml(text: str, *, depth: int = 100) -> tuple[Any, dict[Way, tuple[Place, Place]]]:
    """Return what a YAML text says, and where each value stands, after where its name does.

    Parameters
    ----------
    text : str
        One document of YAML 1.2: tables, lists, texts, numbers, truth values and nothing. What
        looks like a day is text.
    depth : int
        Levels of nesting that are taken in.

    Returns
    -------
    tuple of (object, dict)
        As of `thbstats.claims.places.toml_places`.

    Raises
    ------
    InvalidFile
        If it is no YAML, has more levels, says a name twice in one table, repeats by reference
        (``*name``), or names a type (``!!python/object``). The row of the error is the line and the
        column.
    MissingExtra
        If PyYAML is not installed.

    Examples
    --------
    >>> data, places = read_yaml("ranks: [RO, NO]")
    >>> data, places["ranks", 1][1]
    ({'ranks': ['RO', 'NO']}, Place(line=1, column=13))

    References
    ----------
    YAML Ain't Markup Language, version 1.2.2, section 10.3 (core schema).
    """
    try:
        import yaml
    except ImportError as error:
        raise MissingExtra(
            "YAML is read with PyYAML, which is not installed",
            hint="Install thbstats[yaml], or write TOML",
        ) from error
    if strange := _STRANGE.search(text):
        line, column = text.count("\n", 0, strange.start()), strange.start()
        raise InvalidFile(
            "no YAML has this character",
            row=f"line {line + 1}, column {column - text.rfind(chr(10), 0, column)}",
            value=strange[0],
            hint="Leave it out",
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(yaml.parse(text, Loader=loader), depth)
    try:
        return builder.document(), builder.places
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _fault(f"this is no YAML: {error.problem or error.context}", mark) from None


def _fault(problem: str, mark: Any, hint: str = "") -> InvalidFile:
    row = None if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"
    return InvalidFile(problem, row=row, hint=hint)


class _Builder:
    """Data made from the events of a parser, each as it comes, so that nothing is repeated."""

    def __init__(self, events: Iterator[Any], depth: int) -> None:
        self.events, self.depth = events, depth
        self.places: dict[Way, tuple[Place, Place]] = {}

    def document(self) -> Any:
        import yaml

        found, number = None, 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                number += 1
                if number > 1:
                    raise _fault(
                        "a second document starts here", event.start_mark, "Keep one in a file"
                    )
            elif isinstance(event, yaml.NodeEvent):
                found = self.value(event, ())
        return found

    def value(self, event: Any, path: Way) -> Any:
        """Return the value that starts with an event."""
        import yaml

        if len(path) > self.depth:
            raise _fault(f"this is nested more than {self.depth} levels deep", event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise _fault("this repeats by reference", event.start_mark, "Write it out")
        if getattr(event, "tag", None) is not None:
            raise _fault(
                f"this names a type, {event.tag}", event.start_mark, "Leave out what starts with !"
            )
        if isinstance(event, yaml.MappingStartEvent):
            return self.table(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(path)
        return _plain(event.value) if event.implicit[0] else event.value

    def items(self, path: Way) -> list[Any]:
        import yaml

        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            inner = (*path, len(found))
            self.places[inner] = (_place(event), _place(event))
            found.append(self.value(event, inner))
        return found

    def table(self, path: Way) -> dict[str, Any]:
        import yaml

        found: dict[str, Any] = {}
        while not isinstance(name := next(self.events), yaml.MappingEndEvent):
            if not isinstance(name, yaml.ScalarEvent):
                raise _fault("a name is text", name.start_mark, "Write name: value")
            if name.value in found:
                raise _fault(
                    f"the name {name.value!r} is said twice", name.start_mark, "Leave one out"
                )
            event = next(self.events)
            inner = (*path, name.value)
            self.places[inner] = (_place(name), _place(event))
            found[name.value] = self.value(event, inner)
        return found


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _plain(text: str) -> Any:
    """Return what a text without quotation marks means."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
