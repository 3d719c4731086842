"""From the arguments of an indicator to the numbers of a panel, and from a panel to its result."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve

from thbstats.panel import Panel, Result
from thbstats.panel.counts import Counts, counts_of
from thbstats.panel.grid import Grid, Selection, grid_of, selection_of
from thbstats.rules import Rule, Thresholds, check
from thbstats.tables import CountTable

__all__ = ["By", "Where", "checked", "counts_in", "grid_in"]

By = str | Sequence[str] | None
Where = Any
"""An area or period, or several of them."""


def grid_in(
    table: CountTable,
    selection: Selection,
    *,
    by: By,
    area: Where,
    period: Where,
    named: Iterable[str] = (),
    with_unknown: bool = False,
    also: Sequence[CountTable] = (),
) -> Grid:
    """Return the numbers of a selection of counts.

    Parameters
    ----------
    table : CountTable
        The counts.
    selection : Selection
        Attributes and categories.
    by, area, period, with_unknown, also
        As for `grid_of`.
    named : iterable of str
        Further dimensions that the indicator names itself.
    """
    attributes = dict(selection.attributes)
    if period is None and "period" in attributes:
        period = attributes.pop("period")
    return grid_of(
        table,
        by=by,
        area=area,
        period=period,
        attributes=attributes,
        named=(*selection.categories, *named),
        with_unknown=with_unknown,
        also=also,
    )


def counts_in(
    table: CountTable,
    selection: Mapping[str, Any],
    *,
    use: str,
    by: By,
    area: Where,
    period: Where,
    with_unknown: bool = False,
    also: Sequence[CountTable] = (),
) -> Counts:
    """Return the counts of a selection.

    Parameters
    ----------
    table : CountTable
        The counts.
    selection : mapping
        Attributes and categories.
    use : str
        The use of the counts, for messages.
    by, area, period, with_unknown, also
        As for `grid_of`.
    """
    chosen = selection_of(table, selection, use)
    grid = grid_in(
        table,
        chosen,
        by=by,
        area=area,
        period=period,
        with_unknown=with_unknown,
        also=also,
    )
    return counts_of(grid, chosen.categories)


def checked(
    panel: Panel,
    by: By,
    thresholds: Thresholds | None,
    rules: Iterable[Rule] | None,
    caption: str = "",
) -> Any:
    """Return a panel with its warnings, or its only number if no ``by=`` was given.

    Parameters
    ----------
    panel : Panel
        The numbers.
    by : str, sequence of str or None
        The argument of the indicator.
    thresholds, rules : optional
        As for `check`.
    caption : str
        The numbers in words.
    """
    judged = check(panel, thresholds=thresholds, rules=rules)
    if caption:
        judged = evolve(judged, caption=caption)
    found: Panel | Result = judged.only() if by is None else judged
    return found
