"""How exact numbers are printed. All functions are pure."""

from thbstats.display.marks import MARKS, mark_notes, reported_count
from thbstats.display.numbers import count, decimal, percent, pp, signed_percent
from thbstats.display.rounding import Direction, rounded

__all__ = [
    "MARKS",
    "Direction",
    "count",
    "decimal",
    "mark_notes",
    "percent",
    "pp",
    "reported_count",
    "rounded",
    "signed_percent",
]
