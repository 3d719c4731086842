"""A sheet of a workbook (xlsx), checked before anything reads it, cell by cell and row by row."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from attrs import evolve

from thbstats.errors import InvalidFile, did_you_mean
from thbstats.exchange.files.delimited import FIRST_LINES, RaggedLine, RawTable, grid_of, names_of
from thbstats.exchange.files.input_file import InputFile
from thbstats.exchange.files.workbooks import (
    has_formulas,
    is_workbook,
    packed_anew,
    parts_of,
    peek,
    with_errors_as_texts,
)
from thbstats.tables.libraries import library
from thbstats.values import LARGEST_COUNT

__all__ = ["FORMULAS", "is_workbook", "peek", "read_sheet"]

FORMULAS = "The workbook has formulas: what is stored beside them is read, nothing is computed"


def read_sheet(
    file: InputFile,
    name: str | None = None,
    *,
    header: Callable[[Sequence[str]], bool] = any,
) -> RawTable:
    """Return the cells of a sheet in columns.

    Text stays as it is, and a whole number has no decimals. Of a cell with a formula the value
    that is stored beside it is read; nothing is computed. An error such as ``#DIV/0!`` is a text,
    since it is no empty cell.

    Parameters
    ----------
    file : InputFile
        A workbook.
    name : str, optional
        The name of the sheet; by default the first one that has the header.
    header : callable
        Whether a row is the header; by default the first row with a cell in it is. What stands
        above it is in ``RawTable.above``.

    Returns
    -------
    RawTable

    Raises
    ------
    InvalidFile
        If it is no workbook or a broken one, has no such sheet or header, two columns have one
        name, or it holds more than the limits admit.
    MissingExtra
        If python-calamine is not installed.

    References
    ----------
    ISO/IEC 29500, Office Open XML.
    """
    calamine = library("python_calamine")
    parts = parts_of(file)
    notes = (FORMULAS,) if has_formulas(parts) else ()
    packed = packed_anew(with_errors_as_texts(parts))
    del parts  # which can be large
    try:
        workbook = calamine.load_workbook(packed)
        sheets = list(workbook.sheet_names)
        chosen = sheets if name is None else [sheet for sheet in sheets if sheet == name]
        for sheet in chosen:
            grid = _grid(file, workbook.get_sheet_by_name(sheet), header)
            if grid is not None:
                return evolve(grid, notes=(*notes, *grid.notes))
    except (InvalidFile, MemoryError):
        raise
    except BaseException as error:
        # A panic of the library under it is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise _broken(file, error) from None
        raise
    if name is not None and not chosen:
        raise InvalidFile(
            f"{file.name} has no such sheet",
            field="sheet",
            value=name,
            hint=did_you_mean(name, sheets),
        )
    raise InvalidFile(
        f"no sheet of {file.name} has the header that is looked for in its first "
        f"{FIRST_LINES} rows",
        field="sheet",
        value=", ".join(chosen),
        hint="Name the columns in one row",
    )


def _broken(file: InputFile, error: BaseException) -> InvalidFile:
    return InvalidFile(
        f"{file.name} cannot be read as a workbook: {str(error)[:200]}",
        hint="Open it in a spreadsheet program and save it again",
    )


def _grid(file: InputFile, sheet: Any, header: Callable[[Sequence[str]], bool]) -> RawTable | None:
    """Return the cells below the header, or ``None`` where there is none."""
    if sheet.start is None:
        return None
    dates: set[str] = set()
    rows = _rows(file, sheet, dates)
    above: list[tuple[str, ...]] = []
    for line, cells in rows:
        names = [cell.strip() for cell in cells]
        if header(list(filter(None, names))):
            grid = _below(file, rows, names, line, above)
            return evolve(grid, notes=tuple(_date_notes(grid, dates)))
        above.append(tuple(cells))
        if len(above) == FIRST_LINES:
            break
    return None


def _date_notes(grid: RawTable, dates: set[str]) -> Iterator[str]:
    """Yield a note for each column with dates: a year can be formatted as its first day."""
    for name in grid.columns.columns if dates else ():
        found = sorted(dates.intersection(grid.columns[name].cat.categories))
        if found:
            yield f"Column {name!r} has date cells, such as {found[0]}; each is read as that day"


def _rows(file: InputFile, sheet: Any, dates: set[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows in which something stands, each with its number in the sheet.

    The texts of cells that are dates are added to ``dates``.
    """
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [cell if type(cell) is str else _text(cell, dates) for cell in cells]
        if any(texts):
            if max(map(len, texts)) > file.limits.cell:
                raise InvalidFile(
                    f"{file.name} has a cell of more than {file.limits.cell} characters",
                    row=f"row {line}",
                    field="limits",
                    hint="If it is meant to, read it with limits=Limits(cell=...)",
                )
            yield line, texts


def _text(value: Any, dates: set[str]) -> str:
    """Return a cell as text: 2010.0 is a whole number, of which a workbook knows nothing."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        # A workbook rounds the number above 2**53 to it, so that both are above every count.
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
    above: list[tuple[str, ...]],
) -> RawTable:
    """Return the cells below the names; a row with a cell that no name stands above is ragged."""
    named = [index for index, name in enumerate(names) if name]
    nameless = [index for index, name in enumerate(names) if not name]
    columns = names_of(file, [names[index] for index in named], f"row {line}")
    lines, ragged = array("q"), []

    def named_cells() -> Iterator[list[str]]:
        for number, texts in rows:
            if any(texts[index] for index in nameless):
                ragged.append(RaggedLine(line=number, cells=tuple(texts)))
            else:
                lines.append(number)
                yield [texts[index] for index in named]

    grid = grid_of(file, columns, named_cells())
    return evolve(
        grid, lines=np.array(lines, dtype=np.int64), ragged=tuple(ragged), above=tuple(above)
    )
