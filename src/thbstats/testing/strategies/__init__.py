"""Values, records, tables, cases and publications for hypothesis: whatever the library admits.

They need the extra ``testing``. All shrink towards few and plain examples.
"""

from thbstats.testing.strategies.cases import case_frames
from thbstats.testing.strategies.counted_records import (
    AREAS,
    CITIZENSHIPS,
    COUNTRIES,
    codes,
    counts,
    datasets,
    periods,
    populations,
    record_lists,
    records,
    sources,
    tables,
)
from thbstats.testing.strategies.printed_reports import Printed, publications

__all__ = [
    "AREAS",
    "CITIZENSHIPS",
    "COUNTRIES",
    "Printed",
    "case_frames",
    "codes",
    "counts",
    "datasets",
    "periods",
    "populations",
    "publications",
    "record_lists",
    "records",
    "sources",
    "tables",
]
