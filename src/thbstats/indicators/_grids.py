"""From the arguments of an indicator to the numbers of a panel, and from a panel to its result."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve

from thbstats.columns import Coded
from thbstats.panel import Panel, Result
from thbstats.panel.count_windows import counts_of
from thbstats.panel.counts import Counts
from thbstats.panel.grid import Grid, Selection, grid_of, selection_of
from thbstats.rules import Rule, Thresholds, check
from thbstats.tables import CountTable

__all__ = [
    "By",
    "Where",
    "checked",
    "common_grid",
    "counts_in",
    "grid_in",
    "side_by_side",
]

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


def common_grid(
    sides: Sequence[tuple[CountTable, Selection]], *, by: By, area: Where, period: Where
) -> Grid:
    """Return the numbers that several counts have in common, in the table of the first.

    Parameters
    ----------
    sides : sequence of (CountTable, Selection)
        The tables, and what is counted of each. The areas, periods and categories of the numbers
        are those of all of them.
    by, area, period
        As for `grid_of`.

    Raises
    ------
    NoSuchCell
        If a table has no such counts.
    """
    (table, first), *others = sides
    return grid_of(
        table,
        by=by,
        area=area,
        period=period,
        attributes=first.attributes,
        named=[name for _, own in sides for name in (*own.categories, *own.attributes)],
        also=[other.where(**own.attributes) for other, own in others],
    )


def side_by_side(panels: Sequence[Panel], name: str, words: Sequence[str]) -> Panel:
    """Return several numbers of each key below each other, told apart by a further key.

    Parameters
    ----------
    panels : sequence of Panel
        Of the same keys, in the same order.
    name : str
        The further key.
    words : sequence of str
        Its category in each panel.
    """
    size = len(panels[0])
    found = Panel.concat(panels)
    rows = np.arange(size * len(panels)).reshape(len(panels), size)
    further = Coded(np.repeat(np.arange(len(panels)), size), words)
    return evolve(found, keys={**found.keys, name: further}).take(rows.T.ravel())


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
