"""Names of numbers, categories and areas in words, for titles and reports."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from thbstats.errors import UnknownName
from thbstats.geography import COMPOSITIONS, Area, composition_on, country_name
from thbstats.panel.kind import CountKind, ResultKind, dimension_label
from thbstats.records import KINDS, schema_of
from thbstats.values import Period
from thbstats.vocabulary import (
    CitizenshipGroup,
    Code,
    CooperationBody,
    CooperationKind,
    Offence,
    VictimStatus,
)

if TYPE_CHECKING:
    from thbstats.panel.result import Result

Item = TypeVar("Item")

_CATEGORIES = {
    ("sex", "female"): "Women and girls",
    ("sex", "male"): "Men and boys",
    ("sex", "other"): "Other sex",
    ("age", "child"): "Children",
    ("age", "adult"): "Adults",
    ("citizenship", "eu"): "EU citizens",
    ("citizenship", "non_eu"): "Non-EU citizens",
    ("citizenship", "other_eu"): "Citizens of other EU countries",
    ("citizenship", "reporting_country"): "Citizens of the reporting country",
    ("citizenship", "stateless"): "Stateless persons",
    ("movement", "internal"): "Internal trafficking",
    ("movement", "cross_border"): "Cross-border trafficking",
}
_PERSONS = {
    ("adult", "female"): "Women (adult)",
    ("adult", "male"): "Men (adult)",
    ("child", "female"): "Girls",
    ("child", "male"): "Boys",
}
"""Names of persons by age and sex."""

_STAGES = {
    ("recorded", "offences"): ("recorded offences", "recorded offence"),
    ("suspected", "persons"): ("suspects", "suspect"),
    ("investigated", "cases"): ("investigations", "investigation"),
    ("prosecuted", "prosecutions"): ("prosecutions", "prosecution"),
    ("convicted", "convictions"): ("convictions", "conviction"),
}
"""Plural and singular of counts at a stage of justice, by unit."""

KIND_TITLES = {
    "victims": "Victims of trafficking",
    "justice": "Criminal justice counts",
    "protection": "Protection of victims",
    "cooperation": "Cross-border cooperation",
}
_COMPOSITIONS = {"EU27_2020": "EU27 (from 2020)", "EU27_2007": "EU27 (2007 to 2013)"}
_REGIONS = "citizens_of_"
"""The start of topics that are regions of citizenship."""

_BODIES = tuple(body.label for body in CooperationBody)
_SERVICES = " (use of services)"
LISTED = 4
"""The label of an area lists so many countries."""


def capitalised(text: str) -> str:
    """Return a text with a capital at the start."""
    return f"{text[:1].upper()}{text[1:]}"


def lowered(text: str) -> str:
    """Return a text with a small letter at the start, unless it starts with a proper noun."""
    is_proper = text[1:2].isupper() or text.startswith(_BODIES)
    return text if is_proper else f"{text[:1].lower()}{text[1:]}"


def sentence(text: str) -> str:
    """Return a text with a capital at the start and a full stop at the end."""
    return f"{capitalised(text).rstrip('.')}." if text else ""


def joined(texts: Iterable[str], last: str = " and ") -> str:
    """Return all texts as one list."""
    *first, end = [*texts] or [""]
    return f"{', '.join(first)}{last}{end}" if first else end


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
    return country_or_code(code) if code.isupper() else code.replace("_", " ")


def names_of(codes: Mapping[str, str]) -> str:
    """Return the names of the categories of a selection."""
    return ", ".join(map(name_of, codes.values()))


def country_or_code(code: str) -> str:
    """Return the name of a country, or another code as it is."""
    try:
        return country_name(code)
    except UnknownName:
        return code


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
        return f"Unknown {dimension_label([dimension])}"
    codes = _code_lists().get(dimension)
    if codes is not None and code in set(codes):
        return codes(code).label
    name = name_of(code)
    is_country = dimension == "citizenship" and name != code
    return f"Citizens of {name}" if is_country else capitalised(name)


def categories_name(categories: Mapping[str, str]) -> str:
    """Return the name of persons in several categories as the subject of a share."""
    own, parts = dict(categories), list[str]()
    person = _PERSONS.get((own.get("age", ""), own.get("sex", "")))
    region = own.get("topic", "").partition(_REGIONS)[2]
    if person:
        parts.append(person)
    if region:
        parts.append(f"Citizens of {region.replace('_', ' ').title()}")
    hidden = ("age", "sex") * bool(person) + ("topic", "citizenship") * bool(region)
    parts += [category_name(*pair) for pair in own.items() if pair[0] not in hidden]
    if not parts:
        return ""
    # "Women (adult)" and "sexual exploitation" share one pair of brackets.
    first, _, inside = parts[0].removesuffix(")").partition(" (")
    others = joined(map(lowered, parts[1:]))
    inside = ", ".join(filter(None, [inside, others]))
    return f"{first} ({inside})" if inside else first


def dimension_name(name: str) -> str:
    """Return the label of a dimension."""
    labels = {"exploitation": "form of exploitation", "age": "age group"}
    return labels.get(name, name.replace("_", " "))


def short_dimension(name: str) -> str:
    """Return the noun of a dimension in a phrase such as "a known form"."""
    return {"exploitation": "form", "age": "age"}.get(name, dimension_name(name))


def unit_name(kind: CountKind) -> str:
    """Return the plural noun of a kind of count."""
    return _nouns(kind)[0] or kind.label


def quantity_name(result: "Result") -> str:
    """Return the name of a number of any kind."""
    several, single = _nouns(result.numerator_kind)[0], _nouns(result.denominator_kind)
    if result.kind is ResultKind.SHARE:
        return _share_name(result)
    if result.kind is ResultKind.COUNT and several:
        for dimension, code in result.category:
            label = lowered(category_name(dimension, str(code)))
            several += f" of {label}" if dimension == "exploitation" else f", {label}"
        return capitalised(several)
    if result.kind in (ResultKind.RATIO, ResultKind.PER_100) and several and single[0]:
        shared = _SERVICES if several.endswith(_SERVICES) and single[0].endswith(_SERVICES) else ""
        several = several.removesuffix(shared)
        unit = single[1] if result.kind is ResultKind.RATIO else f"100 {single[0]}"
        return capitalised(f"{several} per {unit.removesuffix(shared)}{shared}")
    return capitalised(result.estimand)


def _share_name(result: "Result") -> str:
    """Return the category of a share and its denominator."""
    within, kind = dict(result.base.within), result.numerator_kind
    own = {name: str(code) for name, code in result.category if name not in within}
    noun, further = unit_name(kind), kind.further
    if kind.kind != "victims":
        own = {name: code for name, code in own.items() if name not in ("offence", "stage")}
        is_justice = kind.kind == "justice" and own
        name = categories_name(own) if is_justice else capitalised(name_of(result.label))
        return f"{name}, share of {noun}"
    if result.label == result.area.code and not own:
        name = f"{area_label(result.area)}, share of"
    else:
        person = {"age": within["age"]} if "sex" in own and "age" in within else {}
        name = f"{categories_name(own | person) or name_of(result.label)}, of"
    if set(within) == {"exploitation"}:
        forms = (lowered(category_name("exploitation", code)) for code in within.values())
        return f"{name} victims of {joined(forms)}"
    if within:
        return f"{name} {lowered(categories_name(within))}"
    if result.base.rule == "all":
        return f"{name} all victims{further}"
    if result.base.rule != "known":
        return name.removesuffix(", of")
    return f"{name} victims with a known {joined(map(short_dimension, own))}{further}"


def _nouns(kind: CountKind) -> tuple[str, str]:
    """Return the plural and the singular of a kind of count, with the attributes of users."""
    plural = single = ""
    stage, unit = kind.get("stage"), kind.get("unit") or ""
    body, action = kind.get("body"), kind.get("kind")
    if kind.kind == "victims":
        status = kind.get("status") or "not_stated"
        start = "" if status == "not_stated" else f"{VictimStatus(status).label.lower()} "
        plural, single = f"{start}victims", f"{start}victim"
    elif kind.kind == "justice" and stage:
        plural, single = stage_nouns(stage, unit)
        if kind.get("offence") == Offence.USE_OF_SERVICES:
            plural, single = f"{plural}{_SERVICES}", f"{single}{_SERVICES}"
    elif kind.kind == "cooperation" and body and action:
        plural = f"{CooperationBody(body).label} {CooperationKind(action).label.lower()}"
        single = plural.removesuffix("s")
    return (f"{plural}{kind.further}", f"{single}{kind.further}") if plural else ("", "")


def stage_nouns(stage: str, unit: str = "") -> tuple[str, str]:
    """Return plural and singular of counts at a stage of justice; by default in the usual unit."""
    if unit in ("", "not_stated"):
        return next((nouns for key, nouns in _STAGES.items() if key[0] == stage), (stage, stage))
    plural = f"{unit.replace('_', ' ')} {stage}"
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
    if area.code in COMPOSITIONS:
        return _COMPOSITIONS.get(area.code, area.code)
    if len(area.members) == 1:
        return area.label
    if area.code != "+".join(sorted(area.members)):
        return area.short_name
    size, noun = len(area.members), "countries" if area.members == area.countries else "areas"
    return countries_text(area.members) if size <= LISTED else f"{size} {noun}"
