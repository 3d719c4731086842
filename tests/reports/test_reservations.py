"""Reservations and refusals of tables with quarters, few persons and several kinds of ranges."""

import thbstats as thb
from thbstats.panel.names import quantity_name
from thbstats.reports.reservations import reservations_of


def text_of(rows, columns, kind="victims", **options) -> str:
    table = thb.CountTable.from_rows(rows, columns=columns, kind=kind, **options)
    return " ".join(thb.report(table).to_text(200).split())


def test_quarter_is_no_number_of_a_year():
    rows = [("2023-Q3", 99), ("2023-Q4", 140)]
    text = text_of(rows, ["period", "value"], area="BE", status="identified")
    assert "140 as the number of a year: 2023-Q4 is shorter than a year." in text
    assert "none of the 2 counts is missing" in text


def test_range_of_a_small_share_is_two_counts():
    rows = [("total", 13), ("sexual", 10), ("labour", 2)]
    text = text_of(rows, ["exploitation", "value"], area="MT", period=2024, status="detected")
    assert "2 to 3 of 13, depending on victims whose form is not listed" in text


def test_citizens_of_the_reporting_country_have_its_name():
    rows = [("total", 40), ("reporting_country", 10), ("non_eu", 30)]
    text = text_of(rows, ["citizenship", "value"], area="MT", period=2024, status="detected")
    assert "Citizens of Malta, of all victims" in text
    assert "reporting country" not in text


def test_share_that_can_vary_by_more_than_half_is_not_quoted():
    rows = [("total", 20), ("female", thb.Count.between(2, 18, thb.Reason.SUPPRESSED))]
    text = text_of(rows, ["sex", "value"], area="MT", period=2024, status="detected")
    assert "the counts allow a range of more than 50 percentage points" in text


def test_reasons_of_justice_name_persons_convicted():
    rows = [("total", 50), ("female", 4), ("male", 6), ("unknown", 40)]
    options = {"area": "JP", "period": 2022, "stage": "convicted", "unit": "persons"}
    assert "the sex is unknown for 40 of 50 persons convicted" in text_of(
        rows, ["sex", "value"], kind="justice", **options
    )
    table = thb.CountTable.from_rows(rows, columns=["sex", "value"], kind="justice", **options)
    name = quantity_name(thb.share(table, sex="female", base="known"))
    assert name == "Women and girls, share of persons convicted with a known sex"


def test_range_from_a_total_below_its_parts_names_the_country():
    table = thb.read("docs/_data/glotip_eu_victims.csv").data.victims
    content = thb.report(table.where(area=["BE", "FR", "NL"])).content
    reason = "a range, because a total and its parts differ by a few persons in the Netherlands"
    found = {item.name for item in content.shares if reason in reservations_of(item)}
    assert {"Adults, of all victims", "Children, of all victims"} <= found
