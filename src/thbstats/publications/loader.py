"""Loaders of the bundled publications, oldest first: each reads its file of claims once."""

from functools import cache
from importlib.resources import files

from thbstats.claims import Publication, read_claims

__all__ = [
    "com_2016_267",
    "com_2018_777",
    "com_2020_661",
    "eurostat_2013",
    "eurostat_2014",
    "eurostat_2022_12",
    "eurostat_2023_02",
    "eurostat_pilot_2015",
]


@cache
def eurostat_2013() -> Publication:
    """Return Eurostat's edition of 2013 as data: figures of 2008-2010, as pages quote them.

    Returns
    -------
    Publication
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
    return _load("eurostat_2013")


@cache
def eurostat_2014() -> Publication:
    """Return Eurostat's edition of 2014 as data: figures of 2010-2012, as pages quote them.

    Returns
    -------
    Publication
        Each figure as a claim, with the page where it was read and whose page that is.

    Examples
    --------
    >>> eurostat_2014().data.victims.count(period="2010-2012")
    Count(30146)

    References
    ----------
    Eurostat, Trafficking in human beings, 2014 edition.
    """
    return _load("eurostat_2014")


@cache
def com_2016_267() -> Publication:
    """Return COM(2016) 267 as data: figures of 2013-2014, as a page quotes them.

    Returns
    -------
    Publication
        Each figure as a claim, with the page where it was read and whose page that is.

    Examples
    --------
    >>> import thbstats as thb
    >>> thb.conviction_to_prosecution(com_2016_267().data.justice).formatted
    '0.77'

    References
    ----------
    European Commission, COM(2016) 267 final, 19 May 2016.
    """
    return _load("com_2016_267")


@cache
def eurostat_pilot_2015() -> Publication:
    """Return Eurostat's pilot collection as data: figures of 2015 from 22 countries.

    Returns
    -------
    Publication
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
    return _load("eurostat_pilot_2015")


@cache
def com_2018_777() -> Publication:
    """Return COM(2018) 777 as data: every statistic that its text prints.

    Returns
    -------
    Publication
        Counts (`Publication.data`), percentages (`Publication.breakdown`, `Publication.share`),
        rankings, directions and qualifying words as claims.

    Examples
    --------
    >>> report = com_2018_777()
    >>> report.data.victims.count(exploitation="sexual")
    Count(9759)
    >>> len(report.claims)
    147

    References
    ----------
    European Commission, COM(2018) 777 final, 3 December 2018.
    """
    return _load("com_2018_777")


@cache
def com_2020_661() -> Publication:
    """Return COM(2020) 661 as data: figures of 2017-2018, from its news and a page.

    Returns
    -------
    Publication
        Each figure as a claim, with the page where it was read and whose page that is.

    Examples
    --------
    >>> import thbstats as thb
    >>> thb.conviction_to_prosecution(com_2020_661().data.justice).formatted
    '0.39'

    References
    ----------
    European Commission, COM(2020) 661 final, 20 October 2020.
    """
    return _load("com_2020_661")


@cache
def eurostat_2022_12() -> Publication:
    """Return Eurostat's release of 13 December 2022 as data: figures of 2020.

    Returns
    -------
    Publication
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
    return _load("eurostat_2022_12")


@cache
def eurostat_2023_02() -> Publication:
    """Return Eurostat's release of 9 February 2023 as data: figures of 2021.

    Returns
    -------
    Publication
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
    return _load("eurostat_2023_02")


def _load(name: str) -> Publication:
    text = files("thbstats.publications").joinpath(f"{name}.toml").read_text("utf-8")
    return read_claims(text, name=f"{name}.toml")
