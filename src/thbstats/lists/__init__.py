"""Distinct persons on overlapping lists, and persons on no list."""

from thbstats.lists.averages import ModelAverage, average
from thbstats.lists.distinct_persons import DistinctPersons, distinct
from thbstats.lists.model_panels import Models, Stability, chao, models, stability
from thbstats.lists.odds import Dependence, HiddenPersons, PairCounts, dependence, hidden
from thbstats.lists.reading import read
from thbstats.lists.record import Lists, from_sizes, of

__all__ = [
    "Dependence",
    "DistinctPersons",
    "HiddenPersons",
    "Lists",
    "ModelAverage",
    "Models",
    "PairCounts",
    "Stability",
    "average",
    "chao",
    "dependence",
    "distinct",
    "from_sizes",
    "hidden",
    "models",
    "of",
    "read",
    "stability",
]
