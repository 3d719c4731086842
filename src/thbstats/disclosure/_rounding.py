"""Whole multiples of a base, each next to its value, that still add up."""

from fractions import Fraction
from math import ceil

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.disclosure.relations import Relations
from thbstats.errors import ImpossibleResult, InvalidValue

__all__ = ["Steps", "nearest_steps"]

Ints = NDArray[np.int64]

_GRAIN = 64
_SECONDS = 20.0
_TIMED_OUT = 1
"""The status of `scipy.optimize.milp` where it was stopped before it knew."""


@frozen(eq=False, kw_only=True)
class Steps:
    """How many bases each value becomes.

    Parameters
    ----------
    steps : array of int64, shape (n,)
        Multiples of the base.
    change : int
        The sum of all distances between a value and what it becomes.
    bound : int
        What no other choice could change less than, proved in whole numbers.
    """

    steps: Ints
    change: int
    bound: int


def nearest_steps(values: Ints, base: int, relations: Relations, asked: NDArray[np.bool_]) -> Steps:
    """Return the multiples next to each value that satisfy all sums and change least together.

    A multiple of the base stays what it is; any other value goes to the one below or above.

    Parameters
    ----------
    values : array of int64, shape (n,)
        0 or more.
    base : int
        The base.
    relations : Relations
        Sums that the values satisfy.
    asked : array of bool, shape (n,)
        Values whose change counts; the others are sums that nobody sees.

    Raises
    ------
    ImpossibleResult
        If no such multiples satisfy all sums.
    InvalidValue
        If none are found in time.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    low, rest = np.divmod(values, base)
    able = rest > 0
    cost = np.where(asked, base - 2 * rest, 0)
    matrix = np.zeros((len(relations), len(values)))
    matrix[relations.relation, relations.cell] = relations.sign
    kept = matrix @ low.astype(np.float64)
    least, most = relations.low - kept, relations.high - kept
    # Sums that nobody sees need not be next to their value.
    lower = np.where(asked, 0, -low).astype(np.float64)
    upper = np.where(asked, able.astype(np.float64), np.inf)
    conditions = [LinearConstraint(matrix, least, most)] if len(relations) else []
    found = milp(
        cost.astype(np.float64),
        integrality=np.ones(len(values)),
        bounds=Bounds(lower, upper),
        constraints=conditions,
        options={"mip_rel_gap": 0.0, "time_limit": _SECONDS},
    )
    if found.x is None and found.status == _TIMED_OUT:
        raise InvalidValue(
            f"no multiples were found that satisfy all sums within {_SECONDS:.0f} seconds",
            field="base",
            value=base,
            hint="Leave a dimension out of along, or round parts of the table apart",
        )
    if found.x is None:
        raise ImpossibleResult(
            "no multiples next to the counts satisfy all sums",
            field="base",
            value=base,
            hint="Leave a dimension out of along, or round tables of two dimensions apart",
        )
    up = np.round(found.x).astype(np.int64)
    sums = matrix @ up
    if not (((least <= sums) & (sums <= most)).all() and ((lower <= up) & (up <= upper)).all()):
        raise ImpossibleResult(  # pragma: no cover - HiGHS has never given such a one
            "the solver's multiples do not satisfy all sums",
            field="base",
            value=base,
            hint="Round tables of two dimensions apart",
        )
    fixed = int(rest[asked].sum())
    change = fixed + int((cost * up).sum())
    bound = fixed + _proved(cost, matrix, (least, most), (lower, upper))
    return Steps(steps=low + up, change=change, bound=min(bound, change))


def _proved(
    cost: Ints,
    matrix: NDArray[np.float64],
    sums: tuple[NDArray[np.float64], NDArray[np.float64]],
    ends: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> int:
    """A bound from below on the cost, in exact arithmetic whatever the solver's duals are.

    Any multipliers of the sums prove one; in tables of two dimensions whole ones prove the best.
    """
    from scipy.optimize import linprog

    high, low = np.isfinite(sums[1]), np.isfinite(sums[0])
    rows = np.vstack([matrix[high], -matrix[low]])
    limits = np.concatenate([sums[1][high], -sums[0][low]])
    bounds = np.stack(ends, axis=1)
    answer = linprog(cost, A_ub=rows, b_ub=limits, bounds=bounds, method="highs")
    if answer.status != 0:
        return int(np.minimum(cost, 0).sum())
    times = [max(0, round(-float(y) * _GRAIN)) for y in answer.ineqlin.marginals]
    total = -sum(y * int(limit) for y, limit in zip(times, limits, strict=True))
    left = [_GRAIN * int(c) for c in cost]
    for y, row in zip(times, rows.astype(int).tolist(), strict=True):
        if y:
            left = [one + y * n for one, n in zip(left, row, strict=True)]
    for one, least, most in zip(left, *ends, strict=True):
        end = least if one > 0 else most
        if one and np.isinf(end):
            return int(np.minimum(cost, 0).sum())
        total += one * int(end) if one else 0
    return ceil(Fraction(total, _GRAIN))
