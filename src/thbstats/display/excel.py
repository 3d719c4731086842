"""Display tables as Excel workbooks."""

import os
from fractions import Fraction
from io import BytesIO
from typing import Any

from thbstats._files import surrogate_error, write_file
from thbstats.display.display_table import Cell, DisplayTable, Group
from thbstats.display.exports import import_optional
from thbstats.display.formatted import FormattedNumber
from thbstats.values import Count, Interval

__all__ = ["write_excel"]


def write_excel(table: DisplayTable, path: str | os.PathLike[str]) -> None:
    """Write a display table as a workbook: a sheet of cells and a sheet of notes.

    Parameters
    ----------
    table : DisplayTable
        The table. Exact numbers become numbers; bounds and marks stay texts.
    path : str or path
        The file, which is replaced if it exists.

    Raises
    ------
    MissingExtra
        If xlsxwriter is not installed.
    InvalidValue
        If a text contains a lone surrogate.
    """
    library: Any = import_optional("xlsxwriter", "a workbook", extra="excel")
    buffer = BytesIO()
    try:
        with library.Workbook(buffer, {"in_memory": True}) as book:
            bold = book.add_format({"bold": True})
            sheet = book.add_worksheet("Table")
            for index, column in enumerate(table.columns):
                sheet.write_string(0, index, column.name, bold)
            for line, row in enumerate(table.rows, start=1):
                if isinstance(row, Group):
                    sheet.write_string(line, 0, row.heading, bold)
                    continue
                for index, cell in enumerate(row.cells):
                    _write_cell(sheet, line, index, cell, book)
            notes = book.add_worksheet("Notes")
            for line, text in enumerate([table.caption, *table.notes]):
                notes.write_string(line, 0, text)
    except UnicodeEncodeError as error:
        raise surrogate_error(error) from None
    write_file(path, buffer.getvalue())


def _write_cell(sheet: Any, line: int, index: int, cell: Cell, book: Any) -> None:
    text, number = cell.text, _exact_number(cell.text)
    if number is None or cell.tone.mark or not isinstance(text, FormattedNumber):
        sheet.write_string(line, index, cell.marked)
        return
    decimals = f".{'0' * text.number_format.decimals}" if text.number_format.decimals else ""
    percent = "%" if text.number_format.form in ("percent", "signed_percent") else ""
    style = book.add_format({"num_format": f"#,##0{decimals}{percent}"})
    # A difference in percentage points has no number format: 0.09 is shown as 9.0.
    factor = 100 if text.number_format.form == "pp" else 1
    sheet.write_number(line, index, float(number * factor), style)


def _exact_number(text: str) -> int | Fraction | None:
    number = getattr(text, "number", None)
    if isinstance(number, Count | Interval):
        number = number.value
    return number if isinstance(number, int | Fraction) else None
