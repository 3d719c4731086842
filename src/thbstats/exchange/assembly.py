"""Tables out of the cells of a file; what cannot be in a table is set aside with its reason."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, ThbstatsError, did_you_mean
from thbstats.exchange.count_parser import ParsedCounts
from thbstats.exchange.counts import read_measures
from thbstats.exchange.declaration import Declaration, Repeated, declaration_problems
from thbstats.exchange.draft_table import DraftTable
from thbstats.exchange.duplicate_rows import merge_repeats
from thbstats.exchange.files.limits import Progress, no_progress
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.recoding import parsed, translated, with_table
from thbstats.exchange.residuals import check_residuals
from thbstats.exchange.table_columns import columns_of
from thbstats.exchange.text_column import TextColumn
from thbstats.exchange.total_checks import check_totals
from thbstats.records import KINDS, Source, schema_of
from thbstats.tables import CountTable, Dataset
from thbstats.tables.findings import CellFinding, parse_findings
from thbstats.tables.problems import Problems
from thbstats.tables.provenance import PROVENANCE, READERS
from thbstats.values import to_integer

__all__ = ["assemble", "tabulate"]


def tabulate(
    ledger: Ledger,
    declaration: Declaration,
    source: Source | None,
    progress: Progress = no_progress,
) -> Dataset:
    """Return the tables of a file whose columns are declared.

    Parameters
    ----------
    ledger : Ledger
        The rows of the file; what is odd is written into it.
    declaration : Declaration
        What the columns are.
    source : Source or None
        Where the figures were published, for rows that do not say so themselves.
    progress : callable
        Told how far it is.

    Returns
    -------
    Dataset

    Raises
    ------
    InvalidValue, UnknownName
        If the declaration does not fit the file; all that is wrong is told, column by column.
    """
    progress("mapping", 0.0)
    problems = Problems()
    for problem in declaration_problems(declaration, ledger.raw):
        problems.add(problem)
    problems.raise_any()
    columns = translated(ledger, declaration)
    values = read_measures(ledger, columns, declaration.count_parser)
    return assemble(
        ledger, columns, values, source, repeated=declaration.repeated, progress=progress
    )


def assemble(
    ledger: Ledger,
    columns: Mapping[str, TextColumn],
    values: ParsedCounts,
    source: Source | None,
    *,
    repeated: Repeated = "conflicting",
    progress: Progress = no_progress,
) -> Dataset:
    """Return the tables of some columns in our words.

    Parameters
    ----------
    ledger : Ledger
        The rows of the file; what is odd is written into it.
    columns : mapping of str to TextColumn
        The dimensions, ``table`` with the kind of count, and what says where a count comes from.
        Where there is none, ``kind`` says it.
    values : ParsedCounts
        The counts.
    source : Source or None
        Where the figures were published, for rows that do not say so themselves.
    repeated : {"conflicting", "first", "last"}
        The count of a cell that rows describe with different counts: one conflicting count, or
        the count of the first or last row.
    progress : callable
        Told how far it is.

    Returns
    -------
    Dataset
    """
    progress("assembling", 0.0)
    for fault in values.problems:
        ledger.reject(
            fault.code,
            fault.rows & ledger.is_used,
            column="value",
            message=fault.message,
            hint=fault.hint,
            texts=fault.texts,
        )
    columns = with_table(columns)
    if "findings" in columns:
        _keep_findings(ledger, columns["findings"])
    size = len(ledger.lines)
    kinds = columns.get("table", TextColumn.constant("", size))
    _check_kinds(ledger, kinds)
    tables = {}
    known = [(index, kind) for index, kind in enumerate(kinds.values) if kind in KINDS]
    for done, (index, kind) in enumerate(known, 1):
        chosen = (kinds.codes == index) & ledger.is_used
        if chosen.any() or not size:
            draft = _draft(ledger, kind, columns, values, np.flatnonzero(chosen))
            table = _table(draft, columns, source, repeated)
            if len(table) or not size:  # a kind of which nothing is left is told by the report
                tables[kind] = table
            progress("assembling", done / len(known))
    return Dataset(**tables)


def _keep_findings(ledger: Ledger, column: TextColumn) -> None:
    """Keep the findings that a file states; what is no code is left out and reported."""
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
        message="a text among the findings that is no code and is not kept",
        hint="Write codes with spaces between them, such as PART_ABOVE_TOTAL",
        texts=column.row_counts(unmapped, unread),
    )
    rows = np.flatnonzero(column.isin([index for index, found in enumerate(sets) if found]))
    ledger.add_findings(rows, column.codes[rows], sets)


def _check_kinds(ledger: Ledger, kinds: TextColumn) -> None:
    unmapped = [index for index, kind in enumerate(kinds.values) if kind not in KINDS]
    rows = kinds.isin([*unmapped, len(kinds.values)]) & ledger.is_used
    ledger.reject(
        "UNMAPPED",
        rows,
        column=kinds.name or "table",
        message="no kind of count",
        hint=did_you_mean(next((kinds.values[p] for p in unmapped), ""), KINDS),
    )


def _table(
    draft: DraftTable, columns: Mapping[str, TextColumn], source: Source | None, repeated: Repeated
) -> CountTable:
    _require(draft)
    _without_a_place(draft, columns)
    origins = {name: _origin(draft, name, columns[name]) for name in PROVENANCE if name in columns}
    draft = check_residuals(merge_repeats(draft.drop_rejected(), repeated))
    check_totals(draft)
    return CountTable(columns_of(draft, origins, source))


def _draft(
    ledger: Ledger,
    kind: str,
    columns: Mapping[str, TextColumn],
    values: ParsedCounts,
    rows: NDArray[np.intp],
) -> DraftTable:
    schema = schema_of(kind)
    dimensions = {
        dimension.name: parsed(ledger, columns[dimension.name], dimension, rows)
        for dimension in schema.dimensions
        if dimension.name in columns
    }
    return DraftTable(
        ledger=ledger,
        schema=schema,
        rows=rows,
        dimensions=dimensions,
        values=values.take(rows),
    )


def _require(draft: DraftTable) -> None:
    for dimension in draft.schema.dimensions:
        if dimension.default is None and dimension.name not in draft.dimensions:
            raise InvalidValue(
                f"every count of {draft.schema.kind} must say this",
                field=dimension.name,
                hint=f"Give one word for all: {dimension.name}=..., or declare its column",
            )


def _without_a_place(draft: DraftTable, columns: Mapping[str, TextColumn]) -> None:
    """Set rows aside that are broken down by what this kind of count does not have."""
    for name, column in columns.items():
        if name in draft.schema.names or name in _NOT_DIMENSIONS:
            continue
        declared = [
            index for index, text in enumerate(column.values) if not _says_nothing(name, text)
        ]
        draft.ledger.reject(
            "NO_PLACE",
            draft.rows[column.take(draft.rows).isin(declared) & draft.is_used],
            column=column.name or name,
            message=f"{draft.schema.kind} have no {name.replace('_', ' ')}",
            hint="Keep them in a table of their own; nothing here can hold them",
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


def _says_nothing(name: str, text: str) -> bool:
    """Whether a word is what a row has that is not broken down, in the kind that knows it."""
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


def _origin(draft: DraftTable, name: str, column: TextColumn) -> TextColumn:
    """Return where counts come from, as text that a table reads; what it cannot is set aside."""
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
        message=f"no {name.replace('_', ' ')}",
        hint="Write a title or a source as JSON, country codes, or a whole number",
    )
    return column.with_values([None if p in wrong else text for p, text in enumerate(plain)])
