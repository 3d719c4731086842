"""Notes of a report by figure, and their codes."""

from collections.abc import Iterator
from operator import attrgetter

from thbstats.display import Cell, DisplayTable, Group, Tone
from thbstats.languages import capitalised
from thbstats.panel import Severity
from thbstats.panel.names import grouped, sentence
from thbstats.reports.content import Caution, Content
from thbstats.reports.section import report_section

_SEVERITIES = {
    Severity.BLOCKING: ("Blocking: do not compare", Tone.BAD),
    Severity.CAUTION: ("Caution: state the limitation when you use the figure", Tone.WARN),
    Severity.NOTE: ("Note: for information", Tone.PLAIN),
}


@report_section("notes", "Notes by figure")
def notes_by_figure(content: Content) -> Iterator[DisplayTable]:
    """Yield each warning and limitation once, with what to do and all its figures."""
    every = grouped((*content.cautions, *content.limitations), attrgetter("code"))
    rows = []
    for cautions in every:
        first = cautions[0]
        numbers = {item.id: item for caution in cautions for item in caution.applies_to}
        hints = dict.fromkeys(sentence(caution.hint) for caution in cautions)
        text = " ".join([f"{first.title}.", *hints])
        rows.append([Cell(text.strip()), Cell(capitalised(content.names_of(numbers.values())))])
    if rows:
        yield DisplayTable(caption="Notes", columns=["Note", "Figures"], rows=rows)


@report_section("codes", "Codes of the notes", annex=True)
def codes(content: Content) -> Iterator[DisplayTable]:
    """Yield the codes and messages of warnings in order of severity, then the limitations."""
    rows: list[Group | list[Cell]] = []
    for severity, (heading, tone) in _SEVERITIES.items():
        cautions = [caution for caution in content.cautions if caution.severity is severity]
        rows += [Group(heading)] if cautions else []
        rows += [_row(caution, tone) for caution in cautions]
    rows += [Group("Limitations")] if content.limitations else []
    rows += [_row(caution, Tone.PLAIN) for caution in content.limitations]
    if rows:
        columns = ["Note", "Message"]
        yield DisplayTable(caption="Codes and messages", columns=columns, rows=rows)


def _row(caution: Caution, tone: Tone) -> list[Cell]:
    name = f"{caution.title} ({caution.code})" if caution.title else caution.code
    return [Cell(name, tone=tone), Cell(sentence(caution.message))]
