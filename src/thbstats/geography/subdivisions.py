"""Regions within countries: codes of ISO 3166-2 and of NUTS."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from thbstats.errors import UnknownName
from thbstats.geography.countries import read_countries
from thbstats.geography.spellings import country_name, parse_country
from thbstats.languages import Message

_ISO = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")
_NUTS = re.compile(r"([A-Z]{2})([A-Z0-9]{1,3})")
# Countries with NUTS or statistical regions of the same levels, and the letters of their regions of
# level 1. All other codes have a digit.
_LETTERS = {
    **dict.fromkeys(("AT", "BE", "BG", "CY", "CZ", "DK", "EE", "EL", "ES", "FI", "HR", "HU"), ""),
    **dict.fromkeys(("IE", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"), ""),
    **dict.fromkeys(("AL", "CH", "IS", "LI", "ME", "MK", "NO", "RS"), ""),
    "DE": "ABCDEFG",
    "FR": "BCDEFGHIJKLMY",
    "IT": "CFGHI",
    "TR": "ABC",
    "UK": "CDEFGHIJKLMN",
}


def parse_region(text: str) -> str | None:
    """Return the code of a region of a country; ``None`` for other texts.

    Only the form and the country of a code are checked: no list of regions is needed. A code of
    ISO 3166-2 has a hyphen (``DE-BY``), a code of NUTS has none (``DE21``, with ``EL`` and ``UK``
    for Greece and the United Kingdom). Upper case is required, so that no name becomes a code.

    Examples
    --------
    >>> [parse_region(text) for text in ("DE-BY", "PL-14", "DE21", "EL30", "GR30", "XX-1", "de-by")]
    ['DE-BY', 'PL-14', 'DE21', 'EL30', None, None, None]
    """
    code = text.strip()
    return code if country_of(code) is not None else None


def parse_member(text: str) -> str:
    """Return the code of a country in any spelling, or of a region.

    Examples
    --------
    >>> parse_member("Greece"), parse_member("GR-A1")
    ('EL', 'GR-A1')
    """
    try:
        return parse_country(text)
    except UnknownName:
        region = parse_region(str(text))
        if region is None:
            raise
        return region


_OTHER_PREFIX = {"UK": "GB", "GB": "UK", "EL": "GR", "GR": "EL"}


def similar_region(text: str) -> str | None:
    """Return the code of a region with the other prefix of its country.

    ISO 3166-2 has ``GB`` and ``GR``, NUTS has ``UK`` and ``EL``.
    """
    return parse_region(_OTHER_PREFIX.get(text[:2], "") + text[2:])


def member_name(code: str) -> str:
    """Return the name of a country, or the code of a region with its country."""
    country = country_of(code)
    if country is None:
        return country_name(code)
    return Message("{region} ({country})", region=code, country=country_name(country))


@lru_cache(maxsize=1 << 12)
def country_of(code: str) -> str | None:
    """Return the country of a region; ``None`` if the code is not one of a region.

    Examples
    --------
    >>> country_of("GR-A1"), country_of("UKI3"), country_of("GB-ENG"), country_of("DE")
    ('EL', 'UK', 'UK', None)
    """
    if match := _ISO.fullmatch(code):
        return _by_iso2().get(match[1])
    match = _NUTS.fullmatch(code)
    if match is None or match[1] not in _LETTERS:
        return None
    own = match[2]
    is_letter = len(own) == 1 and own in _LETTERS[match[1]]
    return match[1] if is_letter or any(sign.isdecimal() for sign in own) else None


@cache
def _by_iso2() -> dict[str, str]:
    return {country.iso2: country.code for country in read_countries() if country.iso2}


def have_common_territory(first: str, second: str) -> bool:
    """Return whether two different countries or regions can have common inhabitants.

    True for a region and its country, for regions of NUTS if one code begins with the other, and
    for a region of NUTS and one of ISO 3166-2 in the same country. False for two regions of
    ISO 3166-2: a table contains regions of one level.
    """
    countries = country_of(first) or first, country_of(second) or second
    if countries[0] != countries[1]:
        return False
    if first in countries or second in countries:
        return True
    if "-" in first and "-" in second:
        return False
    return ("-" in first) != ("-" in second) or first.startswith(second) or second.startswith(first)


def may_overlap(first: Iterable[str], second: Iterable[str]) -> bool:
    """Return whether two sets of countries and regions can have common inhabitants.

    Examples
    --------
    >>> may_overlap({"DE", "FR"}, {"DE-BY"}), may_overlap({"DE-BE"}, {"DE-BY"})
    (True, False)
    """
    left, right = frozenset(first), frozenset(second)
    if not left.isdisjoint(right):
        return True
    regions = [code for code in left | right if country_of(code)]
    return any(
        have_common_territory(code, own)
        for code in regions
        for own in (right if code in left else left)
    )


def are_disjoint(members: Iterable[str]) -> bool:
    """Return whether no region belongs to another one of some countries and regions."""
    codes = sorted(members)
    regions = [code for code in codes if country_of(code)]
    return not any(
        code != other and have_common_territory(code, other) for code in regions for other in codes
    )


def outermost(members: Iterable[str]) -> frozenset[str]:
    """Return countries and regions, without regions that belong to another one of them.

    Examples
    --------
    >>> sorted(outermost(["DE", "DE-BY", "PL9", "PL91"]))
    ['DE', 'PL9']
    """
    codes = frozenset(members)

    def is_inside(code: str, other: str) -> bool:
        country = country_of(code)
        is_part = "-" not in code + other and len(other) > 2 and code.startswith(other)
        return code != other and country is not None and (other == country or is_part)

    return frozenset(code for code in codes if not any(is_inside(code, own) for own in codes))
