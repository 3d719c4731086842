"""Basic moves: integer moves of cells in a grid, one product of moves along each dimension.

A basic move of a table by sex and form moves one man from labour to sexual exploitation, and one
woman back. It is the product of (+1 for women, -1 for men) and (-1 for sexual, +1 for labour), and
all totals stay the same::

              sexual  labour  total
    female        -1      +1      0
    male          +1      -1      0
    total          0       0      0
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.columns import Integers, Mask
from thbstats.disclosure._moves import MoveResult, Moves
from thbstats.disclosure._suppression_block import ABSENT, UNLIMITED, Block, Cross

_DEAREST = 1e3
"""The cost to which the dearest cell is scaled."""

_STEPS, _PATIENCE = 20, 6
"""The most changes of a move in a search, and the most without a cheaper move."""


def both_directions(moves: Any) -> Any:
    """Return a matrix that adds up the costs of the cells that moves along an axis change.

    The columns are the codes in the own direction and in the contrary one. The first half of the
    rows are the moves, and the second half the same moves in the contrary direction.

    Examples
    --------
    One woman more and one man less, then one woman less and one man more:

    >>> both_directions(np.array([[1, -1]])).tolist()
    [[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]]
    """
    return np.block([[moves > 0, moves < 0], [moves < 0, moves > 0]]).astype(np.float32)


def product_costs(costs: Any, signs: list[Any]) -> Any:
    """Return the cost of each product of moves, one along each axis, as an array.

    `costs` is (direction, codes of the first axis, codes of the second axis, and so on), of the own
    direction and of the contrary one. `signs` has the matrix of `both_directions` for each axis.
    A product changes a cell in the own direction if an even number of its signs are negative.

    Examples
    --------
    The move of the module has one choice along each axis. A woman less in sexual exploitation costs
    1, a woman more in labour 20, a man more in sexual exploitation 40, and a man less in labour 8:

    >>> pair = both_directions(np.array([[1, -1]]))
    >>> less, more = [[1, 2], [4, 8]], [[10, 20], [40, 80]]
    >>> product_costs(np.array([less, more], dtype=np.float32), [pair, pair]).tolist()
    [[69.0]]
    """
    table = costs
    for own in signs:
        # (direction · codes of this axis, codes of later axes · moves along earlier axes)
        table = np.ascontiguousarray(table.reshape(own.shape[1], -1))
        # (direction, moves along this axis, codes of later axes · moves along earlier axes)
        table = (own @ table).reshape(2, len(own) // 2, -1)
        # The moves become the last axis, so that the codes of the next axis are the first ones.
        table = table.transpose(0, 2, 1)
    return table[0].reshape([len(own) // 2 for own in signs])


def ways_to_move(distance: int) -> list[list[int]]:
    """Return the amounts of one basic move by a distance, and of one move per unit of it.

    >>> ways_to_move(-3), ways_to_move(1)
    ([[-3], [-1, -1, -1]], [[1]])
    """
    units = [int(np.sign(distance))] * abs(distance)
    return [[distance], units] if len(units) > 1 else [[distance]]


@frozen(eq=False)
class _Target:
    """Position of a cell, and the smallest distance by which a move must change the cell."""

    position: int
    distance: int


@frozen(eq=False)
class _Step:
    """Basic move with the cost of adding it to another move."""

    cost: float
    positions: Integers  # (k,): the cells that it changes, as positions of the grid
    changes: Integers  # (k,): by how much it changes each of them


class BasicMoves(Moves):
    """Cheap integer moves of some cells, as sums of basic moves.

    A search starts with a basic move, and adds others that return its dearest cell to its count.
    Arrays of the grid are flat, with n positions.

    `blocked` is the cost of a change that is not possible. It is not infinite, because
    `product_costs` multiplies it by 0, and adds it to savings (`_costs`). A move changes n cells at
    most, so that it costs, or saves, n times the dearest price at most. `blocked` is 4 (n + 1)
    times this price: half of it is between the costs of moves with and without a blocked change.

    Examples
    --------
    The table of the module has the prices 100 and 200 for women, and 400 and 1000 for men. The
    cheapest move with one woman less in sexual exploitation changes all four cells:

    >>> from types import SimpleNamespace
    >>> price, three = np.array([100.0, 200.0, 400.0, 1000.0]), np.full(4, 3)
    >>> block = SimpleNamespace(prices=lambda suppressed: price, down=three, up=three)
    >>> along = [np.array([[1, -1]]), np.array([[-1, 1]])]
    >>> cross, cells = Cross((2, 2), np.arange(4), [along, along]), np.ones(4, dtype=bool)
    >>> moves = BasicMoves(block, cross, unknown=cells, suppressed=~cells)
    >>> step = moves._cheapest(np.zeros(4, dtype=int), position=0, amount=-1)
    >>> step.cost, step.positions.tolist(), step.changes.tolist()
    (1700.0, [0, 1, 2, 3], [-1, 1, 1, -1])

    After this move, a cell saves its price if it returns to its count: one woman less in labour
    exploitation saves 200. One more is free, because this cell has moved already. Three more are
    not possible, because each cell can move by 3:

    >>> moves._costs(step.changes, size=1).tolist()
    [[0.0, -200.0, -400.0, 0.0], [-100.0, 0.0, 0.0, -1000.0]]
    >>> moves._costs(step.changes, size=3).tolist()
    [[20000.0, 0.0, 0.0, 20000.0], [0.0, 20000.0, 20000.0, 0.0]]
    """

    def __init__(self, block: Block, cross: Cross, unknown: Mask, suppressed: Mask) -> None:
        super().__init__(block, suppressed)
        self.cross, self.unknown = cross, unknown
        size, is_cell = len(cross.numbers), cross.numbers >= 0
        self.position = np.zeros(len(unknown), dtype=np.intp)  # of each cell in the grid
        self.position[cross.numbers[is_cell]] = np.flatnonzero(is_cell)
        self._scale = _DEAREST / max(float(self.price.max(initial=0)), 1.0)
        # The dearest price of any choice: prices depend on which cells are suppressed.
        prices = [block.prices(np.full(len(unknown), state)) for state in (False, True)]
        self.blocked = 4 * (size + 1) * self._scale * max(float(np.max(prices)), 1.0)
        # Absent cells are free; published ones are blocked.
        self._cost = np.where(cross.numbers == ABSENT, 0, self.blocked).astype(np.float32)
        self._price_changed(np.flatnonzero(unknown))
        self._room = np.full((2, size), UNLIMITED)  # down and up
        self._room[:, self.position] = block.down, block.up
        # The codes of each position, and the distance of neighbouring codes in the flat grid.
        self._codes = np.array(np.unravel_index(np.arange(size), cross.shape)).T
        self._strides = np.append(np.cumprod(cross.shape[:0:-1])[::-1], 1).astype(np.int64)
        self._signs = [[both_directions(moves) for moves in axis] for axis in cross.moves]

    def can_move(self, cell: int) -> bool:
        """Whether a cell can move."""
        return bool(self.unknown[cell])

    def _is_possible(self, cost: Any) -> Any:
        """Whether all changes with a cost or a saving are possible."""
        return cost < self.blocked / 2

    def _price_changed(self, cells: Integers) -> None:
        self._cost[self.position[cells]] = self.price[cells] * self._scale

    @contextmanager
    def closed(self, cells: Any) -> Iterator[None]:
        """Fix cells temporarily."""
        positions = self.position[cells]
        before = self._cost[positions]
        self._cost[positions] = self.blocked
        try:
            yield
        finally:
            self._cost[positions] = before

    def publish(self, cell: int) -> None:
        """Let a cell move at its cost from now on."""
        self.reprice(np.array([cell]), suppressed=False)

    def _find(
        self, cell: int, distance: int, *, thorough: bool, most: float, start: Integers | None
    ) -> MoveResult:
        """Return a cheap move of a cell by at least a distance; if none is found, one can exist."""
        target = _Target(int(self.position[cell]), distance)
        if not self.unknown[cell] or not self._is_possible(self._cost[target.position]):
            return MoveResult()
        results = []
        if start is not None:
            move = np.zeros(len(self.cross.numbers), dtype=np.int64)
            move[self.position] = start
            results.append(self._improved(move, target))
        if not results or len(self._new(results[0][1])):
            sums = (self._sum_of_steps(target, amounts) for amounts in ways_to_move(distance))
            results += [self._improved(move, target) for move in sums if move is not None]
        possible = [pair for pair in results if self._is_possible(pair[0])]
        if not possible:
            return MoveResult()
        return MoveResult(min(possible, key=lambda pair: pair[0])[1][self.position])

    def _sum_of_steps(self, target: _Target, amounts: list[int]) -> Integers | None:
        """Return the sum of the cheapest basic moves of a target by some amounts, if possible."""
        move = np.zeros(len(self.cross.numbers), dtype=np.int64)
        for amount in amounts:
            step = self._cheapest(move, target.position, amount)
            if not self._is_possible(step.cost):
                return None
            move[step.positions] += step.changes
        return move

    def _new(self, move: Integers) -> Integers:
        """Return the positions that a move changes and that are neither suppressed nor open."""
        where = np.flatnonzero(move)
        cells = self.cross.numbers[where]
        is_free = (cells == ABSENT) | self.suppressed[cells] & self._is_possible(self._cost[where])
        return np.asarray(where[~is_free])

    def _improved(self, move: Integers, target: _Target) -> tuple[float, Integers]:
        """Return the cost of the cheapest sum of a move and further moves, and this sum.

        A cell that is back at its count does not move again.
        """
        best, best_cost, best_step, settled = move.copy(), np.inf, 0, list[int]()
        for number in range(_STEPS + 1):
            # 1. Keep the cheapest sum so far.
            cost = float(self._cost[move != 0].sum())
            if cost < best_cost:
                best, best_cost, best_step = move.copy(), cost, number
            # 2. The dearest cell that it changes and that would have to be suppressed.
            new = self._new(move)
            new = new[new != target.position]
            if not len(new) or number - best_step > _PATIENCE:
                break
            dearest = int(new[np.argmax(self._cost[new])])
            # 3. The cheapest basic move that returns this cell, at once or by one person.
            back = -int(move[dearest])
            steps = [
                self._cheapest(move, dearest, amount, target, settled)
                for amount in {back, int(np.sign(back))}
            ]
            step = min(steps, key=lambda step: step.cost)
            if not self._is_possible(step.cost):
                break
            move[step.positions] += step.changes
            if move[dearest] == 0:
                settled.append(dearest)
        return best_cost, best

    def _costs(
        self,
        move: Integers,
        size: int,
        target: _Target | None = None,
        settled: list[int] | None = None,
    ) -> Any:
        """Return the cost of changing each position by a size, in addition to a move.

        The first row is the change down, and the second one the change up. A change back to the
        count saves the cost of the position. Any other change of a cell that has moved is free.
        """
        # 1. Cells at their count have their price, if they can change by the size, (2, n).
        costs = np.where(self._room >= size, self._cost, self.blocked)
        # 2. Cells that the move has changed already.
        moved = np.flatnonzero(move)
        saved = np.where(self._is_possible(self._cost[moved]), self._cost[moved], 0)
        for direction, own in ((-1, costs[0]), (1, costs[1])):
            after = size + direction * move[moved]  # the distance in this direction
            room = self._room[max(direction, 0), moved]
            own[moved] = np.where(after > room, self.blocked, np.where(after == 0, -saved, 0))
        # 3. Cells that are back at their count, and the target, stay.
        costs[:, settled or []] = self.blocked
        if target is not None:
            after = move[target.position] + np.array([-size, size])
            is_near = after * np.sign(target.distance) < abs(target.distance)
            costs[is_near, target.position] = self.blocked
        return costs

    def _cheapest(
        self,
        move: Integers,
        position: int,
        amount: int,
        target: _Target | None = None,
        settled: list[int] | None = None,
    ) -> _Step:
        """Return the cheapest basic move, added to a move, that changes a position by an amount.

        A basic move is a product of one move along each axis, so that the sum of the costs of its
        cells is a product of matrices: all basic moves of a position are evaluated at once.
        """
        # 1. The costs of all products; the first row is the direction of the position.
        costs = self._costs(move, abs(amount), target, settled)
        table, codes = costs[::-1] if amount > 0 else costs, self._codes[position]
        products = product_costs(
            table, [axis[code] for axis, code in zip(self._signs, codes, strict=True)]
        )
        # 2. The cheapest product as positions and changes, by adding one axis after the other.
        best = np.unravel_index(products.argmin(), products.shape)
        positions, changes = np.zeros(1, dtype=np.int64), np.full(1, amount)
        for axis, row in enumerate(best):
            along = self.cross.moves[axis][codes[axis]][row]
            changed = np.flatnonzero(along)
            positions = (positions[:, None] + changed * self._strides[axis]).ravel()
            changes = (changes[:, None] * along[changed]).ravel()
        return _Step(float(products[best]), positions, changes)
