"""Names of indicators, categories and areas in a report."""

from collections.abc import Iterable, Mapping

from thbstats.errors import UnknownName
from thbstats.geography import COMPOSITIONS, Area, country_name
from thbstats.panel import CountKind, Result, ResultKind
from thbstats.vocabulary import (
    CitizenshipGroup,
    CooperationBody,
    CooperationKind,
    Exploitation,
    Offence,
    VictimStatus,
)

__all__ = [
    "area_label",
    "area_of",
    "capitalised",
    "category_name",
    "count_name",
    "dimension_name",
    "name_of",
    "names_of",
    "quantity_name",
    "sentence",
    "share_name",
    "unit_name",
]

_LISTED = 4
"""The label of an area lists so many countries."""

_DIMENSIONS = {"exploitation": "form of exploitation", "age": "age group"}


def name_of(code: str) -> str:
    """Return the name of a country, or the label of a category.

    Examples
    --------
    >>> name_of("RO"), name_of("non_eu"), name_of("forced_begging")
    ('Romania', 'Non-EU', 'forced begging')
    """
    if code in set(CitizenshipGroup) - {CitizenshipGroup.TOTAL, CitizenshipGroup.UNKNOWN}:
        return CitizenshipGroup(code).label
    if code in set(CooperationBody):
        return CooperationBody(code).label
    try:
        return country_name(code) if code.isupper() else code.replace("_", " ")
    except UnknownName:
        return code


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
    ("suspected", "persons"): ("suspects", "suspect"),
    ("investigated", "cases"): ("investigations", "investigation"),
    ("prosecuted", "prosecutions"): ("prosecutions", "prosecution"),
    ("convicted", "convictions"): ("convictions", "conviction"),
}
"""Plural and singular of what is counted at a stage of justice, by its unit."""


def category_name(dimension: str, code: str) -> str:
    """Return the name of a category as the subject of a share.

    Examples
    --------
    >>> category_name("sex", "female"), category_name("exploitation", "sexual")
    ('Women and girls', 'Sexual exploitation')
    >>> category_name("citizenship", "RO")
    'Citizens of Romania'
    """
    if (dimension, code) in _CATEGORIES:
        return _CATEGORIES[dimension, code]
    if dimension == "exploitation" and code in set(Exploitation):
        return Exploitation(code).label
    name = name_of(code)
    if dimension == "citizenship" and name != code:
        return f"Citizens of {name}"
    return capitalised(name)


def _nouns(kind: CountKind) -> tuple[str, str]:
    """Return the plural and the singular of a kind of count."""
    if kind.kind == "victims":
        status = kind.get("status") or "not_stated"
        words = "" if status == "not_stated" else f"{VictimStatus(status).label.lower()} "
        return f"{words}victims", f"{words}victim"
    stage, unit = kind.get("stage"), kind.get("unit") or ""
    if kind.kind == "justice" and stage:
        several, single = _STAGES.get((stage, unit), ("", ""))
        if not several:
            several = f"{unit.replace('_', ' ')} {stage}"
            single = several.replace("persons", "person").replace("cases", "case")
        offence = kind.get("offence")
        if offence == Offence.USE_OF_SERVICES:
            return f"{several} (use of services)", f"{single} (use of services)"
        return several, single
    body, what = kind.get("body"), kind.get("kind")
    if kind.kind == "cooperation" and body and what:
        name = f"{CooperationBody(body).label} {CooperationKind(what).label.lower()}"
        return name, name.removesuffix("s")
    return "", ""


def count_name(result: Result) -> str:
    """Return the name of a count.

    Examples
    --------
    >>> import thbstats as thb
    >>> victims = thb.publications.com_2018_777().data.victims
    >>> count_name(thb.total(victims)), count_name(thb.total(victims, exploitation="sexual"))
    ('Registered victims', 'Registered victims of sexual exploitation')
    """
    name = _nouns(result.numerator_kind)[0]
    if not name:
        return capitalised(result.estimand)
    for dimension, code in result.category:
        label = category_name(dimension, str(code))
        if dimension == "exploitation":
            name += f" of {label[:1].lower()}{label[1:]}"
        else:
            name += f", {label if label.isupper() else label[:1].lower() + label[1:]}"
    return capitalised(name)


def share_name(result: Result) -> str:
    """Return the name of a share: the category and its denominator.

    Examples
    --------
    >>> import thbstats as thb
    >>> victims = thb.publications.com_2018_777().data.victims
    >>> share_name(thb.share(victims, exploitation="sexual", base="all"))
    'Sexual exploitation, of all victims'
    >>> share_name(thb.share(victims, exploitation="sexual", base="known"))
    'Sexual exploitation, of known forms'
    """
    within = dict(result.base.within)
    own = [(name, str(code)) for name, code in result.category if name not in within]
    name = " and ".join(category_name(*pair) for pair in own) or name_of(result.label)
    if result.numerator_kind.kind == "cooperation":
        name, whole = capitalised(name_of(result.label)), _nouns(result.numerator_kind)[0]
        return f"{name}, of {whole}"
    if result.numerator_kind.kind != "victims":
        return f"{name}, of {result.base.label}"
    forms = [category_name("exploitation", code) for key, code in within.items()]
    if within and set(within) == {"exploitation"}:
        label = " and ".join(form[:1].lower() + form[1:] for form in forms)
        if result.label == result.area.code:
            return f"{result.label} share of victims of {label}"
        return f"{name}, of victims of {label}"
    if within or result.base.rule not in ("all", "known"):
        more = f", {names_of(within)}" if within else ""
        return f"{name}, of victims{more}" if more else name
    if result.base.rule == "all":
        return f"{name}, of all victims"
    known = " and ".join(dict.fromkeys(_KNOWN.get(key, dimension_name(key)) for key, _ in own))
    return f"{name}, of known {known}"


_KNOWN = {"exploitation": "forms", "sex": "sex", "age": "age", "citizenship": "citizenship"}


def quantity_name(result: Result) -> str:
    """Return the name of a number of any kind.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> quantity_name(thb.conviction_to_prosecution(justice))
    'Convictions per prosecution'
    """
    if result.kind is ResultKind.COUNT:
        return count_name(result)
    if result.kind is ResultKind.SHARE:
        return share_name(result)
    several, single = _nouns(result.numerator_kind)[0], _nouns(result.denominator_kind)
    if result.kind in (ResultKind.RATIO, ResultKind.PER_100) and several and single[0]:
        offence = " (use of services)"
        shared = offence if several.endswith(offence) and single[0].endswith(offence) else ""
        several = several.removesuffix(shared)
        unit = single[1] if result.kind is ResultKind.RATIO else f"100 {single[0]}"
        return capitalised(f"{several} per {unit.removesuffix(shared)}{shared}")
    return capitalised(result.estimand)


def unit_name(kind: CountKind) -> str:
    """Return the plural noun of a kind of count."""
    return _nouns(kind)[0] or kind.label


def names_of(codes: Mapping[str, str]) -> str:
    """Return the names of the categories of a selection."""
    return ", ".join(map(name_of, codes.values()))


def area_of(members: Iterable[str]) -> Area:
    """Return the area of some countries, under the name of a composition of the EU if it is one.

    Examples
    --------
    >>> area_of(["FR", "BE"]).code, area_of(["BE", "DE", "FR", "IT", "LU", "NL"]).code
    ('BE+FR', 'EU6')
    """
    area = Area.from_countries(members)
    return next((known for known in COMPOSITIONS.values() if known == area), area)


def area_label(area: Area) -> str:
    """Return the code of an area, or the number of its countries where the code lists many.

    Examples
    --------
    >>> area_label(area_of(["BE", "FR"])), area_label(area_of(["AT", "BE", "BG", "CY", "CZ"]))
    ('BE+FR', '5 countries')
    """
    size = area.code.count("+") + 1
    return area.code if size <= _LISTED else f"{size} countries"


def dimension_name(name: str) -> str:
    """Return the label of a dimension.

    Examples
    --------
    >>> dimension_name("exploitation"), dimension_name("age_concept")
    ('form of exploitation', 'age concept')
    """
    return _DIMENSIONS.get(name, name.replace("_", " "))


def capitalised(text: str) -> str:
    """Return a text with a capital at the start.

    Examples
    --------
    >>> capitalised("prosecutions per suspect")
    'Prosecutions per suspect'
    """
    return f"{text[:1].upper()}{text[1:]}"


def sentence(text: str) -> str:
    """Return a text with a capital at the start and a full stop at the end.

    Examples
    --------
    >>> sentence("2 suspects in the EU"), sentence("")
    ('2 suspects in the EU.', '')
    """
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
