from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bounds.systems import L, forms, rounded, sexes
from thbstats.bounds import Constraint, Linear, System, minimal_conflicts
from thbstats.bounds.contradictions import minimal_conflict, relaxations
from thbstats.values import Interval, Percent


def test_feasible_system_has_no_conflict():
    assert minimal_conflict(forms()) == ()
    assert minimal_conflicts(forms()) == ()
    assert relaxations(forms()) == ()


def test_conflict_contains_a_wrong_count_and_contradicting_ones():
    bad = forms().with_constraints(
        Constraint.count("wrong", L("l"), 3000, text="3,000 in section X")
    )
    found = minimal_conflict(bad)
    assert "3,000 in section X" in map(str, found)
    assert not bad.only([s.name for s in found]).is_feasible
    for constraint in found:
        assert bad.only([s.name for s in found if s is not constraint]).is_feasible


def test_relaxations_are_in_the_unit_of_their_constraint():
    bad = forms().with_constraints(Constraint.count("wrong", L("l"), 3000))
    share, *others = relaxations(bad)
    assert share.constraint.name == "labour-uk"
    assert share.others.lower == Fraction(1000, 1553)
    assert share.distance == Fraction(1000, 1553) - Fraction(123, 200)
    count = next(each for each in others if each.constraint.name == "wrong")
    assert (count.others, count.distance) == (Interval(2666, 2865), 135)


def test_count_that_is_too_low_is_relaxed_upwards():
    bad = forms().with_constraints(Constraint.count("wrong", L("l"), 2600))
    count = next(each for each in relaxations(bad) if each.constraint.name == "wrong")
    assert count.distance == 66


def test_constraint_without_number_or_denominator_is_not_relaxed():
    a, b = L("a"), L("b")
    system = System(
        "ab",
        [
            Constraint.order("order", [a], [b]),
            Constraint.count("a", a, 1),
            Constraint.count("b", b, 2),
        ],
    )
    assert {each.constraint.name for each in relaxations(system)} == {"a", "b"}


def test_integers_conflict_although_fractions_are_feasible():
    bad = System(
        "ab",
        [Constraint.count("odd", Linear({"a": 2, "b": 2}), 7), Constraint.count("a", L("a"), 1)],
    )
    assert [constraint.name for constraint in minimal_conflict(bad)] == ["odd"]


@st.composite
def contradictory(draw):
    """Counts of parts and sums and a share, as a table gives them, but one that is changed."""
    table = {name: draw(st.integers(0, 9)) for name in "abc"}
    sums = ["a", "b", "c", "ab", "abc"]
    wrong = draw(st.integers(0, len(sums)))
    off = draw(st.integers(1, 5))
    constraints = [
        Constraint.count(cells, L(cells), L(cells).value(table) + (off if place == wrong else 0))
        for place, cells in enumerate(sums)
    ]
    whole = sum(table.values())
    if whole:
        share = Fraction(table["a"], whole)
        printed = rounded(100 * share, "half_up") + (20 * off if wrong == len(sums) else 0)
        said = Constraint.percentage("share", L("a"), L("abc"), Percent(str(printed)))
        constraints.append(said)
    return System("abc", constraints)


@given(contradictory())
@settings(deadline=None, max_examples=15)
def test_all_minimal_conflicts_are_found(system):
    names = [constraint.name for constraint in system.constraints]
    possible = {
        chosen: system.only(chosen).is_feasible
        for size in range(len(names) + 1)
        for chosen in combinations(names, size)
    }
    smallest = {
        frozenset(chosen)
        for chosen, fits in possible.items()
        if not fits and all(possible[tuple(n for n in chosen if n != name)] for name in chosen)
    }
    assert bool(smallest) is not system.is_feasible
    assert {frozenset(s.name for s in found) for found in minimal_conflicts(system)} == smallest
    assert not smallest or frozenset(s.name for s in minimal_conflict(system)) in smallest


def test_conflicts_of_a_larger_system_are_minimal_and_can_be_limited():
    bad = sexes().with_constraints(Constraint.count("wrong", L(["sf"]), 9000))
    found = minimal_conflicts(bad)
    assert len(found) == len({frozenset(s.name for s in each) for each in found}) == 12
    for each in found:
        names = [constraint.name for constraint in each]
        assert not bad.only(names).is_feasible
        assert all(bad.only([n for n in names if n != name]).is_feasible for name in names)
    assert len(minimal_conflicts(bad, most=3)) == 3


def test_share_of_zero_is_relaxed_through_its_denominator():
    system = System(
        "ab",
        [
            Constraint.count("nobody", L("ab"), 0),
            Constraint.percentage("half", L("a"), L("ab"), Percent("50")),
        ],
    )
    [only] = relaxations(system)
    assert (only.constraint.name, only.others, only.distance) == ("nobody", Interval(2, None), 2)


def test_distance_to_an_open_bound_is_zero():
    system = System(
        "ab",
        [
            Constraint.count("all", L("ab"), 200),
            Constraint.count("a", L("a"), 101),
            Constraint.percentage("half", L("a"), L("ab"), Percent("50")),
        ],
    )
    share = next(each for each in relaxations(system) if each.constraint.name == "half")
    assert (share.others, share.distance) == (Interval.point(Fraction(101, 200)), 0)
