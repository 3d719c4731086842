"""CONTRADICTED, OBSERVATION_FLAG and DISCLOSURE."""

from typing import Any

import pytest
from attrs import evolve

from tests.rules.panels import (
    BLOCKING,
    CAUTION,
    NOTE,
    Expected,
    Row,
    compared,
    count,
    judged,
    number_cases,
    panel,
    rules_of,
    summary,
)
from thbstats.panel import Contradiction, Status, Suppression
from thbstats.rules import compare
from thbstats.rules.families.published_figures import disclosure_warning
from thbstats.values import Interval


def item(code: str, area: str = "DE") -> Contradiction:
    text = f"{area}: total 0 to 4, women 746, men 541"
    return Contradiction(area=area, code=code, text=text)


def with_codes(*codes: str, **more: Any) -> Row:
    return count(contradictions=tuple(item(code) for code in codes), **more)


test_severity_of_a_contradiction_depends_on_its_kind = number_cases(
    rules_of("CONTRADICTED"),
    (count(), None),
    (with_codes("contradictory"), CAUTION),
    (with_codes("conflicting"), CAUTION),
    (with_codes("PART_ABOVE_TOTAL"), CAUTION),
    (with_codes("discrepancy"), NOTE),
    (with_codes("REPAIRED_CONFLICT"), NOTE),
    (with_codes("PARTS_EXCEED_TOTAL"), NOTE),
    (with_codes("discrepancy", "contradictory"), CAUTION),
    (with_codes("contradictory", status=Status.CONTRADICTORY, value=None), BLOCKING),
    (with_codes("conflicting", status=Status.CONFLICTING, value=None), CAUTION),
    (count(status=Status.CONTRADICTORY, value=None), BLOCKING),
    (count(status=Status.NOT_REPORTED, value=None), None),
    (with_codes("contradictory", status=Status.NO_DATA, value=None), None),
    (with_codes("contradictory", status=Status.AMBIGUOUS, value=None), None),
)


def test_the_first_three_contradictions_are_in_the_message() -> None:
    five = tuple(item("contradictory", area) for area in ("BE", "BG", "DE", "FR", "MT"))
    warning = judged(rules_of("CONTRADICTED"), count(area="EU28", contradictions=five))
    assert "; ".join(own.text for own in five[:3]) in warning.message
    assert warning.message.endswith("; and 2 more")
    assert dict(warning.evidence) == {"areas": "BE, BG, DE, FR, MT"}
    assert warning.hint == "Ask the publisher, or correct the data"
    warning = judged(rules_of("CONTRADICTED"), count(area="EU28", contradictions=five[:3]))
    assert "more" not in warning.message
    minor = (item("REPAIRED_CONFLICT", "AT"), *five[:3])
    warning = judged(rules_of("CONTRADICTED"), count(area="EU28", contradictions=minor))
    assert warning.message.startswith(f"contradictory counts: {five[0].text}; ")
    assert warning.message.endswith("; and 1 more")


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        (count(900), count(900), "comparable"),
        (with_codes("discrepancy"), count(900), "comparable"),
        (with_codes("contradictory"), count(900), "with_caution"),
        (count(900), with_codes("conflicting"), "with_caution"),
        (with_codes("contradictory"), with_codes("conflicting"), "with_caution"),
        (count(900), count(900, status=Status.CONTRADICTORY), "with_caution"),
    ],
)
def test_a_contradiction_in_one_number_asks_for_caution_in_a_pair(
    first: Row, second: Row, verdict: str
) -> None:
    assert compare(*panel(first, second), rules=rules_of("CONTRADICTED")).verdict == verdict


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        *((letters, None) for letters in ("", "b", "c", "r", "bcmrz")),
        *((letters, NOTE) for letters in ("p", "e", "ins", "xq", "bp")),
        *((letters, CAUTION) for letters in ("u", "f", "d", "pu")),
    ],
)
def test_severity_of_a_flag_depends_on_its_letter(letters: str, expected: Expected) -> None:
    assert summary(judged(rules_of("OBSERVATION_FLAG"), count(flags=letters))) == expected


def test_flags_are_shown_in_words() -> None:
    for letters, message, hint in (
        ("ep", "the source flags the number: estimated; provisional", "final value"),
        ("xq", "the source flags the number: unknown flag q; unknown flag x", "final value"),
        ("d", "the source flags the number: definition differs", "CountingRules"),
    ):
        warning = judged(rules_of("OBSERVATION_FLAG"), count(flags=letters))
        assert warning.message == message
        assert hint in warning.hint
        assert warning.evidence == (("flags", "".join(sorted(letters))),)


@pytest.mark.parametrize(
    ("first", "second", "expected", "words"),
    [
        ("p", "p", None, ""),
        ("x", "", None, ""),
        ("b", "", None, ""),
        ("p", "", NOTE, "provisional"),
        ("", "ep", NOTE, "estimated; provisional"),
        ("pu", "p", CAUTION, "low reliability"),
        ("pu", "u", NOTE, "provisional"),
        ("d", "", CAUTION, "definition differs"),
    ],
)
def test_two_numbers_have_the_same_flags(
    first: str, second: str, expected: Expected, words: str
) -> None:
    warning = compared(rules_of("OBSERVATION_FLAG"), count(flags=first), count(flags=second))
    assert summary(warning) == expected
    if warning is not None:
        assert warning.message == f"the source flags only one of the two numbers: {words}"
        assert dict(warning.evidence) == {"first": first or "none", "second": second or "none"}


FEW = Suppression(cells=1, areas=frozenset({"FR"}), counts=Interval(0, 4))


def test_only_narrowed_bounds_of_suppressed_counts_are_blocked() -> None:
    assert judged(rules_of("DISCLOSURE"), count()) is None
    assert judged(rules_of("DISCLOSURE"), count(suppression=FEW)) is None
    narrowed = evolve(FEW, narrowed=True)
    warning = judged(rules_of("DISCLOSURE"), count(suppression=narrowed))
    assert summary(warning) == BLOCKING
    assert dict(warning.evidence)["suppressed in"] == "FR"
    assert warning == disclosure_warning(narrowed)
