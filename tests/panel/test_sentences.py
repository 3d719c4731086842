"""One sentence on a number, for a reader who forwards it."""

from typing import Any

import pytest

import thbstats as thb
from tests.report_2018 import DATA
from thbstats.errors import InvalidValue
from thbstats.records import schema_of
from thbstats.vocabulary import Classification

FEW = thb.Count.fewer_than(5)


def table(dimension: str, *rows: tuple[str, str, Any]) -> thb.CountTable:
    columns = ["area", dimension, "value"]
    return thb.CountTable.from_rows(rows, columns=columns, kind="victims", period=2020)


def plain(result: thb.Result) -> str:
    return result.footnote(style="plain")


SEX = table(
    "sex",
    *[("FR", "total", 100), ("FR", "female", FEW), ("FR", "male", 90)],
    *[("DE", "total", 50), ("DE", "female", 30)],
)


def test_value_has_its_counts_and_its_possible_range():
    assert plain(thb.share(SEX, sex="female", base="all", area="FR")) == (
        "In France in 2020, at most 4 of 100 victims were women and girls (0 to 4 of 100); if "
        "suppressed counts and people of unknown sex are taken into account, at most 10 of 100."
    )


@pytest.mark.parametrize(
    ("areas", "others"),
    [
        (["FR", "DE", "IT"], "counts of the missing country"),
        (["FR", "DE", "IT", "ES"], "the 2 other countr"),
    ],
)
def test_reporting_countries_are_counted_among_all(areas: list[str], others: str):
    text = plain(thb.share(SEX, sex="female", base="all", area=areas))
    assert text.startswith(f"In the 2 of {len(areas)} countries of Germany, ")
    assert "that reported for 2020, 20 to 23 of 100 victims were women and girls (30 to " in text
    assert f"too little is known about {others}" in text


def test_complete_area_has_all_its_countries():
    union = table(
        "sex", *[(area, "total", 10) for area in sorted(thb.Area.parse("EU27_2020").members)]
    )
    text = plain(thb.total(union, area="EU27_2020"))
    assert text == "In all 27 EU countries in 2020, 270 victims were counted."


def test_reporting_countries_of_a_union_are_counted():
    union = sorted(thb.Area.parse("EU27_2020").members)
    rows = table("sex", *[(area, "total", 10) for area in union[:20]])
    text = plain(thb.total(rows, area="EU27_2020"))
    assert text.startswith("In the 20 of 27 EU countries that reported for 2020, 200 victims were ")


def test_countries_of_a_list_that_all_reported_are_counted():
    rows = table("sex", ("FR", "total", 10), ("DE", "total", 5))
    text = plain(thb.total(rows, area=["FR", "DE"]))
    assert text == "In all 2 countries of Germany and France in 2020, 15 victims were counted."


def test_number_without_a_value_has_its_reason():
    text = plain(thb.share(SEX, sex="male", base="all", area="DE"))
    assert (
        text
        == "In Germany in 2020, no number is available (not reported); it can be at most 40 of 100."
    )
    panel = thb.total(SEX, by="area", area=["FR", "IT"])
    assert plain(panel["IT"]) == "In Italy in 2020, no number is available."


@pytest.mark.parametrize(
    ("code", "people"),
    [
        ("RO", "about 0.1 of 100 victims were citizens of Romania (1 of 1,000)"),
        ("eu", "about 0.3 of 100 victims were EU citizens (3 of 1,000)"),
        ("stateless", "about 0.6 of 100 victims were stateless persons (6 of 1,000)"),
    ],
)
def test_citizenships_are_people(code: str, people: str):
    rows = [("FR", "total", 1000), ("FR", "RO", 1), ("FR", "eu", 3), ("FR", "stateless", 6)]
    assert people in plain(
        thb.share(table("citizenship", *rows), citizenship=code, base="all", area="FR")
    )


def test_forms_and_ages_are_people():
    form = thb.share(DATA.victims, exploitation="sexual", base="known")
    assert plain(form) == (
        "In the EU of 28 members in 2015-2016, 55 to 57 of 100 registered victims of known form of "
        "exploitation were victims of sexual exploitation (9,759 of 17,273 to 17,583); if people "
        "of unknown form of exploitation are taken into account, 47 to 64 of 100."
    )
    bands = table("age", ("FR", "total", 10), ("FR", "child", 4), ("FR", "adult", 6))
    assert "40 of 100 victims were children (4 of 10)" in plain(
        thb.share(bands, age="child", base="all", area="FR")
    )


def test_own_dimensions_have_their_code():
    colours = Classification(name="colour", categories=["dark_blue", "red"])
    counts = thb.CountTable.from_rows(
        [("total", 10), ("dark_blue", 4), ("red", 6)],
        columns=["colour", "value"],
        kind=schema_of("victims", colours),
        area="FR",
        period=2020,
    )
    assert "in the category dark blue" in plain(thb.share(counts, colour="dark_blue", base="all"))


def test_counts_without_a_lower_or_upper_limit():
    for count, text in (
        (thb.Count.between(6, None), "at least 6 victims were counted"),
        (FEW, "at most 4 victims were counted"),
    ):
        assert text in plain(thb.total(table("sex", ("FR", "total", count)), area="FR"))


def test_ratios_name_both_counts_and_are_of_different_cases():
    assert plain(thb.conviction_to_prosecution(DATA.justice)) == (
        "In the EU of 28 members in 2015-2016, there were 2,927 convictions for 5,979 "
        "prosecutions, about 49 for each 100; these are not the same cases."
    )


def test_rates_are_for_each_100_000():
    source = thb.Source(title="Estimates of population", publisher="INSEE")
    people = [
        thb.records.Population(area="FR", when="2020-01-01", persons=1_000_000, source=source)
    ]
    text = plain(thb.rate(SEX, people, area="FR"))
    assert "there were 100 victims for 1,000,000 " in text
    assert "10 for each 100,000" in text
    assert "same cases" not in text


def test_changes_state_what_they_estimate():
    rows = [("FR", 2019, 100), ("FR", 2020, 120)]
    counts = thb.CountTable.from_rows(rows, columns=["area", "period", "value"], kind="victims")
    (change, *_) = thb.change(counts, old=2019, new=2020, area="FR")
    assert plain(change) == (
        "In France in 2020, there were 120 victims, and 100 in the earlier period (+20.0%)."
    )
    (difference, *_) = thb.change(counts, old=2019, new=2020, measure="difference", area="FR")
    assert "+20" in plain(difference)


def test_style_is_full_or_plain():
    with pytest.raises(InvalidValue, match="plain"):
        thb.total(SEX, area="FR").footnote(style="long")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("women", "victims", "number"),
    [
        (4, 100_000, "fewer than 0.1 of 100"),  # 0.004%
        (995, 1000, "more than 99 of 100"),  # 99.5%
        (400, 100_000, "about 0.4 of 100"),
    ],
)
def test_number_that_rounds_to_none_or_all_is_not_none_or_all(
    women: int, victims: int, number: str
):
    rows = [("FR", "total", victims), ("FR", "female", women)]
    sentence = plain(thb.share(table("sex", *rows), sex="female", base="all", area="FR"))
    assert f"in 2020, {number} victims" in sentence
    assert "at least 0 of 100" not in sentence


def test_bound_that_rounds_to_all_is_left_out():
    """3 men and 1 person of unknown sex: 99.6% to 99.7% of 1,000."""
    rows = [("FR", "total", 1000), ("FR", "female", 996), ("FR", "male", 3), ("FR", "unknown", 1)]
    sentence = plain(thb.share(table("sex", *rows), sex="female", base="all", area="FR"))
    assert "100 of 100" not in sentence
    assert "at least 99 of 100" in sentence


def test_countries_to_which_a_count_does_not_apply_are_eu_countries():
    members = sorted(thb.Area.parse("EU27_2020").members)
    rows = [(code, "total", 30) for code in members if code != "MT"]
    counts = table("sex", *rows, ("MT", "total", thb.Count.not_applicable()))
    sentence = plain(thb.total(counts, area="EU27_2020"))
    assert sentence.startswith("In 26 of 27 EU countries in 2020, 780 victims")
