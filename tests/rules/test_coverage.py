"""COVERAGE and DOMINANCE."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from tests.rules.panels import (
    CAUTION,
    NOTE,
    OPEN,
    SOURCE,
    Expected,
    Row,
    compared,
    count,
    judged,
    pair_cases,
    parts,
    rules_of,
    share,
    summary,
)
from thbstats import indicators
from thbstats.geography import Area
from thbstats.panel import Parts, ResultKind, Status
from thbstats.tables import CountTable
from thbstats.values import Interval

RULES = rules_of("COVERAGE")
EU28 = Area.parse("EU28").members

show = ResultKind.SHARE.format_value


def eu(*missing: str, area: str = "EU28", **more: Any) -> Row:
    return count(9, area, **{"reporters": Area.parse(area).members - set(missing), **more})


def unlisted(n: int | None = None, area: str = "EU28", **more: Any) -> Row:
    return count(9, area, reporters=None, n_reporters=n, **more)


NOWHERE = Area(code="not stated", label="area not stated", members=())
UNPLACED = count(area="BE", reporters=None) | {"area": NOWHERE, "expected": None}


@pytest.mark.parametrize(
    ("fields", "expected", "message"),
    [
        (eu(), None, ""),
        (count(9, "BE", reporters=None), None, ""),
        (unlisted(28), None, ""),
        (eu("UK", expected=EU28 - {"UK"}), None, ""),
        (eu("UK"), NOTE, "the number includes 27 of 28 countries"),
        (eu("UK", "FR"), CAUTION, "the number includes 26 of 28 countries"),
        (unlisted(3), CAUTION, "the number includes 3 of 28 countries"),
        (
            count(9, "EU28", reporters={"BE", "FR"}, expected=None),
            CAUTION,
            "the number includes 2 of 28 countries",
        ),
        (
            count(9, "BE+FR", reporters={"BE", "NO"}),
            CAUTION,
            "the number includes 1 of 2 countries",
        ),
        (unlisted(), OPEN, "the reporting countries"),
        (UNPLACED, OPEN, None),
    ],
)
def test_expected_countries_have_data(fields: Row, expected: Expected, message: str | None) -> None:
    warning = judged(RULES, fields)
    assert summary(warning) == expected
    if warning is not None and message is not None:
        assert warning.message == message


def test_undocumented_reporters_are_a_limitation_and_not_a_warning() -> None:
    assert {rule.scope: rule.essential for rule in RULES} == {"number": False, "pair": True}


def test_missing_countries_are_evidence_up_to_ten() -> None:
    warning = judged(RULES, eu("UK", "FR"))
    evidence = dict(warning.evidence)
    assert evidence["without"] == "FR, UK"
    assert evidence["with data"] == "AT, BE, BG, CY, CZ, DE, DK, EE, EL, ES and 16 more"
    ten = sorted(EU28)[:10]
    warning = judged(RULES, eu(*ten))
    assert dict(warning.evidence)["without"] == ", ".join(ten)


def test_at_the_threshold_a_missing_country_is_a_note() -> None:
    fields = eu(*EU28 - set(sorted(EU28)[:21]))
    assert summary(judged(RULES, fields, coverage=Fraction(3, 4))) == NOTE
    assert summary(judged(RULES, fields, coverage=Fraction(76, 100))) == CAUTION


@pytest.mark.parametrize(
    ("status", "message", "hint"),
    [
        (
            Status.NOT_REPORTED,
            "no country reported every count that the number needs",
            "Ask for the missing counts",
        ),
        (
            Status.NO_TOTAL,
            "the table does not contain the total of registered victims in Malta, 2015",
            'base="known"',
        ),
    ],
)
def test_status_without_value_has_its_own_text(status: Status, message: str, hint: str) -> None:
    warning = judged(RULES, share(area="MT", reporters=(), value=None, status=status))
    assert summary(warning) == CAUTION
    assert warning.message == message
    assert hint in warning.hint


def test_a_country_without_a_total_is_not_one_without_data() -> None:
    """Belgium has women and men, and no row for its total; Malta has nothing."""
    rows = [
        ("BE", "female", 5),
        ("BE", "male", 4),
        ("FR", "total", 9),
        ("FR", "female", 4),
        ("FR", "male", 5),
    ]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", status="registered", period=2020
    )
    number = indicators.share(table, sex="female", base="all", area="BE+FR+MT")
    (warning,) = number.warnings.select("COVERAGE")
    assert dict(warning.evidence) == {"with data": "FR", "without": "MT", "no total": "BE"}
    complete = table.where(area="FR")
    number = indicators.share(complete, sex="female", base="all", area="FR+MT")
    assert "no total" not in dict(number.warnings.select("COVERAGE")[0].evidence)


@pytest.mark.parametrize(
    "status", [Status.NO_DATA, Status.AMBIGUOUS, Status.CONTRADICTORY, Status.CONFLICTING]
)
def test_coverage_passes_for_other_statuses(status: Status) -> None:
    assert judged(RULES, share(reporters=(), value=None, status=status)) is None


test_two_numbers_come_from_the_same_countries = pair_cases(
    RULES,
    (eu("UK"), eu("UK"), None),
    (eu(), unlisted(28), None),
    (count(9, "BE"), count(8, "FR"), None),
    (eu(), eu(area="EU28 without UK"), None),
    (unlisted(sources=(SOURCE,)), unlisted(sources=(SOURCE,)), None),
    (
        unlisted(sources=(evolve(SOURCE, section="II"),)),
        unlisted(sources=(evolve(SOURCE, section="II.1"),)),
        None,
    ),
    (eu("UK"), eu("FR"), CAUTION),
    (unlisted(25), unlisted(27), CAUTION),
    (unlisted(), unlisted(), OPEN),
    (unlisted(25), unlisted(25), OPEN),
    (unlisted(25), unlisted(3, area="EU15"), OPEN),
    (unlisted(sources=(SOURCE,)), unlisted(sources=(SOURCE,), period="2016"), OPEN),
    (eu("UK"), unlisted(), OPEN),
    (eu(), eu(*EU28), OPEN),
    (unlisted(sources=(SOURCE,)), unlisted(0, sources=(SOURCE,)), OPEN),
    (count(8, "BE", reporters=()), count(8, "FR", reporters=()), OPEN),
    (count(8), UNPLACED, OPEN),
)


def test_unlisted_countries_and_empty_numbers_have_their_own_text() -> None:
    warning = compared(RULES, unlisted(25), unlisted(27))
    assert dict(warning.evidence)["first"] == "25 countries, not listed"
    warning = compared(RULES, eu(), eu(*EU28))
    assert warning.message == "no country reported every count of a number: second"
    warning = compared(RULES, unlisted(), unlisted())
    assert "both publications" in warning.hint


def pooled(part: int, base: int, reporters: set[str], **members: tuple[int, int]) -> Row:
    values = [name in reporters for name in members]
    counts: dict[str, Any] = members
    return share(part, base, "BE+FR+DE", reporters=reporters, parts=parts(given=values, **counts))


def test_other_values_over_the_shared_countries_ask_for_caution() -> None:
    first = pooled(60, 100, {"BE", "FR"}, BE=(50, 20), FR=(10, 20), DE=(0, 0))
    second = pooled(55, 100, {"BE", "DE"}, BE=(40, 30), FR=(0, 0), DE=(15, 15))
    warning = compared(RULES, first, second)
    assert summary(warning) == CAUTION
    single, two = (
        show(Interval.share_of(Interval.point(a), Interval.point(b)))
        for a, b in ((50, 20), (40, 30))
    )
    assert dict(warning.evidence) == {
        "only in the first": "FR",
        "only in the second": "DE",
        "in both": "1 (BE)",
        "like for like": f"{single} and {two}",
    }


def test_equal_values_over_the_shared_countries_are_a_note_above_the_threshold() -> None:
    first = pooled(50, 100, {"BE", "FR"}, BE=(48, 48), FR=(2, 2), DE=(0, 0))
    second = pooled(60, 100, {"BE"}, BE=(60, 40), FR=(0, 0), DE=(0, 0))
    for limit, expected in (("0.95", NOTE), ("0.96", NOTE), ("0.97", CAUTION)):
        thresholds = {"coverage": Fraction(limit)}
        assert summary(compared(RULES, first, second, **thresholds)) == expected
        assert summary(compared(RULES, second, first, **thresholds)) == expected
    other_value = pooled(97, 100, {"BE", "FR"}, BE=(97, 0), FR=(0, 3), DE=(0, 0))
    assert summary(compared(RULES, other_value, second)) == CAUTION
    without_data = pooled(50, 100, {"BE", "FR"}, BE=(48, 48), FR=(2, 2), DE=(50, 50))
    assert summary(compared(RULES, without_data, second)) == NOTE
    shown_alike = pooled(5_000, 10_001, {"BE", "FR"}, BE=(4_999, 5_000), FR=(1, 1), DE=(0, 0))
    assert summary(compared(RULES, shown_alike, second)) == NOTE


def test_no_shared_country_asks_for_caution() -> None:
    first = pooled(50, 100, {"BE"}, BE=(50, 50), FR=(0, 0), DE=(0, 0))
    second = pooled(50, 100, {"DE"}, BE=(0, 0), FR=(0, 0), DE=(50, 50))
    warning = compared(RULES, first, second)
    assert summary(warning) == CAUTION
    assert dict(warning.evidence)["in both"] == "0 (none)"


def labour(made_of: Parts | None, area: str = "UK+FR+DE") -> Row:
    return share(1, 2, area, category=(("exploitation", "labour"),), parts=made_of)


@pytest.mark.parametrize(
    ("made_of", "expected"),
    [
        (parts(UK=(50, 9), FR=(30, 9), DE=(20, 9)), None),
        (parts(UK=(61, 9), FR=(20, 3), DE=(19, 3)), CAUTION),
        (parts(UK=(40, 1), FR=(45, 60), DE=(15, 30)), CAUTION),
        (parts(UK=(10, 10), FR=(10, 10)), None),
        (parts(UK=(10, 70), FR=(45, 20), DE=(45, 20)), CAUTION),
        (parts(UK=((40, 70), 90), FR=(30, 90), DE=(30, 90)), OPEN),
        (parts(UK=((40, np.inf), 90), FR=(30, 90), DE=(30, 90)), OPEN),
        (parts(UK=((90, np.inf), 90), FR=(30, 90), DE=(30, 90)), CAUTION),
        (None, OPEN),
        (parts(UK=(9, 0), FR=(0, 0), given=[True, False]), None),
        (parts(UK=(0, 30), FR=(0, 30), DE=(0, 30)), None),
        (parts(UK=(40, 9), FR=(40, 9), DE=((0, np.inf), 9), given=[True, True, False]), None),
        (parts(kind="count", UK=(61, 0), FR=(39, 0)), CAUTION),
    ],
)
def test_one_country_above_the_threshold_or_with_the_majority_dominates(
    made_of: Parts | None, expected: Expected
) -> None:
    assert summary(judged(rules_of("DOMINANCE"), labour(made_of))) == expected


def test_single_country_does_not_dominate() -> None:
    assert judged(rules_of("DOMINANCE"), labour(None, "BE")) is None
    assert judged(rules_of("DOMINANCE"), labour(parts(BE=(9, 1)), "BE")) is None


@pytest.mark.parametrize(("limit", "fails"), [("0.61", False), ("0.60", True)])
def test_share_at_the_dominance_threshold_passes(limit: str, fails: bool) -> None:
    fields = labour(parts(UK=(61, 9), FR=(20, 3), DE=(19, 3)))
    assert (judged(rules_of("DOMINANCE"), fields, dominance=Fraction(limit)) is not None) is fails


def test_the_number_without_the_dominant_country_is_evidence() -> None:
    warning = judged(rules_of("DOMINANCE"), labour(parts(UK=(61, 9), FR=(20, 3), DE=(19, 3))))
    without = show(Interval.share_of(Interval.point(39), Interval.point(6)))
    share_of_uk = show(Interval.point(Fraction(61, 100)))
    assert (
        warning.message
        == f"the United Kingdom has {share_of_uk} of the registered victims of labour exploitation"
    )
    assert dict(warning.evidence) == {
        "largest": "the United Kingdom",
        "its share": share_of_uk,
        "without the United Kingdom": without,
    }
    warning = judged(rules_of("DOMINANCE"), labour(parts(UK=(40, 1), FR=(45, 60), DE=(15, 30))))
    assert warning.message.startswith("France has ")
    assert warning.message.endswith("; without the United Kingdom the majority changes")
    assert warning.hint == "Show the number without the United Kingdom next to it"


def test_coverage_is_compared_in_integers() -> None:
    # 7 of 25 is 28%, and 0.28 * 25 is above 7 in floating-point numbers.
    missing = sorted(Area.parse("EU25").members)[7:]
    number = eu(*missing, area="EU25")
    assert summary(judged(RULES, number, coverage=Fraction(28, 100))) == NOTE
    assert summary(judged(RULES, number, coverage=Fraction(29, 100))) == CAUTION
