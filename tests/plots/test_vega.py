"""Specifications of Vega-Lite."""

import json
from functools import cache

import pytest

import thbstats as thb
from tests.plots.drawn import REPORT, forms, justice, left_out, members, ratios, series, two_way
from thbstats import Count, Interval, plots
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.panel import Verdict

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


def by_name(chart: dict, name: str = "name") -> dict:
    return {row[name]: row for row in chart["data"]["values"]}


def test_a_range_has_the_reason_of_its_width():
    table = thb.CountTable.from_rows(
        [("PL", Count.fewer_than(5)), ("ES", 12), ("LU", Count.not_reported())],
        columns=["area", "value"], kind="victims", period=2016,
    )  # fmt: skip
    chart = plots.to_vega(thb.total(table, by="area"), title="Victims")
    rows = by_name(chart)
    ends = [rows["PL"][name] for name in ("value_lower", "value_upper", "value_start", "value_end")]
    assert ends == [0, 4, 0, 4]
    assert rows["PL"]["reason"] == "range of the value: suppressed by the source"
    missing = rows["LU"]
    assert (missing["value_start"], missing["status"]) == (None, "not reported")
    assert chart["title"] == "Victims"
    dashes = chart["layer"][1]["encoding"]["strokeDash"]["scale"]
    assert dashes["domain"] == [rows["PL"]["reason"]]  # only what the chart has


def test_an_open_bound_is_none_and_its_mark_ends_at_the_edge():
    table = thb.CountTable.from_rows(
        [("PL", Count.between(10, None)), ("ES", 30)],
        columns=["area", "value"], kind="victims", period=2016,
    )  # fmt: skip
    row = by_name(plots.to_vega(thb.total(table, by="area")))["PL"]
    assert (row["value_lower"], row["value_upper"], row["value_end"]) == (10, None, 30)


CHARTS = {
    "bars": lambda: plots.to_vega(SHARES),
    "a result": lambda: plots.to_vega(SHARES.row(0)),
    "dumbbell": lambda: plots.to_vega(forms(), "dumbbell", second=forms(area="EU28 without UK")),
    "funnel": lambda: plots.to_vega(
        thb.justice.funnel(thb.publications.com_2018_777().data.justice), "funnel"
    ),
    "heatmap": lambda: plots.to_vega(thb.compare_all(ratios()), "heatmap"),
    "inferred": lambda: plots.to_vega(inferred(), "inferred"),
    "mosaic": lambda: plots.to_vega(two_way("female", "male", "other"), "mosaic"),
    "ranking": lambda: plots.to_vega(
        thb.ranking(justice(), by="area", stage="convicted"), "ranking"
    ),
    "tornado": lambda: plots.to_vega(left_out(), "tornado"),
    "trend": lambda: plots.to_vega(ratios(), "trend"),
    "several trends": lambda: plots.to_vega(lines(), "trend"),
    "many trends": lambda: plots.to_vega(
        thb.total(VICTIMS, by=["area", "period"]), "trend"
    ),
}  # fmt: skip


@cache
def chart_of(name):
    return CHARTS[name]()


def inferred():
    return thb.infer(REPORT, "victims", area="UK", exploitation="labour")


def lines():
    return members(BE=(4, 6, None, 9), FR=(5, Interval(2, 7), 6, 9))


@pytest.mark.parametrize("name", CHARTS)
def test_every_plot_is_valid_vega_lite_and_plain_json(name):
    alt = pytest.importorskip("altair")
    chart = chart_of(name)
    assert json.loads(json.dumps(chart, allow_nan=False)) == chart
    alt.Chart.from_dict(chart, validate=True)
    plot = name.split()[-1].rstrip("s")  # some trends have no line
    related = [chart_of(other) for other in CHARTS if plot in other]
    fields = {key for own in related for row in own["data"]["values"] for key in row}
    layers = chart.get("layer") or chart["spec"]["layer"]
    used = {
        channel["field"]
        for layer in layers
        for value in layer["encoding"].values()
        for channel in (value if isinstance(value, list) else [value])
        if "field" in channel
    }
    assert used <= fields
    assert len(chart["description"].split(". ")) > 1


def test_every_plot_has_a_chart():
    # Models have two axes of numbers; Vega-Lite draws their frame without a chart of its own.
    functions = set(plots.__all__) - {"alt_text", "estimates", "save", "to_vega"}
    assert functions <= set(CHARTS)


def test_a_funnel_has_both_counts_of_a_ratio():
    rows = chart_of("funnel")["data"]["values"]
    counts = [(row["stage"], row["value_lower"]) for row in rows[2:4]]
    assert counts == [("stage before", 5979), ("stage after", 2927)]


def test_a_tornado_has_the_largest_change_first_and_bars_from_all_members():
    rows = chart_of("tornado")["data"]["values"]
    ax = plots.tornado(left_out())
    assert [row["name"] for row in rows] == [text.get_text() for text in ax.get_yticklabels()]
    above = {row["name"]: row["direction"] for row in rows}
    assert above["ES"] == "higher without it"
    assert above["UK"] == "lower without it"
    for row in rows:
        ends = sorted((row["bar_start"], row["bar_end"]))
        assert ends[0] <= row["whole_end"]
        assert ends[1] >= row["whole_start"]


def test_a_dumbbell_has_both_numbers_and_the_verdict():
    rows = chart_of("dumbbell")["data"]["values"]
    labour = [row for row in rows if row["name"] == "labour"]
    assert [row["series"] for row in labour] == ["EU28", "EU28 without UK"]
    assert labour[0]["difference"] == labour[1]["difference"]
    assert {row["verdict"] for row in rows} <= {verdict.label for verdict in Verdict}


def test_a_ranking_has_the_possible_ranks():
    rows = by_name(plots.to_vega(REPORT.ranking("ii-top-eu-citizenships"), "ranking"))
    assert [(row["best_rank"], row["worst_rank"]) for row in rows.values()] == [(1, 5)] * 5


def test_inferred_bounds_are_those_of_the_claims():
    (row,) = chart_of("inferred")["data"]["values"]
    assert (row["value_lower"], row["value_upper"]) == (2666, 2865)
    assert row["claims"]


def test_a_trend_joins_only_comparable_numbers_and_shows_years_without_a_value():
    rows = chart_of("several trends")["data"]["values"]
    joined = [(row["member"], row["x"], row["x_end"]) for row in rows if row["mark"] == "line"]
    belgian = [years for member, *years in joined if member == "Belgium"]
    assert belgian == [[2010.5, 2011.5]]  # 2012 has no value
    absent = [row for row in rows if row["mark"] == "number" and row["value_start"] is None]
    assert [(row["member"], row["period"], row["status"]) for row in absent] == [
        ("Belgium", "2012", "not reported")
    ]


def test_a_break_in_the_time_series_is_an_upright_line():
    rows = series(3, 4, breaks=frozenset({("BE", "2011")}))
    chart = plots.to_vega(rows, "trend")
    assert [row["x"] for row in chart["data"]["values"] if row["mark"] == "break"] == [2011.0]
    assert not [row for row in chart["data"]["values"] if row["mark"] == "line"]


def test_more_than_six_members_are_small_multiples():
    chart = chart_of("many trends")
    assert chart["facet"]["field"] == "member"
    assert "facet" not in chart_of("several trends")


def test_a_heat_map_has_both_halves_of_the_square():
    rows = chart_of("heatmap")["data"]["values"]
    pairs = {(row["row"], row["column"]): (row["verdict"], row["reasons"]) for row in rows}
    assert len(pairs) == 6
    assert all(pairs[b, a] == own for (a, b), own in pairs.items())


def test_a_mosaic_has_columns_by_total_and_tiles_by_share():
    rows = [row for row in chart_of("mosaic")["data"]["values"] if row["mark"] == "tile"]
    sexual = {row["row"]: row for row in rows if row["column"] == "sexual"}
    assert sexual["female"]["top"] == 1.0
    assert sexual["female"]["certain"] == 1.0
    assert sexual["female"]["bottom"] == pytest.approx(1 - 318 / 448)
    assert sexual["other"]["certain"] < sexual["other"]["top"]  # fewer than 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((SHARES, "bar"), "Did you mean 'bars'"),
        ((SHARES, "tornado"), "thbstats.leave_out"),
        ((SHARES, "ranking"), "thbstats.ranking"),
        ((SHARES, "mosaic"), "thbstats.association"),
        ((SHARES, "heatmap"), "thbstats.compare_all"),
        ((SHARES, "inferred"), "thbstats.infer"),
        ((SHARES, "dumbbell"), "second="),
        ((3, "trend"), "`numbers` must be a Panel"),
    ],
)
def test_other_arguments_raise_with_the_right_function(arguments, message):
    with pytest.raises(ThbstatsError, match=message):
        plots.to_vega(*arguments)


def test_second_numbers_have_no_place_in_other_plots():
    with pytest.raises(InvalidValue, match="second"):
        plots.to_vega(SHARES, second=SHARES)


def test_no_number_is_refused():
    with pytest.raises(InvalidValue, match="numbers"):
        plots.to_vega(SHARES.take([]))
