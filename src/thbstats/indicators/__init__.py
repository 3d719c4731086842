"""Indicators: pure functions from tables to panels and results, one family a file."""

from thbstats.indicators.exclusions import leave_out
from thbstats.indicators.shares import breakdown, share
from thbstats.indicators.totals import total

__all__ = ["ALL", "breakdown", "leave_out", "share", "total"]

ALL = (total, share, breakdown, leave_out)
"""Every indicator of the library; the catalogue in the docs is made from it."""
