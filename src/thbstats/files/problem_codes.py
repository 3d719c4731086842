"""Codes of problems in files and of features that formats do not support."""

from collections.abc import Mapping
from types import MappingProxyType

from thbstats.languages import Message

ROW_PROBLEMS: Mapping[str, str] = MappingProxyType(
    {
        # Rows and their dimensions.
        "RAGGED": "A line has more or fewer cells than the header.",
        "BAD_KEY": "The key of a series has more or fewer codes than the header has dimensions.",
        "EMPTY_CELL": "A required cell is empty.",
        "UNMAPPED": "A text is not a known or declared category.",
        "UNMAPPED_ANSWER": "An answer in a list of answers is not known.",
        "UNDECLARED": "A row has a value in an undeclared column.",
        "NO_PLACE": "A row is broken down by a dimension that its kind of count does not have.",
        "NO_COUNT": "A row is not a count of persons, cases or decisions, such as a rate.",
        "OTHER_VARIANT": "A row is of another variant of a projection than the selected one.",
        "NO_UNIT": "The unit does not show whether a row is a count or a rate.",
        "NO_VICTIM": "A case concerns a person who was found not to be a victim.",
        "NO_VALUES": "A row of a table with several columns of counts has no count.",
        "HEADING": "A line repeats the header.",
        "OUTSIDE_VALIDITY": "The period of a row is outside the dates of its category.",
        "NO_SUCH_CELL": "A value is outside the dimensions of the file.",
        "DELETION": "A row withdraws an observation.",
        "CORRECTED": "A name was damaged by a wrong encoding and has been restored.",
        "UNREADABLE_FLAG": "A flag is not a letter.",
        "UNREADABLE_FINDING": "A text among the findings is not a code.",
        "UNREADABLE_ORIGIN": "A source or a list of reporting countries cannot be read.",
        # Values.
        "NOT_A_COUNT": "A value is not a number and not a known or declared missing-value sign.",
        "NOT_WHOLE": "A value has decimals.",
        "NEGATIVE": "A value is negative.",
        "TOO_LARGE": "A value is above 2^53.",
        "UNREADABLE_ANSWER": "A value is the code of a question instead of its answer.",
        "CONFIDENTIAL": "A figure is marked as confidential but published.",
        # Several rows.
        "REPEATED": Message(
            "Several rows have the same count for one cell; the first row is used."
        ),
        "CONFLICTING": Message(
            "Several rows have different counts for one cell without an explanation. "
            "The count is between the smallest value and the sum of all values."
        ),
        "REPAIRED_CONFLICT": Message(
            "Several rows have different counts for one cell, and these are the "
            "cells of one of its breakdowns. The count is their sum."
        ),
        "CONTRADICTORY": Message(
            "Several rows have different counts for one cell; the declared row is used."
        ),
        "AREA_CONTRADICTED": Message("The country code and the country name of a row differ."),
        "PARTS_EXCEED_TOTAL": Message(
            "The parts of a total add up to more than the total: categories "
            "overlap, or a figure is wrong."
        ),
        "PART_ABOVE_TOTAL": Message("A part is larger than its total: one of the two is wrong."),
        "TOTAL_ROW": Message(
            "A row is a total over areas or periods. It is compared with the others."
        ),
        "TOTAL_DIFFERS": Message("A total over areas or periods is not the sum of the other rows."),
        "TOTAL_ABOVE_PARTS": Message("A total by sex or age is above the sum of all its parts."),
        "UNION_BELOW_MEMBERS": Message(
            "A published sum of countries is below the sum of its members."
        ),
        "RESIDUAL": Message(
            "A category excludes the parts that are published next to it; it is read as "
            "the residual category."
        ),
        "ABOVE_PARTS": Message(
            "The parts of a category are exhaustive, and their sum is below it."
        ),
        "WHOLE_BELOW_PARTS": Message(
            "A category is below the sum of its parts: it excludes them, or they overlap."
        ),
        "RATE_DIFFERS": Message(
            "Published rates and counts of one area and year imply different "
            "populations: one of them is wrong or from another release."
        ),
        "SAME_AS_VICTIMS": Message(
            "Convictions equal the victims of the same cell: one may be a copy."
        ),
        # Columns of a case.
        "AGES_DIFFER": "Two columns contain different ages of one person.",
        "LIST_DIFFERS": "A list of answers differs from the yes/no columns.",
        "PART_WITHOUT_WHOLE": "A person has a category but not its wider category.",
    }
)
"""Meaning of the codes of `RowProblem`."""

UNSUPPORTED_FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "FORMULA": "A spreadsheet program interprets a text as a formula; nothing is lost.",
        "NEUTRALISED": "An apostrophe was written before such a text and stays in the text.",
        "NO_ENDS": "Other programs do not read the bounds and the reason of a count.",
        "UNANSWERED": "The number of cases without an answer is not written.",
        "NO_ORIGIN": "Other programs do not read sources and reporting countries.",
        "NO_CLASSIFICATIONS": "The classifications of further dimensions are not written.",
        "NO_ROWS": "A table without rows does not store its kind of count.",
        "PERIOD": "A period has no SDMX form.",
        "AREA_NAME": "An area is a name that other programs do not know.",
    }
)
"""Meaning of the codes of `UnsupportedFeature`."""

_TITLES = {
    "RAGGED": "Wrong number of cells",
    "BAD_KEY": "Wrong number of codes",
    "UNMAPPED": "Unknown text",
    "UNMAPPED_ANSWER": "Unknown answer",
    "NO_PLACE": "Further breakdown",
    "NO_VICTIM": "Not a victim",
    "HEADING": "Repeated header",
    "UNREADABLE_ANSWER": "Code of a question",
    "NOT_WHOLE": "Decimals",
    "REPEATED": "Repeated row",
    "CONFLICTING": "Several counts",
    "CONTRADICTORY": "Contradictory counts",
    "PARTS_EXCEED_TOTAL": "Parts above total",
    "RESIDUAL": "Residual category",
    "NO_ENDS": "Without bounds",
}


def title_of(code: str) -> str:
    """Return the title of a problem."""
    return _TITLES.get(code) or code.replace("_", " ").capitalize()
