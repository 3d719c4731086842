"""Bounds on all persons under a stated dependence, against a second method."""

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import nchypergeom_fisher

from tests.examples import examples
from tests.lists.campaign import coverage, two_lists
from tests.lists.tables import lists, rows, seconds
from tests.lists.test_distinct import of_histories, published, tables
from thbstats import Count
from thbstats.errors import ImpossibleResult, InvalidValue, ThbstatsError
from thbstats.lists import Lists, dependence, hidden
from thbstats.lists.odds import tails
from thbstats.panel import Status
from thbstats.values import Interval

FACTORS = {
    "Korea": 11.82,
    "Kosovo": 1.17,
    "UKdat_5": 2.08,
    "UKdat": 2.30,
    "NewOrl_5": 1,
    "PWID": 1.49,
}


def pairs(whole: Lists) -> list[tuple[int, int, int]]:
    """Return overlap and sizes of each pair."""

    def persons(*own: str) -> int:
        return whole.bounds_of(whole.persons_on(own))[0]

    return [(persons(a, b), persons(a), persons(b)) for a, b in combinations(whole.names, 2)]


def second_method(
    whole: Lists, low: Fraction, high: Fraction, level: float | None
) -> tuple[float, float]:
    """Return bounds by the root of the odds ratio, or by the distribution of scipy in real N.

    The library solves for N directly, and searches integers with a distribution of its own.
    """
    n, lower, upper = whole.exact.persons, 0.0, math.inf
    known = pairs(whole)
    for both, first, second in known:
        union = first + second - both
        if level is None:
            if not both:
                continue

            def log_ratio(m: float, *own: int) -> float:
                both, first, second = own
                return math.log(m * both / ((first - both) * (second - both)))

            for bound, target in ((0, low), (1, high)):
                root = brentq(
                    lambda m, t, *own: log_ratio(m, *own) - math.log(t),
                    1e-9, 1e12, args=(target, both, first, second), xtol=1e-9, rtol=1e-14,
                )  # fmt: skip
                lower, upper = (
                    (max(lower, union + root), upper)
                    if not bound
                    else (lower, min(upper, union + root))
                )
            continue
        tail = (1 - level) / (2 * len(known))
        for bound, target in ((0, low), (1, high)):
            # The probability is monotone in N: three grids, each within one step of the one before.
            first_n, last_n, is_open = max(union, n), 200_000, False
            for step in (5000, 70, 1):
                values = np.unique(np.append(np.arange(first_n, last_n, step), last_n))
                law = nchypergeom_fisher(values, first, second, float(target))
                inside = (law.sf(both - 1) if bound else law.cdf(both)) >= tail
                if not inside.any():
                    return math.inf, -math.inf
                is_open = is_open or bool(bound and inside[-1])
                edge = int(len(values) - 1 - inside[::-1].argmax() if bound else inside.argmax())
                first_n = int(values[edge if bound else max(edge - 1, 0)])
                last_n = int(values[min(edge + 1, len(values) - 1) if bound else edge])
            if not bound:
                lower = max(lower, last_n)
            elif not is_open:
                upper = min(upper, first_n)
    return max(lower, n), upper


@pytest.mark.parametrize("name", ["Korea", "Kosovo", "PWID", "UKdat_5", "NewOrl_5"])
def test_bounds_without_sampling_equal_those_of_a_second_method(name: str):
    for low, high in ((1, 1), (1, 5), (Fraction(1, 3), 3), (Fraction(1, 10), 10)):
        lower, upper = second_method(lists(name), Fraction(low), Fraction(high), None)
        try:
            bounds = hidden(lists(name), (low, high)).bounds
        except ImpossibleResult:
            assert lower > upper
            continue
        assert float(bounds.lower or 0) == pytest.approx(lower)
        assert float(bounds.upper or math.inf) == pytest.approx(upper)


@pytest.mark.parametrize("name", ["Korea", "PWID", "NewOrl_5"])
def test_bounds_with_sampling_equal_those_of_a_second_method(name: str):
    for low, high in ((1, 1), (Fraction(1, 3), 3), (Fraction(1, 15), 15)):
        lower, upper = second_method(lists(name), Fraction(low), Fraction(high), 0.95)
        try:
            bounds = hidden(lists(name), (low, high), 0.95).bounds
        except ImpossibleResult:
            assert lower > upper
            continue
        assert (bounds.lower, bounds.upper) == (lower, upper)


def test_rejected_range_names_the_pairs_and_the_smallest_factor():
    text = "NG and GP require at least 12,248 persons, and LA and NG at most 11,420. Pass"
    with pytest.raises(ImpossibleResult, match=text) as raised:
        hidden(lists("UKdat_5"), ("1/2", 2), 0.95)
    assert "reject every factor of dependence up to 2.07 at 95%" in str(raised.value)


@pytest.mark.untraced
def test_bounds_of_published_tables():
    rejected = 0
    for row in rows("odds_ratio_bounds.csv", ";"):
        for level, name in ((None, "plug"), (0.95, "exact95")):
            lower, upper = (float(row[f"{name}_{side}"]) for side in ("lower", "upper"))
            try:
                found = hidden(lists(row["dataset"]), (row["eta"], row["xi"]), level)
            except ImpossibleResult:
                assert lower > upper
                rejected += 1
                continue
            assert float(found.bounds.lower or 0) == pytest.approx(lower, abs=1e-3)
            assert float(found.bounds.upper or 0) == pytest.approx(upper, abs=1e-3)
            assert found.value is None
            assert "LIST_DEPENDENCE" in found.limitations.codes
    assert rejected == 41


def test_two_independent_lists_give_the_estimate_of_lincoln_and_petersen():
    bounds = hidden(lists("Polish"), (1, 1)).bounds
    assert bounds == Interval.point(Fraction(39862 * 1819, 374))


@pytest.mark.parametrize("name", FACTORS)
def test_smallest_factor_is_accepted_and_no_smaller_one(name: str):
    found = dependence(lists(name))
    factor = found.smallest_factor
    assert factor == Fraction(str(FACTORS[name]))
    assert found.caption.startswith(found.statement)
    assert str(hidden(lists(name), (1 / factor, factor), 0.95).estimand).startswith(found.statement)
    if factor > 1:
        less = factor - Fraction(1, 100)
        with pytest.raises(ImpossibleResult):
            hidden(lists(name), (1 / less, less), 0.95)
        assert f"up to {float(less):.2f}" in found.statement
        assert found.warnings.select("LIST_DEPENDENCE")
    else:
        assert found.statement == "The lists do not reject independence at 95%"


def test_odds_ratios_of_pairs_for_a_number_of_persons():
    found = dependence(lists("Polish"), persons=193875, level=None)
    row = found["GBA and HKS"]
    assert row.value == Interval.point(Fraction(374 * (193875 - 41307), 39488 * 1445))
    assert row.numerator == Interval.point(374)
    unknown = dependence(lists("Polish"))
    assert (unknown.row(0).value, unknown.row(0).bounds) == (None, Interval(0, None))
    inside = Lists("ab", {("a", "b"): 5, "b": 4}, complete=True)
    assert dependence(inside, persons=12).row(0).bounds == Interval(0, None)


def test_conditional_odds_ratio_is_that_of_persons_on_no_further_list():
    counts = {"b": 5, "c": 5, ("b", "c"): 54}
    alone = Lists("bc", counts, complete=True)
    pair = Lists("bcd", {**counts, "d": 59}, complete=True, referred_from={"d": ["b", "c"]})
    rest = hidden(alone, (2, 2)).bounds.lower or 0
    assert hidden(pair, (2, 2), ratio="conditional").bounds == Interval.point(rest + 59)
    exact = hidden(alone, ("1/2", 2), 0.9).bounds
    shifted = hidden(pair, ("1/2", 2), 0.9, ratio="conditional").bounds
    assert shifted == exact + Interval.point(59)


def test_pair_without_overlap_has_no_upper_bound():
    never = Lists("ab", {"a": 20, "b": 30}, complete=True)
    plain = hidden(never, (0, 3))
    assert (plain.bounds, plain.status) == (Interval(50, None), Status.BOUNDED)
    messages = [item.message for item in plain.warnings]
    assert messages == ["no upper bound: no person is on two lists"]
    assert hidden(never, ("1/2", 3)).status is Status.CONTRADICTORY
    sampled = hidden(never, ("1/2", 3), 0.95)
    assert (sampled.status, sampled.bounds.upper) == (Status.BOUNDED, None)
    assert (sampled.bounds.lower or 0) > 50
    mixed = hidden(lists("NewOrl_5"), ("1/10", 10))
    assert mixed.status is Status.CONTRADICTORY
    assert any("contradict every odds ratio above 0" in item.message for item in mixed.warnings)


def test_referred_pair_is_left_out_and_named():
    counts = {"ngo": 80, "police": 90, "border": 60, ("ngo", "police"): 50, ("ngo", "border"): 6}
    counts |= {("police", "border"): 5}
    fed = Lists(["police", "ngo", "border"], counts, complete=True, referred_from={"ngo": "police"})
    plain = Lists(["police", "ngo", "border"], counts, complete=True)
    assert dependence(plain).names[0] == ("police and ngo",)
    found = dependence(fed)
    assert found.names == [("police and border",), ("ngo and border",)]
    text = "being on ngo is a consequence of being on police: their odds ratio has no meaning"
    for result in (found.row(0), hidden(fed, (1, 1), 0.95)):
        assert any(text in item.message for item in result.warnings)
    assert (hidden(fed, (1, 1), 0.95).bounds.lower or 0) > (
        hidden(plain, (0, 9), 0.95).bounds.lower or 0
    )


def test_registrations_without_a_key_and_suppressed_counts_widen():
    counts = {"a": 300, "b": 400, ("a", "b"): 50}
    exact = Lists("ab", counts, complete=True)
    for wider in (
        Lists("ab", counts, complete=True, without_key={"a": 5}),
        Lists("ab", counts | {("a", "b"): Count.suppressed(48, 52)}, complete=True),
    ):
        for level in (None, 0.95):
            inner, outer = (hidden(own, ("1/2", 2), level).bounds for own in (exact, wider))
            assert (outer.lower or 0) < (inner.lower or 0) < (inner.upper or 0) < (outer.upper or 0)
    for ratio in ("marginal", "conditional"):
        three = Lists("abc", {**counts, "c": 9, ("b", "c"): 20, ("a", "c"): 8}, complete=True)
        keyless = Lists("abc", three.counts, complete=True, without_key={"c": 4})
        inner, outer = (hidden(own, (0, 9), ratio=ratio).bounds for own in (three, keyless))
        assert (outer.lower or 0) <= (inner.lower or 0) <= (inner.upper or 0) <= (outer.upper or 0)


def test_overlaps_without_histories_are_enough():
    whole = lists("Kosovo")
    bounds = hidden(published(whole, pairs=True), (1, 5), 0.95).bounds
    inner = hidden(whole, (1, 5), 0.95).bounds
    assert bounds == inner
    assert hidden(published(whole), (0, 5)).bounds == Interval(1910, None)


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 300),
    st.floats(0.02, 50),
)
def test_distribution_equals_that_of_scipy(
    both: int, first: int, second: int, more: int, ratio: float
):
    sizes, persons = (both + first, both + second), both + first + second + more
    law = nchypergeom_fisher(persons, *sizes, ratio)
    assert tails(both, sizes, persons, ratio) == pytest.approx(
        (law.cdf(both), law.sf(both - 1)), abs=1e-9
    )


def test_distribution_of_large_lists_has_a_window():
    sizes, persons = (3_986_200, 181_900), 19_387_427
    both = sizes[0] * sizes[1] // persons
    below, above = tails(both, sizes, persons, 1.0)
    assert 0.49 < below < 0.51 < above + 0.02
    assert tails(both - 20_000, sizes, persons, 1.0) == (0.0, 1.0)
    assert tails(both + 20_000, sizes, persons, 1.0) == (1.0, 0.0)
    assert tails(0, (5, 5), 20, 0.0) == (1.0, 1.0)
    assert tails(3, (5, 5), 20, 0.0) == (1.0, 0.0)


def bounds_of(whole: Lists, low: object, high: object, level: float | None) -> Interval | None:
    """Return the bounds; ``None`` if the lists reject the range."""
    try:
        return hidden(whole, (low, high), level).bounds
    except ImpossibleResult:
        return None


def is_inside(inner: Interval | None, outer: Interval | None) -> bool:
    if inner is None:
        return True
    if outer is None:
        return False
    below = (outer.lower or 0) <= (inner.lower or 0)
    above = outer.upper is None or (inner.upper is not None and inner.upper <= outer.upper)
    return below and above


ratios = st.fractions(Fraction(1, 20), 20, max_denominator=20)


@examples(20)
@given(tables, st.tuples(ratios, ratios, ratios, ratios), st.sampled_from([None, 0.9]))
def test_wider_range_never_narrows(
    numbers: list[int], ends: tuple[Fraction, ...], level: float | None
):
    whole = of_histories(numbers)
    if whole is None:
        return
    outer_low, low, high, outer_high = sorted(ends)
    inner = bounds_of(whole, low, high, level)
    assert is_inside(inner, bounds_of(whole, outer_low, outer_high, level))


@examples(20)
@given(tables, st.permutations("abc"), st.sampled_from([None, 0.9]))
def test_order_of_lists_changes_nothing(numbers: list[int], order: list[str], level: float | None):
    whole = of_histories(numbers)
    if whole is None:
        return
    other = Lists(order, whole.counts, complete=True)
    assert bounds_of(whole, "1/3", 9, level) == bounds_of(other, "1/3", 9, level)
    assert (
        dependence(whole, level=level).smallest_factor
        == dependence(other, level=level).smallest_factor
    )


@examples(20)
@given(tables)
def test_less_information_never_narrows(numbers: list[int]):
    whole = of_histories(numbers)
    if whole is None:
        return
    for level in (None, 0.9):
        try:
            inner = hidden(whole, ("1/4", 8), level).bounds
        except ThbstatsError:
            continue
        hidden_cells = published(whole, pairs=True, suppress=True)
        assert is_inside(inner, bounds_of(hidden_cells, "1/4", 8, level))


def test_rejected_factors_end_at_the_last_one_that_is_tested():
    counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    korea = Lists("bcd", counts, complete=True)
    found = dependence(korea, level=0.5)
    # 19.17 is rejected and 19.171 is not: factors below 19.18 are not all rejected.
    assert found.statement == "The lists reject every factor of dependence up to 19.17 at 50%"
    assert found.smallest_factor == Fraction("19.18")
    accepted = Fraction("19.171")
    assert hidden(korea, (1 / accepted, accepted), 0.5).bounds.lower == 123
    rejected = Fraction("19.17")
    with pytest.raises(ImpossibleResult):
        hidden(korea, (1 / rejected, rejected), 0.5)


def test_extreme_factors():
    apart = {"a": 5000, "b": 5000, "c": 4000, ("a", "b"): 1, ("a", "c"): 4000}
    strange = Lists("abc", apart, complete=True)
    assert dependence(strange, level=None).smallest_factor is not None
    impossible = Lists("abc", {("a", "b"): 90000, ("b", "c"): 1, "a": 1, "c": 90000}, complete=True)
    found = dependence(impossible, level=None)
    assert found.smallest_factor is None
    assert "up to 9,999.99" in found.statement
    with pytest.raises(ImpossibleResult, match="Pass a wider range"):
        hidden(impossible, (1, 1))
    assert "0.3333 to no bound" in hidden(lists("Korea"), (1 / 3.0001, None)).label


def test_bounds_with_sampling_take_less_than_a_tenth_of_a_second_per_pair():
    for name in ("UKdat", "Polish"):
        whole = lists(name)
        assert seconds(lambda own=whole: hidden(own, ("1/10", 10), 0.95)) < 0.1 * len(whole.pairs)


@pytest.mark.untraced
def test_bounds_with_sampling_cover_the_known_number_of_simulated_lists():
    # The whole campaign is `python -m tests.lists.campaign`.
    one = Fraction(1)
    assert two_lists(1.0, (one, one), 200) >= 0.93
    assert two_lists(5.0, (one, one), 20) == 0
    inside, outside = (coverage(3, 20, is_inside=own) for own in (True, False))
    assert inside["covered"] >= 0.95
    assert outside["covered"] < inside["covered"]


def test_the_hint_about_a_size_names_its_cause():
    counts = {"a": 4, "b": 3, ("a", "b"): Count.suppressed()}
    with pytest.raises(InvalidValue, match="counts with upper bounds"):
        hidden(Lists("ab", counts), (1, 2))
    with pytest.raises(InvalidValue, match="Pass complete=True"):
        hidden(Lists("abc", counts), (1, 2))
