"""Eurostat, 2016: the pilot collection of figures of 2015."""

from functools import cache

from thbstats.claims import Report
from thbstats.publications._bundled import bundled

__all__ = ["eurostat_pilot_2015"]


@cache
def eurostat_pilot_2015() -> Report:
    """Return Eurostat's pilot collection as data: figures of 2015 from 22 countries.

    Returns
    -------
    Report
        Each figure as a claim, with the page where it was read and whose page that is.

    Examples
    --------
    >>> report = eurostat_pilot_2015()
    >>> report.claim("victims").count, report.claim("victims").reporters
    (4858, 22)

    References
    ----------
    O. Villund, Eurostat, slides on the collection of 2016.
    """
    return bundled("eurostat_pilot_2015")
