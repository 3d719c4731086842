"""Exact solver."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bounds.systems import L, check_bounds, forms, tables
from tests.examples import examples
from thbstats.bounds import (
    Constraint,
    Inequality,
    Linear,
    System,
    _program,
    _simplex,
)
from thbstats.bounds._program import Program
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.values import Interval, Percent


@pytest.fixture
def alone(monkeypatch):
    """No table comes from HiGHS."""
    monkeypatch.setattr(Program, "witness", lambda *_, **__: None)


def test_rows_of_a_conflict_add_up_to_a_contradiction():
    rows = [({0: 1}, 3), ({1: 1}, 3), ({0: -1, 1: -1}, -7)]
    for program in (Program(2, rows), Program(2, rows * 300)):
        times = program.refutation
        rows = program.rows
        left = {v: sum(n * rows[row][0].get(v, 0) for row, n in times.items()) for v in (0, 1)}
        assert all(n >= 0 for n in left.values())
        assert sum(n * rows[row][1] for row, n in times.items()) < 0


@pytest.mark.usefixtures("alone")
def test_anticycling_rule_gives_the_same_result(monkeypatch):
    part, whole = L("a"), L("abc")
    constraints = [
        Constraint.between("all", whole, 40, 60),
        Constraint.percentage("half", L("ab"), whole, Percent("47")),
    ]

    def answers():
        share = System("abc", constraints).share(part, whole)
        return forms().bounds(L("s")).interval, share.interval

    expected = answers()
    monkeypatch.setattr(_simplex, "_PATIENCE", 0)
    assert answers() == expected


@pytest.mark.usefixtures("alone")
def test_search_limit_raises(monkeypatch):
    monkeypatch.setattr(_simplex, "_MAX_NODES", 1)
    with pytest.raises(InvalidValue, match="reached its limit of 1"):
        forms().share(L("l"), L("slo"))


@pytest.mark.usefixtures("alone")
def test_integer_tables_are_found_for_unbounded_cells():
    """3 a = 2 b + 1 has fractional vertices and no largest a."""
    odd = Constraint(
        "odd",
        [
            Inequality(Linear({"a": 3, "b": -2}), 1),
            Inequality(Linear({"a": -3, "b": 2}), -1),
            Inequality(Linear({"b": -1}), -2),
        ],
    )
    system = System("ab", [odd])
    assert system.fits(system.table)
    assert system.bounds(L("a")).lower == 3
    assert system.bounds(L("a")).upper is None


def test_floating_point_bound_is_used_only_with_a_proof():
    rows = [({0: 1}, 3), ({1: -1}, 0)]
    assert Program(2, rows).proved_limit({0: 1})[0] == 3
    assert Program(2, rows).proved_limit({1: 1}) is None
    # A third has no end as a decimal fraction.
    thirds = [({0: 3, 1: 3}, 7)]
    limit, times = Program(2, thirds).proved_limit({0: 1, 1: 1})
    assert (limit, times) == (Fraction(7, 3), {0: Fraction(1, 3)})


def test_multipliers_with_large_denominators_are_exact(monkeypatch):
    """The zero variable is violated first, and then added to the small program."""
    rows = [({0: 997, 1: 991, 2: 1}, 3), ({0: 983, 1: -977, 2: 1}, 5), ({2: 1}, 0)]
    exact = Program(3, rows)
    root = exact.start()
    limit = exact.limit({0: 1, 1: 1, 2: 1}, root)
    monkeypatch.setattr(_program, "_SIMPLE", 2)
    assert Program(3, rows).proved_limit({0: 1, 1: 1, 2: 1}) == limit


def test_large_programs_fall_back_to_exact_pivots(monkeypatch):
    monkeypatch.setattr(_program, "_LARGE", 0)
    system = System(
        "ab",
        [
            Constraint("three", [Inequality(Linear({"a": 3, "b": -1}), 7)]),
            Constraint.between("b", L("b"), 0, 3),
        ],
    )
    assert system.bounds(L("a")).upper == 3
    assert System("ab", [Constraint.count("a", L("a"), 3)]).bounds(L("b")).upper is None


def test_infeasible_program_raises():
    with pytest.raises(ImpossibleResult, match="must have a solution"):
        Program(1, (({0: 1}, -1),), ({0: 1},)).point_above({0: 1}, 0)


@given(
    st.lists(
        st.tuples(st.lists(st.integers(-4, 4), min_size=3, max_size=3), st.integers(-3, 12)),
        min_size=1,
        max_size=5,
    ),
    st.lists(st.integers(-3, 3), min_size=3, max_size=3),
)
@examples(60)
def test_results_of_small_programs_equal_enumeration(rows, aim):
    cells = "abc"
    constraints = [
        Inequality(Linear(zip(cells, numbers, strict=True)), most) for numbers, most in rows
    ]
    few = [Inequality(L(name), 4) for name in cells]
    system = System(cells, [Constraint("rows", constraints), Constraint("few", few)])
    query = Linear(zip(cells, aim, strict=True))
    values = [query.value(table) for table in tables(system, 4)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Program, "witness", lambda *_, **__: None)
        if values:
            check_bounds(system, query, (min(values), max(values)))
        else:
            with pytest.raises(ImpossibleResult):
                system.bounds(query)


def test_empty_system_has_one_table():
    system = System([], [])
    assert system.table == {}
    assert system.bounds(L("")).interval == Interval(0, 0)


def test_quick_bounds_contain_attained_bounds():
    system = forms()
    for cells in ("slo", "s", "l", "oO", "u"):
        attained, proved = system.bounds(L(cells)), system.quick_bounds(L(cells))
        assert proved.lower <= attained.lower <= attained.upper <= proved.upper
        assert proved.upper - attained.upper <= 5
        assert proved.lower_table is proved.upper_table is None
    assert System("ab", [Constraint.count("a", L("a"), 3)]).quick_bounds(L("b")).upper is None


@pytest.mark.parametrize("large", [0, 10**6])
def test_relaxed_share_contains_attained_shares(monkeypatch, large):
    monkeypatch.setattr(_program, "_LARGE", large)
    attained = forms().share(L("s"), L("slo")).interval
    room = System(forms().cells, forms().constraints).relaxed_share(L("s"), L("slo"))
    assert room.lower <= attained.lower <= attained.upper <= room.upper
    empty = System("ab", [Constraint.between("b", L("b"), 0, 2)])
    assert empty.relaxed_share(L("b"), L("ab")) == Interval(0, 1)


def test_constraint_is_proved_by_constraints_that_imply_it():
    system = forms()
    assert system.proves(Constraint.between("less", L("l"), 2600, 2900))
    assert not system.proves(Constraint.between("less", L("l"), 2700, 2900))
    assert not system.proves(Constraint.between("no end", L("u"), 1, None))


def test_relaxed_share_of_an_unbounded_denominator_is_its_limit():
    half = Constraint.percentage("half", L("a"), L("ab"), Percent("50"))
    room = System("ab", [half]).relaxed_share(L("a"), L("ab"))
    assert room == Interval(Fraction(99, 200), Fraction(101, 200))
    some = System("ab", [Constraint.between("b", L("b"), 1, 2)])
    assert some.relaxed_share(L("a"), L("b")) == Interval(0, None)


@pytest.mark.usefixtures("alone")
def test_share_that_is_larger_by_one_person_is_found():
    constraints = [Constraint.between("a", L("a"), 0, 1), Constraint.count("b", L("b"), 1)]
    result = System("ab", constraints).share(L("a"), L("b"))
    assert (result.lower, result.upper) == (0, 1)


@pytest.mark.parametrize(
    ("result", "kept"),
    [
        ([3.0, 0.0], {0: 3}),
        ([2.9999999, 1e-9], {0: 3}),
        ([4.0, 0.0], None),
        ([3.4, 1.4], None),
        ([4.0, -1.0], None),
        (None, None),
    ],
)
def test_table_that_violates_an_inequality_by_one_is_rejected(result, kept, monkeypatch):
    """Return a solution of HiGHS within its tolerance."""
    answer = SimpleNamespace(x=None if result is None else np.array(result))
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: answer)
    assert Program(2, [({0: 1, 1: 1}, 3)]).witness({0: 1}) == kept
