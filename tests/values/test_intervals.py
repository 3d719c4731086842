"""A column gives back the intervals it was made of, however large their numbers."""

import copy
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from tests.values.strategies import intervals
from thbstats.errors import InvalidValue
from thbstats.values import Interval, Intervals

huge = st.integers(-(2**70), 2**70)


@st.composite
def large_intervals(draw: st.DrawFn) -> Interval:
    lower, upper = sorted(Fraction(draw(huge), draw(st.integers(1, 2**66))) for _ in range(2))
    return Interval(draw(st.sampled_from([lower, None])), draw(st.sampled_from([upper, None])))


columns = st.lists(intervals() | large_intervals(), max_size=6)


def column(
    lower_num: Any = (0,),
    lower_den: Any = (1,),
    upper_num: Any = (1,),
    upper_den: Any = (1,),
    undefined: Any = (False,),
) -> Intervals:
    return Intervals(lower_num, lower_den, upper_num, upper_den, undefined)


@given(columns)
def test_a_column_gives_back_its_intervals(items: list[Interval]) -> None:
    made = Intervals.of(items)
    assert len(made) == len(items)
    assert list(made) == items
    assert [made[position] for position in range(-len(items), 0)] == items
    assert made == Intervals.of(iter(items))


@given(columns, st.data())
def test_intervals_are_taken_from_a_column_by_their_places(
    items: list[Interval], data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.sampled_from(range(len(items))))) if items else []
    taken = Intervals.of(items).take(np.array(places, dtype=np.intp))
    assert list(taken) == [items[place] for place in places]


def test_interval_can_be_taken_twice_and_in_any_order() -> None:
    column = Intervals.of([Interval(0, 4), Interval.point(7), Interval.at_least(2)])
    taken = column.take(np.array([2, 1, 1]))
    assert list(taken) == [Interval.at_least(2), Interval.point(7), Interval.point(7)]


@given(columns)
def test_the_ends_as_floats_are_the_nearest_floats(items: list[Interval]) -> None:
    made = Intervals.of(items)
    assert made.lower.dtype == made.upper.dtype == np.float64
    for low, high, item in zip(made.lower, made.upper, items, strict=True):
        assert low == (-np.inf if item.lower is None else pytest.approx(float(item.lower), 1e-15))
        assert high == (np.inf if item.upper is None else pytest.approx(float(item.upper), 1e-15))


def test_ends_within_the_counts_of_tables_are_rounded_once() -> None:
    made = Intervals.of([Interval(Fraction(9759, 20532), Fraction(2**53 - 1, 3))])
    assert made.lower.tolist() == [9759 / 20532]
    assert made.upper.tolist() == [(2**53 - 1) / 3]


@pytest.mark.parametrize(
    ("largest", "dtype"),
    [(2**63 - 1, np.int64), (2**63, object), (-(2**63), np.int64), (-(2**63) - 1, object)],
)
def test_a_column_is_int64_until_a_number_does_not_fit(largest: int, dtype: Any) -> None:
    made = Intervals.of([Interval.point(3), Interval.point(largest)])
    assert made.lower_num.dtype == made.upper_num.dtype == dtype
    assert made.lower_den.dtype == np.int64
    assert made[1].value == largest


@pytest.mark.parametrize(
    "given_as",
    [
        [2**63],
        np.array([2**63], dtype=np.uint64),
        np.array([2**63], dtype=object),
        [np.uint64(2**63)],
    ],
)
def test_a_number_beyond_int64_never_wraps_however_it_is_given(given_as: Any) -> None:
    made = column(upper_num=given_as)
    assert made[0].upper == 2**63
    assert type(made.upper_num[0]) is int
    assert made.upper.tolist() == [2.0**63]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64, object])
def test_integer_columns_of_any_kind_are_taken(dtype: Any) -> None:
    made = column(upper_num=np.array([7], dtype=dtype))
    assert made.upper_num.dtype == np.int64
    assert made[0] == Interval(0, 7)


@pytest.mark.parametrize("marks", [[1, 0], [True, False], np.array([1, 0], dtype=np.int8)])
def test_marks_of_any_kind_become_bools(marks: Any) -> None:
    made = Intervals([0, 0], [1, 1], [1, 1], [1, 1], marks)
    assert made.undefined.dtype == np.bool_
    assert made.undefined.tolist() == [True, False]
    assert [item.undefined for item in made] == [True, False]


def test_an_empty_column_has_no_interval() -> None:
    empty = Intervals.of([])
    assert len(empty) == 0
    assert empty.undefined.dtype == np.bool_
    assert list(empty) == []
    assert empty.lower.shape == empty.upper.shape == (0,)
    assert empty == Intervals([], [], [], [], [])


def test_fractions_need_not_be_reduced_and_denominator_zero_means_no_bound() -> None:
    made = Intervals([2, 0], [4, 0], [3, 9], [4, 0], [False, True])
    expected = [Interval(Fraction(1, 2), Fraction(3, 4)), Interval(None, None, undefined=True)]
    assert list(made) == expected
    assert made == Intervals.of(expected)
    assert made.lower.tolist() == [0.5, -np.inf]
    assert made.upper.tolist() == [0.75, np.inf]


def test_columns_differ_when_one_interval_does() -> None:
    made = Intervals.of([Interval(0, 1), Interval(0, 2)])
    assert made != Intervals.of([Interval(0, 1), Interval(0, 3)])
    assert made != Intervals.of([Interval(0, 1)])
    assert made != Intervals.of([Interval(0, 1), Interval(0, 2, undefined=True)])
    assert made != [Interval(0, 1), Interval(0, 2)]


def test_a_place_beyond_the_end_has_no_interval() -> None:
    with pytest.raises(IndexError):
        column()[1]


ENDS = (
    "an end is a fraction of whole numbers. Give a numerator and a denominator, or use Intervals.of"
)
SHAPES = (
    "the columns are not lists of one length. Give five columns with one entry for each interval"
)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: column(lower_num=[0.5]), f"field 'interval ends', value 0.5: {ENDS}"),
        (lambda: column(lower_num=np.array([0.5])), f"field 'interval ends', value 0.5: {ENDS}"),
        (lambda: column(lower_den=[True]), f"field 'interval ends', value True: {ENDS}"),
        (lambda: column(upper_num=["1"]), f"field 'interval ends', value '1': {ENDS}"),
        (lambda: column(upper_den=[None]), f"field 'interval ends', value None: {ENDS}"),
        (lambda: column(upper_den=0.5), f"field 'interval ends', value 0.5: {ENDS}"),
        (lambda: column(lower_num=[[0]]), f"field 'interval ends', value [0]: {ENDS}"),
        (
            lambda: column(lower_num=[0, 0]),
            f"field 'intervals', value [(2,), (1,), (1,), (1,), (1,)]: {SHAPES}",
        ),
        (
            lambda: column(undefined=[False, False]),
            f"field 'intervals', value [(1,), (1,), (1,), (1,), (2,)]: {SHAPES}",
        ),
        (
            lambda: Intervals(0, 1, 1, 1, False),
            f"field 'intervals', value [(), (), (), (), ()]: {SHAPES}",
        ),
    ],
)
def test_a_refusal_names_the_field_the_value_and_the_mend(
    make: Callable[[], object], message: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert str(caught.value) == message


@given(columns)
def test_a_column_survives_copying_and_pickling(items: list[Interval]) -> None:
    made = Intervals.of(items)
    assert pickle.loads(pickle.dumps(made)) == made
    assert copy.copy(made) == copy.deepcopy(made) == made


@pytest.mark.parametrize(
    "remade", [lambda made: made, copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
@pytest.mark.parametrize("largest", [2, 2**70])
def test_a_column_and_its_copies_cannot_be_changed(
    remade: Callable[[Intervals], Intervals], largest: int
) -> None:
    made = remade(Intervals.of([Interval(1, largest)]))
    for name in ("lower_num", "lower_den", "upper_num", "upper_den", "undefined"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(made, name)[0] = 0
        with pytest.raises(FrozenInstanceError):
            setattr(made, name, [0])


def test_what_a_column_was_made_of_stays_free_to_change() -> None:
    own = np.array([1])
    made = column(upper_num=own)
    own[0] = 5
    assert made[0] == Interval(0, 1)


def test_a_column_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(column())
