"""Phrases of counts, persons, areas and periods in passports."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from attrs import frozen

from thbstats.display import count
from thbstats.errors import UnknownName
from thbstats.geography import COMPOSITIONS, Area
from thbstats.geography.regions import read_regions
from thbstats.languages import CountryName, Label, Message, joined, lowered
from thbstats.panel import CountKind
from thbstats.panel.names import country_or_code
from thbstats.values import Certainty, Period
from thbstats.vocabulary import Offence, bundled_classification


@cache
def texts() -> Mapping[str, Mapping[str, Any]]:
    """Return the texts of passports in English, by table and key."""
    return tomllib.loads(files("thbstats.passports").joinpath("sentences.toml").read_text("utf-8"))


def phrase_texts() -> Mapping[str, Any]:
    """Return the phrases."""
    return texts()["phrases"]


def phrase(key: str, /, **values: object) -> str:
    """Return a phrase with its parameters."""
    return Message(phrase_texts()[key], **values)


def heading(key: str, /, **values: object) -> str:
    """Return a heading with its parameters."""
    return Message(texts()["headings"][key], **values)


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
        listed = joined(filter(None, details), last=", ")
        if not listed:
            return self
        both = (phrase("details", noun=own, details=listed) for own in (self.plural, self.part_of))
        return Noun(*both)


def noun_of(kind: CountKind) -> Noun:
    """Return the name of a kind of count."""
    stage, unit = kind.get("stage") or "", kind.get("unit") or "counts"
    nouns, details = texts()["nouns"], []
    key = kind.get("status") or "victims" if kind.kind == "victims" else f"{stage} {unit}"
    if key not in nouns:
        key, details = unit, [category_label("stage", stage)] if stage else []
    names = ("body", "kind", "measure", "outcome", "register")
    stated = {name: kind.get(name) for name in names}
    if kind.get("offence") == Offence.USE_OF_SERVICES:
        stated["offence"] = Offence.USE_OF_SERVICES
    if stated["kind"] == unit:
        del stated["kind"]
    details += [category_label(own, code) for own, code in stated.items() if code not in _SILENT]
    noun = Noun(*map(Message, nouns.get(key, nouns["counts"])))
    return noun.with_details([*details, *kind.further.split(", ")])


_SILENT = (None, "all")
"""The attributes that a name does not contain."""


def persons_of(category: Mapping[str, Any]) -> str:
    """Return the persons of some categories; empty for none."""
    own, known = {name: str(code) for name, code in category.items()}, texts()["persons"]
    person = " ".join(own[name] for name in ("sex", "age") if name in own)
    parts = [Message(known[person])] if person in known else []
    for name, code in own.items():
        if name in ("sex", "age") and parts and person in known:
            continue
        key = code if name in ("sex", "age") else f"{name} {code}"
        if key in known:
            parts.append(Message(known[key]))
        elif name == "citizenship" and code.isupper():
            parts.append(Message(known["country"], country=country_or_code(code)))
        else:
            label, title = category_label(name, code), dimension_label(name)
            parts.append(Message(known["category"], label=label, dimension=title))
    if len(parts) < 2:
        return parts[0] if parts else ""
    return phrase("details", noun=parts[0], details=joined(parts[1:], last=", "))


def dimension_label(name: str) -> str:
    """Return the label of a dimension."""
    try:
        own = bundled_classification(name)
    except UnknownName:
        return name.replace("_", " ")
    return lowered(Label(own.title, own.titles))


def category_label(dimension: str, code: str) -> str:
    """Return the label of a category: of its code list, or else its code."""
    try:
        own = bundled_classification(dimension)[code]
    except UnknownName:
        return country_or_code(code) if code.isupper() else code.replace("_", " ")
    if dimension == "body":  # a proper noun
        return own.label
    return lowered(Label(own.label, own.labels))


_ARTICLE = re.compile(r"United|Netherlands|Federation|Republic|Islands|Philippines|Bahamas|Gambia")
"""Parts of the names of countries that have an article in English."""

LISTED = 40
"""A passport lists so many countries, which fit on its page."""


def countries_label(codes: Iterable[str]) -> str:
    """Return the names of countries in alphabetical order, or their number if there are many."""
    own = sorted(map(country_or_code, codes))
    return joined(own) if len(own) <= LISTED else phrase("countries", n=count(len(own)))


def area_label(area: Area) -> str:
    """Return the name of an area, with an article in English where it needs one."""
    if not area.members:
        return phrase("no_area")
    base, _, removed = area.code.partition(" without ")
    if removed:
        codes = removed.split(", ")
        label, members = area.label.partition(" without ")[0], area.members | {*codes}
        whole = COMPOSITIONS.get(base, Area(code=base, label=label, members=members))
        countries = joined(map(country_or_code, codes))
        return phrase("without", area=area_label(whole), countries=countries)
    if area.code in COMPOSITIONS:
        is_named = area.code in phrase_texts()
        return phrase(area.code if is_named else "composition", n=str(len(area.members)))
    if area.code == "WORLD":
        return phrase("world")
    if len(area.members) == 1 and area.code in area.members:
        name = area.label
        return phrase("article", country=name) if _ARTICLE.search(name) else name
    if area.code == "+".join(sorted(area.members)):
        return countries_label(area.members)
    regions = {own.name: own.m49 for own in read_regions().values()}
    label = area.label
    return CountryName(label, regions[label]) if label in regions else label


def period_label(period: Period) -> str:
    """Return a period in words."""
    if period.start is None:
        return phrase("no_period")
    text = str(period).lstrip("~")
    if "/" in text:
        first, last = text.split("/")
        text = phrase("days", first=first, last=last)
    return phrase("about", period=text) if period.certainty is Certainty.APPROXIMATE else text
