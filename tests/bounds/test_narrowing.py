from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.bounds.systems import L, forms
from tests.examples import examples
from thbstats.bounds import Statement, System, narrowing
from thbstats.values import Interval


def narrows(system, names, sums):
    counts = {L(cells): system.proved(L(cells)) for cells in sums}
    return narrowing(system.without(*names), counts, names=frozenset(names))


def test_what_others_say_too_narrows_nothing():
    system = forms().having(Statement.between("again", L("sS"), 9759, 9759))
    found = narrows(system, ["again"], ["lL", "slo", "sS"])
    assert (found.share, dict(found.wider)) == (0, {})


def test_a_count_is_narrowed_by_what_is_lost_of_its_width():
    system = System(
        "ab", [Statement.between("all", L("ab"), 0, 10), Statement.between("a", L("a"), 4, 8)]
    )
    found = narrows(system, ["a"], ["b", "ab"])
    assert found.share == ((1 - Fraction(6, 10)) + (1 - Fraction(6, 10))) / 2
    assert dict(found.wider) == {L("b"): Interval(0, 10), L("ab"): Interval(0, 10)}


def test_an_end_that_a_statement_alone_gives_is_narrowed_in_full():
    system = System("ab", [Statement.between("all", L("ab"), 3, 10)])
    found = narrows(system, ["all"], ["a", "ab"])
    assert found.share == 1
    assert list(found.wider.values()) == [Interval(0, None)] * 2
    assert narrows(system, [], ["a"]).share == 0
    assert narrowing(system, {}, names=frozenset()).share == 0


def test_what_has_no_end_either_way_and_what_is_settled_either_way_loses_nothing():
    system = System("ab", [Statement.count("a", L("a"), 3), Statement.count("again", L("a"), 3)])
    assert narrows(system, ["again"], ["a", "b"]).share == 0


def test_that_which_is_narrowed_most_comes_first():
    found = narrows(forms(), ["labour-uk"], ["sloSLO", "slo", "L", "l"])
    lost = [
        1
        - Fraction(forms().proved(sum_).upper - forms().proved(sum_).lower)
        / Fraction(alone.upper - alone.lower)
        for sum_, alone in found.wider.items()
    ]
    assert lost == sorted(lost, reverse=True)
    assert 0 < found.share < 1


@given(st.sampled_from([s.name for s in forms().statements]))
@examples(9)
def test_a_proof_that_does_without_a_statement_needs_no_second_one(name):
    """What is skipped is the same as what would be found."""
    system, sums = forms(), ["sloSLO", "slo", "lL", "oO", "l"]
    found = narrows(system, [name], sums)
    rest = system.without(name)
    for cells in sums:
        alone = rest.proved(L(cells)).interval
        assert found.wider.get(L(cells), system.proved(L(cells)).interval) == alone
