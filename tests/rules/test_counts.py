"""SMALL_DENOMINATOR, SUPPRESSED, UNKNOWN and PRECISION."""

from fractions import Fraction
from typing import Any

import pytest

from tests.rules.panels import (
    CAUTION,
    NOTE,
    OPEN,
    Row,
    count,
    judged,
    number_cases,
    pair_cases,
    printed,
    rate,
    ratio,
    rules_of,
    share,
    summary,
)
from thbstats.panel import ResultKind, Suppression
from thbstats.values import Interval


def change(earlier: int, later: int) -> Row:
    difference = Interval.point(later - earlier)
    fields: Row = {"value": difference, "bounds": difference, "bounds_with_unknown": difference}
    return ratio(later, earlier, kind="change", **fields)


def of_cases(cases: int | Interval, kind: str = "per_100_000") -> Row:
    number = cases if isinstance(cases, Interval) else Interval.point(cases)
    return {**rate(), "numerator": number, "kind": ResultKind(kind)}


test_small_denominator = number_cases(
    rules_of("SMALL_DENOMINATOR"),
    (share(1, 100), None),
    (share(1, 99), NOTE),
    (share(1, 21), NOTE),
    (share(1, 20), CAUTION),
    (ratio(3, 0), CAUTION),
    (share(Interval(0, 4), Interval(10, 30)), NOTE),
    (share(Interval(0, 4), Interval(90, 110)), OPEN),
    (share(Interval(0, 4), Interval.at_least(0)), OPEN),
    (share(Interval(0, 4), Interval.at_least(0), value=None, status=1), None),
    (count(3), None),
    # A difference of two counts is judged by the larger one.
    (change(9, 12), CAUTION),
    (change(12, 9), CAUTION),
    (change(9, 50), NOTE),
    (change(9, 400), None),
    ({**change(9, 12), "numerator": Interval(50, 150)}, OPEN),
    *((of_cases(n), own) for n, own in ((100, None), (99, NOTE), (20, CAUTION), (0, CAUTION))),
    (of_cases(20, "per_million"), CAUTION),
    (of_cases(Interval(90, 110)), OPEN),
)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (share(1, 20), "the denominator is 20, and one case is 5.0% of it"),
        (ratio(3, 0), "the denominator is 0"),
        # One of 8 persons is 12.5%, and the denominator can be 0.
        (
            share(1, Interval(0, 8)),
            "the denominator is 0 to 8, and one case is at least 12.5% of it",
        ),
        (
            share(1, Interval(5, 8)),
            "the denominator is 5 to 8, and one case is 12.5% to 20.0% of it",
        ),
        (change(9, 12), "the counts are small (9 and 12): one case changes the result"),
        (of_cases(12), "the rate has 12 cases, and one case is 8.3% of them"),
        (of_cases(0), "the rate has 0 cases"),
        (of_cases(Interval(90, 110)), "whether the rate has 100 cases or more"),
    ],
)
def test_small_denominator_shows_the_share_of_one_case(fields: Row, message: str) -> None:
    warning = judged(rules_of("SMALL_DENOMINATOR"), fields)
    assert warning.message.replace("\N{NO-BREAK SPACE}", " ").replace(" %", "%") == message


def test_small_denominator_follows_its_thresholds() -> None:
    assert judged(rules_of("SMALL_DENOMINATOR"), share(1, 60), small_note=50) is None
    warning = judged(rules_of("SMALL_DENOMINATOR"), share(1, 40), small_note=50, small_caution=40)
    assert summary(warning) == CAUTION
    warning = judged(rules_of("SMALL_DENOMINATOR"), share(60, 150), small_caution=200)
    assert summary(warning) == CAUTION


FEW = Suppression(cells=2, areas=frozenset({"SE", "AT"}), counts=Interval(0, 8))


def hiding(number: Row, suppression: Suppression | None = FEW, flags: str = "") -> Row:
    return {**number, "suppression": suppression, "flags": frozenset(flags)}


def between(lower: Fraction | int, upper: Fraction | int, number: Row) -> Row:
    return hiding({**number, "value": Interval(lower, upper)})


test_suppressed = number_cases(
    rules_of("SUPPRESSED"),
    (count(Interval(3, 9)), None),
    (hiding(count(100)), None),
    (hiding(count(Interval(0, 9), value=None, status=1)), None),
    (hiding(count(Interval(97, 105))), CAUTION),
    (hiding(count(Interval(7_281, 7_285))), NOTE),
    (hiding(count(Interval(95, 100))), CAUTION),
    (hiding(count(Interval(96, 100))), NOTE),
    (hiding(count(Interval.at_least(9))), CAUTION),
    (between(Fraction(20, 100), Fraction(25, 100), share(3, 10)), CAUTION),
    (between(Fraction(55, 100), Fraction(60, 100), share(3, 10)), CAUTION),
    (between(Fraction(20, 100), Fraction(24, 100), share(3, 10)), NOTE),
    (between(2, Fraction(205, 100), ratio()), NOTE),
    (between(2, Fraction(220, 100), ratio()), CAUTION),
    (between(-100, -95, {**count(9), "kind": ResultKind.CHANGE}), CAUTION),
    (hiding(count(Interval(97, 105)), None, "c"), OPEN),
    (hiding(count(9), None, "p"), None),
)


def test_suppressed_contains_number_areas_and_sum_of_the_counts() -> None:
    warning = judged(rules_of("SUPPRESSED"), hiding(count(Interval(97, 105))))
    assert "suppressed counts: 2 (sum: " in warning.message
    assert dict(warning.evidence)["areas"] == "AT, SE"
    lax = judged(
        rules_of("SUPPRESSED"), hiding(count(Interval(97, 105))), suppressed=Fraction(1, 2)
    )
    assert summary(lax) == NOTE


def number(part: int, base: int | Interval, unknown: int | Interval | None, rule: str) -> Row:
    result = Interval.point(unknown) if isinstance(unknown, int) else unknown
    return share(part, base, rule=rule, unknown=result)


def of_all(unknown: int | Interval | None, base: int | Interval = 1000, part: int = 10) -> Row:
    return number(part, base, unknown, "all")


def recorded(part: int, base: int, unknown: int | Interval | None) -> Row:
    return number(part, base, unknown, "known")


test_unknown_category_of_a_number = number_cases(
    rules_of("UNKNOWN"),
    *((of_all(n), own) for n, own in ((0, None), (10, None), (11, NOTE), (100, CAUTION))),
    *((recorded(10, 985, n), own) for n, own in ((9, None), (10, NOTE), (110, CAUTION))),
    (of_all(None), OPEN),
    (of_all(Interval(0, 100)), OPEN),
    (of_all(Interval.at_least(0), Interval.at_least(0)), OPEN),
    (recorded(10, 80, None), OPEN),
    (recorded(10, 980, Interval(0, 20)), OPEN),
    (of_all(0, 0, 0), None),
    (recorded(0, 0, 0), None),
    ({**of_all(None), "value": None, "status": 1}, None),
    (count(5, unknown=Interval.point(5)), None),
    (ratio(5, 9, unknown=Interval.point(5)), None),
    (share(5, 9, dimension=(), unknown=Interval.point(5)), None),
)


def test_unknown_category_names_share_and_dimension() -> None:
    fields = share(
        9_759,
        Interval(17_273, 17_583),
        unknown=Interval(2_949, 3_259),
        dimension=("exploitation", "sex"),
    )
    warning = judged(rules_of("UNKNOWN"), fields)
    assert summary(warning) == CAUTION
    assert "an unknown form of exploitation or sex" in warning.message
    assert "14.3" in warning.message
    assert "15.9" in warning.message


NARROW = {"bounds_with_unknown": Interval(Fraction(2, 5), Fraction(41, 100))}


test_unknown_category_of_a_pair = pair_cases(
    rules_of("UNKNOWN"),
    (recorded(30, 90, 10), recorded(60, 90, 10), None),
    (recorded(40, 90, 10), recorded(45, 90, 10), CAUTION),
    (of_all(100, part=400), of_all(100, part=450), CAUTION),
    (of_all(10, part=400), of_all(10, part=450), None),
    (recorded(40, 100, 0), recorded(45, 100, 0), None),
    ({**recorded(40, 90, 10), **NARROW}, recorded(45, 90, 10), None),
    (recorded(40, 90, 10), recorded(40, 90, 10), None),
    (recorded(40, 90, None), recorded(45, 90, 10), OPEN),
    (recorded(40, 90, 10), ratio(45, 90), None),
)


ABSENT: dict[str, Any] = {"value": None, "status": 1}


test_precision = pair_cases(
    rules_of("PRECISION"),
    *((printed(one), printed(two), None) for one, two in (("56", "57"), ("56.0", "56.2"))),
    *((printed(one), printed(two), CAUTION) for one, two in (("56", "56"), ("56", "55.9"))),
    (share(563, 1000), printed("56"), CAUTION),
    (share(575, 1000), printed("56"), None),
    (share(56, 100), share(56, 100), None),
    (share(Interval(0, 5), Interval(5, 9), **ABSENT), printed("56"), OPEN),
    (printed("56"), {**share(56, 100), "kind": ResultKind.RATIO}, None),
    (printed("56"), count(0), None),
)


def test_unknown_caution_can_be_below_the_note() -> None:
    limits = {"unknown_note": Fraction(1, 2)}
    for unknown, expected in ((5, None), (25, CAUTION)):
        number = share(50, 100, unknown=Interval.point(unknown))
        assert summary(judged(rules_of("UNKNOWN"), number, **limits)) == expected
