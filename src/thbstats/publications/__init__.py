"""Published reports as claims."""

from collections.abc import Callable

from thbstats.claims import Publication
from thbstats.publications.loader import (
    com_2016_267,
    com_2018_777,
    com_2020_661,
    eurostat_2013,
    eurostat_2014,
    eurostat_2022_12,
    eurostat_2023_02,
    eurostat_pilot_2015,
)

__all__ = [
    "ALL",
    "com_2016_267",
    "com_2018_777",
    "com_2020_661",
    "eurostat_2013",
    "eurostat_2014",
    "eurostat_2022_12",
    "eurostat_2023_02",
    "eurostat_pilot_2015",
]

ALL: tuple[Callable[[], Publication], ...] = (
    eurostat_2013,
    eurostat_2014,
    com_2016_267,
    eurostat_pilot_2015,
    com_2018_777,
    com_2020_661,
    eurostat_2022_12,
    eurostat_2023_02,
)
"""The functions that return the publications of the library, oldest first."""
