"""COM(2020) 661: the third report on progress in the fight against trafficking."""

from functools import cache

from thbstats.claims import Report
from thbstats.publications._bundled import bundled

__all__ = ["com_2020_661"]


@cache
def com_2020_661() -> Report:
    """Return COM(2020) 661 as data: figures of 2017-2018, from its news and a page.

    Returns
    -------
    Report
        Each figure as a claim, with the page where it was read and whose page that is.

    Examples
    --------
    >>> import thbstats as thb
    >>> thb.conviction_to_prosecution(com_2020_661().data.justice).shown
    '0.394'

    References
    ----------
    European Commission, COM(2020) 661 final, 20 October 2020.
    """
    return bundled("com_2020_661")
