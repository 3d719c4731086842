"""Search for the choices of blocks: a safe choice, cheaper choices, and the cheapest choice.

The cheapest choice of a small block is a 0-1 program over the candidates. Its conditions are the
capacity constraints and the bridgeless inequalities of Fischetti and Salazar (2000), and cuts that
separate choices in which a cell cannot move far enough.
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import monotonic
from typing import Any

import numpy as np
from attrs import evolve, frozen
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array, csr_array, vstack

from thbstats.columns import Floats, Integers, Mask
from thbstats.disclosure._choice_search import ChoiceSearch, Report, SuppressionChoice
from thbstats.disclosure._linear_program import ProgramStatus
from thbstats.disclosure._suppression_block import Block, Proof, Requirement, Witness

_FEW = 150
"""The number of candidates up to which the cheapest choice is searched."""

_FARTHEST = 2**20
"""The largest move that an integer program considers."""

_TOLERANCE = 1e-6  # of floating-point numbers; costs are integers


@frozen(eq=False, kw_only=True)
class BlockResult:
    """Suppressed cells of a block, and the requirements that no choice meets.

    The cost of each safe choice is at least `bound`.
    """

    suppressed: Mask
    unmet: list[Requirement]
    bound: float
    is_interrupted: bool


def solve_blocks(
    blocks: list[Block], limit: float, workers: int, progress: Report
) -> list[BlockResult]:
    """Return a safe choice of cells for each block.

    Each block has a part of the time limit. After an interruption, the other blocks get a first
    safe choice only.
    """
    total = sum(len(block.cells) for block in blocks)
    seconds = [limit * workers * len(block.cells) / total for block in blocks]
    solved, is_interrupted = list[BlockResult](), False
    if workers > 1 and len(blocks) > 1:
        context = get_context("spawn")  # a fork is unsafe while other threads run
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            try:
                for result in pool.map(solve_block, blocks, seconds):
                    solved.append(result)
                    progress("protecting blocks", len(solved) / len(blocks))
            except KeyboardInterrupt:
                is_interrupted = True
                pool.shutdown(wait=False, cancel_futures=True)
    done = sum(len(block.cells) for block in blocks[: len(solved)])
    for block, own_limit in list(zip(blocks, seconds, strict=True))[len(solved) :]:
        start, part = done / total, len(block.cells) / total

        def report(step: str, share: float, start: float = start, part: float = part) -> None:
            progress(step, start + part * share)

        solved.append(solve_block(block, 0.0 if is_interrupted else own_limit, report))
        is_interrupted |= solved[-1].is_interrupted
        done += len(block.cells)
    return [evolve(result, is_interrupted=is_interrupted) for result in solved]


def solve_block(
    block: Block, seconds: float, report: Report = lambda _step, _done: None
) -> BlockResult:
    """Return a safe choice of the cells of a block.

    An interruption ends the search early. It is raised as long as no safe choice is known, also
    before the protection from insiders is complete.
    """
    end, search, is_interrupted = monotonic() + seconds, ChoiceSearch(block), False
    try:
        search.cover(report)
        conditions = Conditions.of(block, search.unmet)
        search.bound = conditions.relaxed_bound(block.amount)
        search.clean(end, report)
        if block.candidates.sum() <= _FEW and (block.cost == block.amount).all():
            _search(search, conditions, end, report)
    except KeyboardInterrupt:
        if not search.is_safe:
            raise
        is_interrupted = True
    if block.insiders:
        search.cover_insiders(report)
    search.verify()
    return BlockResult(
        suppressed=search.suppressed,
        unmet=search.unmet,
        bound=search.bound,
        is_interrupted=is_interrupted,
    )


@frozen(eq=False)
class Conditions:
    """Linear conditions of each cheapest safe choice: ``weights x >= needs``.

    `weights` has a row for each condition and a column for each cell; x is 1 for the candidates
    that are suppressed, and 0 for other cells.
    """

    weights: Any
    needs: Floats

    @classmethod
    def of(cls, block: Block, unmet: list[Requirement]) -> "Conditions":
        """Return the conditions that follow from each relation alone.

        A capacity constraint: if a primary cell must move by some persons, other suppressed cells
        of each of its relations can move by as many in total. A bridgeless inequality: a secondary
        cell moves in a witness, so that another cell of each of its relations is suppressed.

        In ``total = a + b + c``, the primary cell a must move by 3, the candidate b can move by 2,
        and the candidates c and total by any amount: ``2 x_b + 3 x_c + 3 x_total >= 3``. The
        relation ``d = b + e`` of candidates gives ``x_d + x_e - x_b >= 0``, and the same for d
        and e.
        """
        matrix, columns = csr_array(block.matrix), csc_array(block.matrix)
        unknown, candidates = block.unknown, block.candidates
        terms: list[Integers] = []
        weights: list[Any] = []
        needs: list[int] = []

        def relation(row: int) -> tuple[Integers, Integers]:
            """Return the cells of a relation that can be unknown, and their signs."""
            own = slice(matrix.indptr[row], matrix.indptr[row + 1])
            cells, signs = matrix.indices[own], matrix.data[own]
            is_free = unknown[cells] | candidates[cells]
            return cells[is_free], signs[is_free]

        # Capacity constraints: the room of the other cells in the direction that balances the move.
        possible = set(block.requirements) - set(unmet)
        for requirement in (own for own in block.requirements if own in possible):
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
        # Bridgeless inequalities, for relations in which no cell is suppressed in any case.
        for row in range(matrix.shape[0] if needs else 0):
            cells, _ = relation(row)
            for position in range(0 if unknown[cells].any() else len(cells)):
                needs.append(0)
                terms.append(cells)
                weights.append(np.where(np.arange(len(cells)) == position, -1, 1))
        ends = np.cumsum([0, *map(len, terms)])
        where = np.concatenate([np.zeros(0, np.int64), *terms])
        data = np.concatenate([np.zeros(0), *weights])
        shape = (len(needs), len(block.cost))
        return cls(csr_array((data, where, ends), shape=shape), np.array(needs, np.float64))

    def are_met(self, suppressed: Mask) -> bool:
        """Whether a choice meets all conditions, within the error of floating point."""
        needs = self.needs - _TOLERANCE * np.maximum(self.needs, 1)
        return bool((self.weights @ suppressed >= needs).all())

    def with_cuts(self, cuts: list["Conditions"]) -> "Conditions":
        """Return the conditions with further conditions."""
        every = [self, *cuts]
        weights = vstack([csr_array(own.weights) for own in every])
        return Conditions(weights, np.concatenate([own.needs for own in every]))

    def relaxed_bound(self, amount: Floats) -> float:
        """Return a lower bound of the cost: a dual value, which is valid for any dual solution."""
        if not len(self.needs):
            return 0.0
        answer = linprog(amount, A_ub=-self.weights, b_ub=-self.needs, bounds=(0, 1))
        if answer.status != ProgramStatus.OPTIMAL:
            return 0.0
        dual = np.maximum(-answer.ineqlin.marginals, 0.0)
        return float(dual @ self.needs - np.maximum(dual @ self.weights - amount, 0.0).sum())


def _search(search: ChoiceSearch, conditions: Conditions, end: float, report: Report) -> None:
    """Search for the cheapest choice of a small block, and raise the bound of its cost.

    The master program finds the cheapest cells that meet the conditions so far. A requirement that
    they do not meet gives a cut, until all are met or the safe choice so far is as cheap.
    """
    block = search.block
    requirements = [own for own in search.choice.proof if not own.known]
    cost = float(block.amount[search.secondary].sum())
    first = search.bound
    gap = min(1e-4, 0.5 / max(cost, 1.0))  # costs are integers
    while (left := end - monotonic()) > 0 and len(conditions.needs):
        # 1. The master program.
        needs = conditions.needs
        answer = milp(
            block.amount,
            constraints=LinearConstraint(
                conditions.weights, needs - _TOLERANCE * np.maximum(needs, 1), np.inf
            ),
            integrality=block.candidates.astype(np.int8),
            bounds=Bounds(0, block.candidates.astype(np.float64)),
            options={"time_limit": left, "mip_rel_gap": gap},
        )
        # The bound of a failed program proves nothing, and no bound is above a known cost.
        is_optimal, bound = answer.status == ProgramStatus.OPTIMAL, answer.mip_dual_bound
        if (is_optimal or answer.status == ProgramStatus.LIMIT) and bound is not None:
            search.bound = min(max(search.bound, float(bound)), cost)
        if not is_optimal:
            return
        if search.bound > cost - 1 + _TOLERANCE:  # the choice so far is a cheapest one
            search.bound = cost
            return
        report("searching for the cheapest choice", (search.bound - first) / max(cost - first, 1.0))
        # 2. The subproblems: can each cell move as far as it must?
        trial = block.unknown | (answer.x > 0.5)
        proof, missing = _witnesses_in(search, trial, requirements)
        if not missing:
            search.choose(SuppressionChoice(trial, search.choice.proof | proof), proof)
            search.bound = float(block.amount[search.secondary].sum())
            return
        # 3. Separation: conditions that the choice violates, or witnesses that were not found.
        cuts, witnesses = _separated(search, trial, missing, end)
        if not cuts and not witnesses:
            return
        conditions = conditions.with_cuts(cuts)


def _separated(
    search: ChoiceSearch, suppressed: Mask, missing: list[Requirement], end: float
) -> tuple[list[Conditions], list[Witness]]:
    """Return the conditions that a choice violates, and witnesses that were not found before.

    A condition holds for each safe choice, so also for the safe choice of the block so far. One
    that this choice violates is wrong, by rounding of its weights, and is omitted: it could raise
    the bound of the cost above the cheapest safe choice.
    """
    cuts, witnesses = list[Conditions](), list[Witness]()
    for requirement in missing:
        cut, witness = _cut(search.block, suppressed, requirement), None
        if cut is None:
            cut, witness = _integer_cut(search, suppressed, requirement, end - monotonic())
        if cut is not None and cut.are_met(search.secondary):
            cuts.append(cut)
        if witness is not None:
            witnesses.append(witness)
    return cuts, witnesses


def _witnesses_in(
    search: ChoiceSearch, suppressed: Mask, requirements: list[Requirement]
) -> tuple[Proof, list[Requirement]]:
    """Return witnesses that move suppressed cells only, and the requirements without one."""
    moves = search.moves(suppressed, suppressed)
    proof: Proof = {}
    missing = []
    for requirement in requirements:
        witness = search.witnesses.valid(requirement, suppressed)
        if witness is None:
            move = moves.find(requirement).move
            witness = None if move is None else search.witnesses.store(move)
        if witness is None:
            missing.append(requirement)
        else:
            proof[requirement] = witness
    return proof, missing


def _cut(block: Block, suppressed: Mask, requirement: Requirement) -> Conditions | None:
    """Return the condition that a choice violates if a cell cannot move far enough in it.

    Each move keeps all relations, ``matrix move = 0``. So ``move_k = sum of r_c move_c`` for the
    weights ``r = e_k + matrix' y`` and any numbers y, one per relation. A suppressed cell moves by
    its room at most, and a published one by 0. If x is 1 for suppressed cells, a move up by a need
    implies ``sum of (max(r_c, 0) up_c + max(-r_c, 0) down_c) x_c >= need``.

    This holds in each safe choice and for any y. The linear program of the largest move of k in
    this choice only selects y: with its dual solution, the left side is this move in this choice,
    below the need. A move down replaces ``e_k`` by ``-e_k``. For a distance in either direction,
    the largest moves up and down add up to the distance at least, and so do the left sides.

    The room of cells that are suppressed in any case reduces the need. Each weight is limited to
    the need: a cell of a larger weight meets the condition alone. Weights near 0 count as 0, which
    can make a condition too strong; `_separated` checks it.

    In ``total = a + b + c``, a must move up by 3; total can move up by 9, b can move down by 2, and
    c by 5. With y = 1 for ``total - a - b - c = 0``, ``move_a = move_total - move_b - move_c`` and
    ``9 x_total + 2 x_b + 5 x_c >= 3``, which becomes ``3 x_total + 2 x_b + 3 x_c >= 3``. The choice
    of b alone violates it; the safe choices of total or of c meet it.
    """
    need = float(abs(requirement.move) or requirement.distance)
    weights = np.zeros(len(block.cells))
    relations = block.relations
    for sign in (np.sign(requirement.move),) if requirement.move else (1, -1):
        unit = np.zeros(len(block.cells))
        unit[requirement.cell] = sign
        room = np.stack([-block.down, block.up], axis=1) * suppressed[:, None]
        answer = linprog(-unit, A_eq=relations, b_eq=np.zeros(relations.shape[0]), bounds=room)
        if answer.status != ProgramStatus.OPTIMAL:
            return None
        ratio = unit + relations.T @ answer.eqlin.marginals
        ratio[np.abs(ratio) < _TOLERANCE] = 0
        weights += np.maximum(ratio, 0) * block.up + np.maximum(-ratio, 0) * block.down
    need -= weights[block.unknown].sum()
    weights = np.where(block.candidates, np.minimum(weights, max(need, 0.0)), 0.0)
    cut = Conditions(weights[None], np.array([need]))
    return None if cut.are_met(suppressed) else cut


def _integer_cut(
    search: ChoiceSearch, suppressed: Mask, requirement: Requirement, seconds: float
) -> tuple[Conditions | None, Witness | None]:
    """Return the condition that a choice violates if only fractions move a cell far enough.

    Cells that are published in the choice must be suppressed: one of them at least. If integers
    move the cell far enough, they are a witness instead.
    """
    if not requirement.move or seconds <= 0:
        return None, None
    block = search.block
    unit = np.zeros((1, len(block.cells)))
    unit[0, requirement.cell] = np.sign(requirement.move)
    room = np.minimum([block.down, block.up], _FARTHEST) * suppressed
    answer = milp(
        np.zeros(len(block.cells)),
        constraints=[
            LinearConstraint(block.relations, 0, 0),
            LinearConstraint(unit, abs(requirement.move), np.inf),
        ],
        integrality=np.ones(len(block.cells)),
        bounds=Bounds(-room[0], room[1]),
        options={"time_limit": seconds},
    )
    if answer.status == ProgramStatus.INFEASIBLE:
        weights = (block.candidates & ~suppressed).astype(np.float64)
        return Conditions(weights[None], np.ones(1)), None
    if answer.x is None:
        return None, None
    move = np.rint(answer.x).astype(np.int64)
    is_whole = requirement.is_met(move) and block.is_balanced(move)
    return None, search.witnesses.store(move) if is_whole else None
