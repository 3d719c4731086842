"""Columns of categories, counts and exact intervals."""

from thbstats.columns.coded import Coded, Floats, Index, Integers, Mask
from thbstats.columns.fractions import Fractions
from thbstats.columns.ranges import Ranges

__all__ = ["Coded", "Floats", "Fractions", "Index", "Integers", "Mask", "Ranges"]
