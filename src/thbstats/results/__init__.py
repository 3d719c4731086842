"""Results: one number, several in columns, two compared; each carries what defends it."""

from thbstats.results.association import Association
from thbstats.results.comparison import Comparison
from thbstats.results.context import (
    Base,
    Context,
    Excess,
    Exposure,
    Hidden,
    Series,
    refuse_narrowing,
)
from thbstats.results.decomposition import Decomposition
from thbstats.results.figure import Figure
from thbstats.results.flips import Flips
from thbstats.results.growth import Growth
from thbstats.results.measure import Measure
from thbstats.results.message import Message, said_in
from thbstats.results.nearest import Nearest
from thbstats.results.parts import Parts, Range
from thbstats.results.repeated import Places, Repeated
from thbstats.results.result import Change, Rate, Ratio, Result, Share
from thbstats.results.results import Breakdown, Funnel, LeaveOneOut, Ranking, Results
from thbstats.results.superpopulation import Superpopulation
from thbstats.results.warning import (
    GATHERED,
    Answer,
    ComparabilityWarning,
    Severity,
    Verdict,
    Warnings,
    not_documented,
)
from thbstats.results.wording import base_of, named, words

__all__ = [
    "GATHERED",
    "Answer",
    "Association",
    "Base",
    "Breakdown",
    "Change",
    "ComparabilityWarning",
    "Comparison",
    "Context",
    "Decomposition",
    "Excess",
    "Exposure",
    "Figure",
    "Flips",
    "Funnel",
    "Growth",
    "Hidden",
    "LeaveOneOut",
    "Measure",
    "Message",
    "Nearest",
    "Parts",
    "Places",
    "Range",
    "Ranking",
    "Rate",
    "Ratio",
    "Repeated",
    "Result",
    "Results",
    "Series",
    "Severity",
    "Share",
    "Superpopulation",
    "Verdict",
    "Warnings",
    "base_of",
    "named",
    "not_documented",
    "refuse_narrowing",
    "said_in",
    "words",
]
