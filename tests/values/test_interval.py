"""Intervals are exact and sharp."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.values.errors import EXACT, NEGATIVE, check_errors
from tests.values.strategies import FAR, completions, counts, ends, intervals, value_in
from thbstats.errors import InvalidValue
from thbstats.values import Interval, exact, is_integer

NEAR = Fraction(1, 10**6)
GRID = [Fraction(step, 2) for step in range(-9, 10)] + [Fraction(-FAR), Fraction(FAR)]

small_ends = st.none() | st.integers(-4, 4)


@st.composite
def small_intervals(draw: st.DrawFn) -> Interval:
    """Draw an interval that the points of GRID tell from every other such interval."""
    lower, upper = draw(small_ends), draw(small_ends)
    if lower is not None and upper is not None:
        lower, upper = sorted((lower, upper))
    return Interval(lower, upper, undefined=draw(st.booleans()))


def held(interval: Interval) -> set[Fraction]:
    return {point for point in GRID if interval.contains(point)}


# exact numbers


@pytest.mark.parametrize("given_as", [7, np.int8(7), np.uint64(7), Fraction(7), Fraction(14, 2)])
def test_an_integer_of_any_type_becomes_an_int(given_as: Any) -> None:
    assert type(exact(given_as)) is int
    assert exact(given_as) == 7


@given(st.integers(), st.integers(min_value=2))
def test_a_fraction_is_unchanged(numerator: int, denominator: int) -> None:
    number = exact(Fraction(numerator, denominator))
    assert number == Fraction(numerator, denominator)
    assert isinstance(number, int) == (numerator % denominator == 0)


def test_a_fraction_of_numpy_integers_has_python_integers() -> None:
    number = exact(Fraction(np.int64(1), np.int64(2)))  # type: ignore[call-overload]
    assert isinstance(number, Fraction)
    assert (type(number.numerator), type(number.denominator)) == (int, int)


# making


COMMON = "must have a value in common. Check that both describe the same quantity"
ABOVE_0 = "must be above 0. Use subtraction to change the sign"
SIX = Interval.point(6)
ERRORS = [
    *(
        (lambda wrong=wrong: exact(wrong, "share"), f"field 'share', value {wrong!r}: {EXACT}")
        for wrong in (0.5, 1.0, True, np.True_, np.float64(1), "1", None, 1j)
    ),
    (lambda: exact(0.5), f"field 'value', value 0.5: {EXACT}"),
    (lambda: Interval(2, 1), "field 'interval', value '2 to 1': must have a lower bound of at "
     "most the upper bound. Swap the bounds"),
    (lambda: Interval(0, 0.5), f"field 'bound', value 0.5: {EXACT}"),
    (lambda: Interval(0, 1).intersect(Interval(2, 3)),
     f"field 'interval', value '0 to 1 and 2 to 3': {COMMON}"),
    (lambda: Interval(0, 1).scale(0), f"field 'factor', value 0: {ABOVE_0}"),
    (lambda: Interval(0, 1).scale(Fraction(-1, 2)),
     f"field 'factor', value Fraction(-1, 2): {ABOVE_0}"),
    (lambda: Interval(None, None).scale(0.5), f"field 'factor', value 0.5: {EXACT}"),
    (lambda: Interval.share_of(Interval(-1, 4), SIX), f"field 'part', value '-1 to 4': {NEGATIVE}"),
    (lambda: Interval.share_of(SIX, Interval(None, 4)),
     f"field 'complement', value '4 or less': {NEGATIVE}"),
    (lambda: Interval.ratio(Interval(-1, 4), SIX),
     f"field 'numerator', value '-1 to 4': {NEGATIVE}"),
    (lambda: Interval.ratio(SIX, Interval(None, None)),
     f"field 'denominator', value 'not bounded': {NEGATIVE}"),
]  # fmt: skip


def test_an_error_has_field_value_and_hint() -> None:
    check_errors(ERRORS)


@given(ends)
def test_a_point_has_one_value(end: Fraction) -> None:
    point = Interval.point(end)
    assert point.is_point
    assert point.value == end
    assert point.width == 0
    assert point.contains(end)
    assert not point.contains(end + 1)
    assert not point.contains(end - 1)


@pytest.mark.parametrize(
    "several",
    [
        Interval(1, 2),
        Interval(1, None),
        Interval(None, 1),
        Interval(None, None),
        Interval(1, 1, undefined=True),
    ],
)
def test_only_a_defined_point_has_a_value(several: Interval) -> None:
    assert not several.is_point
    assert several.value is None


@pytest.mark.parametrize(
    ("interval", "width"),
    [
        (Interval(17273, 17583), 310),
        (Interval(Fraction(111, 200), Fraction(113, 200)), Fraction(1, 100)),
        (Interval(Fraction(1, 2), Fraction(3, 2)), 1),
        (Interval(1, None), None),
        (Interval(None, 1), None),
    ],
)
def test_width_is_upper_minus_lower_bound(interval: Interval, width: Any) -> None:
    assert (interval.width, type(interval.width)) == (width, type(width))


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (Interval(17273, 17583), "17273 to 17583"),
        (Interval(Fraction(1, 3), 2), "1/3 to 2"),
        (Interval(-3, -3), "-3"),
        (Interval(3, None), "3 or more"),
        (Interval(None, 3), "3 or less"),
        (Interval(None, None), "not bounded"),
        (Interval(0, 1, undefined=True), "0 to 1 or undefined"),
    ],
)
def test_the_text_of_an_interval_has_its_bounds(interval: Interval, text: str) -> None:
    assert str(interval) == text
    assert repr(interval) == f"Interval({text})"


# relations and sets


@given(intervals(), st.data())
def test_an_interval_contains_values_between_its_bounds(interval: Interval, data: Any) -> None:
    value = data.draw(value_in(interval))
    assert interval.contains(value)
    assert interval.upper is None or not interval.contains(interval.upper + NEAR)
    assert interval.lower is None or not interval.contains(interval.lower - NEAR)


@given(small_intervals(), small_intervals())
def test_within_requires_that_the_other_contains_every_value(a: Interval, b: Interval) -> None:
    expected = held(a) <= held(b) and (b.undefined or not a.undefined)
    assert a.within(b) == expected


@given(small_intervals(), small_intervals())
def test_intersection_contains_common_values(a: Interval, b: Interval) -> None:
    common = held(a) & held(b)
    assert a.overlaps(b) == bool(common)
    assume(common)
    both = a.intersect(b)
    assert held(both) == common
    assert both.undefined == (a.undefined and b.undefined)


@given(small_intervals(), small_intervals())
def test_hull_is_the_smallest_interval_with_both(a: Interval, b: Interval) -> None:
    hull = a.hull(b)
    assert a.within(hull)
    assert b.within(hull)
    every = held(a) | held(b)
    assert held(hull) == {point for point in GRID if min(every) <= point <= max(every)}
    assert hull.undefined == (a.undefined or b.undefined)


# arithmetic


@given(intervals(), intervals(), st.data())
def test_sums_and_differences_contain_every_true_result(
    a: Interval, b: Interval, data: Any
) -> None:
    x, y = data.draw(value_in(a)), data.draw(value_in(b))
    assert (a + b).contains(x + y)
    assert (a - b).contains(x - y)


@given(intervals(), intervals())
def test_bounds_of_sums_and_differences_are_attained(a: Interval, b: Interval) -> None:
    total, difference = a + b, a - b
    assert (total.lower is None) == (a.lower is None or b.lower is None)
    assert (total.upper is None) == (a.upper is None or b.upper is None)
    assert (difference.lower is None) == (a.lower is None or b.upper is None)
    assert (difference.upper is None) == (a.upper is None or b.lower is None)
    if a.lower is not None and b.lower is not None:
        assert total.lower == a.lower + b.lower
    if a.upper is not None and b.upper is not None:
        assert total.upper == a.upper + b.upper


@given(intervals(), intervals())
def test_subtraction_and_addition_only_widen_an_interval(a: Interval, b: Interval) -> None:
    assert a.within((a - b) + b)
    assert (a - b) + b == a or not b.is_point


@given(intervals(), ends.filter(lambda end: end > 0), st.data())
def test_scaling_contains_every_true_result_and_is_reversible(
    a: Interval, factor: Fraction, data: Any
) -> None:
    assert a.scale(factor).contains(data.draw(value_in(a)) * factor)
    assert a.scale(factor).scale(1 / factor) == a


@given(intervals(), intervals())
def test_results_of_possibly_undefined_intervals_are_possibly_undefined(
    a: Interval, b: Interval
) -> None:
    either = a.undefined or b.undefined
    assert (a + b).undefined == (a - b).undefined == either
    assert a.scale(2).undefined == a.undefined


# shares and ratios


def assert_sharp(result: Interval, values: Iterable[Fraction | None], *, bounded: bool) -> None:
    """Check both ends and the mark against the values that completions give."""
    every = list(values)
    defined = [value for value in every if value is not None]
    slack = 0 if bounded else NEAR
    assert result.undefined == (len(defined) < len(every))
    assert result.lower is not None
    assert result.lower <= min(defined) <= result.lower + slack
    if result.upper is None:
        assert not bounded
        assert max(defined) > FAR / 100
    else:
        assert result.upper - slack <= max(defined) <= result.upper


@given(counts(), counts())
def test_bounds_of_a_share_are_attained_or_approached(part: Interval, rest: Interval) -> None:
    assume(part.upper != 0 or rest.upper != 0)
    values = [
        Fraction(p, p + r) if p + r else None for p in completions(part) for r in completions(rest)
    ]
    bounded = part.upper is not None and rest.upper is not None
    assert_sharp(Interval.share_of(part, rest), values, bounded=bounded)


@given(counts(), counts())
def test_bounds_of_a_ratio_are_attained_or_approached(over: Interval, under: Interval) -> None:
    assume(under.upper != 0)
    values = [Fraction(n, d) if d else None for n in completions(over) for d in completions(under)]
    bounded = over.upper is not None and under.upper is not None
    assert_sharp(Interval.ratio(over, under), values, bounded=bounded)


@given(counts(), counts())
def test_shares_of_part_and_complement_sum_to_one(part: Interval, rest: Interval) -> None:
    single, other = Interval.share_of(part, rest), Interval.share_of(rest, part)
    assert other == Interval(0, 1, undefined=single.undefined) or (
        other == Interval(1 - single.upper, 1 - single.lower, undefined=single.undefined)  # type: ignore[operator]
    )


@given(st.lists(counts(), min_size=2, max_size=4))
def test_bounds_of_shares_of_a_partition_enclose_one(
    parts: list[Interval],
) -> None:
    assume(any(part.lower != 0 for part in parts))
    shares = []
    for position, part in enumerate(parts):
        remainder = Interval.point(0)
        for other in parts[:position] + parts[position + 1 :]:
            remainder += other
        shares.append(Interval.share_of(part, remainder))
    assert sum(share.lower or 0 for share in shares) <= 1
    assert sum(share.upper or 0 for share in shares) >= 1


@given(counts(), counts(), counts())
def test_narrower_counts_never_widen_a_share_or_ratio(
    a: Interval, b: Interval, r: Interval
) -> None:
    wide = a.hull(b)
    assume(a.upper != 0 and r.upper != 0)
    assert Interval.share_of(a, r).within(Interval.share_of(wide, r))
    assert Interval.share_of(r, a).within(Interval.share_of(r, wide))
    assert Interval.ratio(a, r).within(Interval.ratio(wide, r))
    assert Interval.ratio(r, a).within(Interval.ratio(r, wide))


def test_a_share_of_zero_is_undefined() -> None:
    none = Interval.point(0)
    assert Interval.share_of(none, none) == Interval(0, 1, undefined=True)
    assert Interval.ratio(none, none) == Interval(0, None, undefined=True)
    for below_one in (none, Interval(0, Fraction(1, 2))):
        assert Interval.ratio(Interval.point(5), below_one) == Interval(0, None, undefined=True)


@pytest.mark.parametrize("of", [Interval.share_of, Interval.ratio])
def test_a_ratio_of_possibly_undefined_counts_is_possibly_undefined(
    of: Callable[[Interval, Interval], Interval],
) -> None:
    sure, unsure = Interval(1, 2), Interval(1, 2, undefined=True)
    assert not of(sure, sure).undefined
    assert of(unsure, sure).undefined
    assert of(sure, unsure).undefined


@given(
    st.fractions(Fraction(1, 12), 3, max_denominator=12),
    st.fractions(Fraction(1, 12), 3, max_denominator=12),
)
def test_a_ratio_with_a_fractional_denominator_contains_the_truth(
    over: Fraction, under: Fraction
) -> None:
    result = Interval.ratio(Interval.point(over), Interval.point(under))
    assert result == Interval.point(over / under)


@pytest.mark.parametrize("most", [1, 2])
def test_a_denominator_that_can_be_zero_gives_a_ratio(most: int) -> None:
    assert Interval.ratio(Interval.point(135), Interval.point(2)).value == Fraction(135, 2)
    result = Interval.ratio(Interval(3, 4), Interval(0, most))
    assert result == Interval(Fraction(3, most), 4, undefined=True)


# values


def test_intervals_that_differ_only_in_undefined_are_not_equal() -> None:
    assert Interval(0, 1) != Interval(0, 1, undefined=True)
    assert Interval(Fraction(2, 2), 1) == Interval.point(1)


@pytest.mark.parametrize("value", [0, 3, np.int64(3), np.uint8(3), 2**70])
def test_integers_of_python_and_numpy_are_integers(value):
    assert is_integer(value)


@pytest.mark.parametrize("value", [True, np.True_, 3.0, "3", None, -1, Fraction(3)])
def test_other_values_are_not_integers(value):
    assert not is_integer(value)
    assert (is_integer(1, least=1), is_integer(0, least=1)) == (True, False)


# worked examples


def test_lower_bound_comes_from_one_interval_and_upper_bound_from_another() -> None:
    few, many, open_above = Interval(0, 4), Interval(3, 9), Interval.at_least(6)
    assert few.contains(4)
    assert not few.contains(5)
    assert few.within(Interval(0, 9))
    assert not few.within(many)
    assert few.intersect(many) == Interval(3, 4)
    assert few.hull(many) == Interval(0, 9)
    assert few.hull(open_above) == Interval.at_least(0)
    assert few + many == Interval(3, 13)
    assert few - many == Interval(-9, 1)
    assert few - open_above == Interval(None, -2)
    assert many.scale(Fraction(1, 2)) == Interval(Fraction(3, 2), Fraction(9, 2))


@pytest.mark.parametrize(
    ("part", "rest", "share"),
    [
        (Interval(0, 4), Interval.point(6), Interval(0, Fraction(2, 5))),
        (Interval(1, 4), Interval.point(0), Interval.point(1)),
        (Interval.point(0), Interval(1, 4), Interval.point(0)),
        (Interval.at_least(2), Interval.at_least(3), Interval(0, 1)),
    ],
)
def test_share_of_counts_with_bounds(part: Interval, rest: Interval, share: Interval) -> None:
    assert Interval.share_of(part, rest) == share


@given(ends)
def test_at_least_has_no_upper_bound(lower: Fraction) -> None:
    interval = Interval.at_least(lower)
    assert (interval.lower, interval.upper) == (lower, None)
    assert interval.contains(lower)
    assert interval.contains(FAR)
    assert not interval.contains(lower - NEAR)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any))
def test_shares_of_a_partition_sum_to_one(parts: list[int]) -> None:
    shares = [Interval.share_of(Interval.point(p), Interval.point(sum(parts) - p)) for p in parts]
    assert sum(share.value for share in shares if share.value is not None) == 1
    assert all(share.is_point for share in shares)


def test_a_number_is_an_interval_of_one_value() -> None:
    assert Interval(1, 3) + 1 == Interval(2, 4)
    assert Interval(1, 3) - Fraction(1, 2) == Interval(Fraction(1, 2), Fraction(5, 2))
    with pytest.raises(InvalidValue, match="must be an exact number"):
        Interval(1, 3) + 0.5  # type: ignore[operator]
