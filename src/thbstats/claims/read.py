"""Reader of claims files in TOML, YAML or JSON."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from attrs import NOTHING, Attribute, fields_dict

from thbstats._signatures import explain_arguments
from thbstats.claims.claim import Claim
from thbstats.claims.claims_document import LIMITS, ClaimsDocument, KeyPath, Problem, open_document
from thbstats.claims.publication import Publication
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.files import Limits

#: The version of the file format.
SCHEMA_VERSION = 1

#: The top-level names of a file; ``$schema`` is for editors of JSON.
TOP = ("schema_version", "report", "claim", "$schema")


@explain_arguments
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

_SET_VERSION = f"Use schema_version = {SCHEMA_VERSION}"
_ADD_REPORT = "Add a table [report] with `id` and `title`"
_SET_MAKES = "Set `makes` of the other shares, or remove it"
_ADD_CLAIM = "Add a table [[claim]] for each claim"
_NO_TABLE = InvalidFile(
    "a claims file must start with keys such as `schema_version`",
    row="file",
    hint="Add `schema_version`, `report` and `claim`",
)

_Record = TypeVar("_Record", Claim, Publication)


class _ClaimsReader:
    """Reader of a document, with its problems."""

    def __init__(self, document: ClaimsDocument) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def publication(self) -> Publication:
        data = self.document.data
        if not isinstance(data, dict):
            raise self.document.refused(self.document.problem((), _NO_TABLE))
        self.check_version(data)
        self.check_names((), "file", data, TOP)
        rows = data.get("claim", [])
        is_list = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        if not is_list or not rows:
            problem = "must contain at least one claim" if is_list else "must be a list of tables"
            self.note(("claim",), InvalidFile(problem, row="file", field="claim", hint=_ADD_CLAIM))
        claims = self.claims(rows) if is_list else []
        # Relations between claims are checked only if each of them is valid.
        checked = () if self.problems else claims
        report = self.record(Publication, ("report",), "report", data.get("report"), claims=checked)
        if self.problems or report is None:
            raise self.document.refused(*self.problems)
        return report

    def note(self, path: KeyPath, error: ThbstatsError, *, named: bool = False) -> None:
        """Add a problem, or raise all problems at the maximum number."""
        is_last = len(self.problems) == MAX_PROBLEMS
        if is_last:
            problem = f"the check stopped after {MAX_PROBLEMS} problems"
            error, named = InvalidFile(problem, hint="Correct these first"), False
        self.problems.append(self.document.problem(path, error, named=named))
        if is_last:
            raise self.document.refused(*self.problems)

    def check_version(self, data: Mapping[str, Any]) -> None:
        """Check the version of the format before all other fields."""
        version, value, hint = data.get("schema_version"), dict[str, Any](), _SET_VERSION
        if type(version) is int and 1 <= version <= SCHEMA_VERSION:
            return
        problem = "must be set"
        if "schema_version" in data:
            problem, value = f"must be {SCHEMA_VERSION}", {"value": version}
        if type(version) is int and version > SCHEMA_VERSION:
            problem, hint = f"must be at most {SCHEMA_VERSION}", "Update thbstats"
        error = InvalidFile(problem, row="file", field="schema_version", hint=hint, **value)
        raise self.document.refused(self.document.problem(("schema_version",), error))

    def claims(self, rows: list[dict[str, Any]]) -> list[Claim]:
        claims = []
        for number, row in enumerate(rows):
            id_ = row.get("id")
            named = f"claim number {number + 1}" if id_ is None else f"claim {id_!r}"
            claims.append(self.record(Claim, ("claim", number), named, row))
        for field, hint in (("id", "Rename one of the claims"), ("makes", _SET_MAKES)):
            same: defaultdict[str, list[int]] = defaultdict(list)
            for number, row in enumerate(rows):
                if isinstance(name := row.get(field), str):
                    same[name].append(number)
            for name, (first, *others) in same.items():
                wrong, problem = others, "must be set for at least two claims"
                if field == "makes":
                    wrong = [] if others or not name else [first]
                elif others:
                    line = self.document.problem(("claim", first, field), _NO_TABLE).line
                    problem = f"must be unique, but the claim in line {line} has the same id"
                for number in wrong:
                    named = f"claim {rows[number].get('id')!r}"
                    error = InvalidValue(problem, row=named, field=field, value=name, hint=hint)
                    self.note(("claim", number, field), error)
        return [claim for claim in claims if claim is not None]

    def record(
        self, cls: type[_Record], path: KeyPath, named: str, row: object, **fixed: Any
    ) -> _Record | None:
        if not isinstance(row, dict):
            self.note(path, InvalidFile("must be set", row="file", field=named, hint=_ADD_REPORT))
            return None
        before = len(self.problems)
        known = {name: item for name, item in fields_dict(cls).items() if name not in fixed}
        self.check_names(path, named, row, known)
        for name, item in known.items():
            if name in row:
                self.check_value((*path, name), named, item, row[name])
            elif item.default is NOTHING:
                missing = InvalidFile("must be set", row=named, field=name, hint=f"Add `{name}`")
                self.note(path, missing)
        if len(self.problems) > before:
            return None
        try:
            return cls(**row, **fixed)
        except ThbstatsError as error:
            self.note_contradictions(path, named, error)
        return None

    def note_contradictions(self, path: KeyPath, named: str, error: ThbstatsError) -> None:
        """Add each contradiction between fields, which the cause contains."""
        cause = error.__cause__
        for item in cause.exceptions if isinstance(cause, ExceptionGroup) else (error,):
            if isinstance(item, ThbstatsError):
                self.note((*path, *str(item.field).split(".")), item.with_location(row=named))

    def check_names(
        self, path: KeyPath, named: str, row: Mapping[str, Any], known: Iterable[str]
    ) -> None:
        options = list(known)
        for name in row:
            if name not in options:
                hint = did_you_mean(name, [item for item in options if item != "$schema"])
                error = UnknownName("must be a known field", row=named, field=name, hint=hint)
                self.note((*path, name), error, named=True)

    def check_value(
        self, path: KeyPath, named: str, field: "Attribute[Any]", value: object
    ) -> None:
        """Check a value; check each item of a table or a list before the table itself."""
        parts: list[tuple[KeyPath, object]] = []
        if isinstance(value, dict):
            parts = [((*path, name), {name: part}) for name, part in value.items()]
        elif isinstance(value, list):
            parts = [((*path, number), [part]) for number, part in enumerate(value)]
        before = len(self.problems)
        convert: Any = field.converter
        check: Any = field.validator
        for inner, part in [*parts, (path, value)]:
            if inner == path and len(self.problems) > before:
                return
            try:
                if part is None:
                    problem, hint = "must not be null", "Remove the field"
                    raise InvalidValue(problem, field=field.name, hint=hint)
                read = convert(part) if convert else part
                if check:
                    check(None, field, read)
            except ThbstatsError as error:
                # An error without a value concerns the name of a dimension.
                self.note(inner, error.with_location(row=named), named=not error.has_value)
