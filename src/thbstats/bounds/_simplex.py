"""Exact simplex method, integer points and their time limit, in integer arithmetic.

Every basic variable is ``(b - a·y) / d`` of the nonbasic variables ``y >= 0`` with one common
denominator ``d``. A pivot divides without remainder, so that all numbers stay integers
(J. Edmonds 1967, after E. Bareiss) and all conclusions are exact.

The table of a dictionary has one row per basic variable and one column per nonbasic variable. Row 0
is the objective and column 0 the constants ``b``, so that variable ``k`` of a list has the row or
column ``k + 1``::

    objective   value·d | costs
    basis[0]        b·d | a·d
    basis[1]        b·d | a·d
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from fractions import Fraction
from itertools import count
from math import floor
from numbers import Real
from time import monotonic
from typing import Any

import numpy as np

from thbstats.errors import InvalidValue, require

Terms = Mapping[int, int]
"""Coefficients by variable."""

Row = tuple[Terms, int]
"""Coefficients by variable, and the upper bound of their sum."""

Point = Mapping[int, int]
"""The nonzero variables."""

_PATIENCE = 200
"""The number of steepest pivots before the rule that prevents cycling."""

_MAX_NODES = 4_000


class SearchEnded(Exception):
    """End of a search before it is complete; the message contains the reason."""


class Budget:
    """Time limit of searches in seconds, or ``None``, by a monotonic clock."""

    def __init__(self, seconds: float | None, clock: Callable[[], float] = monotonic) -> None:
        value: Any = seconds
        is_limit = value is None or (isinstance(value, Real) and not isinstance(value, bool))
        problem = "`time_limit` must be a number of seconds or None"
        require(is_limit, problem, "Use time_limit=60", time_limit=seconds)
        self._clock = clock
        self._seconds = seconds
        self._end = None if seconds is None else clock() + seconds
        self._outer: Budget | None = None
        self.reason: str = ""

    def stop(self, reason: str) -> None:
        """End all searches at their next step."""
        self.reason = self.reason or reason

    def spend(self) -> None:
        """Raise `SearchEnded` if this time limit, or the limit of an outer search, is reached."""
        if self._outer is not None:
            self._outer.spend()
        if self._end is not None and self._clock() >= self._end:
            self.stop(f"time limit of {self._seconds:g} seconds")
        if self.reason:
            raise SearchEnded(self.reason)

    @property
    def seconds_left(self) -> float | None:
        """The seconds until this time limit, or that of an outer search; ``None`` for no limit."""
        outer = None if self._outer is None else self._outer.seconds_left
        own = None if self._end is None else max(0.0, self._end - self._clock())
        return min((left for left in (own, outer) if left is not None), default=None)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Apply this budget to all searches in the context, within the current one."""
        current = _CURRENT.get()
        self._outer = None if current is self else current
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def spend() -> None:
    """Check the current budget, if there is one."""
    budget = _CURRENT.get()
    if budget is not None:
        budget.spend()


def seconds_left() -> float | None:
    """Return the seconds of the current budget, or ``None`` without a limit."""
    budget = _CURRENT.get()
    return None if budget is None else budget.seconds_left


def negative(terms: Terms) -> dict[int, int]:
    """Return the sum with all signs changed."""
    return {variable: -number for variable, number in terms.items()}


class Dictionary:
    """Simplex dictionary of ``x >= 0`` and ``a·x <= b`` with an objective in its first row.

    Slack variables are numbered after the variables, in the order of the rows.
    """

    def __init__(self, size: int, rows: Sequence[Row]) -> None:
        self.size = size
        self.d: Any = 1  # the common denominator, always positive
        # Python's integers: numerators outgrow 64 bits after a few dozen pivots.
        self.table = np.zeros((len(rows) + 1, size + 1), dtype=object)
        for position, (terms, limit) in enumerate(rows, start=1):
            self.table[position, 0] = limit
            for variable, number in terms.items():
                self.table[position, variable + 1] = number
        # At the start the slack variables are basic, and the variables are 0.
        self.columns = list(range(size))
        self.basis = list(range(size, size + len(rows)))

    def copy(self) -> "Dictionary":
        other = copy(self)
        other.table, other.columns = self.table.copy(), self.columns.copy()
        other.basis = self.basis.copy()
        return other

    def _express(self, terms: Terms) -> Any:
        """Return the negative of a sum of variables, as a constant and coefficients."""
        row = np.zeros(self.table.shape[1], dtype=object)
        for variable, number in terms.items():
            if variable in self.columns:
                row[self.columns.index(variable) + 1] -= number * self.d
            else:  # a basic variable is replaced by its row
                row += number * self.table[self.basis.index(variable) + 1]
        return row

    def aim(self, terms: Terms) -> None:
        """Set the objective to maximise."""
        self.table[0] = self._express(terms)

    def add(self, terms: Terms, limit: int) -> None:
        """Add a row, with a new basic slack variable: the limit minus the sum."""
        new = -self._express(terms)
        new[0] += limit * self.d
        self.table = np.vstack([self.table, new])
        self.basis.append(self.size + len(self.basis))

    def _pivot(self, row: int, column: int) -> None:
        """Exchange the basic variable of a row and the nonbasic variable of a column."""
        spend()
        table, pivot, d = self.table, self.table[row, column], self.d
        leaving, entering = table[row].copy(), table[:, column].copy()
        # Every entry becomes (entry * pivot - its column's entry in the leaving row * its row's
        # entry in the entering column) / d. Rows without an entry in the entering column change
        # by the factor pivot / d only, and not at all in the usual case that this is 1.
        touched = entering.nonzero()[0]
        if pivot == d:
            table[touched] -= entering[touched, np.newaxis] * leaving // d
        else:
            table = table * pivot
            table[touched] -= entering[touched, np.newaxis] * leaving
            table //= d  # without remainder (Edmonds 1967)
        # The pivot is the new denominator, so the exchanged row and column keep their numbers.
        table[row] = leaving
        table[:, column] = -entering
        table[row, column] = d
        self.table, self.d = (table, pivot) if pivot > 0 else (-table, -pivot)
        i, j = row - 1, column - 1
        self.basis[i], self.columns[j] = self.columns[j], self.basis[i]

    def restore(self) -> bool:
        """Restore primal feasibility; return False if infeasible."""
        return self._improve(dual=True)

    def optimise(self) -> bool:
        """Maximise the objective from a feasible dictionary; False if it is unbounded."""
        return self._improve(dual=False)

    def _improve(self, *, dual: bool) -> bool:
        """Pivot until no cost is negative; False if no pivot is left.

        The dual method treats the constants as costs of the transposed table.
        """
        for pivots in count():
            # In the dual method, rows are columns: the constants are the costs, and the signs of
            # the coefficients change.
            table = self.table.T if dual else self.table
            names, others = (self.basis, self.columns) if dual else (self.columns, self.basis)
            costs = table[0].tolist()
            negatives = [k for k in range(1, len(costs)) if costs[k] < 0]
            if not negatives:
                return True
            # The steepest column, and later the first variable: the rule of R. Bland (1977), which
            # prevents cycling but needs more pivots.
            column = min(negatives, key=(costs if pivots < _PATIENCE else [0, *names]).__getitem__)
            # The variable of the column can grow until the first basic variable of a row with a
            # positive number is 0; without such a row it can grow without end.
            numbers = (-table[:, column] if dual else table[:, column]).tolist()
            rows = [k for k in range(1, len(numbers)) if numbers[k] > 0]
            if not rows:
                return False
            row = _tightest(table[:, 0].tolist(), numbers, rows, others)
            self._pivot(*((column, row) if dual else (row, column)))
        raise AssertionError  # pragma: no cover - the loop has no end

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
        """Return the multipliers that prove infeasibility.

        The proof is the row with a negative constant and no negative coefficient.
        """
        table = self.table
        row = next(
            r for r in range(1, len(table)) if table[r, 0] < 0 and all(x >= 0 for x in table[r, 1:])
        )
        own = self.basis[row - 1] - self.size
        return self._slacks(row) | ({own: Fraction(1)} if own >= 0 else {})

    def _slacks(self, row: int) -> dict[int, Fraction]:
        """Return the coefficients of the slack variables in a row, by row of the program."""
        return {
            variable - self.size: Fraction(number, self.d)
            for variable, number in zip(self.columns, self.table[row, 1:], strict=True)
            if variable >= self.size and number
        }

    def _numerators(self) -> dict[int, int]:
        """Return the nonzero variables as multiples of 1/d."""
        pairs = zip(self.basis, self.table[1:, 0], strict=True)
        return {variable: number for variable, number in pairs if variable < self.size and number}

    def point(self) -> dict[int, Fraction]:
        """Return the nonzero variables."""
        return {variable: Fraction(n, self.d) for variable, n in self._numerators().items()}

    def integer_point(self) -> Point | None:
        """Return the nonzero variables if all are integers, or ``None``."""
        numerators = self._numerators()
        if any(number % self.d for number in numerators.values()):
            return None
        return {variable: int(number // self.d) for variable, number in numerators.items()}

    def rounded(self, terms: Terms) -> tuple[int | None, bool]:
        """Round a sum down to its largest integer value; return it and whether that is feasible.

        The value is ``None`` if the sum is unbounded or the dictionary becomes infeasible.
        """
        self.aim(terms)
        if not self.optimise():
            return None, True
        most = floor(self.value)
        if most < self.value:
            self.add(terms, most)
            if not self.restore():
                return None, False
        return most, True


def _tightest(tops: Any, bottoms: Any, candidates: list[int], variables: list[int]) -> int:
    """Return the index with the smallest ratio; if ratios are equal, the first variable is used."""
    best = candidates[0]
    for k in candidates[1:]:
        # The ratios top / bottom are compared as products, because both bottoms are positive.
        left, right = tops[k] * bottoms[best], tops[best] * bottoms[k]
        if left < right or (left == right and variables[k - 1] < variables[best - 1]):
            best = k
    return best


def undecided(most: int | None = None) -> InvalidValue:
    """Return the error of a search that reaches its limit, or whose solver proves nothing."""
    limit = f"the search reached its limit of {most} subproblems"
    return InvalidValue(
        "the solver ended without a proof" if most is None else limit,
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
    # Depth first: the last subproblem of the queue is next, so that the queue stays short.
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
            # No integer lies between both halves: sum <= middle, and sum >= middle + 1.
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
    widths: list[tuple[int, int, int]] = []  # values of the sum, its index, its lower bound
    for index, terms in enumerate(directions):
        if (point := node.integer_point()) is not None:
            return point, None
        upper, is_feasible = node.rounded(terms)
        if not is_feasible:
            return None, None
        # An integer value at or below the maximum remains, so the node stays feasible.
        lower, _ = node.rounded(negative(terms))
        if lower is not None and upper is not None and upper > -lower:
            widths.append((upper + lower, index, -lower))
    if (point := node.integer_point()) is not None:
        return point, None
    # Branch in the middle of the sum with the fewest values; if all sums have one value, at the
    # first variable that is not an integer.
    if widths:
        width, index, least = min(widths)
        return None, (directions[index], least + width // 2)
    variable, x = next((v, x) for v, x in node.point().items() if x.denominator != 1)
    return None, ({variable: 1}, floor(x))
