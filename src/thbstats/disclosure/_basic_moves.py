"""Integer moves that are products of moves along each dimension.

Linear programs over five dimensions have many vertices with fractions. Basic moves have integers
only: along each dimension, a person changes between two codes, or one code and its totals change.
"""

from typing import Any

import numpy as np
from attrs import frozen

from thbstats.disclosure._moves import UNLIMITED, Bools, Floats, Ints

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

    `place` contains the number of the cell at each position of the grid. `moves` contains, for each
    axis and code, the moves along the axis that increase the code, as rows of signs.
    """

    shape: tuple[int, ...]
    place: Ints
    moves: list[list[Any]]

    @classmethod
    def of(cls, codes: Ints, cells: Ints, above: list[set[tuple[int, int]]]) -> "Cross | None":
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
        place = np.full(shape, _ABSENT)
        place[tuple(i[inside] for i in index)] = _PUBLISHED
        place[tuple(i[cells] for i in index)] = np.arange(len(cells))
        if np.count_nonzero(place >= 0) < len(cells):
            return None
        moves = [_moves_along(own.tolist(), pairs) for own, pairs in zip(names, above, strict=True)]
        return cls(shape, place.ravel(), moves)


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
        unknown: Bools,
        *,
        down: Ints,
        up: Ints,
        price: Floats,
        suppressed: Bools,
    ) -> None:
        self.cross, self.price, self.suppressed = cross, price.copy(), suppressed
        self.column = np.where(unknown, np.arange(len(unknown)), -1)
        self.is_proved = False
        is_cell = cross.place >= 0
        self.position = np.zeros(len(unknown), dtype=np.intp)
        self.position[cross.place[is_cell]] = np.flatnonzero(is_cell)
        # Absent cells are free; published ones are blocked.
        self._cost = np.where(cross.place == _ABSENT, 0, _BLOCKED).astype(np.float32)
        self._scale = _DEAREST / max(float(price.max(initial=0)), 1.0)
        self._cost[self.position[unknown]] = self.price[unknown] * self._scale
        self._room = np.full((2, len(cross.place)), UNLIMITED)
        self._room[:, self.position] = down, up
        self._coordinates = np.array(np.unravel_index(np.arange(len(cross.place)), cross.shape)).T
        self._strides = np.append(np.cumprod(cross.shape[:0:-1])[::-1], 1).astype(np.int64)
        self._signs = [
            [np.block([[m > 0, m < 0], [m < 0, m > 0]]).astype(np.float32) for m in axis]
            for axis in cross.moves
        ]

    def set_price(self, cells: Ints, price: Floats) -> None:
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
        start: Ints | None = None,
    ) -> Ints | None:
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
            move = np.zeros(len(self.cross.place), dtype=np.int64)
            move[self.position] = start
            results.append(self._improve(move, target))
        if not results or len(self._new(results[0][1])):
            for steps in ([distance], [int(np.sign(distance))] * abs(distance))[: abs(distance)]:
                move = np.zeros(len(self.cross.place), dtype=np.int64)
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

    def _new(self, move: Ints) -> Ints:
        """Return the positions that a move changes and that are neither suppressed nor open."""
        where = np.flatnonzero(move)
        cells = self.cross.place[where]
        is_free = (cells == _ABSENT) | self.suppressed[cells] & (self._cost[where] < _BLOCKED)
        return np.asarray(where[~is_free])

    def _improve(self, move: Ints, target: tuple[int, int]) -> tuple[float, Ints]:
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
        move: Ints,
        place: int,
        amount: int,
        target: tuple[int, int] | None = None,
        settled: list[int] | None = None,
    ) -> tuple[float, Ints, Ints]:
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
        for axis, code in enumerate(self._coordinates[place]):
            signs = self._signs[axis][code]
            table = signs @ np.ascontiguousarray(table.reshape(2 * self.cross.shape[axis], -1))
            sizes.append(len(signs) // 2)
            following = self.cross.shape[axis + 1] if axis + 1 < len(self.cross.shape) else 1
            table = table.reshape(2, sizes[-1], following, -1).transpose(0, 2, 3, 1)
        best = int(table[0].argmin())
        where, signs = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
        for axis, row in enumerate(np.unravel_index(best, sizes)):
            along = self.cross.moves[axis][self._coordinates[place][axis]][row]
            codes = np.flatnonzero(along)
            where = (where[:, None] + codes * self._strides[axis]).ravel()
            signs = (signs[:, None] * along[codes]).ravel()
        return float(table[0].ravel()[best]), where, signs
