"""Counts of left kind for the numbers of a grid."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.aggregates import Aggregates, coverage, suppression
from thbstats.panel.cells import CountCells, sets_of, suppressions
from thbstats.panel.context import Contradiction, Suppressions
from thbstats.panel.grid import PanelGrid
from thbstats.panel.kind import CountKind
from thbstats.values import Period

__all__ = ["PanelCounts", "added", "united"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


@frozen(kw_only=True, eq=False)
class PanelCounts:
    """Counts of left kind and category, summed over the periods of each number."""

    grid: PanelGrid  # The numbers
    category: Mapping[str, str]  # The category that all numbers share
    by_country: Ranges  # (p,): the count of each country, as reported
    # (p,): the hull of the count and the sum of its parts where they exceed it; this sum in place
    # of a total that they contradict.
    hull: Ranges
    summed: Ranges
    joined: NDArray[np.float64]  # (p,): the upper bound with unknown allocated
    unknown: Ranges  # (p,): unknown persons who can belong to it; missing if no number lists them
    # (p,): the countries to which such counts apply; those whose counts contradict each other.
    applies: Mask
    contradictory: Mask
    published: Ranges  # (n,): the count as published for the area; `reported` where it is
    # (n,): unknown persons who can belong to the count of the whole area; `reported` if a row
    # lists them.
    whole_unknown: Ranges
    # (n,): the count of the whole area, without and with unknown allocated.
    whole: Ranges
    whole_joined: Ranges
    kind: Coded[CountKind]  # (n,): the kind of count
    # (n,): whether it has counts of several kinds; any row; a count with several values.
    mixed: Mask
    present: Mask
    conflicting: Mask
    # (n,): as in `Panel`.
    flags: NDArray[np.uint32]
    sources: Coded[Any]
    breaks: Coded[Any]
    contradictions: Coded[tuple[Contradiction, ...]]
    # The counts that were read in each period: of countries and of published areas.
    read: tuple[tuple[CountCells, Aggregates | None], ...]

    @property
    def hull_joined(self) -> Ranges:
        """The hull of each country with unknown allocated."""
        return Ranges(self.hull.lower, self.joined, self.hull.reported)

    @property
    def period(self) -> Coded[Period]:
        """The period of each number."""
        result = self.grid.periods[0]
        for own in self.grid.periods[1:]:
            result = result.combine(own, lambda first, second: Period.joined([first, second]))
        return result

    @property
    def categories(self) -> Coded[tuple[tuple[str, str], ...]]:
        """The category of each number, including ``by=``."""
        result: Coded[Any] = Coded.constant(tuple(self.category.items()), len(self.grid))
        for name in self.grid.breakdowns:
            keys = self.grid.keys[name]
            words = Coded(keys.codes, [(name, word) for word in keys.categories])
            result = result.combine(words, lambda pairs, own: (*pairs, own))
        return result

    def used(self, mask: Mask, from_area: Mask) -> Ranges:
        """Return the counts of values: as published, or summed over some countries."""
        start = self.grid.start
        pooled = self.by_country.pool(start, mask)
        # A count of all countries is the count of the whole area.
        every = ~any_of(~mask & self.applies, start)
        pooled = pooled.clip(self.whole.lower, self.whole.upper, keep=~every)
        return self.published.where(from_area, pooled)

    def suppression(self, mask: Mask, from_area: Mask) -> Suppressions:
        """Return the suppressed counts in values."""
        grid, size = self.grid, len(self.grid)
        result = Suppressions.none(size)
        for cells, aggregates in self.read:
            first = cells.take(([0], slice(None)))
            used = (mask & ~from_area[grid.number])[np.newaxis]
            own = suppressions(first, grid.number, used, grid.member, size)
            if aggregates is not None:
                own = suppression(aggregates, own, from_area, [0])
            result = added(result, own)
        return result

    def coverage(self, mask: Mask, from_area: Mask) -> tuple[Coded[Any], Coded[Any], Index]:
        """Return reporting countries, expected countries and the number of the former."""
        grid, size = self.grid, len(self.grid)
        entries, inside = np.flatnonzero(mask), np.flatnonzero(self.applies)
        reporters = sets_of(grid.number[entries], grid.member.take(entries), size)
        count = np.bincount(grid.number[entries], minlength=size)
        expected = sets_of(grid.number[inside], grid.member.take(inside), size)
        for _, aggregates in self.read:
            if aggregates is not None:
                reporters, count = coverage(
                    aggregates, reporters, count, from_area, np.arange(size)
                )
        return reporters, expected, count

    def limit_to(self, applies: Mask) -> "PanelCounts":
        """Return the counts of a subset of the applicable countries."""
        applies = self.applies & applies
        start = self.grid.start
        rows = any_of(self.applies & ~applies, start)
        if not rows.any():
            return self
        hull = self.hull.where(applies, Ranges.zero(len(applies)))
        joined = np.where(applies, self.joined, 0)
        pooled = hull.pool(start)
        # Published counts do not change.
        keep = ~rows | self.published.reported
        return evolve(
            self,
            by_country=self.by_country.where(applies, Ranges.zero(len(applies))),
            hull=hull,
            summed=self.summed.where(applies, Ranges.zero(len(applies))),
            joined=joined,
            applies=applies,
            contradictory=self.contradictory & applies,
            whole=self.whole.where(keep, pooled),
            whole_joined=self.whole_joined.where(
                keep, Ranges(hull.lower, joined, hull.reported).pool(start)
            ),
        )

    @property
    def all_listed(self) -> Mask:
        """The numbers whose published counts are documented to include all countries."""
        every = np.ones(len(self.grid), dtype=np.bool_)
        for _, aggregates in self.read:
            every = every & (aggregates is not None and aggregates.all_reported)
        return every


def united(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the distinct items of two tuples."""
    return tuple(dict.fromkeys((*left, *right)))


def added(left: Suppressions, right: Suppressions) -> Suppressions:
    """Return the suppressed counts of two columns."""
    return Suppressions(
        cells=left.cells + right.cells,
        areas=left.areas.combine(right.areas, lambda own, others: own | others),
        counts=left.counts + right.counts,
        narrowed=left.narrowed | right.narrowed,
    )
