"""Linear programs in whole numbers: a simplex dictionary without fractions or rounding.

Every basic variable is ``(b - a·y) / d`` of the nonbasic variables ``y >= 0`` with one common
denominator ``d``, and a pivot divides without remainder, so that all numbers stay whole (J. Edmonds
1967, after E. Bareiss). All that is concluded from a dictionary is therefore exact.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from thbstats.bounds._budget import spend

__all__ = ["Dictionary", "Row"]

Row = tuple[Mapping[int, int], int]
"""Coefficients by variable, and what their sum is at most."""

_PATIENCE = 200
"""Pivots by the steepest rule before the rule that cannot go round in circles takes over."""


class Dictionary:
    """All ``x >= 0`` with ``a·x <= b`` for each row, and an objective; variables are 0, 1, ...

    Slack variables are numbered after them, in the order of the rows.
    """

    def __init__(self, size: int, rows: Iterable[Row]) -> None:
        rows = list(rows)
        self.size = size
        self.n_slacks = len(rows)
        self.d: Any = 1
        self.table = np.zeros((len(rows) + 1, size + 1), dtype=object)
        for place, (terms, limit) in enumerate(rows, start=1):
            self.table[place, 0] = limit
            for variable, number in terms.items():
                self.table[place, variable + 1] = number
        self.columns = list(range(size))
        self.basis = [size + place for place in range(len(rows))]

    def copy(self) -> "Dictionary":
        other = object.__new__(Dictionary)
        other.size, other.n_slacks, other.d = self.size, self.n_slacks, self.d
        other.table = self.table.copy()
        other.columns, other.basis = self.columns.copy(), self.basis.copy()
        return other

    def _express(self, terms: Mapping[int, int]) -> Any:
        """A sum of variables as constant and coefficients over the denominator."""
        row = np.zeros(self.table.shape[1], dtype=object)
        for variable, number in terms.items():
            if variable in self.columns:
                row[self.columns.index(variable) + 1] -= number * self.d
            else:
                row += number * self.table[self.basis.index(variable) + 1]
        return row

    def aim(self, terms: Mapping[int, int]) -> None:
        """Set the objective, which is to be as large as possible."""
        self.table[0] = self._express(terms)

    def add(self, row: Row) -> None:
        """Add a row."""
        terms, limit = row
        new = -self._express(terms)
        new[0] += limit * self.d
        self.table = np.vstack([self.table, new])
        self.basis.append(self.size + self.n_slacks)
        self.n_slacks += 1

    def _pivot(self, row: int, column: int) -> None:
        spend()
        table, pivot, d = self.table, self.table[row, column], self.d
        leaving, entering = table[row].copy(), table[:, column].copy()
        touched = np.flatnonzero(entering)
        if pivot == d:
            table[touched] -= np.outer(entering[touched], leaving) // d
        else:
            table = table * pivot
            table[touched] -= np.outer(entering[touched], leaving)
            table //= d
        table[row] = leaving
        table[:, column] = -entering
        table[row, column] = d
        self.table, self.d = (table, pivot) if pivot > 0 else (-table, -pivot)
        place, other = row - 1, column - 1
        self.basis[place], self.columns[other] = self.columns[other], self.basis[place]

    def restore(self) -> bool:
        """Make every variable 0 or more where the objective is optimal; False if none can be.

        The row without a negative coefficient, whose constant is negative, is then the proof.
        """
        pivots = 0
        while True:
            constants = self.table[1:, 0]
            broken = [place for place, b in enumerate(constants) if b < 0]
            if not broken:
                return True
            if pivots < _PATIENCE:
                row = min(broken, key=lambda place: constants[place]) + 1
            else:
                row = min(broken, key=lambda place: self.basis[place]) + 1
            numbers = self.table[row]
            costs = self.table[0]
            able = [k for k in range(1, len(numbers)) if numbers[k] < 0]
            if not able:
                return False
            self._pivot(row, self._least(able, costs, -numbers))
            pivots += 1

    def _least(self, able: list[int], costs: Any, numbers: Any) -> int:
        """The place with the least cost per number; of several, that of the first variable."""
        best = able[0]
        for k in able[1:]:
            left, right = costs[k] * numbers[best], costs[best] * numbers[k]
            if left < right or (left == right and self.columns[k - 1] < self.columns[best - 1]):
                best = k
        return best

    def optimise(self) -> bool:
        """Make the objective as large as possible from a feasible start; False if it has no end.

        The column without a positive coefficient is then the proof.
        """
        pivots = 0
        while True:
            costs = self.table[0]
            able = [k for k in range(1, len(costs)) if costs[k] < 0]
            if not able:
                return True
            if pivots < _PATIENCE:
                column = min(able, key=lambda k: costs[k])
            else:
                column = min(able, key=lambda k: self.columns[k - 1])
            row = self._tightest(column)
            if row == 0:
                return False
            self._pivot(row, column)
            pivots += 1

    def _tightest(self, column: int) -> int:
        """The row that stops a variable from growing first; 0 if none does."""
        numbers, constants, best = self.table[:, column], self.table[:, 0], 0
        for row in range(1, len(numbers)):
            if numbers[row] <= 0:
                continue
            left = constants[row] * numbers[best] if best else -1
            right = constants[best] * numbers[row] if best else 0
            same_but_earlier = left == right and self.basis[row - 1] < self.basis[best - 1]
            if left < right or same_but_earlier:
                best = row
        return best

    @property
    def value(self) -> Fraction:
        """The objective."""
        return Fraction(self.table[0, 0], self.d)

    @property
    def multipliers(self) -> dict[int, Fraction]:
        """How often each row is added to prove that the objective is at most its value."""
        return self._slacks(self.table[0])

    @property
    def conflict(self) -> dict[int, Fraction]:
        """How often each row is added to prove that there is no point, once `restore` found so."""
        row = next(r for r in self.table[1:] if r[0] < 0 and all(x >= 0 for x in r[1:]))
        place = next(p for p, r in enumerate(self.table[1:]) if r is row or (r == row).all())
        own = self.basis[place] - self.size
        return self._slacks(row) | ({own: Fraction(1)} if own >= 0 else {})

    def _slacks(self, row: Any) -> dict[int, Fraction]:
        return {
            variable - self.size: Fraction(number, self.d)
            for variable, number in zip(self.columns, row[1:], strict=True)
            if variable >= self.size and number
        }

    def point(self) -> dict[int, Fraction]:
        """The variables other than 0."""
        return {
            variable: Fraction(self.table[place, 0], self.d)
            for place, variable in enumerate(self.basis, start=1)
            if variable < self.size and self.table[place, 0]
        }
