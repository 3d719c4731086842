from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.display import (
    MARKS,
    RoundingDirection,
    count,
    decimal,
    format_count,
    mark_notes,
    percent,
    pp,
    round_exact,
    signed,
    signed_percent,
)
from thbstats.display.number_texts import MINUS
from thbstats.errors import InvalidValue
from thbstats.values import Count, Interval, Reason

rationals = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**7)
shares = st.fractions(min_value=0, max_value=1)
digits_drawn = st.integers(0, 6)


def bounds_of(text: str) -> list[Fraction]:
    bare = text.replace("%", "").replace(",", "").replace(MINUS, "-")
    bounds = [Fraction(bound) for bound in bare.split(" to ")]
    return [bounds[0], bounds[-1]]


HALF, FORM = Fraction(1, 2), Fraction(9759, 20532)
NARROW = Interval(Fraction(4751, 10000), Fraction(4752, 10000))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        # Thousands
        (count(0), "0"),
        (count(999), "999"),
        (count(9759), "9,759"),
        (count(20532), "20,532"),
        (count(1234567), "1,234,567"),
        (count(-1500), f"{MINUS}1,500"),
        (count(Fraction(5, 2)), "3"),
        # Bounds
        (count(Interval(17273, 17583)), "17,273 to 17,583"),
        (count(Interval(5, 5)), "5"),
        (count(Interval(17273, None)), "at least 17,273"),
        (count(Interval(None, 4)), "at most 4"),
        (count(Interval(None, None)), "not bounded"),
        (count(Interval(0, 1, undefined=True)), "0 to 1 or undefined"),
        # Each bound of a percentage has a sign, and equal bounds are printed once.
        (percent(Interval(FORM, Fraction(13018, 20532))), "47.5% to 63.5%"),
        (percent(Interval.at_least(HALF), 0), "at least 50%"),
        (percent(Interval(None, HALF), 0), "at most 50%"),
        # Bounds are rounded outwards, and a point to the nearest number.
        (percent(NARROW), "47.5% to 47.6%"),
        (percent(Interval(Fraction(3337, 10**4), Fraction(6662, 10**4))), "33.3% to 66.7%"),
        (percent(Interval.point(FORM)), "47.5%"),
        (percent(FORM), "47.5%"),
        # A bound that holds for any data is left out, also after rounding.
        (percent(Interval(0, Fraction(1, 10**6))), "at most 0.1%"),
        (percent(Interval(Fraction(999_999, 10**6), 1)), "at least 99.9%"),
        (percent(Interval(Fraction(1, 10**6), Fraction(999_999, 10**6))), "not bounded"),
        (percent(Interval(0, 1, undefined=True)), "not bounded"),
        (percent(Interval(HALF, Fraction(3, 2))), "50.0% to 150.0%"),
        (pp(Interval(-1, Fraction(1, 2))), "at most +50.0 pp"),
        (pp(Interval(Fraction(-1, 2), Fraction(99_999, 10**5))), f"at least {MINUS}50.0 pp"),
        (pp(Interval(-1, 1)), "not bounded"),
        (signed_percent(Interval(-1, 2)), "at most +200.0%"),
        (signed_percent(Interval(Fraction(-9999, 10**4), None)), "not bounded"),
        (decimal(Interval(Fraction(1, 1000), None), 2), "not bounded"),
        (decimal(Interval(Fraction(1, 1000), 1), 2), "0.00 to 1.00"),
        # Decimals have trailing zeros.
        (decimal(Fraction(2927, 5979)), "0.490"),
        (decimal(Fraction(5979, 7503)), "0.797"),
        (decimal(Fraction(135, 2), 1), "67.5"),
        (decimal(Fraction(-1, 1000), 2), "0.00"),
        # A difference has a sign unless it rounds to zero.
        (pp(Fraction(9, 100)), "+9.0 pp"),
        (pp(Fraction(-9, 100)), "\u22129.0 pp"),
        (pp(Fraction(1, 10000)), "0.0 pp"),
        (pp(Fraction(-1, 10000)), "0.0 pp"),
        (pp(Interval(Fraction(-8, 100), Fraction(1, 10)), 0), f"{MINUS}8 to +10 pp"),
        (signed(4686), "+4,686"),
        (signed(Interval(-3, 5)), f"{MINUS}3 to +5"),
        (signed(Fraction(-1, 1000), 2), "0.00"),
        (signed_percent(Fraction(5, 4)), "+125.0%"),
        (signed_percent(Fraction(-1, 20), 0), f"{MINUS}5%"),
        # Halves are rounded away from zero; as floats these print 1.00 and 2.67.
        (decimal(Fraction("1.005"), 2), "1.01"),
        (decimal(Fraction("2.675"), 2), "2.68"),
        (decimal(Fraction("-2.675"), 2), f"{MINUS}2.68"),
        # Marks of zero, small, missing, suppressed and not applicable counts
        (format_count(Count.known(0)), "0"),
        (format_count(Count.known(20532)), "20,532"),
        (format_count(Count.fewer_than(5)), "<5"),
        (format_count(Count.fewer_than(1001)), "<1,001"),
        (format_count(Count(0, None, Reason.FEWER_THAN)), "not bounded"),
        (format_count(Count.not_reported()), ":"),
        (format_count(Count.breakdown_not_reported(12)), ":"),
        (format_count(Count.suppressed()), "[c]"),
        (format_count(Count.suppressed(0, 4)), "[c]"),
        (format_count(Count.not_applicable()), "[z]"),
        (format_count(Count.between(5, 14)), "5 to 14"),
        # A sum shows its bounds.
        (format_count(Count.known(9759) + Count.not_reported()), "at least 9,759"),
        (format_count(Count.known(9759) + Count.fewer_than(5)), "9,759 to 9,763"),
        (format_count(Count.known(9759) + Count.suppressed(1, 4)), "9,760 to 9,763"),
    ],
)
def test_number_has_its_text(text: str, printed: str) -> None:
    assert text == printed


def test_notes_explain_each_mark_once() -> None:
    assert mark_notes(MARKS.values()) == (
        ": not reported; [c] suppressed by the source; [z] not applicable.",
    )
    assert mark_notes(["0", "<5", "a: b"]) == ()


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
    first, last = bounds_of(decimal(Interval(lower, upper), digits))
    if lower != upper:
        assert first <= lower
        assert upper <= last
