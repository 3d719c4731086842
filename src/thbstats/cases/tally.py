"""Counts of combinations of values."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import ImpossibleResult
from thbstats.tables.encoding import groups, packed
from thbstats.values import LARGEST_COUNT

Digits = tuple[NDArray[np.intp], ...]
"""By column, the position of each combination."""


@frozen(eq=False, kw_only=True)
class Tally:
    """The combinations of positions in some columns, in order, and their number of cases."""

    digits: Digits
    counts: NDArray[np.int64]

    def used(self, column: int) -> NDArray[np.intp]:
        """Return the positions of a column that some case has."""
        return np.unique(self.digits[column])

    def take(self, column: int, positions: NDArray[np.intp]) -> "Tally":
        """Return the counts of some positions of a column, in order, which are renumbered."""
        digits, rows = list(self.digits), np.isin(self.digits[column], positions)
        digits[column] = np.searchsorted(positions, digits[column])
        return Tally(counts=self.counts[rows], digits=tuple(digit[rows] for digit in digits))

    def drop(self, column: int) -> "Tally":
        """Return the counts added up over a column."""
        return count_digits(self.digits[:column] + self.digits[column + 1 :], self.counts)


def tally_cases(
    columns: Sequence[Coded[Any]], size: int, weights: NDArray[np.int64] | None = None
) -> Tally:
    r"""Return the number of cases with each combination of values.

    .. math:: n_{c} = \sum_{i:\ \text{case } i \text{ has } c} w_i
    """
    weights = np.ones(size, dtype=np.int64) if weights is None else weights
    if float(weights.sum(dtype=np.float64)) > LARGEST_COUNT:
        problem = "the sum of the weights must not exceed 2**53"
        hint = "Check the column of the weights"
        raise ImpossibleResult(problem, field="weights", hint=hint)
    return count_digits(tuple(column.positions for column in columns), weights)


def count_digits(digits: Digits, counts: NDArray[np.int64]) -> Tally:
    """Return combinations that occur once each, with the sum of their counts if it is not 0."""
    group, first = group_digits(digits, len(counts))
    sums = np.bincount(group, counts, len(first)).astype(np.int64)
    some = np.flatnonzero(sums)
    return Tally(digits=tuple(digit[first[some]] for digit in digits), counts=sums[some])


def group_digits(digits: Digits, size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each combination, and the first row of each group in order."""
    return groups(packed([(digit, int(digit.max(initial=0)) + 1) for digit in digits], size))
