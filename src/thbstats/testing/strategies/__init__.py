"""Strategies of hypothesis for values, records, tables, cases and publications.

They need the extra ``testing``, and shrink towards few and simple examples.
"""

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from thbstats.testing.strategies.synthetic_publications import (
        SyntheticPublication,
        publications,
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


def __getattr__(name: str) -> Any:
    """Return a name of synthetic publications, which need claims; tables do not."""
    if name in ("SyntheticPublication", "publications"):
        from thbstats.testing.strategies import synthetic_publications

        return getattr(synthetic_publications, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
