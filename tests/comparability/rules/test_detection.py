from tests.comparability.numbers import context, count, judged, justice, ratio, share, victims
from thbstats.comparability.rules.detection import RULES


def test_every_number_of_victims_counts_those_known_and_not_all() -> None:
    found = judged(RULES, share(68, 100))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("DETECTION", "fails", "note")
    assert "not all victims" in found.message
    assert "never of prevalence" in found.mend


def test_victims_in_the_denominator_are_enough() -> None:
    across = ratio(29, 205, counted=justice("convicted"), against=victims(), measure="per_100")
    assert judged(RULES, across) is not None


def test_convictions_over_prosecutions_count_all_that_they_speak_of() -> None:
    assert judged(RULES, ratio(49, 100)) is None


def test_victims_whose_status_is_not_stated_may_be_estimated() -> None:
    found = judged(RULES, count(40_000, context(counted=victims("not_stated"))))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert "registered or estimated" in found.message
    assert RULES[0].essential  # said aloud: the note must not get lost with other metadata
