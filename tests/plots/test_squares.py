"""Heat maps and mosaics: a cell for each pair, a tile for each count."""

from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.plots.drawn import drawn, footer, legend, panel_of, series, texts, two_way
from tests.rules.panels import count, share
from thbstats import plots
from thbstats.columns import Ranges
from thbstats.display.number_texts import MINUS
from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Status, Verdict
from thbstats.plots.drawing import Drawing
from thbstats.plots.plane_plots import VERDICT_SIGNS, _pair_text, heatmap_drawing, mosaic_drawing
from thbstats.rules import compare_all


def mixed() -> Panel:
    """Return numbers of two kinds and one without a value."""
    return Panel.concat([series(4, 5, None), panel_of([share(1, 200), share(1, 3)])])


# Heat maps


def words(drawing: Drawing) -> dict[tuple[int, int], str]:
    """Return the word of each cell by its row and column."""
    return {(int(own["y"]), int(own["x"])): own["text"] for own in drawing.texts}


def test_each_pair_has_one_cell_with_the_word_of_its_verdict() -> None:
    result = compare_all(mixed())
    square = result.square()
    known = {Verdict(verdict): own[0] for verdict, own in VERDICT_SIGNS.items()}
    shown = words(heatmap_drawing(result))
    for (row, column), word in shown.items():
        assert row > column
        assert word == known[list(Verdict)[square[row, column]]]
    assert len(shown) == (square >= 0).sum() / 2


def test_each_reason_has_a_line_with_its_pairs() -> None:
    lines = heatmap_drawing(compare_all(mixed())).footer.lines
    result = compare_all(mixed())
    titles = {rule.code: rule.title for rule in result.rules}
    for text in result.matrix().to_numpy().ravel():
        if isinstance(text, str):
            for code in filter(None, text.partition(": ")[2].split(", ")):
                assert any(line.startswith(f"{titles[code]}: ") for line in lines)
    assert "Number without a value: 3 with all others." in lines


@pytest.mark.parametrize(
    ("pairs", "text"),
    [
        ({(1, 2), (1, 3), (2, 3)}, "all pairs"),
        ({(1, 3), (2, 3)}, "3 with all others"),
        ({(1, 2)}, "1 with 2"),
        ({(1, 2), (1, 3)}, "1 with all others"),
    ],
)
def test_pairs_are_grouped(pairs: set[tuple[int, int]], text: str) -> None:
    assert _pair_text(pairs, {(1, 2), (1, 3), (2, 3)}) == text


def test_numbers_with_the_same_verdicts_share_a_row() -> None:
    rows = [
        *(count(9, area) for area in ("AT", "BE", "BG", "DE", "DK", "FR")),
        count(9, "IT", value=None, status=Status.NOT_REPORTED),
    ]
    areas = ["AT", "BE", "BG", "DE", "DK", "FR", "IT"]
    drawing = heatmap_drawing(compare_all(panel_of(rows, area=areas)))
    assert list(drawing.names) == [
        "1 Austria, Belgium, Bulgaria, Germany, Denmark, France",
        "2 Italy",
    ]
    assert words(drawing) == {(0, 0): "caution", (1, 0): "unclear"}
    assert "Number without a value: 2 with all others." in drawing.footer.lines
    assert "with each other: comparable with caution" in " ".join(drawing.spoken)


def test_legend_of_a_heat_map_counts_the_pairs() -> None:
    result = compare_all(series(4, 5, 6))
    assert legend(plots.heatmap(result)) == ["yes: comparable, 3 of 3 pairs"]


def test_narrow_cells_have_signs_that_the_legend_explains() -> None:
    victims = thb.read("docs/_data/glotip_eu_victims.csv").table
    shares = thb.share(victims, sex="female", base="all", by="area", period=2019)
    ax = plots.heatmap(compare_all(shares))
    assert {text.get_text() for text in ax.texts if text.get_gid() == "cell"} == {"!", "?"}
    assert legend(ax) == [
        "!: comparable with caution, 325 of 378 pairs",
        "?: not assessable, 53 of 378 pairs",
    ]
    assert len(ax.get_yticklabels()) == 15
    with pytest.raises(InvalidValue, match="at most 11 rows"):
        plots.heatmap(compare_all(shares), width=3)


def test_rows_and_columns_have_the_order_of_the_numbers() -> None:
    ax = plots.heatmap(compare_all(series(4, 5, 6)))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2", "3"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["1 2010", "2 2011", "3 2012"]


def test_one_number_has_no_pairs() -> None:
    with pytest.raises(InvalidValue, match="two numbers"):
        plots.heatmap(compare_all(series(4)))


# Mosaics


def area(drawing: Drawing, *names: str) -> float:
    own = [mark for mark in drawing.marks if mark["mark"] in names]
    return sum((m["x_end"] - m["x"]) * (m["y_end"] - m["y"]) for m in own)


CERTAIN = ("certain", "more", "fewer")


def test_tile_areas_are_proportional_to_counts() -> None:
    result = two_way("female", "male")
    marks_of = mosaic_drawing(result).marks
    sizes = [(m["x_end"] - m["x"]) * (m["y_end"] - m["y"]) for m in marks_of]
    shape = len(result.rows), len(result.columns)
    by_column = np.reshape(result.counts.lower, shape).T.ravel()
    assert np.array(sizes) / sum(sizes) == pytest.approx(by_column / by_column.sum())


def test_columns_are_filled_from_the_top_in_the_order_of_the_rows() -> None:
    drawing = mosaic_drawing(two_way("female", "male"))
    first, second = drawing.marks[:2]
    assert first["y_end"] == pytest.approx(1)
    assert second["y_end"] == pytest.approx(first["y"])
    assert [head.split("\n")[0] for head in drawing.columns.values()] == [
        "Sexual",
        "Labour",
        "Other",
    ]


def test_tiles_of_sex_within_age_name_children_and_adults() -> None:
    rows = [
        ("female", "child", 4),
        ("male", "child", 2),
        ("female", "adult", 9),
        ("male", "adult", 5),
    ]
    table = thb.CountTable.from_rows(
        rows, columns=["sex", "age", "value"], kind="victims", area="MT", period=2020
    )
    drawing = mosaic_drawing(thb.association(table, rows="sex", columns="age"))
    assert [str(own["text"]) for own in drawing.texts] == ["Girls", "Boys", "Women", "Men"]
    other = mosaic_drawing(thb.association(table, rows="age", columns="sex"))
    assert [str(own["text"]) for own in other.texts] == ["Children", "Adults"] * 2


def test_suppressed_count_is_a_hatched_tile_of_its_upper_bound() -> None:
    result = two_way("female", "male", "other")
    drawing = mosaic_drawing(result)
    unsure = (result.counts.upper - result.counts.lower).sum() / result.counts.upper.sum()
    hidden = area(drawing, "suppressed")
    assert hidden / (hidden + area(drawing, *CERTAIN)) == pytest.approx(unsure)
    assert legend(drawn("mosaic")) == ["range of the value: suppressed counts"]


def test_shades_have_signs_and_need_residuals() -> None:
    ax = plots.mosaic(two_way("female", "male"))
    assert legend(ax) == ["+ more than if unrelated", f"{MINUS} fewer"]
    written = " ".join(texts(ax, "tile"))
    assert "Women +" in written
    assert f"Men {MINUS}" in written
    assert not any("unrelated" in text for text in legend(drawn("mosaic")))
    assert "Shaded" not in footer(drawn("mosaic"))


def test_small_tile_has_its_text_in_the_footer() -> None:
    assert "Tiles without text: Sexual, Other sex: 0 to 4" in footer(drawn("mosaic"))


@examples(10)
@given(st.lists(st.integers(0, 40), min_size=6, max_size=6))
def test_tiles_fill_the_plot_except_for_the_gaps(numbers: list[int]) -> None:
    assume(any(numbers))
    drawing = mosaic_drawing(changed(numbers, numbers))
    filled = [column for column in range(3) if numbers[column] + numbers[3 + column]]
    assert area(drawing, *CERTAIN) == pytest.approx(1 - 0.012 * (len(filled) - 1))
    assert len(drawing.marks) == sum(number > 0 for number in numbers)


def test_mosaic_requires_upper_bounds_and_persons() -> None:
    for upper in ([float("inf"), 0, 0, 0, 0, 0], [0] * 6):
        with pytest.raises(InvalidValue, match="must have an upper bound"):
            plots.mosaic(changed([0] * 6, upper))


def changed(lower: list[int], upper: list[float] | list[int]) -> Any:
    """Return the two-way table with other counts."""
    counts = Ranges(lower, upper, [True] * len(lower))
    return evolve(two_way("female", "male"), counts=counts)


def test_tiles_of_adults_are_not_girls_and_share_the_counts_that_are_drawn() -> None:
    table = thb.read("docs/_data/glotip_eu_victims.csv").table
    found = thb.association(table, rows="sex", columns="age", area="EU27_2020", period=2021)
    tiles = {(own["column"], own["text"]): own for own in mosaic_drawing(found).texts}
    adults = tiles["Adults", "Women"]
    # The counts are of 12 countries, and the shares of the panel of 21 to 24.
    assert (adults["figure"], adults["share"]) == ("1,897", "69.3% to 69.9%")
    assert 1897 / (1897 + 820 + 20) > 0.693
    (note,) = [text for text in found.display_table().notes if text.startswith("Counts:")]
    assert note.startswith("Counts: 12 of 27 countries")
