"""Bars: length, order and marks."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.plots.drawn import (
    FEW,
    across,
    alone,
    drawn,
    footer,
    forms,
    legend,
    marks,
    panel_of,
    suppressed,
    texts,
)
from tests.rules.panels import Row, count, share
from thbstats import plots
from thbstats.errors import InvalidValue
from thbstats.panel import Contradiction, ResultKind, Status
from thbstats.plots.numbers import PlotNumbers, Width
from thbstats.values import Interval


@st.composite
def counts(draw: st.DrawFn) -> Interval:
    low = draw(st.integers(0, 1000))
    return Interval(low, draw(st.none() | st.just(low) | st.integers(low, 2000)))


def number(value: Interval | None, label: str = "total", **more: object) -> Row:
    fields: Row = {"label": label} | more
    if value is None:
        fields = {"value": None, "status": Status.NOT_REPORTED} | fields
    return count(value or Interval.at_least(0), **fields)


def test_each_share_has_a_bar_of_its_length() -> None:
    ax = drawn("bars")
    result = forms()
    assert [label.get_text() for label in ax.get_yticklabels()] == list(result.labels)
    for item, certain, between in zip(
        result, marks(ax, "value-certain"), marks(ax, "value-range"), strict=True
    ):
        assert item.value is not None
        ends = float(item.value.lower or 0), float(item.value.upper or 0)
        assert across(certain) == pytest.approx((0, ends[0]))
        assert across(between) == pytest.approx(ends)


def test_value_bounds_and_bounds_with_unknown_are_different_marks() -> None:
    row = share(
        50,
        100,
        bounds=Interval(0, Fraction(3, 4)),
        bounds_with_unknown=Interval(0, Fraction(9, 10)),
    )
    ax = plots.bars(alone(row))
    (bar,), (bounds,), (unknown,) = (
        marks(ax, name) for name in ("value-certain", "bounds-", "bounds_with_unknown")
    )
    assert across(bounds) == (0, 0.75)
    assert across(unknown) == (0, 0.9)
    assert bounds.get_marker() != unknown.get_marker()
    assert bounds.get_linestyle() != unknown.get_linestyle()
    tops = [bar.get_y() + bar.get_height(), bounds.get_ydata()[0], unknown.get_ydata()[0]]
    assert tops == sorted(tops)  # below each other
    assert legend(ax) == ["value", "bounds with unknown", "bounds"]


def test_legend_of_bounds_names_missing_countries() -> None:
    row = share(50, 100, "BE+FR", bounds=Interval(0, Fraction(3, 4)), reporters=["BE"])
    assert "bounds (missing countries)" in legend(plots.bars(alone(row)))


def test_bounds_of_any_data_are_text_without_a_mark() -> None:
    ax = plots.bars(alone(share(50, 100, bounds=Interval(0, 1))))
    assert marks(ax, "bounds") == []
    assert texts(ax, "figure-0") == ["50.0%\nnot bounded"]


def test_axis_names_the_denominator() -> None:
    (axis,) = texts(drawn("bars"), "axis")
    assert axis == "Share of registered victims of known form of exploitation"


def test_footer_contains_source_period_coverage_and_warnings() -> None:
    footer_text = footer(drawn("bars"))
    assert "Source: European Commission, Second progress report" in footer_text
    assert "COM(2018) 777 final, published 2018-12-03, section II" in footer_text
    assert "Period: 2015-2016. The reporting countries are not documented." in footer_text
    assert "Caution: UNKNOWN (14.3% to 15.9% of persons" in footer_text
    assert "Limitations: " in footer_text


def test_each_status_of_a_number_has_its_own_marks() -> None:
    conflict = (Contradiction(area="BE", code="conflicting", text="two values"),)
    rows = [
        number(Interval.point(0), "zero"),
        number(None, "missing"),
        number(Interval(0, 4), "fewer than n", **suppressed(Interval(0, 4))),
        number(Interval.at_least(0), "suppressed", **suppressed(Interval.at_least(0))),
        number(Interval(0, 4), "known between"),
        number(Interval(0, 4), "conflicting", contradictions=conflict),
        number(None, "contradictory", status=Status.CONTRADICTORY),
        number(None, "no value of many", status=Status.CONFLICTING),
        number(Interval.at_least(3), "unbounded"),
        number(Interval.point(5), "point"),
    ]
    ax = plots.bars(panel_of(rows))
    looks = []
    for position in range(len(rows)):
        own = [item for item in marks(ax, "") if _row(item) == position]
        names = sorted(item.get_gid().rsplit("-", 1)[0] for item in own)
        shapes = [item.get_marker() for item in own if hasattr(item, "get_marker")]
        hatches = [item.get_hatch() for item in own if hasattr(item, "get_hatch")]
        looks.append((*names, *shapes, *hatches))
    assert len(set(looks)) == len(rows)
    assert texts(ax, "words") == ["not reported", "contradictory", "conflicting values"]
    assert texts(ax, "figure-2") == ["0 to 4 [c]"]
    assert "[c] Includes suppressed counts." in footer(ax)
    assert {
        "not bounded",
        "range of the value",
        "range of the value: suppressed by the source",
        "range of the value: conflicting",
        "conflicting counts",
        "not reported",
        "contradictory",
        "conflicting values",
    } <= set(legend(ax))
    assert "Contradictory counts, not in the value: BE 2015." in footer(ax)


def _row(item: object) -> int:
    gid = item.get_gid() or ""  # type: ignore[attr-defined]
    return int(gid.rsplit("-", 1)[1]) if gid.rsplit("-", 1)[-1].isdigit() else -1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, Width.INTERVAL),
        (suppressed(Interval(0, 4)), Width.SUPPRESSED),
        ({"overlap": "overlapping"}, Width.OVERLAP),
        # 0 to 52 of 2,400 persons do not explain a range of 37 percentage points.
        (suppressed(Interval(0, 52), overlap="overlapping"), Width.OVERLAP),
        (suppressed(Interval(0, 880), overlap="overlapping"), Width.SUPPRESSED),
    ],
)
def test_hatch_shows_the_reason_of_the_width(fields: Row, reason: Width) -> None:
    row = share(1344, 2400, **({"value": Interval(Fraction(56, 100), Fraction(93, 100))} | fields))
    result = alone(row)
    assert PlotNumbers(result).widths == [reason]
    (between,) = marks(plots.bars(result), "value-range")
    assert between.get_hatch() == reason.hatch


def test_overlap_of_a_table_is_not_drawn_as_suppressed() -> None:
    unknown = ("unknown", thb.Count.between(0, 20))
    rows = [("total", 100), ("sexual", 80), ("labour", 60), ("other", FEW), unknown]
    table = thb.CountTable.from_rows(
        rows,
        columns=["exploitation", "value"],
        kind="victims",
        area="FR",
        period=2020,
    )
    result = thb.breakdown(table, of="exploitation", base="known", overlap="overlapping")
    ax = plots.bars(result)
    assert "range of the value: overlapping categories" in legend(ax)
    (sexual, *_) = marks(ax, "value-range")
    assert sexual.get_hatch() == Width.OVERLAP.hatch


@examples(8)
@given(st.lists(st.none() | counts(), min_size=4, max_size=10))
@example([None])
@example([Interval(3, None)])
def test_bars_contain_their_numbers_in_their_order(numbers: list[Interval | None]) -> None:
    result = panel_of([number(element, str(position)) for position, element in enumerate(numbers)])
    ax = plots.bars(result)
    assert [label.get_text() for label in ax.get_yticklabels()] == list(result.labels)
    low, high = ax.get_xlim()
    for position, element in enumerate(numbers):
        boxes = [
            across(item)
            for name in ("certain", "range", "zero")
            for item in marks(ax, f"value-{name}-{position}")
        ]
        arrows = marks(ax, f"open-value-{position}")
        cut = marks(ax, f"cut-value-{position}")
        if element is None:
            assert boxes == arrows == []
            continue
        assert low <= float(element.lower or 0) <= high
        assert min(start for start, _ in boxes) == 0
        reach = high if element.upper is None or cut else float(element.upper)
        assert max(end for _, end in boxes) == pytest.approx(reach)
        assert bool(arrows) is (element.upper is None)
        assert not cut or float(element.upper or 0) > high


def test_one_wide_interval_does_not_set_the_scale() -> None:
    ratios = [number(Interval.point(n), str(n)) for n in (1, 2, 3)]
    ax = plots.bars(panel_of([*ratios, number(Interval(0, 400), "few over few")]))
    assert ax.get_xlim()[1] < 10
    assert len(marks(ax, "cut-value-3")) == 1


def test_far_bounds_are_cut_and_have_an_arrow() -> None:
    ax = plots.bars(alone(number(Interval.point(10), bounds=Interval(0, 5000))))
    assert ax.get_xlim()[1] < 50
    assert len(marks(ax, "cut-bounds")) == 1
    assert "continues beyond the axis" in legend(ax)


def test_numbers_of_several_kinds_have_no_common_axis() -> None:
    with pytest.raises(InvalidValue, match="one kind"):
        plots.bars(panel_of([share(1, 2), number(Interval.point(1))]))
    with pytest.raises(InvalidValue, match="at least one number"):
        plots.bars(panel_of([]))
    with pytest.raises(InvalidValue, match="DataFrame"):
        plots.bars(pd.DataFrame())  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="1 to 120 rows"):
        plots.bars(panel_of([number(Interval.point(1), str(position)) for position in range(121)]))


def test_result_is_drawn_as_a_panel_of_one() -> None:
    assert len(marks(plots.bars(forms()["labour"]), "value-certain")) == 1


def test_equal_labels_are_completed_by_area_and_period() -> None:
    rows = [count(3, area, period) for area in ("BE", "FR") for period in ("2015", "2016")]
    names = [label.get_text() for label in plots.bars(panel_of(rows)).get_yticklabels()]
    assert names == ["BE, 2015", "BE, 2016", "FR, 2015", "FR, 2016"]


def test_change_below_zero_is_drawn_to_the_left() -> None:
    ax = plots.bars(alone(count(Interval.point(-5), kind=ResultKind.CHANGE)))
    (bar,) = marks(ax, "value-certain")
    assert across(bar) == (-5, 0)
    assert ax.get_xlim()[0] <= -5


def test_axis_of_missing_numbers_shows_their_bounds() -> None:
    ax = plots.bars(alone(number(None, bounds=Interval(0, 139))))
    assert ax.get_xlim()[1] >= 139
    assert marks(ax, "cut") == []
