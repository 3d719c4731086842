"""Selections of numbers, and results of indicators."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from attrs import evolve, fields
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions
from thbstats.indicators._arguments import Areas, By, Periods
from thbstats.panel import Panel, Result, Status
from thbstats.panel.cells import sets_of
from thbstats.panel.count_windows import counts_of
from thbstats.panel.counts import PanelCounts
from thbstats.panel.grid import CountSelection, PanelGrid, grid_of, selection_of
from thbstats.panel.selections import ShareQuestion
from thbstats.rules import Rule, Thresholds, check
from thbstats.tables import CountTable

Kind = TypeVar("Kind", bound=Panel)


def grid_in(
    table: CountTable, selection: CountSelection, *, by: By, area: Areas, period: Periods,
    named: Iterable[str] = (), with_unknown: bool = False,
) -> PanelGrid:  # fmt: skip
    """Return the grid of a selection."""
    return grid_of(
        table,
        by=by,
        area=area,
        period=period,
        attributes=selection.attributes,
        named=(*selection.categories, *named),
        with_unknown=with_unknown,
    )


def counts_in(
    table: CountTable, selection: Mapping[str, Any], *, use: str, by: By, area: Areas,
    period: Periods, with_unknown: bool = False,
) -> PanelCounts:  # fmt: skip
    """Return the counts of a selection, for a use that messages name."""
    selected = selection_of(table, selection, use)
    grid = grid_in(table, selected, by=by, area=area, period=period, with_unknown=with_unknown)
    return counts_of(grid, selected.categories)


def question_of(
    table: CountTable, category: Mapping[str, Any], within: Mapping[str, Any], *, base: str,
    overlap: str | None = None, by: By, area: Areas, period: Periods,
) -> ShareQuestion:  # fmt: skip
    """Return the query for the shares of a category."""
    part = selection_of(table, category, "a share")
    inside = selection_of(table, within, "a denominator")
    both = evolve(part, attributes={**inside.attributes, **part.attributes})
    return ShareQuestion(
        grid=grid_in(table, both, by=by, area=area, period=period, named=inside.categories),
        names=tuple(part.categories),
        category=part.categories,
        within=inside.categories,
        base=base,
        overlap=overlap,
    )


def shares_over(panel: Panel, selected: NDArray[np.bool_]) -> Panel:
    """Return shares over some of their countries."""
    parts = panel.parts
    value = parts.pooled(selected)
    above, below = (
        Fractions.counts(own.pool(parts.start, selected)) for own in (parts.numerator, parts.base)
    )
    lost = value.missing & (panel.status == Status.OK)
    return evolve(
        panel,
        value=value,
        numerator=panel.numerator.where(value.missing, above),
        denominator=panel.denominator.where(value.missing, below),
        reporters=sets_of(parts.number[selected], parts.members.take(selected), len(panel)),
        n_reporters=np.bincount(parts.number[selected], minlength=len(panel)),
        status=np.where(lost, np.int8(Status.NOT_REPORTED), panel.status),
        parts=evolve(parts, reported=selected),
    )


def side_by_side(panels: Sequence[Panel], name: str, words: Sequence[str]) -> Panel:
    """Concatenate numbers of the same keys, with a further key."""
    size = len(panels[0])
    result = Panel.concat(panels)
    rows = np.arange(size * len(panels)).reshape(len(panels), size)
    further = Coded(np.repeat(np.arange(len(panels)), size), words)
    return evolve(result, keys={**result.keys, name: further}).take(rows.T.ravel())


def checked(
    panel: Panel,
    by: By,
    thresholds: Thresholds | None,
    rules: Iterable[Rule] | None,
    table: CountTable | None = None,
    *,
    caption: str = "",
) -> Any:
    """Return a panel with its warnings, or its only number without ``by=``."""
    judged = check(panel, thresholds=thresholds, rules=rules)
    if caption:
        judged = evolve(judged, caption=caption)
    result: Panel | Result = judged.scalar(table) if by is None else judged
    return result


def as_kind(kind: type[Kind], panel: Panel, /, **columns: Any) -> Kind:
    """Return a panel as another class, with other columns."""
    shared = {item.name: getattr(panel, item.name) for item in fields(Panel)}
    return kind(**shared | columns)


def stated(panel: Panel) -> Fractions:
    """Return the values of a panel, and the bounds of rows without a value."""
    return panel.value.where(~panel.value.missing, panel.bounds)
