"""Codes in the words of a report."""

from collections.abc import Iterable, Mapping

from thbstats.errors import UnknownName
from thbstats.geography import COMPOSITIONS, Area, country_name
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["area_label", "area_of", "dimension_name", "name_of", "names_of", "sentence"]

_LISTED = 4
"""The label of an area lists so many countries."""

_DIMENSIONS = {"exploitation": "form of exploitation", "age": "age group"}


def name_of(code: str) -> str:
    """Return the name of a country, or the label of a category.

    Examples
    --------
    >>> name_of("RO"), name_of("non_eu"), name_of("forced_begging")
    ('Romania', 'Non-EU', 'forced begging')
    """
    if code in set(CitizenshipGroup) - {CitizenshipGroup.TOTAL, CitizenshipGroup.UNKNOWN}:
        return CitizenshipGroup(code).label
    try:
        return country_name(code) if code.isupper() else code.replace("_", " ")
    except UnknownName:
        return code


def names_of(codes: Mapping[str, str]) -> str:
    """Return the names of the categories of a selection."""
    return ", ".join(map(name_of, codes.values()))


def area_of(members: Iterable[str]) -> Area:
    """Return the area of some countries, under the name of a composition of the EU if it is one.

    Examples
    --------
    >>> area_of(["FR", "BE"]).code, area_of(["BE", "DE", "FR", "IT", "LU", "NL"]).code
    ('BE+FR', 'EU6')
    """
    area = Area.from_countries(members)
    return next((known for known in COMPOSITIONS.values() if known == area), area)


def area_label(area: Area) -> str:
    """Return the code of an area, or the number of its countries where the code lists many.

    Examples
    --------
    >>> area_label(area_of(["BE", "FR"])), area_label(area_of(["AT", "BE", "BG", "CY", "CZ"]))
    ('BE+FR', '5 countries')
    """
    size = area.code.count("+") + 1
    return area.code if size <= _LISTED else f"{size} countries"


def dimension_name(name: str) -> str:
    """Return the label of a dimension.

    Examples
    --------
    >>> dimension_name("exploitation"), dimension_name("age_concept")
    ('form of exploitation', 'age concept')
    """
    return _DIMENSIONS.get(name, name.replace("_", " "))


def sentence(text: str) -> str:
    """Return a text with a capital at the start and a full stop at the end.

    Examples
    --------
    >>> sentence("2 suspects in the EU"), sentence("")
    ('2 suspects in the EU.', '')
    """
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
