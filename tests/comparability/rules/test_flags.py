import pytest

from tests.comparability.numbers import context, count, judged
from thbstats.comparability.rules.flags import RULES
from thbstats.results import Result


def flagged(letters: str) -> Result:
    return count(100, context(flags=frozenset(letters)))


@pytest.mark.parametrize("letters", ["", "b", "c", "r", "bcmrz"])
def test_no_flag_or_one_that_other_rules_read_holds(letters: str) -> None:
    assert judged(RULES, flagged(letters)) is None
    assert judged(RULES, flagged(letters), flagged("")) is None


@pytest.mark.parametrize(
    ("letters", "severity"),
    [("p", "note"), ("e", "note"), ("ins", "note"), ("u", "caution"), ("f", "caution")],
)
def test_flags_are_told_in_words_with_their_weight(letters: str, severity: str) -> None:
    found = judged(RULES, flagged(letters))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("FLAGS", "fails", severity)
    assert found.evidence == (("flags", letters),)


def test_several_flags_are_one_warning() -> None:
    found = judged(RULES, flagged("ep"))
    assert found is not None
    assert found.message == "the source flags it: estimated; provisional"
    assert "final one" in found.mend


def test_a_definition_that_differs_points_to_the_rules_of_counting() -> None:
    found = judged(RULES, flagged("d"))
    assert found is not None
    assert found.severity == "caution"
    assert "CountingRules" in found.mend


def test_a_letter_that_nobody_explains_is_named() -> None:
    found = judged(RULES, flagged("xq"))
    assert found is not None
    assert found.severity == "note"
    assert found.message == "the source flags it: flag q is not known; flag x is not known"


def test_two_numbers_of_one_standing_hold() -> None:
    assert judged(RULES, flagged("p"), flagged("p")) is None
    assert judged(RULES, flagged("x"), flagged("")) is None


@pytest.mark.parametrize(
    ("first", "second", "severity", "words"),
    [
        ("p", "", "note", "provisional"),
        ("", "ep", "note", "estimated; provisional"),
        ("pu", "p", "caution", "low reliability"),
        ("d", "", "caution", "definition differs"),
    ],
)
def test_a_flag_at_one_of_two_numbers_is_told(
    first: str, second: str, severity: str, words: str
) -> None:
    found = judged(RULES, flagged(first), flagged(second))
    assert found is not None
    assert (found.severity, found.scope) == (severity, "pair")
    assert found.message == f"one of the two numbers is flagged: {words}"
    assert dict(found.evidence) == {"first": first or "none", "second": second or "none"}
