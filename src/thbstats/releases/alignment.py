"""Cells of several releases, aligned on all dimensions, and the outcome of each cell."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Mask
from thbstats.display import count
from thbstats.errors import InvalidValue, did_you_mean, require
from thbstats.files import Reading
from thbstats.geography.subdivisions import country_of
from thbstats.languages import Message, Plural, joined
from thbstats.records import Dimension
from thbstats.tables import CountTable, Dataset, require_table
from thbstats.tables.encoding import groups, pack
from thbstats.values import Period, Reason
from thbstats.vocabulary import code_text

Release = CountTable | Dataset | Reading
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
_DENSE = 1 << 26
"""The number of keys up to which an array with one entry for each key is fast."""


class CellChange(StrEnum):
    """Outcome of a cell between two releases.

    A *growing* cell is a period to which further sub-periods were added. A *repeated* cell has
    several values in one of the releases. Both are kept apart from revisions.
    """

    SAME = "same"
    REVISED = "revised"
    NARROWED = "narrowed"
    WIDENED = "widened"
    FIRST_PUBLISHED = "first_published"
    WITHDRAWN = "withdrawn"
    NEWLY_SUPPRESSED = "newly_suppressed"
    NO_LONGER_SUPPRESSED = "no_longer_suppressed"
    ZERO_TO_BLANK = "zero_to_blank"
    BLANK_TO_ZERO = "blank_to_zero"
    GROWING = "growing"
    REPEATED = "repeated"


CHANGES = tuple(CellChange)


@frozen(eq=False)
class _Side:
    """Some cells of one release, shape (n,)."""

    state: NDArray[np.int8]
    lower: NDArray[np.int64]
    upper: NDArray[np.float64]


@frozen(eq=False)
class _CellOrder:
    """Keys of cells in the order of the categories, shape (n,).

    The neighbour of a cell along a dimension has its key plus ``steps[dimension]``: with areas
    AT, BE and periods 2020, 2021 the keys are 0 for AT 2020, 1 for BE 2020 and 3 for AT 2021, so
    that 2 and 5 are free for a cell without an area. ``find`` returns the cells of keys, or -1.
    """

    keys: NDArray[np.int64]
    steps: Mapping[str, int]
    find: Callable[[Any], Rows]


@frozen(eq=False, kw_only=True, slots=False)
class Alignment:
    """Cells of all releases: categories, and states and bounds by release.

    ``complete`` has the last period that each release covers completely, if it is stated.
    """

    names: tuple[str, ...]
    data: tuple[Any, ...]
    complete: Sequence[Period | None]
    dimensions: Mapping[str, Dimension]
    keys: Mapping[str, Coded[str]]
    state: NDArray[np.int8]
    lower: NDArray[np.int64]
    upper: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.keys["period"])

    @cached_property
    def varying(self) -> tuple[str, ...]:
        """Area, period and the other dimensions with several categories."""
        several = (name for name, column in self.keys.items() if len(column.categories) > 1)
        return tuple(dict.fromkeys(("area", "period", *several)))

    @cached_property
    def periods(self) -> list[Period]:
        """The period of each category."""
        return [Period.parse(code) for code in self.keys["period"].categories]

    @cached_property
    def is_wide(self) -> Mask:
        """The cells whose period contains the period of a cell with the same other categories."""
        contains = [
            [bool(own != part and own.covers(part)) for part in self.periods]
            for own in self.periods
        ]
        return self.has_part("period", contains)

    def has_part(self, name: str, contains: Sequence[Sequence[bool]]) -> Mask:
        """Return the cells whose category contains the category of another, otherwise equal cell.

        ``contains`` states for each category of a dimension whether it contains each other one.
        """
        codes, inside = self.keys[name].positions, np.array(contains, dtype=np.bool_)
        result = np.zeros(len(self), dtype=np.bool_)
        if not inside.any():
            return result
        cells = np.flatnonzero(np.asarray(inside.any(axis=0) | inside.any(axis=1))[codes])
        codes, (group, first) = codes[cells], groups(self.without(name, cells))
        for whole in np.flatnonzero(inside.any(axis=1)):
            has_part, own = np.zeros(len(first), dtype=np.bool_), codes == whole
            has_part[group[inside[whole, codes]]] = True
            result[cells[own]] = has_part[group[own]]
        return result

    @cached_property
    def outcomes(self) -> NDArray[np.int8]:
        """The position in `CHANGES` of the outcome of each cell, from each release to the next."""
        result = np.zeros((len(self.names) - 1, len(self)), dtype=np.int8)
        for pair, outcome in enumerate(result):
            # Most cells are the same in both releases; a repeated key never is.
            differs = self.state[pair] == REPEATED
            for own in (self.state, self.lower, self.upper):
                differs |= own[pair] != own[pair + 1]
            cells = np.flatnonzero(differs)
            old, new = (
                _Side(*(own[release, cells] for own in (self.state, self.lower, self.upper)))
                for release in (pair, pair + 1)
            )
            was, now = old.state, new.state
            # The first condition that holds is the outcome.
            rules = {
                CellChange.SAME: (was <= BLANK) & (now <= BLANK),
                CellChange.REPEATED: (was == REPEATED) | (now == REPEATED),
                CellChange.BLANK_TO_ZERO: (was == BLANK) & (now == KNOWN) & (new.lower == 0),
                CellChange.ZERO_TO_BLANK: (was == KNOWN) & (old.lower == 0) & (now == BLANK),
                CellChange.FIRST_PUBLISHED: was <= BLANK,
                CellChange.WITHDRAWN: now <= BLANK,
                CellChange.NEWLY_SUPPRESSED: (now == SUPPRESSED) & (was != SUPPRESSED),
                CellChange.NO_LONGER_SUPPRESSED: (was == SUPPRESSED) & (now != SUPPRESSED),
                CellChange.GROWING: self._is_growing(pair, cells),
                CellChange.NARROWED: (new.lower >= old.lower) & (new.upper <= old.upper),
                CellChange.WIDENED: (new.lower <= old.lower) & (new.upper >= old.upper),
            }
            codes, revised = map(CHANGES.index, rules), CHANGES.index(CellChange.REVISED)
            outcome[cells] = np.select([*rules.values()], [*codes], revised)
        return result

    def has_outcome(self, pair: int, *changes: CellChange) -> Mask:
        """Return the cells with some outcomes from one release to the next."""
        return np.isin(self.outcomes[pair], list(map(CHANGES.index, changes)))

    def is_figure(self, pair: int) -> Mask:
        """Return the cells with figures in two consecutive releases, of narrow complete periods."""
        known: Mask = (self.state[pair : pair + 2] == KNOWN).all(axis=0)
        return known & ~self.is_wide & ~self.has_outcome(pair, CellChange.GROWING)

    def _is_growing(self, pair: int, cells: Rows) -> Mask:
        """Return the cells of periods that the older release did not cover completely.

        The newer release has further sub-periods, or the period ends after the last complete one:
        the year 2023 is growing if the older release has its first two quarters, 181 days of 365,
        and the newer one has three. Quarters and months of a year are counted apart.
        """
        column, last = self.keys["period"], self.complete[pair]
        codes, days = column.positions[cells], np.array([own.days or 0 for own in self.periods])
        result = np.zeros(len(cells), dtype=np.bool_)
        if last is not None and last.end is not None:
            late = [own.end is not None and own.end > last.end for own in self.periods]
            result |= np.array(late)[codes]
        for whole in np.unique(codes[self.is_wide[cells]]).tolist():
            period, own = self.periods[whole], np.flatnonzero(codes == whole)
            inside = [part != period and period.covers(part) for part in self.periods]
            lengths = np.where(inside, [months(part) for part in self.periods], -1)
            for length in np.unique(lengths[lengths >= 0]):
                inner = np.flatnonzero((lengths == length)[column.positions])
                group, first = groups(self.without("period", np.append(cells[own], inner)))
                owner, part_of = np.split(group, [len(own)])
                before, after = (
                    np.bincount(
                        part_of,
                        days[column.positions[inner]] * (self.state[release, inner] > BLANK),
                        minlength=len(first),
                    )[owner]
                    for release in (pair, pair + 1)
                )
                result[own] |= (before > 0) & (before < days[whole]) & (after > before)
        return result

    def without(self, name: str, cells: Rows) -> NDArray[np.int64]:
        """Return the keys of cells in all dimensions except one."""
        columns = [column.take(cells) for other, column in self.keys.items() if other != name]
        return pack(columns, len(cells))

    def groups_without(self, names: Iterable[str], cells: Rows) -> dict[str, tuple[Rows, Rows]]:
        """Return the groups of cells in all dimensions but each one, as `groups` does."""
        columns = {name: column.take(cells) for name, column in self.keys.items()}
        others = {name: [own for key, own in columns.items() if key != name] for name in names}
        return {name: groups(pack(others[name], len(cells))) for name in names}

    def position(self, name: str, cells: Rows | slice) -> NDArray[np.int64]:
        """Return the position of each cell in the order of a dimension.

        Quarters stand after quarters, and years after years.
        """
        codes, dimension = self.keys[name].categories, self.dimensions.get(name)
        known = [code for code in codes if code]
        if name == "period":
            known.sort(key=lambda code: (months(Period.parse(code)), code))
        elif dimension is not None:
            known.sort(key=dimension.sort_key)
        order = {code: position for position, code in enumerate(known)}
        positions = np.array([order.get(code, len(known)) for code in codes], dtype=np.int64)
        return positions[self.keys[name].take(cells).positions]

    @cached_property
    def _ordered(self) -> _CellOrder:
        keys, steps, radix = np.zeros(len(self), dtype=np.int64), {}, 1
        for name, column in self.keys.items():
            if len(column.categories) > 1:
                keys += radix * self.position(name, slice(None))
                steps[name], radix = radix, radix * (len(column.categories) + 1)
        return _CellOrder(keys, steps, _finder(keys, radix))

    def neighbour(self, name: str, cells: Rows, step: int) -> Rows:
        """Return the cell of the next or previous category for each cell, or -1."""
        order, size = self._ordered, len(self.keys[name].categories) + 1
        keys = order.keys[cells]
        number = keys // order.steps[name] % size + step
        return order.find(np.where(number < 0, -1, keys + step * order.steps[name]))

    def describe(self, cells: Rows, without: str = "") -> str:
        """Return the common categories of all cells as text, without totals and defaults."""
        texts = []
        for name in self.varying:
            column, dimension = self.keys[name], self.dimensions.get(name)
            codes = np.unique(column.codes[cells])
            code = column.categories[codes[0]] if len(codes) == 1 and name != without else ""
            if code not in ("", None if dimension is None else dimension.default):
                texts.append(code_text(code, name))
        return joined(texts, ", ") or Message("all cells")


def months(period: Period) -> int:
    """Return the length of a period in months, rounded; 0 if it is not stated."""
    return round((period.days or 0) / 30.4)


def tables_of(release: object, field: str) -> dict[str, CountTable]:
    """Return the tables of a release by kind."""
    data = release.data if isinstance(release, Reading) else release
    tables = [*data.tables()] if isinstance(data, Dataset) else [require_table(data, field)]
    hint = next(iter(rejected_rows(release, field)), "Pass a release with counts")
    require(tables, "must have a table of counts", hint, **{field: "no table"})
    return {table.kind: table for table in tables}


def rejected_rows(release: object, name: str) -> list[str]:
    """Return a sentence on each problem for which rows of a file are rejected."""
    if not isinstance(release, Reading):
        return []
    return [
        Plural(
            "{release}: {n} row of {file} is rejected and not compared ({message}: {texts}).",
            "{release}: {n} rows of {file} are rejected and not compared ({message}: {texts}).",
            len(own), n=count(len(own)), release=name, file=release.log.name, message=own.message,
            texts=", ".join([*own.texts][:5] or own.examples[:3]),
        )
        for own in release.log.problems if not own.used
    ]  # fmt: skip


def release_day(tables: Mapping[str, CountTable]) -> date | None:
    """Return the latest day of publication in the sources of tables."""
    days = (source.published for table in tables.values() for source in table.sources)
    return max((day for day in days if day is not None), default=None)


def align(
    data: Sequence[object],
    releases: Sequence[Mapping[str, CountTable]],
    names: Sequence[str],
    complete: Sequence[Period | None],
    *,
    ignored: Collection[str] = (),
    match: Mapping[str, str] | None = None,
) -> Alignment:
    """Return the aligned cells of releases, in their order.

    Attributes that are ignored must be constant in each release. ``match`` has the dimensions of
    the last release that correspond to other dimensions of the first.
    """
    if not set(releases[0]).intersection(*releases[1:]):
        raise InvalidValue(
            "must be tables of one kind",
            field="releases",
            value=" and ".join(", ".join(own) or "no table" for own in releases),
            hint="Pass releases of the same statistic",
        )
    dimensions = {
        item.name: item
        for own in releases
        for table in own.values()
        for item in table.columns.schema.dimensions
    }
    parts: dict[str, list[Coded[str]]] = {name: [] for name in dict.fromkeys(("kind", *dimensions))}
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
    ends = np.cumsum([sum(map(len, own.values())) for own in releases])
    _check_common(keys, ends)
    rows, first = _matched(pack(keys.values(), int(ends[-1])), ends)
    shape = (len(releases), len(first))
    state, lower = np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=np.int64)
    upper = np.full(shape, np.inf)
    for number, own in enumerate(releases):
        for table in own.values():
            cells, rows[number] = np.split(rows[number], [len(table)])
            states = _STATES[table.reason]
            is_point = (table.lower == table.upper) & np.isin(states, (SUPPRESSED, INTERVAL))
            states[is_point] = KNOWN
            if match and number == len(releases) - 1:  # the rows can have fewer keys
                states[np.bincount(cells)[cells] > 1] = REPEATED
            has_bounds = states > BLANK
            state[number, cells] = states
            lower[number, cells] = np.where(has_bounds, table.lower, 0)
            upper[number, cells] = np.where(has_bounds, table.upper, np.inf)
    # The rows of the first release are the first cells, and usually all cells.
    own_rows = first if len(first) > ends[0] else slice(len(first))
    own_keys = {name: column.take(own_rows) for name, column in keys.items()}
    return Alignment(
        names=tuple(names), data=tuple(data), complete=complete, dimensions=dimensions,
        keys=own_keys, state=state, lower=lower, upper=upper,
    )  # fmt: skip


def _finder(keys: NDArray[np.int64], size: int) -> Callable[[Any], Rows]:
    """Return a function that finds the positions of keys below a size; -1 stays -1."""
    if size > _DENSE:
        return pd.Index(keys).get_indexer
    positions = np.full(size + 1, -1, dtype=np.intp)
    positions[keys] = np.arange(len(keys))
    return positions.__getitem__


def _matched(keys: NDArray[np.int64], ends: NDArray[np.intp]) -> tuple[list[Rows], Rows]:
    """Return the cell of each row by release, and the first row of each cell."""
    size = int(keys.max(initial=-1)) + 1
    union, first = keys[: ends[0]], [np.arange(ends[0])]
    rows = [first[0]]
    for start, end in pairwise(ends):
        own = keys[start:end]
        if np.array_equal(own, union):  # the usual case of a series: the same rows again
            rows.append(np.arange(len(own)))
            continue
        cells = _finder(union, size)(own)
        new = np.flatnonzero(cells < 0)
        codes, added = pd.factorize(own[new])
        cells[new] = len(union) + codes
        union = np.concatenate([union, added])
        first.append(start + new[~pd.Index(own[new]).duplicated()])
        rows.append(cells)
    return rows, np.concatenate(first)


def _check_common(keys: Mapping[str, Coded[str]], ends: NDArray[np.intp]) -> None:
    """Refuse releases without a common category in some dimension."""
    for name, column in keys.items():
        parts = [column.take(slice(start, end)) for start, end in pairwise((0, *ends.tolist()))]
        for early, late in pairwise(parts):
            if not len(late) or (early.codes == late.codes[0]).any():
                continue  # the usual case
            before, after = ({own.categories[i] for i in own.present} for own in (early, late))
            if not (before and after and before.isdisjoint(after)):
                continue
            hint = "Pass releases of the same statistic, or two sources to reconcile()"
            wholes = [set(map(country_of, own)) for own in (before, after)]
            nearest = did_you_mean(min(before), sorted(after))
            if name == "area" and (wholes[0] & after or wholes[1] & before):
                hint = "Add up the sub-areas of each country"
            elif nearest.startswith("Did"):  # a code of the releases, not a list of codes
                hint = nearest
            raise InvalidValue(
                f"must have common cells; in `{name}`, the first has {listed_codes(before)} and "
                f"the second {listed_codes(after)}",
                field="releases",
                hint=hint,
            )


def listed_codes(codes: set[str]) -> str:
    """Return the first codes of a set as text."""
    shown, more = joined(map(code_text, sorted(codes)[:3]), ", "), len(codes) - 3
    if more > 0:
        shown = Message("{codes} and {n} more", codes=shown, n=more)
    is_part = all(map(country_of, codes))
    return Message("sub-areas ({codes})", codes=shown) if is_part else shown
