"""Bars: as long as the numbers, in their order, with what is not known told apart."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.comparability.numbers import context, count, share
from tests.examples import examples
from tests.plots.drawn import REPORT, across, drawn, footer, forms, legend, marks, texts
from thbstats import plots
from thbstats.errors import InvalidValue
from thbstats.results import Hidden, Result
from thbstats.values import Interval

HIDDEN = Hidden(cells=1, areas=frozenset({"BE"}), counts=Interval(0, 4))


@st.composite
def counts(draw: st.DrawFn) -> Interval:
    low = draw(st.integers(0, 1000))
    return Interval(low, draw(st.none() | st.just(low) | st.integers(low, 2000)))


def number(reported: Interval | None, label: str = "total", hidden: bool = False) -> Result:
    found = count(
        reported or Interval.at_least(0), context(hidden=HIDDEN if hidden else None), label=label
    )
    return evolve(found, reported=reported)


def test_there_is_a_bar_for_each_share_and_it_ends_where_the_share_does() -> None:
    ax = drawn("bars")
    found = forms()
    assert [label.get_text() for label in ax.get_yticklabels()] == list(found.labels)
    for item, certain, between in zip(
        found, marks(ax, "reported-certain"), marks(ax, "reported-between"), strict=True
    ):
        assert item.reported is not None
        ends = float(item.reported.lower or 0), float(item.reported.upper or 0)
        assert across(certain) == pytest.approx((0, ends[0]))
        assert across(between) == pytest.approx(ends)


def test_reported_bounds_and_possible_are_different_marks() -> None:
    item = thb.share(REPORT.data.victims, exploitation="sexual", base="all")
    ax = plots.bars(evolve(item, bounds=Interval(0, 1)))
    (bar,), (bounds,), (possible,) = (
        marks(ax, name) for name in ("reported-certain", "bounds", "possible")
    )
    assert across(bounds) == (0, pytest.approx(ax.get_xlim()[1], abs=1))
    assert across(possible) == pytest.approx(
        (float(item.possible.lower or 0), float(item.possible.upper or 0))
    )
    assert bounds.get_marker() != possible.get_marker()
    assert bounds.get_linestyle() != possible.get_linestyle()
    tops = [bar.get_y() + bar.get_height(), bounds.get_ydata()[0], possible.get_ydata()[0]]
    assert tops == sorted(tops)  # under each other


def test_the_axis_names_the_base() -> None:
    (axis,) = texts(drawn("bars"), "axis")
    assert axis == "Share of registered victims with a recorded form of exploitation"


def test_the_footer_says_where_the_figures_come_from_and_what_to_know() -> None:
    told = footer(drawn("bars"))
    assert "Source: European Commission, Second progress report" in told
    assert "COM(2018) 777 final, published 2018-12-03, section II." in told
    assert "Period: 2015-2016. Which countries reported is not documented." in told
    assert "Caution: UNKNOWN (14.4..15.9 % have no recorded form" in told
    assert "Notes: COVERAGE (who reported)" in told


def test_zero_missing_hidden_and_unbounded_look_different() -> None:
    kinds = {
        "zero": number(Interval.point(0), "zero"),
        "missing": number(None, "missing"),
        "hidden": number(Interval(0, 4), "hidden", hidden=True),
        "known between": number(Interval(0, 4), "known between"),
        "unbounded": number(Interval.at_least(3), "unbounded"),
        "point": number(Interval.point(5), "point"),
    }
    ax = plots.bars(kinds.values())
    drawn_by_row = [
        sorted(item.get_gid().rsplit("-", 1)[0] for item in marks(ax, "") if _row(item) == row)
        for row in range(len(kinds))
    ]
    looks = [
        (*names, *(item.get_hatch() for item in marks(ax, "reported-between") if _row(item) == row))
        for row, names in enumerate(drawn_by_row)
    ]
    assert len(set(looks)) == len(kinds)
    assert texts(ax, "absent") == ["not reported"]
    assert texts(ax, "figure-2") == ["0..4 [c]"]
    assert "[c] A count in it is hidden by the source." in footer(ax)
    assert {"no end is known", "between its ends", "between its ends: hidden by the source"} <= set(
        legend(ax)
    )


def _row(item: object) -> int:
    gid = item.get_gid() or ""  # type: ignore[attr-defined]
    return int(gid.rsplit("-", 1)[1]) if gid.rsplit("-", 1)[-1].isdigit() else -1


@examples(20)
@given(st.lists(st.none() | counts(), min_size=1, max_size=6))
def test_bars_contain_what_they_stand_for_in_the_order_given(
    numbers: list[Interval | None],
) -> None:
    items = [number(each, str(place)) for place, each in enumerate(numbers)]
    ax = plots.bars(items)
    assert [label.get_text() for label in ax.get_yticklabels()] == [item.label for item in items]
    low, high = ax.get_xlim()
    for place, each in enumerate(numbers):
        boxes = [
            across(item)
            for name in ("certain", "between", "zero")
            for item in marks(ax, f"reported-{name}-{place}")
        ]
        arrows = marks(ax, f"reported-open-{place}")
        if each is None:
            assert boxes == arrows == []
            continue
        assert low <= float(each.lower or 0) <= high
        assert min(start for start, _ in boxes) == 0
        reach = high if each.upper is None else float(each.upper)
        assert max(end for _, end in boxes) == pytest.approx(reach)
        assert bool(arrows) is (each.upper is None)


def test_what_goes_far_beyond_the_numbers_is_cut_and_says_so() -> None:
    wide = evolve(number(Interval.point(10)), bounds=Interval(0, 5000))
    ax = plots.bars(wide)
    assert ax.get_xlim()[1] < 50
    assert len(marks(ax, "bounds-cut")) == 1
    assert "ends beyond the axis" in legend(ax)


def test_numbers_of_several_kinds_have_no_common_axis() -> None:
    with pytest.raises(InvalidValue, match="share, count"):
        plots.bars([share(1, 2), number(Interval.point(1))])
    with pytest.raises(InvalidValue, match="nothing to draw"):
        plots.bars([])


def test_equal_labels_are_told_apart_by_area_and_period() -> None:
    numbers = [
        count(3, context(area, period)) for area in ("BE", "FR") for period in ("2015", "2016")
    ]
    names = [label.get_text() for label in plots.bars(numbers).get_yticklabels()]
    assert names == ["BE, 2015", "BE, 2016", "FR, 2015", "FR, 2016"]


def test_a_change_below_zero_is_drawn_to_the_left() -> None:
    old, new = (count(each, context("BE", year)) for each, year in ((9, "2015"), (4, "2016")))
    ax = plots.bars(thb.change(old, new, unit="count"))
    (bar,) = marks(ax, "reported-certain")
    assert across(bar) == (-5, 0)
    assert ax.get_xlim()[0] <= -5


def test_where_nobody_reported_the_axis_shows_what_is_possible() -> None:
    ax = plots.bars(evolve(number(None), bounds=Interval(0, 139)))
    assert ax.get_xlim()[1] >= 139
    assert marks(ax, "bounds-cut") == []
