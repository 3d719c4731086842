"""Bound propagation through sums."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.disclosure.sum_relations import SumRelations

__all__ = ["Propagation", "propagate"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MAX_ITERATIONS = 200


@frozen(eq=False, kw_only=True)
class Propagation:
    """Bounds of cells after propagation through single sums.

    Parameters
    ----------
    lower, upper : array of float64, shape (n,)
        The bounds.
    infeasible : array of bool, shape (n,)
        The cells without a feasible value.
    converged : bool
        Whether a further iteration would change nothing.
    """

    lower: Floats
    upper: Floats
    infeasible: Bools
    converged: bool


def propagate(relations: SumRelations, lower: Floats, upper: Floats) -> Propagation:
    """Return bounds after propagation through sums.

    The bounds of a cell are the bounds of its sum less those of the other cells. Bounds are
    integers; floats are exact while all of them together are below 2**53.

    Parameters
    ----------
    relations : SumRelations
        The sums.
    lower, upper : array of float64, shape (n,)
        The bounds before propagation.
    """
    lower, upper = lower.copy(), upper.copy()
    cell, relation, sign = relations.cell, relations.relation, relations.sign
    infeasible = np.zeros(len(lower), dtype=np.bool_)
    active = np.ones(len(cell), dtype=np.bool_)
    for _ in range(_MAX_ITERATIONS):
        cells, owners, signs = cell[active], relation[active], sign[active]
        lows = np.where(signs > 0, lower[cells], -upper[cells])
        highs = np.where(signs > 0, upper[cells], -lower[cells])
        least = _others(owners, lows, -np.inf, len(relations))
        most = _others(owners, highs, np.inf, len(relations))
        low, high = relations.low[owners] - most, relations.high[owners] - least
        new_lower, new_upper = lower.copy(), upper.copy()
        np.maximum.at(new_lower, cells, np.where(signs > 0, low, -high))
        np.minimum.at(new_upper, cells, np.where(signs > 0, high, -low))
        # Infeasible cells keep their bounds, so that they do not affect other cells.
        crossed = new_lower > new_upper
        infeasible |= crossed
        new_lower[crossed], new_upper[crossed] = lower[crossed], upper[crossed]
        changed = (new_lower > lower) | (new_upper < upper)
        lower, upper = new_lower, new_upper
        touched = np.zeros(len(relations), dtype=np.bool_)
        touched[relation[changed[cell]]] = True
        active = touched[relation]
        if not active.any():
            return Propagation(lower=lower, upper=upper, infeasible=infeasible, converged=True)
    return Propagation(lower=lower, upper=upper, infeasible=infeasible, converged=False)


def _others(owners: NDArray[np.intp], bounds: Floats, infinity: float, size: int) -> Floats:
    """Return for each term the sum of the bounds of all other terms of its relation."""
    free = np.isinf(bounds)
    finite = np.where(free, 0.0, bounds)
    total = np.bincount(owners, finite, minlength=size)[owners]
    n_free = np.bincount(owners, free, minlength=size)[owners]
    return np.where(n_free - free > 0, infinity, total - finite)
