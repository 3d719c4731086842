"""Published counts of areas of several countries."""

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

__all__ = ["Aggregates", "SolvedAggregates", "aggregates_of", "complete_areas"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


@frozen(kw_only=True, eq=False)
class Aggregates:
    """Published counts of the areas of some numbers."""

    grid: PanelGrid  # The numbers
    reader: CountReader  # The reader of the counts
    number: Index  # (m,): the numbers whose areas have published counts
    cells: CountCells  # (s, m): the counts as published
    # (s, m): the same for all countries of the area: with countries that the published count
    # leaves out, and within the sums of the countries.
    whole: CountCells
    covers: Mask  # (m,): where the published counts include all countries, as far as documented

    def expand(self, own: Mask) -> Mask:
        """Return a property of published areas for all numbers of the grid."""
        result = np.zeros((*own.shape[:-1], len(self.grid)), dtype=np.bool_)
        result[..., self.number] = own
        return result

    @property
    def listed(self) -> Mask:
        """The cells that are published for the area of each number."""
        return self.expand(self.cells.present)

    @property
    def reporters(self) -> list[tuple[frozenset[str] | None, int | None]]:
        """The countries in the published counts of each number, if documented."""
        origins, column = self.reader.table.origins, self.reader.table.origin
        result: list[tuple[frozenset[str] | None, int | None]] = []
        for rows in self.cells.row.T:
            own = [origins[code] for code in sorted(set(column[rows[rows >= 0]].tolist()))]
            lists = [origin.reporters for origin in own if origin.reporters is not None]
            if own and len(lists) == len(own):
                shared = frozenset.intersection(*lists)
                result.append((shared, len(shared)))
            else:
                numbers = {origin.n_reporters for origin in own}
                result.append((None, numbers.pop() if len(numbers) == 1 else None))
        return result

    @property
    def all_reported(self) -> Mask:
        """The numbers whose published counts are documented to include all countries."""
        sizes = [len(self.grid.area[i].members) for i in self.number.tolist()]
        counts = [count for _, count in self.reporters]
        return self.expand(np.array(counts, dtype=object) == np.array(sizes, dtype=object))

    def solve(
        self,
        divide: Callable[[CountCells, Index], Division],
        rule: str,
        category: Index,
        joins: Mask,
    ) -> "SolvedAggregates":
        """Return bounds of some categories, as published and for the whole area."""
        stated = divide(self.cells, self.number)
        k = len(stated.parts.lower)
        total, parts = self.cells.suppressed[0], self.cells.suppressed[1 : 1 + k]
        unknown = self.cells.suppressed[1 + k :].any(axis=0)
        own = parts[category]
        # For "all" the complement is the total without the category.
        recorded = np.broadcast_to(parts.any(axis=0) | unknown, own.shape)
        outside, everyone = recorded | total, np.broadcast_to(total, own.shape)
        others = parts.sum(axis=0) > own
        return SolvedAggregates(
            aggregates=self,
            stated=partition(stated, rule, category, joins),
            whole=partition(divide(self.whole, self.number), rule, category, joins),
            suppressed={
                "part": own,
                "complement": outside if rule == "all" else others,
                "part_with_unknown": own | unknown,
                "complement_with_unknown": outside,
                "full_complement": outside,
                "base": everyone if rule == "all" else recorded,
                "full_base": everyone,
                "unknown": np.broadcast_to(unknown, own.shape),
            },
        )


@frozen(kw_only=True, eq=False)
class SolvedAggregates:
    """Parts and complements of published areas."""

    aggregates: Aggregates  # The counts
    stated: Partition  # As published
    whole: Partition  # For all countries of each area
    # (c, m): where a part of the partition has a published count that its source suppresses.
    suppressed: Mapping[str, Mask]

    def has_value(self, used: Mask, *, together: bool) -> Mask:
        """Return the numbers with a published value, shape (c, n)."""
        given = self.stated.part.reported & self.stated.complement.reported
        own = used[:, self.aggregates.number]
        if together:
            given = np.broadcast_to((given | ~own).all(axis=0), given.shape) & own
        return self.aggregates.expand(given)

    def clip(self, pooled: Ranges, name: str) -> Ranges:
        """Return sums over countries within the published counts of the area.

        A suppressed count keeps its published bounds.
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
        """Return the counts of the values, as published or summed over countries.

        A value that covers the whole area is within the counts of the whole area.
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
        return self.aggregates.expand(self.stated.overlaps)

    @property
    def contradictory(self) -> Mask:
        """The numbers whose published parts exceed their total."""
        return self.aggregates.expand(self.stated.contradictory)

    def sharp(self, pooled: Mask, has_countries: Mask) -> Mask:
        """Return the numbers with attained bounds, shape (c, n)."""
        result, at = pooled.copy(), self.aggregates.number
        published = self.aggregates.cells.present.any(axis=0)
        result[:, at] = np.where(published, self.whole.sharp & ~has_countries[at], result[:, at])
        return result


def coverage(
    aggregates: Aggregates,
    reporters: Coded[Any],
    count: Index,
    from_area: Mask,
    number: Index,
) -> tuple[Coded[Any], Index]:
    """Return reporting countries, for published values those of the area."""
    if not from_area.any():
        return reporters, count
    documented = dict(zip(aggregates.number.tolist(), aggregates.reporters, strict=True))
    listed, counts = list(reporters), count.copy()
    for row in np.flatnonzero(from_area).tolist():
        own, size = documented[int(number[row])]
        listed[row], counts[row] = own, -1 if size is None else size
    return Coded.from_values(listed), counts


def suppression(
    aggregates: Aggregates, result: Suppressions, from_area: Mask, rows: Sequence[int]
) -> Suppressions:
    """Return suppressed counts, for published values those of the area."""
    cells = aggregates.cells.take((list(rows), slice(None)))
    hidden = cells.suppressed & from_area[aggregates.number]
    some = np.flatnonzero(hidden.any(axis=0))
    if not len(some):
        return result
    items = [result[i] for i in range(len(result))]
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
    selections: Sequence[Mapping[str, str]],
    countries: Countries,
    *,
    window: int = 0,
) -> Aggregates | None:
    """Return the published counts of the areas of a grid, or ``None``."""
    at = np.flatnonzero(grid.printed >= 0)
    if not len(at):
        return None
    cells = reader.read(selections, printed=True, window=window)[0].take((slice(None), at))
    if not cells.present.any():
        return None
    added, covers = complete_areas(reader, cells, at, countries)
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


def complete_areas(
    reader: CountReader, cells: CountCells, index: Index, countries: Countries
) -> tuple[Ranges, Mask]:
    """Return published counts plus those of the countries that they leave out.

    The second array marks areas without such countries.
    """
    table, start = reader.table, countries.start
    origin = np.where(cells.present, table.origin[cells.row].astype(np.intp), -1)
    position = np.full(len(start) - 1, -1, dtype=np.intp)
    position[index] = np.arange(len(index))
    of_entry = position[countries.number]
    inside = of_entry >= 0
    own = np.where(inside, origin[:, of_entry], -1)
    lacking = np.zeros(countries.cells.row.shape, dtype=np.bool_)
    unlisted = np.zeros(origin.shape, dtype=np.bool_)
    sizes = np.diff(start)[index]
    for code in np.unique(origin[origin >= 0]).tolist():
        source = table.origins[code]
        if source.reporters is not None:
            absent = [name not in source.reporters for name in countries.member.categories]
            lacking |= (own == code) & np.array(absent, dtype=np.bool_)[countries.member.codes]
        elif source.n_reporters is not None:
            unlisted |= (origin == code) & (source.n_reporters < sizes)
    added = countries.cells.counts.pool(start, lacking)[:, index]
    incomplete = countries.any(lacking)[:, index]
    partial = incomplete | unlisted
    every: Mask = np.asarray(~partial.any(axis=0))
    result = cells.counts + added
    upper = np.where(unlisted, np.inf, result.upper)
    return Ranges(result.lower, upper, cells.counts.reported & ~partial), every
