"""Counts of a table for the numbers of a grid."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.columns.ranges import any_of
from thbstats.geography import Area
from thbstats.panel.context import Suppressions
from thbstats.panel.grid import PanelGrid
from thbstats.panel.kind import CountKind
from thbstats.panel.row_index import index_of
from thbstats.records import Source
from thbstats.tables import CountTable
from thbstats.values import Reason, flag_mask

__all__ = [
    "CountCells",
    "CountReader",
    "Countries",
    "countries_of",
    "sets_of",
    "suppressions",
    "unanswered_in",
]

Mask = NDArray[np.bool_]
Index = NDArray[np.intp]

_SUPPRESSED = [reason.severity for reason in (Reason.FEWER_THAN, Reason.SUPPRESSED)]
_ABSENT = Reason.NOT_APPLICABLE.severity
_IS_SUPPRESSED = np.zeros(256, dtype=np.bool_)
_IS_SUPPRESSED[_SUPPRESSED] = True
_BREAK = flag_mask("b")


@frozen(kw_only=True, eq=False)
class CountCells:
    """Counts of some selections, for the countries of a grid or for published areas."""

    row: Index  # (s, p): the row of the table; -1 where it has none
    # (s, p): the counts; missing where the table has no row, 0 where a count does not apply.
    counts: Ranges
    suppressed: Mask  # (s, p): suppressed counts, also "fewer than n"
    absent: Mask  # (s, p): where a count does not apply

    @property
    def present(self) -> Mask:
        """Where the table has a row."""
        present: Mask = self.row >= 0
        return present

    def take(self, index: Any) -> "CountCells":
        """Return the counts at an index."""
        return CountCells(
            row=self.row[index],
            counts=self.counts[index],
            suppressed=self.suppressed[index],
            absent=self.absent[index],
        )


@frozen(kw_only=True, eq=False)
class Countries:
    """The countries of each number, and their counts."""

    cells: CountCells  # (s, p): the counts
    # The first entry of each number, and the number of each entry.
    start: Index
    number: Index
    member: Coded[str]  # The country of each entry

    def any(self, mask: Mask) -> Mask:
        """Return the numbers with a country of a property."""
        return any_of(mask, self.start)

    @property
    def listed(self) -> Mask:
        """The cells with a row for any country of a number, shape (s, n)."""
        return self.any(self.cells.present)


def countries_of(grid: PanelGrid, cells: CountCells) -> Countries:
    """Return the countries with applicable counts."""
    start, number, member = grid.start, grid.number, grid.member
    if cells.absent.any():
        nothing = cells.absent.any(axis=0) & (cells.absent | ~cells.present).all(axis=0)
        applies = ~(cells.absent[0] | nothing)
        kept = np.flatnonzero(applies)
        start = np.concatenate([[0], np.cumsum(applies)])[start]
        cells, number, member = cells.take((slice(None), kept)), number[kept], member.take(kept)
    return Countries(cells=cells, start=start, number=number, member=member)


def unanswered_in(table: CountTable, cells: CountCells) -> NDArray[np.float64] | None:
    """Return the cases without an answer for each count."""
    further = table.columns.numbers.unanswered
    if further is None or not len(further):
        return None
    documented = cells.present & (further[cells.row] >= 0)
    return np.where(documented, further[cells.row], np.nan)


class CountReader:
    """Reader of counts of a grid.

    Parameters
    ----------
    grid : PanelGrid
        The numbers.
    free : sequence of str
        The breakdowns with several categories.
    within : mapping of str to str
        Categories of other breakdowns; by default their total.
    """

    def __init__(self, grid: PanelGrid, free: Sequence[str], within: Mapping[str, str]) -> None:
        self.grid = grid
        self.table: CountTable = grid.table
        self.free: tuple[str, ...] = tuple(free)
        axes = (*self.free, *grid.breakdowns, *grid.attributes, "area", "period")
        self.index = index_of(self.table.columns, axes, within)

    def rows(self, codes: Mapping[str, Any]) -> tuple[Index, Mask]:
        """Return the row at each position, and the positions with several rows."""
        index = self.index
        keys: Any = np.zeros((), dtype=np.int64)
        for name, size in zip(index.axes, index.sizes, strict=True):
            own = np.asarray(codes[name])
            keys = keys * size + np.where(own < 0, size - 1, own)
        several = np.zeros(keys.shape, dtype=np.bool_)
        if len(index.repeated):
            several = np.isin(keys, index.repeated)
        if index.dense is not None:
            return index.dense[keys], several
        if not len(index.positions):
            return np.full(keys.shape, -1, dtype=np.intp), several
        at = np.minimum(np.searchsorted(index.positions, keys), len(index.positions) - 1)
        return np.where(index.positions[at] == keys, index.rows[at], -1), several

    def read(
        self, words: Sequence[Mapping[str, str]], *, printed: bool = False, window: int = 0
    ) -> tuple[CountCells, Mask]:
        """Return the counts of some categories, and the numbers with repeated keys."""
        grid, columns = self.grid, self.table.columns
        number = np.arange(len(grid)) if printed else grid.number
        fixed = {
            "area": grid.printed if printed else grid.row_area,
            "period": grid.period[window][number],
            **{name: codes[number] for name, codes in grid.attributes.items()},
        }
        codes = {}
        for name in (*self.free, *grid.breakdowns):
            positions = {word: i for i, word in enumerate(columns[name].categories)}
            named = [[positions.get(own[name], -1)] if name in own else None for own in words]
            if name in self.free or None not in named:
                codes[name] = np.array(named, dtype=np.intp)
                continue
            own_codes = grid.breakdowns[name][number]
            codes[name] = np.stack(
                [own_codes if own is None else np.full(len(number), own[0]) for own in named]
            )
        row, several = self.rows({**fixed, **codes})
        shape = (len(words), len(number))
        row, several = np.broadcast_to(row, shape), np.broadcast_to(several, shape)
        result: Mask = np.asarray(several.any(axis=0))
        return self._cells(row), result

    def _cells(self, row: Index) -> CountCells:
        numbers = self.table.columns.numbers
        there = row >= 0
        reason = np.where(there, numbers.reason[row], 255) if len(numbers.reason) else row
        absent = there & (reason == _ABSENT)
        return CountCells(
            row=row,
            counts=numbers.ranges(row),
            suppressed=there & _IS_SUPPRESSED[reason],
            absent=absent,
        )

    def conflicting(self, cells: CountCells) -> Mask:
        """Return the counts with several values in the source."""
        reason = self.table.columns.numbers.reason[cells.row]
        return np.asarray(cells.present & (reason == Reason.CONFLICTING.severity))

    def kinds(
        self, cells: Sequence[CountCells], number: Sequence[Index]
    ) -> tuple[Coded[Any], Mask]:
        """Return the kind of count of each number, and the numbers with several kinds."""
        size, kind = len(self.grid), self.index.kind
        codes = np.zeros(size, dtype=np.intp)
        several = np.zeros(size, dtype=np.bool_)
        if kind is not None:
            largest = np.full(size, -1, dtype=np.intp)
            smallest = np.full(size, np.iinfo(np.intp).max, dtype=np.intp)
            for own, at in zip(cells, number, strict=True):
                result = np.where(own.present, kind[own.row], -1)
                least = np.where(own.present, kind[own.row], np.iinfo(np.intp).max)
                np.maximum.at(largest, at, result.max(axis=0, initial=-1))
                np.minimum.at(smallest, at, least.min(axis=0, initial=np.iinfo(np.intp).max))
            several = (largest >= 0) & (smallest < largest)
            codes = np.maximum(largest, 0)
        elif not self.grid.attributes:
            return Coded.constant(self._count_kind(0), size), several
        columns, key = [codes, *self.grid.attributes.values()], np.zeros(size, dtype=np.int64)
        for column in columns:
            key = key * (int(column.max(initial=0)) + 2) + column + 1
        _, rows, inverse = np.unique(key, return_index=True, return_inverse=True)
        kinds = [self._count_kind(*(int(column[row]) for column in columns)) for row in rows]
        return Coded(inverse, kinds), several

    def _count_kind(self, *codes: int) -> CountKind:
        known = self.index.count_kinds
        if codes not in known:
            known[codes] = self._new_count_kind(*codes)
        return known[codes]

    def _new_count_kind(self, code: int, *attributes: int) -> CountKind:
        columns = self.table.columns
        schema = columns.schema
        named = dict(zip(self.grid.attributes, attributes, strict=True))
        result = []
        for dimension in schema.dimensions:
            name = dimension.name
            if dimension.total is not None or name in ("area", "period"):
                continue
            categories = columns[name].categories
            if name in named:
                result.append((name, categories[named[name]] if named[name] >= 0 else "not_stated"))
            elif name in self.index.open_names:
                result.append((name, categories[columns[name].codes[self.index.first[code]]]))
            else:
                result.append((name, categories[0]))
        return CountKind(self.table.kind, result)

    def flags(self, cells: Sequence[CountCells], number: Sequence[Index]) -> NDArray[np.uint32]:
        """Return the observation flags of each number."""
        flags: NDArray[np.uint32] = np.zeros(len(self.grid), dtype=np.uint32)
        column = self.table.flags
        for own, at in zip(cells, number, strict=True):
            result = np.where(own.present, column[own.row], 0).astype(np.uint32)
            np.bitwise_or.at(flags, at, np.bitwise_or.reduce(result, axis=0))
        return flags

    def sources(self, cells: Sequence[CountCells], number: Sequence[Index]) -> Coded[Any]:
        """Return the sources of each number."""
        origins, column = self.table.origins, self.table.origin
        size = len(self.grid)
        if len(origins) <= 1:
            here = np.zeros(size, dtype=np.bool_)
            for own, at in zip(cells, number, strict=True):
                here[at[own.present.any(axis=0)]] = True
            result = _ordered(origins[0].sources if origins else ())
            return Coded(here.astype(np.intp), [(), result])
        pairs = [np.zeros(0, dtype=np.int64)]
        for own, at in zip(cells, number, strict=True):
            code = column[own.row[own.present]].astype(np.int64)
            entry = np.broadcast_to(at, own.row.shape)[own.present]
            pairs.append(entry * len(origins) + code)
        entry, code = np.divmod(np.unique(np.concatenate(pairs)), len(origins))
        sources = Coded(code, [origin.sources for origin in origins])
        return sets_of(entry, sources, size).map(lambda own: _ordered(frozenset().union(*own)))

    def breaks(self) -> Coded[frozenset[tuple[str, str]]]:
        """Return the areas and periods of flagged breaks of each number."""
        flagged = np.flatnonzero(self.table.flags & _BREAK)
        if not len(flagged):
            return Coded.constant(frozenset(), len(self.grid))
        area, period = (self.table.columns[name].take(flagged) for name in ("area", "period"))
        pairs = set(zip(area, period, strict=True))
        places = {code: Area.parse(code) for code, _ in pairs}

        def concerns(code: str, own: Area) -> bool:
            place = places[code]
            return place == own or (len(place.members) == 1 and place.members <= own.members)

        return self.grid.area.map(
            lambda own: frozenset(pair for pair in pairs if concerns(pair[0], own))
        )


def _ordered(sources: Any) -> tuple[Source, ...]:
    return tuple(sorted(sources, key=lambda source: (source.title, source.section)))


def suppressions(
    cells: CountCells, number: Index, mask: Mask, areas: Coded[Any], size: int
) -> Suppressions:
    """Return the suppressed counts of each number."""
    hidden = cells.suppressed & mask
    per_entry = hidden.sum(axis=0)
    some = np.flatnonzero(per_entry)
    if not len(some):
        return Suppressions.none(size)
    count = np.zeros(size, dtype=np.intp)
    lower, upper = np.zeros(size, dtype=np.int64), np.zeros(size)
    np.add.at(count, number[some], per_entry[some])
    np.add.at(lower, number[some], np.where(hidden, cells.counts.lower, 0).sum(axis=0)[some])
    np.add.at(upper, number[some], np.where(hidden, cells.counts.upper, 0).sum(axis=0)[some])
    return Suppressions(
        cells=count,
        areas=sets_of(number[some], areas.take(some), size),
        counts=Ranges(lower, upper, np.ones(size)),
        narrowed=np.zeros(size, dtype=np.bool_),
    )


def sets_of(number: Index, names: Coded[Any], size: int) -> Coded[Any]:
    """Return a set of names for each number."""
    count = np.bincount(number, minlength=size)
    codes = np.zeros(size, dtype=np.intp)
    single = count == 1
    first = count.cumsum() - count
    codes[single] = names.positions[first[single]] + 1
    sets: list[frozenset[Any]] = [frozenset(), *(frozenset({name}) for name in names.categories)]
    index: dict[frozenset[Any], int] = {}
    for i in np.flatnonzero(count > 1).tolist():
        own = names.codes[first[i] : first[i] + count[i]]
        result = frozenset(names.categories[code] for code in own.tolist())
        codes[i] = index.setdefault(result, len(sets) + len(index))
    return Coded(codes, [*sets, *index])
