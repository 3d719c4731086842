"""The stages of justice on a page: counts and ratios, one column for each offence."""

from collections.abc import Iterable

from thbstats.display import Cell, Column, Group, Section, Sheet, Tone
from thbstats.reports.content import Content
from thbstats.reports.headlines import place_of, usual_place
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import name_of, sentence
from thbstats.results import Measure
from thbstats.vocabulary import Offence, Stage

__all__ = ["stage_section"]

_Flow = tuple[str, str, str]


def stage_section(content: Content) -> Section:
    """Return the section on the stages of justice.

    Parameters
    ----------
    content : Content
        What the page says.

    Returns
    -------
    Section
        Counts of each stage and the ratios between them, the offences side by side.
    """
    counts = [
        item
        for item in content.counts
        if item.result.context.counted.get("stage") and not item.result.category
    ]
    ratios = [item for item in content.ratios if item.result.measure is Measure.RATIO]
    return Section(
        heading="From suspicion to conviction",
        prose="Counts of one period and the ratios between them. Those convicted were often "
        "prosecuted in earlier years, and people, prosecutions and convictions are different "
        "units: no ratio here says how many of those suspected were convicted.",
        sheets=[_sheet(counts, ratios)] if counts or ratios else [],
    )


def _sheet(counts: list[Indicator], ratios: list[Indicator]) -> Sheet:
    items = [*counts, *ratios]
    flows, usual = dict.fromkeys(map(_flow, items)), usual_place(items)
    stages = sorted({Stage(_stage(item)) for item in counts}, key=lambda stage: stage.rank)
    rows: list[Group | list[Cell]] = [Group("Counts")]
    rows += [[Cell(stage.label), *_cells(flows, _of_stage(counts, stage))] for stage in stages]
    rows += [Group("Ratios of the same period")]
    rows += [[Cell(name), *_cells(flows, _of_step(ratios, name))] for name in _steps(ratios)]
    return Sheet(
        caption=f"Stages of justice, {usual}",
        columns=[
            "stage",
            *(Column(_name(flow, usual, counts + ratios), "right") for flow in flows),
        ],
        rows=rows,
        notes=[
            f"ORDER: {sentence(warning.message)}"
            for warning in dict.fromkeys(
                warning for item in ratios for warning in item.result.warnings.of("ORDER")
            )
        ],
    )


def _flow(item: Indicator) -> _Flow:
    result = item.result
    offence = result.context.counted.get("offence") or Offence.TRAFFICKING
    return str(offence), result.area, result.period


def _stage(item: Indicator) -> str:
    return item.result.context.counted.get("stage") or ""


def _name(flow: _Flow, usual: str, items: Iterable[Indicator]) -> str:
    first = next(item for item in items if _flow(item) == flow)
    return name_of(flow[0]) + place_of(first.result, usual)


def _of_stage(counts: list[Indicator], stage: Stage) -> list[Indicator]:
    return [item for item in counts if _stage(item) == stage]


def _of_step(ratios: list[Indicator], name: str) -> list[Indicator]:
    return [item for item in ratios if item.result.label == name]


def _steps(ratios: list[Indicator]) -> list[str]:
    return list(dict.fromkeys(item.result.label for item in ratios))


def _cells(flows: Iterable[_Flow], items: list[Indicator]) -> list[Cell]:
    found = {_flow(item): item for item in items}
    return [_cell(found[flow]) if flow in found else Cell("") for flow in flows]


def _cell(item: Indicator) -> Cell:
    odd = bool(item.result.warnings.of("ORDER"))
    return Cell(item.shown, tone=Tone.WARN if odd else Tone.PLAIN)
