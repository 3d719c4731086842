"""Sets of codes in groups of rows."""

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.tables.keys import distinct_pairs

__all__ = ["CodeSets", "code_sets"]

_BITS = 64


@frozen(eq=False, kw_only=True)
class CodeSets:
    """Distinct sets of codes of groups.

    Parameters
    ----------
    of_group : array of int, shape (groups,)
        Position in ``sets`` of each group.
    sets : list of frozenset of int
        The distinct sets.
    """

    of_group: NDArray[np.intp]
    sets: list[frozenset[int]]


def code_sets(group: NDArray[np.intp], codes: NDArray[Any], n_codes: int) -> CodeSets:
    """Return the set of codes of each group."""
    owner, code = distinct_pairs(group, codes, (int(group.max()) + 1, n_codes))
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    if len(starts) == len(owner):
        found, of_group = np.unique(code, return_inverse=True)
        return CodeSets(of_group=of_group, sets=[frozenset({int(item)}) for item in found])
    masks = np.stack([_mask(code, block, starts) for block in range(-(-n_codes // _BITS))], axis=1)
    of_group, first = _same_rows(masks)
    return CodeSets(of_group=of_group, sets=[_bits(row) for row in masks[first]])


def _same_rows(masks: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the number of each distinct row, and its first position."""
    column: NDArray[Any] = masks[:, 0]
    for block in masks.T[1:]:
        _, left = np.unique(column, return_inverse=True)
        found, right = np.unique(block, return_inverse=True)
        column = left.astype(np.int64) * len(found) + right
    _, first, of_group = np.unique(column, return_index=True, return_inverse=True)
    return of_group, first


def _mask(code: NDArray[np.int64], block: int, starts: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Return for each group the bits of the codes of one 64-bit block."""
    bits = np.left_shift(np.uint64(1), (code % _BITS).astype(np.uint64))
    inside = np.where(code // _BITS == block, bits, np.uint64(0))
    return np.bitwise_or.reduceat(inside, starts)


def _bits(blocks: NDArray[np.uint64]) -> frozenset[int]:
    return frozenset(
        position * _BITS + bit
        for position, block in enumerate(blocks.tolist())
        for bit in range(_BITS)
        if block >> bit & 1
    )
