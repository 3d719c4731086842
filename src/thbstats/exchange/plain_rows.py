"""Rows of text in which quotations are whole cells, read piece by piece on every core."""

import csv
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import repeat
from typing import Any, Literal

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.exchange.words import categorical

__all__ = ["read_plain_rows"]

_PIECE, _SMALLEST = 1 << 23, 1 << 21
_THREADS = 6

# Stands above the rows of every piece. Since it is no number, pandas takes no column for numbers,
# in which 007 and 7 would be one; since nothing comes behind it in the order of categories, it is
# the last of them.
_MARK = "\U0010ffff"


@frozen(eq=False)
class _Piece:
    codes: Sequence[NDArray[Any]]
    words: Sequence[Sequence[str]]
    rows: int


def read_plain_rows(
    data: bytes, names: Sequence[str], sign: str, *, start: int = 0
) -> pd.DataFrame | None:
    """Return rows as categories of texts, an empty cell as an empty text.

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
    returns = b"\r" in data and data.count(b"\r") != data.count(b"\r\n")
    if start == len(data) or len(names) == 1 or returns:
        return None
    workers = min(_THREADS, os.cpu_count() or 1)
    size = min(_PIECE, max(_SMALLEST, (len(data) - start) // workers))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        read = pool.map(lambda piece: _read(piece, len(names), sign), _pieces(data, start, size))
        pieces = list(read)
    found = [piece for piece in pieces if piece is not None]
    if len(found) < len(pieces):
        return None
    columns = {name: _joined(found, place) for place, name in enumerate(names)}
    return pd.DataFrame(columns, copy=False)


def _pieces(data: bytes, start: int, size: int) -> Iterator[bytes]:
    while start < len(data):
        end = data.find(b"\n", start + size) + 1 or len(data)
        yield data[start:end]
        start = end


def _read(data: bytes, width: int, sign: str) -> _Piece | None:
    """Read a piece.

    As many signs as its rows need, and no row with too many, say that none has too few.
    """
    letters = np.frombuffer(data, dtype=np.uint8)
    rows = int(np.count_nonzero(letters == ord("\n"))) + (not data.endswith(b"\n"))
    quoted = b'"' in data
    if not sign.isascii() or (quoted and not _are_cells(letters, ord(sign))):
        return None
    try:
        frame = _parsed(data, width, sign, csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    except (ValueError, pd.errors.ParserError):
        return None
    columns = [frame[place].array for place in range(width)]
    codes = [column.codes[1:] for column in columns]
    marks = [column.codes[0] for column in columns]
    words = [list(column.categories)[:-1] for column in columns]
    as_marked = all(mark == len(listed) for mark, listed in zip(marks, words, strict=True))
    if len(frame) != rows + 1 or not as_marked or any(map(np.any, map(np.equal, codes, marks))):
        return None
    inside = sum(map(_counted, codes, words, repeat(sign))) if quoted else 0
    if np.count_nonzero(letters == ord(sign)) != rows * (width - 1) + inside:
        return None
    return _Piece(codes, words, rows)


def _are_cells(letters: NDArray[np.uint8], sign: int) -> bool:
    """Whether every quotation is a whole cell of one line without a quotation mark in it."""
    marks = np.flatnonzero(letters == ord('"'))
    if len(marks) % 2:
        return False
    opening, closing = marks[::2], marks[1::2]
    before = letters[opening[opening > 0] - 1]
    after = letters[closing[closing + 1 < len(letters)] + 1]
    ends = np.flatnonzero(letters == ord("\n"))
    return bool(
        np.isin(before, (sign, ord("\n"))).all()
        and np.isin(after, (sign, ord("\n"), ord("\r"))).all()
        and not (np.searchsorted(marks, ends) % 2).any()
    )


def _counted(codes: NDArray[Any], words: Sequence[str], sign: str) -> int:
    """Return how often the sign between cells stands inside the cells of a column."""
    times = np.array([word.count(sign) for word in words], dtype=np.int64)
    return int(times[codes].sum()) if times.any() else 0


def _parsed(data: bytes, width: int, sign: str, quoting: Literal[0, 3]) -> pd.DataFrame:
    first = sign.join([_MARK] * width).encode() + b"\n"
    return pd.read_csv(
        BytesIO(first + data),
        sep=sign,
        header=None,
        index_col=False,
        names=range(width),
        dtype="category",
        na_filter=False,
        quoting=quoting,
        skip_blank_lines=False,
        on_bad_lines="error",
        low_memory=False,
    )


def _joined(pieces: Sequence[_Piece], place: int) -> Any:
    """Return a column out of its pieces."""
    position: dict[str, int] = {}
    tables = [
        np.array([position.setdefault(word, len(position)) for word in piece.words[place]])
        for piece in pieces
    ]
    narrow = np.min_scalar_type(-len(position))
    codes = [
        np.take(table.astype(narrow), piece.codes[place], mode="wrap")
        for piece, table in zip(pieces, tables, strict=True)
    ]
    return categorical(np.concatenate(codes), list(position))
