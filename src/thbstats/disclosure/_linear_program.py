"""Linear programs that start from their last solution, and proofs that one has no solution.

Only this module uses the bindings of HiGHS in scipy, which are private. Without them, `linprog`
solves each program from the start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

import numpy as np
from attrs import define
from scipy.sparse import csc_array, eye_array, hstack

from thbstats.columns import Floats

try:
    from scipy.optimize._highspy import _core  # scipy 1.15 or later
except ImportError:  # pragma: no cover
    _core = None


_LARGE = 2_000
"""The number of variables above which the way from one solution to another is longer."""

_SCALES = (1, 2, 6, 60, 2_520)
"""Multiples of most small fractions: multipliers of a proof become integers."""


class ProgramStatus(IntEnum):
    """Status of a solver, with the numbers of scipy.

    Only `INFEASIBLE` is a statement about the constraints, and in floating point.
    """

    OPTIMAL = 0
    LIMIT = 1
    INFEASIBLE = 2
    UNBOUNDED = 3
    FAILED = 4


@define(eq=False)
class LinearProgram:
    """The program ``min cost x`` subject to ``matrix x = 0`` and ``lower <= x <= upper``.

    The entries of the matrix and all bounds are integers.
    """

    matrix: Any
    cost: Floats
    lower: Floats
    upper: Floats
    warm: bool = _core is not None
    status: ProgramStatus = ProgramStatus.FAILED
    """The status of the last solution."""
    _solver: Any = None

    def __attrs_post_init__(self) -> None:
        if not self.warm:
            return
        columns, model = csc_array(self.matrix), _core.HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), columns.shape[0]
        model.col_cost_, model.col_lower_, model.col_upper_ = self.cost, self.lower, self.upper
        model.row_lower_ = model.row_upper_ = np.zeros(columns.shape[0])
        model.a_matrix_.format_ = _core.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = columns.indptr, columns.indices
        model.a_matrix_.value_ = columns.data
        self._solver = _core._Highs()
        options = {"output_flag": False, "presolve": "off", "solver": "simplex", "threads": 1}
        for name, value in options.items():
            self._solver.setOptionValue(name, value)
        self._solver.passModel(model)

    def set_cost(self, column: int, cost: float) -> None:
        """Change the cost of a variable."""
        self.cost[column] = cost
        if self.warm:
            self._solver.changeColCost(column, cost)

    def set_bounds(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a variable."""
        self.lower[column], self.upper[column] = lower, upper
        if self.warm:
            self._solver.changeColBounds(column, lower, upper)

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Return to the present bounds at the end of a trial."""
        lower, upper = self.lower.copy(), self.upper.copy()
        try:
            yield
        finally:
            for column in np.flatnonzero((self.lower != lower) | (self.upper != upper)).tolist():
                self.set_bounds(column, lower[column], upper[column])

    def solve(self, most: float = np.inf) -> Floats | None:
        """Return an optimal vertex, or ``None`` without one that costs less than a limit."""
        if self.warm:
            if len(self.cost) > _LARGE:
                self._solver.clearSolver()
            self._solver.setOptionValue("objective_bound", most)
            self._solver.run()
            own, names = self._solver.getModelStatus(), _core.HighsModelStatus
            statuses = {names.kOptimal: ProgramStatus.OPTIMAL}
            statuses[names.kInfeasible] = ProgramStatus.INFEASIBLE
            self.status = statuses.get(own, ProgramStatus.FAILED)
            point = self._solver.getSolution().col_value
        else:
            from scipy.optimize import linprog

            bounds = np.stack([self.lower, self.upper], axis=1)
            right = np.zeros(self.matrix.shape[0])
            answer = linprog(
                self.cost, A_eq=self.matrix, b_eq=right, bounds=bounds, method="highs-ds"
            )
            self.status, point = ProgramStatus(answer.status), answer.x
        return np.asarray(point) if self.status is ProgramStatus.OPTIMAL else None

    def is_proved_infeasible(self) -> bool:
        """Whether integers prove that no point satisfies the constraints (Farkas 1902).

        For any multipliers y of the relations, each such point has ``(y matrix) x = 0``. It does
        not exist if the largest value of ``(y matrix) x`` between the bounds is below 0. The dual
        solution of ``min sum of |slacks|`` only selects y; the proof is in integers.
        """
        from scipy.optimize import linprog

        n, size = self.matrix.shape
        slack = eye_array(n)
        answer = linprog(
            np.append(np.zeros(size), np.ones(2 * n)),
            A_eq=hstack([self.matrix, slack, -slack]),
            b_eq=np.zeros(n),
            bounds=np.stack(
                [np.append(self.lower, np.zeros(2 * n)), np.append(self.upper, [np.inf] * 2 * n)],
                axis=1,
            ),
        )
        if answer.status != ProgramStatus.OPTIMAL:
            return False
        relations = csc_array(self.matrix).astype(np.int64)
        for scale in _SCALES:
            multipliers = np.rint(scale * answer.eqlin.marginals).astype(np.int64)
            weights = multipliers @ relations
            largest = np.where(weights > 0, self.upper, self.lower).astype(np.int64)
            if int(weights.astype(object) @ largest.astype(object)) < 0:  # of any size
                return True
        return False
