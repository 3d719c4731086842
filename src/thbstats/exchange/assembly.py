"""Tables out of the cells of a file; what cannot be in a table is set aside with its reason."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, ThbstatsError, did_you_mean
from thbstats.exchange.cells import parsed, translated, with_table
from thbstats.exchange.consistency import check_totals
from thbstats.exchange.declaration import Declaration, Repeated, problems_of
from thbstats.exchange.defects import Ledger
from thbstats.exchange.draft import Draft
from thbstats.exchange.files.limits import Progress, quiet
from thbstats.exchange.finished_rows import columns_of
from thbstats.exchange.measures import read_measures
from thbstats.exchange.numerals import ReadValues
from thbstats.exchange.repeats import merge_repeats
from thbstats.exchange.residuals import check_residuals
from thbstats.exchange.words import Words
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
    progress: Progress = quiet,
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
    for problem in problems_of(declaration, ledger.raw):
        problems.add(problem)
    problems.raise_any()
    columns = translated(ledger, declaration)
    values = read_measures(ledger, columns, declaration.numerals)
    return assemble(
        ledger, columns, values, source, repeated=declaration.repeated, progress=progress
    )


def assemble(
    ledger: Ledger,
    columns: Mapping[str, Words],
    values: ReadValues,
    source: Source | None,
    *,
    repeated: Repeated = "conflicting",
    progress: Progress = quiet,
) -> Dataset:
    """Return the tables of some columns in our words.

    Parameters
    ----------
    ledger : Ledger
        The rows of the file; what is odd is written into it.
    columns : mapping of str to Words
        The dimensions, ``table`` with the kind of count, and what says where a count comes from.
        Where there is none, ``kind`` says it.
    values : ReadValues
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
    for fault in values.faults:
        ledger.aside(
            fault.code,
            fault.rows & ledger.kept,
            column="value",
            what=fault.what,
            hint=fault.hint,
            labels=fault.labels,
        )
    columns = with_table(columns)
    if "findings" in columns:
        _keep_findings(ledger, columns["findings"])
    size = len(ledger.lines)
    kinds = columns.get("table", Words.constant("", size))
    _check_kinds(ledger, kinds)
    tables = {}
    known = [(place, kind) for place, kind in enumerate(kinds.words) if kind in KINDS]
    for done, (place, kind) in enumerate(known, 1):
        chosen = (kinds.codes == place) & ledger.kept
        if chosen.any() or not size:
            draft = _draft(ledger, kind, columns, values, np.flatnonzero(chosen))
            table = _table(draft, columns, source, repeated)
            if len(table) or not size:  # a kind of which nothing is left is told by the report
                tables[kind] = table
            progress("assembling", done / len(known))
    return Dataset(**tables)


def _keep_findings(ledger: Ledger, words: Words) -> None:
    """Keep the findings that a file states; what is no code is left out and reported."""
    sets: list[tuple[CellFinding, ...]] = []
    strange = []
    for place, word in enumerate(words.words):
        try:
            sets.append(parse_findings(word))
        except InvalidValue:
            sets.append(())
            strange.append(place)
    unread = words.among(strange) & ledger.kept
    ledger.odd(
        "UNREADABLE_FINDING",
        unread,
        column=words.column or "findings",
        what="a text among the findings that is no code and is not kept",
        hint="Write codes with spaces between them, such as PART_ABOVE_TOTAL",
        labels=words.labels(strange, unread),
    )
    rows = np.flatnonzero(words.among([place for place, found in enumerate(sets) if found]))
    ledger.mark(rows, words.codes[rows], sets)


def _check_kinds(ledger: Ledger, kinds: Words) -> None:
    strange = [place for place, kind in enumerate(kinds.words) if kind not in KINDS]
    rows = kinds.among([*strange, len(kinds.words)]) & ledger.kept
    ledger.aside(
        "UNMAPPED",
        rows,
        column=kinds.column or "table",
        what="no kind of count",
        hint=did_you_mean(next((kinds.words[p] for p in strange), ""), KINDS),
    )


def _table(
    draft: Draft, columns: Mapping[str, Words], source: Source | None, repeated: Repeated
) -> CountTable:
    _require(draft)
    _without_a_place(draft, columns)
    origins = {name: _origin(draft, name, columns[name]) for name in PROVENANCE if name in columns}
    draft = check_residuals(merge_repeats(draft.settled(), repeated))
    check_totals(draft)
    return CountTable(columns_of(draft, origins, source))


def _draft(
    ledger: Ledger,
    kind: str,
    columns: Mapping[str, Words],
    values: ReadValues,
    rows: NDArray[np.intp],
) -> Draft:
    schema = schema_of(kind)
    dimensions = {
        dimension.name: parsed(ledger, columns[dimension.name], dimension, rows)
        for dimension in schema.dimensions
        if dimension.name in columns
    }
    return Draft(
        ledger=ledger,
        schema=schema,
        rows=rows,
        dimensions=dimensions,
        values=values.take(rows),
    )


def _require(draft: Draft) -> None:
    for dimension in draft.schema.dimensions:
        if dimension.default is None and dimension.name not in draft.dimensions:
            raise InvalidValue(
                f"every count of {draft.schema.kind} must say this",
                field=dimension.name,
                hint=f"Give one word for all: {dimension.name}=..., or declare its column",
            )


def _without_a_place(draft: Draft, columns: Mapping[str, Words]) -> None:
    """Set rows aside that are broken down by what this kind of count does not have."""
    for name, words in columns.items():
        if name in draft.schema.names or name in _NOT_DIMENSIONS:
            continue
        said = [place for place, word in enumerate(words.words) if not _says_nothing(name, word)]
        draft.ledger.aside(
            "NO_PLACE",
            draft.rows[words.take(draft.rows).among(said) & draft.kept],
            column=words.column or name,
            what=f"{draft.schema.kind} have no {name.replace('_', ' ')}",
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


def _says_nothing(name: str, word: str) -> bool:
    """Whether a word is what a row has that is not broken down, in the kind that knows it."""
    if not word.strip():
        return True
    for kind in KINDS:
        schema = schema_of(kind)
        if name in schema.names:
            dimension = schema[name]
            try:
                return dimension.parse(word) in (dimension.total, "not_stated")
            except ThbstatsError:
                return False
    return False


def _origin(draft: Draft, name: str, words: Words) -> Words:
    """Return where counts come from, as text that a table reads; what it cannot is set aside."""
    wrong, plain = set(), []
    for place, word in enumerate(words.words):
        text = word.strip()
        try:
            if text:
                READERS[name](to_integer(text) if name == "n_reporters" else text)
        except ThbstatsError:
            wrong.add(place)
        plain.append(text or None)
    draft.ledger.aside(
        "UNREADABLE_ORIGIN",
        draft.rows[words.take(draft.rows).among(sorted(wrong)) & draft.kept],
        column=words.column or name,
        what=f"no {name.replace('_', ' ')}",
        hint="Write a title or a source as JSON, country codes, or a whole number",
    )
    return words.replaced([None if p in wrong else text for p, text in enumerate(plain)])
