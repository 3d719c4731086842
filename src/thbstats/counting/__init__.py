"""Cases to counts: columns as codes, a cube of counts, and every total from the cube."""

from thbstats.counting.axis import Answer, Axis, no_area, rest_of, widened
from thbstats.counting.cells import LISTED, MARGINS, Margins, cells_of
from thbstats.counting.flag_answers import FlagAnswers
from thbstats.counting.slots import Slots, joined, slots_of, spelling
from thbstats.counting.tally import Tally, tallied

__all__ = [
    "LISTED",
    "MARGINS",
    "Answer",
    "Axis",
    "FlagAnswers",
    "Margins",
    "Slots",
    "Tally",
    "cells_of",
    "joined",
    "no_area",
    "rest_of",
    "slots_of",
    "spelling",
    "tallied",
    "widened",
]
