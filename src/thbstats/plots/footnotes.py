"""Lines under a plot: reasons, coverage, contradictions, warnings and sources of its numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen

from thbstats.columns import Coded
from thbstats.geography import Area, composition_on
from thbstats.panel import ComparabilityWarning, Panel, Severity
from thbstats.panel.names import area_label
from thbstats.plots.drawn_numbers import PlotNumbers
from thbstats.plots.titles import countries_words
from thbstats.records import Source
from thbstats.rules import Level
from thbstats.rules.judgement import PairLevels
from thbstats.values import Period

_HEADS = {Severity.BLOCKING: "Warning", Severity.CAUTION: "Caution", Severity.NOTE: "Note"}
_LEVELS = {Level.BLOCKING: Severity.BLOCKING, Level.CAUTION: Severity.CAUTION}
_CONFLICTS = {"contradictory": "Contradictory counts", "conflicting": "Several values for a count"}
_FEW, _NAMED = 3, 8
"""Most areas or periods above a plot; most countries in a line on contradictory counts."""
_FOUNDED = 1958


@frozen
class Footer:
    """The lines under a plot, and further ones that only the alt text contains."""

    lines: tuple[str, ...]
    further: tuple[str, ...] = ()


def footer(
    rows: PlotNumbers,
    notes: Iterable[str] = (),
    pairs: PairLevels | None = None,
    warnings: Iterable[ComparabilityWarning] = (),
) -> Footer:
    """Return the lines under a plot; warnings are those of the numbers with a mark."""
    panel = rows.panel
    drawn = [i for i, own in enumerate(rows.drawn) if own is not None]
    levels = [*zip(panel.rules, panel.warning_levels[:, drawn].max(axis=1, initial=0), strict=True)]
    if pairs is not None:
        levels += zip(pairs.rules, pairs.levels.max(axis=1, initial=0), strict=True)
    titles = [
        (_LEVELS.get(level, Severity.NOTE), rule.title)
        for rule, level in levels
        if level > Level.UNDOCUMENTED and not rule.is_limitation and rule.code != "NO_VALUE"
    ]
    noted = (note for i in drawn for note in panel.notes[i] if not note.is_limitation)
    lines = warning_lines([*titles, *titled([*noted, *warnings])])
    limits = list(dict.fromkeys(item.title or item.code for item in panel.limitations))
    conflicts, listed = contradiction_lines(panel)
    notes_of = [line for line in lines if line.startswith(_HEADS[Severity.NOTE])]
    return Footer(
        (
            *notes,
            *coverage_lines(rows),
            *conflicts,
            *(line for line in lines if line not in notes_of),
            *([_sentence("Limits", limits)] if limits else []),
            f"Source: {citation(rows.sources)}.",
        ),
        (*listed, *notes_of),
    )


def titled(warnings: Iterable[ComparabilityWarning]) -> list[tuple[Severity, str]]:
    """Return the severity and the title of warnings."""
    return [(item.severity, item.title or item.code) for item in warnings]


def warning_lines(titles: Iterable[tuple[Severity, str]]) -> list[str]:
    """Return titles by severity, each once with its highest one."""
    highest: dict[str, Severity] = {}
    for severity, title in sorted(titles, key=lambda own: list(_HEADS).index(own[0])):
        highest.setdefault(title, severity)
    groups = {
        head: [own for own in highest if highest[own] is rank] for rank, head in _HEADS.items()
    }
    return [_sentence(head, own) for head, own in groups.items() if own]


def _present(column: Coded[Any]) -> list[Any]:
    """Return the values of a column that have a row."""
    return [column.categories[code] for code in column.present]


def _sentence(head: str, titles: Iterable[str]) -> str:
    return f"{head}: {'; '.join(title[:1].lower() + title[1:] for title in titles)}."


def coverage_lines(rows: PlotNumbers) -> list[str]:
    """Return the number of reporting countries, of the countries of the area."""
    panel = rows.panel
    if not panel.area.is_constant and all(len(own.members) == 1 for own in _present(panel.area)):
        return [_country_coverage(rows)]
    sizes: dict[str, set[int]] = {}
    for area, known, number in zip(panel.area, panel.reporters, panel.n_reporters, strict=True):
        listed = int(number) if known is None else len(known)
        sizes.setdefault(area_label(area), set()).add(listed)
    areas = {area_label(area): len(area.members) for area in _present(panel.area)}
    lines = []
    for name, numbers in sizes.items():
        span = " to ".join(map(str, sorted({min(numbers), max(numbers)})))
        if min(numbers) < 0:
            lines.append(f"{name}: the source does not list the reporting countries.")
        elif areas[name] > 1:
            lines.append(f"{name}: {span} of {areas[name]} countries reported.")
    return lines if len(lines) <= _FEW else [f"{len(lines)} areas with different coverage."]


def _country_coverage(rows: PlotNumbers) -> str:
    """Return the countries with a value, of the area that they form."""
    panel = rows.panel
    shown = frozenset[str]().union(*(area.members for area in _present(panel.area)))
    pairs = zip(panel.area, panel.value.missing.tolist(), strict=True)
    known = frozenset[str]().union(*(area.members for area, missing in pairs if not missing))
    union = _union(shown, _present(panel.period))
    if not known:
        return "No country has a value."
    if union:
        return f"{union}: {len(known)} of {len(shown)} countries have a value."
    has = "has" if len(known) == 1 else "have"
    return f"{countries_words(len(known))} {has} a value; other countries are not in the plot."


def _union(members: frozenset[str], periods: Iterable[Period]) -> str:
    """Return the code of the EU if countries are its members in each period."""
    days = [period.end for period in periods]
    known = [composition_on(day) for day in days if day is not None and day.year >= _FOUNDED]
    is_union = len(known) == len(days) and {area.members for area in known} == {members}
    return known[0].code if is_union else ""


def reason_lines(rows: PlotNumbers, listed: Sequence[int]) -> list[str]:
    """Return rows without a value by reason, with the counts or bounds that have no mark."""
    groups: dict[str, list[str]] = {}
    for i in listed:
        lines, reason, figure = rows.figures(i), rows.reasons[i], ""
        if rows.has_mark(i):
            reason = f"{reason.removesuffix(', no value')}, only bounds"
        elif lines and reason not in ("No data", "Not bounded"):
            figure = f" ({lines[0]})" if rows.panel.value.missing[i] else f" {lines[0]}"
        groups.setdefault(reason, []).append(f"{rows.names[i]}{figure}")
    every = len(groups) == 1 and len(listed) == len(rows.panel) > _FEW
    order = sorted(groups, key=lambda reason: reason in ("No data", "Not reported"))
    return [f"{own}: {'all rows' if every else ', '.join(groups[own])}." for own in order]


def contradiction_lines(panel: Panel) -> tuple[list[str], list[str]]:
    """Return which contradictory counts are in the value and which are not, short and in full.

    A row that is itself without a value for this reason has its own line.
    """
    groups: dict[tuple[str, str], dict[str, list[Period]]] = {}
    columns = (panel.contradictions, panel.period, panel.area, panel.reporters)
    for items, period, area, reporters in zip(*columns, strict=True):
        for item in items:
            if item.code not in _CONFLICTS or item.area == area.code:
                continue
            part = ""
            if reporters is not None and item.area in area.members:
                part = "in the value" if item.area in reporters else "not in the value"
            own = groups.setdefault((item.code, part), {}).setdefault(item.area, [])
            if period not in own:
                own.append(period)
    short, full = [], []
    for (code, part), owners in groups.items():
        head = ", ".join(filter(None, [_CONFLICTS[code], part]))
        texts = [
            f"{area_label(Area.parse(area))} ({years_text(own)})" for area, own in owners.items()
        ]
        full.append(f"{head}: {', '.join(texts)}.")
        short.append(full[-1] if len(texts) <= _NAMED else f"{head}: {len(texts)} countries.")
    return short, [line for line in full if line not in short]


def years_text(periods: Sequence[Period]) -> str:
    """Return periods in words, more than two adjacent years as a range."""
    texts = sorted(str(period) for period in periods)
    is_range = len(texts) > 2 and all(text.isdigit() for text in texts)
    if is_range and int(texts[-1]) - int(texts[0]) == len(texts) - 1:
        return f"{texts[0]} to {texts[-1]}"
    return ", ".join(texts)


def citation(sources: Iterable[Source]) -> str:
    """Return publications, each once with its sections."""
    sections: dict[str, list[str]] = {}
    for source in sources:
        when = f"published {source.published.isoformat()}" if source.published else ""
        parts = (source.publisher, source.title, source.document, when)
        sections.setdefault(", ".join(filter(None, parts)), []).append(source.section)
    texts = (f"{name}{section_list(own)}" for name, own in sections.items())
    return "; ".join(texts) or "not stated"


def section_list(sections: Iterable[str]) -> str:
    """Return the sections of a publication as the end of a sentence."""
    *front, last = [section for section in dict.fromkeys(sections) if section] or [""]
    if front:
        return f", sections {', '.join(front)} and {last}"
    return f", section {last}" if last else ""


def where(panel: Panel) -> str:
    """Return the areas and the periods of numbers."""
    areas = list(dict.fromkeys(map(area_label, panel.area)))
    countries = all(len(area.members) == 1 for area in _present(panel.area))
    shown = frozenset[str]().union(*(area.members for area in _present(panel.area)))
    union = _union(shown, _present(panel.period)) if countries and len(areas) > _FEW else ""
    noun = "countries" if countries else "areas"
    many = f"countries of the {union}" if union else f"{len(areas)} {noun}"
    periods = sorted({str(period) for period in panel.period})
    span = [*periods[:1], *periods[-1:]] if len(periods) > _FEW else periods
    when = (" to " if len(periods) > _FEW else " / ").join(span)
    return f"{' / '.join(areas) if len(areas) <= _FEW else many}, {when}"
