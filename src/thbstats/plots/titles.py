"""Names and titles of plots in words."""

import re
from collections.abc import Mapping
from functools import cache

from thbstats.errors import UnknownName
from thbstats.geography import Area, country_name
from thbstats.languages import capitalised
from thbstats.panel import Panel, ResultKind
from thbstats.records import KINDS, schema_of
from thbstats.vocabulary import Code

_PERSONS = {
    ("female", ""): "women and girls",
    ("female", "adult"): "women",
    ("female", "child"): "girls",
    ("male", ""): "men and boys",
    ("male", "adult"): "men",
    ("male", "child"): "boys",
    ("", "child"): "children",
    ("", "adult"): "adults",
}
"""The names of persons by sex and age."""

_STAGES = {
    "suspected": ("suspects", "suspect"),
    "investigated": ("investigations", "investigation"),
    "prosecuted": ("prosecutions", "prosecution"),
    "convicted": ("convictions", "conviction"),
}
"""The plural and the singular of persons or cases at a stage of justice."""

_PHRASES = (
    (r"^trafficking: stage ratios$", "stages of criminal justice"),
    (r"^use of services: stage ratios$", "stages of criminal justice, use of services"),
    (r"^change: (.+)$", r"change in \1"),
    (r" of known sex and form of exploitation: sex by exploitation$",
     " by sex and form of exploitation"),
    (r"^(.+) of known form of exploitation by exploitation(, as published)?$",
     r"form of exploitation (\1 with a known form)"),
    (r"^(.+) by exploitation$", r"form of exploitation (\1)"),
    (r"^(.+) without some countries$", r"\1: effect of leaving out one country"),
    (r"^(.+) by area$", r"\1, by country"),
    (r", as (?:published|listed)$", ""),
)  # fmt: skip
"""Captions of indicators and their titles in words."""

Pairs = Mapping[str, str]
"""Categories by dimension."""


def category_words(pairs: Pairs, within: Pairs | None = None) -> str:
    """Return categories in words; those of all numbers decide between women and girls."""
    own = {name: str(code) for name, code in pairs.items()}
    sex, age = own.get("sex", ""), own.get("age", "")
    person = _PERSONS.get((sex, age or str((within or {}).get("age", "")) if sex else age))
    words = [_word(name, code) for name, code in own.items() if name not in ("sex", "age")]
    if person:
        words.insert(0, f"{person} (adult)" if sex and age == "adult" else person)
    else:
        others = (code if name == "age" else f"{code} sex" for name, code in own.items()
                  if name in ("sex", "age"))  # fmt: skip
        words = [*others, *words]
    return capitalised(", ".join(words).replace("_", " "))


@cache
def _code_lists() -> Mapping[str, type[Code]]:
    """Return the code list of each dimension that has one."""
    dimensions = (own for kind in KINDS for own in schema_of(kind).dimensions)
    return {own.name: own.vocabulary for own in dimensions if own.vocabulary is not None}


def _word(name: str, code: str) -> str:
    if name == "area":
        return area_words(Area.parse(code))
    codes = _code_lists().get(name)
    if codes is not None and code in set(codes):
        label = codes(code).label
        return label if name == "exploitation" else label.lower().replace("eu ", "EU ")
    try:
        return country_name(code) if code.isupper() else label_words(code)
    except UnknownName:
        return code


def area_words(area: Area, most: int = 40) -> str:
    """Return the name of a country, the code of a union, or the number of countries."""
    if len(area.members) == 1:
        return area.label
    short = area.short_name
    is_long = len(area.code) > most or area.code.count("+") >= 3
    return f"{len(area.members)} countries" if is_long and short == area.code else short


def countries_words(number: int) -> str:
    """Return a number of countries."""
    return "1 country" if number == 1 else f"{number} countries"


def label_words(text: str) -> str:
    """Return the label of a denominator or a ratio in words."""
    above, slash, below = text.partition(" / ")
    if slash:
        before, after = _STAGES.get(above), _STAGES.get(below)
        return f"{before[0]} per {after[1]}" if before and after else f"{above} per {below}"
    for known, short in ((r"form of exploitation", "form"), (r".+", "")):
        match = re.fullmatch(rf"(.+?) of known ({known})", text)
        if match:
            return f"{match[1]} with a known {short or match[2]}"
    return text


def title_words(panel: Panel, axis: str = "") -> str:
    """Return the title of a plot: the caption in words, or the label if there is none."""
    caption = panel.caption
    if caption in ("", "numbers"):
        label = panel.label[0] if panel.label.is_constant else "total"
        return capitalised(axis if label == "total" else label_words(label))
    match = re.fullmatch(r"share of (.+?) among (.+)", caption)
    if match and panel.category.is_constant:
        base, name = panel.base[0], category_words(dict(panel.category[0]))
        return capitalised(f"{name}, share of {label_words(base.label)}")
    for phrase, words in _PHRASES:
        caption, times = re.subn(phrase, words, caption)
        if times:
            break
    caption = re.sub(r"((?:\w+ )?victims) \(adult\)", r"adult \1", caption)
    first, colon, last = caption.partition(":")
    return capitalised(f"{label_words(first)}{colon}{last}")


def unit_words(panel: Panel) -> str:
    """Return the name of the denominator of ratios, to state how few there are."""
    labels = {panel.base.categories[code].label for code in panel.base.present}
    if len(labels) > 1 or panel.kind[0] is ResultKind.RELATIVE_CHANGE:
        return "persons or cases in the denominator"
    return label_words(labels.pop())
