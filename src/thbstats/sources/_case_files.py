"""Case files: the steps that all layouts share, from the header to the cases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from thbstats.errors import InvalidFile
from thbstats.exchange.case_answers import (
    FileAnswers,
    Truth,
    declared_schema,
    either,
    frame_of_cases,
    parse_answers,
)
from thbstats.exchange.case_dimensions import Classifier
from thbstats.exchange.delimited import read_delimited
from thbstats.exchange.ledger import FileColumn
from thbstats.exchange.reading import Reading
from thbstats.records import Source
from thbstats.sources._formats import Request

DOCUMENTATION = """Read cases.

Parameters
----------
declare : Declaration, optional
    Classifications only: the columns are known.
kind : Schema or str, optional
    ``"victims"`` (default), or a schema of victims with classifications, such as
    ``schema_of("victims", classification)``. A classification is read from the columns that its
    crosswalk names, or from the column of its name.
**constants
    Values that apply to every case, such as ``status="presumed"``; they override columns.

Raises
------
InvalidValue, UnknownName
    If a constant is not valid.
"""
_CTDC_TERMS = (
    "CTDC terms of use: attribution; re-identification of persons, alone or with other data, is "
    "forbidden; the data set must not be shared."
)


class CaseReader:
    """The rows of a case file, and the dimensions that are read from them.

    ``columns`` are the columns by field: by the name in the header, or by what ``field`` returns.
    """

    def __init__(
        self,
        request: Request,
        feature: Callable[[Sequence[str]], str],
        *,
        header: str,
        required: str,
        separator: str | None = None,
        field: Callable[[str], str] = str,
    ) -> None:
        self.schema = declared_schema(request.declare, request.kind)
        self.ledger = read_delimited(request.file, separator)
        names = list(map(str, self.ledger.raw))
        self.feature = feature(names)
        if not self.feature:
            raise InvalidFile(
                f"{request.file.name} must have the {header}",
                row="line 1",
                hint=f"Required columns: {required}",
            )
        self.columns: dict[str, FileColumn] = {}
        for name in names:
            other = self.columns.setdefault(field(name), self.ledger.column(name))
            if other.name != name:
                raise InvalidFile(
                    f"must be the only column of its {request.label} field",
                    row="line 1",
                    field=name,
                    hint=f"Remove {other.name!r} or {name!r}",
                )
        self.answers = FileAnswers(columns={})
        self._request = request.recognised_by(self.feature)

    def add(
        self, name: str, field: str, parse: Callable[[str], str], unknown: str | None = "unknown"
    ) -> None:
        """Add a dimension with one answer, if the file has its field."""
        if field in self.columns:
            self.answers.columns[name] = parse_answers(
                self.ledger, self.columns[field], lambda text: str(parse(text)), unknown
            )

    def add_multiple(self, name: str, answers: Iterable[tuple[str, str, Truth]]) -> None:
        """Add a dimension with multiple response: a category, its column and its answers each."""
        by_code: dict[str, list[Truth]] = {}
        columns = self.answers.names.setdefault(name, {})
        for code, column, truth in answers:
            by_code.setdefault(code, []).append(truth)
            columns.setdefault(code, column)
        self.answers.multiple[name] = {code: either(own) for code, own in by_code.items()}

    def reading(
        self,
        crosswalk: Mapping[str, Any],
        *,
        classifications: str,
        source: Source,
        age_concept: str,
        is_known: Callable[[str], bool],
        flags: Mapping[str, Truth] | None = None,
        default_area: str | None = None,
        notes: Iterable[str] = (),
    ) -> Reading:
        """Return the cases, with the dimensions of classifications by their crosswalk.

        ``flags`` are the answers of columns of yes and no. The columns of fields that are not known
        are noted.
        """
        classifier = Classifier(
            ledger=self.ledger,
            source=classifications,
            columns=self.columns,
            flags=flags or {},
            named=crosswalk["classified"],
            lists=crosswalk.get("lists", ()),
            unknown=crosswalk.get("unknown", {}),
        )
        cases = frame_of_cases(
            self.ledger,
            {column.name: column for column in self.columns.values()},
            self.answers,
            schema=classifier.add(self.answers, self.schema, crosswalk["bundled"]),
            source=source,
            age_concept=age_concept,
            constants=self._request.constants,
            default_area=default_area,
        )
        for note in notes:
            self.ledger.note(note)
        others = (own.name for field, own in self.columns.items() if not is_known(field))
        if listed := ", ".join(others):
            self.ledger.note(f"Columns without a meaning in this library: {listed}")
        return self._request.finish(self.ledger, cases=cases)


def ctdc_source(source: Source | str | None, title: str) -> Source:
    """Return the source of the user, or CTDC with its terms."""
    if isinstance(source, Source):
        return source
    return Source(
        title=source or title,
        publisher="Counter Trafficking Data Collaborative",
        url="https://www.ctdatacollaborative.org",
        kind="primary" if source is None else "not_stated",
        terms=_CTDC_TERMS,
    )
