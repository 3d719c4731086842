"""Index of the rows of a table, cached for further queries."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.errors import AmbiguousCell
from thbstats.geography import Area
from thbstats.panel.kind import CountKind
from thbstats.tables.columns import Columns
from thbstats.values import Period, flag_mask

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

_DENSE = 20_000_000
"""The largest number of positions for a look-up array with one entry per position."""

_CACHED, _CACHED_SIZE = 16, 1 << 20
"""The largest number of cached indexes per table, and of positions in each."""


@frozen(kw_only=True, eq=False)
class RowIndex:
    """The rows of a table by their position in the categories of some dimensions."""

    axes: tuple[str, ...]  # The dimensions of a position
    sizes: tuple[int, ...]  # The number of categories of each, and one for all others
    dense: Index | None  # The row at each position; `None` where there are too many positions
    # Without `dense`: the positions in order, and the row of each.
    positions: Index
    rows: Index
    repeated: Index  # The positions with several rows
    open_names: tuple[str, ...]  # The attributes without a selection
    # The combination of these attributes in each row of the table, and the first row of each;
    # `None` where there is only one.
    kind: Index | None
    first: Index
    count_kinds: dict[tuple[int, ...], CountKind] = field(factory=dict)

    def find(self, codes: Mapping[str, Any]) -> tuple[Index, Mask]:
        """Return the row at each position, and the positions with several rows."""
        keys: Any = np.zeros((), dtype=np.int64)
        for name, size in zip(self.axes, self.sizes, strict=True):
            own = np.asarray(codes[name])
            keys = keys * size + np.where(own < 0, size - 1, own)
        several = np.isin(keys, self.repeated) if len(self.repeated) else np.zeros(keys.shape, "?")
        if self.dense is not None:
            return self.dense[keys], several
        if not len(self.positions):
            return np.full(keys.shape, -1, dtype=np.intp), several
        index = np.minimum(np.searchsorted(self.positions, keys), len(self.positions) - 1)
        return np.where(self.positions[index] == keys, self.rows[index], -1), several


@lru_cache(maxsize=64)
def period_positions(codes: tuple[str, ...]) -> Mapping[Period, int]:
    """Return the position of each period."""
    return {Period.parse(code): i for i, code in enumerate(codes)}


@lru_cache(maxsize=64)
def area_positions(codes: tuple[str, ...]) -> Mapping[frozenset[str], int]:
    """Return the position of each area by its countries."""
    positions: dict[frozenset[str], int] = {}
    for i, code in enumerate(codes):
        members = Area.parse(code).members
        if members in positions:
            first = codes[positions[members]]
            raise AmbiguousCell(
                "must have one name for each set of countries",
                field="area",
                value=f"{first}, {code}",
                hint=f"Select one with where(area={first!r})",
            )
        positions[members] = i
    return positions


_BREAK = flag_mask("b")

_BREAKS: WeakKeyDictionary[Columns, list[tuple[Area, tuple[str, str]]]] = WeakKeyDictionary()


def breaks_of(columns: Columns) -> list[tuple[Area, tuple[str, str]]]:
    """Return the areas and periods of flagged breaks, cached."""
    if columns not in _BREAKS:
        flagged = np.flatnonzero(columns.numbers.flags & _BREAK)
        rows = (columns[name].take(flagged) for name in ("area", "period"))
        _BREAKS[columns] = [(Area.parse(pair[0]), pair) for pair in {*zip(*rows, strict=True)}]
    return _BREAKS[columns]


_INDEXES: WeakKeyDictionary[Columns, dict[object, RowIndex]] = WeakKeyDictionary()


def index_of(columns: Columns, axes: tuple[str, ...], within: Mapping[str, str]) -> RowIndex:
    """Return the index of rows with some categories of all other breakdowns, cached."""
    known = _INDEXES.setdefault(columns, {})
    key = (axes, tuple(within.items()))
    if key not in known:
        result = _indexed(columns, axes, within)
        if result.dense is None or len(result.dense) > _CACHED_SIZE:
            return result
        if len(known) >= _CACHED:
            known.pop(next(iter(known)), None)
        known[key] = result
    return known[key]


def _indexed(columns: Columns, axes: tuple[str, ...], within: Mapping[str, str]) -> RowIndex:
    chosen = np.ones(len(columns), dtype=np.bool_)
    open_names = []
    for dimension in columns.schema.dimensions:
        name, categories = dimension.name, columns[dimension.name].categories
        if name in axes:
            continue
        if dimension.total is None:
            open_names += [name] * (len(categories) > 1)
            continue
        word = within.get(name, dimension.total)
        if categories != (word,):
            code = categories.index(word) if word in categories else -1
            chosen &= columns[name].codes == code
    rows = np.flatnonzero(chosen)
    sizes = tuple(len(columns[name].categories) + 1 for name in axes)
    keys = np.zeros(len(rows), dtype=np.int64)
    for name, size in zip(axes, sizes, strict=True):
        keys = keys * size + columns[name].codes[rows]
    none = np.zeros(0, dtype=np.intp)
    cells, dense, order = int(np.prod(sizes, dtype=object)), None, none
    if cells <= _DENSE:
        dense = np.full(cells, -1, dtype=np.intp)
        dense[keys] = rows
    else:
        order = np.argsort(keys, kind="stable")
    kind, first, repeated = None, none, none
    if open_names:
        combined = np.zeros(len(columns), dtype=np.int64)
        for name in open_names:
            combined = combined * len(columns[name].categories) + columns[name].codes
        _, first, kind = np.unique(combined, return_index=True, return_inverse=True)
        values, counts = np.unique(keys, return_counts=True)
        repeated = values[counts > 1]
    return RowIndex(
        axes=axes,
        sizes=sizes,
        dense=dense,
        positions=keys[order],
        rows=rows[order],
        repeated=repeated,
        open_names=tuple(open_names),
        kind=kind,
        first=first,
    )
