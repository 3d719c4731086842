"""Cheapest choice of secondary suppression under known conditions."""

from math import ceil

import numpy as np
from attrs import Factory, define
from numpy.typing import NDArray

from thbstats.disclosure._breaches import Breach, SuppressionProblem
from thbstats.disclosure.sum_relations import SumRelations

__all__ = ["MasterProblem"]

Floats = NDArray[np.float64]

_TOLERANCE = 1e-6
_SECONDS = 10.0
_MOST_VARIABLES = 3_000
_FAR = 1_000.0
"""The maximum move of a cell in protection levels, for complex sums."""


@define(eq=False)
class MasterProblem:
    """Choice of rows under conditions that every safe choice satisfies.

    Parameters
    ----------
    problem : SuppressionProblem
        The table.
    cost : array of float64, shape (r,)
        The integer cost of suppressing each row.
    sets : dict
        Sets of published rows that cause a breach; one row of each set is suppressed.
    breaches : dict
        Breaches for which two feasible tables must be far enough apart.
    """

    problem: SuppressionProblem
    cost: Floats
    sets: dict[tuple[int, ...], None] = Factory(dict)
    breaches: dict[Breach, None] = Factory(dict)

    def add(self, breach: Breach, rows: tuple[int, ...]) -> None:
        """Add a breach and the rows that cause it."""
        self.sets[rows] = None
        size = 2 * len(self.problem.lattice.keys)
        if (len(self.breaches) + 1) * size <= _MOST_VARIABLES:
            self.breaches[breach] = None

    def solve(self) -> tuple[frozenset[int], int]:
        """Return the cheapest rows and a lower bound on the cost of any safe choice.

        Returns
        -------
        frozenset of int
            Rows that satisfy the conditions.
        int
            The lower bound; equal to the cost unless the search timed out.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        if not self.sets:
            return frozenset(), 0
        rows = np.flatnonzero(self.problem.candidates)
        blocks = [self._tables(rows, breach) for breach in self.breaches]
        n_more = sum(block[0].shape[1] - len(rows) for block in blocks)
        lower, upper = [np.zeros(len(rows))], [np.ones(len(rows))]
        conditions = [self._hits(rows, n_more)]
        offset = len(rows)
        for matrix, row_lower, row_upper, cell_lower, cell_upper in blocks:
            block = _placed(matrix, len(rows), offset, n_more)
            conditions.append(LinearConstraint(block, row_lower, row_upper))
            offset += matrix.shape[1] - len(rows)
            lower.append(cell_lower)
            upper.append(cell_upper)
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

        row = np.concatenate([np.searchsorted(rows, each) for each in self.sets])
        owner = np.repeat(np.arange(len(self.sets)), [len(each) for each in self.sets])
        shape = (len(self.sets), len(rows) + n_more)
        return LinearConstraint(csr_array((np.ones(len(row)), (owner, row)), shape=shape), 1)

    def _tables(
        self, rows: NDArray[np.intp], breach: Breach
    ) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Return the constraints of two feasible tables as far apart as required.

        The result contains a matrix over the choice of rows and the cells of both tables, the
        bounds of its rows, and the bounds of the cells.
        """
        problem, relations = self.problem, self.problem.lattice.relations
        n, k = len(problem.lattice.keys), len(rows)
        width = float(problem.required_widths(breach.attacker)[breach.row])
        reach = width if _crosses_once(relations) else width * _FAR
        suppressed = problem.candidates.copy()
        suppressed[problem.primary.rows] = True
        least, most = problem.known(suppressed, breach.attacker)
        value = problem.lattice.lower
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
            np.append(low, width),
            np.append(high, np.inf),
            np.tile(least, 2),
            np.tile(most, 2),
        )


def _placed(matrix: Floats, k: int, offset: int, n_more: int) -> "object":
    """Return a block with its columns behind those of earlier blocks."""
    from scipy.sparse import csr_array, hstack

    n = matrix.shape[1] - k
    before, after = offset - k, n_more - (offset - k) - n
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


def _crosses_once(relations: SumRelations) -> bool:
    """Whether sums are nested along each of at most two dimensions.

    Moves between tables are then cycles in which all cells move by the same amount.
    """
    names = set(relations.along)
    if len(names) > 2:
        return False
    along = np.array(relations.along)[relations.relation] if len(relations) else np.array([])
    for name in names:
        selected = along == name
        for sign in (1.0, -1.0):
            cells = relations.cell[selected & (relations.sign == sign)]
            if len(np.unique(cells)) < len(cells):
                return False
    return True
