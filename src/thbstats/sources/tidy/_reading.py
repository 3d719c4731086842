"""Reading of tidy files and data frames."""

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
)
from thbstats.exchange.files.delimited import first_lines
from thbstats.exchange.files.sheets import is_workbook, peek, read_sheet
from thbstats.records import Source
from thbstats.tables.engines import Frame

__all__ = ["read", "read_frame", "recognise"]

_DECLARED = "its columns are declared"
_COLUMNS = ("table", "area", "period", "value", "reason")
"""The columns that identify a tidy worksheet."""


def recognise(file: InputFile) -> str:
    """Return the feature that identifies a tidy table; empty for other files."""
    if file.data.startswith(PARQUET):
        return "it is Parquet"
    if is_workbook(file):
        result = peek(file)
        is_tidy = all(f">{name}<".encode() in result for name in _COLUMNS)
        return f"a worksheet has the columns {', '.join(_COLUMNS)}" if is_tidy else ""
    names = next(first_lines(file), [])
    columns = list(Declaration.from_columns(names).columns)
    if len(columns) < 2 or not {"value", "lower"} & set(columns):
        return ""
    return f"its header has the columns {', '.join(columns[:3])}"


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: "Progress" = no_progress,
    kind: str | None = None,
    separator: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Read the counts of a tidy CSV or Parquet file, or of a tidy worksheet.

    Parameters
    ----------
    path : str, path or InputFile
        The file; its type is recognised by its contents. Of a workbook, the first worksheet with
        the required columns is read, such as ``counts`` of a report.
    declare : Declaration, optional
        The declaration of other columns than those of this library.
    source : Source or str, optional
        The publication of the figures, for rows without a source.
    strict, encoding, limits, progress : optional
        See `thbstats.sources.read`.
    kind : str, optional
        The kind of count, if no column contains it.
    separator : str, optional
        The separator of CSV; by default a tab for ``.tsv``, otherwise the most frequent of tab,
        semicolon and comma in the header.
    **constants
        Values that apply to all rows, such as ``area="MT"``.

    Returns
    -------
    Reading

    Raises
    ------
    InvalidFile
        If it is damaged or exceeds the limits.
    InvalidValue, UnknownName
        If the declaration does not fit the file; the message lists all problems by column.
    DefectiveFile
        If the file has problems and ``strict`` is set.
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
    progress("parsing", 0.0)
    table, label = _raw_table(file, separator, declare)
    return read_declared(
        ledger_of(table, "line" if label == "CSV" else "row"),
        file,
        _declared(table, declare, kind, constants),
        label=label,
        recognised=recognise(file) if declare is None else _DECLARED,
        source=source,
        strict=strict,
        progress=progress,
    )


def _raw_table(
    file: InputFile, separator: str | None, declare: Declaration | None
) -> tuple[RawTable, str]:
    """Return the rows of a file, and its type."""
    if file.data.startswith(PARQUET):
        return cells_of_frame(read_parquet(file)), "Parquet"
    if is_workbook(file):
        required = set(_COLUMNS if declare is None else declare.columns)
        return read_sheet(file, header=lambda names: required <= set(names)), "xlsx"
    return read_delimited(file, separator), "CSV"


def read_frame(
    frame: Frame,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    progress: "Progress" = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    """Read the counts of a data frame.

    `CountTable.from_frame` raises an error at the first problem; this function rejects rows and
    records their problems.

    Parameters
    ----------
    frame : frame of pandas, polars, pyarrow, DuckDB or another library that narwhals supports
        Or an object with ``__arrow_c_stream__``; a lazy frame is collected.
    declare : Declaration, optional
        The declaration of other columns than those of this library. Missing values are empty texts
        in ``recode`` and ``missing``.
    source, strict, progress, kind, **constants : optional
        See `read`.

    Returns
    -------
    Reading
        Its log counts rows from 1.

    Raises
    ------
    InvalidValue, UnknownName
        If the object is not a frame, or the declaration does not fit it.
    DefectiveFile
        If the frame has problems and ``strict`` is set.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"Year": [2020, 2020], "Sex": ["F", "M"], "Victims": [12, 0]})
    >>> declared = Declaration(columns={"Year": "period", "Sex": "sex", "Victims": "value"})
    >>> read_frame(frame, declare=declared, kind="victims", area="MT").table.count(sex="female")
    Count(12)
    """
    progress("parsing", 0.0)
    table = cells_of_frame(frame)
    return read_declared(
        ledger_of(table, "row"),
        open_bytes(b"", name="frame"),
        _declared(table, declare, kind, constants),
        label="a frame",
        recognised="" if declare is None else _DECLARED,
        source=source,
        strict=strict,
        progress=progress,
    )


def _declared(
    table: RawTable, declare: Declaration | None, kind: str | None, constants: dict[str, Any]
) -> Declaration:
    default = Declaration.from_columns(map(str, table.frame.columns), kind)
    return (declare or default).with_constants(kind, **constants)
