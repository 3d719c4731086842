"""Search for the suppressed cells of one block: a safe choice, and then cheaper choices."""

from collections import defaultdict
from collections.abc import Callable
from time import monotonic
from typing import Any

import numpy as np
from attrs import Factory, define, frozen
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from thbstats.columns import Floats, Index, Integers, Mask
from thbstats.disclosure._basic_moves import BasicMoves
from thbstats.disclosure._moves import MoveResult, Moves, ProgramMoves, tied_cells
from thbstats.disclosure._suppression_block import Block, Proof, Requirement, Witnesses
from thbstats.errors import EngineFailed

Report = Callable[[str, float], None]

_GROUPS, _GROUPS_OF_MANY_DIMENSIONS = 3_000, 500
"""The most groups of cells for programs, and the most in a block with many dimensions."""

_MANY_DIMENSIONS = 5
"""The dimensions from which programs have fractions too often."""

_COUNTS = (3, 12, np.inf)
"""The largest count of a secondary cell in the searches by programs, in thresholds."""

_LIMITS = ((3, 3), (6, 8), (12, 16), (24, 30), (80, 100), (np.inf, np.inf))
"""The same for basic moves, and the largest cost of a requirement, in thresholds."""

_SHARED = 4
"""The largest price of a move, in costs of a requirement: a move can meet several of them."""


@frozen(eq=False)
class SuppressionChoice:
    """Suppressed cells of a block, and the witnesses that prove its requirements."""

    suppressed: Mask
    proof: Proof


@define(eq=False)
class ChoiceSearch:
    """Search for a cheap choice of the cells of one block.

    The requirements in `waiting` have no witness yet, and those in `unmet` no choice meets. Once
    `is_safe`, `choice` is safe from attackers without inside knowledge. A cheaper choice replaces
    it as a whole, so that an interruption between two steps leaves a safe one.

    `uses` contains the requirements whose current witness moves a cell. With `is_large`, moves are
    sums of basic moves. The cost of each safe choice is at least `bound`.
    """

    block: Block
    choice: SuppressionChoice = Factory(
        lambda self: SuppressionChoice(self.block.unknown.copy(), {}), takes_self=True
    )
    waiting: dict[Requirement, None] = Factory(dict)
    unmet: list[Requirement] = Factory(list)
    witnesses: Witnesses = Factory(Witnesses)
    uses: dict[int, dict[Requirement, None]] = Factory(lambda: defaultdict(dict))
    is_safe: bool = False
    is_large: bool = False
    bound: float = 0.0

    def __attrs_post_init__(self) -> None:
        for requirement in self.block.requirements:
            self._require(requirement)

    def _require(self, requirement: Requirement) -> None:
        self.waiting[requirement] = None
        self.witnesses.expect(requirement)

    @property
    def suppressed(self) -> Mask:
        """The suppressed cells of the current choice."""
        return self.choice.suppressed

    @property
    def secondary(self) -> Mask:
        """The suppressed cells that could be published."""
        return self.suppressed & self.block.candidates

    def moves(self, unknown: Mask, suppressed: Mask, *, basic: bool = False) -> Moves:
        """Return a search for moves of some cells, at the prices of a choice."""
        if basic and self.block.cross is not None:
            return BasicMoves(self.block, self.block.cross, unknown, suppressed)
        return ProgramMoves(self.block, unknown, suppressed)

    def choose(self, choice: SuppressionChoice, changed: Proof, moves: Moves | None = None) -> None:
        """Replace the choice and its changed witnesses, and update the prices of moves."""
        before, self.choice = self.choice, choice
        for requirement, witness in changed.items():
            if (old := before.proof.get(requirement)) is not None:
                for cell in old.cells.tolist():
                    self.uses[cell].pop(requirement, None)
            for cell in witness.cells.tolist():
                self.uses[cell][requirement] = None
        if moves is not None:
            moves.reprice(np.flatnonzero(choice.suppressed & ~before.suppressed), suppressed=True)
            for cell in np.flatnonzero(before.suppressed & ~choice.suppressed).tolist():
                moves.publish(cell)

    def cover(self, report: Report) -> None:
        """Suppress cells until each requirement has a witness.

        For each requirement in turn, the cells of its cheapest move are suppressed (Kelly, Golden
        and Assad 1992; Castro 2007). The first searches use cheap cells only.
        """
        self.waiting = dict.fromkeys(sorted(self.waiting, key=lambda r: -abs(r.move)))
        total, scale = max(len(self.waiting), 1), self.block.scale
        value, candidates = self.block.value, self.block.candidates
        every = self.suppressed | candidates

        def step(unknown: Mask, most: float = np.inf) -> None:
            self._fill(unknown, most)
            report("finding a safe choice", 1 - len(self.waiting) / total)

        self.is_large = self._needs_basic_moves(every)
        if self.is_large:
            for limit, most in _LIMITS:
                step(self.suppressed | candidates & (value <= limit * scale), most * scale)
        else:
            start = self._eliminated(every)
            for limit in _COUNTS:
                step(self.suppressed | candidates & (start | (value <= limit * scale)))
        self._finish(every)
        self.is_safe = True

    def _needs_basic_moves(self, every: Mask) -> bool:
        """Whether programs are too slow: for many cells, or many dimensions with totals."""
        if self.block.cross is None:
            return False
        long = sum(size > 2 for size in self.block.cross.shape)
        groups = tied_cells(self.block.matrix, every).shape[1]
        return bool(groups > (_GROUPS_OF_MANY_DIMENSIONS if long >= _MANY_DIMENSIONS else _GROUPS))

    def _eliminated(self, every: Mask) -> Mask:
        """Return cells so that no sum of the other cells is a waiting cell, modulo 2."""
        groups = tied_cells(self.block.matrix, every)
        coo, size = groups.tocoo(), groups.shape[1]
        closed = ~self.suppressed[coo.row]
        is_open = np.ones(size, dtype=np.bool_)
        is_open[coo.col[closed]] = False
        cost: Any = np.bincount(coo.col[closed], self.block.cost[coo.row[closed]], minlength=size)
        cells = [requirement.cell for requirement in self.waiting]
        targets = np.unique(coo.col[np.isin(coo.row, cells)])
        relations = csr_array(self.block.relations @ groups)
        chosen = np.zeros(len(every), dtype=np.bool_)
        chosen[coo.row] = eliminate(relations, targets, is_open, cost)[coo.col]
        return chosen

    def _fill(self, unknown: Mask, most: float = np.inf) -> None:
        """Find witnesses among some cells, up to a maximum cost for each requirement."""
        if not any(unknown[requirement.cell] for requirement in self.waiting):
            return
        moves = self.moves(unknown, self.suppressed, basic=self.is_large)
        for requirement in list(self.waiting):
            if requirement not in self.waiting or not moves.can_move(requirement.cell):
                continue
            move = moves.find(requirement, most=_SHARED * most).move
            if move is None:
                continue
            met = self._waiting_for(move)
            new = np.flatnonzero((move != 0) & ~self.suppressed)
            if self.block.cost[new].sum() <= most * len(met):
                self._accept(move, met, moves)

    def _waiting_for(self, move: Integers) -> list[Requirement]:
        """Return the requirements that still need a witness and that a move meets."""
        return [own for own in self.witnesses.met_by(move) if own in self.waiting]

    def _accept(self, move: Integers, met: list[Requirement], moves: Moves) -> None:
        """Accept a move as the witness of requirements, and suppress the cells that it moves."""
        proof = dict.fromkeys(met, self.witnesses.store(move))
        suppressed = self.suppressed | (move != 0)
        self.choose(SuppressionChoice(suppressed, self.choice.proof | proof), proof, moves)
        for requirement in met:
            self.waiting.pop(requirement, None)

    def _finish(self, every: Mask) -> None:
        """Search thoroughly; reduce a requirement that no choice meets, and raise if unknown.

        No choice meets a requirement if no move does even with all candidates suppressed.
        """
        if not self.waiting:
            return
        moves = self.moves(every, self.suppressed)
        while self.waiting:
            requirement = next(iter(self.waiting))
            result = self._thorough(requirement, moves, every)
            if result.move is not None:
                self._accept(result.move, self._waiting_for(result.move), moves)
                continue
            halves, have_none = self._halves(moves, requirement)
            if halves:
                self._divide(requirement, halves, moves)
            elif result.is_impossible and have_none:
                self._reduce(requirement)
            else:
                raise EngineFailed(
                    "the search found no safe set of cells, although one can exist",
                    value=int(self.block.cells[requirement.cell]),
                    hint="Set a lower `protection_level`, or publish fewer rows",
                )

    def _thorough(self, requirement: Requirement, moves: Moves, every: Mask) -> MoveResult:
        """Return a move by programs; or by basic moves, if programs prove nothing."""
        result = moves.find(requirement, thorough=True)
        if result.move is None and not result.is_impossible:
            basic = self.moves(every, self.suppressed, basic=True)
            return MoveResult(basic.find(requirement).move)
        return result

    def _divide(
        self, requirement: Requirement, halves: list[tuple[Requirement, Integers]], moves: Moves
    ) -> None:
        """Replace a requirement by a move up and a move down that have its distance together."""
        del self.waiting[requirement]
        for half, move in halves:
            self.witnesses.expect(half)
            self._accept(move, [half, *self._waiting_for(move)], moves)

    def _reduce(self, requirement: Requirement) -> None:
        """Replace a requirement that no choice meets by a move that is shorter by one person."""
        del self.waiting[requirement]
        self.unmet.append(requirement)
        if abs(requirement.move) > 1:
            less = requirement.move - int(np.sign(requirement.move))
            self._require(Requirement(requirement.cell, less))

    def _halves(
        self, moves: Moves, requirement: Requirement
    ) -> tuple[list[tuple[Requirement, Integers]], bool]:
        """Return a move up and a move down with a total distance, or whether none exist."""
        is_impossible = True
        for up in range(requirement.distance - 1, 0, -1):
            halves = requirement.halves(up)
            results = [moves.find(half, thorough=True) for half in halves]
            moved = [result.move for result in results if result.move is not None]
            if len(moved) == len(halves):
                return list(zip(halves, moved, strict=True)), False
            is_impossible &= any(result.is_impossible for result in results)
        return [], is_impossible

    def cover_insiders(self, report: Report) -> None:
        """Suppress cells until no insider derives a primary cell exactly, where possible.

        A witness that does not move the cells of an insider protects all cells that it moves. No
        cell is published afterwards.
        """
        primary = np.unique([requirement.cell for requirement in self.block.requirements])
        valid = [own.cells for own in self.witnesses.every if own.is_valid(self.suppressed)]
        # Witnesses by cells: whether a witness moves a cell.
        sizes = [len(cells) for cells in valid]
        rows = np.repeat(np.arange(len(sizes)), sizes)
        cells = np.concatenate([np.zeros(0, dtype=np.intp), *valid])
        shape = (len(sizes), len(self.suppressed))
        moved = csr_array((np.ones(len(cells)), (rows, cells)), shape=shape)
        for known in self.block.insiders:
            free = moved[:, list(known)].sum(axis=1) == 0
            is_moved = np.asarray(moved.T @ free) > 0
            for cell in primary[~is_moved[primary]].tolist():
                if cell not in known:
                    self._require(Requirement(cell, known=known))
        every = self.suppressed | self.block.candidates
        self._fill(self.suppressed)
        report("protecting from insiders", 0.5)
        self._fill(every)
        self._finish(every)

    def clean(self, deadline: float, report: Report) -> None:
        """Publish secondary cells whose witnesses can be replaced, the most expensive cells first.

        Basic moves can suppress cheaper cells in exchange, so that their search is repeated.
        """
        fails: dict[Requirement, int] = defaultdict(int)
        columns, is_cheaper = csc_array(self.block.matrix), True
        while is_cheaper:
            unknown = self.suppressed
            if self.is_large:
                unknown = unknown | self.block.candidates
            moves = self.moves(unknown, self.suppressed, basic=self.is_large)
            cells, is_cheaper = np.flatnonzero(self.secondary), False
            order = np.argsort(-self.block.cost[cells], kind="stable")
            for position, cell in enumerate(cells[order].tolist()):
                if monotonic() > deadline:
                    return
                report("searching for a cheaper choice", position / len(cells))
                if self.is_large or not self._is_pinned(cell, columns):
                    is_cheaper |= self._publish(cell, moves, fails)
            if not self.is_large:
                return

    def _publish(self, cell: int, moves: Moves, fails: dict[Requirement, int]) -> bool:
        """Publish a cell if other witnesses meet all requirements that it serves."""
        with moves.trial(cell):
            result = self._replacements(cell, moves, fails)
        if result is None:
            return False
        suppressed, changed = result
        self.choose(SuppressionChoice(suppressed, self.choice.proof | changed), changed, moves)
        return True

    def _replacements(
        self, cell: int, moves: Moves, fails: dict[Requirement, int]
    ) -> tuple[Mask, Proof] | None:
        """Return the suppressed cells without one cell, and new witnesses of its requirements.

        Other cells are suppressed if they cost less than the cell. `fails` counts the failures of
        each requirement, so that the most difficult ones are tried first.
        """
        # 1. Which requirements have another witness without the cell?
        suppressed = self.suppressed.copy()
        suppressed[cell] = False
        replaced: Proof = {}
        missing = []
        for requirement in self.uses[cell]:
            witness = self.witnesses.valid(requirement, suppressed)
            if witness is None:
                missing.append(requirement)
            else:
                replaced[requirement] = witness
        # 2. Search for witnesses of the others.
        moved, gain = list[Integers](), self.block.cost[cell]
        for requirement in sorted(missing, key=lambda r: (-fails[r], -abs(r.move))):
            if any(requirement.is_met(move) for move in moved):
                continue
            start = self.choice.proof[requirement].move(len(suppressed))
            move = moves.find(requirement, start=start).move
            if move is not None:
                new = np.flatnonzero(~suppressed & (move != 0))
                gain -= self.block.cost[new].sum()
            if move is None or (len(new) and gain <= 0):
                fails[requirement] += 1
                return None
            suppressed[new] = True
            moves.reprice(new, suppressed=True)
            moved.append(move)
        # 3. The first of these moves that meets a requirement is its witness.
        witnesses = [(move, self.witnesses.store(move)) for move in moved]
        for requirement in missing:
            own = (witness for move, witness in witnesses if requirement.is_met(move))
            replaced[requirement] = next(own)
        return suppressed, replaced

    def _is_pinned(self, cell: int, columns: Any) -> bool:
        """Whether simple differences fix a cell that must move once this cell is published."""
        unknown, queue, rows = self.suppressed.copy(), [cell], self.block.matrix
        while queue:
            fixed = queue.pop()
            if not unknown[fixed]:
                continue
            unknown[fixed] = False
            if any(own in self.choice.proof for own in self.witnesses.of_cell(fixed)):
                return True
            for row in columns.indices[columns.indptr[fixed] : columns.indptr[fixed + 1]]:
                left = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
                left = left[unknown[left]]
                if len(left) == 1:
                    queue.append(int(left[0]))
        return False

    def verify(self) -> None:
        """Check each witness in integers: its relations, its cells and its requirement."""
        block = self.block
        for requirement, witness in self.choice.proof.items():
            move = witness.move(len(block.cells))
            is_proof = (
                witness.is_valid(self.suppressed)
                and block.is_balanced(move)
                and (-block.down <= move).all()
                and (move <= block.up).all()
                and requirement.is_met(move)
            )
            if not is_proof:
                raise EngineFailed(
                    "a witness of the suppression does not agree with the published counts",
                    value=int(block.cells[requirement.cell]),
                    hint="Report this table as a defect of thbstats",
                )


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
        """Replace the first unknown of a combination by the other unknowns, in all columns."""
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
