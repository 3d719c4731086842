import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.display.display_tables import FORMS
from thbstats.display import Cell, Column, DisplayTable, Group, Page, PageSection, Row, Tone
from thbstats.display.strings import clean, width_of, wrap
from thbstats.errors import InvalidValue


def test_a_row_has_as_many_cells_as_there_are_columns() -> None:
    with pytest.raises(InvalidValue, match=r"row 1.*must have 2 cells per row, got 1"):
        DisplayTable(caption="", columns=["a", "b"], rows=[["1", "2"], ["3"]])


def test_a_table_without_columns_raises() -> None:
    with pytest.raises(InvalidValue, match=r"columns.*must not be empty"):
        DisplayTable(caption="", columns=[], rows=[])


@pytest.mark.parametrize("bar", [(-0.1, 1), (0, 1.1), (0.6, 0.5), (float("nan"), 1)])
def test_an_invalid_bar_raises(bar: tuple[float, float]) -> None:
    with pytest.raises(InvalidValue, match="bar"):
        Cell("x", bar=bar)


def test_unknown_tones_and_alignments_raise() -> None:
    with pytest.raises(InvalidValue, match="'plain', 'muted', 'good'"):
        Cell("x", tone="red")
    with pytest.raises(InvalidValue, match="'left' or 'right'"):
        Column("x", "centre")  # type: ignore[arg-type]


def test_good_warn_and_bad_have_distinct_marks_and_labels() -> None:
    judging = [Tone.GOOD, Tone.WARN, Tone.BAD]
    assert len({tone.mark for tone in judging} - {""}) == 3
    assert all(tone.label for tone in judging)
    assert Cell("a", tone="warn").marked == "! a"
    assert Cell("a", tone="muted").marked == "a"


def test_texts_are_accepted_for_columns_cells_notes_and_paragraphs() -> None:
    table = DisplayTable(caption="", columns=["a"], rows=[["1"]], notes="one note")
    assert table.columns == (Column("a"),)
    assert table.rows == (Row([Cell("1")]),)
    assert table.notes == ("one note",)
    assert PageSection(heading="h", prose="one").prose == ("one",)


def test_texts_of_a_table_are_the_texts_of_its_cells() -> None:
    assert FORMS.texts[:4] == ("sexual", "9,759", "47.5% to 63.4%", "")
    assert len(FORMS.texts) == 12


def test_tables_are_numbered_through_the_page() -> None:
    sections = [
        PageSection(heading="a", tables=[FORMS, FORMS]),
        PageSection(heading="b", tables=[FORMS]),
    ]
    labels = [
        [label for label, _ in part] for _, part in Page(title="", sections=sections).numbered
    ]
    assert labels == [["Table 1", "Table 2"], ["Table 3"]]


def test_records_compare_by_value() -> None:
    assert Group("a") == Group(" a\n")
    assert hash(FORMS) == hash(FORMS)


@given(st.text())
def test_a_clean_text_is_one_line_without_control_characters(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == clean(cleaned)
    assert len(cleaned.splitlines()) <= 1
    assert not {unicodedata.category(letter) for letter in cleaned} & {"Cc", "Cs"}
    cleaned.encode()


def test_controls_bidirectional_marks_and_surrogates_are_escaped() -> None:
    assert clean("a\x1b[31mb") == r"a\x1b[31mb"
    assert clean("a\u202eb\ud800") == r"a\u202eb\ud800"
    assert clean(" 20\u00a0532\r\n victims ") == "20 532 victims"


def test_wide_letters_take_two_columns_and_accents_none() -> None:
    assert width_of("漢字") == 4
    assert width_of("e\u0301") == 1


def test_a_number_stays_on_one_line_with_its_unit() -> None:
    assert wrap("only 20,532 persons", 8) == ["only", "20,532", "persons"]
    assert wrap("is 47.5% of", 7) == ["is", "47.5%", "of"]
    assert wrap("is +9.0 pp up", 8) == ["is", "+9.0 pp", "up"]
    assert wrap("in 2015 2016", 7) == ["in 2015", "2016"]
    assert wrap("✗ contradicted by", 14) == ["✗ contradicted", "by"]


def test_a_word_wider_than_the_line_is_broken() -> None:
    assert wrap("to abcdefgh i", 3) == ["to", "abc", "def", "gh", "i"]
    assert wrap("漢字漢", 5) == ["漢字", "漢"]
