"""What HiGHS finds in floating point, kept only as far as exact arithmetic agrees."""

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
"""Parts of a program after which HiGHS has found what it finds: the rest of its time goes into a
proof that is not used. A search that may end without a point is limited in parts and not in time,
so that it ends with the same point on every machine."""


def _matrix(size: int, rows: Sequence[Row]) -> tuple[Any, Any]:
    from scipy.sparse import csr_array

    entries = [(i, j, n) for i, (terms, _) in enumerate(rows) for j, n in terms.items()]
    places, columns, numbers = zip(*entries, strict=True) if entries else ((), (), ())
    # Older versions of scipy hand on nothing but 32-bit places.
    at = (np.array(places, np.int32), np.array(columns, np.int32))
    matrix = csr_array((np.array(numbers, float), at), shape=(len(rows), size))
    return matrix, np.array([float(limit) for _, limit in rows])


def _vector(size: int, terms: Mapping[int, int]) -> Any:
    vector = np.zeros(size)
    for variable, number in terms.items():
        vector[variable] = number
    return vector


def witness(
    size: int, rows: Sequence[Row], terms: Mapping[int, int], *, short: bool = False
) -> Point | None:
    """Return a whole point with a large value that satisfies every row exactly, or None."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not size:
        return {} if all(most >= 0 for _, most in rows) else None
    matrix, limits = _matrix(size, rows)
    # Where any table will do, HiGHS ends with the first; it is not to give up before.
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
    fits = all(x >= 0 for x in point.values()) and all(
        sum(n * point.get(j, 0) for j, n in row.items()) <= most for row, most in rows
    )
    return point if fits else None


def limit(
    size: int, rows: Sequence[Row], terms: Mapping[int, int], ceilings: Sequence[int | None]
) -> tuple[Fraction, dict[int, Fraction]] | None:
    """Return what a sum is at most, and how often each row is added to prove it; None if unproven.

    Any multipliers of 0 or more prove a limit (A. Neumaier and O. Shcherbina 2004): what they
    leave of each variable is made up for by the row that says what it is at most.
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
    """Multipliers nearby, with more of the row that says what a variable is at most."""
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
    """What multipliers leave of each variable."""
    scale = lcm(*(y.denominator for y in times.values()))
    rest = {variable: number * scale for variable, number in terms.items()}
    for place, y in times.items():
        whole = y.numerator * (scale // y.denominator)
        for variable, number in rows[place][0].items():
            rest[variable] = rest.get(variable, 0) - whole * number
    return {variable: Fraction(left, scale) for variable, left in rest.items() if left > 0}


def _exact(
    rows: Sequence[Row], terms: Mapping[int, int], multipliers: Sequence[float]
) -> dict[int, Fraction] | None:
    """The multipliers that floating point stands for, if adding the rows confirms them.

    First each as the simplest fraction nearby; then as the solution of the equations of all
    variables of which nothing is left.
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
    equations: Sequence[tuple[Mapping[int, int], int]], near: Mapping[int, Fraction]
) -> dict[int, Fraction]:
    """A solution of as many equations as are independent, near one in floating point."""
    pivots: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
    for terms, value in equations:
        if len(pivots) == len(near):
            break
        row, right = {place: Fraction(number) for place, number in terms.items()}, Fraction(value)
        for pivot, (known, most) in pivots.items():
            if factor := row.get(pivot):
                for place, number in known.items():
                    row[place] = row.get(place, Fraction(0)) - factor * number
                right -= factor * most
        row = {place: number for place, number in row.items() if number}
        if row:
            pivot = max(row, key=lambda place: near[place])
            scale = row[pivot]
            row = {place: number / scale for place, number in row.items()}
            pivots[pivot] = (row, right / scale)
    found = {place: y for place, y in near.items() if place not in pivots}
    for pivot, (row, right) in reversed(pivots.items()):
        rest = sum((n * found[place] for place, n in row.items() if place != pivot), Fraction(0))
        found[pivot] = right - rest
    return found


def ratio(
    size: int, rows: Sequence[Row], part: Mapping[int, int], whole: Mapping[int, int]
) -> float | None:
    """Return about the largest part / whole of all points, whole or not; None if none is found.

    The whole is scaled to 1, and what the rows allow with it (A. Charnes and W. Cooper 1962).
    """
    from scipy.optimize import linprog

    scaled = [({**terms, size: -limit}, 0) for terms, limit in rows]
    matrix, limits = _matrix(size + 1, scaled)
    base = _vector(size + 1, whole).reshape(1, -1)
    found = linprog(
        -_vector(size + 1, part), A_ub=matrix, b_ub=limits, A_eq=base, b_eq=[1.0], method="highs"
    )
    return None if found.status != 0 else -float(found.fun)
