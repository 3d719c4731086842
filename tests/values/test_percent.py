"""Percentages allow exactly the shares that round to them."""

import decimal
from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.values.errors import EXACT, NEGATIVE, check_errors
from thbstats.errors import InvalidValue
from thbstats.values import Interval, Percent, Rounding

PRECISE = decimal.Context(prec=80)
KNOWN = [mode for mode in Rounding if mode is not Rounding.UNKNOWN]


@cache
def digits_of(numerator: int, denominator: int, decimals: int, mode: Rounding) -> int:
    """Return the digits that a share is printed with, as one integer."""
    percent = PRECISE.divide(Decimal(100 * numerator), Decimal(denominator))
    rounding = {
        # decimal's "half up" goes away from zero; towards plus infinity it differs below zero
        Rounding.HALF_UP: decimal.ROUND_HALF_UP if numerator > 0 else decimal.ROUND_HALF_DOWN,
        Rounding.HALF_AWAY: decimal.ROUND_HALF_UP,
        Rounding.HALF_EVEN: decimal.ROUND_HALF_EVEN,
        Rounding.DOWN: decimal.ROUND_DOWN,
        Rounding.UP: decimal.ROUND_UP,
    }[mode]
    printed = percent.quantize(Decimal(1).scaleb(-decimals), rounding=rounding, context=PRECISE)
    return int(printed.scaleb(decimals, context=PRECISE))


def prints_as(percent: Percent, numerator: int, denominator: int) -> bool:
    modes = KNOWN if percent.rounding is Rounding.UNKNOWN else [percent.rounding]
    return any(
        digits_of(numerator, denominator, percent.decimals, mode) == percent.digits
        for mode in modes
    )


@cache
def small_shares() -> dict[Rounding, np.ndarray]:
    """Return every share of a small table, and the whole percent that each method prints."""
    tops, bases = (side.ravel() for side in np.indices((121, 3001)))
    some = (bases >= np.maximum(tops, 1)) & (bases <= np.where(tops < 15, 3000, 400))
    tops, bases = tops[some], bases[some]
    below, over = np.divmod(100 * tops, bases)
    half = below + (2 * over >= bases)
    digits = {
        Rounding.HALF_UP: half,
        Rounding.HALF_AWAY: half,
        Rounding.HALF_EVEN: half - ((2 * over == bases) & (half % 2 == 1)),
        Rounding.DOWN: below,
        Rounding.UP: below + (over > 0),
    }
    return {mode: np.stack([own, tops, bases]) for mode, own in digits.items()}


def shares_of(percent: Percent) -> np.ndarray:
    """Return the numerators and denominators that a whole percentage allows, as two rows."""
    modes = KNOWN if percent.rounding is Rounding.UNKNOWN else [percent.rounding]
    tables = [small_shares()[mode] for mode in modes]
    return np.hstack([table[1:, table[0] == percent.digits] for table in tables])


def text_of(digits: int, decimals: int) -> str:
    return f"{Decimal(digits).scaleb(-decimals):f}"


modes = st.sampled_from(Rounding)
decimals_printed = st.integers(0, 3)


# un-rounding


@given(st.integers(-2000, 2000), st.integers(1, 1000), decimals_printed, st.sampled_from(KNOWN))
@example(1, 200, 0, Rounding.HALF_UP)
@example(-1, 200, 0, Rounding.HALF_UP)
def test_a_rounded_share_is_in_the_interval_of_its_percentage(
    numerator: int, denominator: int, decimals: int, mode: Rounding
) -> None:
    text = text_of(digits_of(numerator, denominator, decimals, mode), decimals)
    share = Fraction(numerator, denominator)
    for percent in (Percent(text, mode), Percent(text, Rounding.UNKNOWN)):
        assert percent.allows(numerator, denominator)
        assert percent.interval.contains(share)
        assert percent.lower <= share <= percent.upper


@given(st.integers(-300, 300), st.integers(1, 300), st.integers(0, 1), modes, st.integers(-2, 2))
def test_a_share_is_allowed_if_and_only_if_it_rounds_to_the_percentage(
    numerator: int, denominator: int, decimals: int, mode: Rounding, step: int
) -> None:
    near = digits_of(numerator, denominator, decimals, Rounding.HALF_EVEN) + step
    percent = Percent(text_of(near, decimals), mode)
    assert percent.allows(numerator, denominator) == prints_as(percent, numerator, denominator)


@given(st.integers(-110, 110), st.integers(0, 2), modes)
@example(0, 0, Rounding.DOWN)
@example(0, 0, Rounding.UP)
def test_a_bound_is_closed_if_and_only_if_it_rounds_to_the_percentage(
    digits: int, decimals: int, mode: Rounding
) -> None:
    percent = Percent(text_of(digits, decimals), mode)
    beyond = percent.unit / 1000
    for end, closed, outward in (
        (percent.lower, percent.lower_closed, -beyond),
        (percent.upper, percent.upper_closed, beyond),
    ):
        assert prints_as(percent, *Fraction(end).as_integer_ratio()) == closed
        assert not prints_as(percent, *Fraction(end + outward).as_integer_ratio())
        if percent.lower != percent.upper:
            assert prints_as(percent, *Fraction(end - outward).as_integer_ratio())
    assert percent.interval == Interval(percent.lower, percent.upper)


@given(st.integers(-200, 200), decimals_printed, modes)
def test_a_percentage_allows_its_own_share(digits: int, decimals: int, mode: Rounding) -> None:
    percent = Percent(text_of(digits, decimals), mode)
    share = Fraction(digits, 100 * 10**decimals)
    assert percent.value == share
    assert percent.unit == Fraction(1, 100 * 10**decimals)
    assert percent.interval.contains(share)
    assert percent.allows(*share.as_integer_ratio())


@given(st.integers(-200, 200), st.sampled_from(KNOWN))
def test_unknown_rounding_allows_all_shares_of_known_roundings(digits: int, mode: Rounding) -> None:
    known, unknown = Percent(str(digits), mode), Percent(str(digits), Rounding.UNKNOWN)
    assert known.interval.within(unknown.interval)


@given(st.integers(1, 10**17), st.integers(1, 10**17))
def test_numpy_integers_do_not_overflow(numerator: int, denominator: int) -> None:
    percent = Percent("56.000000000000000")
    assert percent.allows(np.int64(numerator), np.int64(denominator)) == percent.allows(  # type: ignore[arg-type]
        numerator, denominator
    )


# numerators and bases


def pairs(percent: Percent, numerators: range, bases: range) -> list[tuple[int, int]]:
    return [
        (n, d)
        for n, d in product(numerators, bases)
        if 0 <= n <= d and d > 0 and prints_as(percent, n, d)
    ]


def hull(values: Collection[int]) -> Interval | None:
    return Interval(int(min(values)), int(max(values))) if len(values) else None


wholes = st.integers(-1, 102) | st.sampled_from([0, 1, 99, 100, 101])
few = st.tuples(st.integers(0, 14), st.integers(0, 14)).map(lambda ends: Interval(*sorted(ends)))
percents = st.builds(
    lambda digits, decimals, mode: Percent(text_of(digits, decimals), mode),
    st.integers(-3, 103) | st.integers(0, 1010) | st.sampled_from([0, 1, 50, 99, 100, 101, 1000]),
    st.integers(0, 1),
    modes,
)


def span(interval: Interval) -> range:
    assert isinstance(interval.lower, int)
    assert isinstance(interval.upper, int)
    return range(interval.lower, interval.upper + 1)


def test_both_oracles_agree() -> None:
    for mode, table in small_shares().items():
        for digits, top, base in table[:, table[2] <= 40].T.tolist():
            assert digits_of(top, base, 0, mode) == digits


@given(percents, few)
def test_numerators_agree_with_a_search(percent: Percent, base: Interval) -> None:
    possible = [n for n, _ in pairs(percent, range(15), span(base))]
    assert percent.numerators(base) == hull(possible)


@given(st.integers(-1, 102), modes, st.integers(0, 14))
def test_numerators_of_one_denominator_agree_with_all_shares(
    digits: int, mode: Rounding, base: int
) -> None:
    percent = Percent(str(digits), mode)
    possible = [n for n, _ in pairs(percent, range(15), range(base, base + 1))]
    assert percent.numerators(base) == percent.numerators(Interval.point(base)) == hull(possible)


@given(wholes, modes, few)
@example(0, Rounding.UP, Interval.point(5))
@example(0, Rounding.UP, Interval(0, 5))
@example(1, Rounding.UP, Interval.point(0))
@example(1, Rounding.UP, Interval(0, 5))
def test_denominators_agree_with_a_search(digits: int, mode: Rounding, numerator: Interval) -> None:
    percent = Percent(str(digits), mode)
    tops, bases = shares_of(percent)
    possible = bases[(tops >= numerator.lower) & (tops <= numerator.upper)]
    result = percent.bases(numerator)
    if result is None or result.upper is not None:
        assert result == hull(possible)
    else:  # no bound: zero in the count, or shares as small as one likes
        assert (result.lower, possible.max()) == (possible.min(), 3000)


@given(wholes, modes, st.integers(0, 14))
@example(0, Rounding.UP, 1)
@example(100, Rounding.DOWN, 7)
def test_numerators_of_an_unbounded_denominator(digits: int, mode: Rounding, least: int) -> None:
    percent = Percent(str(digits), mode)
    tops, bases = shares_of(percent)
    possible = hull(tops[bases >= least])
    result = percent.numerators(Interval.at_least(least))
    if possible == Interval.point(0):  # rounded up: whatever is above 0 prints as more
        assert result == possible
    else:
        assert result == (possible and Interval(possible.lower, None))


@given(wholes, modes, st.integers(0, 14))
@example(0, Rounding.UP, 0)
@example(0, Rounding.UP, 1)
@example(100, Rounding.DOWN, 7)
def test_denominators_of_an_unbounded_numerator(digits: int, mode: Rounding, least: int) -> None:
    percent = Percent(str(digits), mode)
    tops, bases = shares_of(percent)
    possible = hull(bases[tops >= least])
    assert percent.bases(Interval.at_least(least)) == (possible and Interval(possible.lower, None))


@given(st.integers(-1, 1010), modes, st.integers(0, 40), st.integers(0, 8))
@example(999, Rounding.DOWN, 30, 4)
def test_bounds_of_one_decimal_agree_with_all_small_tables(
    digits: int, mode: Rounding, least: int, more: int
) -> None:
    percent = Percent(text_of(digits, 1), mode)
    room = range(least, least + more + 1)
    tops = [n for base in room if base for n in range(base + 1) if percent.allows(n, base)]
    assert percent.numerators(Interval(least, least + more)) == hull(tops)
    small = 3 * (least + more)
    bases = [d for n in room for d in range(max(1, n), small + 1) if percent.allows(n, d)]
    result = percent.bases(Interval(least, least + more))
    assert (result is not None and result.lower is not None and result.lower <= small) == bool(
        bases
    )
    if bases and result is not None:
        assert result.lower == min(bases)
        assert result.upper is None or result.upper > small or result.upper == max(bases)


@given(st.integers(0, 10**17), st.integers(0, 10**12), st.integers(0, 10**6))
def test_bounds_of_denominators_round_to_the_percentage(digits: int, least: int, more: int) -> None:
    percent = Percent(text_of(digits, 15))
    numerators = Interval(least, least + more)
    result = percent.bases(numerators)
    for end in () if result is None else (result.lower, result.upper):
        if end is not None:
            tops = percent.numerators(Interval.point(end))
            assert tops is not None
            assert tops.overlaps(numerators)


def test_denominators_of_a_small_percentage_are_found_fast() -> None:
    """Steps from one base to the next took 134 s where five decimals are printed."""
    assert Percent("0.001%").bases(Interval(0, 1)) == Interval(66667, 200000)
    assert Percent("0.000000000000001%").bases(1) == Interval(66666666666666667, 200000000000000000)
    assert Percent("15.999999999999999%").bases(Interval(0, 10**6)) is None


def test_too_many_decimals_raise() -> None:
    with pytest.raises(InvalidValue, match="at most 15 decimals"):
        Percent("0." + "1" * 16)


@given(st.integers(-3, 103), modes, st.integers(0, 10**6))
def test_numerators_and_denominators_are_consistent(
    digits: int, mode: Rounding, numerator: int
) -> None:
    percent = Percent(str(digits), mode)
    bases = percent.bases(numerator)
    assume(bases is not None)
    assert bases is not None
    for base in (bases.lower, bases.upper):
        if base is not None:
            assert percent.allows(numerator, int(base))
            result = percent.numerators(int(base))
            assert result is not None
            assert result.contains(numerator)


def test_fractional_bounds_are_rounded_to_integers() -> None:
    between = Interval(Fraction(55, 2), Fraction(57, 2))
    assert Percent("75").numerators(between) == Interval.point(21)
    assert Percent("75").numerators(Interval(Fraction(1, 3), Fraction(2, 3))) is None
    assert Percent("75").bases(Interval(Fraction(41, 2), Fraction(43, 2))) == Interval(28, 28)


def test_impossible_counts_at_the_bounds_are_excluded() -> None:
    # 3 of 8 print as 38%; 4 of 10 and 4 of 11 do not.
    assert Percent("38").numerators(Interval(8, 11)) == Interval.point(3)
    assert Percent("38").numerators(Interval(6, 8)) == Interval.point(3)
    assert Percent("38").bases(Interval(3, 4)) == Interval.point(8)


def test_a_count_without_lower_bound_starts_at_zero() -> None:
    assert Percent("50").numerators(Interval(None, 4)) == Interval(1, 2)
    assert Percent("50").bases(Interval(None, 2)) == Interval(2, 4)
    assert Percent("0").bases(Interval(None, 0)) == Interval(1, None)


@pytest.mark.parametrize("printed", ["-5", "-0.5", "101", "150"])
@pytest.mark.parametrize("count", [Interval.at_least(0), Interval.at_least(7), 7])
def test_a_percentage_above_100_has_no_numerators_or_denominators(printed: str, count: Any) -> None:
    percent = Percent(printed)
    assert percent.numerators(count) is None
    assert percent.bases(count) is None


@pytest.mark.parametrize(
    ("mode", "numerators"),
    [(Rounding.UP, Interval.point(0)), (Rounding.DOWN, Interval(0, None))],
)
def test_zero_percent_rounded_up_is_zero(mode: Rounding, numerators: Interval) -> None:
    assert Percent("0", mode).numerators(Interval.at_least(1)) == numerators


# COM(2018) 777


def test_other_forms_of_the_same_denominators() -> None:
    bases = Percent("56").bases(9759)
    assert bases is not None
    assert Percent("26").numerators(bases) == Interval(4405, 4659)
    assert Percent("18").numerators(bases) == Interval(3023, 3252)


# the printed text


@pytest.mark.parametrize(
    ("printed", "digits", "decimals", "value", "text"),
    [
        ("56", 56, 0, Fraction(14, 25), "56%"),
        ("56.0", 560, 1, Fraction(14, 25), "56.0%"),
        ("75 %", 75, 0, Fraction(3, 4), "75 %"),
        ("75%", 75, 0, Fraction(3, 4), "75%"),
        (" 0.55 ", 55, 2, Fraction(11, 2000), " 0.55 %"),
        ("+5", 5, 0, Fraction(1, 20), "+5%"),
        ("-5.5%", -55, 1, Fraction(-11, 200), "-5.5%"),
        ("\N{MINUS SIGN}5", -5, 0, Fraction(-1, 20), "\N{MINUS SIGN}5%"),
        ("75\N{NO-BREAK SPACE}%", 75, 0, Fraction(3, 4), "75\N{NO-BREAK SPACE}%"),
        ("100", 100, 0, 1, "100%"),
        ("007", 7, 0, Fraction(7, 100), "007%"),
    ],
)
def test_the_text_of_a_percentage_has_its_precision(
    printed: str, digits: int, decimals: int, value: Any, text: str
) -> None:
    percent = Percent(printed)
    assert (percent.digits, percent.decimals) == (digits, decimals)
    assert percent.value == value
    assert percent.printed == printed
    assert str(percent) == text


def test_the_default_rounding_is_half_up() -> None:
    assert Percent("56").rounding is Rounding.HALF_UP
    assert Percent("56") == Percent("56", "half_up")
    assert Percent("56") != Percent("56", Rounding.UNKNOWN)


def test_integer_bounds_are_ints() -> None:
    percent = Percent("100", Rounding.DOWN)
    assert type(percent.lower) is type(percent.value) is int


FORM = "must be a percentage. Use a format such as '56', '56.0' or '75%'"
TEXT = "must be a text. Write the percentage in quotes: '56' and '56.0' differ in precision"
BASE = "must be above 0. Use the total of the share"
P = Percent("56")
ERRORS = [
    *(
        (lambda text=text: Percent(text), f"field 'printed', value {text!r}: {FORM}")
        for text in ("5 6%", "", "%", "56.", ".5", "56,5", "5.6.7", "- 5", "--5", "56 % %",
                     "56 percent", "1e2")
    ),
    *(
        (lambda wrong=wrong: Percent(wrong), f"field 'printed', value {wrong!r}: {TEXT}")
        for wrong in (56, 56.0, 0.56, True, None, Fraction(56), np.int64(56), b"56")
    ),
    (lambda: P.allows(1, 0), f"field 'denominator', value 0: {BASE}"),
    (lambda: P.allows(1, -2), f"field 'denominator', value -2: {BASE}"),
    (lambda: P.allows(0.5, 1), f"field 'numerator', value 0.5: {EXACT}"),
    (lambda: P.allows(True, 1), f"field 'numerator', value True: {EXACT}"),
    (lambda: P.allows(1, 2.0), f"field 'denominator', value 2.0: {EXACT}"),
    (lambda: P.numerators(-1), f"field 'count', value '-1': {NEGATIVE}"),
    (lambda: P.bases(Interval(-1, 5)), f"field 'count', value '-1 to 5': {NEGATIVE}"),
    (lambda: P.numerators(28.0), f"field 'bound', value 28.0: {EXACT}"),
    (lambda: P.bases(True), f"field 'bound', value True: {EXACT}"),
    (lambda: Percent("56", "bankers"), "field 'rounding', value 'bankers': must be a valid "
     "rounding. Use one of 'half_up', 'half_away', 'half_even', 'down', 'up' and 1 more"),
]  # fmt: skip


def test_an_error_has_field_value_and_hint() -> None:
    check_errors(ERRORS)


@pytest.mark.parametrize(
    ("mode", "closed"),
    [
        (Rounding.HALF_UP, (True, False)),
        (Rounding.HALF_EVEN, (True, True)),
        (Rounding.HALF_AWAY, (True, False)),
        (Rounding.UNKNOWN, (False, False)),
    ],
)
def test_half_rounds_to_38_percent_depending_on_the_method(
    mode: Rounding, closed: tuple[bool, bool]
) -> None:
    percent = Percent("38", mode)
    assert (percent.lower_closed, percent.upper_closed) == closed


def test_9759_is_56_percent_of_17273_to_17583() -> None:
    assert Percent("56").bases(9759) == Interval(17273, 17583)
    assert Percent("56%").interval == Interval(Fraction(555, 1000), Fraction(565, 1000))
    assert not Percent("56").allows(9759, 20532)


def test_75_percent_of_28_is_exactly_21() -> None:
    assert Percent("75%").numerators(28) == Interval.point(21)


def test_rounding_methods_have_names() -> None:
    assert {mode.value for mode in Rounding} == {
        "half_up",
        "half_away",
        "half_even",
        "down",
        "up",
        "unknown",
    }
