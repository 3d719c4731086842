from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tests.bounds.systems import L, forms, rounded
from tests.examples import examples
from thbstats.bounds import Constraint, Linear, System, minimal_conflicts
from thbstats.bounds.system import ConflictSearch
from thbstats.values import Percent


def smallest_conflict(system):
    conflict = ConflictSearch(system.cells, system.constraints).smallest()
    assert conflict.is_minimal
    return conflict.constraints


def test_feasible_system_has_no_conflict():
    assert minimal_conflicts(forms()) == ()


def test_conflicts_contain_a_wrong_count_are_minimal_and_can_be_limited():
    wrong = Constraint.count("wrong", L("lL"), 4800, text="4,800 in section X")
    bad = forms().with_constraints(wrong)
    result = minimal_conflicts(bad)
    assert len(result) == len({frozenset(s.name for s in conflict) for conflict in result}) == 3
    assert all(conflict.is_minimal for conflict in result)
    assert smallest_conflict(bad) in [conflict.constraints for conflict in result]
    for conflict in result:
        names = [constraint.name for constraint in conflict]
        assert "4,800 in section X" in map(str, conflict)
        assert not bad.only(names).is_feasible
        assert all(bad.only([n for n in names if n != name]).is_feasible for name in names)
    assert len(minimal_conflicts(bad, most=2)) == 2


def test_integers_conflict_although_fractions_are_feasible():
    bad = System(
        "ab",
        [Constraint.count("odd", Linear({"a": 2, "b": 2}), 7), Constraint.count("a", L("a"), 1)],
    )
    assert [constraint.name for constraint in smallest_conflict(bad)] == ["odd"]


@st.composite
def contradictory(draw):
    """Counts of parts and sums and a share, as a table gives them, but one that is changed."""
    table = {name: draw(st.integers(0, 9)) for name in "abc"}
    sums = ["a", "b", "c", "ab", "abc"]
    wrong = draw(st.integers(0, len(sums)))
    off = draw(st.integers(1, 5))
    constraints = [
        Constraint.count(cells, L(cells), L(cells).value(table) + (off if position == wrong else 0))
        for position, cells in enumerate(sums)
    ]
    whole = sum(table.values())
    if whole:
        share = Fraction(table["a"], whole)
        printed = rounded(100 * share, "half_up") + (20 * off if wrong == len(sums) else 0)
        share_ = Constraint.percentage("share", L("a"), L("abc"), Percent(str(printed)))
        constraints.append(share_)
    return System("abc", constraints)


@given(contradictory())
@examples(5)
def test_all_minimal_conflicts_are_found(system):
    names = [constraint.name for constraint in system.constraints]
    possible = {
        chosen: system.only(chosen).is_feasible
        for size in range(len(names) + 1)
        for chosen in combinations(names, size)
    }
    smallest = {
        frozenset(chosen)
        for chosen, is_feasible in possible.items()
        if not is_feasible
        and all(possible[tuple(n for n in chosen if n != name)] for name in chosen)
    }
    assert bool(smallest) is not system.is_feasible
    assert {frozenset(s.name for s in result) for result in minimal_conflicts(system)} == smallest
    assert not smallest or frozenset(s.name for s in smallest_conflict(system)) in smallest
