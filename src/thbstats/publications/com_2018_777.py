"""COM(2018) 777: the second report on progress in the fight against trafficking."""

from functools import cache

from thbstats.claims import Report
from thbstats.publications._bundled import bundled

__all__ = ["com_2018_777"]


@cache
def com_2018_777() -> Report:
    """Return COM(2018) 777 as data: every statistic that its text prints.

    Returns
    -------
    Report
        Its counts (`Report.data`), percentages (`Report.breakdown`, `Report.share`), rankings,
        directions and words as claims.

    Examples
    --------
    >>> report = com_2018_777()
    >>> report.data.victims.count(exploitation="sexual")
    Count(9759)
    >>> len(report.claims)
    141

    References
    ----------
    European Commission, COM(2018) 777 final, 3 December 2018.
    """
    return bundled("com_2018_777")
