"""Published reports as claims."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from thbstats.claims import Publication, read_claims
from thbstats.errors import UnknownName, did_you_mean

__all__ = [
    "ALL", "com_2016_267", "com_2018_777", "com_2020_661", "eurostat_2013", "eurostat_2014",
    "eurostat_2022_12", "eurostat_2023_02", "eurostat_pilot_2015",
]  # fmt: skip


def publication_named(name: str) -> Publication:
    """Return a publication by its id, with hyphens or underscores."""
    loaders = {load.__name__.replace("_", "-"): load for load in ALL}
    written = name.lower().replace("_", "-")
    if written not in loaders:
        hint = did_you_mean(written, loaders)
        if "." in name:
            hint = f"Pass thbstats.read({name!r}), or thbstats.claims.read_claims of a claims file"
        raise UnknownName(f"No publication {name!r}", hint=hint)
    return loaders[written]()


def _publication(name: str) -> Publication:
    """Read a file of claims of the library."""
    text = files("thbstats.publications").joinpath(f"{name}.toml").read_text("utf-8")
    return read_claims(text, name=f"{name}.toml")


@cache
def eurostat_2013() -> Publication:
    """Return the figures of Eurostat's edition of 2013, for 2008 to 2010.

    Returns
    -------
    Publication
        Each figure as a claim, with its section or page and its publisher: counts
        (`Publication.data`), percentages (`Publication.breakdown`, `Publication.share`), rankings,
        directions and wording.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.eurostat_2013()
    >>> report.claim("identified").count, report.claim("identified").reporters
    (5535, 24)

    References
    ----------
    Eurostat, Trafficking in human beings, 2013 edition.
    """
    return _publication("eurostat_2013")


@cache
def eurostat_2014() -> Publication:
    """Return the figures of Eurostat's edition of 2014, for 2010 to 2012.

    Returns
    -------
    Publication
        Each figure as a claim, with its section or page and its publisher: counts
        (`Publication.data`), percentages (`Publication.breakdown`, `Publication.share`), rankings,
        directions and wording.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.eurostat_2014()
    >>> report.data.victims.count(period="2010-2012")
    Count(30146)

    References
    ----------
    Eurostat, Trafficking in human beings, 2014 edition.
    """
    return _publication("eurostat_2014")


@cache
def com_2016_267() -> Publication:
    """Return the figures of COM(2016) 267, for 2013 to 2014.

    Returns
    -------
    Publication
        Each figure as a claim, with its section or page and its publisher: counts
        (`Publication.data`), percentages (`Publication.breakdown`, `Publication.share`), rankings,
        directions and wording.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2016_267()
    >>> thb.conviction_to_prosecution(report.data.justice).formatted
    '0.77'

    References
    ----------
    European Commission, COM(2016) 267 final, 19 May 2016.
    """
    return _publication("com_2016_267")


@cache
def eurostat_pilot_2015() -> Publication:
    """Return the figures of Eurostat's pilot collection, for 2015.

    Returns
    -------
    Publication
        Each figure as a claim, with its section or page and its publisher: counts
        (`Publication.data`), percentages (`Publication.breakdown`, `Publication.share`), rankings,
        directions and wording.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.eurostat_pilot_2015()
    >>> report.claim("victims").count, report.claim("victims").reporters
    (4858, 22)

    References
    ----------
    O. Villund, Eurostat, slides on the collection of 2016.
    """
    return _publication("eurostat_pilot_2015")


@cache
def com_2018_777() -> Publication:
    """Return the figures of COM(2018) 777, for 2015 to 2016, with its statements.

    Returns
    -------
    Publication
        Each figure as a claim, with its section or page and its publisher: counts
        (`Publication.data`), percentages (`Publication.breakdown`, `Publication.share`), rankings,
        directions and wording.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> report.data.victims.count(exploitation="sexual"), len(report.claims)
    (Count(9759), 147)

    References
    ----------
    European Commission, COM(2018) 777 final, 3 December 2018.
    """
    return _publication("com_2018_777")


@cache
def com_2020_661() -> Publication:
    """Return the figures of COM(2020) 661, for 2017 to 2018.

    Returns
    -------
    Publication
        Each figure as a claim, with its section or page and its publisher: counts
        (`Publication.data`), percentages (`Publication.breakdown`, `Publication.share`), rankings,
        directions and wording.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2020_661()
    >>> thb.conviction_to_prosecution(report.data.justice).formatted
    '0.39'

    References
    ----------
    European Commission, COM(2020) 661 final, 20 October 2020.
    """
    return _publication("com_2020_661")


@cache
def eurostat_2022_12() -> Publication:
    """Return the figures of Eurostat's release of 13 December 2022, for 2020.

    Returns
    -------
    Publication
        Each figure as a claim, with its section or page and its publisher: counts
        (`Publication.data`), percentages (`Publication.breakdown`, `Publication.share`), rankings,
        directions and wording.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.eurostat_2022_12()
    >>> report.claim("convicted").count, str(report.claim("convicted-change").change)
    (1295, '-25%')

    References
    ----------
    Eurostat, news item ddn-20221213-2, 13 December 2022.
    """
    return _publication("eurostat_2022_12")


@cache
def eurostat_2023_02() -> Publication:
    """Return the figures of Eurostat's release of 9 February 2023, for 2021.

    Returns
    -------
    Publication
        Each figure as a claim, with its section or page and its publisher: counts
        (`Publication.data`), percentages (`Publication.breakdown`, `Publication.share`), rankings,
        directions and wording.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.eurostat_2023_02()
    >>> report.claim("convicted").count, str(report.claim("convicted-change").change)
    (2517, '+54.9%')

    References
    ----------
    Eurostat, release of 9 February 2023, and Statistics Explained.
    """
    return _publication("eurostat_2023_02")


ALL: tuple[Callable[[], Publication], ...] = (
    eurostat_2013,
    eurostat_2014,
    com_2016_267,
    eurostat_pilot_2015,
    com_2018_777,
    com_2020_661,
    eurostat_2022_12,
    eurostat_2023_02,
)
"""The functions that return the publications of the library, oldest first."""
