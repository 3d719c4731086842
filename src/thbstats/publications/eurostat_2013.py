"""Eurostat, 2013: victims and justice of 2008 to 2010."""

from functools import cache

from thbstats.claims import Report
from thbstats.publications._bundled import bundled

__all__ = ["eurostat_2013"]


@cache
def eurostat_2013() -> Report:
    """Return Eurostat's edition of 2013 as data: figures of 2008-2010, as pages quote them.

    Returns
    -------
    Report
        Each figure as a claim, with the page where it was read and whose page that is.

    Examples
    --------
    >>> report = eurostat_2013()
    >>> report.claim("identified").count, report.claim("identified").reporters
    (5535, 24)

    References
    ----------
    Eurostat, Trafficking in human beings, 2013 edition.
    """
    return bundled("eurostat_2013")
