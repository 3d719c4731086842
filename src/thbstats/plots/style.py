"""Colours, hatches and sizes: safe for the colour-blind, and never colour alone.

The colours are those of Okabe and Ito's palette that stand out from white paper by 3 to 1 or more,
as WCAG 2.2 asks of graphics (success criterion 1.4.11). Whatever has a colour has a shape, a hatch
or a word besides.
"""

__all__ = [
    "BLACK",
    "BLUE",
    "FOOTER",
    "GREEN",
    "GREY",
    "HATCH",
    "HIDDEN",
    "INK",
    "MUTED",
    "PALE",
    "PAPER",
    "PURPLE",
    "RULE",
    "SERIES",
    "TEXT",
    "TITLE",
    "VERMILION",
]

BLUE = "#0072B2"
VERMILION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
BLACK = "#000000"
GREY = "#767676"

SERIES = (BLUE, VERMILION, GREEN, BLACK, PURPLE, GREY)
"""The colours of several series, in order; each has a marker of its own besides."""

PAPER = "#FFFFFF"
INK = "#1A1A1A"
MUTED = "#595959"
RULE = "#D9D9D9"
"""Lines of a grid: they carry nothing that the numbers beside them do not say."""
PALE = "#E8F1F8"
"""What lies under a hatch."""

HATCH = "////"
"""Somewhere between two ends."""
HIDDEN = "xxxx"
"""The same, since the source hides a count."""

TITLE = 10.5
TEXT = 8.5
FOOTER = 7.5
"""Sizes of letters in points."""
