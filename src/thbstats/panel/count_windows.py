"""Counts of each period, and their sums over periods."""

from collections.abc import Mapping
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.columns.ranges import any_of
from thbstats.errors import NoSuchCell
from thbstats.panel.aggregates import aggregates_of
from thbstats.panel.categories import UNKNOWN
from thbstats.panel.cells import CountCells, CountReader, Countries, unanswered_in
from thbstats.panel.contradictions import contradictions_of, parts_above_total
from thbstats.panel.counts import PanelCounts, united
from thbstats.panel.grid import PanelGrid
from thbstats.panel.kind import category_label
from thbstats.records import schema_of

__all__ = ["counts_of"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


def counts_of(grid: PanelGrid, category: Mapping[str, str]) -> PanelCounts:
    """Return the counts of a category for all numbers of a grid."""
    schema = schema_of(grid.table.kind)
    category = {name: word for name, word in category.items() if word != schema[name].total}
    reader = CountReader(grid, tuple(category), {})
    _require_rows(grid, category)
    selections = _selections(grid, category)
    windows = [_window(grid, reader, category, selections, w) for w in range(len(grid.periods))]
    result = reduce(_add, windows)
    return result.limit_to(np.logical_and.reduce([own.applies for own in windows]))


_SUMS = (
    *("by_country", "hull", "summed", "joined", "unknown", "published", "whole", "whole_joined"),
    "read",
)
_ANY = ("applies", "contradictory", "mixed", "present", "conflicting", "flags")


def _add(left: PanelCounts, right: PanelCounts) -> PanelCounts:
    """Return the counts of two periods together."""
    unknown = left.whole_unknown + right.whole_unknown
    listed = left.whole_unknown.reported | right.whole_unknown.reported
    same = left.kind.combine(right.kind, lambda a, b: a == b).table(bool, np.bool_)
    rows = np.arange(len(left.present))
    result = evolve(
        left,
        # A period without rows has no kind of count.
        kind=Coded.concat([left.kind, right.kind]).take(
            np.where(left.present, rows, rows + len(rows))
        ),
        whole_unknown=Ranges(unknown.lower, unknown.upper, listed),
        sources=left.sources.combine(right.sources, united),
        breaks=left.breaks.combine(right.breaks, lambda a, b: a | b),
        contradictions=left.contradictions.combine(right.contradictions, united),
        **{name: getattr(left, name) + getattr(right, name) for name in _SUMS},
        **{name: getattr(left, name) | getattr(right, name) for name in _ANY},
    )
    return evolve(result, mixed=result.mixed | (left.present & right.present & ~same))


def _require_rows(grid: PanelGrid, category: Mapping[str, str]) -> None:
    for name, word in category.items():
        if word not in grid.table.categories(name):
            raise NoSuchCell(
                "must be a category of the table",
                field=name,
                value=word,
                hint=f"Choose a category of {grid.table!r}, or add categories with CountTable.sum",
            )


def _selections(grid: PanelGrid, category: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the selections of a count, of its total and of its unknown categories."""
    names = [*category, *grid.breakdowns]
    if not names or UNKNOWN in category.values():
        return [dict(category)]
    schema = schema_of(grid.table.kind)
    total = {name: schema[name].total or "" for name in names}
    unknown = []
    for mask in product((False, True), repeat=len(names)):
        if any(mask):
            marked = {name: UNKNOWN for name, own in zip(names, mask, strict=True) if own}
            unknown.append({**category, **marked})
    return [dict(category), total, *unknown]


def _window(
    grid: PanelGrid,
    reader: CountReader,
    category: Mapping[str, str],
    selections: list[dict[str, str]],
    w: int,
) -> PanelCounts:
    """Return the counts of one of the periods of each number."""
    cells, several = reader.read(selections, window=w)
    start, number = grid.start, grid.number
    applies = ~(cells.absent[0] | (cells.absent[1:2].any(axis=0) & ~cells.present[0]))
    divided = len(selections) > 1
    # The unknown category itself has no unknown persons.
    own_row = (cells.row[2:] == cells.row[0]) & cells.present[0]
    unknown_counts = cells.counts[2:].where(~own_row, Ranges.zero(*own_row.shape))
    listed = any_of(cells.present[2:] & ~own_row, start)
    in_use = listed[:, number]
    unknown = unknown_counts.where(in_use & applies, Ranges.zero(*own_row.shape)).sum(axis=0)
    has_unknown: Mask = np.asarray(listed.any(axis=0))
    unanswered = unanswered_in(grid.table, cells)
    if unanswered is not None:
        unanswered[2:][own_row] = np.nan
    each, joined = _filled(cells, unknown, divided, unanswered)
    wrong, excess, hull, summed = parts_above_total(grid, cells, category, w)
    zero = Ranges.zero(len(number))
    wide_each = Ranges(
        np.minimum(each.lower, hull[0]).astype(np.int64),
        np.maximum(each.upper, hull[1]),
        each.reported,
    ).where(applies, zero)
    each = each.where(applies, zero)
    joined = np.where(applies, np.maximum(joined, wide_each.upper), 0)
    pooled = wide_each.pool(start)
    pooled_joined = Ranges(wide_each.lower, joined, wide_each.reported).pool(start)
    published = Ranges.missing(len(grid))
    whole, wide = pooled, pooled_joined
    whole_unknown = unknown.pool(start)
    countries = Countries(cells=cells, start=start, number=number, member=grid.member)
    aggregates = aggregates_of(grid, reader, selections, countries, window=w)
    read = [(cells, number)]
    if aggregates is not None:
        at = aggregates.number
        own_unknown = (
            aggregates.whole.counts[2:]
            .where(
                (aggregates.cells.present[2:] | listed[:, at]),
                Ranges.zero(len(selections[2:]), len(at)),
            )
            .sum(axis=0)
        )
        further = unanswered_in(grid.table, aggregates.cells)
        filled, filled_joined = _filled(aggregates.whole, own_unknown, divided, further)
        both = filled.clip(pooled.lower[at], pooled.upper[at], keep=aggregates.cells.suppressed[0])
        whole = whole.put(at, both, filled.reported | pooled.reported[at])
        stated = aggregates.cells.counts[0]
        # A published count of all countries is the count of the whole area.
        value = Ranges(both.lower, both.upper, stated.reported).where(aggregates.covers, stated)
        published = published.put(at, value)
        upper = np.maximum(both.upper, np.minimum(filled_joined, pooled_joined.upper[at]))
        wide = wide.put(at, Ranges(both.lower, upper, both.reported))
        read.append((aggregates.cells, at))
        has_unknown = has_unknown.copy()
        has_unknown[at] |= aggregates.cells.present[2:].any(axis=0)
        pooled_unknown = whole_unknown[at]
        hidden = aggregates.cells.suppressed[2:].any(axis=0)
        cut = own_unknown.clip(pooled_unknown.lower, pooled_unknown.upper, keep=hidden)
        whole_unknown = whole_unknown.put(at, cut)
    counted, mixed = reader.kinds(*zip(*read, strict=True))
    conflicts = reader.conflicting(cells)
    return PanelCounts(
        grid=grid,
        category=category,
        by_country=each,
        hull=wide_each,
        summed=each.where(~(wrong & applies), summed),
        joined=joined,
        unknown=unknown.where(has_unknown[number], Ranges.missing(len(number))),
        applies=applies,
        contradictory=wrong & applies,
        published=published,
        whole_unknown=Ranges(whole_unknown.lower, whole_unknown.upper, has_unknown),
        whole=whole,
        whole_joined=wide,
        kind=counted,
        mixed=mixed | any_of(several, start),
        present=any_of(cells.present[:2].any(axis=0), start) | published.reported,
        conflicting=any_of(conflicts[0], start),
        flags=reader.flags(*zip(*read, strict=True)),
        sources=reader.sources(*zip(*read, strict=True)),
        breaks=reader.breaks(),
        contradictions=contradictions_of(
            reader, countries, [category_label(category.items())], excess, window=w
        ),
        read=((cells, aggregates),),
    )


def _filled(
    cells: CountCells, unknown: Ranges, divided: bool, unanswered: NDArray[np.float64] | None
) -> tuple[Ranges, Any]:
    """Return counts of at most their total, and their upper bounds with unknown."""
    own = cells.counts[0]
    if not divided:
        return own, own.upper
    total = cells.counts[1]
    upper = np.where(
        own.reported, own.upper, np.maximum(np.minimum(own.upper, total.upper), own.lower)
    )
    joined = upper + unknown.upper
    if unanswered is not None:
        # Cases without an answer for the category, and cases of another unknown category.
        others = np.nan_to_num(cells.counts.upper[2:] + unanswered[2:]).sum(axis=0)
        further = own.upper + unanswered[0] + others
        joined = np.where(np.isnan(further), joined, further)
    joined = np.maximum(upper, np.minimum(total.upper, joined))
    return Ranges(own.lower, upper, own.reported), joined
