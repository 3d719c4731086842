"""Codes in the words of a page."""

from collections.abc import Mapping

from thbstats.errors import UnknownName
from thbstats.geography import country_name
from thbstats.results import Result
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["dimension_of", "name_of", "names_of", "sentence"]

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


def names_of(codes: Mapping[str, str]) -> str:
    """Return the codes of a selection, one after the other."""
    return ", ".join(map(name_of, codes.values()))


def dimension_of(result: Result) -> str:
    """Return what a share is a category of, apart from what it shares with its base."""
    within = {name for name, _ in result.base.within}
    names = [name for name, _ in result.category if name not in within]
    return " and ".join(_DIMENSIONS.get(name, name) for name in names)


def sentence(text: str) -> str:
    """Return a text with a capital at the start and a full stop at the end.

    Examples
    --------
    >>> sentence("2 suspects in the EU"), sentence("")
    ('2 suspects in the EU.', '')
    """
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
