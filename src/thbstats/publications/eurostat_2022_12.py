"""Eurostat, December 2022: victims and justice of 2020."""

from functools import cache

from thbstats.claims import Report
from thbstats.publications._bundled import bundled

__all__ = ["eurostat_2022_12"]


@cache
def eurostat_2022_12() -> Report:
    """Return Eurostat's release of 13 December 2022 as data: figures of 2020.

    Returns
    -------
    Report
        Each figure as a claim, with the page where it was read and whose page that is.

    Examples
    --------
    >>> report = eurostat_2022_12()
    >>> report.claim("convicted").count, str(report.claim("convicted-change").change)
    (1295, '-25%')

    References
    ----------
    Eurostat, news item ddn-20221213-2, 13 December 2022.
    """
    return bundled("eurostat_2022_12")
