"""Names of numbers, categories and areas in words, for titles and reports."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from thbstats import languages
from thbstats.errors import UnknownName
from thbstats.geography import COMPOSITIONS, Area, composition_on, country_name
from thbstats.languages import CountryName, Message, Plural, capitalised, joined
from thbstats.panel.kind import VICTIMS, CountKind, ResultKind, dimension_label
from thbstats.records import KINDS, schema_of
from thbstats.values import Period
from thbstats.vocabulary import (
    CitizenshipGroup,
    Code,
    CooperationBody,
    CooperationKind,
    Offence,
    VictimStatus,
    code_text,
    dimension_text,
)

if TYPE_CHECKING:
    from thbstats.panel.result import Result

Item = TypeVar("Item")

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

_STAGES = {
    ("recorded", "offences"): (Message("recorded offences"), Message("recorded offence")),
    ("suspected", "persons"): (Message("suspects"), Message("suspect")),
    ("investigated", "cases"): (Message("investigations"), Message("investigation")),
    ("prosecuted", "prosecutions"): (Message("prosecutions"), Message("prosecution")),
    ("convicted", "convictions"): (Message("convictions"), Message("conviction")),
    ("investigated", "persons"): (Message("persons investigated"), Message("person investigated")),
    ("prosecuted", "persons"): (Message("persons prosecuted"), Message("person prosecuted")),
    ("prosecuted", "cases"): (Message("cases prosecuted"), Message("case prosecuted")),
    ("convicted", "persons"): (Message("persons convicted"), Message("person convicted")),
}
"""Plural and singular of counts at a stage of justice, by unit."""

KIND_TITLES = {
    "victims": Message("Victims of trafficking"),
    "justice": Message("Criminal justice counts"),
    "protection": Message("Protection of victims"),
    "cooperation": Message("Cross-border cooperation"),
}
_COMPOSITIONS = {
    "EU27_2020": Message("EU27 (from 2020)"),
    "EU27_2007": Message("EU27 (2007 to 2013)"),
}
_REGIONS = "citizens_of_"
"""The start of topics that are regions of citizenship."""

_BODIES = tuple(body.label for body in CooperationBody)
_ARTICLE = re.compile(
    "^(United|Netherlands|Bahamas|Gambia|Comoros|Maldives|Philippines|Holy|Isle)"
    "|Islands|Republic|Territor"
)
"""Parts of the names of countries that have an article in English."""

LISTED = 4
"""The label of an area lists so many countries."""


def lowered(text: str) -> str:
    """Return a text with a small letter at the start, unless it starts with a proper noun."""
    return text if text.startswith(_BODIES) else languages.lowered(text)


def sentence(text: str) -> str:
    """Return a text with a capital at the start and a full stop at the end."""
    text = text.removesuffix(".") if text.endswith(".") else text
    return Message("{text}.", text=capitalised(text)) if text else ""


def grouped(items: Iterable[Item], key: Callable[[Item], object]) -> list[list[Item]]:
    """Return items in groups with the same key, in the order of the first of each group."""
    groups: dict[object, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def name_of(code: str) -> str:
    """Return the name of a country, or the label of a category."""
    if code in set(CitizenshipGroup) - {CitizenshipGroup.TOTAL, CitizenshipGroup.UNKNOWN}:
        return CitizenshipGroup(code).label
    if code in set(CooperationBody):
        return CooperationBody(code).label
    return country_or_code(code) if code.isupper() else code_text(code)


def names_of(codes: Mapping[str, str]) -> str:
    """Return the names of the categories of a selection."""
    return joined(map(name_of, codes.values()), ", ")


def country_or_code(code: str) -> str:
    """Return the name of a country, or another code as it is."""
    try:
        return country_name(code)
    except UnknownName:
        return code


def with_article(name: str) -> str:
    """Return the name of a country as sentences contain it, such as "the Netherlands"."""
    if isinstance(name, CountryName) and _ARTICLE.search(name):
        return CountryName(f"the {name}", name.code)
    return name


def countries_text(codes: Iterable[str]) -> str:
    """Return the names of countries in alphabetical order."""
    return joined(sorted(map(country_or_code, codes)))


@cache
def _code_lists() -> Mapping[str, type[Code]]:
    """Return the code list of each dimension that has one."""
    dimensions = (own for kind in KINDS for own in schema_of(kind).dimensions)
    return {own.name: own.vocabulary for own in dimensions if own.vocabulary is not None}


def category_name(dimension: str, code: str) -> str:
    """Return the name of a category as the subject of a share."""
    if (dimension, code) in _CATEGORIES:
        return _CATEGORIES[dimension, code]
    if code == "unknown":
        return Message("Unknown {dimension}", dimension=dimension_label([dimension]))
    codes = _code_lists().get(dimension)
    if codes is not None and code in set(codes):
        return codes(code).label
    name = name_of(code)
    is_country = dimension == "citizenship" and name != code
    if not is_country:
        return capitalised(name)
    return Message("Citizens of {country}", country=with_article(name))


def categories_name(categories: Mapping[str, str]) -> str:
    """Return the name of persons in several categories as the subject of a share."""
    own, parts = dict(categories), list[str]()
    person = _PERSONS.get((own.get("age", ""), own.get("sex", "")))
    region = own.get("topic", "").partition(_REGIONS)[2]
    if person:
        parts.append(person)
    if region:
        name = region.replace("_", " ").title()
        parts.append(Message("Citizens of {country}", country=name))
    hidden = ("age", "sex") * bool(person) + ("topic", "citizenship") * bool(region)
    parts += [category_name(*pair) for pair in own.items() if pair[0] not in hidden]
    if not parts:
        return ""
    # "Women (adult)" and "sexual exploitation" share one pair of brackets.
    adult = [Message("adult")] * (person is not None and own.get("age") == "adult")
    others = [joined(map(lowered, parts[1:]))] * (len(parts) > 1)
    inside = joined([*adult, *others], ", ")
    return Message("{text} ({others})", text=parts[0], others=inside) if inside else parts[0]


def dimension_name(name: str) -> str:
    """Return the label of a dimension."""
    return Message("age group") if name == "age" else dimension_text(name)


def short_dimension(name: str) -> str:
    """Return the noun of a dimension in a phrase such as "a known form"."""
    short = {"exploitation": Message("form"), "age": Message("age")}
    return short.get(name) or dimension_name(name)


def unit_name(kind: CountKind) -> str:
    """Return the plural noun of a kind of count."""
    return _nouns(kind)[0] or kind.label


def quantity_name(result: "Result") -> str:
    """Return the name of a number of any kind."""
    kinds = result.numerator_kind, result.denominator_kind
    several, single = _nouns(kinds[0])[0], _nouns(kinds[1])
    if result.kind is ResultKind.SHARE:
        return _share_name(result)
    if result.kind is ResultKind.COUNT and several:
        for dimension, code in result.category:
            label = lowered(category_name(dimension, str(code)))
            if dimension == "exploitation":
                several = Message("{counted} of {form}", counted=several, form=label)
            else:
                several = joined((several, label), ", ")
        return capitalised(several)
    if result.kind in (ResultKind.RATIO, ResultKind.PER_100) and several and single[0]:
        # Two counts of the use of services name it once.
        is_shared = all(kind.get("offence") == Offence.USE_OF_SERVICES for kind in kinds)
        if is_shared:
            several, single = (_nouns(kinds[0], False)[0], _nouns(kinds[1], False))
        if result.kind is ResultKind.RATIO:
            text = Message("{counted} per {unit}", counted=several, unit=single[1])
        else:
            text = Message("{counted} per 100 {units}", counted=several, units=single[0])
        return capitalised(
            Message("{counted} (use of services)", counted=text) if is_shared else text
        )
    return capitalised(result.estimand)


def _share_name(result: "Result") -> str:
    """Return the category of a share and its denominator."""
    within, kind = dict(result.base.within), result.numerator_kind
    own = {name: str(code) for name, code in result.category if name not in within}
    noun = unit_name(kind)
    if kind.kind != "victims":
        own = {name: code for name, code in own.items() if name not in ("offence", "stage")}
        is_justice = kind.kind == "justice" and own
        name = categories_name(own) if is_justice else capitalised(name_of(result.label))
        return Message("{category}, share of {counted}", category=name, counted=noun)
    is_area = result.label == result.area.code and not own
    person = {"age": within["age"]} if "sex" in own and "age" in within else {}
    name = categories_name(own | person) or name_of(result.label)
    if set(within) == {"exploitation"}:
        forms = joined(lowered(category_name("exploitation", code)) for code in within.values())
        whole: str = Message("victims of {form}", form=forms)
    elif within:
        whole = lowered(categories_name(within))
    elif result.base.rule == "all":
        whole = kind.with_further(Message("all victims"))
    elif result.base.rule == "known":
        known = joined(map(short_dimension, own))
        whole = kind.with_further(Message("victims with a known {dimension}", dimension=known))
    else:
        return name
    if is_area:
        area = area_label(result.area)
        return Message("{category}, share of {counted}", category=area, counted=whole)
    return Message("{category}, of {counted}", category=name, counted=whole)


def _nouns(kind: CountKind, has_services: bool = True) -> tuple[str, str]:
    """Return the plural and the singular of a kind of count, with the attributes of users."""
    plural = single = ""
    stage, unit = kind.get("stage"), kind.get("unit") or ""
    body, action = kind.get("body"), kind.get("kind")
    if kind.kind == "victims":
        plural, single = VICTIMS[VictimStatus(kind.get("status") or "not_stated")]
    elif kind.kind == "justice" and stage:
        plural, single = stage_nouns(stage, unit)
        if has_services and kind.get("offence") == Offence.USE_OF_SERVICES:
            plural, single = (
                Message("{counted} (use of services)", counted=own) for own in (plural, single)
            )
    elif kind.kind == "cooperation" and body and action:
        action = lowered(CooperationKind(action).label)
        plural = Message("{body} {kind}", body=CooperationBody(body).label, kind=action)
        single = plural.removesuffix("s")
    return (kind.with_further(plural), kind.with_further(single)) if plural else ("", "")


def stage_nouns(stage: str, unit: str = "") -> tuple[str, str]:
    """Return plural and singular of counts at a stage of justice; by default in the usual unit."""
    if unit in ("", "not_stated"):
        return next((nouns for key, nouns in _STAGES.items() if key[0] == stage), (stage, stage))
    plural = Message("{unit} {stage}", unit=code_text(unit), stage=code_text(stage))
    single = plural.replace("persons", "person").replace("cases", "case")
    return _STAGES.get((stage, unit), (plural, single))


def area_of(members: Iterable[str], period: Period | None = None) -> Area:
    """Return the area of some countries: a composition of the EU if they are its members.

    With a period, former Member States are left out: the EU of 2022 has 27 members in a table with
    the United Kingdom.
    """
    area = Area.from_countries(members)
    if period is not None and period.end is not None:
        ever = frozenset[str]().union(*(own.members for own in COMPOSITIONS.values()))
        union = composition_on(period.end) if period.end.year >= 1958 else area
        if union.members <= area.members <= ever:
            return union
    return next((known for known in COMPOSITIONS.values() if known == area), area)


def area_label(area: Area) -> str:
    """Return the name of an area in words, or the number of its countries if it has many."""
    whole, without, countries = area.code.partition(" without ")
    if without:
        own = {"area": area_label(Area.parse(whole)), "countries": countries}
        return Message("{area} without {countries}", **own)
    if area.code in COMPOSITIONS:
        return _COMPOSITIONS.get(area.code, area.code)
    if len(area.members) == 1:
        return area.label
    if area.code != "+".join(sorted(area.members)):
        return area.short_name
    size = len(area.members)
    if size <= LISTED:
        return countries_text(area.members)
    if area.members == area.countries:
        return Plural("{n} country", "{n} countries", size, n=size)
    return Plural("{n} area", "{n} areas", size, n=size)
