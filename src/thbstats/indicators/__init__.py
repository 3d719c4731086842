"""Indicators: pure functions from tables to panels and results, one family a file."""

from thbstats.indicators._panels import as_kind
from thbstats.indicators._ranking import Ranking
from thbstats.indicators.associations import Association, association
from thbstats.indicators.changes import Change, change
from thbstats.indicators.concentrations import concentration
from thbstats.indicators.decompositions import Decomposition, decompose
from thbstats.indicators.exclusions import LeaveOut, leave_out
from thbstats.indicators.justice import (
    conviction_to_prosecution,
    conviction_to_suspect,
    convictions_per_100_victims,
    funnel,
    prosecution_to_suspect,
)
from thbstats.indicators.protection import (
    grant_rate,
    protection_per_100_victims,
    residence_permits_per_100_victims,
)
from thbstats.indicators.rank_agreement import agreement
from thbstats.indicators.rankings import ranking
from thbstats.indicators.rates import rate
from thbstats.indicators.ratios import ratio
from thbstats.indicators.shares import breakdown, share
from thbstats.indicators.totals import total

__all__ = [
    "ALL",
    "Association",
    "Change",
    "Decomposition",
    "LeaveOut",
    "Ranking",
    "agreement",
    "as_kind",
    "association",
    "breakdown",
    "change",
    "concentration",
    "conviction_to_prosecution",
    "conviction_to_suspect",
    "convictions_per_100_victims",
    "decompose",
    "funnel",
    "grant_rate",
    "leave_out",
    "prosecution_to_suspect",
    "protection_per_100_victims",
    "ranking",
    "rate",
    "ratio",
    "residence_permits_per_100_victims",
    "share",
    "total",
]

ALL = (
    total,
    share,
    breakdown,
    ratio,
    change,
    leave_out,
    ranking,
    agreement,
    concentration,
    association,
    decompose,
    conviction_to_prosecution,
    prosecution_to_suspect,
    conviction_to_suspect,
    convictions_per_100_victims,
    funnel,
    protection_per_100_victims,
    residence_permits_per_100_victims,
    grant_rate,
    rate,
)
"""Every indicator of the library; the catalogue in the docs is made from it."""
