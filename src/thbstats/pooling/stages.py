"""The ratio of two stages of justice: one, or one for each place of a grid."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve

from thbstats.errors import InvalidValue
from thbstats.geography import Area, parse_area
from thbstats.pooling.grids import grid
from thbstats.pooling.ratios import ratio_of
from thbstats.pooling.scope import Scope, scope
from thbstats.pooling.series import split
from thbstats.pooling.windows import (
    area_throughout,
    complete,
    periods_of,
    require_counts,
    require_rows,
    window,
)
from thbstats.results import Measure, Ratio
from thbstats.tables import CountTable
from thbstats.vocabulary import Stage

__all__ = [
    "Stages",
    "refuse_stage",
    "scope_of_stages",
    "stage_grid",
    "stage_ratio_of",
    "two_stages",
]

Stages = tuple[Stage, Stage]
"""The stage of the numerator and that of the denominator."""

_NAMES: dict[Stages, str] = {
    (Stage.CONVICTED, Stage.PROSECUTED): "conviction_to_prosecution",
    (Stage.PROSECUTED, Stage.SUSPECTED): "prosecution_to_suspect",
    (Stage.CONVICTED, Stage.SUSPECTED): "conviction_to_suspect",
}


def two_stages(numerator: str, denominator: str) -> Stages:
    """Return two different stages.

    Raises
    ------
    UnknownName
        If there is no such stage.
    InvalidValue
        If both are the same.
    """
    one, two = Stage.parse(numerator), Stage.parse(denominator)
    if one is two:
        raise InvalidValue(
            "a ratio is between two stages",
            field="denominator",
            value=str(two),
            mend='Name an earlier one, such as numerator="convicted", denominator="prosecuted"',
        )
    return one, two


def stage_ratio_of(
    table: CountTable,
    stages: Stages,
    area: str | Area | None,
    asked: Mapping[str, Any],
    otherwise: str = "stage_ratio",
) -> Ratio:
    """Return the ratio of two stages in one period or in a window, not yet assessed."""
    if len(periods_of(asked.get("period"))) > 1:
        require_counts(table, [{**asked, "stage": stage} for stage in stages])
        table = _with_all_stages(table, stages, [asked])
    refuse_stage(asked)
    # A country that lacks one of the stages is a gap in it.
    where = area_throughout(table, area, asked)
    return _ratio(table, stages, where, asked, _NAMES.get(stages, otherwise))


def stage_grid(
    table: CountTable,
    stages: Stages,
    by: str | Sequence[str],
    area: str | Area | None,
    asked: Mapping[str, Any],
) -> list[Ratio]:
    """Return the ratio of two stages for each place of a grid, not yet assessed.

    What a country did not give is a gap there, whether or not it has a row that says so.
    """
    refuse_stage(asked)
    table = _inside(table.where(stage=stages), area)
    places = grid(table, by, area, asked)
    table = _with_all_stages(table, stages, [place.selection for place in places])
    if area is None and all(place.area is None for place in places):
        area = area_throughout(table, area, {**asked, "period": table.categories("period")})
    tables = {
        place: table if place is None else table.where(area=place)
        for place in dict.fromkeys(place.area for place in places)
    }
    name = _NAMES.get(stages, "stage_ratio")
    return [
        evolve(
            _ratio(tables[place.area], stages, place.area or area, place.selection, name),
            label=place.label,
        )
        for place in places
    ]


def _inside(table: CountTable, area: str | Area | None) -> CountTable:
    """Return the rows of an area and of what it includes."""
    if area is None:
        return table
    members = parse_area(area).members
    codes = [code for code in table.categories("area") if parse_area(code).members <= members]
    return table.where(area=codes)


def scope_of_stages(table: CountTable, area: str | Area | None, asked: Mapping[str, Any]) -> Scope:
    """Return the rows of all stages in one period."""
    refuse_stage(asked)
    attributes, _ = split(table, asked, breakdowns="a ratio of stages")
    return scope(table, area, **attributes)


def _with_all_stages(
    table: CountTable, stages: Stages, questions: Iterable[Mapping[str, Any]]
) -> CountTable:
    """Return the table with a gap wherever a country lacks a stage, a period or a category.

    Raises
    ------
    NoSuchCell
        If nobody has a stage, or a period that is named.
    """
    for stage in stages:
        require_rows(table, {"stage": stage})
    return complete(
        table, [{**question, "stage": stage} for question in questions for stage in stages]
    )


def refuse_stage(asked: Mapping[str, Any]) -> None:
    """Refuse a selection that names a stage.

    Raises
    ------
    InvalidValue
        If it does.
    """
    if "stage" in asked:
        raise InvalidValue(
            "the indicator names the stages itself",
            field="stage",
            value=asked["stage"],
            mend="Leave it out, or ask another indicator, such as funnel",
        )


def _ratio(
    table: CountTable,
    stages: Stages,
    area: str | Area | None,
    asked: Mapping[str, Any],
    indicator: str,
) -> Ratio:
    later, earlier = stages
    return ratio_of(
        window(table, area, indicator, {**asked, "stage": later}),
        window(table, area, indicator, {**asked, "stage": earlier}),
        indicator=indicator,
        label=f"{later} / {earlier}",
        measure=Measure.RATIO,
    )
