"""Which ways of rounding print a number: against schoolbook rounding and against `Percent`."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.auditing.published_tables.rounded import WAYS, digits_of, figures, printed
from tests.examples import examples
from thbstats.auditing.published_tables import rounding_ways as exact
from thbstats.values import LARGEST_COUNT, Percent


def column(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def kind(*is_change: bool) -> exact.NumberKind:
    changes = np.array(is_change, dtype=bool)
    return exact.NumberKind(changes, ~changes)


def ways(top: int, base: int, digits: int, decimals: int, is_change: bool) -> int:
    scale = column(100 * 10**decimals)
    found = exact.roundings(column(top), column(base), column(digits), scale, kind(is_change))
    return int(found[0])


def true(top: int, base: int, decimals: int, is_change: bool) -> Fraction:
    return Fraction(top - base if is_change else top, base) * 100 * 10**decimals


@given(figures(), st.integers(-2, 2))
def test_a_way_of_rounding_is_found_exactly_where_it_prints_these_digits(figure, off):
    is_change, top, base, decimals = figure
    value = true(top, base, decimals, is_change)
    digits = digits_of(value, exact.WAYS[0]) + off
    expected = [way for way in WAYS if digits_of(value, way) == digits]
    assert list(exact.ways_of(ways(top, base, digits, decimals, is_change))) == expected


@given(figures(), st.sampled_from(WAYS), st.integers(-1, 1))
def test_shares_agree_with_the_printed_percentage_of_the_library(figure, way, off):
    _, top, base, decimals = figure
    digits = digits_of(true(top, base, decimals, False), way) + off
    allowed = Percent(printed(digits, decimals), rounding=way).allows(top, base)
    assert (way in exact.ways_of(ways(top, base, digits, decimals, False))) == allowed


@given(st.lists(figures(), max_size=20))
def test_many_rows_at_once_are_each_row_alone(drawn):
    rows = [
        (top, base, digits_of(true(top, base, decimals, change), WAYS[0]), decimals, change)
        for change, top, base, decimals in drawn
    ]
    top, base, digits, decimals, change = zip(*rows, strict=True) if rows else ((),) * 5
    scale = column(*(100 * 10**each for each in decimals))
    found = exact.roundings(column(*top), column(*base), column(*digits), scale, kind(*change))
    assert found.tolist() == [ways(*row) for row in rows]


def test_the_largest_counts_and_many_decimals_do_not_overflow():
    top, base, decimals = LARGEST_COUNT - 1, LARGEST_COUNT, 12
    digits = digits_of(true(top, base, decimals, False), WAYS[0])
    assert ways(top, base, digits, decimals, False) & exact.NEAREST == exact.NEAREST
    assert ways(top, base, digits - 2, decimals, False) == 0


@pytest.mark.parametrize(
    ("base", "fits"), [(17_272, False), (17_273, True), (17_583, True), (17_584, False)]
)
def test_one_person_more_or_fewer_decides(base, fits):
    assert bool(ways(9_759, base, 56, 0, False) & exact.NEAREST) is fits


ends = st.tuples(st.integers(0, 40), st.sampled_from([0, 0, 1, 3, 20])).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)


@examples(150)
@given(ends, ends, st.integers(-120, 260), st.integers(0, 1), st.booleans())
def test_counts_between_two_ends_are_possible_exactly_if_one_of_them_is(
    tops, bases, digits, decimals, is_change
):
    expected = 0
    for top in range(tops[0], tops[1] + 1):
        for base in range(max(bases[0], 1), bases[1] + 1):
            if is_change or top <= base:
                expected |= ways(top, base, digits, decimals, is_change)
    found = exact.possible(
        (column(tops[0]), column(tops[1])),
        (column(bases[0]), column(bases[1])),
        column(digits),
        column(100 * 10**decimals),
        kind(is_change),
    )
    assert int(found[0]) == expected


@given(figures(), st.data())
def test_true_counts_inside_their_ends_are_possible(figure, data):
    is_change, top, base, decimals = figure
    low, high = data.draw(st.integers(0, top)), data.draw(st.integers(top, LARGEST_COUNT))
    first, last = data.draw(st.integers(0, base)), data.draw(st.integers(base, LARGEST_COUNT))
    way = data.draw(st.sampled_from(WAYS))
    digits = digits_of(true(top, base, decimals, is_change), way)
    found = exact.possible(
        (column(low), column(high)),
        (column(first), column(last)),
        column(digits),
        column(100 * 10**decimals),
        kind(is_change),
    )
    assert way in exact.ways_of(int(found[0]))


def test_one_of_a_hundred_is_found_between_none_and_two_where_all_is_rounded_up():
    found = exact.possible(
        (column(0), column(2)), (column(0), column(100)), column(1), column(100), kind(False)
    )
    assert "up" in exact.ways_of(int(found[0]))


def test_a_whole_number_deep_inside_two_ranges_is_found():
    # 17 of 41 is 41.46%; neither end of either range is printed so.
    found = exact.possible(
        (column(16), column(18)),
        (column(41), column(42)),
        column(4146),
        column(10_000),
        kind(False),
    )
    assert exact.ways_of(int(found[0])) == (*WAYS[:3], WAYS[3])


def test_of_anything_any_share_up_to_the_whole_is_possible():
    anything = (column(0, 0), column(LARGEST_COUNT, LARGEST_COUNT))
    found = exact.possible(
        anything, anything, column(100, 102), column(100, 100), kind(False, False)
    )
    assert found.tolist() == [exact.ANY, 0]


@given(
    st.integers(0, 10**6),
    st.integers(1, 10**9),
    st.tuples(st.sampled_from([1, 1000, 100_000, 10**6]), st.integers(0, 2)),
    st.sampled_from(WAYS),
    st.integers(-1, 1),
)
def test_a_rate_is_printed_as_schoolbook_rounding_prints_it(top, base, unit, way, off):
    """A rate and a ratio are not at most 1: 3 of 2 is 1.5 and 150,000 per 100,000."""
    per, decimals = unit
    value = Fraction(top, base) * per * 10**decimals
    digits = digits_of(value, way) + off
    neither = exact.NumberKind(np.array([False]), np.array([False]))
    scale = column(per * 10**decimals)
    columns = column(top), column(base), column(digits), scale
    bit = 1 << exact.WAYS.index(way)
    assert bool(int(exact.roundings(*columns, neither)[0]) & bit) == (off == 0)
    ranges = (column(top), column(top)), (column(base), column(base))
    found = exact.possible(*ranges, column(digits), scale, neither)
    assert bool(int(found[0]) & bit) == (off == 0)
