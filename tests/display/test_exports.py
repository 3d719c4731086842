import pytest

from thbstats.display import (
    Cell,
    Column,
    Displayable,
    DisplayTable,
    Group,
    format_count,
    to_gt,
    to_html,
    to_markdown,
    to_styler,
    to_text,
    to_texts,
)
from thbstats.display.displayable import workbook_number
from thbstats.errors import MissingExtra
from thbstats.tables import CountTable
from thbstats.values import Count

SHEET = DisplayTable(
    caption="Forms & <bases>",
    columns=["", Column("share", "right"), Column("share", "right")],
    rows=[Group("all"), ["sexual", "56%", Cell("65%", tone="warn")], Group("few"), ["x", "", ""]],
    notes=["Of those with a recorded form."],
)


def test_a_frame_of_texts_has_groups_and_marks():
    assert to_texts(SHEET).to_numpy().tolist() == [
        ["all", "sexual", "56%", "! 65%"],
        ["few", "x", "", ""],
    ]
    assert list(to_texts(SHEET).columns) == ["group", "", "share", "share (2)"]


def test_great_tables_has_caption_groups_notes_and_escaped_text():
    html = to_gt(SHEET).as_raw_html()
    assert "Of those with a recorded form." in html
    assert "! 65%" in html
    assert "&lt;bases&gt;" in html
    assert "<bases>" not in html


def test_the_styler_has_the_caption_and_numbers_on_the_right():
    html = to_styler(SHEET).to_html()
    assert "<caption>" in html
    assert "text-align: right" in html
    assert "&lt;bases&gt;" in html
    assert "<bases>" not in html


class Shown(Displayable):
    def display_table(self) -> DisplayTable:
        return SHEET


def test_every_format_shows_the_display_table():
    shown = Shown()
    assert str(shown) == to_text(SHEET)
    assert shown.to_markdown() == to_markdown(SHEET)
    assert shown._repr_html_() == to_html(SHEET)
    with pytest.raises(TypeError, match="table"):
        Displayable()


def test_displayable_objects_have_both_exports():
    table = CountTable.from_rows([{"value": 20532}], kind="victims", area="EU28", period=2015)
    assert "20,532" in table.to_gt("gss").as_raw_html()
    assert "20,532" in table.style.to_html()


@pytest.mark.parametrize(("make", "module"), [(to_gt, "great_tables"), (to_styler, "jinja2")])
def test_a_missing_library_raises_with_its_extra(make, module, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(MissingExtra, match=r"thbstats\[tables\]"):
        make(SHEET)


def test_a_mark_is_not_a_number_of_a_workbook():
    for number, expected in (
        (Count.suppressed(0, 0), None),
        (Count.breakdown_not_reported(0), None),
        (Count.fewer_than(5), None),
        (Count.known(0), 0.0),
        (Count.known(1234), 1234.0),
    ):
        assert workbook_number(Cell(format_count(number)))[0] == expected
