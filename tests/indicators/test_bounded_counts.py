"""Bounds of concentration, compared with every completion of the counts."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from thbstats.columns import Ranges
from thbstats.formulas import concentration as bounded
from thbstats.formulas.concentration import BoundedCounts, concentration_bounds
from thbstats.values import Interval


def counted(counts, total=None):
    lower = [first.lower for first in counts]
    upper = [float("inf") if first.upper is None else first.upper for first in counts]
    return BoundedCounts.of(Ranges(lower, upper, [True] * len(lower)), total)


ends = st.tuples(st.integers(0, 5), st.sampled_from([0, 0, 1, 2, 4])).map(
    lambda pair: Interval(pair[0], sum(pair))
)


@st.composite
def boxes(draw):
    """Draw counts, perhaps with what their sum can be."""
    counts = draw(st.lists(ends, min_size=1, max_size=4))
    sums = st.integers(sum(first.lower for first in counts), sum(first.upper for first in counts))
    total = draw(st.none() | st.tuples(sums, sums).map(lambda pair: Interval(*sorted(pair))))
    return counts, total


def ways_of(counts, total):
    ways = product(*(range(first.lower, first.upper + 1) for first in counts))
    return [way for way in ways if total is None or total.contains(sum(way))]


def squared(way):
    return Fraction(sum(count**2 for count in way), sum(way) ** 2)


def measured(box, n):
    return concentration_bounds(box, n or None)


def true(way, n):
    return squared(way) if n == 0 else Fraction(sum(sorted(way)[-n:]), sum(way))


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@example(([Interval(0, 2), Interval(1, 4), Interval(3, 3)], Interval(5, 5)))
@given(boxes())
def test_bounds_are_the_extremes_of_every_completion(n, drawn):
    ways = ways_of(*drawn)
    result, sharp = measured(counted(*drawn), n)
    values = [true(way, n) for way in ways if sum(way)]
    assert result.undefined == (len(values) < len(ways))
    assert sharp
    assert (result.lower, result.upper) == ((min(values), max(values)) if values else (0, 1))


@pytest.mark.parametrize("n", [0, 1, 2])
def test_largest_value_is_an_outer_bound_with_too_many_corners(n, monkeypatch):
    monkeypatch.setattr(bounded, "_CORNERS", 0)

    @given(boxes())
    def holds(drawn):
        result, sharp = measured(counted(*drawn), n)
        values = [true(way, n) for way in ways_of(*drawn) if sum(way)]
        if values:
            assert result.lower == min(values)
            assert result.upper == max(values) if sharp else result.upper >= max(values)

    holds()


def test_many_counts_with_different_bounds_are_not_sharp():
    counts = [Interval(index, 2 * index + 5) for index in range(30)]
    result, sharp = concentration_bounds(counted(counts))
    assert not sharp
    assert (
        squared([first.upper if index > 20 else first.lower for index, first in enumerate(counts)])
        < result.upper
        < 1
    )


def test_many_counts_with_equal_bounds_are_sharp():
    # 27 countries with fewer than five each, and one with 61: no other country is decisive.
    counts = [Interval.point(61), *[Interval(0, 4)] * 27]
    result, sharp = concentration_bounds(counted(counts))
    assert (result, sharp) == (Interval(squared([61, *[4] * 27]), 1), True)


def test_sum_bounds_an_unbounded_count():
    box = counted([Interval.point(61), Interval.at_least(0)], Interval.point(100))
    assert concentration_bounds(box) == (Interval.point(squared([61, 39])), True)


def test_sum_outside_the_counts_is_ignored():
    counts = [Interval.point(6), Interval.point(4)]
    assert counted(counts, Interval.point(12)) == counted(counts)
    assert counted(counts).total == Interval.point(10)


@pytest.mark.parametrize("far", [10**4, 10**6])
def test_unbounded_counts_approach_their_limits(far):
    counts = [Interval.point(3), Interval.at_least(0), Interval.at_least(1)]
    open_ended, sharp = concentration_bounds(counted(counts))
    closed, _ = concentration_bounds(
        counted([Interval(first.lower, first.upper or far) for first in counts])
    )
    assert sharp
    assert closed.within(open_ended)
    assert abs(float(open_ended.upper - closed.upper)) < 1e-3
    assert open_ended.lower == Fraction(1, 3)
