"""The section of the stages of justice: counts and ratios, one column for each offence."""

from collections.abc import Iterator, Sequence

from thbstats.display import Cell, Column, DisplayTable, Group, Tone
from thbstats.panel import ResultKind
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator, Place, usual_place
from thbstats.reports.naming import name_of, sentence
from thbstats.reports.section import Section
from thbstats.vocabulary import Offence, Stage

__all__ = ["STAGES"]

_COVERAGE = (
    "A count covers the countries that reported it. A ratio covers the countries that reported "
    "both of its stages."
)


def _blocks(content: Content) -> Iterator[str | DisplayTable]:
    """Yield the counts of each stage and the ratios between them, the offences side by side."""
    counts = [
        item
        for item in content.counts
        if item.result.counted.get("stage") and not item.result.category
    ]
    ratios = [item for item in content.ratios if item.result.kind is ResultKind.RATIO]
    if not counts and not ratios:
        return
    yield (
        "Counts of one period and the ratios between them. Many persons convicted in a period "
        "were prosecuted in an earlier one. Persons, prosecutions and convictions are different "
        "units. No ratio shows how many of the suspected persons were convicted."
    )
    yield _sheet(counts, ratios)


STAGES = Section("stages", "From suspicion to conviction", _blocks)
"""The stages of justice: counts and ratios, one column for each offence."""


def _flow(item: Indicator) -> tuple[str, Place]:
    offence = item.result.counted.get("offence") or Offence.TRAFFICKING
    return str(offence), Place.of(item.result)


def _sheet(counts: Sequence[Indicator], ratios: Sequence[Indicator]) -> DisplayTable:
    items = [*counts, *ratios]
    usual = usual_place(items)
    flows = list(dict.fromkeys(map(_flow, items)))
    stages = sorted(
        {Stage(item.result.counted.get("stage") or "") for item in counts},
        key=lambda stage: stage.rank,
    )
    by_stage = {
        stage.label: [item for item in counts if item.result.counted.get("stage") == stage]
        for stage in stages
    }
    by_step: dict[str, list[Indicator]] = {}
    for item in ratios:
        by_step.setdefault(item.result.label, []).append(item)
    rows: list[Group | list[Cell]] = []
    for heading, lines in (("Counts", by_stage), ("Ratios of the same period", by_step)):
        rows.append(Group(heading))
        for name, there in lines.items():
            cells = {_flow(item): item for item in there}
            rows.append([Cell(name), *(_cell(cells.get(flow)) for flow in flows)])
    orders = (warning for item in ratios for warning in item.result.warnings.of("STAGE_ORDER"))
    notes = (f"{warning.title} ({warning.code}): {sentence(warning.message)}" for warning in orders)
    return DisplayTable(
        caption=f"Stages of justice, {usual.label}",
        columns=[
            "stage",
            *(Column(name_of(offence) + place.beyond(usual), "right") for offence, place in flows),
        ],
        rows=rows,
        notes=[
            *filter(None, [usual.note]),
            *([_COVERAGE] if any(len(item.result.area.members) > 1 for item in items) else []),
            *dict.fromkeys(notes),
        ],
    )


def _cell(item: Indicator | None) -> Cell:
    """Return a number with its coverage, where the countries of the area are listed."""
    if item is None:
        return Cell("")
    result = item.result
    tone = Tone.WARN if result.warnings.of("STAGE_ORDER") else Tone.PLAIN
    if result.n_reporters is None or len(result.area.members) == 1:
        return Cell(item.formatted, tone=tone)
    return Cell(f"{item.formatted} ({item.coverage})", tone=tone)
