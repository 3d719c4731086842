import pytest
from attrs import evolve

from tests.comparability.numbers import context, count, judged, rate, share
from thbstats.comparability.rules.membership import RULES
from thbstats.geography import Area
from thbstats.results import Result


def citizens(period: str, area: str = "BE", group: str = "eu", within: bool = False) -> Result:
    chosen = (("citizenship", group),)
    where = context(area, period)
    if within:
        return share(3, 4, within=chosen, where=where)
    return share(3, 4, category=chosen, where=where)


def test_groups_keep_their_meaning_within_one_composition() -> None:
    assert judged(RULES, citizens("2015-2016")) is None


@pytest.mark.parametrize("group", ["eu", "other_eu", "non_eu"])
@pytest.mark.parametrize("within", [True, False])
def test_a_period_in_which_the_union_changed_has_two_kinds_of_eu_citizens(
    group: str, within: bool
) -> None:
    found = judged(RULES, citizens("2012-2013", group=group, within=within))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("MEMBERSHIP", "fails", "caution")
    assert "changed during 2012-2013" in found.message
    assert found.evidence == (("joined or left", "HR"),)
    assert "Split the period" in found.mend


def test_a_composition_that_the_source_names_settles_the_groups() -> None:
    assert judged(RULES, citizens("2012-2013", area="EU28")) is None
    assert judged(RULES, citizens("2012-2013", area="EU28 without UK")) is None


def test_a_list_of_countries_names_no_composition() -> None:
    assert judged(RULES, citizens("2012-2013", area="BE+FR")) is not None


def test_countries_and_the_reporting_country_do_not_depend_on_membership() -> None:
    assert judged(RULES, citizens("2012-2013", group="HR")) is None
    assert judged(RULES, citizens("2012-2013", group="reporting_country")) is None
    assert judged(RULES, share(3, 4, where=context(period="2012-2013"))) is None


def test_groups_of_a_period_that_is_not_stated_cannot_be_told() -> None:
    found = judged(RULES, citizens("not stated"))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "which EU composition the groups follow"


def test_areas_are_sets_whatever_they_are_called() -> None:
    one = count(9, context("EU28 without UK"))
    assert judged(RULES, one, count(9, context("EU27_2020"))) is None


def test_two_countries_are_compared_as_such() -> None:
    assert judged(RULES, count(9, context("BE")), count(9, context("FR"))) is None


def test_a_changed_composition_asks_for_caution() -> None:
    found = judged(RULES, count(9, context("EU27_2007")), count(9, context("EU27_2020")))
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
    assert found.message == "EU27_2007 and EU27_2020 are different sets of countries"
    assert found.evidence == (("only in the first", "UK"), ("only in the second", "HR"))
    assert "share" in found.mend


def test_a_country_against_an_aggregate_is_not_like_for_like() -> None:
    found = judged(RULES, count(9, context("BE")), count(9, context("EU28")))
    assert found is not None
    assert [name for name, _ in found.evidence] == ["only in the second"]


def test_an_area_that_is_not_stated_cannot_be_told() -> None:
    nowhere = Area(code="not stated", label="area not stated", members=())
    found = judged(RULES, count(9), count(9, evolve(context(), area=nowhere)))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "the area of both numbers"


def test_eu_citizens_before_and_after_an_accession_are_different_groups() -> None:
    found = judged(RULES, citizens("2012"), citizens("2014"))
    assert found is not None
    assert (found.answer, found.severity) == ("fails", "caution")
    assert "changed between the two numbers" in found.message
    assert found.evidence == (("only in the second", "HR"),)
    assert "countries of citizenship" in found.mend


def test_eu_citizens_of_one_composition_are_one_group() -> None:
    assert judged(RULES, citizens("2014"), citizens("2016")) is None
    assert judged(RULES, citizens("2014"), share(3, 4, where=context(period="2012"))) is None


def test_eu_citizens_at_an_unknown_time_cannot_be_told() -> None:
    found = judged(RULES, citizens("2014"), citizens("not stated"))
    assert found is not None
    assert found.answer == "cannot_tell"
    assert found.message == "which EU composition the groups follow"


def test_a_rate_over_the_inhabitants_of_the_same_countries_holds() -> None:
    assert judged(RULES, rate("EU28", population="EU28")) is None
    assert judged(RULES, rate("EU28 without UK", population="EU27_2020")) is None


def test_a_rate_over_the_inhabitants_of_another_area_asks_for_caution() -> None:
    found = judged(RULES, rate("EU28", population="EU27_2020"))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("MEMBERSHIP", "fails", "caution")
    assert "of EU28 and the population is of EU27_2020" in found.message
    assert found.evidence == (("only counted", "UK"),)
    other = judged(RULES, rate("EU27_2007", population="EU27_2020"))
    assert other is not None
    assert other.evidence == (("only counted", "UK"), ("only in the population", "HR"))
    assert other.mend == "Take the population of the countries that counted"
