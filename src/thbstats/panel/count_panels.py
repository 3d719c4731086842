"""Panels of counts and of ratios of two counts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.cells import sets_of
from thbstats.panel.counts import PanelCounts, added, united
from thbstats.panel.kind import Base, ResultKind, category_label, count_label
from thbstats.panel.panel import Panel
from thbstats.panel.parts import Parts
from thbstats.panel.status import Status

__all__ = ["count_panel", "most_severe", "ratio_panel"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


def count_panel(counts: PanelCounts, indicator: str, matched: Mask | None = None) -> Panel:
    """Return counts as a panel."""
    grid, size = counts.grid, len(counts.grid)
    selected = counts.by_country.reported & counts.applies
    from_area = counts.published.reported
    if matched is not None:
        selected, from_area = selected & matched, np.zeros(size, dtype=np.bool_)
    selected &= ~from_area[grid.number]
    some = from_area | any_of(selected, grid.start)
    status = _status(counts, some)
    gone = status == Status.AMBIGUOUS
    used = counts.used(selected, from_area)
    value = Fractions.counts(used).without(~some | gone)
    reporters, expected, n_reporters = counts.coverage(selected, from_area)
    categories = counts.categories
    label = categories.map(category_label)
    every = ~any_of(~(counts.by_country.reported & counts.hull.is_point), grid.start)
    every &= ~any_of(~counts.applies, grid.start)
    complete = (every & ~from_area) | (from_area & counts.all_listed)
    parts = _count_parts(counts, selected)
    return Panel(
        caption=f"{counts.kind[0].label if size else 'counts'}",
        keys=dict(grid.keys),
        indicator=Coded.constant(indicator, size),
        kind=Coded.constant(ResultKind.COUNT, size),
        label=label,
        estimand=_labels(counts),
        category=categories,
        base=Coded.constant(Base(rule="none", label="no denominator"), size),
        area=grid.area,
        period=counts.period,
        numerator_kind=counts.kind,
        denominator_kind=counts.kind,
        reporters=reporters,
        expected=expected,
        sources=counts.sources,
        breaks=counts.breaks,
        suppression=counts.suppression(selected, from_area),
        contradictions=counts.contradictions,
        status=status,
        sharp=_is_sharp(counts),
        complete=complete & value.is_point & (status == Status.OK),
        flags=counts.flags,
        n_reporters=n_reporters,
        numerator=Fractions.counts(used.where(some, counts.whole)),
        denominator=Fractions.none(size),
        unknown=Fractions.counts(counts.whole_unknown).without(~counts.whole_unknown.reported),
        value=value,
        bounds=Fractions.counts(counts.whole).without(gone),
        bounds_with_unknown=Fractions.counts(counts.whole_joined).without(gone),
        parts=parts,
    )


def _status(counts: PanelCounts, some: Mask) -> NDArray[np.int8]:
    """Return the status of each count."""
    start = counts.grid.start
    alone = np.diff(start) == 1
    status = np.full(len(counts.grid), Status.NOT_REPORTED, dtype=np.int8)
    status[~counts.present] = Status.NO_ROW
    status[some] = Status.OK
    status[some & counts.conflicting & alone] = Status.CONFLICTING
    status[counts.mixed] = Status.AMBIGUOUS
    return status


def _is_sharp(counts: PanelCounts) -> Mask:
    """Return the counts whose bounds are attained."""
    start = counts.grid.start
    free = (counts.by_country.lower == 0) & np.isinf(counts.by_country.upper)
    exact = (counts.hull.is_point | free) & ~counts.contradictory
    sharp = ~any_of(~exact, start)
    has_area = np.isfinite(counts.published.upper)
    return np.where(has_area, counts.whole.is_point, sharp) | counts.whole.is_point


def _count_parts(counts: PanelCounts, selected: Mask) -> Parts:
    grid = counts.grid
    parts = Parts(
        start=grid.start,
        members=grid.member,
        numerator=counts.by_country,
        complement=Ranges.zero(len(grid.number)),
        reported=selected,
        kind=Coded.constant(ResultKind.COUNT, len(grid)),
        hull=counts.hull,
        numerator_with_unknown=counts.hull_joined,
        unknown=counts.unknown,
    )
    kept = counts.applies & any_of(counts.by_country.reported, grid.start)[grid.number]
    return parts.select(kept)


def ratio_panel(
    numerator: PanelCounts,
    denominator: PanelCounts,
    *,
    indicator: str,
    label: str,
    kind: ResultKind,
    lag: int = 0,
    further: Sequence[PanelCounts] = (),
) -> Panel:
    """Return the ratios of two counts over the countries that reported both."""
    grid, size, scale = numerator.grid, len(numerator.grid), kind.scale
    start, number = grid.start, grid.number
    every_side = (numerator, denominator, *further)
    applies = np.logical_and.reduce([side.applies for side in every_side])
    numerator, denominator = numerator.limit_to(applies), denominator.limit_to(applies)
    given = np.logical_and.reduce([side.by_country.reported for side in every_side]) & applies
    from_area = np.logical_and.reduce([side.published.reported for side in every_side])
    selected = given & ~from_area[number]
    some = from_area | any_of(selected, start)
    mixed = numerator.mixed | denominator.mixed
    status = most_severe(_status(numerator, some), _status(denominator, some))
    gone = mixed | (status == Status.AMBIGUOUS)
    status[gone] = Status.AMBIGUOUS
    above, below = (side.used(selected, from_area) for side in (numerator, denominator))
    value = Fractions.ratios(above, below, scale).without(~some | gone)
    reporters, expected, n_reporters = numerator.coverage(selected, from_area)
    other, _, other_n = denominator.coverage(selected, from_area)
    reporters = reporters.combine(other, lambda a, b: None if a is None or b is None else a & b)
    listed = reporters.table(lambda own: -2 if own is None else len(own), np.intp)
    same = np.where(n_reporters == other_n, n_reporters, -1)
    inside = np.flatnonzero(applies)
    expected = sets_of(number[inside], grid.member.take(inside), size)
    raw_sides = [(side.by_country.reported & applies, side) for side in (numerator, denominator)]
    no_area = np.zeros(size, dtype=np.bool_)
    raw_above, raw_below = (side.used(mask, no_area) for mask, side in raw_sides)
    has_raw = any_of(raw_sides[0][0], start) & any_of(raw_sides[1][0], start) & ~from_area
    every = ~any_of(~(given & numerator.hull.is_point & denominator.hull.is_point), start)
    complete = (every & ~from_area) | (from_area & numerator.all_listed & denominator.all_listed)
    counted, against = numerator.kind, denominator.kind
    categories = numerator.categories
    base = _base(denominator, lag)
    parts = Parts(
        start=start,
        members=grid.member,
        numerator=numerator.by_country,
        complement=denominator.by_country,
        reported=selected,
        kind=Coded.constant(kind, size),
        hull=numerator.hull,
        hull_complement=denominator.hull,
        numerator_with_unknown=numerator.hull_joined,
        complement_with_unknown=denominator.hull_joined,
    ).select(applies & any_of(given, start)[number])
    names = counted.combine(against, lambda a, b: (a.label, b.label))
    return Panel(
        caption=label.format(counted=names[0][0], against=names[0][1]) if size else label,
        keys=dict(grid.keys),
        indicator=Coded.constant(indicator, size),
        kind=Coded.constant(kind, size),
        label=names.map(lambda own: label.format(counted=own[0], against=own[1])),
        estimand=_estimand(numerator, denominator, kind, lag),
        category=categories,
        base=base,
        area=grid.area,
        period=numerator.period,
        numerator_kind=counted,
        denominator_kind=against,
        reporters=reporters,
        expected=expected,
        sources=numerator.sources.combine(denominator.sources, united),
        breaks=numerator.breaks.combine(denominator.breaks, lambda a, b: a | b),
        suppression=added(
            numerator.suppression(selected, from_area), denominator.suppression(selected, from_area)
        ),
        contradictions=numerator.contradictions.combine(denominator.contradictions, united),
        status=status,
        sharp=_is_sharp(numerator) & _is_sharp(denominator),
        complete=complete & value.is_point & (status == Status.OK),
        flags=numerator.flags | denominator.flags,
        n_reporters=np.where(listed == -2, same, listed),
        numerator=Fractions.counts(above.where(some, numerator.whole)),
        denominator=Fractions.counts(below.where(some, denominator.whole)),
        raw=Fractions.ratios(raw_above, raw_below, scale).without(~has_raw),
        value=value,
        bounds=Fractions.ratios(numerator.whole, denominator.whole, scale).without(gone),
        bounds_with_unknown=Fractions.ratios(
            numerator.whole_joined, denominator.whole_joined, scale
        ).without(gone),
        parts=parts,
    )


_GRAVITY = np.array([0, 3, 3, 4, 1, 5, 6])


def most_severe(left: NDArray[np.int8], right: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the more severe of two statuses."""
    order = _GRAVITY[np.stack([left, right])].argmax(axis=0)
    return np.where(order == 0, left, right).astype(np.int8)


def _labels(counts: PanelCounts) -> Coded[str]:
    return counts.kind.combine(counts.categories, count_label)


def _base(denominator: PanelCounts, lag: int) -> Coded[Base]:
    rule = f"lag_{lag}" if lag else "series"
    named = _labels(denominator)
    if lag:
        named = named.combine(denominator.period, lambda own, period: f"{own}, {period}")
    return named.combine(
        denominator.categories, lambda own, pairs: Base(rule=rule, label=own, within=pairs)
    )


def _estimand(
    numerator: PanelCounts, denominator: PanelCounts, kind: ResultKind, lag: int
) -> Coded[str]:
    per = "100 " if kind is ResultKind.PER_100 else ""
    years = f"{lag} year{'s' if lag > 1 else ''} before"
    when = f"same countries {years}" if lag else "same countries and period"
    return _labels(numerator).combine(
        _labels(denominator), lambda above, below: f"{above} per {per}{below}, {when}"
    )
