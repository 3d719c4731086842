import pytest
from attrs import evolve

from tests.comparability.numbers import count, interval, judged, rate, ratio, share
from thbstats.comparability.rules.small import RULES
from thbstats.results import Measure, Result
from thbstats.values import Interval


@pytest.mark.parametrize(
    ("base", "severity"),
    [(100, None), (99, "note"), (21, "note"), (20, "caution"), (2, "caution")],
)
def test_the_base_decides_how_much_one_case_weighs(base: int, severity: str | None) -> None:
    found = judged(RULES, share(1, base))
    assert (found and found.severity) == severity


def test_what_one_case_is_of_the_base_is_said() -> None:
    found = judged(RULES, share(1, 20))
    assert found is not None
    assert (found.code, found.answer) == ("SMALL", "fails")
    assert found.message == "the base is 20: one case is 5.0 % of it"
    assert found.evidence == (("base", "20"),)
    assert "do not rank" in found.mend


def test_an_empty_base_has_nobody() -> None:
    found = judged(RULES, ratio(3, 0))
    assert found is not None
    assert found.message == "the base is 0: there is nobody"


def test_the_largest_possible_base_decides() -> None:
    found = judged(RULES, share(Interval(0, 4), Interval(10, 30)))
    assert found is not None
    assert found.severity == "note"
    assert found.message == "the base is 10..30: one case is 3.3 % of it"


@pytest.mark.parametrize("base", [Interval(90, 110), Interval.at_least(0)])
def test_a_base_on_both_sides_of_the_threshold_cannot_be_told(base: Interval) -> None:
    found = judged(RULES, share(Interval(0, 4), base))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "whether the base is 100 or more"


def test_counts_have_no_base() -> None:
    assert judged(RULES, count(3)) is None


def test_other_thresholds_can_be_given() -> None:
    assert judged(RULES, share(1, 60), small_note=50) is None
    found = judged(RULES, share(1, 40), small_note=50, small_caution=40)
    assert found is not None
    assert found.severity == "caution"


def of(cases: int | Interval) -> Result:
    return evolve(rate(), numerator=interval(cases))


@pytest.mark.parametrize(
    ("cases", "severity"),
    [(100, None), (99, "note"), (21, "note"), (20, "caution"), (0, "caution")],
)
def test_the_count_of_a_rate_decides_and_not_its_inhabitants(
    cases: int, severity: str | None
) -> None:
    found = judged(RULES, of(cases))
    assert (found and found.severity) == severity
    million = judged(RULES, evolve(of(cases), measure=Measure.PER_MILLION))
    assert (million and million.severity) == severity


def test_what_one_case_is_of_the_count_of_a_rate_is_said() -> None:
    found = judged(RULES, of(12))
    assert found is not None
    assert found.message == "the rate is of 12 cases: one of them is 8.3 % of it"
    assert found.evidence == (("cases", "12"),)
    nobody = judged(RULES, of(0))
    assert nobody is not None
    assert nobody.message == "the rate is of no case: one more would make it another"


def test_a_rate_of_few_cases_or_many_cannot_be_told() -> None:
    found = judged(RULES, of(Interval(90, 110)))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "whether the rate is of 100 cases or more"
