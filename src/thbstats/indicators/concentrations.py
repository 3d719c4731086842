"""Concentration of a count on few reporting countries, or on few categories."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.errors import NoSuchCell
from thbstats.indicators._bounded_counts import BoundedCounts, herfindahl_bounds, top_share_bounds
from thbstats.indicators._grids import Areas, By, Periods, checked, counts_in, grid_in, require
from thbstats.panel import Base, Panel, Parts, ResultKind, Status, category_label, dimension_label
from thbstats.panel.count_panels import count_panel
from thbstats.panel.counts import Counts
from thbstats.panel.grid import Grid, selection_of
from thbstats.panel.selections import ShareQuestion
from thbstats.panel.shares import category_counts
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, need_table
from thbstats.values import Interval, is_whole

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


def concentration(
    table: CountTable, *, measure: str, n: int = 1, over: str = "area", by: By = None,
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
    over : str
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
    >>> found.label, found.shown
    ('UK', '61.6..64.2 %')
    >>> thb.concentration(table, measure="top_share", n=2).shown
    '81.8..85.3 %'
    >>> thb.concentration(table, measure="herfindahl").shown
    '0.442..0.478'
    >>> thb.concentration(table, measure="effective_number").shown
    '2.091..2.262'

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
    require(is_whole(n, least=1), "`n` must be an integer of 1 or more", "Use 1", n=n)
    require(
        measure != "dominance" or (over == "area" and n == 1),
        "dominance is the share of one country",
        f'Use measure="top_share", n={n}, over="{over}"',
        over=over,
    )
    if over == "area":
        counts = counts_in(table, selection, use="concentration", by=by, area=area, period=period)
        holders = _countries(counts)
    else:
        chosen = selection_of(need_table(table), selection, "concentration")
        grid = grid_in(table, chosen, by=by, area=area, period=period, named=(over,))
        holders = _categories(grid, over, chosen.categories)
    alone = len(holders.panel.area[0].members) == 1 if len(holders.panel) else True
    if by is None and over == "area" and (alone or holders.reported[0] is None):
        raise NoSuchCell(
            "the area must have several countries with counts of their own",
            field="area",
            value=str(holders.panel.area[0]),
            mend="Give the counts of two countries or more behind the total",
        )
    panel = _measured(holders, measure, n)
    return checked(panel, by, thresholds, rules)


@frozen(kw_only=True, eq=False)
class _Holders:
    """The countries or categories that share a count, for each number."""

    panel: Panel
    labels: list[list[str]]
    reported: list[BoundedCounts | None]
    bounds: list[BoundedCounts]
    with_unknown: list[BoundedCounts]
    free: Any
    description: Coded[str]


def _countries(counts: Counts) -> _Holders:
    """Return the counts of the reporting countries."""
    grid, start = counts.grid, counts.grid.start
    panel = count_panel(counts, "concentration", np.ones(len(grid.number), dtype=np.bool_))
    suppressed = np.zeros(len(grid.number), dtype=np.bool_)
    for cells, _ in counts.read:
        suppressed |= cells.suppressed[0]
    hidden = any_of(suppressed & counts.applies, start)
    labels, reported, bounds, with_unknown = [], [], [], []
    for i in range(len(grid)):
        entries = np.arange(start[i], start[i + 1])
        entries = entries[counts.applies[entries]]
        given = entries[counts.each.given[entries]]
        total, joined = counts.whole.interval(i), counts.whole_joined.interval(i)
        labels.append([grid.member[entry] for entry in (given if len(given) else entries)])
        reported.append(BoundedCounts.of(counts.each[given]) if len(given) else None)
        held = bool(hidden[i])
        wide = Interval(total.lower, joined.upper)
        bounds.append(BoundedCounts.of(counts.hull[entries], total, suppressed=held))
        with_unknown.append(BoundedCounts.of(counts.hull_joined[entries], wide, suppressed=held))
    names = counts.counted.combine(
        counts.categories, lambda kind, own: (kind.label, category_label(own))
    )
    base = names.map(
        lambda own: Base(rule="all", label=f"{own[0]} of all reporting countries ({own[1]})")
    )
    return _Holders(
        panel=evolve(panel, base=base),
        labels=labels,
        reported=reported,
        bounds=bounds,
        with_unknown=with_unknown,
        free=_is_free(counts) & ~(hidden & counts.published.given),
        description=names.map(lambda own: f"{own[0]} ({own[1]}) among the reporting countries"),
    )


def _is_free(counts: Counts) -> Any:
    """Return where the table has no other counts that restrict those of the countries."""
    grid, table = counts.grid, counts.grid.table
    points = ~any_of(~(counts.hull.is_point | ~counts.applies), grid.start)
    totals = all(
        set(table.categories(item.name)) <= {item.total}
        for item in table.columns.schema.dimensions
        if item.total is not None and item.name not in ("area", "period")
    )
    known = {*grid.row_area.tolist(), *grid.printed.tolist()}
    others = set(range(len(table.categories("area")))) - known
    return points | (totals and not grid.breakdowns and not counts.category and not others)


def _categories(grid: Grid, over: str, within: Mapping[str, str]) -> _Holders:
    """Return the counts of the recorded categories of a dimension."""
    question = ShareQuestion(
        grid=grid, names=(over,), chosen=None, within=within, base="recorded", overlap=None
    )
    found = category_counts(question)
    everyone = category_counts(evolve(question, base="all")).base
    width = len(found.words)
    first = np.arange(len(grid)) * width + found.used.argmax(axis=0)
    panel = found.panel.take(first)
    labels, reported, bounds, with_unknown = [], [], [], []
    for i in range(len(grid)):
        rows = np.flatnonzero(found.used[:, i])
        labels.append([found.words[row][over] for row in rows.tolist()])
        own, is_reported = found.reported(i)
        reported.append(BoundedCounts.of(own) if is_reported else None)
        counts, unknown = found.counts[rows, i], found.unknown.upper[i]
        joined = Ranges(counts.lower, counts.upper + unknown, counts.given)
        exclusive, held = not found.overlaps[i], bool(found.suppressed[i])
        sums = (found.base.interval(i), everyone.interval(i)) if exclusive else (None, None)
        bounds.append(BoundedCounts.of(counts, sums[0], suppressed=held))
        with_unknown.append(BoundedCounts.of(joined, sums[1], suppressed=held))
    label = dimension_label([over])
    return _Holders(
        panel=evolve(panel, keys=dict(grid.keys)),
        labels=labels,
        reported=reported,
        bounds=bounds,
        with_unknown=with_unknown,
        free=found.is_free,
        description=panel.base.map(lambda own: f"{own.label} among the categories of {label}"),
    )


def _measured(holders: _Holders, measure: str, n: int) -> Panel:
    """Return the measure of each number."""
    panel, size = holders.panel, len(holders.panel)
    is_share = measure in _SHARES
    label, estimand = _MEASURES[measure]
    values = [None if own is None else _bounds_of(own, measure, n)[0] for own in holders.reported]
    bounds = [_bounds_of(own, measure, n) for own in holders.bounds]
    wide = [_bounds_of(own, measure, n)[0] for own in holders.with_unknown]
    pairs = zip(holders.reported, holders.bounds, strict=True)
    used = [whole if own is None else own for own, whole in pairs]
    if is_share:
        above, below = [_top(own, n) for own in used], [own.total for own in used]
    else:
        above, below = [_sum_of_squares(own) for own in used], [_squared_sum(own) for own in used]
    if measure == "effective_number":
        above, below = below, above
    labels = Coded.constant(label.format(n=n), size)
    if measure == "dominance":
        labels = Coded.of(
            names[max(range(len(own.lower)), key=own.lower.__getitem__)] if own.lower else ""
            for names, own in zip(holders.labels, used, strict=True)
        )
    value = Fractions.of(values)
    gone = panel.status == Status.AMBIGUOUS
    return evolve(
        panel,
        caption=label.format(n=n),
        indicator=Coded.constant("concentration", size),
        kind=Coded.constant(ResultKind.SHARE if is_share else ResultKind.INDEX, size),
        label=labels,
        estimand=holders.description.map(lambda own: estimand.format(n=n, own=own)),
        sharp=holders.free & np.array([sharp for _, sharp in bounds], dtype=np.bool_) & ~gone,
        complete=panel.complete & value.is_point,
        numerator=Fractions.of(above),
        denominator=Fractions.of(below),
        gap=Fractions.none(size),
        raw=Fractions.none(size),
        value=value.without(gone),
        bounds=Fractions.of(interval for interval, _ in bounds).without(gone),
        bounds_with_unknown=Fractions.of(wide).without(gone),
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


def _top(counts: BoundedCounts, n: int) -> Interval:
    """Return the sum of the n largest counts."""
    highest = [high or 0 for high in counts.upper]
    least, most = (sum(sorted(ends)[-n:]) for ends in (counts.lower, highest))
    return Interval(least, None if counts.most is None else min(most, counts.most))


def _sum_of_squares(counts: BoundedCounts) -> Interval:
    most = None if counts.most is None else sum((high or 0) ** 2 for high in counts.upper)
    return Interval(sum(low**2 for low in counts.lower), most)


def _squared_sum(counts: BoundedCounts) -> Interval:
    return Interval(counts.least**2, None if counts.most is None else counts.most**2)
