"""What a publisher asks before publication: what a table tells, what to hide, how to round."""

from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.exposure import ExposedCells, Outcome, exposure

__all__ = ["Assumptions", "ExposedCells", "Outcome", "exposure"]
