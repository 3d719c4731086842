"""Panels of counts."""

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.counts import Counts
from thbstats.panel.kind import Base, ResultKind, category_label
from thbstats.panel.panel import Panel
from thbstats.panel.parts import Parts
from thbstats.panel.status import Status

__all__ = ["count_panel", "count_status", "is_sharp"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


def count_panel(counts: Counts, indicator: str, matched: Mask | None = None) -> Panel:
    """Return counts as a panel."""
    grid, size = counts.grid, len(counts.grid)
    chosen = counts.each.given & counts.applies
    from_area = counts.published.given
    if matched is not None:
        chosen, from_area = chosen & matched, np.zeros(size, dtype=np.bool_)
    chosen &= ~from_area[grid.number]
    some = from_area | any_of(chosen, grid.start)
    status = count_status(counts, some)
    gone = status == Status.AMBIGUOUS
    used = counts.used(chosen, from_area)
    value = Fractions.counts(used).without(~some | gone)
    reporters, expected, n_reporters = counts.coverage(chosen, from_area)
    categories = counts.categories
    label = categories.map(category_label)
    every = ~any_of(~(counts.each.given & counts.hull.is_point), grid.start)
    every &= ~any_of(~counts.applies, grid.start)
    complete = (every & ~from_area) | (from_area & counts.all_listed)
    parts = _count_parts(counts, chosen)
    return Panel(
        caption=f"{counts.counted[0].label if size else 'counts'}",
        keys=dict(grid.keys),
        indicator=Coded.constant(indicator, size),
        kind=Coded.constant(ResultKind.COUNT, size),
        label=label,
        estimand=counts.counted.combine(
            categories,
            lambda kind, own: (
                f"{kind.label} recorded as {category_label(own)}" if own else kind.label
            ),
        ),
        category=categories,
        base=Coded.constant(Base(rule="none", label="no denominator"), size),
        area=grid.area,
        period=counts.period,
        counted=counts.counted,
        against=counts.counted,
        reporters=reporters,
        expected=expected,
        sources=counts.sources,
        breaks=counts.breaks,
        suppression=counts.suppression(chosen, from_area),
        inhabitants=Coded.constant(None, size),
        excess=Coded.constant(None, size),
        contradictions=counts.contradictions,
        printed=Coded.constant(None, size),
        notes=Coded.constant((), size),
        status=status,
        sharp=is_sharp(counts),
        complete=complete & value.is_point & (status == Status.OK),
        flags=counts.flags,
        n_reporters=n_reporters,
        numerator=Fractions.counts(used.where(some, counts.whole)),
        denominator=Fractions.none(size),
        unknown=Fractions.counts(counts.whole_unknown).without(~counts.whole_unknown.given),
        gap=Fractions.none(size),
        raw=Fractions.none(size),
        value=value,
        bounds=Fractions.counts(counts.whole).without(gone),
        bounds_with_unknown=Fractions.counts(counts.whole_joined).without(gone),
        parts=parts,
    )


def count_status(counts: Counts, some: Mask) -> NDArray[np.int8]:
    """Return the status of each count."""
    start = counts.grid.start
    alone = np.diff(start) == 1
    status = np.full(len(counts.grid), Status.NOT_REPORTED, dtype=np.int8)
    status[~counts.present] = Status.NO_ROW
    status[some] = Status.OK
    status[some & counts.conflicting & alone] = Status.CONFLICTING
    status[counts.mixed] = Status.AMBIGUOUS
    return status


def is_sharp(counts: Counts) -> Mask:
    """Return where no other count of the table can narrow the bounds."""
    start = counts.grid.start
    free = (counts.each.lower == 0) & np.isinf(counts.each.upper)
    exact = (counts.hull.is_point | free) & ~counts.contradictory
    sharp = ~any_of(~exact, start)
    has_area = np.isfinite(counts.published.upper)
    return np.where(has_area, counts.whole.is_point, sharp) | counts.whole.is_point


def _count_parts(counts: Counts, chosen: Mask) -> Parts:
    grid = counts.grid
    parts = Parts(
        start=grid.start,
        members=grid.member,
        numerator=counts.each,
        rest=Ranges.zero(len(grid.number)),
        given=chosen,
        kind=Coded.constant(ResultKind.COUNT, len(grid)),
        hull=counts.hull,
        joined=counts.hull_joined,
        unknown=counts.unknown,
    )
    kept = counts.applies & any_of(counts.each.given, grid.start)[grid.number]
    return parts.only(kept)
