"""Trends: a line only where two figures may be compared, and never one through a break."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.comparability.numbers import context, count
from tests.examples import examples
from tests.plots.drawn import across, footer, interval, legend, marks, ratios, series, texts
from thbstats import plots
from thbstats.comparability import rules_with
from thbstats.errors import InvalidValue
from thbstats.plots.moments import moments_of
from thbstats.records import CountingRules, Source
from thbstats.results import Result
from thbstats.values import Interval

YEARS = 6


def of(period: str, number: int | Interval | None = 100, **more: object) -> Result:
    breaks = more.pop("breaks", ())
    where = context(
        str(more.pop("area", "BE")),
        period,
        breaks=frozenset(("BE", str(year)) for year in breaks),  # type: ignore[attr-defined]
        **more,
    )
    found = count(Interval.at_least(0) if number is None else number, where)
    return evolve(found, reported=None if number is None else interval(number))


def published(day: str, period: str = "2015", number: int = 100) -> Result:
    return of(period, number, sources=(Source(title="Figures", published=day),))


def test_a_series_without_a_break_is_one_line() -> None:
    ax = plots.trend(series(4, 6, 5))
    lines = marks(ax, "line")
    assert [line.get_ydata().tolist() for line in lines] == [[4, 6], [6, 5]]
    assert [line.get_linestyle() for line in lines] == ["-", "-"]
    assert legend(ax) == ["comparable"]
    assert marks(ax, "break") == []


def test_no_line_is_drawn_through_a_break() -> None:
    ax = plots.trend([of(str(year), breaks=(2013,)) for year in range(2011, 2015)])
    (mark,) = marks(ax, "break")
    assert across(mark) == (2013, 2013)
    assert [across(line) for line in marks(ax, "line")] == [(2011.5, 2012.5), (2013.5, 2014.5)]
    assert "break: counted differently from here on" in legend(ax)
    assert "2012 to 2013: break, counted differently" in plots.alt_text(ax)
    assert "BREAK (between the two periods somebody began to count differently)" in footer(ax)


def test_a_break_within_a_period_leaves_its_stroke_open() -> None:
    for number, name in ((100, "period"), (Interval(90, 110), "between")):
        ax = plots.trend([of("2010-2013", number, breaks=(2012,))])
        (mark,) = marks(ax, "break")
        assert across(mark) == (2012, 2012)
        (first, second) = map(across, marks(ax, name))
        assert 2010 <= first[0] < first[1] < 2012 < second[0] < second[1] <= 2014


@examples(20)
@given(
    st.lists(
        st.none() | st.integers(0, 100) | st.tuples(st.integers(0, 50), st.integers(51, 99)),
        min_size=2,
        max_size=YEARS,
    ),
    st.sets(st.integers(2010, 2010 + YEARS)),
    st.integers(1, 3),
)
def test_nothing_ever_crosses_a_break(
    numbers: list[int | tuple[int, int] | None], breaks: set[int], years: int
) -> None:
    items = [
        of(
            f"{start}-{start + years - 1}" if years > 1 else str(start),
            Interval(*number) if isinstance(number, tuple) else number,
            breaks=tuple(breaks),
        )
        for start, number in zip(range(2010, 2060, years), numbers, strict=False)
    ]
    ax = plots.trend(items)
    drawn = [item for name in ("line", "period", "between") for item in marks(ax, name)]
    for low, high in map(across, drawn):
        assert not any(low < year < high for year in breaks)
    shown = {across(mark)[0] for mark in marks(ax, "break")}
    assert shown <= {float(year) for year in breaks}
    known = [item for item in items if item.reported is not None]
    assert len(marks(ax, "point")) == len(known)
    assert len(marks(ax, "absent")) == len(items) - len(known)
    low, high = ax.get_ylim()
    for item in known:
        assert item.reported is not None
        assert low <= float(item.reported.lower or 0) <= float(item.reported.upper or 0) <= high


def test_a_break_that_only_documents_know_is_marked_too() -> None:
    known = CountingRules(
        about="victims", reporter="BE", valid_from=date(2013, 1, 1), source="Their ministry"
    )
    items = [of(str(year)) for year in (2012, 2013)]
    assert marks(plots.trend(items), "break") == []
    ax = plots.trend(items, rules=rules_with([known]))
    assert [across(mark) for mark in marks(ax, "break")] == [(2013, 2013)]
    assert marks(ax, "line") == []


def test_what_may_be_compared_with_caution_is_dashed_and_what_may_not_is_not_joined() -> None:
    whole = {"reporters": ["BE", "FR", "DE"], "expected": ["BE", "FR", "DE"], "area": "BE+DE+FR"}
    items = [of("2012", **whole), of("2013", **whole | {"reporters": ["BE"]})]
    (line,) = marks(plots.trend(items), "line")
    assert line.get_linestyle() != "-"
    apart = plots.trend([of("2010-2012"), of("2013", 30)])
    assert marks(apart, "line") == []
    assert "No line: not comparable" in footer(apart)


def test_time_between_two_periods_is_not_bridged() -> None:
    ax = plots.trend([of("2010"), of("2012"), of("2013")])
    assert [across(line) for line in marks(ax, "line")] == [(2012.5, 2013.5)]


def test_a_year_that_nobody_reported_is_a_gap_with_a_mark() -> None:
    ax = plots.trend(series(4, None, 5))
    assert marks(ax, "line") == []
    assert [across(mark)[0] for mark in marks(ax, "absent")] == [2011.5]
    assert "not reported" in legend(ax)


def test_an_interval_is_a_block_and_its_ends_are_joined_not_its_middle() -> None:
    ax = plots.trend(series(Interval(2, 8), Interval(3, 5)))
    assert [block.get_bbox().intervaly.tolist() for block in marks(ax, "between")] == [
        [2, 8],
        [3, 5],
    ]
    assert [line.get_ydata().tolist() for line in marks(ax, "line")] == [[2, 3], [8, 5]]


def test_a_number_is_as_wide_as_its_period() -> None:
    ax = plots.trend([of("2010-2012", 300), of("2013")])
    wide, narrow = map(across, marks(ax, "period"))
    assert (wide[1] - wide[0]) / (narrow[1] - narrow[0]) == pytest.approx(3, rel=0.01)


def test_each_day_of_publication_has_a_marker_of_its_own() -> None:
    ax = plots.trend([published("2022-12-13"), published("2024-01-15", number=120)])
    assert len({mark.get_marker() for mark in marks(ax, "point")}) == 2
    assert len({across(mark) for mark in marks(ax, "point")}) == 2  # side by side
    assert legend(ax) == ["published 2022-12-13", "published 2024-01-15"]


def test_a_revised_series_goes_on_from_its_own_publication() -> None:
    first, second = "2022-12-13", "2024-01-15"
    items = [
        published(first, "2014", 90),
        published(first, "2015", 100),
        published(second, "2015", 120),
        published(second, "2016", 130),
    ]
    ax = plots.trend(items)
    heights = [line.get_ydata().tolist() for line in marks(ax, "line")]
    assert [120, 130] in heights
    assert [100, 130] not in heights


def test_under_each_period_stands_who_reported() -> None:
    numbers = [
        of(year, area="BE+FR", reporters=reporters, expected=["BE", "FR"])
        for year, reporters in (("2012", ["BE"]), ("2013", ["BE", "FR"]))
    ]
    ax = plots.trend(numbers)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2012\n1/2", "2013\n2/2"]
    assert "Reporting countries: 1 to 2 of 2." in footer(ax)
    assert "2012: 100, 1 of 2 countries" in plots.alt_text(ax)


def test_a_country_alone_needs_no_share_of_reporters() -> None:
    ax = plots.trend(series(4, 5))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2010", "2011"]
    assert "Under each period" not in footer(ax)


def test_bounds_are_whiskers_and_an_end_that_is_not_known_an_arrow() -> None:
    items = [evolve(item, bounds=Interval(2, None)) for item in series(4, 5)]
    ax = plots.trend(items)
    assert [mark.get_ydata()[0] for mark in marks(ax, "cap")] == [2, 2]
    assert {mark.get_marker() for mark in marks(ax, "open-bounds")} == {"^"}
    assert {"bounds: the whole area", "no end is known"} <= set(legend(ax))


def test_a_figure_without_an_upper_end_has_an_arrow_at_the_edge() -> None:
    ax = plots.trend(series(Interval.at_least(3), 5))
    (arrow,) = marks(ax, "open-reported")
    assert arrow.get_ydata()[0] == ax.get_ylim()[1]
    assert "no end is known" in legend(ax)


def test_bounds_far_beyond_the_figures_are_cut_and_say_so() -> None:
    ax = plots.trend([evolve(item, bounds=Interval(4, 9000)) for item in series(4, 5)])
    assert ax.get_ylim()[1] < 100
    assert {mark.get_markerfacecolor() for mark in marks(ax, "cut-bounds")} == {"#FFFFFF"}
    assert "ends beyond the axis" in legend(ax)


def test_the_break_of_one_series_does_not_go_through_another() -> None:
    broken = [of(str(year), 10, breaks=(2012,)) for year in (2011, 2012)]
    whole = [of(str(year), 90) for year in (2011, 2012)]
    ax = plots.trend({"broken": broken, "whole": whole})
    (mark,) = marks(ax, "break")
    assert max(mark.get_ydata()) < 90
    assert [line.get_ydata().tolist() for line in marks(ax, "line")] == [[90, 90]]


def test_several_series_have_names_colours_and_markers() -> None:
    ax = plots.trend({"one": series(4, 5), "two": series(6, 5)})
    points = {mark.get_gid().split("-")[1]: mark for mark in marks(ax, "point")}
    assert len({mark.get_color() for mark in points.values()}) == 2
    assert len({mark.get_marker() for mark in points.values()}) == 2
    assert sorted(texts(ax, "series")) == ["one", "two"]
    assert legend(ax)[:2] == ["one", "two"]


def test_numbers_are_drawn_in_the_order_of_time() -> None:
    forward, back = (plots.trend(items) for items in (series(4, 6, 5), series(4, 6, 5)[::-1]))
    heights = [[line.get_ydata().tolist() for line in marks(ax, "line")] for ax in (forward, back)]
    assert heights[0] == heights[1]


def test_a_published_series_is_not_joined_where_its_reports_cannot_be_compared() -> None:
    ax = plots.trend(ratios())
    assert len(marks(ax, "point")) == 3
    assert "MEMBERSHIP" in footer(ax)


def test_a_number_without_a_period_has_no_place_in_time() -> None:
    with pytest.raises(InvalidValue, match="without a period"):
        plots.trend([of("not stated")])


def test_so_many_series_as_there_are_colours() -> None:
    many = {str(place): series(4, 5) for place in range(7)}
    with pytest.raises(InvalidValue, match="6 at most"):
        plots.trend(many)


def test_fiscal_years_stand_where_they_are() -> None:
    (moment,) = moments_of([of("2015-04-01/2016-03-31")])
    assert (moment.start, moment.end) == pytest.approx((2015.2466, 2016.2486), abs=1e-3)
