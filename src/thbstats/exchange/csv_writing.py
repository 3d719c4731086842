"""Frames as CSV: the same bytes for the same cells, and told where a spreadsheet sees a formula."""

import csv
from collections.abc import Iterator
from typing import Any

import pandas as pd
from attrs import evolve

from thbstats.errors import InvalidValue
from thbstats.exchange.delimited import check_separator
from thbstats.exchange.written import FORMULA, Loss, formulas

__all__ = ["check_texts", "csv_bytes"]


def csv_bytes(
    frame: pd.DataFrame, *, separator: str = ",", neutralise: bool = False
) -> tuple[bytes, list[Loss]]:
    r"""Return a frame as CSV in UTF-8, and which of its cells look like formulas.

    Parameters
    ----------
    frame : DataFrame
        Numbers, and texts as categories.
    separator : str
        The sign between cells.
    neutralise : bool
        Whether an apostrophe is put before texts that a spreadsheet takes for formulas.

    Returns
    -------
    tuple of bytes and list of Loss

    Raises
    ------
    InvalidValue
        If a text has half a character or a NUL, or nothing can be set apart by the separator.

    Examples
    --------
    >>> csv_bytes(pd.DataFrame({"source": pd.Categorical(["=1+1"])}), neutralise=True)[0]
    b"source\n'=1+1\n"
    """
    check_separator(separator)
    check_texts(frame, is_text=True)
    losses = _formulas(frame, neutralise=neutralise)
    return _written(_neutralised(frame) if neutralise else frame, separator), losses


def _written(frame: pd.DataFrame, separator: str) -> bytes:
    # A carriage return alone ends no line here, so that nothing but quotation marks keeps it.
    returns = any("\r" in text for _, column in _texts(frame) for text in column.cat.categories)
    text = frame.to_csv(
        index=False,
        sep=separator,
        lineterminator="\n",
        quoting=csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL,
    )
    return text.encode()


def _texts(frame: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """Yield the columns of text; their categories are the texts that stand in some row."""
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            yield str(name), frame[name].cat.remove_unused_categories()


def check_texts(frame: pd.DataFrame, *, is_text: bool) -> None:
    """Refuse texts that a file cannot hold.

    Raises
    ------
    InvalidValue
        If one has half a character or, in a file of text, a NUL.
    """
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
