"""Ends of the search for suppressed cells: interruptions, time limits and failures of solvers."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import product
from types import SimpleNamespace
from typing import Any, Self

import numpy as np
import pytest
import scipy.optimize
from scipy.sparse import csc_array

from tests.disclosure.attack import Attack, Trial, use_basic_moves, world
from tests.disclosure.tables import FORMS, SEXES, example, table_of, two_years, with_margins
from thbstats.disclosure import (
    SuppressedTable,
    _block_search,
    _choice_search,
    _linear_program,
    round_controlled,
    suppress,
)
from thbstats.disclosure._basic_moves import BasicMoves
from thbstats.disclosure._block_search import Conditions
from thbstats.disclosure._choice_search import ChoiceSearch
from thbstats.disclosure._linear_program import LinearProgram, ProgramStatus
from thbstats.disclosure._moves import MoveResult
from thbstats.disclosure._suppression_block import Block, Requirement, Witnesses
from thbstats.errors import EngineFailed, ImpossibleResult, InvalidValue

NAMES = ("sex", "age", "citizenship")
WORLD = world(np.random.default_rng(1), *NAMES, size=4)
TABLE = WORLD.table(NAMES)


def _check(safe: SuppressedTable, fewest: int, most: int) -> None:
    """Attack a result, and compare its counts and its cost with the true table."""
    attacks = [Attack([WORLD]), Attack([WORLD])]
    attacks[0].add(0, safe.table)
    trial = Trial(0, "ended")
    trial.check(attacks, 0, safe, level=None, unmet=())
    assert trial.violations == []
    assert trial.n_primary > 3
    assert safe.is_safe
    published = np.setdiff1d(np.arange(len(TABLE)), safe.suppressed)
    assert (safe.table.lower == TABLE.lower)[published].all()
    assert (safe.table.upper == TABLE.upper)[published].all()
    assert safe.cost == TABLE.lower[safe.secondary].sum()
    assert fewest <= safe.cost <= most
    assert safe.cost_bound <= fewest


class _Interruption:
    """Count the steps of a search, and interrupt it at one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.step, self.at, self.safe_from = 0, -1, 0
        owners = [
            (LinearProgram, "solve"), (BasicMoves, "_cheapest"),
            (Witnesses, "store"), (ChoiceSearch, "choose"),
            (_block_search, "milp"), (_block_search, "linprog"),
            (_block_search, "monotonic"), (_choice_search, "monotonic"),
        ]  # fmt: skip
        for owner, name in owners:
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name)))
        monkeypatch.setattr(ChoiceSearch, "cover", self._noted(ChoiceSearch.cover))

    def _counted(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.progress()
            result = original(*arguments, **named)
            self.progress()
            return result

        return counted

    def _noted(self, original: Callable[..., None]) -> Callable[..., None]:
        def noted(*arguments: Any) -> None:
            original(*arguments)
            self.safe_from = self.safe_from or self.step

        return noted

    def progress(self, *_: object) -> None:
        self.step += 1
        if self.step == self.at:
            raise KeyboardInterrupt

    def run(self, at: int, **rules: Any) -> SuppressedTable:
        self.step, self.at = 0, at
        return suppress(TABLE, fewer_than=5, progress=self.progress, **rules)


@pytest.mark.parametrize("is_basic", [False, True])
def test_interruption_at_any_step_returns_a_safe_choice(
    is_basic: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first safe choice, it is raised; later it returns the best safe choice so far."""
    if is_basic:
        monkeypatch.setattr(ChoiceSearch, "_needs_basic_moves", use_basic_moves)
    rules: dict[str, Any] = {"protect_contributors": False, "time_limit": 1e6}
    first = suppress(TABLE, fewer_than=5, protect_contributors=False, time_limit=0)
    interruption = _Interruption(monkeypatch)
    best = interruption.run(-1, **rules)
    last, safe_from = interruption.step, interruption.safe_from
    for at in (1, safe_from // 2, safe_from):
        with pytest.raises(KeyboardInterrupt):
            interruption.run(at, **rules)
    choices = {}
    for at in (*range(safe_from + 1, last, max((last - safe_from) // 20, 1)), last):
        safe = interruption.run(at, **rules)
        choices[tuple(safe.suppressed.tolist())] = safe
    assert len(choices) > 1
    for safe in choices.values():
        _check(safe, best.cost, first.cost)


def test_interruption_of_the_second_search_keeps_the_choice_with_two_marks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The price of the second mark is not known then."""
    rules: dict[str, Any] = {"protect_contributors": False, "time_limit": 1e6, "marks": 2}
    interruption = _Interruption(monkeypatch)
    best = interruption.run(-1, **rules)
    assert best.extra_cost is not None
    last, prices = interruption.step, set()
    for at in range(interruption.safe_from + 1, last + 1, max(last // 10, 1)):
        safe = interruption.run(at, **rules)
        prices.add(safe.extra_cost)
        assert safe.unmet == best.unmet
        assert safe.cost >= best.cost
        assert "second mark" not in str(safe.confidential)
    assert prices == {None}


def test_interruption_of_the_protection_from_insiders_is_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interruption = _Interruption(monkeypatch)

    def insiders(self: ChoiceSearch, _report: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ChoiceSearch, "cover_insiders", insiders)
    with pytest.raises(KeyboardInterrupt):
        interruption.run(-1)


def test_interruption_ends_the_search_in_all_later_blocks() -> None:
    """The first year has a choice; the second one gets a first safe choice."""

    def progress(step: str, _done: float) -> None:
        steps.append(step)
        if step == "searching for a cheaper choice":
            raise KeyboardInterrupt

    steps: list[str] = []
    safe = suppress(two_years(), fewer_than=5, progress=progress)
    assert steps.count("searching for a cheaper choice") == 1
    assert steps[-1] == "finding a safe choice"
    assert safe.is_safe
    assert set(safe.suppressed.tolist()) >= set(safe.primary.rows.tolist())


class _Pool:
    """Processes that work in turn, on copies of their blocks."""

    def __init__(self, *_: object, **__: object) -> None:
        self.is_shut_down = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.is_shut_down

    def map(
        self, solve: Callable[..., Block], blocks: list[Block], seconds: list[float]
    ) -> Iterator[Block]:
        return map(solve, deepcopy(blocks), seconds)

    def shutdown(self, **_: bool) -> None:
        self.is_shut_down = True


def test_interruption_of_processes_returns_the_choices_so_far(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def progress(step: str, _done: float) -> None:
        steps.append(step)
        if step == "protecting blocks":
            raise KeyboardInterrupt

    steps: list[str] = []
    monkeypatch.setattr(_block_search, "ProcessPoolExecutor", _Pool)
    safe = suppress(two_years(), fewer_than=5, workers=2, progress=progress)
    assert safe.is_safe
    assert safe.suppressed.tolist() == suppress(two_years(), fewer_than=5).suppressed.tolist()
    assert steps.count("protecting blocks") == 1
    assert "finding a safe choice" in steps  # of the second block, in this process


def test_time_limit_at_any_step_returns_a_safe_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    readings, end = [0], [0]

    def clock() -> float:
        readings[0] += 1
        return 0.0 if readings[0] <= end[0] else 1e9

    for module in (_block_search, _choice_search):
        monkeypatch.setattr(module, "monotonic", clock)

    def run(limit: int) -> SuppressedTable:
        readings[0], end[0] = 0, limit
        return suppress(TABLE, fewer_than=5, protect_contributors=False)

    first, best = run(1), run(10**6)
    last = readings[0]
    assert first.cost > best.cost
    for limit in range(1, last + 1, max(last // 15, 1)):
        _check(run(limit), best.cost, first.cost)


def test_choice_does_not_depend_on_the_hashes_of_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of records differ from process to process, and with them the order of a set."""
    chosen = set()
    for salt in range(4):
        monkeypatch.setattr(Requirement, "__hash__", lambda own, salt=salt: hash((salt, own.cell)))
        safe = suppress(TABLE, fewer_than=5, marks=2, time_limit=1e6, protect_contributors=False)
        chosen.add(tuple(safe.suppressed.tolist()))
    assert len(chosen) == 1


STATUSES = {
    "kInfeasible": 2, "kIterationLimit": 1, "kTimeLimit": 1, "kUnbounded": 3,
    "kUnboundedOrInfeasible": 4, "kSolveError": 4, "kUnknown": 4, "kObjectiveBound": 4,
}  # fmt: skip


def _failing(monkeypatch: pytest.MonkeyPatch, status: str, *, warm: bool) -> None:
    """Let all linear programs of moves end with a status."""
    if not warm:
        answer = SimpleNamespace(status=STATUSES[status], x=None)
        monkeypatch.setattr(scipy.optimize, "linprog", lambda *_, **__: answer)
        original = LinearProgram.__init__
        cold = lambda self, **named: original(self, **named, warm=False)  # noqa: E731
        monkeypatch.setattr(LinearProgram, "__init__", cold)
        return
    build = LinearProgram.__attrs_post_init__

    class Failing:
        """Solver of a program that reports one status."""

        def __init__(self, solver: Any) -> None:
            self.solver = solver

        def getModelStatus(self) -> Any:  # noqa: N802
            return getattr(_linear_program._core.HighsModelStatus, status)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.solver, name)

    def built(self: LinearProgram) -> None:
        build(self)
        self._solver = Failing(self._solver)

    monkeypatch.setattr(LinearProgram, "__attrs_post_init__", built)


@pytest.fixture(params=[True, False], ids=["bindings", "linprog"])
def warm(request: pytest.FixtureRequest) -> Iterator[bool]:
    if request.param and _linear_program._core is None:
        pytest.skip("this scipy has no bindings")
    return request.param  # type: ignore[no-any-return]


@pytest.mark.parametrize("status", STATUSES)
def test_no_status_of_a_solver_proves_that_no_move_exists(
    status: str, warm: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A safe choice exists, so that a solver that reports the contrary is wrong."""
    _failing(monkeypatch, status, warm=warm)
    program = LinearProgram(
        matrix=np.ones((1, 2)),
        cost=np.ones(2),
        lower=np.zeros(2),
        upper=np.ones(2),
    )
    assert program.solve() is None
    assert (program.status is ProgramStatus.INFEASIBLE) == (status == "kInfeasible")
    table = table_of(example())
    monkeypatch.setattr(BasicMoves, "_find", lambda *_, **__: MoveResult())
    for rules in ({}, {"protection_level": 3}):
        with pytest.raises(EngineFailed, match="found no safe set of cells"):
            suppress(table, fewer_than=5, **rules)


def test_integers_prove_that_a_program_has_no_solution() -> None:
    """The proof exists for each of these programs without a solution, and for no other one."""
    rng, proofs = np.random.default_rng(3), []
    for _ in range(200):
        matrix = rng.choice([-1.0, 0.0, 1.0], (3, 6))
        upper = rng.integers(0, 4, 6).astype(float)
        lower = np.zeros(6)
        lower[0], upper[0] = rng.integers(1, 4), 4
        program = LinearProgram(
            matrix=csc_array(matrix), cost=np.zeros(6), lower=lower, upper=upper
        )
        is_infeasible = program.solve() is None
        assert program.is_proved_infeasible() == is_infeasible
        proofs.append(is_infeasible)
    assert 30 < sum(proofs) < 170


def test_moves_after_a_failed_program_are_basic_ones(
    warm: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = suppress(TABLE, fewer_than=5, protect_contributors=False, time_limit=0)
    _failing(monkeypatch, "kUnknown", warm=warm)
    safe = suppress(TABLE, fewer_than=5, protect_contributors=False, time_limit=0)
    _check(safe, safe.cost_bound, 20 * first.cost)


SMALL = with_margins(dict(zip(product(SEXES, FORMS), (1, 8, 2, 9, 1, 7, 3, 6, 2), strict=True)))


@pytest.mark.parametrize("status", [1, 2, 3, 4])
@pytest.mark.parametrize("solver", ["milp", "linprog"])
def test_failed_program_does_not_raise_the_bound_of_the_cost(
    solver: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules: dict[str, Any] = {"fewer_than": 5, "protect_contributors": False}
    best = suppress(table_of(SMALL), **rules)
    assert best.cost == best.cost_bound
    bound = 3.0 if status == 1 else np.inf
    answer = SimpleNamespace(status=status, x=None, mip_dual_bound=bound)
    monkeypatch.setattr(_block_search, solver, lambda *_, **__: answer)
    safe = suppress(table_of(SMALL), **rules)
    assert safe.is_safe
    assert safe.cost >= best.cost
    assert safe.cost_bound <= best.cost


def _block_search_of(seed: int) -> tuple[ChoiceSearch, list[Requirement]]:
    """Return the search of a random table before its search for the cheapest choice."""
    rng, searches = np.random.default_rng(seed), list[ChoiceSearch]()
    counts = rng.choice([1, 2, 6, 7, 9, 12], 9)
    counts[0] = 3
    truth = with_margins(dict(zip(product(SEXES, FORMS), counts.tolist(), strict=True)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_block_search, "_search", lambda search, *_: searches.append(search))
        suppress(table_of(truth), fewer_than=5, protect_contributors=False)
    (search,) = searches
    return search, [own for own in search.choice.proof if not own.known]


@pytest.mark.parametrize("seed", range(4))
def test_each_safe_choice_meets_the_cuts_of_all_others(seed: int) -> None:
    rng = np.random.default_rng(seed)
    search, requirements = _block_search_of(seed)
    safe, cuts = [search.suppressed], list[Conditions]()
    for share in np.linspace(0.1, 0.9, 40):
        trial = search.block.unknown.copy()
        trial |= search.block.candidates & (rng.random(len(trial)) < share)
        _, missing = _block_search._witnesses_in(search, trial, requirements)
        own, _ = _block_search._separated(search, trial, missing, end=np.inf)
        assert not any(cut.are_met(trial) for cut in own)
        cuts += own
        safe += [] if missing else [trial]
    assert len(safe) > 3
    assert len(cuts) > 20
    assert all(cut.are_met(choice) for cut in cuts for choice in safe)


def test_cut_that_the_safe_choice_violates_is_omitted(monkeypatch: pytest.MonkeyPatch) -> None:
    search, requirements = _block_search_of(0)
    right, wrong = (
        Conditions(own.astype(float)[None], np.ones(1))
        for own in (search.secondary, search.block.candidates & ~search.suppressed)
    )
    for cut, cuts in ((right, [right]), (wrong, [])):
        monkeypatch.setattr(_block_search, "_cut", lambda *_, cut=cut: cut)
        trial = search.block.unknown
        result = _block_search._separated(search, trial, requirements[:1], end=np.inf)
        assert result == (cuts, [])


@pytest.mark.parametrize("status", [1, 2, 3, 4])
def test_only_an_infeasible_program_proves_that_no_rounding_exists(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = SimpleNamespace(status=status, x=None)
    monkeypatch.setattr(scipy.optimize, "milp", lambda *_, **__: answer)
    error: Any = ImpossibleResult if status == 2 else InvalidValue
    with pytest.raises(
        error, match="No adjacent" if status == 2 else "No solution was found"
    ) as found:
        round_controlled(table_of(SMALL), 5)
    assert ("within 20 seconds" in str(found.value)) == (status == ProgramStatus.LIMIT)


def test_rounding_that_violates_a_sum_is_not_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = SimpleNamespace(status=0, x=np.ones(len(SMALL)))
    monkeypatch.setattr(scipy.optimize, "milp", lambda *_, **__: wrong)
    with pytest.raises(InvalidValue, match="No solution was found"):
        round_controlled(table_of(SMALL), 5)
