"""Notes of a report by figure, and their codes."""

from collections.abc import Iterator
from operator import attrgetter

from thbstats.display import Cell, DisplayTable, Group, Tone
from thbstats.languages import Message, capitalised, paragraph
from thbstats.panel import Severity
from thbstats.panel.names import grouped, sentence
from thbstats.reports.content import Caution, Content
from thbstats.reports.section import report_section

_SEVERITIES = {
    Severity.BLOCKING: (Message("Blocking: do not compare"), Tone.BAD),
    Severity.CAUTION: (
        Message("Caution: state the limitation when you use the figure"),
        Tone.WARN,
    ),
    Severity.NOTE: (Message("Note: for information"), Tone.PLAIN),
}


@report_section("notes", Message("Notes by figure"))
def notes_by_figure(content: Content) -> Iterator[DisplayTable]:
    """Yield each warning and limitation once, with what to do and all its figures."""
    every = grouped((*content.cautions, *content.limitations), attrgetter("code"))
    rows = []
    for cautions in every:
        first = cautions[0]
        numbers = {item.id: item for caution in cautions for item in caution.applies_to}
        hints = dict.fromkeys(sentence(caution.hint) for caution in cautions)
        rows.append(
            [
                Cell(paragraph([sentence(first.title), *hints])),
                Cell(capitalised(content.names_of(numbers.values()))),
            ]
        )
    if rows:
        yield DisplayTable(
            caption=Message("Notes"), columns=[Message("Note"), Message("Figures")], rows=rows
        )


@report_section("codes", Message("Codes of the notes"), annex=True)
def codes(content: Content) -> Iterator[DisplayTable]:
    """Yield the codes and messages of warnings in order of severity, then the limitations."""
    rows: list[Group | list[Cell]] = []
    for severity, (heading, tone) in _SEVERITIES.items():
        cautions = [caution for caution in content.cautions if caution.severity is severity]
        rows += [Group(heading)] if cautions else []
        rows += [_row(caution, tone) for caution in cautions]
    rows += [Group(Message("Limitations"))] if content.limitations else []
    rows += [_row(caution, Tone.PLAIN) for caution in content.limitations]
    if rows:
        columns = [Message("Note"), Message("Message")]
        yield DisplayTable(caption=Message("Codes and messages"), columns=columns, rows=rows)


def _row(caution: Caution, tone: Tone) -> list[Cell]:
    name = caution.code
    if caution.title:
        name = Message("{title} ({code})", title=caution.title, code=caution.code)
    return [Cell(name, tone=tone), Cell(sentence(caution.message))]
