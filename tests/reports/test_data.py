"""The same content for programs: one JSON document, one tidy table."""

import csv
import io
import json
from typing import Any

import pytest

from thbstats.publications import com_2018_777
from thbstats.reports import (
    COLUMNS,
    SCHEMA_VERSION,
    Content,
    report,
    report_data,
    report_rows,
)


@pytest.fixture(scope="module")
def data(content: Content) -> dict[str, Any]:
    return report_data(content)


def test_the_document_says_its_version_and_of_what_it_is(data: dict[str, Any]):
    assert data["schema_version"] == SCHEMA_VERSION == 2
    assert data["publication"]["document"] == "COM(2018) 777 final"
    assert data["publication"]["published"] == "2018-12-03"


def test_json_holds_it_without_loss(data: dict[str, Any]):
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_every_claim_of_the_report_is_in_the_document(data: dict[str, Any]):
    ids = [claim["id"] for claim in data["claims"]]
    assert ids == [claim.id for claim in com_2018_777().claims]
    assert all({"id", "section", "printed", "verdict"} <= set(claim) for claim in data["claims"])


def test_an_indicator_has_its_bounds_base_and_claims(data: dict[str, Any]):
    (found,) = [item for item in data["indicators"] if "share_of_all" in item["id"]]
    assert found["numerator"]["lower"] == 9759
    assert found["denominator"]["upper"] == 20532
    assert found["claims"] == ["ii-1-sexual-victims"]


def test_warnings_and_comparisons_name_what_exists(data: dict[str, Any]):
    indicators = {item["id"] for item in data["indicators"]}
    pairs = {item["id"] for item in data["comparisons"]}
    for pair in data["comparisons"]:
        assert {pair["first"], pair["second"]} <= indicators
    for warning in data["warnings"]:
        assert set(warning["applies_to"]) <= indicators | pairs


def test_a_comparison_has_the_difference_as_printed_and_its_ends(data: dict[str, Any]):
    first = data["comparisons"][0]
    assert first["as_published"] == pytest.approx(0.09)
    assert first["difference"]["lower"] == pytest.approx(0.08)
    assert first["verdict"] == "with_caution"


def test_the_findings_of_the_audit_are_named(data: dict[str, Any]):
    assert "ii-1-other-share" in data["audit"]["issues"]
    assert sum(data["audit"]["counts"].values()) == len(data["claims"])


def test_rankings_keep_their_codes(data: dict[str, Any]):
    assert data["rankings"][0]["ranks"] == ["RO", "HU", "NL", "PL", "BG"]


def test_a_report_without_a_day_has_none():
    from tests.reports.made import claim
    from tests.reports.made import report as made

    data = report_data(made(claim("some", wording="many victims")))
    assert data["publication"]["published"] is None


def test_a_row_for_each_indicator_comparison_and_claim(content: Content):
    parts = [row["part"] for row in report_rows(content)]
    assert parts.count("indicator") == len(content.indicators)
    assert parts.count("comparison") == len(content.pairs)
    assert parts.count("claim") == 147


def test_ids_of_rows_are_unique(content: Content):
    ids = [row["id"] for row in report_rows(content)]
    assert len(ids) == len(set(ids))


def test_a_count_has_no_denominator(content: Content):
    (total,) = [row for row in report_rows(content) if row["id"].startswith("victims/total/all")]
    assert total["value_lower"] == 20532
    assert total["denominator_lower"] is None


def test_a_claim_in_words_has_no_number(content: Content):
    rows = {row["id"]: row for row in report_rows(content)}
    assert rows["ii-1-labour-rising"]["value_lower"] is None
    assert rows["ii-victims"]["value_upper"] == 20532
    assert rows["ii-sexual-share"]["value_upper"] == pytest.approx(0.565)


def test_csv_reads_back_as_the_rows(content: Content):
    read = list(csv.DictReader(io.StringIO(report(content).to_csv())))
    rows = report_rows(content)
    assert list(read[0]) == list(COLUMNS)
    assert [row["id"] for row in read] == [row["id"] for row in rows]
    assert read[0]["value_lower"] == str(rows[0]["value_lower"])


def test_a_report_and_its_content_give_the_same_data(data: dict[str, Any], content: Content):
    assert report_data(com_2018_777()) == data
    assert report_rows(com_2018_777()) == report_rows(content)
