"""Rows of text in which quotations are whole cells, taken apart piece by piece on every core.

Texts are told apart as numbers: eight letters are one, so that a column is compared and encoded
without a string for every cell. A string is made only of what is distinct.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns.codes import lookup, narrowest_type, row_blocks
from thbstats.tables.categories import coded

__all__ = ["read_plain_rows"]

_PIECE = 1 << 23  # bytes, besides what the last line has more
_SMALLEST = 1 << 20  # bytes that are worth a thread of their own
_THREADS = 6

_WORD = 8  # letters in a number
_HEAD = 16  # words of a line that are compared with those of the line above
_LONG = 128  # letters up to which a cell is told from others as numbers
_BEYOND = _WORD * _HEAD  # letters behind a piece that may be looked at
_KEPT = np.array([(1 << 8 * size) - 1 for size in range(_WORD + 1)], dtype="<u8")

_MOST = np.iinfo(np.int32).max  # where a letter of a piece can be
_ROWS = 1 << 11  # lines that fit into the cache
_LINE, _RETURN, _QUOTE = 10, 13, 34

Places = NDArray[np.signedinteger[Any]]
T = TypeVar("T")
S = TypeVar("S")


@frozen(eq=False)
class _Column:
    """A column of a piece: numbers of words, where these numbers start to stand, and the words."""

    codes: NDArray[np.intp]
    starts: Places | slice
    rows: int
    values: Sequence[str]


def read_plain_rows(
    data: bytes, names: Sequence[str], sign: str, *, start: int = 0, most_texts: int = 10**6
) -> pd.DataFrame | None:
    """Return rows as categories of texts, an empty cell as an empty text.

    Parameters
    ----------
    data : bytes
        A text in UTF-8, without NUL.
    names : sequence of str
        The names of the columns.
    sign : str
        The sign between cells.
    start : int
        Where the first row starts.
    most_texts : int
        How many different texts the pieces can have; a text counts once in each piece.

    Returns
    -------
    DataFrame or None
        ``None`` where a row has more or fewer cells, there are more texts, or anything else asks
        for more care.
    """
    if start == len(data) or len(names) == 1 or not sign.isascii():
        return None
    pieces = list(_pieces(data, start))
    if any(end - begin > _MOST for begin, end in pieces):
        return None
    workers = min(_THREADS, os.cpu_count() or 1, len(pieces))
    texts = 0

    def read_piece(piece: tuple[int, int]) -> list[_Column] | None:
        nonlocal texts
        if texts > most_texts:
            return None
        columns = _read(data, *piece, len(names), ord(sign)) or []
        texts += sum(len(column.values) for column in columns)
        return columns or None

    read = _each(workers, read_piece, pieces)
    if texts > most_texts:
        return None
    found = [piece for piece in read if piece is not None]
    if len(found) < len(pieces):
        return None
    columns = _each(workers, _joined, zip(*found, strict=True))
    return pd.DataFrame(dict(zip(names, columns, strict=True)), copy=False)


def _pieces(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    share = (len(data) - start) // (os.cpu_count() or 1) + 1
    size = min(_PIECE, max(share, _SMALLEST))
    while start < len(data):
        end = data.find(b"\n", start + size) + 1 or len(data)
        yield start, end
        start = end


def _each(workers: int, call: Callable[[T], S], items: Iterable[T]) -> list[S]:
    if workers == 1:
        return [call(item) for item in items]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(call, items))


def _read(data: bytes, start: int, end: int, width: int, sign: int) -> list[_Column] | None:
    """Read a piece: lines that end behind every so many cells, and nowhere else."""
    size = end - start
    letters = np.frombuffer(data, dtype=np.uint8)[start : end + _BEYOND]
    if len(letters) < size + _BEYOND:
        letters = np.pad(letters, (0, size + _BEYOND - len(letters)))
    ends, lines = _ends(letters[:size], sign)
    quoted: set[int] = set()
    if data.find(b'"', start, end) >= 0:
        marks = _where(letters[:size], _QUOTE)
        if not _are_cells(letters, marks, sign):
            return None
        ends = _outside(ends, marks[::2], marks[1::2])
        quoted = set((np.searchsorted(ends, marks[::2]) % width).tolist())
    returned = data.find(b"\r", start, end) >= 0
    if returned and np.any(letters[_where(letters[:size], _RETURN) + 1] != _LINE):
        return None
    if letters[size - 1] != _LINE:
        ends, lines = np.append(ends, np.int32(size)), lines + 1
        letters[size] = _LINE
    if len(ends) != lines * width:
        return None
    stops = _transposed(ends.reshape(lines, width))
    if np.any(letters[stops[-1]] != _LINE):
        return None
    try:
        return list(_columns(letters, stops, quoted=quoted, returned=returned))
    except UnicodeDecodeError:
        return None


def _where(letters: NDArray[np.uint8], letter: int) -> Places:
    """Return where a letter stands."""
    found = [np.flatnonzero(letters[b] == letter) + b.start for b in row_blocks(len(letters))]
    return np.concatenate(found)


def _ends(letters: NDArray[np.uint8], sign: int) -> tuple[Places, int]:
    """Return where cells end, and how many lines do."""
    found, lines = [], 0
    for block in row_blocks(len(letters)):
        end = letters[block] == _LINE
        lines += int(np.count_nonzero(end))
        end |= letters[block] == sign
        indices = np.flatnonzero(end).astype(np.int32)
        indices += block.start
        found.append(indices)
    return np.concatenate(found), lines


def _transposed(ends: Places) -> Places:
    """Return a row for each column, made of blocks that fit into the cache."""
    found = np.empty(ends.shape[::-1], dtype=ends.dtype)
    for start in range(0, len(ends), _ROWS):
        found[:, start : start + _ROWS] = ends[start : start + _ROWS].T
    return found


def _are_cells(letters: NDArray[np.uint8], marks: Places, sign: int) -> bool:
    """Whether every quotation is a whole cell without a quotation mark in it."""
    if len(marks) % 2:
        return False
    opening, closing = marks[::2], marks[1::2]
    before = letters[opening[opening > 0] - 1]
    after = letters[closing + 1]
    return bool(
        np.isin(before, (sign, _LINE)).all() and np.isin(after, (sign, _LINE, _RETURN, 0)).all()
    )


def _outside(ends: Places, opening: Places, closing: Places) -> Places:
    """Return the ends that do not stand in a quotation."""
    first, last = np.searchsorted(ends, opening), np.searchsorted(ends, closing)
    several = last - first
    inside = np.arange(several.sum()) + np.repeat(first - np.cumsum(several) + several, several)
    return np.delete(ends, inside)


def _columns(
    letters: NDArray[np.uint8], stops: Places, *, quoted: set[int], returned: bool
) -> Iterator[_Column]:
    """Yield the columns of a piece.

    Where a line begins as the one above does, its first cells are the same and not looked at.
    """
    column = np.ndarray((len(letters) - _WORD + 1,), dtype="<u8", buffer=letters, strides=(1,))
    start = np.append(np.int32(0), stops[-1][:-1] + 1)
    alike = start + _alike(letters, start)
    for index, stop in enumerate(stops):
        rows = _another(stop >= alike)
        begin = start[rows]
        size = stop[rows] - begin
        if returned and index == len(stops) - 1:
            size -= letters[stop[rows] - 1] == _RETURN
        if index in quoted:
            marked = letters[begin] == _QUOTE
            begin = begin + marked
            size -= 2 * marked
        codes, texts = _encoded(letters, column, begin, size)
        yield _Column(codes, rows, len(stop), [text.decode() for text in texts])
        start = stop + 1


def _another(found: NDArray[np.bool_]) -> Places | slice:
    """Return the rows where another text can begin: all, if to choose them saves little."""
    few = np.count_nonzero(found) * 4 < len(found) * 3
    return np.flatnonzero(found) if few else slice(None)


def _alike(letters: NDArray[np.uint8], line: Places) -> Places:
    """Return how many letters of each line stand at the beginning of the one above it, too."""
    heads = np.ndarray(
        (len(letters) - _BEYOND + 1,), dtype=f"V{_BEYOND}", buffer=letters, strides=(1,)
    )
    found = np.zeros(len(line), dtype=np.int32)
    for first in range(1, len(line), _ROWS):
        head = heads[line[first - 1 : first + _ROWS]].view("<u8").reshape(-1, _HEAD)
        same = head[1:] == head[:-1]
        still = np.ones(len(same), dtype=np.bool_)
        for text in same.T:
            still &= text
            found[first : first + _ROWS] += still
    return found * _WORD


def _encoded(
    letters: NDArray[np.uint8], column: NDArray[np.uint64], begin: Places, size: Places
) -> tuple[NDArray[np.intp], list[bytes]]:
    """Return a number for each cell, the same where the texts are, and the text of each number.

    Cells are told apart by their first eight letters; those that are longer by the next eight, and
    so on; those that are very long as texts.
    """
    codes, found = pd.factorize(column[begin] & _KEPT.take(size, mode="clip"))
    longest = int(size.max())
    if longest <= _WORD:
        return codes, found.view("S8").tolist()
    count = len(found)
    for done in range(_WORD, min(longest, _LONG), _WORD):
        rows = np.flatnonzero(size > done)
        more = column[begin[rows] + done] & _KEPT.take(size[rows] - done, mode="clip")
        finer, found = pd.factorize(more)
        finer += codes[rows] * len(found)
        finer, found = pd.factorize(finer)
        codes[rows] = finer + count
        count += len(found)
    rows = np.flatnonzero(size > _LONG)
    index: dict[bytes, int] = {}
    texts = _texts(letters, begin[rows], size[rows])
    codes[rows] = [index.setdefault(text, count + len(index)) for text in texts]
    return _with_texts(codes, count + len(index), letters, begin, size)


def _with_texts(
    codes: NDArray[np.intp], count: int, letters: NDArray[np.uint8], begin: Places, size: Places
) -> tuple[NDArray[np.intp], list[bytes]]:
    """Return codes without those that no cell has any longer, and the text of each."""
    first = np.full(count, -1, dtype=np.intp)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    used = np.flatnonzero(first >= 0)
    position = np.zeros(count, dtype=np.intp)
    position[used] = np.arange(len(used))
    first = first[used]
    return position[codes], list(_texts(letters, begin[first], size[first]))


def _texts(letters: NDArray[np.uint8], begin: Places, size: Places) -> Iterator[bytes]:
    for start, length in zip(begin.tolist(), size.tolist(), strict=True):
        yield letters[start : start + length].tobytes()


def _joined(pieces: Sequence[_Column]) -> Any:
    """Return a column out of its pieces, its words in their order."""
    values = sorted({text for piece in pieces for text in piece.values})
    position = {text: code for code, text in enumerate(values)}
    codes = np.empty(
        sum(piece.rows for piece in pieces), dtype=narrowest_type(len(values), signed=True)
    )
    start = 0
    for piece in pieces:
        table = np.array([position[text] for text in piece.values], dtype=codes.dtype)
        _fill(codes[start : start + piece.rows], piece.starts, lookup(table, piece.codes))
        start += piece.rows
    return coded(codes, values)


def _fill(column: NDArray[Any], starts: Places | slice, codes: NDArray[Any]) -> None:
    """Write codes into a column, each from where it starts up to where the next one does."""
    if isinstance(starts, slice):
        column[starts] = codes
        return
    # The sum of all steps up to a row; it takes half as long as to repeat the codes.
    column[:] = 0
    column[starts] = np.diff(codes, prepend=codes.dtype.type(0))
    np.cumsum(column, dtype=column.dtype, out=column)
