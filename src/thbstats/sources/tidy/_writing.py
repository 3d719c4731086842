"""Tidy files of tables."""

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from thbstats._files import surrogate_error, write_file
from thbstats.errors import InvalidValue
from thbstats.exchange import WriteLog, require_one_table
from thbstats.exchange.csv_writing import csv_bytes
from thbstats.exchange.write_log import NO_ROWS
from thbstats.tables import CountTable, Dataset
from thbstats.tables.libraries import library

__all__ = ["write"]

_MAX_ROWS, _MAX_CHARACTERS = 2**20, 32_767  # of a worksheet and its cells
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # constant, so that equal tables give equal bytes


def write(
    data: CountTable | Dataset,
    path: str | os.PathLike[str],
    *,
    separator: str | None = None,
    neutralise: bool = False,
) -> WriteLog:
    """Write a table to a tidy CSV, Parquet or xlsx file that `read` restores.

    Equal tables give equal bytes.

    Parameters
    ----------
    data : CountTable or Dataset
        A table, or a data set with one table.
    path : str or path
        The file; an existing file is replaced. The extension ``.parquet`` selects Parquet,
        ``.xlsx`` a workbook; all others select CSV in UTF-8.
    separator : str, optional
        The separator of CSV; by default a tab for ``.tsv``, otherwise a comma.
    neutralise : bool
        Whether to write an apostrophe before texts in CSV that spreadsheets interpret as
        formulas. A workbook stores them as texts.

    Returns
    -------
    WriteLog
        The features that the file or other programs do not support.

    Raises
    ------
    InvalidValue
        If a data set does not contain exactly one table, or the format does not support a text
        or the number of rows.
    MissingExtra
        If the library for Parquet (pyarrow) or xlsx (xlsxwriter) is not installed.
    """
    table = require_one_table(data, "a tidy file")
    frame = _frame(table)
    unsupported = [] if len(table) else [NO_ROWS]
    extension = os.path.splitext(os.fspath(path))[1].lower()
    if extension == ".parquet":
        label = "tidy Parquet"
        content = _parquet(frame)
    elif extension == ".xlsx":
        label = "tidy xlsx"
        content = _workbook(frame)
    else:
        label = "tidy CSV"
        default = "\t" if extension == ".tsv" else ","
        content, formulas = csv_bytes(
            frame, separator=default if separator is None else separator, neutralise=neutralise
        )
        unsupported += formulas
    write_file(path, content)
    return WriteLog(name=Path(path).name, format=label, rows=len(table), unsupported=unsupported)


def _frame(table: CountTable) -> pd.DataFrame:
    """Return the tidy frame of a table, with its kind and finite upper bounds."""
    frame = table.to_frame()
    bounded = frame["upper"] < float("inf")
    frame["upper"] = frame["upper"].where(bounded, 0).astype("Int64").where(bounded)
    kinds = pd.Series([table.kind] * len(table), dtype=pd.CategoricalDtype([table.kind]))
    frame.insert(0, "table", kinds)
    return frame


def _parquet(frame: pd.DataFrame) -> bytes:
    pa = library("pyarrow")
    from pyarrow import parquet

    file = BytesIO()
    # Without the metadata of pandas.
    rows = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    parquet.write_table(rows, file)
    return file.getvalue()


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
            for i, name in enumerate(frame.columns):
                sheet.write_string(0, i, name)
                _write_column(sheet, i, name, frame[name])
            sheet.freeze_panes(1, 0)
    except UnicodeEncodeError as error:
        raise surrogate_error(error) from None
    return file.getvalue()


def _write_column(sheet: Any, i: int, name: str, column: Any) -> None:
    write = (
        sheet.write_number if pd.api.types.is_numeric_dtype(column.dtype) else sheet.write_string
    )
    for row, (cell, is_missing) in enumerate(zip(column, column.isna(), strict=True), start=1):
        if is_missing or cell == "":
            continue
        if isinstance(cell, str) and len(cell) > _MAX_CHARACTERS:
            raise InvalidValue(
                f"must have at most {_MAX_CHARACTERS} characters in a workbook",
                row=row,
                field=name,
                value=f"{cell[:40]}...",
                hint="Shorten the text, or write CSV",
            )
        write(row, i, cell)
