"""Names of indicators, categories and areas in a report, and labels in other languages."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

from attrs import evolve

from thbstats.display import DisplayTable, Group, Row, count
from thbstats.errors import UnknownName
from thbstats.geography import COMPOSITIONS, Area, country_name
from thbstats.panel import CountKind, Result, ResultKind
from thbstats.records import KINDS, schema_of
from thbstats.vocabulary import (
    ALL,
    CitizenshipGroup,
    Classification,
    Code,
    CooperationBody,
    CooperationKind,
    Exploitation,
    Offence,
    VictimStatus,
    code_list,
    labels,
)

Item = TypeVar("Item")

_SEPARATOR = re.compile(r"(; | / |, )")

_COMMON = ("total", "unknown", "not_stated")
"""The codes of every classification, which English texts contain as words."""

_CATEGORIES = {
    ("sex", "female"): "Women and girls",
    ("sex", "male"): "Men and boys",
    ("age", "child"): "Children",
    ("age", "adult"): "Adults",
    ("citizenship", "eu"): "EU citizens",
    ("citizenship", "non_eu"): "Non-EU citizens",
    ("citizenship", "other_eu"): "Citizens of other EU countries",
    ("citizenship", "reporting_country"): "Citizens of the reporting country",
    ("citizenship", "stateless"): "Stateless persons",
}
_STAGES = {
    ("recorded", "offences"): ("recorded offences", "recorded offence"),
    ("suspected", "persons"): ("suspects", "suspect"),
    ("investigated", "cases"): ("investigations", "investigation"),
    ("prosecuted", "prosecutions"): ("prosecutions", "prosecution"),
    ("convicted", "convictions"): ("convictions", "conviction"),
}
"""Plural and singular of counts at a stage of justice, by unit."""

_SERVICES = " (use of services)"
_LISTED_COUNTRIES = 4
"""The label of an area lists so many countries."""


def capitalised(text: str) -> str:
    """Return a text with a capital at the start."""
    return f"{text[:1].upper()}{text[1:]}"


def lowered(text: str) -> str:
    """Return a text with a small letter at the start."""
    return f"{text[:1].lower()}{text[1:]}"


def sentence(text: str) -> str:
    """Return a text with a capital at the start and a full stop at the end."""
    return f"{capitalised(text).rstrip('.')}." if text else ""


def listed(texts: Sequence[str], most: int) -> str:
    """Return the first texts and the number of others."""
    more = len(texts) - most
    first = "; ".join(texts[:most])
    return f"{first}; and {count(more)} more" if more > 0 else first


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
    try:
        return country_name(code) if code.isupper() else code.replace("_", " ")
    except UnknownName:
        return code


def names_of(codes: Mapping[str, str]) -> str:
    """Return the names of the categories of a selection."""
    return ", ".join(map(name_of, codes.values()))


def category_name(dimension: str, code: str) -> str:
    """Return the name of a category as the subject of a share."""
    if (dimension, code) in _CATEGORIES:
        return _CATEGORIES[dimension, code]
    if dimension == "exploitation" and code in set(Exploitation):
        return Exploitation(code).label
    name = name_of(code)
    is_country = dimension == "citizenship" and name != code
    return f"Citizens of {name}" if is_country else capitalised(name)


def dimension_name(name: str) -> str:
    """Return the label of a dimension."""
    labels = {"exploitation": "form of exploitation", "age": "age group"}
    return labels.get(name, name.replace("_", " "))


def unit_name(kind: CountKind) -> str:
    """Return the plural noun of a kind of count."""
    return _nouns(kind)[0] or kind.label


def quantity_name(result: Result) -> str:
    """Return the name of a number of any kind."""
    several, single = _nouns(result.numerator_kind)[0], _nouns(result.denominator_kind)
    if result.kind is ResultKind.SHARE:
        return _share_name(result)
    if result.kind is ResultKind.COUNT and several:
        for dimension, code in result.category:
            label = category_name(dimension, str(code))
            if dimension == "exploitation":
                several += f" of {lowered(label)}"
            else:
                several += f", {label if label.isupper() else lowered(label)}"
        return capitalised(several)
    if result.kind in (ResultKind.RATIO, ResultKind.PER_100) and several and single[0]:
        shared = _SERVICES if several.endswith(_SERVICES) and single[0].endswith(_SERVICES) else ""
        several = several.removesuffix(shared)
        unit = single[1] if result.kind is ResultKind.RATIO else f"100 {single[0]}"
        return capitalised(f"{several} per {unit.removesuffix(shared)}{shared}")
    return capitalised(result.estimand)


def _share_name(result: Result) -> str:
    """Return the category of a share and its denominator."""
    within = dict(result.base.within)
    own = [(name, str(code)) for name, code in result.category if name not in within]
    name = " and ".join(category_name(*pair) for pair in own) or name_of(result.label)
    if result.numerator_kind.kind == "cooperation":
        return f"{capitalised(name_of(result.label))}, of {_nouns(result.numerator_kind)[0]}"
    if result.numerator_kind.kind != "victims":
        return f"{name}, of {result.base.label}"
    if set(within) == {"exploitation"}:
        forms = (lowered(category_name("exploitation", code)) for code in within.values())
        whole = f"victims of {' and '.join(forms)}"
        if result.label == result.area.code:
            return f"{result.label} share of {whole}"
        return f"{name}, of {whole}"
    if within:
        return f"{name}, of victims, {names_of(within)}"
    if result.base.rule == "all":
        return f"{name}, of all victims{result.numerator_kind.further}"
    if result.base.rule != "known":
        return name
    short = {"exploitation": "forms", "age": "age"}
    known = dict.fromkeys(short.get(dimension, dimension_name(dimension)) for dimension, _ in own)
    return f"{name}, of known {' and '.join(known)}{result.numerator_kind.further}"


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
        plural = f"{unit.replace('_', ' ')} {stage}"
        single = plural.replace("persons", "person").replace("cases", "case")
        plural, single = _STAGES.get((stage, unit), (plural, single))
        if kind.get("offence") == Offence.USE_OF_SERVICES:
            plural, single = f"{plural}{_SERVICES}", f"{single}{_SERVICES}"
    elif kind.kind == "cooperation" and body and action:
        plural = f"{CooperationBody(body).label} {CooperationKind(action).label.lower()}"
        single = plural.removesuffix("s")
    return (f"{plural}{kind.further}", f"{single}{kind.further}") if plural else ("", "")


def area_of(members: Iterable[str]) -> Area:
    """Return the area of some countries, as a composition of the EU if it is one."""
    area = Area.from_countries(members)
    return next((known for known in COMPOSITIONS.values() if known == area), area)


def area_label(area: Area) -> str:
    """Return the code of an area, or the number of its countries if it has many."""
    size = area.code.count("+") + 1
    name = area.short_name
    return f"{size} countries" if name == area.code and size > _LISTED_COUNTRIES else name


def labeller(classifications: Iterable[Classification]) -> Callable[[str], str]:
    """Return a function that writes labels for the codes of further classifications in a text."""
    known: dict[str, str] = {}
    for item in classifications:
        known |= _spelled(code_list(item), "en")
    return lambda text: _label(text, known)


def translator(
    language: str, classifications: Iterable[Classification] = ()
) -> Callable[[DisplayTable], DisplayTable]:
    """Return a function that translates the labels of the code lists in a table.

    It changes the names of columns and groups, the first column, and columns that are named after
    a dimension. A label that two lists translate differently stays, unless its column names the
    code list. In English the codes of further classifications become labels, and others stay.

    Parameters
    ----------
    language : str
        ``"en"``, ``"fr"`` or ``"de"``.
    classifications : iterable of Classification
        Further dimensions, or other code lists, of the tables.
    """
    further = {item.name: code_list(item) for item in classifications}
    is_english = language == "en"
    agreed: dict[str, set[str]] = {}
    for codes in (*(() if is_english else ALL), *further.values()):
        for spelling, text in _spelled(codes, language).items():
            agreed.setdefault(spelling, set()).add(text)
    common = {spelling: texts.pop() for spelling, texts in agreed.items() if len(texts) == 1}
    dimensions = {
        dimension.name: _spelled(dimension.vocabulary, language)
        for kind in KINDS
        for dimension in schema_of(kind).dimensions
        if dimension.vocabulary is not None and not is_english
    }
    dimensions |= {name: _spelled(codes, language) for name, codes in further.items()}

    def translate(table: DisplayTable) -> DisplayTable:
        names = [column.name.replace(" ", "_") for column in table.columns]
        own = [dimensions.get(name, {} if i else common) for i, name in enumerate(names)]
        columns = [evolve(column, name=_label(column.name, common)) for column in table.columns]
        rows: list[Row | Group] = []
        for line in table.rows:
            if isinstance(line, Group):
                rows.append(evolve(line, heading=_label(line.heading, common)))
                continue
            cells = list(line.cells)
            for i, (cell, known) in enumerate(zip(line.cells, own, strict=False)):
                text = _label(cell.text, known)
                if text != cell.text:  # a formatted number stays one
                    cells[i] = evolve(cell, text=text)
            rows.append(evolve(line, cells=cells))
        return evolve(table, columns=columns, rows=rows)

    return translate


def _label(text: str, known: Mapping[str, str]) -> str:
    """Return a text with each label in the language."""
    return "".join(known.get(piece, piece) for piece in _SEPARATOR.split(text))


@cache
def _spelled(codes: type[Code], language: str) -> Mapping[str, str]:
    """Return the labels of a code list by label, by code, and by code as in names of shares."""
    by_code = labels(codes, language)
    if language == "en":
        by_code = {code: text for code, text in by_code.items() if code not in _COMMON}
    by_label = {codes(code).label: text for code, text in by_code.items()}
    spaced = {code.replace("_", " "): text for code, text in by_code.items()}
    subjects = {capitalised(name): text for name, text in spaced.items()}
    return {**subjects, **by_label, **spaced, **by_code}
