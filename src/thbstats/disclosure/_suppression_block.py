"""Cells of a table that depend on each other, and the witnesses that prove their protection.

A table by sex and form has one count below 5: 3 men. Its protection interval is 0 to 4, so that it
has two requirements, a move by -3 and one by 1. If four cells are suppressed, these two moves keep
all published totals. They are the witnesses::

              sexual  other             sexual  other
    female        +3     -3     female      -1     +1
    male          -3     +3     male        +1     -1
"""

from collections import defaultdict
from typing import Any

import numpy as np
from attrs import Factory, define, frozen

from thbstats._properties import cached_property
from thbstats.columns import Floats, Index, Integers, Mask

UNLIMITED = 2**40
"""The move of a cell without an upper bound."""

ABSENT, PUBLISHED = -2, -1
"""Positions of a grid without a cell, and with a cell outside the block."""

_STEP = 0.002
"""The least price of moving a suppressed cell, in costs of the cheapest one."""

_MOST_CELLS = 2**18
_MOST_MOVES = 200


@frozen
class Requirement:
    """Move of a cell that must be possible: to a count, or by a distance in either direction.

    The cells in `known` do not move, because an insider knows their counts.
    """

    cell: int
    move: int = 0
    distance: int = 1
    known: tuple[int, ...] = ()

    @property
    def distances(self) -> tuple[int, ...]:
        """The moves of the cell; at least one of them must be possible."""
        return (self.move,) if self.move else (self.distance, -self.distance)

    def is_met(self, move: Integers) -> bool:
        """Whether a move of all cells proves the requirement."""
        own = int(move[self.cell])
        is_far = abs(own) >= self.distance if self.move == 0 else own * self.move >= self.move**2
        return is_far and not move[list(self.known)].any()

    def halves(self, up: int) -> list["Requirement"]:
        """Return a move up, and the move down that completes the distance."""
        steps = (up, up - self.distance)
        return [Requirement(self.cell, step, known=self.known) for step in steps]


@frozen(eq=False)
class Witness:
    """Integer move that keeps all published counts: the cells that move, and by how much.

    Added to the true table, it is another table that a reader cannot exclude. It stays valid while
    all its cells are suppressed.
    """

    cells: Index
    amounts: Integers

    @classmethod
    def of(cls, move: Integers) -> "Witness":
        """Return the witness of a move of all cells of a block."""
        cells = np.flatnonzero(move)
        return cls(cells, move[cells])

    def move(self, size: int) -> Integers:
        """Return the move of all cells of a block."""
        move = np.zeros(size, dtype=np.int64)
        move[self.cells] = self.amounts
        return move

    def is_valid(self, suppressed: Mask) -> bool:
        """Whether the witness moves suppressed cells only."""
        return bool(suppressed[self.cells].all())


Proof = dict[Requirement, Witness]
"""The witness of each requirement."""


@define(eq=False)
class Witnesses:
    """All witnesses of a block so far, and the requirements that each of them meets.

    One witness can meet many requirements. `every` has the order of their discovery. Requirements
    are in dictionaries, because the order of a set differs between processes.
    """

    every: list[Witness] = Factory(list)
    _of_cell: dict[int, list[Requirement]] = Factory(lambda: defaultdict(list))
    _met: dict[Requirement, list[Witness]] = Factory(lambda: defaultdict(list))

    def expect(self, requirement: Requirement) -> None:
        """Compare all later witnesses with a requirement."""
        self._of_cell[requirement.cell].append(requirement)

    def of_cell(self, cell: int) -> list[Requirement]:
        """Return the requirements of a cell."""
        return self._of_cell.get(cell, [])

    def met_by(self, move: Integers) -> list[Requirement]:
        """Return the requirements that a move meets."""
        cells = [cell for cell in np.flatnonzero(move).tolist() if cell in self._of_cell]
        return [own for cell in cells for own in self._of_cell[cell] if own.is_met(move)]

    def store(self, move: Integers) -> Witness:
        """Store a move as a witness of all requirements that it meets."""
        witness = Witness.of(move)
        self.every.append(witness)
        for requirement in self.met_by(move):
            self._met[requirement].append(witness)
        return witness

    def valid(self, requirement: Requirement, suppressed: Mask) -> Witness | None:
        """Return the latest witness of a requirement that moves suppressed cells only."""
        return next((w for w in reversed(self._met[requirement]) if w.is_valid(suppressed)), None)


@frozen(eq=False)
class Cross:
    """Cells as a grid with one axis for each dimension.

    `numbers` contains the number of the cell at each position of the flat grid. `moves` contains,
    for each axis and code, the moves along the axis that increase the code, as rows of signs.
    """

    shape: tuple[int, ...]
    numbers: Integers
    moves: list[list[Any]]

    @classmethod
    def of(
        cls, codes: Integers, cells: Integers, above: list[set[tuple[int, int]]]
    ) -> "Cross | None":
        """Return the grid of some cells, or ``None`` if two cells have the same codes.

        `codes` has a row for each cell of the system and a column for each axis. `above` contains,
        for each axis, pairs of a code and a total of it.
        """
        if (codes[cells] < 0).any():
            return None
        names = [np.unique(column[cells]) for column in codes.T]
        shape = tuple(map(len, names))
        if np.prod(shape, dtype=np.float64) > _MOST_CELLS:
            return None
        axes = list(zip(names, codes.T, strict=True))
        index = [np.searchsorted(own, column) for own, column in axes]
        inside = np.all([np.isin(column, own) for own, column in axes], axis=0)
        numbers = np.full(shape, ABSENT)
        # Cells of the whole system in the grid are published, unless they belong to the block.
        numbers[tuple(i[inside] for i in index)] = PUBLISHED
        numbers[tuple(i[cells] for i in index)] = np.arange(len(cells))
        if np.count_nonzero(numbers >= 0) < len(cells):
            return None
        moves = [moves_along(own.tolist(), pairs) for own, pairs in zip(names, above, strict=True)]
        return cls(shape, numbers.ravel(), moves)


def moves_along(codes: list[int], above: set[tuple[int, int]]) -> list[Any]:
    """Return the moves along an axis that increase each code.

    A code without parts changes together with all its totals, alone or against another such code.

    Examples
    --------
    Code 0 is the total of the codes 1 and 2. The total and code 1 increase, or code 1 increases
    and code 2 decreases:

    >>> moves_along([0, 1, 2], {(1, 0), (2, 0)})[1].tolist()
    [[1, 1, 0], [0, 1, -1]]
    """
    column = {code: i for i, code in enumerate(codes)}
    totals = {whole for part, whole in above if part in column}
    chains = []  # one row for each code without parts: the code and all its totals
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


@frozen(eq=False, kw_only=True, slots=False)
class Block:
    """Cells that depend on each other, and the requirements of each safe choice of cells.

    Columns of the block have one entry for each of its n cells. `cells` contains their numbers in
    the whole system, and `value` their counts; they can move by `down` and `up`. `matrix` has a
    row for each of the relations, whose sum is 0, and a column for each cell; `independent` marks
    rows that imply all others. `cross` contains the cells as a grid, if they are one.

    The `unknown` cells are not published in any case. The `candidates` can be suppressed at a
    `cost`, which is their `amount` times random factors. `scale` is the threshold.
    """

    cells: Integers
    matrix: Any
    independent: Mask
    value: Integers
    down: Integers
    up: Integers
    unknown: Mask
    candidates: Mask
    cost: Floats
    amount: Floats
    cross: Cross | None
    scale: int
    requirements: list[Requirement]
    insiders: dict[tuple[int, ...], str] = Factory(dict)

    @cached_property
    def relations(self) -> Any:
        """The rows of the matrix that imply all other rows."""
        return self.matrix[self.independent]

    @cached_property
    def reduced_cost(self) -> Floats:
        """The price of moving each cell once it is suppressed; it keeps witnesses small."""
        costs = self.cost[self.candidates & (self.cost > 0)]
        cheapest = float(costs.min()) if len(costs) else 1.0
        return np.maximum(0.02 * self.cost * self.candidates, _STEP * cheapest)

    def prices(self, suppressed: Mask) -> Floats:
        """Return the price of moving each cell by one person."""
        return np.where(suppressed, self.reduced_cost, self.cost)

    def is_balanced(self, move: Integers) -> bool:
        """Whether a move keeps all relations."""
        return not (self.matrix @ move).any()
