"""COM(2016) 267: the first report on progress in the fight against trafficking."""

from functools import cache

from thbstats.claims import Report
from thbstats.publications._bundled import bundled

__all__ = ["com_2016_267"]


@cache
def com_2016_267() -> Report:
    """Return COM(2016) 267 as data: figures of 2013-2014, as a page quotes them.

    Returns
    -------
    Report
        Each figure as a claim, with the page where it was read and whose page that is.

    Examples
    --------
    >>> import thbstats as thb
    >>> thb.conviction_to_prosecution(com_2016_267().data.justice).shown
    '0.767'

    References
    ----------
    European Commission, COM(2016) 267 final, 19 May 2016.
    """
    return bundled("com_2016_267")
