"""Integer moves of cells that keep all published counts.

A move is the difference of two tables of integers with the same published counts. Two searches
find one that meets a requirement at a low price: linear programs here, and sums of basic moves.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np
from attrs import frozen
from scipy.sparse import coo_array, csr_array, hstack
from scipy.sparse.csgraph import connected_components

from thbstats.columns import Floats, Integers, Mask
from thbstats.disclosure._linear_program import LinearProgram, ProgramStatus
from thbstats.disclosure._suppression_block import UNLIMITED, Block, Requirement

_TOLERANCE = 1e-6
_DIVES = 6
_MANY_DIVES = 60


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


@frozen(eq=False)
class MoveResult:
    """Result of a search for a move: the move, or whether none exists for certain."""

    move: Integers | None = None
    is_impossible: bool = False


class Moves(ABC):
    """Search for moves of some cells of a block at prices that follow the suppressed cells.

    ``min sum of price_c |move_c|`` subject to ``matrix move = 0`` and ``-down <= move <= up``

    Moving a published cell means to suppress it, at its cost. A suppressed cell has a small price.
    """

    def __init__(self, block: Block, suppressed: Mask) -> None:
        self.block, self.suppressed = block, suppressed.copy()
        self.price = block.prices(suppressed)

    @abstractmethod
    def can_move(self, cell: int) -> bool:
        """Whether a cell can move."""

    @abstractmethod
    def closed(self, cells: Any) -> AbstractContextManager[None]:
        """Fix cells temporarily."""

    @abstractmethod
    def publish(self, cell: int) -> None:
        """Set the price of a cell that is published from now on."""

    @abstractmethod
    def _price_changed(self, cells: Integers) -> None:
        """Use the new prices of some cells."""

    @abstractmethod
    def _find(
        self, cell: int, distance: int, *, thorough: bool, most: float, start: Integers | None
    ) -> MoveResult:
        """Return a cheap move of a cell by at least a distance."""

    def reprice(self, cells: Integers, *, suppressed: bool) -> None:
        """Change the prices of cells that are suppressed or published from now on."""
        self.suppressed[cells] = suppressed
        self.price[cells] = self.block.prices(self.suppressed)[cells]
        self._price_changed(cells)

    @contextmanager
    def trial(self, cell: int) -> Iterator[None]:
        """Fix a cell and suppress other cells for a trial, and undo both changes afterwards."""
        before = self.suppressed.copy()
        with self.closed([cell]):
            try:
                yield
            finally:
                self.reprice(np.flatnonzero(self.suppressed & ~before), suppressed=False)

    def find(
        self,
        requirement: Requirement,
        *,
        thorough: bool = False,
        most: float = np.inf,
        start: Integers | None = None,
    ) -> MoveResult:
        """Return the cheapest move that meets a requirement, or whether none exists for certain.

        A `thorough` search takes longer, and proves in integers that no move exists. `most` limits
        the price for each person. `start` is a move that was possible before cells were closed.
        """
        possible, is_impossible = [], True
        with self.closed(list(requirement.known)):
            for distance in requirement.distances:
                own = start if start is None or start[requirement.cell] * distance > 0 else None
                result = self._find(
                    requirement.cell,
                    distance,
                    thorough=thorough,
                    most=most * abs(distance),
                    start=own,
                )
                move = result.move
                is_impossible = is_impossible and result.is_impossible
                if move is not None and self.block.is_balanced(move):
                    possible.append((float(self.price @ np.abs(move)), move))
                    if self.suppressed[move != 0].all():
                        break
        if possible:
            return MoveResult(min(possible, key=lambda pair: pair[0])[1])
        return MoveResult(is_impossible=is_impossible)


class ProgramMoves(Moves):
    """Cheapest moves by linear programs (Kelly, Golden and Assad 1992; Castro 2007).

    ``min sum of price_g (up_g + down_g)`` subject to ``relations (up - down) = 0``, and for the
    group k of the cell ``up_k >= distance`` and ``down_k = 0``

    Groups of tied cells move together. Variable g is the move up of a group, and variable g + size
    its move down.
    """

    def __init__(self, block: Block, unknown: Mask, suppressed: Mask) -> None:
        super().__init__(block, suppressed)
        self.groups = tied_cells(block.matrix, unknown)  # cells by groups
        n, self.size = self.groups.shape
        coo = self.groups.tocoo()
        cells, columns = coo.row, coo.col
        self.column = np.full(n, -1)  # the group of each cell, -1 for cells that do not move
        self.sign = np.ones(n, dtype=np.int64)
        self.column[cells], self.sign[cells] = columns, coo.data
        # A group moves up as far as its cells with sign 1 can move up, and its others down.
        is_up, up, down = coo.data > 0, block.up[cells], block.down[cells]
        limits = np.full((2, self.size), UNLIMITED, dtype=np.int64)  # up and down
        np.minimum.at(limits[0], columns, np.where(is_up, up, down))
        np.minimum.at(limits[1], columns, np.where(is_up, down, up))
        self.limit = limits.ravel().astype(np.float64)
        self.relations = _distinct(csr_array(block.relations @ self.groups))
        self.program = LinearProgram(
            matrix=hstack([self.relations, -self.relations]).astype(np.float64),
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

    def _price_changed(self, cells: Integers) -> None:
        prices = self._group_prices()
        for column in np.setdiff1d(self.column[cells], [-1]).tolist():
            self.program.set_cost(column, prices[column])
            self.program.set_cost(column + self.size, prices[column])

    def _close(self, cells: Any) -> None:
        for group in np.setdiff1d(self.column[cells], [-1]).tolist():
            self.program.set_bounds(group, 0.0, 0.0)
            self.program.set_bounds(group + self.size, 0.0, 0.0)

    @contextmanager
    def closed(self, cells: Any) -> Iterator[None]:
        """Fix cells temporarily."""
        with self.program.trial():
            self._close(cells)
            yield

    def publish(self, cell: int) -> None:
        """Fix a cell that is published from now on."""
        self._close([cell])

    def _find(
        self, cell: int, distance: int, *, thorough: bool, most: float, start: Integers | None
    ) -> MoveResult:
        """Return the cheapest move of a cell by at least a distance, if it is found."""
        group, size = int(self.column[cell]), self.size
        is_up = distance * self.sign[cell] > 0
        forward, back = (group, group + size) if is_up else (group + size, group)
        if group < 0 or self.program.upper[forward] < abs(distance):
            return MoveResult(is_impossible=True)
        with self.program.trial():
            self.program.set_bounds(forward, float(abs(distance)), self.limit[forward])
            self.program.set_bounds(back, 0.0, 0.0)
            # 1. An optimal vertex; it usually has only integers.
            vertex = self._vertex(most)
            if vertex is None:
                is_infeasible = self.program.status is ProgramStatus.INFEASIBLE
                is_proved = thorough and is_infeasible and self.program.is_proved_infeasible()
                return MoveResult(is_impossible=is_proved)
            # 2. One fraction after the other becomes an integer.
            integers = self._integers(vertex)
            for _ in range(_MANY_DIVES if thorough else _DIVES):
                if integers is not None or (vertex := self._dive(vertex, most)) is None:
                    break
                integers = self._integers(vertex)
        return MoveResult(None if integers is None else np.asarray(self.groups @ integers))

    def _vertex(self, most: float) -> Floats | None:
        """Return the moves of the groups in an optimal vertex."""
        point = self.program.solve(most)
        return None if point is None else point[: self.size] - point[self.size :]

    def _integers(self, vertex: Floats) -> Integers | None:
        """Return the integers of a vertex if it has only integers that keep all relations."""
        move = np.rint(vertex).astype(np.int64)
        is_whole = np.abs(vertex - move).max() < _TOLERANCE and not (self.relations @ move).any()
        return move if is_whole else None

    def _dive(self, vertex: Floats, most: float) -> Floats | None:
        """Fix the fraction that is nearest to an integer, and return the next vertex."""
        part = np.abs(vertex - np.rint(vertex))
        group = int(np.argmin(np.where(part > _TOLERANCE, part, np.inf)))
        near, lower, upper = np.rint(vertex[group]), self.program.lower, self.program.upper
        sides = {group: max(near, 0.0), group + self.size: max(-near, 0.0)}
        if not all(lower[side] <= amount <= upper[side] for side, amount in sides.items()):
            return None
        for side, amount in sides.items():
            self.program.set_bounds(side, amount, amount)
        return self._vertex(most)


def _distinct(relations: Any) -> Any:
    """Return the distinct relations with two or more terms."""
    relations.eliminate_zeros()
    relations.sort_indices()
    ends, seen = relations.indptr, dict[tuple[bytes, bytes], int]()
    for row in np.flatnonzero(np.diff(ends) > 1).tolist():
        terms = slice(ends[row], ends[row + 1])
        signs = relations.data[terms] * np.sign(relations.data[ends[row]])
        seen.setdefault((relations.indices[terms].tobytes(), signs.tobytes()), row)
    return relations[sorted(seen.values())]
