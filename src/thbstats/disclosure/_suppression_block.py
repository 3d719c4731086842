"""Choice of secondary cells in one block of related cells, and the witnesses that prove it.

A table by sex and form has one count below 5: 3 men. Its protection interval is 0 to 4, so that it
has two requirements, a move by -3 and one by 1. If four cells are suppressed, these two moves keep
all published totals. They are the witnesses::

              sexual  other             sexual  other
    female        +3     -3     female      -1     +1
    male          -3     +3     male        +1     -1
"""

from collections import defaultdict
from collections.abc import Callable
from time import monotonic
from typing import Any

import numpy as np
from attrs import Factory, define, frozen
from scipy.sparse import csc_array, csr_array

from thbstats.columns import Floats, Index, Integers, Mask
from thbstats.disclosure._basic_moves import BasicMoves, Cross
from thbstats.disclosure._moves import Prices, ProgramMoves, Search, eliminate, tied_cells
from thbstats.errors import EngineFailed

Report = Callable[[str, float], None]
Moves = ProgramMoves | BasicMoves

_SMALL = 1_500
"""The number of groups of cells up to which programs are fast."""

_STEP = 0.002
"""The least price of moving a suppressed cell, in costs of the cheapest one."""

_LIMITS = ((3, 3), (6, 8), (12, 16), (24, 30), (80, 100), (np.inf, np.inf))
"""The largest count of a secondary cell and the largest cost of a requirement, in thresholds."""

_DIMENSIONS = 5
"""The dimensions from which programs have fractions too often."""


@frozen
class Requirement:
    """Move of a cell that a table must prove: to a count, or by a distance in either direction.

    The cells in `known` do not move, because an insider knows their counts.
    """

    cell: int
    move: int = 0
    distance: int = 1
    known: tuple[int, ...] = ()

    def is_met(self, move: Integers) -> bool:
        """Whether a move of all cells proves the requirement."""
        own = int(move[self.cell])
        is_far = abs(own) >= self.distance if self.move == 0 else own * self.move >= self.move**2
        return is_far and not move[list(self.known)].any()


@frozen(eq=False)
class Witness:
    """Integer move that keeps all published counts: the cells that move, and by how much.

    Added to the true table, it is another table that a reader cannot exclude. It stays valid while
    all its cells are suppressed.
    """

    cells: Index
    amounts: Integers

    def move(self, size: int) -> Integers:
        """Return the move of all cells of a block."""
        move = np.zeros(size, dtype=np.int64)
        move[self.cells] = self.amounts
        return move


Proof = dict[Requirement, Witness]
"""The witness of each requirement."""


@define(eq=False)
class Witnesses:
    """All witnesses of a block, and those that prove its requirements.

    One witness can meet many requirements. `every` contains the witnesses in the order of their
    discovery, `proof` the current ones, and `uses` the requirements whose current witness moves a
    cell. Requirements are in dictionaries, because the order of a set differs between processes.
    """

    every: list[Witness] = Factory(list)
    proof: Proof = Factory(dict)
    uses: dict[int, dict[Requirement, None]] = Factory(lambda: defaultdict(dict))
    _of_cell: dict[int, list[Requirement]] = Factory(lambda: defaultdict(list))
    _met: dict[Requirement, list[Witness]] = Factory(lambda: defaultdict(list))

    def expect(self, requirement: Requirement) -> None:
        """Compare all later witnesses with a requirement."""
        self._of_cell[requirement.cell].append(requirement)

    def met_by(self, move: Integers) -> list[Requirement]:
        """Return the requirements that a move meets."""
        cells = [cell for cell in np.flatnonzero(move).tolist() if cell in self._of_cell]
        return [own for cell in cells for own in self._of_cell[cell] if own.is_met(move)]

    def store(self, move: Integers) -> Witness:
        """Store a move as a witness of all requirements that it meets."""
        cells = np.flatnonzero(move)
        witness = Witness(cells, move[cells])
        self.every.append(witness)
        for requirement in self.met_by(move):
            self._met[requirement].append(witness)
        return witness

    def standing(self, requirement: Requirement, suppressed: Mask) -> Witness | None:
        """Return the latest witness of a requirement that moves suppressed cells only."""
        witnesses = reversed(self._met[requirement])
        return next((own for own in witnesses if suppressed[own.cells].all()), None)

    def assign(self, requirement: Requirement, witness: Witness) -> None:
        """Let a witness prove a requirement from now on."""
        if (old := self.proof.get(requirement)) is not None:
            for cell in old.cells.tolist():
                self.uses[cell].pop(requirement, None)
        self.proof[requirement] = witness
        for cell in witness.cells.tolist():
            self.uses[cell][requirement] = None

    def must_move(self, cell: int) -> bool:
        """Whether a requirement that is proved moves a cell."""
        return any(own in self.proof for own in self._of_cell.get(cell, ()))


@frozen(eq=False)
class SafeChoice:
    """Suppressed cells of a block, and the witnesses that prove all its requirements."""

    suppressed: Mask
    proof: Proof


@define(eq=False, kw_only=True)
class Block:
    """Cells that depend on each other, and the choice of those to suppress.

    Columns of the block have one entry for each of its n cells. `matrix` has a row for each of the
    relations, whose sum is 0, and a column for each cell; `independent` marks rows that imply all
    others. `cells` contains the numbers of the cells in the whole system, and `value` their counts.

    Cells can move by `down` and `up`. `suppressed` starts with the cells that are not published in
    any case; the `candidates` have a `cost`, which is their `amount` times random factors. `cross`
    contains the cells as a grid, if they are one. `scale` is the threshold.

    The requirements in `waiting` have no witness yet, and those in `unmet` no choice meets. The
    cost of each safe choice is at least `bound`. `safe` is the latest choice that is safe from
    attackers without inside knowledge: an interruption can end a search between two choices.
    """

    cells: Integers
    matrix: Any
    independent: Mask
    value: Integers
    down: Integers
    up: Integers
    cost: Floats
    amount: Floats
    suppressed: Mask
    candidates: Mask
    cross: Cross | None
    scale: int
    requirements: list[Requirement]
    insiders: dict[tuple[int, ...], str] = Factory(dict)
    unmet: list[Requirement] = Factory(list)
    bound: float = 0.0
    safe: SafeChoice | None = None
    is_interrupted: bool = False
    is_large: bool = False
    waiting: dict[Requirement, None] = Factory(dict)
    witnesses: Witnesses = Factory(Witnesses)

    def __attrs_post_init__(self) -> None:
        for requirement in self.requirements:
            self._require(requirement)

    def _require(self, requirement: Requirement) -> None:
        self.waiting[requirement] = None
        self.witnesses.expect(requirement)

    @property
    def secondary(self) -> Mask:
        """The suppressed cells that could be published."""
        return self.suppressed & self.candidates

    def moves(self, unknown: Mask, suppressed: Mask, *, basic: bool) -> Moves:
        """Return the moves of some cells: basic ones, or programs.

        A small price of suppressed cells keeps witnesses small.
        """
        costs = self.cost[self.candidates & (self.cost > 0)]
        cheapest = float(costs.min()) if len(costs) else 1.0
        prices = Prices(
            cost=self.cost,
            reduced=np.maximum(0.02 * self.cost * self.candidates, _STEP * cheapest),
            suppressed=suppressed,
            down=self.down,
            up=self.up,
        )
        if basic and self.cross is not None:
            return BasicMoves(self.cross, unknown, prices)
        return ProgramMoves(self.matrix, self.matrix[self.independent], unknown, prices)

    def choose(self, suppressed: Mask, proof: Proof) -> None:
        """Make a choice the latest safe one, with the witnesses that change."""
        self.safe = SafeChoice(suppressed.copy(), self.witnesses.proof | proof)
        self.suppressed = suppressed
        for requirement, witness in proof.items():
            self.witnesses.assign(requirement, witness)

    def restore(self) -> None:
        """Return to the latest safe choice, whatever an interrupted search left behind.

        `Witnesses.uses` is not restored: only a search for a cheaper choice reads it.
        """
        if self.safe is not None:
            self.suppressed = self.safe.suppressed.copy()
            self.witnesses.proof = dict(self.safe.proof)

    def cover(self, report: Report) -> None:
        """Suppress cells until each requirement has a witness.

        For each requirement in turn, the cells of its cheapest move are suppressed (Kelly, Golden
        and Assad 1992; Castro 2007). The first searches use cheap cells only.
        """
        self.waiting = dict.fromkeys(sorted(self.waiting, key=lambda r: -abs(r.move)))
        total = max(len(self.waiting), 1)

        def step(unknown: Mask, most: float = np.inf) -> None:
            self._fill(unknown, most)
            report("finding a safe choice", 1 - len(self.waiting) / total)

        every = self.suppressed | self.candidates
        self.is_large = self._needs_basic_moves(every)
        if self.is_large:
            for limit, most in _LIMITS:
                cheap = self.candidates & (self.value <= limit * self.scale)
                step(self.suppressed | cheap, most * self.scale)
        else:
            start = self._eliminated(every)
            for limit in (3, 12, np.inf):
                cheap = self.candidates & (start | (self.value <= limit * self.scale))
                step(self.suppressed | cheap)
        if self.waiting:
            self._finish(every)
        self.choose(self.suppressed, {})

    def _needs_basic_moves(self, every: Mask) -> bool:
        """Whether programs are too slow: for many cells, or many dimensions with totals."""
        if self.cross is None:
            return False
        long = sum(size > 2 for size in self.cross.shape)
        groups = tied_cells(self.matrix, every).shape[1]
        return bool(groups > (_SMALL // 3 if long >= _DIMENSIONS else 2 * _SMALL))

    def _eliminated(self, every: Mask) -> Mask:
        """Return cells so that no sum of the other cells is a waiting cell, modulo 2."""
        groups = tied_cells(self.matrix, every)
        coo, size = groups.tocoo(), groups.shape[1]
        closed = ~self.suppressed[coo.row]
        is_open = np.ones(size, dtype=np.bool_)
        is_open[coo.col[closed]] = False
        cost: Any = np.bincount(coo.col[closed], self.cost[coo.row[closed]], minlength=size)
        cells = [requirement.cell for requirement in self.waiting]
        targets = np.unique(coo.col[np.isin(coo.row, cells)])
        relations = csr_array(self.matrix[self.independent] @ groups)
        chosen = np.zeros(len(self.cells), dtype=np.bool_)
        chosen[coo.row] = eliminate(relations, targets, is_open, cost)[coo.col]
        return chosen

    def _fill(self, unknown: Mask, most: float = np.inf) -> None:
        """Find witnesses among some cells, at most at a cost for each requirement."""
        if not any(unknown[requirement.cell] for requirement in self.waiting):
            return
        moves = self.moves(unknown, self.suppressed, basic=self.is_large)
        for requirement in list(self.waiting):
            if requirement not in self.waiting or not moves.can_move(requirement.cell):
                continue
            move = self.cheapest_move(moves, requirement, most=4 * most).move
            if move is None:
                continue
            met = self._waiting_for(move)
            new = np.flatnonzero((move != 0) & ~self.suppressed)
            if self.cost[new].sum() <= most * len(met):
                self._accept(move, met, moves)

    def _waiting_for(self, move: Integers) -> list[Requirement]:
        """Return the waiting requirements that a move meets."""
        return [own for own in self.witnesses.met_by(move) if own in self.waiting]

    def _accept(self, move: Integers, met: list[Requirement], moves: Moves) -> None:
        """Accept a move as the witness of requirements, and suppress the cells that it moves."""
        new = np.flatnonzero((move != 0) & ~self.suppressed)
        self.suppressed[new] = True
        if len(new):
            moves.reprice(new, suppressed=True)
        witness = self.witnesses.store(move)
        for requirement in met:
            self.waiting.pop(requirement, None)
            self.witnesses.assign(requirement, witness)

    def cheapest_move(
        self,
        moves: Moves,
        requirement: Requirement,
        *,
        thorough: bool = False,
        most: float = np.inf,
        start: Integers | None = None,
    ) -> Search:
        """Return the cheapest move that meets a requirement, or whether none exists for certain."""
        steps: tuple[int, ...] = (requirement.move,)
        if requirement.move == 0:
            steps = (requirement.distance, -requirement.distance)
        possible, is_impossible = [], True
        for step in steps:
            search = moves.find(
                requirement.cell,
                step,
                fixed=requirement.known,
                thorough=thorough,
                most=most * abs(step),
                start=start if start is None or start[requirement.cell] * step > 0 else None,
            )
            move = search.move
            is_impossible = is_impossible and search.is_impossible
            if move is not None and not (self.matrix @ move).any():
                possible.append((float(moves.price @ np.abs(move)), move))
                if moves.suppressed[move != 0].all():
                    break
        if possible:
            return Search(min(possible, key=lambda pair: pair[0])[1])
        return Search(is_impossible=is_impossible)

    def _finish(self, every: Mask) -> None:
        """Search thoroughly; reduce a requirement that no choice meets, and raise if unknown."""
        moves = self.moves(every, self.suppressed, basic=False)
        while self.waiting:
            requirement = next(iter(self.waiting))
            search = self.cheapest_move(moves, requirement, thorough=True)
            move = search.move
            if move is None and not search.is_impossible and self.cross is not None:
                basic = self.moves(every, self.suppressed, basic=True)
                move = self.cheapest_move(basic, requirement).move
            if move is not None:
                self._accept(move, self._waiting_for(move), moves)
                continue
            if not search.is_impossible:
                raise EngineFailed(
                    "The search found no safe set of cells within the time limit",
                    field="time_limit",
                    value=int(self.cells[requirement.cell]),
                    hint="Set a lower `protection_level`, or publish fewer rows",
                )
            del self.waiting[requirement]
            halves = self._divided(moves, requirement)
            for half, halfway in halves:
                self.witnesses.expect(half)
                self._accept(halfway, [half, *self._waiting_for(halfway)], moves)
            if halves:
                continue
            self.unmet.append(requirement)
            if abs(requirement.move) > 1:
                less = requirement.move - int(np.sign(requirement.move))
                self._require(Requirement(requirement.cell, less))

    def _divided(
        self, moves: Moves, requirement: Requirement
    ) -> list[tuple[Requirement, Integers]]:
        """Return a move up and a move down that together have the distance of a requirement."""
        for upwards in range(requirement.distance - 1, 0, -1):
            halves = [
                Requirement(requirement.cell, step, known=requirement.known)
                for step in (upwards, upwards - requirement.distance)
            ]
            results = [self.cheapest_move(moves, half).move for half in halves]
            pairs = [(h, move) for h, move in zip(halves, results, strict=True) if move is not None]
            if len(pairs) == len(halves):
                return pairs
        return []

    def cover_insiders(self, report: Report) -> None:
        """Suppress cells until no insider derives a primary cell exactly, where possible.

        A witness that does not move the cells of an insider protects all cells that it moves. No
        cell is published afterwards.
        """
        primary = np.unique([requirement.cell for requirement in self.requirements])
        valid = [own.cells for own in self.witnesses.every if self.suppressed[own.cells].all()]
        # Witnesses by cells: whether a witness moves a cell.
        sizes = [len(cells) for cells in valid]
        rows = np.repeat(np.arange(len(sizes)), sizes)
        cells = np.concatenate([np.zeros(0, dtype=np.intp), *valid])
        moved = csr_array((np.ones(len(cells)), (rows, cells)), shape=(len(sizes), len(self.cells)))
        for known in self.insiders:
            free = moved[:, list(known)].sum(axis=1) == 0
            is_moved = np.asarray(moved.T @ free) > 0
            for cell in primary[~is_moved[primary]].tolist():
                if cell not in known:
                    self._require(Requirement(cell, known=known))
        every = self.suppressed | self.candidates
        self._fill(self.suppressed.copy())
        report("protecting from insiders", 0.5)
        if self.waiting:
            self._fill(every)
        if self.waiting:
            self._finish(every)

    def clean(self, deadline: float, report: Report) -> None:
        """Publish secondary cells whose witnesses can be replaced, the dearest first.

        Basic moves can suppress cheaper cells in exchange, so that their search is repeated.
        """
        fails: dict[Requirement, int] = defaultdict(int)
        columns, published = csc_array(self.matrix), 1
        while published:
            unknown = self.suppressed | self.candidates & self.is_large
            moves = self.moves(unknown, self.suppressed, basic=self.is_large)
            cells, published = np.flatnonzero(self.secondary), 0
            for position, cell in enumerate(cells[np.argsort(-self.cost[cells], kind="stable")]):
                if monotonic() > deadline:
                    return
                report("searching for a cheaper choice", position / len(cells))
                if self.is_large or not self._is_pinned(int(cell), columns):
                    published += self._publish(int(cell), moves, fails)
            published *= self.is_large

    def _publish(self, cell: int, moves: Moves, fails: dict[Requirement, int]) -> bool:
        """Publish a cell if other witnesses meet all requirements that it serves.

        Other cells can be suppressed for them if they cost less than the cell. `fails` counts the
        failures of each requirement, so that the most difficult ones are tried first.
        """
        # 1. Which requirements have another witness without the cell?
        trial = self.suppressed.copy()
        trial[cell] = False
        replaced: Proof = {}
        missing = []
        for requirement in self.witnesses.uses[cell]:
            witness = self.witnesses.standing(requirement, trial)
            if witness is None:
                missing.append(requirement)
            else:
                replaced[requirement] = witness
        # 2. Search for witnesses of the others.
        closed = moves.close([cell])
        results, added, gain = list[Integers](), list[int](), self.cost[cell]
        for requirement in sorted(missing, key=lambda r: (-fails[r], -abs(r.move))):
            if any(requirement.is_met(move) for move in results):
                continue
            start = self.witnesses.proof[requirement].move(len(self.cells))
            move = self.cheapest_move(moves, requirement, start=start).move
            if move is not None:
                new = np.flatnonzero(~trial & (move != 0))
                gain -= self.cost[new].sum()
            if move is None or (len(new) and gain <= 0):
                fails[requirement] += 1
                moves.reprice(np.array(added, dtype=np.intp), suppressed=False)
                moves.open(closed)
                return False
            trial[new] = True
            moves.reprice(new, suppressed=True)
            added += new.tolist()
            results.append(move)
        # 3. The trial is the next safe choice.
        witnesses = [(move, self.witnesses.store(move)) for move in results]
        for requirement in missing:
            own = (witness for move, witness in witnesses if requirement.is_met(move))
            replaced[requirement] = next(own)
        self.choose(trial, replaced)
        if self.is_large:
            moves.reprice(np.array([cell]), suppressed=False)
        return True

    def _is_pinned(self, cell: int, columns: Any) -> bool:
        """Whether simple differences fix a cell that must move once this cell is published."""
        unknown, queue, rows = self.suppressed.copy(), [cell], self.matrix
        while queue:
            fixed = queue.pop()
            if not unknown[fixed]:
                continue
            unknown[fixed] = False
            if self.witnesses.must_move(fixed):
                return True
            for row in columns.indices[columns.indptr[fixed] : columns.indptr[fixed + 1]]:
                left = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
                left = left[unknown[left]]
                if len(left) == 1:
                    queue.append(int(left[0]))
        return False

    def verify(self) -> None:
        """Check each witness in integers: its relations, its cells and its requirement."""
        for requirement, witness in self.witnesses.proof.items():
            move = witness.move(len(self.cells))
            is_valid = (
                self.suppressed[witness.cells].all()
                and not (self.matrix @ move).any()
                and (-self.down <= move).all()
                and (move <= self.up).all()
                and requirement.is_met(move)
            )
            if not is_valid:
                raise EngineFailed(
                    "a witness of the suppression does not agree with the published counts",
                    value=int(self.cells[requirement.cell]),
                    hint="Report this table as a defect of thbstats",
                )
