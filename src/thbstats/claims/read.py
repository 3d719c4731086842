"""Read a claims file: a publication written down as TOML."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from attrs import NOTHING, Attribute, fields_dict

from thbstats.claims.claim import Claim
from thbstats.claims.report import Report
from thbstats.errors import InvalidFile, ThbstatsError, did_you_mean

__all__ = ["SCHEMA_VERSION", "read_claims"]

#: The version of the file format that this release writes and reads.
SCHEMA_VERSION = 1

_TOP = ("schema_version", "report", "claim")


def read_claims(source: str | Path, *, name: str = "") -> Report:
    """Return the report that a claims file describes.

    Parameters
    ----------
    source : str or Path
        A path, or the text of a file (a string with a line break in it).
    name : str, optional
        What errors call the file; its path, or "claims text", unless given.

    Returns
    -------
    Report

    Raises
    ------
    InvalidFile
        If the file is no claims file. One error lists all that is wrong, with the claim, the
        field, the value and the mend of each.
    OSError
        If the path cannot be read.

    Examples
    --------
    >>> report = read_claims('''
    ... schema_version = 1
    ... [report]
    ... id = "com_2018_777"
    ... title = "Second progress report"
    ... [[claim]]
    ... id = "ii-victims"
    ... section = "II"
    ... paragraph = "bullet 1"
    ... kind = "count"
    ... printed = "20532"
    ... subject = "victims"
    ... area = "EU28"
    ... period = "2015-2016"
    ... ''')
    >>> report.claim("ii-victims").count
    20532

    Notes
    -----
    ``schema_version`` is 1. ``[report]`` holds the fields of `Report`, and each ``[[claim]]`` those
    of `Claim`; what is left out has the default of its field.
    """
    if isinstance(source, str) and "\n" in source:
        return _read(source, name or "claims text")
    path = Path(source)
    return _read(path.read_text(encoding="utf-8"), name or str(path))


def _read(text: str, name: str) -> Report:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidFile(f"{name} is not valid TOML: {error}") from error
    _check_version(table, name)
    problems: list[str] = []
    claims = _claims(table, problems)
    problems += _repeated(claims)
    report = _report(table, problems, [claim for _, claim in claims if claim])
    if problems or report is None:
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise InvalidFile(f"{name} has {_counted(problems)}:\n{listed}".rstrip("."))
    return report


def _check_version(table: Mapping[str, Any], name: str) -> None:
    """A newer format may mean other things by the same words, so nothing else is read."""
    version = table.get("schema_version")
    if type(version) is int and 1 <= version <= SCHEMA_VERSION:
        return
    newer = type(version) is int and version > SCHEMA_VERSION
    raise InvalidFile(
        f"{name} is written for a newer thbstats" if newer else f"{name} names no version we know",
        field="schema_version",
        value=version,
        mend="Update thbstats" if newer else f"Write schema_version = {SCHEMA_VERSION}",
    )


def _claims(table: Mapping[str, Any], problems: list[str]) -> list[tuple[str, Claim | None]]:
    """Names and claims; a claim that cannot be read leaves its problems and is None."""
    problems += _unknown("file", table, _TOP)
    rows = table.get("claim", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.append("file, field 'claim': claims are tables. Write each under [[claim]].")
        return []
    if not rows:
        problems.append("file, field 'claim': there is no claim. Write one under [[claim]].")
    found = []
    for number, row in enumerate(rows, start=1):
        named = f"claim {row['id']!r}" if "id" in row else f"claim number {number}"
        found.append((named, _record(Claim, named, row, problems)))
    return found


def _report(table: Mapping[str, Any], problems: list[str], claims: list[Claim]) -> Report | None:
    row = table.get("report")
    if not isinstance(row, dict):
        problems.append("file, field 'report': it is missing. Write id and title under [report].")
        return None
    # Whether the claims go together is only worth asking once each of them can be read.
    return _record(Report, "report", row, problems, claims=() if problems else claims)


_Record = TypeVar("_Record", Claim, Report)


def _record(
    cls: type[_Record], where: str, row: Mapping[str, Any], problems: list[str], **given: Any
) -> _Record | None:
    """Build one record, or note everything that is wrong with it and return None."""
    known = {name: each for name, each in fields_dict(cls).items() if name not in given}
    found = _unknown(where, row, known)
    found += [
        f"{where}, field {name!r}: it is missing. Fill it in."
        for name, each in known.items()
        if each.default is NOTHING and name not in row
    ]
    for name in known.keys() & row.keys():
        found += _refusals(where, known[name], row[name])
    if not found:
        try:
            return cls(**row, **given)
        except ThbstatsError as error:
            found.append(f"{where}, {error}")
    problems += sorted(found)
    return None


def _refusals(where: str, field: "Attribute[Any]", value: object) -> Iterator[str]:
    convert: Any = field.converter
    check: Any = field.validator
    try:
        read = convert(value) if convert else value
        if check:
            check(None, field, read)
    except ThbstatsError as error:
        yield f"{where}, {error}"


def _unknown(where: str, row: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    options = list(known)
    return [
        f"{where}, field {name!r}: there is no such field. {did_you_mean(name, options)}."
        for name in row
        if name not in options
    ]


def _repeated(claims: Iterable[tuple[str, Claim | None]]) -> list[str]:
    times = Counter(name for name, _ in claims)
    return [
        f"{name}, field 'id': {number} claims have this name. Give each a name of its own."
        for name, number in times.items()
        if number > 1
    ]


def _counted(problems: list[str]) -> str:
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
