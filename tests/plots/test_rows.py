"""Dumbbells, tornadoes, funnels and rankings: a row for each number, at its figures."""

import pytest
from attrs import fields, frozen
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.plots.drawn import (
    REPORT,
    alone,
    drawn,
    ends,
    footer,
    forms,
    justice,
    left_out,
    legend,
    marks,
    notes,
    panel_of,
    texts,
)
from tests.rules.panels import Row, count, ratio
from thbstats import plots
from thbstats.display.number_texts import MINUS
from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Result, Status
from thbstats.plots.row_plots import (
    dumbbell_drawing,
    funnel_drawing,
    ranking_drawing,
    tornado_drawing,
)
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


VICTIMS = thb.read("docs/_data/glotip_eu_victims.csv").table


# Dumbbells


def test_dumbbell_has_both_numbers_of_each_category_at_their_figures() -> None:
    others = forms(area="EU28 without UK")
    drawing = dumbbell_drawing(forms(), others)
    for name, result in (("first", forms()), ("second", others)):
        known = [
            (float(item.value.lower or 0), float(item.value.upper or 0))
            for item in result
            if item.value is not None
        ]
        assert ends(drawing, name) == known
    assert legend(drawn("dumbbell")) == ["EU28", "EU28 without UK"]
    assert list(drawing.figures) == [
        "+8.0 to +10.0 pp",
        f"{MINUS}12.0 to {MINUS}10.0 pp",
        "+1.0 to +3.0 pp",
    ]


def test_two_markers_of_a_dumbbell_have_different_shapes() -> None:
    styles = dumbbell_drawing(forms(), forms(area="EU28 without UK")).styles
    assert styles["first"].marker != styles["second"].marker
    assert styles["first"].fill != styles["second"].fill


def test_dumbbell_contains_the_verdicts() -> None:
    footer_text = footer(drawn("dumbbell"))
    assert "Figures on the right: EU28 without UK minus EU28." in footer_text
    assert "Comparable with caution: all pairs." in footer_text
    assert "composition of the area differs" in footer_text


def test_line_joins_the_nearest_bounds_unless_intervals_overlap() -> None:
    first, second = (
        panel_of([count(low, "BE", year, label="apart"), count(high, "BE", year, label="both")])
        for year, low, high in (
            ("2015", Interval(1, 2), Interval(1, 5)),
            ("2016", Interval(6, 7), Interval(4, 8)),
        )
    )
    drawing = dumbbell_drawing(first, second)
    assert ends(drawing, "join") == [(2, 6)]
    lanes = {mark["lane"] for mark in drawing.marks if mark["row"] == 1}
    assert len(lanes) == 2
    assert legend(plots.dumbbell(first, second)) == ["2015", "2016"]


def test_missing_number_is_a_text_next_to_the_other_one() -> None:
    missing: Row = {"value": None, "status": Status.NOT_REPORTED}
    gone = alone(count(Interval.at_least(0), "BE", "2016", **missing))
    drawing = dumbbell_drawing(alone(count(4)), gone, ("before", "after"))
    assert marks(drawing, "second") == []
    assert list(drawing.figures) == ["after: not reported"]
    nothing = dumbbell_drawing(gone, gone, ("before", "after"))
    assert list(nothing.names) == []
    assert "Not reported: Total." in notes(nothing)


def test_shares_without_meaning_are_text_in_a_dumbbell() -> None:
    shares = [
        thb.share(VICTIMS, sex="female", base="all", by="area", period=year)
        for year in (2019, 2020)
    ]
    drawing = dumbbell_drawing(*shares)
    assert not {"Malta", "Sweden"} & set(drawing.names)
    assert drawing.figures[list(drawing.names).index("Slovenia")] == "2019: 6 of 7, 0 to 1 unknown"
    assert "Malta (0 to 4 of 0 to 4" in notes(drawing)
    assert list(drawing.names)[:2] == ["Cyprus", "Hungary"]  # the largest share first


def test_dumbbell_requires_equal_categories() -> None:
    with pytest.raises(InvalidValue, match="Sexual exploitation, Labour exploitation"):
        plots.dumbbell(forms(), alone(count(4)))


def test_categories_in_another_order_are_matched() -> None:
    ax = plots.dumbbell(forms(), forms(area="EU28 without UK").take([2, 0, 1]))
    assert texts(ax, "figure") == texts(drawn("dumbbell"), "figure")


# Tornadoes


def test_tornado_starts_with_the_largest_change() -> None:
    result = left_out()
    moves = {
        name: result[name].value_or_bounds - result.all_countries.value_or_bounds
        for (name,) in result.names
    }
    sizes = sorted(max(abs(move.lower or 0), abs(move.upper or 0)) for move in moves.values())
    names = [text.removeprefix("Without ") for text in tornado_drawing(result).names]
    assert names == ["Spain", "United Kingdom", "Bulgaria", "Austria", "Denmark"]
    assert max(abs(moves["ES"].lower or 0), abs(moves["ES"].upper or 0)) == sizes[-1]


def test_bars_of_a_tornado_start_at_the_number_with_all_members() -> None:
    result = left_out()
    drawing = tornado_drawing(result)
    stated = result.all_countries.value_or_bounds
    low, high = float(stated.lower or 0), float(stated.upper or 0)
    certain = {
        name: [m for m in drawing.marks if m["mark"] == name] for name in ("higher", "lower")
    }
    assert all(mark["x"] == pytest.approx(high) for mark in certain["higher"])
    assert all(mark["x_end"] == pytest.approx(low) for mark in certain["lower"])
    assert set(ends(drawing, "whole")) == {(low, high)}


def test_tornado_has_ten_rows_and_the_effect_of_the_others() -> None:
    whole = thb.leave_out(thb.total(VICTIMS, area="EU28", period=2020))
    drawing = tornado_drawing(whole)
    assert len(drawing.names) == 10
    assert "Not shown: 18 more, with smaller or equal changes." in notes(drawing)
    assert drawing.figures[0] == f"{MINUS}10,582"  # the count of a country is exact
    assert len(tornado_drawing(left_out(), 2).names) == 2
    with pytest.raises(InvalidValue, match="1 or more"):
        plots.tornado(left_out(), max_rows=0)


@examples(10)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=10),
    st.tuples(st.integers(0, 50), st.integers(0, 50)),
)
def test_tornado_contains_the_bounds_of_each_number(
    members: list[tuple[int, int]], whole: tuple[int, int]
) -> None:
    items = [
        count(Interval(*sorted(pair)), label=str(position)) for position, pair in enumerate(members)
    ]
    base = alone(count(Interval(*sorted(whole)))).row(0)
    result = extended(_LeaveOut, panel_of(items), all_countries=base)
    drawing = tornado_drawing(result)
    for row, name in enumerate(drawing.names):
        reported = result.row(int(name.removeprefix("Without "))).value_or_bounds
        own = [m for m in drawing.marks if m["row"] == row and m["mark"] != "whole"]
        assert min(mark["x"] for mark in own) <= float(reported.lower or 0)
        assert max(mark["x_end"] for mark in own) >= float(reported.upper or 0)


# Funnels


def test_funnel_has_both_stages_of_each_step() -> None:
    result = thb.justice.funnel(REPORT.data.justice)
    drawing = funnel_drawing(result)
    for name, column in (("before", result.denominator), ("after", result.numerator)):
        assert ends(drawing, name) == [(0, end) for end in column.lower.tolist()]
    assert drawing.figures[0] == "0.80\n(5,979 of 7,503)"
    assert texts(drawn("funnel"), "axis") == ["Suspects, prosecutions, convictions"]


def test_each_pair_of_stages_has_its_number_of_countries() -> None:
    table = thb.CountTable.from_rows(
        [("BE", "suspected", 90), ("BE", "prosecuted", 60), ("FR", "prosecuted", 70),
         ("BE", "convicted", 30), ("FR", "convicted", 40)],
        columns=["area", "stage", "value"], kind="justice", unit="persons", period=2020,
    )  # fmt: skip
    figures = funnel_drawing(thb.justice.funnel(table, area="BE+FR")).figures
    assert [text.split("\n")[-1] for text in figures] == ["1 country", "2 countries", "1 country"]


def test_later_stage_that_is_larger_is_drawn_larger() -> None:
    drawing = funnel_drawing(alone(ratio(30, 20, label="convicted / prosecuted")))
    assert list(drawing.figures) == ["1.50\n(30 of 20)"]
    assert ends(drawing, "after")[0][1] > ends(drawing, "before")[0][1]


# Rankings


def test_ranking_has_bars_of_counts_and_ranks_as_text() -> None:
    result = thb.ranking(justice(), by="area", stage="convicted")
    drawing = ranking_drawing(result)
    known = zip(result.ranks, result.value.upper.tolist(), strict=True)
    names = ["United Kingdom", "Bulgaria", "Spain", "Austria", "Denmark"]
    assert list(drawing.names) == [f"{i} {name}" for i, name in enumerate(names, start=1)]
    assert [end for _, end in ends(drawing, "value")] == [end for _, end in known]


def test_possible_ranks_are_a_range() -> None:
    rows = [("BE", 8), ("FR", thb.Count.between(5, 9)), ("LU", 1)]
    table = thb.CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2016)
    drawing = ranking_drawing(thb.ranking(table, by="area"))
    assert sorted(drawing.names) == ["1 to 2 Belgium", "1 to 2 France", "3 Luxembourg"]


def test_list_without_counts_is_refused() -> None:
    missing: Row = {"value": None, "status": Status.NOT_REPORTED}
    items = panel_of([count(Interval.at_least(0), label=name, **missing) for name in "abcde"])
    ranks = (Interval(1, 5),) * 5
    with pytest.raises(InvalidValue, match="`numbers` must have counts"):
        plots.ranking(extended(_Ranking, items, ranks=ranks, ordered=False))


def test_empty_panel_raises() -> None:
    for draw in (plots.funnel, plots.ranking, plots.tornado, plots.trend, plots.bars):
        with pytest.raises(InvalidValue, match="at least one number"):
            draw(panel_of([]))  # type: ignore[operator]


def test_ranks_of_selected_rows_are_those_of_the_ranking() -> None:
    counts = [("BE", 10), ("FR", 20), ("NL", thb.Count.not_reported())]
    table = thb.CountTable.from_rows(counts, columns=["area", "value"], kind="victims", period=2020)
    belgium = thb.ranking(table, by="area").where(area="BE")
    # The Netherlands can be before or after Belgium.
    assert "Belgium: rank 2 to 3, 10." in plots.alt_text(plots.ranking(belgium))
