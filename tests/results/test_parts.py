from fractions import Fraction

import numpy as np
import pytest

from tests.comparability.numbers import parts
from thbstats.errors import InvalidValue
from thbstats.results import Measure, Parts, Range
from thbstats.values import Interval

ALL = np.array([True, True])


def test_a_range_is_summed_to_what_the_sum_can_be() -> None:
    counts = Range([1, 0], [1, 4])
    assert counts.total() == Interval(1, 5)
    assert counts.total(np.array([True, False])) == Interval.point(1)
    assert Range.free(2).total() == Interval.at_least(0)
    assert Range.zero(3).total() == Interval.point(0)
    assert len(Range.zero(3)) == 3


def test_ranges_are_added_and_chosen_country_by_country() -> None:
    assert Range([1, 2], [1, 3]) + Range([1, 1], [1, 1]) == Range([2, 3], [2, 4])
    assert Range([1, 2], [1, 3]).where(np.array([False, True])) == Range([2], [3])
    assert Range([1], [1]) != Range([1], [2])
    assert Range([1], [1]) != "1"


def test_the_columns_of_a_range_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        Range([1], [1]).lower[0] = 2


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("share", Interval.point(Fraction(70, 100))),
        ("ratio", Interval.point(Fraction(70, 30))),
        ("per_100", Interval.point(Fraction(7000, 30))),
        ("count", Interval.point(70)),
    ],
)
def test_parts_make_the_number_of_which_they_are_parts(measure: str, value: Interval) -> None:
    made_of = parts(measure=measure, UK=(50, 10), FR=(20, 20))
    assert made_of.value(ALL) == value
    assert made_of.nested is (measure == "share")


def test_the_base_of_a_part_depends_on_the_number() -> None:
    members = {"UK": (50, 10), "FR": (20, 20)}
    assert parts(measure="share", **members).base == Range([60, 40], [60, 40])
    assert parts(measure="ratio", **members).base == Range([10, 20], [10, 20])
    assert parts(measure="count", **members).base == Range([50, 20], [50, 20])


def test_only_those_who_gave_every_input_reported() -> None:
    made_of = parts(given=[True, False], UK=(50, 10), FR=(20, 20))
    assert made_of.reporters == {"UK"}
    assert made_of.among(frozenset({"UK", "FR"})).tolist() == [True, False]
    assert made_of.among(frozenset({"FR"})).tolist() == [False, False]


def test_parts_are_equal_when_every_column_is() -> None:
    made_of = parts(UK=(50, 10), FR=(20, 20))
    assert made_of == parts(UK=(50, 10), FR=(20, 20))
    assert made_of != parts(UK=(50, 10), FR=(20, 21))
    assert made_of != parts(given=[True, False], UK=(50, 10), FR=(20, 20))


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(InvalidValue, match="one entry in every column"):
        Parts(
            members=("UK",),
            numerator=Range.zero(1),
            rest=Range.zero(2),
            given=[True],
            measure=Measure.SHARE,
        )
