"""Countries: codes, names and the other ways in which sources write them."""

import csv
import unicodedata
from functools import cache

from attrs import frozen

from thbstats.errors import UnknownName, did_you_mean

__all__ = ["Country", "country_name", "parse_country", "read_countries"]


@frozen(kw_only=True)
class Country:
    """A country or territory of ISO 3166-1, or Kosovo.

    Parameters
    ----------
    code : str
        Our code, as Eurostat writes it: ``EL`` for Greece, ``UK`` for the United Kingdom, else
        ISO 3166-1 alpha-2; ``XK`` for Kosovo.
    iso2, iso3 : str
        ISO 3166-1 alpha-2 and alpha-3 (user-assigned ``XK`` and ``XKX`` for Kosovo).
    name : str
        English short name.
    synonyms : tuple of str
        Other names that `parse_country` accepts.
    """

    code: str
    iso2: str
    iso3: str
    name: str
    synonyms: tuple[str, ...] = ()


@cache
def read_countries() -> tuple[Country, ...]:
    """Return every country, in the order of the codes; the file is read at the first call.

    Examples
    --------
    >>> len(read_countries())
    250
    """
    # Imported here because it costs more than everything else in this module.
    from importlib.resources import files

    text = files("thbstats.geography").joinpath("countries.csv").read_text(encoding="utf-8")
    return tuple(_country(row) for row in csv.DictReader(text.splitlines()))


def country_name(code: str) -> str:
    """Return the English short name of a country, however it is written.

    Parameters
    ----------
    code : str
        A code or a name, as `parse_country` reads it.

    Returns
    -------
    str
        The name.

    Raises
    ------
    UnknownName
        If no country is written so.

    Examples
    --------
    >>> country_name("EL")
    'Greece'
    """
    return _names()[parse_country(code)]


def parse_country(text: str) -> str:
    """Return our code of a country.

    Parameters
    ----------
    text : str
        Our code, an ISO 3166-1 code (two or three letters), the short name or a synonym; case,
        accents, punctuation and the article do not matter.

    Returns
    -------
    str
        The code as Eurostat writes it.

    Raises
    ------
    UnknownName
        If no country is written so.

    Examples
    --------
    >>> [parse_country(text) for text in ("GR", "grc", "Greece", "Viet Nam", "Great Britain")]
    ['EL', 'EL', 'EL', 'VN', 'UK']
    """
    code = _spellings().get(_plain(text))
    if code is None:
        known = did_you_mean(text, [country.name for country in read_countries()])
        raise UnknownName("not a country", value=text, mend=known)
    return code


def _country(row: dict[str, str]) -> Country:
    synonyms = tuple(filter(None, row.pop("synonyms").split("|")))
    return Country(**row, synonyms=synonyms)


def _plain(text: object) -> str:
    letters = unicodedata.normalize("NFKD", str(text)).casefold().replace("&", " and ")
    bare = "".join(
        letter if letter.isalnum() else " "
        for letter in letters
        if not unicodedata.combining(letter)
    )
    return " ".join("saint" if word == "st" else word for word in bare.split() if word != "the")


@cache
def _names() -> dict[str, str]:
    return {country.code: country.name for country in read_countries()}


@cache
def _spellings() -> dict[str, str]:
    return {
        _plain(spelling): country.code
        for country in read_countries()
        for spelling in (
            country.code,
            country.iso2,
            country.iso3,
            country.name,
            *country.synonyms,
        )
    }
