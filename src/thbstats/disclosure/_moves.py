"""Integer moves of cells by linear programs, and a first choice by elimination.

A move is the difference of two tables of integers with the same published counts. Only this module
uses the bindings of HiGHS in scipy, which are private. They start a linear program from its last
solution; without them, `linprog` solves each program from the start.
"""

from typing import Any

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array, hstack
from scipy.sparse.csgraph import connected_components

from thbstats.columns import Floats, Index, Integers, Mask

try:
    from scipy.optimize._highspy import _core  # scipy 1.15 or later
except ImportError:  # pragma: no cover
    _core = None


UNLIMITED = 2**40
"""The move of a cell without an upper bound."""

_TOLERANCE = 1e-6
_DIVES = 6
_MANY_DIVES = 60
_LARGE = 1_000
"""The number of variables above which a program starts without its last solution."""

_INFEASIBLE = 2
"""The status of `linprog` if no point satisfies the constraints."""


@define(eq=False)
class LinearProgram:
    """The program ``min cost x`` subject to ``matrix x = right`` and ``lower <= x <= upper``."""

    matrix: Any
    right: Floats
    cost: Floats
    lower: Floats
    upper: Floats
    warm: bool = _core is not None
    is_infeasible: bool = False
    """Whether the solver proved that the last program has no solution.

    A limit, a failure in floating point or an unbounded program is no such proof.
    """
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
        """Return an optimal vertex, or ``None`` without one that costs less than a limit."""
        if self.warm:
            if len(self.cost) > 2 * _LARGE:  # the way from one solution to another is longer
                self._solver.clearSolver()
            self._solver.setOptionValue("objective_bound", most)
            self._solver.run()
            status = self._solver.getModelStatus()
            self.is_infeasible = status == _core.HighsModelStatus.kInfeasible
            is_optimal = status == _core.HighsModelStatus.kOptimal
            return np.asarray(self._solver.getSolution().col_value) if is_optimal else None
        from scipy.optimize import linprog

        bounds = np.stack([self.lower, self.upper], axis=1)
        answer = linprog(
            self.cost, A_eq=self.matrix, b_eq=self.right, bounds=bounds, method="highs-ds"
        )
        self.is_infeasible = answer.status == _INFEASIBLE
        return np.asarray(answer.x) if answer.status == 0 else None


def tied_cells(matrix: Any, unknown: Mask) -> Any:
    """Return groups of cells that can only move together, as a matrix of cells by groups.

    A relation with one unknown cell fixes it, and a relation with two unknown cells ties them. The
    entry of a cell is its sign: cells of different sign in a group move in opposite directions.

    Examples
    --------
    The total of two cells is published, so that one moves up if the other moves down:

    >>> relations = csr_array(np.array([[1, -1, -1]]))
    >>> tied_cells(relations, np.array([False, True, True])).toarray().tolist()
    [[0], [1], [-1]]

    If one of them is published too, no cell can move:

    >>> tied_cells(relations, np.array([False, True, False])).shape
    (3, 0)
    """
    n = matrix.shape[1]
    group = np.where(unknown, np.arange(n), -1)  # by cell; -1 for fixed cells
    sign = np.ones(n, dtype=np.int64)
    while True:
        free = np.flatnonzero(group >= 0)
        names, column = np.unique(group[free], return_inverse=True)
        size = len(names)
        groups = csr_array((sign[free], (free, column)), shape=(n, size))
        relations = csr_array(matrix @ groups)  # relations by groups
        relations.eliminate_zeros()
        n_terms, start = np.diff(relations.indptr), relations.indptr[:-1]
        # 1. A group that is alone in a relation is fixed.
        fixed = np.zeros(size, dtype=np.bool_)
        fixed[relations.indices[start[n_terms == 1]]] = True
        if fixed.any():
            group[free[fixed[column]]] = -1
            continue
        # 2. Two groups that are alone in a relation with the same weight are one group.
        pair = start[n_terms == 2]  # the index of the first term of each such relation
        pair = pair[np.abs(relations.data[pair]) == np.abs(relations.data[pair + 1])]
        if not len(pair):
            return groups
        left, right = relations.indices[pair], relations.indices[pair + 1]
        is_same = np.sign(relations.data[pair]) != np.sign(relations.data[pair + 1])
        # 3. Chains of such pairs are components of a graph. It contains each group twice, as k and
        #    as k + size for its negative, so that a component also gives the signs.
        edges = (
            np.concatenate([left, left + size]),
            np.concatenate([right + size * ~is_same, right + size * is_same]),
        )
        graph = coo_array((np.ones(2 * len(left)), edges), shape=(2 * size, 2 * size))
        _, label = connected_components(graph, directed=False)
        head = np.full(label.max() + 1, 2 * size)
        np.minimum.at(head, label, np.arange(2 * size))  # the first group of each component
        own, negative = head[label[:size]], head[label[size:]]
        sign[free] *= np.where(own <= negative, 1, -1)[column]
        is_zero = label[:size] == label[size:]  # a group equal to its own negative is 0
        heads = names[np.minimum(own, negative)[column] % size]
        group[free] = np.where(is_zero[column], -1, heads)


@frozen(eq=False, kw_only=True)
class Prices:
    """Prices of one unit of a move, by cell, and the distances that cells can move.

    The price of a published cell is its `cost`, and that of a suppressed cell is `reduced`.
    """

    cost: Floats
    reduced: Floats
    suppressed: Mask
    down: Integers
    up: Integers

    def of(self, cells: Any, *, suppressed: Any) -> Floats:
        """Return the prices of some cells if they are suppressed or published."""
        return np.asarray(np.where(suppressed, self.reduced[cells], self.cost[cells]))


@frozen(eq=False)
class Search:
    """Result of a search for a move: the move, or whether none exists for certain."""

    move: Integers | None = None
    is_impossible: bool = False


class ProgramMoves:
    """Cheapest integer moves of some cells that keep all relations, by linear programs.

    ``min sum of price_c |move_c|`` subject to ``relations move = 0`` and ``-down <= move <= up``

    Variables are groups of tied cells, each twice: k is its move up, and k + size its move down.
    `relations` implies all rows of `matrix`.
    """

    def __init__(self, matrix: Any, relations: Any, unknown: Mask, prices: Prices) -> None:
        self.groups = tied_cells(matrix, unknown)  # cells by groups
        n, self.size = self.groups.shape
        coo = self.groups.tocoo()
        cells, columns = coo.row, coo.col
        self.column = np.full(n, -1)  # the group of each cell, -1 for cells that do not move
        self.sign = np.ones(n, dtype=np.int64)
        self.column[cells], self.sign[cells] = columns, coo.data
        self.prices, self.suppressed = prices, prices.suppressed.copy()
        self.price = prices.of(slice(None), suppressed=self.suppressed)
        # A group moves up as far as its cells with sign 1 can move up, and its others down.
        is_up, up, down = coo.data > 0, prices.up[cells], prices.down[cells]
        limits = np.full((2, self.size), UNLIMITED, dtype=np.int64)  # up and down
        np.minimum.at(limits[0], columns, np.where(is_up, up, down))
        np.minimum.at(limits[1], columns, np.where(is_up, down, up))
        self.limit = limits.ravel().astype(np.float64)
        self.relations = _distinct(csr_array(relations @ self.groups))
        self.program = LinearProgram(
            matrix=hstack([self.relations, -self.relations]).astype(np.float64),
            right=np.zeros(self.relations.shape[0]),
            cost=np.tile(self._group_prices(), 2),
            lower=np.zeros(2 * self.size),
            upper=self.limit.copy(),
        )

    def _group_prices(self) -> Floats:
        cells = np.flatnonzero(self.column >= 0)
        weights = self.price[cells]
        return np.asarray(np.bincount(self.column[cells], weights, minlength=self.size))

    def can_move(self, cell: int) -> bool:
        """Whether no simple difference fixes a cell."""
        return bool(self.column[cell] >= 0)

    def reprice(self, cells: Integers, *, suppressed: bool) -> None:
        """Change the prices of cells that are suppressed or published from now on."""
        self.suppressed[cells] = suppressed
        self.price[cells] = self.prices.of(cells, suppressed=suppressed)
        prices = self._group_prices()
        for column in np.setdiff1d(self.column[cells], [-1]).tolist():
            self.program.set_cost(column, prices[column])
            self.program.set_cost(column + self.size, prices[column])

    def close(self, cells: Any) -> list[int]:
        """Fix cells, and return the variables for `open`."""
        groups: list[int] = np.setdiff1d(self.column[cells], [-1]).tolist()
        variables = groups + [group + self.size for group in groups]
        for variable in variables:
            self.program.set_bounds(variable, 0.0, 0.0)
        return variables

    def open(self, variables: list[int]) -> None:
        """Let variables move again."""
        for variable in variables:
            self.program.set_bounds(variable, 0.0, self.limit[variable])

    def find(
        self,
        cell: int,
        distance: int,
        *,
        fixed: Any = (),
        thorough: bool = False,
        most: float = np.inf,
        start: Integers | None = None,  # a program starts with its own last solution
    ) -> Search:
        """Return the cheapest move of a cell at least so far that costs at most a limit."""
        group = int(self.column[cell])
        is_up = distance * self.sign[cell] > 0
        forward = group if is_up else group + self.size
        back = group + self.size if is_up else group
        if group < 0 or self.limit[forward] < abs(distance) or self.program.upper[forward] == 0:
            return Search(is_impossible=True)
        closed = self.close(list(fixed)) if len(fixed) else []
        result = Search(is_impossible=True)
        if forward not in closed:
            self.program.set_bounds(forward, float(abs(distance)), self.limit[forward])
            self.program.set_bounds(back, 0.0, 0.0)
            result = self._solve(_MANY_DIVES if thorough else _DIVES, most)
            self.open([forward, back])
        self.open(closed)
        return result

    def _solve(self, dives: int, most: float) -> Search:
        """Return the move of an optimal vertex, after some dives if it has fractions."""
        vertex = self._vertex(most)
        if vertex is None:
            return Search(is_impossible=self.program.is_infeasible)
        before = list[tuple[int, float, float]]()
        integers = self._integers(vertex)
        for _ in range(dives):
            if integers is not None or (vertex := self._dive(vertex, most, before)) is None:
                break
            integers = self._integers(vertex)
        for bounds in before:
            self.program.set_bounds(*bounds)
        return Search(None if integers is None else np.asarray(self.groups @ integers))

    def _vertex(self, most: float) -> Floats | None:
        """Return the moves of the groups in an optimal vertex."""
        point = self.program.solve(most)
        return None if point is None else point[: self.size] - point[self.size :]

    def _integers(self, vertex: Floats) -> Integers | None:
        """Return the integers of a vertex if it has only integers that keep all relations."""
        move = np.rint(vertex).astype(np.int64)
        is_whole = np.abs(vertex - move).max() < _TOLERANCE and not (self.relations @ move).any()
        return move if is_whole else None

    def _dive(
        self, vertex: Floats, most: float, before: list[tuple[int, float, float]]
    ) -> Floats | None:
        """Fix the fraction that is nearest to an integer, and return the next vertex.

        The other integer next to the fraction follows if the first one has no vertex. `before`
        gets the bounds of the fixed variables, the last ones first.
        """
        part = np.abs(vertex - np.rint(vertex))
        group = int(np.argmin(np.where(part > _TOLERANCE, part, np.inf)))
        near = np.rint(vertex[group])
        for value in (near, 2 * np.floor(vertex[group]) + 1 - near):
            sides = {group: max(value, 0.0), group + self.size: max(-value, 0.0)}
            bounds = [(side, self.program.lower[side], self.program.upper[side]) for side in sides]
            if all(low <= sides[side] <= high for side, low, high in bounds):
                before[:0] = bounds
                for side, amount in sides.items():
                    self.program.set_bounds(side, amount, amount)
                result = self._vertex(most)
                if result is not None:
                    return result
        return None


def _distinct(relations: Any) -> Any:
    """Return the relations with two or more terms, each once."""
    relations.eliminate_zeros()
    relations.sort_indices()
    ends, seen = relations.indptr, dict[tuple[bytes, bytes], int]()
    for row in np.flatnonzero(np.diff(ends) > 1).tolist():
        terms = slice(ends[row], ends[row + 1])
        signs = relations.data[terms] * np.sign(relations.data[ends[row]])
        seen.setdefault((relations.indices[terms].tobytes(), signs.tobytes()), row)
    return relations[sorted(seen.values())]


def eliminate(relations: Any, targets: Index, is_open: Mask, cost: Floats) -> Mask:
    """Return the open columns so that no sum of the closed ones is equal to a target, modulo 2.

    Each column is a combination of unknowns, as bits. Closing a column fixes its combination, which
    discloses each column with the same combination. The dearest columns are closed first, and one
    that discloses a target is opened (Langsrud 2024). The choice is not proved to be safe.

    Examples
    --------
    Column 0 is the sum of columns 1 and 2, and column 1 is the target. Column 0 is the dearest and
    is closed. Columns 1 and 2 are then equal modulo 2, so that column 2 must be open:

    >>> total = csr_array(np.array([[1, -1, -1]]))
    >>> is_open, cost = np.array([False, True, False]), np.array([9.0, 0.0, 6.0])
    >>> eliminate(total, np.array([1]), is_open, cost).tolist()
    [False, True, True]
    """
    is_open, size = is_open.copy(), len(is_open)
    # bits[c] is the combination of column c, in words of 64 unknowns; at first column c itself.
    numbers = np.arange(size)
    bits = np.zeros((size, size // 64 + 1), dtype=np.uint64)
    bits[numbers, numbers // 64] = np.uint64(1) << (numbers % 64).astype(np.uint64)

    def fix(combination: NDArray[np.uint64]) -> None:
        """Replace the first unknown of a combination by the others, in all columns."""
        words = np.flatnonzero(combination)
        if len(words):
            first = combination[words[0]]
            pivot = first & (~first + np.uint64(1))  # the lowest bit of the first word
            rows = np.flatnonzero(bits[:, words[0]] & pivot)
            bits[np.ix_(rows, words)] ^= combination[words]

    # 1. Each relation fixes the sum of its columns with odd weights.
    for row in range(relations.shape[0]):
        terms = slice(relations.indptr[row], relations.indptr[row + 1])
        odd = relations.indices[terms][relations.data[terms] % 2 != 0]
        if len(odd):
            fix(np.bitwise_xor.reduce(bits[odd], axis=0))
    # 2. Close the columns that disclose no target, the dearest first.
    closed = np.flatnonzero(~is_open)
    for column in closed[np.argsort(-cost[closed], kind="stable")].tolist():
        combination = bits[column].copy()
        words = np.flatnonzero(combination)
        if len(words):
            near = targets[bits[targets, words[0]] == combination[words[0]]]
            if (bits[near] == combination).all(axis=1).any():
                is_open[column] = True
            else:
                fix(combination)
    return is_open
