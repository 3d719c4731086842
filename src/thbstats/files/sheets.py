"""Tables of workbooks and delimited texts: the worksheets that are read, and their rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from attrs import evolve

from thbstats.columns import Coded
from thbstats.errors import InvalidFile, ThbstatsError, did_you_mean
from thbstats.files.declaration import Declaration
from thbstats.files.delimited import FIRST_LINES, first_lines, read_delimited
from thbstats.files.headers import Span, find_header, is_number
from thbstats.files.input_file import InputFile
from thbstats.files.ledger import Ledger
from thbstats.files.pages import CellPage, Layout
from thbstats.files.unpivoting import HEADER, arranged
from thbstats.files.workbooks import (
    has_formulas,
    invalid_workbook,
    is_workbook,
    ods_spans,
    parts_of,
    repacked,
    uncalculated,
    with_brackets,
)
from thbstats.tables.encoding import coded
from thbstats.tables.frames import library

FORMULAS = "The workbook has formulas: their stored results are read"

_SHEET = "sheet"  # the column with the names of worksheets


def read_sheet(
    file: InputFile, name: str | int | None = None, *, header: Callable[[Sequence[str]], bool] = any
) -> Ledger:
    """Return the rows of a worksheet, by its name or its position from 1.

    Integers have no decimals. For a formula, the stored result is read. An error such as
    ``#DIV/0!`` is read as a text. ``header`` recognises the header by its cells; by default the
    first non-empty row is the header. Without a name, the first worksheet with the header is read.

    A workbook that is damaged, exceeds the limits, or has no such worksheet or header raises
    `InvalidFile`.
    """
    with open_workbook(file) as (workbook, notes, merged):
        sheets = list(workbook.sheet_names)
        selected = _selected(file, "" if name is None else name, sheets)
        for position, sheet in enumerate(selected):
            page = CellPage.of_sheet(file, workbook.get_sheet_by_name(sheet), merged.get(sheet, ()))
            ledger = page.table(Layout(header=header))
            if ledger is not None:
                others = [] if name else [*selected[:position], *selected[position + 1 :]]
                ledger.left_out += [f"sheet {other!r}" for other in others]
                ledger.notes[:0] = notes
                return ledger
    raise InvalidFile(
        f"{file.name} must have the header of its format in the first {FIRST_LINES} rows of a "
        "worksheet",
        field="sheet",
        value=", ".join(selected),
        hint="Add a row with the column names",
    )


@contextmanager
def open_workbook(
    file: InputFile,
) -> Iterator[tuple[Any, list[str], Mapping[str, Sequence[Span]]]]:
    """Open a workbook, and yield it with notes and the merged cells that its library ignores."""
    calamine = library("python_calamine")
    parts = parts_of(file)
    notes = [FORMULAS] if has_formulas(parts) else []
    if notes and (number := uncalculated(parts)):
        notes.append(
            f"Formulas without a stored result: {number}. Their cells are read as empty; to store "
            "the results, open the workbook in a spreadsheet program and save it"
        )
    parts, number = with_brackets(parts)
    if number:
        notes.append(f"Raised, lowered and struck out numbers in texts are in brackets: {number}")
    packed, spans = repacked(parts), ods_spans(parts)
    del parts  # to free memory
    try:
        workbook = calamine.load_workbook(packed)
        yield workbook, notes, dict(zip(workbook.sheet_names, spans, strict=False))
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
    names = {name for name in names if not HEADER.fullmatch(name)}
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
        page = CellPage.of_text(file, separator)
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


def _placed(page: CellPage, layout: Layout, names: Iterable[str]) -> Layout:
    """Return the layout with the position of the header, if no column is declared."""
    if any(names):
        return layout
    header = find_header(page.head(layout))
    return layout if header is None else evolve(layout, top=header.line)


def _read_sheets(
    file: InputFile, declared: Declaration, layout: Layout, names: Iterable[str], *, is_own: bool
) -> Ledger:
    """Return the rows of the selected worksheets; by default, of all with the declared columns.

    Of the worksheets with columns of this library (``is_own``), the first one is read by default.
    """
    # 1. The state of each worksheet for the log, its table, or the header of another table.
    states: dict[str, str] = {}
    tables: dict[str, Ledger] = {}
    others: dict[str, str] = {}
    with open_workbook(file) as (workbook, notes, merged):
        listed = list(workbook.sheet_names)
        if not listed:
            problem = f"{file.name} must have a worksheet"
            raise InvalidFile(problem, field="sheet", hint="Save the table as a workbook again")
        selected = _selected(file, declared.sheet, listed)
        for name in listed:
            states[name] = "ignored by request"
            if name not in selected:
                continue
            sheet = workbook.get_sheet_by_name(name)
            page = CellPage.of_sheet(file, sheet, merged.get(name, ()))
            head = page.head(layout)
            states[name] = "without a table" if head else "empty"
            if head and (table := page.table(_placed(page, layout, names))) is not None:
                states[name], tables[name] = "read", table
            # A numbered list of notes has numbers in its first column only.
            elif any(is_number(own) for _, row in head for own in [*filter(None, row)][1:]) and (
                position := find_header(head)
            ):
                header = next(cells for line, cells in head if line == position.line)
                others[name] = ", ".join(filter(None, header))[:200]
        properties = workbook.sheets_metadata
        hidden = {own.name for own in properties if not str(own.visible).endswith(".Visible")}
    # 2. All tables must have one header; other tables are read on request only.
    if declared.sheet == "" and is_own:
        states |= dict.fromkeys(others, "not read: it has other columns")
        others = {}
        first, *further = tables or [""]
        states |= dict.fromkeys(further, f"not read: {first!r} comes first")
        tables = {name: tables[name] for name in tables if name == first}
    if others or not tables or len({tuple(own.raw) for own in tables.values()}) > 1:
        headers = {name: ", ".join(map(str, own.raw)) for name, own in tables.items()} | others
        raise InvalidFile(
            f"the worksheets of {file.name} must have the declared columns and the same header",
            field="sheet",
            value="; ".join(f"{name!r}: {columns}" for name, columns in headers.items())
            or ", ".join(listed),
            hint=f"Pass sheet={next(iter(headers), listed[0])!r}, or several in a list",
        )
    # 3. Their rows, and what the log says of each worksheet.
    ledger = stacked(tables, with_name=_SHEET in {*declared.columns, *declared.ignored})
    ledger.notes[:0] = notes
    if len(listed) > 1:
        texts = (f"{name!r}{' (hidden)' * (name in hidden)} {own}" for name, own in states.items())
        ledger.note(f"Worksheets: {', '.join(texts)}")
    left_out = (name for name, state in states.items() if state not in ("read", "empty"))
    ledger.left_out += [f"worksheet {name!r}" for name in left_out]
    return ledger


def pages_of(file: InputFile, sheet: Any = "", separator: str | None = None) -> dict[str, CellPage]:
    """Return the pages of a file by name; a text has one."""
    if not is_workbook(file):
        return {"": CellPage.of_text(file, separator)}
    with open_workbook(file) as (workbook, _, merged):
        names = _selected(file, sheet, list(workbook.sheet_names))
        sheets = {name: workbook.get_sheet_by_name(name) for name in names}
        return {n: CellPage.of_sheet(file, own, merged.get(n, ())) for n, own in sheets.items()}


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
    result.preamble = [row for own in ledgers.values() for row in own.preamble]
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    pairs = list(zip(ledgers.values(), starts, strict=True))
    result.first_rows = np.concatenate([starts, *(own.first_rows + start for own, start in pairs)])
    result.notes = list(dict.fromkeys(text for own in ledgers.values() for text in own.notes))
    result.merged_cells = [
        (range(rows.start + start, rows.stop + start), names)
        for own, start in pairs
        for rows, names in own.merged_cells
    ]
    return result
