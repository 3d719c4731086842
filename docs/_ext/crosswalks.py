"""Crosswalk tables of the reference, made from the tables of the readers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from catalogue import table

from thbstats.files import MULTIPLE
from thbstats.sources import ctdc, eurostat_tsv, glotip, htcds, sdg, un_sdg
from thbstats.vocabulary import Exploitation


def codes(texts: Iterable[str]) -> str:
    return ", ".join(f"`{text}`" if text else "(empty)" for text in texts)


def meaning_text(meaning: Any) -> str:
    """Return the meaning of a code in words."""
    if meaning is None:
        return "not a count; rejected"
    if isinstance(meaning, str):
        return f"`{meaning}`" if meaning else "no flag"
    return ", ".join(f"{name} `{word}`" for name, word in meaning.items()) or "no further property"


def grouped(words: Mapping[str, Any]) -> str:
    """Return the meanings of the codes of a dimension, grouped by meaning."""
    by_meaning: dict[str, list[str]] = {}
    for code, meaning in words.items():
        by_meaning.setdefault(meaning_text(meaning), []).append(code)
    return "; ".join(f"{codes(labels)}: {meaning}" for meaning, labels in by_meaning.items())


def form_page() -> str:
    """Return a row for each form of exploitation with its codes in CTDC and HTCDS."""
    of_htcds: dict[str, list[str]] = {}
    for field, listed in htcds.LISTED.items():
        for value, forms in listed.items():
            coded = field == "forcedlabourindustry" and value[1:] in listed
            for form in () if coded else forms:
                of_htcds.setdefault(form, []).append(value)
    rows = [
        [
            f"`{form}`",
            codes(name for name, code in ctdc.FORMS.items() if code == form),
            codes(dict.fromkeys(of_htcds.get(form, ()))),
        ]
        for form in Exploitation
        if form not in ("total", "unknown")
    ]
    return table(["thbstats", "CTDC", "HTCDS"], rows)


def eurostat_page() -> str:
    """Return a row for each dimension of Eurostat and SDMX."""
    rows = [
        [
            f"`{name}`",
            {MULTIPLE: "several", "": ""}.get(crosswalk.target, f"`{crosswalk.target}`"),
            grouped(crosswalk.recode),
            crosswalk.note,
        ]
        for name, crosswalk in eurostat_tsv.DIMENSIONS.items()
    ]
    return table(["dimension", "thbstats", "codes", "note"], rows)


def glotip_page() -> str:
    """Return the meaning of the columns and the indicators of UNODC's file."""
    declared = glotip.DECLARATION
    columns = [
        [f"`{name}`", "several" if code == MULTIPLE else f"`{code}`"]
        for name, code in declared.columns.items()
    ]
    indicators = [
        [name, meaning_text(meaning)] for name, meaning in declared.recode["Indicator"].items()
    ]
    return "\n\n".join(
        [table(["column", "thbstats"], columns), table(["indicator", "meaning"], indicators)]
    )


def sdg_page() -> str:
    """Return the meaning of the columns of national SDG tables."""
    columns: dict[str, list[str]] = {}
    for column, dimension in sdg.COLUMNS.items():
        columns.setdefault(dimension, []).append(column)
    rows = [[f"`{dimension}`", codes(names)] for dimension, names in columns.items()]
    return table(["thbstats", "columns"], rows)


def un_sdg_page() -> str:
    """Return the meaning of the columns and series of the UN SDG database."""
    recode = un_sdg.CROSSWALK["recode"]
    columns = [
        [f"`{name}`", f"`{target}`", grouped(recode[name]) if name in recode else ""]
        for name, target in un_sdg.COLUMNS.items()
    ]
    series = [[f"`{name}`", f"`{form}`"] for name, form in un_sdg.SERIES.items()]
    return "\n\n".join(
        [table(["column", "thbstats", "codes"], columns), table(["series", "exploitation"], series)]
    )


def person_page() -> str:
    """Return the codes for sex, age and status in CTDC and HTCDS."""
    ages = [[f"`{moment}`", f"`{column}`"] for moment, column in ctdc.AGES.items()]
    sexes = [[f"`{label}`", f"`{code}`"] for label, code in htcds.SEXES.items()]
    statuses = [[f"`{label}`", f"`{code}`"] for label, code in htcds.STATUSES.items()]
    statuses.append([f"`{htcds.NO_VICTIM}`", "not a victim; rejected"])
    return "\n\n".join(
        [
            table(["age concept", "column of CTDC"], ages),
            table(["gender in HTCDS", "thbstats"], sexes),
            table(["status in HTCDS", "thbstats"], statuses),
        ]
    )


PAGES: dict[str, Callable[[], str]] = {
    "forms": form_page,
    "persons": person_page,
    "eurostat": eurostat_page,
    "glotip": glotip_page,
    "sdg": sdg_page,
    "un_sdg": un_sdg_page,
}
