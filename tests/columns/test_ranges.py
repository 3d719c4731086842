"""Counts between two bounds, against loops over single counts."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from thbstats.columns import Ranges
from thbstats.values import Interval

Count = tuple[int, int | None, bool]

UNKNOWN = float("inf")


@st.composite
def counts(draw: st.DrawFn) -> Count:
    """Draw the bounds of a count, and whether it was reported."""
    lower = draw(st.integers(0, 9) | st.integers(0, 2**40))
    width = draw(st.none() | st.integers(0, 2**40))
    return lower, None if width is None else lower + width, draw(st.booleans())


def ranges(items: list[Count]) -> Ranges:
    return Ranges(
        [item[0] for item in items],
        [UNKNOWN if item[1] is None else item[1] for item in items],
        [item[2] for item in items],
    )


def stacked(columns: list[Ranges]) -> Ranges:
    return Ranges(*(np.stack(own) for own in zip(*(own.arrays for own in columns), strict=True)))


def rows(column: Ranges) -> list[Count]:
    upper = [None if end == UNKNOWN else int(end) for end in column.upper.tolist()]
    return list(zip(column.lower.tolist(), upper, column.reported.tolist(), strict=True))


def total(items: list[Count]) -> Count:
    upper = [item[1] for item in items]
    return (
        sum(item[0] for item in items),
        None if None in upper else sum(end for end in upper if end is not None),
        all(item[2] for item in items),
    )


columns = st.lists(counts(), max_size=8)
pairs = st.lists(st.tuples(counts(), counts()), max_size=8)


@given(columns, st.data())
def test_counts_are_returned_in_any_order(items: list[Count], data: st.DataObject) -> None:
    index = data.draw(st.lists(st.sampled_from(range(len(items))))) if items else []
    column = ranges(items)
    assert rows(column) == items
    assert rows(column[np.array(index, dtype=np.intp)]) == [items[row] for row in index]
    assert rows(Ranges.concat([column, column])) == items * 2
    assert column.intervals() == [Interval(low, high) for low, high, _ in items]
    assert column.is_point.tolist() == [low == high for low, high, _ in items]


@given(pairs)
def test_sum_of_columns_equals_the_sums_of_counts(items: list[tuple[Count, Count]]) -> None:
    single, other = (ranges([item[side] for item in items]) for side in (0, 1))
    expected = [total(list(item)) for item in items]
    assert rows(single + other) == rows(other + single) == expected
    assert rows(stacked([single, other]).sum(axis=0)) == expected


@given(pairs)
def test_difference_of_counts_is_0_or_more(items: list[tuple[Count, Count]]) -> None:
    whole, part = (ranges([item[side] for item in items]) for side in (0, 1))
    for left, (own, taken) in zip(whole.minus(part).intervals(), items, strict=True):
        lower = 0 if taken[1] is None else max(own[0] - taken[1], 0)
        upper = None if own[1] is None else max(own[1] - taken[0], 0)
        assert left == Interval(lower, upper)


def test_columns_of_equal_counts_are_equal() -> None:
    items = [(1, 1, True), (0, None, False)]
    assert ranges(items) == ranges(items)
    assert ranges(items) != ranges([(1, 1, True), (0, 4, False)])
    assert ranges(items) != ranges([(1, 1, True), (0, None, True)])
    assert ranges(items) != items


def test_a_group_of_no_counts_has_the_sum_0() -> None:
    column = ranges([(1, 1, True), (0, 4, True), (3, 3, True)])
    start = np.array([0, 0, 2, 3, 3], dtype=np.intp)
    assert rows(column.pool(start)) == [(0, 0, True), (1, 5, True), (3, 3, True), (0, 0, True)]


@given(columns, st.data())
def test_groups_of_adjacent_counts_are_summed(items: list[Count], data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(items)), max_size=5))
    start = [0, *sorted(cuts), len(items)]
    chosen = data.draw(st.lists(st.booleans(), min_size=len(items), max_size=len(items)))
    column, mask = ranges(items), np.array(chosen, dtype=np.bool_)
    bounds = list(pairwise(start))
    pooled = column.pool(np.array(start, dtype=np.intp))
    assert rows(pooled) == [total(items[low:high]) for low, high in bounds]
    some = column.pool(np.array(start, dtype=np.intp), mask)
    assert rows(some) == [
        total([items[row] for row in range(low, high) if chosen[row]]) for low, high in bounds
    ]
    # Several selections at once are pooled like each of them.
    both = stacked([column, column[::-1]]).pool(np.array(start, dtype=np.intp), mask)
    assert both[0] == some
    assert both[1] == column[::-1].pool(np.array(start, dtype=np.intp), mask)
    low, high, _ = total([item for item, keep in zip(items, chosen, strict=True) if keep])
    assert column.total(mask) == Interval(low, high)


@given(pairs, st.data())
def test_columns_are_replaced_and_clipped_row_by_row(
    items: list[tuple[Count, Count]], data: st.DataObject
) -> None:
    size = len(items)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), np.bool_)
    single, other = (ranges([item[side] for item in items]) for side in (0, 1))
    mixed = [item[0] if first else item[1] for item, first in zip(items, mask, strict=True)]
    assert rows(single.where(mask, other)) == mixed
    cut = single.clip(other.lower, other.upper, keep=mask)
    for row, (own, limits) in enumerate(items):
        first, second = Interval(*own[:2]), Interval(*limits[:2])
        changes = not mask[row] and first.overlaps(second)
        assert cut.interval(row) == (first.intersect(second) if changes else first)
    assert cut.reported.tolist() == single.reported.tolist()
