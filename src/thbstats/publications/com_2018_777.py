"""COM(2018) 777: the second report on progress in the fight against trafficking."""

from functools import cache
from importlib.resources import files

from thbstats.claims import Report, read_claims

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
    text = files("thbstats.publications").joinpath("com_2018_777.toml").read_text("utf-8")
    return read_claims(text, name="com_2018_777.toml")
