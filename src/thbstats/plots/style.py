"""Colours, hatches and sizes: safe for the colour-blind, and never colour alone.

The colours are those of Okabe and Ito's palette with a contrast of at least 3 to 1 to paper, as
WCAG 2.2 asks of graphics (success criterion 1.4.11). A shape, a hatch or a word supports every
colour.
"""

from thbstats.panel import Status

__all__ = ["BLACK", "BLUE", "FOOTER", "GREEN", "GREY", "INK", "MARKERS", "MUTED", "PALE", "PAPER"]
__all__ += ["PURPLE", "RULE", "SERIES", "STATUS_MARKS", "TEXT", "TITLE", "VERMILION"]

BLUE = "#0072B2"
VERMILION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
BLACK = "#000000"
GREY = "#767676"

SERIES = (BLUE, VERMILION, GREEN, BLACK, PURPLE, GREY)
"""The colours of several series, in order; each also has its own marker."""

MARKERS = ("o", "s", "^", "D", "v", "P")
"""The markers of several series or dates of publication, in order."""

PAPER = "#FFFFFF"
INK = "#1A1A1A"
MUTED = "#595959"
RULE = "#D9D9D9"
"""Grid lines."""
PALE = "#E8F1F8"
"""The colour under a hatch."""

STATUS_MARKS = {
    Status.NOT_REPORTED: ("x", MUTED),
    Status.NO_TOTAL: ("1", MUTED),
    Status.NO_ROW: ("+", MUTED),
    Status.CONFLICTING: ("d", VERMILION),
    Status.CONTRADICTORY: ("X", VERMILION),
    Status.AMBIGUOUS: ("p", VERMILION),
}
"""The marker and the colour of a row without a value, by its status."""

TITLE = 10.5
TEXT = 8.5
FOOTER = 7.5
"""Font sizes in points."""
