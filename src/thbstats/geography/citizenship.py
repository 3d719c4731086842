"""Which citizenship group a citizenship is for a reporting country."""

from datetime import date

from thbstats.geography.areas import Area, parse_area
from thbstats.geography.countries import parse_country
from thbstats.geography.membership import eu_members
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["citizenship_group"]


def citizenship_group(citizenship: str, reporting: str, eu: str | Area | date) -> CitizenshipGroup:
    """Return the group of a citizenship as the reporting country sees it.

    Parameters
    ----------
    citizenship : str
        A country in any spelling.
    reporting : str
        The country that sends the data.
    eu : str, Area or datetime.date
        The composition of the Union that the source uses (``"EU28"``), or, where it names
        none, a day whose Member States count.

    Returns
    -------
    CitizenshipGroup
        ``reporting_country``, ``other_eu`` or ``non_eu``. The own nationals of a state outside
        the Union are ``reporting_country`` too.

    Raises
    ------
    UnknownName
        If the citizenship or the reporting country is no country, or the area does not exist.

    References
    ----------
    Eurostat, concepts of citizenship: nationals, citizens of other EU Member States, citizens
    of non-member countries.

    Examples
    --------
    >>> from datetime import date
    >>> citizenship_group("Romania", "UK", "EU28").value
    'other_eu'
    >>> citizenship_group("Croatia", "Italy", date(2013, 6, 30)).value
    'non_eu'
    """
    country = parse_country(citizenship)
    if country == parse_country(reporting):
        return CitizenshipGroup.REPORTING_COUNTRY
    members = eu_members(eu) if isinstance(eu, date) else parse_area(eu).members
    return CitizenshipGroup.OTHER_EU if country in members else CitizenshipGroup.NON_EU
