"""Countries and dissolved states with codes, names and demonyms.

A renamed country is the present country, and its old name a synonym. A state whose people are now
citizens of several states keeps a code of ISO 3166-3, because one successor would be a guess.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from attrs import frozen

# Columns with several texts separated by "|".
_LISTS = {"synonyms", "translations", "demonyms", "variants", "successors", "parts", "members"}


@frozen(kw_only=True)
class Country:
    """Country or territory of ISO 3166-1, Kosovo, or a dissolved state.

    The former name of a renamed state (Burma, Zaire, Swaziland) is a synonym. A dissolved state
    with several successors (Serbia and Montenegro, the Soviet Union) has its own code, because
    its figures cannot be assigned to a successor.

    Parameters
    ----------
    code : str
        Code of Eurostat: ``EL`` for Greece, ``UK`` for the United Kingdom, else
        ISO 3166-1 alpha-2; ``XK`` for Kosovo. Dissolved states have the four letters of
        ISO 3166-3 (``CSXX``); ``SDHH`` (Sudan before 2011) is defined by this library.
    iso2, iso3 : str
        ISO 3166-1 alpha-2 and alpha-3 (user-assigned ``XK`` and ``XKX`` for Kosovo), withdrawn
        ones for dissolved states. ``""`` for ``SDHH``: Sudan has the old codes.
    m49 : str
        Three digits of the United Nations' M49; for Taiwan, which is not in M49, those of
        ISO 3166-1. `parse_country` does not accept it: a number in a column of names is probably
        a count.
    name : str
        English short name.
    synonyms : tuple of str
        Other English names, including former names.
    translations : tuple of str
        Names in other languages, mainly French and Spanish.
    demonyms : tuple of str
        Names of nationals; plurals with ``s`` are accepted.
    variants : tuple of str
        Misspelt demonyms of a published file, checked to be unambiguous.
    first, last : datetime.date or None
        First and last day of a dissolved state.
    successors : tuple of str
        Codes of the countries on the territory of a dissolved state.

    References
    ----------
    ISO 3166-1 and 3166-3; United Nations Statistics Division, Standard country or area codes for
    statistical use (M49); UNODC, GLOTIP data of 14 April 2025 (the variants).
    """

    code: str
    iso2: str
    iso3: str
    m49: str
    name: str
    synonyms: tuple[str, ...] = ()
    translations: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    successors: tuple[str, ...] = ()


@cache
def read_countries() -> tuple[Country, ...]:
    """Return the current countries, in the order of codes.

    Examples
    --------
    >>> len(read_countries())
    250
    """
    return tuple(Country(**row) for row in read_rows("countries.csv"))


@cache
def read_dissolved_states() -> tuple[Country, ...]:
    """Return the dissolved states, in the order of codes.

    Examples
    --------
    >>> [state.name for state in read_dissolved_states() if "RS" in state.successors]
    ['Serbia and Montenegro', 'Yugoslavia']
    """
    return tuple(Country(**row) for row in read_rows("dissolved.csv"))


def read_rows(name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file of the package, with lists and days."""
    # Imported here because the import is slow.
    from importlib.resources import files

    text = files("thbstats.geography").joinpath(name).read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        lists = {name: tuple(filter(None, row[name].split("|"))) for name in _LISTS & row.keys()}
        days = {name: date.fromisoformat(row[name]) for name in ("first", "last") if name in row}
        yield {**row, **lists, **days}


@frozen(kw_only=True)
class Region:
    """Region or sub-region of M49.

    Antarctica, Kosovo and Taiwan are in no region of M49.

    Parameters
    ----------
    m49 : str
        Three digits.
    name : str
        English name. The sub-region Micronesia is "Micronesia (region)", because a country has
        the same name.
    synonyms : tuple of str
        Other English names.
    parts : tuple of str
        M49 codes of the sub-regions; empty for a region of countries.
    members : frozenset of str
        Country codes.

    References
    ----------
    United Nations Statistics Division, Standard country or area codes for statistical use (M49).
    The regions equal those of all 198 countries in UNODC's GLOTIP data of 14 April 2025.
    """

    m49: str
    name: str
    synonyms: tuple[str, ...]
    parts: tuple[str, ...]
    members: frozenset[str]


@cache
def read_regions() -> Mapping[str, Region]:
    """Return the regions by M49 code; a region precedes its sub-regions.

    Examples
    --------
    >>> sorted(read_regions()["155"].members)
    ['AT', 'BE', 'CH', 'DE', 'FR', 'LI', 'LU', 'MC', 'NL']
    """
    rows = {row["m49"]: row for row in read_rows("regions.csv")}

    def members(code: str) -> frozenset[str]:
        return frozenset(rows[code]["members"]).union(*map(members, rows[code]["parts"]))

    return MappingProxyType(
        {code: Region(**{**row, "members": members(code)}) for code, row in rows.items()}
    )
