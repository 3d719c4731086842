"""From a table to the counts behind a number: who reported what, and what that leaves open.

A question names an area and one kind of count (`scope`); the categories that divide its total
(`classification`) are read for each member and for the whole; what totals, categories and the
unknown say of each other (`nested`) gives shares (`question`), counts (`flows`) and ratios
(`ratios`), over one period or several (`windows`), for one place or many (`grids`). The indicators
are the public face of it.
"""

from thbstats.pooling.agreement import rank_biased, rank_correlation
from thbstats.pooling.boxes import Box
from thbstats.pooling.categories import share_of_category
from thbstats.pooling.classification import classify, rows_within
from thbstats.pooling.concentrations import herfindahl_bounds, top_share_bounds
from thbstats.pooling.contingency import Residuals, chi_square, residuals_of
from thbstats.pooling.counts import count_of, counted
from thbstats.pooling.crosstabs import Crosstab, crosstab
from thbstats.pooling.effects import ABSENT, Effect, Piece, effects
from thbstats.pooling.flows import Flow, flow
from thbstats.pooling.grids import Place, grid
from thbstats.pooling.holders import Holders, holders
from thbstats.pooling.lags import lagged_stages
from thbstats.pooling.nested import Counts, agree, filled
from thbstats.pooling.orders import overlaps_at, scores_of
from thbstats.pooling.question import Answer, Question
from thbstats.pooling.rates import rate_of
from thbstats.pooling.ratios import ratio_of
from thbstats.pooling.scope import Cells, Scope, scope
from thbstats.pooling.series import series, split
from thbstats.pooling.sides import Side, ratio_between
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
    "Box",
    "Cells",
    "Counts",
    "Crosstab",
    "Effect",
    "Flow",
    "Holders",
    "Piece",
    "Place",
    "Question",
    "Residuals",
    "Scope",
    "Side",
    "Window",
    "agree",
    "area_throughout",
    "chi_square",
    "classify",
    "common_area",
    "complete",
    "count_of",
    "counted",
    "crosstab",
    "effects",
    "filled",
    "flow",
    "grid",
    "herfindahl_bounds",
    "holders",
    "lagged_stages",
    "overlaps_at",
    "periods_of",
    "rank_biased",
    "rank_correlation",
    "rate_of",
    "ratio_between",
    "ratio_of",
    "require_counts",
    "require_rows",
    "residuals_of",
    "rows_within",
    "scope",
    "scope_of_stages",
    "scores_of",
    "series",
    "share_of_category",
    "split",
    "stage_grid",
    "stage_ratio_of",
    "top_share_bounds",
    "two_stages",
    "window",
]
