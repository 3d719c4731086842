from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bounds.systems import L, forms, rounded, sexes
from thbstats.bounds import Linear, Statement, System, conflict, conflicts, relaxations
from thbstats.values import Interval, Percent


def test_nothing_conflicts_where_a_table_fits():
    assert conflict(forms()) == ()
    assert conflicts(forms()) == ()
    assert relaxations(forms()) == ()


def test_a_wrong_count_is_found_with_those_that_it_contradicts():
    bad = forms().having(Statement.count("wrong", L("l"), 3000, text="3,000 in section X"))
    found = conflict(bad)
    assert "3,000 in section X" in map(str, found)
    assert not bad.only([s.name for s in found]).is_possible
    for statement in found:
        assert bad.only([s.name for s in found if s is not statement]).is_possible


def test_the_least_that_gives_way_is_told_in_its_own_unit():
    bad = forms().having(Statement.count("wrong", L("l"), 3000))
    share, *others = relaxations(bad)
    assert share.statement.name == "labour-uk"
    assert share.others.lower == Fraction(1000, 1553)
    assert share.distance == Fraction(1000, 1553) - Fraction(123, 200)
    count = next(each for each in others if each.statement.name == "wrong")
    assert (count.others, count.distance) == (Interval(2666, 2865), 135)


def test_too_few_are_relaxed_upwards():
    bad = forms().having(Statement.count("wrong", L("l"), 2600))
    count = next(each for each in relaxations(bad) if each.statement.name == "wrong")
    assert count.distance == 66


def test_what_has_no_number_or_no_base_is_not_relaxed():
    a, b = L("a"), L("b")
    system = System(
        "ab",
        [
            Statement.order("order", [a], [b]),
            Statement.count("a", a, 1),
            Statement.count("b", b, 2),
        ],
    )
    assert {each.statement.name for each in relaxations(system)} == {"a", "b"}


def test_only_whole_numbers_conflict():
    bad = System(
        "ab", [Statement.count("odd", Linear({"a": 2, "b": 2}), 7), Statement.count("a", L("a"), 1)]
    )
    assert [statement.name for statement in conflict(bad)] == ["odd"]


@st.composite
def contradictory(draw):
    """Counts of parts and sums and a share, as a table gives them, but one that is changed."""
    table = {name: draw(st.integers(0, 9)) for name in "abc"}
    sums = ["a", "b", "c", "ab", "abc"]
    wrong = draw(st.integers(0, len(sums)))
    off = draw(st.integers(1, 5))
    statements = [
        Statement.count(cells, L(cells), L(cells).of(table) + (off if place == wrong else 0))
        for place, cells in enumerate(sums)
    ]
    whole = sum(table.values())
    if whole:
        share = Fraction(table["a"], whole)
        printed = rounded(100 * share, "half_up") + (20 * off if wrong == len(sums) else 0)
        said = Statement.percentage("share", L("a"), L("abc"), Percent(str(printed)))
        statements.append(said)
    return System("abc", statements)


@given(contradictory())
@settings(deadline=None, max_examples=15)
def test_every_smallest_set_is_found_and_is_smallest(system):
    names = [statement.name for statement in system.statements]
    possible = {
        chosen: system.only(chosen).is_possible
        for size in range(len(names) + 1)
        for chosen in combinations(names, size)
    }
    smallest = {
        frozenset(chosen)
        for chosen, fits in possible.items()
        if not fits and all(possible[tuple(n for n in chosen if n != name)] for name in chosen)
    }
    assert bool(smallest) is not system.is_possible
    assert {frozenset(s.name for s in found) for found in conflicts(system)} == smallest
    assert not smallest or frozenset(s.name for s in conflict(system)) in smallest


def test_all_sets_of_a_larger_system_are_smallest_and_can_be_cut_short():
    bad = sexes().having(Statement.count("wrong", L(["sf"]), 9000))
    found = conflicts(bad)
    assert len(found) == len({frozenset(s.name for s in each) for each in found}) == 12
    for each in found:
        names = [statement.name for statement in each]
        assert not bad.only(names).is_possible
        assert all(bad.only([n for n in names if n != name]).is_possible for name in names)
    assert len(conflicts(bad, most=3)) == 3


def test_a_share_of_nobody_gives_way_only_through_its_base():
    system = System(
        "ab",
        [
            Statement.count("nobody", L("ab"), 0),
            Statement.percentage("half", L("a"), L("ab"), Percent("50")),
        ],
    )
    [only] = relaxations(system)
    assert (only.statement.name, only.others, only.distance) == ("nobody", Interval(2, None), 2)


def test_the_distance_to_an_end_that_is_open_is_nothing():
    system = System(
        "ab",
        [
            Statement.count("all", L("ab"), 200),
            Statement.count("a", L("a"), 101),
            Statement.percentage("half", L("a"), L("ab"), Percent("50")),
        ],
    )
    share = next(each for each in relaxations(system) if each.statement.name == "half")
    assert (share.others, share.distance) == (Interval.point(Fraction(101, 200)), 0)
