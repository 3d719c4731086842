"""Floating-point solutions of HiGHS, verified in exact arithmetic."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from thbstats.bounds._simplex import Point, Row, Terms

Multipliers = dict[int, Fraction]

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


def matrix_of(size: int, rows: Sequence[Row]) -> tuple[Any, Any]:
    """Return rows as a sparse matrix and a vector of limits."""
    from scipy.sparse import csr_array

    entries = [(i, j, n) for i, (terms, _) in enumerate(rows) for j, n in terms.items()]
    row_positions, columns, numbers = zip(*entries, strict=True) if entries else ((), (), ())
    # Older versions of scipy support 32-bit indices only.
    indices = (np.array(row_positions, np.int32), np.array(columns, np.int32))
    matrix = csr_array((np.array(numbers, float), indices), shape=(len(rows), size))
    return matrix, np.array([float(limit) for _, limit in rows])


def _vector(size: int, terms: Terms) -> Any:
    vector = np.zeros(size)
    vector[list(terms)] = list(terms.values())
    return vector


def witness(
    size: int,
    rows: Sequence[Row],
    terms: Terms,
    *,
    short: bool = False,
    vertex: bool = False,
    matrix: tuple[Any, Any] | None = None,
) -> Point | None:
    """Return a feasible integer point with a large value, or ``None``.

    A `short` search is limited in nodes. With `vertex`, try the vertex of the linear program first:
    it is usually integer if all coefficients are 1, and takes a third of the time.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not size:
        return {} if all(most >= 0 for _, most in rows) else None
    signs, limits = matrix or matrix_of(size, rows)
    # Without an objective HiGHS stops at the first point; no time limit is needed.
    options: dict[str, Any] = {} if short else {"time_limit": _SECONDS}
    options |= {"node_limit": _NODES} if (terms and not vertex) or short else {}
    for integrality in (0, 1) if vertex else (1,):
        answer = milp(
            -_vector(size, terms),
            integrality=np.full(size, integrality),
            bounds=Bounds(0, np.inf),
            constraints=[LinearConstraint(signs, -np.inf, limits)] if len(rows) else [],
            options={"mip_rel_gap": 0.0} | options,
        )
        if answer.x is None:
            return None
        numbers = np.round(answer.x).astype(np.int64).tolist()
        point = {variable: number for variable, number in enumerate(numbers) if number}
        is_feasible = all(x >= 0 for x in point.values()) and all(
            sum(n * point.get(j, 0) for j, n in row.items()) <= most for row, most in rows
        )
        if is_feasible:
            return point
    return None


def ratio(size: int, rows: Sequence[Row], part: Terms, whole: Terms) -> float | None:
    """Return the approximate largest ratio over all real points, or ``None``.

    The denominator is scaled to 1 (A. Charnes and W. Cooper 1962).
    """
    from scipy.optimize import linprog

    matrix, limits = matrix_of(size + 1, [({**terms, size: -limit}, 0) for terms, limit in rows])
    base = _vector(size + 1, whole).reshape(1, -1)
    aim = -_vector(size + 1, part)
    answer = linprog(aim, A_ub=matrix, b_ub=limits, A_eq=base, b_eq=[1.0], method="highs")
    return None if answer.status != 0 else -float(answer.fun)


def limit(
    size: int,
    rows: Sequence[Row],
    terms: Terms,
    ceilings: Sequence[int | None],
    matrix: tuple[Any, Any] | None = None,
) -> tuple[Fraction, Multipliers] | None:
    """Return a proved upper bound of a sum with row multipliers, or ``None``.

    Any nonnegative multipliers prove a bound (A. Neumaier and O. Shcherbina 2004): the upper bounds
    of variables compensate the remainders.
    """
    from scipy.optimize import linprog

    signs, limits = matrix or matrix_of(size, rows)
    answer = linprog(-_vector(size, terms), A_ub=signs, b_ub=limits, method="highs")
    if answer.status != 0:
        return None
    dual = [-float(y) for y in answer.ineqlin.marginals]
    times = _exact(rows, terms, dual) or _compensated(rows, terms, dual, ceilings)
    if times is None:
        return None
    return sum((y * rows[row][1] for row, y in times.items()), Fraction(0)), times


def _remainders(
    rows: Sequence[Row], terms: Terms, times: Mapping[int, Fraction]
) -> dict[int, Fraction]:
    """Return the positive remainder of each variable."""
    scale = lcm(*(y.denominator for y in times.values()))
    remainder = {variable: number * scale for variable, number in terms.items()}
    for row, y in times.items():
        factor = y.numerator * (scale // y.denominator)
        for variable, number in rows[row][0].items():
            remainder[variable] = remainder.get(variable, 0) - factor * number
    return {variable: Fraction(left, scale) for variable, left in remainder.items() if left > 0}


def _compensated(
    rows: Sequence[Row], terms: Terms, dual: Sequence[float], ceilings: Sequence[int | None]
) -> Multipliers | None:
    """Return nearby multipliers with compensated remainders."""
    grains = [round(y * _GRAIN) for y in dual]
    times = {row: Fraction(grain, _GRAIN) for row, grain in enumerate(grains) if grain > 0}
    for variable, left in _remainders(rows, terms, times).items():
        ceiling = ceilings[variable]
        if ceiling is None:
            return None
        times[ceiling] = times.get(ceiling, Fraction(0)) + left / rows[ceiling][0][variable]
    return times


def _exact(rows: Sequence[Row], terms: Terms, dual: Sequence[float]) -> Multipliers | None:
    """Return the rational multipliers near floating-point ones, if they are exact.

    Try the simplest fractions first, then the solution of the equations of all variables without
    remainder.
    """
    near = {
        row: Fraction(y).limit_denominator(_SIMPLE) for row, y in enumerate(dual) if y > _NOTHING
    }
    if not _remainders(rows, terms, near):
        return near
    left: dict[int, float] = {variable: float(number) for variable, number in terms.items()}
    columns: dict[int, dict[int, int]] = {}
    for row in near:
        for variable, number in rows[row][0].items():
            left[variable] = left.get(variable, 0.0) - dual[row] * number
            columns.setdefault(variable, {})[row] = number
    tight = [v for v in columns if abs(left[v]) < _TIGHT * max(map(abs, columns[v].values()))]
    solution = _solve([(columns[v], terms.get(v, 0)) for v in tight], near)
    if any(y < 0 for y in solution.values()) or _remainders(rows, terms, solution):
        return None
    return {row: y for row, y in solution.items() if y}


def _solve(equations: Sequence[tuple[Terms, int]], estimate: Multipliers) -> Multipliers:
    """Return a solution of the independent equations near a floating-point one."""
    pivots: dict[int, tuple[Multipliers, Fraction]] = {}
    for terms, value in equations:
        if len(pivots) == len(estimate):
            break
        row, right = {column: Fraction(number) for column, number in terms.items()}, Fraction(value)
        for pivot, (known, most) in pivots.items():
            if factor := row.get(pivot):
                for column, number in known.items():
                    row[column] = row.get(column, Fraction(0)) - factor * number
                right -= factor * most
        row = {column: number for column, number in row.items() if number}
        if row:
            pivot = max(row, key=estimate.__getitem__)
            scale = row[pivot]
            row = {column: number / scale for column, number in row.items()}
            pivots[pivot] = (row, right / scale)
    solution = {column: y for column, y in estimate.items() if column not in pivots}
    for pivot, (row, right) in reversed(pivots.items()):
        others = (n * solution[column] for column, n in row.items() if column != pivot)
        solution[pivot] = right - sum(others, Fraction(0))
    return solution
