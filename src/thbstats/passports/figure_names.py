"""Names of figures in passports: counts, persons, countries, areas and periods."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from thbstats._files import package_text
from thbstats.display import count
from thbstats.geography import COMPOSITIONS, Area
from thbstats.geography.countries import read_regions
from thbstats.languages import CountryName, Message, joined
from thbstats.panel import CountKind
from thbstats.panel.category_names import (
    REGIONS,
    categories_name,
    category_name,
    dimension_name,
    lowered,
    with_article,
)
from thbstats.panel.kind import counting_unit
from thbstats.panel.names import countries_text
from thbstats.values import Certainty, Period
from thbstats.vocabulary import Offence

TEXTS: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    package_text("thbstats.passports", "sentences.toml")
)
"""The texts of passports in English, by table and key."""


def phrase(key: str, /, **values: object) -> str:
    """Return a phrase with its parameters."""
    return Message(TEXTS["phrases"][key], **values)


def heading(key: str, /, **values: object) -> str:
    """Return a heading with its parameters."""
    return Message(TEXTS["headings"][key], **values)


@frozen
class Noun:
    """The name of counts: "registered victims" and "of registered victims"."""

    plural: str
    part_of: str

    def of_known(self, rule: str, dimensions: str) -> "Noun":
        """Return the name of persons of known category, or of responses."""
        own = {"noun": self.plural, "dimensions": dimensions}
        if rule == "known":
            return Noun(phrase(rule, **own), phrase(rule, **own | {"noun": self.part_of}))
        return Noun(phrase(rule, **own), phrase(f"of_{rule}", **own))

    def with_details(self, details: Iterable[str]) -> "Noun":
        """Return the name with details in brackets."""
        listed = listed_once(filter(None, details))
        if not listed:
            return self
        both = (phrase("details", noun=own, details=listed) for own in (self.plural, self.part_of))
        return Noun(*both)


def noun_of(kind: CountKind) -> Noun:
    """Return the name of a kind of count."""
    nouns, plural = TEXTS["nouns"], units_of(kind)
    if kind.kind == "victims" or kind.get("stage"):
        own = [pair for pair in kind.attributes if pair[0] in ("status", "stage", "unit")]
        plural = CountKind(kind.kind, own).label
    part_of = f"of {plural}"
    is_known = part_of in nouns["part_of"]
    noun = Noun(plural, Message(part_of) if is_known else Message(nouns["other"], noun=plural))
    stated = {name: kind.get(name) for name in ("body", "kind", "measure", "outcome", "register")}
    if kind.get("offence") == Offence.USE_OF_SERVICES:
        stated["offence"] = Offence.USE_OF_SERVICES
    details = [
        lowered(category_name(name, code))
        for name, code in stated.items()
        if code not in (None, "all", plural)
    ]
    return noun.with_details([*details, *kind.further.split(", ")])


def units_of(kind: CountKind) -> str:
    """Return the counting unit of counts in the plural."""
    unit = counting_unit(kind)
    return Message("amounts of money" if unit == "money" else unit)


def persons_of(category: Mapping[str, Any], kind: CountKind) -> str:
    """Return the persons, or the cases and other units, of some categories; empty for none."""
    known, parts, units = TEXTS["persons"], list[str](), units_of(kind)
    # Categories that the name of the counts states are left out.
    stated = {*kind.attributes}
    own = {name: str(code) for name, code in category.items() if (name, str(code)) not in stated}
    if own.get("topic", "").startswith(REGIONS):  # citizens of Africa are no EU citizens
        own.pop("citizenship", None)
    is_person = units == "persons"
    person = {name: own[name] for name in ("sex", "age") if own.get(name) not in (None, "unknown")}
    if is_person and person and f"sex {own.get('sex')}" not in known:
        parts.append(lowered(categories_name(person)))
        own = {name: code for name, code in own.items() if name not in person}
    for name, code in own.items():
        title = dimension_name(name)
        # Convicted persons are not victims of the form of exploitation.
        is_victim = kind.kind != "justice" or name != "exploitation"
        if f"{name} {code}" in known and is_person and is_victim:
            parts.append(Message(known[f"{name} {code}"]))
        elif code == "unknown":
            parts.append(Message(known["unknown"], units=units, dimensions=title))
        elif name in ("age", "citizenship", "topic") and is_person:
            parts.append(lowered(category_name(name, code)))
        else:
            label = lowered(category_name(name, code))
            parts.append(Message(known["category"], units=units, label=label, dimension=title))
    if len(parts) < 2:
        return parts[0] if parts else ""
    return phrase("details", noun=parts[0], details=listed_once(parts[1:]))


LISTED = 40
"""A passport lists so many countries, which fit on its page."""


def countries_label(codes: Iterable[str]) -> str:
    """Return the names of countries in alphabetical order, or their number if there are many."""
    own = [*codes]
    return phrase("countries", n=count(len(own))) if len(own) > LISTED else countries_text(own)


def area_label(area: Area) -> str:
    """Return the name of an area, with an English article if it needs one."""
    label = area.label
    if not area.members:
        return phrase("no_area")
    base, _, removed = area.code.partition(" without ")
    if removed:
        codes = removed.split(", ")
        label, members = label.partition(" without ")[0], area.members | {*codes}
        whole = COMPOSITIONS.get(base, Area(code=base, label=label, members=members))
        return phrase("without", area=area_label(whole), countries=countries_label(codes))
    if area.code in COMPOSITIONS:
        is_named = area.code in TEXTS["phrases"]
        return phrase(area.code if is_named else "composition", n=str(len(area.members)))
    if area.code == "WORLD":
        return phrase("world")
    if len(area.members) > 1 and is_listed(area):
        return countries_label(area.members)
    regions = {own.name: own.m49 for own in read_regions().values()}
    return CountryName(label, regions[label]) if label in regions else with_article(label)


def is_listed(area: Area) -> bool:
    """Return whether the code of an area is the list of its members."""
    return area.code == "+".join(sorted(area.members))


def period_label(period: Period) -> str:
    """Return a period in words."""
    if period.start is None:
        return phrase("no_period")
    text = str(period).lstrip("~")
    if "/" in text:
        first, last = text.split("/")
        text = phrase("days", first=first, last=last)
    return phrase("about", period=text) if period.certainty is Certainty.APPROXIMATE else text


def listed_once(items: Iterable[str]) -> str:
    """Return distinct texts with commas between them."""
    return joined(dict.fromkeys(items), last=", ")
