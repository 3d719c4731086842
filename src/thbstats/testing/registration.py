"""Strategies for ``hypothesis.strategies.from_type``.

hypothesis finds `register` through an entry point of the package.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from thbstats.geography import Area
from thbstats.records import (
    KINDS,
    CountedGroup,
    CountingRules,
    Population,
    Populations,
    Record,
    Source,
)
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count, Interval, Percent, Period

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_NAMES: dict[type, str] = {
    Area: "areas",
    Count: "counts",
    CountTable: "tables",
    CountedGroup: "counted_groups",
    CountingRules: "counting_rules",
    Dataset: "datasets",
    Interval: "intervals",
    Percent: "percents",
    Period: "periods",
    Population: "populations",
    Populations: "population_collections",
    Record: "records",
    Source: "sources",
    **dict.fromkeys(KINDS.values(), "records"),
}


def register() -> None:
    """Register a strategy for each class of values, records and tables."""
    from hypothesis import strategies as st

    def strategy(cls: type) -> "SearchStrategy[Any]":
        # hypothesis asks for it at the first use of a class. `thbstats.testing.strategies` imports
        # hypothesis, which imports this module.
        strategies = import_module("thbstats.testing.strategies")
        kinds = [name for name, record in KINDS.items() if record is cls]
        result: SearchStrategy[Any] = getattr(strategies, _NAMES[cls])(*kinds)
        return result

    for cls in _NAMES:
        st.register_type_strategy(cls, strategy)
