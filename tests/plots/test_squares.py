"""Heat maps and mosaics: a cell for each pair, a tile for each count."""

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

import thbstats as thb
from tests.comparability.numbers import context, count
from tests.examples import examples
from tests.plots.drawn import drawn, footer, legend, marks, ratios, series, texts, two_way
from thbstats import plots
from thbstats.display.numbers import MINUS
from thbstats.errors import InvalidValue
from thbstats.results import Verdict
from thbstats.values import Interval

SIGNS = {"comparable": "=", "with_caution": "!", "not_comparable": "x", "cannot_tell": "?"}

# Heat maps


def test_each_cell_has_the_sign_of_its_verdict_both_ways_round() -> None:
    found = thb.compare_all([*series(4, 5), *ratios()])
    ax = plots.heatmap(found)
    square = found.square()
    signs = {text.get_gid(): text.get_text() for text in ax.texts if "cell" in text.get_gid()}
    for row, column in np.argwhere(square >= 0).tolist():
        verdict = list(Verdict)[square[row, column]]
        assert signs[f"cell-{row}-{column}"][0] == SIGNS[verdict]
    assert len(signs) == (square >= 0).sum()
    assert len(marks(ax, "itself")) == len(found.names)


def test_the_letter_of_a_cell_stands_for_its_reasons() -> None:
    found = thb.compare_all(ratios())
    ax = plots.heatmap(found)
    told = footer(ax)
    for text in texts(ax, "cell"):
        assert f"{text[1:]}: " in told
    first = found.matrix().iloc[0, 1].partition(": ")[2]
    assert f"a: {first}" in told
    assert "In words: " in told


def test_the_legend_of_a_heat_map_counts_the_pairs() -> None:
    found = thb.compare_all(series(4, 5, 6))
    assert legend(plots.heatmap(found)) == ["= comparable: 3 of 3 pairs"]


def test_rows_and_columns_have_the_order_of_the_numbers() -> None:
    ax = plots.heatmap(thb.compare_all(series(4, 5, 6)))
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [label.get_text() for label in labels] == ["2010", "2011", "2012"]


def test_long_names_are_numbered() -> None:
    numbers = [count(4, context("BE", "2015-2016")), count(5, context("FR", "2015-2016"))]
    names = [evolve(number, label=f"victims in {number.area}") for number in numbers]
    ax = plots.heatmap(thb.compare_all(names))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2"]
    assert ax.get_yticklabels()[0].get_text().startswith("1 victims in BE")


def test_a_square_in_which_nothing_can_be_read_is_refused() -> None:
    many = thb.compare_all(series(*range(28)))
    with pytest.raises(InvalidValue, match="fewer numbers, or more width"):
        plots.heatmap(many, width=4)
    assert len(marks(plots.heatmap(many), "itself")) == 28
    with pytest.raises(InvalidValue, match="of two numbers"):
        plots.heatmap(thb.compare_all(series(4)))


def test_what_was_left_out_of_a_grid_is_named_under_it() -> None:
    found = evolve(thb.compare_all(series(4, 5)), left_out=["FR", "DE"])
    assert "Left out for lack of a count: FR; DE." in footer(plots.heatmap(found))


# Mosaics


def area(ax, name: str) -> float:
    return sum(tile.get_width() * tile.get_height() for tile in marks(ax, name))


def test_tiles_are_as_large_as_their_counts() -> None:
    found = two_way("female", "male")
    ax = plots.mosaic(found)
    tiles = marks(ax, "certain")
    sizes = [tile.get_width() * tile.get_height() for tile in tiles]
    by_column = [
        float(found.counts[row * len(found.columns) + column].lower or 0)
        for column in range(len(found.columns))
        for row in range(len(found.rows))
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


def test_a_hidden_count_is_a_hatched_tile_as_large_as_it_can_be() -> None:
    ax = drawn("mosaic")
    found = two_way("female", "male", "other")
    whole = sum(float(number.upper or 0) for number in found.counts)
    unsure = sum(float(number.upper or 0) - float(number.lower or 0) for number in found.counts)
    tiles = marks(ax, "between")
    assert all(tile.get_hatch() for tile in tiles)
    assert area(ax, "between") / (area(ax, "between") + area(ax, "certain")) == pytest.approx(
        unsure / whole
    )
    assert "between its ends: hidden by the source" in legend(ax)


def test_shades_have_signs_and_need_residuals() -> None:
    ax = plots.mosaic(two_way("female", "male"))
    assert legend(ax) == ["+ more than if unrelated", f"{MINUS} fewer"]
    written = " ".join(texts(ax, "tile"))
    assert "female +" in written
    assert f"male {MINUS}" in written
    assert not any("unrelated" in text for text in legend(drawn("mosaic")))
    assert "Shaded" not in footer(drawn("mosaic"))


def test_a_tile_that_is_too_small_for_words_has_them_under_the_plot() -> None:
    assert "Too small to be written: sexual, other: 0..4" in footer(drawn("mosaic"))


@examples(10)
@given(st.lists(st.integers(0, 40), min_size=6, max_size=6))
def test_the_tiles_of_any_table_fill_the_page_but_for_the_gaps(numbers: list[int]) -> None:
    assume(any(numbers))
    found = evolve(two_way("female", "male"), counts=map(Interval.point, numbers))
    ax = plots.mosaic(found)
    filled = [column for column in range(3) if numbers[column] + numbers[3 + column]]
    assert area(ax, "certain") == pytest.approx(1 - 0.012 * (len(filled) - 1))
    assert len(marks(ax, "certain")) == sum(number > 0 for number in numbers)


def test_a_mosaic_needs_ends_and_people() -> None:
    found = two_way("female", "male")
    open_ended = [Interval.at_least(3), *found.counts[1:]]
    with pytest.raises(InvalidValue, match="needs an upper end"):
        plots.mosaic(evolve(found, counts=open_ended))
    with pytest.raises(InvalidValue, match="nobody is counted"):
        plots.mosaic(evolve(found, counts=[Interval.point(0)] * 6))
