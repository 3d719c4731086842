"""Keys of rows: one number for each combination of codes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import narrowest_type, row_blocks

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

    def block(self, rows: slice) -> NDArray[Any]:
        """Return the keys of rows; equal rows have equal keys."""
        # A column of one code does not change the key.
        parts: list[Part] = [(codes[rows], radix) for codes, radix in self.parts if radix > 1]
        for dtype in (np.uint8, np.uint16, np.uint32, np.uint64):
            if len(parts) > 1:
                parts = _merged(parts, dtype)
        if parts:
            return parts[0][0]
        return np.zeros(len(range(*rows.indices(self.size))), dtype=np.uint8)

    @property
    def values(self) -> NDArray[Any]:
        """Keys of all rows."""
        values = np.empty(self.size, dtype=narrowest_type(self.cells))
        for block in row_blocks(self.size):
            values[block] = self.block(block)
        return values


def _merged(parts: Sequence[Part], dtype: Any) -> list[Part]:
    """Return the parts, merged while their product fits the dtype."""
    joined = [parts[0]]
    for codes, radix in parts[1:]:
        before, cells = joined[-1]
        if cells * radix > np.iinfo(dtype).max + 1:
            joined.append((codes, radix))
            continue
        both = before.astype(dtype)
        both *= dtype(radix)
        both += codes.astype(dtype, copy=False)
        joined[-1] = (both, cells * radix)
    return joined


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
    if has_repeats(keys):
        values = pd.Index(keys.values)
        is_repeated, group = values.duplicated(), values.factorize()[0]
        first = np.flatnonzero(~is_repeated)
        for row in np.flatnonzero(is_repeated).tolist():
            yield int(first[group[row]]), row


def has_repeats(keys: Keys) -> bool:
    """Return whether two rows have the same key."""
    if keys.size <= 1 or keys.size > keys.cells:
        return keys.size > 1
    if not _is_dense(keys.cells, keys.size):
        return _has_repeats_in_slots(keys.values)
    seen = np.zeros(keys.cells, dtype=np.bool_)
    for block in row_blocks(keys.size):
        # numpy is twice as fast with positions of type intp.
        seen[keys.block(block).astype(np.intp)] = True
    return int(np.count_nonzero(seen)) < keys.size


def _has_repeats_in_slots(values: NDArray[Any]) -> bool:
    """Return whether two rows have the same key, by hashing (faster than sorting)."""
    # Every row writes its number into the slot of its key. A row whose slot contains another
    # number has an equal key or a collision; only such rows are compared.
    bits = max(4, int(len(values) * 4).bit_length())
    slots = mixed(values, bits)
    owner = np.empty(1 << bits, dtype=np.uint32)
    for block in row_blocks(len(values)):
        owner[slots[block]] = np.arange(block.start, block.stop, dtype=np.uint32)
    lost = np.concatenate(
        [
            np.flatnonzero(owner[slots[block]] != np.arange(block.start, block.stop)) + block.start
            for block in row_blocks(len(values))
        ]
    )
    losers = np.sort(values[lost])
    beaten = bool(np.any(values[owner[slots[lost]]] == values[lost]))
    return beaten or bool(np.any(losers[1:] == losers[:-1]))


def mixed(values: NDArray[Any], bits: int) -> NDArray[np.intp]:
    """Return a hash slot of each value; equal values have equal slots."""
    slots = np.empty(len(values), dtype=np.intp)
    for block in row_blocks(len(values)):
        spread = values[block].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        slots[block] = spread >> np.uint64(64 - bits)
    return slots


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
