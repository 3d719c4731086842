"""Eurostat, February 2023: victims and justice of 2021."""

from functools import cache

from thbstats.claims import Report
from thbstats.publications._bundled import bundled

__all__ = ["eurostat_2023_02"]


@cache
def eurostat_2023_02() -> Report:
    """Return Eurostat's release of 9 February 2023 as data: figures of 2021.

    Returns
    -------
    Report
        Each figure as a claim, with the page where it was read and whose page that is.

    Examples
    --------
    >>> report = eurostat_2023_02()
    >>> report.claim("convicted").count, str(report.claim("convicted-change").change)
    (2517, '+54.9%')

    References
    ----------
    Eurostat, release of 9 February 2023, and Statistics Explained.
    """
    return bundled("eurostat_2023_02")
