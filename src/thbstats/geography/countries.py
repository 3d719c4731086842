"""Countries and dissolved states: their codes, names and nationals as sources write them."""

import csv
from datetime import date
from functools import cache
from typing import Any

from attrs import frozen

__all__ = ["Country", "read_countries", "read_dissolved_states"]

# Columns that hold several texts, one after the other.
_LISTS = ("synonyms", "translations", "demonyms", "variants", "successors")


@frozen(kw_only=True)
class Country:
    """A country or territory of ISO 3166-1, Kosovo, or a state that is no more.

    A state that only changed its name (Burma, Zaire, Swaziland) is the country of today; the old
    name is a synonym. A state whose people are now citizens of other states (Serbia and
    Montenegro, the Soviet Union) has a code of its own, because nobody can tell to which of them
    a figure belongs.

    Parameters
    ----------
    code : str
        Our code, as Eurostat writes it: ``EL`` for Greece, ``UK`` for the United Kingdom, else
        ISO 3166-1 alpha-2; ``XK`` for Kosovo. Dissolved states have their four letters of
        ISO 3166-3 (``CSXX``); ``SDHH``, Sudan before 2011, is ours.
    iso2, iso3 : str
        ISO 3166-1 alpha-2 and alpha-3 (user-assigned ``XK`` and ``XKX`` for Kosovo), withdrawn
        ones for dissolved states. ``""`` for ``SDHH``: Sudan kept its codes.
    m49 : str
        Three digits of the United Nations' M49; for Taiwan, which is not in M49, those of
        ISO 3166-1. Not read by `parse_country`: a bare number in a column of names is rather a
        count in the wrong place.
    name : str
        English short name.
    synonyms : tuple of str
        Other names in English, former ones among them.
    translations : tuple of str
        Names in other languages: French and Spanish, and others where sources use them.
    demonyms : tuple of str
        What its nationals are called; the plural with ``s`` is understood.
    variants : tuple of str
        Misspelt demonyms that a published file repeats for several reporting countries,
        each checked to mean this country alone.
    first, last : datetime.date or None
        First and last day of a dissolved state of this name.
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
    """Return every country of today, in the order of the codes; read at the first call.

    Examples
    --------
    >>> len(read_countries())
    250
    """
    return _read("countries.csv")


@cache
def read_dissolved_states() -> tuple[Country, ...]:
    """Return every dissolved state, in the order of the codes; read at the first call.

    Examples
    --------
    >>> [state.name for state in read_dissolved_states() if "RS" in state.successors]
    ['Serbia and Montenegro', 'Yugoslavia']
    """
    return _read("dissolved.csv")


def _read(name: str) -> tuple[Country, ...]:
    # Imported here because it costs more than everything else in this module.
    from importlib.resources import files

    text = files("thbstats.geography").joinpath(name).read_text(encoding="utf-8")
    return tuple(_country(row) for row in csv.DictReader(text.splitlines()))


def _country(row: dict[str, Any]) -> Country:
    lists = {name: tuple(filter(None, row[name].split("|"))) for name in _LISTS if name in row}
    days = {name: date.fromisoformat(row[name]) for name in ("first", "last") if name in row}
    return Country(**(row | lists | days))
