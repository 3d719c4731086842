"""Assembly of tables from the cells of a file."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, ThbstatsError, did_you_mean
from thbstats.exchange.count_parser import ParsedCounts
from thbstats.exchange.counts import read_measures
from thbstats.exchange.declaration import Declaration, Repeated, declaration_problems
from thbstats.exchange.draft_table import DraftTable
from thbstats.exchange.duplicate_rows import merge_duplicates
from thbstats.exchange.file_column import FileColumn
from thbstats.exchange.input_file import Progress, no_progress
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.recoding import parse_column, recode_columns, with_table
from thbstats.exchange.residuals import check_residuals
from thbstats.exchange.table_columns import columns_of
from thbstats.exchange.total_checks import check_totals
from thbstats.records import KINDS, Source, schema_of
from thbstats.tables import CountTable, Dataset
from thbstats.tables.encoding import Problems
from thbstats.tables.findings import CellFinding, parse_findings
from thbstats.tables.origins import PROVENANCE, READERS
from thbstats.values import to_integer

__all__ = ["assemble", "tabulate"]


def tabulate(
    ledger: Ledger,
    declaration: Declaration,
    source: Source | None,
    progress: Progress = no_progress,
) -> Dataset:
    """Return the tables of a file with declared columns.

    Parameters
    ----------
    ledger : Ledger
        The rows of the file; problems are added to it.
    declaration : Declaration
        The declaration of the columns.
    source : Source or None
        The publication of the figures, for rows without a source.
    progress : callable
        Function that receives the step and its progress from 0 to 1.

    Raises
    ------
    InvalidValue, UnknownName
        If the declaration does not fit the file; the message lists all problems by column.
    """
    progress("mapping", 0.0)
    problems = Problems()
    for problem in declaration_problems(declaration, ledger.raw):
        problems.add(problem)
    problems.raise_any()
    columns = recode_columns(ledger, declaration)
    counts = read_measures(ledger, columns, declaration.count_parser)
    return assemble(
        ledger, columns, counts, source, repeated=declaration.repeated, progress=progress
    )


def assemble(
    ledger: Ledger,
    columns: Mapping[str, FileColumn],
    counts: ParsedCounts,
    source: Source | None,
    *,
    repeated: Repeated = "conflicting",
    progress: Progress = no_progress,
) -> Dataset:
    """Return the tables of columns with the names of this library.

    Parameters
    ----------
    ledger : Ledger
        The rows of the file; problems are added to it.
    columns : mapping of str to FileColumn
        Dimensions, provenance, and ``table`` (or ``kind``) with the kind of count.
    counts : ParsedCounts
        The counts.
    source : Source or None
        The publication of the figures, for rows without a source.
    repeated : {"conflicting", "first", "last"}
        The count of a cell with different counts in several rows; see `Declaration`.
    progress : callable
        Function that receives the step and its progress from 0 to 1.
    """
    progress("assembling", 0.0)
    name = columns["value"].name if "value" in columns else ""
    for problem in counts.problems:
        ledger.reject(
            problem.code,
            problem.rows & ledger.is_used,
            column=name or "value",
            message=problem.message,
            hint=problem.hint.replace("recode={column:", f"recode={{{name!r}:")
            if name
            else problem.hint,
            texts=problem.texts,
        )
    columns = with_table(columns)
    if "findings" in columns:
        _add_findings(ledger, columns["findings"])
    size = len(ledger.lines)
    kinds = columns.get("table", FileColumn.constant("", size))
    _check_kinds(ledger, kinds)
    tables = {}
    known = [(index, kind) for index, kind in enumerate(kinds.values) if kind in KINDS]
    for done, (index, kind) in enumerate(known, 1):
        selected = (kinds.codes == index) & ledger.is_used
        if selected.any() or not size:
            draft = _draft(ledger, kind, columns, counts, np.flatnonzero(selected))
            table = _table(draft, columns, source, repeated)
            if len(table) or not size:
                tables[kind] = table
            progress("assembling", done / len(known))
    return Dataset(**tables)


def _add_findings(ledger: Ledger, column: FileColumn) -> None:
    """Add the findings of a file to its cells; reject unreadable codes."""
    sets: list[tuple[CellFinding, ...]] = []
    unmapped = []
    for index, text in enumerate(column.values):
        try:
            sets.append(parse_findings(text))
        except InvalidValue:
            sets.append(())
            unmapped.append(index)
    unread = column.isin(unmapped) & ledger.is_used
    ledger.flag(
        "UNREADABLE_FINDING",
        unread,
        column=column.name or "findings",
        message="a finding that is not a code; it is ignored",
        hint="Write codes separated by spaces, such as PART_ABOVE_TOTAL",
        texts=column.row_counts(unmapped, unread),
    )
    rows = np.flatnonzero(column.isin([index for index, result in enumerate(sets) if result]))
    ledger.add_findings(rows, column.codes[rows], sets)


def _check_kinds(ledger: Ledger, kinds: FileColumn) -> None:
    unmapped = [index for index, kind in enumerate(kinds.values) if kind not in KINDS]
    rows = kinds.isin([*unmapped, len(kinds.values)]) & ledger.is_used
    ledger.reject(
        "UNMAPPED",
        rows,
        column=kinds.name or "table",
        message="not a kind of count",
        hint=did_you_mean(next((kinds.values[p] for p in unmapped), ""), KINDS),
    )


def _table(
    draft: DraftTable, columns: Mapping[str, FileColumn], source: Source | None, repeated: Repeated
) -> CountTable:
    _require(draft)
    _reject_extra_dimensions(draft, columns)
    origins = {name: _origin(draft, name, columns[name]) for name in PROVENANCE if name in columns}
    draft = check_residuals(merge_duplicates(draft.drop_rejected(), repeated))
    check_totals(draft)
    return CountTable(columns_of(draft, origins, source))


def _draft(
    ledger: Ledger,
    kind: str,
    columns: Mapping[str, FileColumn],
    counts: ParsedCounts,
    rows: NDArray[np.intp],
) -> DraftTable:
    schema = schema_of(kind)
    dimensions = {
        dimension.name: parse_column(ledger, columns[dimension.name], dimension, rows)
        for dimension in schema.dimensions
        if dimension.name in columns
    }
    return DraftTable(
        ledger=ledger,
        schema=schema,
        rows=rows,
        dimensions=dimensions,
        counts=counts.take(rows),
    )


def _require(draft: DraftTable) -> None:
    for dimension in draft.schema.dimensions:
        if dimension.default is None and dimension.name not in draft.dimensions:
            raise InvalidValue(
                f"must be given for every count of {draft.schema.kind}",
                field=dimension.name,
                hint=f"Pass one value for all rows, {dimension.name}=..., or declare its column",
            )


def _reject_extra_dimensions(draft: DraftTable, columns: Mapping[str, FileColumn]) -> None:
    """Reject rows with a dimension that their kind of count does not have."""
    for name, column in columns.items():
        if name in draft.schema.names or name in _NOT_DIMENSIONS:
            continue
        declared = [index for index, text in enumerate(column.values) if not _is_total(name, text)]
        draft.ledger.reject(
            "NO_PLACE",
            draft.rows[column.take(draft.rows).isin(declared) & draft.is_used],
            column=column.name or name,
            message=f"{draft.schema.kind} do not have the dimension {name}",
            hint="Analyse these rows outside of this library",
        )


_NOT_DIMENSIONS = {
    "table",
    "value",
    "lower",
    "upper",
    "reason",
    "flags",
    "findings",
    "unanswered",
    "confidentiality",
    *PROVENANCE,
}


def _is_total(name: str, text: str) -> bool:
    """Whether a text is the total or the "not stated" category of a dimension."""
    if not text.strip():
        return True
    for kind in KINDS:
        schema = schema_of(kind)
        if name in schema.names:
            dimension = schema[name]
            try:
                return dimension.parse(text) in (dimension.total, "not_stated")
            except ThbstatsError:
                return False
    return False


def _origin(draft: DraftTable, name: str, column: FileColumn) -> FileColumn:
    """Return the provenance of counts as texts; reject unreadable rows."""
    wrong, plain = set(), []
    for index, word in enumerate(column.values):
        text = word.strip()
        try:
            if text:
                READERS[name](to_integer(text) if name == "n_reporters" else text)
        except ThbstatsError:
            wrong.add(index)
        plain.append(text or None)
    draft.ledger.reject(
        "UNREADABLE_ORIGIN",
        draft.rows[column.take(draft.rows).isin(sorted(wrong)) & draft.is_used],
        column=column.name or name,
        message=f"not valid as {name}",
        hint="Write a title, a source as JSON, country codes, or an integer",
    )
    return column.with_values([None if p in wrong else text for p, text in enumerate(plain)])
