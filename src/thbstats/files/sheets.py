"""Pages of cells: worksheets of workbooks (xlsx, ods), and delimited texts."""

import csv
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from io import StringIO
from itertools import islice
from typing import Any

import numpy as np
from attrs import field, frozen

from thbstats.errors import InvalidFile, ThbstatsError, did_you_mean
from thbstats.files.declaration import CELLS
from thbstats.files.delimited import FIRST_LINES, columns_of_rows, names_of, separator_of
from thbstats.files.input_file import InputFile, open_bytes
from thbstats.files.ledger import Ledger
from thbstats.files.words import without_note
from thbstats.files.workbook_guard import invalid_workbook
from thbstats.files.workbooks import has_formulas, parts_of, repacked
from thbstats.tables.frames import library
from thbstats.values import LARGEST_COUNT

FORMULAS = "The workbook has formulas: their stored results are read"

_LAST_ROW, _LAST_COLUMN = 2**20, 2**14
_CACHED = 1 << 12  # numbers whose text is stored

Row = tuple[int, list[Any]]
"""The number of a row, counted from 1, and its cells."""


def read_sheet(
    file: InputFile,
    name: str | None = None,
    *,
    header: Callable[[Sequence[str]], bool] = any,
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
                raise file.limits.exceeded(file.name, "columns", "columns")
            if cells > file.limits.cells:
                raise file.limits.exceeded(file.name, "cells", "cells")
            if any(row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        problem, where = f"{file.name} cannot be parsed: {error}", f"line {reader.line_num}"
        raise InvalidFile(problem, row=where, hint="Close the quotation") from None
    if len(rows) * width > file.limits.cells:  # a later row can be longer
        raise file.limits.exceeded(file.name, "cells", "cells")
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
