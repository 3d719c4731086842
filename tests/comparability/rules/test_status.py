from tests.comparability.numbers import context, count, judged, justice, ratio, share, victims
from thbstats.comparability.rules.status import RULES
from thbstats.results import Result


def of(status: str) -> Result:
    return count(100, context(counted=victims(status)))


def test_registered_victims_have_a_status() -> None:
    assert judged(RULES, of("registered")) is None


def test_numbers_without_victims_have_none_to_state() -> None:
    assert judged(RULES, ratio(3, 4)) is None
    assert judged(RULES, ratio(3, 4), ratio(5, 6)) is None


def test_a_status_that_is_not_stated_cannot_be_told() -> None:
    found = judged(RULES, of("not_stated"))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "the status of the victims counted"


def test_identified_over_registered_victims_are_two_statuses_in_one_number() -> None:
    number = ratio(2_746, 4_858, counted=victims("identified"), against=victims("registered"))
    found = judged(RULES, number)
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("STATUS", "fails", "caution")
    assert found.evidence == (
        ("numerator", "identified victims"),
        ("denominator", "registered victims"),
    )
    assert "name both" in found.mend


def test_registered_are_compared_with_registered() -> None:
    assert judged(RULES, of("registered"), share(68, 100)) is None


def test_registered_and_detected_victims_are_different_counts() -> None:
    found = judged(RULES, of("registered"), of("detected"))
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
    assert dict(found.evidence) == {"first": "registered", "second": "detected"}
    assert "registered with registered" in found.mend


def test_the_status_in_a_denominator_counts_too() -> None:
    def per(status: str) -> Result:
        return ratio(29, 205, counted=justice("convicted"), against=victims(status))

    found = judged(RULES, per("registered"), per("identified"))
    assert found is not None
    assert found.answer == "fails"


def test_one_unstated_status_cannot_be_told_and_two_others_differ_all_the_same() -> None:
    found = judged(RULES, of("registered"), of("not_stated"))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    mixed = ratio(1, 2, counted=victims("not_stated"), against=victims("identified"))
    differing = judged(RULES, of("registered"), mixed)
    assert differing is not None
    assert differing.answer == "fails"
    assert dict(differing.evidence)["second"] == "not stated, identified"
