"""Tidy files and frames as tables."""

import csv
import os
from typing import Any

from thbstats.exchange import (
    LIMITS,
    PARQUET,
    Declaration,
    Grid,
    Limits,
    Opened,
    Progress,
    Reading,
    frame_grid,
    ledger_of,
    open_bytes,
    opened_from,
    quiet,
    read_declared,
    read_delimited,
    read_parquet,
    sniff,
)
from thbstats.records import Source
from thbstats.tables.engines import Frame

__all__ = ["read", "read_frame", "recognise"]

_DECLARED = "its columns are declared"


def recognise(opened: Opened) -> str:
    """Return how the contents show that they are a tidy table; empty if they do not."""
    if opened.data.startswith(PARQUET):
        return "it starts as Parquet does"
    names = _header(opened.head.partition("\n")[0])
    ours = list(Declaration.of_ours(names).columns)
    if len(ours) < 2 or not {"value", "lower"} & set(ours):
        return ""
    return f"its header names {', '.join(ours[:3])} as this library does"


def _header(line: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=sniff(line)), [])]
    except csv.Error:
        return []


def read(
    path: str | os.PathLike[str] | Opened,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = quiet,
    kind: str | None = None,
    separator: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Return the counts of a tidy CSV or Parquet file.

    Parameters
    ----------
    path : str, path or Opened
        The file; its contents say which of the two it is.
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
        If the file is Parquet and pyarrow is not installed.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(b"area,period,sex,value\nMT,2020,female,12\nMT,2020,male,0\n")
    >>> read(file, kind="victims", status="detected").table.count(sex="female")
    Count(12)
    """
    opened = opened_from(path, encoding, limits, progress)
    progress("taking apart", 0.0)
    is_parquet = opened.data.startswith(PARQUET)
    grid = frame_grid(read_parquet(opened)) if is_parquet else read_delimited(opened, separator)
    return read_declared(
        ledger_of(grid, "row" if is_parquet else "line"),
        opened,
        _declared(grid, declare, kind, constants),
        label="Parquet" if is_parquet else "CSV",
        recognised=recognise(opened) if declare is None else _DECLARED,
        source=source,
        strict=strict,
        progress=progress,
    )


def read_frame(
    frame: Frame,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    progress: Progress = quiet,
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
        text there, in ``words`` and in ``missing``.
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
    grid = frame_grid(frame)
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
    grid: Grid, declare: Declaration | None, kind: str | None, constants: dict[str, Any]
) -> Declaration:
    ours = Declaration.of_ours(map(str, grid.columns.columns), kind)
    return (declare or ours).also(kind, **constants)
