"""Counts of combinations of answers."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.tables.keys import Keys, packed
from thbstats.values import LARGEST_COUNT

__all__ = ["Tally", "runs", "tally_cases"]

_DENSE = 10_000_000  # cells up to which a cube of all of them is cheap
_SPARSE = 64  # cells per case above which most of the cube is empty
_SMALL = 1 << 20  # cells up to which a cube is cheap for any number of cases
_WORD = 64  # bits
_FEW = 1 << 16  # cells that fit into the cache with a block
_BLOCK = 1 << 18  # cases whose keys fit into the cache
_LARGE_BLOCK = 1 << 20  # the same for larger cubes


@frozen(eq=False, kw_only=True)
class Tally:
    """The counts of combinations, with one digit per column.

    Parameters
    ----------
    digits : tuple of array, or None
        By column, its position in each combination; ``None`` if ``counts`` is a cube of all
        combinations.
    counts : array of int64
        The number of cases: a cube with one axis per column, or one number per combination that
        some case has.
    """

    digits: tuple[NDArray[np.intp], ...] | None
    counts: NDArray[np.int64]

    def used(self) -> tuple[NDArray[np.intp], ...]:
        """Return by column the positions that some case has."""
        if self.digits is not None:
            return tuple(np.flatnonzero(np.bincount(digit)) for digit in self.digits)
        return tuple(np.flatnonzero(self._along(axis)) for axis in range(self.counts.ndim))

    def _along(self, axis: int) -> NDArray[np.int64]:
        """Return the counts by one column; neighbours first, the fastest order of sums."""
        shape = self.counts.shape
        rows = self.counts.reshape(prod(shape[: axis + 1]), prod(shape[axis + 1 :])).sum(axis=1)
        result: NDArray[np.int64] = rows.reshape(prod(shape[:axis]), shape[axis]).sum(axis=0)
        return result

    def select(self, column: int, positions: Sequence[int]) -> "Tally":
        """Return the counts of the cases with some positions in a column."""
        if self.digits is not None:
            rows = np.isin(self.digits[column], positions)
            digits = tuple(digit[rows] for digit in self.digits)
            return Tally(digits=digits, counts=self.counts[rows])
        chosen = np.zeros(self.counts.shape[column], dtype=np.int64)
        chosen[list(positions)] = 1
        shape = [1] * self.counts.ndim
        shape[column] = -1
        return Tally(digits=None, counts=self.counts * chosen.reshape(shape))

    def drop(self, column: int) -> "Tally":
        """Return the counts added up over a column."""
        if self.digits is None:
            return Tally(digits=None, counts=self.counts.sum(axis=column))
        remaining = [digit for number, digit in enumerate(self.digits) if number != column]
        if not remaining:
            return Tally(digits=None, counts=np.array(self.counts.sum()))
        sizes = [int(digit.max(initial=0)) + 1 for digit in remaining]
        return _sorted(
            Keys(list(zip(remaining, sizes, strict=True)), len(self.counts)), remaining, self.counts
        )

    def cube(self, positions: Sequence[NDArray[np.intp]]) -> NDArray[np.int64]:
        """Return a cube of some positions of each column, with those of all cases."""
        if self.digits is None:
            result = self.counts
            for axis, chosen in enumerate(positions):
                if len(chosen) < result.shape[axis]:
                    result = result.take(chosen, axis=axis)
            return result
        result = np.zeros([len(chosen) for chosen in positions], dtype=np.int64)
        moved = [
            np.searchsorted(chosen, d) for chosen, d in zip(positions, self.digits, strict=True)
        ]
        result[tuple(moved)] = self.counts
        return result

    def nonempty(self) -> tuple[tuple[NDArray[np.intp], ...], NDArray[np.int64]]:
        """Return the combinations that some case has, and their number of cases."""
        if self.digits is not None:
            return self.digits, self.counts
        there = np.nonzero(self.counts)
        return there, self.counts[there]

    @property
    def size(self) -> int:
        """The number of combinations that some case has."""
        return int(np.count_nonzero(self.counts))

    @property
    def total(self) -> int:
        """The number of cases."""
        return int(self.counts.sum())


def tally_cases(
    columns: Sequence[Coded[Any]], size: int, weights: NDArray[np.int64] | None = None
) -> Tally:
    r"""Return the number of cases with each combination of answers.

    .. math:: n_{c} = \sum_{i:\ \text{case } i \text{ has } c} w_i

    Raises
    ------
    ImpossibleResult
        If the sum of the weights exceeds 2**53.
    """
    if weights is not None:
        _check(weights)
    shape = tuple(len(column.categories) for column in columns)
    keys = Keys([(column.codes, len(column.categories)) for column in columns], size)
    if keys.cells <= max(_SMALL, min(_DENSE, _SPARSE * size)):
        return Tally(digits=None, counts=_cube(keys, weights).reshape(shape))
    return _sorted(keys, [column.codes for column in columns], weights)


def _check(weights: NDArray[np.int64]) -> None:
    if len(weights) and int(weights.min()) < 0:
        row = int(np.argmax(weights < 0))
        raise InvalidValue(
            "must be an integer of 0 or more",
            row=row,
            field="weights",
            value=int(weights[row]),
            hint="Correct the weight, or exclude the row",
        )
    if float(weights.sum(dtype=np.float64)) > LARGEST_COUNT:
        raise ImpossibleResult(
            "the sum of the weights must not exceed 2**53",
            field="weights",
            hint="Check the column of the weights",
        )


def _cube(keys: Keys, weights: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Count into one entry per cell, a block of rows at a time."""
    result = np.zeros(keys.cells, dtype=np.int64)
    block = _BLOCK if keys.cells <= _FEW else _LARGE_BLOCK
    for start in range(0, keys.size, block):
        rows = slice(start, min(start + block, keys.size))
        block_weights = None if weights is None else weights[rows]
        counts = np.bincount(keys.block(rows).astype(np.intp), block_weights, keys.cells)
        result += counts.astype(np.int64, copy=False)
    return result


def _sorted(
    keys: Keys, columns: Sequence[NDArray[Any]], weights: NDArray[np.int64] | None
) -> Tally:
    """Count runs of equal keys, for cubes that would be mostly empty."""
    if weights is None and keys.cells < 2**63:
        values = np.sort(keys.values)
        starts = _starts(values)
        counts = np.diff(starts, append=len(values))
        shape = [radix for _, radix in keys.parts]
        return Tally(digits=np.unravel_index(values[starts].astype(np.intp), shape), counts=counts)
    order, starts = runs(packed(keys.parts, keys.size).values)
    if weights is None:
        counts = np.diff(starts, append=keys.size)
    else:
        counts = np.add.reduceat(weights[order], starts)
    first = order[starts]
    digits = tuple(codes[first].astype(np.intp) for codes in columns)
    return Tally(digits=digits, counts=counts)


def runs(values: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the order that sorts keys, and the start of each run of equal keys."""
    bits = len(values).bit_length()
    if len(values) and int(values.max()).bit_length() + bits <= _WORD:
        # numpy sorts faster than it finds an order, so that the row is part of the number.
        both = values.astype(np.uint64) << np.uint64(bits)
        both |= np.arange(len(values), dtype=np.uint64)
        both.sort()
        order = (both & np.uint64((1 << bits) - 1)).astype(np.intp)
        return order, _starts(both >> np.uint64(bits))
    order = np.argsort(values, kind="stable")
    return order, _starts(values[order])


def _starts(values: NDArray[Any]) -> NDArray[np.intp]:
    """Return the starts of the runs of sorted values."""
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]])[: len(values)])
