"""What HiGHS finds in floating point, kept only as far as exact arithmetic agrees."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from thbstats.bounds._search import Point
from thbstats.bounds._simplex import Row

__all__ = ["limit", "witness"]

_GRAIN = 10**7
_SECONDS = 5.0
_NODES = 100
"""Parts of a program after which HiGHS has found what it finds: the rest of its time goes into a
proof that is not used."""


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


def witness(size: int, rows: Sequence[Row], terms: Mapping[int, int]) -> Point | None:
    """Return a whole point with a large value that satisfies every row exactly, or None."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not size:
        return {} if all(most >= 0 for _, most in rows) else None
    matrix, limits = _matrix(size, rows)
    found = milp(
        -_vector(size, terms),
        integrality=np.ones(size),
        bounds=Bounds(0, np.inf),
        constraints=[LinearConstraint(matrix, -np.inf, limits)] if len(rows) else [],
        options={"time_limit": _SECONDS, "mip_rel_gap": 0.0} | _stop(terms),
    )
    if found.x is None:
        return None
    point = {place: round(float(x)) for place, x in enumerate(found.x) if round(float(x))}
    fits = all(x >= 0 for x in point.values()) and all(
        sum(n * point.get(j, 0) for j, n in row.items()) <= most for row, most in rows
    )
    return point if fits else None


def _stop(terms: Mapping[int, int]) -> dict[str, int]:
    """Where any table will do, HiGHS ends with the first; it is not to give up before."""
    return {"node_limit": _NODES} if terms else {}


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
    grains = [round(-float(y) * _GRAIN) for y in found.ineqlin.marginals]
    times = {place: Fraction(grain, _GRAIN) for place, grain in enumerate(grains) if grain > 0}
    rest = {variable: Fraction(number) for variable, number in terms.items()}
    for place, y in times.items():
        for variable, number in rows[place][0].items():
            rest[variable] = rest.get(variable, Fraction(0)) - y * number
    for variable, left in rest.items():
        if left > 0:
            ceiling = ceilings[variable]
            if ceiling is None:
                return None
            more = left / rows[ceiling][0][variable]
            times[ceiling] = times.get(ceiling, Fraction(0)) + more
    total = sum((y * rows[place][1] for place, y in times.items()), Fraction(0))
    return total, times
