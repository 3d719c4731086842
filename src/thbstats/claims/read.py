"""Reader of claims files in TOML, YAML or JSON."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from attrs import NOTHING, Attribute, fields_dict

from thbstats.claims.claim import Claim
from thbstats.claims.document import LIMITS, ClaimsDocument, open_document
from thbstats.claims.positions import KeyPath
from thbstats.claims.problem import Problem
from thbstats.claims.publication import Publication
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.exchange import Limits

__all__ = ["SCHEMA_VERSION", "TOP", "read_claims"]

#: The version of the file format.
SCHEMA_VERSION = 1

#: The top-level names of a file; ``$schema`` is for editors of JSON.
TOP = ("schema_version", "report", "claim", "$schema")


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

_Record = TypeVar("_Record", Claim, Publication)


class _ClaimsReader:
    """Reader of a document, with the problems found."""

    def __init__(self, document: ClaimsDocument) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def publication(self) -> Publication:
        """Return the publication, or raise all problems."""
        data = self.document.data
        if not isinstance(data, dict):
            raise self.document.refused(self.document.problem((), _NO_TABLE))
        self.check_version(data)
        self.check_names((), "file", data, TOP)
        claims = self.claims(data)
        # Relations between claims are checked only if each of them is valid.
        checked = () if self.problems else claims
        report = self.record(Publication, ("report",), "report", data.get("report"), claims=checked)
        if self.problems or report is None:
            raise self.document.refused(*self.problems)
        return report

    def note(self, path: KeyPath, error: ThbstatsError, *, named: bool = False) -> None:
        """Add a problem, or raise all problems at the maximum number."""
        if len(self.problems) == MAX_PROBLEMS:
            error = InvalidFile(
                f"the check stopped after {MAX_PROBLEMS} problems", hint="Correct these first"
            )
            self.problems.append(self.document.problem(path, error))
            raise self.document.refused(*self.problems)
        self.problems.append(self.document.problem(path, error, named=named))

    def check_version(self, data: Mapping[str, Any]) -> None:
        """Check the version of the format before all other fields."""
        version = data.get("schema_version")
        if type(version) is int and 1 <= version <= SCHEMA_VERSION:
            return
        if "schema_version" not in data:
            error = InvalidFile(
                "must be set", row="file", field="schema_version", hint=_SET_VERSION
            )
        elif type(version) is int and version > SCHEMA_VERSION:
            error = _version(f"must be at most {SCHEMA_VERSION}", version, "Update thbstats")
        else:
            error = _version(f"must be {SCHEMA_VERSION}", version, _SET_VERSION)
        raise self.document.refused(self.document.problem(("schema_version",), error))

    def claims(self, data: Mapping[str, Any]) -> list[Claim]:
        """Return the valid claims."""
        rows = data.get("claim", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.note(("claim",), _claims("must be a list of tables"))
            return []
        if not rows:
            self.note(("claim",), _claims("must contain at least one claim"))
        found = []
        for number, row in enumerate(rows):
            id_ = row.get("id")
            named = f"claim number {number + 1}" if id_ is None else f"claim {id_!r}"
            found.append(self.record(Claim, ("claim", number), named, row))
        self.check_repeated(rows)
        self.check_groups(rows)
        return [claim for claim in found if claim is not None]

    def check_repeated(self, rows: list[dict[str, Any]]) -> None:
        """Check that claim ids are unique."""
        for name, first, *others in _by_text(rows, "id"):
            line = self.document.problem(("claim", first, "id"), _NO_TABLE).line
            for number in others:
                error = InvalidValue(
                    f"must be unique, but the claim in line {line} has the same id",
                    row=f"claim {name!r}",
                    field="id",
                    value=name,
                    hint="Rename one of the claims",
                )
                self.note(("claim", number, "id"), error)

    def check_groups(self, rows: list[dict[str, Any]]) -> None:
        """Check that a group of shares has at least two claims."""
        for name, number, *others in _by_text(rows, "makes"):
            if name and not others:
                error = InvalidValue(
                    "must be set for at least two claims",
                    row=f"claim {rows[number].get('id')!r}",
                    field="makes",
                    value=name,
                    hint="Set `makes` of the other shares, or remove it",
                )
                self.note(("claim", number, "makes"), error)

    def record(
        self, cls: type[_Record], path: KeyPath, named: str, row: object, **fixed: Any
    ) -> _Record | None:
        """Return a record, or add its problems and return ``None``."""
        if not isinstance(row, dict):
            self.note(path, InvalidFile("must be set", row="file", field=named, hint=_REPORT_HINT))
            return None
        before = len(self.problems)
        known = {name: each for name, each in fields_dict(cls).items() if name not in fixed}
        self.check_names(path, named, row, known)
        for name, each in known.items():
            if each.default is NOTHING and name not in row:
                missing = InvalidFile("must be set", row=named, field=name, hint=f"Add `{name}`")
                self.note(path, missing)
            elif name in row:
                self.check_value((*path, name), named, each, row[name])
        if len(self.problems) > before:
            return None
        try:
            return cls(**row, **fixed)
        except ThbstatsError as error:
            self.note_contradictions(path, named, error)
        return None

    def note_contradictions(self, path: KeyPath, named: str, error: ThbstatsError) -> None:
        """Add each contradiction between fields."""
        group = error.__cause__
        errors = group.exceptions if isinstance(group, ExceptionGroup) else (error,)
        for item in errors:
            if isinstance(item, ThbstatsError):
                self.note((*path, *str(item.field).split(".")), item.with_location(row=named))

    def check_names(
        self, path: KeyPath, named: str, row: Mapping[str, Any], known: Iterable[str]
    ) -> None:
        """Check that all fields exist."""
        options = list(known)
        for name in row:
            if name not in options:
                error = UnknownName(
                    "must be a known field",
                    row=named,
                    field=name,
                    hint=did_you_mean(name, [each for each in options if each != "$schema"]),
                )
                self.note((*path, name), error, named=True)

    def check_value(
        self, path: KeyPath, named: str, field: "Attribute[Any]", value: object
    ) -> None:
        """Check a value; of a table or a list, each item separately."""
        before = len(self.problems)
        for inner, part in _parts(value):
            self.try_value((*path, *inner), named, field, part)
        if len(self.problems) == before:
            self.try_value(path, named, field, value)

    def try_value(self, path: KeyPath, named: str, field: "Attribute[Any]", value: object) -> None:
        convert: Any = field.converter
        check: Any = field.validator
        try:
            if value is None:
                raise InvalidValue("must not be null", field=field.name, hint="Remove the field")
            read = convert(value) if convert else value
            if check:
                check(None, field, read)
        except ThbstatsError as error:
            # An error without a value concerns the name of a dimension.
            self.note(path, error.with_location(row=named), named=not error.has_value)


_NO_TABLE = InvalidFile(
    "a claims file must be a table",
    row="file",
    hint="Add `schema_version`, `report` and `claim`",
)
_SET_VERSION = f"Use schema_version = {SCHEMA_VERSION}"
_REPORT_HINT = "Add a table [report] with `id` and `title`"


def _version(problem: str, version: object, hint: str) -> InvalidFile:
    return InvalidFile(problem, row="file", field="schema_version", value=version, hint=hint)


def _claims(problem: str) -> InvalidFile:
    return InvalidFile(
        problem, row="file", field="claim", hint="Add a table [[claim]] for each claim"
    )


def _parts(value: object) -> Iterator[tuple[KeyPath, object]]:
    """Yield each item of a table or a list in its own container, with its path."""
    if isinstance(value, dict):
        yield from (((name,), {name: part}) for name, part in value.items())
    if isinstance(value, list):
        yield from (((number,), [part]) for number, part in enumerate(value))


def _by_text(rows: list[dict[str, Any]], field: str) -> Iterator[list[Any]]:
    """Yield each text of a field, with the indices of its claims."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if isinstance(text := row.get(field), str):
            found[text].append(number)
    yield from ([text, *numbers] for text, numbers in found.items())
