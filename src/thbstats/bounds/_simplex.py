"""Exact simplex method in integers.

Every basic variable is ``(b - a·y) / d`` of the nonbasic variables ``y >= 0`` with one common
denominator ``d``. A pivot divides without remainder, so that all numbers stay integers
(J. Edmonds 1967, after E. Bareiss) and all conclusions are exact.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from thbstats.bounds._budget import spend

__all__ = ["Dictionary", "Row"]

Row = tuple[Mapping[int, int], int]
"""Coefficients by variable, and the upper bound of their sum."""

_PATIENCE = 200
"""The number of steepest pivots before the rule that prevents cycling."""


class Dictionary:
    """Simplex dictionary of ``x >= 0`` and ``a·x <= b`` with an objective.

    Slack variables are numbered after the variables, in the order of the rows.
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
        """Return a sum of variables as constant and coefficients over the denominator."""
        row = np.zeros(self.table.shape[1], dtype=object)
        for variable, number in terms.items():
            if variable in self.columns:
                row[self.columns.index(variable) + 1] -= number * self.d
            else:
                row += number * self.table[self.basis.index(variable) + 1]
        return row

    def aim(self, terms: Mapping[int, int]) -> None:
        """Set the objective to maximise."""
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
        i, j = row - 1, column - 1
        self.basis[i], self.columns[j] = self.columns[j], self.basis[i]

    def restore(self) -> bool:
        """Restore primal feasibility; return False if infeasible.

        The proof of infeasibility is the row with a negative constant and no negative
        coefficient.
        """
        pivots = 0
        while True:
            constants = self.table[1:, 0]
            violated = [row for row, b in enumerate(constants) if b < 0]
            if not violated:
                return True
            if pivots < _PATIENCE:
                row = min(violated, key=lambda row: constants[row]) + 1
            else:
                row = min(violated, key=lambda row: self.basis[row]) + 1
            numbers = self.table[row]
            costs = self.table[0]
            candidates = [k for k in range(1, len(numbers)) if numbers[k] < 0]
            if not candidates:
                return False
            self._pivot(row, self._least(candidates, costs, -numbers))
            pivots += 1

    def _least(self, candidates: list[int], costs: Any, numbers: Any) -> int:
        """Return the index with the least cost per number; ties go to the first variable."""
        best = candidates[0]
        for k in candidates[1:]:
            left, right = costs[k] * numbers[best], costs[best] * numbers[k]
            if left < right or (left == right and self.columns[k - 1] < self.columns[best - 1]):
                best = k
        return best

    def optimise(self) -> bool:
        """Maximise the objective from a feasible dictionary; False if it is unbounded.

        The proof of unboundedness is the column without a positive coefficient.
        """
        pivots = 0
        while True:
            costs = self.table[0]
            candidates = [k for k in range(1, len(costs)) if costs[k] < 0]
            if not candidates:
                return True
            if pivots < _PATIENCE:
                column = min(candidates, key=lambda k: costs[k])
            else:
                column = min(candidates, key=lambda k: self.columns[k - 1])
            row = self._tightest(column)
            if row == 0:
                return False
            self._pivot(row, column)
            pivots += 1

    def _tightest(self, column: int) -> int:
        """Return the row of the ratio test; 0 if no row limits the variable."""
        numbers, constants, best = self.table[:, column], self.table[:, 0], 0
        for row in range(1, len(numbers)):
            if numbers[row] <= 0:
                continue
            left = constants[row] * numbers[best] if best else -1
            right = constants[best] * numbers[row] if best else 0
            is_tie_and_earlier = left == right and self.basis[row - 1] < self.basis[best - 1]
            if left < right or is_tie_and_earlier:
                best = row
        return best

    @property
    def value(self) -> Fraction:
        """Value of the objective."""
        return Fraction(self.table[0, 0], self.d)

    @property
    def multipliers(self) -> dict[int, Fraction]:
        """Row multipliers that prove the value of the objective."""
        return self._slacks(self.table[0])

    @property
    def conflict(self) -> dict[int, Fraction]:
        """Row multipliers that prove infeasibility, after `restore`."""
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
        """Return the nonzero variables."""
        return {
            variable: Fraction(self.table[place, 0], self.d)
            for place, variable in enumerate(self.basis, start=1)
            if variable < self.size and self.table[place, 0]
        }
