"""Rows of text in which quotations are whole cells, read column by column."""

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.exchange.words import categorical

__all__ = ["read_quoted_rows"]

_NUMERAL = tuple("+-.0123456789")


def read_quoted_rows(
    data: bytes, names: Sequence[str], sign: str, *, start: int = 0
) -> pd.DataFrame | None:
    """Return rows as categories of texts, an empty cell as an empty text.

    As many signs as rows need, and no row with too many, say that none has too few.

    Parameters
    ----------
    data : bytes
        A text in UTF-8.
    names : sequence of str
        The names of the columns.
    sign : str
        The sign between cells.
    start : int
        Where the first row starts.

    Returns
    -------
    DataFrame or None
        ``None`` where a row has more or fewer cells, or anything else asks for more care.
    """
    data = data[start:]
    letters = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    rows = len(ends) + (bool(data) and not data.endswith(b"\n"))
    if not rows or len(names) == 1 or not _plain_ends(data):
        return None
    # The first row is counted here, since pandas takes it for the measure of all others.
    first = _first_row(data, sign)
    if len(first) != len(names) or not _plain_quotations(letters, ends, ord(sign)):
        return None
    # pandas would take 007 and 7 for one number; a column of other texts it leaves as it is.
    numbers = {name: object for name, cell in zip(names, first, strict=True) if _is_number(cell)}
    try:
        columns = _parsed(data, names, sign, numbers)
    except (ValueError, pd.errors.ParserError):
        return None
    cells = {name: _distinct(columns[name]) for name in names}
    inside = sum(_count_inside(column, sign) for column in cells.values())
    signs = int(np.count_nonzero(letters == ord(sign)))
    if len(columns) != rows or signs != rows * (len(names) - 1) + inside:
        return None
    return pd.DataFrame(cells, copy=False)


def _plain_ends(data: bytes) -> bool:
    """Whether no carriage return stands without a line feed."""
    return b"\r" not in data or data.count(b"\r") == data.count(b"\r\n")


def _first_row(data: bytes, sign: str) -> list[str]:
    line = data.split(b"\n", 1)[0].decode()
    try:
        return next(csv.reader([line], delimiter=sign)) if '"' in line else line.split(sign)
    except csv.Error:
        return []


def _plain_quotations(letters: NDArray[np.uint8], ends: NDArray[np.intp], sign: int) -> bool:
    """Whether every quotation is a whole cell of one line without a quotation mark in it."""
    marks = np.flatnonzero(letters == ord('"'))
    if len(marks) % 2:
        return False
    opening, closing = marks[::2], marks[1::2]
    before = letters[opening[opening > 0] - 1]
    after = letters[closing[closing + 1 < len(letters)] + 1]
    return bool(
        np.isin(before, (sign, ord("\n"))).all()
        and np.isin(after, (sign, ord("\n"), ord("\r"))).all()
        and not (np.searchsorted(marks, ends) % 2).any()
    )


def _parsed(
    data: bytes, names: Sequence[str], sign: str, numbers: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the columns as texts; those that turn out to be numbers only are read again."""
    columns = pd.read_csv(
        BytesIO(data),
        sep=sign,
        header=None,
        names=list(names),
        index_col=False,
        dtype=dict(numbers),
        na_filter=False,
        skip_blank_lines=False,
        on_bad_lines="error",
        low_memory=False,
    )
    wrong = dict.fromkeys((name for name in names if not _is_text(columns[name])), object)
    return _parsed(data, names, sign, {**numbers, **wrong}) if wrong else columns


def _is_number(cell: str) -> bool:
    return cell.strip().startswith(_NUMERAL)


def _is_text(column: "pd.Series[Any]") -> bool:
    return column.dtype == object or isinstance(column.dtype, pd.StringDtype)


def _distinct(column: "pd.Series[Any]") -> Any:
    codes, texts = pd.factorize(column)
    return categorical(codes, list(texts))


def _count_inside(column: Any, sign: str) -> int:
    """Return how often the sign between cells stands inside the cells of a column."""
    times = np.array([text.count(sign) for text in column.categories], dtype=np.int64)
    return int(times[column.codes].sum()) if times.any() else 0
