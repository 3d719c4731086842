import pytest

from tests.comparability.numbers import context, count, judged, justice, ratio, share, victims
from thbstats.comparability.rules.duplicate import RULES, duplicates
from thbstats.results import Result, Severity


@pytest.mark.parametrize(
    "number",
    [
        count(100),
        count(100, context("BE", "not stated")),
        count(100, context("BE+FR", reporters=frozenset({"BE"}))),
        count(100, context("EU28", "2015-2016", counted=victims(unit="cases"))),
        ratio(
            2927,
            5979,
            counted=justice("convicted", "convictions"),
            against=justice("prosecuted", "prosecutions"),
            area="EU28",
            period="2015-2016",
        ),
    ],
    ids=["one country and year", "no period", "one reporter", "cases", "decisions"],
)
def test_where_nobody_is_added_to_himself_it_holds(number: Result) -> None:
    assert judged(RULES, number) is None


@pytest.mark.parametrize(
    ("area", "period", "ways"),
    [
        ("BE+FR", "2015", "in two countries"),
        ("BE", "2015-2016", "in two years"),
        ("EU28", "2015-2016", "in two countries; in two years"),
    ],
)
def test_persons_of_several_countries_or_years_are_registrations(area, period, ways) -> None:
    for number in (
        count(100, context(area, period)),
        share(68, 100, where=context(area, period)),
        ratio(29, 205, against=victims(), area=area, period=period),
    ):
        found = judged(RULES, number)
        assert found is not None
        assert (found.code, found.answer, found.severity) == ("DUPLICATE", "fails", "note")
        assert found.message == f"a sum of registrations: one person can be counted {ways}"
        assert "registrations" in found.mend


def test_reporters_that_are_not_listed_are_those_of_the_area() -> None:
    assert judged(RULES, count(100, context("EU28", reporters=None))) is not None


def test_where_it_is_known_who_stands_behind_registrations_the_figures_are_told() -> None:
    found = duplicates(
        registrations=20532,
        persons=20498,
        several={"area": 21, "period": 13, "register": 2, "sex": 0},
        within=4,
    )
    assert found.code == "DUPLICATE"
    assert found.severity is Severity.NOTE
    assert str(found.message) == (
        "20 532 registrations are of 20 498 persons: one person is counted in two countries; in "
        "two periods; in two categories of register; twice in one place and period"
    )
    assert found.evidence == (
        ("registrations", "20 532"),
        ("persons", "20 498"),
        ("in two countries", "21"),
        ("in two periods", "13"),
        ("in two categories of register", "2"),
        ("twice in one place and period", "4"),
    )
