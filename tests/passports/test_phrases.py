"""Phrases of passports."""

import pytest

import thbstats as thb
from thbstats.geography import Area
from thbstats.panel import CountKind
from thbstats.passports.figure_names import area_label, noun_of, period_label, persons_of
from thbstats.values import Period


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("FR", "France"),
        ("NL", "the Netherlands"),
        ("EU28", "the EU28"),
        ("EU27_2007", "the EU27 (2007 to 2013)"),
        ("EU28 without UK, FR", "the EU28 without France and the United Kingdom"),
        ("BE+FR", "Belgium and France"),
        ("Western Europe", "Western Europe"),
        ("World", "the world"),
        ("DE-BY", "DE-BY (Germany)"),
    ],
)
def test_area_has_a_name_for_sentences(code: str, label: str):
    assert area_label(Area.parse(code)) == label


def test_own_area_keeps_its_label():
    own = Area.define("north", ["SE", "FI", "DK"], label="The North")
    assert area_label(own) == "The North"
    assert area_label(own.without("SE")) == "The North without Sweden"
    many = Area.from_countries(Area.parse("World").members)
    assert area_label(many) == "250 countries"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2020", "2020"),
        ("2015-2016", "2015-2016"),
        ("2015-Q4", "2015-Q4"),
        ("~2014-2016", "about 2014-2016"),
        ("2015-04-01/2016-03-31", "2015-04-01 to 2016-03-31"),
        ("not stated", "period not stated"),
    ],
)
def test_period_has_a_name_for_sentences(text: str, label: str):
    assert period_label(Period.parse(text)) == label


@pytest.mark.parametrize(
    ("category", "label"),
    [
        ({}, ""),
        ({"sex": "female", "age": "adult"}, "women (adult)"),
        ({"age": "child"}, "children"),
        ({"sex": "male", "exploitation": "labour"},
         "men and boys (victims of labour exploitation)"),
        ({"sex": "other", "age": "child"},
         "persons of another sex (children)"),
        ({"citizenship": "non_eu"}, "non-EU citizens"),
        ({"citizenship": "RO"}, "citizens of Romania"),
        ({"citizenship": "NL"}, "citizens of the Netherlands"),
        ({"exploitation": "unknown"}, "persons of unknown category (form of exploitation)"),
        ({"exploitation": "begging"}, "persons in the category begging (form of exploitation)"),
        ({"shelter": "in_house"}, "persons in the category in house (shelter)"),
    ],
)  # fmt: skip
def test_categories_have_a_name_for_persons(category: dict[str, str], label: str):
    assert persons_of(category, CountKind("victims")) == label


@pytest.mark.parametrize(
    ("kind", "attributes", "label"),
    [
        ("victims", {}, "victims"),
        ("victims", {"status": "identified", "register": "police"}, "identified victims (police)"),
        ("victims", {"status": "detected", "register": "all"}, "detected victims"),
        ("justice", {"stage": "suspected", "unit": "persons"}, "suspects"),
        ("justice", {"stage": "prosecuted", "unit": "prosecutions"}, "prosecutions"),
        ("justice", {"stage": "prosecuted", "unit": "cases"}, "cases prosecuted"),
        ("justice", {"stage": "convicted", "unit": "persons", "offence": "use_of_services"},
         "persons convicted (knowing use of services of victims)"),
        ("protection", {"measure": "residence_permit", "outcome": "granted", "unit": "permits"},
         "permits (residence permit, granted)"),
        ("cooperation", {"body": "eurojust", "kind": "cases", "unit": "cases"}, "cases (Eurojust)"),
        ("justice", {}, "counts"),
        ("victims", {"status": "presumed", "decision": "first"},
         "presumed victims (decision first)"),
    ],
)  # fmt: skip
def test_counts_have_a_name(kind: str, attributes: dict[str, str], label: str):
    assert noun_of(CountKind(kind, [*attributes.items()])).plural == label


def test_share_of_victims_of_a_form_is_compared_with_the_same_denominator():
    report = thb.publications.com_2018_777()
    sexes = thb.share(
        report.data.victims, exploitation="sexual", base="all"
    ).passport(published=report).published  # fmt: skip
    assert sexes is not None
    assert sexes.base.within == ()
