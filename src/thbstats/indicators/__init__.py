"""Indicators: pure functions from tables to panels and results, one family a file."""

from thbstats.indicators.associations import association
from thbstats.indicators.concentrations import concentration
from thbstats.indicators.decompositions import decompose
from thbstats.indicators.exclusions import leave_out
from thbstats.indicators.rank_agreement import agreement
from thbstats.indicators.rankings import ranking
from thbstats.indicators.shares import breakdown, share
from thbstats.indicators.totals import total

__all__ = ["ALL", "agreement", "association", "breakdown", "concentration", "decompose", "leave_out", "ranking", "share", "total"]

ALL = (total, share, breakdown, leave_out, ranking, agreement, concentration, decompose, association)
"""Every indicator of the library; the catalogue in the docs is made from it."""
