"""Rounding of percentages, compared with the decimal module."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bounds.systems import KNOWN, L, rounded
from tests.examples import examples
from tests.rows import check_rows
from thbstats.bounds import Constraint, System
from thbstats.values import Percent

SIZES = [40, 1000, 2 * 10**12]


def prints(part, whole, way):
    """How a share of a whole prints, in each way that is possible."""
    ways = KNOWN if way == "unknown" else (way,)
    return {rounded(Fraction(100 * part, whole), option) for option in ways}


def bounds_of(whole, printed, way, **options):
    constraint = Constraint.percentage(
        "share", L("a"), L("ab"), Percent(str(printed), way), **options
    )
    result = System("ab", [Constraint.count("whole", L("ab"), whole), constraint]).bounds(L("a"))
    return result.lower, result.upper


def test_both_bounds_round_to_the_published_text():
    def check(printed, way, size):
        if way in ("down", "up") and size == 40 and printed == 15:
            size = 80  # of 40 nothing else than 15% itself is in reach
        low, high = bounds_of(size, printed, way)
        assert printed in prints(low, size, way)
        assert printed in prints(high, size, way)
        assert low == 0 or printed not in prints(low - 1, size, way)
        assert high == size or printed not in prints(high + 1, size, way)

    check_rows(check, product([0, 15, 40, 50, 55, 100], [*KNOWN, "unknown"], SIZES))


def test_negative_changes_are_rounded():
    """Half up and half away from nothing differ there."""

    def check(printed, way, size):
        old, new = L("a"), L("b")
        constraint = Constraint.change("change", new, old, Percent(f"{printed:+d}", way))
        result = System("ab", [Constraint.count("old", old, size), constraint]).bounds(new)
        for end, beyond in ((result.lower, -1), (result.upper, 1)):
            assert printed in prints(end - size, size, way)
            assert printed not in prints(end + beyond - size, size, way)

    check_rows(check, product([-55, -50, -5, 0, 5, 50], [*KNOWN, "unknown"], SIZES))


@pytest.mark.parametrize("way", ["half_up", "half_away", "half_even"])
def test_ties_in_either_direction_include_both_bounds(way):
    assert bounds_of(1000, 5, way, allow_tie_either_way=True) == (45, 55)
    assert bounds_of(2000, 5, way, allow_tie_either_way=True) == (90, 110)


def test_unknown_rounding_contains_all_roundings():
    for size in (40, 1000):
        low, high = bounds_of(size, 50, "unknown")
        bounds = [bounds_of(size, 50, way) for way in KNOWN]
        assert low == min(first for first, _ in bounds)
        assert high == max(last for _, last in bounds)


@given(st.integers(1, 400), st.data(), st.sampled_from([*KNOWN, "unknown"]))
@examples(40)
def test_true_share_is_inside_however_it_was_rounded(whole, data, way):
    part = data.draw(st.integers(0, whole))
    used = data.draw(st.sampled_from(KNOWN)) if way == "unknown" else way
    low, high = bounds_of(whole, rounded(Fraction(100 * part, whole), used), way)
    assert low <= part <= high


def test_decimals_are_those_of_the_printed_text():
    whole = Constraint.count("whole", L("ab"), 10_000)
    for text, expected in (("5", (450, 549)), ("5.0", (495, 504)), ("5.00", (500, 500))):
        constraint = Constraint.percentage("share", L("a"), L("ab"), Percent(text))
        result = System("ab", [whole, constraint]).bounds(L("a"))
        assert (result.lower, result.upper) == expected


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("text", ["0", "56", "100"])
def test_percentage_of_zero_is_not_satisfied(text, closed):
    constraint = Constraint.percentage(
        "said", L("a"), L("ab"), Percent(text), allow_tie_either_way=closed
    )
    assert not constraint.is_satisfied({"a": 0, "b": 0})
    assert not System("ab", [constraint, Constraint.count("nobody", L("ab"), 0)]).is_feasible
