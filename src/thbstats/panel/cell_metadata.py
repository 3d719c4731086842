"""Attributes of the counts of numbers: kinds, sources, breaks, flags and reporting countries."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded, Index, Mask, Ranges
from thbstats.geography import Area
from thbstats.panel.cells import Cells
from thbstats.panel.context import Suppressions
from thbstats.panel.kind import CountKind
from thbstats.panel.row_index import breaks_of
from thbstats.records import Source
from thbstats.tables.encoding import groups, packed

_LARGEST = np.iinfo(np.intp).max


def flags_of(cells: Cells) -> NDArray[np.uint32]:
    """Return the observation flags of each number."""
    flags: NDArray[np.uint32] = np.zeros(len(cells.grid), dtype=np.uint32)
    column = cells.systems.columns.numbers.flags
    own = np.where(cells.row >= 0, column[cells.row], 0).astype(np.uint32)
    np.bitwise_or.at(flags, cells.number, np.bitwise_or.reduce(own, axis=0))
    return flags


def sources_of(cells: Cells) -> Coded[tuple[Source, ...]]:
    """Return the sources of each number."""
    columns, size = cells.systems.columns, len(cells.grid)
    origins = columns.origins
    if len(origins) <= 1:
        present = np.zeros(size, dtype=np.intp)
        present[cells.number[cells.present.any(axis=0)]] = 1
        return Coded(present, [(), _ordered(origins[0].sources if origins else ())])
    code = columns.origin[cells.row[cells.present]].astype(np.int64)
    number = np.broadcast_to(cells.number, cells.row.shape)[cells.present]
    number, code = np.divmod(np.unique(number * len(origins) + code), len(origins))
    sources = Coded(code, [origin.sources for origin in origins])
    return sets_of(number, sources, size).map(lambda own: _ordered(frozenset().union(*own)))


def flagged_breaks(cells: Cells) -> Coded[frozenset[tuple[str, str]]]:
    """Return the areas and periods of flagged breaks of each number."""
    grid = cells.grid
    breaks = breaks_of(grid.table.columns, tuple(grid.attributes))
    if not breaks:
        return Coded.constant(frozenset(), len(grid))

    def concerns(area: Area, own: Area) -> bool:
        return area == own or (len(area.members) == 1 and area.members <= own.members)

    def pairs_of(own: Area, words: tuple[str, ...]) -> frozenset[tuple[str, str]]:
        return frozenset(
            pair for area, pair, listed in breaks if listed == words and concerns(area, own)
        )

    attributes: Coded[Any] = Coded.constant((), len(grid))
    for name in grid.attributes:
        attributes = attributes.combine(grid.keys[name], lambda words, own: (*words, own))
    return grid.area.combine(attributes, pairs_of)


def count_kinds(cells: Cells) -> tuple[Coded[CountKind], Mask]:
    """Return the kind of count of each number, and the numbers with several kinds."""
    size, kind, attributes = len(cells.grid), cells.index.kind, cells.grid.attributes
    codes, several = np.zeros(size, dtype=np.intp), np.zeros(size, dtype=np.bool_)
    if kind is not None:
        largest, least = np.full(size, -1), np.full(size, _LARGEST)
        own = np.where(cells.present, kind[cells.row], -1).max(axis=0, initial=-1)
        np.maximum.at(largest, cells.number, own)
        own = np.where(cells.present, kind[cells.row], _LARGEST).min(axis=0, initial=_LARGEST)
        np.minimum.at(least, cells.number, own)
        several, codes = (largest >= 0) & (least < largest), np.maximum(largest, 0)
    elif not attributes:
        return Coded.constant(_count_kind(cells, 0), size), several
    columns = [codes, *attributes.values()]
    # A code of -1 is one of no row.
    parts = [(own + 1, int(own.max(initial=0)) + 2) for own in columns]
    inverse, rows = groups(packed(parts, size))
    kinds = [_count_kind(cells, *(int(column[row]) for column in columns)) for row in rows]
    return Coded(inverse, kinds), several


def _count_kind(cells: Cells, *codes: int) -> CountKind:
    index, columns = cells.index, cells.systems.columns
    if codes in index.count_kinds:
        return index.count_kinds[codes]
    named = dict(zip(cells.grid.attributes, codes[1:], strict=True))
    pairs = []
    for dimension in columns.schema.dimensions:
        name = dimension.name
        if dimension.total is not None or name in ("area", "period"):
            continue
        column, code = columns[name], named.get(name, 0)
        if name in index.open_names:
            code = column.positions[index.first[codes[0]]]
        pairs.append((name, column.categories[code] if code >= 0 else "not_stated"))
    return index.count_kinds.setdefault(codes, CountKind(cells.grid.table.kind, pairs))


def suppressions_of(cells: Cells, mask: Mask) -> Suppressions:
    """Return the suppressed counts of each number among the counts of a mask, shape (s, e)."""
    size, hidden = len(cells.grid), cells.suppressed & mask
    count = hidden.sum(axis=0)
    some = np.flatnonzero(count)
    if not len(some):
        return Suppressions.none(size)
    number = cells.number[some]
    lower, upper = np.zeros(size, dtype=np.int64), np.zeros(size)
    np.add.at(lower, number, np.where(hidden, cells.counts.lower, 0).sum(axis=0)[some])
    np.add.at(upper, number, np.where(hidden, cells.counts.upper, 0).sum(axis=0)[some])
    return Suppressions(
        cells=np.bincount(number, count[some], size).astype(np.intp),
        areas=sets_of(number, cells.name.take(some), size),
        counts=Ranges(lower, upper, np.ones(size)),
        narrowed=np.zeros(size, dtype=np.bool_),
    )


def _documented(cells: Cells) -> dict[int, tuple[frozenset[str] | None, int | None]]:
    """Return the documented countries in the published counts of each number, and their number."""
    origins, column = cells.systems.columns.origins, cells.systems.columns.origin
    codes: dict[int, list[set[int]]] = {}  # by number, one set per period
    for i, rows in zip(cells.area.tolist(), cells.row[:, cells.areas].T, strict=True):
        codes.setdefault(i, []).append(set(column[rows[rows >= 0]].tolist()))
    result: dict[int, tuple[frozenset[str] | None, int | None]] = {}
    for i, periods in codes.items():
        own = [origins[code] for code in sorted(set().union(*periods))]
        lists = [origin.reporters for origin in own if origin.reporters is not None]
        if own and len(lists) == len(own):
            shared = frozenset.intersection(*lists)
            result[i] = shared, len(shared)
        else:
            # As many countries in each of several periods can be other countries, except for all.
            numbers, every = {origin.n_reporters for origin in own}, len(cells.grid.area[i].members)
            is_same = len(numbers) == 1 and (len(periods) == 1 or numbers == {every})
            result[i] = None, numbers.pop() if is_same else None
    return result


def same_countries(counts: Iterable[tuple[Cells, Index]], size: int) -> Mask:
    """Return the numbers whose published counts are documented to have the same countries, (n,).

    `counts` has cells of n numbers, and the selections to compare. Counts without documented
    countries are left out. If only the number of countries is documented, they are those of other
    counts of the same origin, or all.
    """
    countries: list[set[object]] = [set() for _ in range(size)]
    for cells, selections in counts:
        origins, column = cells.systems.columns.origins, cells.systems.columns.origin
        if all(origin.n_reporters is None for origin in origins):
            continue
        rows = cells.row[selections][:, cells.areas]
        for i, own in zip(cells.area.tolist(), rows.T, strict=True):
            members = cells.grid.area[i].members
            for origin in {origins[code] for code in column[own[own >= 0]].tolist()}:
                known = members if origin.reporters is None else members & origin.reporters
                if origin.n_reporters is not None:
                    countries[i].add(origin if origin.n_reporters < len(known) else known)
    return np.array([len(own) <= 1 for own in countries], np.bool_)


def all_reported(cells: Cells) -> Mask:
    """Return the numbers whose published counts are documented to include all countries."""
    area = cells.grid.area
    listed = [count == len(area[i].members) for i, (_, count) in _documented(cells).items()]
    return cells.expand(np.array(listed, np.bool_))


def coverage_of(
    cells: Cells, row: Index, names: Coded[str], from_area: Mask, number: Index
) -> tuple[Coded[Any], Index]:
    """Return the reporting countries of each value and their number; -1 if not documented.

    `row` has the value to which each name belongs, `number` the number of each value.
    """
    reporters = sets_of(row, names, len(number))
    count = np.bincount(row, minlength=len(number))
    if not from_area.any():
        return reporters, count
    documented, listed = _documented(cells), list(reporters)
    for i in np.flatnonzero(from_area).tolist():
        listed[i], size = documented[int(number[i])]
        count[i] = -1 if size is None else size
    return Coded.from_values(listed), count


def _ordered(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(sorted(sources, key=lambda source: (source.title, source.section)))


def sets_of(number: Index, names: Coded[Any], size: int) -> Coded[Any]:
    """Return a set of names for each number."""
    if size == 1:
        return Coded.constant(frozenset(names), 1)
    if (number[1:] < number[:-1]).any():
        order = np.argsort(number, kind="stable")
        number, names = number[order], names.take(order)
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
