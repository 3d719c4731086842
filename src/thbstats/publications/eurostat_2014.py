"""Eurostat, 2014: victims and justice of 2010 to 2012."""

from functools import cache

from thbstats.claims import Report
from thbstats.publications._bundled import bundled

__all__ = ["eurostat_2014"]


@cache
def eurostat_2014() -> Report:
    """Return Eurostat's edition of 2014 as data: figures of 2010-2012, as pages quote them.

    Returns
    -------
    Report
        Each figure as a claim, with the page where it was read and whose page that is.

    Examples
    --------
    >>> eurostat_2014().data.victims.count(period="2010-2012")
    Count(30146)

    References
    ----------
    Eurostat, Trafficking in human beings, 2014 edition.
    """
    return bundled("eurostat_2014")
