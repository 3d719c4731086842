"""Short publications: published figures, kinds of source, and audits.

The figures were typed from the pages that each claims file names.
"""

from fractions import Fraction
from functools import cache

import pytest

import thbstats as thb
from thbstats.auditing import Audit
from thbstats.claims import Publication
from thbstats.panel import Verdict
from thbstats.publications import ALL
from thbstats.reports import report_data, report_rows
from thbstats.values import Interval

# One line per claim: the published figure, and p or s for a primary or secondary source.
PUBLISHED = {
    "eurostat_2013": {
        "victims": "9,528 s",
        "identified": "5,535 s",
        "children": "15 s",
        "victims-change": "+18 s",
        "convicted-change": "13 % s",
        "women": "68% s",
        "men": "17% s",
        "girls": "12% s",
        "boys": "3% s",
        "sexual": "62% s",
        "labour": "25% s",
        "eu-citizens": "61% s",
        "africa": "14% s",
        "asia": "6% s",
        "latin-america": "5% s",
    },
    "eurostat_2014": {
        "victims": "30,146 s",
        "prosecutions": "8,551 s",
        "female": "80 s",
        "children": "16% s",
        "suspected-eu-citizens": "69% s",
        "non-eu-victims": "2,171 s",
        "residence-permits": "1,124 s",
    },
    "com_2016_267": {
        "victims": "15 846 s",
        "sexual": "67 % s",
        "labour": "21 % s",
        "other": "12 % s",
        "female": "76 % s",
        "children": "15 % s",
        "eu-citizens": "65 % s",
        "suspected": "6 324 s",
        "prosecutions": "4 079 s",
        "convictions": "3 129 s",
    },
    "eurostat_pilot_2015": {
        "victims": "4858 p",
        "male": "1088 p",
        "male-children": "199 p",
        "male-adults": "863 p",
        "female": "3621 p",
        "female-children": "871 p",
        "female-adults": "2635 p",
        "sexual": "2886 p",
        "sexual-male": "97 p",
        "sexual-female": "2286 p",
        "labour": "817 p",
        "labour-male": "498 p",
        "labour-female": "156 p",
        "other": "657 p",
        "other-male": "197 p",
        "other-female": "169 p",
    },
    "com_2020_661": {
        "victims": "14,145 p",
        "eu-citizens": "49% p",
        "internal": "34% p",
        "female": "72% p",
        "children": "22% p",
        "prosecutions": "6,163 p",
        "convictions": "2,426 p",
        "sexual": "60% s",
        "labour": "15% s",
        "male-of-labour": "68% s",
        "convictions-quoted": "2424 s",
    },
    "eurostat_2022_12": {
        "victims": "6 534 p",
        "victims-change": "-16% p",
        "suspected": "7 290 p",
        "suspected-change": "-8% p",
        "convicted": "1 295 p",
        "convicted-change": "-25% p",
        "female": "64% p",
        "sexual": "55% p",
        "labour": "33% p",
        "female-2019": "63% p",
        "suspected-female": "24% p",
        "convicted-female": "26% p",
        "convicted-change-quoted": "-24.9 % s",
        "reporting-country": "40.7 % s",
        "other-eu": "17.3 % s",
        "non-eu": "42.0 % s",
        "per-million-eu27-2020": "15 s",
        "per-million-nl": "57 s",
        "per-million-at": "43 s",
        "per-million-ro": "31 s",
        "per-million-lv": "25 s",
        "per-million-cz": "2 s",
        "per-million-hr": "4 s",
        "per-million-ee": "4 s",
        "per-million-eu27-2020-2019": "17 s",
        "latvia-victims": "48 s",
        "latvia-convicted": "2 s",
    },
    "eurostat_2023_02": {
        "victims": "7 155 p",
        "convicted": "2 517 p",
        "eu-citizens": "59% p",
        "victims-change": "10% s",
        "sexual": "56 % s",
        "labour": "29 % s",
        "other": "15.8% s",
        "suspected-change": "12.5% s",
        "convicted-change": "54.9% s",
    },
}
SHORT = [load() for load in ALL if load.__name__ in PUBLISHED]


@cache
def audit_of(report: Publication) -> Audit:
    """Return the audit of a publication, computed once for all tests."""
    return thb.audit(report)


def named(report: Publication) -> str:
    return report.id


@pytest.mark.parametrize("report", SHORT, ids=named)
def test_claims_have_the_published_figure_and_the_kind_of_their_source(report):
    result = {claim.id: f"{claim.printed} {claim.source_kind[0]}" for claim in report.claims}
    assert result == PUBLISHED[report.id]
    assert all(claim.read_at.startswith(claim.section) for claim in report.claims)


def test_each_publication_is_listed_and_read_once():
    assert {load.__name__ for load in ALL} == {*PUBLISHED, "com_2018_777"}
    assert all(load() is load() for load in ALL)
    assert thb.publications.eurostat_2013() in SHORT
    assert thb.publications.eurostat_2014() in SHORT
    assert thb.publications.eurostat_2022_12() in SHORT
    assert thb.publications.eurostat_2023_02() in SHORT


@pytest.mark.parametrize("report", SHORT, ids=named)
def test_only_a_secondary_page_with_another_number_is_contradicted(report):
    audit = audit_of(report)
    contradicted = [item.claim.id for item in audit if item.verdict == "contradicted"]
    assert contradicted == (["convictions-quoted"] if report.id == "com_2020_661" else [])


def test_findings_are_quoted_convictions_and_sex_by_form_of_the_pilot():
    result = {report.id: [item.claim.id for item in audit_of(report).issues] for report in SHORT}
    assert result.pop("com_2020_661") == ["convictions", "convictions-quoted"]
    assert len(result.pop("eurostat_pilot_2015")) == 16
    assert set(map(tuple, result.values())) == {()}


def test_number_of_a_secondary_page_can_be_wrong():
    audit = audit_of(thb.publications.com_2020_661())
    assert audit["convictions"].remark == "Quoted as 2,424 in the page eucrim.eu."
    assert [claim.id for claim in audit["convictions"].misquotations] == ["convictions-quoted"]
    assert audit["convictions"].verdict == "not_assessable"
    assert "the error can be in the quotation" in audit["convictions-quoted"].message


@pytest.mark.parametrize(
    ("name", "ids", "total"),
    [
        ("eurostat_2013", ["women", "men", "girls", "boys"], "68 + 17 + 12 + 3 = 100%"),
        ("com_2016_267", ["sexual", "labour", "other"], "67 + 21 + 12 = 100%"),
        ("eurostat_2022_12", ["reporting-country", "non-eu"], "40.7 + 17.3 + 42.0 = 100.0%"),
        ("eurostat_2023_02", ["sexual", "labour", "other"], "56 + 29 + 15.8 = 100.8%"),
    ],
)
def test_percentages_sum_to_100_within_rounding(name, ids, total):
    audit = audit_of(getattr(thb.publications, name)())
    for claim in ids:
        assert audit[claim].verdict == "consistent"
        assert total in audit[claim].message


def test_counts_of_the_pilot_are_in_no_table_without_named_countries():
    report = thb.publications.eurostat_pilot_2015()
    assert report.data.victims is None
    assert {claim.reporters for claim in report.claims} == {22}
    assert {str(item.verdict) for item in audit_of(report)} == {"not_assessable"}


@pytest.mark.parametrize(("form", "unknown"), [("sexual", 503), ("labour", 163), ("other", 291)])
def test_pilot_has_more_victims_of_unknown_sex_in_each_form_than_in_total(form, unknown):
    report = thb.publications.eurostat_pilot_2015()
    counts = {claim.id: claim.count for claim in report.claims}
    joint = audit_of(report)[f"{form}-male"].joint
    assert counts[form] - counts[f"{form}-male"] - counts[f"{form}-female"] == unknown
    assert counts["victims"] - counts["male"] - counts["female"] == 149 < unknown
    assert {claim.id for claim in joint.conflict} == {
        *("victims", "male", "female"),
        *(form, f"{form}-female"),
    }
    assert str(joint.verdict) == "not_assessable"
    assert "does not state whether all have the same area and period" in joint.message


@pytest.mark.parametrize(
    ("name", "numerator", "denominator"),
    [("com_2016_267", 3129, 4079), ("com_2018_777", 2927, 5979), ("com_2020_661", 2426, 6163)],
)
def test_tables_contain_convictions_and_prosecutions_of_the_publisher(name, numerator, denominator):
    result = thb.conviction_to_prosecution(getattr(thb.publications, name)().data.justice)
    assert result.value == Interval.point(Fraction(numerator, denominator))


def test_share_of_at_least_15_percent_is_not_bounded_above():
    result = thb.publications.com_2016_267().share("children")
    assert result.value == Interval(Fraction(145, 1000), 1)
    assert result.printed is None
    assert result.numerator == Interval(1, 15846)
    [row] = [row for row in report_rows(thb.publications.com_2016_267()) if row["id"] == "children"]
    assert (row["value_lower"], row["value_upper"]) == (0.145, 1)


def test_third_report_has_the_countries_of_the_second_without_the_uk():
    first = thb.publications.com_2018_777()
    requested = {"of": "exploitation", "base": "known", "area": "EU28 without UK"}
    without = first.breakdown(**requested)["sexual"]
    third = thb.publications.com_2020_661().share("sexual")
    result = thb.compare(without, third)
    assert not result.warnings.select("AREA_COMPOSITION")
    assert result.verdict is Verdict.NOT_ASSESSABLE
    assert result.warnings.select("BASE")


def test_report_has_the_title_of_its_publication():
    report = thb.publications.eurostat_2014()
    assert thb.report(report).title == report.title


@pytest.mark.parametrize("report", SHORT, ids=named)
def test_report_of_each_publication_has_all_claims(report):
    data = report_data(report)
    assert len(data["claims"]) == len(report.claims)
    kinds = {claim["id"]: claim["source_kind"] for claim in data["claims"]}
    assert kinds == {claim.id: claim.source_kind for claim in report.claims}
