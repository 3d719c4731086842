"""Indicators: pure functions from tables to panels and results, one family a file."""

from thbstats.indicators.shares import breakdown, share
from thbstats.indicators.totals import total

__all__ = ["ALL", "breakdown", "share", "total"]

ALL = (total, share, breakdown)
"""Every indicator of the library; the catalogue in the docs is made from it."""
