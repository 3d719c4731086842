"""Worksheets of workbooks (xlsx, ods)."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from thbstats.errors import InvalidFile, did_you_mean
from thbstats.exchange.delimited import FIRST_LINES, columns_of_rows, names_of
from thbstats.exchange.input_file import InputFile
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.workbooks import has_formulas, invalid_workbook, parts_of, repacked
from thbstats.tables.frames import library
from thbstats.values import LARGEST_COUNT

FORMULAS = "The workbook has formulas: their stored results are read"

_CACHED = 1 << 12  # numbers whose text is stored


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
    calamine = library("python_calamine")
    parts = parts_of(file)
    notes = [FORMULAS] if has_formulas(parts) else []
    packed = repacked(parts)
    del parts  # to free memory
    try:
        workbook = calamine.load_workbook(packed)
        sheets = list(workbook.sheet_names)
        selected = sheets if name is None else [sheet for sheet in sheets if sheet == name]
        for sheet in selected:
            ledger = _parse_sheet(file, workbook.get_sheet_by_name(sheet), header)
            if ledger is not None:
                ledger.notes[:0] = notes
                return ledger
    except (InvalidFile, MemoryError):
        raise
    except BaseException as error:
        # A panic of the underlying library is not an Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise invalid_workbook(file, str(error)[:200]) from None
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


def _parse_sheet(
    file: InputFile, sheet: Any, header: Callable[[Sequence[str]], bool]
) -> Ledger | None:
    """Return the rows below the header; ``None`` without header."""
    if sheet.start is None:
        return None
    dates: set[str] = set()
    text_of = _reader(dates)
    rows = (
        (line, row)
        for line, row in enumerate(sheet.iter_rows(), start=1)
        if row[0] != "" or any(cell != "" for cell in row)  # the number 0 is not empty
    )
    preamble: list[list[str]] = []
    for line, row in islice(rows, FIRST_LINES):
        cells = list(map(text_of, row))
        _check_lengths(file, line, cells)
        names = [cell.strip() for cell in cells]
        if not header(list(filter(None, names))):
            preamble.append(cells)
            continue
        ledger = _below(file, rows, names, line, text_of)
        ledger.preamble = preamble
        for name, column in ledger.raw.items() if dates else ():
            if days := dates.intersection(column.cat.categories):
                day = (
                    f"contains dates, such as {min(days)}; each is a day unless dates= is declared"
                )
                ledger.note(f"Column {name!r} {day}")
        return ledger
    return None


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
) -> Ledger:
    """Return the rows below the header; a row with a cell outside it is ragged."""
    named = [index for index, name in enumerate(names) if name]
    unnamed = [index for index, name in enumerate(names) if not name]
    columns = names_of(file, [names[index] for index in named], f"row {line}")
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
    return Ledger.of_columns(columns, cells, lines, ragged, noun="row")
