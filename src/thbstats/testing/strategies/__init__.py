"""Strategies of hypothesis for values, records, tables, cases and publications.

They need the extra ``testing``, and shrink towards few and simple examples.
"""

from thbstats.testing.strategies.count_data import (
    AREAS,
    CITIZENSHIPS,
    COUNTRIES,
    case_frames,
    classifications,
    codes,
    counts,
    datasets,
    periods,
    populations,
    record_lists,
    records,
    schemas,
    sources,
    tables,
)
from thbstats.testing.strategies.synthetic_publications import SyntheticPublication, publications

__all__ = [
    "AREAS",
    "CITIZENSHIPS",
    "COUNTRIES",
    "SyntheticPublication",
    "case_frames",
    "classifications",
    "codes",
    "counts",
    "datasets",
    "periods",
    "populations",
    "publications",
    "record_lists",
    "records",
    "schemas",
    "sources",
    "tables",
]
