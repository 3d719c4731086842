"""The page on crosswalks, made from the tables by which each source is read.

A page says ``<!-- crosswalk: eurostat -->`` where a table belongs.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from catalogue import table

from thbstats.exchange import SEVERAL
from thbstats.sources import eurostat_tsv, sdg
from thbstats.sources.ctdc import _crosswalk as ctdc
from thbstats.sources.glotip import _layout as glotip
from thbstats.sources.htcds import _crosswalk as htcds
from thbstats.vocabulary import Exploitation


def codes(texts: Iterable[str]) -> str:
    return ", ".join(f"`{text}`" if text else "(empty)" for text in texts)


def said(meaning: Any) -> str:
    """Return in words what a code of a source says."""
    if meaning is None:
        return "no count, set aside"
    if isinstance(meaning, str):
        return f"`{meaning}`"
    return ", ".join(f"{name} `{word}`" for name, word in meaning.items()) or "nothing more"


def together(words: Mapping[str, Any]) -> str:
    """Return what the codes of a dimension say, those that say the same together."""
    by_meaning: dict[str, list[str]] = {}
    for code, meaning in words.items():
        by_meaning.setdefault(said(meaning), []).append(code)
    return "; ".join(f"{codes(theirs)}: {ours}" for ours, theirs in by_meaning.items())


def form_page() -> str:
    """Return a row for each of our forms with what two standards for cases call it."""
    of_htcds: dict[str, list[str]] = {}
    for field, listed in htcds.LISTED.items():
        for value, forms in listed.items():
            coded = field == "forcedlabourindustry" and value[1:] in listed
            for form in () if coded else forms:
                of_htcds.setdefault(form, []).append(value)
    rows = [
        [
            f"`{form}`",
            codes(name for name, ours in ctdc.FORMS.items() if ours == form),
            codes(dict.fromkeys(of_htcds.get(form, ()))),
        ]
        for form in Exploitation
        if form not in ("total", "unknown")
    ]
    return table(["ours", "CTDC", "HTCDS"], rows)


def eurostat_page() -> str:
    """Return a row for each dimension of Eurostat and SDMX."""
    rows = [
        [
            f"`{name}`",
            {SEVERAL: "several", "": ""}.get(crossing.ours, f"`{crossing.ours}`"),
            together(crossing.words),
            crossing.note,
        ]
        for name, crossing in eurostat_tsv.DIMENSIONS.items()
    ]
    return table(["dimension", "ours", "codes", "note"], rows)


def glotip_page() -> str:
    """Return what the columns and the indicators of UNODC's file are."""
    declared = glotip.DECLARATION
    columns = [
        [f"`{name}`", "several" if ours == SEVERAL else f"`{ours}`"]
        for name, ours in declared.columns.items()
    ]
    indicators = [
        [name, said(meaning)] for name, meaning in declared.recode[glotip.INDICATOR].items()
    ]
    return "\n\n".join(
        [table(["column", "ours"], columns), table(["indicator", "what it is"], indicators)]
    )


def sdg_page() -> str:
    """Return what the columns of national SDG tables are."""
    by_ours: dict[str, list[str]] = {}
    for theirs, ours in sdg._COLUMNS.items():
        by_ours.setdefault(ours, []).append(theirs)
    return table(
        ["ours", "columns"], [[f"`{ours}`", codes(named)] for ours, named in by_ours.items()]
    )


def person_page() -> str:
    """Return how CTDC and HTCDS write sex, age and status."""
    ages = [[f"`{moment}`", f"`{column}`"] for moment, column in ctdc.AGES.items()]
    sexes = [[f"`{word}`", f"`{ours}`"] for word, ours in htcds.SEXES.items()]
    statuses = [[f"`{word}`", f"`{ours}`"] for word, ours in htcds.STATUSES.items()]
    statuses.append([f"`{htcds.NO_VICTIM}`", "no victim, set aside"])
    return "\n\n".join(
        [
            table(["age concept", "column of CTDC"], ages),
            table(["gender in HTCDS", "ours"], sexes),
            table(["status in HTCDS", "ours"], statuses),
        ]
    )


PAGES: dict[str, Callable[[], str]] = {
    "forms": form_page,
    "persons": person_page,
    "eurostat": eurostat_page,
    "glotip": glotip_page,
    "sdg": sdg_page,
}


def fill(text: str) -> str:
    """Return a page with its crosswalks in place."""
    return re.sub(r"<!-- crosswalk: (\w+) -->", lambda found: PAGES[found[1]](), text)


def setup(app: Any) -> dict[str, Any]:
    """Let Sphinx fill the page before it reads it."""

    def on_source_read(_app: Any, _name: str, source: list[str]) -> None:
        source[0] = fill(source[0])

    app.connect("source-read", on_source_read)
    return {"parallel_read_safe": True}
