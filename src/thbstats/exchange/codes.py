"""What the codes of reports mean: every code that a reader or a writer gives is here."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["DEFECTS", "LOSSES"]

DEFECTS: Mapping[str, str] = MappingProxyType(
    {
        # A row, and what it says.
        "RAGGED": "A line has more or fewer cells than the header.",
        "BAD_KEY": "The key of a series has more or fewer codes than the header has dimensions.",
        "EMPTY": "A cell that must say something is empty.",
        "UNMAPPED": "A word has no meaning that is known or declared; nothing is guessed.",
        "UNMAPPED_ANSWER": "An answer in a list of answers has no meaning that is known.",
        "UNDECLARED": "A row says something in a column that is not known.",
        "NO_PLACE": "A row is broken down by something that its kind of count does not have.",
        "NO_STAGE": "A row counts what is at no stage of justice, such as recorded offences.",
        "NO_COUNT": "A row is no count of persons, cases or decisions, such as a rate.",
        "NO_UNIT": "Nothing known says whether a row is a count or a rate.",
        "NO_VICTIM": "A case is of a person found not to be a victim.",
        "HEADING": "A line repeats the header.",
        "NO_SUCH_CELL": "A value stands at a place that the dimensions of the file do not have.",
        "DELETION": "A row takes an observation back.",
        "REPAIRED": "A name was broken by a wrong encoding and can be told all the same.",
        "UNREADABLE_FLAG": "A sign among the flags is no letter.",
        "UNREADABLE_FINDING": "A text among the findings is no code.",
        "UNREADABLE_ORIGIN": "A source or a list of reporters cannot be read.",
        # Its value.
        "NOT_A_COUNT": "A value is no number and no sign for a gap that is known or declared.",
        "NOT_WHOLE": "A value has decimals.",
        "NEGATIVE": "A value is below 0.",
        "TOO_LARGE": "A value is above 2^53.",
        "JUNK": "A value is the code of a question in place of its answer.",
        "CONFIDENTIAL": "A figure is marked as confidential and printed all the same.",
        # Rows together.
        "REPEATED": "A cell stands in several rows with one count; the first is used.",
        "CONFLICTING": "Several rows give different counts for one cell, and none of them says "
        "why: the count is from the smallest to the sum of all.",
        "REPAIRED_CONFLICT": "Several rows give different counts for one cell, and these are the "
        "cells of one of its breakdowns: the count is their sum.",
        "CONTRADICTORY": "Several rows give different counts for one cell; the one that a "
        "declaration names is used, or none.",
        "AREA_CONTRADICTED": "The code of one country stands beside the name of another.",
        "PARTS_EXCEED_TOTAL": "The parts of a total add up to more than it: categories overlap, "
        "or a figure is wrong.",
        "PART_ABOVE_TOTAL": "A part is larger than its total: one of the two is wrong.",
        "RESIDUAL": "A category leaves out the parts that are published next to it: it is read as "
        "their residual.",
        "WHOLE_BELOW_PARTS": "A category is below the sum of its parts: it may leave them out, or "
        "they overlap.",
        "SAME_AS_VICTIMS": "Convictions equal the victims of the same cell: one can be a copy.",
        # Columns of a case.
        "AGES_DIFFER": "Two columns give one person different ages.",
        "LIST_DIFFERS": "A list of answers is not what its columns of yes and no say.",
        "PART_WITHOUT_WHOLE": "A person has a form of exploitation and not the wider one.",
    }
)
"""What a `Defect` of each code is."""

LOSSES: Mapping[str, str] = MappingProxyType(
    {
        "FORMULA": "A text looks like a formula to a spreadsheet; nothing is lost.",
        "NEUTRALISED": "An apostrophe was put before such a text, and stays.",
        "NO_ENDS": "Other programs do not see what a count can be, nor why.",
        "UNANSWERED": "The cases whose answer to a category is unknown are not written.",
        "NO_ORIGIN": "Other programs do not see sources and reporters.",
        "NO_ROWS": "A table has no rows, and nothing else says what it counts.",
        "PERIOD": "A period cannot be written as SDMX writes them.",
        "AREA_NAME": "An area is a name that other readers do not know.",
    }
)
"""What a `Loss` of each code is."""
