"""Tables as tidy files."""

import csv
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from attrs import evolve

from thbstats.errors import InvalidValue
from thbstats.exchange import Loss, WriteReport, check_separator, formulas, one_table
from thbstats.exchange.written import FORMULA
from thbstats.tables import CountTable, Dataset
from thbstats.tables.libraries import library

__all__ = ["write"]

_NO_ROWS = Loss(
    code="NO_ROWS",
    lost=True,
    rows=0,
    what="without rows nothing says what is counted; read it with kind=...",
)


def write(
    data: CountTable | Dataset,
    path: str | os.PathLike[str],
    *,
    separator: str = ",",
    neutralise: bool = False,
) -> WriteReport:
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
    WriteReport
        What the file does not hold, and the cells that a spreadsheet takes for formulas.

    Raises
    ------
    InvalidValue
        If a data set holds several tables, or none; or a text has half a character, or a NUL
        that CSV cannot hold.
    MissingExtra
        If the file is Parquet and pyarrow is not installed.
    """
    table = one_table(data, "a tidy file")
    frame = _frame(table)
    losses = [] if len(table) else [_NO_ROWS]
    if os.fspath(path).lower().endswith(".parquet"):
        label = "tidy Parquet"
        _check_texts(frame, is_text=False)
        Path(path).write_bytes(_parquet(frame))
    else:
        label = "tidy CSV"
        check_separator(separator)
        _check_texts(frame, is_text=True)
        losses += _formulas(frame, neutralise=neutralise)
        Path(path).write_bytes(_csv(_neutralised(frame) if neutralise else frame, separator))
    return WriteReport(name=Path(path).name, format=label, rows=len(table), losses=losses)


def _frame(table: CountTable) -> pd.DataFrame:
    """Return the tidy frame of a table, with its kind and without upper ends that are none."""
    frame = table.to_frame()
    bounded = frame["upper"] < float("inf")
    frame["upper"] = frame["upper"].where(bounded, 0).astype("Int64").where(bounded)
    kinds = pd.Series([table.kind] * len(table), dtype=pd.CategoricalDtype([table.kind]))
    frame.insert(0, "table", kinds)
    return frame


def _csv(frame: pd.DataFrame, separator: str) -> bytes:
    # A carriage return alone ends no line here, so that nothing but quotation marks keeps it.
    returns = any("\r" in text for _, column in _texts(frame) for text in column.cat.categories)
    text = frame.to_csv(
        index=False,
        sep=separator,
        lineterminator="\n",
        quoting=csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL,
    )
    return text.encode()


def _parquet(frame: pd.DataFrame) -> bytes:
    pa = library("pyarrow")
    from pyarrow import parquet

    file = BytesIO()
    # What pandas would add is of use to pandas alone.
    rows = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    parquet.write_table(rows, file)
    return file.getvalue()


def _texts(frame: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """Yield the columns of text; their categories are the texts that stand in some row."""
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            yield str(name), frame[name].cat.remove_unused_categories()


def _check_texts(frame: pd.DataFrame, *, is_text: bool) -> None:
    for name, column in _texts(frame):
        for text in column.cat.categories:
            problem = _unwritable(text, is_text=is_text)
            if problem:
                raise InvalidValue(
                    problem, field=name, value=text[:80], mend="Write the source's title again"
                )


def _unwritable(text: str, *, is_text: bool) -> str:
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        return "a text has half a character, which no file can hold"
    return (
        "a text has a NUL, which Parquet can hold and CSV cannot"
        if is_text and "\0" in text
        else ""
    )


def _formulas(frame: pd.DataFrame, *, neutralise: bool) -> list[Loss]:
    """Return which cells look like formulas, and what was done about them."""
    found = formulas((name, list(column)) for name, column in _suspect(frame))
    if not neutralise:
        return found
    what = "an apostrophe before cells that a spreadsheet would take for a formula"
    return [evolve(loss, code="NEUTRALISED", lost=True, what=what) for loss in found]


def _neutralised(frame: pd.DataFrame) -> pd.DataFrame:
    safe = {
        name: [f"'{text}" if str(text).startswith(FORMULA) else text for text in column]
        for name, column in _suspect(frame)
    }
    return frame.assign(**safe)


def _suspect(frame: pd.DataFrame) -> list[tuple[str, Any]]:
    """Return the columns in which some text looks like a formula."""
    return [
        (name, column)
        for name, column in _texts(frame)
        if any(text.startswith(FORMULA) for text in column.cat.categories)
    ]
