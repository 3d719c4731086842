"""The cheapest rows to hide, as far as is known so far why some must be hidden."""

from math import ceil

import numpy as np
from attrs import Factory, define
from numpy.typing import NDArray

from thbstats.disclosure._exposing import Breach, Draft
from thbstats.disclosure.relations import Relations

__all__ = ["Choice"]

Floats = NDArray[np.float64]

_TOLERANCE = 1e-6
_SECONDS = 10.0
_MOST_VARIABLES = 3_000
_FAR = 1_000.0
"""How many times the width a cell may move where sums cross each other in more than two ways."""


@define(eq=False)
class Choice:
    """Which rows to hide, under conditions that every safe choice satisfies.

    Parameters
    ----------
    draft : Draft
        The table.
    cost : array of float64, shape (r,)
        What hiding each row costs; whole numbers.
    sets : dict
        Published rows that alone tell something: one of each set is hidden.
    breaches : dict
        What must have two tables that fit, as far apart as it is to stay wide.
    """

    draft: Draft
    cost: Floats
    sets: dict[tuple[int, ...], None] = Factory(dict)
    breaches: dict[Breach, None] = Factory(dict)

    def learn(self, breach: Breach, rows: tuple[int, ...]) -> None:
        """Remember that some rows alone cause a breach."""
        self.sets[rows] = None
        size = 2 * len(self.draft.lattice.keys)
        if (len(self.breaches) + 1) * size <= _MOST_VARIABLES:
            self.breaches[breach] = None

    def cheapest(self) -> tuple[frozenset[int], int]:
        """Return rows to hide, and what none cheaper could cost less than.

        Returns
        -------
        frozenset of int
            Rows that satisfy the conditions.
        int
            A bound from below on the cost of any that do; their own, unless the search was cut
            short.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        if not self.sets:
            return frozenset(), 0
        rows = np.flatnonzero(self.draft.open)
        blocks = [self._tables(rows, breach) for breach in self.breaches]
        n_more = sum(block[0].shape[1] - len(rows) for block in blocks)
        lower, upper = [np.zeros(len(rows))], [np.ones(len(rows))]
        conditions = [self._hits(rows, n_more)]
        at = len(rows)
        for matrix, low, high, least, most in blocks:
            conditions.append(LinearConstraint(_placed(matrix, len(rows), at, n_more), low, high))
            at += matrix.shape[1] - len(rows)
            lower.append(least)
            upper.append(most)
        answer = milp(
            np.concatenate([self.cost[rows], np.zeros(n_more)]),
            integrality=np.concatenate([np.ones(len(rows)), np.zeros(n_more)]),
            bounds=Bounds(np.concatenate(lower), np.concatenate(upper)),
            constraints=conditions,
            options={"mip_rel_gap": 0.0, "time_limit": _SECONDS},
        )
        if answer.x is None:
            return frozenset(rows.tolist()), 0
        chosen = rows[answer.x[: len(rows)] > 0.5]
        return frozenset(chosen.tolist()), ceil(answer.mip_dual_bound - _TOLERANCE)

    def _hits(self, rows: NDArray[np.intp], n_more: int) -> "object":
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_array

        place = np.concatenate([np.searchsorted(rows, each) for each in self.sets])
        owner = np.repeat(np.arange(len(self.sets)), [len(each) for each in self.sets])
        shape = (len(self.sets), len(rows) + n_more)
        return LinearConstraint(csr_array((np.ones(len(place)), (owner, place)), shape=shape), 1)

    def _tables(
        self, rows: NDArray[np.intp], breach: Breach
    ) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Two tables that fit what is published, as far apart as the breach must be.

        A matrix over the choice of rows and the cells of both tables, what its rows are at least
        and at most, and the same for the cells.
        """
        draft, relations = self.draft, self.draft.lattice.relations
        n, k = len(draft.lattice.keys), len(rows)
        need = float(draft.needed(breach.attacker)[breach.row])
        reach = need if _crosses_once(relations) else need * _FAR
        every = draft.open.copy()
        every[draft.primary.rows] = True
        least, most = draft.known(every, breach.attacker)
        value = draft.lattice.lower
        free = np.isin(np.arange(n), rows)
        least = np.where(free, np.maximum(least, value - reach), least)
        most = np.where(free, np.minimum(most, value + reach), most)
        sums = np.zeros((len(relations), n))
        sums[relations.relation, relations.cell] = relations.sign
        pick = np.zeros((k, n))
        pick[np.arange(k), rows] = 1.0
        none, nothing = np.zeros((len(relations), k)), np.zeros((k, n))
        down, up = (value - least)[rows], (most - value)[rows]
        apart = np.zeros((1, k + 2 * n))
        apart[0, [k + breach.row, k + n + breach.row]] = 1.0, -1.0
        matrix = np.vstack(
            [
                np.hstack([none, sums, np.zeros_like(sums)]),
                np.hstack([none, np.zeros_like(sums), sums]),
                np.hstack([np.diag(down), pick, nothing]),
                np.hstack([np.diag(down), nothing, pick]),
                np.hstack([np.diag(-up), pick, nothing]),
                np.hstack([np.diag(-up), nothing, pick]),
                apart,
            ]
        )
        endless = np.full(2 * k, np.inf)
        low = np.concatenate([relations.low, relations.low, np.tile(value[rows], 2), -endless])
        high = np.concatenate([relations.high, relations.high, endless, np.tile(value[rows], 2)])
        return (
            matrix,
            np.append(low, need),
            np.append(high, np.inf),
            np.tile(least, 2),
            np.tile(most, 2),
        )


def _placed(matrix: Floats, k: int, at: int, n_more: int) -> "object":
    """A block behind others: the choice of rows first, its own cells where they belong."""
    from scipy.sparse import csr_array, hstack

    n = matrix.shape[1] - k
    before, after = at - k, n_more - (at - k) - n
    m = matrix.shape[0]
    return csr_array(
        hstack(
            [
                csr_array(matrix[:, :k]),
                csr_array((m, before)),
                csr_array(matrix[:, k:]),
                csr_array((m, after)),
            ]
        )
    )


def _crosses_once(relations: Relations) -> bool:
    """Whether sums are nested along each of at most two dimensions.

    Moves from one table to another are then circles on which each cell moves as far as all others.
    """
    names = set(relations.along)
    if len(names) > 2:
        return False
    along = np.array(relations.along)[relations.relation] if len(relations) else np.array([])
    for name in names:
        mine = along == name
        for sign in (1.0, -1.0):
            cells = relations.cell[mine & (relations.sign == sign)]
            if len(np.unique(cells)) < len(cells):
                return False
    return True
