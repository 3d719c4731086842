"""Inferred numbers: lines between bounds."""

from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from attrs import evolve

import thbstats as thb
from tests.plots.drawn import REPORT, collisions, ends, footer
from thbstats import plots
from thbstats.bounds import Inferences
from thbstats.errors import InvalidValue
from thbstats.plots.row_plots import inferred_drawing
from thbstats.values import Interval


@cache
def inferences() -> Any:
    requested: list[dict[str, Any]] = [{"exploitation": "labour"}, {"sex": "female"}]
    items = [thb.infer(REPORT, area="UK", **category) for category in requested]
    return Inferences(caption="Victims in the United Kingdom", items=items)


@cache
def drawn(width: float = 7.0) -> Any:
    return plots.inferred(inferences(), width=width)


def test_inferred_number_is_a_line_between_its_bounds() -> None:
    labour, female = inferences().items
    known = float(labour.bounds.lower or 0), float(labour.bounds.upper or 0)
    assert ends(inferred_drawing(inferences())) == [known]
    assert female.bounds is None
    assert f"The claims contain no information on: {female.label}." in footer(drawn())
    assert f"{female.label}: no information" in plots.alt_text(drawn())


@pytest.mark.parametrize("width", [4, 12])
def test_no_text_is_cut_off_or_overlaps(width: int) -> None:
    assert collisions(drawn(width)) == []


def test_assumptions_are_in_the_footer() -> None:
    footer_text = footer(drawn())
    assert (
        "Second progress report on trafficking in human beings, sections II and II.1."
        in footer_text
    )
    assert "Assumptions: " in footer_text
    assert "percentages are rounded half up" in footer_text


def test_counts_and_shares_are_not_inferred_on_one_axis() -> None:
    labour = inferences().items[0]
    for items in ([labour, evolve(labour, is_share=True)], []):
        with pytest.raises(InvalidValue, match="counts or shares"):
            plots.inferred(Inferences(caption="x", items=items))


def test_axis_includes_the_scale_of_the_inferences() -> None:
    assert plots.inferred(evolve(inferences(), scale=8000)).get_xlim()[1] >= 8000


def test_one_number_is_drawn_like_several() -> None:
    half = evolve(inferences().items[0], is_share=True, bounds=Interval(0, Fraction(1, 2)))
    ax = plots.inferred(half)
    assert "at most 50.0%" in plots.alt_text(ax)
    assert ends(inferred_drawing(half)) == [(0, 0.5)]
