"""Agreement of rankings: comparison with scipy and with every order, and laws."""

import math
from fractions import Fraction
from functools import partial
from itertools import pairwise, permutations, product
from random import Random

import pytest
from scipy.stats import kendalltau

from tests.indicators.worked_examples import counts_of
from thbstats import Count, Interval, formulas, ranking
from thbstats.errors import InvalidValue
from thbstats.formulas import ranks as orders
from thbstats.indicators import Ranking

ranking_overlap, kendall_tau, rank_biased_overlap = (
    partial(Ranking.agreement, method=name)
    for name in ("overlap", "kendall_tau", "rank_biased_overlap")
)

NAMES = ("BG", "HU", "NL", "PL", "RO")


def citizens(rows, **constant):
    arguments = {"kind": "victims", "area": "BE", "period": 2016}
    table = counts_of(rows, "citizenship", **{**arguments, **constant})
    return ranking(table, rules=[])


def rankings(lists):
    """Return a ranking of each mapping from members to bounds, from one table."""
    rows = [
        (year, name, Count.known(low) if low == high else Count.between(low, high))
        for year, scores in enumerate(lists, 1000)
        for name, (low, high) in scores.items()
    ]
    table = counts_of(rows, "period citizenship", kind="victims", area="BE")
    every = ranking(table, by=["period", "citizenship"], rules=[])
    return [every.where(period=year) for year in range(1000, 1000 + len(lists))]


def bounded(random, least, most, width=(0, 0, 1, 2)):
    names = random.sample(NAMES, random.randint(least, most))
    lower = {name: random.randrange(4) for name in names}
    return {name: (low, low + random.choice(width)) for name, low in lower.items()}


def pairs_of(lists):
    """Return pairs of lists, each with its ranking."""
    both = list(zip(lists, rankings(lists), strict=True))
    return [(*first, *second) for first, second in zip(both[::2], both[1::2], strict=True)]


def orders_of(random):
    return random.sample(NAMES, random.randint(1, len(NAMES)))


def scored(names):
    return {name: (20 - index, 20 - index) for index, name in enumerate(names)}


RANDOM = Random(0)
OPEN = pairs_of([bounded(RANDOM, 1, 4) for _ in range(50)])
POINTS = pairs_of([bounded(RANDOM, 2, 5, (0,)) for _ in range(50)])
WHOLE = pairs_of([scored(orders_of(RANDOM)) for _ in range(50)])


def listed(names):
    return rankings([scored(names)])[0]


def lines(scores):
    """Return every order of some counts, with ties in any order."""
    result = set()
    for values in product(*(range(low, high + 1) for low, high in scores.values())):
        count = dict(zip(scores, values, strict=True))
        for order in permutations(scores):
            if all(count[a] >= count[b] for a, b in pairwise(order)):
                result.add(order)
    return result


def test_overlap_of_the_top_contains_that_of_every_order():
    for i, (left, first, right, second) in enumerate(OPEN):
        result = ranking_overlap(first, second, top=1 + i % 5, rules=[])
        depth = min(1 + i % 5, max(len(left), len(right)))
        shared = [len({*a[:depth]} & {*b[:depth]}) for a in lines(left) for b in lines(right)]
        assert result.numerator == Interval(min(shared), max(shared))
        assert result.value == Interval(Fraction(min(shared), depth), Fraction(max(shared), depth))
        result = ranking_overlap(first, second, rules=[])
        assert float(result) == formulas.overlap(list(left), list(right))


def test_tau_of_points_equals_that_of_scipy():
    for left, ranked, right, other in POINTS:
        shared = [name for name in left if name in right]
        if len(shared) < 2:
            continue
        first, second = ([side[name][0] for name in shared] for side in (left, right))
        result = kendall_tau(ranked, other, rules=[])
        expected = kendalltau(first, second).statistic
        if not math.isnan(expected):
            assert float(result) == pytest.approx(expected)
            assert result.bounds_attained
        else:
            assert result.value == Interval(-1, 1, undefined=True)


def taus(left, right):
    names = [name for name in left if name in right]
    ways = [
        list(product(*(range(scores[name][0], scores[name][1] + 1) for name in names)))
        for scores in (left, right)
    ]
    return [formulas.kendall_tau_b(a, b) for a, b in product(*ways)]


@pytest.mark.parametrize("limit", [1000, 0])
def test_tau_contains_every_completion_and_attains_sharp_bounds(limit, monkeypatch):
    monkeypatch.setattr(orders, "_ORDERS", limit)
    for left, first, right, second in OPEN:
        if len(set(left) & set(right)) < 2:
            continue
        result = kendall_tau(first, second, rules=[])
        every = taus(left, right)
        defined = [tau for tau in every if not math.isnan(tau)]
        assert result.bounds_attained == bool(limit)
        if limit:
            assert result.value.undefined == (len(defined) < len(every))
        if not defined:
            assert result.value.undefined
            continue
        low, high = float(result.value.lower), float(result.value.upper)
        if result.bounds_attained:
            assert (low, high) == pytest.approx((min(defined), max(defined)))
        assert low <= min(defined) + 1e-12
        assert high >= max(defined) - 1e-12


def test_agreement_of_counts_without_an_upper_bound_is_open():
    first, second = rankings([{"BG": (0, None), "RO": (0, None)}] * 2)
    assert kendall_tau(first, second, rules=[]).value == Interval(-1, 1, undefined=True)


@pytest.mark.parametrize("names", [NAMES, ("RO", "BG", "PL", "HU", "NL")])
def test_tau_of_reversed_lists_is_minus_one_and_of_equal_ones_one(names):
    first, second = listed(names), listed(names[::-1])
    assert kendall_tau(first, second, rules=[]).value == Interval.point(-1)
    assert kendall_tau(first, first, rules=[]).value == Interval.point(1)
    assert kendall_tau(first, second, rules=[]).numerator == Interval.point(-10)


def test_rank_biased_overlap_of_points_equals_that_of_formulas():
    for left, first, right, second in WHOLE:
        result = rank_biased_overlap(first, second, p="0.9", rules=[])
        expected = formulas.rank_biased_overlap(list(left), list(right), 0.9)
        assert float(result) == pytest.approx(expected)
        swapped = rank_biased_overlap(second, first, p=Fraction(9, 10), rules=[])
        assert swapped.bounds == result.bounds
        assert result.value.within(result.bounds)
    assert rank_biased_overlap(first, first, p="0.9", rules=[]).value == Interval.point(1)


def weighed(left, right, p):
    depths = range(1, max(len(left), len(right)) + 1)
    return sum((1 - p) * p ** (d - 1) * len({*left[:d]} & {*right[:d]}) / d for d in depths)


def test_continuations_of_the_lists_attain_both_bounds_of_rank_biased_overlap():
    tail = [f"x{n}" for n in range(80)]
    for left, first, right, second in WHOLE:
        bounds = rank_biased_overlap(first, second, p="0.7", rules=[]).bounds
        apart = [
            [*names, *(f"{side}{n}" for n in range(80))]
            for side, names in zip("ab", (left, right), strict=True)
        ]
        assert float(bounds.lower) == pytest.approx(weighed(*apart, 0.7), abs=1e-8)
        joined = [
            [*names, *(name for name in other if name not in names), *tail]
            for names, other in ((left, right), (right, left))
        ]
        assert float(bounds.upper) == pytest.approx(weighed(*joined, 0.7), abs=1e-8)


@pytest.mark.parametrize("limit", [15_000, 0])
def test_rank_biased_overlap_is_over_every_order(limit, monkeypatch):
    monkeypatch.setattr(orders, "_PAIRS", limit)
    for left, first, right, second in OPEN:
        result = rank_biased_overlap(first, second, p="0.8", rules=[])
        ways = product(lines(left), lines(right))
        values = [formulas.rank_biased_overlap(a, b, 0.8) for a, b in ways]
        assert result.bounds_attained == bool(limit)
        low, high = float(result.value.lower), float(result.value.upper)
        if limit:
            assert (low, high) == pytest.approx((min(values), max(values)))
        assert low <= min(values) + 1e-12
        assert high >= max(values) - 1e-12


def test_many_ties_give_outer_bounds_without_a_search():
    scores = {f"member {n}": (0, 5) for n in range(orders._TIES + 1)}
    _, tau, sharp = orders.rank_correlation(scores, scores)
    assert (tau, sharp) == (Interval(-1, 1, undefined=True), False)


def test_count_without_upper_bound_can_be_first_in_both():
    first = citizens([("RO", 40), ("HU", Count.not_reported()), ("NL", 20)])
    second = citizens([("RO", 40), ("HU", 30), ("NL", 20)])
    assert kendall_tau(first, second).value == Interval(Fraction(1, 3), 1)


def test_agreement_has_the_context_of_both_rankings():
    first, second = listed(["RO", "HU", "NL"]), listed(["RO", "NL", "HU"])
    tau = kendall_tau(first, second, rules=[])
    assert (tau.formatted, tau.base.label) == ("0.333", "pairs of the 3 members of both rankings")
    assert (
        "each depth has 9/10 of the weight before"
        in rank_biased_overlap(first, second, p="0.9").footnote()
    )


def test_certain_members_are_first_in_every_completion():
    for scores, result, *_ in OPEN:
        ways = product(*(range(low, high + 1) for low, high in scores.values()))
        values = [dict(zip(scores, way, strict=True)) for way in ways]
        ranks = {
            name: [1 + sum(other > way[name] for other in way.values()) for way in values]
            for name in scores
        }
        for n in range(1, 6):
            assert {own for _, own in result.certain(n)} == {
                name for name in scores if max(ranks[name]) <= n
            }
            assert {own for _, own in result.top(n)} == {
                name for name in scores if min(ranks[name]) <= n
            }
        best = {name: (min(own), max(own)) for name, own in ranks.items()}
        names = [label for _, label in result.names]
        assert dict(zip(names, zip(result.best, result.worst, strict=True), strict=True)) == best


def test_agreement_of_countries_has_all_countries_as_area():
    rows = [("BE", 9), ("DE", 5), ("FR", Count.not_reported())]
    table = counts_of(rows, "area", kind="victims", period=2016)
    first, second = (
        ranking(table, by="area", area=area, rules=[]) for area in ("BE+DE", "BE+DE+FR")
    )
    result = ranking_overlap(first, second, rules=[])
    assert (result.area.code, result.reporters, result.missing) == (
        "BE+DE+FR",
        {"BE", "DE"},
        {"FR"},
    )
    assert float(result) == 2 / 3


@pytest.mark.parametrize("wrong", ["1", 1.5, True, -1])
def test_numbers_of_ranks_are_integers(wrong):
    result = listed(["RO", "HU", "NL"])
    for members in (result.top, result.certain):
        with pytest.raises(InvalidValue, match="`n` must be an integer of 0 or more"):
            members(wrong)
    with pytest.raises(InvalidValue, match="`top` must be an integer of 1 or more"):
        result.agreement(result, top=wrong)
