"""The section of warnings and limitations, each once."""

from collections.abc import Iterator, Sequence

from thbstats.display import Cell, DisplayTable, Group, Tone
from thbstats.panel import Severity
from thbstats.reports.caution import Caution
from thbstats.reports.comparisons import Pair
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import sentence
from thbstats.reports.section import Section

__all__ = ["WARNINGS"]

_HEADINGS = {
    Severity.BLOCKING: "Blocking: do not compare",
    Severity.CAUTION: "Caution: compare only with these words",
    Severity.NOTE: "Note",
}
_TONES = {Severity.BLOCKING: Tone.BAD, Severity.CAUTION: Tone.WARN, Severity.NOTE: Tone.PLAIN}
_SHOWN = 3


def _blocks(content: Content) -> Iterator[str | DisplayTable]:
    """Yield the warnings in order of severity, then the limitations."""
    if content.cautions or content.limitations:
        yield (
            "A warning depends on the number. A limitation holds for every number of a kind. Each "
            "is listed once, with its numbers."
        )
    if content.cautions:
        rows: list[Group | list[Cell]] = []
        for severity, heading in _HEADINGS.items():
            found = [caution for caution in content.cautions if caution.severity is severity]
            rows += [Group(heading)] if found else []
            rows += [_row(caution, content) for caution in found]
        yield DisplayTable(
            caption="Warnings in order of severity",
            columns=["warning", "message and action", "numbers"],
            rows=rows,
        )
    if content.limitations:
        yield DisplayTable(
            caption="Limitations",
            columns=["limitation", "message and action", "numbers"],
            rows=[_row(limitation, content) for limitation in content.limitations],
        )


WARNINGS = Section("warnings", "Warnings and limitations", _blocks)
"""Every warning and limitation, each once."""


def _row(caution: Caution, content: Content) -> list[Cell]:
    tone = Tone.PLAIN if caution in content.limitations else _TONES[caution.severity]
    return [
        Cell(caution.label, tone=tone),
        Cell(f"{sentence(caution.message)} {sentence(caution.hint)}".strip()),
        Cell(_names(caution.applies_to, content)),
    ]


def _names(items: Sequence[Indicator | Pair], content: Content) -> str:
    if len(items) == len(content.indicators):
        return "every number"
    formatted = "; ".join(
        f"{content.restyled(item.formatted)} {item.name}" for item in items[:_SHOWN]
    )
    more = len(items) - _SHOWN
    return f"{formatted}; and {more} more" if more > 0 else formatted
