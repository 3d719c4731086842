"""Distinct persons on overlapping lists, and persons on no list."""

from thbstats.lists.model_panels import (
    ModelAverage,
    Models,
    Stability,
    average,
    chao,
    models,
    stability,
)
from thbstats.lists.odds import Dependence, dependence, hidden
from thbstats.lists.record import Lists, distinct, of, read

__all__ = [
    "Dependence", "Lists", "ModelAverage", "Models", "Stability", "average", "chao", "dependence",
    "distinct", "hidden", "models", "of", "read", "stability",
]  # fmt: skip
