"""Cases to counts: columns as codes, a cube of counts, and every total from the cube."""

from thbstats.counting.axis import Answer, Axis, no_area, rest_of, widened
from thbstats.counting.case_columns import code_column, combine_columns, spelling
from thbstats.counting.cells import LISTED, MARGINS, Margins, cells_of
from thbstats.counting.flag_answers import FlagAnswers
from thbstats.counting.tally import Tally, tallied

__all__ = [
    "LISTED",
    "MARGINS",
    "Answer",
    "Axis",
    "FlagAnswers",
    "Margins",
    "Tally",
    "cells_of",
    "code_column",
    "combine_columns",
    "no_area",
    "rest_of",
    "spelling",
    "tallied",
    "widened",
]
