from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.display import (
    RoundingDirection,
    count,
    decimal,
    percent,
    pp,
    round_exact,
    signed,
    signed_percent,
)
from thbstats.display.number_styles import MINUS
from thbstats.errors import InvalidValue
from thbstats.values import Interval

rationals = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**7)
shares = st.fractions(min_value=0, max_value=1)
digits_drawn = st.integers(0, 6)


def bounds_of(text: str) -> list[Fraction]:
    bare = text.replace("%", "").replace(",", "").replace(MINUS, "-")
    bounds = [Fraction(bound) for bound in bare.split(" to ")]
    return [bounds[0], bounds[-1]]


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (0, "0"),
        (999, "999"),
        (9759, "9,759"),
        (20532, "20,532"),
        (1234567, "1,234,567"),
        (-1500, f"{MINUS}1,500"),
        (Fraction(5, 2), "3"),
    ],
)
def test_numbers_of_four_digits_have_a_thousands_separator(
    number: int | Fraction, printed: str
) -> None:
    assert count(number) == printed


@pytest.mark.parametrize(
    ("interval", "printed"),
    [
        (Interval(17273, 17583), "17,273 to 17,583"),
        (Interval(5, 5), "5"),
        (Interval(17273, None), "at least 17,273"),
        (Interval(None, 4), "at most 4"),
        (Interval(None, None), "not bounded"),
        (Interval(0, 1, undefined=True), "0 to 1 or undefined"),
    ],
)
def test_the_text_of_an_interval_has_its_bounds(interval: Interval, printed: str) -> None:
    assert count(interval) == printed


def test_every_bound_of_a_percentage_has_a_sign() -> None:
    assert percent(Interval(Fraction(9759, 20532), Fraction(13018, 20532))) == "47.5% to 63.4%"
    assert percent(Interval.at_least(Fraction(1, 2)), 0) == "at least 50%"
    assert percent(Interval(None, Fraction(1, 2)), 0) == "at most 50%"


def test_equal_bounds_are_printed_once() -> None:
    narrow = Interval(Fraction(4751, 10000), Fraction(4752, 10000))
    assert percent(narrow) == "47.5%"
    assert percent(narrow, outward=True) == "47.5% to 47.6%"


def test_a_point_is_rounded_to_nearest() -> None:
    assert percent(Interval.point(Fraction(9759, 20532)), outward=True) == "47.5%"
    assert percent(Fraction(9759, 20532), outward=True) == "47.5%"


def test_decimals_have_trailing_zeros() -> None:
    assert decimal(Fraction(2927, 5979)) == "0.490"
    assert decimal(Fraction(5979, 7503)) == "0.797"
    assert decimal(Fraction(135, 2), 1) == "67.5"
    assert decimal(Fraction(-1, 1000), 2) == "0.00"


def test_a_difference_has_a_sign_unless_it_rounds_to_zero() -> None:
    assert pp(Fraction(9, 100)) == "+9.0 pp"
    assert pp(Fraction(-9, 100)) == f"{MINUS}9.0 pp"
    assert MINUS == "\u2212"
    assert pp(Fraction(1, 10000)) == "0.0 pp"
    assert pp(Fraction(-1, 10000)) == "0.0 pp"
    assert pp(Interval(Fraction(-8, 100), Fraction(1, 10)), 0) == f"{MINUS}8 to +10 pp"
    assert signed(4686) == "+4,686"
    assert signed(Interval(-3, 5)) == f"{MINUS}3 to +5"
    assert signed(Fraction(-1, 1000), 2) == "0.00"
    assert signed_percent(Fraction(5, 4)) == "+125.0%"
    assert signed_percent(Fraction(-1, 20), 0) == f"{MINUS}5%"


def test_halves_are_rounded_away_from_zero() -> None:
    # As floats these print 1.00 and 2.67.
    assert decimal(Fraction("1.005"), 2) == "1.01"
    assert decimal(Fraction("2.675"), 2) == "2.68"
    assert decimal(Fraction("-2.675"), 2) == f"{MINUS}2.68"


@pytest.mark.parametrize("number", [0.475, "0.475", None, True])
def test_a_number_that_is_not_exact_raises(number: object) -> None:
    with pytest.raises(InvalidValue, match="exact"):
        percent(number)  # type: ignore[arg-type]


def test_negative_places_raise() -> None:
    with pytest.raises(InvalidValue, match=r"decimals.*must be 0 or more"):
        decimal(Fraction(1, 3), -1)


@given(rationals, digits_drawn)
def test_rounding_down_and_up_encloses_the_value(number: Fraction, digits: int) -> None:
    down, up = (
        round_exact(number, digits, way) for way in (RoundingDirection.DOWN, RoundingDirection.UP)
    )
    assert down <= number <= up
    assert up - down in (0, Fraction(1, 10**digits))
    assert round_exact(number, digits) in (down, up)
    assert abs(round_exact(number, digits) - number) <= Fraction(1, 2 * 10**digits)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, max_value=10**9), digits_drawn)
def test_rounding_agrees_with_decimal_arithmetic(number: Decimal, digits: int) -> None:
    modes = {
        RoundingDirection.NEAREST: ROUND_HALF_UP,
        RoundingDirection.DOWN: ROUND_FLOOR,
        RoundingDirection.UP: ROUND_CEILING,
    }
    with localcontext(prec=400):
        for direction, mode in modes.items():
            expected = number.quantize(Decimal(1).scaleb(-digits), rounding=mode)
            assert round_exact(Fraction(number), digits, direction) == Fraction(expected)


@given(rationals, rationals, digits_drawn)
def test_outward_rounding_contains_the_interval(
    one: Fraction, other: Fraction, digits: int
) -> None:
    lower, upper = sorted((one, other))
    first, last = bounds_of(decimal(Interval(lower, upper), digits, outward=True))
    if lower != upper:
        assert first <= lower
        assert upper <= last


@given(shares, shares, digits_drawn)
def test_rounded_bounds_differ_by_at_most_half_a_unit(
    one: Fraction, other: Fraction, digits: int
) -> None:
    lower, upper = sorted((one, other))
    first, last = bounds_of(percent(Interval(lower, upper), digits))
    half = Fraction(1, 2 * 10**digits)
    assert abs(first - 100 * lower) <= half
    assert abs(last - 100 * upper) <= half
