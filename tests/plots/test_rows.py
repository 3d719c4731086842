"""Dumbbells, tornadoes, funnels and rankings: a row for each number, at its figures."""

from itertools import pairwise

import pytest
from attrs import fields, frozen
from hypothesis import example, given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.plots.drawn import (
    REPORT,
    across,
    alone,
    drawn,
    footer,
    forms,
    justice,
    left_out,
    legend,
    marks,
    panel_of,
    texts,
)
from tests.rules.panels import Row, count, ratio
from thbstats import plots
from thbstats.display.number_styles import MINUS
from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Result, Status
from thbstats.values import Interval


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class _LeaveOut(Panel):
    all_countries: Result


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class _Ranking(Panel):
    ranks: tuple[Interval, ...]
    ordered: bool = True


def extended(cls: type, panel: Panel, **more: object) -> Panel:
    """Return a panel as a kind of panel with further fields."""
    own = {field.name: getattr(panel, field.name) for field in fields(Panel)}
    made: Panel = cls(**own, **more)
    return made


def rows(ax) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


# Dumbbells


def test_dumbbell_has_both_numbers_of_each_category_at_their_figures() -> None:
    ax = drawn("dumbbell")
    for name, result in (("first", forms()), ("second", forms(area="EU28 without UK"))):
        for position, item in enumerate(result):
            (mark,) = marks(ax, f"{name}-{position}")
            assert item.value is not None
            ends = float(item.value.lower or 0), float(item.value.upper or 0)
            assert across(mark) == pytest.approx(ends)
    assert legend(ax) == ["EU28", "EU28 without UK"]
    assert texts(ax, "figure") == [
        "+8.0 to +10.0 pp",
        f"{MINUS}12.0 to {MINUS}10.0 pp",
        "+1.0 to +3.0 pp",
    ]


def test_two_markers_of_a_dumbbell_have_different_shapes() -> None:
    first, second = (marks(drawn("dumbbell"), f"{name}-0")[0] for name in ("first", "second"))
    assert first.get_marker() != second.get_marker()
    assert first.get_markerfacecolor() != second.get_markerfacecolor()


def test_dumbbell_contains_the_verdicts() -> None:
    footer_text = footer(drawn("dumbbell"))
    assert "In figures: EU28 without UK minus EU28." in footer_text
    assert "Sexual, labour, other: comparable with caution." in footer_text
    assert "AREA_COMPOSITION (" in footer_text


def test_line_joins_the_nearest_bounds_unless_intervals_overlap() -> None:
    first, second = (
        panel_of(
            [
                count(low, "BE", year, label="apart"),
                count(high, "BE", year, label="over each other"),
            ]
        )
        for year, low, high in (
            ("2015", Interval(1, 2), Interval(1, 5)),
            ("2016", Interval(6, 7), Interval(4, 8)),
        )
    )
    ax = plots.dumbbell(first, second)
    assert [across(mark) for mark in marks(ax, "join")] == [(2, 6)]
    lanes = [marks(ax, f"{name}-1")[0].get_ydata()[0] for name in ("first", "second")]
    assert lanes[0] != lanes[1]
    assert legend(ax)[:2] == ["2015", "2016"]


def test_missing_number_is_a_text_and_a_mark() -> None:
    missing: Row = {"value": None, "status": Status.NOT_REPORTED}
    gone = alone(count(Interval.at_least(0), "BE", "2016", **missing))
    ax = plots.dumbbell(alone(count(4)), gone, names=("before", "after"))
    assert marks(ax, "second") == []
    assert len(marks(ax, "absent")) == 1
    assert texts(ax, "words") == ["not reported: after"]


def test_dumbbell_requires_equal_categories() -> None:
    with pytest.raises(InvalidValue, match="sexual, labour, other"):
        plots.dumbbell(forms(), alone(count(4)))


def test_categories_in_another_order_are_matched() -> None:
    ax = plots.dumbbell(forms(), forms(area="EU28 without UK").take([2, 0, 1]))
    assert texts(ax, "figure") == texts(drawn("dumbbell"), "figure")


# Tornadoes


def test_tornado_starts_with_the_largest_change() -> None:
    ax = drawn("tornado")
    result = left_out()
    moves = {
        name: result[name].value_or_bounds - result.all_countries.value_or_bounds
        for (name,) in result.names
    }
    sizes = [max(abs(moves[name].lower or 0), abs(moves[name].upper or 0)) for name in rows(ax)]
    assert sizes == sorted(sizes, reverse=True)
    assert sorted(rows(ax)) == sorted(moves)


def test_bars_of_a_tornado_start_at_the_number_with_all_members() -> None:
    result = left_out()
    ax = plots.tornado(result)
    stated = result.all_countries.value_or_bounds
    low, high = (
        float(stated.lower or 0),
        float(stated.upper or 0),
    )
    for certain in marks(ax, "above-certain"):
        assert across(certain)[0] == pytest.approx(high)
    for certain in marks(ax, "below-certain"):
        assert across(certain)[1] == pytest.approx(low)
    (whole,) = marks(ax, "whole")
    assert across(whole) == pytest.approx((low, high))


def test_short_tornado_contains_the_effect_of_the_others() -> None:
    result = left_out()
    ax = plots.tornado(result, max_rows=2)
    assert len(rows(ax)) == 2
    assert f"Not shown: {len(result) - 2} more, which change it by " in footer(ax)
    with pytest.raises(InvalidValue, match="1 or more"):
        plots.tornado(result, max_rows=0)


@examples(10)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=10),
    st.tuples(st.integers(0, 50), st.integers(0, 50)),
)
def test_tornado_contains_the_bounds_of_each_number(
    members: list[tuple[int, int]], whole: tuple[int, int]
) -> None:
    items = [
        count(Interval(*sorted(ends)), label=str(position)) for position, ends in enumerate(members)
    ]
    base = alone(count(Interval(*sorted(whole)))).row(0)
    result = extended(_LeaveOut, panel_of(items), all_countries=base)
    ax = plots.tornado(result)
    for position, name in enumerate(rows(ax)):
        reported = result.row(int(name)).value_or_bounds
        boxes = [
            across(mark)
            for side in ("above", "below")
            for part in ("certain", "range", "zero")
            for mark in marks(ax, f"{side}-{part}-{position}")
        ]
        low, high = float(reported.lower or 0), float(reported.upper or 0)
        inside = float(base.value_or_bounds.lower or 0), float(base.value_or_bounds.upper or 0)
        if boxes:
            assert min(start for start, _ in boxes) <= low
            assert max(end for _, end in boxes) >= high
        else:  # a point within what the number with all members can be
            assert inside[0] <= low == high <= inside[1]


# Funnels


def test_funnel_has_both_stages_of_each_step() -> None:
    ax = drawn("funnel")
    result = thb.justice.funnel(REPORT.data.justice)
    assert rows(ax) == list(result.labels)
    for position, step in enumerate(result):
        (earlier,) = marks(ax, f"earlier-certain-{position}")
        (later,) = marks(ax, f"later-certain-{position}")
        assert across(earlier) == (0, float(step.denominator.lower or 0))
        assert across(later) == (0, float(step.numerator.lower or 0))
    assert texts(ax, "figure")[0] == "0.80\n5,979 / 7,503"
    assert texts(ax, "axis") == ["Persons suspected, prosecutions, convictions"]


def test_later_stage_that_is_larger_is_drawn_larger() -> None:
    ax = plots.funnel(alone(ratio(30, 20, label="convicted / prosecuted")))
    assert texts(ax, "figure") == ["1.5\n30 / 20"]
    assert texts(ax, "axis") == ["Persons prosecuted, persons convicted"]
    (earlier,), (later,) = (marks(ax, f"{name}-certain") for name in ("earlier", "later"))
    assert across(later)[1] > across(earlier)[1]


# Rankings


def test_certain_rank_is_a_dot_and_others_are_lines() -> None:
    result = thb.ranking(justice(), by="area", stage="convicted")
    ax = drawn("ranking")
    assert rows(ax) == [name for (name,) in result.names]
    for position, ranks in enumerate(result.ranks):
        name = "rank" if ranks.is_point else "ranks"
        (mark,) = marks(ax, f"{name}-{position}")
        assert across(mark) == (float(ranks.lower or 0), float(ranks.upper or 0))


def test_list_without_an_order_has_a_note_and_every_rank() -> None:
    missing: Row = {"value": None, "status": Status.NOT_REPORTED}
    items = panel_of([count(Interval.at_least(0), label=name, **missing) for name in "abcde"])
    ranks = (Interval(1, 5),) * 5
    ax = plots.ranking(extended(_Ranking, items, ranks=ranks, ordered=False))
    assert [across(mark) for mark in marks(ax, "ranks")] == [(1, 5)] * 5
    assert "The source lists them without an order." in footer(ax)
    assert set(texts(ax, "figure")) == {"no count"}


@examples(10)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=5, max_size=30))
@example([(3, 4)])
def test_every_possible_rank_is_on_the_axis(members: list[tuple[int, int]]) -> None:
    counts = [Interval(*sorted(ends)) for ends in members]
    items = panel_of([count(number, label=str(position)) for position, number in enumerate(counts)])
    ranks = [
        Interval(
            1 + sum((other.lower or 0) > (own.upper or 0) for other in counts),
            1 + sum((other.upper or 0) > (own.lower or 0) for other in counts if other is not own),
        )
        for own in counts
    ]
    ax = plots.ranking(extended(_Ranking, items, ranks=tuple(ranks)), width=4)
    assert rows(ax) == list(items.labels)
    low, high = ax.get_xlim()
    drawn_at = [across(mark) for mark in marks(ax, "rank")]
    assert drawn_at == [(float(rank.lower or 0), float(rank.upper or 0)) for rank in ranks]
    assert all(low < start <= end < high for start, end in drawn_at)
    ticks = ax.get_xticks()
    assert ticks[0] == 1
    assert all(single < two for single, two in pairwise(ticks))


def test_empty_panel_raises() -> None:
    for draw in (plots.funnel, plots.ranking, plots.tornado, plots.trend, plots.bars):
        with pytest.raises(InvalidValue, match="at least one number"):
            draw(panel_of([]))  # type: ignore[operator]
