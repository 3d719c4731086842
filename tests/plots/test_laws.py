"""Honest words: names and numbers below plots agree with the columns of the numbers."""

import re
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from thbstats.geography import country_name
from thbstats.panel import Panel, Status
from thbstats.plots.drawn_numbers import PlotNumbers, contradiction_lines, coverage_lines
from thbstats.plots.row_plots import bars_drawing
from thbstats.plots.trend_plot import trend_drawing

AREAS = ("AT", "BE", "BG", "DE", "FR")
YEARS = ("2019", "2020", "2021")
FIXED = [("BE", "2018", "total", 40), ("BE", "2018", "female", 30), ("BE", "2018", "male", 10)]
"""Each table has both sexes."""

World = dict[tuple[str, str], tuple[int | None, int | None, int | None]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Return total, female and male of countries and years; totals are often below their parts."""
    counts = st.none() | st.integers(0, 60)
    keys = [(area, year) for area in AREAS for year in YEARS]
    chosen = draw(st.lists(st.sampled_from(keys), min_size=3, unique=True))
    return {key: (draw(counts), draw(counts), draw(counts)) for key in chosen}


def table_of(world: World) -> Any:
    rows = [
        (area, year, sex, number)
        for (area, year), counts in world.items()
        for sex, number in zip(("total", "female", "male"), counts, strict=True)
        if number is not None
    ]
    columns = ["area", "period", "sex", "value"]
    return thb.CountTable.from_rows(
        [*rows, *FIXED], columns=columns, kind="victims", status="detected"
    )


def panels(world: World) -> list[Panel]:
    table, union = table_of(world), "+".join(AREAS)
    return [
        thb.total(table, by="period", area=union),
        thb.total(table, by=["area", "period"]),
        thb.share(table, sex="female", base="all", by="period", area=union),
        thb.share(table, sex="female", base="all", by=["area", "period"]),
    ]


CONTRADICTORY: World = {
    ("DE", "2020"): (4, 700, 500),
    ("FR", "2020"): (100, 60, 40),
    ("AT", "2020"): (30, 40, None),
    ("AT", "2021"): (50, 20, 30),
    ("BE", "2021"): (None, 20, 30),
}


def named(line: str) -> dict[str, set[str]]:
    """Return the years of each country that a line names."""
    _, _, listed = line.rstrip(".").partition(": ")
    found = re.findall(r"([A-Z]\w+(?: \w+)?) \(([^)]*)\)", listed)
    result = {}
    for name, years in found:
        first, _, last = years.partition(" to ")
        own = (
            {str(year) for year in range(int(first), int(last) + 1)}
            if last
            else set(years.split(", "))
        )
        result[name] = own
    return result


@examples(15)
@given(worlds())
@example(CONTRADICTORY)
def test_countries_in_and_out_of_the_value_are_so(world: World) -> None:
    for panel in panels(world):
        short, full = contradiction_lines(panel)
        for line in [*short, *full]:
            is_out, is_in = ", not in the value" in line, ", in the value" in line
            assert is_out or is_in
            for name, years in named(line).items():
                for row in panel:
                    codes = {country_name(code): code for code in row.area.members}
                    if name in codes and str(row.period) in years and row.contradictions:
                        concerned = {item.area for item in row.contradictions}
                        if codes[name] in concerned and len(row.area.members) > 1:
                            assert (codes[name] in row.reporters) is is_in


@examples(15)
@given(worlds())
@example(CONTRADICTORY)
def test_each_n_of_n_counts_the_countries_of_the_area(world: World) -> None:
    for panel in panels(world):
        sizes = {len(row.area.members) for row in panel}
        counts = {len(row.reporters or ()) for row in panel}
        for line in coverage_lines(PlotNumbers(panel)):
            for least, most, whole in re.findall(r"(\d+)(?: to (\d+))? of (\d+)", line):
                assert int(whole) in sizes
                assert int(whole) == len(AREAS)
                assert {int(least), int(most or least)} == {min(counts), max(counts)}
        drawing = trend_drawing(panel)
        for row in drawing.spoken:
            for own, whole in re.findall(r"(\d+) of (\d+) countries", row):
                assert int(whole) in sizes
                assert int(own) in counts


@examples(15)
@given(worlds())
@example(CONTRADICTORY)
def test_contradictory_values_are_never_drawn_or_joined(world: World) -> None:
    for panel in panels(world):
        rows = PlotNumbers(panel)
        drawing = trend_drawing(panel)
        valued = {i for i in range(len(panel)) if panel.status[i] == Status.OK}
        assert {m["row"] for m in drawing.marks if m["mark"] in ("period", "range")} <= valued
        for step in (m for m in drawing.marks if m["mark"].startswith("line")):
            members = drawing.series.members[step["place"]]
            joined = [
                i for i in members if float(drawing.series.x[i]) in (step["x"], step["x_end"])
            ]
            assert len(joined) == 2
            assert set(joined) <= {i for i in valued if rows.drawn[i]}
        chart = bars_drawing(panel)
        named_rows = {
            name
            for line in chart.footer.lines
            if re.match("Contradictory counts, (no value|only bounds): ", line)
            if "all rows" not in line
            for name in re.sub(r" \([^)]*\)", "", line.rstrip(".").partition(": ")[2]).split(", ")
        }
        if named_rows and "area" in panel.keys:
            known = {
                part
                for i in range(len(panel))
                if panel.status[i] == Status.CONTRADICTORY
                for part in rows.named[i]
            }
            assert named_rows <= known


@examples(15)
@given(worlds())
@example(CONTRADICTORY)
def test_marks_are_the_values_and_bounds_of_their_rows(world: World) -> None:
    for panel in panels(world):
        rows, drawing = PlotNumbers(panel), trend_drawing(panel)
        for mark in drawing.marks:
            value, bounds = rows.values[mark["row"]], rows.bounds["bounds"][mark["row"]]
            if mark["mark"] in ("period", "range"):
                assert value == (mark["y"], mark["y_end"])
            if mark["mark"] == "contradictory":
                low, high = drawing.scale.clip(bounds or (0, 0))
                assert (mark["y"], mark["y_end"]) == (low, high)
