"""Trends: a line only between comparable numbers of one member, and never through a break."""

from datetime import date
from random import Random
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.plots.drawn import (
    drawn,
    ends,
    footer,
    legend,
    marks,
    members,
    notes,
    panel_of,
    positions,
    ratios,
    series,
    suppressed,
    texts,
)
from tests.rules.panels import Row, count, ratio, share
from thbstats import plots
from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Status, Verdict
from thbstats.plots.canvas import BLUE, MUTED, SERIES
from thbstats.plots.trend_plot import TrendDrawing, make_series, make_steps, trend_drawing
from thbstats.records import CountingRules, Source
from thbstats.rules import rules_with
from thbstats.values import Interval

START, YEARS = 1990, 12
"""The first year of drawn numbers, and their number; no period reaches the law of 2026."""
STATES = ("AT", "BE", "BG", "DE", "DK", "FR", "UK", "ES", "IT", "NL")
VICTIMS = thb.read("docs/_data/glotip_eu_victims.csv").table
JUSTICE = thb.read("docs/_data/glotip_eu_justice.csv").table


def of(period: str, number: int | Interval | None = 100, area: str = "BE", **more: Any) -> Row:
    breaks = frozenset(("BE", str(year)) for year in more.pop("breaks", ()))
    missing: Row = {"value": None, "status": Status.NOT_REPORTED} if number is None else {}
    known = Interval.at_least(0) if number is None else number
    return count(known, area, period, breaks=breaks, **(missing | more))


def trend(*rows: Row, **more: Any) -> TrendDrawing:
    return trend_drawing(panel_of(list(rows)), **more)


def published(day: str, period: str = "2015", number: int = 100) -> Row:
    return of(period, number, sources=(Source(title="Figures", published=day),))


def heights(drawing: TrendDrawing, name: str = "line") -> list[tuple[float, float]]:
    return ends(drawing, name, "y")


# Members


def test_two_countries_are_two_lines() -> None:
    panel = members(BE=(4, 6, 5), FR=(40, 60, 50))
    drawing = trend_drawing(panel)
    assert heights(drawing) == [(4, 6), (6, 5), (40, 60), (60, 50)]
    assert len({mark["color"] for mark in marks(drawing, "point")}) == 2
    assert len({drawing.styles[mark["mark"]].marker for mark in marks(drawing, "point")}) == 2
    ax = plots.trend(panel)
    assert texts(ax, "series") == ["Belgium", "France"]
    assert legend(ax)[:2] == ["Belgium", "France"]


def test_ratios_of_two_countries_are_not_joined_where_one_has_no_number() -> None:
    """A line went from France 2016 to Germany 2017."""
    rows = [
        (area, year, stage, n)
        for area, year, counts in (
            ("DE", 2017, (90, 40)),
            ("FR", 2016, (80, 20)),
            ("FR", 2018, (80, 30)),
        )
        for stage, n in zip(("prosecuted", "convicted"), counts, strict=True)
    ]
    table = thb.CountTable.from_rows(
        rows, columns=["area", "period", "stage", "value"], kind="justice", unit="persons"
    )
    drawing = trend_drawing(thb.conviction_to_prosecution(table, by=["area", "period"]))
    assert len(marks(drawing, "point")) == 3
    assert marks(drawing, "line") == []
    assert sorted(drawing.names) == ["France", "Germany"]


@examples(8)
@given(
    st.dictionaries(
        st.sampled_from(STATES),
        st.lists(st.none() | st.integers(1, 99), min_size=4, max_size=4),
        min_size=2,
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
@example({"BE": [4, None, 6, 7]}, Random(1))
@example({area: [n, n + 20, None, n + 40] for n, area in enumerate(STATES)}, Random(2))
def test_no_line_joins_two_members(numbers: dict[str, list[int | None]], random: Any) -> None:
    result = members(**{area: tuple(own) for area, own in numbers.items()})
    order = list(range(len(result)))
    random.shuffle(order)
    shuffled = result.take(np.array(order))
    drawing = trend_drawing(shuffled)
    assert drawing.several is (len(numbers) > 6)
    names = {str(shuffled.area[i].label): str(shuffled.area[i]) for i in range(len(result))}
    names |= {"": next(iter(numbers))}  # a series alone has no name
    for line in marks(drawing, "line"):
        own = numbers[names[drawing.names[line["place"]]]]
        years = [int(line[end]) - 2010 for end in ("x", "x_end")]
        assert [own[year] for year in years] == [line["y"], line["y_end"]]
        assert years[1] == years[0] + 1


def test_panels_without_dimensions_do_not_join_countries() -> None:
    drawing = trend(of("2015", area="BE"), of("2016", area="FR"))
    assert marks(drawing, "line") == []
    unions = [of("2015", area="EU28"), of("2016", area="EU27_2020")]
    assert len(make_series(panel_of(unions)).names) == 1


def test_more_than_six_members_are_small_multiples_with_the_same_scales() -> None:
    ax = drawn("many trends")
    assert texts(ax, "series")[:3] == ["Austria", "Belgium", "Bulgaria"]
    points = positions(ax)["period"]
    first, second = points[:3], points[3:6]
    apart = {
        (round(b[0] - a[0], 6), round(b[1] - a[1], 6)) for a, b in zip(first, second, strict=True)
    }
    assert len(apart) == 1  # one pane is the other one moved
    assert texts(ax, "tick")[:2] == ["0", "5"]


def test_marks_of_one_pane_are_at_their_positions() -> None:
    panel = members(BE=(4, 6, None, 9), FR=(5, Interval(2, 7), 6, 9))
    drawing, ax = trend_drawing(panel), plots.trend(panel)
    shown = positions(ax)
    for name in {
        mark["mark"] for mark in drawing.marks if not mark["mark"].startswith(("point", "gap"))
    }:
        own = sorted(
            (m["x"], m["y"], m["x_end"], m["y_end"])
            for m in marks(drawing, name)
            if m["mark"] == name
        )
        if name in shown:
            assert sorted(shown[name]) == own


# Breaks and steps


def test_no_line_crosses_a_break() -> None:
    rows = [of(str(year), breaks=(2013,)) for year in range(2011, 2015)]
    drawing = trend(*rows)
    assert ends(drawing, "break") == [(2013, 2013)]
    assert ends(drawing, "line") == [(2011.5, 2012.5), (2013.5, 2014.5)]
    ax = plots.trend(panel_of(rows))
    assert "break in time series" in legend(ax)
    assert "2012 to 2013: break in time series" in plots.alt_text(ax)
    assert "No line between some periods: break in time series." in footer(ax)


def test_break_within_a_period_leaves_its_stroke_open() -> None:
    for number, name in ((100, "period"), (Interval(90, 110), "range")):
        drawing = trend(of("2010-2013", number, breaks=(2012,)))
        assert ends(drawing, "break") == [(2012, 2012)]
        first, second = ends(drawing, name)
        assert 2010 <= first[0] < first[1] <= 2012 <= second[0] < second[1] <= 2014


@examples(10)
@given(
    st.lists(
        st.none() | st.integers(0, 100) | st.tuples(st.integers(0, 50), st.integers(51, 99)),
        min_size=4,
        max_size=YEARS,
    ),
    st.sets(st.integers(START, START + YEARS)),
    st.integers(1, 3),
)
@example([5, (6, 70)], {START + 1}, 1)
@example([5, (6, 70), None, 8], {START, START + 2, START + 3, START + 6}, 2)
def test_nothing_crosses_a_break(
    numbers: list[int | tuple[int, int] | None], breaks: set[int], years: int
) -> None:
    rows = [
        of(
            f"{start}-{start + years - 1}" if years > 1 else str(start),
            Interval(*number) if isinstance(number, tuple) else number,
            breaks=tuple(breaks),
        )
        for start, number in zip(range(START, 2026, years), numbers, strict=False)
    ]
    drawing = trend(*rows)
    for name in ("line", "period", "range"):
        for low, high in ends(drawing, name):
            assert not any(low < year < high for year in breaks)
    assert {x for x, _ in ends(drawing, "break")} <= {float(year) for year in breaks}
    known = [number for number in numbers if number is not None]
    assert len(
        {mark["row"] for name in ("period", "range") for mark in marks(drawing, name)}
    ) == len(known)
    assert len(marks(drawing, "Not reported")) == len(numbers) - len(known)


def test_documented_break_is_marked_too() -> None:
    known = CountingRules(
        about="victims", reporter="BE", valid_from=date(2013, 1, 1), source="Their ministry"
    )
    rows = [of(str(year)) for year in (2012, 2013)]
    assert marks(trend(*rows), "break") == []
    drawing = trend(*rows, rules=rules_with([known]))
    assert ends(drawing, "break") == [(2013, 2013)]
    assert marks(drawing, "line") == []


def test_numbers_comparable_with_caution_are_dashed_and_others_are_not_joined() -> None:
    ratios_of = thb.conviction_to_prosecution(JUSTICE, by=["area", "period"], area="EU28")
    drawing = trend_drawing(ratios_of.where(area="HU"))
    lines = {mark["x"]: drawing.styles[mark["mark"]].dashes for mark in marks(drawing, "line")}
    assert lines[2016.5] != "-"  # 2016 has a suppressed count
    assert lines[2018.5] == "-"
    apart = trend(of("2010-2012"), of("2013", 30))
    assert marks(apart, "line") == []
    assert "No line between some periods: different reference periods." in notes(apart)


def test_no_line_joins_numbers_of_different_countries() -> None:
    known: Row = {"area": "BE+DE+FR", "expected": ["BE", "FR", "DE"]}
    drawing = trend(
        of("2012", reporters=["BE", "FR", "DE"], **known), of("2013", reporters=["BE"], **known)
    )
    assert marks(drawing, "line") == []
    assert "No line between some periods: different countries." in notes(drawing)
    assert "1 country reported in every period with a value." in notes(drawing)
    same = trend(*(of(str(year), reporters=["BE", "FR"], **known) for year in (2012, 2013)))
    assert len(marks(same, "line")) == 1
    assert "No line" not in notes(same)


def test_world_total_is_not_joined_where_coverage_changes() -> None:
    pooled = thb.conviction_to_prosecution(JUSTICE, by="period", area="EU28")
    drawing = trend_drawing(pooled)
    assert ends(drawing, "line") == [(2021.5, 2022.5)]


def test_time_between_two_periods_is_not_bridged() -> None:
    drawing = trend(of("2010"), of("2012"), of("2013"))
    assert ends(drawing, "line") == [(2012.5, 2013.5)]
    assert "No line between some periods: time between the periods." in notes(drawing)


# Marks


def test_period_without_a_value_is_in_the_strip_below_the_axis() -> None:
    drawing = trend_drawing(series(4, None, 5))
    assert marks(drawing, "line") == []
    (gap,) = marks(drawing, "Not reported")
    assert (gap["x"], gap["strip"]) == (2011.5, 0)
    assert drawing.lanes == 1
    ax = plots.trend(series(4, None, 5))
    assert "not reported" in legend(ax)
    (mark,) = [line for line in ax.lines if line.get_gid() == "Not reported ends"]
    plain = mark.get_transform().transform((2011.5, 0))
    assert plain[1] < ax.transAxes.transform((0, 0))[1]


def test_each_series_has_its_own_lane_in_the_strip() -> None:
    drawing = trend_drawing(members(BE=(4, None, 6), FR=(5, 6, 7), NL=(None, 6, 8)))
    gaps = {drawing.names[mark["place"]]: mark["strip"] for mark in marks(drawing, "Not reported")}
    assert gaps == {"Belgium": 0, "Netherlands": 1}
    assert drawing.lanes == 2


def test_period_without_data_is_a_gap_without_a_mark() -> None:
    drawing = trend(of("2010"), of("2011", None, status=Status.NO_DATA), of("2012"))
    assert marks(drawing, "No data") == []
    assert drawing.lanes == 0
    assert marks(drawing, "line") == []


def test_each_status_has_a_mark_and_words_of_its_own() -> None:
    states = [status for status in Status if status not in (Status.OK, Status.NO_DATA)]
    rows = [of(str(2010 + status), None, status=status) for status in states]
    drawing = trend(of("2010"), *rows)
    strip = {mark["mark"] for mark in drawing.marks if "strip" in mark}
    assert len(strip) == len({drawing.styles[name].marker for name in strip}) == len(states)


def test_contradictory_count_is_its_bounds_and_never_joined() -> None:
    panel = thb.total(VICTIMS, by=["area", "period"], area=["DE", "NL", "RO", "BE"])
    drawing = trend_drawing(panel)
    germany = [mark for mark in drawing.marks if drawing.names[mark["place"]] == "Germany"]
    assert {mark["mark"] for mark in germany} == {"contradictory", "Contradictory counts, no value"}
    assert (0, 1296) in [(mark["y"], mark["y_end"]) for mark in germany]
    assert "Contradictory counts, no value: Germany 2018 to 2022; Netherlands 2021." in notes(
        drawing
    )


def test_small_denominators_are_in_the_strip_and_do_not_set_the_axis() -> None:
    drawing = trend_drawing(
        thb.conviction_to_prosecution(JUSTICE, by=["area", "period"], area="EU28")
    )
    small = marks(drawing, "Fewer than 20 persons prosecuted")
    assert len([mark for mark in small if drawing.names[mark["place"]] == "Malta"]) == 16
    assert drawing.scale.high < 2.5


def test_range_is_a_band_and_one_line_joins_the_middles() -> None:
    drawing = trend_drawing(series(Interval(2, 8), Interval(3, 5)))
    assert heights(drawing, "range") == [(2, 8), (3, 5)]
    assert heights(drawing) == [(5, 4)]
    assert marks(drawing, "point") == []


def test_legend_names_the_reason_of_all_ranges() -> None:
    wide = Interval(2, 6)
    only = trend(of("2010", wide, **suppressed(Interval(0, 4))), of("2011"))
    assert only.styles["range"].text.startswith("range of the value: suppressed counts")
    mixed = trend(of("2010", wide), of("2011", wide, **suppressed(Interval(0, 4))))
    assert "suppressed" not in mixed.styles["range"].text


def test_value_that_is_not_bounded_is_joined_to_none() -> None:
    drawing = trend_drawing(members(BE=(5, Interval.at_least(0), 6), FR=(5, 6, 7)))
    assert {drawing.names[line["place"]] for line in marks(drawing, "line")} == {"France"}
    assert [mark["place"] for mark in marks(drawing, "Not bounded")] == [0]


def test_number_is_as_wide_as_its_period() -> None:
    drawing = trend(of("2010-2012", 300), of("2013"))
    wide, narrow = ends(drawing, "period")
    assert (wide[1] - wide[0]) / (narrow[1] - narrow[0]) == pytest.approx(3, rel=0.01)


def test_each_day_of_publication_has_a_marker_of_its_own() -> None:
    rows = [published("2022-12-13"), published("2024-01-15", number=120)]
    drawing = trend(*rows)
    points = marks(drawing, "point")
    assert len({drawing.styles[mark["mark"]].marker for mark in points}) == 2
    assert len({mark["x"] for mark in points}) == 2  # side by side
    assert legend(plots.trend(panel_of(rows))) == ["published 2022-12-13", "published 2024-01-15"]


def test_publication_without_a_date_is_named_so() -> None:
    rows = [of("2010", sources=(Source(title="A"),)), published("2022-12-13", "2012")]
    ax = plots.trend(panel_of(rows))
    assert legend(ax)[:2] == ["date of publication not stated", "published 2022-12-13"]
    handles = ax.get_legend().legend_handles
    assert {handle.get_color() for handle in handles} == {"#0072B2"}  # as in the plot


def test_revised_series_continues_from_its_own_publication() -> None:
    first, second = "2022-12-13", "2024-01-15"
    drawing = trend(
        published(first, "2014", 90),
        published(first, "2015", 100),
        published(second, "2015", 120),
        published(second, "2016", 130),
    )
    assert (120, 130) in heights(drawing)
    assert (100, 130) not in heights(drawing)


def test_each_period_has_its_reporting_countries() -> None:
    rows = [
        of("2012", area="BE+FR", reporters=["BE"], expected=["BE", "FR"]),
        of("2013", area="BE+FR", expected=["BE", "FR"]),
    ]
    ax = plots.trend(panel_of(rows))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2012\n1/2", "2013\n2/2"]
    assert "Belgium and France: 1 to 2 of 2 countries reported." in footer(ax)
    assert "2012: 100 (1 of 2 countries)" in plots.alt_text(ax)


def test_country_alone_needs_no_number_of_reporters() -> None:
    ax = plots.trend(series(4, 5))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2010", "2011"]
    assert "Below each period" not in footer(ax)


def test_bounds_are_thin_lines_and_a_missing_bound_is_a_short_arrow() -> None:
    drawing = trend_drawing(series(4, 5, bounds=Interval(2, None)))
    assert [low for low, _ in heights(drawing, "bounds")] == [2, 2]
    arrows = marks(drawing, "not bounded^")
    assert len(arrows) == 2
    assert max(mark["y"] for mark in arrows) < 3


def test_value_without_bounds_for_the_area_is_marked_in_the_strip() -> None:
    rows = [
        ratio(30, 60, "BE+FR", "2015", reporters=["BE"], bounds=Interval.at_least(0)),
        ratio(30, 60, "BE+FR", "2016"),
    ]
    drawing = trend(*rows)
    (mark,) = marks(drawing, "open bounds")
    assert mark["x"] == 2015.5
    assert marks(drawing, "bounds") == []


def test_value_without_an_upper_bound_has_an_arrow_at_the_edge() -> None:
    drawing = trend_drawing(series(Interval.at_least(3), 5))
    (arrow,) = marks(drawing, "not bounded^")
    assert arrow["y"] == drawing.scale.high


def test_far_bounds_are_cut_and_have_an_arrow() -> None:
    drawing = trend_drawing(series(4, 5, bounds=Interval(4, 9000)))
    assert drawing.scale.high < 100
    assert len(marks(drawing, "continues beyond the axis^")) == 2


def test_break_of_one_member_does_not_cross_another() -> None:
    rows = [of(str(year), 10, breaks=(2012,)) for year in (2011, 2012)]
    rows += [of(str(year), 90, area="FR") for year in (2011, 2012)]
    drawing = trend(*rows)
    ((_, high),) = heights(drawing, "break")
    assert high < 90
    assert heights(drawing) == [(90, 90)]


def test_numbers_are_drawn_in_the_order_of_time() -> None:
    result = series(4, 6, 5)
    forward, back = (trend_drawing(panel) for panel in (result, result.take([2, 1, 0])))
    assert heights(forward) == heights(back) == [(4, 6), (6, 5)]


def test_published_ratios_are_not_joined_where_their_reports_are_not_comparable() -> None:
    ax = drawn("trend")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == [
        "2013-2014",
        "2015-2016",
        "2017-2018",
    ]
    drawing = trend_drawing(ratios())
    assert len(marks(drawing, "point")) == 3
    assert marks(drawing, f"line {'comparable'}") == []
    assert "composition of the area differs" in footer(ax)


def test_points_at_the_edges_are_whole() -> None:
    rows = [share(own, 50, period=str(2010 + own % 7)) for own in (0, 50)]
    ax = plots.trend(panel_of(rows))
    (points,) = [line for line in ax.lines if (line.get_gid() or "").startswith("point")]
    assert points.get_ydata().tolist() == [0, 1]
    assert not points.get_clip_on()


def test_trend_without_a_value_is_one_sentence() -> None:
    ax = plots.trend(series(None, None))
    assert texts(ax, "empty") == ["No period has a value."]


def test_number_without_a_period_raises() -> None:
    with pytest.raises(InvalidValue, match="must have a period"):
        trend(of("not stated"))
    with pytest.raises(InvalidValue, match="Panel"):
        plots.trend([series(4)])  # type: ignore[arg-type]


def test_fiscal_years_have_their_own_position() -> None:
    result = make_series(panel_of([of("2015-04-01/2016-03-31")]))
    assert (result.start[0], result.end[0]) == pytest.approx((2015.2466, 2016.2486), abs=1e-3)


def test_caption_is_the_title() -> None:
    result: Panel = evolve(series(4, 5), caption="our numbers")
    assert plots.trend(result).get_title(loc="left") == "Our numbers"


@pytest.mark.parametrize(
    ("period", "start", "end"), [("9999", 9999, 10000), ("2020-Q1", 2020, 2020 + 91 / 366)]
)
def test_the_end_of_a_period_is_the_start_of_the_next_day(
    period: str, start: float, end: float
) -> None:
    rows = [{"value": 5}]
    table = thb.CountTable.from_rows(rows, kind="victims", area="MT", period=period)
    own = make_series(thb.total(table, by="period"))
    assert (own.start.tolist(), own.end.tolist()) == ([start], [end])


def test_small_multiples_of_different_sizes_state_their_common_axis() -> None:
    line = "All charts have the same axis: changes of small numbers do not show."
    assert line in notes(trend_drawing(thb.total(VICTIMS, by=["area", "period"])))
    women = thb.share(VICTIMS, sex="female", base="all", by=["area", "period"])
    assert line not in notes(trend_drawing(women))


def rows_of(**codes: str) -> thb.CountTable:
    """Return counts of 10 in 2020 and 2021 for each country of a list, and of 100 in France."""
    rows = [
        (area, year, 100 if area == "FR" else 10)
        for own in codes.values()
        for area in own.split("+")
        for year in (2020, 2021)
    ]
    columns = ["area", "period", "value"]
    return thb.CountTable.from_rows(rows, columns=columns, kind="victims", status="registered")


def steps_of(panel: Panel) -> list[tuple[str, str]]:
    """Return the areas of each pair of numbers that follow each other."""
    steps, _ = make_steps(make_series(panel), None, None)
    return [(panel.row(own.first).area.code, panel.row(own.second).area.code) for own in steps]


def test_union_without_a_country_is_not_a_part_of_the_series_of_the_union() -> None:
    union = "+".join(sorted(thb.Area.parse("EU27_2020").members))
    table = rows_of(union=union)
    areas = ["EU27_2020", "EU27_2020 without FR"]
    panel = Panel.from_results(
        own for area in areas for own in thb.total(table, by="period", area=area)
    )
    assert steps_of(panel) == [(area, area) for area in areas]
    assert plots.alt_text(plots.trend(panel)).count("without FR, 2020: 260") == 1


def test_lists_of_as_many_countries_are_two_members() -> None:
    lists = ["AT+BE+BG+CY+CZ", "DE+DK+EE+ES+FR"]
    table = rows_of(first=lists[0], second=lists[1])
    panel = Panel.from_results(
        own for area in lists for own in thb.total(table, by="period", area=area)
    )
    assert steps_of(panel) == [(area, area) for area in lists]
    text = plots.alt_text(plots.bars(panel))
    assert "2020, Austria, Belgium, Bulgaria, Cyprus and Czechia: 50" in text
    assert "2020, Denmark, Estonia, France, Germany and Spain: 140" in text


def test_no_line_joins_two_statuses_of_victims() -> None:
    rows = [("registered", 2020, 100), ("identified", 2021, 50)]
    panel = Panel.from_results(
        thb.total(
            thb.CountTable.from_rows(
                [("BE", year, value)], columns=["area", "period", "value"], kind="victims",
                status=status,
            )
        )
        for status, year, value in rows
    )  # fmt: skip
    assert steps_of(panel) == []


def test_keys_of_several_members_have_no_colour_of_a_member() -> None:
    rows = [of(str(year), 10 * year, area) for area in ("BE", "FR") for year in (2015, 2016)]
    shared = trend(*rows)
    alone = trend(*rows[:2])
    line = f"line {Verdict.COMPARABLE}"
    assert shared.styles[line].color == MUTED
    assert alone.styles[line].color == BLUE
    # The line of each member has its colour.
    colors = {mark["color"] for mark in shared.marks if mark["mark"] == line}
    assert colors == set(SERIES[:2])


def legend_of(drawing: TrendDrawing) -> list[str]:
    return [style.text for _, style in drawing.used()]


def test_range_without_a_line_has_no_line_in_its_text() -> None:
    rows = [of(year, Interval(3, 7), **suppressed(Interval(0, 4))) for year in ("2015", "2016")]
    assert legend_of(trend(rows[0])) == ["range of the value: suppressed counts"]
    text = "range of the value: suppressed counts; a line joins its middle"
    assert text in legend_of(trend(*rows))


def test_small_number_in_time_is_not_drawn() -> None:
    drawing = trend(share(3, 8, period="2015"), share(30, 80, period="2016"))
    (text,) = [text for text in legend_of(drawing) if text.startswith("fewer than 20")]
    assert text.endswith(", not drawn")
    assert f"F{text[1:]}: 2015." in notes(drawing)
