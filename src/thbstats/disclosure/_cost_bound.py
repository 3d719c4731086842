"""Lower bound of the cost of a suppression."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array

from thbstats.disclosure._suppression_block import Block


def cost_bound(block: Block, cost: NDArray[np.float64]) -> float:
    """Return a lower bound of the cost of every safe choice of cells in a block.

    Two conditions hold for the cheapest choice: if a primary cell must move by some persons, other
    suppressed cells of each of its relations move by as many in total; and a secondary cell moves
    in a witness, so that another cell of each of its relations is suppressed. The bound is the
    dual value of their linear relaxation, which is valid for any dual solution.
    """
    matrix, columns = csr_array(block.matrix), csc_array(block.matrix)
    unknown, candidates = block.suppressed & ~block.candidates, block.candidates
    terms: list[NDArray[Any]] = []
    weights: list[NDArray[Any]] = []
    needs: list[int] = []

    def relation(row: int) -> tuple[NDArray[Any], NDArray[Any]]:
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
    if not needs:
        return 0.0
    for row in range(matrix.shape[0]):
        cells, _ = relation(row)
        for position in range(0 if unknown[cells].any() else len(cells)):
            needs.append(0)
            terms.append(cells)
            weights.append(np.where(np.arange(len(cells)) == position, -1, 1))
    ends = np.cumsum([0, *map(len, terms)])
    data = (np.concatenate(weights).astype(np.float64), np.concatenate(terms), ends)
    rules = csr_array(data, shape=(len(needs), len(cost)))
    answer = linprog(cost, A_ub=-rules, b_ub=-np.array(needs, np.float64), bounds=(0, 1))
    if answer.status != 0:
        return 0.0
    dual = np.maximum(-answer.ineqlin.marginals, 0.0)
    return float(dual @ needs - np.maximum(dual @ rules - cost, 0.0).sum())
