"""Reports as workbooks."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from typing import Any

from thbstats._files import surrogate_error, write_file
from thbstats.errors import InvalidValue, MissingExtra
from thbstats.reports.content import Content
from thbstats.reports.section import RenderedSection
from thbstats.reports.worksheets import Worksheet, worksheets_of

__all__ = ["write_workbook"]

_ROWS, _CHARACTERS = 2**20, 32_767
"""The largest number of rows of a sheet and of characters of a cell."""

_WIDEST, _SAMPLE = 60, 200
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""The creation date of all files, so that the same report gives the same file."""


def write_workbook(
    content: Content, parts: Sequence[RenderedSection], path: str | os.PathLike[str]
) -> None:
    """Write a report as a workbook.

    Parameters
    ----------
    content : Content
        The numbers of the report.
    parts : sequence of RenderedSection
        Its sections.
    path : str or path
        The file, which is replaced if it exists. The same report gives the same bytes.

    Raises
    ------
    MissingExtra
        If xlsxwriter is not installed.
    InvalidValue
        If there are more rows than a workbook can hold, or a text is longer or contains half a
        character.
    """
    sheets = worksheets_of(content, parts)
    for sheet in sheets:
        _check(sheet)
    library = _xlsxwriter()
    written = BytesIO()
    try:
        with library.Workbook(written, {"in_memory": True}) as book:
            book.set_properties({"title": content.report.title, "created": _MADE})
            bold = book.add_format({"bold": True, "bottom": 1})
            top = book.add_format({"valign": "top"})
            wrapped = book.add_format({"text_wrap": True, "valign": "top"})
            for sheet in sheets:
                body = wrapped if sheet.wrapped else top
                _write(book.add_worksheet(sheet.name), sheet, bold, body)
    except UnicodeEncodeError as error:
        raise surrogate_error(error) from None
    write_file(path, written.getvalue())


def _check(sheet: Worksheet) -> None:
    if len(sheet.lines) >= _ROWS:
        raise InvalidValue(
            f"sheet {sheet.name!r} must have fewer rows than {_ROWS:,}",
            field="rows",
            value=len(sheet.lines),
            hint="Write CSV or Parquet, or report on a part of the counts",
        )
    for place, line in enumerate(sheet.lines, start=2):
        for name, cell in zip(sheet.header, line, strict=True):
            if isinstance(cell, str) and len(cell) > _CHARACTERS:
                raise InvalidValue(
                    f"must have at most {_CHARACTERS:,} characters",
                    row=f"{place} of sheet {sheet.name!r}",
                    field=name,
                    value=f"{cell[:40]}...",
                    hint="Shorten the text, or write JSON",
                )


def _write(target: Any, sheet: Worksheet, bold: Any, body: Any) -> None:
    for place, name in enumerate(sheet.header):
        target.write_string(0, place, name, bold)
    for row, line in enumerate(sheet.lines, start=1):
        for place, cell in enumerate(line):
            _write_cell(target, row, place, cell)
    target.freeze_panes(1, 0)
    if sheet.lines:
        target.autofilter(0, 0, len(sheet.lines), len(sheet.header) - 1)
    for place, name in enumerate(sheet.header):
        lengths = [
            len(str(line[place])) for line in sheet.lines[:_SAMPLE] if line[place] is not None
        ]
        widest = max([len(name) + 3, *lengths])
        target.set_column(place, place, min(widest + 1, _WIDEST), body)


def _write_cell(target: Any, row: int, column: int, cell: Any) -> None:
    """Write a text or a number."""
    if isinstance(cell, str):
        if cell:
            target.write_string(row, column, cell)
    elif cell is not None:
        target.write_number(row, column, float(cell))


def _xlsxwriter() -> Any:
    try:
        return import_module("xlsxwriter")
    except ImportError as error:
        raise MissingExtra(
            f"xlsxwriter is needed for a workbook and cannot be imported ({error})",
            hint="pip install 'thbstats[excel]'",
        ) from error
