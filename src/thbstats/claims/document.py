"""Claims files as plain data with positions."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

from attrs import field, frozen

from thbstats.claims.positions import KeyPath, Position, json_positions, toml_positions
from thbstats.claims.problem import Problem
from thbstats.claims.yaml_text import read_yaml
from thbstats.errors import InvalidClaims, InvalidFile, InvalidValue, ThbstatsError, did_you_mean
from thbstats.exchange import InputFile, Limits, open_bytes, open_file, parse_json
from thbstats.values import MAX_DIGITS

__all__ = ["FORMATS", "LIMITS", "ClaimsDocument", "open_document"]

FORMATS: Mapping[str, tuple[str, ...]] = {
    "toml": (".toml",),
    "yaml": (".yaml", ".yml"),
    "json": (".json",),
}
"""The formats of claims files and their file extensions."""

LIMITS = Limits(size=2**20, depth=50)
"""The default limits; 1 MiB is enough for 3,500 claims."""

_Positions = Mapping[KeyPath, tuple[Position, Position]]
_START = Position(1, 1)
_LONG = re.compile(rf"[-+]?(?:0[xob])?[0-9a-fA-F](?:_?[0-9a-fA-F]){{{MAX_DIGITS},}}+(?![.eE_])")


@frozen(kw_only=True)
class ClaimsDocument:
    """Content of a claims file, with the position of each value.

    Parameters
    ----------
    name : str
        The file name for messages.
    data : object
        Tables, lists, texts, numbers, days, truth values and null.
    positions : mapping
        The positions of the name and the value of each entry, by key path.
    """

    name: str
    data: Any
    positions: _Positions = field(factory=dict, repr=False)

    def problem(self, path: KeyPath, error: ThbstatsError, *, named: bool = False) -> Problem:
        """Return the problem of a value or of its name.

        Parameters
        ----------
        path : tuple
            The key path of the value; the position is that of the nearest existing parent.
        error : ThbstatsError
            The error.
        named : bool
            Whether the position is that of the name.
        """
        nearest = next(
            (path[:end] for end in range(len(path), 0, -1) if path[:end] in self.positions), ()
        )
        name, value = self.positions.get(nearest, (_START, _START))
        position = name if named else value
        return Problem(
            file=self.name, line=position.line, column=position.column, path=path, error=error
        )

    def refused(self, *problems: Problem) -> InvalidClaims:
        """Return the error with some problems, in the order of the text."""
        return InvalidClaims.from_problems(self.name, sorted(problems, key=attrgetter("order")))


def open_document(
    source: "str | os.PathLike[str]",
    *,
    name: str = "",
    format: str | None = None,
    limits: Limits = LIMITS,
) -> ClaimsDocument:
    """Return the content of a claims file.

    Parameters
    ----------
    source : str or path
        A path, or the text of a file (a string with a line break).
    name, format, limits : optional
        As for `thbstats.claims.read_claims`.

    Returns
    -------
    ClaimsDocument

    Raises
    ------
    InvalidClaims
        If the file is not text or not valid in its format.
    InvalidFile
        If the path is not a regular file, or the file exceeds the limits.
    """
    if isinstance(source, str) and "\n" in source:
        opened = open_bytes(
            source.encode(errors="surrogatepass"), name="claims text", limits=limits
        )
        label = name or "claims text"
    else:
        path = Path(source)
        opened = open_file(path, limits=limits)
        label = name or str(path)
        format = format or _by_ending(path)
    if format not in (None, *FORMATS):
        raise InvalidValue(
            "must be a format of claims files",
            field="format",
            value=format,
            hint=did_you_mean(format, FORMATS),
        )
    try:
        return ClaimsDocument(name=label, **_READERS[format or "toml"](opened))
    except InvalidFile as error:
        raise _refused(label, error) from None


def _by_ending(path: Path) -> str:
    """Return the format of a file extension; TOML by default."""
    ending = path.suffix.lower()
    return next((name for name, endings in FORMATS.items() if ending in endings), "toml")


def _text(opened: InputFile) -> str:
    try:
        return opened.text
    except InvalidFile as error:
        problem = error.problem.replace(opened.name, "the file", 1)
        raise InvalidFile(problem, row=error.row, hint="Save it as UTF-8") from None


def _toml(opened: InputFile) -> dict[str, Any]:
    # Positions first: tomllib takes quadratic time for very long dotted names.
    text = _text(opened)
    positions = toml_positions(text, depth=opened.limits.depth)
    _check_integers(text, positions)
    try:
        return {"data": tomllib.loads(text), "positions": positions}
    except ValueError as error:
        problem, _, location = str(error).partition(" (at ")
        last = text.count("\n") + 1
        row = location.removesuffix(")") if location.startswith("line ") else f"line {last}"
        raise InvalidFile(f"must be valid TOML: {problem}", row=row) from None


def _check_integers(text: str, positions: _Positions) -> None:
    """Reject integers that are too long for Python."""
    lines = text.split("\n")
    for _, position in positions.values():
        if found := _LONG.match(lines[position.line - 1], position.column - 1):
            raise InvalidFile(
                f"must be an integer of at most {MAX_DIGITS} digits",
                row=f"line {position.line}, column {position.column}",
                value=f"{found[0][:MAX_DIGITS]}...",
                hint="Check the figure",
            )


def _json(opened: InputFile) -> dict[str, Any]:
    positions = json_positions(_text(opened), depth=opened.limits.depth)
    try:
        return {"data": parse_json(opened), "positions": positions}
    except InvalidFile as error:
        raise InvalidFile(
            error.problem.replace(opened.name, "the file", 1), row=error.row, hint=error.hint
        ) from None


def _yaml(opened: InputFile) -> dict[str, Any]:
    data, positions = read_yaml(_text(opened), depth=opened.limits.depth)
    return {"data": data, "positions": positions}


_READERS: Mapping[str, Callable[[InputFile], dict[str, Any]]] = {
    "toml": _toml,
    "yaml": _yaml,
    "json": _json,
}
_ROW = re.compile(r"line (\d+)(?:, column (\d+))?")


def _refused(name: str, error: InvalidFile) -> InvalidClaims:
    """Return the error of a file that cannot be parsed, at the line of the parser."""
    match = _ROW.fullmatch(str(error.row or ""))
    line, column = (int(match[1]), int(match[2] or 1)) if match else (1, 1)
    known: dict[str, Any] = {"value": error.value} if error.has_value else {}
    cause = InvalidFile(error.problem, hint=error.hint, **known)
    return InvalidClaims.from_problems(
        name, [Problem(file=name, line=line, column=column, path=(), error=cause)]
    )
