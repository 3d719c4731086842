"""Solution of a block: a safe choice of cells, a lower bound of its cost, and cheapest choices."""

from time import monotonic
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array, csr_array, vstack

from thbstats.disclosure._moves import Floats, Ints
from thbstats.disclosure._suppression_block import Block, Report, Requirement

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
    terms: list[Ints] = []
    weights: list[Any] = []
    needs: list[int] = []

    def relation(row: int) -> tuple[Ints, Ints]:
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
