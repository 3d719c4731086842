"""Tables as tidy files."""

import os
from io import BytesIO
from pathlib import Path

import pandas as pd

from thbstats._files import write_file
from thbstats.exchange import WriteLog, require_one_table
from thbstats.exchange.csv_writing import csv_bytes
from thbstats.exchange.write_log import NO_ROWS
from thbstats.tables import CountTable, Dataset
from thbstats.tables.libraries import library

__all__ = ["write"]


def write(
    data: CountTable | Dataset,
    path: str | os.PathLike[str],
    *,
    separator: str = ",",
    neutralise: bool = False,
) -> WriteLog:
    """Write a table to a tidy CSV or Parquet file, which `read` turns back into it.

    The same table gives the same bytes.

    Parameters
    ----------
    data : CountTable or Dataset
        A table, or a data set of one.
    path : str or path
        The file, which is replaced if it exists. It is Parquet if it ends with ``.parquet``,
        else CSV in UTF-8.
    separator : str
        The sign between the cells of CSV.
    neutralise : bool
        Whether an apostrophe is put before texts in CSV that a spreadsheet takes for formulas.

    Returns
    -------
    WriteLog
        What the file does not hold, and the cells that a spreadsheet takes for formulas.

    Raises
    ------
    InvalidValue
        If a data set holds several tables, or none; or a text has a NUL, which CSV cannot
        hold.
    MissingExtra
        If the file is Parquet and pyarrow is not installed.
    """
    table = require_one_table(data, "a tidy file")
    frame = _frame(table)
    losses = [] if len(table) else [NO_ROWS]
    if os.fspath(path).lower().endswith(".parquet"):
        label = "tidy Parquet"
        written = _parquet(frame)
    else:
        label = "tidy CSV"
        written, found = csv_bytes(frame, separator=separator, neutralise=neutralise)
        losses += found
    write_file(path, written)
    return WriteLog(name=Path(path).name, format=label, rows=len(table), unsupported=losses)


def _frame(table: CountTable) -> pd.DataFrame:
    """Return the tidy frame of a table, with its kind and without upper ends that are none."""
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
    # What pandas would add is of use to pandas alone.
    rows = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    parquet.write_table(rows, file)
    return file.getvalue()
