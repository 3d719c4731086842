"""Elimination of published cells, modulo 2."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def eliminate(relations: Any, targets: Any, is_open: Any, cost: Any) -> None:
    """Open columns so that no sum of the closed ones is equal to a target, modulo 2.

    Each column is a combination of unknowns, as bits. Closing one fixes its combination, so that it
    discloses the columns with the same one. The dearest are closed first. `is_open` is changed.
    """
    size = len(is_open)
    numbers = np.arange(size)
    bits = np.zeros((size, size // 64 + 1), dtype=np.uint64)
    bits[numbers, numbers // 64] = np.uint64(1) << (numbers % 64).astype(np.uint64)

    def fix(combination: NDArray[np.uint64]) -> None:
        words = np.flatnonzero(combination)
        if len(words):
            bit = combination[words[0]] & (~combination[words[0]] + np.uint64(1))
            rows = np.flatnonzero(bits[:, words[0]] & bit)
            bits[np.ix_(rows, words)] ^= combination[words]

    for row in range(relations.shape[0]):
        terms = slice(relations.indptr[row], relations.indptr[row + 1])
        odd = relations.indices[terms][relations.data[terms] % 2 != 0]
        if len(odd):
            fix(np.bitwise_xor.reduce(bits[odd], axis=0))
    closed = np.flatnonzero(~is_open)
    for column in closed[np.argsort(-cost[closed], kind="stable")].tolist():
        combination = bits[column].copy()
        words = np.flatnonzero(combination)
        if len(words):
            near = targets[bits[targets, words[0]] == combination[words[0]]]
            if (bits[near] == combination).all(axis=1).any():
                is_open[column] = True
            else:
                fix(combination)
