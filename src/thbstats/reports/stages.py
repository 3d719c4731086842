"""Stages of criminal justice."""

from collections.abc import Iterator, Sequence

from thbstats.display import Cell, Column, DisplayTable, Group, Tone
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator, Scope, usual_scope
from thbstats.reports.naming import capitalised, name_of
from thbstats.reports.section import Section
from thbstats.vocabulary import Offence, Stage

__all__ = ["STAGES"]

_COVERAGE = "In brackets: countries with data; for a ratio, with data on both stages."


_BACKWARDS = "! More people at a later stage than at an earlier one: do not use the ratio."


def _blocks(content: Content) -> Iterator[str | DisplayTable]:
    """Yield the counts of each stage and the ratios between them."""
    counts = [
        item
        for item in content.counts
        if item.result.numerator_kind.get("stage") and not item.result.category
    ]
    ratios = list(content.ratios)
    if not counts and not ratios:
        return
    yield (
        "Ratios divide counts of one period. They are not conviction rates: many people convicted "
        "in a period were prosecuted earlier."
    )
    yield _table(counts, ratios)


STAGES = Section("stages", "Criminal justice", _blocks)
"""Counts and ratios of the stages of justice, one column for each offence."""


def _flow(item: Indicator) -> tuple[str, Scope]:
    offence = item.result.numerator_kind.get("offence") or Offence.TRAFFICKING
    return str(offence), Scope.from_result(item.result)


def _table(counts: Sequence[Indicator], ratios: Sequence[Indicator]) -> DisplayTable:
    items = [*counts, *ratios]
    usual = usual_scope(items)
    flows = list(dict.fromkeys(map(_flow, items)))
    stages = sorted(
        {Stage(item.result.numerator_kind.get("stage") or "") for item in counts},
        key=lambda stage: stage.rank,
    )
    by_stage = {
        stage.label: [item for item in counts if item.result.numerator_kind.get("stage") == stage]
        for stage in stages
    }
    by_step: dict[str, list[Indicator]] = {}
    for item in ratios:
        name = item.name.removesuffix(" (use of services)")
        by_step.setdefault(name, []).append(item)
    rows: list[Group | list[Cell]] = []
    for heading, lines in (("Counts", by_stage), ("Ratios of the same period", by_step)):
        rows += [Group(heading)] if lines else []
        for name, found in lines.items():
            cells = {_flow(item): item for item in found}
            rows.append([Cell(name), *(_cell(cells.get(flow)) for flow in flows)])
    backwards = any(item.result.warnings.select("STAGE_ORDER") for item in ratios)
    covered = any(item.result.n_reporters is not None for item in items)
    several = any(len(item.result.area.members) > 1 for item in items)
    return DisplayTable(
        caption=f"Stages of criminal justice, {usual.label}",
        columns=[
            "Stage",
            *(
                Column(f"{capitalised(name_of(offence))}{scope.suffix(usual)}", "right")
                for offence, scope in flows
            ),
        ],
        rows=rows,
        notes=[
            *filter(None, [usual.note]),
            *([_COVERAGE] if covered and several else []),
            *([_BACKWARDS] if backwards else []),
        ],
    )


def _cell(item: Indicator | None) -> Cell:
    """Return a number with its coverage, if the reporting countries are listed."""
    if item is None:
        return Cell("")
    result = item.result
    tone = Tone.WARN if result.warnings.select("STAGE_ORDER") else Tone.PLAIN
    if result.n_reporters is None or len(result.area.members) == 1:
        return Cell(item.formatted, tone=tone)
    return Cell(f"{item.formatted} ({item.coverage})", tone=tone)
