"""Assembly of tables from the columns of a file."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns.coded import used_codes
from thbstats.errors import InvalidValue, ThbstatsError, did_you_mean
from thbstats.files.count_columns import read_measures
from thbstats.files.declaration import MULTIPLE, Declaration, require_valid
from thbstats.files.draft_table import DraftTable, add_parts
from thbstats.files.duplicate_rows import merge_duplicates
from thbstats.files.input_file import Progress, no_progress
from thbstats.files.ledger import Deferred, FileColumn, Ledger
from thbstats.files.reference_periods import join_periods, periods_of_dates, read_periods
from thbstats.files.total_checks import (
    check_categories,
    check_residuals,
    check_sums,
    check_total_rows,
    check_totals,
)
from thbstats.files.words import is_total, plain_text
from thbstats.records import KINDS, Dimension, Schema, Source, schema_of
from thbstats.tables import CountTable, Dataset
from thbstats.tables.columns import Numbers
from thbstats.tables.origins import PROVENANCE, READERS, parse_findings
from thbstats.values import to_integer
from thbstats.vocabulary import Classification

_MAX_SUGGESTIONS = 100  # unmapped texts of a column for which a suggestion is computed
_NOT_IN_CODES = re.compile("[^a-z0-9]+")
_NOT_DIMENSIONS = {
    *("table", "value", "lower", "upper", "reason", "flags", "findings", "unanswered"),
    *("confidentiality", *PROVENANCE),
}


def tabulate(
    ledger: Ledger,
    declaration: Declaration,
    source: Source | None,
    progress: Progress = no_progress,
) -> Dataset:
    """Return the tables of a file with declared columns; problems are added to the ledger.

    The source is for rows without one. A declaration that does not fit the file raises an error
    that lists all problems by column.
    """
    progress("mapping", 0.0)
    declaration = _with_dimensions(ledger, declaration)
    require_valid(declaration, ledger)
    columns = recode_columns(ledger, declaration)
    counts = read_measures(ledger, columns, declaration.count_parser)
    return assemble(ledger, columns, counts, source, declaration=declaration, progress=progress)


def _with_dimensions(ledger: Ledger, declaration: Declaration) -> Declaration:
    """Return the declaration with the classifications of the texts of columns."""
    classifications, recode = [*declaration.classifications], {**declaration.recode}
    for column, name in declaration.columns.items():
        if name not in declaration.dimensions or column not in ledger.raw:
            continue
        texts = {text.strip() for text in ledger.column(column).categories} - {"", "unknown"}
        totals = {text: "total" for text in texts if is_total(text)}
        codes = _codes_of(texts - {*totals})
        recode[column] = {**codes, **totals, **recode.get(column, {})}
        labels = {codes[text]: text for text in sorted(codes, reverse=True)}
        categories = [{"code": code, "label": labels[code]} for code in sorted(labels)]
        classifications.append(Classification(name=name, categories=categories))
    return evolve(declaration, classifications=classifications, recode=recode, dimensions=())


def _codes_of(texts: Iterable[str]) -> dict[str, str]:
    """Return a code for each text: its letters a to z and digits, and a number if it is taken.

    Texts that differ in capitals and accents only have one code.

    Examples
    --------
    >>> _codes_of(["< 1 year", "> 1 year", "Sofia", "София"])
    {'< 1 year': 'c_1_year', '> 1 year': 'c_1_year_2', 'Sofia': 'sofia', 'София': 'c'}
    """
    codes, number = dict[str, str](), Counter[str]()
    for plain in sorted(set(map(plain_text, texts))):
        code = base = _NOT_IN_CODES.sub("_", plain).strip("_")
        if not code[:1].isalpha():
            code = base = f"c_{code}".rstrip("_")
        while number[code]:
            number[base] += 1
            code = f"{base}_{number[base]}"
        number[code] = 1
        codes[plain] = code
    return {text: codes[plain_text(text)] for text in sorted(texts)}


# From texts to categories


def recode_columns(ledger: Ledger, declaration: Declaration) -> dict[str, FileColumn]:
    """Return the declared columns, recoded as the declaration states."""
    columns: dict[str, FileColumn] = {}
    for name, target in declaration.columns.items():
        if target != MULTIPLE:
            column, declared = ledger.column(name), declaration.recode.get(name, {})
            texts = [declared.get(text.strip(), text) for text in column.categories]
            column = column.with_values(texts) if declared else column
            is_joined = target in columns
            columns[target] = join_periods(ledger, columns[target], column) if is_joined else column
    for name, target in declaration.columns.items():
        if target == MULTIPLE:
            column = ledger.column(name)
            spread = _spread(ledger, column, declaration.recode.get(name, {}))
            columns |= {own: _without_blanks(columns[own]) for own in {*spread} & {*columns}}
            _reject_different(ledger, columns, spread)
            _add(columns, spread)
    if "period" in columns and declaration.dates != "day":
        columns["period"] = periods_of_dates(ledger, columns["period"], declaration.dates)
    size = len(ledger.lines)
    constants = declaration.constants.items()
    _add(columns, {name: FileColumn.constant(text, size) for name, text in constants})
    if "table" in columns:
        columns["table"] = _without_blanks(columns["table"])
    kinds = columns.get("kind")
    if "table" not in columns and kinds is not None and {*KINDS} & {*kinds.categories}:
        # Cooperation has a dimension "kind" with other categories.
        columns = {"table" if name == "kind" else name: own for name, own in columns.items()}
    if declaration.kind is not None:
        _add(columns, {"table": FileColumn.constant(declaration.kind, size)})
    return columns


def _add(columns: dict[str, FileColumn], more: Mapping[str, FileColumn]) -> None:
    """Add columns, and fill the missing texts of existing columns."""
    for name, column in more.items():
        columns[name] = columns[name].fill_missing(column) if name in columns else column


def _without_blanks(column: FileColumn) -> FileColumn:
    """Return a column with missing texts for empty cells."""
    return column.with_values([text if text.strip() else None for text in column.categories])


def _reject_different(
    ledger: Ledger, columns: Mapping[str, FileColumn], spread: Mapping[str, FileColumn]
) -> None:
    """Reject rows for which a "*" column sets another text than the other columns."""
    for name in {*spread} & {*columns}:
        both = columns[name].combine(
            spread[name], lambda own, set_: None not in (own, set_) and own.strip() != set_
        )
        values = {"name": name.replace("_", " "), "column": repr(columns[name].name)}
        rows = both.table(bool, np.bool_) & ledger.is_used
        ledger.reject("UNMAPPED.different", rows, column=spread[name].name, values=values)


def _spread(
    ledger: Ledger, column: FileColumn, declared: Mapping[str, Any]
) -> dict[str, FileColumn]:
    """Return the columns that the texts of a "*" column set; reject rates."""
    texts = [text.strip() for text in column.categories]
    unmapped = [code for code, text in enumerate(texts) if text not in declared]
    ledger.reject_texts("UNMAPPED.column", column, unmapped, values={"column": repr(column.name)})
    ledger.reject_texts(
        "NO_COUNT",
        column,
        [code for code, text in enumerate(texts) if declared.get(text, {}) is None],
    )
    spread = [declared.get(text) or {} for text in texts]
    names = dict.fromkeys(name for entry in spread for name in entry)
    return {name: column.with_values([entry.get(name) for entry in spread]) for name in names}


def _parse_column(
    ledger: Ledger,
    column: FileColumn,
    dimension: Dimension,
    *,
    rows: NDArray[np.intp],
    fiscal_year: int,
) -> FileColumn:
    """Return a selection of rows of a column in the codes of a dimension.

    Rows with an unmapped or missing text are rejected.
    """
    read: Callable[[str], str] = dimension.parse
    if dimension.content == "period":
        read = read_periods(ledger, column, fiscal_year)
    result = column.take(rows)
    codes, unmapped = result.parse(read)
    if unmapped or (len(rows) and result.codes.min() < 0):
        selected = np.zeros(len(ledger.lines), dtype=np.bool_)
        selected[rows] = True
        counted = column.count_rows(selected & ledger.is_used)
        texts = [column.categories[code] for code in unmapped if counted[code]]
        name = dimension.name.replace("_", " ")
        ledger.reject_texts(
            "UNMAPPED",
            column,
            unmapped,
            within=selected,
            suggestions=_Suggestions(read, texts),
            values={"name": name},
        )
        ledger.reject(
            "EMPTY_CELL",
            (column.codes < 0) & selected & ledger.is_used,
            column=column.name or dimension.name,
            values={"name": name},
        )
    return result.with_values(codes)


class _Suggestions(Deferred):
    """Similar known texts of unmapped texts; a search takes long, and a file can have many."""

    def __init__(self, read: Callable[[str], str], unmapped: Iterable[str]) -> None:
        first = list(islice(unmapped, _MAX_SUGGESTIONS))
        super().__init__(lambda: {text: self[text] for text in first if self.get(text)})
        self._read = read

    def __getitem__(self, text: str) -> str:
        try:
            self._read(text)
        except ThbstatsError as error:
            question, mark, _ = error.hint.partition("?")
            if mark and question.startswith("Did you mean"):
                return f"{question}{mark}"
        raise KeyError(text)


# From categories to tables


def assemble(
    ledger: Ledger,
    columns: Mapping[str, FileColumn],
    counts: Numbers,
    source: Source | None,
    *,
    declaration: Declaration,
    progress: Progress = no_progress,
) -> Dataset:
    """Return the tables of columns with the names of this library.

    ``table`` contains the kind of count. The source is for rows without one. Of the declaration,
    ``added``, ``classifications`` and ``repeated`` apply. Problems are added to the ledger.
    """
    progress("assembling", 0.0)
    if "findings" in columns:
        findings = columns["findings"]
        sets, unmapped = findings.parse(parse_findings, ())
        ledger.flag_texts("UNREADABLE_FINDING", findings, unmapped, name="findings")
        marked = np.flatnonzero(findings.isin([code for code, own in enumerate(sets) if own]))
        ledger.add_findings(marked, findings.codes[marked], sets)
    if ledger.is_declared:
        check_total_rows(ledger, columns, counts)
    size = len(ledger)
    kinds = columns.get("table", FileColumn.constant("", size))
    known = kinds.matching(KINDS.__contains__)
    ledger.reject(
        "UNMAPPED",
        ~kinds.isin(known) & ledger.is_used,
        column=kinds.name or "table",
        message="not a kind of count",
        hint=did_you_mean(
            next((text for text in kinds.categories if text not in KINDS), ""), KINDS
        ),
    )
    tables = {}
    for done, code in enumerate(known, 1):
        rows = np.flatnonzero((kinds.codes == code) & ledger.is_used)
        if not len(rows) and size:
            continue
        own = [
            item
            for item in declaration.classifications
            if not size
            or (
                item.name in columns
                and columns[item.name].take(rows).where(lambda text: bool(text.strip())).any()
            )
        ]
        schema = schema_of(kinds.categories[code], *own)
        table = _table(
            ledger,
            schema,
            columns,
            numbers=counts.take(rows),
            rows=rows,
            source=source,
            declaration=declaration,
        )
        if len(table) or not size:
            tables[schema.kind] = table
        progress("assembling", done / len(known))
    return Dataset(**tables)


def _table(
    ledger: Ledger,
    schema: Schema,
    columns: Mapping[str, FileColumn],
    *,
    numbers: Numbers,
    rows: NDArray[np.intp],
    source: Source | None,
    declaration: Declaration,
) -> CountTable:

    def reject(code: str, name: str, texts: Sequence[int]) -> None:
        column, values = columns[name], {"kind": schema.kind, "name": name}
        wrong = rows[column.take(rows).isin(texts) & ledger.is_used[rows]]
        ledger.reject(code, wrong, column=column.name or name, values=values)

    dimensions = {}
    for dimension in schema.dimensions:
        name = dimension.name
        if name in columns:
            dimensions[name] = _parse_column(
                ledger, columns[name], dimension, rows=rows, fiscal_year=declaration.fiscal_year
            )
        elif dimension.default is None:
            hint = f"Pass one value for all rows, {name}=..., or declare its column"
            problem = f"must be given for every count of {schema.kind}"
            raise InvalidValue(problem, field=name, hint=hint)
    for name, column in columns.items():
        if name not in schema.names and name not in _NOT_DIMENSIONS:
            excluded = [
                code
                for code in used_codes(column.codes[rows], len(column.categories))
                if not _is_total(name, column.categories[code], declaration)
            ]
            reject("NO_PLACE", name, excluded)
    origins = {}
    for name in PROVENANCE:
        if name in columns:
            texts, wrong = columns[name].parse(partial(_origin_text, name))
            reject("UNREADABLE_ORIGIN", name, wrong)
            origins[name] = columns[name].with_values(texts)
    draft = DraftTable(
        ledger=ledger, schema=schema, rows=rows, dimensions=dimensions, numbers=numbers
    )
    used = ledger.is_used[rows]
    draft = draft if used.all() else draft.take(np.flatnonzero(used))
    for name, parts in declaration.added.items():
        draft = add_parts(draft, name, parts, declaration.recode.get(name, {}))
    draft = merge_duplicates(draft, declaration.repeated, declaration.ignored)
    draft = check_residuals(draft)
    check_totals(draft)
    check_categories(draft)
    if ledger.is_declared:
        check_sums(draft)
    return CountTable(draft.columns(origins, source))


def _is_total(name: str, text: str, declaration: Declaration) -> bool:
    """Whether a text is empty, the total or the "not stated" category of a dimension."""
    schemas = (schema_of(kind, *declaration.classifications) for kind in KINDS)
    dimension = next((schema[name] for schema in schemas if name in schema.names), None)
    if dimension is None or not text.strip():
        return not text.strip()
    try:
        return dimension.parse(text) in (dimension.total, "not_stated")
    except ThbstatsError:
        return False


def _origin_text(name: str, text: str) -> str | None:
    """Return a text of the provenance that can be read; ``None`` if it is empty."""
    plain = text.strip()
    if plain:
        READERS[name](to_integer(plain) if name == "n_reporters" else plain)
    return plain or None
