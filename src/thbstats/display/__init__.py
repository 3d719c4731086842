"""Display tables, pages and formatted numbers."""

from thbstats.display.display_table import Cell, Column, DisplayTable, Group, Row, Tone
from thbstats.display.displayable import Displayable
from thbstats.display.exports import to_gt, to_styler, to_texts
from thbstats.display.formatted import FormattedNumber, NumberFormat
from thbstats.display.html import to_html
from thbstats.display.markdown import to_markdown
from thbstats.display.marks import MARKS, format_count, mark_notes, restyle
from thbstats.display.number_styles import (
    EUROSTAT,
    GSS,
    NUMBER_STYLES,
    PLAIN,
    NumberStyle,
    number_style,
)
from thbstats.display.numbers import count, decimal, percent, pp, reformat, signed, signed_percent
from thbstats.display.page import Bullets, Page, PageSection
from thbstats.display.rounding import RoundingDirection, round_exact
from thbstats.display.text import to_text

__all__ = [
    "EUROSTAT",
    "GSS",
    "MARKS",
    "NUMBER_STYLES",
    "PLAIN",
    "Bullets",
    "Cell",
    "Column",
    "DisplayTable",
    "Displayable",
    "FormattedNumber",
    "Group",
    "NumberFormat",
    "NumberStyle",
    "Page",
    "PageSection",
    "RoundingDirection",
    "Row",
    "Tone",
    "count",
    "decimal",
    "format_count",
    "mark_notes",
    "number_style",
    "percent",
    "pp",
    "reformat",
    "restyle",
    "round_exact",
    "signed",
    "signed_percent",
    "to_gt",
    "to_html",
    "to_markdown",
    "to_styler",
    "to_text",
    "to_texts",
]
