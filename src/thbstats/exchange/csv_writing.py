"""Frames as CSV: the same bytes for the same cells, and told where a spreadsheet sees a formula."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from thbstats._characters import is_encodable
from thbstats.errors import InvalidValue
from thbstats.exchange.files.delimited import check_separator
from thbstats.exchange.files.limits import LIMITS
from thbstats.exchange.write_log import FORMULA, UnsupportedFeature, formulas

__all__ = ["csv_bytes"]


def csv_bytes(
    frame: pd.DataFrame, *, separator: str = ",", neutralise: bool = False
) -> tuple[bytes, list[UnsupportedFeature]]:
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
    tuple of bytes and list of UnsupportedFeature

    Raises
    ------
    InvalidValue
        If a text has a lone surrogate, a NUL or more than 131,072 characters, or nothing
        can be set apart by the separator.

    Examples
    --------
    >>> csv_bytes(pd.DataFrame({"source": pd.Categorical(["=1+1"])}), neutralise=True)[0]
    b"source\n'=1+1\n"
    """
    check_separator(separator)
    _check_texts(frame)
    losses = _formulas(frame, neutralise=neutralise)
    return _written(_neutralised(frame) if neutralise else frame, separator), losses


def _written(frame: pd.DataFrame, separator: str) -> bytes:
    """Return the lines of a frame; each distinct text is quoted once, however many rows have it."""
    columns = [_cells(frame[name], separator) for name in frame.columns]
    header = separator.join(_quoted(str(name), separator) for name in frame.columns)
    lines = map(separator.join, zip(*columns, strict=True))
    return "\n".join([header, *lines, ""]).encode()


def _cells(column: Any, separator: str) -> list[str]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        words = [_quoted(str(text), separator) for text in column.cat.categories]
        cells: list[str] = np.array([*words, ""], dtype=object)[column.cat.codes].tolist()
        return cells
    missing, found = column.isna().tolist(), column.astype(object).tolist()
    # Nothing that a number is written with sets cells apart.
    write = str if pd.api.types.is_numeric_dtype(column.dtype) else _quoted_by(separator)
    return ["" if none else write(cell) for cell, none in zip(found, missing, strict=True)]


def _quoted_by(separator: str) -> Callable[[object], str]:
    return lambda cell: _quoted(str(cell), separator)


def _quoted(text: str, separator: str) -> str:
    """Return a text as RFC 4180 has it: in quotation marks where a sign would end it."""
    if any(sign in text for sign in (separator, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


def _texts(frame: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """Yield the columns of text; their categories are the texts that stand in some row."""
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            yield str(name), frame[name].cat.remove_unused_categories()


def _check_texts(frame: pd.DataFrame) -> None:
    """Refuse texts that CSV cannot hold, or that readers of CSV refuse."""
    for name, column in _texts(frame):
        for text in column.cat.categories:
            problem = ""
            if "\0" in text or not is_encodable(text):
                what = "a NUL" if "\0" in text else "a lone surrogate"
                problem = f"a text of a CSV file must not contain {what}"
            elif len(text) > LIMITS.cell:
                problem = f"a text of a CSV file must not exceed {LIMITS.cell} characters"
            if problem:
                raise InvalidValue(
                    problem,
                    field=name,
                    value=text[:80],
                    hint="Shorten the text, or write it again",
                )


def _formulas(frame: pd.DataFrame, *, neutralise: bool) -> list[UnsupportedFeature]:
    """Return which cells look like formulas, and what was done about them."""
    found = formulas((name, list(column)) for name, column in _suspect(frame))
    if not neutralise:
        return found
    what = "an apostrophe before cells that a spreadsheet would take for a formula"
    return [evolve(loss, code="NEUTRALISED", is_lost=True, message=what) for loss in found]


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
