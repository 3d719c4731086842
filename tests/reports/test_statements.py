"""Statements from which readers drew a wrong conclusion, each on its file."""

import re
from typing import Any

import pytest

import thbstats as thb
from tests.reports.made import claim
from tests.reports.made import report as made
from thbstats.display import Bullets
from thbstats.reports import Content, Document, content_of, report

VICTIMS = "docs/_data/glotip_eu_victims.csv"


@pytest.fixture(scope="module")
def union() -> Document:
    return report(thb.read(VICTIMS))


def part(document: Document, name: str) -> str:
    """Return all texts of a section, one line each."""
    lines = []
    for own in document.parts:
        if own.name == name:
            for block in own.texts:
                lines += block.items if isinstance(block, Bullets) else [str(block)]
            for table in own.tables:
                lines += [" | ".join(c.text for c in row.cells) for row in table.rows if rows(row)]
    return "\n".join(lines)


def rows(row: Any) -> bool:
    return hasattr(row, "cells")


def publication(name: str) -> Document:
    return report(getattr(thb.publications, name)())


def test_total_of_the_union_is_not_a_headline_without_germany(union: Document):
    """UNODC suppresses the total of Germany in 2022, and publishes parts of 1,287 and 1,289."""
    assert part(union, "safe").startswith("No figure of the whole area is safe")
    (total,) = [item for item in union.content.counts if item.leading]
    assert "DE" not in total.result.reporters
    (line, *_) = (
        part(union, "reserved")
        .removeprefix("Copy the reservation together with the figure.\n")
        .split("\n")
    )
    assert line == (
        "Detected victims | 8,410 | \N{EN DASH} | in 23 of 27 countries, without Cyprus, Estonia "
        "and Germany (contradictory counts), Czechia (no complete data); at least 8,513 with all "
        "countries"
    )
    assert "8,410 detected victims in EU27 (from 2020), 2022: this is the sum of 23 of 27" in part(
        union, "refused"
    )


def test_issue_names_the_figures_that_contain_contradictory_counts(union: Document):
    issues = part(union, "data_issues").split("\n")
    (germany,) = [text for text in issues if text.startswith("Germany, 2022")]
    assert germany == (
        "Germany, 2022: the total of 0 to 4 detected victims is below the sum of its parts by sex "
        "(female 746, male 541, unknown 7 or more) and by age group (child 193, adult 1,096, "
        "unknown 7 or more). Likely reason: the total is wrong. It is published as suppressed, at "
        "most 4. Germany is in no value of these figures for 2022."
    )
    (cyprus,) = [text for text in issues if text.startswith("Cyprus, 2022")]
    assert cyprus.endswith(
        "Figures with counts of this country: all shares by age, 2022. "
        "Figures without them: all shares by sex, 2022; Detected victims."
    )
    for item in union.content.shares:
        if str(item.result.period) == "2022":
            is_by_age = [name for name, _ in item.result.category] == ["age"]
            assert ("CY" in item.result.reporters) is is_by_age
    (estonia,) = [text for text in issues if text.startswith("Estonia, 2022")]
    assert estonia == (
        "Estonia, 2022: the total 87 equals the known categories, next to 5 of unknown age. "
        "Figures with counts of this country: all shares by sex, 2022; all shares by age, 2022. "
        "Figures without them: Detected victims."
    )


def test_many_parts_of_a_total_are_one_number():
    codes = ["AF", "AL", "BA", "BG", "CN", "CZ", "GE", "GN", "HU", "LT", "LV"]
    rows = [("total", 4), *((code, 5) for code in codes)]
    table = thb.CountTable.from_rows(
        rows, columns=["citizenship", "value"], kind="victims", area="DE", period=2022
    )
    (issue,) = part(thb.report(table), "data_issues").split("\n")[:1]
    assert "is below the sum of its parts by citizenship (11 categories). " in issue


def test_contradictory_count_has_neither_rank_nor_bar(union: Document):
    """Germany fell to 0 in a chart."""
    ranked, _, others = part(union, "countries").partition("Slovenia")
    assert "Italy | 1 | 2,146" in ranked
    assert "Germany" not in ranked
    assert "Germany |  | 0 to 1,296" in others
    justice = report(thb.read("docs/_data/glotip_eu_justice.csv"))
    order = justice.content.orders[0]
    shown = part(justice, "chart")
    assert all(item.value is not None for item in order if f"{item.area.label} |" in shown)


def test_a_misquotation_is_not_a_contradiction_of_the_publication():
    document = publication("com_2020_661")
    conflict, checks = part(document, "issues").split("\n")
    assert conflict == (
        "Different figures for convictions (EU27 (from 2020), 2017-2018): 2,426 on the page "
        "home-affairs.ec.europa.eu of the publisher and 2,424 on the page eucrim.eu. The page "
        "eucrim.eu quotes the publication, so that the error can be in the quotation."
    )
    assert "Contradicted: 1 quotation on another page." in checks
    assert "Convictions | 2,426" in part(document, "safe")


def test_page_has_one_language_and_one_number_style():
    html = report(made(claim("all", printed="10", base="all"))).to_html()
    assert '<html lang="en">' in html


def test_published_value_has_its_published_form():
    document = publication("com_2016_267")
    (children,) = [line for line in part(document, "reserved").split("\n") if "Children" in line]
    assert children.startswith("Children | at least 15% | not stated | as quoted by ekothinking.")
    assert "14.5%" not in document.to_text()


@pytest.mark.parametrize("period", ["2019", "2020"])
def test_share_of_victims_of_unknown_sex_is_not_quoted(period: str):
    """The sex of the victims in Sweden is unknown for 96% to 100% in 2020."""
    table = thb.read(VICTIMS).table.where(area="SE", period=period)
    document = report(table)
    quoted = part(document, "safe") + part(document, "reserved")
    assert "Women and girls" not in quoted
    assert "Men and boys" not in quoted
    assert "the sex is unknown for" in part(document, "refused")
    assert "By sex" not in part(document, "chart")


def test_one_conflict_is_one_issue():
    document = publication("eurostat_pilot_2015")
    assert len(document.content.audit.issues) == 16
    issue, checks = part(document, "issues").split("\n")
    assert issue == (
        "The published numbers by sex, age group and form of exploitation do not add up to 4,858 "
        "victims (16 figures are concerned). Likely reason: the figures are of different countries "
        "or periods, which the text does not state."
    )
    assert "which is not more than" not in document.to_text()
    assert checks.startswith("Of 16 statements with a number, 0 agree with other figures")


def areas_of(content: Content) -> dict[str, str]:
    return {str(item.result.period): item.result.area.code for item in content.indicators}


def test_union_has_the_members_of_the_year(union: Document):
    assert areas_of(union.content) == {"2021": "EU27_2020", "2022": "EU27_2020"}
    before = content_of(thb.read(VICTIMS).table.where(period=["2018", "2019"]))
    assert areas_of(before) == {"2018": "EU28", "2019": "EU28"}
    assert "EU28" not in union.to_html()
    assert union.title == "Victims of trafficking, 28 countries, 2018 to 2022"
    assert part(union, "omissions").startswith(
        "The United Kingdom: in the data and not in the figures, because it was not a Member State "
        "of the EU in 2021 and 2022."
    )
    assert "United Kingdom" not in part(union, "countries")


def test_countries_are_counted_in_the_area_and_not_in_the_rows():
    """A table of 19 countries said that 19 of 19 report."""
    table = thb.read(VICTIMS).table.where(area=["FR", "DE", "IT", "ES", "PL", "SE"], period="2022")
    (total,) = [item for item in content_of(table).counts if item.leading]
    assert total.coverage == "5 of 6"
    alone = table.where(area=["FR", "DE"])
    coverages = {i.coverage for i in content_of(alone).counts if len(i.result.area.members) == 2}
    assert coverages == {"1 of 2"}


@pytest.mark.parametrize("name", ["com_2018_777", "com_2020_661", "eurostat_2022_12"])
def test_figures_that_cannot_be_compared_are_not_safe(name: str):
    document = publication(name)
    assert "not stated" not in part(document, "safe")
    lines = part(document, "reserved").split("\n")[1:]
    assert all(line.rpartition(" | ")[2] for line in lines)
    cell = r'data-label="Reservation"[^>]*>[^<]*the publication does not state the denominator'
    assert re.search(cell, document.to_html())
