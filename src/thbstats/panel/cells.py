"""The counts of a table that the numbers of a grid read."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.panel.context import Suppressions
from thbstats.panel.grid import Grid
from thbstats.panel.kind import CountKind
from thbstats.records import Source
from thbstats.tables import CountTable
from thbstats.values import Reason, flag_mask

__all__ = ["Cells", "Reader", "unanswered_in"]

Mask = NDArray[np.bool_]
Index = NDArray[np.intp]

_SUPPRESSED = [reason.gravity for reason in (Reason.FEWER_THAN, Reason.SUPPRESSED)]
_ABSENT = Reason.NOT_APPLICABLE.gravity
_IS_SUPPRESSED = np.zeros(256, dtype=np.bool_)
_IS_SUPPRESSED[_SUPPRESSED] = True
_BREAK = flag_mask("b")
_DENSE = 20_000_000
"""Up to so many positions, rows are looked up in an array with one entry per position."""


@frozen(kw_only=True, eq=False)
class Cells:
    """Counts of some selections, for the countries of a grid or for published areas."""

    row: Index  # (s, p): the row of the table; -1 where it has none
    # (s, p): the counts; missing where the table has no row, 0 where a count does not apply.
    counts: Ranges
    suppressed: Mask  # (s, p): where the source suppresses a count or gives it as "fewer than n"
    absent: Mask  # (s, p): where a count does not apply

    @property
    def present(self) -> Mask:
        """Where the table has a row."""
        present: Mask = self.row >= 0
        return present

    def take(self, index: Any) -> "Cells":
        """Return some selections or entries."""
        return Cells(
            row=self.row[index],
            counts=self.counts[index],
            suppressed=self.suppressed[index],
            absent=self.absent[index],
        )


def unanswered_in(table: CountTable, cells: Cells) -> NDArray[np.float64] | None:
    """Return the further cases to which each count may apply, because they have no answer."""
    further = table.columns.numbers.unanswered
    if further is None or not len(further):
        return None
    documented = cells.present & (further[cells.row] >= 0)
    return np.where(documented, further[cells.row], np.nan)


class Reader:
    """Reads counts of a grid: one row of the table per position.

    Parameters
    ----------
    grid : Grid
        The numbers.
    free : sequence of str
        The breakdowns of which several categories are read.
    within : mapping of str to str
        Categories of other breakdowns; the rest is at the total.
    """

    def __init__(self, grid: Grid, free: Sequence[str], within: Mapping[str, str]) -> None:
        self.grid = grid
        self.table: CountTable = grid.table
        self.free: tuple[str, ...] = tuple(free)
        columns = self.table.columns
        schema = columns.schema
        axes = [*self.free, *grid.breakdowns, *grid.attributes, "area", "period"]
        chosen = np.ones(len(columns), dtype=np.bool_)
        for dimension in schema.dimensions:
            if dimension.total is None or dimension.name in axes:
                continue
            chosen &= _is(self.table, dimension.name, within.get(dimension.name, dimension.total))
        rows = np.flatnonzero(chosen)
        self.axes = axes
        self.sizes: list[int] = [len(columns[name].categories) + 1 for name in axes]
        keys = np.zeros(len(rows), dtype=np.int64)
        for name, size in zip(axes, self.sizes, strict=True):
            keys = keys * size + columns[name].codes[rows]
        self._store(keys, rows)
        self._kinds(rows, keys)

    def _store(self, keys: Index, rows: Index) -> None:
        cells = int(np.prod(self.sizes, dtype=object))
        if cells <= _DENSE:
            self._dense: Index | None = np.full(cells, -1, dtype=np.intp)
            self._dense[keys] = rows
            return
        order = np.argsort(keys, kind="stable")
        self._dense, self._sorted, self._rows = None, keys[order], rows[order]

    def _kinds(self, rows: Index, keys: Index) -> None:
        """Code the attributes that the question leaves open: a number has one of each."""
        columns = self.table.columns
        open_names = [
            dimension.name
            for dimension in columns.schema.dimensions
            if dimension.total is None
            and dimension.name not in ("area", "period", *self.grid.attributes)
            and len(columns[dimension.name].categories) > 1
        ]
        self.open_names = open_names
        self._kind: Index | None = None
        self._repeated: Index = np.zeros(0, dtype=np.intp)
        if not open_names:
            return
        code = np.zeros(len(columns), dtype=np.int64)
        for name in open_names:
            code = code * len(columns[name].categories) + columns[name].codes
        self._kind = np.unique(code, return_inverse=True)[1].astype(np.intp)
        values, counts = np.unique(keys, return_counts=True)
        self._repeated = values[counts > 1]

    def rows(self, codes: Mapping[str, Any]) -> tuple[Index, Mask]:
        """Return the row at each position, and where several rows have it."""
        keys: Any = np.zeros((), dtype=np.int64)
        for name, size in zip(self.axes, self.sizes, strict=True):
            own = np.asarray(codes[name])
            keys = keys * size + np.where(own < 0, size - 1, own)
        several = (
            np.isin(keys, self._repeated)
            if len(self._repeated)
            else np.zeros(keys.shape, dtype=np.bool_)
        )
        if self._dense is not None:
            return self._dense[keys], several
        if not len(self._sorted):
            return np.full(keys.shape, -1, dtype=np.intp), several
        at = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
        return np.where(self._sorted[at] == keys, self._rows[at], -1), several

    def read(
        self, words: Sequence[Mapping[str, str]], *, printed: bool = False, window: int = 0
    ) -> tuple[Cells, Mask]:
        """Return the counts of some categories, and the numbers with several rows for a key."""
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
        found: Mask = np.asarray(several.any(axis=0))
        return self._cells(row), found

    def _cells(self, row: Index) -> Cells:
        numbers = self.table.columns.numbers
        there = row >= 0
        reason = np.where(there, numbers.reason[row], 255) if len(numbers.reason) else row
        absent = there & (reason == _ABSENT)
        return Cells(
            row=row,
            counts=numbers.ranges(row),
            suppressed=there & _IS_SUPPRESSED[reason],
            absent=absent,
        )

    def conflicting(self, cells: Cells) -> Mask:
        """Return where the source gives several values for one count."""
        reason = self.table.columns.numbers.reason[cells.row]
        return np.asarray(cells.present & (reason == Reason.CONFLICTING.gravity))

    def kinds(self, cells: Sequence[Cells], number: Sequence[Index]) -> tuple[Coded[Any], Mask]:
        """Return the kind of count of each number, and where its counts are of several kinds."""
        size = len(self.grid)
        codes = np.zeros(size, dtype=np.intp)
        several = np.zeros(size, dtype=np.bool_)
        if self._kind is not None:
            largest = np.full(size, -1, dtype=np.intp)
            smallest = np.full(size, np.iinfo(np.intp).max, dtype=np.intp)
            for own, at in zip(cells, number, strict=True):
                found = np.where(own.present, self._kind[own.row], -1)
                least = np.where(own.present, self._kind[own.row], np.iinfo(np.intp).max)
                np.maximum.at(largest, at, found.max(axis=0, initial=-1))
                np.minimum.at(smallest, at, least.min(axis=0, initial=np.iinfo(np.intp).max))
            several = (largest >= 0) & (smallest < largest)
            codes = np.maximum(largest, 0)
        first = self._first_of_kind()
        attributes = [codes, *self.grid.attributes.values()]
        stacked = np.stack(attributes)
        found, inverse = np.unique(stacked, axis=1, return_inverse=True)
        kinds = [self._count_kind(first, int(own[0]), own[1:].tolist()) for own in found.T]
        return Coded(np.asarray(inverse).ravel(), kinds), several

    def _first_of_kind(self) -> Index:
        if self._kind is None:
            return np.zeros(1, dtype=np.intp)
        return np.unique(self._kind, return_index=True)[1]

    def _count_kind(self, first: Index, code: int, chosen: list[int]) -> CountKind:
        columns = self.table.columns
        schema = columns.schema
        named = dict(zip(self.grid.attributes, chosen, strict=True))
        found = []
        for dimension in schema.dimensions:
            name = dimension.name
            if dimension.total is not None or name in ("area", "period"):
                continue
            categories = columns[name].categories
            if name in named:
                found.append((name, categories[named[name]] if named[name] >= 0 else "not_stated"))
            elif name in self.open_names:
                found.append((name, categories[columns[name].codes[first[code]]]))
            else:
                found.append((name, categories[0]))
        return CountKind(self.table.kind, found)

    def flags(self, cells: Sequence[Cells], number: Sequence[Index]) -> NDArray[np.uint32]:
        """Return the observation flags of each number."""
        flags: NDArray[np.uint32] = np.zeros(len(self.grid), dtype=np.uint32)
        column = self.table.flags
        if not len(column) or not column.any():
            return flags
        for own, at in zip(cells, number, strict=True):
            found = np.where(own.present, column[own.row], 0).astype(np.uint32)
            np.bitwise_or.at(flags, at, np.bitwise_or.reduce(found, axis=0))
        return flags

    def sources(self, cells: Sequence[Cells], number: Sequence[Index]) -> Coded[Any]:
        """Return the sources of each number."""
        origins, column = self.table.origins, self.table.origin
        size = len(self.grid)
        if len(origins) <= 1:
            here = np.zeros(size, dtype=np.bool_)
            for own, at in zip(cells, number, strict=True):
                here[at[own.present.any(axis=0)]] = True
            found = _ordered(origins[0].sources if origins else ())
            return Coded(here.astype(np.intp), [(), found])
        pairs = []
        for own, at in zip(cells, number, strict=True):
            code = column[own.row[own.present]].astype(np.int64)
            entry = np.broadcast_to(at, own.row.shape)[own.present]
            pairs.append(np.unique(entry * len(origins) + code))
        both = np.unique(np.concatenate(pairs)) if pairs else np.zeros(0, dtype=np.int64)
        sets: dict[tuple[int, ...], int] = {(): 0}
        codes = np.zeros(size, dtype=np.intp)
        entry, code = both // len(origins), both % len(origins)
        if len(origins) <= 62:
            mask = np.zeros(size, dtype=np.int64)
            np.bitwise_or.at(mask, entry, np.int64(1) << code)
            values, codes = np.unique(mask, return_inverse=True)
            bits = [[i for i in range(len(origins)) if int(value) >> i & 1] for value in values]
        else:
            starts = np.searchsorted(entry, np.arange(size + 1))
            for i in range(size):
                own_codes = tuple(code[starts[i] : starts[i + 1]].tolist())
                codes[i] = sets.setdefault(own_codes, len(sets))
            bits = [list(own) for own in sets]
        united = [_ordered({source for i in own for source in origins[i].sources}) for own in bits]
        coded = Coded.of(united)
        return Coded(coded.codes[np.asarray(codes)], coded.categories)

    def breaks(self) -> Coded[frozenset[tuple[str, str]]]:
        """Return for each number the areas and periods at which the source flags a break."""
        flagged = np.flatnonzero(self.table.flags & _BREAK)
        if not len(flagged):
            return Coded.constant(frozenset(), len(self.grid))
        columns = self.table.columns
        area, period = columns["area"], columns["period"]
        from thbstats.geography import parse_area

        pairs = {
            (area.categories[area.codes[row]], period.categories[period.codes[row]])
            for row in np.asarray(flagged).tolist()
        }
        return self.grid.area.map(
            lambda own: frozenset(
                pair
                for pair in pairs
                if parse_area(pair[0]) == own
                or (
                    len(parse_area(pair[0]).members) == 1
                    and parse_area(pair[0]).members <= own.members
                )
            )
        )


def _is(table: CountTable, name: str, word: str) -> Mask:
    column = table.columns[name]
    if word not in column.categories:
        return np.zeros(len(table), dtype=np.bool_)
    if len(column.categories) == 1:
        return np.ones(len(table), dtype=np.bool_)
    return np.asarray(column.codes == column.categories.index(word))


def _ordered(sources: Any) -> tuple[Source, ...]:
    return tuple(sorted(sources, key=lambda source: (source.title, source.section)))


def suppressions(
    cells: Cells, number: Index, chosen: Mask, areas: Coded[Any], size: int
) -> Suppressions:
    """Return the suppressed counts of each number."""
    hidden = cells.suppressed & chosen
    per_entry = hidden.sum(axis=0)
    some = np.flatnonzero(per_entry)
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
        found = frozenset(names.categories[code] for code in own.tolist())
        codes[i] = index.setdefault(found, len(sets) + len(index))
    return Coded(codes, [*sets, *index])
