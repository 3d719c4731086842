"""Trends: a line only between comparable numbers of one member, and never through a break."""

from datetime import date
from random import Random
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.axes import Axes

import thbstats as thb
from tests.examples import examples
from tests.plots.drawn import (
    across,
    drawn,
    footer,
    legend,
    marks,
    members,
    panel_of,
    series,
    suppressed,
    texts,
)
from tests.rules.panels import Row, count, ratio
from thbstats import plots
from thbstats.errors import InvalidValue
from thbstats.panel import Contradiction, Panel, Status
from thbstats.plots.numbers import Width
from thbstats.plots.series import make_series
from thbstats.records import CountingRules, Source
from thbstats.rules import rules_with
from thbstats.values import Interval

START, YEARS = 1990, 12
"""The first year of drawn numbers, and their number; no period reaches the law of 2026."""
STATES = ("AT", "BE", "BG", "DE", "DK", "FR", "UK", "ES", "IT", "NL")


def of(period: str, number: int | Interval | None = 100, area: str = "BE", **more: Any) -> Row:
    breaks = frozenset(("BE", str(year)) for year in more.pop("breaks", ()))
    missing: Row = {"value": None, "status": Status.NOT_REPORTED} if number is None else {}
    known = Interval.at_least(0) if number is None else number
    return count(known, area, period, breaks=breaks, **(missing | more))


def trend(*rows: Row, **more: Any) -> Axes:
    return plots.trend(panel_of(list(rows)), **more)


def published(day: str, period: str = "2015", number: int = 100) -> Row:
    return of(period, number, sources=(Source(title="Figures", published=day),))


# Members


def test_two_countries_are_two_lines() -> None:
    ax = plots.trend(members(BE=(4, 6, 5), FR=(40, 60, 50)))
    heights = [line.get_ydata().tolist() for line in marks(ax, "line")]
    assert heights == [[4, 6], [6, 5], [40, 60], [60, 50]]
    assert texts(ax, "series") == ["Belgium", "France"]
    assert len({mark.get_color() for mark in marks(ax, "point")}) == 2
    assert len({mark.get_marker() for mark in marks(ax, "point")}) == 2
    assert legend(ax)[:2] == ["Belgium", "France"]


def test_ratios_of_two_countries_are_not_joined_where_one_has_no_number() -> None:
    """A line went from France 2016 to Germany 2017."""
    rows = [
        (area, year, stage, n)
        for area, year, counts in (("DE", 2017, (9, 4)), ("FR", 2016, (8, 2)), ("FR", 2018, (8, 3)))
        for stage, n in zip(("prosecuted", "convicted"), counts, strict=True)
    ]
    table = thb.CountTable.from_rows(
        rows, columns=["area", "period", "stage", "value"], kind="justice", unit="persons"
    )
    result = thb.conviction_to_prosecution(table, by=["area", "period"])
    ax = plots.trend(result)
    assert marks(ax, "line") == []
    assert sorted(texts(ax, "series")) == ["France", "Germany"]


@examples(8)
@given(
    st.dictionaries(
        st.sampled_from(STATES),
        st.lists(st.none() | st.integers(1, 99), min_size=4, max_size=4),
        min_size=2,
        max_size=6,
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
    ax = plots.trend(shuffled)
    every = [ax, *ax.child_axes]
    assert len(ax.child_axes) == (len(numbers) if len(numbers) > 6 else 0)
    names = list(dict.fromkeys(str(shuffled.area[i]) for i in range(len(result))))
    for axes in every:
        for line in marks(axes, "line"):
            member = int(line.get_gid().split("-")[1])
            own = numbers[names[member]]
            years = [int(x) - 2010 for x in line.get_xdata()]
            assert [own[year] for year in years] == line.get_ydata().tolist()
            assert years[1] == years[0] + 1


def test_panels_without_dimensions_do_not_join_countries() -> None:
    ax = trend(of("2015", area="BE"), of("2016", area="FR"))
    assert marks(ax, "line") == []
    unions = [of("2015", area="EU28"), of("2016", area="EU27_2020")]
    assert len(make_series(panel_of(unions)).names) == 1


def test_more_than_six_members_are_small_multiples_with_shared_scales() -> None:
    ax = drawn("many trends")
    assert [own.get_title(loc="left") for own in ax.child_axes] == [
        "Austria",
        "Belgium",
        "Bulgaria",
        "Germany",
        "Denmark",
        "France",
        "United Kingdom",
    ]
    assert len({(own.get_xlim(), own.get_ylim()) for own in ax.child_axes}) == 1
    assert all(len(marks(own, "point")) == 3 for own in ax.child_axes)
    assert all(len(marks(own, "absent")) == 1 for own in ax.child_axes)
    assert plots.alt_text(ax).startswith("Small multiples, 7 members, 28 numbers: ")
    assert "United Kingdom, 2013: 9." in plots.alt_text(ax)


# Joined numbers


def test_series_without_a_break_is_one_line() -> None:
    ax = plots.trend(series(4, 6, 5))
    lines = marks(ax, "line")
    assert [line.get_ydata().tolist() for line in lines] == [[4, 6], [6, 5]]
    assert [line.get_linestyle() for line in lines] == ["-", "-"]
    assert legend(ax) == ["comparable"]
    assert marks(ax, "break") == []


def test_no_line_is_drawn_through_a_break() -> None:
    ax = trend(*(of(str(year), breaks=(2013,)) for year in range(2011, 2015)))
    (mark,) = marks(ax, "break")
    assert across(mark) == (2013, 2013)
    assert [across(line) for line in marks(ax, "line")] == [(2011.5, 2012.5), (2013.5, 2014.5)]
    assert "break in time series" in legend(ax)
    assert "2012 to 2013: break in time series" in plots.alt_text(ax)
    assert "BREAK (" in footer(ax)


def test_break_within_a_period_leaves_its_stroke_open() -> None:
    for number, name in ((100, "period"), (Interval(90, 110), "range")):
        ax = trend(of("2010-2013", number, breaks=(2012,)))
        (mark,) = marks(ax, "break")
        assert across(mark) == (2012, 2012)
        (first, second) = map(across, marks(ax, name))
        assert 2010 <= first[0] < first[1] < 2012 < second[0] < second[1] <= 2014


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
    ax = trend(*rows)
    shapes = [item for name in ("line", "period", "range") for item in marks(ax, name)]
    for low, high in map(across, shapes):
        assert not any(low < year < high for year in breaks)
    formatted = {across(mark)[0] for mark in marks(ax, "break")}
    assert formatted <= {float(year) for year in breaks}
    known = [number for number in numbers if number is not None]
    assert len(marks(ax, "point")) == len(known)
    assert len(marks(ax, "absent")) == len(numbers) - len(known)


def test_documented_break_is_marked_too() -> None:
    known = CountingRules(
        about="victims", reporter="BE", valid_from=date(2013, 1, 1), source="Their ministry"
    )
    rows = [of(str(year)) for year in (2012, 2013)]
    assert marks(trend(*rows), "break") == []
    ax = trend(*rows, rules=rules_with([known]))
    assert [across(mark) for mark in marks(ax, "break")] == [(2013, 2013)]
    assert marks(ax, "line") == []


def test_numbers_comparable_with_caution_are_dashed_and_others_are_not_joined() -> None:
    whole: Row = {"reporters": ["BE", "FR", "DE"], "expected": ["BE", "FR", "DE"]}
    area = "BE+DE+FR"
    fewer = whole | {"reporters": ["BE"]}
    ax = trend(of("2012", area=area, **whole), of("2013", area=area, **fewer))
    (line,) = marks(ax, "line")
    assert line.get_linestyle() != "-"
    apart = trend(of("2010-2012"), of("2013", 30))
    assert marks(apart, "line") == []
    assert "No line: not comparable" in footer(apart)


def test_time_between_two_periods_is_not_bridged() -> None:
    ax = trend(of("2010"), of("2012"), of("2013"))
    assert [across(line) for line in marks(ax, "line")] == [(2012.5, 2013.5)]


# MarkDrawer


def test_missing_year_is_a_mark_without_lines() -> None:
    ax = plots.trend(series(4, None, 5))
    assert marks(ax, "line") == []
    assert [across(mark)[0] for mark in marks(ax, "absent")] == [2011.5]
    assert "not reported" in legend(ax)


def test_each_status_has_a_mark_and_words_of_its_own() -> None:
    states = [status for status in Status if status is not Status.OK]
    rows = [of(str(2010 + status), None, status=status) for status in states]
    ax = trend(of("2010"), *rows)
    assert len({mark.get_marker() for mark in marks(ax, "absent")}) == len(states)
    assert {status.label for status in states} <= set(legend(ax))


def test_values_with_contradictory_or_conflicting_counts_have_a_ring() -> None:
    rows = [
        of(str(2010 + position), contradictions=(Contradiction(area="BE", code=code, text="x"),))
        for position, code in enumerate(("contradictory", "conflicting", "discrepancy"))
    ]
    ax = trend(*rows)
    assert [len(marks(ax, name)) for name in ("contradictory", "conflicting")] == [1, 1]
    assert {"contradictory counts", "conflicting counts"} <= set(legend(ax))


def test_interval_is_a_block_and_its_bounds_are_joined() -> None:
    ax = plots.trend(series(Interval(2, 8), Interval(3, 5)))
    assert [block.get_bbox().intervaly.tolist() for block in marks(ax, "range")] == [[2, 8], [3, 5]]
    assert [line.get_ydata().tolist() for line in marks(ax, "line")] == [[2, 3], [8, 5]]


def test_only_suppressed_counts_are_drawn_as_suppressed() -> None:
    ax = trend(of("2010", Interval(2, 6)), of("2011", Interval(2, 6), **suppressed(Interval(0, 4))))
    assert [block.get_hatch() for block in marks(ax, "range")] == [
        Width.INTERVAL.hatch,
        Width.SUPPRESSED.hatch,
    ]


def test_value_that_is_not_bounded_is_joined_to_none() -> None:
    ax = plots.trend(members(BE=(5, Interval.at_least(0), 6), FR=(5, 6, 7)))
    assert all("line-1" in line.get_gid() for line in marks(ax, "line"))
    assert {mark.get_marker() for mark in marks(ax, "open-value-0")} == {"^", "v"}
    assert "not bounded" in legend(ax)


def test_number_is_as_wide_as_its_period() -> None:
    ax = trend(of("2010-2012", 300), of("2013"))
    wide, narrow = map(across, marks(ax, "period"))
    assert (wide[1] - wide[0]) / (narrow[1] - narrow[0]) == pytest.approx(3, rel=0.01)


def test_each_day_of_publication_has_a_marker_of_its_own() -> None:
    ax = trend(published("2022-12-13"), published("2024-01-15", number=120))
    assert len({mark.get_marker() for mark in marks(ax, "point")}) == 2
    assert len({across(mark) for mark in marks(ax, "point")}) == 2  # side by side
    assert legend(ax) == ["published 2022-12-13", "published 2024-01-15"]


def test_revised_series_continues_from_its_own_publication() -> None:
    first, second = "2022-12-13", "2024-01-15"
    ax = trend(
        published(first, "2014", 90),
        published(first, "2015", 100),
        published(second, "2015", 120),
        published(second, "2016", 130),
    )
    heights = [line.get_ydata().tolist() for line in marks(ax, "line")]
    assert [120, 130] in heights
    assert [100, 130] not in heights


def test_each_period_has_its_reporting_countries() -> None:
    ax = trend(
        of("2012", area="BE+FR", reporters=["BE"], expected=["BE", "FR"]),
        of("2013", area="BE+FR", expected=["BE", "FR"]),
    )
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2012\n1/2", "2013\n2/2"]
    assert "Reporting countries: 1 to 2 of 2." in footer(ax)
    assert "2012: 100 (1 of 2 countries)" in plots.alt_text(ax)


def test_country_alone_needs_no_number_of_reporters() -> None:
    ax = plots.trend(series(4, 5))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2010", "2011"]
    assert "Below each period" not in footer(ax)


def test_bounds_are_thin_lines_and_a_missing_bound_is_an_arrow() -> None:
    ax = plots.trend(series(4, 5, bounds=Interval(2, None)))
    assert [mark.get_ydata()[0] for mark in marks(ax, "cap")] == [2, 2]
    assert {mark.get_marker() for mark in marks(ax, "open-bounds")} == {"^"}
    assert {"bounds", "not bounded"} <= set(legend(ax))


def test_bounds_that_hold_for_any_data_are_not_drawn() -> None:
    ax = plots.trend(series(4, 5, bounds=Interval(0, None)))
    assert marks(ax, "bounds") == []
    assert "Values without a line for bounds: not bounded" in footer(ax)


def test_value_without_an_upper_bound_has_an_arrow_at_the_edge() -> None:
    ax = plots.trend(series(Interval.at_least(3), 5))
    (arrow,) = marks(ax, "open-value")
    assert arrow.get_ydata()[0] == ax.get_ylim()[1]
    assert "not bounded" in legend(ax)


def test_far_bounds_are_cut_and_have_an_arrow() -> None:
    ax = plots.trend(series(4, 5, bounds=Interval(4, 9000)))
    assert ax.get_ylim()[1] < 100
    assert {mark.get_markerfacecolor() for mark in marks(ax, "cut-bounds")} == {"#FFFFFF"}
    assert "continues beyond the axis" in legend(ax)


def test_break_of_one_member_does_not_cross_another() -> None:
    rows = [of(str(year), 10, breaks=(2012,)) for year in (2011, 2012)]
    rows += [of(str(year), 90, area="FR") for year in (2011, 2012)]
    ax = trend(*rows)
    (mark,) = marks(ax, "break")
    assert max(mark.get_ydata()) < 90
    assert [line.get_ydata().tolist() for line in marks(ax, "line")] == [[90, 90]]


def test_numbers_are_drawn_in_the_order_of_time() -> None:
    result = series(4, 6, 5)
    forward, back = (plots.trend(panel) for panel in (result, result.take([2, 1, 0])))
    heights = [[line.get_ydata().tolist() for line in marks(ax, "line")] for ax in (forward, back)]
    assert heights[0] == heights[1]


def test_published_series_of_other_compositions_are_joined_with_caution_at_most() -> None:
    more: Row = {"reporters": None, "expected": None}
    rows = [
        ratio(2, 4, "EU28", "2013-2014", **more),
        ratio(3, 4, "EU27_2020", "2015-2016", **more),
    ]
    ax = plots.trend(panel_of(rows))
    assert len(marks(ax, "point")) == 2
    assert all(line.get_linestyle() != "-" for line in marks(ax, "line"))
    assert "AREA_COMPOSITION" in footer(ax)


def test_published_ratios_are_not_joined_where_their_reports_are_not_comparable() -> None:
    ax = drawn("trend")
    assert [tick.get_text().split("\n")[0] for tick in ax.get_xticklabels()] == [
        "2013-2014",
        "2015-2016",
        "2017-2018",
    ]
    assert len(marks(ax, "point")) == 3
    assert all(line.get_linestyle() != "-" for line in marks(ax, "line"))
    assert "AREA_COMPOSITION" in footer(ax)


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
