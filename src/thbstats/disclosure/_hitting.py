"""The cheapest rows of which each of many sets has one."""

from collections.abc import Iterable
from math import ceil

import numpy as np
from numpy.typing import NDArray

__all__ = ["cheapest"]

_TOLERANCE = 1e-6
_MOST_NODES = 50_000


def cheapest(
    sets: Iterable[tuple[int, ...]], cost: NDArray[np.float64]
) -> tuple[frozenset[int], int]:
    """Return rows with one in every set, and what none cheaper could cost less than.

    Parameters
    ----------
    sets : iterable of tuple of int
        Each has a row.
    cost : array of float64, shape (r,)
        Whole numbers.

    Returns
    -------
    frozenset of int
        The rows; the cheapest there are, unless the search was cut short.
    int
        A bound from below on the cost of any such rows.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    found = list(sets)
    if not found:
        return frozenset(), 0
    columns = np.array(sorted({row for each in found for row in each}), dtype=np.intp)
    place = np.concatenate([np.searchsorted(columns, each) for each in found])
    owner = np.repeat(np.arange(len(found)), [len(each) for each in found])
    matrix = csr_array((np.ones(len(place)), (owner, place)), shape=(len(found), len(columns)))
    answer = milp(
        cost[columns],
        integrality=np.ones(len(columns)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(matrix, 1, np.inf)],
        options={"mip_rel_gap": 0.0, "node_limit": _MOST_NODES},
    )
    if answer.x is None:
        return frozenset(columns.tolist()), 0
    chosen = columns[answer.x > 0.5]
    return frozenset(chosen.tolist()), ceil(answer.mip_dual_bound - _TOLERANCE)
