"""Linear programs that start from their last solution.

Only this module uses the bindings of HiGHS in scipy, which are private. Without them, `linprog`
solves each program from the start.
"""

from typing import Any

import numpy as np
from attrs import define
from numpy.typing import NDArray
from scipy.sparse import csc_array

try:
    from scipy.optimize._highspy import _core  # scipy 1.15 or later
except ImportError:  # pragma: no cover
    _core = None

Floats = NDArray[np.float64]

_LARGE = 1_000
"""The number of variables above which a program starts without its last solution."""


@define(eq=False)
class LinearProgram:
    """The program ``min cost x`` subject to ``matrix x = right`` and ``lower <= x <= upper``."""

    matrix: Any
    right: Floats
    cost: Floats
    lower: Floats
    upper: Floats
    warm: bool = _core is not None
    _solver: Any = None

    def __attrs_post_init__(self) -> None:
        if not self.warm:
            return
        columns, model = csc_array(self.matrix), _core.HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), columns.shape[0]
        model.col_cost_, model.col_lower_, model.col_upper_ = self.cost, self.lower, self.upper
        model.row_lower_ = model.row_upper_ = self.right
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

    def solve(self, most: float = np.inf) -> Floats | None:
        """Return an optimal vertex, or ``None`` if no solution costs less than a limit."""
        if self.warm:
            if len(self.cost) > 2 * _LARGE:  # the way from one solution to another is longer
                self._solver.clearSolver()
            self._solver.setOptionValue("objective_bound", most)
            self._solver.run()
            if self._solver.getModelStatus() != _core.HighsModelStatus.kOptimal:
                return None
            return np.asarray(self._solver.getSolution().col_value)
        from scipy.optimize import linprog

        bounds = np.stack([self.lower, self.upper], axis=1)
        answer = linprog(
            self.cost, A_eq=self.matrix, b_eq=self.right, bounds=bounds, method="highs-ds"
        )
        return np.asarray(answer.x) if answer.status == 0 else None
