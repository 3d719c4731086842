"""Arrays of codes: their types, look-up tables and distinct values."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_SIGNED = ((np.int8, 2**7 - 1), (np.int16, 2**15 - 1), (np.int32, 2**31 - 1))
_UNSIGNED = ((np.uint8, 2**8), (np.uint16, 2**16), (np.uint32, 2**32))
"""Types and their number of codes; signed types also have -1."""


def seal(array: Array) -> Array:
    """Return the array as read-only."""
    array.flags.writeable = False
    return array


def repeat(value: Any, size: int) -> Array:
    """Return a column with one value in every row, as a view of that value."""
    scalar = np.asarray(value)
    # Strides of 0: each row reads the same bytes. Such a column takes no memory for its rows.
    column: Array = np.ndarray((size,), scalar.dtype, scalar.tobytes(), strides=(0,))
    return column


def take_rows(column: Array, rows: Any) -> Array:
    """Return some rows of a column; a view of one value stays one."""
    if column.strides != (0,) or not len(column) or isinstance(rows, slice):
        taken: Array = column[rows]
        return taken
    # An index array would copy the value into every row; only the number of rows matters.
    chosen = np.asarray(rows)
    size = np.count_nonzero(chosen) if chosen.dtype == np.bool_ else len(chosen)
    return repeat(column[0], int(size))


def narrowest_type(size: int, *, signed: bool = False) -> Any:
    """Return the narrowest integer type for a number of different codes."""
    if signed:
        return next((dtype for dtype, limit in _SIGNED if size <= limit), np.int64)
    return next((dtype for dtype, limit in _UNSIGNED if size <= limit), np.uint64)


def lookup(table: Array, codes: Array) -> Array:
    """Return the entry of a table for each code; -1 has the last entry."""
    entries: Array = table[codes]  # numpy counts -1 from the end
    return entries


def used_codes(codes: Array, size: int) -> list[int]:
    """Return the used codes below a size in order, without -1."""
    # `bincount` takes no negative numbers, so -1 moves to entry 0, which is then left out.
    frequencies = np.bincount(codes.astype(np.intp) + 1, minlength=size + 1)[1:]
    return np.flatnonzero(frequencies).tolist()
