"""Rounding methods that print a number: against schoolbook rounding and `Percent`."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.auditing.rounded import WAYS, digits_of, figures, printed
from tests.examples import examples
from thbstats.auditing import rounding_methods
from thbstats.values import LARGEST_COUNT, Percent

SHARE, DECIMAL = 0, 2  # a change is 1, that is, true


def column(values) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def bits(tops, bases, digits, scale, kinds) -> np.ndarray:
    """Return the methods of rows; each top and base is a pair of bounds, or a point."""
    counts = []
    for values in (tops, bases):
        bounds = column([v if isinstance(v, tuple) else (v, v) for v in values]).reshape(-1, 2)
        counts.append(rounding_methods.CountColumn.between(bounds[:, 0], bounds[:, 1], True))
    kinds = column(kinds)
    present = np.ones(len(kinds), dtype=bool)
    numbers = rounding_methods.PrintedColumn(
        column(digits), column(scale), present, kinds == 1, kinds == SHARE
    )
    return rounding_methods.rounding_bits(*counts, numbers)


def ways(top, base, digits: int, decimals: int, kind: int = SHARE) -> int:
    return int(bits([top], [base], [digits], [100 * 10**decimals], [kind])[0])


def true(top: int, base: int, decimals: int, is_change: bool = False) -> Fraction:
    return Fraction(top - base if is_change else top, base) * 100 * 10**decimals


@given(figures(), st.integers(-2, 2))
@example((False, 1, 8, 0), 0)
@example((False, 1, 8, 0), -1)
@example((True, 7, 8, 0), 0)
@example((True, 7, 8, 0), -1)
def test_a_method_is_found_exactly_if_it_prints_the_digits(figure, off):
    is_change, top, base, decimals = figure
    value = true(top, base, decimals, is_change)
    digits = digits_of(value, WAYS[0]) + off
    expected = [way for way in WAYS if digits_of(value, way) == digits]
    assert list(rounding_methods.ways_of(ways(top, base, digits, decimals, is_change))) == expected


@given(figures(), st.sampled_from(WAYS), st.integers(-1, 1))
def test_shares_agree_with_percent(figure, way, off):
    _, top, base, decimals = figure
    digits = digits_of(true(top, base, decimals), way) + off
    if top <= base:
        allowed = Percent(printed(digits, decimals), rounding=way).allows(top, base)
        assert (way in rounding_methods.ways_of(ways(top, base, digits, decimals))) == allowed


@given(st.lists(figures(), max_size=20))
def test_many_rows_are_judged_as_single_rows(drawn):
    rows = [
        (top, base, digits_of(true(top, base, decimals, change), WAYS[0]), decimals, change)
        for change, top, base, decimals in drawn
    ]
    tops, bases, digits, decimals, change = zip(*rows, strict=True) if rows else ((),) * 5
    result = bits(tops, bases, digits, [100 * 10**item for item in decimals], change)
    assert result.tolist() == [ways(*row) for row in rows]


def test_the_largest_counts_and_many_decimals_do_not_overflow():
    top, base, decimals = LARGEST_COUNT - 1, LARGEST_COUNT, 12
    digits = digits_of(true(top, base, decimals), WAYS[0])
    assert ways(top, base, digits, decimals) & rounding_methods.NEAREST == rounding_methods.NEAREST
    assert ways(top, base, digits - 2, decimals) == 0


@pytest.mark.parametrize(
    ("base", "fits"), [(17_272, False), (17_273, True), (17_583, True), (17_584, False)]
)
def test_one_person_more_or_fewer_decides(base, fits):
    assert bool(ways(9_759, base, 56, 0) & rounding_methods.NEAREST) is fits


bounds = st.tuples(st.integers(0, 40), st.sampled_from([0, 0, 1, 3, 20])).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)


@given(bounds, bounds, st.integers(-120, 260), st.integers(0, 1), st.booleans())
@examples(100)
def test_counts_between_bounds_are_possible_exactly_if_some_counts_are(
    tops, bases, digits, decimals, is_change
):
    pairs = [
        (top, base)
        for top in range(tops[0], tops[1] + 1)
        for base in range(max(bases[0], 1), bases[1] + 1)
        if is_change or top <= base
    ]
    above, below = zip(*pairs, strict=True) if pairs else ((), ())
    size, unit = len(pairs), 100 * 10**decimals
    points = bits(above, below, [digits] * size, [unit] * size, [int(is_change)] * size)
    assert ways(tops, bases, digits, decimals, is_change) == np.bitwise_or.reduce(points)


@given(figures(), st.data())
def test_true_counts_within_their_bounds_are_possible(figure, data):
    is_change, top, base, decimals = figure
    tops, bases = (
        (data.draw(st.integers(0, number)), data.draw(st.integers(number, LARGEST_COUNT)))
        for number in (top, base)
    )
    way = data.draw(st.sampled_from(WAYS))
    digits = digits_of(true(top, base, decimals, is_change), way)
    assert way in rounding_methods.ways_of(ways(tops, bases, digits, decimals, is_change))


def test_one_of_a_hundred_is_found_between_none_and_two_if_all_is_rounded_up():
    assert "up" in rounding_methods.ways_of(ways((0, 2), (0, 100), 1, 0))


def test_a_ratio_strictly_inside_two_ranges_is_found():
    # 17 of 41 is 41.46%; no bound of either range gives this.
    assert rounding_methods.ways_of(ways((16, 18), (41, 42), 4146, 2)) == (*WAYS[:3], WAYS[3])


def test_a_share_of_unknown_counts_can_be_any_share_up_to_the_whole():
    unknown = [(0, LARGEST_COUNT)] * 2
    result = bits(unknown, unknown, [100, 102], [100, 100], [SHARE, SHARE])
    assert result.tolist() == [rounding_methods.ANY, 0]


@given(
    st.integers(0, 10**6),
    st.integers(1, 10**9),
    st.tuples(st.sampled_from([1, 1000, 100_000, 10**6]), st.integers(0, 2)),
    st.sampled_from(WAYS),
    st.integers(-1, 1),
)
def test_a_rate_is_printed_by_schoolbook_rounding(top, base, unit, way, off):
    """A rate and a ratio can be above 1: 3 of 2 is 1.5 and 150,000 per 100,000."""
    per, decimals = unit
    digits = digits_of(Fraction(top, base) * per * 10**decimals, way) + off
    bit = 1 << rounding_methods.WAYS.index(way)
    result = bits([top], [base], [digits], [per * 10**decimals], [DECIMAL])
    assert bool(int(result[0]) & bit) == (off == 0)
    if off == 0:
        near = [(max(top - 1, 0), top + 1)]
        result = bits(near, [base], [digits], [per * 10**decimals], [DECIMAL])
        assert int(result[0]) & bit


def test_a_small_share_of_a_numerator_without_an_upper_bound_is_possible():
    # 2 of 3,888 is 0.0514%.
    assert ways((1, LARGEST_COUNT), (3657, 3888), 5, 2) == 0b01111
