"""Dumbbells, tornadoes, funnels, rankings and inferred numbers: a row for each, at its figures."""

from fractions import Fraction
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.comparability.numbers import context, count, ratio
from tests.examples import examples
from tests.plots.drawn import (
    REPORT,
    across,
    drawn,
    footer,
    forms,
    inferences,
    justice,
    left_out,
    legend,
    marks,
    texts,
)
from thbstats import plots
from thbstats.bounds import Inferences
from thbstats.display.numbers import MINUS
from thbstats.errors import InvalidValue
from thbstats.results import Funnel, LeaveOneOut, Ranking, Results
from thbstats.values import Interval


def rows(ax) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


# Dumbbells


def test_a_dumbbell_has_both_numbers_of_each_category_at_their_figures() -> None:
    ax = drawn("dumbbell")
    for name, found in (("first", forms()), ("second", forms(area="EU28 without UK"))):
        for place, item in enumerate(found):
            (mark,) = marks(ax, f"{name}-{place}")
            assert item.reported is not None
            ends = float(item.reported.lower or 0), float(item.reported.upper or 0)
            assert across(mark) == pytest.approx(ends)
    assert legend(ax) == ["EU28", "EU28 without UK"]
    assert texts(ax, "figure") == [
        "+8.0..+10.0 pp",
        f"{MINUS}12.0..{MINUS}10.0 pp",
        "+1.0..+3.0 pp",
    ]


def test_the_two_markers_of_a_dumbbell_have_different_shapes() -> None:
    first, second = (marks(drawn("dumbbell"), f"{name}-0")[0] for name in ("first", "second"))
    assert first.get_marker() != second.get_marker()
    assert first.get_markerfacecolor() != second.get_markerfacecolor()


def test_a_dumbbell_says_whether_its_pairs_may_be_compared() -> None:
    told = footer(drawn("dumbbell"))
    assert "In figures: EU28 without UK less EU28." in told
    assert "Sexual, labour, other: comparable with caution." in told
    assert "MEMBERSHIP (EU28 and EU28 without UK are different sets of countries)" in told


def test_a_line_joins_the_ends_that_face_each_other_and_none_where_both_overlap() -> None:
    first, second = (
        [
            count(low, context("BE", year), label="apart"),
            count(high, context("BE", year), label="over each other"),
        ]
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


def test_a_number_that_nobody_reported_is_words_and_no_marker() -> None:
    gone = evolve(count(Interval.at_least(0), context("BE", "2016")), reported=None)
    ax = plots.dumbbell([count(4)], [gone], names=("before", "after"))
    assert marks(ax, "second") == []
    assert texts(ax, "absent") == ["not reported: after"]


def test_a_dumbbell_needs_the_same_categories_twice() -> None:
    with pytest.raises(InvalidValue, match="sexual, labour, other"):
        plots.dumbbell(forms(), [count(4)])


# Tornadoes


def test_a_tornado_begins_with_the_member_without_whom_the_number_moves_most() -> None:
    ax = drawn("tornado")
    found = left_out()
    moves = dict(zip(found.labels, found.moves(), strict=True))
    sizes = [max(abs(moves[name].lower or 0), abs(moves[name].upper or 0)) for name in rows(ax)]
    assert sizes == sorted(sizes, reverse=True)
    assert sorted(rows(ax)) == sorted(found.labels)
    assert texts(ax, "figure")[0].startswith("+") is (found[rows(ax)[0]].stated.lower > 0.2)


def test_bars_of_a_tornado_begin_where_the_number_with_all_members_ends() -> None:
    found = left_out()
    ax = plots.tornado(found)
    low, high = float(found.whole.stated.lower or 0), float(found.whole.stated.upper or 0)
    for certain in marks(ax, "above-certain"):
        assert across(certain)[0] == pytest.approx(high)
    for certain in marks(ax, "below-certain"):
        assert across(certain)[1] == pytest.approx(low)
    (whole,) = marks(ax, "whole")
    assert across(whole) == pytest.approx((low, high))


def test_a_tornado_can_be_cut_and_says_by_how_much_the_rest_moves_it() -> None:
    found = left_out()
    ax = plots.tornado(found, most=2)
    assert len(rows(ax)) == 2
    assert f"Not shown: {len(found) - 2} more, which move it by " in footer(ax)
    with pytest.raises(InvalidValue, match="Give 1 or more"):
        plots.tornado(found, most=0)


@examples(20)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=6),
    st.tuples(st.integers(0, 50), st.integers(0, 50)),
)
def test_a_tornado_shows_what_each_number_can_be(
    members: list[tuple[int, int]], whole: tuple[int, int]
) -> None:
    items = [count(Interval(*sorted(ends)), label=str(place)) for place, ends in enumerate(members)]
    found = LeaveOneOut(caption="x", items=items, whole=count(Interval(*sorted(whole))))
    ax = plots.tornado(found)
    for place, name in enumerate(rows(ax)):
        reported = found[name].stated
        boxes = [
            across(mark)
            for side in ("above", "below")
            for part in ("certain", "between", "zero")
            for mark in marks(ax, f"{side}-{part}-{place}")
        ]
        low, high = float(reported.lower or 0), float(reported.upper or 0)
        inside = float(found.whole.stated.lower or 0), float(found.whole.stated.upper or 0)
        if boxes:
            assert min(start for start, _ in boxes) <= low
            assert max(end for _, end in boxes) >= high
        else:  # a point within what the number with all members can be
            assert inside[0] <= low == high <= inside[1]


# Funnels


def test_a_funnel_has_both_stages_of_each_step() -> None:
    ax = drawn("funnel")
    found = thb.funnel(REPORT.data.justice)
    assert rows(ax) == list(found.labels)
    for place, step in enumerate(found):
        (earlier,) = marks(ax, f"earlier-certain-{place}")
        (later,) = marks(ax, f"later-certain-{place}")
        assert across(earlier) == (0, float(step.denominator.lower or 0))
        assert across(later) == (0, float(step.numerator.lower or 0))
    assert texts(ax, "figure")[0] == "0.797\n5 979 / 7 503"
    assert texts(ax, "axis") == ["Persons suspected, prosecutions, convictions"]


def test_a_later_stage_that_is_larger_is_drawn_larger() -> None:
    step = ratio(30, 20, label="convicted / prosecuted")
    ax = plots.funnel(Funnel(caption="stages", items=[step]))
    (earlier,), (later,) = (marks(ax, f"{name}-certain") for name in ("earlier", "later"))
    assert across(later)[1] > across(earlier)[1]


# Rankings


def test_a_rank_that_is_certain_is_a_dot_and_others_are_lines() -> None:
    found = thb.ranking(justice(), by="area", stage="convicted")
    ax = drawn("ranking")
    assert rows(ax) == list(found.labels)
    for place, ranks in enumerate(found.ranks):
        name = "rank" if ranks.is_point else "ranks"
        (mark,) = marks(ax, f"{name}-{place}")
        assert across(mark) == (float(ranks.lower or 0), float(ranks.upper or 0))


def test_a_list_without_an_order_says_so_and_gives_every_rank() -> None:
    ax = plots.ranking(REPORT.ranking("ii-top-non-eu-citizenships"))
    assert [across(mark) for mark in marks(ax, "ranks")] == [(1, 5)] * 5
    assert "The source lists them without an order." in footer(ax)
    assert set(texts(ax, "figure")) == {"no count"}


@examples(20)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30))
def test_every_possible_rank_is_on_the_axis(members: list[tuple[int, int]]) -> None:
    counts = [Interval(*sorted(ends)) for ends in members]
    items = [count(number, label=str(place)) for place, number in enumerate(counts)]
    ranks = [
        Interval(
            1 + sum((other.lower or 0) > (own.upper or 0) for other in counts),
            1 + sum((other.upper or 0) > (own.lower or 0) for other in counts if other is not own),
        )
        for own in counts
    ]
    ax = plots.ranking(Ranking(caption="x", items=items, ranks=ranks), width=4)
    assert rows(ax) == [item.label for item in items]
    low, high = ax.get_xlim()
    drawn_at = [across(mark) for mark in marks(ax, "rank")]
    assert drawn_at == [(float(rank.lower or 0), float(rank.upper or 0)) for rank in ranks]
    assert all(low < start <= end < high for start, end in drawn_at)
    ticks = ax.get_xticks()
    assert ticks[0] == 1
    assert all(one < two for one, two in pairwise(ticks))


# Inferred numbers


def test_an_inferred_number_goes_from_its_least_to_its_most() -> None:
    ax = drawn("inferred")
    labour, female = inferences().items
    (mark,) = marks(ax, "inferred")
    assert labour.bounds is not None
    assert across(mark) == (float(labour.bounds.lower or 0), float(labour.bounds.upper or 0))
    assert female.bounds is None
    assert texts(ax, "absent") == ["no information in the claims"]
    assert f"{female.label}: no information" in plots.alt_text(ax)


def test_what_was_assumed_stands_under_inferred_numbers() -> None:
    told = footer(drawn("inferred"))
    assert "Second progress report on trafficking in human beings, sections II and II.1." in told
    assert "Assumed: " in told
    assert "percentages are rounded half up" in told


def test_counts_and_shares_are_not_inferred_on_one_axis() -> None:
    labour = inferences().items[0]
    with pytest.raises(InvalidValue, match="counts or for shares"):
        plots.inferred(Inferences(caption="x", items=[labour, evolve(labour, is_share=True)]))
    with pytest.raises(InvalidValue, match="Give at least one"):
        plots.inferred(Inferences(caption="x", items=[]))


def test_inferred_numbers_go_as_far_as_they_are_told_to() -> None:
    far = evolve(inferences(), scale=8000)
    assert plots.inferred(far).get_xlim()[1] >= 8000


def test_one_number_is_drawn_like_several() -> None:
    half = evolve(inferences().items[0], is_share=True, bounds=Interval(0, Fraction(1, 2)))
    ax = plots.inferred(half)
    assert across(marks(ax, "inferred")[0]) == (0, 0.5)
    assert texts(ax, "figure") == ["0.0..50.0 %"]


def test_nothing_to_draw_is_an_error() -> None:
    for draw in (plots.funnel, plots.ranking):
        with pytest.raises(InvalidValue, match="nothing to draw"):
            draw(Results(caption="x", items=[]))  # type: ignore[operator]
