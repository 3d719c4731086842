"""Specifications of Vega-Lite."""

import json
from functools import cache

import pytest

import thbstats as thb
from tests.lists.tables import lists
from tests.plots.drawn import (
    REPORT,
    drawn,
    forms,
    justice,
    left_out,
    members,
    ratios,
    series,
    two_way,
)
from thbstats import Count, Interval, plots
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.plots.row_plots import bars_drawing
from thbstats.plots.trend_plot import trend_drawing

VICTIMS = thb.read("docs/_data/glotip_eu_victims.csv").table
SHARES = thb.share(VICTIMS, sex="female", base="all", by="area", period=2022)


def test_each_mark_has_the_figures_of_its_number():
    chart = plots.to_vega(SHARES)
    assert json.loads(json.dumps(chart, allow_nan=False)) == chart
    results = {result.area.label: result for result in SHARES}
    marks = [row for row in chart["data"]["values"] if row["mark"] == "value"]
    assert len(marks) > 10
    for mark in marks:
        result = results[mark["name"]]
        ends = float(result.value.lower), float(result.value.upper)
        assert (mark["value_lower"], mark["value_upper"]) == pytest.approx(ends)
        assert (mark["x"], mark["x_end"]) == (0, pytest.approx(float(result.value.lower)))
        assert mark["warnings"] == ", ".join(result.warnings.codes)
        assert mark["base"] == result.base.label
    assert chart["usermeta"]["sources"]
    assert any(text.startswith("DETECTED_ONLY") for text in chart["usermeta"]["limitations"])


def by_mark(chart: dict, name: str) -> list[dict]:
    return [row for row in chart["data"]["values"] if row["mark"].startswith(name)]


def test_both_outputs_have_the_same_marks_and_footnotes():
    drawing, chart = bars_drawing(SHARES), plots.to_vega(SHARES)
    shown = [
        (row["mark"], row["x"], row["x_end"])
        for row in chart["data"]["values"]
        if row["mark"] != "figure"
    ]
    assert shown == [(own["mark"], own["x"], own["x_end"]) for own in drawing.marks]
    figures = [" ".join(row["text"]) for row in by_mark(chart, "figure")]
    assert figures == [text.replace("\n", " ") for text in drawing.figures]
    assert chart["usermeta"]["footnotes"][: len(drawing.footer.lines)] == list(drawing.footer.lines)
    assert chart["title"]["text"] == plots.bars(SHARES).get_title(loc="left")
    trend = trend_drawing(lines())
    assert [(own["mark"], own["y"]) for own in trend.marks] == [
        (row["mark"], row["y"]) for row in chart_of("several trends")["data"]["values"]
    ]


def test_an_open_bound_is_none_and_its_mark_ends_at_the_edge():
    table = thb.CountTable.from_rows(
        [("PL", Count.between(10, None)), ("ES", 30), ("LU", Count.not_reported())],
        columns=["area", "value"], kind="victims", period=2016,
    )  # fmt: skip
    chart = plots.to_vega(thb.total(table, by="area"), title="Victims")
    (row,) = [own for own in by_mark(chart, "value, range") if own["name"] == "Poland"]
    edge = chart["layer"][1]["encoding"]["x"]["scale"]["domain"][1]
    assert (row["value_lower"], row["value_upper"], row["x_end"]) == (10, None, edge)
    assert len(by_mark(chart, "not bounded")) == 1
    assert "Not reported: Luxembourg." in chart["usermeta"]["footnotes"]
    assert chart["title"]["text"] == "Victims"


CHARTS = {
    "bars": lambda: plots.to_vega(SHARES),
    "a result": lambda: plots.to_vega(next(own for own in SHARES if own.value is not None)),
    "dumbbell": lambda: plots.to_vega(forms(), "dumbbell", second=forms(area="EU28 without UK")),
    "estimates": lambda: plots.to_vega(
        thb.lists.models(lists("UKdat_5")), "estimates",
        second=thb.lists.hidden(lists("UKdat_5"), ("1/3", 3), 0.95),
    ),
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
    assert used <= fields | {"legend"}  # a scale without data
    assert len(chart["description"].split(". ")) > 1


def test_every_plot_has_a_chart():
    # Vega-Lite draws the frames of revisions as they are.
    others = {"alt_text", "revision_scatter", "revision_triangle", "save", "to_vega"}
    functions = set(plots.__all__) - others
    assert functions <= set(CHARTS)


def test_estimates_have_the_models_of_the_plot_and_a_reversed_axis():
    chart, ax = chart_of("estimates"), drawn("estimates")
    best, *models = by_mark(chart, "point")
    assert [row["x"] for row in models] == ax.lines[0].get_xdata().tolist()
    assert (round(best["x"]), best["difference"]) == (22991, 0)
    assert [round(by_mark(chart, "bounds")[0][end]) for end in ("x", "x_end")] == [8464, 16806]
    layer = next(own for own in chart["layer"] if own["mark"].get("shape") == "circle")
    assert layer["encoding"]["y"]["scale"]["domain"] == [10.5, -0.5]
    assert "estimate depends on model" in " ".join(chart["usermeta"]["footnotes"])


def test_a_funnel_has_both_counts_of_a_ratio():
    chart = chart_of("funnel")
    counts = [by_mark(chart, name)[1]["x_end"] for name in ("before", "after")]
    assert counts == [5979, 2927]


def test_a_tornado_has_the_largest_change_first():
    chart = chart_of("tornado")
    names = [row["name"] for row in by_mark(chart, "figure")]
    ax = plots.tornado(left_out())
    assert names == [text.get_text() for text in ax.get_yticklabels()]
    assert by_mark(chart, "higher")[0]["name"] == "Without Spain"
    assert [row["row"] for row in by_mark(chart, "figure")] == [*range(len(names))]
    axis = chart["layer"][1]["encoding"]["y"]["axis"]
    assert axis["labelExpr"] == f"{json.dumps(names)}[datum.value]"


def test_a_dumbbell_has_both_numbers_and_the_verdict():
    rows = by_mark(chart_of("dumbbell"), "second")
    assert [row["verdict"] for row in rows] == ["comparable with caution"] * 3
    assert rows[1]["figure"] == "EU28: 26%; EU28 without UK: 15%"
    assert (rows[1]["value_lower"], rows[1]["second_value_lower"]) == (0.255, 0.145)


def test_a_ranking_has_the_possible_ranks():
    rows = by_mark(chart_of("ranking"), "value")
    assert [row["name"].split(" ")[0] for row in rows] == ["1", "2", "3", "4", "5"]


def test_inferred_bounds_are_those_of_the_claims():
    (row,) = by_mark(chart_of("inferred"), "inferred")
    assert (row["value_lower"], row["value_upper"]) == (2666, 2865)
    assert row["claims"]


def test_a_trend_joins_only_comparable_numbers_and_shows_years_without_a_value():
    chart = chart_of("several trends")
    joined = [
        (row["x"], row["x_end"]) for row in by_mark(chart, "line") if row["member"] == "Belgium"
    ]
    assert joined == [(2010.5, 2011.5)]  # 2012 has no value
    absent = [row for row in chart["data"]["values"] if "strip" in row]
    assert [(row["member"], row["period"], row["status"]) for row in absent] == [
        ("Belgium", "2012", "not reported")
    ]
    assert all(row["strip"] > 260 for row in absent)  # below the axis


def test_series_have_their_colours():
    rows = by_mark(chart_of("several trends"), "point")
    assert len({(row["member"], row["color"]) for row in rows}) == 2


def test_a_break_in_the_time_series_is_an_upright_line():
    chart = plots.to_vega(series(3, 4, breaks=frozenset({("BE", "2011")})), "trend")
    assert [row["x"] for row in by_mark(chart, "break")] == [2011.0]
    assert not by_mark(chart, "line")


def test_more_than_six_members_are_small_multiples():
    chart = chart_of("many trends")
    assert chart["facet"]["field"] == "member"
    assert "facet" not in chart_of("several trends")


def test_a_heat_map_has_each_pair_once():
    rows = chart_of("heatmap")["data"]["values"]
    cells = [row for row in rows if row["mark"] != "text"]
    assert len(cells) == 3
    assert {row["text"] for row in rows if row["mark"] == "text"} <= {
        "no",
        "unclear",
        "caution",
        "yes",
    }


def test_a_mosaic_has_columns_by_total_and_tiles_by_share():
    rows = chart_of("mosaic")["data"]["values"]
    women, hidden = (
        by_mark(chart_of("mosaic"), "certain")[0],
        by_mark(chart_of("mosaic"), "suppressed"),
    )
    assert (women["name"], women["y_end"]) == ("Sexual, Women", 1.0)
    assert women["y"] == pytest.approx(1 - 318 / 448)
    assert len(hidden) == 3  # fewer than 5
    assert next(row["text"] for row in rows if row["mark"] == "text") == "Women"


def test_a_chart_without_data_says_so():
    empty = thb.total(VICTIMS, by="area", period=2022).take([0])
    nothing = thb.conviction_to_prosecution(justice(), by="area", area="FR+DE")
    chart = plots.to_vega(nothing)
    assert chart["title"]["subtitle"].endswith("No country has data.")
    assert chart["data"]["values"] == []
    assert plots.to_vega(empty)["data"]["values"]


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


def test_arrows_of_one_style_have_the_height_of_their_line() -> None:
    least = Count.between(20, None, thb.Reason.SUPPRESSED)
    rows = [("BE", "total", 100), ("BE", "female", 40), ("BE", "male", 50), ("BE", "unknown", 10)]
    rows += [
        ("NL", "total", Count.between(50, None, thb.Reason.SUPPRESSED)),
        ("NL", "female", least),
    ]
    rows += [("FR", own, Count.not_reported()) for own in ("total", "female")]
    table = thb.CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", period=2020
    )
    panel = thb.total(table, by="sex", area="BE+NL+FR")
    lanes = {own["lane"] for own in bars_drawing(panel).marks if own["mark"] == "not bounded>"}
    layers = {
        own["mark"]["yOffset"]: own["transform"][0]["filter"]
        for own in plots.to_vega(panel)["layer"]
        if "not bounded>" in str(own.get("transform"))
    }
    assert len(lanes) == 2
    assert layers == {
        lane: f'datum.mark === "not bounded>" && datum.lane === {lane}' for lane in lanes
    }


def test_rows_with_one_name_have_their_own_place() -> None:
    first = thb.total(VICTIMS, area="FR", period=2022)
    chart = plots.to_vega(thb.Panel.from_results([first, first]))
    assert [own["row"] for own in by_mark(chart, "value")] == [0, 1]
    assert chart["layer"][1]["encoding"]["y"]["field"] == "row"
