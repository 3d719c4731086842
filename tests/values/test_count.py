"""Bounds and reasons of counts and their sums."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.values.errors import check_errors
from thbstats.errors import InvalidValue
from thbstats.values import LARGEST_COUNT, Count, Interval, Reason

naturals = st.integers(0, 10**6)
GAPS = [reason for reason in Reason if reason not in {Reason.KNOWN, Reason.NOT_APPLICABLE}]


@st.composite
def counts(draw: st.DrawFn) -> Count:
    lower = draw(naturals)
    upper = draw(st.none() | st.integers(lower, 2 * 10**6))
    gap = Count.between(lower, upper, draw(st.sampled_from(GAPS)))
    return draw(st.sampled_from([Count.known(lower), gap, gap, Count.not_applicable()]))


def one_value(count: Count) -> st.SearchStrategy[int]:
    upper = count.lower + 1000 if count.upper is None else count.upper
    return st.integers(count.lower, upper)


# making


@given(naturals)
def test_a_known_count_is_a_point_and_zero_is_a_count(value: int) -> None:
    count = Count.known(value)
    assert (count.lower, count.upper, count.reason) == (value, value, Reason.KNOWN)
    assert count.is_point
    assert count.value == value
    assert count.interval == Interval.point(value)


@given(st.integers(1, 1000))
def test_fewer_than_n_is_from_zero_to_one_less(limit: int) -> None:
    count = Count.fewer_than(limit)
    assert (count.lower, count.upper, count.reason) == (0, limit - 1, Reason.FEWER_THAN)
    assert Count.fewer_than(limit, at_least=limit - 1).value == limit - 1


@pytest.mark.parametrize(
    ("make", "lower", "upper", "reason"),
    [
        (lambda: Count.between(17273, 17583), 17273, 17583, Reason.ROUNDED),
        (lambda: Count.between(1, None, Reason.SUPPRESSED), 1, None, Reason.SUPPRESSED),
        (lambda: Count.fewer_than(5, at_least=1), 1, 4, Reason.FEWER_THAN),
        (lambda: Count.fewer_than(1), 0, 0, Reason.FEWER_THAN),
        (Count.not_reported, 0, None, Reason.NOT_REPORTED),
        (Count.breakdown_not_reported, 0, None, Reason.BREAKDOWN_NOT_REPORTED),
        (lambda: Count.breakdown_not_reported(20532), 0, 20532, Reason.BREAKDOWN_NOT_REPORTED),
        (Count.suppressed, 0, None, Reason.SUPPRESSED),
        (lambda: Count.suppressed(1, 9), 1, 9, Reason.SUPPRESSED),
        (Count.not_applicable, 0, 0, Reason.NOT_APPLICABLE),
        (lambda: Count(5, 5), 5, 5, Reason.KNOWN),
        (lambda: Count(5, 6, "rounded"), 5, 6, Reason.ROUNDED),  # type: ignore[arg-type]
    ],
)
def test_constructors_set_bounds_and_reason(
    make: Callable[[], Count], lower: int, upper: int | None, reason: Reason
) -> None:
    count = make()
    assert (count.lower, count.upper) == (lower, upper)
    assert count.reason is reason
    assert count.interval == Interval(lower, upper)


@pytest.mark.parametrize(
    "whole", [5, np.int8(5), np.uint8(5), np.int64(5), np.uint64(5), np.array(5)]
)
def test_numpy_integers_are_accepted(whole: Any) -> None:
    count = Count.known(whole)
    assert count == Count.known(5)
    assert type(count.lower) is type(count.upper) is int
    assert Count.fewer_than(whole) == Count.fewer_than(5)


def test_the_largest_count_is_exact_as_a_float() -> None:
    assert LARGEST_COUNT == 2**53
    assert Count.known(2**53).value == 2**53
    assert float(2**53 - 1) + 1 == float(2**53)


def test_an_interval_has_no_value() -> None:
    for count in (Count.between(1, 2), Count.not_reported(), Count.not_applicable()):
        assert not count.is_point
        assert count.value is None


INTEGER = "must be an integer. Use an integer, or Count.fewer_than(5) for the text '<5'"
NEGATIVE = "must be 0 or more. Use Count.not_reported() for a missing count"
LARGE = f"value {2**53 + 1}: must be at most 2**53. Check the figure"
NOT_APPLICABLE = "must be 0 if the count is not applicable. Use Count.not_applicable()"
REASONS = (
    "must be a valid reason. Use one of 'known', 'rounded', 'wider_category', 'fewer_than', "
    "'suppressed' and 4 more"
)
ERRORS = [
    (lambda: Count.known(-1), f"field 'lower', value -1: {NEGATIVE}"),
    (lambda: Count.known(np.int64(-1)), f"field 'lower', value -1: {NEGATIVE}"),
    (lambda: Count(0, -1), f"field 'upper', value -1: {NEGATIVE}"),
    (lambda: Count(0, True, Reason.ROUNDED), f"field 'upper', value True: {INTEGER}"),
    (lambda: Count.fewer_than(-1), f"field 'limit', value -1: {NEGATIVE}"),
    (lambda: Count.known(2**53 + 1), f"field 'lower', {LARGE}"),
    (lambda: Count.suppressed(0, 2**53 + 1), f"field 'upper', {LARGE}"),
    (lambda: Count.between(5, 4),
     "field 'lower', value 5: must be at most the upper bound 4. Swap the bounds"),
    (lambda: Count.fewer_than(0), "field 'limit', value 0: must be 1 or more. Use the n of '<n'"),
    (lambda: Count(0, None), "field 'reason', value 'known': must not be 'known' if the bounds "
     "differ. Use another reason, for example Reason.ROUNDED"),
    (lambda: Count(0, 4, Reason.NOT_APPLICABLE), f"field 'upper', value 4: {NOT_APPLICABLE}"),
    (lambda: Count(4, 4, Reason.NOT_APPLICABLE), f"field 'upper', value 4: {NOT_APPLICABLE}"),
    (lambda: Count(0, 4, "hidden"), f"field 'reason', value 'hidden': {REASONS}"),
    (lambda: Count(0, 4, None), f"field 'reason', value None: {REASONS}"),
    *(
        (lambda make=make, wrong=wrong: make(wrong), f"field '{name}', value {wrong!r}: {INTEGER}")
        for make, name in ((Count.known, "lower"), (Count.fewer_than, "limit"))
        for wrong in (5.0, 0.5, True, False, np.True_, np.float64(5), np.array([1, 2]), "5", None,
                      Fraction(5))
    ),
]  # fmt: skip


def test_an_error_has_field_value_and_hint() -> None:
    check_errors(ERRORS)


# sums


@given(counts(), counts(), st.data())
def test_a_sum_contains_the_sum_of_every_completion(a: Count, b: Count, data: Any) -> None:
    x, y = data.draw(one_value(a)), data.draw(one_value(b))
    assert (a + b).interval.contains(x + y)
    assert (a + b).interval == a.interval + b.interval


@given(counts(), counts())
def test_a_sum_has_the_most_severe_applicable_reason(a: Count, b: Count) -> None:
    applying = [count for count in (a, b) if count.reason is not Reason.NOT_APPLICABLE]
    gravest = max(
        (count.reason.severity for count in applying), default=Reason.NOT_APPLICABLE.severity
    )
    assert (a + b).reason.severity == gravest


@given(counts(), counts(), counts())
def test_addition_is_commutative_and_associative(a: Count, b: Count, c: Count) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)


@given(counts())
@example(Count.known(2927))
def test_sums_exclude_counts_not_applicable(count: Count) -> None:
    assert count + Count.not_applicable() == count
    assert Count.not_applicable() + count == count


def test_sums_of_known_and_missing_counts() -> None:
    assert Count.known(2) + Count.known(3) == Count.known(5)
    missing = Count.known(20532) + Count.not_reported()
    assert missing == Count(20532, None, Reason.NOT_REPORTED)


def test_a_sum_above_the_largest_count_raises() -> None:
    with pytest.raises(InvalidValue, match=r"must be at most 2\*\*53"):
        Count.known(2**53) + Count.known(1)


# several values for one count


@given(st.lists(counts(), min_size=2, max_size=5), st.data())
def test_a_conflicting_count_contains_every_value_and_their_sum(
    values: list[Count], data: Any
) -> None:
    result = Count.conflicting(values)
    drawn = [data.draw(one_value(value)) for value in values]
    assert all(result.interval.contains(value) for value in drawn)
    assert result.interval.contains(sum(drawn))
    assert result.lower == min(value.lower for value in values)
    assert result.reason is Reason.CONFLICTING


def test_the_two_counts_of_female_victims_in_bulgaria_2018_give_52_to_388() -> None:
    """GLOTIP, file of 14 April 2025: Bulgaria 2018, female, 336 and 52."""
    assert Count.conflicting([336, 52]) == Count(52, 388, Reason.CONFLICTING)
    assert Count.conflicting([336, Count.not_reported()]) == Count(0, None, Reason.CONFLICTING)


@pytest.mark.parametrize("values", [[], [336]])
def test_a_conflict_needs_two_values(values: list[int]) -> None:
    with pytest.raises(InvalidValue, match="two or more"):
        Count.conflicting(values)


# words


def test_reasons_are_ordered_by_severity_and_have_labels() -> None:
    assert [(reason.severity, reason.value, reason.label) for reason in Reason] == [
        (0, "known", "known"),
        (1, "rounded", "known only from rounded figures"),
        (2, "wider_category", "counted in a wider category"),
        (3, "fewer_than", "fewer than a stated number"),
        (4, "suppressed", "suppressed by the source"),
        (5, "conflicting", "several values in one source"),
        (6, "breakdown_not_reported", "breakdown not reported by the country"),
        (7, "not_reported", "not reported by the country"),
        (8, "not_applicable", "not applicable"),
    ]


@pytest.mark.parametrize(
    ("count", "text", "code"),
    [
        (Count.known(20532), "20532", "Count(20532)"),
        (Count.fewer_than(5), "0 to 4", "Count(0 to 4, fewer_than)"),
        (Count.not_reported(), "0 or more", "Count(0 or more, not_reported)"),
        (Count.not_applicable(), "not applicable", "Count(0, not_applicable)"),
    ],
)
def test_the_text_of_a_count_has_its_bounds(count: Count, text: str, code: str) -> None:
    assert str(count) == text
    assert repr(count) == code


def test_a_number_is_added_as_an_exact_count() -> None:
    assert Count(5) == Count.known(5)
    assert Count.fewer_than(5) + 1 == 1 + Count.fewer_than(5) == Count(1, 5, Reason.FEWER_THAN)
    assert sum([Count(336), Count(52)]) == Count(388)
    with pytest.raises(InvalidValue, match="must be an integer"):
        Count(1) + 0.5  # type: ignore[operator]
