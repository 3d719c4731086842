"""Controlled rounding to multiples of a base."""

from fractions import Fraction
from math import ceil

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.disclosure.sum_relations import SumRelations
from thbstats.errors import ImpossibleResult, InvalidValue

__all__ = ["Steps", "nearest_steps"]

Ints = NDArray[np.int64]

_GRAIN = 64
_SECONDS = 20.0
_TIMED_OUT = 1
"""The status of `scipy.optimize.milp` after the time limit."""


@frozen(eq=False, kw_only=True)
class Steps:
    """Rounded values as multiples of a base.

    Parameters
    ----------
    steps : array of int64, shape (n,)
        Multiples of the base.
    change : int
        The sum of all absolute changes.
    bound : int
        A lower bound on the change of any choice, proved in integers.
    """

    steps: Ints
    change: int
    bound: int


def nearest_steps(
    values: Ints, base: int, relations: SumRelations, targets: NDArray[np.bool_]
) -> Steps:
    """Return adjacent multiples that satisfy all sums with minimum total change.

    A multiple of the base stays unchanged; any other value is rounded down or up.

    Parameters
    ----------
    values : array of int64, shape (n,)
        Values of 0 or more.
    base : int
        The base.
    relations : SumRelations
        Sums that the values satisfy.
    targets : array of bool, shape (n,)
        Values whose change counts; all others are sums that are not published.

    Raises
    ------
    ImpossibleResult
        If no adjacent multiples satisfy all sums.
    InvalidValue
        If none are found within the time limit.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    low, remainder = np.divmod(values, base)
    can_increase = remainder > 0
    cost = np.where(targets, base - 2 * remainder, 0)
    matrix = np.zeros((len(relations), len(values)))
    matrix[relations.relation, relations.cell] = relations.sign
    rounded_down = matrix @ low.astype(np.float64)
    least, most = relations.low - rounded_down, relations.high - rounded_down
    # Sums that are not published need not be adjacent to their value.
    lower = np.where(targets, 0, -low).astype(np.float64)
    upper = np.where(targets, can_increase.astype(np.float64), np.inf)
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
            f"no solution was found within {_SECONDS:.0f} seconds",
            field="base",
            value=base,
            hint="Remove a dimension from `along`, or round parts of the table separately",
        )
    if found.x is None:
        raise ImpossibleResult(
            "no adjacent multiples of `base` satisfy all sums",
            field="base",
            value=base,
            hint="Remove a dimension from `along`, or round tables of two dimensions separately",
        )
    up = np.round(found.x).astype(np.int64)
    sums = matrix @ up
    if not (((least <= sums) & (sums <= most)).all() and ((lower <= up) & (up <= upper)).all()):
        raise ImpossibleResult(  # pragma: no cover - not observed with HiGHS
            "the multiples of the solver do not satisfy all sums",
            field="base",
            value=base,
            hint="Round tables of two dimensions separately",
        )
    fixed = int(remainder[targets].sum())
    change = fixed + int((cost * up).sum())
    bound = fixed + _proved(cost, matrix, (least, most), (lower, upper))
    return Steps(steps=low + up, change=change, bound=min(bound, change))


def _proved(
    cost: Ints,
    matrix: NDArray[np.float64],
    sums: tuple[NDArray[np.float64], NDArray[np.float64]],
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> int:
    """Return a lower bound on the cost, in exact arithmetic.

    Any multipliers of the sums prove a bound; integer multipliers prove the optimum in tables of
    two dimensions.
    """
    from scipy.optimize import linprog

    high, low = np.isfinite(sums[1]), np.isfinite(sums[0])
    rows = np.vstack([matrix[high], -matrix[low]])
    limits = np.concatenate([sums[1][high], -sums[0][low]])
    pairs = np.stack(bounds, axis=1)
    answer = linprog(cost, A_ub=rows, b_ub=limits, bounds=pairs, method="highs")
    if answer.status != 0:
        return int(np.minimum(cost, 0).sum())
    times = [max(0, round(-float(y) * _GRAIN)) for y in answer.ineqlin.marginals]
    total = -sum(y * int(limit) for y, limit in zip(times, limits, strict=True))
    left = [_GRAIN * int(c) for c in cost]
    for y, row in zip(times, rows.astype(int).tolist(), strict=True):
        if y:
            left = [weight + y * n for weight, n in zip(left, row, strict=True)]
    for weight, least, most in zip(left, *bounds, strict=True):
        bound = least if weight > 0 else most
        if weight and np.isinf(bound):
            return int(np.minimum(cost, 0).sum())
        total += weight * int(bound) if weight else 0
    return ceil(Fraction(total, _GRAIN))
