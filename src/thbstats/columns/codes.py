"""Arrays of codes: their types, look-up tables and distinct values."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_BLOCK = 1 << 16
_SAMPLE = 1 << 14  # usually contains every category
_LETTERS = 256
_SIGNED = ((np.int8, 2**7 - 1), (np.int16, 2**15 - 1), (np.int32, 2**31 - 1))
_UNSIGNED = ((np.uint8, 2**8), (np.uint16, 2**16), (np.uint32, 2**32))
"""Types and their number of codes; signed types also have -1."""


def seal(array: Array) -> Array:
    """Return the array, no longer writable."""
    array.flags.writeable = False
    return array


def repeat(value: Any, size: int) -> Array:
    """Return a column with one value in every row, as a view of that value."""
    scalar = np.asarray(value)
    column: Array = np.ndarray((size,), scalar.dtype, scalar.tobytes(), strides=(0,))
    return column


def take_rows(column: Array, rows: Any) -> Array:
    """Return some rows of a column; a view of one value stays one."""
    if column.strides != (0,) or not len(column) or isinstance(rows, slice):
        taken: Array = column[rows]
        return taken
    chosen = np.asarray(rows)
    size = np.count_nonzero(chosen) if chosen.dtype == np.bool_ else len(chosen)
    return repeat(column[0], int(size))


def narrowest_type(size: int, *, signed: bool = False) -> Any:
    """Return the narrowest integer type for a number of different codes."""
    if signed:
        return next((dtype for dtype, limit in _SIGNED if size <= limit), np.int64)
    return next((dtype for dtype, limit in _UNSIGNED if size <= limit), np.uint64)


def row_blocks(size: int) -> Iterator[slice]:
    """Yield slices of rows that fit into the processor cache."""
    return (slice(start, min(start + _BLOCK, size)) for start in range(0, size, _BLOCK))


def lookup(table: Array, codes: Array, out: Array | None = None) -> Array:
    """Return the entry of a table for each code; -1 has the last entry."""
    result = _memory(len(codes), table.dtype, out)
    if table.dtype.itemsize == 1 and codes.dtype.itemsize == 1:
        # Bytes as text, which is twice as fast as numpy's look-up by integers.
        entries, letters = table.view(np.uint8), np.zeros(_LETTERS, dtype=np.uint8)
        letters[: len(entries)] = entries[:_LETTERS]
        if codes.dtype.kind == "i":
            letters[-1] = entries[-1]  # -1 as an unsigned byte
        text, values = letters.tobytes(), result.view(np.uint8)
        for block in row_blocks(len(codes)):
            values[block] = np.frombuffer(codes[block].tobytes().translate(text), dtype=np.uint8)
        return result
    for block in row_blocks(len(codes)):
        # Without a mode, numpy makes a further copy.
        np.take(table, codes[block], out=result[block], mode="wrap")
    return result


def narrow(codes: Array, dtype: Any, out: Array | None = None) -> Array:
    """Return codes in a narrower type."""
    result = _memory(len(codes), dtype, out)
    np.copyto(result, codes, casting="unsafe")
    return result


def _memory(size: int, dtype: Any, out: Array | None) -> Array:
    return np.empty(size, dtype) if out is None or out.dtype != dtype else out


def used_codes(codes: Array, size: int) -> list[int]:
    """Return the used codes below a size in order, without -1."""
    if len(codes) == 1:
        return [int(codes[0])] if codes[0] >= 0 else []
    step = len(codes) // _SAMPLE | 1  # odd, since most cycles of categories are even
    used = _used(codes[::step], size)
    return used if step == 1 or len(used) == size else _used(codes, size)


def _used(codes: Array, size: int) -> list[int]:
    shifted = codes.astype(np.intp)
    shifted += 1
    return np.flatnonzero(np.bincount(shifted, minlength=size + 1)[1:]).tolist()
