"""Index of the rows of a table, cached for further queries."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Index, Mask
from thbstats.errors import AmbiguousCell
from thbstats.geography import Area
from thbstats.panel.kind import CountKind
from thbstats.tables.columns import Columns
from thbstats.values import Period, flag_mask

_DENSE = 20_000_000
"""The largest number of positions for a look-up array with one entry per position."""

_CACHED, _CACHED_SIZE = 16, 1 << 20
"""The largest number of cached indexes per table, and of positions in each."""


class RowIndex:
    """The rows of a table by their position in the categories of some dimensions.

    All other dimensions with a total have one category.
    """

    def __init__(self, columns: Columns, axes: tuple[str, ...], within: Mapping[str, str]) -> None:
        chosen = np.ones(len(columns), dtype=np.bool_)
        self.open_names: list[str] = []  # The attributes without a selection
        for dimension in columns.schema.dimensions:
            name, categories = dimension.name, columns[dimension.name].categories
            if name in axes:
                continue
            if dimension.total is None:
                self.open_names += [name] * (len(categories) > 1)
                continue
            word = within.get(name, dimension.total)
            if categories != (word,):
                code = categories.index(word) if word in categories else -1
                chosen &= columns[name].codes == code
        rows = np.flatnonzero(chosen)
        # The dimensions of a position, with the number of categories, and one for all others.
        self.sizes: dict[str, int] = {name: len(columns[name].categories) + 1 for name in axes}
        keys = np.zeros(len(rows), dtype=np.int64)
        for name, size in self.sizes.items():
            keys = keys * size + columns[name].codes[rows]
        none = np.zeros(0, dtype=np.intp)
        # The row at each position; `None` where there are too many positions. Then the positions
        # in order, and the row of each.
        self.dense: Index | None = None
        cells, order = int(np.prod(list(self.sizes.values()), dtype=object)), none
        if cells <= _DENSE:
            self.dense = np.full(cells, -1, dtype=np.intp)
            self.dense[keys] = rows
        else:
            order = np.argsort(keys, kind="stable")
        self.positions: NDArray[np.int64] = keys[order]
        self.rows: NDArray[np.intp] = rows[order]
        # The combination of open attributes in each row of the table, and the first row of each;
        # `None` where there is only one. The positions with several rows.
        self.kind: Index | None = None
        self.first: Index = none
        self.repeated: NDArray[np.intp] = none
        if self.open_names:
            combined = np.zeros(len(columns), dtype=np.int64)
            for name in self.open_names:
                combined = combined * len(columns[name].categories) + columns[name].codes
            _, first, kind = np.unique(combined, return_index=True, return_inverse=True)
            self.first, self.kind = first, kind
            values, counts = np.unique(keys, return_counts=True)
            self.repeated = values[counts > 1]
        self.count_kinds: dict[tuple[int, ...], CountKind] = {}

    def find(self, codes: Mapping[str, Any]) -> tuple[Index, Mask]:
        """Return the row at each position, and the positions that have several rows."""
        keys: Any = np.zeros((), dtype=np.int64)
        for name, size in self.sizes.items():
            own = np.asarray(codes[name])
            keys = keys * size + np.where(own < 0, size - 1, own)
        several = np.isin(keys, self.repeated) if len(self.repeated) else np.zeros(keys.shape, "?")
        if self.dense is not None:
            return self.dense[keys], several
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
                "must not have two names for the same countries",
                field="area",
                value=f"{first}, {code}",
                hint=f"Select one with where(area={first!r})",
            )
        positions[members] = i
    return positions


_BREAK = flag_mask("b")

_BREAKS: WeakKeyDictionary[
    Columns, dict[tuple[str, ...], list[tuple[Area, tuple[str, str], tuple[str, ...]]]]
] = WeakKeyDictionary()


def breaks_of(
    columns: Columns, attributes: tuple[str, ...]
) -> list[tuple[Area, tuple[str, str], tuple[str, ...]]]:
    """Return the areas and periods of flagged breaks, and their attributes, cached."""
    known = _BREAKS.setdefault(columns, {})
    if attributes not in known:
        flagged = np.flatnonzero(columns.numbers.flags & _BREAK)
        rows = zip(
            *(columns[name].take(flagged) for name in ("area", "period", *attributes)), strict=True
        )
        known[attributes] = [
            (Area.parse(area), (area, period), tuple(own)) for area, period, *own in {*rows}
        ]
    return known[attributes]


_INDEXES: WeakKeyDictionary[Columns, dict[object, RowIndex]] = WeakKeyDictionary()


def index_of(columns: Columns, axes: tuple[str, ...], within: Mapping[str, str]) -> RowIndex:
    """Return the index of rows with some categories of all other breakdowns, cached."""
    known = _INDEXES.setdefault(columns, {})
    key = (axes, tuple(within.items()))
    if key not in known:
        result = RowIndex(columns, axes, within)
        if result.dense is None or len(result.dense) > _CACHED_SIZE:
            return result
        if len(known) >= _CACHED:
            known.pop(next(iter(known)), None)
        known[key] = result
    return known[key]
