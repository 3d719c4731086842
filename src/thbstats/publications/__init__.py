"""Published reports as claims."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from thbstats.claims import Publication, read_claims

__all__ = [
    "ALL", "com_2016_267", "com_2018_777", "com_2020_661", "eurostat_2013", "eurostat_2014",
    "eurostat_2022_12", "eurostat_2023_02", "eurostat_pilot_2015",
]  # fmt: skip


def _publication(
    name: str, figures: str, reference: str, example: str
) -> Callable[[], Publication]:
    """Return the function that reads a file of claims once."""

    def load() -> Publication:
        text = files("thbstats.publications").joinpath(f"{name}.toml").read_text("utf-8")
        return read_claims(text, name=f"{name}.toml")

    load.__name__ = load.__qualname__ = name
    load.__doc__ = f"""Return the figures of {figures}.

    Returns
    -------
    Publication
        Each figure as a claim, with its section or page and its publisher: counts
        (`Publication.data`), percentages (`Publication.breakdown`, `Publication.share`), rankings,
        directions and wording.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.{name}()
    {example}

    References
    ----------
    {reference}.
    """
    return cache(load)


eurostat_2013 = _publication(
    "eurostat_2013",
    "Eurostat's edition of 2013, for 2008 to 2010",
    "Eurostat, Trafficking in human beings, 2013 edition",
    """>>> report.claim("identified").count, report.claim("identified").reporters
    (5535, 24)""",
)
eurostat_2014 = _publication(
    "eurostat_2014",
    "Eurostat's edition of 2014, for 2010 to 2012",
    "Eurostat, Trafficking in human beings, 2014 edition",
    """>>> report.data.victims.count(period="2010-2012")
    Count(30146)""",
)
com_2016_267 = _publication(
    "com_2016_267",
    "COM(2016) 267, for 2013 to 2014",
    "European Commission, COM(2016) 267 final, 19 May 2016",
    """>>> thb.conviction_to_prosecution(report.data.justice).formatted
    '0.77'""",
)
eurostat_pilot_2015 = _publication(
    "eurostat_pilot_2015",
    "Eurostat's pilot collection, for 2015",
    "O. Villund, Eurostat, slides on the collection of 2016",
    """>>> report.claim("victims").count, report.claim("victims").reporters
    (4858, 22)""",
)
com_2018_777 = _publication(
    "com_2018_777",
    "COM(2018) 777, for 2015 to 2016, with its statements",
    "European Commission, COM(2018) 777 final, 3 December 2018",
    """>>> report.data.victims.count(exploitation="sexual"), len(report.claims)
    (Count(9759), 147)""",
)
com_2020_661 = _publication(
    "com_2020_661",
    "COM(2020) 661, for 2017 to 2018",
    "European Commission, COM(2020) 661 final, 20 October 2020",
    """>>> thb.conviction_to_prosecution(report.data.justice).formatted
    '0.39'""",
)
eurostat_2022_12 = _publication(
    "eurostat_2022_12",
    "Eurostat's release of 13 December 2022, for 2020",
    "Eurostat, news item ddn-20221213-2, 13 December 2022",
    """>>> report.claim("convicted").count, str(report.claim("convicted-change").change)
    (1295, '-25%')""",
)
eurostat_2023_02 = _publication(
    "eurostat_2023_02",
    "Eurostat's release of 9 February 2023, for 2021",
    "Eurostat, release of 9 February 2023, and Statistics Explained",
    """>>> report.claim("convicted").count, str(report.claim("convicted-change").change)
    (2517, '+54.9%')""",
)

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
