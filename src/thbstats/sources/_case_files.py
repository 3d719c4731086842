"""Case files: the steps that all layouts share, from the header to the cases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from thbstats.errors import InvalidFile
from thbstats.files.case_file import CaseDimensions, Truth, declared_schema
from thbstats.files.delimited import read_delimited
from thbstats.files.ledger import FileColumn
from thbstats.files.reading import Reading
from thbstats.records import Source
from thbstats.sources._formats import Request

_CTDC_TERMS = (
    "CTDC terms of use: attribution; re-identification of persons, alone or with other data, is "
    "forbidden; the data set must not be shared."
)


class CaseReader(CaseDimensions):
    """A case file in a layout; ``field`` returns the field of a column name."""

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
        ledger = read_delimited(request.file, separator)
        schema = declared_schema(request.declare, request.kind)
        names = list(map(str, ledger.raw))
        self.feature = feature(names)
        if not self.feature:
            raise InvalidFile(
                f"{request.file.name} must have the {header}",
                row="line 1",
                hint=f"Required columns: {required}",
            )
        columns: dict[str, FileColumn] = {}
        for name in names:
            other = columns.setdefault(field(name), ledger.column(name))
            if other.name != name:
                raise InvalidFile(
                    f"must be the only column of its {request.label} field",
                    row="line 1",
                    field=name,
                    hint=f"Remove {other.name!r} or {name!r}",
                )
        super().__init__(ledger, columns, schema)
        self._request = request.recognised_by(self.feature)

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
        self.add_classifications(classifications, crosswalk, flags or {})
        cases = self.cases(
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
