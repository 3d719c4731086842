"""Bars: marks and texts of numbers, and rows without a bar."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.plots.drawn import (
    FEW,
    alone,
    drawn,
    ends,
    footer,
    forms,
    legend,
    marks,
    notes,
    panel_of,
    positions,
    suppressed,
    texts,
)
from tests.rules.panels import Row, count, share
from thbstats import plots
from thbstats.errors import InvalidValue
from thbstats.panel import Panel, ResultKind, Status
from thbstats.plots.drawing import Drawing
from thbstats.plots.row_plots import bars_drawing
from thbstats.values import Interval

VICTIMS = thb.read("docs/_data/glotip_eu_victims.csv").table
JUSTICE = thb.read("docs/_data/glotip_eu_justice.csv").table


@st.composite
def counts(draw: st.DrawFn) -> Interval:
    low = draw(st.integers(0, 1000))
    return Interval(low, draw(st.none() | st.just(low) | st.integers(low, 2000)))


def number(value: Interval | None, label: str = "total", **more: object) -> Row:
    fields: Row = {"label": label} | more
    if value is None:
        fields = {"value": None, "status": Status.NOT_REPORTED} | fields
    return count(value or Interval.at_least(0), **fields)


def drawing_of(*rows: Row) -> Drawing:
    return bars_drawing(panel_of(list(rows)))


def ratios(**selection: object) -> Panel:
    result = thb.conviction_to_prosecution(JUSTICE, by=["area", "period"], area="EU28")
    return result.where(**selection)  # type: ignore[return-value]


def test_published_share_is_a_bar_to_its_printed_form_with_its_rounding() -> None:
    drawing = bars_drawing(forms())
    assert ends(drawing, "value") == [(0, 0.56), (0, 0.26), (0, 0.18)]
    assert ends(drawing, "rounding")[0] == (0.555, 0.565)
    assert [text.split("\n")[0] for text in drawing.figures] == ["56%", "26%", "18%"]
    assert next(iter(drawing.names)) == "Sexual exploitation"


def test_bar_and_its_possible_share_name_their_denominators() -> None:
    assert legend(drawn("bars")) == [
        "share of registered victims of known form of exploitation",
        "possible share of all registered victims",
        "rounding of the source",
    ]


def test_value_bounds_and_bounds_with_unknown_are_different_marks() -> None:
    more = {
        "bounds": Interval(0, Fraction(3, 4)),
        "bounds_with_unknown": Interval(0, Fraction(9, 10)),
    }
    drawing = drawing_of(share(50, 100, **more))
    assert ends(drawing, "value") == [(0, 0.5)]
    assert ends(drawing, "bounds") == [(0, 0.75)]
    assert ends(drawing, "unknown") == [(0, 0.9)]
    lanes = [marks(drawing, name)[0]["lane"] for name in ("value", "bounds", "unknown")]
    assert lanes == sorted(lanes)  # below each other
    looks = {
        (drawing.styles[name].marker, drawing.styles[name].dashes) for name in ("bounds", "unknown")
    }
    assert len(looks) == 2


def test_bounds_of_any_data_are_text_without_a_mark() -> None:
    drawing = drawing_of(share(50, 100, bounds=Interval(0, 1)))
    assert marks(drawing, "bounds") == []
    assert drawing.figures == ["50.0%\nnot bounded"]


def test_axis_names_the_denominator() -> None:
    (axis,) = texts(drawn("bars"), "axis")
    assert axis == "Share of registered victims of known form of exploitation"


def test_ratio_with_a_small_denominator_is_text_with_its_counts() -> None:
    drawing = bars_drawing(ratios(period=2016))
    assert "Malta" not in drawing.names
    assert drawing.scale.high < 1  # not 15 of 0 to 4
    first, *others = notes(drawing).split(". ")
    assert first.startswith("Fewer than 20 persons prosecuted, only counts: ")
    assert {"Malta 0 to 4 of 0 to 4", "Czechia 8 of 19"} <= set(
        first.partition(": ")[2].split(", ")
    )
    assert others[0].startswith("No data: Belgium, Germany, Finland")


def test_countries_are_sorted_by_value_and_have_their_names() -> None:
    drawing = bars_drawing(ratios(period=2016))
    values = [end for _, end in ends(drawing, "value")]
    assert list(drawing.names)[:3] == ["Poland", "United Kingdom", "Bulgaria"]
    points = values[: len(marks(drawing, "value")) - len(marks(drawing, "value, range"))]
    assert points == sorted(points, reverse=True)


def test_figures_have_the_same_decimals_and_both_counts() -> None:
    drawing = bars_drawing(ratios(period=2016))
    assert drawing.figures[:2] == ["0.74 (34 of 46)", "0.61 (59 of 97)"]
    assert "at most 0.12 (0 to 4 of 34)" in drawing.figures


def test_share_of_mostly_unknown_persons_has_no_bar() -> None:
    drawing = bars_drawing(thb.share(VICTIMS, sex="female", base="all", by="area", period=2020))
    assert "Sweden" not in drawing.names
    line = "Unknown category for most persons: Sweden 0 to 4 of 206, 198 to 206 unknown."
    assert line in notes(drawing)


def test_contradictory_count_has_bounds_and_no_bar() -> None:
    drawing = bars_drawing(thb.total(VICTIMS, by="area", period=2020))
    row = list(drawing.names).index("Germany")
    assert [mark["mark"] for mark in drawing.marks if mark["row"] == row] == ["bounds alone"]
    assert "Contradictory counts, only bounds: Germany, Sweden, Latvia." in notes(drawing)


def test_change_like_for_like_is_drawn_only_where_it_differs() -> None:
    changes = thb.change(VICTIMS, old=2019, new=2020, by="area")
    drawing = bars_drawing(changes)
    assert len(drawing.names) == len(set(drawing.names)) < len(changes) / 2


def test_change_names_both_periods_and_the_counts_of_small_numbers() -> None:
    drawing = bars_drawing(thb.change(VICTIMS, old=2019, new=2020, by="area"))
    assert drawing.subtitle == "28 countries, 2019 to 2020"
    # Slovenia published 7 victims of 2019 and 27 of 2020.
    line = notes(drawing).partition("only counts: ")[2]
    assert line.startswith("Slovenia (7 in 2019, 27 in 2020), ")
    assert "%" not in line.partition(". ")[0]


def test_rows_of_two_dimensions_are_in_groups() -> None:
    rows = [count(3, area, label=f"{area}{n}") for area in ("BE", "FR") for n in range(2)]
    keys = {"area": ["BE", "BE", "FR", "FR"], "sex": ["female", "male"] * 2}
    drawing = bars_drawing(panel_of(rows, **keys))
    assert list(drawing.groups) == ["Belgium", "Belgium", "France", "France"]
    assert list(drawing.names) == ["Women and girls", "Men and boys"] * 2
    ax = plots.bars(panel_of(rows, **keys))
    assert texts(ax, "group") == ["Belgium", "France"]


def test_panel_without_data_is_one_sentence() -> None:
    ax = plots.bars(ratios(area=["DE", "FR", "IT"], period=2016))
    assert texts(ax, "empty") == ["No country has data."]
    assert footer(ax).startswith("No data: Germany, France, Italy. Source: ")
    assert ax.get_xticks().tolist() == []


def test_rows_of_all_reasons_are_listed() -> None:
    states = [status for status in Status if status is not Status.OK]
    rows = [number(None, f"row {status.code}", status=status) for status in states]
    drawing = drawing_of(number(Interval.point(5), "point"), *rows)
    lines = notes(drawing)
    for status in states:
        assert f": Row {status.code.replace('_', ' ')}".replace("_", " ") in lines.replace("_", " ")
    assert list(drawing.names) == ["Point"]


def test_suppressed_ranges_are_hatched_and_others_are_pale() -> None:
    drawing = drawing_of(
        number(Interval(0, 4), "a", **suppressed(Interval(0, 4))), number(Interval(3, 5), "b")
    )
    hatches = {name: style.hatch for name, style in drawing.used() if "range" in name}
    assert hatches == {
        "value, range of the value: suppressed counts": "xxxx",
        "value, range of the value": None,
    }


@examples(8)
@given(st.lists(st.none() | counts(), min_size=4, max_size=10))
@example([None])
@example([Interval(3, None)])
@example([Interval.point(0), Interval.point(7)])
def test_bars_contain_their_numbers(numbers: list[Interval | None]) -> None:
    result = panel_of([number(element, str(position)) for position, element in enumerate(numbers)])
    drawing = bars_drawing(result)
    low, high = drawing.scale.low, drawing.scale.high
    trivial = [own is not None and own.lower == 0 and own.upper is None for own in numbers]
    known = [i for i, own in enumerate(numbers) if own is not None and not trivial[i]]
    assert sorted(drawing.names) == sorted(str(i) for i in known)
    for row, name in enumerate(drawing.names):
        element = numbers[int(name)]
        own = [mark for mark in drawing.marks if mark["row"] == row]
        boxes = [mark for mark in own if mark["mark"].startswith("value")]
        arrows = [mark for mark in own if mark["mark"].startswith("not bounded")]
        cut = [mark for mark in own if mark["mark"].startswith("continues")]
        assert element is not None
        assert low <= float(element.lower or 0) <= high
        assert min(mark["x"] for mark in boxes) == 0
        reach = high if element.upper is None or cut else float(element.upper)
        assert max(mark["x_end"] for mark in boxes) == pytest.approx(reach)
        assert bool(arrows) is (element.upper is None)


def test_marks_are_drawn_at_their_positions() -> None:
    drawing, ax = bars_drawing(forms()), plots.bars(forms())
    shown = positions(ax)
    for name in ("value", "rounding", "unknown"):
        across = [own[end] for own in shown[name] for end in (0, 2)]
        assert across == pytest.approx([end for own in ends(drawing, name) for end in own])
    rows = [np.mean([own[1], own[3]]) for own in shown["value"]]
    assert rows == sorted(rows)


def test_far_bounds_are_cut_and_have_an_arrow() -> None:
    drawing = drawing_of(number(Interval.point(10), bounds=Interval(0, 5000)))
    assert drawing.scale.high < 50
    assert len(marks(drawing, "continues beyond the axis")) == 1


def test_numbers_of_several_kinds_have_no_common_axis() -> None:
    with pytest.raises(InvalidValue, match="one kind"):
        plots.bars(panel_of([share(1, 2), number(Interval.point(1))]))
    with pytest.raises(InvalidValue, match="at least one number"):
        plots.bars(panel_of([]))
    with pytest.raises(InvalidValue, match="DataFrame"):
        plots.bars(pd.DataFrame())  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="at most 120 rows"):
        plots.bars(panel_of([number(Interval.point(1), str(position)) for position in range(121)]))


def test_result_is_drawn_as_a_panel_of_one() -> None:
    assert len(marks(bars_drawing(forms()["labour"]), "value")) == 1


def test_equal_labels_are_completed_by_area_and_period() -> None:
    rows = [count(3, area, period) for area in ("BE", "FR") for period in ("2015", "2016")]
    drawing = bars_drawing(panel_of(rows))
    assert list(zip(drawing.groups, drawing.names, strict=True)) == [
        ("Belgium", "2015"),
        ("Belgium", "2016"),
        ("France", "2015"),
        ("France", "2016"),
    ]


def test_change_below_zero_is_drawn_to_the_left() -> None:
    drawing = bars_drawing(alone(count(Interval.point(-5), kind=ResultKind.CHANGE)))
    assert ends(drawing, "value") == [(-5, 0)]
    assert drawing.scale.low <= -5


def test_narrow_bounds_without_a_value_have_a_line_and_wide_ones_are_text() -> None:
    narrow, wide = Interval(100, 139), Interval(0, 139)
    drawing = drawing_of(number(None, "narrow", bounds=narrow), number(None, "wide", bounds=wide))
    assert ends(drawing, "bounds alone") == [(100, 139)]
    assert drawing.figures == ["bounds 100 to 139"]
    assert "Not reported, only bounds: Narrow." in notes(drawing)
    assert "Not reported: Wide (bounds 0 to 139)." in notes(drawing)


def test_overlap_of_a_table_is_not_drawn_as_suppressed() -> None:
    unknown = ("unknown", thb.Count.between(0, 20))
    rows = [("total", 100), ("sexual", 80), ("labour", 60), ("other", FEW), unknown]
    table = thb.CountTable.from_rows(
        rows, columns=["exploitation", "value"], kind="victims", area="FR", period=2020
    )
    result = thb.breakdown(table, of="exploitation", base="known", overlap="overlapping")
    drawing = bars_drawing(result)
    assert marks(drawing, "value")


@pytest.mark.parametrize(
    ("printed", "value", "text"),
    [
        ("56%", Interval(Fraction(555, 1000), Fraction(565, 1000)), "56%"),
        ("15", Interval(Fraction(145, 1000), 1), "at least 15%"),
        ("15%", Interval(0, Fraction(155, 1000)), "at most 15%"),
        ("100%", Interval(Fraction(995, 1000), 1), "100%"),
        ("0%", Interval(0, Fraction(5, 1000)), "0%"),
    ],
)
def test_published_value_is_in_its_published_form(printed: str, value: Interval, text: str) -> None:
    row = share(50, 100, value=value, bounds=value, bounds_with_unknown=value)
    drawing = drawing_of(row | {"printed": thb.Percent(printed)})
    assert list(drawing.figures) == [text]


def statuses() -> list[thb.CountTable]:
    """Return 60 women of 100 registered, and 20 of 50 identified victims."""
    return [
        thb.CountTable.from_rows(
            [("total", total), ("female", women), ("male", total - women)],
            columns=["sex", "value"], kind="victims", area="BE", period=2020, status=status,
        )
        for status, total, women in (("registered", 100, 60), ("identified", 50, 20))
    ]  # fmt: skip


def test_rows_of_two_statuses_have_two_names() -> None:
    panel = Panel.from_results(thb.share(own, sex="female", base="all") for own in statuses())
    text = plots.alt_text(plots.bars(panel))
    assert "Women and girls, Belgium, 2020." in text
    assert "Registered victims: 60.0%. Identified victims: 40.0%." in text
    chart = plots.to_vega(panel)
    names = [own["name"] for own in chart["data"]["values"] if own["mark"] == "value"]
    assert names == ["Registered victims", "Identified victims"]


def test_dumbbell_of_two_statuses_names_both() -> None:
    first, second = (thb.total(own, by="sex") for own in statuses())
    text = plots.alt_text(plots.dumbbell(first, second))
    assert "Counts of several kinds, Belgium, 2020." in text
    assert "Women and girls: 60 (Registered victims) and 20 (Identified victims)" in text
