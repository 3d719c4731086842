"""Tables of the reference, made from the library.

Each function returns Markdown. `generated` writes it into the pages.
"""

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from importlib import import_module
from typing import Any

import thbstats
from thbstats import indicators, justice, protection, publications, sources, vocabulary
from thbstats.claims import DIMENSIONS, Claim, Publication, claims_schema, field_descriptions
from thbstats.claims import codes_of as codes_in
from thbstats.claims.selection import DIMENSIONS_OF, NEEDED, ONLY, ClaimKind
from thbstats.display import percent
from thbstats.files import ROW_PROBLEMS, UNSUPPORTED_FEATURES
from thbstats.geography import (
    COMPOSITIONS,
    COUNTRIES,
    DISSOLVED_STATES,
    Country,
    Region,
    read_regions,
)
from thbstats.panel import Outcome, Severity, Status, Verdict
from thbstats.rules import ALL, DEFAULTS, NO_VALUE, Rule, Thresholds
from thbstats.sources import Format
from thbstats.values import Reason
from thbstats.vocabulary import Code

Indicator = Callable[..., Any]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _fields(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a list of the fields that have a text."""
    return "\n".join(f"- **{name}**: {_cell(text)}" for name, text in pairs if text)


def _slug(heading: str) -> str:
    """Return the anchor of a heading of one word."""
    return heading.lower()


def _anchor(code: str, rules: Iterable[Rule] = (*ALL, NO_VALUE)) -> str:
    """Return the anchor of the section of a code."""
    return f"{_title(code, rules)} {code}".lower().replace(" ", "-")


def _title(code: str, rules: Iterable[Rule]) -> str:
    return next(rule.title for rule in rules if rule.code == code)


# Docstrings


def parts_of(item: object) -> dict[str, str]:
    """Return the sections of a numpydoc docstring; the key of the text above them is ``""``."""
    text = inspect.getdoc(item) or ""
    pieces = re.split(r"^(\S[^\n]*)\n-{3,}\n", text, flags=re.MULTILINE)
    named = zip(["", *pieces[1::2]], pieces[0::2], strict=True)
    return {name: _markdown(body) for name, body in named}


def _markdown(text: str) -> str:
    return text.strip().replace("``", "`")


def summary_of(item: object) -> str:
    """Return the first sentence."""
    return _cell(parts_of(item)[""].split("\n\n")[0])


def definition_of(item: object) -> str:
    """Return the text between the first sentence of a docstring and its parameters."""
    return _cell(" ".join(parts_of(item)[""].split("\n\n")[1:]))


def warnings_of(function: Indicator) -> str:
    """Return the sentence on warnings and limitations of a docstring."""
    notes = parts_of(function).get("Notes", "")
    found = re.search(r"Comparability warnings.*?: (.*?)(?:\n\n|\Z)", notes, re.DOTALL)
    return found[1] if found else ""


INDICATORS: tuple[Indicator, ...] = (
    *indicators.ALL,
    *(getattr(module, name) for module in (justice, protection) for name in module.__all__),
)


def codes_of(function: Indicator, among: Iterable[Indicator] = INDICATORS) -> tuple[str, ...]:
    """Return the codes in this sentence, and in those of the indicators that it names."""
    text = warnings_of(function)
    codes = set(re.findall(r"\b[A-Z]{3,}(?:_[A-Z]+)*\b", text))
    for sister in among:
        if "those of" in text and sister is not function and f"`{sister.__name__}`" in text:
            codes |= set(codes_of(sister, among))
    return tuple(sorted(codes))


# Pages


def indicator_page(functions: Iterable[Indicator] = INDICATORS) -> str:
    """Return a table of all indicators and a section for each."""
    listed = list(functions)
    rows = [[f"[`{item.__name__}`](#{_slug(item.__name__)})", _returned(item)] for item in listed]
    sections = [_indicator(item, listed) for item in listed]
    return "\n\n".join([table(["indicator", "returns"], rows), *sections])


def _returned(item: Indicator) -> str:
    """Return the first sentence without its verb."""
    text = summary_of(item).removeprefix("Return ")
    return text[:1].upper() + text[1:]


def _indicator(item: Indicator, among: list[Indicator]) -> str:
    parts = parts_of(item)
    codes = ", ".join(f"[{code}](warnings.md#{_anchor(code)})" for code in codes_of(item, among))
    pairs = [
        ("Definition", definition_of(item)),
        ("Returns", ": ".join(map(_cell, parts.get("Returns", "").split("\n", 1)))),
        ("Warnings", codes or warnings_of(item)),
        ("Source", parts.get("References", "")),
    ]
    home = "indicators" if item in indicators.ALL else item.__module__.removeprefix("thbstats.")
    link = f'[Parameters and examples](api/indicators.md "thbstats.{home}.{item.__qualname__}")'
    return "\n\n".join([f"## `{item.__name__}`", summary_of(item), _fields(pairs), link])


_SCOPES = {"number": "One number", "pair": "Two numbers"}
_GUIDES = {
    "COVERAGE": "[Handle missing countries](../how-to/missing-countries.md) shows the steps.",
}
"""A link to instructions, by code."""


def warning_page(rules: Iterable[Rule] = (*ALL, NO_VALUE)) -> str:
    """Return a table for each tier, a section for each code, and the thresholds."""
    listed = list(rules)
    codes = dict.fromkeys(rule.code for rule in listed)
    sections = [_code(code, [rule for rule in listed if rule.code == code]) for code in codes]
    return "\n\n".join(
        [
            "## Warnings",
            _rules([rule for rule in listed if not rule.is_limitation], listed),
            "## Limitations",
            _rules([rule for rule in listed if rule.is_limitation], listed),
            *sections,
            "## Thresholds",
            table(["threshold", "default", "reason"], map(_threshold, Thresholds.reasons())),
        ]
    )


def _rules(rules: Iterable[Rule], listed: Sequence[Rule]) -> str:
    rows = [
        [
            f"[{rule.title}](#{_anchor(rule.code, listed)})",
            f"`{rule.code}`",
            _SCOPES[rule.scope].lower(),
            rule.definition,
        ]
        for rule in rules
    ]
    return table(["title", "code", "applies to", "passes if"], rows)


def _code(code: str, rules: list[Rule]) -> str:
    guide = _GUIDES.get(code)
    heading = f"## {_title(code, rules)} `{code}`"
    return "\n\n".join([heading, *([guide] if guide else []), *map(_rule, rules)])


def _rule(rule: Rule) -> str:
    named = [name for name in Thresholds.reasons() if f"`{name}`" in rule.trigger]
    limits = "; ".join(f"`{name}` = {_limit(name)}" for name in named)
    pairs = [
        ("Passes if", rule.definition),
        ("Trigger", rule.trigger),
        ("Thresholds", limits),
        ("Tier", "limitation" if rule.is_limitation else "warning"),
        ("Not assessable", _not_assessable(rule)),
        ("In pairs", _in_pairs(rule)),
        ("Source", rule.source),
        ("Example", rule.example),
        ("Hint", rule.hint),
    ]
    return "\n\n".join([f"### {_SCOPES[rule.scope]}: {rule.title}", _fields(pairs)])


def _not_assessable(rule: Rule) -> str:
    if rule.essential and rule.scope == "pair":
        return "the two numbers get the verdict *not assessable*"
    if rule.essential:
        return "a separate warning"
    if rule.needs_documentation:
        return "*comparable with caution* between different areas, else part of NOT_DOCUMENTED"
    return "listed in the limitation NOT_DOCUMENTED"


def _in_pairs(rule: Rule) -> str:
    text = "a failure with caution makes a pair comparable with caution at best"
    return text if rule.affects_pairs else ""


def status_page() -> str:
    """Return a table of the status of rows."""
    rows = [[f"`{status.code}`", status.label, _comment(status)] for status in Status]
    return table(["status", "label", "meaning"], rows)


def _comment(status: Status) -> str:
    """Return the text below a status in its class."""
    source = inspect.getsource(Status)
    found = re.search(rf'{status.name} = \d+\n\s+"""(.*?)"""', source, re.DOTALL)
    return found[1] if found else ""


def level_page() -> str:
    """Return tables of outcomes, severities and verdicts."""
    return "\n\n".join(
        table([title, "code"], [[_label(item), f"`{item}`"] for item in items])
        for title, items in (("outcome", Outcome), ("severity", Severity), ("verdict", Verdict))
    )


def _label(item: Outcome | Severity | Verdict) -> str:
    return item.label if isinstance(item, Verdict) else item.replace("_", " ")


def _threshold(name: str) -> list[str]:
    return [f"`{name}`", _limit(name), Thresholds.reasons()[name]]


def _limit(name: str) -> str:
    """Return the default of a threshold: a share as a percentage, or a count."""
    limit = getattr(DEFAULTS, name)
    return percent(limit, 0) if isinstance(limit, Fraction) else str(limit)


def vocabulary_page(lists: Iterable[type[Code]] = vocabulary.ALL) -> str:
    """Return a section with a table for each code list, for the areas and the reasons."""
    areas = [[area.code, area.label, str(len(area.members))] for area in COMPOSITIONS.values()]
    reasons = [[f"`{reason}`", reason.label] for reason in Reason]
    return "\n\n".join(
        [
            *map(_words, lists),
            "## Areas",
            "A country is an area with one member. `EU28 without UK` is an area too, and so is a "
            "[region](countries.md) such as `Western Europe`. `Area.define` defines an area "
            "of your own.",
            table(["code", "label", "members"], areas),
            "## Reasons",
            summary_of(Reason),
            table(["code", "label"], reasons),
        ]
    )


def _words(words: type[Code]) -> str:
    rows = [
        [
            f"`{word}`",
            word.label,
            f"`{word.parent}`" if word.parent else "",
            ", ".join(word.synonyms),
            word.note,
        ]
        for word in words
    ]
    head = ["code", "label", "within", "also read", "note"]
    filled = [place for place in range(5) if place < 2 or any(row[place] for row in rows)]
    formatted = table([head[place] for place in filled], [[row[i] for i in filled] for row in rows])
    return "\n\n".join([f"## {words.__name__}", parts_of(words)[""], formatted])


def country_page(
    countries: Iterable[Country] = COUNTRIES, dissolved: Iterable[Country] = DISSOLVED_STATES
) -> str:
    """Return tables of the countries of today, of dissolved states and of regions."""
    regions = read_regions().values()
    head = ["code", "ISO", "M49", "name", "also read", "nationals"]
    former = [[*_country(state), _existence(state)] for state in dissolved]
    return "\n\n".join(
        [
            "## Countries",
            table(head, map(_country, countries)),
            "## Dissolved states",
            table([*head, "existed; territory today"], former),
            "## Regions",
            "The regions and sub-regions of the United Nations. Antarctica, Kosovo and Taiwan are "
            "in no region of M49.",
            table(["code", "M49", "also read", "parts or members"], map(_region, regions)),
        ]
    )


def _region(region: Region) -> list[str]:
    parts = [read_regions()[part].name for part in region.parts]
    contents = ", ".join(parts or sorted(region.members))
    return [f"`{region.name}`", region.m49, "; ".join(region.synonyms), contents]


def _country(country: Country) -> list[str]:
    return [
        f"`{country.code}`",
        " ".join((country.iso2, country.iso3)),
        country.m49,
        country.name,
        "; ".join((*country.synonyms, *country.translations)),
        "; ".join((*country.demonyms, *country.variants)),
    ]


def _existence(state: Country) -> str:
    return f"{state.first} to {state.last}; {', '.join(state.successors)}"


def publication_page(loaders: Iterable[Callable[[], Publication]] = publications.ALL) -> str:
    """Return a table of all publications and a section for each."""
    listed = list(loaders)
    rows = [[f"[`{load.__name__}`](#{_slug(load.__name__)})", load().title] for load in listed]
    return "\n\n".join([table(["publication", "title"], rows), *map(_publication, listed)])


def _publication(load: Callable[[], Publication]) -> str:
    report = load()
    kinds = Counter(claim.kind for claim in report.claims)
    pairs = [
        ("Document", report.document),
        ("Publisher", report.publisher),
        ("Published", "" if report.published is None else str(report.published)),
        ("Address", report.url and f"<{report.url}>"),
        ("Sections with claims", ", ".join(report.sections)),
    ]
    claims = table(["kind of claim", "number"], [[kind, str(n)] for kind, n in kinds.items()])
    return "\n\n".join([f"## `{load.__name__}`", report.title, _fields(pairs), claims])


def field_page(record: str, cls: type) -> str:
    """Return a table of the fields of a record of the claims file."""
    shape, words = claims_schema()["definitions"][record], field_descriptions(cls)
    rows = [
        [f"`{name}`", "yes" if name in shape["required"] else "", _taken(each), words[name]]
        for name, each in shape["properties"].items()
    ]
    return table(["field", "required", "takes", "meaning"], rows)


def _taken(shape: Mapping[str, Any]) -> str:
    """Return the type of a field in words."""
    if "anyOf" in shape:
        return " or ".join(map(_taken, shape["anyOf"]))
    if shape.get("enum") == list(DIMENSIONS):
        return "a [dimension](#dimensions)"
    if "enum" in shape:
        return ", ".join(f"`{word}`" for word in shape["enum"])
    if shape.get("format") == "date":
        return "day"
    words = {"string": "text", "boolean": "true, false", "integer": "integer"}
    words |= {"array": "list", "object": "codes by dimension"}
    return words[shape["type"]]


def claim_kind_page() -> str:
    """Return a table of the kinds of claim, and one of the dimensions of a category."""
    kinds = [
        [
            f"`{kind}`",
            ", ".join(f"`{name}`" for name in NEEDED.get(kind, ())),
            ", ".join(f"`{name}`" for name, kinds in ONLY.items() if kind not in kinds),
        ]
        for kind in ClaimKind
    ]
    dimensions = [
        [
            f"`{name}`",
            ", ".join(str(subject) for subject, known in DIMENSIONS_OF.items() if name in known),
            _codes(name),
        ]
        for name in DIMENSIONS
    ]
    return "\n\n".join(
        [
            table(["kind", "requires", "excludes"], kinds),
            "## Dimensions",
            "The dimensions of `category` and `of`. Counts of institutions can have all of them.",
            table(["dimension", "subjects", "codes"], dimensions),
        ]
    )


def _codes(dimension: str) -> str:
    free = {"area": "an area", "topic": "a name in lower-case letters"}
    more = ["or a country"] if dimension == "citizenship" else []
    return free.get(dimension) or ", ".join([*(f"`{c}`" for c in codes_in(dimension)), *more])


def source_page(formats: Iterable[Format] = sources.ALL) -> str:
    """Return a table of all formats, a section for each, and the codes of logs."""
    listed = list(formats)
    rows = [
        [f"[`{item.name}`](#{_slug(item.name)})", item.label, _ways(item), _endings(item)]
        for item in listed
    ]
    codes = [
        "\n\n".join([f"## {title}", text, table(["code", "meaning"], _coded(meanings))])
        for title, text, meanings in _CODES
    ]
    head = ["format", "content", "use", "file extensions"]
    return "\n\n".join([table(head, rows), *map(_format, listed), *codes])


_CODES = (
    ("Problems", "The codes of a `ReadLog`, for rejected and for used rows.", ROW_PROBLEMS),
    (
        "Losses",
        "The codes of a `WriteLog`, for information that a format cannot store.",
        UNSUPPORTED_FEATURES,
    ),
)


def _coded(meanings: Mapping[str, str]) -> list[list[str]]:
    return [[code, meaning] for code, meaning in meanings.items()]


def _ways(item: Format) -> str:
    return "read and written" if item.write else "read"


def _endings(item: Format) -> str:
    return ", ".join(f"`{ending}`" for ending in item.extensions) if item.write else ""


def _format(item: Format) -> str:
    home = import_module(f"thbstats.sources.{item.name}")
    pairs = [("Content", item.contents), ("Specification", item.specification)]
    about = (parts_of(home)[""].split("\n\n")[1:] or [""])[0]
    return "\n\n".join(
        [f"## `{item.name}`", f"{item.label}. {summary_of(home)}", _cell(about), _fields(pairs)]
    )


API_PAGES = {
    **{
        name: name
        for name in (
            *("cases", "disclosure", "errors", "lists", "plots"),
            *("publications", "reports", "rules"),
        )
    },
    **dict.fromkeys(
        ("formulas", "indicators", "justice", "protection", "sensitivity"), "indicators"
    ),
    **dict.fromkeys(("auditing", "bounds", "claims"), "publications"),
    "collection": "collection",
    "comparison_pages": "reports",
    **dict.fromkeys(("files", "sources"), "files"),
    **dict.fromkeys(("metadata", "metrics", "records", "tables", "values"), "tables"),
    **dict.fromkeys(("explanations", "geography", "vocabulary"), "vocabulary"),
    "panel": "panels",
    "releases": "revisions",
    "testing": "testing",
}
"""The page of the API reference that documents each package."""


def top_level_page(names: Iterable[str] = thbstats.__all__) -> str:
    """Return a table of the names that ``import thbstats`` provides."""
    rows = [_top_level(name) for name in names if not name.startswith("_")]
    return table(["name", "description"], rows)


def _top_level(name: str) -> list[str]:
    item = getattr(thbstats, name)
    if inspect.ismodule(item):
        return [f"[`{name}`]({API_PAGES[name]}.md)", summary_of(item)]
    package = thbstats._HOME[name]
    link = f'[`{name}`]({API_PAGES[package]}.md "thbstats.{package}.{name}")'
    return [link, summary_of(item)]


PAGES: dict[str, Callable[[], str]] = {
    "indicators": indicator_page,
    "warnings": warning_page,
    "status": status_page,
    "levels": level_page,
    "code lists": vocabulary_page,
    "countries": country_page,
    "publications": publication_page,
    "formats": source_page,
    "report fields": lambda: field_page("report", Publication),
    "claim fields": lambda: field_page("claim", Claim),
    "claim kinds": claim_kind_page,
    "top level": top_level_page,
}
