"""Rows with one count each: filled cells, and tables with several columns of counts."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import InvalidValue
from thbstats.files.declaration import Declaration
from thbstats.files.headers import header_columns
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.pages import UNNAMED
from thbstats.tables.encoding import coded

HEADER = re.compile(r"header \d")
"""The name of a header row, as a column of a declaration."""

_VALUE, _FLAGS = "value", "flags"
_FLAG = re.compile(r"[a-z]{0,3}", re.IGNORECASE)


def arranged(ledger: Ledger, declared: Declaration) -> tuple[Ledger, Declaration]:
    """Return the rows with filled cells and one count each, and the declaration of their columns.

    An empty cell has the text of the cell above it if it is part of a merged cell, or if its column
    is declared in ``fill``. The text does not come from another worksheet, or from above a line
    that could not be read.
    """
    rows = np.arange(len(ledger))
    filled: dict[str, FileColumn] = {}
    for name in map(str, ledger.raw):
        if name not in declared.columns and name not in declared.ignored:
            continue
        column = filled[name] = ledger.column(name)
        is_below = True if name in declared.fill else ledger.is_merged(name)
        is_continued = ~column.where(str.strip) & is_below & ~np.isin(rows, ledger.first_rows)
        if declared.columns.get(name) != _VALUE and is_continued.any():
            # The row of the last cell with a text: of 0, 1, -, 3 it is 0, 1, 1, 3.
            above = np.maximum.accumulate(np.where(is_continued, 0, rows))
            filled[name] = column.take(above)
            number = int(is_continued.sum())
            ledger.note(f"Empty cells of {name!r} with the text of the cell above them: {number}")
    if not declared.unpivot:
        for name in (own for own in filled if declared.columns.get(own) == _VALUE):
            ledger.reject("NOT_A_COUNT.merged", shared_counts(ledger, [name])[:, 0], column=name)
        return ledger.with_columns(filled), declared
    return _unpivoted(ledger, declared, filled)


def _unpivoted(
    ledger: Ledger, declared: Declaration, others: Mapping[str, FileColumn]
) -> tuple[Ledger, Declaration]:
    """Return one row for each cell of the columns of counts.

    ``others`` are the declared columns. The row ``Belgium, 1, 2`` below ``Country, 2020, 2021``
    becomes ``Belgium, 2020, 1`` and ``Belgium, 2021, 2``.
    """
    # 1. Columns of counts (w) are all but the declared ones; one without a name can have the flags
    # of the column before it. Their header contains further columns.
    values: dict[str, FileColumn] = {}
    flags: dict[str, FileColumn] = {}
    for name in (own for own in map(str, ledger.raw) if own not in others):
        if values and is_flag_column(ledger, name):
            flags[next(reversed(values))] = ledger.column(name)
        else:
            values[name] = ledger.column(name)
    if not values:
        hint = "Remove one column from columns= and ignored="
        raise InvalidValue("must leave a column with counts", field="unpivot", hint=hint)
    of_header = header_columns(declared.unpivot, [ledger.headers[name] for name in values])
    for name in {*others} & {_VALUE, *(own.name for own in of_header)}:
        hint = "Rename the column in the file"
        raise InvalidValue("must not be the name of a column", field=name, value=name, hint=hint)
    # 2. The rows (n) with a count in some column.
    has_count = [column.where(str.strip) for column in values.values()]
    used = np.flatnonzero(np.logical_or.reduce(has_count))
    n, width = len(used), len(values)
    # 3. Each row becomes w rows: its other cells are repeated, the header runs from left to right,
    # and the counts are read row by row.
    columns: dict[str, Any] = {}
    for name, column in others.items():
        columns[name] = coded(np.repeat(column.codes[used], width), list(column.categories))
    for header in of_header:
        texts = pd.Categorical(list(header.texts))
        columns[header.name] = coded(np.tile(texts.codes, n), list(map(str, texts.categories)))
    columns[_VALUE] = interleaved([column.take(used) for column in values.values()])
    targets = {header.name: header.target for header in of_header} | {_VALUE: _VALUE}
    if flags:
        empty = FileColumn.constant("", len(ledger))
        columns[_FLAGS] = interleaved([flags.get(name, empty).take(used) for name in values])
        targets[_FLAGS] = _FLAGS
    result = Ledger.of_columns(
        list(columns), columns.values(), np.repeat(ledger.lines[used], width)
    )
    # 4. The log shows the rows of the file, and lists those without a count, such as notes.
    location, names = ledger.location, list(values)
    result.location = lambda row: f"{location(int(used[row // width]))}, {names[row % width]!r}"
    result.notes, result.left_out, result.preamble = ledger.notes, ledger.left_out, ledger.preamble
    result.problems, result.unparsed = ledger.problems, ledger.unparsed
    result.reject("NOT_A_COUNT.merged", shared_counts(ledger, names)[used].ravel(), column=_VALUE)
    without = np.setdiff1d(np.arange(len(ledger)), used)
    texts_of = (
        filter(None, (ledger.column(str(name)).value_at(row) for name in ledger.raw))
        for row in without
    )
    listed = zip(ledger.lines[without].tolist(), map(", ".join, texts_of), strict=True)
    result.reject_lines("NO_VALUES", listed, noun="row")
    return result, evolve(declared, columns={**declared.columns, **targets}, unpivot=())


def shared_counts(ledger: Ledger, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return, by row and column of counts, whether a merged cell has one count of several.

    Empty columns do not have counts: a cell that is merged with one has its own count.
    """
    result = np.zeros((len(ledger), len(names)), dtype=np.bool_)
    has_text = {name: ledger.column(name).where(str.strip) for name in names}
    for rows, columns in ledger.merged_cells:
        own = [n for n, name in enumerate(names) if name in columns and has_text[name].any()]
        of_rows = slice(rows.start, rows.stop)
        has_count = any(has_text[names[n]][of_rows].any() for n in own)
        result[of_rows, own] |= len(rows) * len(own) > 1 and has_count
    return result


def is_flag_column(ledger: Ledger, name: str) -> bool:
    """Whether a column without a name contains the flags of the column before it."""
    column = ledger.column(name)
    return bool(UNNAMED.fullmatch(name)) and all(map(_FLAG.fullmatch, column.categories))


def interleaved(columns: Sequence[FileColumn]) -> pd.Categorical:
    """Return the cells of columns row by row."""
    joined = Coded.concat(columns or [FileColumn((), ())])
    rows = joined.codes.reshape(max(len(columns), 1), -1).T.ravel()
    result: pd.Categorical = coded(rows, list(joined.categories))
    return result
