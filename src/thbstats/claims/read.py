"""Read a claims file: a publication written down as TOML, YAML or JSON."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from attrs import NOTHING, Attribute, fields_dict

from thbstats.claims.claim import Claim
from thbstats.claims.document import LIMITS, Document, open_document
from thbstats.claims.places import Way
from thbstats.claims.problem import Problem
from thbstats.claims.report import Publication
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.exchange import Limits

__all__ = ["SCHEMA_VERSION", "TOP", "read_claims"]

#: The version of the file format that this release writes and reads.
SCHEMA_VERSION = 1

#: What stands at the top of a file; ``$schema`` tells editors of JSON where the schema is.
TOP = ("schema_version", "report", "claim", "$schema")


def read_claims(
    source: "str | os.PathLike[str]",
    *,
    name: str = "",
    format: str | None = None,
    limits: Limits = LIMITS,
) -> Publication:
    """Return the report that a claims file describes.

    Parameters
    ----------
    source : str or path
        A path, or the text of a file (a string with a line break in it).
    name : str, optional
        What errors call the file; its path, or "claims text", unless given.
    format : {"toml", "yaml", "json"}, optional
        What it is written in; what the ending of its name says, or else TOML, unless given.
    limits : Limits, optional
        How large and how deeply nested it may be; 1 MiB and 50 levels unless given.

    Returns
    -------
    Publication

    Raises
    ------
    InvalidClaims
        If the file is no claims file. One error lists all that is wrong, each with line, column,
        claim, field, value and hint, and has them as ``problems``.
    InvalidFile
        If it is not a regular file, or larger than the limits.
    MissingExtra
        If it is YAML and PyYAML is not installed.
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
    ``schema_version`` is 1. ``[report]`` holds the fields of `Publication`, each ``[[claim]]``
    those of `Claim`. A field that is left out has its default.
    """
    document = open_document(source, name=name, format=format, limits=limits)
    return _Reader(document).report()


MOST_PROBLEMS = 1000
"""After so many nothing more is checked; who has more has another kind of file."""

_Record = TypeVar("_Record", Claim, Publication)


class _Reader:
    """A document and what was found wrong in it so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def report(self) -> Publication:
        """Return the report, or tell everything that is wrong."""
        data = self.document.data
        if not isinstance(data, dict):
            raise self.document.refused(self.document.problem((), _NO_TABLE))
        self.check_version(data)
        self.check_names((), "file", data, TOP)
        claims = self.claims(data)
        # Whether the claims go together is only worth asking once each of them can be read.
        whole = () if self.problems else claims
        report = self.record(Publication, ("report",), "report", data.get("report"), claims=whole)
        if self.problems or report is None:
            raise self.document.refused(*self.problems)
        return report

    def note(self, path: Way, error: ThbstatsError, *, named: bool = False) -> None:
        """Remember a problem, or tell those there are where it is one too many."""
        if len(self.problems) == MOST_PROBLEMS:
            error = InvalidFile(
                f"after {MOST_PROBLEMS} problems nothing more is checked", hint="Hint those first"
            )
            self.problems.append(self.document.problem(path, error))
            raise self.document.refused(*self.problems)
        self.problems.append(self.document.problem(path, error, named=named))

    def check_version(self, data: Mapping[str, Any]) -> None:
        """A newer format may mean other things by the same words, so nothing else is read."""
        version = data.get("schema_version")
        if type(version) is int and 1 <= version <= SCHEMA_VERSION:
            return
        if "schema_version" not in data:
            error = InvalidFile(
                "it is missing", row="file", field="schema_version", hint=_SAY_VERSION
            )
        elif type(version) is int and version > SCHEMA_VERSION:
            error = _version("it is written for a newer thbstats", version, "Update thbstats")
        else:
            error = _version("it names no version we know", version, _SAY_VERSION)
        raise self.document.refused(self.document.problem(("schema_version",), error))

    def claims(self, data: Mapping[str, Any]) -> list[Claim]:
        """Return the claims that can be read."""
        rows = data.get("claim", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.note(("claim",), _claims("claims are a list of tables"))
            return []
        if not rows:
            self.note(("claim",), _claims("there is no claim"))
        found = []
        for number, row in enumerate(rows):
            given = row.get("id")
            named = f"claim number {number + 1}" if given is None else f"claim {given!r}"
            found.append(self.record(Claim, ("claim", number), named, row))
        self.check_repeated(rows)
        self.check_company(rows)
        return [claim for claim in found if claim is not None]

    def check_repeated(self, rows: list[dict[str, Any]]) -> None:
        """Each claim has a name of its own."""
        for name, first, *others in _by_text(rows, "id"):
            line = self.document.problem(("claim", first, "id"), _NO_TABLE).line
            for number in others:
                error = InvalidValue(
                    f"the claim of line {line} has this name",
                    row=f"claim {name!r}",
                    field="id",
                    value=name,
                    hint="Give each a name of its own",
                )
                self.note(("claim", number, "id"), error)

    def check_company(self, rows: list[dict[str, Any]]) -> None:
        """A part that makes a whole is not alone."""
        for name, number, *others in _by_text(rows, "makes"):
            if name and not others:
                error = InvalidValue(
                    "no other claim makes a whole with this one",
                    row=f"claim {rows[number].get('id')!r}",
                    field="makes",
                    value=name,
                    hint="Give the other parts the same name, or leave it out",
                )
                self.note(("claim", number, "makes"), error)

    def record(
        self, cls: type[_Record], path: Way, named: str, row: object, **given: Any
    ) -> _Record | None:
        """Build one record, or note everything that is wrong with it and return None."""
        if not isinstance(row, dict):
            self.note(path, InvalidFile("it is missing", row="file", field=named, hint=_HEADED))
            return None
        before = len(self.problems)
        known = {name: each for name, each in fields_dict(cls).items() if name not in given}
        self.check_names(path, named, row, known)
        for name, each in known.items():
            if each.default is NOTHING and name not in row:
                missing = InvalidFile("it is missing", row=named, field=name, hint="Fill it in")
                self.note(path, missing)
            elif name in row:
                self.check_value((*path, name), named, each, row[name])
        if len(self.problems) > before:
            return None
        try:
            return cls(**row, **given)
        except ThbstatsError as error:
            self.note_contradictions(path, named, error)
        return None

    def note_contradictions(self, path: Way, named: str, error: ThbstatsError) -> None:
        """Note what no field shows alone, one by one."""
        group = error.__cause__
        several = group.exceptions if isinstance(group, ExceptionGroup) else (error,)
        for each in several:
            if isinstance(each, ThbstatsError):
                self.note((*path, *str(each.field).split(".")), each.with_location(row=named))

    def check_names(
        self, path: Way, named: str, row: Mapping[str, Any], known: Iterable[str]
    ) -> None:
        """Refuse fields that do not exist."""
        options = list(known)
        for name in row:
            if name not in options:
                error = UnknownName(
                    "there is no such field",
                    row=named,
                    field=name,
                    hint=did_you_mean(name, [each for each in options if each != "$schema"]),
                )
                self.note((*path, name), error, named=True)

    def check_value(self, path: Way, named: str, field: "Attribute[Any]", value: object) -> None:
        """Refuse what a field does not take; of a table or a list, each part by itself."""
        before = len(self.problems)
        for inner, part in _parts(value):
            self.try_value((*path, *inner), named, field, part)
        if len(self.problems) == before:
            self.try_value(path, named, field, value)

    def try_value(self, path: Way, named: str, field: "Attribute[Any]", value: object) -> None:
        convert: Any = field.converter
        check: Any = field.validator
        try:
            if value is None:
                raise InvalidValue("nothing is given", field=field.name, hint="Leave it out")
            read = convert(value) if convert else value
            if check:
                check(None, field, read)
        except ThbstatsError as error:
            # An error without a value is about the name of a dimension.
            self.note(path, error.with_location(row=named), named=not error.has_value)


_NO_TABLE = InvalidFile(
    "a claims file is a table", row="file", hint="Write schema_version, report and claim"
)
_SAY_VERSION = f"Say that schema_version is {SCHEMA_VERSION}"
_HEADED = "Write id and title of the report, under [report] in TOML"


def _version(problem: str, version: object, hint: str) -> InvalidFile:
    return InvalidFile(problem, row="file", field="schema_version", value=version, hint=hint)


def _claims(problem: str) -> InvalidFile:
    return InvalidFile(
        problem, row="file", field="claim", hint="Write each under [[claim]] in TOML"
    )


def _parts(value: object) -> Iterator[tuple[Way, object]]:
    """Yield each part of a table or a list, alone in one of its own kind, after where it stands."""
    if isinstance(value, dict):
        yield from (((name,), {name: part}) for name, part in value.items())
    if isinstance(value, list):
        yield from (((number,), [part]) for number, part in enumerate(value))


def _by_text(rows: list[dict[str, Any]], field: str) -> Iterator[list[Any]]:
    """Yield each text that a field holds, and the numbers of the claims that have it there."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if isinstance(text := row.get(field), str):
            found[text].append(number)
    yield from ([text, *numbers] for text, numbers in found.items())
