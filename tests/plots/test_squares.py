"""Heat maps and mosaics: a cell for each pair, a tile for each count."""

from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.plots.drawn import (
    drawn,
    footer,
    legend,
    marks,
    members,
    panel_of,
    series,
    texts,
    two_way,
)
from tests.rules.panels import count, share
from thbstats import plots
from thbstats.columns import Ranges
from thbstats.display.number_styles import MINUS
from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Verdict
from thbstats.rules import compare_all

SIGNS = {"comparable": "=", "with_caution": "!", "not_comparable": "x", "not_assessable": "?"}


def mixed() -> Panel:
    """Return numbers of two kinds and one without a value."""
    return Panel.concat([series(4, 5, None), panel_of([share(1, 200), share(1, 3)])])


# Heat maps


def test_each_cell_has_the_sign_of_its_verdict_both_ways_round() -> None:
    result = compare_all(mixed())
    ax = plots.heatmap(result)
    square = result.square()
    signs = {text.get_gid(): text.get_text() for text in ax.texts if "cell" in text.get_gid()}
    for row, column in np.argwhere(square >= 0).tolist():
        verdict = list(Verdict)[square[row, column]]
        assert signs[f"cell-{row}-{column}"][0] == SIGNS[verdict]
    assert len(signs) == (square >= 0).sum()
    assert len(marks(ax, "itself")) == len(result.names)


def test_letter_of_a_cell_shows_its_reasons() -> None:
    result = compare_all(mixed())
    ax = plots.heatmap(result)
    footer_text = footer(ax)
    for text in texts(ax, "cell"):
        assert f"{text[1:]}: " in footer_text
    first = result.matrix().iloc[0, 1].partition(": ")[2]
    assert f"a: {first}" in footer_text
    assert "Codes: " in footer_text


def test_legend_of_a_heat_map_counts_the_pairs() -> None:
    result = compare_all(series(4, 5, 6))
    assert legend(plots.heatmap(result)) == ["= comparable: 3 of 3 pairs"]


def test_rows_and_columns_have_the_order_of_the_numbers() -> None:
    ax = plots.heatmap(compare_all(series(4, 5, 6)))
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [label.get_text() for label in labels] == ["2010", "2011", "2012"]


def test_long_names_are_numbered() -> None:
    rows = [count(4, area, "2015-2016", label=f"victims in {area}") for area in ("BE", "FR")]
    ax = plots.heatmap(compare_all(panel_of(rows)))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2"]
    assert ax.get_yticklabels()[0].get_text().startswith("1 victims in BE")


def test_too_many_numbers_for_the_width_are_refused() -> None:
    many = compare_all(series(*range(19)))
    with pytest.raises(InvalidValue, match="at most 18"):
        plots.heatmap(many, width=3)
    assert len(marks(plots.heatmap(many), "itself")) == 19
    with pytest.raises(InvalidValue, match="two numbers"):
        plots.heatmap(compare_all(series(4)))


def test_names_of_a_heat_map_are_the_keys() -> None:
    ax = plots.heatmap(compare_all(members(BE=(4,), FR=(5,))))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["BE", "FR"]


# Mosaics


def area(ax, name: str) -> float:
    return sum(tile.get_width() * tile.get_height() for tile in marks(ax, name))


def test_tile_areas_are_proportional_to_counts() -> None:
    result = two_way("female", "male")
    ax = plots.mosaic(result)
    tiles = marks(ax, "certain")
    sizes = [tile.get_width() * tile.get_height() for tile in tiles]
    by_column = [
        result.counts.lower[row * len(result.columns) + column]
        for column in range(len(result.columns))
        for row in range(len(result.rows))
    ]
    assert np.array(sizes) / sum(sizes) == pytest.approx(np.array(by_column) / sum(by_column))


def test_columns_are_filled_from_the_top_in_the_order_of_the_rows() -> None:
    ax = plots.mosaic(two_way("female", "male"))
    first, second = marks(ax, "certain")[:2]
    assert first.get_y() + first.get_height() == pytest.approx(1)
    assert second.get_y() + second.get_height() == pytest.approx(first.get_y())
    assert [label.get_text().split("\n")[0] for label in ax.get_xticklabels()] == list(
        two_way("female", "male").columns
    )


def test_suppressed_count_is_a_hatched_tile_of_its_upper_bound() -> None:
    ax = drawn("mosaic")
    result = two_way("female", "male", "other")
    whole = result.counts.upper.sum()
    unsure = (result.counts.upper - result.counts.lower).sum()
    tiles = marks(ax, "range")
    assert all(tile.get_hatch() for tile in tiles)
    assert area(ax, "range") / (area(ax, "range") + area(ax, "certain")) == pytest.approx(
        unsure / whole
    )
    assert "range of the value: suppressed by the source" in legend(ax)


def test_shades_have_signs_and_need_residuals() -> None:
    ax = plots.mosaic(two_way("female", "male"))
    assert legend(ax) == ["+ more than if unrelated", f"{MINUS} fewer"]
    written = " ".join(texts(ax, "tile"))
    assert "female +" in written
    assert f"male {MINUS}" in written
    assert not any("unrelated" in text for text in legend(drawn("mosaic")))
    assert "Shaded" not in footer(drawn("mosaic"))


def test_small_tile_has_its_text_in_the_footer() -> None:
    assert "Tiles without text: sexual, other: 0 to 4" in footer(drawn("mosaic"))


@examples(10)
@given(st.lists(st.integers(0, 40), min_size=6, max_size=6))
def test_tiles_fill_the_plot_except_for_the_gaps(numbers: list[int]) -> None:
    assume(any(numbers))
    result = changed(numbers, numbers)
    ax = plots.mosaic(result)
    filled = [column for column in range(3) if numbers[column] + numbers[3 + column]]
    assert area(ax, "certain") == pytest.approx(1 - 0.012 * (len(filled) - 1))
    assert len(marks(ax, "certain")) == sum(number > 0 for number in numbers)


def test_mosaic_requires_upper_bounds_and_persons() -> None:
    for upper in ([float("inf"), 0, 0, 0, 0, 0], [0] * 6):
        with pytest.raises(InvalidValue, match="must have an upper bound"):
            plots.mosaic(changed([0] * 6, upper))


def changed(lower: list[int], upper: list[float] | list[int]) -> Any:
    """Return the two-way table with other counts."""
    counts = Ranges(lower, upper, [True] * len(lower))
    return evolve(two_way("female", "male"), counts=counts)
