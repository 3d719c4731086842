"""Columns of categories, counts and exact intervals."""

from thbstats.columns.coded import Coded
from thbstats.columns.fractions import Fractions
from thbstats.columns.ranges import Ranges

__all__ = ["Coded", "Fractions", "Ranges"]
