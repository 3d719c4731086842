"""Counts that a table publishes for whole areas, next to those of their countries."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.panel.cells import CountCells, CountReader, Countries
from thbstats.panel.context import Suppression, Suppressions
from thbstats.panel.grid import PanelGrid
from thbstats.panel.partitions import Division, Partition, partition

__all__ = ["Aggregates", "SolvedAggregates", "aggregates_of", "completed"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


@frozen(kw_only=True, eq=False)
class Aggregates:
    """Published counts of the areas of some numbers."""

    grid: PanelGrid  # The numbers
    reader: CountReader  # The reader of the counts
    number: Index  # (m,): the numbers whose areas have published counts
    cells: CountCells  # (s, m): the counts as published
    # (s, m): the same for all countries of the area: with those that are not behind the published
    # count, and as far as the sums of the countries allow.
    whole: CountCells
    covers: Mask  # (m,): where no country is documented not to be behind the published counts

    def placed(self, own: Mask) -> Mask:
        """Return a property of the published areas for all numbers of the grid."""
        found = np.zeros((*own.shape[:-1], len(self.grid)), dtype=np.bool_)
        found[..., self.number] = own
        return found

    @property
    def listed(self) -> Mask:
        """The cells that are published for the area of each number."""
        return self.placed(self.cells.present)

    @property
    def reporters(self) -> list[tuple[frozenset[str] | None, int | None]]:
        """The countries behind the published counts of each number, as far as documented."""
        origins, column = self.reader.table.origins, self.reader.table.origin
        found: list[tuple[frozenset[str] | None, int | None]] = []
        for rows in self.cells.row.T:
            own = [origins[code] for code in sorted(set(column[rows[rows >= 0]].tolist()))]
            lists = [origin.reporters for origin in own if origin.reporters is not None]
            if own and len(lists) == len(own):
                shared = frozenset.intersection(*lists)
                found.append((shared, len(shared)))
            else:
                numbers = {origin.n_reporters for origin in own}
                found.append((None, numbers.pop() if len(numbers) == 1 else None))
        return found

    @property
    def all_reported(self) -> Mask:
        """The numbers whose published counts are documented to be of all countries."""
        sizes = [len(self.grid.area[i].members) for i in self.number.tolist()]
        counts = [count for _, count in self.reporters]
        return self.placed(np.array(counts, dtype=object) == np.array(sizes, dtype=object))

    def solve(
        self,
        divide: Callable[[CountCells, Index], Division],
        rule: str,
        chosen: Index,
        joins: Mask,
    ) -> "SolvedAggregates":
        """Return the parts and rests of some categories, as published and for the whole area."""
        stated = divide(self.cells, self.number)
        k = len(stated.parts.lower)
        total, parts = self.cells.suppressed[0], self.cells.suppressed[1 : 1 + k]
        unknown = self.cells.suppressed[1 + k :].any(axis=0)
        own = parts[chosen]
        # The rest of "all" is the total without the category.
        recorded = np.broadcast_to(parts.any(axis=0) | unknown, own.shape)
        outside, everyone = recorded | total, np.broadcast_to(total, own.shape)
        others = parts.sum(axis=0) > own
        return SolvedAggregates(
            aggregates=self,
            stated=partition(stated, rule, chosen, joins),
            whole=partition(divide(self.whole, self.number), rule, chosen, joins),
            suppressed={
                "part": own,
                "rest": outside if rule == "all" else others,
                "joined": own | unknown,
                "apart": outside,
                "whole_rest": outside,
                "base": everyone if rule == "all" else recorded,
                "everyone": everyone,
                "unknown": np.broadcast_to(unknown, own.shape),
            },
        )


@frozen(kw_only=True, eq=False)
class SolvedAggregates:
    """Parts and rests of published areas."""

    aggregates: Aggregates  # The counts
    stated: Partition  # As published
    whole: Partition  # For all countries of each area
    # (c, m): where a part of the partition has a published count that its source suppresses.
    suppressed: Mapping[str, Mask]

    def has_value(self, used: Mask, *, together: bool) -> Mask:
        """Return where the published counts give a value, shape (c, n)."""
        given = self.stated.part.reported & self.stated.rest.reported
        own = used[:, self.aggregates.number]
        if together:
            given = np.broadcast_to((given | ~own).all(axis=0), given.shape) & own
        return self.aggregates.placed(given)

    def clip(self, pooled: Ranges, name: str) -> Ranges:
        """Return sums over countries, where they agree with the published area.

        A count that is published as suppressed keeps its bounds, whatever the countries sum to.
        """
        at = self.aggregates.number
        own: Ranges = getattr(self.whole, name)
        if own.lower.ndim == 1:
            own = Ranges.stack([own] * len(pooled))
        summed = pooled[:, at]
        return pooled.put(at, own.clip(summed.lower, summed.upper, keep=self.suppressed[name]))

    def value(
        self, used: Ranges, name: str, whole: Ranges, *, from_area: Mask, partly: Mask
    ) -> Ranges:
        """Return the counts behind the values, as published where that gives one.

        Where the published counts cover the whole area, or the value is over all countries, it
        is within the counts of the whole area.
        """
        at = self.aggregates.number
        own: Ranges = getattr(self.stated, name)
        if own.lower.ndim == 1:
            own = Ranges.stack([own] * len(from_area))
        own = whole[:, at].where(self.aggregates.covers, own)
        used = used.clip(whole.lower, whole.upper, keep=partly)
        return used.put(at, own).where(from_area, used)

    @property
    def overlaps(self) -> Mask:
        """The numbers whose published categories overlap."""
        return self.aggregates.placed(self.stated.overlaps)

    @property
    def contradictory(self) -> Mask:
        """The numbers whose published parts exceed their total."""
        return self.aggregates.placed(self.stated.contradictory)

    def sharp(self, pooled: Mask, has_countries: Mask) -> Mask:
        """Return where bounds are attained, shape (c, n)."""
        found, at = pooled.copy(), self.aggregates.number
        published = self.aggregates.cells.present.any(axis=0)
        found[:, at] = np.where(published, self.whole.sharp & ~has_countries[at], found[:, at])
        return found


def coverage(
    aggregates: Aggregates,
    reporters: Coded[Any],
    count: Index,
    from_area: Mask,
    number: Index,
) -> tuple[Coded[Any], Index]:
    """Return reporting countries, those behind a published area where that gives the value."""
    if not from_area.any():
        return reporters, count
    documented = dict(zip(aggregates.number.tolist(), aggregates.reporters, strict=True))
    listed, counts = list(reporters), count.copy()
    for row in np.flatnonzero(from_area).tolist():
        own, size = documented[int(number[row])]
        listed[row], counts[row] = own, -1 if size is None else size
    return Coded.from_values(listed), counts


def suppression(
    aggregates: Aggregates, found: Suppressions, from_area: Mask, rows: Sequence[int]
) -> Suppressions:
    """Return suppressed counts, those of a published area where that gives the value."""
    cells = aggregates.cells.take((list(rows), slice(None)))
    hidden = cells.suppressed & from_area[aggregates.number]
    some = np.flatnonzero(hidden.any(axis=0))
    if not len(some):
        return found
    items = [found[i] for i in range(len(found))]
    for entry in some.tolist():
        i = int(aggregates.number[entry])
        own = hidden[:, entry]
        items[i] = Suppression(
            cells=int(own.sum()),
            areas=frozenset({aggregates.grid.area[i].code}),
            counts=cells.counts[:, entry].total(own),
        )
    return Suppressions.from_values(items)


def aggregates_of(
    grid: PanelGrid,
    reader: CountReader,
    asked: Sequence[Mapping[str, str]],
    countries: Countries,
    *,
    window: int = 0,
) -> Aggregates | None:
    """Return the published counts of the areas of a grid; ``None`` where there are none."""
    at = np.flatnonzero(grid.printed >= 0)
    if not len(at):
        return None
    cells = reader.read(asked, printed=True, window=window)[0].take((slice(None), at))
    if not cells.present.any():
        return None
    added, covers = completed(reader, cells, at, countries)
    pooled = countries.cells.counts.pool(countries.start)[:, at]
    suppressed = cells.suppressed | countries.any(countries.cells.suppressed)[:, at]
    counts = added.clip(pooled.lower, pooled.upper, keep=cells.suppressed)
    counts = Ranges(counts.lower, counts.upper, added.reported | pooled.reported)
    return Aggregates(
        grid=grid,
        reader=reader,
        number=at,
        cells=cells,
        whole=evolve(cells, counts=counts, suppressed=suppressed),
        covers=covers,
    )


def completed(
    reader: CountReader, cells: CountCells, at: Index, countries: Countries
) -> tuple[Ranges, Mask]:
    """Return published counts with those of the countries that are not behind them.

    The second array says where there are no such countries.
    """
    table, start = reader.table, countries.start
    origin = np.where(cells.present, table.origin[cells.row].astype(np.intp), -1)
    position = np.full(len(start) - 1, -1, dtype=np.intp)
    position[at] = np.arange(len(at))
    of_entry = position[countries.number]
    inside = of_entry >= 0
    own = np.where(inside, origin[:, of_entry], -1)
    lacking = np.zeros(countries.cells.row.shape, dtype=np.bool_)
    unlisted = np.zeros(origin.shape, dtype=np.bool_)
    sizes = np.diff(start)[at]
    for code in np.unique(origin[origin >= 0]).tolist():
        found = table.origins[code]
        if found.reporters is not None:
            absent = [name not in found.reporters for name in countries.member.categories]
            lacking |= (own == code) & np.array(absent, dtype=np.bool_)[countries.member.codes]
        elif found.n_reporters is not None:
            unlisted |= (origin == code) & (found.n_reporters < sizes)
    added = countries.cells.counts.pool(start, lacking)[:, at]
    incomplete = countries.any(lacking)[:, at]
    partial = incomplete | unlisted
    every: Mask = np.asarray(~partial.any(axis=0))
    found = cells.counts + added
    upper = np.where(unlisted, np.inf, found.upper)
    return Ranges(found.lower, upper, cells.counts.reported & ~partial), every
