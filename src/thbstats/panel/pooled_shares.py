"""Shares: the counts of categories, pooled over countries."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded, Index, Mask, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.cells import Cells, read_cells
from thbstats.panel.one_dimension import OneDimension
from thbstats.panel.several_dimensions import SeveralDimensions
from thbstats.panel.share_bounds import OF_VALUE, SIDES, Side
from thbstats.panel.share_questions import Selections, ShareQuestion, selections_of
from thbstats.vocabulary.codes import COMPLETE

_OF_DENOMINATOR = [Side.BASE, Side.UNKNOWN, Side.FULL_BASE, Side.NOT_LISTED]
"""The counts that do not depend on the category."""


class PooledShares:
    """Counts of c categories for n numbers, from those of p countries and m areas.

    The query has s selections, k of them known categories. Countries precede published areas, and
    these precede the areas for all their countries. A number of several periods has its counts
    once per period, and adds them up.
    """

    def __init__(self, question: ShareQuestion) -> None:
        self.question = question
        self.selections: Selections = selections_of(question)
        self.start: NDArray[np.intp] = question.grid.start
        self.member: Coded[str] = question.grid.member
        covers = self._read()
        divides = self._solve()
        self._choose(divides)
        self._pool(divides, covers)

    def _read(self) -> Mask:
        """Read the counts of each country in each period, and those of published areas.

        Return the published areas that include further countries.
        """
        question, selections, numbers = self.question, self.selections, self.question.grid
        # (w, p): the entries of each country in the w periods of its number.
        grid, self.entries = numbers.by_window()
        width, size = len(self.entries), len(numbers)
        # (w, n): the numbers of the periods of each number.
        self.numbers: NDArray[np.intp] = np.arange(size * width).reshape(size, width).T
        exact = selections.cells
        if len(question.names) > 1 and selections.category is not None:
            exact = exact[[selections.category]]
        read = read_cells(grid, selections.requested, question.names, question.within)
        read = read.with_exact(exact)
        absent = read.absent[:, : read.size].any(axis=0)
        self.absent: NDArray[np.bool_] = any_of(absent, grid.start[::width])
        if width == 1:
            # Countries that cannot have a count in a period take no part in its number.
            read = read.applicable()
            self.entries = np.arange(read.size)[np.newaxis]
            self.start, self.member = read.start, read.name.take(slice(read.size))
        self.windows: Cells = read
        both, covers = read.with_whole_areas()
        if (both.row < 0).any():
            both = both.filled(selections.wholes(both.known_row), both.known_row[0])
        self.both: Cells = both
        self.cells: Cells = read if width == 1 else read.joined(numbers, width)
        return covers

    def _solve(self) -> Mask:
        """Solve the shares of the categories in use; return which divide a total, (c, n)."""
        question, selections = self.question, self.selections
        windows, both = self.windows, self.both
        m = len(windows.number)
        # (k, e): the known categories in use.
        axes = self._axes(both)
        self.in_use: NDArray[np.bool_] = np.logical_and.reduce(
            [used[index - 1] for (used, _), index in zip(axes, selections.index, strict=True)]
        )
        listed = windows.any(self.in_use[:, :m])
        self.categories: NDArray[Any] = np.array([selections.category])  # (c,)
        if question.category is None:
            used = np.asarray(listed.any(axis=1))
            some = used & selections.with_rows(windows.present, windows.row >= 0)
            some = some if some.any() else used
            self.categories = np.flatnonzero(some if some.any() else ~some)
        divides: Mask = listed[self.categories]
        self.used: NDArray[np.bool_] = np.asarray(divides[:, self.numbers].any(axis=1))
        self.joins: Any = selections.joins[self.categories]
        solver = OneDimension if len(question.names) == 1 else SeveralDimensions
        self.solved: OneDimension | SeveralDimensions = solver(
            question=question,
            selections=selections,
            cells=both,
            axes=axes,
            category=self.categories,
        )
        # (n,): whether parts exceed their total, and whether categories overlap, in any country.
        self.contradictory: NDArray[np.bool_] = self._any(self.solved.contradictory[..., :m])
        self.overlaps: NDArray[np.bool_] = self._any(self.solved.overlaps[:m])
        return divides

    def _choose(self, divides: Mask) -> None:
        """Choose the countries and published areas with complete data, (c, p + m)."""
        windows, m, p = self.windows, len(self.windows.number), self.windows.size
        full = np.asarray(self.solved.sides.reported[: Side.BASE, :, :m].all(axis=0))
        if self.question.category is None:
            # Shares of one breakdown use the same countries.
            own = self.in_use[self.categories, :m] & ~self._optional(self.both)[:, :m]
            full = np.asarray((full | ~own).all(axis=0) & divides[:, windows.number])
        # A published area below the sum of its members has no value.
        below = windows.expand(windows.of_rows(windows.systems.below)[0, p:])
        full[:, :p] &= ~below[windows.number[:p]]
        self.full_windows: NDArray[np.bool_] = full
        # (c, p) and (c, n): complete in every period. Then the numbers with any value.
        self.by_country: NDArray[np.bool_] = np.asarray(full[:, :p][:, self.entries].all(axis=1))
        areas = windows.expand(full[:, p:])
        self.from_area: NDArray[np.bool_] = np.asarray(areas[:, self.numbers].all(axis=1))
        self.some: NDArray[np.bool_] = any_of(self.by_country, self.start) | self.from_area
        every = windows.all_reported[self.numbers].all(axis=0)
        self.all_listed: NDArray[np.bool_] = np.asarray(every)

    def _pool(self, divides: Mask, covers: Mask) -> None:
        """Add up the counts of countries, and put those of published areas in their place."""
        windows, both, numbers = self.windows, self.both, self.numbers
        p, m, sides = windows.size, len(windows.number), self.solved.sides

        def added(counts: Ranges, index: Index) -> Ranges:
            """Return the sum over the periods of each number or country."""
            return counts if len(index) == 1 else counts[..., index].sum(axis=-2)

        country_sides = sides[..., :p] if len(windows.area) else sides
        whole = country_sides.pool(windows.start)
        if len(windows.area):
            wrong = np.broadcast_to(
                self.solved.contradictory[..., m:], (*sides.shape[1:2], len(windows.area))
            )
            hidden = self._suppressed_areas(windows)
            whole = windows.whole(whole, sides[..., m:], hidden, wrong)
            whole = _within_total(
                whole, windows.area[~(hidden.any(axis=(0, 1)) | wrong.any(axis=0))]
            )
        # Categories that only other countries list, and that are parts of others or have parts: the
        # parts of the country would be counted twice.
        part_of = np.zeros(len(self.categories), dtype=np.bool_)
        for wide, index in zip(self.selections.wider, self.selections.index, strict=True):
            own = index[self.categories] - 1
            part_of |= wide[own].any(axis=1) | wide[:, own].any(axis=0)
        unclear = part_of[:, np.newaxis] & ~divides
        if unclear.any():
            within = np.isin(np.arange(SIDES), _OF_DENOMINATOR)[:, np.newaxis, np.newaxis]
            whole = Ranges.missing(*whole.shape).where(unclear & ~within, whole)
        # (9, c, p) and (9, c, n): the counts of countries and of the whole area; (4, c, n): those
        # of the values. See `Side`.
        self.sides: Ranges = added(country_sides, self.entries)
        self.whole: Ranges = added(whole, numbers)
        value = self.sides[OF_VALUE].pool(self.start, self.by_country)
        if len(windows.area):
            # A value that covers the whole area is within the counts of the whole area.
            of_value = self.whole[OF_VALUE]
            keep = any_of(~self.by_country, self.start)
            value = value.clip(of_value.lower, of_value.upper, keep=keep)
            published = Ranges.missing(*whole[OF_VALUE].shape)
            published = windows.stated(published, sides[OF_VALUE, :, p:m], whole[OF_VALUE], covers)
            value = added(published, numbers).where(self.from_area, value)
        self.value: Ranges = value
        # (u, n): the unknown categories as reported, for areas for all their countries.
        unknown_counts = windows.counts[self.selections.unknown, :p].pool(windows.start)
        if len(windows.area):
            counts = both.counts[self.selections.unknown, m:]
            unknown_counts = unknown_counts.put(windows.area, counts)
        self.unknown_counts: Ranges = added(unknown_counts, numbers)

    def _optional(self, cells: Cells) -> Mask:
        """Return the categories that a breakdown does not need from a country, (c, e).

        A sex or age that exists in some countries only, and a category that contradicts rows of
        other dimensions, are bounds there. The other shares of the country stay.
        """
        selections, size = self.selections, cells.row.shape[1]
        result = np.zeros((len(self.categories), size), dtype=np.bool_)
        for d, name in enumerate(selections.names):
            if name in COMPLETE:
                always = selections.always[d][selections.index[d, self.categories] - 1]
                result |= ~always[:, np.newaxis]
        if len(selections.names) == 1:
            wrong = cells.wrong_in(self.question.dimensions, self.question.names)
            result |= wrong[1 + self.categories] & ~wrong[0]
        return result & ~result.all(axis=0)

    def _any(self, mask: Mask) -> Mask:
        """Return the numbers with a country or area of a mask."""
        return np.asarray(self.windows.any(mask)[..., self.numbers].any(axis=-2))

    def _axes(self, cells: Cells) -> list[tuple[Mask, Mask]]:
        """Return the categories in use of each dimension, as `Selections.in_use`, (k, e) each."""
        selections, nested = self.selections, []
        for d, (name, size) in enumerate(zip(selections.names, selections.sizes, strict=True)):
            # The margins of each category show whether it is a part of another one.
            index = [np.arange(1, 1 + size) if i == d else 0 for i in range(len(selections.names))]
            rows = cells.row[selections.slots(*np.broadcast_arrays(*index))]
            inside = cells.systems.lines[name].whole[rows] != cells.row[0]
            nested.append(inside & (rows >= 0) & (cells.row[0] >= 0))
        axes = selections.in_use(cells.row >= 0, nested)
        if self.question.base != "responses" or len(axes) > 1:
            return axes
        # Each category that the country lists can have responses, also without a row here.
        ((used, around),), (name,), (group, country) = axes, selections.names, selections.kinds[0]
        words = selections.words[0][1 : 1 + selections.sizes[0]]
        widest = np.asarray(~selections.wider[0].any(axis=1))
        more = cells.listed(name, words) & widest[:, np.newaxis]
        # Groups of citizenship and countries are two divisions of the same persons.
        has_groups = used[group].any(axis=0) | ~country.any()
        more &= np.where(has_groups, group[:, np.newaxis], country[:, np.newaxis])
        return [(used | more, around)]

    def _suppressed_areas(self, cells: Cells) -> Mask:
        """Return the counts of published areas that their source suppresses, shape (9, c, m)."""
        suppressed = cells.suppressed[:, cells.size :]
        total, parts = suppressed[0], suppressed[self.selections.cells]
        unknown, own = suppressed[self.selections.unknown].any(axis=0), parts[self.categories]
        recorded = parts.any(axis=0) | unknown
        result = np.empty((SIDES, *own.shape), dtype=np.bool_)
        result[:] = recorded | total
        result[Side.PART], result[Side.PART_WITH_UNKNOWN] = own, own | unknown
        result[Side.UNKNOWN], result[Side.FULL_BASE] = unknown, total
        result[Side.BASE] = recorded
        if self.question.base == "all":
            result[Side.BASE] = total
        else:
            # For "all" the complement is the total without the category.
            result[Side.COMPLEMENT] = parts.sum(axis=0) > own
        return result

    @property
    def words(self) -> list[dict[str, str]]:
        """The c categories."""
        return [self.selections.recorded[i] for i in self.categories.tolist()]

    @property
    def counts(self) -> Ranges:
        """The categories of the whole area, shape (c, n)."""
        return self.whole[Side.PART]

    @property
    def base(self) -> Ranges:
        """The denominator of the whole area, shape (n,)."""
        base = self.whole[Side.BASE]
        return Ranges(base.lower.max(axis=0), base.upper.min(axis=0), base.reported.all(axis=0))

    @property
    def unknown(self) -> Ranges:
        """The victims of unknown category in the whole area, shape (n,)."""
        return self.whole[Side.UNKNOWN, 0]

    @property
    def suppressed(self) -> Mask:
        """The numbers with a suppressed category, shape (n,)."""
        return self._any(np.asarray(self.windows.suppressed[self.selections.cells].any(axis=0)))

    def _reporting(self, i: int) -> Index:
        """Return the entries of the countries that reported each category of one number."""
        entries = np.arange(self.start[i], self.start[i + 1])
        part = self.sides[Side.PART][np.flatnonzero(self.used[:, i])]
        return entries[part.reported[:, entries].all(axis=0)]

    def reporters(self, i: int) -> frozenset[str]:
        """Return the countries that reported each category of one number."""
        return frozenset(self.member[int(entry)] for entry in self._reporting(i))


def _within_total(whole: Ranges, areas: Index) -> Ranges:
    """Return the counts of published areas, with parts and complements that make up their total."""
    low, high = whole.lower[..., areas].astype(np.float64), whole.upper[..., areas]
    pairs = [
        (Side.PART, Side.FULL_COMPLEMENT),
        (Side.PART_WITH_UNKNOWN, Side.COMPLEMENT_WITH_UNKNOWN),
    ]
    t_low, t_high = low[Side.FULL_BASE], high[Side.FULL_BASE]
    for part, outside in pairs:
        for own, other in ((part, outside), (outside, part)):
            top = np.maximum(np.minimum(high[own], t_high - low[other]), low[own])
            bottom = np.minimum(np.maximum(low[own], t_low - high[other]), high[own])
            high[own], low[own] = top, bottom
    # The complement without unknown persons is a part of it.
    high[Side.COMPLEMENT] = np.maximum(
        np.minimum(high[Side.COMPLEMENT], high[Side.FULL_COMPLEMENT]), low[Side.COMPLEMENT]
    )
    counts = Ranges(low.astype(np.int64), high, whole.reported[..., areas])
    return whole.put(areas, counts)
