"""Quality notes of a report: warnings and limitations, each once."""

from collections.abc import Iterator, Sequence

from thbstats.display import Bullets, Cell, DisplayTable, Group, Tone, count
from thbstats.panel import NOT_DOCUMENTED, Severity
from thbstats.reports.caution import Caution
from thbstats.reports.comparisons import Pair
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import sentence
from thbstats.reports.section import Section

__all__ = ["NOTES_BY_FIGURE", "QUALITY_NOTES"]

_GROUPS = {
    "Coverage": ("COVERAGE", "DOMINANCE", "SMALL_DENOMINATOR", "SUPPRESSED", NOT_DOCUMENTED),
    "Unknown categories and denominators": ("UNKNOWN", "BASE", "MULTIPLE_RESPONSE"),
    "Comparability": ("AREA_COMPOSITION", "BREAK", "UNIT", "STAGE_ORDER", "COHORT", "OFFENCE"),
    "Definitions": ("DETECTED_ONLY", "DOUBLE_COUNTING"),
}
_OTHER = "Comparability"
_HEADINGS = {
    Severity.BLOCKING: "Blocking: do not compare",
    Severity.CAUTION: "Caution: state the limitation when you use the figure",
    Severity.NOTE: "Note: for information",
}
_TONES = {Severity.BLOCKING: Tone.BAD, Severity.CAUTION: Tone.WARN, Severity.NOTE: Tone.PLAIN}
_NAMED = 3
_LONGEST = 160
"""The length from which a note has no message; the annex contains it."""


def _blocks(content: Content) -> Iterator[Bullets]:
    """Yield one text for each code, by topic."""
    by_code: dict[str, list[Caution]] = {}
    for caution in (*content.cautions, *content.limitations):
        by_code.setdefault(caution.code, []).append(caution)
    topics = {code: topic for topic, codes in _GROUPS.items() for code in codes}
    groups: dict[str, list[str]] = {topic: [] for topic in _GROUPS}
    for code, found in by_code.items():
        groups[topics.get(code, _OTHER)].append(_note(content, found))
    for topic, items in groups.items():
        if items:
            yield Bullets(items, heading=topic)


QUALITY_NOTES = Section("quality_notes", "Quality notes", _blocks)
"""Warnings and limitations by topic."""


def _note(content: Content, cautions: Sequence[Caution]) -> str:
    """Return title, message, action and number of figures for one code."""
    first = cautions[0]
    figures = len({item.id: item for caution in cautions for item in caution.applies_to})
    number = f"{count(figures)} {'figure' if figures == 1 else 'figures'}"
    everything = len(content.indicators) + len(content.pairs)
    number = "all figures" if figures in (len(content.indicators), everything) else number
    message = first.messages[0]
    if first.code == NOT_DOCUMENTED:
        named = "; ".join(first.messages[:_NAMED])
        more = len(first.messages) - _NAMED
        message = f"{named}; and {count(more)} more" if more > 0 else named
    end = f"{sentence(first.hint)} ({number}; {first.code})"
    text = f"{first.title}: {message.rstrip('.')}. {end}"
    return text if len(text) <= _LONGEST else f"{first.title}. {end}"


def _by_figure(content: Content) -> Iterator[str | DisplayTable]:
    """Yield the warnings in order of severity with their figures, then the limitations."""
    if content.cautions:
        rows: list[Group | list[Cell]] = []
        for severity, heading in _HEADINGS.items():
            found = [caution for caution in content.cautions if caution.severity is severity]
            rows += [Group(heading)] if found else []
            rows += [_row(caution, content) for caution in found]
        yield DisplayTable(
            caption="Quality notes and recommended actions, by severity",
            columns=["Issue", "Message and recommended action", "Figures"],
            rows=rows,
        )
    if content.limitations:
        yield DisplayTable(
            caption="Limitations",
            columns=["Limitation", "Message and recommended action", "Figures"],
            rows=[_row(limitation, content) for limitation in content.limitations],
        )


NOTES_BY_FIGURE = Section("notes_by_figure", "Quality notes by figure", _by_figure, annex=True)
"""Every warning and limitation with the figures to which it applies."""


def _row(caution: Caution, content: Content) -> list[Cell]:
    tone = Tone.PLAIN if caution in content.limitations else _TONES[caution.severity]
    return [
        Cell(caution.label, tone=tone),
        Cell(f"{sentence(caution.message)} {sentence(caution.hint)}".strip()),
        Cell(_names(caution.applies_to, content)),
    ]


def _names(items: Sequence[Indicator | Pair], content: Content) -> str:
    if len(items) == len(content.indicators):
        return "all figures"
    formatted = "; ".join(
        f"{item.name} ({content.restyled(item.formatted)})" for item in items[:_NAMED]
    )
    more = len(items) - _NAMED
    return f"{formatted}; and {more} more" if more > 0 else formatted
