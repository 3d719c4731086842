"""The warnings of a report, by weight, each once."""

from collections.abc import Iterator, Sequence

from thbstats.display import Cell, Group, Sheet, Tone
from thbstats.reports.caution import Caution, cautions
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import sentence
from thbstats.reports.section import Section
from thbstats.reports.sides import Pair
from thbstats.results import Severity

__all__ = ["WARNINGS"]

_HEADINGS = {
    Severity.BLOCKING: "Blocking: do not compare",
    Severity.CAUTION: "Caution: compare only with these words",
    Severity.NOTE: "Note: good to know",
}
_TONES = {Severity.BLOCKING: Tone.BAD, Severity.CAUTION: Tone.WARN, Severity.NOTE: Tone.PLAIN}
_MOST = 3


def _blocks(content: Content) -> Iterator[str | Sheet]:
    """Yield the warnings, the gravest first, with what would mend them and where they apply."""
    found = cautions(content)
    if not found:
        return
    yield (
        "Each warning is said once, with the numbers to which it applies. A code names its "
        "family and stays the same from one publication to the next."
    )
    yield Sheet(
        caption="Warnings and what would mend them",
        columns=["code", "what is the matter", "applies to"],
        rows=list(_by_severity(found, content)),
    )


WARNINGS = Section("warnings", "Warnings, by weight", _blocks)
"""Every warning of every number."""


def _by_severity(found: Sequence[Caution], content: Content) -> Iterator[Group | list[Cell]]:
    for severity, heading in _HEADINGS.items():
        weighty = [caution for caution in found if caution.severity is severity]
        if weighty:
            yield Group(heading)
        for caution in weighty:
            text = f"{sentence(caution.message)} {sentence(caution.mend)}".strip()
            yield [
                Cell(caution.code, tone=_TONES[severity]),
                Cell(text),
                Cell(_names(caution.applies_to, content)),
            ]


def _names(items: Sequence[Indicator | Pair], content: Content) -> str:
    if len(items) == len(content.indicators):
        return "every number"
    shown = "; ".join(f"{content.said(item.shown)} {item.name}" for item in items[:_MOST])
    more = len(items) - _MOST
    return f"{shown}; and {more} more" if more > 0 else shown
