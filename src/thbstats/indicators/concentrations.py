"""Concentration of counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.errors import NoSuchCell
from thbstats.indicators._arguments import Areas, By, Periods, for_tables, require
from thbstats.indicators._bounded_counts import BoundedCounts, herfindahl_bounds, top_share_bounds
from thbstats.indicators._grids import checked, counts_in, grid_in
from thbstats.panel import Base, Panel, Parts, ResultKind, Status, category_label, dimension_label
from thbstats.panel.count_panels import count_panel
from thbstats.panel.counts import PanelCounts
from thbstats.panel.grid import PanelGrid, selection_of
from thbstats.panel.selections import ShareQuestion
from thbstats.panel.shares import category_counts
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, require_table
from thbstats.values import Interval, is_integer

__all__ = ["concentration"]

_SHARES = ("top_share", "dominance")
_MEASURES = {
    "top_share": ("the {n} largest", "share of the {n} with most {own}"),
    "herfindahl": ("Herfindahl-Hirschman index", "sum of the squared shares in {own}"),
    "effective_number": (
        "effective number",
        "number of equal shares as concentrated as those in {own}",
    ),
    "dominance": ("share of the largest country", "share of the country with most {own}"),
}
"""The label and the estimand of each measure."""


@for_tables("herfindahl")
def concentration(
    table: CountTable, *, measure: str, n: int = 1, dimension: str = "area", by: By = None,
    area: Areas = None, period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **selection: Any,
) -> Any:  # fmt: skip
    """Return the concentration of a count on countries or categories.

    With ``N`` the sum of the counts ``n_c``: ``top_share = sum of the n largest n_c / N``,
    ``herfindahl = sum of (n_c / N)**2``, which is 1 if one has all and 1/k if k have the same,
    ``effective_number = 1 / herfindahl``, and ``dominance`` is the share of the country with
    most, with its name.

    Parameters
    ----------
    table : CountTable
        Counts.
    measure : {"top_share", "herfindahl", "effective_number", "dominance"}
        The measure.
    n : int
        For ``"top_share"``: the number of countries or categories, 1 or more.
    dimension : str
        ``"area"`` for the reporting countries, or a dimension such as ``"exploitation"``, whose
        recorded categories are then the denominator.
    by, area, period, thresholds, rules : optional
        As for `share`.
    **selection
        Attributes and categories, such as ``exploitation="labour"``.

    Returns
    -------
    Result or Panel
        Exact. ``value`` is over the countries that reported; ``bounds`` and
        ``bounds_with_unknown`` are over all completions of the counts of the area. `sharp` is
        false where these are too many to try, or where other counts restrict them.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `share`; also if the measure does not exist, `n` is not an integer of 1 or more,
        ``"dominance"`` is not over areas, or (without ``by``) no country of several has a count.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, CONTRADICTED, COVERAGE, DEFINITION,
    OBSERVATION_FLAG, PERIOD, REGISTERING_BODY, SMALL_DENOMINATOR, SOURCE, STATUS, SUPPRESSED,
    VINTAGE; for categories also ADDITIVITY, MULTIPLE_RESPONSE, UNKNOWN. Limitations:
    DETECTED_ONLY, DOUBLE_COUNTING.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("UK", 61), ("FR", 20), ("DE", 14), ("MT", thb.Count.fewer_than(5))]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "value"], kind="victims", period=2016
    ... )
    >>> found = thb.concentration(table, measure="dominance")
    >>> found.label, found.formatted
    ('UK', '61.6% to 64.2%')
    >>> thb.concentration(table, measure="top_share", n=2).formatted
    '81.8% to 85.3%'
    >>> thb.concentration(table, measure="herfindahl").formatted
    '0.442 to 0.478'
    >>> thb.concentration(table, measure="effective_number").formatted
    '2.091 to 2.262'

    References
    ----------
    COM(2018) 777, section II: the United Kingdom has 61% of the victims of labour exploitation.
    Hirschman, "The paternity of an index", American Economic Review 54 (1964). Laakso and
    Taagepera, "Effective number of parties", Comparative Political Studies 12 (1979). Curry and
    George, "Industrial concentration: a survey", Journal of Industrial Economics 31 (1983).
    """
    require(
        measure in _MEASURES,
        f"`measure` must be one of {', '.join(_MEASURES)}",
        'Use measure="top_share"',
        measure=measure,
    )
    require(is_integer(n, least=1), "`n` must be an integer of 1 or more", "Use n=1", n=n)
    require(
        measure != "dominance" or (dimension == "area" and n == 1),
        "`measure` must not be 'dominance' for this dimension or n",
        f'Use measure="top_share", n={n}, dimension="{dimension}"',
        dimension=dimension,
    )
    if dimension == "area":
        counts = counts_in(table, selection, use="concentration", by=by, area=area, period=period)
        units = _countries(counts)
    else:
        chosen = selection_of(require_table(table), selection, "concentration")
        grid = grid_in(table, chosen, by=by, area=area, period=period, named=(dimension,))
        units = _categories(grid, dimension, chosen.categories)
    panel, rows, *_ = units
    alone = len(panel.area[0].members) == 1 if len(panel) else True
    if by is None and dimension == "area" and (alone or rows[0][1] is None):
        raise NoSuchCell(
            "the area must have several countries with counts of their own",
            field="area",
            value=str(panel.area[0]),
            hint="Use a table with counts of two countries or more",
        )
    return checked(_measured(units, measure, n), by, thresholds, rules)


_Row = tuple[list[str], BoundedCounts | None, BoundedCounts, BoundedCounts]
"""The names of units, their counts if reported, and their counts in the area without and with
unknown.
"""

_Units = tuple[Panel, list[_Row], Any, Coded[str]]
"""Numbers, the units of each, where their counts are free, and the description of the counts."""


def _countries(counts: PanelCounts) -> _Units:
    """Return the counts of the reporting countries."""
    grid, start = counts.grid, counts.grid.start
    panel = count_panel(counts, "concentration", np.ones(len(grid.number), dtype=np.bool_))
    suppressed = np.zeros(len(grid.number), dtype=np.bool_)
    for cells, _ in counts.read:
        suppressed |= cells.suppressed[0]
    hidden = any_of(suppressed & counts.applies, start)
    rows: list[_Row] = []
    for i in range(len(grid)):
        entries = np.arange(start[i], start[i + 1])
        entries = entries[counts.applies[entries]]
        given = entries[counts.by_country.reported[entries]]
        total, is_suppressed = counts.whole.interval(i), bool(hidden[i])
        with_unknown = Interval(total.lower, counts.whole_joined.interval(i).upper)
        rows.append((
            [grid.member[entry] for entry in (given if len(given) else entries)],
            BoundedCounts.of(counts.by_country[given]) if len(given) else None,
            BoundedCounts.of(counts.hull[entries], total, suppressed=is_suppressed),
            BoundedCounts.of(counts.hull_joined[entries], with_unknown, suppressed=is_suppressed),
        ))  # fmt: skip
    # Other counts of the table can restrict those of the countries.
    table = grid.table
    totals = all(
        set(table.categories(item.name)) <= {item.total}
        for item in table.columns.schema.dimensions
        if item.total is not None and item.name not in ("area", "period")
    )
    known = {*grid.row_area.tolist(), *grid.printed.tolist()}
    others = set(range(len(table.categories("area")))) - known
    free: Any = totals and not grid.breakdowns and not counts.category and not others
    free = free | ~any_of(~(counts.hull.is_point | ~counts.applies), start)
    names = counts.kind.combine(
        counts.categories, lambda kind, own: (kind.label, category_label(own))
    )
    base = names.map(
        lambda own: Base(rule="all", label=f"{own[0]} of all reporting countries ({own[1]})")
    )
    descriptions = names.map(lambda own: f"{own[0]} ({own[1]}) among the reporting countries")
    return (
        evolve(panel, base=base),
        rows,
        free & ~(hidden & counts.published.reported),
        descriptions,
    )


def _categories(grid: PanelGrid, dimension: str, within: Mapping[str, str]) -> _Units:
    """Return the counts of the recorded categories of a dimension."""
    question = ShareQuestion(
        grid=grid, names=(dimension,), category=None, within=within, base="known", overlap=None
    )
    found = category_counts(question)
    everyone = category_counts(evolve(question, base="all")).base
    width = len(found.words)
    first = np.arange(len(grid)) * width + found.used.argmax(axis=0)
    panel = found.panel.take(first)
    rows: list[_Row] = []
    for i in range(len(grid)):
        used = np.flatnonzero(found.used[:, i])
        own, is_reported = found.reported(i)
        counts, is_suppressed = found.counts[used, i], bool(found.suppressed[i])
        joined = Ranges(counts.lower, counts.upper + found.unknown.upper[i], counts.reported)
        sums = (None, None) if found.overlaps[i] else (found.base.interval(i), everyone.interval(i))
        rows.append((
            [found.words[row][dimension] for row in used.tolist()],
            BoundedCounts.of(own) if is_reported else None,
            BoundedCounts.of(counts, sums[0], suppressed=is_suppressed),
            BoundedCounts.of(joined, sums[1], suppressed=is_suppressed),
        ))  # fmt: skip
    label = dimension_label([dimension])
    descriptions = panel.base.map(lambda own: f"{own.label} among the categories of {label}")
    return evolve(panel, keys=dict(grid.keys)), rows, found.is_free, descriptions


def _measured(units: _Units, measure: str, n: int) -> Panel:
    """Return the measure of each number."""
    panel, rows, free, description = units
    size, is_share = len(panel), measure in _SHARES
    label, estimand = _MEASURES[measure]
    used = [whole if own is None else own for _, own, whole, _ in rows]
    reported, bounds, with_unknown = (
        [None if own is None else _bounds_of(own, measure, n) for own in side]
        for side in zip(*(row[1:] for row in rows), strict=True)
    ) if rows else ([], [], [])  # fmt: skip
    sides = [_sides(own, n if is_share else None) for own in used]
    above, below = ([side[i] for side in sides] for i in (0, 1))
    if measure == "effective_number":
        above, below = below, above
    labels = Coded.constant(label.format(n=n), size)
    if measure == "dominance":
        labels = Coded.from_values(
            names[max(range(len(own.lower)), key=own.lower.__getitem__)] if own.lower else ""
            for (names, *_), own in zip(rows, used, strict=True)
        )
    gone = panel.status == Status.AMBIGUOUS
    value, inside, outside = (
        Fractions.from_values(None if own is None else own[0] for own in side)
        for side in (reported, bounds, with_unknown)
    )
    sharp = np.array([own is None or own[1] for own in bounds], dtype=np.bool_)
    return evolve(
        panel,
        caption=label.format(n=n),
        indicator=Coded.constant("concentration", size),
        kind=Coded.constant(ResultKind.SHARE if is_share else ResultKind.INDEX, size),
        label=labels,
        estimand=description.map(lambda own: estimand.format(n=n, own=own)),
        sharp=free & sharp & ~gone,
        complete=panel.complete & value.is_point,
        numerator=Fractions.from_values(above),
        denominator=Fractions.from_values(below),
        discrepancy=Fractions.none(size),
        raw=Fractions.none(size),
        value=value.without(gone),
        bounds=inside.without(gone),
        bounds_with_unknown=outside.without(gone),
        parts=Parts.empty(size),
    )


def _bounds_of(counts: BoundedCounts, measure: str, n: int) -> tuple[Interval, bool]:
    """Return a measure of some counts, and whether completions attain both bounds."""
    if not counts.lower:
        return Interval(0, 1, undefined=True), True
    if measure in _SHARES:
        return top_share_bounds(counts, n)
    index, sharp = herfindahl_bounds(counts)
    if measure == "herfindahl":
        return index, sharp
    if not index.lower:
        return Interval(1, None, undefined=True), sharp
    lower, upper = (1 / Fraction(end) for end in (index.upper or 1, index.lower))
    return Interval(lower, upper, undefined=index.undefined), sharp


def _sides(counts: BoundedCounts, n: int | None) -> tuple[Interval, Interval]:
    """Return numerator and denominator of a measure."""
    highest, highest_sum = [high or 0 for high in counts.upper], counts.highest_sum
    if n is not None:
        smallest, largest = (sum(sorted(bounds)[-n:]) for bounds in (counts.lower, highest))
        return Interval(
            smallest, None if highest_sum is None else min(largest, highest_sum)
        ), counts.total
    lower, upper = (sum(end**2 for end in bounds) for bounds in (counts.lower, highest))
    squared = Interval(counts.lowest_sum**2, None if highest_sum is None else highest_sum**2)
    return Interval(lower, None if highest_sum is None else upper), squared
