"""Counts of one kind, pooled over countries and periods."""

from collections.abc import Mapping
from functools import reduce
from itertools import chain, product
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.columns.ranges import any_of
from thbstats.errors import NoSuchCell, did_you_mean
from thbstats.panel.cells import Cells, read_cells, sets_of
from thbstats.panel.context import Contradiction, Suppressions
from thbstats.panel.contradictions import contradictions_of, parts_above_total
from thbstats.panel.grid import UNKNOWN, PanelGrid
from thbstats.panel.kind import CountKind, category_label, count_label
from thbstats.values import Period

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


@frozen(kw_only=True, eq=False)
class PanelCounts:
    """Counts of one kind and category, summed over the periods of each number."""

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
    contradictions: Coded[tuple[Contradiction, ...]]
    cells: Cells  # The counts that were read, in each period
    entries: Index  # (w, p): the entries of each country in them
    all_listed: Mask  # (n,): whether published counts are documented to include all countries

    @property
    def hull_joined(self) -> Ranges:
        """The hull of each country with unknown allocated."""
        return Ranges(self.hull.lower, self.joined, self.hull.reported)

    @property
    def period(self) -> Coded[Period]:
        """The period of each number."""
        return reduce(
            lambda left, right: left.combine(right, lambda a, b: Period.joined([a, b])),
            self.grid.periods,
        )

    @property
    def categories(self) -> Coded[tuple[tuple[str, str], ...]]:
        """The category of each number, including ``by=``."""
        result: Coded[Any] = Coded.constant(tuple(self.category.items()), len(self.grid))
        for name in self.grid.breakdowns:
            keys = self.grid.keys[name]
            words = Coded(keys.codes, [(name, word) for word in keys.categories])
            result = result.combine(words, lambda pairs, own: (*pairs, own))
        return result

    @property
    def labels(self) -> Coded[str]:
        """The label of each count."""
        return self.kind.combine(self.categories, count_label)

    @property
    def sharp(self) -> Mask:
        """The numbers whose bounds are attained."""
        free = (self.by_country.lower == 0) & np.isinf(self.by_country.upper)
        exact = (self.hull.is_point | free) & ~self.contradictory
        sharp = ~any_of(~exact, self.grid.start) & np.isinf(self.published.upper)
        return np.asarray(sharp | self.whole.is_point)

    @property
    def suppressed(self) -> Mask:
        """The countries with a suppressed count in any period."""
        return np.asarray(self.cells.suppressed[0, self.entries].any(axis=0))

    def used(self, mask: Mask, from_area: Mask) -> Ranges:
        """Return the counts of values: as published, or summed over some countries."""
        start = self.grid.start
        # A count of all countries is the count of the whole area.
        partly = any_of(~mask & self.applies, start)
        pooled = self.by_country.pool(start, mask)
        pooled = pooled.clip(self.whole.lower, self.whole.upper, keep=partly)
        return self.published.where(from_area, pooled)

    def suppression(self, mask: Mask, from_area: Mask) -> Suppressions:
        """Return the suppressed counts in values."""
        cells = self.cells
        used = np.zeros(cells.row.shape, dtype=np.bool_)
        used[0, self.entries] = mask & ~from_area[self.grid.number]
        used[0, cells.size :] = from_area[cells.area]
        return cells.suppressions(used)

    def coverage(self, mask: Mask, from_area: Mask) -> tuple[Coded[Any], Coded[Any], Index]:
        """Return reporting countries, expected countries and the number of the former."""
        grid, size = self.grid, len(self.grid)
        values, inside = np.flatnonzero(mask), np.flatnonzero(self.applies)
        reporters, count = self.cells.coverage(
            grid.number[values], grid.member.take(values), from_area, np.arange(size)
        )
        return reporters, sets_of(grid.number[inside], grid.member.take(inside), size), count

    def limit_to(self, applies: Mask) -> "PanelCounts":
        """Return the counts of a subset of the applicable countries."""
        applies, start = self.applies & applies, self.grid.start
        rows = any_of(self.applies & ~applies, start)
        if not rows.any():
            return self
        zero = Ranges.zero(len(applies))
        hull, joined = self.hull.where(applies, zero), np.where(applies, self.joined, 0)
        wide = Ranges(hull.lower, joined, hull.reported)
        # Published counts do not change.
        keep = ~rows | self.published.reported
        return evolve(
            self,
            by_country=self.by_country.where(applies, zero),
            hull=hull,
            summed=self.summed.where(applies, zero),
            joined=joined,
            applies=applies,
            contradictory=self.contradictory & applies,
            whole=self.whole.where(keep, hull.pool(start)),
            whole_joined=self.whole_joined.where(keep, wide.pool(start)),
        )


def counts_of(grid: PanelGrid, category: Mapping[str, str]) -> PanelCounts:
    """Return the counts of a category for all numbers of a grid."""
    schema = grid.table.columns.schema
    category = {name: word for name, word in category.items() if word != schema[name].total}
    for name, word in category.items():
        if word not in grid.table.categories(name):
            hint = did_you_mean("", grid.table.categories(name))
            raise NoSuchCell(
                "must be a category of the table",
                field=name,
                value=word,
                hint=f"{hint}, or add categories with CountTable.sum",
            )
    windows, entries = grid.by_window()
    size, width = len(grid), len(entries)
    cells = read_cells(windows, _selections(grid, category), category)
    both, covers = cells.with_whole_areas()
    p, start, m = cells.size, cells.start, len(cells.area)
    applies = ~(cells.absent[0] | (cells.absent[1:2].any(axis=0) & ~cells.present[0]))[:p]

    # The unknown category itself has no unknown persons.
    own_row = (both.row[2:] == both.row[0]) & both.present[0]
    own_row[:, p:] = False
    listed = any_of((both.present[2:] & ~own_row)[:, :p], start)
    in_use = listed[:, both.number]
    in_use[:, :p] &= applies
    in_use[:, p:] |= both.present[2:, p:]
    zero, nothing = Ranges.zero(p), Ranges.zero(*own_row.shape)
    unknown = both.counts[2:].where(in_use & ~own_row, nothing).sum(axis=0)
    has_unknown = listed.any(axis=0) | cells.expand(cells.present[2:, p:].any(axis=0))
    filled, joined = _filled(both, unknown, own_row)

    own, raw = filled[:p], cells.counts[0]
    wrong, excess, hull, summed = parts_above_total(windows, own, raw[:p], category)
    own, hull = own.where(applies, zero), hull.where(applies, zero)
    contradictory, hidden = wrong & applies, cells.suppressed[:, p:]
    upper = np.where(applies, np.maximum(joined[:p], hull.upper), 0)
    whole = cells.whole(hull.pool(start), filled[p + m :], hidden[0])
    published = cells.stated(Ranges.missing(len(windows)), raw[p:], whole, covers)
    wide = Ranges(hull.lower, upper, hull.reported).pool(start)
    most = np.minimum(joined[p + m :], wide.upper[cells.area])
    area = whole[cells.area]
    wide = wide.put(cells.area, Ranges(area.lower, np.maximum(area.upper, most), area.reported))
    unknowns = cells.whole(unknown[:p].pool(start), unknown[p + m :], hidden[2:].any(axis=0))
    unknowns = Ranges(unknowns.lower, unknowns.upper, has_unknown)
    present: Any = any_of(cells.present[:2, :p].any(axis=0), start) | published.reported
    texts = contradictions_of(cells, [category_label(category.items())], excess)
    if width > 1:
        texts = Coded.from_values(
            tuple(dict.fromkeys(chain(*(texts[i * width + w] for w in range(width)))))
            for i in range(size)
        )

    numbers = np.arange(size * width).reshape(size, width).T
    listed_all: Any = cells.all_reported
    conflicting: Any = any_of(cells.conflicting[0, :p], start)
    several: Any = cells.several
    # From here on, a number has the entries of all its periods.
    cells = evolve(cells, grid=grid, number=cells.number // width)
    counted, mixed = cells.kinds()
    result = PanelCounts(
        grid=grid,
        category=category,
        by_country=own[entries].sum(),
        hull=hull[entries].sum(),
        summed=own.where(~contradictory, summed)[entries].sum(),
        joined=upper[entries].sum(axis=0),
        unknown=unknown[:p].where(has_unknown[windows.number], Ranges.missing(p))[entries].sum(),
        applies=applies[entries].any(axis=0),
        contradictory=contradictory[entries].any(axis=0),
        published=published[numbers].sum(),
        whole_unknown=Ranges(
            unknowns.lower[numbers].sum(axis=0),
            unknowns.upper[numbers].sum(axis=0),
            has_unknown[numbers].any(axis=0),
        ),
        whole=whole[numbers].sum(),
        whole_joined=wide[numbers].sum(),
        kind=counted,
        mixed=mixed | several[numbers].any(axis=0),
        present=present[numbers].any(axis=0),
        conflicting=conflicting[numbers].any(axis=0),
        contradictions=texts,
        cells=cells,
        entries=entries,
        all_listed=listed_all[numbers].all(axis=0),
    )
    return result.limit_to(applies[entries].all(axis=0))


def _selections(grid: PanelGrid, category: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the selections of a count, of its total and of its unknown categories."""
    names = [*category, *grid.breakdowns]
    if not names or UNKNOWN in category.values():
        return [dict(category)]
    schema = grid.table.columns.schema
    total = {name: schema[name].total or "" for name in names}
    marks = list(product((False, True), repeat=len(names)))[1:]
    unknown = [
        {**category, **{name: UNKNOWN for name, own in zip(names, mask, strict=True) if own}}
        for mask in marks
    ]
    return [dict(category), total, *unknown]


def _filled(cells: Cells, unknown: Ranges, own_row: Mask) -> tuple[Ranges, Any]:
    """Return counts of at most their total, and their upper bounds with unknown."""
    own = cells.counts[0]
    if len(cells.row) == 1:
        return own, own.upper
    total, unanswered = cells.counts[1], cells.unanswered
    upper = np.maximum(np.minimum(own.upper, total.upper), own.lower)
    upper = np.where(own.reported, own.upper, upper)
    joined = upper + unknown.upper
    if unanswered is not None:
        # Cases without an answer for the category, and cases of another unknown category.
        others = np.where(own_row, np.nan, cells.counts.upper[2:] + unanswered[2:])
        further = own.upper + unanswered[0] + np.nan_to_num(others).sum(axis=0)
        joined = np.where(np.isnan(further), joined, further)
    joined = np.maximum(upper, np.minimum(total.upper, joined))
    return Ranges(own.lower, upper, own.reported), joined


def united(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the distinct items of two tuples."""
    return tuple(dict.fromkeys((*left, *right)))
