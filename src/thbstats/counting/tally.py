"""How many cases there are of each combination of answers."""

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

_DENSE = 10_000_000  # cells up to which a cube with a place for each is cheap
_SPARSE = 64  # cells for each case above which most of the cube would stay empty
_SMALL = 1 << 20  # cells below which the cube is cheap however few cases there are
_WORD = 64  # bits
_FEW = 1 << 16  # cells that take little of the cache
_BLOCK = 1 << 18  # cases whose keys stay in the cache while they are counted
_LARGE_BLOCK = 1 << 20  # the same for cubes that fill the cache themselves


@frozen(eq=False, kw_only=True)
class Tally:
    """The counts of combinations, one digit for each column.

    Parameters
    ----------
    digits : tuple of array, or None
        For each column, its place in each counted combination; ``None`` where ``counts`` is a
        cube that has all of them.
    counts : array of int64
        How many cases: a cube with one axis for each column, or one number for each combination
        that some case has.
    """

    digits: tuple[NDArray[np.intp], ...] | None
    counts: NDArray[np.int64]

    def used(self) -> tuple[NDArray[np.intp], ...]:
        """Return, for each column, the places that some case has."""
        if self.digits is not None:
            return tuple(np.flatnonzero(np.bincount(digit)) for digit in self.digits)
        return tuple(np.flatnonzero(self._along(axis)) for axis in range(self.counts.ndim))

    def _along(self, axis: int) -> NDArray[np.int64]:
        """Return the counts by one column; to sum neighbours first is what numpy does fastest."""
        shape = self.counts.shape
        rows = self.counts.reshape(prod(shape[: axis + 1]), prod(shape[axis + 1 :])).sum(axis=1)
        found: NDArray[np.int64] = rows.reshape(prod(shape[:axis]), shape[axis]).sum(axis=0)
        return found

    def select(self, column: int, places: Sequence[int]) -> "Tally":
        """Return the counts of the cases that have one of some places in a column."""
        if self.digits is not None:
            rows = np.isin(self.digits[column], places)
            digits = tuple(digit[rows] for digit in self.digits)
            return Tally(digits=digits, counts=self.counts[rows])
        chosen = np.zeros(self.counts.shape[column], dtype=np.int64)
        chosen[list(places)] = 1
        shape = [1] * self.counts.ndim
        shape[column] = -1
        return Tally(digits=None, counts=self.counts * chosen.reshape(shape))

    def drop(self, column: int) -> "Tally":
        """Return the counts without a column."""
        if self.digits is None:
            return Tally(digits=None, counts=self.counts.sum(axis=column))
        rest = [digit for number, digit in enumerate(self.digits) if number != column]
        if not rest:
            return Tally(digits=None, counts=np.array(self.counts.sum()))
        sizes = [int(digit.max(initial=0)) + 1 for digit in rest]
        return _sorted(
            Keys(list(zip(rest, sizes, strict=True)), len(self.counts)), rest, self.counts
        )

    def cube(self, places: Sequence[NDArray[np.intp]]) -> NDArray[np.int64]:
        """Return a cube with some places of each column, which are all that some case has."""
        if self.digits is None:
            found = self.counts
            for axis, kept in enumerate(places):
                if len(kept) < found.shape[axis]:
                    found = found.take(kept, axis=axis)
            return found
        found = np.zeros([len(kept) for kept in places], dtype=np.int64)
        moved = [np.searchsorted(kept, d) for kept, d in zip(places, self.digits, strict=True)]
        found[tuple(moved)] = self.counts
        return found

    def nonempty(self) -> tuple[tuple[NDArray[np.intp], ...], NDArray[np.int64]]:
        """Return the combinations that some case has, and how many cases."""
        if self.digits is not None:
            return self.digits, self.counts
        there = np.nonzero(self.counts)
        return there, self.counts[there]

    @property
    def size(self) -> int:
        """How many combinations some case has."""
        return int(np.count_nonzero(self.counts))

    @property
    def total(self) -> int:
        """How many cases were counted."""
        return int(self.counts.sum())


def tally_cases(
    columns: Sequence[Coded[Any]], size: int, weights: NDArray[np.int64] | None = None
) -> Tally:
    r"""Return how many cases each combination of answers has.

    .. math:: n_{c} = \sum_{i:\ \text{case } i \text{ has } c} w_i

    Parameters
    ----------
    columns : sequence of Coded
        The columns.
    size : int
        How many rows they have.
    weights : array of int64, shape (size,), optional
        How many cases each row stands for; one if not given.

    Raises
    ------
    ImpossibleResult
        If the weights make more than 2**53.
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
            "a row cannot stand for fewer than no cases",
            row=row,
            field="weights",
            value=int(weights[row]),
            hint="Correct it, or leave the row out",
        )
    if float(weights.sum(dtype=np.float64)) > LARGEST_COUNT:
        raise ImpossibleResult(
            "the weights make more than 2**53 cases, which cannot be held exactly",
            field="weights",
            hint="Check the column: it is larger than any population",
        )


def _cube(keys: Keys, weights: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Count into a place for each cell, a block of rows at a time."""
    found = np.zeros(keys.cells, dtype=np.int64)
    block = _BLOCK if keys.cells <= _FEW else _LARGE_BLOCK
    for start in range(0, keys.size, block):
        rows = slice(start, min(start + block, keys.size))
        some = None if weights is None else weights[rows]
        counts = np.bincount(keys.of(rows).astype(np.intp), some, keys.cells)
        found += counts.astype(np.int64, copy=False)
    return found


def _sorted(
    keys: Keys, columns: Sequence[NDArray[Any]], weights: NDArray[np.int64] | None
) -> Tally:
    """Count runs of equal keys: most places of such a cube would stay empty."""
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
    """Return the order that sorts some keys, and where in it each different key starts."""
    bits = len(values).bit_length()
    if len(values) and int(values.max()).bit_length() + bits <= _WORD:
        # numpy sorts numbers several times as fast as it finds their order: so the row goes along.
        both = values.astype(np.uint64) << np.uint64(bits)
        both |= np.arange(len(values), dtype=np.uint64)
        both.sort()
        order = (both & np.uint64((1 << bits) - 1)).astype(np.intp)
        return order, _starts(both >> np.uint64(bits))
    order = np.argsort(values, kind="stable")
    return order, _starts(values[order])


def _starts(values: NDArray[Any]) -> NDArray[np.intp]:
    """Return where the runs of sorted values start."""
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]])[: len(values)])
