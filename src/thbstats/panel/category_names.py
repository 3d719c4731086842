"""Categories, countries and groups in words."""

import re
from collections.abc import Mapping
from functools import cache

from thbstats import languages
from thbstats.errors import UnknownName
from thbstats.geography import country_name, read_regions
from thbstats.languages import CountryName, Label, Message, capitalised, joined
from thbstats.records import KINDS, schema_of
from thbstats.vocabulary import (
    BUNDLED,
    CitizenshipGroup,
    Code,
    CooperationBody,
    bundled_classification,
    code_text,
    dimension_text,
)

_CATEGORIES = {
    ("sex", "female"): Message("Women and girls"),
    ("sex", "male"): Message("Men and boys"),
    ("sex", "other"): Message("Other sex"),
    ("age", "child"): Message("Children"),
    ("age", "adult"): Message("Adults"),
    ("citizenship", "eu"): Message("EU citizens"),
    ("citizenship", "non_eu"): Message("Non-EU citizens"),
    ("citizenship", "other_eu"): Message("Citizens of other EU countries"),
    ("citizenship", "reporting_country"): Message("Citizens of the reporting country"),
    ("citizenship", "stateless"): Message("Stateless persons"),
    ("topic", "arrivals"): Message("Arrivals"),
    ("topic", "countries_with_both_years"): Message("Countries with both years"),
    ("movement", "internal"): Message("Internal trafficking"),
    ("movement", "cross_border"): Message("Cross-border trafficking"),
}
_PERSONS = {
    ("adult", "female"): Message("Women"),
    ("adult", "male"): Message("Men"),
    ("child", "female"): Message("Girls"),
    ("child", "male"): Message("Boys"),
}
"""Names of persons by age and sex."""

REGIONS = "citizens_of_"
"""The start of topics that are regions of citizenship."""

_BODIES = tuple(body.label for body in CooperationBody)
_ARTICLE = re.compile(
    "^(United|Netherlands|Bahamas|Gambia|Comoros|Maldives|Philippines|Holy|Isle)"
    "|Islands|Republic|Territor"
)
"""Parts of the names of countries that have an article in English."""


def lowered(text: str) -> str:
    """Return a text with a small letter at the start, unless it starts with a proper noun."""
    return text if text.startswith(_BODIES) else languages.lowered(text)


def name_of(code: str) -> str:
    """Return the name of a country, or the label of a category."""
    if code in set(CitizenshipGroup) - {CitizenshipGroup.TOTAL, CitizenshipGroup.UNKNOWN}:
        return CitizenshipGroup(code).label
    if code in set(CooperationBody):
        return CooperationBody(code).label
    return country_or_code(code) if code.isupper() else code_text(code)


def country_or_code(code: str) -> str:
    """Return the name of a country; another code is returned unchanged."""
    try:
        return country_name(code)
    except UnknownName:
        return code


def with_article(name: str) -> str:
    """Return the name of a country with its article, such as "the Netherlands"."""
    if isinstance(name, CountryName) and _ARTICLE.search(name):
        return CountryName(f"the {name}", name.code)
    return name


@cache
def _code_lists() -> Mapping[str, type[Code]]:
    """Return the code list of each dimension that has one."""
    dimensions = (own for kind in KINDS for own in schema_of(kind).dimensions)
    return {own.name: own.vocabulary for own in dimensions if own.vocabulary is not None}


def category_name(dimension: str, code: str) -> str:
    """Return the name of a category as the subject of a share."""
    if (dimension, code) in _CATEGORIES:
        return _CATEGORIES[dimension, code]
    if dimension == "topic" and code.startswith(REGIONS):
        area = code.removeprefix(REGIONS).replace("_", " ").title()
        known = (own.m49 for own in read_regions().values() if own.name.startswith(area))
        return Message("Citizens of {country}", country=CountryName(area, next(known, "")))
    if code == "unknown":
        return Message("Unknown {dimension}", dimension=dimension_text(dimension))
    codes = _code_lists().get(dimension)
    if codes is not None and code in set(codes):
        return codes(code).label
    if codes is None and dimension in BUNDLED:  # a further dimension of the library
        own = bundled_classification(dimension)
        if code in own.codes:
            return Label(own[code].label, own[code].labels)
    name = name_of(code)
    is_country = dimension == "citizenship" and name != code
    if not is_country:
        return capitalised(name)
    return Message("Citizens of {country}", country=with_article(name))


def categories_name(categories: Mapping[str, str]) -> str:
    """Return the name of persons in several categories as the subject of a share."""
    first, *others = _category_parts(categories) or [""]
    inside = joined(others, ", ")
    return Message("{text} ({others})", text=first, others=inside) if inside else first


def listed_categories(categories: Mapping[str, str]) -> str:
    """Return the name of persons in several categories within brackets."""
    first, *others = _category_parts(categories) or [""]
    return joined((lowered(first), *others), ", ")


def _category_parts(categories: Mapping[str, str]) -> list[str]:
    """Return the name of persons, and their further categories with small letters."""
    own, parts = dict(categories), list[str]()
    person = _PERSONS.get((own.get("age", ""), own.get("sex", "")))
    is_region = own.get("topic", "").startswith(REGIONS)
    if person:
        parts.append(person)
    hidden = ("age", "sex") * bool(person) + ("citizenship",) * is_region
    parts += [category_name(*pair) for pair in own.items() if pair[0] not in hidden]
    # "Women (adult)" and "sexual exploitation" share one pair of brackets.
    adult = [Message("adult")] * (person is not None and own.get("age") == "adult")
    others = [joined(map(lowered, parts[1:]), ", ")] * (len(parts) > 1)
    return [*parts[:1], *adult, *others]


def people_name(categories: Mapping[str, str]) -> str:
    """Return the name of persons in several categories within a sentence."""
    return lowered(categories_name(categories))


def dimension_name(name: str) -> str:
    """Return the label of a dimension."""
    return Message("age group") if name == "age" else dimension_text(name)


def short_dimension(name: str) -> str:
    """Return the noun of a dimension in a phrase such as "a known form"."""
    short = {"exploitation": Message("form"), "age": Message("age")}
    return short.get(name) or dimension_name(name)
