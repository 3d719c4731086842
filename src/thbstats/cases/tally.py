"""Counts of combinations of values."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import ImpossibleResult
from thbstats.tables.keys import Keys, groups, packed
from thbstats.values import LARGEST_COUNT

_DENSE = 10_000_000  # cells up to which a cube of all of them is cheap
_SPARSE = 64  # cells per case above which most of the cube is empty
_SMALL = 1 << 20  # cells up to which a cube is cheap for any number of cases
_FEW = 1 << 16  # cells that fit into the cache with a block
_BLOCK = 1 << 18  # cases whose keys fit into the cache
_LARGE_BLOCK = 1 << 20  # the same for larger cubes


@frozen(eq=False, kw_only=True)
class Tally:
    """The counts of combinations, with one position per column.

    ``counts`` is a cube with one axis per column, or the number of cases of each combination that
    some case has. ``digits`` is the position of each column in these; ``None`` for a cube.
    """

    counts: NDArray[np.int64]
    digits: tuple[NDArray[np.intp], ...] | None = None

    def used(self, column: int) -> NDArray[np.intp]:
        """Return the positions of a column that some case has."""
        if self.digits is not None:
            return np.flatnonzero(np.bincount(self.digits[column]))
        # Neighbours first, the fastest order of sums.
        shape = self.counts.shape
        rows = self.counts.reshape(prod(shape[: column + 1]), prod(shape[column + 1 :])).sum(axis=1)
        return np.flatnonzero(rows.reshape(prod(shape[:column]), shape[column]).sum(axis=0))

    def take(self, column: int, positions: NDArray[np.intp]) -> "Tally":
        """Return the counts of some positions of a column, in order, which are renumbered."""
        if self.digits is None:
            if len(positions) == self.counts.shape[column]:
                return self
            return Tally(counts=self.counts.take(positions, axis=column))
        digits = list(self.digits)
        rows = np.isin(digits[column], positions)
        digits[column] = np.searchsorted(positions, digits[column])
        return Tally(counts=self.counts[rows], digits=tuple(digit[rows] for digit in digits))

    def drop(self, column: int) -> "Tally":
        """Return the counts added up over a column."""
        if self.digits is None:
            return Tally(counts=np.asarray(self.counts.sum(axis=column)))
        digits = self.digits[:column] + self.digits[column + 1 :]
        if not digits:
            return Tally(counts=np.asarray(self.counts.sum()))
        shape = [int(digit.max(initial=0)) + 1 for digit in digits]
        keys = Keys(list(zip(digits, shape, strict=True)), len(self.counts))
        return _sorted(keys, digits, self.counts)

    def cube(self, shape: Sequence[int]) -> NDArray[np.int64]:
        """Return the counts as a cube."""
        if self.digits is None:
            return self.counts
        result = np.zeros(shape, dtype=np.int64)
        result[self.digits] = self.counts
        return result

    def nonempty(self) -> tuple[tuple[NDArray[np.intp], ...], NDArray[np.int64]]:
        """Return the combinations that some case has, and their number of cases."""
        digits = np.nonzero(self.counts) if self.digits is None else self.digits
        return digits, self.counts[digits] if self.digits is None else self.counts


def tally_cases(
    columns: Sequence[Coded[Any]], size: int, weights: NDArray[np.int64] | None = None
) -> Tally:
    r"""Return the number of cases with each combination of values.

    .. math:: n_{c} = \sum_{i:\ \text{case } i \text{ has } c} w_i
    """
    if weights is not None and float(weights.sum(dtype=np.float64)) > LARGEST_COUNT:
        problem, hint = (
            "the sum of the weights must not exceed 2**53",
            "Check the column of the weights",
        )
        raise ImpossibleResult(problem, field="weights", hint=hint)
    shape = tuple(len(column.categories) for column in columns)
    keys = Keys([(column.codes, len(column.categories)) for column in columns], size)
    if keys.cells > max(_SMALL, min(_DENSE, _SPARSE * size)):
        return _sorted(keys, [column.codes for column in columns], weights)
    counts = np.zeros(keys.cells, dtype=np.int64)
    block = _BLOCK if keys.cells <= _FEW else _LARGE_BLOCK
    for start in range(0, size, block):
        rows = slice(start, min(start + block, size))
        numbers = keys.block(rows).astype(np.intp)
        own = np.bincount(numbers, None if weights is None else weights[rows], keys.cells)
        counts += own.astype(np.int64, copy=False)
    return Tally(counts=counts.reshape(shape))


def _sorted(
    keys: Keys, columns: Sequence[NDArray[Any]], weights: NDArray[np.int64] | None
) -> Tally:
    """Count runs of equal keys, for cubes that would be mostly empty."""
    if weights is None and keys.cells < 2**63:
        values = np.sort(keys.values)
        is_start = np.ones(len(values), dtype=np.bool_)
        is_start[1:] = values[1:] != values[:-1]
        starts = np.flatnonzero(is_start)
        shape = [radix for _, radix in keys.parts]
        digits = np.unravel_index(values[starts].astype(np.intp), shape)
        return Tally(counts=np.diff(starts, append=len(values)), digits=digits)
    group, first = groups(packed(keys.parts, keys.size))
    counts = np.bincount(group, weights, len(first)).astype(np.int64)
    return Tally(counts=counts, digits=tuple(codes[first].astype(np.intp) for codes in columns))
