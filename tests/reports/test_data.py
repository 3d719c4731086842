"""Reports as JSON data and as tidy rows."""

import csv
import io
import json
from typing import Any

import pytest

from tests.reports.made import claim, report
from thbstats.publications import com_2018_777
from thbstats.reports import COLUMNS, SCHEMA_VERSION, Content, report_data, report_rows
from thbstats.reports import report as report_on


@pytest.fixture(scope="module")
def data(content: Content) -> dict[str, Any]:
    return report_data(content)


@pytest.fixture(scope="module")
def rows(content: Content) -> list[dict[str, Any]]:
    return report_rows(content)


def test_data_has_version_and_publication(data: dict[str, Any]):
    assert data["schema_version"] == SCHEMA_VERSION == 2
    assert data["publication"]["document"] == "COM(2018) 777 final"
    assert data["publication"]["published"] == "2018-12-03"
    undated = report_data(report(claim("some", wording="many victims")))
    assert undated["publication"]["published"] is None


def test_json_is_lossless(data: dict[str, Any]):
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_data_has_every_claim_and_the_issues(data: dict[str, Any]):
    ids = [claim["id"] for claim in data["claims"]]
    assert ids == [claim.id for claim in com_2018_777().claims]
    assert all({"id", "section", "printed", "verdict"} <= set(claim) for claim in data["claims"])
    assert "ii-1-other-share" in data["audit"]["issues"]
    assert sum(data["audit"]["counts"].values()) == len(data["claims"])
    assert data["rankings"][0]["ranks"] == ["RO", "HU", "NL", "PL", "BG"]


def test_indicator_has_its_counts_and_claims(data: dict[str, Any]):
    (share,) = [item for item in data["indicators"] if "share_of_all" in item["id"]]
    assert share["numerator"]["lower"] == 9759
    assert share["denominator"]["upper"] == 20532
    assert share["claims"] == ["ii-1-sexual-victims"]


def test_ids_of_warnings_and_comparisons_exist(data: dict[str, Any]):
    indicators = {item["id"] for item in data["indicators"]}
    pairs = {item["id"] for item in data["comparisons"]}
    for pair in data["comparisons"]:
        assert {pair["first"], pair["second"]} <= indicators
    for warning in data["warnings"]:
        assert set(warning["applies_to"]) <= indicators | pairs


def test_comparison_has_the_published_difference_and_its_bounds(data: dict[str, Any]):
    first = data["comparisons"][0]
    assert first["as_published"] == pytest.approx(0.09)
    assert first["difference"]["lower"] == pytest.approx(0.08)
    assert first["verdict"] == "with_caution"


def test_rows_are_indicators_comparisons_and_claims(content: Content, rows: list[dict[str, Any]]):
    parts = [row["part"] for row in rows]
    assert parts.count("indicator") == len(content.indicators)
    assert parts.count("comparison") == len(content.pairs)
    assert parts.count("claim") == 147
    assert len({row["id"] for row in rows}) == len(rows)


def test_numbers_of_rows(rows: list[dict[str, Any]]):
    (total,) = [row for row in rows if row["id"].startswith("victims/total/all")]
    assert total["value_lower"] == 20532
    assert total["denominator_lower"] is None
    by_id = {row["id"]: row for row in rows}
    assert by_id["ii-1-labour-rising"]["value_lower"] is None
    assert by_id["ii-victims"]["value_upper"] == 20532
    assert by_id["ii-sexual-share"]["value_upper"] == pytest.approx(0.565)


def test_csv_has_the_rows(content: Content, rows: list[dict[str, Any]]):
    lines = list(csv.DictReader(io.StringIO(report_on(content).to_csv())))
    assert list(lines[0]) == list(COLUMNS)
    assert [row["id"] for row in lines] == [row["id"] for row in rows]
    assert lines[0]["value_lower"] == str(rows[0]["value_lower"])


def test_publication_and_its_content_have_the_same_data(
    data: dict[str, Any], rows: list[dict[str, Any]]
):
    assert report_data(com_2018_777()) == data
    assert report_rows(com_2018_777()) == rows
