"""Pages of cells in worksheets and delimited texts, and the layouts of their tables."""

import csv
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from io import StringIO
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats.columns import Coded
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, did_you_mean
from thbstats.files.declaration import CELLS, Declaration
from thbstats.files.delimited import (
    FIRST_LINES,
    columns_of_rows,
    first_lines,
    names_of,
    read_delimited,
    separator_of,
)
from thbstats.files.input_file import InputFile, open_bytes
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reference_periods import period_readings
from thbstats.files.words import without_note
from thbstats.files.workbooks import (
    has_formulas,
    invalid_workbook,
    is_workbook,
    parts_of,
    repacked,
    uncalculated,
)
from thbstats.tables.encoding import coded
from thbstats.tables.frames import library
from thbstats.values import LARGEST_COUNT

FORMULAS = "The workbook has formulas: their stored results are read"

_LAST_ROW, _LAST_COLUMN = 2**20, 2**14
_CACHED = 1 << 12  # numbers whose text is stored

Row = tuple[int, list[Any]]
"""The number of a row, counted from 1, and its cells."""

_LONGEST, _MOST_WORDS = 40, 12  # of a number, and of a header cell with a period
_SHEET, _VALUE, _FLAGS = "sheet", "value", "flags"
_HEADER = re.compile(r"header \d")
_UNNAMED = re.compile(r"column \d+")
_WORDS = re.compile(r"[^\s,;:|()]+")
_NUMBER = re.compile(r"[<≤~]?\s*\d[\d\s.,'\u2019]*%?\s*([^\w+]*[a-z]?[^\w+]*)", re.I)
_YEAR = re.compile(r"(19|20)\d\d")
_SIGN = re.compile(r":|\.{1,3}|…|[-\N{EN DASH}]|n[./]?[ad]\.?|k\.? ?a\.?|s/d|\[[a-z]+\]", re.I)
_FLAG = re.compile(r"[a-z]{0,3}", re.I)
Head = Sequence[tuple[int, Sequence[str]]]
"""The first rows of a page: their numbers and cells."""


def read_sheet(
    file: InputFile, name: str | None = None, *, header: Callable[[Sequence[str]], bool] = any
) -> Ledger:
    """Return the rows of a worksheet.

    Integers have no decimals. For a formula, the stored result is read. An error such as
    ``#DIV/0!`` is read as a text. ``header`` recognises the header by its cells; by default the
    first non-empty row is the header. Without a name, the first worksheet with the header is read.

    A workbook that is damaged, exceeds the limits, or has no such worksheet or header raises
    `InvalidFile`.
    """
    with open_workbook(file) as (workbook, notes):
        sheets = list(workbook.sheet_names)
        selected = sheets if name is None else [sheet for sheet in sheets if sheet == name]
        for position, sheet in enumerate(selected):
            page = Grid.of_sheet(file, workbook.get_sheet_by_name(sheet))
            ledger = page.table(Layout(header=header))
            if ledger is not None:
                others = [] if name else [*selected[:position], *selected[position + 1 :]]
                ledger.left_out += [f"sheet {other!r}" for other in others]
                ledger.notes[:0] = notes
                return ledger
    if name is not None and not selected:
        raise unknown_sheet(file, name, sheets)
    raise InvalidFile(
        f"{file.name} must have the header of its format in the first {FIRST_LINES} rows of a "
        "worksheet",
        field="sheet",
        value=", ".join(selected),
        hint="Add a row with the column names",
    )


@contextmanager
def open_workbook(file: InputFile) -> Iterator[tuple[Any, list[str]]]:
    """Open a workbook, and yield it with notes on its formulas."""
    calamine = library("python_calamine")
    parts = parts_of(file)
    notes = [FORMULAS] if has_formulas(parts) else []
    if notes and (number := uncalculated(parts)):
        notes.append(
            f"Formulas without a stored result: {number}. Their cells are read as empty; to store "
            "the results, open the workbook in a spreadsheet program and save it"
        )
    packed = repacked(parts)
    del parts  # to free memory
    try:
        yield calamine.load_workbook(packed), notes
    except (ThbstatsError, MemoryError):
        raise
    except BaseException as error:
        # A panic of the underlying library is not an Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise invalid_workbook(file, str(error)[:200]) from None
        raise


def unknown_sheet(file: InputFile, name: object, sheets: Sequence[str]) -> InvalidFile:
    """Return the error for a worksheet that a workbook does not have."""
    return InvalidFile(
        f"must be a worksheet of {file.name}",
        field="sheet",
        value=name,
        hint=did_you_mean(str(name), sheets),
    )


@frozen(kw_only=True)
class Layout:
    """The place of a table in a page.

    ``header`` recognises the names of the columns, ``header_rows`` is the number of rows with
    them, and ``cells`` a range of cells such as ``A5:H20``. ``is_wide`` is whether a column without
    a name is read too.
    """

    header: Callable[[Sequence[str]], bool]
    header_rows: int = 1
    cells: str = ""
    top: int = 0
    is_wide: bool = False

    def cut(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows in the range of cells."""
        if not self.cells:
            yield from rows
            return
        left, top, right, bottom = self.corners
        for line, row in rows:
            if top <= line <= bottom and any(cell != "" for cell in row[left : right + 1]):
                yield line, row[left : right + 1]

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """The first column and line, and the last column and line; columns count from 0."""
        if not self.cells:
            return 0, 1, _LAST_COLUMN, _LAST_ROW
        match = CELLS.fullmatch(self.cells.upper())
        left, top, right, bottom = match.groups() if match else ("A", "1", "A", "1")
        return _column(left), int(top), _column(right), int(bottom)


def _column(letters: str) -> int:
    """Return the position of a column from 0, such as 26 for AA."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


@frozen(kw_only=True, eq=False)
class Grid:
    """The rows of a worksheet or of a text, and its merged cells as rectangles from 0.

    ``ledger`` are the rows of a frame, whose header is known.
    """

    file: InputFile = field(factory=lambda: open_bytes(b""))
    rows: Callable[[], Iterable[Row]] = tuple
    ledger: Ledger | None = None
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    noun: str = "row"

    @classmethod
    def of_sheet(cls, file: InputFile, sheet: Any) -> "Grid":
        """Return the page of a worksheet; it has no rows if the worksheet is empty."""
        if sheet.start is None:
            return cls(file=file)
        merged = getattr(sheet, "merged_cell_ranges", None) or ()  # ods has none
        return cls(
            file=file,
            rows=lambda: (
                (line, row)
                for line, row in enumerate(sheet.iter_rows(), start=1)
                if row[0] != "" or any(cell != "" for cell in row)  # the number 0 is not empty
            ),
            merged=merged,
        )

    @classmethod
    def of_text(cls, file: InputFile, separator: str | None) -> "Grid":
        """Return the page of a delimited text."""
        return cls(file=file, rows=lambda: _text_rows(file, separator), noun="line")

    def head(self, layout: Layout) -> list[tuple[int, list[str]]]:
        """Return the first rows as texts."""
        text_of, rows = _reader(set()), layout.cut(self.rows())
        return [(line, list(map(text_of, row))) for line, row in islice(rows, FIRST_LINES)]

    def table(self, layout: Layout) -> Ledger | None:
        """Return the rows below the header; ``None`` without header."""
        dates: set[str] = set()
        text_of, rows = _reader(dates), layout.cut(self.rows())
        preamble: list[list[str]] = []
        numbers: list[int] = []
        for line, row in islice(rows, FIRST_LINES):
            cells = list(map(text_of, row))
            _check_lengths(self.file, line, cells)
            preamble.append(cells)
            numbers.append(line)
            n = layout.header_rows
            if len(preamble) < n or layout.top not in (0, numbers[-n]):
                continue
            parts = self._header(preamble[-n:], numbers[-n:], layout)
            names = [" | ".join(dict.fromkeys(filter(None, own))) for own in parts]
            unnamed = [i for i, name in enumerate(names) if not name and layout.is_wide]
            for index in unnamed:
                names[index] = f"column {index + 1}"
            if not layout.header(list(filter(None, names))):
                continue
            if unnamed:
                rows = iter(remaining := list(rows))
                for index in unnamed:
                    if all(own[index] == "" for _, own in remaining):
                        names[index] = ""
            ledger = _below(self.file, rows, names, line, text_of, noun=self.noun)
            ledger.preamble = preamble[:-n]
            cleaned = (tuple(map(without_note, own)) for own in parts)
            ledger.headers = dict(zip(names, cleaned, strict=True))
            self._mark_merged(ledger, names, layout)
            for name, column in ledger.raw.items() if dates else ():
                if days := dates.intersection(column.cat.categories):
                    ledger.note(
                        f"Column {name!r} contains dates, such as {min(days)}; each is a day "
                        "unless dates= is declared"
                    )
            return ledger
        return None

    def _header(
        self, rows: Sequence[Sequence[str]], lines: Sequence[int], layout: Layout
    ) -> list[tuple[str, ...]]:
        """Return the texts of each column in the header rows; a merged cell has one text."""
        left, result = layout.corners[0], [[cell.strip() for cell in row] for row in rows]
        merged = [
            (lines.index(top + 1), first - left, last - left)
            for (top, first), (_, last) in self.merged
            if top + 1 in lines[:-1] and last > first
        ]
        for row, first, last in merged:
            start, end = max(first, 0), min(last + 1, len(result[row]))
            result[row][start:end] = result[row][start : start + 1] * (end - start)
        for cells in result[:-1] if not merged else ():
            for index in range(1, len(cells)):
                cells[index] = cells[index] or cells[index - 1]
        return list(zip(*result, strict=True))

    def _mark_merged(self, ledger: Ledger, names: Sequence[str], layout: Layout) -> None:
        """Mark the cells of the ledger below the first cell of a merged one."""
        left = layout.corners[0]
        for (top, first), (bottom, _) in self.merged:
            if bottom > top and 0 <= first - left < len(names) and names[first - left]:
                start, end = np.searchsorted(ledger.lines, [top + 1, bottom + 1], side="right")
                below = ledger.merged.setdefault(
                    names[first - left], np.zeros(len(ledger), dtype=np.bool_)
                )
                below[start:end] = True


def _text_rows(file: InputFile, separator: str | None) -> Iterator[Row]:
    """Yield the rows of a delimited text with any number of cells; all are as long."""
    sign = separator or separator_of(file, "\n".join(file.head.split("\n")[:FIRST_LINES]))
    reader = csv.reader(StringIO(file.text, newline=""), delimiter=sign)
    rows, cells, width = [], 0, 0
    try:
        for row in reader:
            width = max(width, len(row))
            cells += max(width, 1)
            if width > file.limits.columns:
                raise file.exceeded("columns", "columns")
            if cells > file.limits.cells:
                raise file.exceeded("cells", "cells")
            if any(row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        problem, where = f"{file.name} cannot be parsed: {error}", f"line {reader.line_num}"
        raise InvalidFile(problem, row=where, hint="Close the quotation") from None
    if len(rows) * width > file.limits.cells:  # a later row can be longer
        raise file.exceeded("cells", "cells")
    for line, row in rows:
        yield line, [*row, *[""] * (width - len(row))]


def _reader(dates: set[str]) -> Callable[[Any], str]:
    """Return the function from a cell to its text, which adds texts of dates to ``dates``."""

    @lru_cache(_CACHED, typed=True)
    def text_of(value: Any) -> str:
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, float) and value.is_integer():
            # A workbook rounds larger numbers to 2**53, so that this number is not exact.
            return str(LARGEST_COUNT + 1) if value == LARGEST_COUNT else f"{value:.0f}"
        text = str(value)
        if isinstance(value, date):
            dates.add(text)
        return text

    return text_of


def _check_lengths(file: InputFile, line: int, cells: Iterable[str]) -> None:
    if any(len(cell) > file.limits.cell for cell in cells):
        raise InvalidFile(
            f"cells of {file.name} must have at most {file.limits.cell} characters",
            row=f"row {line}",
            field="limits",
            hint="If the file is correct, pass limits=Limits(cell=...)",
        )


def _below(
    file: InputFile,
    rows: Iterator[tuple[int, list[Any]]],
    names: Sequence[str],
    line: int,
    text_of: Callable[[Any], str],
    *,
    noun: str,
) -> Ledger:
    """Return the rows below the header; a row with a cell outside it is ragged."""
    named = [index for index, name in enumerate(names) if name]
    unnamed = [index for index, name in enumerate(names) if not name]
    columns = names_of(file, [names[index] for index in named], f"{noun} {line}")
    lines: array[int] = array("q")
    ragged: list[tuple[int, Sequence[str]]] = []

    def named_cells() -> Iterator[list[Any]]:
        for number, row in rows:
            if unnamed and any(row[index] != "" for index in unnamed):
                texts = list(map(text_of, row))
                _check_lengths(file, number, texts)
                ragged.append((number, texts))
            else:
                lines.append(number)
                yield [row[index] for index in named] if unnamed else row

    cells = columns_of_rows(file, len(columns), named_cells(), text_of)
    for column in cells:
        for code, text in enumerate(column.categories):
            if len(text) > file.limits.cell:
                _check_lengths(file, lines[int(np.argmax(column.codes == code))], [text])
    return Ledger.of_columns(columns, cells, lines, ragged, noun=noun)


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
    elif (
        layout.is_wide
        or layout.cells
        or not names
        or next(first_lines(file, separator), []).count("") > 1  # columns without a name
    ):
        page = Grid.of_text(file, separator)
        table = page.table(_placed(page, layout, names))
        if table is None:
            raise InvalidFile(
                f"{file.name} must have a header with the declared columns",
                field="columns",
                value=", ".join(names),
                hint="Correct the names, or pass range='A5:H20'",
            )
        ledger = table
    else:
        lines = [set(cells) for cells in first_lines(file, separator)]
        is_below = any(names <= own for own in lines[1:]) and not names <= lines[0]
        ledger = read_delimited(file, separator, header=layout.header if is_below else None)
    ledger.left_out += [f"cells outside {declared.range}"] * bool(declared.range)
    return arranged(ledger, declared)


def _placed(page: Grid, layout: Layout, names: Iterable[str]) -> Layout:
    """Return the layout with the place of the header, if no column is declared."""
    if any(names):
        return layout
    header = find_header(page.head(layout))
    return layout if header is None else evolve(layout, top=header[0])


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
        properties = workbook.sheets_metadata
        hidden = {own.name for own in properties if not str(own.visible).endswith(".Visible")}
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
        listed_names = (f"{own!r}{' (hidden)' * (own in hidden)} {states[own]}" for own in sheets)
        ledger.note(f"Worksheets: {', '.join(listed_names)}")
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
    columns: dict[str, Any] = {}
    for name in map(str, first.raw):
        joined = Coded.concat([own.column(name) for own in ledgers.values()])
        columns[name] = coded(joined.codes, list(joined.categories))
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
        ledger.note(f"Empty cells of {name!r} with the text of the cell above them: {number}")
    if not declared.unpivot:
        return ledger.with_columns(filled), declared
    return _unpivoted(ledger, declared, filled)


def _unpivoted(
    ledger: Ledger, declared: Declaration, names: Mapping[str, FileColumn]
) -> tuple[Ledger, Declaration]:
    """Return one row for each cell of the columns of counts."""
    # 1. Columns of counts, and the columns of flags after them.
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
    # 2. Rows with a count in some column; the others, such as notes, are listed.
    counts = [ledger.column(name) for name in values]
    has_count = np.column_stack([own.where(lambda text: bool(text.strip())) for own in counts])
    used = np.flatnonzero(has_count.any(axis=1))
    without = np.setdiff1d(np.arange(len(ledger)), used)
    n, width = len(used), len(values)
    # 3. Each row becomes `width` rows: its other cells are repeated, the header runs from left to
    # right, and the counts are read row by row.
    columns: dict[str, Any] = {}
    for name, column in names.items():
        columns[name] = coded(np.repeat(column.codes[used], width), list(column.categories))
    for name, (_, texts) in of_header.items():
        own = pd.Categorical(texts)
        columns[name] = coded(np.tile(own.codes, n), list(map(str, own.categories)))
    columns[_VALUE] = interleaved([own.take(used) for own in counts])
    if flags:
        empty = FileColumn.constant("", len(ledger))
        columns[_FLAGS] = interleaved([flags.get(name, empty).take(used) for name in values])
    result = Ledger.of_columns(
        list(columns), columns.values(), np.repeat(ledger.lines[used], width)
    )
    # 4. The log shows the rows of the file.
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
    )
    targets = {name: target for name, (target, _) in of_header.items()} | {_VALUE: _VALUE}
    targets |= {_FLAGS: _FLAGS} if flags else {}
    return result, evolve(declared, columns={**declared.columns, **targets}, unpivot=())


def is_flag_column(ledger: Ledger, name: str) -> bool:
    """Whether a column without a name contains the flags of the column before it."""
    column = ledger.column(name)
    return bool(_UNNAMED.fullmatch(name)) and all(map(_FLAG.fullmatch, column.categories))


def interleaved(columns: Sequence[FileColumn]) -> pd.Categorical:
    """Return the cells of columns row by row."""
    joined = Coded.concat(columns or [FileColumn((), ())])
    rows = joined.codes.reshape(max(len(columns), 1), -1).T.ravel()
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
