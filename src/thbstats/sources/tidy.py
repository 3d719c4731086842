"""Tidy tables in CSV, Parquet, a workbook or a data frame: a row for each count.

The columns are ``table`` (the kind of count) and those of `CountTable.to_frame`: ``value`` is empty
unless a count is exactly known, and an empty ``upper`` is unbounded. Files with other columns need
a `Declaration`.
"""

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from attrs import evolve

from thbstats._files import Content, surrogate_error, write_files
from thbstats.errors import InvalidValue
from thbstats.files.declaration import Declaration
from thbstats.files.delimited import check_separator, first_lines, read_delimited, separator_of
from thbstats.files.input_file import InputFile, open_bytes
from thbstats.files.ledger import Ledger
from thbstats.files.pages import CellPage
from thbstats.files.parquet import PARQUET, cells_of_frame, parquet_bytes, read_parquet
from thbstats.files.reading import (
    NO_ROWS,
    Reading,
    UnsupportedFeature,
    WriteLog,
    csv_bytes,
    tidy_frame,
    without_classifications,
)
from thbstats.files.sheets import read_table
from thbstats.files.suggestion import Suggestion, suggest_declaration, without_questions
from thbstats.files.table_schemas import package_of, require_place
from thbstats.files.unpivoting import arranged
from thbstats.files.workbooks import is_workbook, peek
from thbstats.sources._formats import FilePath, Format, Request, require_one_table
from thbstats.tables import CountTable, Dataset
from thbstats.tables.frames import Frame, library
from thbstats.values import LARGEST_COUNT

Sheets = str | int | list[str | int] | None

__all__ = ["FORMAT", "read", "read_frame", "recognise", "write"]

_COLUMNS = ("table", "area", "period", "value", "reason")
"""The columns that identify a tidy worksheet."""

_SEPARATOR = UnsupportedFeature(
    code="SEPARATOR",
    is_lost=True,
    rows=0,
    message="the separator is not recognised; read the file with separator=...",
)
_MAX_ROWS, _MAX_CHARACTERS = 2**20, 32_767  # of a worksheet and its cells
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # constant, so that equal tables give equal bytes


def recognise(file: InputFile, separator: str | None = None) -> str:
    """Return the feature that identifies a tidy table; empty for other files."""
    if file.data.startswith(PARQUET):
        return "it is Parquet"
    if is_workbook(file):
        content = peek(file)
        is_tidy = all(f">{name}<".encode() in content for name in _COLUMNS)
        return f"a worksheet has the columns {', '.join(_COLUMNS)}" if is_tidy else ""
    if separator:
        check_separator(separator)
    columns = _tidy_columns(next(first_lines(file, separator), []))
    return f"its header has the columns {', '.join(columns[:3])}" if columns else ""


def _tidy_columns(names: Iterable[str]) -> list[str]:
    """Return the columns with the names of this library; none if others have to be understood.

    A file with the kind or the bounds of its counts is one of this library, with further columns.
    """
    names = list(names)
    columns = list(Declaration.from_columns(names).columns)
    is_own = len(columns) == len(names) or bool({"table", "lower", "reason"} & {*columns})
    has_count = {"value", "lower", "reason"} & {*columns}
    return columns if is_own and has_count and len(columns) > 1 else []


def read(
    path: FilePath,
    *,
    separator: str | None = None,
    sheet: Sheets = None,
    range: str = "",
    **options: Any,
) -> Reading:
    """Read the counts of a tidy CSV or Parquet file, or of a tidy worksheet.

    Of a workbook, the first worksheet with the required columns is read, such as ``counts`` of a
    report; ``sheet="all"`` reads all of them.
    """
    request = FORMAT.request(path, options)
    request = evolve(request, recognise=partial(recognise, separator=separator))
    file = request.file
    declared = request.declared()
    declared = declared if sheet is None else evolve(declared, sheet=sheet)
    declared = evolve(declared, range=range) if range else declared
    if file.data.startswith(PARQUET):
        _refuse_cells(declared, "Parquet")
        return _read_ledger(cells_of_frame(read_parquet(file)), evolve(request, label="Parquet"))
    if not is_workbook(file):
        _refuse_cells(evolve(declared, range=""), "a text")
    is_own = not (declared.columns or declared.unpivot)
    label, required = "CSV", tuple[str, ...]()
    if is_workbook(file):
        label = "xlsx" if b"xl/workbook.xml" in file.data else "ods"
        required = _COLUMNS if is_own else ()
    if is_own and not (required or declared.range):
        ledger = read_delimited(file, separator)
    else:
        ledger, declared = read_table(file, declared, separator=separator, required=required)
    noun = "cells" if request.declared().unpivot else request.noun
    return _read_cells(ledger, evolve(request, label=label, declare=declared, noun=noun))


def _refuse_cells(declared: Declaration, noun: str) -> None:
    """Raise an error for worksheets or cells of a file that has none."""
    for name in ("sheet", "range"):
        if value := getattr(declared, name):
            problem = f"must not be passed for {noun}"
            raise InvalidValue(problem, field=name, value=value, hint="Remove it")


def read_frame(frame: Frame, **options: Any) -> Reading:
    """Read the counts of a data frame; the log counts its rows from 1."""
    request = FORMAT.request(open_bytes(b"", name="frame"), options)
    _refuse_cells(request.declared(), "a frame")
    return _read_ledger(cells_of_frame(frame), request.recognised_by("", "a frame"))


def _read_ledger(ledger: Ledger, request: Request) -> Reading:
    """Return the counts of cells whose header is known, with the suggestion for other names."""
    if request.declare is None and not _tidy_columns(map(str, ledger.raw)):
        own = suggest_declaration(
            {"": CellPage(ledger=ledger)}, request.declared(), request.file.name
        )
        request = evolve(request, declare=without_questions(own, request.file, request.constants))
    noun = "cells" if request.declared().unpivot else request.noun
    ledger, declared = arranged(ledger, request.declared())
    return _read_cells(ledger, evolve(request, declare=declared, noun=noun))


def _read_cells(ledger: Ledger, request: Request) -> Reading:
    ledger.has_decimal_point = False  # 12.000 can be twelve thousand
    own, declared, how = request.declare, request.declared(), "declared"
    if isinstance(own, Suggestion):
        ledger.note(f"Columns: {'; '.join(f'{n!r}: {why}' for n, why in own.reasons.items())}")
        how = "understood without a declaration"
    if own is None or not own.columns:
        names, kind = map(str, ledger.raw.columns), declared.kind
        known = Declaration.from_columns(names, kind, declared.classifications)
        declared = declared.with_defaults(known)
    else:
        ledger.is_declared = True
        request = request.recognised_by(f"its columns are {how}")
    sheet = "names of the worksheets" if is_workbook(request.file) else "column 'sheet'"
    ledger.left_out += [sheet if n == "sheet" else f"column {n!r}" for n in declared.ignored]
    return request.tabulate(ledger, declared)


def write(
    data: CountTable | Dataset,
    path: str | os.PathLike[str],
    *,
    separator: str | None = None,
    neutralise: bool = False,
    package: str | os.PathLike[str] | None = None,
) -> WriteLog:
    """Write a table to a tidy CSV, Parquet or xlsx file that `read` restores.

    The file extension selects Parquet or a workbook; all other extensions select CSV in UTF-8.
    """
    table = require_one_table(data, "a tidy file")
    frame = tidy_frame(table)
    unsupported = without_classifications(table.columns.schema, len(table))
    unsupported += [] if len(table) else [NO_ROWS]
    extension = os.path.splitext(os.fspath(path))[1].lower()
    default = "\t" if extension == ".tsv" else ","
    sign = default if separator is None else separator
    if package is not None:
        require_place(package, path, is_csv=extension not in (".parquet", ".xlsx"))
    if extension == ".parquet":
        content = parquet_bytes(library("pyarrow").Table.from_pandas(frame, preserve_index=False))
    elif extension == ".xlsx":
        content = _workbook(frame)
    else:
        content, formulas = csv_bytes(frame, separator=sign, neutralise=neutralise)
        unsupported += formulas
        header = content.partition(b"\n")[0].decode()
        if separator_of(open_bytes(b"", name=Path(path).name), header) != sign:
            unsupported.append(evolve(_SEPARATOR, rows=len(table)))
    files: list[Content] = [(path, content)]
    if package is not None:
        folder = Path(os.path.abspath(package)).parent
        relative = Path(os.path.abspath(path)).relative_to(folder).as_posix()
        described = package_of(table, relative, content, sign)
        files += [(package, f"{json.dumps(described, ensure_ascii=False, indent=2)}\n")]
    write_files(files)
    label = {".parquet": "tidy Parquet", ".xlsx": "tidy xlsx"}.get(extension, "tidy CSV")
    name = Path(path).name
    return WriteLog(name=name, format=label, rows=len(table), unsupported=unsupported)


def _workbook(frame: pd.DataFrame) -> bytes:
    xlsxwriter = library("xlsxwriter")
    if len(frame) >= _MAX_ROWS:
        raise InvalidValue(
            f"must have at most {_MAX_ROWS - 1} rows in a workbook",
            field="rows",
            value=len(frame),
            hint="Write CSV or Parquet",
        )
    file = BytesIO()
    try:
        with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
            book.set_properties({"created": _CREATED})
            sheet = book.add_worksheet("counts")
            for index, name in enumerate(frame.columns):
                sheet.write_string(0, index, name)
                _write_column(sheet, index, frame[name])
            sheet.freeze_panes(1, 0)
    except UnicodeEncodeError as error:
        raise surrogate_error(error) from None
    return file.getvalue()


def _write_column(sheet: Any, index: int, column: Any) -> None:
    numeric = pd.api.types.is_numeric_dtype(column.dtype)
    write_cell = sheet.write_number if numeric else sheet.write_string
    for row, (cell, is_missing) in enumerate(zip(column, column.isna(), strict=True), start=1):
        if is_missing or cell == "":
            continue
        if isinstance(cell, str) and len(cell) > _MAX_CHARACTERS:
            raise InvalidValue(
                f"must have at most {_MAX_CHARACTERS} characters in a workbook",
                row=row,
                field=column.name,
                value=f"{cell[:40]}...",
                hint="Shorten the text, or write CSV",
            )
        if numeric and cell >= LARGEST_COUNT:  # a workbook does not distinguish it from the next
            sheet.write_string(row, index, str(cell))
            continue
        write_cell(row, index, cell)


FORMAT = Format.named("tidy", recognise, read, write)
