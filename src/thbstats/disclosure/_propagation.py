"""What sums say of each other's cells, one relation at a time, until nothing changes."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.disclosure.relations import Relations

__all__ = ["Propagated", "propagate"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MOST_ROUNDS = 200


@frozen(eq=False, kw_only=True)
class Propagated:
    """Cells as narrow as single relations make them.

    Parameters
    ----------
    lower, upper : array of float64, shape (n,)
        What each cell can be.
    broken : array of bool, shape (n,)
        Which cells cannot have any value.
    settled : bool
        Whether a further round would change nothing.
    """

    lower: Floats
    upper: Floats
    broken: Bools
    settled: bool


def propagate(relations: Relations, lower: Floats, upper: Floats) -> Propagated:
    """Return cells narrowed by relations.

    Each sum says of each of its cells that it is what the others leave. Ends are whole numbers,
    and floats hold them exactly as long as all of them together are below 2**53.

    Parameters
    ----------
    relations : Relations
        The sums.
    lower, upper : array of float64, shape (n,)
        What each cell can be.
    """
    lower, upper = lower.copy(), upper.copy()
    cell, relation, sign = relations.cell, relations.relation, relations.sign
    broken = np.zeros(len(lower), dtype=np.bool_)
    active = np.ones(len(cell), dtype=np.bool_)
    for _ in range(_MOST_ROUNDS):
        cells, owners, signs = cell[active], relation[active], sign[active]
        lows = np.where(signs > 0, lower[cells], -upper[cells])
        highs = np.where(signs > 0, upper[cells], -lower[cells])
        least = _others(owners, lows, -np.inf, len(relations))
        most = _others(owners, highs, np.inf, len(relations))
        low, high = relations.low[owners] - most, relations.high[owners] - least
        new_lower, new_upper = lower.copy(), upper.copy()
        np.maximum.at(new_lower, cells, np.where(signs > 0, low, -high))
        np.minimum.at(new_upper, cells, np.where(signs > 0, high, -low))
        # What contradicts itself stays as it is, or it would spread to all that it touches.
        crossed = new_lower > new_upper
        broken |= crossed
        new_lower[crossed], new_upper[crossed] = lower[crossed], upper[crossed]
        changed = (new_lower > lower) | (new_upper < upper)
        lower, upper = new_lower, new_upper
        touched = np.zeros(len(relations), dtype=np.bool_)
        touched[relation[changed[cell]]] = True
        active = touched[relation]
        if not active.any():
            return Propagated(lower=lower, upper=upper, broken=broken, settled=True)
    return Propagated(lower=lower, upper=upper, broken=broken, settled=False)


def _others(owners: NDArray[np.intp], ends: Floats, endless: float, size: int) -> Floats:
    """For each term, the sum of the ends of all other terms of its relation."""
    free = np.isinf(ends)
    finite = np.where(free, 0.0, ends)
    total = np.bincount(owners, finite, minlength=size)[owners]
    n_free = np.bincount(owners, free, minlength=size)[owners]
    return np.where(n_free - free > 0, endless, total - finite)
