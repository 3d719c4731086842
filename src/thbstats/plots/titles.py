"""Names and titles of plots in words."""

import re
from collections.abc import Mapping

from thbstats.geography import Area
from thbstats.languages import Message, Phrase, Plural, capitalised
from thbstats.panel import Panel, ResultKind
from thbstats.panel.names import (
    area_label,
    categories_name,
    category_name,
    country_or_code,
    stage_nouns,
)

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
    """Return categories in words; the age of all numbers decides between women and girls."""
    own = {name: str(code) for name, code in pairs.items()}
    if own.get("sex") in ("female", "male") and "age" in (within or {}) and "age" not in own:
        # The title states that all are adults.
        name = categories_name({**own, "age": str((within or {})["age"])})
        return Phrase(name.replace(" (adult)", ""), name)
    [(name, code)] = list(own.items())[:1]
    if len(own) > 1 or name in ("sex", "age", "exploitation"):
        return categories_name(own)
    if name == "area":
        return area_label(Area.parse(code))
    # A row of one country of citizenship has the name of the country, like a row of one area.
    is_country = country_or_code(code) != code
    return country_or_code(code) if is_country else category_name(name, label_words(code))


def countries_words(number: int) -> str:
    """Return a number of countries."""
    return Plural("{n} country", "{n} countries", number, n=number)


def label_words(text: str) -> str:
    """Return the label of a denominator or a ratio in words."""
    above, slash, below = text.partition(" / ")
    if slash:
        own = {"counted": stage_nouns(above)[0], "unit": stage_nouns(below)[1]}
        return Message("{counted} per {unit}", **own)
    for known, short in ((r"form of exploitation", "form"), (r".+", "")):
        match = re.fullmatch(rf"(.+?) of known ({known})", text)
        if match:
            return Phrase(f"{match[1]} with a known {short or match[2]}", text)
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
        counted = label_words(base.label)
        return capitalised(
            Message("{category}, share of {counted}", category=name, counted=counted)
        )
    for phrase, words in _PHRASES:
        caption, times = re.subn(phrase, words, caption)
        if times:
            break
    caption = re.sub(r"((?:\w+ )?victims) \(adult\)", r"adult \1", caption)
    first, colon, last = caption.partition(":")
    return Phrase(capitalised(f"{label_words(first)}{colon}{last}"), capitalised(panel.caption))


def unit_words(panel: Panel) -> str:
    """Return the name of the denominator of ratios, to state how few there are."""
    labels = {panel.base.categories[code].label for code in panel.base.present}
    if len(labels) > 1 or panel.kind[0] is ResultKind.RELATIVE_CHANGE:
        return Message("persons or cases in the denominator")
    return label_words(labels.pop())
