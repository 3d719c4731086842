"""A claims file as plain data, with the line and column of everything in it."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

from attrs import field, frozen

from thbstats.claims.places import Place, Way, json_places, toml_places
from thbstats.claims.problem import Problem
from thbstats.claims.yaml_text import read_yaml
from thbstats.errors import InvalidClaims, InvalidFile, InvalidValue, ThbstatsError, did_you_mean
from thbstats.exchange import Limits
from thbstats.exchange.files import InputFile, open_bytes, open_file, parse_json
from thbstats.values import MAX_DIGITS

__all__ = ["FORMATS", "LIMITS", "Document", "open_document"]

FORMATS: Mapping[str, tuple[str, ...]] = {
    "toml": (".toml",),
    "yaml": (".yaml", ".yml"),
    "json": (".json",),
}
"""What a claims file is written in, and the endings of its name."""

LIMITS = Limits(size=2**20, depth=50)
"""What is taken in unless somebody says otherwise; 1 MiB has room for 3,500 claims."""

_Places = Mapping[Way, tuple[Place, Place]]
_START = Place(1, 1)
_LONG = re.compile(rf"[-+]?(?:0[xob])?[0-9a-fA-F](?:_?[0-9a-fA-F]){{{MAX_DIGITS},}}+(?![.eE_])")


@frozen(kw_only=True)
class Document:
    """What a claims file says.

    Parameters
    ----------
    name : str
        The file, for messages.
    data : object
        Tables, lists, texts, numbers, days, truth values and nothing.
    places : mapping
        Where each value stands, after where its name does, by the path to it.
    """

    name: str
    data: Any
    places: _Places = field(factory=dict, repr=False)

    def problem(self, path: Way, error: ThbstatsError, *, named: bool = False) -> Problem:
        """Return what is wrong with a value, or with its name.

        Parameters
        ----------
        path : tuple
            The path to the value; the place is that of the nearest around it that stands there.
        error : ThbstatsError
            What is wrong.
        named : bool
            Whether the place is that of the name.
        """
        nearest = next(
            (path[:end] for end in range(len(path), 0, -1) if path[:end] in self.places), ()
        )
        name, value = self.places.get(nearest, (_START, _START))
        place = name if named else value
        return Problem(file=self.name, line=place.line, column=place.column, path=path, error=error)

    def refused(self, *problems: Problem) -> InvalidClaims:
        """Return the error that tells problems, in the order of the text."""
        return InvalidClaims.from_problems(self.name, sorted(problems, key=attrgetter("order")))


def open_document(
    source: "str | os.PathLike[str]",
    *,
    name: str = "",
    format: str | None = None,
    limits: Limits = LIMITS,
) -> Document:
    """Return what a claims file says, whatever it says.

    Parameters
    ----------
    source : str or path
        A path, or the text of a file (a string with a line break in it).
    name, format, limits : optional
        As for `thbstats.claims.read_claims`.

    Returns
    -------
    Document

    Raises
    ------
    InvalidClaims
        If it is no text, or none of its format.
    InvalidFile
        If it is no file, or larger than the limits.
    """
    if isinstance(source, str) and "\n" in source:
        opened = open_bytes(
            source.encode(errors="surrogatepass"), name="claims text", limits=limits
        )
        called = name or "claims text"
    else:
        path = Path(source)
        opened = open_file(path, limits=limits)
        called = name or str(path)
        format = format or _by_ending(path)
    if format not in (None, *FORMATS):
        raise InvalidValue(
            "a claims file has no such format",
            field="format",
            value=format,
            hint=did_you_mean(format, FORMATS),
        )
    try:
        return Document(name=called, **_READERS[format or "toml"](opened))
    except InvalidFile as error:
        raise _refused(called, error) from None


def _by_ending(path: Path) -> str:
    """Return the format for which the ending of a name stands; TOML where it stands for none."""
    ending = path.suffix.lower()
    return next((name for name, endings in FORMATS.items() if ending in endings), "toml")


def _text(opened: InputFile) -> str:
    try:
        return opened.text
    except InvalidFile as error:
        problem = error.problem.replace(opened.name, "the file", 1)
        raise InvalidFile(problem, row=error.row, hint="Save it as UTF-8") from None


def _toml(opened: InputFile) -> dict[str, Any]:
    # Places first: the reader takes the square of the time for names of very many parts.
    text = _text(opened)
    places = toml_places(text, depth=opened.limits.depth)
    _check_integers(text, places)
    try:
        return {"data": tomllib.loads(text), "places": places}
    except ValueError as error:
        problem, _, place = str(error).partition(" (at ")
        last = text.count("\n") + 1
        row = place.removesuffix(")") if place.startswith("line ") else f"line {last}"
        raise InvalidFile(f"this is not valid TOML: {problem}", row=row) from None


def _check_integers(text: str, places: _Places) -> None:
    """Refuse integers so long that Python does not write them."""
    lines = text.split("\n")
    for _, place in places.values():
        if found := _LONG.match(lines[place.line - 1], place.column - 1):
            raise InvalidFile(
                f"must be an integer of at most {MAX_DIGITS} digits",
                row=f"line {place.line}, column {place.column}",
                value=f"{found[0][:MAX_DIGITS]}...",
                hint="Check the figure",
            )


def _json(opened: InputFile) -> dict[str, Any]:
    places = json_places(_text(opened), depth=opened.limits.depth)
    try:
        return {"data": parse_json(opened), "places": places}
    except InvalidFile as error:
        raise InvalidFile(
            error.problem.replace(opened.name, "the file", 1), row=error.row, hint=error.hint
        ) from None


def _yaml(opened: InputFile) -> dict[str, Any]:
    data, places = read_yaml(_text(opened), depth=opened.limits.depth)
    return {"data": data, "places": places}


_READERS: Mapping[str, Callable[[InputFile], dict[str, Any]]] = {
    "toml": _toml,
    "yaml": _yaml,
    "json": _json,
}
_ROW = re.compile(r"line (\d+)(?:, column (\d+))?")


def _refused(name: str, error: InvalidFile) -> InvalidClaims:
    """Return the error of a text that is not read at all, at the line that its reader names."""
    match = _ROW.fullmatch(str(error.row or ""))
    line, column = (int(match[1]), int(match[2] or 1)) if match else (1, 1)
    known: dict[str, Any] = {"value": error.value} if error.has_value else {}
    told = InvalidFile(error.problem, hint=error.hint, **known)
    return InvalidClaims.from_problems(
        name, [Problem(file=name, line=line, column=column, path=(), error=told)]
    )
