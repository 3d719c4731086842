"""Strategies of hypothesis for values, records, tables, cases and publications.

They need the extra ``testing``, and shrink towards few and simple examples.
"""

from thbstats.testing.strategies.count_data import (
    case_frames,
    counted_groups,
    counting_rules,
    datasets,
    population_collections,
    populations,
    record_lists,
    records,
    tables,
)
from thbstats.testing.strategies.synthetic_publications import SyntheticPublication, publications
from thbstats.testing.strategies.values import (
    AREAS,
    CITIZENSHIPS,
    COUNTRIES,
    areas,
    classifications,
    codes,
    counts,
    intervals,
    percents,
    periods,
    schemas,
    sources,
)

__all__ = [
    "AREAS",
    "CITIZENSHIPS",
    "COUNTRIES",
    "SyntheticPublication",
    "areas",
    "case_frames",
    "classifications",
    "codes",
    "counted_groups",
    "counting_rules",
    "counts",
    "datasets",
    "intervals",
    "percents",
    "periods",
    "population_collections",
    "populations",
    "publications",
    "record_lists",
    "records",
    "schemas",
    "sources",
    "tables",
]
