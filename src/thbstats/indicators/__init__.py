"""Indicators: pure functions from tables to panels and results, one family a file."""

from thbstats.indicators.ratios import ratio
from thbstats.indicators.shares import breakdown, share
from thbstats.indicators.totals import total

__all__ = ["ALL", "breakdown", "ratio", "share", "total"]

ALL = (total, share, breakdown, ratio)
"""Every indicator of the library; the catalogue in the docs is made from it."""
