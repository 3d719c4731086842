"""Lines under a plot."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from thbstats.columns import Coded
from thbstats.display import MARKS, count
from thbstats.geography import Area
from thbstats.panel import ComparabilityWarning, Panel, Severity, Status, Warnings
from thbstats.plots.numbers import PlotNumbers
from thbstats.records import Source
from thbstats.rules import ALL
from thbstats.rules.judgement import PairLevels
from thbstats.values import Reason

_SEVERITIES = {
    Severity.BLOCKING: "Blocking",
    Severity.CAUTION: "Caution",
    Severity.NOTE: "Notes",
}
_CONFLICTS = {
    "contradictory": "Contradictory counts, not in the value",
    "conflicting": "Conflicting counts, from the smallest value to the sum",
}
_FEW, _NAMED = 3, 8
"""At most this many areas or periods are listed above a plot, and conflicts below it."""
_LONGEST, _LISTED = 130, 40
"""The longest message of a warning, and the longest code of an area."""
_WORDED = 12
"""A warning of at most this many numbers is written out if its message is the same for all."""


def footer(
    panel: Panel,
    notes: Iterable[str] = (),
    pairs: PairLevels | None = None,
    warnings: Iterable[ComparabilityWarning] = (),
) -> tuple[str, ...]:
    """Return the paragraphs under a plot."""
    sources = [source for own in _present(panel.sources) for source in own]
    sources += [source for own in _present(panel.inhabitants) if own for source in own.sources]
    valued = ~panel.value.missing
    marks = []
    if (valued & (panel.suppression.cells > 0)).any():
        marks.append(f"{MARKS[Reason.SUPPRESSED]} Includes suppressed counts.")
    conflicts = PlotNumbers(panel).conflicts
    if any(mark and own for mark, own in zip(conflicts, valued.tolist(), strict=True)):
        marks.append("[!] Some counts are contradictory or conflicting.")
    every = [*_row_warnings(panel), *(_pair_warnings(pairs) if pairs else []), *warnings]
    limitations = dict.fromkeys(item.title or item.code for item in panel.limitations)
    return (
        *notes,
        *marks,
        f"Source: {citation(sources)}.",
        f"Period: {_periods(panel)}. {_reporting(panel)}",
        *_conflicts(panel),
        *warning_lines(every),
        *([f"Limitations: {'; '.join(limitations)}."] if limitations else []),
    )


def _present(column: Coded[Any]) -> list[Any]:
    """Return the values of a column that have a row."""
    return [column.categories[code] for code in column.present]


def _conflicts(panel: Panel) -> list[str]:
    """Return the areas and periods of contradictory and conflicting counts."""
    counts: dict[str, dict[str, None]] = {code: {} for code in _CONFLICTS}
    columns = (panel.contradictions, panel.period, panel.status, panel.area)
    for items, period, status, area in zip(*columns, strict=True):
        own = [(item.code, item.area) for item in items]
        for code, owner in own or [(Status(status).code, str(area))]:
            if code in counts:
                counts[code][f"{owner} {period}"] = None
    lines = []
    for code, names in counts.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        lines += [f"{_CONFLICTS[code]}: {', '.join([*names][:_NAMED])}{more}."] if names else []
    return lines


def _row_warnings(panel: Panel) -> list[ComparabilityWarning]:
    """Return the warnings of rows; one for a rule that applies to many rows."""
    items: list[ComparabilityWarning] = []
    for rule, levels in zip(panel.rules, panel.warning_levels, strict=True):
        rows = np.flatnonzero(levels)
        if len(rows) <= _WORDED:
            items += [rule.warn(panel.row(i), panel.thresholds, levels[i]) for i in rows.tolist()]
        else:
            items.append(_titled(rule, int(levels.max())))
    notes = (note for own in _present(panel.notes) for note in own)
    return [*items, *(note for note in notes if not note.is_limitation)]


def _pair_warnings(pairs: PairLevels) -> list[ComparabilityWarning]:
    if len(pairs) <= _WORDED:
        every = [item for i in range(len(pairs)) for item in pairs.row_warnings(i)]
        return [item for item in every if not item.is_limitation and item.code != "NO_VALUE"]
    levels = zip(pairs.rules, pairs.levels, strict=True)
    applied = [(rule, int(own.max(initial=0))) for rule, own in levels if rule.code != "NO_VALUE"]
    return [_titled(rule, level) for rule, level in applied if level > 1 and not rule.is_limitation]


def _titled(rule: Any, level: int) -> ComparabilityWarning:
    """Return the warning of a rule for many numbers: its title, without figures."""
    severity = {3: Severity.CAUTION, 5: Severity.BLOCKING}.get(level, Severity.NOTE)
    return ComparabilityWarning(
        code=rule.code, title=rule.title, severity=severity, scope=rule.scope, message=rule.title
    )


def rule_titles(codes: Iterable[str]) -> list[str]:
    """Return codes of rules with their titles, each once."""
    titles = {rule.code: rule.title for rule in sorted(ALL, key=lambda rule: rule.scope)}
    return [f"{code}: {titles[code]}" for code in dict.fromkeys(codes) if code in titles]


def warning_lines(warnings: Iterable[ComparabilityWarning]) -> tuple[str, ...]:
    """Return warnings by severity, each code once; a short single message in full."""
    lines = []
    before: set[str] = set()
    for severity, head in _SEVERITIES.items():
        messages: dict[str, dict[str, str]] = {}
        for item in Warnings(warnings):
            if item.severity is severity and item.code not in before:
                messages.setdefault(item.code, {})[str(item.message)] = item.title
        texts = []
        for code, own in messages.items():
            message, title = next(iter(own.items()))
            short = severity is not Severity.NOTE and len(own) == 1 and len(message) <= _LONGEST
            text = message if short else title
            texts.append(f"{code} ({text})" if text else code)
        lines += [f"{head}: {'; '.join(texts)}."] if texts else []
        before |= set(messages)
    return tuple(lines)


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


def _reporting(panel: Panel) -> str:
    """Return the number of reporting countries, and of the countries of the area."""
    if not panel.area.is_constant:
        reporters = _present(panel.reporters)
        if any(own is None for own in reporters):
            return "The reporting countries are not documented for every number."
        known = frozenset[str]().union(*reporters)
        requested = [own or () for own in _present(panel.expected)]
        expected = known.union(*requested, *(area.members for area in _present(panel.area)))
        return f"Reporting countries: {len(known)} of {len(expected)}."
    listed = panel.reporters.table(lambda own: -1 if own is None else len(own), np.intp)
    numbers = np.where(listed >= 0, listed, panel.n_reporters)
    if (numbers < 0).any():
        some = "" if (numbers < 0).all() else " for every number"
        return f"The reporting countries are not documented{some}."
    sizes = panel.expected.table(lambda own: 0 if own is None else len(own), np.intp)
    of = f" of {_span(sizes)}" if sizes.all() else ""
    return f"Reporting countries: {_span(numbers)}{of}."


def _span(sizes: Any) -> str:
    least, most = min(sizes), max(sizes)
    return f"{least}" if least == most else f"{least} to {most}"


def where(panel: Panel) -> str:
    """Return the areas and the periods of numbers."""
    areas = list(dict.fromkeys(map(area_name, panel.area)))
    listed = " / ".join(areas) if len(areas) <= _FEW else f"{len(areas)} areas"
    return f"{listed}, {_periods(panel)}"


def area_name(area: Area) -> str:
    """Return the name of a country, the code of a union, or the number of countries."""
    if len(area.members) == 1:
        return area.label
    listed = len(area.code) > _LISTED or area.code.count("+") >= _FEW
    short = area.short_name
    return f"{count(len(area.members))} countries" if listed and short == area.code else short


def _periods(panel: Panel) -> str:
    periods = sorted({str(period) for period in panel.period})
    return " / ".join(periods) if len(periods) <= _FEW else f"{periods[0]} to {periods[-1]}"
