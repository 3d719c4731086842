"""Citizenships, and the group of each for a reporting country."""

from datetime import date

from thbstats.errors import InvalidValue, UnknownName
from thbstats.geography.areas import Area
from thbstats.geography.membership import eu_members
from thbstats.geography.names import only, parse_country, with_successors
from thbstats.geography.spellings import citizenships
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["citizenship_group", "parse_citizenship"]

_GROUPS = ", ".join(CitizenshipGroup)
_LISTED = f"Groups are {_GROUPS}; thbstats.geography.COUNTRIES lists the countries"


def parse_citizenship(text: str) -> str:
    """Return the citizenship group or the code of the country that a label means.

    Parameters
    ----------
    text : str
        A group (`CitizenshipGroup`), a country as `parse_country` reads it, or what its nationals
        are called, in the singular or the plural.

    Returns
    -------
    str
        A member of `CitizenshipGroup`, or a code.

    Raises
    ------
    UnknownName
        If the label means no group and no country, or several countries (``"Congolese"``). The
        error names what is written alike, and takes none of it.

    Examples
    --------
    >>> [parse_citizenship(text) for text in ("Georgian", "Poles", "Yugoslav", "Nigerien")]
    ['GE', 'PL', 'YUCS', 'NE']
    >>> parse_citizenship("Stateless"), parse_citizenship("Not known")
    (<CitizenshipGroup.STATELESS: 'stateless'>, <CitizenshipGroup.UNKNOWN: 'unknown'>)
    """
    code = only(text, citizenships(), "neither a citizenship group nor a country", _LISTED)
    return CitizenshipGroup(code) if code in CitizenshipGroup._value2member_map_ else code


def citizenship_group(
    citizenship: str, reporting: str | None, eu: str | Area | date
) -> CitizenshipGroup:
    """Return the group of a citizenship as the reporting country sees it.

    Parameters
    ----------
    citizenship : str
        A country in any spelling, or ``stateless``.
    reporting : str or None
        The country that sends the data; ``None`` for no country in particular.
    eu : str, Area or datetime.date
        The composition of the Union that the source uses (``"EU28"``), or, where it names
        none, a day whose Member States count.

    Returns
    -------
    CitizenshipGroup
        ``reporting_country``, ``other_eu`` or ``non_eu``; ``stateless``, which is within
        ``non_eu``, for persons without a citizenship. The own nationals of a state outside the
        Union are ``reporting_country`` too. Without a reporting country ``eu`` or ``non_eu``.

    Raises
    ------
    UnknownName
        If the citizenship or the reporting country is no country, or the area does not exist.
    InvalidValue
        If the citizenship is that of a dissolved state, and its people can now be nationals of
        the reporting country or of a Member State: to which group they belong, nobody can tell.

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
            "not the citizenship of a country", field="citizenship", value=citizenship
        )
    _refuse_heirs(country, members if home is None else members | {home})
    if country not in members:
        return CitizenshipGroup.NON_EU
    return CitizenshipGroup.EU if home is None else CitizenshipGroup.OTHER_EU


def _refuse_heirs(country: str, inside: frozenset[str]) -> None:
    """Refuse a dissolved state whose people can be among the nationals of these countries."""
    heirs = sorted(inside.intersection(with_successors(country) - {country}))
    if heirs:
        raise InvalidValue(
            f"its people can be citizens of {', '.join(heirs)} today",
            field="citizenship",
            value=country,
            hint="Leave it out of the groups, or give the citizenship of today",
        )
