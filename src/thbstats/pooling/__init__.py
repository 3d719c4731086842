"""From a table to the counts behind a number: who reported what, and what that leaves open.

A question names an area and one kind of count (`scope`); the categories that divide its total
(`classification`) are read for each member and for the whole; what totals, categories and the
unknown say of each other (`nested`) gives shares (`question`), counts (`flows`) and ratios
(`ratios`). The indicators are the public face of it.
"""

from thbstats.pooling.classification import classify, rows_within
from thbstats.pooling.counts import count_of
from thbstats.pooling.flows import Flow, flow
from thbstats.pooling.nested import Counts, agree, filled
from thbstats.pooling.question import Answer, Question
from thbstats.pooling.ratios import ratio_of
from thbstats.pooling.scope import Cells, Scope, scope
from thbstats.pooling.series import series, split

__all__ = [
    "Answer",
    "Cells",
    "Counts",
    "Flow",
    "Question",
    "Scope",
    "agree",
    "classify",
    "count_of",
    "filled",
    "flow",
    "ratio_of",
    "rows_within",
    "scope",
    "series",
    "split",
]
