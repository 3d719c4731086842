"""Codes in the words of a page."""

from collections.abc import Mapping

from thbstats.errors import UnknownName
from thbstats.geography import country_name
from thbstats.results import Result
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["area_name", "dimension_name", "dimension_of", "name_of", "names_of", "sentence"]

_LISTED = 4
"""So many countries of an area are listed."""

_DIMENSIONS = {"exploitation": "form of exploitation", "age": "age group"}


def name_of(code: str) -> str:
    """Return a code as a reader says it: a country by its name, a group by its label.

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


def area_name(code: str) -> str:
    """Return an area as a reader says it: of many countries how many they are.

    Examples
    --------
    >>> area_name("EU28 without UK"), area_name("BG+RO"), area_name("AT+BE+BG+CY+CZ+DE")
    ('EU28 without UK', 'BG+RO', '6 countries')
    """
    members = code.split("+")
    return code if len(members) <= _LISTED else f"{len(members)} countries"


def names_of(codes: Mapping[str, str]) -> str:
    """Return the codes of a selection, one after the other."""
    return ", ".join(map(name_of, codes.values()))


def dimension_of(result: Result) -> str:
    """Return what a share is a category of, apart from what it shares with its base."""
    within = {name for name, _ in result.base.within}
    names = [name for name, _ in result.category if name not in within]
    return " and ".join(map(dimension_name, names))


def dimension_name(name: str) -> str:
    """Return a dimension as a reader says it.

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
