"""Systems of counts: the rows of each reporter and period, and what follows from all of them."""

from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Ranges
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.records import Dimension
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.keys import packed
from thbstats.values import Reason
from thbstats.vocabulary import CitizenshipGroup

Floats = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

UNKNOWN = "unknown"

COMPLETE = {"sex": ("female", "male"), "age": ("child", "adult")}
"""Dimensions in which each person has one category, and the categories that exist everywhere."""

SLIP_SHARE, SLIP_COUNT = 0.005, 10
"""An excess of the parts up to this share and this number of persons is a discrepancy."""

LEAVE_OUT = "leave_out"

READINGS = {
    LEAVE_OUT: "",
    "published": ", contradictory totals as published",
    "parts": ", contradictory totals as the sum of their parts",
}
"""The readings of a total that its parts exceed, and their words in the name of a number."""

COPIES = ("SAME_AS_VICTIMS",)
"""The findings of readers on rows that may be copies of other counts."""

_SWEEPS = 8
"""The largest number of sweeps. Each one narrows bounds, and none is needed for their validity."""

_LARGEST_KEY, _LONG = 2**62, 40

_KNOWN, _NOT_REPORTED = Reason.KNOWN.severity, Reason.NOT_REPORTED.severity
_CONFLICTING = Reason.CONFLICTING.severity
_MISSING = (Reason.BREAKDOWN_NOT_REPORTED.severity, Reason.NOT_REPORTED.severity)


def allowed_excess(total: Any) -> Any:
    """Return the largest excess of parts over a total that is a discrepancy."""
    return np.minimum(np.floor(SLIP_SHARE * np.where(np.isinf(total), 0, total)), SLIP_COUNT)


def count_text(lower: Any, upper: Any) -> str:
    """Return the bounds of a count as text."""
    if lower == upper:
        return f"{int(lower):,}"
    return f"{int(lower):,} or more" if np.isinf(upper) else f"{int(lower):,} to {int(upper):,}"


@frozen(eq=False, kw_only=True)
class Line:
    """The rows of a table as wholes and parts along one dimension, for r rows."""

    dimension: Dimension
    whole: Index  # (r,): the row of which each row is a part; -1 for a row of the total
    parts: Index  # (r,): the number of parts of each row
    low: Floats  # (r,): the least sum of the parts
    known: Floats  # (r,): the same without unknown
    high: Floats  # (r,): the largest sum of the parts; ``inf`` where another category can exist
    others: Floats  # (r,): the largest sum of the parts that have a row
    overlaps: Mask  # (r,): wholes whose parts overlap
    wrong: Mask  # (r,): wholes that their parts exceed, and these parts
    empty: Mask  # (r,): rows without a value that agrees with the other rows of the line

    @cached_property
    def children(self) -> tuple[Index, Index]:
        """The parts in the order of their wholes, and the first part of each row."""
        order = np.argsort(self.whole, kind="stable")
        return order, np.searchsorted(self.whole[order], np.arange(len(self.whole) + 1))

    def parts_of(self, row: int) -> list[int]:
        """Return the rows of the parts of a whole."""
        order, start = self.children
        return [int(own) for own in order[start[row] : start[row + 1]]]


@frozen(eq=False, kw_only=True)
class CountSystems:
    """The rows of a table, and rows that follow from them.

    Each reporter and period is one system: a row is the sum of its parts along each dimension that
    it does not list. `columns` has the rows of the table, then margins without a row. The bounds of
    counts that were not reported follow from all rows of the system; reported counts keep theirs.
    """

    columns: Columns
    size: int  # The number of rows of the table
    lines: Mapping[str, Line]  # By dimension with categories
    derived: Mask  # (r,): counts that follow from other rows and are no reported row
    implied: Ranges  # (r,): the bounds that follow, also for reported counts
    hull: Ranges  # (r,): the counts, and for contradictory totals the hull of both readings
    wrong: Mask  # (r,): counts that contradict others, in any way
    parts_above: Mask  # (r,): the former
    summed: Ranges  # (r,): for these the sum of their parts
    single: Mask  # (r,): rows of systems in which no row lists two dimensions
    cell: Index  # (r,): the same number for counts of all areas that differ in their area only
    below: Mask  # (r,): counts of areas that the counts of their members exceed

    def wrong_in(self, names: Iterable[str], outside: Iterable[str] = ()) -> Mask:
        """Return the rows that take part in a contradiction in some dimensions.

        Without `names`, they are all dimensions. In those of `outside`, only a part of a total
        that its own parts exceed counts. Rows without a value that agrees with all others are
        contradictory for a query of several dimensions.
        """
        chosen, excluded = set(names), set(outside)
        marks = [self.below]
        for name, line in self.lines.items():
            if chosen and name not in chosen:
                continue
            wrong = line.wrong & self._is_whole(line) if name in excluded else line.wrong
            marks.append(wrong | line.empty if len(chosen) > 1 else wrong)
        return np.asarray(np.any(marks, axis=0))

    def _is_whole(self, line: Line) -> Mask:
        """Return the rows within a total that their own parts exceed."""
        above = line.low > self.columns.numbers.upper
        return np.asarray((line.parts > 0) & above & (line.whole >= 0))

    def absent(self, name: str, whole: Index, words: Coded[str] | None = None) -> Ranges:
        """Return the counts of a category without a row, as a part of some rows.

        `whole` has the row of which it is a part; -1 without such a row. `words` is the category;
        its own parts count for it.
        """
        line, there = self.lines[name], whole >= 0
        own = np.where(there, whole, 0)
        inner = np.zeros(len(own))
        if words is not None:
            inner = np.where(there, self._parts_within(name, own, words), 0)
        certain = np.where(line.overlaps[own], 0, line.low[own] - inner)
        high = np.maximum(self.columns.numbers.upper[own] - certain, inner)
        high = np.where(there & ~line.wrong[own], high, np.inf)
        return Ranges(inner.astype(np.int64), high, high == inner)

    def _parts_within(self, name: str, whole: Index, words: Coded[str]) -> Floats:
        """Return the least sum of the parts of each whole that are parts of a category."""
        dimension, column, line = self.columns.schema[name], self.columns[name], self.lines[name]
        result = np.zeros(len(whole))
        for code in words.present:
            word = words.categories[code]
            inside = [
                i for i, own in enumerate(column.categories) if word in dimension.ancestors(own)
            ]
            if word == dimension.total or not inside:
                continue
            part = np.flatnonzero(np.isin(column.codes, inside) & (line.whole >= 0))
            sums = np.bincount(line.whole[part], self.implied.lower[part], len(self.columns))
            result = np.where(words.codes == code, sums[whole], result)
        return result

    def conflicts(self, rows: Iterable[int], names: Iterable[str]) -> list[str]:
        """Return the figures of the contradictions of some rows in some dimensions."""
        texts: dict[str, None] = {}
        every = set(names) or self.lines.keys()
        for row in rows:
            found = False
            for name, line in self.lines.items():
                if name not in every or not line.wrong[row]:
                    continue
                is_total = line.parts[row] and line.low[row] > self.columns.numbers.upper[row]
                whole = row if is_total else int(line.whole[row])
                texts[f"{name}: {self._figures(name, whole, line.parts_of(whole))}"] = None
                found = True
            if self.below[row]:
                texts[f"members: {self._figures('area', row, self._members(row))}"] = None
            elif not found:
                texts["counts of several dimensions"] = None
        return list(texts)

    def _members(self, row: int) -> list[int]:
        """Return the rows of the members of an area."""
        column = self.columns["area"]
        members = Area.parse(column[row]).members
        inside = column.table(lambda code: Area.parse(code).members < members, np.bool_)
        return [int(own) for own in np.flatnonzero(inside & (self.cell == self.cell[row]))]

    def _figures(self, name: str, whole: int, parts: list[int]) -> str:
        """Return the counts of a total and of its parts as text."""
        numbers, column = self.columns.numbers, self.columns[name]
        parts = sorted(parts, key=lambda row: int(column.positions[row]))
        known = [
            row
            for row in [whole, *parts]
            if row < self.size or self.derived[row] or self.implied.lower[row] > 0
        ]
        inside = [
            self.columns[other][whole]
            for other, line in self.lines.items()
            if other != name and line.whole[whole] >= 0
        ]
        text = ", ".join(
            f"{column[row]} {count_text(numbers.lower[row], numbers.upper[row])}" for row in known
        )
        return f"{', '.join([*inside, text])}".replace("_", " ")


@frozen(eq=False)
class _Rows:
    """Rows of a table with keys, which change with the category of a dimension."""

    columns: Columns
    categories: Mapping[str, tuple[str, ...]]  # Of the dimensions with categories
    strides: Mapping[str, int]
    codes: Mapping[str, Index]
    group: Index  # (r,): the reporter, period and attributes of each row
    keys: NDArray[np.int64]
    example: Index  # (r,): a row of the table with the same group

    @classmethod
    def of(cls, columns: Columns) -> "_Rows":
        """Return the rows of a table."""
        categories, others = {}, []
        for dimension in columns.schema.dimensions:
            name, column = dimension.name, columns[dimension.name]
            total, own = dimension.total, column.categories
            if total is not None and set(own) - {total}:
                always = (*COMPLETE[name], UNKNOWN) if name in COMPLETE else ()
                categories[name] = tuple(dict.fromkeys((*own, total, *always)))
            elif len(own) > 1:
                others.append((column.codes, len(own)))
        group = packed(others, len(columns)).values
        if len(others) > 1:
            group = np.unique(group, return_inverse=True)[1]
        group = group.astype(np.intp)
        codes = {name: columns[name].positions for name in categories}
        keys, strides, step = np.zeros(len(columns), np.int64), {}, 1
        for name, words in categories.items():
            strides[name] = step
            keys += codes[name] * step
            step *= len(words)
        if step * (int(group.max(initial=0)) + 1) >= _LARGEST_KEY:
            raise InvalidValue(
                "must have fewer combinations of categories",
                field="table",
                value=f"{len(categories)} dimensions with categories",
                hint="Select some dimensions with where(), or remove others with sum()",
            )
        example = np.arange(len(columns))
        return cls(columns, categories, strides, codes, group, keys + group * step, example)

    @cached_property
    def index(self) -> "pd.Index[Any]":
        """The rows by key."""
        return pd.Index(self.keys)

    def code(self, name: str, word: str | None) -> int:
        """Return the code of a category."""
        return self.categories[name].index(str(word))

    def total(self, name: str) -> int:
        """Return the code of the total."""
        return self.code(name, self.columns.schema[name].total)

    def moved(self, name: str, codes: Any, rows: Any = slice(None)) -> NDArray[np.int64]:
        """Return the keys of rows with another category."""
        return self.keys[rows] + (codes - self.codes[name][rows]) * self.strides[name]

    def with_category(self, name: str, codes: Any, rows: Index) -> "_Rows":
        """Return the rows with copies of some rows under another category, if no row has it."""
        keys = self.moved(name, codes, rows)
        fresh = np.flatnonzero(self.index.get_indexer(keys) < 0)
        if not len(fresh):
            return self
        fresh = fresh[np.unique(keys[fresh], return_index=True)[1]]
        rows = rows[fresh]
        added = {other: own[rows] for other, own in self.codes.items()}
        added[name] = np.broadcast_to(codes, len(keys))[fresh]
        return evolve(
            self,
            codes={other: np.concatenate([own, added[other]]) for other, own in self.codes.items()},
            group=np.concatenate([self.group, self.group[rows]]),
            keys=np.concatenate([self.keys, keys[fresh]]),
            example=np.concatenate([self.example, self.example[rows]]),
        )

    def with_margins(self) -> "_Rows":
        """Return the rows with a row for each total of their parts."""
        rows = self
        for name in self.categories:
            part = np.flatnonzero(rows.codes[name] != rows.total(name))
            rows = rows.with_category(name, rows.total(name), part)
        return rows

    def with_parts(self) -> "_Rows":
        """Return the rows with a row for each category that exists everywhere.

        Only groups that list the dimension have them, and no rows of long code lists.
        """
        rows = self
        for name in COMPLETE.keys() & self.categories.keys():
            total, lists = self.total(name), self.lists(name)
            short = lists.any(axis=0)[rows.group] & (rows.codes[name] == total)
            for other, words in self.categories.items():
                if len(words) > _LONG:
                    short &= rows.codes[other] == rows.total(other)
            for code, exists in enumerate(lists):
                if code != total:
                    whole = np.flatnonzero(short & exists[rows.group[: len(short)]])
                    rows = rows.with_category(name, code, whole)
        return rows

    def lists(self, name: str) -> Mask:
        """Return the categories of a dimension that exist in each group, (categories, groups).

        In a group that lists the dimension, categories that exist everywhere do. Others exist if
        the group has a row for them.
        """
        words, total = self.categories[name], self.total(name)
        size = int(self.group.max(initial=0)) + 1
        result = np.zeros((len(words), size), dtype=np.bool_)
        result[self.codes[name], self.group] = True
        result[total] = False
        always = [self.code(name, word) for word in (*COMPLETE[name], UNKNOWN)]
        result[always] |= result.any(axis=0)
        return result

    def extended(self) -> "_Rows":
        """Return the rows of the table and all further rows as columns."""
        columns, example, size = self.columns, self.example, len(self.columns)
        if len(example) == size and all(
            columns[name].categories == words for name, words in self.categories.items()
        ):
            return self
        zero = np.zeros(len(example) - size, dtype=np.int64)
        dimensions = [
            Coded(self.codes[dimension.name], self.categories[dimension.name])
            if dimension.name in self.codes
            else column.take(example)
            for dimension, column in zip(columns.schema.dimensions, columns.dimensions, strict=True)
        ]
        numbers = columns.numbers
        wide = Columns(
            schema=columns.schema,
            dimensions=tuple(dimensions),
            numbers=Numbers(
                lower=np.concatenate([numbers.lower, zero]),
                above=np.concatenate([numbers.upper, np.full(len(zero), np.inf)]),
                reason=np.concatenate(
                    [numbers.reason, np.full(len(zero), _NOT_REPORTED, np.uint8)]
                ),
                flags=np.concatenate([numbers.flags, zero.astype(np.uint32)]),
                unanswered=None
                if numbers.unanswered is None
                else np.concatenate([numbers.unanswered, zero - 1]),
            ),
            origin=columns.origin[example],
            origins=columns.origins,
            finding=np.concatenate([columns.finding, zero.astype(columns.finding.dtype)]),
            findings=columns.findings,
        )
        return evolve(self, columns=wide)


def _wholes(rows: _Rows, name: str) -> Index:
    """Return the row of which each row is a part along a dimension: its nearest wider category."""
    dimension, own = rows.columns.schema[name], rows.codes[name]
    words, total = rows.categories[name], rows.total(name)
    codes = {word: i for i, word in enumerate(words)}
    whole = np.full(len(own), -1, dtype=np.intp)
    part = np.flatnonzero(own != total)
    whole[part] = rows.index.get_indexer(rows.moved(name, total, part))
    above = [
        [
            codes[wide]
            for wide in dimension.ancestors(word)
            if wide in codes and codes[wide] != total
        ]
        if word not in (dimension.total, UNKNOWN)
        else []
        for word in words
    ]
    copies = rows.columns.has_finding(*COPIES)
    # The nearest category above is found last.
    for depth in range(max(map(len, above), default=0) - 1, -1, -1):
        wider = np.array([listed[depth] if depth < len(listed) else -1 for listed in above])[own]
        below = np.flatnonzero(wider >= 0)
        found = rows.index.get_indexer(rows.moved(name, wider[below], below))
        whole[below[found >= 0]] = found[found >= 0]
    # Counts with a copy among them say nothing of their total.
    if copies.any():
        suspected = np.unique(whole[copies & (whole >= 0)])
        whole[np.isin(whole, suspected)] = -1
    return whole


class _Parts:
    """The parts of the wholes along one dimension."""

    def __init__(self, rows: _Rows, name: str, whole: Index) -> None:
        self.name, self.dimension, self.whole = name, rows.columns.schema[name], whole
        self.part = np.flatnonzero(whole >= 0)
        self.of = whole[self.part]
        self.size = len(whole)
        words, codes = rows.categories[name], rows.codes[name][self.part]
        self.unknown = np.array([word == UNKNOWN for word in words], np.bool_)[codes]
        self.always = COMPLETE.get(name)
        self.count = np.bincount(self.of, minlength=self.size)
        # Wholes with a row for each category that exists.
        self.complete = np.zeros(self.size, dtype=np.bool_)
        if self.always:
            needed = rows.lists(name).sum(axis=0)[rows.group]
            self.complete = (self.count == needed) & (self.count > 0)
        self.kinds: list[Any] = [slice(None)]
        if self.dimension.content == "citizenship":
            # Groups of citizenship and countries are two divisions of the same persons.
            every, both = CitizenshipGroup._value2member_map_, (CitizenshipGroup.STATELESS, UNKNOWN)
            group = np.array([word in every and word not in both for word in words])[codes]
            country = np.array([word not in every for word in words])[codes]
            self.kinds = [np.flatnonzero(~country), np.flatnonzero(~group)]

    def sum(self, values: Any, where: Any = slice(None)) -> Floats:
        """Return the sum over the parts of each row."""
        return np.bincount(self.of[where], values[where], self.size)


class _Solver:
    """Bounds of all rows, narrowed along each dimension until nothing changes."""

    def __init__(
        self,
        rows: _Rows,
        exhaustive: frozenset[str],
        replaced: Index | None = None,
        counts: Ranges | None = None,
    ) -> None:
        self.rows, self.exhaustive = rows, exhaustive
        numbers = rows.columns.numbers
        self.low = numbers.lower.astype(np.float64)
        self.high = numbers.upper.copy()
        if replaced is not None and counts is not None:
            self.low[replaced], self.high[replaced] = counts.lower[replaced], counts.upper[replaced]
        self.reported = ~np.isin(numbers.reason, _MISSING)
        # The bounds of the source; rows that contradict others, and rows without a value left.
        self.source = Ranges(self.low.astype(np.int64), self.high.copy(), self.reported)
        self.wrong = {name: np.zeros(len(self.low), np.bool_) for name in rows.categories}
        self.empty = np.zeros(len(self.low), dtype=np.bool_)
        self.parts = {}
        for name in rows.categories:
            whole = _wholes(rows, name)
            self._separate(whole)
            self.parts[name] = _Parts(rows, name, whole)
        self.lines: dict[str, Line] = {}
        # The least counts as published; rows without a count have the sum of their parts.
        self.published = np.where(self.reported, self.source.lower, 0).astype(np.float64)
        for _ in self.parts:
            for parts in self.parts.values():
                own = np.where(parts.unknown, 0, self.published[parts.part])
                sums = [parts.sum(own, kind) for kind in parts.kinds]
                if not parts.always:
                    sums = [np.zeros(parts.size)]
                    np.maximum.at(sums[0], parts.of, own)
                least = np.max(sums, axis=0)
                least += parts.sum(np.where(parts.unknown, self.published[parts.part], 0))
                self.published = np.where(
                    self.reported, self.published, np.maximum(self.published, least)
                )

    def _separate(self, whole: Index) -> None:
        """Make sub-forms the siblings of their parent where only this adds up to the total."""
        above = np.where(whole >= 0, whole[whole], -1)
        nested = np.flatnonzero(above >= 0)
        if not len(nested):
            return
        top = above.copy()
        while (further := np.where(top >= 0, whole[top], -1)).max() >= 0:
            top = np.where(further >= 0, further, top)
        size, point = len(whole), self.reported & (self.low == self.high)
        direct = np.flatnonzero((whole >= 0) & (above < 0))
        wide = np.bincount(whole[direct], self.low[direct], size)
        deep = np.bincount(top[nested], self.low[nested], size)
        vague = np.bincount(whole[direct], ~point[direct], size)
        vague += np.bincount(top[nested], ~point[nested], size)
        apart = point & (vague == 0) & (wide < self.low) & (wide + deep == self.low)
        groups = np.zeros(int(self.rows.group.max(initial=0)) + 1, dtype=np.bool_)
        groups[self.rows.group[apart]] = True
        moved = nested[groups[self.rows.group[nested]]]
        whole[moved] = top[moved]

    def solve(self) -> None:
        """Narrow the bounds until no bound changes."""
        for _ in range(_SWEEPS):
            before = self.low, self.high
            for name in self.parts:
                self.lines[name] = self._line(name)
            if all(map(np.array_equal, before, (self.low, self.high))):
                return

    def _narrow(self, name: str, rows: Any, low: Floats, high: Floats, free: Mask) -> None:
        """Narrow the bounds of some rows; a row without any value left keeps those of its source."""
        free = free & ~self.empty[rows]
        low = np.where(free, np.maximum(self.low[rows], low), self.low[rows])
        high = np.where(free & ~np.isnan(high), np.minimum(self.high[rows], high), self.high[rows])
        if (low > high).any():
            empty = low > high
            self.wrong[name][rows] |= low - high > np.maximum(allowed_excess(high), 0)
            self.empty[rows] |= empty
            low = np.where(empty, self.source.lower[rows], low)
            high = np.where(empty, self.source.upper[rows], high)
        self.low, self.high = self.low.copy(), self.high.copy()
        self.low[rows], self.high[rows] = low, high

    def _line(self, name: str) -> Line:
        """Return the wholes and parts along a dimension, and narrow both."""
        parts = self.parts[name]
        part, of, size = parts.part, parts.of, parts.size
        low, high = self.low[part], self.high[part]
        bounded, unknown = np.isfinite(high), parts.unknown
        known_low = np.where(unknown, 0, low)
        known = np.max([parts.sum(known_low, kind) for kind in parts.kinds], axis=0)
        unknown_low = parts.sum(np.where(unknown, low, 0))
        summed = known + unknown_low
        count_open = parts.sum((~bounded).astype(np.float64))
        finite = parts.sum(np.where(bounded, high, 0))
        some = parts.count > 0

        # The largest sum, where no other category can exist.
        complete = parts.complete if parts.always else np.full(size, name in self.exhaustive)
        if not parts.always:
            vague = parts.sum((low != high).astype(np.float64))
            exact = self.reported & (self.low == self.high) & (vague == 0) & some
            complete |= exact & (summed == self.low)

        limit = np.where(self.reported, self.source.upper, np.inf)
        allowed = allowed_excess(limit)
        # A total is contradicted by its parts as published, not by what follows from their parts.
        published = self.published[part]
        stated = np.where(unknown, 0, published)
        floor = np.max([parts.sum(stated, kind) for kind in parts.kinds], axis=0)
        floor += parts.sum(np.where(unknown, published, 0))
        overlaps, least = np.zeros(size, dtype=np.bool_), summed
        if not parts.always:
            largest, most = np.zeros(size), np.zeros(size)
            np.maximum.at(largest, of, known_low)
            np.maximum.at(most, of, stated)
            largest += unknown_low
            most += parts.sum(np.where(unknown, published, 0))
            overlaps = np.maximum(summed, floor) > limit + allowed
            overlaps &= np.maximum(largest, most) <= limit + allowed
            further = self.rows.columns.numbers.unanswered
            if further is not None:
                overlaps |= parts.sum((further[part] >= 0).astype(np.float64)) > 0
            # Persons who can have several categories can also have them in each slice.
            shared = np.zeros(int(self.rows.group.max(initial=0)) + 1, dtype=np.bool_)
            shared[self.rows.group[overlaps]] = True
            overlaps = shared[self.rows.group] & some
            # Without a total, forms of one person cannot be told from several persons.
            alone = overlaps | ~self.reported
            least = np.where(alone | (largest > limit), largest, summed)
            floor = np.where(alone | (most > limit), most, floor)
        excess = least - limit
        exceeded = (floor - limit > allowed) & some
        wrong = exceeded.copy()
        # Only a part above its total contradicts it where categories can overlap.
        each = exceeded[of]
        if not parts.always:
            each &= stated + unknown_low[of] > (limit + allowed)[of]
        wrong[part] |= each

        top = np.where(complete & some & (count_open == 0) & ~overlaps, finite, np.inf)
        slip = np.where((excess > 0) & ~exceeded, np.minimum(excess, allowed), 0)
        # A total above all its parts has further persons of unknown category.
        gap = self.reported & (self.source.lower > top)
        self._narrow(name, slice(None), least, top, some & ~exceeded & ~gap & (excess <= 0))
        # A part is the total less the other parts.
        apart = least[of] < summed[of]
        with np.errstate(invalid="ignore"):
            left = (self.high + slip)[of] - (least[of] - low)
            others = np.where(bounded & (count_open[of] == 0), finite[of] - high, np.inf)
        others = np.where(~bounded & (count_open[of] == 1), finite[of], others)
        alone = (self.high + slip)[of] - np.where(unknown, 0, unknown_low[of])
        left = np.maximum(np.where(apart, alone, left), 0)
        needed = np.where((complete & ~gap)[of] & ~apart, self.low[of] - others, 0)
        self._narrow(name, part, needed, left, ~exceeded[of] & (slip[of] == 0))
        return Line(
            dimension=parts.dimension,
            whole=parts.whole,
            parts=parts.count,
            low=least,
            # Parts of persons with several of them are not added.
            known=np.where(summed > self.high, least - unknown_low, known),
            high=top,
            others=np.where(count_open > 0, np.inf, finite),
            overlaps=overlaps,
            wrong=wrong,
            empty=self.wrong[name],
        )

    def result(self) -> CountSystems:
        """Return the rows with the bounds that follow."""
        rows, columns, size = self.rows, self.rows.columns, len(self.rows.keys)
        none = np.zeros(size, dtype=np.bool_)
        marks = [line.wrong | line.empty for line in self.lines.values()]
        wrong = np.any([none, *marks], axis=0)
        # Reported counts keep the bounds of their source.
        kept = self.reported & (columns.numbers.reason != _CONFLICTING)
        low = np.where(kept, self.source.lower, self.low)
        high = np.where(kept, self.source.upper, self.high)
        hull_low, hull_high = low.copy(), high.copy()
        above, least, most = np.zeros(size, np.bool_), low.copy(), high.copy()
        for line in sorted(self.lines.values(), key=lambda own: own.dimension.name not in COMPLETE):
            total = line.wrong & (line.parts > 0) & (line.low > high)
            # Parts without an upper bound count with their lower bound.
            parts = np.where(np.isinf(line.others), line.low, line.others)
            hull_low = np.where(total, np.minimum(hull_low, line.low), hull_low)
            hull_high = np.where(total, np.maximum(hull_high, parts), hull_high)
            least = np.where(total & ~above, line.low, least)
            most = np.where(total & ~above, parts, most)
            above |= total
        cell, below, members = self._aggregates(low, high)
        hull_high = np.where(below, np.maximum(hull_high, members), hull_high)
        wrong |= below
        derived = ~self.reported & (low == high) & ~wrong
        numbers, flags = columns.numbers, columns.numbers.flags.copy()
        listed = np.zeros(size, dtype=np.intp)
        for parts in self.parts.values():
            listed += parts.whole >= 0
            inherits = parts.part[parts.of >= rows.example.max(initial=-1) + 1]
            np.bitwise_or.at(flags, parts.whole[inherits], flags[inherits])
        joint = np.zeros(int(rows.group.max(initial=0)) + 1, dtype=np.bool_)
        joint[rows.group[listed > 1]] = True
        return CountSystems(
            columns=evolve(
                columns,
                numbers=evolve(
                    numbers,
                    lower=low.astype(np.int64),
                    above=high,
                    reason=np.where(derived, np.uint8(_KNOWN), numbers.reason),
                    flags=flags,
                ),
            ),
            size=int(rows.example.max(initial=-1)) + 1,
            lines=self.lines,
            derived=derived,
            implied=Ranges(self.low.astype(np.int64), self.high, self.reported | derived),
            hull=Ranges(hull_low.astype(np.int64), hull_high, self.reported | derived),
            wrong=wrong,
            parts_above=above | below,
            summed=Ranges(
                np.where(below & ~above, members, least).astype(np.int64),
                np.where(below & ~above, members, most),
                self.reported,
            ),
            cell=cell,
            below=below,
            single=~joint[rows.group],
        )

    def _aggregates(self, low: Floats, high: Floats) -> tuple[Index, Mask, Floats]:
        """Return the cell of each row, the areas below the sum of their members, and this sum."""
        rows, columns, size = self.rows, self.rows.columns, len(low)
        area, zero = columns["area"], np.zeros(size)
        sets = [Area.parse(code).members for code in area.categories]
        several = [i for i, members in enumerate(sets) if len(members) > 1]
        if not several:
            return np.zeros(size, dtype=np.intp), zero > 0, zero
        others = [
            (own.codes, len(own.categories))
            for dimension, own in zip(columns.schema.dimensions, columns.dimensions, strict=True)
            if dimension.name != "area"
        ]
        cell = np.unique(packed(others, size).values, return_inverse=True)[1].astype(np.intp)
        members = zero.copy()
        codes = area.positions
        for code in several:
            own = np.flatnonzero(codes == code)
            for origin in np.unique(columns.origin[own]).tolist():
                source = columns.origins[origin]
                known = sets[code] if source.reporters is None else source.reporters
                if source.reporters is None and (source.n_reporters or len(known)) < len(known):
                    continue  # Which members are in the count is not documented.
                inside = [i for i, one in enumerate(sets) if len(one) == 1 and one <= known]
                part = np.isin(codes, inside)
                sums = np.bincount(cell[part], low[part], int(cell.max(initial=0)) + 1)
                concerned = own[columns.origin[own] == origin]
                members[concerned] = sums[cell[concerned]]
        below = self.reported & (members > high + allowed_excess(high)) & (members > 0)
        return cell, below, members


_SYSTEMS: WeakKeyDictionary[Columns, dict[object, CountSystems]] = WeakKeyDictionary()


def systems_of(
    columns: Columns, exhaustive: frozenset[str] = frozenset(), reading: str = LEAVE_OUT
) -> CountSystems:
    """Return the systems of a table, cached.

    `exhaustive` are the dimensions whose listed categories include every person of known category,
    and `reading` is the reading of totals that their parts exceed.
    """
    known = _SYSTEMS.setdefault(columns, {})
    key = exhaustive, reading
    if key in known:
        return known[key]
    rows = _Rows.of(columns).with_margins().with_parts().with_margins().extended()
    solver = _Solver(rows, exhaustive)
    solver.solve()
    result = solver.result()
    if reading == "parts" and result.parts_above.any():
        solver = _Solver(rows, exhaustive, np.flatnonzero(result.parts_above), result.summed)
        solver.solve()
        result = solver.result()
    if reading == "published":
        none = np.zeros(len(result.wrong), dtype=np.bool_)
        lines = {name: evolve(line, wrong=none, empty=none) for name, line in result.lines.items()}
        counts = evolve(
            result.hull, lower=result.columns.numbers.lower, upper=result.columns.numbers.upper
        )
        result = evolve(result, lines=lines, wrong=none, below=none, hull=counts)
    known[key] = result
    return result
