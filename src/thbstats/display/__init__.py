"""Sheets and pages as text, HTML and Markdown, and how numbers are printed.

Display knows texts and exact numbers, nothing of results or tables: a result builds its own
`DisplayTable` and hands it down. All functions are pure.
"""

from thbstats.display.display_table import Cell, Column, DisplayTable, Group, Row, Tone
from thbstats.display.displayable import Displayable
from thbstats.display.exports import to_gt, to_styler, to_texts
from thbstats.display.html import to_html
from thbstats.display.markdown import to_markdown
from thbstats.display.marks import MARKS, mark_notes, reported_count, restyled
from thbstats.display.number_styles import (
    EUROSTAT,
    GSS,
    NUMBER_STYLES,
    PLAIN,
    NumberStyle,
    number_style,
)
from thbstats.display.numbers import count, decimal, percent, pp, reprinted, signed, signed_percent
from thbstats.display.page import Page, Section
from thbstats.display.printed import Printed, Spec
from thbstats.display.rounding import Direction, rounded
from thbstats.display.text import to_text

__all__ = [
    "EUROSTAT",
    "GSS",
    "MARKS",
    "NUMBER_STYLES",
    "PLAIN",
    "Cell",
    "Column",
    "Direction",
    "DisplayTable",
    "Displayable",
    "Group",
    "NumberStyle",
    "Page",
    "Printed",
    "Row",
    "Section",
    "Spec",
    "Tone",
    "count",
    "decimal",
    "mark_notes",
    "number_style",
    "percent",
    "pp",
    "reported_count",
    "reprinted",
    "restyled",
    "rounded",
    "signed",
    "signed_percent",
    "to_gt",
    "to_html",
    "to_markdown",
    "to_styler",
    "to_text",
    "to_texts",
]
