"""Choice of secondary cells in one block of related cells, and a lower bound of its cost."""

from collections import defaultdict
from collections.abc import Callable
from time import monotonic
from typing import Any

import numpy as np
from attrs import Factory, define, evolve, frozen
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array, csr_array, vstack

from thbstats.columns import Floats, Integers, Mask
from thbstats.disclosure._moves import BasicMoves, Cross, Moves, eliminate, tied_cells
from thbstats.errors import EngineFailed

Report = Callable[[str, float], None]

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

    def in_block(self, cell: int) -> "Requirement":
        """Return the requirement for a cell by its index in a block."""
        return evolve(self, cell=cell)

    def is_met(self, move: Integers) -> bool:
        """Whether a move of all cells proves the requirement."""
        own = int(move[self.cell])
        is_far = abs(own) >= self.distance if self.move == 0 else own * self.move >= self.move**2
        return is_far and not move[list(self.known)].any()


@define(eq=False, kw_only=True)
class Block:
    """Cells that depend on each other, and the choice of those to suppress.

    A witness is an integer table that agrees with all published counts and meets a requirement. It
    stays valid while all cells that it moves are suppressed. `matrix` contains the relations, whose
    sum is 0, and `independent` the rows that imply all others. Cells can move by `down` and `up`.
    `suppressed` starts with the cells that are not published in any case; the `candidates` have a
    `cost`, which is their `amount` times random factors. `cross` contains the cells as a grid, if
    they are one. The cost of each safe choice is at least `bound`.
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
    is_interrupted: bool = False
    is_large: bool = False
    waiting: dict[Requirement, None] = Factory(dict)
    proof: dict[Requirement, int] = Factory(dict)
    _pool: list[tuple[Integers, Integers]] = Factory(list)
    _uses: dict[int, set[Requirement]] = Factory(lambda: defaultdict(set))
    _served: dict[Requirement, list[int]] = Factory(lambda: defaultdict(list))
    _of_cell: dict[int, list[Requirement]] = Factory(lambda: defaultdict(list))
    _columns: Any = None
    _needed: set[int] = Factory(set)

    def __attrs_post_init__(self) -> None:
        for requirement in self.requirements:
            self._add(requirement)

    def _add(self, requirement: Requirement) -> None:
        self.waiting[requirement] = None
        self._of_cell[requirement.cell].append(requirement)

    @property
    def secondary(self) -> Mask:
        """The suppressed cells that could be published."""
        return self.suppressed & self.candidates

    def _price(self) -> Floats:
        """Return the prices of cells; a small one for suppressed cells keeps witnesses small."""
        small = np.maximum(0.02 * self.cost * self.candidates, _STEP * self._cheapest)
        return np.where(self.suppressed, small, self.cost)

    @property
    def _cheapest(self) -> float:
        costs = self.cost[self.candidates & (self.cost > 0)]
        return float(costs.min()) if len(costs) else 1.0

    def _moves(self, unknown: Mask, *, basic: bool) -> Moves | BasicMoves:
        """Return the moves of some cells: basic ones, or programs."""
        room: dict[str, Any] = {"down": self.down, "up": self.up, "price": self._price()}
        if basic and self.cross is not None:
            return BasicMoves(self.cross, unknown, suppressed=self.suppressed, **room)
        return Moves(self.matrix, self.matrix[self.independent], unknown, **room)

    def cover(self, report: Report) -> None:
        """Suppress cells until each requirement has a witness."""
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
            start = self._eliminate(every)
            for limit in (3, 12, np.inf):
                cheap = self.candidates & (start | (self.value <= limit * self.scale))
                step(self.suppressed | cheap)
        if self.waiting:
            self._finish(every)

    def _needs_basic_moves(self, every: Mask) -> bool:
        """Whether programs are too slow: for many cells, or many dimensions with totals."""
        if self.cross is None:
            return False
        long = sum(size > 2 for size in self.cross.shape)
        groups = tied_cells(self.matrix, every)[0].shape[1]
        return bool(groups > (_SMALL // 3 if long >= _DIMENSIONS else 2 * _SMALL))

    def _eliminate(self, every: Mask) -> Mask:
        """Return cells so that no sum of the other cells is a waiting cell."""
        groups, _ = tied_cells(self.matrix, every)
        coo, size = groups.tocoo(), groups.shape[1]
        closed = ~self.suppressed[coo.row]
        is_open = np.ones(size, dtype=np.bool_)
        is_open[coo.col[closed]] = False
        cost = np.bincount(coo.col[closed], self.cost[coo.row[closed]], minlength=size)
        cells = [requirement.cell for requirement in self.waiting]
        targets = np.unique(coo.col[np.isin(coo.row, cells)])
        eliminate(csr_array(self.matrix[self.independent] @ groups), targets, is_open, cost)
        chosen = np.zeros(len(self.cells), dtype=np.bool_)
        chosen[coo.row] = is_open[coo.col]
        return chosen

    def _fill(self, unknown: Mask, most: float = np.inf) -> None:
        """Find witnesses among some cells, at most at a cost for each requirement."""
        if not any(unknown[requirement.cell] for requirement in self.waiting):
            return
        moves = self._moves(unknown, basic=self.is_large)
        for requirement in list(self.waiting):
            if requirement not in self.waiting or moves.column[requirement.cell] < 0:
                continue
            move = self._cheapest_move(moves, requirement, most=4 * most)
            if move is None:
                continue
            met = self._met(move)
            new = np.flatnonzero((move != 0) & ~self.suppressed)
            if self.cost[new].sum() <= most * len(met):
                self._keep(move, met, moves)

    def _met(self, move: Integers) -> list[Requirement]:
        """Return the waiting requirements that a move meets."""
        cells = np.flatnonzero(move).tolist()
        near = (r for c in cells if c in self._of_cell for r in self._of_cell[c])
        return [r for r in near if r in self.waiting and r.is_met(move)]

    def _keep(
        self, move: Integers, met: list[Requirement], moves: Moves | BasicMoves | None = None
    ) -> None:
        """Keep a witness, and suppress the cells that it moves."""
        new = np.flatnonzero((move != 0) & ~self.suppressed)
        self.suppressed[new] = True
        if moves is not None and len(new):
            moves.set_price(new, self._price()[new])
        index = self.store(move)
        for requirement in met:
            self.waiting.pop(requirement, None)
            self._assign(requirement, index)

    def _cheapest_move(
        self,
        moves: Moves | BasicMoves,
        requirement: Requirement,
        *,
        thorough: bool = False,
        most: float = np.inf,
        start: Integers | None = None,
    ) -> Integers | None:
        """Return the cheapest move that meets a requirement, or ``None``."""
        steps: tuple[int, ...] = (requirement.move,)
        if requirement.move == 0:
            steps = (requirement.distance, -requirement.distance)
        results, proved = [], True
        for step in steps:
            move = moves.find(
                requirement.cell,
                step,
                fixed=requirement.known,
                thorough=thorough,
                most=most * abs(step),
                start=start if start is None or start[requirement.cell] * step > 0 else None,
            )
            proved = proved and moves.is_proved
            if move is not None and not (self.matrix @ move).any():
                results.append((float(moves.price @ np.abs(move)), move))
                if self.suppressed[move != 0].all():
                    break
        moves.is_proved = proved
        return min(results, key=lambda pair: pair[0])[1] if results else None

    def _finish(self, every: Mask) -> None:
        """Search thoroughly; reduce a requirement that no choice meets, and raise if unknown."""
        moves = self._moves(every, basic=False)
        while self.waiting:
            requirement = next(iter(self.waiting))
            move = self._cheapest_move(moves, requirement, thorough=True)
            is_proved = moves.is_proved
            if move is None and not is_proved and self.cross is not None:
                move = self._cheapest_move(self._moves(every, basic=True), requirement)
            if move is not None:
                self._keep(move, self._met(move), moves)
                continue
            if not is_proved:
                raise EngineFailed(
                    "The search found no safe set of cells within the time limit",
                    field="time_limit",
                    value=int(self.cells[requirement.cell]),
                    hint="Set a lower `protection_level`, or publish fewer rows",
                )
            del self.waiting[requirement]
            pair = self._divided(moves, requirement)
            if pair:
                for half, halfway in pair:
                    self._of_cell[half.cell].append(half)
                    self._keep(halfway, [half, *self._met(halfway)], moves)
                continue
            self.unmet.append(requirement)
            if abs(requirement.move) > 1:
                less = requirement.move - int(np.sign(requirement.move))
                self._add(Requirement(requirement.cell, less))

    def _divided(
        self, moves: Moves | BasicMoves, requirement: Requirement
    ) -> list[tuple[Requirement, Integers]] | None:
        """Return a move up and a move down that together have the distance of a requirement."""
        for upwards in range(requirement.distance - 1, 0, -1):
            halves = [
                Requirement(requirement.cell, step, known=requirement.known)
                for step in (upwards, upwards - requirement.distance)
            ]
            results = [self._cheapest_move(moves, half) for half in halves]
            if all(move is not None for move in results):
                return [(h, m) for h, m in zip(halves, results, strict=True) if m is not None]
        return None

    def cover_insiders(self, report: Report) -> None:
        """Suppress cells until no insider derives a primary cell exactly, where possible.

        A witness that does not move the cells of an insider protects all cells that it moves. No
        cell is published afterwards.
        """
        primary = np.unique([requirement.cell for requirement in self.requirements])
        valid = [where for where, _ in self._pool if self.suppressed[where].all()]
        sizes = [len(where) for where in valid]
        rows = np.repeat(np.arange(len(sizes)), sizes)
        where = np.concatenate([np.zeros(0, dtype=np.intp), *valid])
        moved = csr_array((np.ones(len(where)), (rows, where)), shape=(len(sizes), len(self.cells)))
        for known in self.insiders:
            free = moved[:, list(known)].sum(axis=1) == 0
            is_moved = np.asarray(moved.T @ free) > 0
            for cell in primary[~is_moved[primary]].tolist():
                if cell not in known:
                    self._add(Requirement(cell, known=known))
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
        self._columns = csc_array(self.matrix)
        self._needed = {requirement.cell for requirement in self.proof}
        published = 1
        while published:
            unknown = self.suppressed | self.candidates & self.is_large
            moves = self._moves(unknown, basic=self.is_large)
            cells, published = np.flatnonzero(self.secondary), 0
            for position, cell in enumerate(cells[np.argsort(-self.cost[cells], kind="stable")]):
                if monotonic() > deadline:
                    return
                report("searching for a cheaper choice", position / len(cells))
                published += self._publish(int(cell), moves, fails)
            published *= self.is_large

    def _publish(self, cell: int, moves: Moves | BasicMoves, fails: dict[Requirement, int]) -> bool:
        """Publish a cell if other witnesses meet all requirements that it serves."""
        if not self.is_large and self._is_pinned(cell):
            return False
        self.suppressed[cell] = False
        replaced: dict[Requirement, int] = {}
        missing = []
        for requirement in self._uses[cell]:
            index = self._standing(requirement)
            if index is None:
                missing.append(requirement)
            else:
                replaced[requirement] = index
        columns, results, new, gain = (
            moves.close([cell]),
            list[Integers](),
            list[int](),
            self.cost[cell],
        )
        for requirement in sorted(missing, key=lambda r: (-fails[r], -abs(r.move))):
            if any(requirement.is_met(move) for move in results):
                continue
            move = self._cheapest_move(moves, requirement, start=self._witness(requirement))
            added = np.zeros(0, dtype=np.intp)
            if move is not None:
                added = np.flatnonzero((move != 0) & ~self.suppressed)
            gain -= self.cost[added].sum()
            if move is None or (len(added) and gain <= 0):
                fails[requirement] += 1
                self.suppressed[new], self.suppressed[cell] = False, True
                moves.set_price(np.array(new, dtype=np.intp), self.cost[new])
                moves.open(columns)
                return False
            self.suppressed[added] = True
            moves.set_price(added, self._price()[added])
            new += added.tolist()
            results.append(move)
        indices = [self.store(move) for move in results]
        for requirement in missing:
            pairs = zip(indices, results, strict=True)
            replaced[requirement] = next(i for i, move in pairs if requirement.is_met(move))
        for requirement, index in replaced.items():
            self._assign(requirement, index)
        if self.is_large:
            moves.set_price(np.array([cell]), self.cost[[cell]])
        return True

    def _standing(self, requirement: Requirement) -> int | None:
        """Return the latest witness of a requirement that moves suppressed cells only."""
        indices = reversed(self._served[requirement])
        return next((i for i in indices if self.suppressed[self._pool[i][0]].all()), None)

    def assign_witnesses(self, requirements: list[Requirement]) -> list[Requirement]:
        """Give requirements witnesses that move suppressed cells only; return those without one.

        Without a witness for one of them, all keep their former witnesses.
        """
        moves = self._moves(self.suppressed, basic=False)
        proofs: dict[Requirement, int] = {}
        missing = []
        for requirement in requirements:
            index = self._standing(requirement)
            if index is None:
                move = self._cheapest_move(moves, requirement)
                index = None if move is None else self.store(move)
            if index is None:
                missing.append(requirement)
            else:
                proofs[requirement] = index
        if not missing:
            for requirement, index in proofs.items():
                self._assign(requirement, index)
        return missing

    def _witness(self, requirement: Requirement) -> Integers:
        """Return the move of a requirement."""
        move = np.zeros(len(self.cells), dtype=np.int64)
        where, moved = self._pool[self.proof[requirement]]
        move[where] = moved
        return move

    def _is_pinned(self, cell: int) -> bool:
        """Whether simple differences fix a cell that must move once this cell is published."""
        unknown, queue = self.suppressed.copy(), [cell]
        rows, columns = self.matrix, self._columns
        while queue:
            fixed = queue.pop()
            if not unknown[fixed]:
                continue
            unknown[fixed] = False
            if fixed in self._needed:
                return True
            for row in columns.indices[columns.indptr[fixed] : columns.indptr[fixed + 1]]:
                left = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
                left = left[unknown[left]]
                if len(left) == 1:
                    queue.append(int(left[0]))
        return False

    def store(self, move: Integers) -> int:
        """Keep a move, and return its number."""
        where = np.flatnonzero(move)
        self._pool.append((where, move[where]))
        index = len(self._pool) - 1
        for cell in where.tolist():
            for requirement in self._of_cell.get(cell, ()):
                if requirement.is_met(move):
                    self._served[requirement].append(index)
        return index

    def _assign(self, requirement: Requirement, index: int) -> None:
        old = self.proof.get(requirement)
        if old is not None:
            for cell in self._pool[old][0].tolist():
                self._uses[cell].discard(requirement)
        self.proof[requirement] = index
        for cell in self._pool[index][0].tolist():
            self._uses[cell].add(requirement)

    def verify(self) -> None:
        """Check each witness in integers: its relations, its cells and its requirement."""
        for requirement, index in self.proof.items():
            where, move = self._pool[index][0], self._witness(requirement)
            is_valid = (
                self.suppressed[where].all()
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


_FEW = 150
"""The number of candidates up to which the cheapest choice is searched."""

_FARTHEST = 2**20
"""The largest move that an integer program considers."""

_TOLERANCE = 1e-6  # of floating-point numbers; costs are integers

Conditions = tuple[Any, Floats]
"""Rows of weights of the candidates, and the least sum of each row over the suppressed ones."""


def solve_block(block: Block, seconds: float, report: Report = lambda _step, _done: None) -> Block:
    """Return a block with a safe choice of cells; an interruption ends the search early."""
    end = monotonic() + seconds
    block.cover(report)
    conditions = _conditions(block)
    block.bound = _relaxed_bound(block, *conditions)
    try:
        block.clean(end, report)
        if block.candidates.sum() <= _FEW and (block.cost == block.amount).all():
            _search(block, conditions, end, report)
    except KeyboardInterrupt:
        block.is_interrupted = True
    if block.insiders:
        block.cover_insiders(report)
    block.verify()
    return block


def _conditions(block: Block) -> Conditions:
    """Return two conditions of each cheapest choice.

    If a primary cell must move by some persons, other suppressed cells of each of its relations
    move by as many in total. A secondary cell moves in a witness, so that another cell of each of
    its relations is suppressed.
    """
    matrix, columns = csr_array(block.matrix), csc_array(block.matrix)
    unknown, candidates = block.suppressed & ~block.candidates, block.candidates
    terms: list[Integers] = []
    weights: list[Any] = []
    needs: list[int] = []

    def relation(row: int) -> tuple[Integers, Integers]:
        own = slice(matrix.indptr[row], matrix.indptr[row + 1])
        cells, signs = matrix.indices[own], matrix.data[own]
        is_free = unknown[cells] | candidates[cells]
        return cells[is_free], signs[is_free]

    for requirement in {*block.requirements} - {*block.unmet}:
        cell, move = requirement.cell, requirement.move
        for row in columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]]:
            cells, signs = relation(row)
            is_up = signs * signs[cells == cell] * move < 0
            room = np.where(is_up, block.up[cells], block.down[cells])
            need = abs(move)
            if move == 0:  # two witnesses can divide the distance
                room = np.maximum(block.up[cells], block.down[cells])
                need = -(-requirement.distance // 2)
            need -= int(room[unknown[cells] & (cells != cell)].sum())
            if need > 0:
                is_candidate = candidates[cells]
                needs.append(need)
                terms.append(cells[is_candidate])
                weights.append(np.minimum(room[is_candidate], need))
    for row in range(matrix.shape[0] if needs else 0):
        cells, _ = relation(row)
        for position in range(0 if unknown[cells].any() else len(cells)):
            needs.append(0)
            terms.append(cells)
            weights.append(np.where(np.arange(len(cells)) == position, -1, 1))
    ends = np.cumsum([0, *map(len, terms)])
    where = np.concatenate([np.zeros(0, np.int64), *terms])
    data = np.concatenate([np.zeros(0), *weights])
    rules = csr_array((data, where, ends), shape=(len(needs), len(block.cost)))
    return rules, np.array(needs, np.float64)


def _relaxed_bound(block: Block, rules: Any, needs: Floats) -> float:
    """Return a lower bound of the cost: a dual value, which is valid for any dual solution."""
    if not len(needs):
        return 0.0
    answer = linprog(block.amount, A_ub=-rules, b_ub=-needs, bounds=(0, 1))
    if answer.status != 0:
        return 0.0
    dual = np.maximum(-answer.ineqlin.marginals, 0.0)
    return float(dual @ needs - np.maximum(dual @ rules - block.amount, 0.0).sum())


def _search(block: Block, conditions: Conditions, end: float, report: Report) -> None:
    """Search for the cheapest choice of a small block, and raise the bound of its cost.

    An integer program finds the cheapest cells that meet the conditions so far. A requirement that
    they do not meet gives a further condition, until all are met or the choice so far is as cheap.
    """
    rules, needs = conditions
    requirements = [requirement for requirement in block.proof if not requirement.known]
    best = block.suppressed.copy()
    cost = float(block.amount[best & block.candidates].sum())
    first = block.bound
    while (left := end - monotonic()) > 0 and len(needs):
        answer = milp(
            block.amount,
            constraints=LinearConstraint(rules, needs - _TOLERANCE * np.maximum(needs, 1), np.inf),
            integrality=block.candidates.astype(np.int8),
            bounds=Bounds(0, block.candidates.astype(np.float64)),
            options={"time_limit": left},
        )
        if answer.mip_dual_bound is not None:
            block.bound = max(block.bound, float(answer.mip_dual_bound))
        if answer.x is None or answer.status != 0:
            return
        if block.bound > cost - 1 + _TOLERANCE:  # the choice so far is a cheapest one
            block.bound = cost
            return
        report("searching for the cheapest choice", (block.bound - first) / max(cost - first, 1.0))
        block.suppressed = best & ~block.candidates | (answer.x > 0.5)
        open_requirements = block.assign_witnesses(requirements)
        if not open_requirements:
            block.bound = float(answer.fun)
            return
        cuts, is_stuck = [], True
        for own in open_requirements:
            cut = _cut(block, own) or _integer_cut(block, own, end - monotonic())
            if isinstance(cut, tuple):
                cuts.append(cut)
            is_stuck = is_stuck and cut is None
        block.suppressed = best.copy()
        if is_stuck:
            return
        if not cuts:
            continue
        rules = vstack([rules, csr_array(np.stack([weights for weights, _ in cuts]))])
        needs = np.concatenate([needs, [need for _, need in cuts]])


def _cut(block: Block, requirement: Requirement) -> tuple[Floats, float] | None:
    """Return the condition that a choice violates if a cell cannot move far enough in it.

    ``move_k = sum of r_c move_c`` for weights ``r = e_k - matrix' dual``, and ``move_c`` is at most
    the room of a suppressed cell and 0 for a published one. So the room that the suppressed cells
    have with these weights is at least the required move, in each choice.
    """
    need = float(abs(requirement.move) or requirement.distance)
    weights = np.zeros(len(block.cells))
    relations = block.matrix[block.independent]
    for sign in (np.sign(requirement.move),) if requirement.move else (1, -1):
        unit = np.zeros(len(block.cells))
        unit[requirement.cell] = sign
        room = np.stack([-block.down, block.up], axis=1) * block.suppressed[:, None]
        answer = linprog(-unit, A_eq=relations, b_eq=np.zeros(relations.shape[0]), bounds=room)
        if answer.status != 0:
            return None
        ratio = unit + relations.T @ answer.eqlin.marginals
        ratio[np.abs(ratio) < _TOLERANCE] = 0
        weights += np.maximum(ratio, 0) * block.up + np.maximum(-ratio, 0) * block.down
    need -= weights[block.suppressed & ~block.candidates].sum()
    weights = np.where(block.candidates, np.minimum(weights, max(need, 0.0)), 0.0)
    is_violated = weights[block.suppressed].sum() < need - _TOLERANCE * max(need, 1)
    return (weights, need) if is_violated else None


def _integer_cut(
    block: Block, requirement: Requirement, seconds: float
) -> tuple[Floats, float] | int | None:
    """Return the condition of a choice in which fractions move a cell far enough, not integers.

    Cells that are published in the choice must be suppressed: one of them at least. If integers
    move the cell far enough, they are a witness, whose number is returned; nothing if the search
    does not end.
    """
    if not requirement.move or seconds <= 0:
        return None
    relations = block.matrix[block.independent]
    unit = np.zeros((1, len(block.cells)))
    unit[0, requirement.cell] = np.sign(requirement.move)
    room = np.minimum([block.down, block.up], _FARTHEST) * block.suppressed
    answer = milp(
        np.zeros(len(block.cells)),
        constraints=[
            LinearConstraint(relations, 0, 0),
            LinearConstraint(unit, abs(requirement.move), np.inf),
        ],
        integrality=np.ones(len(block.cells)),
        bounds=Bounds(-room[0], room[1]),
        options={"time_limit": seconds},
    )
    if answer.status == 2:
        return (block.candidates & ~block.suppressed).astype(np.float64), 1.0
    if answer.x is None:
        return None
    move = np.rint(answer.x).astype(np.int64)
    is_whole = requirement.is_met(move) and not (block.matrix @ move).any()
    return block.store(move) if is_whole else None
