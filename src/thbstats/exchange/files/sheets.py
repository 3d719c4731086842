"""Worksheets of workbooks (xlsx)."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from attrs import evolve

from thbstats.errors import InvalidFile, did_you_mean
from thbstats.exchange.files.delimited import (
    FIRST_LINES,
    RaggedLine,
    RawTable,
    names_of,
    table_of_rows,
)
from thbstats.exchange.files.input_file import InputFile
from thbstats.exchange.files.workbooks import (
    has_formulas,
    is_workbook,
    parts_of,
    peek,
    repack,
    with_errors_as_texts,
)
from thbstats.tables.frames import library
from thbstats.values import LARGEST_COUNT

__all__ = ["FORMULAS", "is_workbook", "peek", "read_sheet"]

FORMULAS = "The workbook has formulas: their stored results are read"


def read_sheet(
    file: InputFile,
    name: str | None = None,
    *,
    header: Callable[[Sequence[str]], bool] = any,
) -> RawTable:
    """Return the cells of a worksheet.

    Integers have no decimals. For a formula, the stored result is read. An error such as
    ``#DIV/0!`` is read as a text.

    Parameters
    ----------
    file : InputFile
        A workbook.
    name : str, optional
        The name of the worksheet; by default the first one with the header.
    header : callable
        Function that recognises the header by its cells; by default the first non-empty row is the
        header. The rows before it are in ``RawTable.preamble``.

    Raises
    ------
    InvalidFile
        If it is not a valid workbook, has no such worksheet or header, two columns have the same
        name, or it exceeds the limits.
    MissingExtra
        If python-calamine is not installed.

    References
    ----------
    ISO/IEC 29500, Office Open XML.
    """
    calamine = library("python_calamine")
    parts = parts_of(file)
    notes = (FORMULAS,) if has_formulas(parts) else ()
    packed = repack(with_errors_as_texts(parts))
    del parts  # to free memory
    try:
        workbook = calamine.load_workbook(packed)
        sheets = list(workbook.sheet_names)
        selected = sheets if name is None else [sheet for sheet in sheets if sheet == name]
        for sheet in selected:
            table = _parse_sheet(file, workbook.get_sheet_by_name(sheet), header)
            if table is not None:
                return evolve(table, notes=(*notes, *table.notes))
    except (InvalidFile, MemoryError):
        raise
    except BaseException as error:
        # A panic of the underlying library is not an Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise _broken(file, error) from None
        raise
    if name is not None and not selected:
        raise InvalidFile(
            f"must be a worksheet of {file.name}",
            field="sheet",
            value=name,
            hint=did_you_mean(name, sheets),
        )
    raise InvalidFile(
        f"{file.name} must have the header of its format in the first {FIRST_LINES} rows of a "
        "worksheet",
        field="sheet",
        value=", ".join(selected),
        hint="Add a row with the column names",
    )


def _broken(file: InputFile, error: BaseException) -> InvalidFile:
    return InvalidFile(
        f"{file.name} must be a valid workbook: {str(error)[:200]}",
        hint="Open it in a spreadsheet program and save it again",
    )


def _parse_sheet(
    file: InputFile, sheet: Any, header: Callable[[Sequence[str]], bool]
) -> RawTable | None:
    """Return the cells below the header; ``None`` without header."""
    if sheet.start is None:
        return None
    dates: set[str] = set()
    rows = _rows(file, sheet, dates)
    preamble: list[tuple[str, ...]] = []
    for line, cells in rows:
        names = [cell.strip() for cell in cells]
        if header(list(filter(None, names))):
            table = _below(file, rows, names, line, preamble)
            return evolve(table, notes=tuple(_date_notes(table, dates)))
        preamble.append(tuple(cells))
        if len(preamble) == FIRST_LINES:
            break
    return None


def _date_notes(table: RawTable, dates: set[str]) -> Iterator[str]:
    """Yield a note for each column with dates."""
    for name in table.frame.columns if dates else ():
        result = sorted(dates.intersection(table.frame[name].cat.categories))
        if result:
            yield f"Column {name!r} contains dates, such as {result[0]}; each is read as a day"


def _rows(file: InputFile, sheet: Any, dates: set[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the non-empty rows with their numbers.

    The texts of date cells are added to ``dates``.
    """
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [cell if type(cell) is str else _text(cell, dates) for cell in cells]
        if any(texts):
            if max(map(len, texts)) > file.limits.cell:
                raise InvalidFile(
                    f"cells of {file.name} must have at most {file.limits.cell} characters",
                    row=f"row {line}",
                    field="limits",
                    hint="If the file is correct, pass limits=Limits(cell=...)",
                )
            yield line, texts


def _text(value: Any, dates: set[str]) -> str:
    """Return a cell as text; 2010.0 is an integer."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        # A workbook rounds larger numbers to 2**53, so that this number is not exact.
        return str(LARGEST_COUNT + 1) if value == LARGEST_COUNT else f"{value:.0f}"
    text = str(value)
    if isinstance(value, date):
        dates.add(text)
    return text


def _below(
    file: InputFile,
    rows: Iterator[tuple[int, list[str]]],
    names: Sequence[str],
    line: int,
    preamble: list[tuple[str, ...]],
) -> RawTable:
    """Return the cells below the header; a row with a cell outside it is ragged."""
    named = [index for index, name in enumerate(names) if name]
    unnamed = [index for index, name in enumerate(names) if not name]
    columns = names_of(file, [names[index] for index in named], f"row {line}")
    lines, ragged = array("q"), []

    def named_cells() -> Iterator[list[str]]:
        for number, texts in rows:
            if any(texts[index] for index in unnamed):
                ragged.append(RaggedLine(line=number, cells=tuple(texts)))
            else:
                lines.append(number)
                yield [texts[index] for index in named]

    table = table_of_rows(file, columns, named_cells())
    return evolve(
        table, lines=np.array(lines, dtype=np.int64), ragged=tuple(ragged), preamble=tuple(preamble)
    )
