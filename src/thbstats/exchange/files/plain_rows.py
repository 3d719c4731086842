"""Fast parsing of rows whose quotations are whole cells.

Cells are compared as integers of eight bytes, on lengths threads. Strings are made for distinct
texts only.
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
from thbstats.tables.encoding import coded

__all__ = ["read_plain_rows"]

_PIECE = 1 << 23  # bytes, plus the end of the last line
_SMALLEST = 1 << 20  # minimum bytes of a thread
_THREADS = 6

_WORD = 8  # bytes of an integer
_HEAD = 16  # integers of a line that are compared with the previous line
_LONG = 128  # maximum bytes of a cell that is compared as integers
_PADDING = _WORD * _HEAD  # bytes after a piece that may be read
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_WORD + 1)], dtype="<u8")

_MOST = np.iinfo(np.int32).max  # last position of a piece
_ROWS = 1 << 11  # lines in the cache
_LINE, _RETURN, _QUOTE = 10, 13, 34

Positions = NDArray[np.signedinteger[Any]]
T = TypeVar("T")
S = TypeVar("S")


@frozen(eq=False)
class _Column:
    """A column of a piece: codes, the rows at which they start, and texts."""

    codes: NDArray[np.intp]
    starts: Positions | slice
    rows: int
    values: Sequence[str]


def read_plain_rows(
    data: bytes, names: Sequence[str], sign: str, *, start: int = 0, most_texts: int = 10**6
) -> pd.DataFrame | None:
    """Return rows as categories of texts; an empty cell is an empty text.

    Parameters
    ----------
    data : bytes
        A text in UTF-8, without NUL characters.
    names : sequence of str
        The names of the columns.
    sign : str
        The separator of cells.
    start : int
        The position of the first row.
    most_texts : int
        The maximum number of distinct texts, counted in each piece.

    Returns
    -------
    DataFrame or None
        ``None`` if the rows need the general parser, or there are more texts.
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

    read = _map_threads(workers, read_piece, pieces)
    if texts > most_texts:
        return None
    result = [piece for piece in read if piece is not None]
    if len(result) < len(pieces):
        return None
    columns = _map_threads(workers, _joined, zip(*result, strict=True))
    return pd.DataFrame(dict(zip(names, columns, strict=True)), copy=False)


def _pieces(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    share = (len(data) - start) // (os.cpu_count() or 1) + 1
    size = min(_PIECE, max(share, _SMALLEST))
    while start < len(data):
        end = data.find(b"\n", start + size) + 1 or len(data)
        yield start, end
        start = end


def _map_threads(workers: int, call: Callable[[T], S], items: Iterable[T]) -> list[S]:
    if workers == 1:
        return [call(item) for item in items]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(call, items))


def _read(data: bytes, start: int, end: int, width: int, sign: int) -> list[_Column] | None:
    """Parse a piece: lines with the same number of cells."""
    size = end - start
    octets = np.frombuffer(data, dtype=np.uint8)[start : end + _PADDING]
    if len(octets) < size + _PADDING:
        octets = np.pad(octets, (0, size + _PADDING - len(octets)))
    ends, lines = _ends(octets[:size], sign)
    quoted: set[int] = set()
    if data.find(b'"', start, end) >= 0:
        marks = _positions_of(octets[:size], _QUOTE)
        if not _are_cells(octets, marks, sign):
            return None
        ends = _outside(ends, marks[::2], marks[1::2])
        quoted = set((np.searchsorted(ends, marks[::2]) % width).tolist())
    returned = data.find(b"\r", start, end) >= 0
    if returned and np.any(octets[_positions_of(octets[:size], _RETURN) + 1] != _LINE):
        return None
    if octets[size - 1] != _LINE:
        ends, lines = np.append(ends, np.int32(size)), lines + 1
        octets[size] = _LINE
    if len(ends) != lines * width:
        return None
    stops = _transposed(ends.reshape(lines, width))
    if np.any(octets[stops[-1]] != _LINE):
        return None
    try:
        return list(_columns(octets, stops, quoted=quoted, returned=returned))
    except UnicodeDecodeError:
        return None


def _positions_of(octets: NDArray[np.uint8], octet: int) -> Positions:
    """Return the positions of a byte."""
    result = [np.flatnonzero(octets[b] == octet) + b.start for b in row_blocks(len(octets))]
    return np.concatenate(result)


def _ends(octets: NDArray[np.uint8], sign: int) -> tuple[Positions, int]:
    """Return the positions at which cells end, and the number of lines."""
    result, lines = [], 0
    for block in row_blocks(len(octets)):
        end = octets[block] == _LINE
        lines += int(np.count_nonzero(end))
        end |= octets[block] == sign
        indices = np.flatnonzero(end).astype(np.int32)
        indices += block.start
        result.append(indices)
    return np.concatenate(result), lines


def _transposed(ends: Positions) -> Positions:
    """Return a row for each column, in blocks that fit into the cache."""
    result = np.empty(ends.shape[::-1], dtype=ends.dtype)
    for start in range(0, len(ends), _ROWS):
        result[:, start : start + _ROWS] = ends[start : start + _ROWS].T
    return result


def _are_cells(octets: NDArray[np.uint8], marks: Positions, sign: int) -> bool:
    """Whether every quotation is a whole cell without quotation marks in it."""
    if len(marks) % 2:
        return False
    opening, closing = marks[::2], marks[1::2]
    before = octets[opening[opening > 0] - 1]
    after = octets[closing + 1]
    return bool(
        np.isin(before, (sign, _LINE)).all() and np.isin(after, (sign, _LINE, _RETURN, 0)).all()
    )


def _outside(ends: Positions, opening: Positions, closing: Positions) -> Positions:
    """Return the cell ends that are not inside a quotation."""
    first, last = np.searchsorted(ends, opening), np.searchsorted(ends, closing)
    lengths = last - first
    inside = np.arange(lengths.sum()) + np.repeat(first - np.cumsum(lengths) + lengths, lengths)
    return np.delete(ends, inside)


def _columns(
    octets: NDArray[np.uint8], stops: Positions, *, quoted: set[int], returned: bool
) -> Iterator[_Column]:
    """Yield the columns of a piece.

    Cells at the start of a line that equal those of the previous line are skipped.
    """
    column = np.ndarray((len(octets) - _WORD + 1,), dtype="<u8", buffer=octets, strides=(1,))
    start = np.append(np.int32(0), stops[-1][:-1] + 1)
    equal_end = start + _equal_prefix(octets, start)
    for index, stop in enumerate(stops):
        rows = _new_text_rows(stop >= equal_end)
        begin = start[rows]
        size = stop[rows] - begin
        if returned and index == len(stops) - 1:
            size -= octets[stop[rows] - 1] == _RETURN
        if index in quoted:
            marked = octets[begin] == _QUOTE
            begin = begin + marked
            size -= 2 * marked
        codes, texts = _encoded(octets, column, begin, size)
        yield _Column(codes, rows, len(stop), [text.decode() for text in texts])
        start = stop + 1


def _new_text_rows(result: NDArray[np.bool_]) -> Positions | slice:
    """Return the rows with a new text; all rows if a selection saves little."""
    few = np.count_nonzero(result) * 4 < len(result) * 3
    return np.flatnonzero(result) if few else slice(None)


def _equal_prefix(octets: NDArray[np.uint8], line: Positions) -> Positions:
    """Return the number of leading bytes that equal those of the previous line."""
    heads = np.ndarray(
        (len(octets) - _PADDING + 1,), dtype=f"V{_PADDING}", buffer=octets, strides=(1,)
    )
    result = np.zeros(len(line), dtype=np.int32)
    for first in range(1, len(line), _ROWS):
        head = heads[line[first - 1 : first + _ROWS]].view("<u8").reshape(-1, _HEAD)
        same = head[1:] == head[:-1]
        still = np.ones(len(same), dtype=np.bool_)
        for text in same.T:
            still &= text
            result[first : first + _ROWS] += still
    return result * _WORD


def _encoded(
    octets: NDArray[np.uint8], column: NDArray[np.uint64], begin: Positions, size: Positions
) -> tuple[NDArray[np.intp], list[bytes]]:
    """Return a code for each cell, and the text of each code.

    Cells are compared by their first eight bytes, longer cells by the next eight, and very long
    cells as texts.
    """
    codes, result = pd.factorize(column[begin] & _MASKS.take(size, mode="clip"))
    longest = int(size.max())
    if longest <= _WORD:
        return codes, result.view("S8").tolist()
    count = len(result)
    for done in range(_WORD, min(longest, _LONG), _WORD):
        rows = np.flatnonzero(size > done)
        more = column[begin[rows] + done] & _MASKS.take(size[rows] - done, mode="clip")
        finer, result = pd.factorize(more)
        finer += codes[rows] * len(result)
        finer, result = pd.factorize(finer)
        codes[rows] = finer + count
        count += len(result)
    rows = np.flatnonzero(size > _LONG)
    index: dict[bytes, int] = {}
    texts = _texts(octets, begin[rows], size[rows])
    codes[rows] = [index.setdefault(text, count + len(index)) for text in texts]
    return _with_texts(codes, count + len(index), octets, begin, size)


def _with_texts(
    codes: NDArray[np.intp],
    count: int,
    octets: NDArray[np.uint8],
    begin: Positions,
    size: Positions,
) -> tuple[NDArray[np.intp], list[bytes]]:
    """Return the codes without unused ones, and the text of each code."""
    first = np.full(count, -1, dtype=np.intp)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    used = np.flatnonzero(first >= 0)
    position = np.zeros(count, dtype=np.intp)
    position[used] = np.arange(len(used))
    first = first[used]
    return position[codes], list(_texts(octets, begin[first], size[first]))


def _texts(octets: NDArray[np.uint8], begin: Positions, size: Positions) -> Iterator[bytes]:
    for start, length in zip(begin.tolist(), size.tolist(), strict=True):
        yield octets[start : start + length].tobytes()


def _joined(pieces: Sequence[_Column]) -> Any:
    """Return a column from its pieces, with sorted texts."""
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


def _fill(column: NDArray[Any], starts: Positions | slice, codes: NDArray[Any]) -> None:
    """Write codes into a column; each is repeated up to the next start."""
    if isinstance(starts, slice):
        column[starts] = codes
        return
    # A cumulative sum of steps is twice as fast as repeating codes.
    column[:] = 0
    column[starts] = np.diff(codes, prepend=codes.dtype.type(0))
    np.cumsum(column, dtype=column.dtype, out=column)
