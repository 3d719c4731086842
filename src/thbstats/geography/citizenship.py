"""Citizenships, and their groups for a reporting country."""

from datetime import date

from thbstats.errors import UnknownName, require
from thbstats.geography.areas import Area, eu_members
from thbstats.geography.spellings import citizenships, find_code, parse_country, with_successors
from thbstats.vocabulary import CitizenshipGroup

_LISTED = "Use a group such as eu or non_eu, or a country code such as RO"


def parse_citizenship(text: str) -> str:
    """Return the citizenship group or country code of a text.

    Parameters
    ----------
    text : str
        A group (`CitizenshipGroup`), a country as for `parse_country`, or a demonym, singular or
        plural.

    Raises
    ------
    UnknownName
        If the text is not a group or country, or several countries (``"Congolese"``). The error
        suggests similar names.

    Examples
    --------
    >>> [parse_citizenship(text) for text in ("Georgian", "Poles", "Yugoslav", "Nigerien")]
    ['GE', 'PL', 'YUCS', 'NE']
    >>> parse_citizenship("Stateless"), parse_citizenship("Not known")
    (<CitizenshipGroup.STATELESS: 'stateless'>, <CitizenshipGroup.UNKNOWN: 'unknown'>)
    """
    code = find_code(text, citizenships(), "must be a citizenship group or a country", _LISTED)
    return CitizenshipGroup(code) if code in CitizenshipGroup._value2member_map_ else code


def citizenship_group(
    citizenship: str, reporting: str | None, eu: str | Area | date
) -> CitizenshipGroup:
    """Return the group of a citizenship relative to the reporting country.

    Parameters
    ----------
    citizenship : str
        A country in any spelling, or ``stateless``.
    reporting : str or None
        The reporting country; ``None`` if there is none.
    eu : str, Area or datetime.date
        The composition of the EU in the source (``"EU28"``), or a day for the Member States on
        that day.

    Returns
    -------
    CitizenshipGroup
        ``reporting_country``, ``other_eu`` or ``non_eu``; ``eu`` or ``non_eu`` without a
        reporting country; ``stateless`` (part of ``non_eu``) for persons without citizenship.
        Nationals of a reporting country outside the EU are ``reporting_country``.

    Raises
    ------
    UnknownName
        If the citizenship, the reporting country or the area does not exist.
    InvalidValue
        If the citizenship is a dissolved state whose successors belong to several groups.

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
    >>> citizenship_group("Croatia", None, "EU28").value
    'eu'
    """
    country = parse_citizenship(citizenship)
    home = None if reporting is None else parse_country(reporting)
    if country is CitizenshipGroup.STATELESS:
        return CitizenshipGroup.STATELESS
    members = eu_members(eu) if isinstance(eu, date) else Area.parse(eu).members
    if country == home:
        return CitizenshipGroup.REPORTING_COUNTRY
    if country in CitizenshipGroup._value2member_map_:
        raise UnknownName(
            "must be the citizenship of a country", field="citizenship", value=citizenship
        )
    states = with_successors(country) - {country} or {country}
    if states == {home}:
        return CitizenshipGroup.REPORTING_COUNTRY
    is_one_group = home not in states and (states <= members or states.isdisjoint(members))
    problem = f"must be unambiguous: successors are {', '.join(sorted(states))}"
    hint = "Use the current citizenship, or exclude it from the groups"
    require(is_one_group, problem, hint, citizenship=country)
    if states.isdisjoint(members):
        return CitizenshipGroup.NON_EU
    return CitizenshipGroup.EU if home is None else CitizenshipGroup.OTHER_EU
