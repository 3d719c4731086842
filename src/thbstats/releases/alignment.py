"""Cells of several releases, aligned on all dimensions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded
from thbstats.errors import InvalidValue, did_you_mean
from thbstats.exchange import Reading
from thbstats.geography.subdivisions import country_of
from thbstats.records import Dimension
from thbstats.tables import CountTable, Dataset, require_table
from thbstats.tables.keys import Keys, pack
from thbstats.values import Period, Reason

Release = CountTable | Dataset | Reading
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]

ABSENT, BLANK, KNOWN, SUPPRESSED, INTERVAL, REPEATED = range(6)
"""The states of a cell in a release."""

_STATE_OF_REASON = {
    **dict.fromkeys((Reason.FEWER_THAN, Reason.SUPPRESSED), SUPPRESSED),
    **dict.fromkeys((Reason.ROUNDED, Reason.WIDER_CATEGORY), INTERVAL),
    Reason.KNOWN: KNOWN,
    Reason.CONFLICTING: REPEATED,
}
_STATES = np.array([_STATE_OF_REASON.get(reason, BLANK) for reason in Reason], dtype=np.int8)
DAYS_OF_MONTH = 30.4
_DENSE = 1 << 26
"""The number of keys up to which an array with one entry for each key is fast."""


@frozen(eq=False, kw_only=True, slots=False)
class Alignment:
    """Cells of all releases; the arrays have one row for each release.

    Parameters
    ----------
    names : tuple of str
        The name of each release: its day, or its position.
    given : tuple of CountTable or Dataset
        The releases.
    dimensions : mapping of str to Dimension
        The dimensions of all tables.
    keys : mapping of str to Coded
        The categories of each cell, with the kind of table as ``kind``.
    state, lower, upper : array, shape (releases, cells)
        The state of each cell and its bounds; 0 to ``inf`` without a figure.
    """

    names: tuple[str, ...]
    given: tuple[Any, ...]
    dimensions: Mapping[str, Dimension]
    keys: Mapping[str, Coded[str]]
    state: NDArray[np.int8]
    lower: NDArray[np.int64]
    upper: NDArray[np.float64]

    def __len__(self) -> int:
        return self.state.shape[1]

    @cached_property
    def varying(self) -> tuple[str, ...]:
        """Area, period and the other dimensions with several categories."""
        several = (name for name, column in self.keys.items() if len(column.categories) > 1)
        return tuple(dict.fromkeys(("area", "period", *several)))

    @cached_property
    def is_wide(self) -> Mask:
        """The cells of periods that contain other periods of the releases."""
        column = self.keys["period"]
        periods = [Period.parse(code) for code in column.categories]
        wide = [any(own != part and own.covers(part) for part in periods) for own in periods]
        return np.array(wide, dtype=np.bool_)[column.codes]

    def keys_without(self, name: str, cells: Rows) -> Keys:
        """Return the keys of cells in all dimensions but one."""
        columns = [column.take(cells) for other, column in self.keys.items() if other != name]
        return pack(columns, len(cells))

    def others(self, name: str, cells: Rows) -> NDArray[np.int64]:
        """Return a code for the categories of each cell in all dimensions but one."""
        return self.keys_without(name, cells).values.astype(np.int64)

    def neighbours(self, name: str, cells: Rows, step: int, exists: Mask) -> Rows:
        """Return the cell of the next category of a dimension, or -1.

        Without a dimension, it is the next row of the first release.
        """
        if not name:
            order = np.flatnonzero(exists)
            place = np.searchsorted(order, cells) + step
            inside = (place >= 0) & (place < len(order))
            return np.where(inside, order[np.clip(place, 0, len(order) - 1)], -1)
        keys, strides = self._ordered_keys
        size, number = len(self.keys[name].categories), self.position(name, cells) + step
        wanted = np.where((number >= 0) & (number < size), keys[cells] + step * strides[name], -1)
        if self._cells_by_key is not None:
            place = self._cells_by_key[wanted]
        else:
            order = np.argsort(keys)
            place = order[np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)]
            place = np.where(keys[place] == wanted, place, -1)
        return np.where((place >= 0) & (wanted >= 0) & exists[place], place, -1)

    @cached_property
    def _ordered_keys(self) -> tuple[NDArray[np.int64], dict[str, int]]:
        """The key of each cell from the positions of its categories, and the step of each."""
        keys, strides, radix = np.zeros(len(self), dtype=np.int64), {}, 1
        every = np.arange(len(self))
        for name, column in self.keys.items():
            if len(column.categories) > 1:
                keys += radix * self.position(name, every)
                strides[name], radix = radix, radix * len(column.categories)
        return keys, strides

    @cached_property
    def _cells_by_key(self) -> NDArray[np.int32] | None:
        """The cell of each key, if an array of all keys is cheap."""
        keys = self._ordered_keys[0]
        if int(keys.max(initial=0)) >= _DENSE:
            return None
        places = np.full(int(keys.max(initial=0)) + 2, -1, dtype=np.int32)
        places[keys] = np.arange(len(keys))
        return places

    def position(self, name: str, cells: Rows) -> NDArray[np.int64]:
        """Return the position of each cell in the order of a dimension."""
        codes, dimension = self.keys[name].categories, self.dimensions.get(name)
        known = [code for code in codes if code]
        if name == "period":  # quarters after quarters, and years after years
            known.sort(key=_length_and_start)
        elif dimension is not None and dimension.content == "codes":
            listed = [str(code) for code in dimension.vocabulary or ()]
            known.sort(key=lambda code: listed.index(code) if code in listed else len(listed))
        elif dimension is not None:
            known.sort(key=dimension.sort_key)
        table = np.array([known.index(code) if code else len(known) for code in codes])
        return table[self.keys[name].positions[cells]]

    def describe(self, cells: Rows, without: str = "") -> str:
        """Return the categories that all cells have, without totals and defaults, as text."""
        texts = []
        for name in self.varying:
            column, dimension = self.keys[name], self.dimensions.get(name)
            codes = np.unique(column.codes[cells])
            code = column.categories[codes[0]] if len(codes) == 1 and name != without else ""
            if code not in ("", None if dimension is None else dimension.default):
                texts.append(code.replace("_", " "))
        return ", ".join(texts) or "all cells"


def _length_and_start(code: str) -> tuple[int, str]:
    period = Period.parse(code)
    return round((period.days or 0) / DAYS_OF_MONTH), str(period.start)


def tables_of(release: object, field: str) -> dict[str, CountTable]:
    """Return the tables of a release by kind."""
    data = release.data if isinstance(release, Reading) else release
    tables = data.tables() if isinstance(data, Dataset) else [require_table(data, field)]
    return {table.kind: table for table in tables}


def release_day(tables: Mapping[str, CountTable]) -> date | None:
    """Return the last day of publication that the sources of tables state."""
    days = (source.published for table in tables.values() for source in table.sources)
    return max((day for day in days if day is not None), default=None)


def align(
    given: Sequence[object],
    releases: Sequence[Mapping[str, CountTable]],
    names: Sequence[str],
    ignored: Collection[str] = (),
    match: Mapping[str, str] | None = None,
) -> Alignment:
    """Return the aligned cells of releases, in their order.

    Attributes that are ignored must be constant in each release. ``match`` has the dimensions of
    the last release that correspond to other dimensions of the first.
    """
    shared = set(releases[0]).intersection(*releases[1:])
    if not shared:
        raise InvalidValue(
            "must be tables of one kind",
            field="releases",
            value=" and ".join(", ".join(own) or "no table" for own in releases),
            hint="Pass releases of the same statistic",
        )
    dimensions: dict[str, Dimension] = {}
    for own in releases:
        for table in own.values():
            dimensions |= {item.name: item for item in table.columns.schema.dimensions}
    parts: dict[str, list[Coded[str]]] = {name: [] for name in dict.fromkeys(("kind", *dimensions))}
    sizes = [sum(map(len, own.values())) for own in releases]
    for number, own in enumerate(releases):
        matched = match if match and number == len(releases) - 1 else {}
        for kind, table in own.items():
            for name, columns in parts.items():
                code = kind if name == "kind" else dimensions[name].default or ""
                source = matched.get(name, "" if name in matched.values() else name)
                has_column = source in table.dimensions and name not in ignored
                column = table.columns[source] if has_column else Coded.constant(code, len(table))
                columns.append(column)
    keys = {name: Coded.concat(columns) for name, columns in parts.items()}
    ends = np.cumsum(sizes)
    _check_common(keys, ends, dimensions)
    rows, first = _matched(pack(keys.values(), int(ends[-1])), ends)
    shape = (len(releases), len(first))
    state, lower = np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=np.int64)
    upper = np.full(shape, np.inf)
    for number, own in enumerate(releases):
        for table in own.values():
            numbers = table.columns.numbers
            cells, rows[number] = np.split(rows[number], [len(table)])
            states = _STATES[numbers.reason]
            is_point = (numbers.lower == numbers.upper) & np.isin(states, (SUPPRESSED, INTERVAL))
            states[is_point] = KNOWN
            state[number, cells], lower[number, cells] = states, numbers.lower
            upper[number, cells] = numbers.upper
        lower[number][state[number] == BLANK] = 0
        upper[number][state[number] == BLANK] = np.inf
    return Alignment(
        names=tuple(names),
        given=tuple(given),
        dimensions=dimensions,
        keys={name: column.take(first) for name, column in keys.items()},
        state=state,
        lower=lower,
        upper=upper,
    )


def _matched(keys: Keys, ends: NDArray[np.intp]) -> tuple[list[Rows], Rows]:
    """Return the cell of each row by release, and the first row of each cell."""
    values = keys.values
    union, first = values[: ends[0]], [np.arange(ends[0])]
    rows = [first[0]]
    for start, end in zip(ends, ends[1:], strict=False):
        own = values[start:end]
        if np.array_equal(own, union):  # the usual case of a series: the same rows again
            rows.append(np.arange(len(own)))
            continue
        if keys.cells <= _DENSE:
            places = np.full(keys.cells, -1, dtype=np.int32)
            places[union] = np.arange(len(union))
            cells = places[own].astype(np.intp)
        else:
            cells = pd.Index(union).get_indexer(pd.Index(own))
        new = np.flatnonzero(cells < 0)
        cells[new] = len(union) + np.arange(len(new))
        union = np.concatenate([union, own[new]])
        first.append(start + new)
        rows.append(cells)
    return rows, np.concatenate(first)


def _check_common(
    keys: Mapping[str, Coded[str]], ends: NDArray[np.intp], dimensions: Mapping[str, Dimension]
) -> None:
    """Refuse releases without a common category in some dimension."""
    starts = [0, *ends[:-1].tolist()]
    for name, column in keys.items():
        if column.codes.strides == (0,):
            continue
        used = [
            {column.categories[code] for code in column.take(slice(start, end)).present}
            for start, end in zip(starts, ends.tolist(), strict=True)
        ]
        for before, after in zip(used, used[1:], strict=False):
            if before and after and before.isdisjoint(after):
                texts = [_listed(name, codes) for codes in (before, after)]
                nearest = did_you_mean(min(before), sorted(after))
                raise InvalidValue(
                    f"must have common cells: in `{name}` the first release has {texts[0]}, "
                    f"the second {texts[1]}",
                    field="releases",
                    hint=nearest
                    if nearest.startswith("Did")
                    else "Compare releases of the same statistic, or two sources with reconcile()",
                )


def _listed(name: str, codes: set[str]) -> str:
    if name == "area" and all(map(country_of, codes)):
        return f"sub-areas ({', '.join(sorted(codes)[:3])})"
    shown = ", ".join(code.replace("_", " ") for code in sorted(codes)[:3])
    return f"{shown} and {len(codes) - 3} more" if len(codes) > 3 else shown
