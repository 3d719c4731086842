"""Concentration of counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import partial
from math import isinf
from typing import Any, overload

import numpy as np
from attrs import evolve

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.errors import NoSuchCell, require
from thbstats.formulas.concentration import BoundedCounts, concentration_bounds
from thbstats.indicators import _shared
from thbstats.indicators._shared import Areas, By, Names, Periods, Reading, indicator
from thbstats.languages import Message
from thbstats.panel import Base, Panel, Result, ResultKind, Status, dimension_label
from thbstats.panel.category_names import people_name
from thbstats.panel.pooled_counts import PanelCounts, count_panel
from thbstats.panel.share_bounds import Side
from thbstats.panel.share_panels import Shares
from thbstats.panel.share_questions import ShareQuestion
from thbstats.panel.systems import with_reading
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable
from thbstats.values import Interval, is_integer

__all__ = ["concentration"]


_MEASURES = {
    "top_share": (
        partial(Message, "the {top} largest"),
        partial(Message, "share of the {top} with most {own}"),
    ),
    "herfindahl": (
        partial(Message, "Herfindahl-Hirschman index"),
        partial(Message, "sum of the squared shares in {own}"),
    ),
    "effective_number": (
        partial(Message, "effective number"),
        partial(Message, "number of equal shares as concentrated as those in {own}"),
    ),
    "dominance": (
        partial(Message, "share of the largest country"),
        partial(Message, "share of the country with most {own}"),
    ),
}
"""The label and the estimand of each measure."""
_KINDS = {
    "herfindahl": ResultKind.INDEX,
    "effective_number": ResultKind.EFFECTIVE_NUMBER,
}


@overload
def concentration(
    table: CountTable, *, measure: str, by: None = None, **options: Any
) -> Result: ...
@overload
def concentration(
    table: CountTable, *, measure: str, by: str | Sequence[str], **options: Any
) -> Panel: ...
@indicator("herfindahl")
def concentration(
    table: CountTable, *, measure: str, top: int = 1, dimension: str = "area", by: By = None,
    area: Areas = None, period: Periods = None, complete_dimensions: Names = None,
    contradictory: Reading = "leave_out", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return the concentration of a count on countries or categories.

    With ``N`` the sum of the counts ``n_c``: ``top_share = sum of the top largest n_c / N``,
    ``herfindahl = sum of (n_c / N)**2``, which is 1 if one country has all counts and 1/k if k have
    equal counts, ``effective_number = 1 / herfindahl``, and ``dominance`` is the share of the
    country with the largest count, with its name.

    Parameters
    ----------
    table : CountTable
        Counts.
    measure : {"top_share", "herfindahl", "effective_number", "dominance"}
        The measure. The area must have counts of several countries; ``"dominance"`` requires the
        dimension ``"area"``.
    top : int
        For ``"top_share"``: the number of countries or categories, 1 or more.
    dimension : str
        ``"area"`` for the reporting countries, or a dimension such as ``"exploitation"``, whose
        recorded categories are then the denominator.
    by, area, period, complete_dimensions, contradictory, thresholds, rules : optional
        As for `share`.
    **where
        Attributes and categories, such as ``exploitation="labour"``.

    Returns
    -------
    Result or Panel
        The number is exact. ``value`` covers the countries that reported; ``bounds`` and
        ``bounds_with_unknown`` are over all completions of the counts of the area.
        `bounds_attained` is false where these are too many to try, or where other counts
        restrict them.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

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
    ('UK', '61.6% to 64.3%')
    >>> thb.concentration(table, measure="top_share", top=2).formatted
    '81.8% to 85.3%'
    >>> thb.concentration(table, measure="herfindahl").formatted
    '0.442 to 0.479'
    >>> thb.concentration(table, measure="effective_number").formatted
    '2.090 to 2.262'

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
    require(is_integer(top, least=1), "`top` must be an integer of 1 or more", "Use top=1", top=top)
    require(
        measure != "dominance" or (dimension == "area" and top == 1),
        "`measure` must not be 'dominance' for this dimension or `top`",
        f'Use measure="top_share", top={top}, dimension="{dimension}"',
        dimension=dimension,
    )
    scope: dict[str, Any] = {"by": by, "area": area, "period": period}
    scope |= {"complete_dimensions": complete_dimensions, "contradictory": contradictory}
    if dimension == "area":
        units = _countries(_shared.counts_in(table, where, **scope))
        panel, rows, *_ = units
        alone = not len(panel) or len(panel.area[0].members) == 1
        if by is None and (alone or rows[0][1] is None):
            raise NoSuchCell(
                "the area must have several countries with counts of their own",
                field="area",
                value=str(panel.area[0]),
                hint="Use a table with counts of two countries or more",
            )
    else:
        units = _categories(
            _shared.question_of(table, {}, where, base="responses", names=(dimension,), **scope)
        )
    panel = _measured(units, measure, top)
    estimand = panel.estimand.map(lambda own: with_reading(own, contradictory))
    return _shared.checked(evolve(panel, estimand=estimand), by, thresholds, rules)


_Unit = tuple[list[str], BoundedCounts | None, BoundedCounts, BoundedCounts]
"""The names of units, their counts if reported, and those of the area without and with unknown."""

_Units = tuple[Panel, list[_Unit], Any, Coded[str]]
"""Numbers, the units of each, where their counts are free, and the description of the counts."""


def _countries(counts: PanelCounts) -> _Units:
    """Return the counts of the reporting countries."""
    grid, start = counts.grid, counts.grid.start
    panel = count_panel(counts, "concentration", np.ones(len(grid.number), dtype=np.bool_))
    hidden = any_of(counts.suppressed & counts.applies, start)
    rows: list[_Unit] = []
    for i in range(len(grid)):
        entries = np.arange(start[i], start[i + 1])
        entries = entries[counts.applies[entries]]
        reported = entries[counts.reported[entries]]
        own = BoundedCounts.of(counts.by_country[reported]) if len(reported) else None
        total, is_hidden = counts.whole.interval(i), bool(hidden[i])
        joined = Interval(total.lower, counts.whole_joined.interval(i).upper)
        rows.append((
            [grid.member[entry] for entry in (reported if len(reported) else entries)],
            own,
            BoundedCounts.of(counts.hull[entries], total, suppressed=is_hidden),
            BoundedCounts.of(counts.hull_joined[entries], joined, suppressed=is_hidden),
        ))  # fmt: skip
    # Other counts of the table can restrict those of the countries.
    table = grid.concerned
    totals = all(
        set(table.categories(item.name)) <= {item.total}
        for item in table.columns.schema.dimensions
        if item.total is not None and item.name not in ("area", "period")
    )
    known = {*grid.row_area.tolist(), *grid.printed.tolist()}
    codes = grid.table.columns["area"].categories
    others = {codes.index(code) for code in table.categories("area")} - known
    free: Any = totals and not grid.breakdowns and not counts.category and not others
    free = free | ~any_of(~(counts.hull.is_point | ~counts.applies), start)
    names = counts.kind.combine(
        counts.categories, lambda kind, own: (kind.label, people_name(dict(own)))
    )
    base = names.map(
        lambda own: Base(
            rule="all",
            label=Message(
                "{counted} of all reporting countries ({category})", counted=own[0], category=own[1]
            ),
        )
    )
    return (
        evolve(panel, base=base),
        rows,
        free & ~(hidden & counts.published.reported),
        names.map(
            lambda own: Message(
                "{counted} ({category}) among the reporting countries",
                counted=own[0],
                category=own[1],
            )
        ),
    )


def _categories(question: ShareQuestion) -> _Units:
    """Return the counts of the recorded categories of a dimension."""
    grid, (dimension,) = question.grid, question.names
    result = Shares(question)
    every = Shares(evolve(question, base="all"))
    # The persons of listed or unknown category in the whole area, shape (n,).
    not_listed = every.whole[Side.NOT_LISTED, 0]
    low = np.maximum(every.base.lower - not_listed.upper, 0).astype(np.int64)
    everyone = Ranges(low, every.base.upper - not_listed.lower, every.base.reported)
    first = np.arange(len(grid)) * len(result.words) + result.used.argmax(axis=0)
    panel = result.panel.take(first)
    rows: list[_Unit] = []
    for i in range(len(grid)):
        used = np.flatnonzero(result.used[:, i])
        own, is_reported = result.reported(i)
        counts, hidden = result.counts[used, i], bool(result.suppressed[i])
        joined = Ranges(counts.lower, counts.upper + result.unknown.upper[i], counts.reported)
        # Sums of overlapping categories are not those of persons.
        sums = [
            None if result.overlaps[i] else base.interval(i) for base in (result.base, everyone)
        ]
        rows.append((
            [result.words[row][dimension] for row in used.tolist()],
            BoundedCounts.of(own) if is_reported else None,
            BoundedCounts.of(counts, sums[0], suppressed=hidden),
            BoundedCounts.of(joined, sums[1], suppressed=hidden),
        ))  # fmt: skip
    label = dimension_label([dimension])
    base = evolve(question, base="known").bases(panel.denominator_kind, result.overlaps)
    panel = evolve(panel, base=base)
    descriptions = panel.base.map(lambda own: f"{own.label} among the categories of {label}")
    free = result.is_free & result.leaves_room
    return evolve(panel, keys=dict(grid.keys)), rows, free, descriptions


def _measured(units: _Units, measure: str, top: int) -> Panel:
    """Return the measure of each number."""
    panel, rows, free, description = units
    is_share = measure in ("top_share", "dominance")
    label, estimand = _MEASURES[measure]

    def bounds_of(counts: BoundedCounts | None) -> tuple[Interval | None, bool]:
        if counts is None:
            return None, True
        index, sharp = concentration_bounds(counts, top if is_share else None)
        if measure != "effective_number" or not counts.lower:
            return index, sharp
        if not index.lower:
            return Interval(1, None, undefined=True), sharp
        lower, upper = (1 / Fraction(end) for end in (index.upper or 1, index.lower))
        return Interval(lower, upper, undefined=index.undefined), sharp

    def sides_of(counts: BoundedCounts) -> tuple[Interval, Interval]:
        """Return numerator and denominator."""
        (least, most), bounded = counts.sums, not isinf(counts.sums[1])
        columns = counts.lower, [0 if isinf(high) else high for high in counts.upper]
        if is_share:
            lower, upper = (sum(sorted(own)[-top:]) for own in columns)
            return Interval(lower, min(upper, most) if bounded else None), counts.total
        lower, upper = (sum(count**2 for count in own) for own in columns)
        squares = Interval(lower, upper if bounded else None)
        squared = Interval(least**2, most**2 if bounded else None)
        return (squares, squared) if measure == "herfindahl" else (squared, squares)

    used = [area if own is None else own for _, own, area, _ in rows]
    sides = list(map(sides_of, used))
    bounds = [bounds_of(area) for *_, area, _ in rows]
    labels: Any = label(top=top)
    if measure == "dominance":
        labels = Coded.from_values(
            row[0][own.lower.index(max(own.lower))] if own.lower else ""
            for row, own in zip(rows, used, strict=True)
        )
    value = Fractions.from_values(bounds_of(own)[0] for _, own, *_ in rows)
    attained = np.array([sharp for _, sharp in bounds], dtype=np.bool_)
    return _shared.derived(
        panel,
        caption=label(top=top),
        indicator="concentration",
        kind=_KINDS.get(measure, ResultKind.SHARE),
        label=labels,
        estimand=description.map(lambda own: estimand(top=top, own=own)),
        bounds_attained=free & attained & (panel.status != Status.AMBIGUOUS),
        complete=panel.complete & value.is_point,
        numerator=[above for above, _ in sides],
        denominator=[below for _, below in sides],
        value=value,
        bounds=[own for own, _ in bounds],
        bounds_with_unknown=[bounds_of(joined)[0] for *_, joined in rows],
    )
