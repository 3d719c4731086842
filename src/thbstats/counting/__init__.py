"""Counts of encoded columns, and the totals and cells of their table."""

from thbstats.counting.axis import Answer, CountAxis, add_ancestors, missing_area, unknown_code
from thbstats.counting.case_columns import code_column, combine_columns, spelling
from thbstats.counting.cells import LISTED, MARGINS, Margins, build_table
from thbstats.counting.flag_answers import FlagAnswers
from thbstats.counting.tally import Tally, tally_cases

__all__ = [
    "LISTED",
    "MARGINS",
    "Answer",
    "CountAxis",
    "FlagAnswers",
    "Margins",
    "Tally",
    "add_ancestors",
    "build_table",
    "code_column",
    "combine_columns",
    "missing_area",
    "spelling",
    "tally_cases",
    "unknown_code",
]
