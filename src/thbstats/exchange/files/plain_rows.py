"""Rows of text in which quotations are whole cells, read piece by piece on every core."""

import csv
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any, Literal

import numpy as np
import pandas as pd
from attrs import define, frozen
from numpy.typing import NDArray

from thbstats.tables.categories import coded
from thbstats.tables.columns import blocks, looked_up

__all__ = ["read_plain_rows"]

# Two threads read smaller pieces no faster than one does: they wait for each other.
_PIECE = 1 << 23
_THREADS = 6

# Stands above the rows of every piece. Since it is no number, pandas takes no column for numbers,
# in which 007 and 7 would be one, and needs no dtype, with which it takes twice as long.
_MARK = "\U0010ffff"

_RUN = 2  # in how many rows one after another a text usually stands, so that it is looked up once


@frozen(eq=False)
class _Piece:
    codes: Sequence[NDArray[Any]]
    words: Sequence[Sequence[str]]


@define(eq=False)
class _Marked:
    """A piece of a text with a row of marks above it, as a file.

    It gives bytes and is none of Python's files of bytes: pandas would take them for text, and
    decode and encode all that it reads.
    """

    marks: bytes
    data: bytes
    start: int
    end: int

    def read(self, size: int) -> bytes:
        """Return the marks, then about as many bytes as are asked for."""
        if marks := self.marks:
            self.marks = b""
            return marks
        start, self.start = self.start, min(self.start + size, self.end)
        return self.data[start : self.start]


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
    if start == len(data) or len(names) == 1 or returns or not sign.isascii():
        return None
    pieces = _all_read(data, list(_pieces(data, start)), len(names), sign)
    found = [piece for piece in pieces if piece is not None]
    if len(found) < len(pieces):
        return None
    columns = {name: _joined(found, place) for place, name in enumerate(names)}
    return pd.DataFrame(columns, copy=False)


def _pieces(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    while start < len(data):
        end = data.find(b"\n", start + _PIECE) + 1 or len(data)
        yield start, end
        start = end


def _all_read(
    data: bytes, ends: Sequence[tuple[int, int]], width: int, sign: str
) -> list[_Piece | None]:
    workers = min(_THREADS, os.cpu_count() or 1, len(ends))
    if workers == 1:
        return [_read(data, start, end, width, sign) for start, end in ends]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(lambda piece: _read(data, piece[0], piece[1], width, sign), ends))


def _read(data: bytes, start: int, end: int, width: int, sign: str) -> _Piece | None:
    """Read a piece.

    As many signs as its rows need, and no row with too many, say that none has too few.
    """
    letters = np.frombuffer(data, dtype=np.uint8)[start:end]
    rows = _times(letters, "\n") + (letters[-1] != ord("\n"))
    quoted = data.find(b'"', start, end) >= 0
    if quoted and not _are_cells(letters, ord(sign)):
        return None
    marks = sign.join([_MARK] * width).encode() + b"\n"
    try:
        frame = _parsed(_Marked(marks, data, start, end), width, sign, quoted=quoted)
        codes, words = zip(*(_encoded(frame[place].array) for place in range(width)), strict=True)
    except (ValueError, pd.errors.ParserError):
        return None
    if len(frame) != rows + 1 or any(column.min() < 0 for column in codes):
        return None
    inside = sum(map(_counted, codes, words, repeat(sign))) if quoted else 0
    if _times(letters, sign) != rows * (width - 1) + inside:
        return None
    return _Piece(codes, words)


def _times(letters: NDArray[np.uint8], sign: str) -> int:
    """Return how often a sign stands in a text; bytes.count takes five times as long."""
    return sum(int(np.count_nonzero(letters[b] == ord(sign))) for b in blocks(len(letters)))


def _are_cells(letters: NDArray[np.uint8], sign: int) -> bool:
    """Whether every quotation is a whole cell without a quotation mark in it."""
    marks = np.flatnonzero(letters == ord('"'))
    if len(marks) % 2:
        return False
    opening, closing = marks[::2], marks[1::2]
    before = letters[opening[opening > 0] - 1]
    after = letters[closing[closing + 1 < len(letters)] + 1]
    return bool(
        np.isin(before, (sign, ord("\n"))).all()
        and np.isin(after, (sign, ord("\n"), ord("\r"))).all()
    )


def _parsed(text: Any, width: int, sign: str, *, quoted: bool) -> pd.DataFrame:
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    return pd.read_csv(
        text,
        sep=sign,
        header=None,
        index_col=False,
        names=range(width),
        na_filter=False,
        quoting=quoting,
        skip_blank_lines=False,
        on_bad_lines="error",
        low_memory=False,
    )


def _encoded(cells: Any) -> tuple[NDArray[Any], list[str]]:
    """Return the texts below the mark as codes, the mark itself as -1, and what they stand for.

    A text that stands in several rows one after another is looked up once.
    """
    starts = _starts(cells)
    # As a column, since older versions of pandas do not take every array.
    codes, found = pd.factorize(pd.Series(cells if starts is None else cells[starts], copy=False))
    words: list[str] = found.tolist()
    codes -= 1
    codes = codes.astype(np.min_scalar_type(-len(words)))
    if starts is not None:
        codes = np.repeat(codes, np.diff(starts, append=len(cells)))
    return codes[1:], words[1:]


def _starts(cells: Any) -> NDArray[np.intp] | None:
    """Return where another text than that above stands, if most rows repeat the one above.

    Only pyarrow, if it holds the texts, compares them faster than it looks them up.
    """
    if getattr(cells.dtype, "storage", "") != "pyarrow":
        return None
    starts = np.flatnonzero(np.append(True, cells[1:] != cells[:-1]))
    return starts if len(starts) * _RUN <= len(cells) else None


def _counted(codes: NDArray[Any], words: Sequence[str], sign: str) -> int:
    """Return how often the sign between cells stands inside the cells of a column."""
    times = np.array([word.count(sign) for word in words], dtype=np.int64)
    return int(times[codes].sum()) if times.any() else 0


def _joined(pieces: Sequence[_Piece], place: int) -> Any:
    """Return a column out of its pieces, its words in their order."""
    words = sorted({word for piece in pieces for word in piece.words[place]})
    position = {word: code for code, word in enumerate(words)}
    narrow = np.min_scalar_type(-len(words))
    codes = [
        looked_up(
            np.array([position[word] for word in piece.words[place]], dtype=narrow),
            piece.codes[place],
        )
        for piece in pieces
    ]
    return coded(np.concatenate(codes), words)
