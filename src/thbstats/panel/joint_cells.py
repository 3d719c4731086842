"""Bounds of cells that two or more dimensions define, by country.

The total of a country is the cell of the query and the remainder. The remainder is a sum along the
dimensions in any order: the other categories of the first dimension, then those of the second one
within the category of the first, and so on. Each order gives bounds. The
narrowest ones count.
"""

from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Ranges
from thbstats.panel.cells import Cells
from thbstats.panel.partitions import SIDES, Side
from thbstats.panel.share_questions import Selections, ShareQuestion
from thbstats.panel.systems import SystemLine

Floats = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


class JointCells:
    """Cells and their complements for c cells of e countries or areas, like a `Partition`."""

    some_overlap = False

    def __init__(
        self, selections: Selections, cells: Cells, question: ShareQuestion, category: Index
    ) -> None:
        self.selections = selections
        self.cells = cells
        self.category = category
        self.rule: str = question.base
        self.dimensions: tuple[str, ...] = question.dimensions
        systems, entries = cells.systems, cells.row.shape[1]
        self.lines: list[SystemLine] = [systems.lines[name] for name in selections.names]
        # (c, e): the count of the cell, as reported or implied.
        own = selections.cells[category]
        self.row: NDArray[np.intp] = cells.known_row
        rows = self.row[own]
        self.part: Ranges = self._counts(own, selections.index[:, category])
        self.rows = rows
        self.total: Ranges = cells.counts[0]
        self.total_row: Any = self.row[0]
        self.undecided: Ranges = self._undecided()
        wrong = systems.wrong_in(self.dimensions)
        self.contradictory: Mask = (self.total_row >= 0) & wrong[self.total_row]
        self.contradictory = self.contradictory | ((rows >= 0) & wrong[rows])
        if self.rule == "known":
            for slots in self.selections.unknown_of(self.category):
                unknown = self.row[slots]
                self.contradictory |= (unknown >= 0) & wrong[unknown]
        self.discrepant: NDArray[np.bool_] = np.zeros(entries, dtype=np.bool_)
        self.overlaps: NDArray[np.bool_] = np.zeros(entries, dtype=np.bool_)
        for line in self.lines:
            self.overlaps |= (self.total_row >= 0) & line.overlaps[self.total_row]
        self.sides: Ranges = self._sides()

    def _counts(self, slots: Index, index: Index) -> Ranges:
        """Return the counts of some cells; those without a row as parts of the rows around them."""
        cells, rows = self.cells, self.row[slots]
        low = cells.counts.lower[slots].astype(np.float64)
        high, reported = cells.counts.upper[slots], cells.counts.reported[slots]
        absent = rows < 0
        if absent.any():
            for d, name in enumerate(self.selections.names):
                around = np.array(index)
                around[d] = 0
                rows_around = self.row[self.selections.slots(*around)]
                inner = self._inside(d, index[d], rows_around)
                limit = cells.systems.absent(name, rows_around)
                low = np.where(absent, np.maximum(low, inner), low)
                high = np.where(absent, np.minimum(high, limit.upper + inner), high)
            total = cells.counts.upper[0]
            high = np.where(absent, np.minimum(high, total), high)
            high = np.maximum(high, low)
            reported = reported | (absent & (high == low))
        return Ranges(low.astype(np.int64), high, reported)

    def _inside(self, d: int, index: Index, whole: Index) -> Floats:
        """Return the least persons of the parts of each category, in rows around it."""
        words = self.selections.words[d]
        result = [
            self.cells.systems.inner(self.selections.names[d], rows, words[i])
            for i, rows in zip(index.tolist(), whole, strict=True)
        ]
        return np.array(result).reshape(whole.shape)

    def _undecided(self) -> Ranges:
        """Return the persons who may belong to each cell, (c, e)."""
        selections, shape = self.selections, self.rows.shape
        low, high = np.zeros(shape, np.int64), np.zeros(shape)
        reported = np.ones(shape, dtype=np.bool_)
        for slots in self.selections.unknown_of(self.category):
            own = self._counts(slots, np.array(np.unravel_index(slots, selections.shape)))
            low, high = low + own.lower, high + own.upper
            reported &= own.reported
        # A dimension without a row for unknown can have unknown persons.
        for d, words in enumerate(selections.words):
            if "unknown" not in words and self.total_row.max(initial=-1) >= 0:
                spare = self.cells.systems.absent(selections.names[d], self.total_row).upper
                high, reported = high + spare, reported & (spare == 0)
        # Tables of cases document the cases that can belong to a category.
        unanswered = self.cells.unanswered
        if unanswered is not None:
            recorded: Floats = unanswered[selections.cells[self.category]]
            further: Floats = np.nan_to_num(recorded)
            for slots in self.selections.unknown_of(self.category):
                further = further + np.nan_to_num(
                    self.cells.counts.upper[slots] + unanswered[slots]
                )
            documented = ~np.isnan(recorded)
            low = np.where(documented, 0, low)
            high = np.where(documented, further, high)
            reported = np.where(documented, further == 0, reported)
        return Ranges(low, high, reported)

    def _others(self, order: tuple[int, ...], known: bool) -> tuple[Floats, Floats]:
        """Return the bounds of the persons outside each cell, along the dimensions in an order.

        With `known` they are the persons of other known categories.
        """
        selections, cells = self.selections, self.cells
        low, high = np.zeros(self.rows.shape), np.zeros(self.rows.shape)
        prefixes = [np.zeros((len(selections.names), len(self.category)), dtype=np.intp)]
        for d in order:
            inner = []
            for index in prefixes:
                whole = self.row[selections.slots(*index)]
                inside_index = index.copy()
                inside_index[d] = selections.index[d, self.category]
                part = self.row[selections.slots(*inside_index)]
                line, own = self.lines[d], np.where(whole >= 0, whole, 0)
                inside = (part >= 0) & (whole >= 0) & ~line.overlaps[own]
                nested = line.whole[part] != whole
                part_low = np.where(part >= 0, cells.systems.implied.lower[part], 0)
                part_high = np.where(part >= 0, cells.systems.implied.upper[part], np.inf)
                sums = line.known if known else line.low
                beyond = np.where(inside & ~nested, sums[own] - part_low, 0)
                absent = (part < 0) & (whole >= 0) & ~line.overlaps[own]
                if absent.any():
                    within = self._inside(d, selections.index[d, self.category], whole)
                    beyond = np.where(absent, sums[own] - within, beyond)
                whole_low = np.where(whole >= 0, cells.systems.implied.lower[own], 0)
                whole_high = np.where(whole >= 0, cells.systems.implied.upper[own], np.inf)
                if not known:
                    beyond = np.maximum(beyond, whole_low - part_high)
                low += np.maximum(beyond, 0)
                with np.errstate(invalid="ignore"):
                    top = whole_high - part_low
                    listed = line.high[own] - part_high
                listed = np.where(inside & ~nested & ~np.isnan(listed), listed, np.inf)
                high += np.maximum(np.minimum(top, listed), 0)
                inner.append(inside_index)
                if known and selections.words[d][-1] == "unknown":
                    # Persons of unknown category here can be of another known one there.
                    unknown = index.copy()
                    unknown[d] = len(selections.words[d]) - 1
                    inner.append(unknown)
            prefixes = inner
        return low, high

    def _sides(self) -> Ranges:
        """Return all counts by `Side`, shape (9, c, e)."""
        part, undecided, every = self.part, self.undecided, self.cells.hull(self.dimensions)
        total = every[0]
        n_low, n_high = part.lower.astype(np.float64), part.upper
        wrong = self.contradictory
        if wrong.any():
            hull = every[self.selections.cells[self.category]]
            n_low = np.where(wrong, 0, n_low)
            n_high = np.where(wrong, np.maximum(n_high, hull.upper), n_high)
        t_low = np.broadcast_to(total.lower.astype(np.float64), n_low.shape)
        t_high = np.broadcast_to(total.upper, n_low.shape)
        orders = list(permutations(range(len(self.lines))))
        chains = [self._others(order, False) for order in orders]
        certain = np.max([self._others(order, True)[0] for order in orders], axis=0)
        certain = np.where(wrong, 0, certain)
        rest_low = np.where(wrong, 0, np.max([low for low, _ in chains], axis=0))
        rest_high = np.where(wrong, np.inf, np.min([high for _, high in chains], axis=0))
        keeps = part.reported & (n_low < n_high)
        rest_low = np.where(keeps, 0, rest_low)
        rest_high = np.where(keeps, np.inf, rest_high)
        # Persons outside the cell: the total less the cell, within the sums of other cells.
        out_low = np.maximum(np.maximum(t_low - n_high, rest_low), 0)
        out_high = np.maximum(np.minimum(t_high - n_low, rest_high), out_low)
        n_high = np.maximum(
            np.minimum(n_high, np.where(keeps | wrong, np.inf, t_high - rest_low)), n_low
        )
        u_low = undecided.lower.astype(np.float64)
        u_high = np.maximum(np.minimum(undecided.upper, t_high - n_low - certain), u_low)
        # Persons known not to belong to the cell.
        not_low = np.maximum(np.maximum(t_low - n_high - u_high, certain), 0)
        not_high = np.maximum(np.minimum(t_high - n_low - u_low, out_high - u_low), not_low)
        with_unknown = np.maximum(
            np.minimum(n_high + u_high, t_high - np.where(keeps, 0, certain)), n_high
        )
        left = np.maximum(np.maximum(t_low - with_unknown, np.where(keeps, 0, certain)), 0)
        left = np.minimum(left, out_high)
        base = t_low, t_high
        complement = out_low, out_high
        if self.rule == "known":
            complement = not_low, not_high
            base = np.maximum(t_low - u_high, n_low + not_low), np.maximum(t_high - u_low, 0)
            # Parts that leave no room for the unknown persons contradict their total.
            crossed = base[0] > base[1]
            self.contradictory = wrong = wrong | crossed
            base = base[0], np.maximum(*base)
        bounds = (
            (n_low, n_high), complement, base, (u_low, u_high), (n_low, with_unknown),
            (left, out_high), (out_low, out_high), (t_low, t_high),
            (np.zeros(n_low.shape), np.zeros(n_low.shape)),
        )  # fmt: skip
        low = np.empty((SIDES, *n_low.shape), dtype=np.int64)
        high, reported = np.empty(low.shape), np.empty(low.shape, dtype=np.bool_)
        for row, (lower, upper) in enumerate(bounds):
            low[row], high[row] = lower, upper
        reported[:] = part.reported & ~wrong
        complete = part.reported & self.cells.counts.reported[0] & ~wrong
        if self.rule == "known":
            complete = complete & (undecided.reported | (u_low == u_high))
        reported[[Side.COMPLEMENT, Side.BASE, Side.COMPLEMENT_WITH_UNKNOWN]] = complete
        reported[Side.UNKNOWN] = undecided.reported | (u_low == u_high)
        return Ranges(low, high, reported)

    @property
    def is_exact(self) -> Mask:
        """Whether part and complement are single numbers, (c, e)."""
        sides = self.sides
        points = sides[Side.PART].is_point & sides[Side.COMPLEMENT].is_point
        return np.asarray(points & ~self.contradictory)

    @property
    def discrepancy(self) -> tuple[Any, Any, Mask]:
        """The total minus its parts is judged for one dimension only."""
        nothing = np.zeros(self.cells.row.shape[1])
        return nothing, nothing, np.zeros(len(nothing), dtype=np.bool_)
