"""Pages of cells: worksheets and delimited texts with a title, a header and rows below it."""

import csv
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from io import StringIO
from itertools import islice
from typing import Any

import numpy as np
from attrs import field, frozen

from thbstats.errors import InvalidFile
from thbstats.files.declaration import CELLS
from thbstats.files.delimited import (
    FIRST_LINES,
    columns_of_rows,
    names_of,
    parsed_rows,
    separator_of,
)
from thbstats.files.headers import Span, header_texts
from thbstats.files.input_file import InputFile, open_bytes
from thbstats.files.ledger import Ledger
from thbstats.files.words import without_note
from thbstats.values import LARGEST_COUNT

UNNAMED = re.compile(r"column \d+")
"""The name of a column that has none in the file."""

_LAST_ROW, _LAST_COLUMN = 2**20, 2**14  # of a worksheet
_CACHED = 1 << 12  # numbers whose text is stored

CellRow = tuple[int, list[Any]]
"""The number of a row, counted from 1, and its cells."""


@frozen(kw_only=True)
class Layout:
    """The place of a table in a page.

    ``header`` recognises the names of the columns, ``header_rows`` is the number of rows with
    them, and ``cells`` a range of cells such as ``A5:H20``. ``top`` is the number of the first
    header row, or 0 if it is not known. ``is_wide`` is whether a column without a name is read too.
    """

    header: Callable[[Sequence[str]], bool]
    header_rows: int = 1
    cells: str = ""
    top: int = 0
    is_wide: bool = False

    def cut(self, rows: Iterable[CellRow]) -> Iterator[CellRow]:
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
        match = CELLS.fullmatch(self.cells.upper())
        if match is None:
            return 0, 1, _LAST_COLUMN, _LAST_ROW
        left, top, right, bottom = match.groups()
        return _column(left), int(top), _column(right), int(bottom)


def _column(letters: str) -> int:
    """Return the position of a column from 0, such as 26 for AA."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


@frozen(kw_only=True, eq=False)
class CellPage:
    """The rows of a worksheet or of a text, and its merged cells.

    ``ledger`` are the rows of a frame, whose header is known.
    """

    file: InputFile = field(factory=lambda: open_bytes(b""))
    rows: Callable[[], Iterable[CellRow]] = tuple
    ledger: Ledger | None = None
    merged: Sequence[Span] = ()
    noun: str = "row"

    @classmethod
    def of_sheet(cls, file: InputFile, sheet: Any, merged: Sequence[Span] = ()) -> "CellPage":
        """Return the page of a worksheet; it has no rows if the worksheet is empty.

        ``merged`` are the merged cells of ods, which the library does not list.
        """
        if sheet.start is None:
            return cls(file=file)
        left = [""] * sheet.start[1]  # the rows start with the first column that has a cell
        return cls(
            file=file,
            rows=lambda: (
                (line, [*left, *row] if left else row)
                for line, row in enumerate(sheet.iter_rows(), start=1)
                if row[0] != "" or any(cell != "" for cell in row)  # the number 0 is not empty
            ),
            merged=getattr(sheet, "merged_cell_ranges", None) or merged,
        )

    @classmethod
    def of_text(cls, file: InputFile, separator: str | None) -> "CellPage":
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
        above: list[tuple[int, list[str]]] = []  # the rows to the last one of the header
        for line, row in islice(rows, FIRST_LINES):
            above.append((line, list(map(text_of, row))))
            _check_lengths(self.file, *above[-1])
            header = above[-layout.header_rows :]
            if len(header) < layout.header_rows or layout.top not in (0, header[0][0]):
                continue
            columns = header_texts(header, self.merged, layout.corners[0])
            names = [" | ".join(dict.fromkeys(filter(None, own))) for own in columns]
            unnamed = [n for n, name in enumerate(names) if not name and layout.is_wide]
            for n in unnamed:
                names[n] = f"column {n + 1}"
            if not layout.header(list(filter(None, names))):
                continue
            if unnamed:  # empty columns have no name
                rows = iter(below := list(rows))
                for n in unnamed:
                    names[n] *= any(own[n] != "" for _, own in below)
            ledger = self._below(rows, names, line, text_of)
            ledger.preamble = [cells for _, cells in above[: -layout.header_rows]]
            ledger.headers = {
                name or f"column {n}": tuple(map(without_note, own))
                for n, (name, own) in enumerate(zip(names, columns, strict=True), start=1)
            }
            self._list_merged(ledger, names, layout)
            for name, column in ledger.raw.items() if dates else ():
                if days := dates.intersection(column.cat.categories):
                    ledger.note(
                        f"Column {name!r} contains dates, such as {min(days)}; each is a day "
                        "unless dates= is declared"
                    )
            return ledger
        return None

    def _below(
        self,
        rows: Iterator[CellRow],
        names: Sequence[str],
        line: int,
        text_of: Callable[[Any], str],
    ) -> Ledger:
        """Return the rows below the header; a row with a cell outside it is ragged."""
        named = [n for n, name in enumerate(names) if name]
        unnamed = [n for n, name in enumerate(names) if not name]
        columns = names_of(self.file, [names[n] for n in named], f"{self.noun} {line}")
        lines: array[int] = array("q")
        ragged: list[tuple[int, Sequence[str]]] = []

        def named_cells() -> Iterator[list[Any]]:
            for number, row in rows:
                if unnamed and any(row[n] != "" for n in unnamed):
                    texts = list(map(text_of, row))
                    _check_lengths(self.file, number, texts)
                    ragged.append((number, texts))
                else:
                    lines.append(number)
                    yield [row[n] for n in named] if unnamed else row

        cells = columns_of_rows(self.file, len(columns), named_cells(), text_of)
        for column in cells:
            for code, text in enumerate(column.categories):
                if len(text) > self.file.limits.cell:
                    _check_lengths(self.file, lines[int(np.argmax(column.codes == code))], [text])
        return Ledger.of_columns(columns, cells, lines, ragged, noun=self.noun)

    def _list_merged(self, ledger: Ledger, names: Sequence[str], layout: Layout) -> None:
        """List the merged cells below the header, by the rows and columns of the ledger."""
        left, size = layout.corners[0], 0
        for (top, first), (bottom, last) in self.merged:
            start, end = np.searchsorted(ledger.lines, [top + 1, bottom + 2]).tolist()
            columns = names[first - left : last - left + 1] if first >= left else ()
            size += (end - start) * len(columns)
            if size > self.file.limits.cells:  # ranges that overlap
                raise self.file.exceeded("cells", "cells")
            if start < end and any(columns):
                ledger.merged_cells.append((range(start, end), columns))


def _text_rows(file: InputFile, separator: str | None) -> Iterator[CellRow]:
    """Yield the rows of a delimited text with any number of cells; all are as long."""
    sign = separator or separator_of(file, "\n".join(file.head.split("\n")[:FIRST_LINES]))
    reader = csv.reader(StringIO(file.text, newline=""), delimiter=sign, strict=True)
    rows, cells, width = [], 0, 0
    for row in parsed_rows(file, reader):
        width = max(width, len(row))
        cells += max(width, 1)
        if width > file.limits.columns:
            raise file.exceeded("columns", "columns")
        if cells > file.limits.cells:
            raise file.exceeded("cells", "cells")
        if any(row):
            rows.append((reader.line_num, row))
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
