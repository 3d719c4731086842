"""Integer moves between tables that agree with the same published counts.

Only this module uses the bindings of HiGHS in scipy, which are private. They start a linear program
from its last solution; without them, `linprog` solves each program from the start.
"""

from typing import Any

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array, hstack
from scipy.sparse.csgraph import connected_components

from thbstats.columns import Floats, Integers, Mask

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


def tied_cells(matrix: Any, unknown: Mask) -> tuple[Any, Any]:
    """Return groups of cells that can only move together, and the relations between groups.

    A relation with one unknown cell fixes it, and a relation with two unknown cells ties them. The
    groups are a matrix of cells by groups with the sign of each cell.
    """
    n = matrix.shape[1]
    group, sign = np.where(unknown, np.arange(n), -1), np.ones(n, dtype=np.int64)
    while True:
        free = np.flatnonzero(group >= 0)
        names, column = np.unique(group[free], return_inverse=True)
        size = len(names)
        groups = csr_array((sign[free], (free, column)), shape=(n, size))
        relations = csr_array(matrix @ groups)
        relations.eliminate_zeros()
        terms = np.diff(relations.indptr)
        start = relations.indptr[:-1]
        fixed = np.zeros(size, dtype=np.bool_)
        fixed[relations.indices[start[terms == 1]]] = True
        if fixed.any():
            group[free[fixed[column]]] = -1
            continue
        first = start[terms == 2]
        first = first[np.abs(relations.data[first]) == np.abs(relations.data[first + 1])]
        if not len(first):
            return groups, relations
        # A graph with each group twice, once for each sign.
        left, right = relations.indices[first], relations.indices[first + 1]
        same = np.sign(relations.data[first]) != np.sign(relations.data[first + 1])
        edges = (
            np.concatenate([left, left + size]),
            np.concatenate([right + size * ~same, right + size * same]),
        )
        graph = coo_array((np.ones(2 * len(left)), edges), shape=(2 * size, 2 * size))
        _, label = connected_components(graph, directed=False)
        head = np.full(label.max() + 1, 2 * size)
        np.minimum.at(head, label, np.arange(2 * size))
        heads = np.minimum(head[label[:size]], head[label[size:]])
        signs = np.where(head[label[:size]] <= head[label[size:]], 1, -1)
        contrary = label[:size] == label[size:]  # a group equal to its own negative is 0
        sign[free] *= signs[column]
        group[free] = np.where(contrary[column], -1, names[heads[column] % size])


class Moves:
    """Cheapest integer moves of some cells that keep all relations.

    `relations` implies all rows of `matrix`. A cell can move down and up by at most `down` and
    `up`, at the price of each unit.
    """

    def __init__(
        self,
        matrix: Any,
        relations: Any,
        unknown: Mask,
        *,
        down: Integers,
        up: Integers,
        price: Floats,
    ) -> None:
        self.groups, _ = tied_cells(matrix, unknown)
        coo = self.groups.tocoo()
        n, self.size = self.groups.shape
        self.column = np.full(n, -1)
        self.sign = np.ones(n, dtype=np.int64)
        self.column[coo.row], self.sign[coo.row] = coo.col, coo.data
        self.price = price.copy()
        limits = np.full((2, self.size), UNLIMITED, dtype=np.int64)
        positive = self.sign[coo.row] > 0
        for limit, cap in zip(limits, ((up, down), (down, up)), strict=True):
            np.minimum.at(limit, coo.col, np.where(positive, cap[0][coo.row], cap[1][coo.row]))
        self.limit = limits.ravel().astype(np.float64)
        self.relations = _distinct(csr_array(relations @ self.groups))
        self.program = LinearProgram(
            matrix=hstack([self.relations, -self.relations]).astype(np.float64),
            right=np.zeros(self.relations.shape[0]),
            cost=np.tile(self._prices(), 2),
            lower=np.zeros(2 * self.size),
            upper=self.limit.copy(),
        )
        self.is_proved = False
        """Whether the last search proved that no move exists."""

    def _prices(self) -> Floats:
        cells = np.flatnonzero(self.column >= 0)
        weights = self.price[cells]
        return np.asarray(np.bincount(self.column[cells], weights, minlength=self.size))

    def set_price(self, cells: Integers, price: Floats) -> None:
        """Change the prices of some cells."""
        self.price[cells] = price
        changed = np.setdiff1d(self.column[cells], [-1])
        prices = self._prices()
        for column in changed.tolist():
            self.program.set_cost(column, prices[column])
            self.program.set_cost(column + self.size, prices[column])

    def close(self, cells: Any) -> list[int]:
        """Fix cells, and return the columns for `open`."""
        columns: list[int] = np.setdiff1d(self.column[cells], [-1]).tolist()
        columns += [column + self.size for column in columns]
        for column in columns:
            self.program.set_bounds(column, 0.0, 0.0)
        return columns

    def open(self, columns: list[int]) -> None:
        """Let columns move again."""
        for column in columns:
            self.program.set_bounds(column, 0.0, self.limit[column])

    def find(
        self,
        cell: int,
        distance: int,
        *,
        fixed: Any = (),
        thorough: bool = False,
        most: float = np.inf,
        start: Integers | None = None,  # a program starts with its own last solution
    ) -> Integers | None:
        """Return the cheapest move of a cell at least so far, or ``None`` if it costs too much."""
        column, self.is_proved = int(self.column[cell]), most == np.inf
        if column < 0:
            self.is_proved = True
            return None
        is_up = distance * self.sign[cell] > 0
        moved = column if is_up else column + self.size
        other = column + self.size if is_up else column
        if self.limit[moved] < abs(distance) or self.program.upper[moved] == 0:
            return None
        closed = self.close(list(fixed)) if len(fixed) else []
        result = None
        if moved not in closed:
            self.program.set_bounds(moved, float(abs(distance)), self.limit[moved])
            self.program.set_bounds(other, 0.0, 0.0)
            result = self._solve(_MANY_DIVES if thorough else _DIVES, most)
            self.open([moved, other])
        self.open(closed)
        return None if result is None else np.asarray(self.groups @ result)

    def _vertex(self, most: float) -> tuple[Floats | None, Integers | None]:
        """Return an optimal move, and the same in integers if it has only integers."""
        point = self.program.solve(most)
        if point is None:
            return None, None
        move = point[: self.size] - point[self.size :]
        whole = np.rint(move).astype(np.int64)
        is_whole = np.abs(move - whole).max() < _TOLERANCE and not (self.relations @ whole).any()
        return move, whole if is_whole else None

    def _solve(self, dives: int, most: float) -> Integers | None:
        """Return an optimal integer vertex, or fix fractions to integers one after another."""
        move, whole = self._vertex(most)
        if move is None or whole is not None:
            return whole
        self.is_proved = False
        program, fixed = self.program, list[tuple[int, float, float]]()
        for _ in range(dives):
            part = np.abs(move - np.rint(move))
            column = int(np.argmin(np.where(part > _TOLERANCE, part, np.inf)))
            near, after = np.rint(move[column]), None
            for value in (near, 2 * np.floor(move[column]) + 1 - near):
                sides = ((column, max(value, 0.0)), (column + self.size, max(-value, 0.0)))
                before = [(side, program.lower[side], program.upper[side]) for side, _ in sides]
                if any(
                    not low <= x <= high
                    for (_, x), (_, low, high) in zip(sides, before, strict=True)
                ):
                    continue
                fixed = [*before, *fixed]
                for side, x in sides:
                    program.set_bounds(side, x, x)
                after, whole = self._vertex(most)
                if after is not None:
                    break
            if after is None or whole is not None:
                break
            move = after
        for bounds in fixed:
            program.set_bounds(*bounds)
        return whole


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


_BLOCKED, _DEAREST = 1e6, 1e3
"""The cost of a change that is not possible, and the cost to which the dearest cell is scaled."""

_PUBLISHED, _ABSENT = -1, -2
_MOST_CELLS = 2**18
_MOST_MOVES = 200
_STEPS, _PATIENCE = 20, 6
"""The most changes of a move in a search, and the most without a cheaper move."""


@frozen(eq=False)
class Cross:
    """Cells as a grid with one axis for each dimension.

    `numbers` contains the number of the cell at each position. `moves` contains, for each axis and
    code, the moves along the axis that increase the code, as rows of signs.
    """

    shape: tuple[int, ...]
    numbers: Integers
    moves: list[list[Any]]

    @classmethod
    def of(
        cls, codes: Integers, cells: Integers, above: list[set[tuple[int, int]]]
    ) -> "Cross | None":
        """Return the grid of some cells, or ``None`` if two cells have the same codes.

        `above` contains, for each axis, pairs of a code and a total of it.
        """
        if (codes[cells] < 0).any():
            return None
        names = [np.unique(column[cells]) for column in codes.T]
        shape = tuple(map(len, names))
        if np.prod(shape, dtype=np.float64) > _MOST_CELLS:
            return None
        index = [np.searchsorted(own, column) for own, column in zip(names, codes.T, strict=True)]
        inside = np.all(
            [
                own[np.minimum(i, len(own) - 1)] == column
                for own, i, column in zip(names, index, codes.T, strict=True)
            ],
            axis=0,
        )
        numbers = np.full(shape, _ABSENT)
        numbers[tuple(i[inside] for i in index)] = _PUBLISHED
        numbers[tuple(i[cells] for i in index)] = np.arange(len(cells))
        if np.count_nonzero(numbers >= 0) < len(cells):
            return None
        moves = [_moves_along(own.tolist(), pairs) for own, pairs in zip(names, above, strict=True)]
        return cls(shape, numbers.ravel(), moves)


def _moves_along(codes: list[int], above: set[tuple[int, int]]) -> list[Any]:
    """Return the moves along an axis that increase each code.

    A code without parts changes together with all its totals, alone or against another such code.
    """
    column = {code: i for i, code in enumerate(codes)}
    totals = {whole for part, whole in above if part in column}
    chains = []
    for leaf in codes:
        if leaf not in totals:
            chain, queue = np.zeros(len(codes), dtype=np.int64), [leaf]
            while queue:
                code = queue.pop()
                if code in column:
                    chain[column[code]] = 1
                queue += [whole for part, whole in above if part == code]
            chains.append(chain)
    alone = np.array(chains).reshape(len(chains), len(codes))
    results = []
    for code in range(len(codes)):
        own, other = alone[alone[:, code] == 1], alone[alone[:, code] == 0]
        pairs = (own[:, None] - other[None]).reshape(-1, len(codes))
        results.append(np.concatenate([own, pairs]) if len(pairs) <= _MOST_MOVES else own)
    return results


class BasicMoves:
    """Cheap integer moves of some cells, as sums of basic moves.

    The arguments are those of `Moves`, and `suppressed` the cells that cost nothing more. A search
    starts with a basic move, and adds others that return its dearest cell to its count.
    """

    def __init__(
        self,
        cross: Cross,
        unknown: Mask,
        *,
        down: Integers,
        up: Integers,
        price: Floats,
        suppressed: Mask,
    ) -> None:
        self.cross, self.price, self.suppressed = cross, price.copy(), suppressed
        self.column = np.where(unknown, np.arange(len(unknown)), -1)
        self.is_proved = False
        is_cell = cross.numbers >= 0
        self.position = np.zeros(len(unknown), dtype=np.intp)
        self.position[cross.numbers[is_cell]] = np.flatnonzero(is_cell)
        # Absent cells are free; published ones are blocked.
        self._cost = np.where(cross.numbers == _ABSENT, 0, _BLOCKED).astype(np.float32)
        self._scale = _DEAREST / max(float(price.max(initial=0)), 1.0)
        self._cost[self.position[unknown]] = self.price[unknown] * self._scale
        self._room = np.full((2, len(cross.numbers)), UNLIMITED)
        self._room[:, self.position] = down, up
        self._coordinates = np.array(np.unravel_index(np.arange(len(cross.numbers)), cross.shape)).T
        self._strides = np.append(np.cumprod(cross.shape[:0:-1])[::-1], 1).astype(np.int64)
        self._signs = [
            [np.block([[m > 0, m < 0], [m < 0, m > 0]]).astype(np.float32) for m in axis]
            for axis in cross.moves
        ]

    def set_price(self, cells: Integers, price: Floats) -> None:
        """Change the prices of some cells."""
        self.price[cells] = price
        self._cost[self.position[cells]] = price * self._scale

    def close(self, cells: Any) -> list[int]:
        """Fix cells, and return them for `open`."""
        self._cost[self.position[cells]] = _BLOCKED
        return list(cells)

    def open(self, cells: list[int]) -> None:
        """Let cells move again."""
        self._cost[self.position[cells]] = self.price[cells] * self._scale

    def find(
        self,
        cell: int,
        distance: int,
        *,
        fixed: Any = (),
        thorough: bool = False,
        most: float = np.inf,
        start: Integers | None = None,
    ) -> Integers | None:
        """Return a cheap move of a cell at least so far, or ``None`` if none was found.

        `start` is a move that was possible before some of its cells were closed.
        """
        target = int(self.position[cell]), distance
        if self.column[cell] < 0 or self._cost[target[0]] >= _BLOCKED:
            return None
        closed = [c for c in fixed if self._cost[self.position[c]] < _BLOCKED]
        self.close(closed)
        results = []
        if start is not None:
            move = np.zeros(len(self.cross.numbers), dtype=np.int64)
            move[self.position] = start
            results.append(self._improve(move, target))
        if not results or len(self._new(results[0][1])):
            for steps in ([distance], [int(np.sign(distance))] * abs(distance))[: abs(distance)]:
                move = np.zeros(len(self.cross.numbers), dtype=np.int64)
                for step in steps:
                    cost, where, signs = self._best(move, target[0], step)
                    if cost >= _BLOCKED / 2:
                        break
                    move[where] += step * signs
                else:
                    results.append(self._improve(move, target))
        self.open(closed)
        possible = [pair for pair in results if pair[0] < _BLOCKED]
        return min(possible, key=lambda pair: pair[0])[1][self.position] if possible else None

    def _new(self, move: Integers) -> Integers:
        """Return the positions that a move changes and that are neither suppressed nor open."""
        where = np.flatnonzero(move)
        cells = self.cross.numbers[where]
        is_free = (cells == _ABSENT) | self.suppressed[cells] & (self._cost[where] < _BLOCKED)
        return np.asarray(where[~is_free])

    def _improve(self, move: Integers, target: tuple[int, int]) -> tuple[float, Integers]:
        """Return the cheapest sum of a move and others that return its dearest cell, and its cost.

        A cell that is back at its count does not move again.
        """
        best, best_cost, best_step, settled = move.copy(), np.inf, 0, list[int]()
        for step in range(_STEPS + 1):
            cost = float(self._cost[move != 0].sum())
            if cost < best_cost:
                best, best_cost, best_step = move.copy(), cost, step
            new = self._new(move)
            new = new[new != target[0]]
            if not len(new) or step - best_step > _PATIENCE:
                break
            dearest = int(new[np.argmax(self._cost[new])])
            back = -int(move[dearest])
            changes = [
                (amount, *self._best(move, dearest, amount, target, settled))
                for amount in {back, int(np.sign(back))}
            ]
            amount, cost, where, signs = min(changes, key=lambda change: change[1])
            if cost >= _BLOCKED / 2:
                break
            move[where] += amount * signs
            if move[dearest] == 0:
                settled.append(dearest)
        return best_cost, best

    def _best(
        self,
        move: Integers,
        position: int,
        amount: int,
        target: tuple[int, int] | None = None,
        settled: list[int] | None = None,
    ) -> tuple[float, Integers, Integers]:
        """Return the cheapest basic move to add at a position: its cost, its cells and its signs.

        The sum of the costs of the cells is a product of sums along the axes, so that all basic
        moves of a cell are evaluated at once.
        """
        size = abs(amount)
        # The cost of a change of each cell by `size`, down and up.
        costs = np.where(self._room >= size, self._cost, _BLOCKED)
        where = np.flatnonzero(move)
        moved, room = move[where], self._room[:, where]
        saved = np.where(self._cost[where] < _BLOCKED, self._cost[where], 0)
        for cost, after, most in zip(costs, (size - moved, size + moved), room, strict=True):
            cost[where] = np.where(after > most, _BLOCKED, np.where(after == 0, -saved, 0))
        for settle in settled or ():
            costs[:, settle] = _BLOCKED
        if target is not None:
            cell, least = target
            after = move[cell] + np.array([-size, size])
            costs[after * np.sign(least) < abs(least), cell] = _BLOCKED
        # Same direction as the cell first, and then the contrary one, along each axis in turn.
        table, sizes = costs[::-1] if amount > 0 else costs, list[int]()
        for axis, code in enumerate(self._coordinates[position]):
            signs = self._signs[axis][code]
            table = signs @ np.ascontiguousarray(table.reshape(2 * self.cross.shape[axis], -1))
            sizes.append(len(signs) // 2)
            following = self.cross.shape[axis + 1] if axis + 1 < len(self.cross.shape) else 1
            table = table.reshape(2, sizes[-1], following, -1).transpose(0, 2, 3, 1)
        best = int(table[0].argmin())
        where, signs = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
        for axis, row in enumerate(np.unravel_index(best, sizes)):
            along = self.cross.moves[axis][self._coordinates[position][axis]][row]
            codes = np.flatnonzero(along)
            where = (where[:, None] + codes * self._strides[axis]).ravel()
            signs = (signs[:, None] * along[codes]).ravel()
        return float(table[0].ravel()[best]), where, signs


def eliminate(relations: Any, targets: Any, is_open: Any, cost: Any) -> None:
    """Open columns so that no sum of the closed ones is equal to a target, modulo 2.

    Each column is a combination of unknowns, as bits. Closing one fixes its combination, so that it
    discloses the columns with the same one. The dearest are closed first. `is_open` is changed.
    """
    size = len(is_open)
    numbers = np.arange(size)
    bits = np.zeros((size, size // 64 + 1), dtype=np.uint64)
    bits[numbers, numbers // 64] = np.uint64(1) << (numbers % 64).astype(np.uint64)

    def fix(combination: NDArray[np.uint64]) -> None:
        words = np.flatnonzero(combination)
        if len(words):
            bit = combination[words[0]] & (~combination[words[0]] + np.uint64(1))
            rows = np.flatnonzero(bits[:, words[0]] & bit)
            bits[np.ix_(rows, words)] ^= combination[words]

    for row in range(relations.shape[0]):
        terms = slice(relations.indptr[row], relations.indptr[row + 1])
        odd = relations.indices[terms][relations.data[terms] % 2 != 0]
        if len(odd):
            fix(np.bitwise_xor.reduce(bits[odd], axis=0))
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
