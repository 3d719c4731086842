"""AREA_COMPOSITION, PERIOD and MULTIPLE_RESPONSE."""

from typing import Any

import pytest

from tests.rules.panels import (
    BLOCKING,
    CAUTION,
    NOTE,
    OPEN,
    Row,
    compared,
    count,
    judged,
    number_cases,
    pair_cases,
    rate,
    ratio,
    rules_of,
    share,
    summary,
)
from thbstats.geography import Area
from thbstats.panel import Excess
from thbstats.values import Interval


def citizens(period: str, area: str = "BE", group: str = "eu", *, within: bool = False) -> Row:
    chosen: Row = {"within" if within else "category": (("citizenship", group),)}
    return share(area=area, period=period, **chosen)


test_composition_of_a_number = number_cases(
    rules_of("AREA_COMPOSITION"),
    (citizens("2015-2016"), None),
    *((citizens("2012-2013", group=group), CAUTION) for group in ("eu", "other_eu", "non_eu")),
    (citizens("2012-2013", within=True), CAUTION),
    (citizens("2012-2013", area="EU28"), None),
    (citizens("2012-2013", area="EU28 without UK"), None),
    (citizens("2012-2013", area="BE+FR"), CAUTION),
    (citizens("2012-2013", group="HR"), None),
    (citizens("2012-2013", group="reporting_country"), None),
    (share(period="2012-2013"), None),
    (citizens("not stated"), OPEN),
    (rate("EU28", population="EU28"), None),
    (rate("EU28 without UK", population="EU27_2020"), None),
    (rate("EU28", population="EU27_2020"), CAUTION),
)


def test_composition_names_the_countries_that_differ() -> None:
    changed = judged(rules_of("AREA_COMPOSITION"), citizens("2012-2013"))
    assert changed.evidence == (("joined or left", "HR"),)
    other = judged(rules_of("AREA_COMPOSITION"), rate("EU27_2007", population="EU27_2020"))
    assert other.evidence == (("only counted", "UK"), ("only in the population", "HR"))


NOWHERE = {**count(), "area": Area(code="not stated", label="area not stated", members=())}


test_composition_of_a_pair = pair_cases(
    rules_of("AREA_COMPOSITION"),
    (count(9, "EU28 without UK"), count(9, "EU27_2020"), None),
    (count(9, "BE"), count(9, "FR"), None),
    (count(9, "EU27_2007"), count(9, "EU27_2020"), CAUTION),
    (count(9, "BE"), count(9, "EU28"), CAUTION),
    (count(9), NOWHERE, OPEN),
    (citizens("2012"), citizens("2014"), CAUTION),
    (citizens("2014"), citizens("2016"), None),
    (citizens("2014"), share(period="2012"), None),
    (citizens("2014"), citizens("not stated"), OPEN),
)


test_period_of_a_number = number_cases(
    rules_of("PERIOD"),
    *((share(period=whole), None) for whole in ("2015", "2015-2016", "2015-04-01/2016-03-31")),
    *((share(period=part), None) for part in ("2015-S1", "2015-Q4", "2015-M02")),
    *((share(period=days), NOTE) for days in ("2015-01-01/2015-06-29", "2015-02-01/2015-04-30")),
    (share(period="~2014-2016"), OPEN),
    (share(period="not stated"), OPEN),
    (rate(period="not stated"), OPEN),
    (rate(counted=["2015-01-01/2015-01-01", "2016-01-01/2016-01-01"]), None),
    (rate(counted=["2015"]), None),
    (rate(period="2015-04-01/2016-03-31", counted=["2016-01-01/2016-01-01"]), None),
    *(
        (rate(counted=[other]), CAUTION)
        for other in ("2011-01-01/2011-01-01", "2014", "2014-07-01/2015-06-30")
    ),
)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2015", "2015", None),
        ("2015", "2016", None),
        ("2013-2014", "2015-2016", None),
        ("2014-04-01/2015-03-31", "2015-04-01/2016-03-31", None),
        # Quarters and half-years of one length are comparable shapes.
        ("2015-01-01/2015-03-31", "2015-04-01/2015-06-30", None),
        ("2015-01-01/2015-03-31", "2016-07-01/2016-09-30", None),
        ("2015-01-01/2015-06-30", "2015-07-01/2015-12-31", None),
        ("2015-01-01/2015-03-31", "2015-04-01/2015-09-30", "has 90 days and"),
        ("2015-01-01/2015-03-31", "2015-02-01/2015-04-30", "overlap"),
        ("2015-01-01/2015-03-20", "2015-04-01/2015-06-30", "has 79 days and"),
        ("2015-01-02/2015-01-31", "2015-02-02/2015-03-03", None),
        ("9999-01-01/9999-03-31", "9999-10-01/9999-12-31", "has 90 days and"),
        ("2013", "2015-2016", "2013 has 365 days and 2015-2016 has 731"),
        ("2010", "2010-2012", "2010 has 365 days and 2010-2012 has 1,096"),
        ("2013-2014", "2014-2015", "2013-2014 and 2014-2015 overlap"),
        ("2013", "2014-04-01/2015-03-31", "start on different days"),
    ],
)
def test_period_of_a_pair(first: str, second: str, expected: str | None) -> None:
    warning = compared(rules_of("PERIOD"), share(period=first), share(period=second))
    if expected is None:
        assert warning is None
    else:
        assert summary(warning) == CAUTION
        assert warning is not None
        assert expected in warning.message


def test_approximate_period_of_a_pair_is_not_assessable() -> None:
    pair = share(period="~2014-2016"), share(period="2015")
    assert summary(compared(rules_of("PERIOD"), *pair)) == OPEN


def test_counts_of_periods_of_different_length_are_not_comparable() -> None:
    pair = count(9, period="2013"), count(9, period="2015-2016")
    assert summary(compared(rules_of("PERIOD"), *pair)) == BLOCKING
    shared = count(9, period="2013-2014"), count(9, period="2014-2015")
    assert summary(compared(rules_of("PERIOD"), *shared)) == CAUTION


FORMS: Row = {"dimension": ("exploitation",)}
MALTA = Excess(counted=Interval.point(16), total=Interval.point(12), areas=("MT",))


def forms(overlap: str = "overlapping", rule: str = "all", **more: Any) -> Row:
    return share(7, 12, rule=rule, overlap=overlap, **FORMS, **more)


test_multiple_response_of_a_number = number_cases(
    rules_of("MULTIPLE_RESPONSE"),
    (forms("exclusive"), None),
    (forms("not_stated"), None),
    (forms(), CAUTION),
    (forms(excess=MALTA), CAUTION),
    (forms(rule="responses"), NOTE),
    (ratio(), None),
    (count(), None),
)


def test_multiple_response_contains_the_excess() -> None:
    warning = judged(rules_of("MULTIPLE_RESPONSE"), forms(excess=MALTA))
    assert "sum to 16, and the total is 12 registered victims" in warning.message
    assert warning.evidence == (("sum of categories", "16"), ("total", "12"), ("areas", "MT"))


test_multiple_response_of_a_pair = pair_cases(
    rules_of("MULTIPLE_RESPONSE"),
    (forms(), forms("exclusive"), CAUTION),
    (forms(), forms(), None),
    (forms(), forms("not_stated"), None),
    (forms(), share(7, 12, rule="all"), None),
    (forms(), forms("exclusive", rule="known"), None),
    (forms(), count(7), None),
)
