"""Names of numbers, categories and areas in words, for titles and reports."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from thbstats.geography import COMPOSITIONS, Area, composition_on
from thbstats.languages import Message, Plural, capitalised, joined
from thbstats.panel.category_names import (
    categories_name,
    category_name,
    country_or_code,
    lowered,
    name_of,
    people_name,
    short_dimension,
    with_article,
)
from thbstats.panel.kind import FLOW_RATIOS, ResultKind, category_label, count_label, ratio_name
from thbstats.values import Period

if TYPE_CHECKING:
    from thbstats.panel.result import Result

Item = TypeVar("Item")

_COMPOSITIONS = {
    "EU27_2020": Message("EU27 (from 2020)"),
    "EU27_2007": Message("EU27 (2007 to 2013)"),
}
LISTED = 4
"""The label of an area lists so many countries."""


def sentence(text: str) -> str:
    """Return a text with a capital at the start and a full stop at the end."""
    text = text.removesuffix(".") if text.endswith(".") else text
    return Message("{text}.", text=capitalised(text)) if text else ""


def grouped(items: Iterable[Item], key: Callable[[Item], object]) -> list[list[Item]]:
    """Return items in groups with the same key, in order of first appearance."""
    groups: dict[object, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def countries_text(codes: Iterable[str]) -> str:
    """Return the names of countries in alphabetical order, with their articles."""
    return joined(map(with_article, sorted(map(country_or_code, codes))))


def quantity_name(result: "Result") -> str:
    """Return the name of a number of any kind."""
    kinds = result.numerator_kind, result.denominator_kind
    if result.kind is ResultKind.SHARE:
        return _share_name(result)
    if result.kind is ResultKind.COUNT:
        return capitalised(count_label(kinds[0], categories_of(result).items()))
    if result.kind in FLOW_RATIOS:
        return capitalised(ratio_name(*kinds, result.kind))
    return capitalised(result.estimand)


def row_name(result: "Result") -> str:
    """Return the name of a number in a table with a title."""
    if result.kind in FLOW_RATIOS:
        return quantity_name(result)
    own = [pair for pair in result.category if pair not in {*result.base.within}]
    is_category = result.label == category_label(own) and own
    known = categories_of(result)
    names = {name: known[name] for name, _ in own}
    return categories_name(names) if is_category else result.label


def categories_of(result: "Result") -> dict[str, str]:
    """Return the categories of a number; own nationals are named by their country."""
    own, members = {name: str(code) for name, code in result.category}, result.area.members
    if own.get("citizenship") == "reporting_country" and len(members) == 1:
        (own["citizenship"],) = members
    return own


def _share_name(result: "Result") -> str:
    """Return the name of the category of a share, and the name of its denominator."""
    within, kind = dict(result.base.within), result.numerator_kind
    own = {name: code for name, code in categories_of(result).items() if name not in within}
    if kind.kind != "victims":
        own = {name: code for name, code in own.items() if name not in ("offence", "stage")}
        is_justice = kind.kind == "justice" and own
        name = categories_name(own) if is_justice else capitalised(name_of(result.label))
        text, counted = "{category}, share of {counted}", {"counted": kind.label}
        if own and result.base.rule == "known":
            text = "{category}, share of {counted} with a known {dimension}"
            counted["dimension"] = joined(map(short_dimension, own))
        return Message(text, category=name, **counted)
    is_area = result.label == result.area.code and not own
    person = {"age": within["age"]} if "sex" in own and "age" in within else {}
    name = categories_name(own | person) or name_of(result.label)
    if set(within) == {"exploitation"}:
        forms = joined(lowered(category_name("exploitation", code)) for code in within.values())
        whole: str = Message("victims of {form}", form=forms)
    elif within:
        whole = people_name(within)
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


def inhabitants_name(result: "Result") -> str:
    """Return the inhabitants of a rate, with their categories, and their area if it differs."""
    details = inhabitants_details(result)
    return (
        Message("inhabitants ({category})", category=details) if details else Message("inhabitants")
    )


def inhabitants_details(result: "Result") -> str:
    """Return the categories of the inhabitants of a rate, and their area if it differs."""
    own, within = result.inhabitants, dict(result.base.within)
    details = [people_name(within)] if within else []
    if own is not None and own.area != result.area:
        details.append(area_label(own.area))
    return joined(details, ", ")


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


def area_labels(areas: Iterable[Area]) -> list[str]:
    """Return the names of areas; lists with equal numbers of countries name the countries."""
    items = list(areas)
    labels = {area.code: area_label(area) for area in items}
    names = {
        area.code: countries_text(area.members)
        for area in {own.code: own for own in items}.values()
        if list(labels.values()).count(labels[area.code]) > 1
    }
    return [(labels | names)[area.code] for area in items]


def area_label(area: Area) -> str:
    """Return the name of an area in words, or the number of its countries if it has many."""
    whole, without, countries = area.code.partition(" without ")
    if without:
        own = {"area": area_label(Area.parse(whole)), "countries": countries}
        return Message("{area} without {countries}", **own)
    if area.code in COMPOSITIONS:
        return _COMPOSITIONS.get(area.code) or Message("EU{n}", n=area.code.removeprefix("EU"))
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
