"""Lines under a plot: reasons, coverage, contradictions, warnings and sources of its numbers."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from attrs import frozen

from thbstats.columns import Coded
from thbstats.geography import Area, composition_on
from thbstats.languages import Message, Phrase, Plural, joined, lowered
from thbstats.panel import ComparabilityWarning, Panel, Severity
from thbstats.panel.names import area_label
from thbstats.plots.canvas import countries_words
from thbstats.plots.drawn_numbers import PlotNumbers
from thbstats.records import Source
from thbstats.rules import Level
from thbstats.rules.judgement import PairLevels
from thbstats.values import Period

_HEADS = {
    Severity.BLOCKING: partial(Message, "Warning: {titles}."),
    Severity.CAUTION: partial(Message, "Caution: {titles}."),
    Severity.NOTE: partial(Message, "Note: {titles}."),
}
_LEVELS = {Level.BLOCKING: Severity.BLOCKING, Level.CAUTION: Severity.CAUTION}
_CONFLICTS = {
    "contradictory": Message("Contradictory counts"),
    "conflicting": Message("Several values for a count"),
}
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
    limits = [lowered(own) for own in dict.fromkeys(i.title or i.code for i in panel.limitations)]
    conflicts, listed = contradiction_lines(panel)
    notes_of = [line for line in lines if line.startswith("Note")]
    return Footer(
        (
            *notes,
            *coverage_lines(rows),
            *conflicts,
            *(line for line in lines if line not in notes_of),
            *([Message("Limits: {titles}.", titles=limits)] if limits else []),
            source_line(rows.sources),
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
    groups = {rank: [lowered(own) for own in highest if highest[own] is rank] for rank in _HEADS}
    return [_HEADS[rank](titles=joined(own, "; ", "; ")) for rank, own in groups.items() if own]


def _present(column: Coded[Any]) -> list[Any]:
    """Return the values of a column that have a row."""
    return [column.categories[code] for code in column.present]


def source_line(sources: Iterable[Source]) -> str:
    """Return the line on the sources."""
    return Message("Source: {source}.", source=citation(sources))


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
    lines = list[str]()
    for name, numbers in sizes.items():
        ends = map(str, sorted({min(numbers), max(numbers)}))
        own = {"area": name, "total": areas[name]}
        if min(numbers) < 0:
            lines.append(
                Message("{area}: the source does not list the reporting countries.", **own)
            )
        elif areas[name] > 1:
            span = _range(*ends)
            lines.append(Message("{area}: {n} of {total} countries reported.", n=span, **own))
    if len(lines) <= _FEW:
        return lines
    return [Message("{n} areas with different coverage.", n=len(lines))]


def _range(first: str, last: str = "") -> str:
    return Message("{first} to {last}", first=first, last=last) if last else first


def _country_coverage(rows: PlotNumbers) -> str:
    """Return the countries with a value, of the area that they form."""
    panel = rows.panel
    shown = frozenset[str]().union(*(area.members for area in _present(panel.area)))
    pairs = zip(panel.area, panel.value.missing.tolist(), strict=True)
    known = frozenset[str]().union(*(area.members for area, missing in pairs if not missing))
    union = _union(shown, _present(panel.period))
    if not known:
        return Message("No country has a value.")
    if union:
        text = "{area}: {n} of {total} countries have a value."
        return Message(text, area=union, n=len(known), total=len(shown))
    if len(known) < len(shown):
        return Plural(
            "{n} of the {total} countries in the plot has a value; "
            "other countries are not in the plot.",
            "{n} of the {total} countries in the plot have a value; "
            "other countries are not in the plot.",
            len(known),
            n=len(known),
            total=len(shown),
        )
    return Plural(
        "{n} country has a value; other countries are not in the plot.",
        "{n} countries have a value; other countries are not in the plot.",
        len(known),
        n=len(known),
    )


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
            short = "{reason}, only bounds"
            reason = Phrase(
                f"{reason.removesuffix(', no value')}, only bounds", Message(short, reason=reason)
            )
        elif lines and reason not in ("No data", "Not bounded"):
            figure = lines[0]
            if rows.panel.value.missing[i]:
                figure = Message("({figure})", figure=figure)
        name = joined(filter(None, (rows.names[i], figure)), " ", " ")
        groups.setdefault(reason, []).append(name)
    every = len(groups) == 1 and len(listed) == len(rows.panel) > _FEW
    order = sorted(groups, key=lambda reason: reason in ("No data", "Not reported"))
    return [
        Message(
            "{reason}: {rows}.",
            reason=own, rows=Message("all rows") if every else joined(groups[own], ", "),
        )
        for own in order
    ]  # fmt: skip


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
            part: str = ""
            if reporters is not None and item.area in area.members:
                part = Message("not in the value")
                if item.area in reporters:
                    part = Message("in the value")
            own = groups.setdefault((item.code, part), {}).setdefault(item.area, [])
            if period not in own:
                own.append(period)
    short, full = list[str](), list[str]()
    for (code, part), owners in groups.items():
        head = joined(filter(None, [_CONFLICTS[code], part]), ", ")
        texts = [
            Message("{text} ({others})", text=area_label(Area.parse(area)), others=years_text(own))
            for area, own in owners.items()
        ]
        line = "{reason}: {rows}."
        full.append(Message(line, reason=head, rows=joined(texts, ", ")))
        many = Message(line, reason=head, rows=countries_words(len(texts)))
        short.append(full[-1] if len(texts) <= _NAMED else many)
    return short, [line for line in full if line not in short]


def years_text(periods: Sequence[Period]) -> str:
    """Return periods in words, more than two adjacent years as a range."""
    texts = sorted(str(period) for period in periods)
    is_range = len(texts) > 2 and all(text.isdigit() for text in texts)
    if is_range and int(texts[-1]) - int(texts[0]) == len(texts) - 1:
        return _range(texts[0], texts[-1])
    return joined(texts, ", ")


def citation(sources: Iterable[Source]) -> str:
    """Return publications, each once with its sections."""
    sections: dict[str, list[str]] = {}
    for source in sources:
        day = source.published
        when = Message("published {day}", day=day.isoformat()) if day else ""
        parts = (source.publisher, source.title, source.document, when)
        sections.setdefault(joined(filter(None, parts), ", "), []).append(source.section)
    texts = (
        joined(filter(None, (name, section_list(own))), ", ") for name, own in sections.items()
    )
    return joined(texts, "; ", "; ") or Message("not stated")


def section_list(sections: Iterable[str]) -> str:
    """Return the sections of a publication as the end of a sentence."""
    own = [section for section in dict.fromkeys(sections) if section]
    if len(own) > 1:
        return Message("sections {sections}", sections=joined(own))
    return Message("section {section}", section=own[0]) if own else ""


def where(panel: Panel) -> str:
    """Return the areas and the periods of numbers."""
    areas = list(dict.fromkeys(map(area_label, panel.area)))
    countries = all(len(area.members) == 1 for area in _present(panel.area))
    shown = frozenset[str]().union(*(area.members for area in _present(panel.area)))
    union = _union(shown, _present(panel.period)) if countries and len(areas) > _FEW else ""
    n = len(areas)
    many: str = Message("{n} areas", n=n)
    if union:
        many = Message("countries of the {area}", area=union)
    elif countries:
        many = countries_words(n)
    periods = sorted({str(period) for period in panel.period})
    when = joined(periods, " / ", " / ")
    if len(periods) > _FEW:
        when = _range(periods[0], periods[-1])
    return joined((joined(areas, " / ", " / ") if n <= _FEW else many, when), ", ")
