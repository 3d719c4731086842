"""Names of numbers, categories and areas in words."""

import pytest

import thbstats as thb
from tests.report_2018 import DATA
from thbstats.geography import Area
from thbstats.languages import capitalised, joined
from thbstats.panel import Result
from thbstats.panel.category_names import (
    categories_name,
    category_name,
    dimension_name,
    lowered,
    name_of,
)
from thbstats.panel.kind import CountKind, counting_unit, stage_nouns
from thbstats.panel.names import (
    area_label,
    area_of,
    inhabitants_name,
    quantity_name,
    row_name,
    sentence,
)
from thbstats.values import Period
from thbstats.vocabulary import AgeGroup, Code, Sex


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("EL", "Greece"),
        ("RO", "Romania"),
        ("QQ", "QQ"),
        ("eu", "EU"),
        ("non_eu", "Non-EU"),
        ("total", "total"),
        ("forced_begging", "forced begging"),
        ("by_joint_investigation_team", "by joint investigation team"),
    ],
)
def test_code_has_a_name(code: str, name: str):
    assert name_of(code) == name


@pytest.mark.parametrize(
    ("dimension", "code", "name"),
    [
        ("sex", "female", "Women and girls"),
        ("exploitation", "sexual", "Sexual exploitation"),
        ("citizenship", "RO", "Citizens of Romania"),
        ("exploitation", "unknown", "Unknown form of exploitation"),
        ("register", "immigration", "Immigration authority"),
    ],
)
def test_category_has_a_name(dimension: str, code: str, name: str):
    assert category_name(dimension, code) == name


@pytest.mark.parametrize(
    ("categories", "name"),
    [
        ({"age": "adult", "sex": "female"}, "Women (adult)"),
        ({"age": "child", "sex": "male"}, "Boys"),
        ({"sex": "female", "exploitation": "sexual"}, "Women and girls (sexual exploitation)"),
        (
            {"citizenship": "non_eu", "topic": "citizens_of_latin_america"},
            "Citizens of Latin America",
        ),
        ({"citizenship": "eu", "sex": "female"}, "EU citizens (women and girls)"),
        ({"sex": "female", "citizenship": "eu"}, "Women and girls (EU citizens)"),
        ({"movement": "internal"}, "Internal trafficking"),
        (
            {"sex": "female", "age": "adult", "exploitation": "sexual"},
            "Women (adult, sexual exploitation)",
        ),
        ({}, ""),
    ],
)
def test_categories_have_one_name(categories: dict[str, str], name: str):
    assert categories_name(categories) == name


@pytest.mark.parametrize("codes", [Sex, AgeGroup])
def test_each_category_of_sex_and_age_has_a_name_as_persons(codes: type[Code]) -> None:
    """ "Female" is the label of a category; "Women and girls" is the subject of a share."""
    dimension = "sex" if codes is Sex else "age"
    parts = [code for code in codes if code != "total"]
    labels = [code.label for code in parts if category_name(dimension, code) == code.label]
    assert labels == []


@pytest.mark.parametrize(
    ("members", "period", "code"),
    [
        (Area.parse("EU28").members, "2022", "EU27_2020"),
        (Area.parse("EU28").members, "2018", "EU28"),
        (Area.parse("EU27_2020").members, "2018", "EU27_2020"),
        (Area.parse("EU28").members | {"NO"}, "2022", None),
        (["BE", "FR"], "2022", "BE+FR"),
        (["FR"], "1950", "FR"),
    ],
)
def test_union_of_a_year_has_the_members_of_the_year(members: object, period: str, code: str):
    area = area_of(members, Period.parse(period))
    assert area.code == code if code else len(area.members) == 29


def test_words_are_joined():
    assert [joined(own) for own in ([], ["a"], ["a", "b"], "abc")] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert (lowered("Women"), lowered("EU citizens")) == ("women", "EU citizens")


def test_dimension_has_a_name():
    names = [dimension_name(name) for name in ("exploitation", "age_concept")]
    assert names == ["form of exploitation", "age concept"]


def _numbers() -> dict[str, Result]:
    data = DATA
    sexual = {"exploitation": "sexual"}
    return {
        "Registered victims": thb.total(data.victims),
        "Registered victims of sexual exploitation": thb.total(data.victims, **sexual),
        "Sexual exploitation, of all victims": thb.share(data.victims, **sexual, base="all"),
        "Sexual exploitation, of victims with a known form": thb.share(
            data.victims, **sexual, base="known"
        ),
        "Convictions per prosecution": thb.conviction_to_prosecution(data.justice),
    }


def test_number_has_a_name():
    numbers = _numbers()
    assert list(map(quantity_name, numbers.values())) == list(numbers)


@pytest.mark.parametrize(
    ("members", "code", "label"),
    [
        (["FR", "BE"], "BE+FR", "Belgium and France"),
        (["LV"], "LV", "Latvia"),
        (Area.parse("EU27_2020").members, "EU27_2020", "EU27 (from 2020)"),
        (["BE", "DE", "FR", "IT", "LU", "NL"], "EU6", "EU6"),
        (["AT", "BE", "BG", "CY", "CZ"], "AT+BE+BG+CY+CZ", "5 countries"),
    ],
)
def test_area_has_a_code_and_a_label(members: list[str], code: str, label: str):
    area = area_of(members)
    assert (area.code, area_label(area)) == (code, label)


def test_countries_left_out_have_their_codes():
    assert area_label(Area.parse("EU28").without("FR", "DE")) == "EU28 without DE, FR"


def test_sentence_has_a_capital_and_one_full_stop():
    assert capitalised("prosecutions per suspect") == "Prosecutions per suspect"
    assert sentence("the UK and the EU.") == "The UK and the EU."
    assert sentence("2 suspects in the EU") == "2 suspects in the EU."
    assert sentence("") == ""


@pytest.mark.parametrize(
    ("dimension", "category", "name"),
    [
        ("age", "adult", "Women (adult), of adults"),
        ("exploitation", "sexual", "Women and girls, of victims of sexual exploitation"),
    ],
)
def test_share_within_a_category_names_it(dimension: str, category: str, name: str):
    rows = [("total", "total", 100), (category, "total", 60), (category, "female", 30)]
    table = thb.CountTable.from_rows(
        rows, columns=[dimension, "sex", "value"], kind="victims", area="MT", period=2020
    )
    share = thb.share(table, sex="female", base="all", where={dimension: category})
    assert quantity_name(share) == name


def test_other_numbers_have_their_estimand():
    rows = [("2019", 100), ("2020", 120)]
    table = thb.CountTable.from_rows(
        rows, columns=["period", "value"], kind="victims", area="MT", status="registered"
    )
    change = thb.change(table, old="2019", new="2020")[0]
    assert quantity_name(change).lower() == change.estimand.lower()
    measures = thb.CountTable.from_rows(
        [("assistance", 3)], columns=["measure", "value"], kind="protection", area="MT", period=2020
    )
    total = thb.total(measures)
    assert total.numerator_kind.label == "assistance"


def test_groups_of_citizens_bodies_and_many_regions_have_names():
    assert [name_of(code) for code in ("eu", "eurojust")] == ["EU", "Eurojust"]
    lands = ("BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL")
    assert area_label(thb.Area.parse("+".join(f"DE-{land}" for land in lands))) == "12 areas"


def test_counts_with_a_unit_and_no_other_attribute_are_named_by_the_unit():
    kinds = [
        CountKind(kind="protection", attributes=(("unit", own),)) for own in ("persons", "money")
    ]
    assert [kind.label for kind in kinds] == ["persons", "amounts of money"]


def test_own_nationals_are_named_by_their_country():
    rows = [("total", 100), ("reporting_country", 40), ("eu", 60)]
    table = thb.CountTable.from_rows(
        rows, columns=["citizenship", "value"], kind="victims", area="BG", period=2020
    )
    share = thb.share(table, citizenship="reporting_country", base="all")
    assert row_name(share) == "Citizens of Bulgaria"
    assert quantity_name(share) == "Citizens of Bulgaria, of all victims"


def test_share_of_a_stage_names_the_counts():
    rows = [("total", 100), ("female", 40), ("unknown", 20)]
    table = thb.CountTable.from_rows(
        rows,
        columns=["sex", "value"],
        kind="justice",
        stage="convicted",
        unit="persons",
        area="BG",
        period=2020,
    )
    names = [quantity_name(thb.share(table, sex="female", base=base)) for base in ("all", "known")]
    counted = "Women and girls, share of persons convicted"
    assert names == [counted, f"{counted} with a known sex"]


def test_counts_at_a_stage_have_their_unit():
    assert row_name(_numbers()["Convictions per prosecution"]) == "Convictions per prosecution"
    assert stage_nouns("convicted", "not_stated") == ("convictions", "conviction")
    assert stage_nouns("convicted", "cases") == ("cases convicted", "case convicted")
    assert counting_unit(CountKind("justice", [("stage", "investigated")])) == "cases"
    assert counting_unit(CountKind("justice")) == "counts"


def test_inhabitants_of_another_area_are_named():
    source = thb.records.Source(title="Population on 1 January")
    people = [
        thb.records.Population(area=area, when="2020-01-01", persons=persons, source=source)
        for area, persons in (("BE", 11_000_000), ("LU", 600_000))
    ]
    counts = thb.CountTable.from_rows(
        [("BE", 7000)], columns=["area", "value"], kind="victims", period=2020, status="registered"
    )
    names = [
        inhabitants_name(thb.rate(counts, people, population_area=own)) for own in ("BE", "BE+LU")
    ]
    assert names == ["inhabitants", "inhabitants (Belgium and Luxembourg)"]


def test_share_of_responses_has_no_denominator_in_persons():
    rows = [("total", 10), ("sexual", 6), ("labour", 6)]
    table = thb.CountTable.from_rows(
        rows,
        columns=["exploitation", "value"],
        kind="victims",
        area="MT",
        period=2020,
    )
    share = thb.share(table, exploitation="sexual", base="responses")
    assert quantity_name(share) == "Sexual exploitation"


def test_counts_of_cooperation_have_the_body_and_what_it_counts():
    kind = CountKind("cooperation", [("body", "eurojust"), ("kind", "joint_investigation_teams")])
    assert kind.label == "Eurojust joint investigation teams"
