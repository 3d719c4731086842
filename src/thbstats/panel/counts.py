"""Counts of one kind for all numbers of a grid: the terms of totals, ratios and changes."""

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
    """Counts of one kind and category, added over the periods of each number."""

    grid: PanelGrid  # The numbers
    category: Mapping[str, str]  # The category that all numbers share
    each: Ranges  # (p,): the count of each country, as reported
    # (p,): the hull of the count and the sum of its parts where they exceed it; this sum in place
    # of a total that they contradict.
    hull: Ranges
    summed: Ranges
    joined: NDArray[np.float64]  # (p,): the upper bound with unknown allocated
    unknown: Ranges  # (p,): the unknown that can belong to it; missing where no number lists them
    # (p,): the countries to which such counts apply; those whose counts contradict each other.
    applies: Mask
    contradictory: Mask
    published: Ranges  # (n,): the count as published for the area; ``given`` where it is
    # (n,): the unknown that can belong to the count of the whole area; ``given`` where any row
    # lists them.
    whole_unknown: Ranges
    # (n,): the count of the whole area, without and with unknown allocated.
    whole: Ranges
    whole_joined: Ranges
    kind: Coded[CountKind]  # (n,): the kind of count
    # (n,): where counts of several kinds meet; whether any row was read; whether one of them has
    # several values.
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
        """The period of each number: one, or several joined."""
        found = self.grid.periods[0]
        for own in self.grid.periods[1:]:
            found = found.combine(own, lambda first, second: Period.joined([first, second]))
        return found

    @property
    def categories(self) -> Coded[tuple[tuple[str, str], ...]]:
        """The category of each number, with those of ``by=``."""
        found: Coded[Any] = Coded.constant(tuple(self.category.items()), len(self.grid))
        for name in self.grid.breakdowns:
            keys = self.grid.keys[name]
            words = Coded(keys.codes, [(name, word) for word in keys.categories])
            found = found.combine(words, lambda pairs, own: (*pairs, own))
        return found

    def used(self, chosen: Mask, from_area: Mask) -> Ranges:
        """Return the counts behind values: as published, or of some countries."""
        start = self.grid.start
        pooled = self.each.pool(start, chosen)
        # A count of all countries is that of the whole area.
        every = ~any_of(~chosen & self.applies, start)
        pooled = pooled.clip(self.whole.lower, self.whole.upper, keep=~every)
        return self.published.where(from_area, pooled)

    def suppression(self, chosen: Mask, from_area: Mask) -> Suppressions:
        """Return the suppressed counts behind values."""
        grid, size = self.grid, len(self.grid)
        found = Suppressions.none(size)
        for cells, aggregates in self.read:
            first = cells.take(([0], slice(None)))
            mask = (chosen & ~from_area[grid.number])[np.newaxis]
            own = suppressions(first, grid.number, mask, grid.member, size)
            if aggregates is not None:
                own = suppression(aggregates, own, from_area, [0])
            found = added(found, own)
        return found

    def coverage(self, chosen: Mask, from_area: Mask) -> tuple[Coded[Any], Coded[Any], Index]:
        """Return the reporting countries, the expected ones, and the number of the first."""
        grid, size = self.grid, len(self.grid)
        entries, inside = np.flatnonzero(chosen), np.flatnonzero(self.applies)
        reporters = sets_of(grid.number[entries], grid.member.take(entries), size)
        count = np.bincount(grid.number[entries], minlength=size)
        expected = sets_of(grid.number[inside], grid.member.take(inside), size)
        for _, aggregates in self.read:
            if aggregates is not None:
                reporters, count = coverage(
                    aggregates, reporters, count, from_area, np.arange(size)
                )
        return reporters, expected, count

    def over(self, applies: Mask) -> "PanelCounts":
        """Return the counts of the countries to which something else applies too."""
        applies = self.applies & applies
        start = self.grid.start
        rows = any_of(self.applies & ~applies, start)
        if not rows.any():
            return self
        hull = self.hull.where(applies, Ranges.zero(len(applies)))
        joined = np.where(applies, self.joined, 0)
        pooled = hull.pool(start)
        # A published count stays as it is.
        keep = ~rows | self.published.reported
        return evolve(
            self,
            each=self.each.where(applies, Ranges.zero(len(applies))),
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
        """Where published counts are documented to be of all countries."""
        every = np.ones(len(self.grid), dtype=np.bool_)
        for _, aggregates in self.read:
            every = every & (aggregates is not None and aggregates.all_reported)
        return every


def united(one: tuple[Any, ...], two: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the items of two tuples, each once."""
    return tuple(dict.fromkeys((*one, *two)))


def added(one: Suppressions, two: Suppressions) -> Suppressions:
    """Return suppressed counts of two kinds together."""
    return Suppressions(
        cells=one.cells + two.cells,
        areas=one.areas.combine(two.areas, lambda mine, theirs: mine | theirs),
        counts=one.counts + two.counts,
        narrowed=one.narrowed | two.narrowed,
    )
