"""Panels of counts and of ratios of two counts."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.languages import Message, Plural
from thbstats.panel.context import Suppressions
from thbstats.panel.kind import Base, ResultKind, Status, category_label, common_label
from thbstats.panel.panel import Panel
from thbstats.panel.parts import Parts
from thbstats.panel.pooled_counts import PanelCounts, united

Mask = NDArray[np.bool_]


def count_panel(counts: PanelCounts, indicator: str, matched: Mask | None = None) -> Panel:
    """Return counts as a panel, over countries that a mask marks."""
    size, categories = len(counts.grid), counts.categories
    return _panel(
        [counts],
        counts.reported,
        ResultKind.COUNT,
        matched=matched,
        caption=common_label(own.label for own in counts.kind.compact().categories)
        or Message("counts"),
        indicator=Coded.constant(indicator, size),
        label=categories.map(category_label),
        estimand=counts.labels,
        base=Coded.constant(Base(rule="none", label=Message("no denominator")), size),
        unknown=Fractions.counts(counts.whole_unknown).without(~counts.whole_unknown.reported),
    )


def ratio_panel(
    numerator: PanelCounts,
    denominator: PanelCounts,
    *,
    indicator: str,
    label: str | Callable[..., str],
    kind: ResultKind,
    lag: int = 0,
    further: Sequence[PanelCounts] = (),
) -> Panel:
    """Return the ratios of two counts over the countries that reported both."""
    size, every = len(numerator.grid), (numerator, denominator, *further)
    applies = np.logical_and.reduce([side.applies for side in every])
    complete = np.logical_and.reduce([side.reported for side in every]) & applies
    sides = [side.limit_to(applies) for side in (numerator, denominator)]
    start, no_area = numerator.grid.start, np.zeros(size, dtype=np.bool_)
    listed = [side.reported & applies for side in sides]
    raw = [side.used(mask, no_area) for side, mask in zip(sides, listed, strict=True)]
    has_raw = any_of(listed[0], start) & any_of(listed[1], start)
    names = numerator.kind.combine(denominator.kind, lambda a, b: (a.label, b.label))
    labels = names.map(
        lambda own: label(counted=own[0], against=own[1]) if callable(label) else label
    )
    against = sides[1].labels
    if lag:
        against = against.combine(sides[1].period, _dated)
    rule = f"lag_{lag}" if lag else "series"
    from_area = np.logical_and.reduce([side.published.reported for side in every])
    return _panel(
        sides,
        complete,
        kind,
        from_area=from_area,
        caption=labels[0] if size else Message("ratios"),
        indicator=Coded.constant(indicator, size),
        label=labels,
        estimand=sides[0].labels.combine(
            sides[1].labels, lambda above, below: _ratio(above, below, lag, kind)
        ),
        base=against.combine(
            sides[1].categories, lambda own, pairs: Base(rule=rule, label=own, within=pairs)
        ),
        all_reported=Fractions.ratios(raw[0], raw[1], kind.scale).without(~has_raw | from_area),
    )


def _dated(counted: str, period: object) -> str:
    return Message("{counted}, {period}", counted=counted, period=period)


def _ratio(above: str, below: str, lag: int, kind: ResultKind) -> str:
    """Return the estimand of a ratio."""
    ratio = Message("{above} per {below}", above=above, below=below)
    if kind is ResultKind.PER_100:
        ratio = Message("{above} per 100 {below}", above=above, below=below)
    if not lag:
        return Message("{ratio}, same countries and period", ratio=ratio)
    return Plural(
        "{ratio}, same countries {n} year before", "{ratio}, same countries {n} years before", lag,
        ratio=ratio, n=lag,
    )  # fmt: skip


def _panel(
    sides: Sequence[PanelCounts],
    complete: Mask,
    kind: ResultKind,
    *,
    from_area: Mask | None = None,
    matched: Mask | None = None,
    **columns: Any,
) -> Panel:
    """Return a panel of counts or of ratios: a count has one side, a ratio two.

    `complete` marks the countries with complete data. A value has those that `matched` marks too.
    """
    above, below, is_ratio = sides[0], sides[-1], len(sides) > 1
    grid, size, start, number = above.grid, len(above.grid), above.grid.start, above.grid.number
    selected = complete
    if from_area is None:
        from_area = above.published.reported
    if matched is not None:
        selected, from_area = complete & matched, np.zeros(size, dtype=np.bool_)
    selected = selected & ~from_area[number]
    some = from_area | any_of(selected, start)
    status = reduce(most_severe, [_status(side, some) for side in sides])
    gone = status == Status.AMBIGUOUS

    def quotient(counts: Sequence[Ranges]) -> Fractions:
        """Return the counts, or their ratios."""
        if is_ratio:
            return Fractions.ratios(counts[0], counts[1], kind.scale)
        return Fractions.counts(counts[0])

    used = [side.used(selected, from_area) for side in sides]
    value = quotient(used).without(~some | gone)
    reporters, expected, n_reporters = above.coverage(selected, from_area)
    if is_ratio:
        other, _, other_n = below.coverage(selected, from_area)
        both = reporters.combine(other, lambda a, b: None if a is None or b is None else a & b)
        listed = both.table(lambda own: -2 if own is None else len(own), np.intp)
        same = np.where(n_reporters == other_n, n_reporters, -1)
        reporters, n_reporters = both, np.where(listed == -2, same, listed)
    exact = reduce(np.logical_and, [side.hull.is_point for side in sides], complete)
    every = ~any_of(~exact, start) & ~from_area
    every |= np.logical_and.reduce([from_area, *(side.all_listed for side in sides)])
    remainder: dict[str, Any] = {"complement": Ranges.zero(len(number)), "unknown": above.unknown}
    retained = above.applies & any_of(above.by_country.reported, start)[number]
    if is_ratio:
        remainder = {
            "complement": below.by_country,
            "hull_complement": below.hull,
            "complement_with_unknown": below.hull_joined,
        }
        retained = above.applies & any_of(complete, start)[number]
    formatted = [
        Fractions.counts(own.where(some, side.whole)) for own, side in zip(used, sides, strict=True)
    ]
    return Panel(
        keys=dict(grid.keys),
        kind=Coded.constant(kind, size),
        category=above.categories,
        area=grid.area,
        period=above.period,
        numerator_kind=above.kind,
        denominator_kind=below.kind,
        reporters=reporters,
        expected=expected,
        sources=_combined([side.cells.sources for side in sides], united),
        breaks=_combined([side.cells.breaks for side in sides], frozenset.union),
        suppression=reduce(
            Suppressions.__add__, [side.suppression(selected, from_area) for side in sides]
        ),
        contradictions=_combined([side.contradictions for side in sides], united),
        status=status,
        bounds_attained=np.logical_and.reduce([side.bounds_attained for side in sides]),
        complete=every & value.is_point & (status == Status.OK),
        derived=any_of(reduce(np.logical_or, [side.derived for side in sides]) & selected, start),
        flags=np.bitwise_or.reduce([side.cells.flags for side in sides]),
        n_reporters=n_reporters,
        numerator=formatted[0],
        denominator=formatted[1] if is_ratio else Fractions.none(size),
        value=value,
        bounds=quotient([side.whole for side in sides]).without(gone),
        bounds_with_unknown=quotient([side.whole_joined for side in sides]).without(gone),
        parts=Parts(
            start=start,
            members=grid.member,
            numerator=above.by_country,
            reported=selected,
            kind=Coded.constant(kind, size),
            hull=above.hull,
            numerator_with_unknown=above.hull_joined,
            **remainder,
        ).select(retained),
        **columns,
    )


def _combined(columns: list[Coded[Any]], function: Any) -> Coded[Any]:
    return reduce(lambda left, right: left.combine(right, function), columns)


def _status(counts: PanelCounts, some: Mask) -> NDArray[np.int8]:
    """Return the status of each count."""
    alone = np.diff(counts.grid.start) == 1
    status = np.full(len(counts.grid), Status.NOT_REPORTED, dtype=np.int8)
    status[~counts.present] = Status.NO_DATA
    status[~some & any_of(counts.contradictory, counts.grid.start)] = Status.CONTRADICTORY
    status[some] = Status.OK
    status[some & counts.conflicting & alone] = Status.CONFLICTING
    status[counts.mixed] = Status.AMBIGUOUS
    return status


_GRAVITY = np.array([0, 3, 3, 4, 1, 5, 6])


def most_severe(left: NDArray[np.int8], right: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the more severe of two statuses."""
    order = _GRAVITY[np.stack([left, right])].argmax(axis=0)
    return np.where(order == 0, left, right).astype(np.int8)
