"""Columns of exact intervals, against the arithmetic of single intervals."""

import copy
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.values.strategies import intervals
from thbstats.columns import Fractions, Ranges
from thbstats.values import Interval

huge = st.integers(-(2**70), 2**70)


@st.composite
def large_intervals(draw: st.DrawFn) -> Interval:
    lower, upper = sorted(Fraction(draw(huge), draw(st.integers(1, 2**66))) for _ in range(2))
    return Interval(draw(st.sampled_from([lower, None])), draw(st.sampled_from([upper, None])))


columns = st.lists(st.none() | intervals() | large_intervals(), max_size=6)


@given(columns)
def test_column_returns_its_intervals(items: list[Interval | None]) -> None:
    made = Fractions.from_values(items)
    assert len(made) == len(items)
    assert list(made) == items
    assert [made[position] for position in range(-len(items), 0)] == items
    assert made == Fractions.from_values(iter(items))
    assert pickle.loads(pickle.dumps(made)) == copy.copy(made) == copy.deepcopy(made) == made


@given(columns, st.data())
def test_rows_are_taken_in_any_order_and_joined_again(
    items: list[Interval | None], data: st.DataObject
) -> None:
    positions = data.draw(st.lists(st.sampled_from(range(len(items))))) if items else []
    taken = Fractions.from_values(items).take(np.array(positions, dtype=np.intp))
    assert list(taken) == [items[position] for position in positions]
    assert list(Fractions.concat([taken, Fractions.from_values(items)])) == [*taken, *items]


@given(columns)
def test_bounds_as_floats_are_the_nearest_floats(items: list[Interval | None]) -> None:
    made = Fractions.from_values(items)
    assert made.lower.dtype == made.upper.dtype == np.float64
    for low, high, item in zip(made.lower, made.upper, items, strict=True):
        if item is None:
            assert np.isnan([low, high]).all()
            continue
        assert low == (-np.inf if item.lower is None else pytest.approx(float(item.lower), 1e-15))
        assert high == (np.inf if item.upper is None else pytest.approx(float(item.upper), 1e-15))


@pytest.mark.parametrize(
    ("largest", "dtype"),
    [(2**63 - 1, np.int64), (2**63, object), (-(2**63), np.int64), (-(2**63) - 1, object)],
)
def test_column_is_int64_unless_a_number_exceeds_it(largest: int, dtype: Any) -> None:
    made = Fractions.from_values([Interval.point(3), Interval.point(largest)])
    assert made.lower_num.dtype == made.upper_num.dtype == dtype
    assert made.lower_den.dtype == np.int64
    assert made[1] == Interval.point(largest)


@pytest.mark.parametrize(
    "given_as",
    [
        [2**63],
        np.array([2**63], dtype=np.uint64),
        np.array([2**63], dtype=object),
        [np.uint64(2**63)],
    ],
)
def test_numbers_beyond_int64_do_not_wrap(given_as: Any) -> None:
    made = Fractions([0], [1], given_as, [1], [False], [False])
    assert made[0] == Interval(0, 2**63)
    assert made.upper.tolist() == [2.0**63]


@given(columns, st.fractions(min_value=Fraction(1, 10**9), max_value=10**9))
def test_factor_scales_every_number(items: list[Interval | None], factor: Fraction) -> None:
    expected = [None if item is None else item.scale(factor) for item in items]
    assert list(Fractions.from_values(items).scale(factor)) == expected


@given(st.lists(st.tuples(intervals() | large_intervals(), large_intervals()), max_size=6))
def test_differences_equal_those_of_intervals(items: list[tuple[Interval, Interval]]) -> None:
    first, second = (Fractions.from_values(item[side] for item in items) for side in (0, 1))
    assert list(first.minus(second)) == [single - other for single, other in items]


def test_denominator_of_0_is_not_a_bound() -> None:
    made = Fractions([2, 0], [4, 0], [3, 9], [4, 0], [False, True], [False, False])
    expected = [Interval(Fraction(1, 2), Fraction(3, 4)), Interval(None, None, undefined=True)]
    assert list(made) == expected
    assert made == Fractions.from_values(expected)
    assert made.is_point.tolist() == [False, False]


@pytest.mark.parametrize(
    "items",
    [
        [Interval(0, 1), Interval(0, 3), None],
        [Interval(0, 1), Interval(0, 2)],
        [Interval(0, 1), Interval(0, 2, undefined=True), None],
        [Interval(0, 1), None, Interval(0, 2)],
    ],
)
def test_columns_with_one_different_number_are_unequal(items: list[Interval | None]) -> None:
    made = Fractions.from_values([Interval(0, 1), Interval(0, 2), None])
    assert made != Fractions.from_values(items)
    assert made != [Interval(0, 1), Interval(0, 2), None]


def test_column_has_no_hash_and_no_row_beyond_its_end() -> None:
    made = Fractions.none(1)
    assert list(made) == [None]
    with pytest.raises(IndexError):
        made[1]
    with pytest.raises(TypeError, match="unhashable"):
        hash(made)


@st.composite
def counts(draw: st.DrawFn) -> Interval:
    """Draw counts up to the largest that a table can have."""
    count = st.integers(0, 9) | st.integers(2**52, 2**53)
    lower, upper = sorted([draw(count), draw(count)])
    return Interval(lower, draw(st.sampled_from([lower, upper, None])))


pairs = st.lists(st.tuples(counts(), counts()), min_size=1, max_size=6)


@given(pairs, st.integers(1, 10**6))
@example([(Interval.point(2**53), Interval.point(2**53 - 1))], 1)
@example([(Interval.point(0), Interval.point(0))], 100)
@example([(Interval(0, 4), Interval.point(6)), (Interval.point(0), Interval(0, 5))], 1)
@example([(Interval(0, 5), Interval.point(0)), (Interval(0, None), Interval(0, None))], 1)
@example([(Interval(2, None), Interval(3, 7)), (Interval(2, 6), Interval(3, None))], 100)
def test_shares_and_ratios_equal_those_of_intervals(
    items: list[tuple[Interval, Interval]], scale: int
) -> None:
    part, other = (Ranges.from_intervals([item[side] for item in items]) for side in (0, 1))
    shares = Fractions.shares(part, other, (part.lower == 0) & (other.lower == 0))
    assert list(shares) == [Interval.share_of(*item) for item in items]
    ratios = Fractions.ratios(part, other, scale)
    assert list(ratios) == [Interval.ratio(*item).scale(scale) for item in items]


@given(columns, columns, st.data())
def test_rows_are_replaced_and_removed(
    first: list[Interval | None], second: list[Interval | None], data: st.DataObject
) -> None:
    size = min(len(first), len(second))
    mask = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    single, other = Fractions.from_values(first[:size]), Fractions.from_values(second[:size])
    chosen = np.array(mask, dtype=np.bool_)
    mixed = [a if m else b for a, b, m in zip(first, second, mask, strict=False)]
    assert list(single.where(chosen, other)) == mixed
    emptied = [None if m else a for a, m in zip(first, mask, strict=False)]
    assert list(single.without(chosen)) == emptied
    assert single.equals(other).tolist() == [a == b for a, b in zip(first, second, strict=False)]


def test_products_with_the_smallest_integer_do_not_wrap() -> None:
    lowest = Interval.point(-(2**63))
    assert Fractions.from_values([lowest]).scale(3)[0] == lowest.scale(3)
    assert Fractions.from_values([lowest]).minus(Fractions.from_values([lowest]))[
        0
    ] == Interval.point(0)
