"""Floating-point solutions of HiGHS, verified in exact arithmetic."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from thbstats.bounds._search import Point
from thbstats.bounds._simplex import Row

__all__ = ["limit", "ratio", "witness"]

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


def _matrix(size: int, rows: Sequence[Row]) -> tuple[Any, Any]:
    from scipy.sparse import csr_array

    entries = [(i, j, n) for i, (terms, _) in enumerate(rows) for j, n in terms.items()]
    places, columns, numbers = zip(*entries, strict=True) if entries else ((), (), ())
    # Older versions of scipy support 32-bit indices only.
    indices = (np.array(places, np.int32), np.array(columns, np.int32))
    matrix = csr_array((np.array(numbers, float), indices), shape=(len(rows), size))
    return matrix, np.array([float(limit) for _, limit in rows])


def _vector(size: int, terms: Mapping[int, int]) -> Any:
    vector = np.zeros(size)
    for variable, number in terms.items():
        vector[variable] = number
    return vector


def witness(
    size: int, rows: Sequence[Row], terms: Mapping[int, int], *, short: bool = False
) -> Point | None:
    """Return a feasible integer point with a large value, or ``None``."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not size:
        return {} if all(most >= 0 for _, most in rows) else None
    matrix, limits = _matrix(size, rows)
    # Without an objective HiGHS stops at the first point; no time limit is needed.
    limits_of_search = {"time_limit": _SECONDS} if not short else {}
    limits_of_search |= {"node_limit": _NODES} if terms or short else {}
    found = milp(
        -_vector(size, terms),
        integrality=np.ones(size),
        bounds=Bounds(0, np.inf),
        constraints=[LinearConstraint(matrix, -np.inf, limits)] if len(rows) else [],
        options={"mip_rel_gap": 0.0} | limits_of_search,
    )
    if found.x is None:
        return None
    point = {place: round(float(x)) for place, x in enumerate(found.x) if round(float(x))}
    is_feasible = all(x >= 0 for x in point.values()) and all(
        sum(n * point.get(j, 0) for j, n in row.items()) <= most for row, most in rows
    )
    return point if is_feasible else None


def limit(
    size: int, rows: Sequence[Row], terms: Mapping[int, int], ceilings: Sequence[int | None]
) -> tuple[Fraction, dict[int, Fraction]] | None:
    """Return a proved upper bound of a sum with row multipliers, or ``None``.

    Any nonnegative multipliers prove a bound (A. Neumaier and O. Shcherbina 2004): the upper bounds
    of variables compensate the remainders.
    """
    from scipy.optimize import linprog

    matrix, limits = _matrix(size, rows)
    found = linprog(-_vector(size, terms), A_ub=matrix, b_ub=limits, method="highs")
    if found.status != 0:
        return None
    multipliers = [-float(y) for y in found.ineqlin.marginals]
    times = _exact(rows, terms, multipliers) or _covered(rows, terms, multipliers, ceilings)
    if times is None:
        return None
    return sum((y * rows[place][1] for place, y in times.items()), Fraction(0)), times


def _covered(
    rows: Sequence[Row],
    terms: Mapping[int, int],
    multipliers: Sequence[float],
    ceilings: Sequence[int | None],
) -> dict[int, Fraction] | None:
    """Return nearby multipliers with compensated remainders."""
    grains = [round(y * _GRAIN) for y in multipliers]
    times = {place: Fraction(grain, _GRAIN) for place, grain in enumerate(grains) if grain > 0}
    for variable, left in _uncovered(rows, terms, times).items():
        ceiling = ceilings[variable]
        if ceiling is None:
            return None
        times[ceiling] = times.get(ceiling, Fraction(0)) + left / rows[ceiling][0][variable]
    return times


def _uncovered(
    rows: Sequence[Row], terms: Mapping[int, int], times: Mapping[int, Fraction]
) -> dict[int, Fraction]:
    """Return the positive remainder of each variable."""
    scale = lcm(*(y.denominator for y in times.values()))
    remainder = {variable: number * scale for variable, number in terms.items()}
    for place, y in times.items():
        whole = y.numerator * (scale // y.denominator)
        for variable, number in rows[place][0].items():
            remainder[variable] = remainder.get(variable, 0) - whole * number
    return {variable: Fraction(left, scale) for variable, left in remainder.items() if left > 0}


def _exact(
    rows: Sequence[Row], terms: Mapping[int, int], multipliers: Sequence[float]
) -> dict[int, Fraction] | None:
    """Return the rational multipliers near floating-point ones, if they are exact.

    Try the simplest fractions first, then the solution of the equations of all variables
    without remainder.
    """
    near = {
        place: Fraction(y).limit_denominator(_SIMPLE)
        for place, y in enumerate(multipliers)
        if y > _NOTHING
    }
    if not _uncovered(rows, terms, near):
        return near
    left: dict[int, float] = {variable: float(number) for variable, number in terms.items()}
    columns: dict[int, dict[int, int]] = {}
    for place in near:
        for variable, number in rows[place][0].items():
            left[variable] = left.get(variable, 0.0) - multipliers[place] * number
            columns.setdefault(variable, {})[place] = number
    tight = [v for v in columns if abs(left[v]) < _TIGHT * max(map(abs, columns[v].values()))]
    solved = _solved([(columns[v], terms.get(v, 0)) for v in tight], near)
    if any(y < 0 for y in solved.values()) or _uncovered(rows, terms, solved):
        return None
    return {place: y for place, y in solved.items() if y}


def _solved(
    equations: Sequence[tuple[Mapping[int, int], int]], estimate: Mapping[int, Fraction]
) -> dict[int, Fraction]:
    """Return a solution of the independent equations near a floating-point one."""
    pivots: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
    for terms, value in equations:
        if len(pivots) == len(estimate):
            break
        row, right = {place: Fraction(number) for place, number in terms.items()}, Fraction(value)
        for pivot, (known, most) in pivots.items():
            if factor := row.get(pivot):
                for place, number in known.items():
                    row[place] = row.get(place, Fraction(0)) - factor * number
                right -= factor * most
        row = {place: number for place, number in row.items() if number}
        if row:
            pivot = max(row, key=lambda column: estimate[column])
            scale = row[pivot]
            row = {place: number / scale for place, number in row.items()}
            pivots[pivot] = (row, right / scale)
    found = {place: y for place, y in estimate.items() if place not in pivots}
    for pivot, (row, right) in reversed(pivots.items()):
        others = sum((n * found[place] for place, n in row.items() if place != pivot), Fraction(0))
        found[pivot] = right - others
    return found


def ratio(
    size: int, rows: Sequence[Row], part: Mapping[int, int], whole: Mapping[int, int]
) -> float | None:
    """Return the approximate largest ratio over all real points, or ``None``.

    The denominator is scaled to 1 (A. Charnes and W. Cooper 1962).
    """
    from scipy.optimize import linprog

    scaled = [({**terms, size: -limit}, 0) for terms, limit in rows]
    matrix, limits = _matrix(size + 1, scaled)
    base = _vector(size + 1, whole).reshape(1, -1)
    found = linprog(
        -_vector(size + 1, part), A_ub=matrix, b_ub=limits, A_eq=base, b_eq=[1.0], method="highs"
    )
    return None if found.status != 0 else -float(found.fun)
