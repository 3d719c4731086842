"""Layouts of tables: several worksheets, merged cells, and columns of counts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve
from numpy.typing import NDArray

from thbstats.errors import InvalidFile, InvalidValue
from thbstats.files.declaration import Declaration
from thbstats.files.delimited import first_lines, read_delimited
from thbstats.files.input_file import InputFile
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reference_periods import period_readings
from thbstats.files.sheets import Grid, Layout, open_workbook, unknown_sheet
from thbstats.files.workbooks import is_workbook
from thbstats.tables.encoding import coded

_LONGEST, _MOST_WORDS = 40, 12  # of a number, and of a header cell with a period
_SHEET, _VALUE, _FLAGS = "sheet", "value", "flags"
_HEADER = re.compile(r"header \d")
_UNNAMED = re.compile(r"column \d+")
_WORDS = re.compile(r"[^\s,;:|()]+")
_NUMBER = re.compile(r"[<≤~]?\s*\d[\d\s.,'\u2019]*%?\s*(\W*[a-z]?\W*)", re.I)
_YEAR = re.compile(r"(19|20)\d\d")
_SIGN = re.compile(r":|\.{1,3}|…|[-\N{EN DASH}]|n/?a|\[[a-z]+\]", re.I)
_FLAG = re.compile(r"[a-z]{0,3}", re.I)

Head = Sequence[tuple[int, Sequence[str]]]
"""The first rows of a page: their numbers and cells."""


def find_header(head: Head) -> tuple[int, int] | None:
    """Return the number of the first header row, and the number of header rows.

    The header is above the first row with a number that is not a year. It has two rows if
    the first one has empty cells, and the second one has repeated names or empty cells.
    """
    widths = [sum(bool(cell.strip()) for cell in cells) for _, cells in head]
    first = next(
        (
            index
            for index, (_, cells) in enumerate(head)
            if widths[index] > 1 and any(map(is_number, cells))
        ),
        len(head),
    )
    last = next((index for index in range(first - 1, -1, -1) if widths[index] > 1), None)
    if last is None:
        return None
    has_two = last > 0 and widths[last - 1] > 1 and head[last - 1][0] == head[last][0] - 1
    top = last - has_two
    names, below = (head[row][1] for row in (top, last))
    has_gaps = any(not name and text for name, text in zip(names, below, strict=True))
    is_partial = any(name and not text for name, text in zip(names, below, strict=True))
    if has_gaps and (is_partial or len({*filter(None, below)}) < sum(map(bool, below))):
        return head[top][0], 2
    return head[top + has_gaps][0], 1  # a title is not a header


def is_number(text: str) -> bool:
    """Whether a text is a number other than a year, or a missing-value sign."""
    plain = text.strip()
    if len(plain) > _LONGEST:
        return False
    is_year = _YEAR.fullmatch(plain.removesuffix(".0"))
    return bool((_NUMBER.fullmatch(plain) and not is_year) or _SIGN.fullmatch(plain))


def read_table(
    file: InputFile,
    declared: Declaration,
    *,
    separator: str | None = None,
    required: Iterable[str] = (),
) -> tuple[Ledger, Declaration]:
    """Return the rows of a workbook or a delimited text, and the declaration of their columns.

    The header is the first row with the declared columns; without any, it is periods by its form.
    A table with several columns of counts has one row for each count. A worksheet without the
    ``required`` columns has other contents, as in the workbooks of this library.
    """
    names = {*required, *declared.columns, *declared.fill}
    names = {name for name in names if not _HEADER.fullmatch(name)}
    layout = Layout(
        header=lambda own: names - {_SHEET} <= set(own),
        header_rows=len(declared.unpivot) or 1,
        cells=declared.range,
        is_wide=bool(declared.unpivot),
    )
    if is_workbook(file):
        ledger = _read_sheets(file, declared, layout, names, is_own=bool(required))
    elif layout.is_wide or layout.cells or not names or _has_unnamed(file, separator):
        page = Grid.of_text(file, separator)
        table = page.table(_placed(page, layout, names))
        if table is None:
            raise _no_header(file, names)
        ledger = table
    else:
        lines = [set(cells) for cells in first_lines(file, separator)]
        is_below = any(names <= own for own in lines[1:]) and not names <= lines[0]
        ledger = read_delimited(file, separator, header=layout.header if is_below else None)
    ledger.left_out += [f"cells outside {declared.range}"] * bool(declared.range)
    return arranged(ledger, declared)


def _has_unnamed(file: InputFile, separator: str | None) -> bool:
    """Whether several columns of a text have no name."""
    return next(first_lines(file, separator), []).count("") > 1


def _placed(page: Grid, layout: Layout, names: Iterable[str]) -> Layout:
    """Return the layout with the place of the header, if no column is declared."""
    if any(names):
        return layout
    header = find_header(page.head(layout))
    return layout if header is None else evolve(layout, top=header[0])


def _no_header(file: InputFile, names: Iterable[str]) -> InvalidFile:
    return InvalidFile(
        f"{file.name} must have a header with the declared columns",
        field="columns",
        value=", ".join(names),
        hint="Correct the names, or pass range='A5:H20'",
    )


def _read_sheets(
    file: InputFile, declared: Declaration, layout: Layout, names: Iterable[str], *, is_own: bool
) -> Ledger:
    """Return the rows of the selected worksheets; by default, of all with the declared columns."""
    tables: dict[str, Ledger] = {}
    others: dict[str, str] = {}
    states: dict[str, str] = {}
    with open_workbook(file) as (workbook, notes):
        sheets = list(workbook.sheet_names)
        if not sheets:
            problem = f"{file.name} must have a worksheet"
            raise InvalidFile(problem, field="sheet", hint="Save the table as a workbook again")
        selected = _selected(file, declared.sheet, sheets)
        for sheet in sheets:
            if sheet not in selected:
                states[sheet] = "ignored by request"
                continue
            page = Grid.of_sheet(file, workbook.get_sheet_by_name(sheet))
            head = page.head(layout)
            ledger = page.table(_placed(page, layout, names)) if head else None
            top = find_header(head)
            if ledger is not None:
                tables[sheet] = ledger
            elif top is not None and any(is_number(cell) for _, row in head for cell in row[1:]):
                # A numbered list of notes has numbers in its first column only.
                row = next(cells for line, cells in head if line == top[0])
                others[sheet] = ", ".join(filter(None, row))[:200]
            states[sheet] = "read" if sheet in tables else "without a table" if head else "empty"
    if declared.sheet == "" and is_own:
        states |= dict.fromkeys(others, "not read: it has other columns")
        others = {}
    if others or not tables or len({tuple(own.raw) for own in tables.values()}) > 1:
        headers = {name: ", ".join(map(str, own.raw)) for name, own in tables.items()} | others
        listed = "; ".join(f"{name!r}: {columns}" for name, columns in headers.items())
        raise InvalidFile(
            f"the worksheets of {file.name} must have the declared columns and one header",
            field="sheet",
            value=listed or ", ".join(sheets),
            hint=f"Pass sheet={next(iter(headers), sheets[0])!r}, or several in a list",
        )
    ledger = stacked(tables, with_name=_SHEET in {*declared.columns, *declared.ignored})
    ledger.notes[:0] = notes
    if len(sheets) > 1:
        ledger.note(f"Worksheets: {', '.join(f'{n!r} {state}' for n, state in states.items())}")
    left_out = (name for name, state in states.items() if state not in ("read", "empty"))
    ledger.left_out += [f"worksheet {name!r}" for name in left_out]
    return ledger


def pages_of(file: InputFile, sheet: Any = "", separator: str | None = None) -> dict[str, Grid]:
    """Return the pages of a file by name; a text has one."""
    if not is_workbook(file):
        return {"": Grid.of_text(file, separator)}
    with open_workbook(file) as (workbook, _):
        names = _selected(file, sheet, list(workbook.sheet_names))
        return {name: Grid.of_sheet(file, workbook.get_sheet_by_name(name)) for name in names}


def _selected(file: InputFile, sheet: Any, sheets: Sequence[str]) -> list[str]:
    if sheet in ("", "all"):
        return list(sheets)
    names = []
    for own in sheet if isinstance(sheet, tuple) else (sheet,):
        is_position = own not in sheets and str(own).isdecimal() and 0 < int(own) <= len(sheets)
        name = sheets[int(own) - 1] if is_position else own
        if name not in sheets:
            raise unknown_sheet(file, own, sheets)
        names.append(name)
    return names


def stacked(ledgers: Mapping[str, Ledger], *, with_name: bool) -> Ledger:
    """Return the rows of several worksheets, optionally with a column of their names."""
    first = next(iter(ledgers.values()))
    if len(ledgers) == 1 and not with_name:
        return first
    sizes = [len(own) for own in ledgers.values()]
    columns = {
        str(name): _joined([own.column(str(name)) for own in ledgers.values()])
        for name in first.raw
    }
    number = np.repeat(np.arange(len(sizes)), sizes)
    sheets = list(ledgers)
    if with_name:
        columns[_SHEET] = coded(number, sheets)
    lines = np.concatenate([own.lines for own in ledgers.values()])
    ragged = [line for own in ledgers.values() for line in own.ragged]
    result = Ledger.of_columns(list(columns), columns.values(), lines, ragged, noun="row")
    if len(sheets) > 1:
        result.location = lambda row: f"{sheets[number[row]]!r}, row {lines[row]}"
    result.headers = {**first.headers, _SHEET: (_SHEET,)}
    result.preamble = first.preamble
    for name in {name for own in ledgers.values() for name in own.merged}:
        masks = [own.merged.get(name, np.zeros(len(own), np.bool_)) for own in ledgers.values()]
        result.merged[name] = np.concatenate(masks)
    return result


def _joined(columns: Sequence[FileColumn]) -> pd.Categorical:
    """Return several columns below each other."""
    codes: list[NDArray[Any]] = []
    position: dict[str, int] = {}
    for column in columns:
        table = [position.setdefault(text, len(position)) for text in column.categories]
        codes.append(np.array([*table, -1], dtype=np.int64)[column.codes])
    result: pd.Categorical = coded(np.concatenate(codes), list(position))
    return result


def arranged(ledger: Ledger, declared: Declaration) -> tuple[Ledger, Declaration]:
    """Return the rows with filled cells and one count each, and the declaration of their columns.

    An empty cell below the first one of a merged cell has the text of the cell above it.
    """
    names = [
        name for name in map(str, ledger.raw) if name in {*declared.columns, *declared.ignored}
    ]
    filled: dict[str, FileColumn] = {}
    for name in names:
        column = filled[name] = ledger.column(name)
        is_empty = column.where(lambda text: not text.strip()) | (column.codes < 0)
        below = np.ones(len(ledger), dtype=np.bool_) if name in declared.fill else None
        below = ledger.merged.get(name) if below is None else below
        if below is None or declared.columns.get(name) == _VALUE or not (is_empty & below).any():
            continue
        position = np.where(is_empty & below, 0, np.arange(len(ledger)))
        filled[name] = column.take(np.maximum.accumulate(position))
        number = int((is_empty & below).sum())
        ledger.note(f"{number} empty cells of {name!r} have the text of the cell above them")
    if not declared.unpivot:
        return ledger.with_columns(filled), declared
    return _unpivoted(ledger, declared, filled)


def _unpivoted(
    ledger: Ledger, declared: Declaration, names: Mapping[str, FileColumn]
) -> tuple[Ledger, Declaration]:
    """Return one row for each cell of the columns of counts."""
    others = [name for name in map(str, ledger.raw) if name not in names]
    flags: dict[str, FileColumn] = {}
    values: list[str] = []
    for name in others:
        if values and is_flag_column(ledger, name):
            flags[values[-1]] = ledger.column(name)
        else:
            values.append(name)
    if not values:
        hint = "Remove one column from columns= and ignored="
        raise InvalidValue("must leave a column with counts", field="unpivot", hint=hint)
    of_header = _header_columns(declared.unpivot, [ledger.headers[name] for name in values])
    for name in {*names} & {*of_header, _VALUE}:
        hint = "Rename the column in the file"
        raise InvalidValue("must not be the name of a column", field=name, value=name, hint=hint)
    counts = [ledger.column(name) for name in values]
    has_count = np.column_stack([own.where(lambda text: bool(text.strip())) for own in counts])
    used = np.flatnonzero(has_count.any(axis=1))
    without = np.setdiff1d(np.arange(len(ledger)), used)
    n, width = len(used), len(values)
    columns: dict[str, Any] = {}
    for name, column in names.items():
        columns[name] = coded(np.repeat(column.codes[used], width), list(column.categories))
    for name, (_, texts) in of_header.items():
        own = pd.Categorical(texts)
        columns[name] = coded(np.tile(own.codes, n), list(map(str, own.categories)))
    columns[_VALUE] = _interleaved([own.take(used) for own in counts])
    if flags:
        empty = FileColumn.constant("", len(ledger))
        columns[_FLAGS] = _interleaved([flags.get(name, empty).take(used) for name in values])
    result = Ledger.of_columns(
        list(columns), columns.values(), np.repeat(ledger.lines[used], width)
    )
    location = ledger.location
    result.location = lambda row: f"{location(int(used[row // width]))}, {values[row % width]!r}"
    result.notes, result.left_out, result.preamble = ledger.notes, ledger.left_out, ledger.preamble
    result.problems, result.unparsed = ledger.problems, ledger.unparsed
    texts_of = (
        filter(None, (ledger.column(str(n)).value_at(row) for n in ledger.raw)) for row in without
    )
    result.reject_lines(
        "NO_VALUES",
        zip(ledger.lines[without].tolist(), map(", ".join, texts_of), strict=True),
        noun="row",
        message="a row without counts, such as a heading or a footnote",
        hint="Check that it is not a row of the table",
    )
    targets = {name: target for name, (target, _) in of_header.items()} | {_VALUE: _VALUE}
    targets |= {_FLAGS: _FLAGS} if flags else {}
    return result, evolve(declared, columns={**declared.columns, **targets}, unpivot=())


def is_flag_column(ledger: Ledger, name: str) -> bool:
    """Whether a column without a name contains the flags of the column before it."""
    column = ledger.column(name)
    return bool(_UNNAMED.fullmatch(name)) and all(map(_FLAG.fullmatch, column.categories))


def _interleaved(columns: Sequence[FileColumn]) -> pd.Categorical:
    """Return the cells of columns row by row."""
    joined = _joined(columns)
    rows = joined.codes.reshape(len(columns), -1).T.ravel()
    result: pd.Categorical = coded(rows, list(joined.categories))
    return result


def _header_columns(
    contents: Sequence[str], headers: Sequence[Sequence[str]]
) -> dict[str, tuple[str, list[str]]]:
    """Return the target and the texts of each column that the header rows contain."""
    result: dict[str, tuple[str, list[str]]] = {}
    for row, content in enumerate(contents):
        texts, name = [own[row] if row < len(own) else "" for own in headers], f"header {row + 1}"
        first, *further = content.split()
        if not further:
            result[name] = (first, texts)
            continue
        periods, rests = zip(*map(split_period, texts), strict=True)
        other = next((target for target in (first, *further) if target != "period"), first)
        result[name] = ("period", list(periods))
        if other != "-":
            result[f"{name} {other}"] = (other, list(rests))
    return result


def split_period(text: str) -> tuple[str, str]:
    """Return the longest period in a text, and the remaining text."""
    words = list(_WORDS.finditer(text)) if len(text) < 10 * _MOST_WORDS else []
    spans = [
        (words[first].start(), words[last].end())
        for first in range(len(words))
        for last in range(first, len(words))
    ]
    periods = [span for span in spans if period_readings(text[slice(*span)])]
    if not periods:
        return "", text
    start, end = max(periods, key=lambda span: span[1] - span[0])
    other = f"{text[:start]} {text[end:]}"
    return text[start:end], " ".join(word for word in _WORDS.findall(other) if word != "-")
