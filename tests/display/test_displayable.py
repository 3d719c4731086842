"""Displayable objects in every format."""

import pytest

from thbstats.display import Displayable, DisplayTable, to_html, to_markdown, to_text

SHEET = DisplayTable(caption="Victims", columns=["sex", "count"], rows=[["female", "68"]])


class Made(Displayable):
    def display_table(self) -> DisplayTable:
        return SHEET


def test_every_format_shows_the_display_table() -> None:
    made = Made()
    assert str(made) == to_text(SHEET)
    assert made.to_markdown() == to_markdown(SHEET)
    assert made._repr_html_() == to_html(SHEET)


def test_a_displayable_needs_a_display_table() -> None:
    with pytest.raises(TypeError, match="table"):
        Displayable()  # type: ignore[abstract]
