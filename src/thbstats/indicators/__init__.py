"""Indicators."""

from thbstats.indicators._shared import as_kind
from thbstats.indicators.associations import Association, association
from thbstats.indicators.changes import Change, change
from thbstats.indicators.concentrations import concentration
from thbstats.indicators.country_flows import FlowMargin, Flows, flows
from thbstats.indicators.decompositions import Decomposition, decompose
from thbstats.indicators.exclusions import LeaveOut, leave_out
from thbstats.indicators.rankings import Ranking, ranking
from thbstats.indicators.rates import rate
from thbstats.indicators.ratios import ratio
from thbstats.indicators.shares import breakdown, share, total

__all__ = [
    "ALL", "Association", "Change", "Decomposition", "FlowMargin", "Flows", "LeaveOut", "Ranking",
    "as_kind", "association", "breakdown", "change", "concentration", "decompose", "flows",
    "leave_out", "ranking", "rate", "ratio", "share", "total",
]  # fmt: skip

ALL = (
    total, share, breakdown, ratio, change, leave_out, ranking, Ranking.agreement, concentration,
    association, decompose, rate, flows,
)  # fmt: skip
"""Every indicator of the package; the catalogue in the docs is made from it."""
