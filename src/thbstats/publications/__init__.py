"""Printed reports as data: each is a file of claims, read when it is asked for."""

from collections.abc import Callable

from thbstats.claims import Report
from thbstats.publications.com_2016_267 import com_2016_267
from thbstats.publications.com_2018_777 import com_2018_777
from thbstats.publications.com_2020_661 import com_2020_661
from thbstats.publications.eurostat_2013 import eurostat_2013
from thbstats.publications.eurostat_2014 import eurostat_2014
from thbstats.publications.eurostat_2022_12 import eurostat_2022_12
from thbstats.publications.eurostat_2023_02 import eurostat_2023_02
from thbstats.publications.eurostat_pilot_2015 import eurostat_pilot_2015

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

ALL: tuple[Callable[[], Report], ...] = (
    eurostat_2013,
    eurostat_2014,
    com_2016_267,
    eurostat_pilot_2015,
    com_2018_777,
    com_2020_661,
    eurostat_2022_12,
    eurostat_2023_02,
)
"""Every publication of the library, by the function that reads it, oldest first."""
