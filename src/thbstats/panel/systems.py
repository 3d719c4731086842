"""Systems of counts: the rows of each reporter and period, and what follows from all of them."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.columns import Coded, Floats, Index, Mask, Ranges
from thbstats.display import count
from thbstats.geography import Area
from thbstats.languages import Message, joined
from thbstats.panel.context import ContradictoryCounts
from thbstats.panel.system_rows import UNKNOWN, in_groups_of, kinds_of
from thbstats.records import Dimension
from thbstats.tables.columns import Columns
from thbstats.values import Interval
from thbstats.vocabulary import code_text, dimension_text

SLIP_SHARE, SLIP_COUNT = 0.005, 10
"""An excess of the parts up to this share and this number of persons is a discrepancy."""

LEAVE_OUT = "leave_out"

READINGS: Mapping[str, Callable[..., str]] = {
    LEAVE_OUT: lambda number: number,
    "published": partial(Message, "{number}, contradictory totals as published"),
    "parts": partial(Message, "{number}, contradictory totals as the sum of their parts"),
}
"""The readings of a total that its parts exceed, in the name of a number."""


def with_reading(number: str, reading: str) -> str:
    """Return the name of a number with the reading of contradictory totals."""
    return READINGS[reading](number=number)


OF_SEVERAL = ContradictoryCounts(
    text=Message("the parts exceed their total (counts of several dimensions)")
)
"""Counts of which no two are a total and its parts."""


def allowed_excess(total: Any) -> Any:
    """Return the largest excess of parts over a total that is a discrepancy."""
    return np.minimum(np.floor(SLIP_SHARE * np.where(np.isinf(total), 0, total)), SLIP_COUNT)


@lru_cache(maxsize=4096)
def count_text(lower: Any, upper: Any) -> str:
    """Return the bounds of a count as text."""
    if lower == upper:
        return count(int(lower))
    if np.isinf(upper):
        return Message("{n} or more", n=count(int(lower)))
    return Message("{lower} to {upper}", lower=count(int(lower)), upper=count(int(upper)))


def excess_of(
    name: str, total: Interval, parts: Iterable[str], *, known: int, unknown: int, figures: str
) -> ContradictoryCounts:
    """Return a total that its parts along a dimension exceed; `figures` is their text."""
    if total == Interval.point(known) and unknown:
        text = Message(
            "the total {known} equals the known categories, next to {unknown} of unknown "
            "{dimension}",
            known=count(known),
            unknown=count(unknown),
            dimension=dimension_text(name),
        )
        hint = Message('contradictory="parts" adds them')
        return ContradictoryCounts(text=text, hint=hint)
    text = Message("the parts exceed their total ({figures})", figures=figures)
    return ContradictoryCounts(text=text, dimension=name, total=total, parts=tuple(parts))


@frozen(eq=False, kw_only=True)
class SystemLine:
    """The rows of a table as wholes and parts along one dimension, for r rows."""

    dimension: Dimension
    whole: Index  # (r,): the row of which each row is a part; -1 for a row of the total
    parts: Index  # (r,): the number of parts of each row
    low: Floats  # (r,): the least sum of the parts
    known: Floats  # (r,): the same without unknown
    high: Floats  # (r,): the largest sum of the parts; ``inf`` where another category can exist
    others: Floats  # (r,): the largest sum of the parts that have a row
    complete: Mask  # (r,): wholes without persons outside of their parts
    overlaps: Mask  # (r,): wholes whose parts overlap
    wrong: Mask  # (r,): wholes that their parts exceed, and these parts
    empty: Mask  # (r,): rows without a value that agrees with the other rows of the line

    @cached_property
    def _order(self) -> tuple[Index, Index]:
        """The rows in the order of their wholes, and these."""
        order = np.argsort(self.whole, kind="stable")
        return order, self.whole[order]

    def parts_of(self, whole: int) -> Index:
        """Return the parts of a row."""
        order, wholes = self._order
        return order[slice(*np.searchsorted(wholes, [whole, whole + 1]))]

    COLUMNS: ClassVar = ("low", "known", "high", "others", "complete", "overlaps", "wrong", "empty")


@frozen(eq=False, kw_only=True)
class CountSystems:
    """The rows of a table, and rows that follow from them.

    Each reporter and period is one system: a row is the sum of its parts along each dimension that
    it does not list. `columns` has the rows of the table, then margins without a row. The bounds of
    counts that were not reported follow from all rows of the system; reported counts keep theirs.
    """

    columns: Columns
    size: int  # The number of rows of the table
    group: Index  # (r,): the reporter, period and attributes of each row
    lines: Mapping[str, SystemLine]  # By dimension with categories
    derived: Mask  # (r,): counts that follow from other rows and are not in the table
    implied: Ranges  # (r,): the bounds that follow, also for reported counts
    hull: Ranges  # (r,): the counts, and for contradictory totals the hull of both readings
    wrong: Mask  # (r,): counts that contradict others, in any way
    parts_above: Mask  # (r,): totals below the sum of their exclusive parts
    summed: Ranges  # (r,): the sum of the parts of these totals
    cell: Index  # (r,): the same number for counts of all areas that differ in their area only
    below: Mask  # (r,): counts of areas that the counts of their members exceed
    unsupported: Mask  # (r,): derived counts that follow from contradictory counts only
    aside: Mask  # (r,): counts that do not use counts that contradict others
    _known_wrong: dict[object, Mask] = field(factory=dict, init=False)  # By the arguments

    def as_published(self) -> "CountSystems":
        """Return the systems with contradictory totals as the source has them."""
        numbers, none = self.columns.numbers, np.zeros(len(self.wrong), dtype=np.bool_)
        lines = {name: evolve(line, wrong=none, empty=none) for name, line in self.lines.items()}
        hull = evolve(self.hull, lower=numbers.lower, upper=numbers.upper)
        return evolve(self, lines=lines, wrong=none, below=none, hull=hull)

    def with_rows_of(self, other: "CountSystems", mask: Mask, taken: Mask) -> "CountSystems":
        """Return the systems with some rows of others, which have the rows of a mask."""
        rows, new = np.flatnonzero(mask), taken[mask]

        def put(old: Any, own: Any) -> Any:
            result = old.copy()
            result[taken] = own[new]
            return result

        def columns(names: Iterable[str], old: Any, own: Any) -> dict[str, Any]:
            return {name: put(getattr(old, name), getattr(own, name)) for name in names}

        def ranges(old: Ranges, own: Ranges) -> Ranges:
            return Ranges(**columns(("lower", "upper", "reported"), old, own))

        lines = {}
        for name, line in self.lines.items():
            own = other.lines[name]
            whole = put(line.whole, np.where(own.whole >= 0, rows[own.whole], -1))
            lines[name] = evolve(line, whole=whole, **columns(SystemLine.COLUMNS, line, own))
        numbers = columns(("lower", "upper", "reason"), self.columns.numbers, other.columns.numbers)
        return evolve(
            self,
            columns=evolve(self.columns, numbers=evolve(self.columns.numbers, **numbers)),
            lines=lines,
            implied=ranges(self.implied, other.implied),
            hull=ranges(self.hull, other.hull),
            summed=ranges(self.summed, other.summed),
            **columns(("derived", "wrong", "parts_above"), self, other),
        )

    @cached_property
    def is_in_wrong_system(self) -> Mask:
        """The rows of systems with a count that contradicts others, (r,)."""
        return in_groups_of(self.group, self.wrong)

    def wrong_in(self, names: Iterable[str], outside: Iterable[str] = ()) -> Mask:
        """Return the rows that take part in a contradiction in some dimensions, cached.

        Without `names`, they are all dimensions. In those of `outside`, only a part of a total
        that its own parts exceed counts. Rows without a value that agrees with all others are
        contradictory for a query of several dimensions.
        """
        chosen, excluded = frozenset(names), frozenset(outside)
        if (chosen, excluded) in self._known_wrong:
            return self._known_wrong[chosen, excluded]
        lines = {name: own for name, own in self.lines.items() if not chosen or name in chosen}
        marks = [self.below, self.unsupported]
        for name, line in lines.items():
            wrong = line.wrong & self._is_whole(line) if name in excluded else line.wrong
            marks.append(wrong | line.empty if len(chosen) > 1 else wrong)
        self._known_wrong[chosen, excluded] = np.any(marks, axis=0)
        return self._known_wrong[chosen, excluded]

    def _is_whole(self, line: SystemLine) -> Mask:
        """Return the rows within a total that their own parts exceed."""
        above = line.low > self.columns.numbers.upper
        return np.asarray((line.parts > 0) & above & (line.whole >= 0))

    def absent(self, name: str, whole: Index, words: Coded[str] | None = None) -> Ranges:
        """Return the counts of a category without a row, as a part of some rows.

        `whole` has the row of which it is a part; -1 without such a row. `words` is the category;
        its own parts count for it, and it is in its nearest wider category.
        """
        inner, whole = np.zeros(whole.shape), whole.copy()
        if words is not None:
            for code in words.present:
                own = words.codes == code
                inner[own] = self.inner(name, whole[own], words.categories[code])
                whole[own] = self.around(name, whole[own], words.categories[code])
        line, there = self.lines[name], whole >= 0
        own = np.where(there, whole, 0)
        certain = np.where(line.overlaps[own], 0, line.low[own] - inner)
        if words is not None and line.dimension.content == "citizenship":
            # Groups and countries are two divisions of the same persons. A category can be as
            # large as its own division leaves room: nationals can have the row of their country.
            column = self.columns[name]
            divisions = kinds_of(line.dimension, column.categories)
            is_group = kinds_of(line.dimension, words.categories)[0][words.codes]
            unknown = np.array([word == UNKNOWN for word in column.categories], np.bool_)
            sums = []
            for division in divisions:
                part = np.flatnonzero((division | unknown)[column.codes] & (line.whole >= 0))
                lows = np.bincount(line.whole[part], self.implied.lower[part], len(self.columns))
                sums.append(lows[own])
            certain = np.minimum(certain, np.maximum(np.where(is_group, *sums) - inner, 0))
        high = np.maximum(self.implied.upper[own] - certain, inner)
        high = np.where(there & ~line.wrong[own], high, np.inf)
        return Ranges(inner.astype(np.int64), high, high == inner)

    def around(self, name: str, whole: Index, word: str) -> Index:
        """Return the rows of the nearest wider category of a category within some rows."""
        dimension, column, line = self.columns.schema[name], self.columns[name], self.lines[name]
        above = [dimension.ancestors(own) for own in column.categories]
        for wide in dimension.ancestors(word)[::-1]:
            if wide == dimension.total or wide not in column.categories:
                continue
            code, nearest = column.categories.index(wide), np.full(len(self.columns), -1)
            rows = np.flatnonzero(column.codes == code)
            rows = rows[line.whole[rows] >= 0]
            nearest[line.whole[rows]] = rows
            # Other parts of the wider category can be separate from it.
            inside = np.isin(column.codes, [i for i, own in enumerate(above) if wide in own])
            nearest[line.whole[inside & (line.whole >= 0)]] = -1
            row = np.where(whole >= 0, nearest[whole], -1)
            whole = np.where(row >= 0, row, whole)
        return whole

    def inner(self, name: str, whole: Index, word: str) -> Floats:
        """Return the least sum of the parts of some rows that are parts of a category."""
        dimension, column, line = self.columns.schema[name], self.columns[name], self.lines[name]
        inside = [i for i, own in enumerate(column.categories) if word in dimension.ancestors(own)]
        if word == dimension.total or not inside:
            return np.zeros(whole.shape)
        part = np.flatnonzero(np.isin(column.codes, inside) & (line.whole >= 0))
        sums = np.bincount(line.whole[part], self.implied.lower[part], len(self.columns))
        return np.where(whole >= 0, sums[whole], 0)

    def conflicts(self, rows: Iterable[int], names: Iterable[str]) -> list[ContradictoryCounts]:
        """Return the contradictions of some rows in some dimensions."""
        result: dict[ContradictoryCounts, None] = {}
        every = set(names) or self.lines.keys()
        for row in rows:
            is_shown = False
            for name, line in self.lines.items():
                if name not in every or not line.wrong[row]:
                    continue
                numbers = self.columns.numbers
                is_total = line.parts[row] and line.low[row] > numbers.upper[row]
                whole = row if is_total else int(line.whole[row])
                parts = line.parts_of(whole)
                if whole < 0 or numbers.lower[parts].sum() <= numbers.upper[whole]:
                    continue  # It is contradicted by other counts than those of its parts.
                whole_text, part_texts = self._figures(name, whole, parts)
                own = joined([*whole_text, *part_texts], ", ")
                figures = Message(
                    "{dimension}: {figures}", dimension=dimension_text(name), figures=own
                )
                known = int(line.known[whole])
                excess = excess_of(
                    name,
                    Interval(int(numbers.lower[whole]), int(numbers.upper[whole])),
                    part_texts,
                    known=known,
                    unknown=int(line.low[whole]) - known,
                    figures=figures,
                )
                result[excess] = None
                is_shown = True
            if self.below[row] and (text := self._conflict_of_members(row)):
                result[ContradictoryCounts(text=text)] = None
            elif not is_shown:
                result[OF_SEVERAL] = None
        return list(result)

    def _conflict_of_members(self, row: int) -> str:
        """Return words on a published area below the sum of its members; empty if it is not."""
        column = self.columns["area"]
        countries = Area.parse(column[row]).members
        sets = [Area.parse(own).members for own in column.categories]
        inside = (self.cell == self.cell[row]) & np.array([own < countries for own in sets])[
            column.codes
        ]
        if self.implied.lower[inside].sum() <= self.columns.numbers.upper[row]:
            return ""
        whole_text, member_texts = self._figures("area", row, np.flatnonzero(inside))
        counts = joined([*whole_text, *member_texts], ", ")
        return Message("the parts exceed their total (members: {figures})", figures=counts)

    def _figures(self, name: str, whole: int, rows: Index) -> tuple[list[str], list[str]]:
        """Return the texts of a total, with its other categories, and those of its parts."""
        numbers, column = self.columns.numbers, self.columns[name]
        parts = sorted(rows.tolist(), key=lambda row: int(column.positions[row]))
        inside = [
            self.columns[other][whole]
            for other, line in self.lines.items()
            if other != name and line.whole[whole] >= 0
        ]
        word = str if name == "area" else code_text
        of_whole, of_parts = (
            [
                Message(
                    "{name} {n}",
                    name=word(column[row]),
                    n=count_text(numbers.lower[row], numbers.upper[row]),
                )
                for row in side
                if row < self.size or self.derived[row] or self.implied.lower[row] > 0
            ]
            for side in ([whole], parts)
        )
        return [*map(word, inside), *of_whole], [*of_parts]
