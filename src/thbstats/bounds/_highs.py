"""Floating-point solutions of HiGHS, verified in exact arithmetic."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.bounds._simplex import Point, Row, Terms

Multipliers = dict[int, Fraction]

Limit = tuple[Fraction, Multipliers]
"""A proved upper bound of a sum, and the multiplier of each row."""

_GRAIN = 10**7
_SIMPLE = 10**6
_NOTHING = 1e-9
_TIGHT = 1e-7
_SECONDS = 5.0
_NODES = 100
"""The maximum number of nodes of a search.

Later nodes contribute to a proof that is not used. A limit in nodes instead of time gives the same
point on every machine.
"""


def value(terms: Terms, point: Point) -> int:
    """Return the value of a sum."""
    return sum(number * point.get(variable, 0) for variable, number in terms.items())


@frozen(slots=False, eq=False)
class FloatingProgram:
    """Integers ``x >= 0`` that satisfy some rows, as HiGHS solves them."""

    size: int
    rows: Sequence[Row]

    @cached_property
    def _matrix(self) -> tuple[Any, Any]:
        """The rows as a sparse matrix and a vector of limits."""
        from scipy.sparse import csr_array

        entries = [(i, j, n) for i, (terms, _) in enumerate(self.rows) for j, n in terms.items()]
        rows, columns, numbers = zip(*entries, strict=True) if entries else ((), (), ())
        # Older versions of scipy support 32-bit indices only.
        indices = (np.array(rows, np.int32), np.array(columns, np.int32))
        shape = (len(self.rows), self.size)
        matrix = csr_array((np.array(numbers, float), indices), shape=shape)
        return matrix, np.array([float(limit) for _, limit in self.rows])

    def _vector(self, terms: Terms) -> Any:
        vector = np.zeros(self.size)
        vector[list(terms)] = list(terms.values())
        return vector

    def witness(self, terms: Terms, *, short: bool = False, vertex: bool = False) -> Point | None:
        """Return a feasible integer point with a large value, or ``None``.

        A `short` search is limited in nodes. With `vertex`, try the vertex of the linear program
        first: it is usually integer if all coefficients are 1, and takes a third of the time.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        if not self.size:
            return {} if all(most >= 0 for _, most in self.rows) else None
        signs, limits = self._matrix
        # Without an objective HiGHS stops at the first point; no time limit is needed.
        options: dict[str, Any] = {} if short else {"time_limit": _SECONDS}
        options |= {"node_limit": _NODES} if (terms and not vertex) or short else {}
        for integrality in (0, 1) if vertex else (1,):
            answer = milp(
                -self._vector(terms),
                integrality=np.full(self.size, integrality),
                bounds=Bounds(0, np.inf),
                constraints=[LinearConstraint(signs, -np.inf, limits)] if len(self.rows) else [],
                options={"mip_rel_gap": 0.0} | options,
            )
            if answer.x is None:
                return None
            numbers = np.round(answer.x).astype(np.int64).tolist()
            point = {variable: number for variable, number in enumerate(numbers) if number}
            if min(numbers) >= 0 and all(value(row, point) <= most for row, most in self.rows):
                return point
        return None

    def near_ratio(self, part: Terms, whole: Terms) -> float | None:
        """Return the approximate largest ratio over all real points, or ``None``.

        The denominator is scaled to 1 (A. Charnes and W. Cooper 1962).
        """
        from scipy.optimize import linprog

        rows = [({**terms, self.size: -limit}, 0) for terms, limit in self.rows]
        scaled = FloatingProgram(self.size + 1, rows)
        matrix, limits = scaled._matrix
        base, aim = scaled._vector(whole).reshape(1, -1), -scaled._vector(part)
        answer = linprog(aim, A_ub=matrix, b_ub=limits, A_eq=base, b_eq=[1.0], method="highs")
        return None if answer.status != 0 else -float(answer.fun)

    def proved_limit(self, terms: Terms) -> Limit | None:
        """Return an upper bound of a sum over real points with row multipliers, or ``None``.

        Any nonnegative multipliers prove a bound (A. Neumaier and O. Shcherbina 2004): the upper
        bounds of variables compensate the remainders.
        """
        from scipy.optimize import linprog

        signs, limits = self._matrix
        answer = linprog(-self._vector(terms), A_ub=signs, b_ub=limits, method="highs")
        if answer.status != 0:
            return None
        dual = [-float(y) for y in answer.ineqlin.marginals]
        times = self._exact(terms, dual) or self._compensated(terms, dual)
        if times is None:
            return None
        return sum((y * self.rows[row][1] for row, y in times.items()), Fraction(0)), times

    def _remainders(self, terms: Terms, times: Mapping[int, Fraction]) -> dict[int, Fraction]:
        """Return the positive remainder of each variable."""
        scale = lcm(*(y.denominator for y in times.values()))
        remainder = {variable: number * scale for variable, number in terms.items()}
        for row, y in times.items():
            factor = y.numerator * (scale // y.denominator)
            for variable, number in self.rows[row][0].items():
                remainder[variable] = remainder.get(variable, 0) - factor * number
        return {variable: Fraction(left, scale) for variable, left in remainder.items() if left > 0}

    @cached_property
    def _ceilings(self) -> Mapping[int, int]:
        """The tightest row with positive coefficients only, by variable."""
        tightest: dict[int, tuple[Fraction, int]] = {}
        for row, (terms, limit) in enumerate(self.rows):
            if all(number > 0 for number in terms.values()):
                for variable, number in terms.items():
                    ceiling = (Fraction(limit, number), row)
                    tightest[variable] = min(tightest.get(variable, ceiling), ceiling)
        return {variable: row for variable, (_, row) in tightest.items()}

    def _compensated(self, terms: Terms, dual: Sequence[float]) -> Multipliers | None:
        """Return nearby multipliers with compensated remainders."""
        grains = [round(y * _GRAIN) for y in dual]
        times = {row: Fraction(grain, _GRAIN) for row, grain in enumerate(grains) if grain > 0}
        for variable, left in self._remainders(terms, times).items():
            row = self._ceilings.get(variable)
            if row is None:
                return None
            times[row] = times.get(row, Fraction(0)) + left / self.rows[row][0][variable]
        return times

    def _exact(self, terms: Terms, dual: Sequence[float]) -> Multipliers | None:
        """Return the rational multipliers near floating-point ones, if they are exact.

        Try the simplest fractions first, then the solution of the equations of all variables
        without remainder.
        """
        near = {
            row: Fraction(y).limit_denominator(_SIMPLE)
            for row, y in enumerate(dual)
            if y > _NOTHING
        }
        if not self._remainders(terms, near):
            return near
        left: dict[int, float] = {variable: float(number) for variable, number in terms.items()}
        columns: dict[int, dict[int, int]] = {}
        for row in near:
            for variable, number in self.rows[row][0].items():
                left[variable] = left.get(variable, 0.0) - dual[row] * number
                columns.setdefault(variable, {})[row] = number
        tight = [v for v in columns if abs(left[v]) < _TIGHT * max(map(abs, columns[v].values()))]
        solution = _solve([(columns[v], terms.get(v, 0)) for v in tight], near)
        if any(y < 0 for y in solution.values()) or self._remainders(terms, solution):
            return None
        return {row: y for row, y in solution.items() if y}


def _solve(equations: Sequence[tuple[Terms, int]], estimate: Multipliers) -> Multipliers:
    """Return a solution of the independent equations near a floating-point one."""
    pivots: dict[int, tuple[Multipliers, Fraction]] = {}
    for terms, constant in equations:
        if len(pivots) == len(estimate):
            break
        row, right = {j: Fraction(number) for j, number in terms.items()}, Fraction(constant)
        for pivot, (known, most) in pivots.items():
            if factor := row.get(pivot):
                for column, number in known.items():
                    row[column] = row.get(column, Fraction(0)) - factor * number
                right -= factor * most
        row = {column: number for column, number in row.items() if number}
        if row:
            pivot = max(row, key=estimate.__getitem__)
            scale = row[pivot]
            pivots[pivot] = ({j: number / scale for j, number in row.items()}, right / scale)
    solution = {column: y for column, y in estimate.items() if column not in pivots}
    for pivot, (row, right) in reversed(pivots.items()):
        others = (n * solution[column] for column, n in row.items() if column != pivot)
        solution[pivot] = right - sum(others, Fraction(0))
    return solution
