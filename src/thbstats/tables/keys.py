"""One number per row that tells its cell from every other."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.tables.columns import Codes, narrowest

__all__ = ["Keys", "groups", "pack", "repeated"]

_DENSE = 10_000_000  # cells up to which an array with one entry per cell is cheap
_BLOCK = 1 << 18  # rows that fit into the cache with their codes


@frozen(eq=False)
class Keys:
    """Packed codes of several columns.

    Parameters
    ----------
    values : array of unsigned int, shape (n,)
        Equal where all columns are equal, and in the same order as the columns.
    cells : int
        More than the largest value.
    """

    values: NDArray[Any]
    cells: int


def pack(columns: Iterable[Codes], size: int) -> Keys:
    """Return the mixed-radix key of some columns, the first the most significant."""
    varying = [column for column in columns if len(column.categories) > 1]
    parts: list[tuple[NDArray[Any], int]] = []
    for column in varying:
        parts = _fitting(parts, len(column.categories))
        parts.append((column.codes, len(column.categories)))
    return _combined(parts, size)


def _fitting(parts: list[tuple[NDArray[Any], int]], more: int) -> list[tuple[NDArray[Any], int]]:
    """Return the parts, densely renumbered when one more would pass 64 bits."""
    if _product(parts) * more < 2**63:
        return parts
    values, places = np.unique(_combined(parts, len(parts[0][0])).values, return_inverse=True)
    return [(places, len(values))]


def _product(parts: list[tuple[NDArray[Any], int]]) -> int:
    cells = 1
    for _, size in parts:
        cells *= size
    return cells


def _combined(parts: list[tuple[NDArray[Any], int]], size: int) -> Keys:
    cells = _product(parts)
    values = np.zeros(size, dtype=narrowest(cells))
    for block in _blocks(size):
        part = values[block]
        for codes, radix in parts:
            part *= values.dtype.type(radix)
            # The places of a renumbering are signed; their values fit all the same.
            np.add(part, codes[block], out=part, casting="unsafe")
    return Keys(values, cells)


def _blocks(size: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, size, _BLOCK))


def repeated(keys: Keys) -> list[tuple[int, int]]:
    """Return the rows whose key an earlier row has, each after that earlier row."""
    if not _has_repeats(keys):
        return []
    order = np.argsort(keys.values, kind="stable")
    ordered = keys.values[order]
    same = ordered[1:] == ordered[:-1]
    starts = np.flatnonzero(np.concatenate(([True], ~same)))
    firsts = order[np.repeat(starts, np.diff(np.append(starts, len(order))))]
    pairs = sorted(
        (int(row), int(first)) for row, first in zip(order[1:][same], firsts[1:][same], strict=True)
    )
    return [(first, row) for row, first in pairs]


def _has_repeats(keys: Keys) -> bool:
    if len(keys.values) > keys.cells:
        return True
    if keys.cells <= _DENSE:
        seen = np.zeros(keys.cells, dtype=np.bool_)
        for block in _blocks(len(keys.values)):
            seen[keys.values[block]] = True
        return int(np.count_nonzero(seen)) < len(keys.values)
    ordered = np.sort(keys.values)
    return bool(np.any(ordered[1:] == ordered[:-1]))


def groups(keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each row, and the first row of each group; groups in order of key."""
    _, first, group = np.unique(keys.values, return_index=True, return_inverse=True)
    return group.astype(np.intp, copy=False), first
