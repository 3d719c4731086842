import pytest

from tests.comparability.numbers import (
    context,
    count,
    judged,
    justice,
    protection,
    rate,
    ratio,
    share,
    victims,
)
from thbstats.comparability.rules.cohort import RULES
from thbstats.results import Result, Series


def test_two_stages_of_one_period_are_not_one_cohort() -> None:
    found = judged(RULES, ratio(2_927, 5_979, area="EU28", period="2015-2016"))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("COHORT", "fails", "note")
    assert "2015-2016" in found.message
    assert "attrition" in found.mend


@pytest.mark.parametrize(
    "number",
    [
        share(68, 100),
        count(5),
        ratio(3, 4, counted=justice("convicted"), against=justice("convicted")),
        ratio(3, 4, counted=justice("convicted"), against=victims(), measure="per_100"),
        share(3, 4, where=context(counted=justice(""))),
        share(3, 4, where=context(counted=protection())),
        rate(),
    ],
    ids=[
        "share of victims",
        "count",
        "one stage",
        "victims below",
        "share of unstated stage",
        "share of the assisted",
        "rate",
    ],
)
def test_numbers_within_one_stage_need_no_cohort(number: Result) -> None:
    assert judged(RULES, number) is None


@pytest.mark.parametrize("stages", [("", "prosecuted"), ("convicted", ""), ("", "")])
def test_without_both_stages_nobody_can_tell(stages: tuple[str, str]) -> None:
    counted, against = map(justice, stages)
    found = judged(RULES, ratio(3, 4, counted=counted, against=against))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "the stages of justice on both sides"


@pytest.mark.parametrize("against", [victims(), protection("compensation", outcome="sought")])
@pytest.mark.parametrize("measure", ["ratio", "per_100"])
def test_what_victims_were_given_is_not_of_the_victims_of_the_period(
    against: Series, measure: str
) -> None:
    counted = protection("compensation", outcome="granted")
    found = judged(RULES, ratio(3, 4, counted=counted, against=against, measure=measure))
    assert found is not None
    assert (found.answer, found.severity) == ("fails", "note")
    assert "registered, or of requests that were made, in another period" in found.message
    assert "compensation granted persons" in found.message
