"""Tidy files and frames as tables."""

import csv
import os
from typing import Any

from thbstats.exchange import (
    LIMITS,
    PARQUET,
    Declaration,
    InputFile,
    Limits,
    Progress,
    RawTable,
    Reading,
    cells_of_frame,
    ledger_of,
    no_progress,
    open_bytes,
    open_input,
    read_declared,
    read_delimited,
    read_parquet,
    sniff,
)
from thbstats.exchange.files.sheets import is_workbook, peek, read_sheet
from thbstats.records import Source
from thbstats.tables.engines import Frame

__all__ = ["read", "read_frame", "recognise"]

_DECLARED = "its columns are declared"
_TELLING = ("table", "area", "period", "value", "reason")
"""The columns of a sheet by which it is ours; a workbook has many that name some of them."""


def recognise(file: InputFile) -> str:
    """Return how the contents show that they are a tidy table; empty if they do not."""
    if file.data.startswith(PARQUET):
        return "it starts as Parquet does"
    if is_workbook(file):
        found = peek(file)
        formatted = all(f">{name}<".encode() in found for name in _TELLING)
        return f"a sheet of it has the columns {', '.join(_TELLING)}" if formatted else ""
    names = _header(file.head.partition("\n")[0])
    ours = list(Declaration.from_columns(names).columns)
    if len(ours) < 2 or not {"value", "lower"} & set(ours):
        return ""
    return f"its header names {', '.join(ours[:3])} as this library does"


def _header(line: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=sniff(line)), [])]
    except csv.Error:
        return []


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
    kind: str | None = None,
    separator: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Return the counts of a tidy CSV or Parquet file, or of a tidy sheet of a workbook.

    Parameters
    ----------
    path : str, path or InputFile
        The file; its contents say which of them it is. Of a workbook the first sheet is read that
        has our columns, such as ``counts`` of what `thbstats.log` writes.
    declare : Declaration, optional
        What its columns are, where they are not named as ours.
    source : Source or str, optional
        Where the figures were published, for rows that do not say so themselves.
    strict : bool
        Whether a defect is an error.
    encoding : str, optional
        The encoding of CSV, where it is not UTF-8 and no byte order mark says which.
    limits : Limits
        What is taken in.
    progress : callable
        Told how far it is.
    kind : str, optional
        The kind of count of rows that do not say it themselves.
    separator : str, optional
        The sign between the cells of CSV; by default a tab, a semicolon or a comma, whichever
        stands most often in the header.
    **constants
        What all rows have in common, such as ``area="MT"``.

    Returns
    -------
    Reading

    Raises
    ------
    InvalidFile
        If it is broken or larger than the limits.
    InvalidValue, UnknownName
        If the declaration does not fit the file; all that is wrong is told, column by column.
    DefectiveFile
        If something is odd and ``strict`` is set.
    MissingExtra
        If the file is Parquet and pyarrow is not installed, or a workbook and python-calamine
        is not.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(b"area,period,sex,value\nMT,2020,female,12\nMT,2020,male,0\n")
    >>> read(file, kind="victims", status="detected").table.count(sex="female")
    Count(12)
    """
    file = open_input(path, encoding, limits, progress)
    progress("taking apart", 0.0)
    grid, label = _grid(file, separator, declare)
    return read_declared(
        ledger_of(grid, "line" if label == "CSV" else "row"),
        file,
        _declared(grid, declare, kind, constants),
        label=label,
        recognised=recognise(file) if declare is None else _DECLARED,
        source=source,
        strict=strict,
        progress=progress,
    )


def _grid(
    file: InputFile, separator: str | None, declare: Declaration | None
) -> tuple[RawTable, str]:
    """Return the rows of a file, and what it is."""
    if file.data.startswith(PARQUET):
        return cells_of_frame(read_parquet(file)), "Parquet"
    if is_workbook(file):
        wanted = set(_TELLING if declare is None else declare.columns)
        return read_sheet(file, header=lambda names: wanted <= set(names)), "xlsx"
    return read_delimited(file, separator), "CSV"


def read_frame(
    frame: Frame,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    progress: Progress = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    """Return the counts of a frame that is not in our words yet.

    `CountTable.from_frame` is for frames that are: it stops where something is wrong, and this
    sets rows aside and reports them.

    Parameters
    ----------
    frame : frame of pandas, polars, pyarrow, DuckDB or any that narwhals knows
        Or anything with ``__arrow_c_stream__``; a lazy frame is collected.
    declare : Declaration, optional
        What its columns are, where they are not named as ours. A missing value is an empty
        text there, in ``recode`` and in ``missing``.
    source, strict, progress, kind, **constants : optional
        As for `read`.

    Returns
    -------
    Reading
        Its report counts rows from 1.

    Raises
    ------
    InvalidValue, UnknownName
        If it is no frame, or the declaration does not fit it.
    DefectiveFile
        If something is odd and ``strict`` is set.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"Year": [2020, 2020], "Sex": ["F", "M"], "Victims": [12, 0]})
    >>> declared = Declaration(columns={"Year": "period", "Sex": "sex", "Victims": "value"})
    >>> read_frame(frame, declare=declared, kind="victims", area="MT").table.count(sex="female")
    Count(12)
    """
    progress("taking apart", 0.0)
    grid = cells_of_frame(frame)
    return read_declared(
        ledger_of(grid, "row"),
        open_bytes(b"", name="frame"),
        _declared(grid, declare, kind, constants),
        label="a frame",
        recognised="" if declare is None else _DECLARED,
        source=source,
        strict=strict,
        progress=progress,
    )


def _declared(
    grid: RawTable, declare: Declaration | None, kind: str | None, constants: dict[str, Any]
) -> Declaration:
    ours = Declaration.from_columns(map(str, grid.columns.columns), kind)
    return (declare or ours).with_constants(kind, **constants)
