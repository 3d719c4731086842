"""Counts of one kind, pooled over countries and periods."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.cells import Cells, read_cells, sets_of
from thbstats.panel.completions import completions_of
from thbstats.panel.context import Contradiction, Suppressions
from thbstats.panel.contradictions import contradictions_of, joined_texts
from thbstats.panel.grid import PanelGrid, require_listed
from thbstats.panel.kind import CountKind, category_label, count_label
from thbstats.panel.system_rows import UNKNOWN
from thbstats.panel.systems import with_reading
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
    derived: Mask  # (p,): counts that follow from other rows
    attained: Mask  # (p,): counts of which completions have both bounds
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
        """The smallest and largest count of each country, with unknown allocated."""
        return Ranges(self.hull.lower, self.joined, self.hull.reported)

    @property
    def period(self) -> Coded[Period]:
        """The period of each number."""
        return self.grid.period_of_numbers

    @property
    def reported(self) -> Mask:
        """The countries with a count that no other count contradicts, shape (p,)."""
        return np.asarray(self.by_country.reported & self.applies & ~self.contradictory)

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
        return self.kind.combine(
            self.categories,
            lambda kind, own: with_reading(count_label(kind, own), self.grid.reading),
        )

    @property
    def bounds_attained(self) -> Mask:
        """The numbers whose bounds are attained."""
        sharp = ~any_of(~self.attained, self.grid.start) & np.isinf(self.published.upper)
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
        """Return reporting countries, expected countries and the number that reported."""
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
            attained=self.attained | ~applies,
            whole=self.whole.where(keep, hull.pool(start)),
            whole_joined=self.whole_joined.where(keep, wide.pool(start)),
        )


def counts_of(grid: PanelGrid, category: Mapping[str, str]) -> PanelCounts:
    """Return the counts of a category for all numbers of a grid."""
    schema = grid.table.columns.schema
    category = {name: word for name, word in category.items() if word != schema[name].total}
    require_listed(grid.table, category)
    windows, entries = grid.by_window()
    size, width = len(grid), len(entries)
    requested, n_unknown = _selections(grid, category)
    cells = read_cells(windows, requested, category).with_exact(np.zeros(1, dtype=np.intp))
    both, covers = cells.with_whole_areas()
    p, start, m = cells.size, cells.start, len(cells.area)
    applies = ~(cells.absent[0] | (cells.absent[1:2].any(axis=0) & ~cells.present[0]))[:p]

    # The unknown category itself has no unknown persons.
    names, unknown_rows = [*category, *grid.breakdowns], slice(2, 2 + n_unknown)
    both = _filled(both, category, n_unknown) if (both.row < 0).any() else both
    filled = both.counts[0]
    own_row = (both.row[unknown_rows] == both.row[0]) & (both.row[0] >= 0)
    zero = Ranges.zero(p)
    joined, unknown = _joined(both, names, own_row)
    reported = both.present[unknown_rows] & ~own_row
    listed = any_of(reported[:, :p], start).any(axis=0)
    has_unknown = listed | cells.expand(cells.present[unknown_rows, p:].any(axis=0))

    # Counts that contradict others are not in the value; their bounds contain all readings.
    systems, raw = cells.systems, cells.counts[0]
    wrong = cells.wrong_in(names)[0]
    parts = cells.of_rows(systems.parts_above)[0]
    hull = cells.hull(names)[0][:p].where(wrong[:p], filled[:p])
    hull = hull.union(zero).where(wrong[:p] & ~parts[:p], hull)
    summed = Ranges(
        np.where(parts, cells.of_rows(systems.summed.lower, 0)[0], filled.lower[: len(parts)]),
        np.where(parts, cells.of_rows(systems.summed.upper, 0)[0], filled.upper[: len(parts)]),
        filled.reported[: len(parts)],
    )[:p]
    own, hull = filled[:p].where(applies, zero), hull.where(applies, zero)
    # A published area below the sum of its members has no value.
    below = cells.expand(cells.of_rows(systems.below)[0, p:])[cells.number[:p]]
    contradictory, hidden = (wrong[:p] | below) & applies, cells.suppressed[:, p:]
    upper = np.where(applies, np.maximum(joined[:p], hull.upper), 0)
    whole = cells.whole(hull.pool(start), filled[p + m :], hidden[0], wrong[p:])
    published = raw[p:]
    published = Ranges(published.lower, published.upper, published.reported & ~wrong[p:])
    published = cells.stated(Ranges.missing(len(windows)), published, whole, covers)
    wide = Ranges(hull.lower, upper, hull.reported).pool(start)
    most = np.minimum(joined[p + m :], wide.upper[cells.area])
    area = whole[cells.area]
    wide = wide.put(cells.area, Ranges(area.lower, np.maximum(area.upper, most), area.reported))
    unknowns = cells.whole(
        unknown[:p].pool(start), unknown[p + m :], hidden[unknown_rows].any(axis=0)
    )
    unknowns = Ranges(unknowns.lower, unknowns.upper, has_unknown)
    present: Any = any_of(cells.present[:2, :p].any(axis=0), start) | published.reported
    derived = cells.derived[0] | ((cells.row[0] < 0) & filled.reported[: p + m])
    texts = contradictions_of(cells, [category_label(category.items())], {}, names=names)
    texts = joined_texts(texts, width)

    numbers = np.arange(size * width).reshape(size, width).T
    listed_all: Any = cells.all_reported
    conflicting: Any = any_of(cells.conflicting[0, :p], start)
    # From here on, a number has the entries of all its periods.
    read, cells = cells, cells.joined(grid, width)
    counted_kind, mixed = cells.kinds()
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
        derived=derived[:p][entries].any(axis=0),
        attained=np.asarray(_attained(read, hull, contradictory)[entries].all(axis=0)),
        published=published[numbers].sum(),
        whole_unknown=Ranges(
            unknowns.lower[numbers].sum(axis=0),
            unknowns.upper[numbers].sum(axis=0),
            has_unknown[numbers].any(axis=0),
        ),
        whole=whole[numbers].sum(),
        whole_joined=wide[numbers].sum(),
        kind=counted_kind,
        mixed=mixed | cells.several,
        present=present[numbers].any(axis=0),
        conflicting=conflicting[numbers].any(axis=0),
        contradictions=texts,
        cells=cells,
        entries=entries,
        all_listed=listed_all[numbers].all(axis=0),
    )
    return result.limit_to(applies[entries].all(axis=0))


def _attained(cells: Cells, counts: Ranges, contradictory: Mask) -> Mask:
    """Return the counts of countries of which completions have both bounds."""
    result = counts.is_point & ~contradictory
    row = cells.known_row[0, : len(counts)]
    open_ = np.isfinite(counts.upper) & ~counts.is_point & ~contradictory & (row >= 0)
    if open_.any():
        completions, row = completions_of(cells.systems), row[open_]
        for ends in (counts.lower, counts.upper):
            end = ends[open_].astype(np.int64)
            reached = completions.reach([(row, end, end, True)])[0]
            row, open_[open_] = row[reached], reached
        result |= open_
    return np.asarray(result)


def _selections(grid: PanelGrid, category: Mapping[str, str]) -> tuple[list[dict[str, str]], int]:
    """Return the selections of a count, of its total, of unknown categories and of its margins.

    Also return the number of selections of unknown categories.
    """
    names = [*category, *grid.breakdowns]
    if not names:
        return [dict(category)], 0
    schema = grid.table.columns.schema
    total = {name: schema[name].total or "" for name in names}
    marks = list(product((False, True), repeat=len(names)))[1:]
    unknown = [
        {**category, **{name: UNKNOWN for name, own in zip(names, mask, strict=True) if own}}
        for mask in marks
    ]
    if UNKNOWN in category.values():
        unknown = []
    # Margins of one dimension come first.
    margins = [
        {**category, **{name: total[name] for name in chosen}}
        for size in range(1, max(2, len(names)))
        for chosen in combinations(names, size)
    ]
    return [dict(category), total, *unknown, *margins], len(unknown)


def _filled(cells: Cells, category: Mapping[str, str], n_unknown: int) -> Cells:
    """Return the counts with those of the query and of unknown persons as parts of the margins."""
    names, wholes = [*category, *cells.grid.breakdowns], {}
    marks = list(product((False, True), repeat=len(names)))[1 : 1 + n_unknown]
    for name, margin in zip(names, cells.known_row[2 + n_unknown :], strict=False):
        own = Coded.constant(category.get(name, ""), cells.row.shape[1])
        if name not in category:
            own = cells.grid.keys[name].take(cells.number)
        # The count of the query, and the unknown category of this dimension alone.
        alone = [2 + marks.index(tuple(other == name for other in names))] if marks else []
        unknown = np.full(len(own), len(own.categories))
        wholes[name] = (
            np.array([0, *alone]),
            np.stack([margin] * (1 + len(alone))),
            Coded(np.stack([own.codes, *[unknown] * len(alone)]), [*own.categories, UNKNOWN]),
        )
    return cells.filled(wholes)


def _joined(
    cells: Cells, names: Sequence[str], own_row: Mask
) -> tuple[NDArray[np.float64], Ranges]:
    """Return the upper bounds of counts with unknown allocated, and the unknown persons."""
    size, own = len(own_row), cells.counts[0]
    zero = Ranges.zero(cells.row.shape[1])
    if not size:
        return own.upper, zero
    rows, unanswered = slice(2, 2 + size), cells.unanswered
    low, high = np.zeros(len(own)), np.zeros(len(own))
    reported = np.ones(len(own), dtype=np.bool_)
    for counts, row in zip(cells.counts[rows].split(), cells.row[rows], strict=True):
        # Unknown persons without a row are at most all persons.
        high += np.where(row >= 0, counts.upper, np.minimum(counts.upper, cells.counts.upper[1]))
        low += counts.lower
        reported &= counts.reported
    # The unknown category itself has no unknown persons.
    itself = own_row.any(axis=0)
    low, high = np.where(itself, 0, low), np.where(itself, 0, high)
    unknown = Ranges(low.astype(np.int64), high, reported | itself)
    joined = own.upper + high
    if len(names) == 1 and names[0] in cells.systems.lines:
        # The other known categories limit a category with unknown persons.
        line, whole = cells.systems.lines[names[0]], np.where(cells.partial, -1, cells.row[1])
        others = line.known[whole] - np.where(cells.row[0] >= 0, cells.implied.lower[0], 0)
        others = np.where((whole >= 0) & ~line.overlaps[whole] & ~line.wrong[whole], others, 0)
        joined = np.minimum(joined, cells.counts.upper[1] - np.maximum(others, 0))
    if unanswered is not None:
        # Cases without an answer for the category, and cases of another unknown category.
        others = np.where(own_row, np.nan, cells.counts.upper[rows] + unanswered[rows])
        further = own.upper + unanswered[0] + np.nan_to_num(others).sum(axis=0)
        joined = np.where(np.isnan(further), joined, further)
    return np.maximum(own.upper, np.minimum(cells.counts.upper[1], joined)), unknown


def united(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the distinct items of two tuples."""
    return tuple(dict.fromkeys((*left, *right)))
