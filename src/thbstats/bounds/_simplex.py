"""Exact simplex method and integer points, in integer arithmetic.

Every basic variable is ``(b - a·y) / d`` of the nonbasic variables ``y >= 0`` with one common
denominator ``d``. A pivot divides without remainder, so that all numbers stay integers
(J. Edmonds 1967, after E. Bareiss) and all conclusions are exact.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

from thbstats.bounds._budget import spend
from thbstats.errors import InvalidValue

Terms = Mapping[int, int]
"""Coefficients by variable."""

Row = tuple[Terms, int]
"""Coefficients by variable, and the upper bound of their sum."""

Point = dict[int, int]
"""The nonzero variables."""

_PATIENCE = 200
"""The number of steepest pivots before the rule that prevents cycling."""

_MAX_NODES = 4_000


class Dictionary:
    """Simplex dictionary of ``x >= 0`` and ``a·x <= b`` with an objective in its first row.

    Slack variables are numbered after the variables, in the order of the rows.
    """

    def __init__(self, size: int, rows: Sequence[Row]) -> None:
        self.size = size
        self.d: Any = 1
        self.table = np.zeros((len(rows) + 1, size + 1), dtype=object)
        for position, (terms, limit) in enumerate(rows, start=1):
            self.table[position, 0] = limit
            for variable, number in terms.items():
                self.table[position, variable + 1] = number
        self.columns = list(range(size))
        self.basis = list(range(size, size + len(rows)))

    def copy(self) -> "Dictionary":
        other = copy(self)
        other.table, other.columns = self.table.copy(), self.columns.copy()
        other.basis = self.basis.copy()
        return other

    def _express(self, terms: Terms) -> Any:
        """Return minus a sum of variables, as constant and coefficients over the denominator."""
        row = np.zeros(self.table.shape[1], dtype=object)
        for variable, number in terms.items():
            if variable in self.columns:
                row[self.columns.index(variable) + 1] -= number * self.d
            else:
                row += number * self.table[self.basis.index(variable) + 1]
        return row

    def aim(self, terms: Terms) -> None:
        """Set the objective to maximise."""
        self.table[0] = self._express(terms)

    def add(self, terms: Terms, limit: int) -> None:
        """Add a row."""
        new = -self._express(terms)
        new[0] += limit * self.d
        self.table = np.vstack([self.table, new])
        self.basis.append(self.size + len(self.basis))

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

        The proof of infeasibility is the row with a negative constant and no negative coefficient.
        """
        pivots = 0
        while True:
            constants = self.table[:, 0]
            violated = [row for row in range(1, len(constants)) if constants[row] < 0]
            if not violated:
                return True
            key = constants.__getitem__ if pivots < _PATIENCE else lambda row: self.basis[row - 1]
            row = min(violated, key=key)
            numbers = self.table[row]
            candidates = [k for k in range(1, len(numbers)) if numbers[k] < 0]
            if not candidates:
                return False
            self._pivot(row, _tightest(self.table[0], -numbers, candidates, self.columns))
            pivots += 1

    def optimise(self) -> bool:
        """Maximise the objective from a feasible dictionary; False if it is unbounded."""
        pivots = 0
        while True:
            costs = self.table[0]
            candidates = [k for k in range(1, len(costs)) if costs[k] < 0]
            if not candidates:
                return True
            key = costs.__getitem__ if pivots < _PATIENCE else lambda k: self.columns[k - 1]
            column = min(candidates, key=key)
            numbers = self.table[:, column]
            rows = [row for row in range(1, len(numbers)) if numbers[row] > 0]
            if not rows:
                return False
            self._pivot(_tightest(self.table[:, 0], numbers, rows, self.basis), column)
            pivots += 1

    @property
    def value(self) -> Fraction:
        """Value of the objective."""
        return Fraction(self.table[0, 0], self.d)

    @property
    def multipliers(self) -> dict[int, Fraction]:
        """Row multipliers that prove the value of the objective."""
        return self._slacks(0)

    @property
    def conflict(self) -> dict[int, Fraction]:
        """Row multipliers that prove infeasibility, after `restore`."""
        table = self.table
        row = next(
            r for r in range(1, len(table)) if table[r, 0] < 0 and all(x >= 0 for x in table[r, 1:])
        )
        own = self.basis[row - 1] - self.size
        return self._slacks(row) | ({own: Fraction(1)} if own >= 0 else {})

    def _slacks(self, row: int) -> dict[int, Fraction]:
        return {
            variable - self.size: Fraction(number, self.d)
            for variable, number in zip(self.columns, self.table[row, 1:], strict=True)
            if variable >= self.size and number
        }

    def point(self) -> dict[int, Fraction]:
        """Return the nonzero variables."""
        return {
            variable: Fraction(number, self.d)
            for variable, number in zip(self.basis, self.table[1:, 0], strict=True)
            if variable < self.size and number
        }

    def integer_point(self) -> Point | None:
        """Return the nonzero variables if all are integers, or ``None``."""
        point = {}
        for variable, number in zip(self.basis, self.table[1:, 0], strict=True):
            if variable < self.size and number:
                if number % self.d:
                    return None
                point[variable] = int(number // self.d)
        return point


def _tightest(tops: Any, bottoms: Any, candidates: list[int], variables: list[int]) -> int:
    """Return the index with the least ratio; ties go to the first variable."""
    best = candidates[0]
    for k in candidates[1:]:
        left, right = tops[k] * bottoms[best], tops[best] * bottoms[k]
        if left < right or (left == right and variables[k - 1] < variables[best - 1]):
            best = k
    return best


def negative(terms: Terms) -> dict[int, int]:
    """Return the sum with all signs changed."""
    return {variable: -number for variable, number in terms.items()}


def undecided(most: int) -> InvalidValue:
    """Return the error of a search that reaches its limit."""
    return InvalidValue(
        f"the search reached its limit of {most} subproblems",
        field="claims",
        hint="Exclude claims that are not related to the query",
    )


def find(
    start: Dictionary, directions: Sequence[Terms], most: int | None = None
) -> tuple[Point | None, int]:
    """Return an integer point or ``None``, and the number of subproblems.

    Branching on cells alone takes too long if cells are interchangeable. The sums of claims are
    integers too (`directions`, including the variables): each is rounded inwards first, which often
    proves infeasibility; otherwise the search branches on the sum with the fewest possible values.
    """
    queue, nodes, most = [start.copy()], 0, most or _MAX_NODES
    while queue:
        nodes += 1
        if nodes > most:
            raise undecided(most)
        node = queue.pop()
        node.aim({})
        if not node.restore():
            continue
        point, branch = _explore(node, directions)
        if point is not None:
            return point, nodes
        if branch is not None:
            terms, middle = branch
            below, above = node.copy(), node
            below.add(terms, middle)
            above.add(negative(terms), -middle - 1)
            queue += [above, below]
    return None, nodes


def _explore(
    node: Dictionary, directions: Sequence[Terms]
) -> tuple[Point | None, tuple[Terms, int] | None]:
    """Return an integer point of a feasible node, or a sum and the value at which to branch."""
    widths: list[tuple[int, int, int]] = []
    for index, terms in enumerate(directions):
        if (point := node.integer_point()) is not None:
            return point, None
        upper, is_feasible = _round(node, terms)
        if not is_feasible:
            return None, None
        # An integer value at or below the maximum remains, so the node stays feasible.
        lower, _ = _round(node, negative(terms))
        if lower is not None and upper is not None and upper > -lower:
            widths.append((upper + lower, index, -lower))
    if (point := node.integer_point()) is not None:
        return point, None
    if widths:
        width, index, least = min(widths)
        return None, (directions[index], least + width // 2)
    variable, x = next((v, x) for v, x in node.point().items() if x.denominator != 1)
    return None, ({variable: 1}, floor(x))


def _round(node: Dictionary, terms: Terms) -> tuple[int | None, bool]:
    """Round a sum down to its largest integer value; return it and whether the node is feasible.

    The value is ``None`` if the sum is unbounded or the node becomes infeasible.
    """
    node.aim(terms)
    if not node.optimise():
        return None, True
    most = floor(node.value)
    if most < node.value:
        node.add(terms, most)
        if not node.restore():
            return None, False
    return most, True
