"""Keys of rows: one number for each combination of codes."""

from collections.abc import Iterable, Iterator, Sequence
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded

Part = tuple[NDArray[Any], int]
"""Codes of rows, and the number of categories: the radix of their digit."""

_MOST_CELLS = 10_000_000
_MOST_CELLS_PER_ROW = 16
"""Limits up to which an array has one entry for each possible key, which is then its index.

For 10^6 rows of a register this takes a tenth of the time of sorting or hashing the keys.
"""

_BITS = 64
"""The number of codes in one mask."""


@frozen(eq=False)
class Keys:
    """Codes of columns with their numbers of categories, the most significant first.

    A row is a number with one digit per column, such as the time 2:05:09 is 7,509 seconds: the
    radix of a digit is the number of categories of its column.
    """

    parts: Sequence[Part]
    size: int

    @property
    def cells(self) -> int:
        """Number of possible keys."""
        return prod(radix for _, radix in self.parts)

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
        if radix <= 1:  # a constant distinguishes no rows
            continue
        keys = Keys(parts, size)
        # Before a column would exceed 64 bits, the earlier ones become one column of ranks: equal
        # and ordered as before, with at most as many categories as rows.
        if keys.cells * radix >= 2**63:
            distinct, positions = np.unique(keys.values, return_inverse=True)
            parts = [(positions, len(distinct))] if len(distinct) > 1 else []
        parts = [*parts, (codes, radix)]
    return Keys(parts, size)


def repeated(keys: Keys) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows with equal keys: the first row and a repeated row."""
    values = pd.Index(keys.values)
    if values.has_duplicates:
        # Groups are numbered in the order of their first rows.
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
    # By possible key, its first row: written from the last row to the first, so that it remains.
    first_of_key = np.full(keys.cells, -1, dtype=np.intp)
    first_of_key[values[::-1]] = np.arange(keys.size - 1, -1, -1)
    used = np.flatnonzero(first_of_key >= 0)
    # By used key, its group; the entries of other keys are not read.
    group_of_key = np.empty(keys.cells, dtype=np.intp)
    group_of_key[used] = np.arange(len(used))
    return group_of_key[values], first_of_key[used]


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
    # Sorted pairs: those of a group are adjacent, from `starts` to `ends`.
    owner, code = distinct_pairs(group, codes, (int(group.max()) + 1, n_codes))
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    ends = np.append(starts[1:], len(code))
    # Equal sets get one number, without a Python set for each of up to 10^6 groups. A set of 64
    # codes is a mask of bits; sets of more codes are numbered by their number so far and the next
    # mask. `first` is the first group of each number.
    number = first = np.zeros(len(starts), dtype=np.intp)
    for start in range(0, n_codes, _BITS):
        inside = (code >= start) & (code < start + _BITS)
        bits = np.left_shift(np.uint64(1), (code % _BITS).astype(np.uint64))
        masks = np.bitwise_or.reduceat(np.where(inside, bits, np.uint64(0)), starts)
        _, mask_number = np.unique(masks, return_inverse=True)
        both = number * (int(mask_number.max()) + 1) + mask_number
        _, first, number = np.unique(both, return_index=True, return_inverse=True)
    return Coded(number, [frozenset(code[starts[g] : ends[g]].tolist()) for g in first.tolist()])


def _is_dense(cells: int, rows: int) -> bool:
    """Whether an array with one entry for each possible key is small next to the rows."""
    return cells <= min(_MOST_CELLS, _MOST_CELLS_PER_ROW * rows)
