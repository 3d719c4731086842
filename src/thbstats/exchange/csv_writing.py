"""Deterministic CSV output."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from thbstats._characters import is_encodable
from thbstats.errors import InvalidValue
from thbstats.exchange.delimited import check_separator
from thbstats.exchange.input_file import LIMITS
from thbstats.exchange.write_log import FORMULA, UnsupportedFeature, formulas

__all__ = ["csv_bytes"]


def csv_bytes(
    frame: pd.DataFrame, *, separator: str = ",", neutralise: bool = False
) -> tuple[bytes, list[UnsupportedFeature]]:
    r"""Return a frame as CSV in UTF-8, and the cells that look like formulas.

    Parameters
    ----------
    frame : DataFrame
        Numbers, and texts as categories.
    separator : str
        The separator of cells.
    neutralise : bool
        Whether to write an apostrophe before texts that spreadsheets interpret as formulas.

    Raises
    ------
    InvalidValue
        If a text contains an lone surrogate, a NUL or more than 131,072 characters, or the
        separator is invalid.

    Examples
    --------
    >>> csv_bytes(pd.DataFrame({"source": pd.Categorical(["=1+1"])}), neutralise=True)[0]
    b"source\n'=1+1\n"
    """
    check_separator(separator)
    _check_texts(frame)
    features = _formulas(frame, neutralise=neutralise)
    return _written(_neutralised(frame) if neutralise else frame, separator), features


def _written(frame: pd.DataFrame, separator: str) -> bytes:
    """Return the lines of a frame; each distinct text is quoted once."""
    columns = [_cells(frame[name], separator) for name in frame.columns]
    header = separator.join(_quoted(str(name), separator) for name in frame.columns)
    lines = map(separator.join, zip(*columns, strict=True))
    return "\n".join([header, *lines, ""]).encode()


def _cells(column: Any, separator: str) -> list[str]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        texts = [_quoted(str(text), separator) for text in column.cat.categories]
        cells: list[str] = np.array([*texts, ""], dtype=object)[column.cat.codes].tolist()
        return cells
    missing, values = column.isna().tolist(), column.astype(object).tolist()
    # Numbers contain no separators.
    write = str if pd.api.types.is_numeric_dtype(column.dtype) else _quoted_by(separator)
    return [
        "" if is_missing else write(cell) for cell, is_missing in zip(values, missing, strict=True)
    ]


def _quoted_by(separator: str) -> Callable[[object], str]:
    return lambda cell: _quoted(str(cell), separator)


def _quoted(text: str, separator: str) -> str:
    """Return a text in quotation marks if RFC 4180 requires it."""
    if any(sign in text for sign in (separator, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


def _texts(frame: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """Yield the columns of text, with the categories that occur in a row."""
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            yield str(name), frame[name].cat.remove_unused_categories()


def _check_texts(frame: pd.DataFrame) -> None:
    """Raise an error for texts that are not valid in CSV."""
    for name, column in _texts(frame):
        for text in column.cat.categories:
            problem = ""
            if "\0" in text or not is_encodable(text):
                sign = "a NUL character" if "\0" in text else "an lone surrogate"
                problem = f"must not contain {sign}"
            elif len(text) > LIMITS.cell:
                problem = f"must have at most {LIMITS.cell} characters in CSV"
            if problem:
                raise InvalidValue(
                    problem,
                    field=name,
                    value=text[:80],
                    hint="Correct the text",
                )


def _formulas(frame: pd.DataFrame, *, neutralise: bool) -> list[UnsupportedFeature]:
    """Return the cells that look like formulas, and their treatment."""
    features = formulas((name, list(column)) for name, column in _formula_columns(frame))
    if not neutralise:
        return features
    message = "an apostrophe is written before cells that spreadsheets interpret as formulas"
    return [
        evolve(feature, code="NEUTRALISED", is_lost=True, message=message) for feature in features
    ]


def _neutralised(frame: pd.DataFrame) -> pd.DataFrame:
    safe = {
        name: [f"'{text}" if str(text).startswith(FORMULA) else text for text in column]
        for name, column in _formula_columns(frame)
    }
    return frame.assign(**safe)


def _formula_columns(frame: pd.DataFrame) -> list[tuple[str, Any]]:
    """Return the columns with a text that looks like a formula."""
    return [
        (name, column)
        for name, column in _texts(frame)
        if any(text.startswith(FORMULA) for text in column.cat.categories)
    ]
