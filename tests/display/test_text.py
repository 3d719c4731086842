import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.display.display_tables import FORMS, YEARS, drawn_pages, drawn_tables
from thbstats.display import Cell, Column, DisplayTable, Group, Page, PageSection, Row, to_text
from thbstats.display.strings import width_of

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_columns_are_aligned_with_groups_and_totals() -> None:
    assert to_text(FORMS) == "\n".join(
        [
            "Registered victims by form",
            "───────────────────────────────────────────────",
            "Form    Registered    Share of all  Verdict",
            "───────────────────────────────────────────────",
            "EU28",
            "sexual       9,759  47.5% to 63.4%",
            "other          [c]             18%  ✗ wrong",
            "───────────────────────────────────────────────",
            "all         20,532          100.0%  ✓ confirmed",
            "───────────────────────────────────────────────",
            "[c] suppressed by the source.",
        ]
    )


def test_names_of_columns_wrap_and_are_bottom_aligned() -> None:
    table = DisplayTable(
        caption="",
        columns=["Form", Column("Share of those with a recorded form", "right")],
        rows=[["sexual exploitation of every kind", "56%"]],
    )
    lines = to_text(table, 40).splitlines()
    names = lines[1 : lines.index(lines[0], 1)]
    assert len(names) == 3
    assert names[-1].startswith("Form")


def test_too_many_columns_of_numbers_are_printed_in_blocks() -> None:
    lines = to_text(YEARS, 60).splitlines()
    names = [line for line in lines if line.startswith("Country")]
    assert [len(line.split()) for line in names] == [6, 6]
    assert sum(line.startswith("AT") for line in lines) == 2


def test_too_many_columns_of_text_are_printed_row_by_row() -> None:
    columns = ["Claim", "A long-winded-name", *(f"quality-{n}" for n in range(5))]
    rows = [Group("II"), ["share", *["undocumented"] * 6], Row(["x", *["y"] * 6], total=True)]
    lines = to_text(DisplayTable(caption="", columns=columns, rows=rows), 40).splitlines()
    assert lines[1] == "II"
    assert "Claim               share" in lines
    assert "quality-4           undocumented" in lines


def test_a_table_of_one_column_is_printed() -> None:
    assert to_text(DisplayTable(caption="", columns=["n"], rows=[["1"]])).splitlines()[1] == "n"


def test_a_table_without_rows_has_a_placeholder() -> None:
    assert "no rows" in to_text(DisplayTable(caption="Claims", columns=["Claim"], rows=[]))


def test_a_long_note_has_a_hanging_indent() -> None:
    table = DisplayTable(caption="", columns=["a"], rows=[], notes=["word " * 12, "next"])
    assert to_text(table, 40).splitlines()[-3:] == [
        "word word word word word word word",
        "  word word word word word",
        "next",
    ]


def test_prose_has_a_maximum_width_and_tables_have_none() -> None:
    table = DisplayTable(caption="", columns=["a"], rows=[["word " * 30]])
    page = Page(title="", lead="word " * 30, sections=[PageSection(heading="h", tables=[table])])
    widths = [width_of(line) for line in to_text(page, 200).splitlines()]
    assert widths[0] == 84
    assert max(widths) == 149


def words_of(text: str) -> str:
    """Return a text without colours, bars, rules and spaces."""
    return re.sub(r"[━═─╍┈\s]", "", ANSI.sub("", text))


def test_colour_is_optional_and_has_a_mark() -> None:
    plain, coloured = to_text(FORMS), to_text(FORMS, color=True)
    assert "\x1b" not in plain
    assert words_of(coloured) == words_of(plain)
    assert "\x1b[1;31m✗ wrong\x1b[0m" in coloured
    assert "\x1b[1;32m✓ confirmed\x1b[0m" in coloured


def test_the_text_of_a_page_has_all_parts_in_order() -> None:
    page = Page(
        kicker="Bulletin",
        title="Title",
        lead="Lead.",
        sections=[PageSection(heading="Part", prose=["One.", "Two."], tables=[YEARS])],
        footer="Source.",
    )
    start = ["Bulletin", "Title", "═════", "", "Lead.", "", "Part", "────", "", "One.", "", "Two."]
    lines = to_text(page).splitlines()
    assert lines[: len(start)] == start
    assert lines[len(start) + 1] == "Table 1. Registered victims"
    assert lines[-2:] == ["", "Source."]


def test_an_empty_page_has_an_empty_text() -> None:
    assert to_text(Page(title="")) == ""


@pytest.mark.parametrize("width", [-1, 0, 39])
def test_the_minimum_width_is_40(width: int) -> None:
    assert to_text(YEARS, width) == to_text(YEARS, 40)


@given(drawn_tables() | drawn_pages, st.integers(40, 120))
def test_no_line_is_too_wide_or_ends_in_a_space_and_colour_does_not_change_the_text(
    item: DisplayTable | Page, width: int
) -> None:
    text = to_text(item, width)
    for line in text.split("\n"):
        assert width_of(line) <= width
        assert line == line.rstrip(" ")
    assert words_of(to_text(item, width, color=True)) == words_of(text)


@given(drawn_tables(), st.integers(40, 60))
def test_nothing_is_cut_off_at_any_width_and_cells_that_fit_are_not_wrapped(
    table: DisplayTable, width: int
) -> None:
    headings = [row.heading for row in table.rows if isinstance(row, Group)]
    names = [column.name for column in table.columns] if table.rows else []
    given_letters = Counter("".join([table.caption, *table.notes, *table.texts, *headings, *names]))
    printed = Counter(to_text(table, width))
    del given_letters[" "]
    rows = [row for row in table.rows if isinstance(row, Row)]
    missing = given_letters - printed
    assert not missing or (not rows and not set(missing) - set("".join(names)))
    wide = to_text(table, 1000)
    assert all(cell in wide for cell in table.texts)


def test_a_cell_keeps_its_mark_when_it_has_no_text() -> None:
    table = DisplayTable(caption="", columns=["a"], rows=[[Cell("", tone="bad")]])
    assert "✗" in to_text(table)
