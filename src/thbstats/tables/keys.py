"""Keys of rows: one number for each combination of codes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded

Part = tuple[NDArray[Any], int]

_DENSE = 10_000_000  # cells up to which an array with one entry per cell is cheap
_SPARSE = 16  # cells per row above which most of that array would stay empty


_BITS = 64
"""The number of codes in one mask."""


@frozen(eq=False)
class Keys:
    """Packed codes of columns with their numbers of categories, the most significant first."""

    parts: Sequence[Part]
    size: int

    @property
    def cells(self) -> int:
        """Number of possible keys."""
        cells = 1
        for _, radix in self.parts:
            cells *= radix
        return cells

    @property
    def values(self) -> NDArray[Any]:
        """Keys of all rows; equal rows have equal keys."""
        values = np.zeros(self.size, dtype=np.int64)
        for codes, radix in self.parts:
            values *= radix
            values += codes.astype(np.int64, copy=False)
        return values


def pack(columns: Iterable[Coded[Any]], size: int) -> Keys:
    """Return the mixed-radix keys of columns, the first the most significant."""
    return packed([(column.codes, len(column.categories)) for column in columns], size)


def packed(columns: Iterable[Part], size: int) -> Keys:
    """Return the keys of columns of codes with their numbers of categories."""
    parts: list[Part] = []
    for codes, radix in columns:
        if radix > 1:
            keys = Keys(parts, size)
            if keys.cells * radix >= 2**63:  # renumber: another column would exceed 64 bits
                distinct, positions = np.unique(keys.values, return_inverse=True)
                parts = [(positions, len(distinct))] if len(distinct) > 1 else []
            parts = [*parts, (codes, radix)]
    return Keys(parts, size)


def repeated(keys: Keys) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows with equal keys: the first row and a repeated row."""
    values = pd.Index(keys.values)
    if values.has_duplicates:
        is_repeated, group = values.duplicated(), values.factorize()[0]
        first = np.flatnonzero(~is_repeated)
        for row in np.flatnonzero(is_repeated).tolist():
            yield int(first[group[row]]), row


def groups(keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each row and the first row of each group, in order of keys."""
    values = keys.values
    if not _is_dense(keys.cells, keys.size):
        _, first, group = np.unique(values, return_index=True, return_inverse=True)
        return group.astype(np.intp, copy=False), first
    first_of_key = np.full(keys.cells, -1, dtype=np.intp)
    first_of_key[values[::-1]] = np.arange(keys.size - 1, -1, -1)
    result = np.flatnonzero(first_of_key >= 0)
    rank = np.empty(keys.cells, dtype=np.intp)
    rank[result] = np.arange(len(result))
    return rank[values], first_of_key[result]


def distinct_pairs(
    left: NDArray[Any], right: NDArray[Any], sizes: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct pairs of codes, in order, as two columns."""
    first, second = sizes
    keys = left.astype(np.int64) * second + right
    if _is_dense(first * second, len(keys)):
        seen = np.zeros(first * second, dtype=np.bool_)
        seen[keys] = True
        pairs = np.flatnonzero(seen)
    else:
        # np.unique is slow if nearly all keys are distinct.
        keys.sort()
        pairs = keys[np.flatnonzero(np.diff(keys, prepend=-1))]
    return pairs // second, pairs % second


def code_sets(group: NDArray[np.intp], codes: NDArray[Any], n_codes: int) -> Coded[frozenset[int]]:
    """Return the set of codes of each group; every group has a row."""
    owner, code = distinct_pairs(group, codes, (int(group.max()) + 1, n_codes))
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    first = pattern = np.zeros(len(starts), dtype=np.intp)
    for start in range(0, n_codes, _BITS):
        inside = (code >= start) & (code < start + _BITS)
        bits = np.left_shift(np.uint64(1), (code % _BITS).astype(np.uint64))
        masks = np.bitwise_or.reduceat(np.where(inside, bits, np.uint64(0)), starts)
        _, block = np.unique(masks, return_inverse=True)
        joined = block if start == 0 else pattern * (int(block.max()) + 1) + block
        _, first, pattern = np.unique(joined, return_index=True, return_inverse=True)
    ends = np.append(starts[1:], len(code))
    return Coded(pattern, [frozenset(code[starts[g] : ends[g]].tolist()) for g in first.tolist()])


def _is_dense(cells: int, rows: int) -> bool:
    return cells <= min(_DENSE, _SPARSE * rows)
