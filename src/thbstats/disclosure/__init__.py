"""What a publisher asks before publication: what a table tells, what to hide, how to round."""

from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.attacking import exposure
from thbstats.disclosure.confidential import Confidential
from thbstats.disclosure.exposed_cells import ExposedCells, Outcome
from thbstats.disclosure.percentages import RoundedPercentages, round_percentages
from thbstats.disclosure.primaries import Primary, primary
from thbstats.disclosure.protecting import protect
from thbstats.disclosure.protection import Protection
from thbstats.disclosure.rounding import RoundedTable, round_controlled
from thbstats.disclosure.rules import Cause, Rules

__all__ = [
    "Assumptions",
    "Cause",
    "Confidential",
    "ExposedCells",
    "Outcome",
    "Primary",
    "Protection",
    "RoundedPercentages",
    "RoundedTable",
    "Rules",
    "exposure",
    "primary",
    "protect",
    "round_controlled",
    "round_percentages",
]
