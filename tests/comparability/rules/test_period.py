import pytest

from tests.comparability.numbers import context, count, judged, rate, share
from thbstats.comparability.rules.period import RULES
from thbstats.results import Result


def of(period: str) -> Result:
    return share(68, 98, where=context(period=period))


@pytest.mark.parametrize("period", ["2015", "2015-2016", "2015-04-01/2016-03-31"])
def test_whole_years_of_any_kind_hold(period: str) -> None:
    assert judged(RULES, of(period)) is None


def test_broken_years_are_noted() -> None:
    found = judged(RULES, of("2015-01-01/2015-06-30"))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("PERIOD", "fails", "note")
    assert found.evidence == (("days", "181"),)
    assert "whole years" in found.mend


@pytest.mark.parametrize("period", ["~2014-2016", "not stated"])
def test_an_approximate_period_or_none_cannot_be_told(period: str) -> None:
    for found in (judged(RULES, of(period)), judged(RULES, of("2015"), of(period))):
        assert found is not None
        assert (found.answer, found.severity) == ("cannot_tell", "note")
        assert found.message == "the exact reference period"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2015", "2015"),
        ("2015", "2016"),
        ("2013-2014", "2015-2016"),
        ("2014-04-01/2015-03-31", "2015-04-01/2016-03-31"),
        ("2015-01-01/2015-06-30", "2015-01-01/2015-06-30"),
    ],
)
def test_equal_periods_and_periods_of_one_shape_hold(first: str, second: str) -> None:
    assert judged(RULES, of(first), of(second)) is None


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("2013", "2015-2016", "2013 has 365 days and 2015-2016 has 731"),
        ("2015", "2015-2016", "2015 and 2015-2016 share days"),
        ("2015-01-01/2015-06-30", "2015-07-01/2015-12-31", "has 181 days and"),
        ("2013-2014", "2014-2015", "2013-2014 and 2014-2015 share days"),
        ("2013", "2014-04-01/2015-03-31", "their years start on different days"),
        (
            "2013-04-01/2014-03-31",
            "2014-07-01/2015-06-30",
            "their years start on different days",
        ),
    ],
)
def test_length_overlap_and_calendar_are_told_apart(first: str, second: str, words: str) -> None:
    found = judged(RULES, of(first), of(second))
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
    assert words in found.message
    assert found.evidence == (("first", first), ("second", second))
    assert "same length" in found.mend


def test_leap_days_do_not_make_years_unequal() -> None:
    assert judged(RULES, of("2015"), of("2016")) is None
    assert judged(RULES, count(9, context(period="2015")), count(9, context(period="2016"))) is None


def test_counts_of_unequal_periods_are_not_comparable() -> None:
    found = judged(RULES, count(9, context(period="2013")), count(9, context(period="2015-2016")))
    assert found is not None
    assert (found.answer, found.severity) == ("fails", "blocking")


def test_counts_of_equal_periods_that_share_days_ask_for_caution() -> None:
    found = judged(
        RULES, count(9, context(period="2013-2014")), count(9, context(period="2014-2015"))
    )
    assert found is not None
    assert found.severity == "caution"


@pytest.mark.parametrize(
    ("period", "counted"),
    [
        ("2015", ["2015-01-01/2015-01-01"]),
        ("2015", ["2015"]),
        ("2015-2016", ["2015-01-01/2015-01-01", "2016-01-01/2016-01-01"]),
        # The mean of the two ends of a year.
        ("2015", ["2015-01-01/2015-01-01", "2016-01-01/2016-01-01"]),
        ("2015-04-01/2016-03-31", ["2016-01-01/2016-01-01"]),
    ],
)
def test_a_population_of_the_same_time_holds(period: str, counted: list[str]) -> None:
    assert judged(RULES, rate(period=period, counted=counted)) is None


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        (["2011-01-01/2011-01-01"], "2011-01-01"),
        (["2017-01-01/2017-01-01"], "2017-01-01"),
        (["2014"], "2014"),
        (["2014-07-01/2015-06-30"], "2014-07-01/2015-06-30"),
        (["2015-01-01/2015-01-01", "2016-01-02/2016-01-02"], "2016-01-02"),
    ],
)
def test_a_population_of_another_time_asks_for_caution(counted: list[str], told: str) -> None:
    found = judged(RULES, rate(period="2015", counted=counted))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("PERIOD", "fails", "caution")
    assert found.evidence == (("population", told),)
    assert f"of another time: {told}" in found.message
    assert found.mend == "Take the population of the period"


def test_a_rate_of_a_period_that_is_not_stated_cannot_be_told() -> None:
    found = judged(RULES, rate(period="not stated"))
    assert found is not None
    assert found.answer == "cannot_tell"
