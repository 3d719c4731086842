"""Indicators: pure functions from tables to results, one family a file."""

from thbstats.indicators.associations import association
from thbstats.indicators.changes import change
from thbstats.indicators.concentration import dominance, effective_number, herfindahl, top_share
from thbstats.indicators.counts import total
from thbstats.indicators.decompositions import decompose
from thbstats.indicators.growths import growth
from thbstats.indicators.justice import (
    conviction_to_prosecution,
    conviction_to_suspect,
    convictions_per_100_victims,
    funnel,
    prosecution_to_suspect,
)
from thbstats.indicators.lags import lagged_ratios
from thbstats.indicators.outcomes import stage_ratio, stage_ratios
from thbstats.indicators.protection import (
    granted_per_sought,
    protection_per_100_victims,
    residence_permits_per_100_victims,
)
from thbstats.indicators.ranking_overlaps import kendall_tau, rank_biased_overlap, ranking_overlap
from thbstats.indicators.rankings import ranking
from thbstats.indicators.rates import rate
from thbstats.indicators.robustness import flips
from thbstats.indicators.scenarios import completions
from thbstats.indicators.sensitivity import leave_groups_out, leave_one_out, without
from thbstats.indicators.shares import breakdown, share
from thbstats.indicators.superpopulations import superpopulation

__all__ = [
    "ALL",
    "association",
    "breakdown",
    "change",
    "completions",
    "conviction_to_prosecution",
    "conviction_to_suspect",
    "convictions_per_100_victims",
    "decompose",
    "dominance",
    "effective_number",
    "flips",
    "funnel",
    "granted_per_sought",
    "growth",
    "herfindahl",
    "kendall_tau",
    "lagged_ratios",
    "leave_groups_out",
    "leave_one_out",
    "prosecution_to_suspect",
    "protection_per_100_victims",
    "rank_biased_overlap",
    "ranking",
    "ranking_overlap",
    "rate",
    "residence_permits_per_100_victims",
    "share",
    "stage_ratio",
    "stage_ratios",
    "superpopulation",
    "top_share",
    "total",
    "without",
]

ALL = (
    total,
    share,
    breakdown,
    conviction_to_prosecution,
    prosecution_to_suspect,
    conviction_to_suspect,
    stage_ratio,
    stage_ratios,
    lagged_ratios,
    convictions_per_100_victims,
    funnel,
    protection_per_100_victims,
    residence_permits_per_100_victims,
    granted_per_sought,
    rate,
    superpopulation,
    without,
    leave_groups_out,
    leave_one_out,
    dominance,
    top_share,
    herfindahl,
    effective_number,
    ranking,
    ranking_overlap,
    kendall_tau,
    rank_biased_overlap,
    change,
    growth,
    decompose,
    flips,
    completions,
    association,
)
"""Every indicator of the library; the catalogue in the docs is made from it."""
