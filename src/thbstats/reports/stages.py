"""The stages of justice in a report: counts and ratios, one column for each offence."""

from collections.abc import Iterable, Iterator

from thbstats.display import Cell, Column, Group, Sheet, Tone
from thbstats.reports.content import Content
from thbstats.reports.headlines import Place, beside, most
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import name_of, sentence
from thbstats.reports.section import Section
from thbstats.results import Measure
from thbstats.vocabulary import Offence, Stage

__all__ = ["STAGES"]

_Flow = tuple[str, Place]
_EACH = "A count is over all countries that gave it, a ratio over those that gave both its stages."
_TOGETHER = "countries together"


def _blocks(content: Content) -> Iterator[str | Sheet]:
    """Yield the counts of each stage and the ratios between them, the offences side by side."""
    counts = [
        item
        for item in content.counts
        if item.result.context.counted.get("stage") and not item.result.category
    ]
    ratios = [item for item in content.ratios if item.result.measure is Measure.RATIO]
    if not counts and not ratios:
        return
    yield (
        "Counts of one period and the ratios between them. Those convicted were often "
        "prosecuted in earlier years, and people, prosecutions and convictions are different "
        "units: no ratio here says how many of those suspected were convicted."
    )
    yield _sheet(counts, ratios)


STAGES = Section("stages", "From suspicion to conviction", _blocks)
"""The stages of justice: counts and ratios, one column for each offence."""


def _sheet(counts: list[Indicator], ratios: list[Indicator]) -> Sheet:
    items = [*counts, *ratios]
    flows, usual = dict.fromkeys(map(_flow, items)), most(map(_place, items))
    stages = sorted({Stage(_stage(item)) for item in counts}, key=lambda stage: stage.rank)
    rows: list[Group | list[Cell]] = [Group("Counts")]
    rows += [[Cell(stage.label), *_cells(flows, _of_stage(counts, stage))] for stage in stages]
    rows += [Group("Ratios of the same period")]
    rows += [[Cell(name), *_cells(flows, _of_step(ratios, name))] for name in _steps(ratios)]
    return Sheet(
        caption=f"Stages of justice, {usual.label}",
        columns=[
            "stage",
            *(Column(name_of(offence) + beside(place, usual), "right") for offence, place in flows),
        ],
        rows=rows,
        notes=[
            *([_EACH] if any(place.area == _TOGETHER for _, place in flows) else []),
            *(
                f"ORDER: {sentence(warning.message)}"
                for warning in dict.fromkeys(
                    warning for item in ratios for warning in item.result.warnings.of("ORDER")
                )
            ),
        ],
    )


def _flow(item: Indicator) -> _Flow:
    offence = item.result.context.counted.get("offence") or Offence.TRAFFICKING
    return str(offence), _place(item)


def _place(item: Indicator) -> Place:
    """Return where and when; countries put together are one place, whichever they are."""
    result = item.result
    return Place(_TOGETHER if "+" in result.area else result.area, result.period)


def _stage(item: Indicator) -> str:
    return item.result.context.counted.get("stage") or ""


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
