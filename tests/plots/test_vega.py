"""Specifications of Vega-Lite."""

import json

import pytest

import thbstats as thb
from thbstats import Count, plots
from thbstats.errors import InvalidValue
from thbstats.plots.numbers import Width
from thbstats.plots.vega import _DASHES

VICTIMS = thb.read("docs/_data/glotip_eu_victims.csv").table
SHARES = thb.share(VICTIMS, sex="female", base="all", by="area", period=2022)


def test_each_number_has_its_bounds_denominator_and_warnings():
    chart = plots.to_vega(SHARES)
    assert json.loads(json.dumps(chart, allow_nan=False)) == chart
    rows = chart["data"]["values"]
    assert len(rows) == len(SHARES)
    for row, result in zip(rows, SHARES, strict=True):
        value = result.value
        expected = (None, None) if value is None else (float(value.lower), float(value.upper))
        assert (row["value_lower"], row["value_upper"]) == expected
        assert row["status"] == result.status.label
        assert row["warnings"] == ", ".join(result.warnings.codes)
        assert row["base"] == result.base.label
    assert chart["usermeta"]["sources"]
    assert any(text.startswith("DETECTED_ONLY") for text in chart["usermeta"]["limitations"])


def test_a_range_has_the_reason_of_its_width():
    table = thb.CountTable.from_rows(
        [("PL", Count.fewer_than(5)), ("ES", 12), ("LU", Count.not_reported())],
        columns=["area", "value"], kind="victims", period=2016,
    )  # fmt: skip
    chart = plots.to_vega(thb.total(table, by="area"), title="Victims")
    rows = {row["name"]: row for row in chart["data"]["values"]}
    by_area = {name.split(",")[0]: row for name, row in rows.items()}
    ranged = next(row for row in by_area.values() if row["value_upper"] == 4)
    assert ranged["value_lower"] == 0
    assert ranged["value_drawn"] == 4
    assert ranged["reason"] in _DASHES
    missing = next(row for row in by_area.values() if row["value_lower"] is None)
    assert missing["status"] == "not reported"
    assert chart["title"] == "Victims"
    dashes = chart["layer"][1]["encoding"]["strokeDash"]["scale"]
    assert dashes["domain"] == [width.label for width in Width]
    assert len(set(map(tuple, dashes["range"]))) == len(Width)


def test_an_open_bound_is_none_and_its_line_ends_at_the_edge():
    table = thb.CountTable.from_rows(
        [("PL", Count.between(10, None)), ("ES", 30)],
        columns=["area", "value"], kind="victims", period=2016,
    )  # fmt: skip
    rows = plots.to_vega(thb.total(table, by="area"))["data"]["values"]
    open_rows = [
        row
        for row in rows
        for name in ("value", "upper", "upper_with_unknown")
        if row.get(f"{name}_drawn") == 30 and row.get(f"{name}_upper", row.get(name)) is None
    ]
    assert open_rows


def test_the_specification_is_valid_vega_lite():
    alt = pytest.importorskip("altair")
    for numbers in (SHARES, SHARES.row(0), thb.total(VICTIMS, by="period", area="EU27_2020")):
        chart = alt.Chart.from_dict(plots.to_vega(numbers), validate=True)
        assert len(chart.layer) == 5


def test_no_number_is_refused():
    with pytest.raises(InvalidValue, match="numbers"):
        plots.to_vega(SHARES.take([]))
