"""Sums of cells as columns."""

import numpy as np
import pytest
from attrs import evolve

from thbstats.bounds._program import Optimum, Program
from thbstats.bounds.many_sums import Sums, cell_bounds, feasible_table
from thbstats.errors import EngineFailed, ImpossibleResult


def _square(high: float) -> tuple[Sums, np.ndarray, np.ndarray]:
    """Return four cells with sums of rows and columns of 3."""
    cells = [(0, [1, 2]), (3, [4, 5]), (6, [1, 4]), (7, [2, 5])]
    sums = Sums.of_groups((whole, parts, "sex", 0.0, 0.0) for whole, parts in cells)
    lower = np.array([3.0, 0, 0, 3, 0, 0, 3, 3])
    upper = np.array([3.0, high, 9, 3, 9, 9, 3, 3])
    return sums, lower, upper


def test_feasible_table_has_all_sums() -> None:
    sums, lower, upper = _square(9)
    table = feasible_table(sums, lower, upper)
    assert (lower <= table).all()
    assert (table <= upper).all()
    assert not (sums.matrix(8) @ table).any()


def test_counts_without_a_feasible_table_are_rejected() -> None:
    sums, lower, upper = _square(9)
    with pytest.raises(ImpossibleResult, match="must agree with each other"):
        feasible_table(sums, lower, np.where(np.arange(8) == 1, -1.0, upper))


def test_attained_value_of_a_search_that_did_not_end_is_not_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each pair of three cells adds up to 2, so that all cells are 1."""
    pairs = [(3, [0, 1]), (4, [1, 2]), (5, [0, 2])]
    sums = Sums.of_groups((whole, parts, "sex", 0.0, 0.0) for whole, parts in pairs)
    lower, upper = np.array([0.0, 0, 0, 2, 2, 2]), np.array([9.0, 9, 9, 2, 2, 2])
    targets = np.arange(6) < 3
    bounds = cell_bounds(sums, lower, upper, targets)
    assert bounds.lower[:3].tolist() == bounds.upper[:3].tolist() == [1, 1, 1]
    maximise = Program.maximise

    def unfinished(*arguments: object) -> Optimum:
        return evolve(maximise(*arguments), is_open=True)  # type: ignore[arg-type]

    monkeypatch.setattr(Program, "maximise", unfinished)
    with pytest.raises(EngineFailed, match="reached its limit"):
        cell_bounds(sums, lower, upper, targets)
