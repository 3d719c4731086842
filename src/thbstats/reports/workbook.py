"""Reports as workbooks."""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from textwrap import wrap
from typing import Any

import pandas as pd
from attrs import frozen

from thbstats.display import Bullets, Cell, DisplayTable, Group, Page
from thbstats.display.displayable import workbook_number, write_book
from thbstats.errors import InvalidValue, require
from thbstats.panel.names import sentence
from thbstats.reports.content import Content
from thbstats.reports.data import COLUMNS, report_rows

_ROWS, _CHARACTERS = 2**20, 32_767
"""The largest number of rows of a sheet, and of characters of a cell."""

_WIDEST, _SAMPLE = 60, 200
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The creation date of all files, so that the same report gives the same file."""

_MEASURES = (
    *("value", "lower", "upper", "reason", "flags", "findings", "unanswered"),
    *("source", "reporters", "n_reporters"),
)
_WIDTHS = 44, 20, 20, 60
"""The widths of the first columns of the page."""

_LINE = 120
"""The characters of a line of text on the page."""

_EMPTY = (
    "Other sheets: an empty value is not zero. The column reason shows whether it is suppressed, "
    "missing or not applicable, and lower and upper show its bounds. An empty upper bound means no "
    "bound."
)
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 13},
    "bold": {"bold": True},
    "header": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"},
    "text": {"text_wrap": True, "valign": "top"},
    "right": {"text_wrap": True, "valign": "top", "align": "right"},
    "note": {"italic": True, "font_color": "#5b6470"},
    "top": {"valign": "top"},
}


@frozen
class Worksheet:
    """One tidy sheet: its name, its header, and rows of texts and numbers."""

    name: str
    header: tuple[str, ...]
    lines: list[Sequence[Any]]
    wrapped: bool = True


def write_workbook(content: Content, page: Page, path: str | os.PathLike[str]) -> None:
    """Write the page and the tidy sheets of a report; equal reports give equal bytes."""
    write_sheets([*_counts(content), *_numbers(content)], page.title, path, page)


def write_sheets(
    sheets: Sequence[Worksheet], title: str, path: str | os.PathLike[str], page: Page | None = None
) -> None:
    """Write worksheets as a workbook, after a page; equal sheets give equal bytes."""
    for sheet in sheets:
        _check(sheet)

    def fill(book: Any) -> None:
        book.set_properties({"title": title, "created": _CREATED})
        formats = {name: book.add_format(own) for name, own in _FORMATS.items()}
        if page is not None:
            _PageWriter(book, formats).write(page)
        for sheet in sheets:
            body = formats["text" if sheet.wrapped else "top"]
            _write(book.add_worksheet(sheet.name), sheet, formats["header"], body)

    write_book(path, fill, strings_to_formulas=False, strings_to_urls=False)


class _PageWriter:
    """The sheet of a page: its texts in lines, and its tables with their notes."""

    def __init__(self, book: Any, formats: dict[str, Any]) -> None:
        self.book, self.formats, self.line = book, formats, 0
        self.sheet = book.add_worksheet("report")
        self.sheet.hide_gridlines(2)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_landscape()
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)

    def write(self, page: Page) -> None:
        """Write the title, the sections and the source."""
        self.texts("title", page.title)
        self.texts("top", page.lead)
        for section, tables in page.numbered:
            self.line += 1
            self.texts("heading", section.heading)
            for block in section.prose:
                if isinstance(block, Bullets):
                    marked = zip(block.marks, block.items, strict=True)
                    self.texts("top", *(f"{mark} {text}" for mark, text in marked))
                else:
                    self.texts("top", block)
            for label, table in tables:
                self.table(label, table)
        self.line += 1
        self.texts("note", page.footer, _EMPTY)

    def texts(self, name: str, *texts: str) -> None:
        """Write texts as separate lines, without wrapped cells."""
        for line in (line for text in texts for line in wrap(text, _LINE)):
            self.sheet.write_string(self.line, 0, line, self.formats[name])
            self.line += 1

    def table(self, label: str, table: DisplayTable) -> None:
        """Write a table below its caption, with its notes."""
        self.line += 1
        self.texts("bold", f"{label}. {table.caption}")
        for column, own in enumerate(table.columns):
            self.sheet.write_string(self.line, column, own.name, self.formats["header"])
        for row in table.rows:
            self.line += 1
            if isinstance(row, Group):
                self.sheet.write_string(self.line, 0, row.heading, self.formats["bold"])
                continue
            for column, (cell, own) in enumerate(zip(row.cells, table.columns, strict=True)):
                self.cell(column, cell, "right" if own.is_right else "text")
        self.line += 1
        self.texts("note", *table.notes)

    def cell(self, column: int, cell: Cell, name: str) -> None:
        """Write an exact number with its format, and another cell as text."""
        number, key = workbook_number(cell)
        if number is None:
            self.sheet.write_string(self.line, column, cell.marked, self.formats[name])
            return
        if key not in self.formats:
            style = {**_FORMATS["right"], "num_format": key}
            self.formats[key] = self.book.add_format(style)
        self.sheet.write_number(self.line, column, number, self.formats[key])


def _check(sheet: Worksheet) -> None:
    problem = f"sheet {sheet.name!r} must have fewer rows than {_ROWS:,}"
    hint = "Write CSV or Parquet, or report on a part of the counts"
    require(len(sheet.lines) < _ROWS, problem, hint, rows=len(sheet.lines))
    for row, line in enumerate(sheet.lines, start=2):
        for name, cell in zip(sheet.header, line, strict=True):
            if isinstance(cell, str) and len(cell) > _CHARACTERS:
                raise InvalidValue(
                    f"must have at most {_CHARACTERS:,} characters",
                    row=f"row {row} of sheet {sheet.name!r}",
                    field=name,
                    value=f"{cell[:40]}...",
                    hint="Shorten the text, or write JSON",
                )


def _write(target: Any, sheet: Worksheet, bold: Any, body: Any) -> None:
    for column, name in enumerate(sheet.header):
        target.write_string(0, column, name, bold)
    for row, line in enumerate(sheet.lines, start=1):
        target.write_row(row, 0, line)
    target.freeze_panes(1, 0)
    target.autofilter(0, 0, len(sheet.lines), len(sheet.header) - 1)
    for column, name in enumerate(sheet.header):
        sample = (line[column] for line in sheet.lines[:_SAMPLE])
        widest = max([len(name) + 3, *(len(str(cell)) for cell in sample if cell is not None)])
        target.set_column(column, column, min(widest + 1, _WIDEST), body)


def _counts(content: Content) -> Iterator[Worksheet]:
    """Yield all counts as one tidy table; a column is empty for kinds of count without it."""
    frames = {table.kind: table.to_frame() for table in content.data.tables() if len(table)}
    names = dict.fromkeys(name for frame in frames.values() for name in frame.columns)
    header = [name for name in names if name not in _MEASURES]
    header += [name for name in _MEASURES if name in names]
    lines = [
        [kind, *map(_cell, cells)]
        for kind, frame in frames.items()
        for cells in frame.reindex(columns=header).astype(object).itertuples(index=False)
    ]
    if frames:
        yield Worksheet("counts", ("table", *header), [*lines], wrapped=False)


def _cell(value: Any) -> Any:
    """Return a cell of a frame: a text, a number, or ``None`` for no value or no bound."""
    if pd.isna(value) or value == float("inf"):
        return None
    return value if isinstance(value, str) else int(value)


def _numbers(content: Content) -> Iterator[Worksheet]:
    """Yield one table each for indicators, comparisons, claims and warnings."""
    every = report_rows(content)
    for part in ("indicator", "comparison", "claim"):
        rows = [row for row in every if row["part"] == part]
        used = [name for name in COLUMNS if any(row[name] not in ("", None) for row in rows)]
        header = tuple(name for name in used if name != "part")
        if rows:
            yield Worksheet(f"{part}s", header, [[row[name] for name in header] for row in rows])
    lines = [
        (
            *(caution.code, caution.title, severity or str(caution.severity)),
            *(sentence(caution.message), sentence(caution.hint), item.id),
        )
        for severity, cautions in (("", content.cautions), ("limitation", content.limitations))
        for caution in cautions
        for item in caution.applies_to
    ]
    if lines:
        yield Worksheet(
            "warnings", ("code", "title", "severity", "message", "action", "number"), [*lines]
        )
