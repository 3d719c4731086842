"""Integer moves between tables that agree with the same published counts."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, hstack
from scipy.sparse.csgraph import connected_components

from thbstats.disclosure._linear_program import LinearProgram

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

UNLIMITED = 2**40
"""The move of a cell without an upper bound."""

_TOLERANCE = 1e-6
_DIVES = 6
_MANY_DIVES = 60


def tied_cells(matrix: Any, unknown: Bools) -> tuple[Any, Any]:
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
        unknown: Bools,
        *,
        down: Ints,
        up: Ints,
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

    def set_price(self, cells: Ints, price: Floats) -> None:
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
        start: Ints | None = None,  # a program starts with its own last solution
    ) -> Ints | None:
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

    def _vertex(self, most: float) -> tuple[Floats | None, Ints | None]:
        """Return an optimal move, and the same in integers if it has only integers."""
        point = self.program.solve(most)
        if point is None:
            return None, None
        move = point[: self.size] - point[self.size :]
        whole = np.rint(move).astype(np.int64)
        is_whole = np.abs(move - whole).max() < _TOLERANCE and not (self.relations @ whole).any()
        return move, whole if is_whole else None

    def _solve(self, dives: int, most: float) -> Ints | None:
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
