"""From a table to the counts behind a number: who reported what, and what that leaves open.

A question names an area and one kind of count (`scope`); the categories that divide its total
(`classification`) are read for each member and for the whole; what totals, categories and the
unknown say of each other (`nested`) gives shares (`question`), counts (`flows`) and ratios
(`ratios`), over one period or several (`windows`), for one place or many (`grids`). The indicators
are the public face of it.
"""

from thbstats.pooling.classification import classify, rows_within
from thbstats.pooling.counts import count_of, counted
from thbstats.pooling.effects import ABSENT, Effect, Piece, effects
from thbstats.pooling.flows import Flow, flow
from thbstats.pooling.grids import Place, grid
from thbstats.pooling.lags import lagged_stages
from thbstats.pooling.nested import Counts, agree, filled
from thbstats.pooling.question import Answer, Question
from thbstats.pooling.rates import rate_of
from thbstats.pooling.ratios import ratio_of
from thbstats.pooling.scope import Cells, Scope, scope
from thbstats.pooling.series import series, split
from thbstats.pooling.stages import scope_of_stages, stage_grid, stage_ratio_of, two_stages
from thbstats.pooling.windows import (
    Window,
    area_throughout,
    common_area,
    complete,
    periods_of,
    require_counts,
    require_rows,
    window,
)

__all__ = [
    "ABSENT",
    "Answer",
    "Cells",
    "Counts",
    "Effect",
    "Flow",
    "Piece",
    "Place",
    "Question",
    "Scope",
    "Window",
    "agree",
    "area_throughout",
    "classify",
    "common_area",
    "complete",
    "count_of",
    "counted",
    "effects",
    "filled",
    "flow",
    "grid",
    "lagged_stages",
    "periods_of",
    "rate_of",
    "ratio_of",
    "require_counts",
    "require_rows",
    "rows_within",
    "scope",
    "scope_of_stages",
    "series",
    "split",
    "stage_grid",
    "stage_ratio_of",
    "two_stages",
    "window",
]
