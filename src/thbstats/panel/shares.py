"""Panels of shares, pooled over countries."""

from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.cells import Cells, read_cells, sets_of
from thbstats.panel.context import Contradiction, Excess, Suppressions
from thbstats.panel.contradictions import contradictions_of, figures_of
from thbstats.panel.kind import Base, CountKind, ResultKind, category_label, share_base
from thbstats.panel.panel import Panel
from thbstats.panel.partition import Partition, partition
from thbstats.panel.parts import Parts
from thbstats.panel.selections import (
    Selections,
    ShareQuestion,
    categories_in_use,
    division_of,
    selections_of,
)
from thbstats.panel.status import Status
from thbstats.vocabulary import Overlap

__all__ = ["CategoryCounts", "category_counts", "share_panel"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


def share_panel(question: ShareQuestion) -> Panel:
    """Return the shares of one category, or of all categories."""
    return _solved(question).panel()


@frozen(kw_only=True, eq=False)
class CategoryCounts:
    """Counts of all known categories for the whole area of each number."""

    panel: Panel  # The shares: for each number one row per category
    words: list[dict[str, str]]  # The k categories
    used: Mask  # (k, n): the categories that divide the total of each number
    counts: Ranges  # (k, n): the categories
    base: Ranges  # (n,): the denominator
    unknown: Ranges  # (n,): the victims of unknown category
    unknown_cells: Ranges  # (u, n): the same by unknown category, as reported
    joins: Mask  # (k, u): the unknown categories that can belong to each category
    # (n,): whether categories overlap; one is suppressed; they are published for the whole area;
    # a total is reported.
    overlaps: Mask
    suppressed: Mask
    published: Mask
    has_total: Mask

    @property
    def is_free(self) -> Mask:
        """The numbers whose categories no other count restricts, shape (n,)."""
        panel = self.panel.take(np.arange(len(self.overlaps)) * len(self.words))
        points = (self.counts.is_point | ~self.used).all(axis=0)
        alone = panel.area.table(lambda own: len(own.members) == 1, np.bool_)
        alone |= self.published & (panel.parts.sizes == 0)
        return ~self.overlaps & (points | (alone & ~(self.has_total & self.suppressed)))

    def reported(self, i: int) -> tuple[Ranges, bool]:
        """Return the categories of one number, and a flag for complete reports.

        If a category has no value, the counts are those of the whole area.
        """
        rows = np.flatnonzero(self.used[:, i])
        at = i * len(self.words) + rows
        if not len(rows) or self.panel.value.missing[at].any():
            return self.counts[rows, i], False
        counts = self.panel.numerator.take(at)
        return Ranges(counts.lower, counts.upper, np.ones(len(at))), True


def category_counts(question: ShareQuestion) -> CategoryCounts:
    """Return the counts of the shares of all categories."""
    rows = _solved(question)
    cells, base, categories = rows.cells, rows.whole["base"], rows.categories
    k = len(rows.selections.recorded)
    unknown_cells = cells.counts[1 + k :, : cells.size].pool(cells.start)
    if len(cells.area):
        unknown_cells = unknown_cells.put(cells.area, rows.area_cells.counts[1 + k :])
    return CategoryCounts(
        panel=rows.panel(),
        words=[rows.selections.recorded[i] for i in categories.tolist()],
        used=rows.divides,
        counts=rows.whole["part"],
        base=Ranges(base.lower.max(axis=0), base.upper.min(axis=0), base.reported.all(axis=0)),
        unknown=rows.whole["unknown"][0],
        unknown_cells=unknown_cells,
        joins=rows.selections.joins[categories],
        overlaps=cells.any(rows.overlaps),
        suppressed=cells.any(cells.suppressed[1 : 1 + k].any(axis=0)),
        published=cells.expand(np.ones(len(cells.area), dtype=np.bool_)),
        has_total=cells.any(cells.counts.reported[0]),
    )


_REGION = ("part", "complement", "part_with_unknown", "complement_with_unknown", "full_complement")
_SHOWN = {"part": "numerator", "complement": "", "base": "denominator", "unknown": "unknown"}
"""The counts of a value, and their columns in a panel."""


def _solved(question: ShareQuestion) -> "_Shares":
    """Return the counts of a query, divided into categories."""
    grid, selections = question.grid, selections_of(question)
    asked = [selections.total, *selections.recorded, *selections.unknown]
    read = read_cells(grid, asked, question.names, question.within)
    cells = read.applicable()
    both, covers = cells.with_whole_areas()
    use = categories_in_use(question, selections, cells.any(cells.present))
    categories = np.array([selections.category])
    if selections.category is None:
        in_use = use[0].any(axis=1)
        categories = np.flatnonzero(in_use if in_use.any() else ~in_use)
    division = division_of(question, selections, both, use)
    joins = selections.joins[categories]
    return _Shares(
        question=question,
        selections=selections,
        cells=cells,
        area_cells=both.take(slice(None), slice(len(cells.number), None)),
        covers=covers,
        solved=partition(division, question.base, categories, joins),
        use=use,
        categories=categories,
        absent=any_of(read.absent[:, : read.size].any(axis=0), grid.start),
    )


@frozen(kw_only=True, eq=False)
class _Shares:
    """Shares of c categories for n numbers, from the counts of p countries and m areas."""

    question: ShareQuestion
    selections: Selections
    cells: Cells  # The counts of countries, and of areas as published
    area_cells: Cells  # The counts of areas for all their countries
    covers: Mask  # (m,): where the published counts of an area include all countries
    # The parts of countries, of areas as published, and of areas for all their countries.
    solved: Partition
    use: tuple[Mask, Mask, Mask]  # As in `categories_in_use`
    categories: Index  # (c,): the categories
    absent: Mask  # (n,): whether a count does not apply to a country

    @property
    def together(self) -> bool:
        """Whether the shares are those of one breakdown."""
        return self.selections.category is None

    @cached_property
    def divides(self) -> Mask:
        """The categories that divide the total of each number, shape (c, n)."""
        return self.use[0][self.categories]

    @cached_property
    def used(self) -> Mask:
        """The selections in use, by number."""
        return np.concatenate([np.ones_like(self.use[0][:1]), self.use[0], self.use[1]])

    @property
    def overlaps(self) -> Mask:
        """The entries of the cells with overlapping categories."""
        return self.solved.overlaps[: len(self.cells.number)]

    @cached_property
    def full(self) -> Mask:
        """The countries and published areas with complete data, shape (c, p + m)."""
        number, solved = self.cells.number, self.solved
        full = (solved.part.reported & solved.complement.reported)[:, : len(number)]
        if self.together:
            # Shares of one breakdown use the same countries.
            own = self.divides[:, number]
            full = (full | ~own).all(axis=0) & own
        return np.asarray(full)

    @cached_property
    def by_country(self) -> Mask:
        """The countries with complete data, shape (c, p)."""
        return self.full[:, : self.cells.size]

    @cached_property
    def from_area(self) -> Mask:
        """The numbers with a published value, shape (c, n)."""
        return self.cells.expand(self.full[:, self.cells.size :])

    @cached_property
    def some(self) -> Mask:
        """The numbers with a value, shape (c, n)."""
        return any_of(self.by_country, self.cells.start) | self.from_area

    @cached_property
    def number(self) -> Index:
        """The number of each row."""
        return np.repeat(np.arange(len(self.question.grid)), len(self.categories))

    @cached_property
    def category(self) -> Index:
        """The category of each row."""
        return np.tile(self.categories, len(self.question.grid))

    @property
    def full_base(self) -> str:
        """The denominator with unknown."""
        return "base" if self.question.base == "all" else "full_base"

    @cached_property
    def whole(self) -> dict[str, Ranges]:
        """The counts of the whole area, shape (c, n)."""
        cells, m = self.cells, len(self.cells.number)
        hidden = self._hidden() if len(cells.area) else {}
        whole = {}
        for name in dict.fromkeys((*_REGION, "base", self.full_base, "unknown")):
            side: Ranges = getattr(self.solved, name)
            pooled = side[:, : cells.size].pool(cells.start)
            if hidden:
                pooled = cells.whole(pooled, side[:, m:], hidden[name])
            if self.together and name in _REGION and not self.divides.all():
                # A category that does not divide the total of a number has no bounds.
                pooled = pooled.where(self.divides, Ranges.missing(*self.divides.shape))
            whole[name] = pooled
        return whole

    def _hidden(self) -> dict[str, Mask]:
        """Return the published counts that their source suppresses, shape (c, m)."""
        k, suppressed = len(self.selections.recorded), self.cells.suppressed[:, self.cells.size :]
        total, parts = suppressed[0], suppressed[1 : 1 + k]
        unknown, own = suppressed[1 + k :].any(axis=0), parts[self.categories]
        # For "all" the complement is the total without the category.
        recorded = np.broadcast_to(parts.any(axis=0) | unknown, own.shape)
        outside, everyone = recorded | total, np.broadcast_to(total, own.shape)
        is_all = self.question.base == "all"
        return {
            "part": own,
            "complement": outside if is_all else parts.sum(axis=0) > own,
            "part_with_unknown": own | unknown,
            "complement_with_unknown": outside,
            "full_complement": outside,
            "base": everyone if is_all else recorded,
            "full_base": everyone,
            "unknown": np.broadcast_to(unknown, own.shape),
        }

    def _value(self, name: str) -> Ranges:
        """Return a count of the values, shape (c, n)."""
        cells, whole, size = self.cells, self.whole[name], self.cells.size
        side: Ranges = getattr(self.solved, name)
        used = side[:, :size].pool(cells.start, self.by_country)
        if not len(cells.area):
            return used
        # A value that covers the whole area is within the counts of the whole area.
        used = used.clip(whole.lower, whole.upper, keep=any_of(~self.by_country, cells.start))
        own = cells.stated(used, side[:, size : len(cells.number)], whole, self.covers)
        return own.where(self.from_area, used)

    def panel(self) -> Panel:
        """Return the panel."""
        question, grid, cells, number = self.question, self.question.grid, self.cells, self.number
        counted, mixed = cells.kinds()
        status = self._status(mixed | cells.several)
        gone = status == Status.AMBIGUOUS
        flat = {name: _flat(side) for name, side in self.whole.items()}
        used = {name: self._value(name) for name in _SHOWN}
        ours = {name: _flat(side) for name, side in used.items()}
        value = _shares(ours["part"], ours["complement"], ours["base"].lower)
        bounds = _shares(flat["part"], flat["complement"], flat["base"].lower)
        least = np.maximum(flat["base"].lower, flat[self.full_base].lower)
        low = _shares(flat["part"], flat["full_complement"], least)
        high = _shares(flat["part_with_unknown"], flat["complement_with_unknown"], least)
        with_unknown = low.with_upper(high)
        if len(cells.area) or (len(question.names) > 1 and question.base != "all"):
            # Persons of partly unknown category may be certain not to belong to a category.
            with_unknown = with_unknown.hull(bounds)
        value = value.without(~self.some.T.ravel() | gone)
        formatted: dict[str, Any] = {
            column: Fractions.counts(_flat(used[name].where(self.some, self.whole[name])))
            for name, column in _SHOWN.items()
            if column
        }
        parts = self._parts()
        given = parts.reported
        reporters, n_reporters = cells.coverage(
            parts.number[given], parts.members.take(given), self.from_area.T.ravel(), number
        )
        inside = np.arange(cells.size)
        expected = sets_of(cells.number[inside], cells.name.take(inside), len(grid))
        base, words = self._base(counted), self.selections.recorded
        within = tuple(question.within.items())
        keys = {name: column.take(number) for name, column in grid.keys.items()}
        label = base[0].label if len(base) else "victims"
        caption = f"{label} by {' and '.join(question.names)}"
        if question.category is not None:
            caption = f"share of {category_label(question.category.items())} among {label}"
        else:
            for name in question.names:
                keys[name] = Coded(self.category, [cell[name] for cell in words])
        return Panel(
            caption=caption,
            keys=keys,
            indicator=Coded.constant("share", len(number)),
            kind=Coded.constant(ResultKind.SHARE, len(number)),
            label=Coded(self.category, self.selections.labels),
            estimand=Coded(
                base.positions * len(words) + self.category,
                [
                    f"{category_label(cell.items())} among {own.label}"
                    for own in base.categories
                    for cell in words
                ],
            ),
            category=Coded(
                self.category, [tuple({**dict(within), **cell}.items()) for cell in words]
            ),
            base=base,
            area=grid.area.take(number),
            period=grid.periods[0].take(number),
            numerator_kind=counted.take(number),
            denominator_kind=counted.take(number),
            reporters=reporters,
            expected=expected.take(number),
            sources=cells.sources.take(number),
            breaks=cells.breaks.take(number),
            suppression=self._suppression(),
            excess=self._excess(),
            contradictions=self._contradictions(),
            status=status,
            sharp=self._sharp() & (status != Status.CONTRADICTORY) & ~gone,
            complete=self._complete() & value.is_point & (status == Status.OK),
            flags=cells.flags[number],
            n_reporters=n_reporters,
            discrepancy=self._discrepancy(),
            value=value,
            bounds=bounds.without(gone),
            bounds_with_unknown=with_unknown.without(gone),
            parts=parts,
            **formatted,
        )

    def _status(self, mixed: Mask) -> NDArray[np.int8]:
        """Return the status of each row."""
        cells, k, some = self.cells, len(self.selections.recorded), self.some
        listed = cells.any(cells.present)
        anything = (listed & self.used).any(axis=0) | self.absent
        no_total = ~listed[0] & listed[1 : 1 + k].any(axis=0)
        wrong = cells.any(self.solved.contradictory[: len(cells.number)])
        conflicts = cells.conflicting[:, : cells.size]
        own = any_of(conflicts[0] | conflicts[1 + self.categories], cells.start)
        status = np.full(some.shape, Status.NOT_REPORTED, dtype=np.int8)
        status[:, no_total & (self.question.base == "all")] = Status.NO_TOTAL
        status[:, ~anything] = Status.NO_ROW
        if self.together:
            status[~self.divides] = Status.NO_ROW
        status[~some & wrong] = Status.CONTRADICTORY
        status[some] = Status.OK
        status[some & own & (np.diff(self.question.grid.start) == 1)] = Status.CONFLICTING
        status[:, mixed] = Status.AMBIGUOUS
        return status.T.ravel()

    def _base(self, counted: Coded[CountKind]) -> Coded[Base]:
        """Return the denominators: one per kind of count, with and without overlap."""
        question, over = self.question, self.cells.any(self.overlaps)
        overlaps = [Overlap.EXCLUSIVE, Overlap.OVERLAPPING]
        if question.overlap is Overlap.NOT_STATED:
            overlaps = [Overlap.NOT_STATED] * 2
        within = tuple(question.within.items())
        kinds = [
            share_base(kind, question.base, question.names, within, overlap)
            for kind in counted.categories
            for overlap in overlaps
        ]
        return Coded((counted.positions * 2 + over)[self.number], kinds)

    def _sharp(self) -> Mask:
        """Return the rows whose bounds are attained."""
        cells, sharp = self.cells, self.solved.sharp
        result: Any = ~any_of(~sharp[:, : cells.size], cells.start)
        if len(cells.area):
            rows: Any = any_of(cells.present[:, : cells.size], cells.start).any(axis=0)
            result[:, cells.area] = sharp[:, len(cells.number) :] & ~rows[cells.area]
        return np.asarray(result.T.ravel())

    def _complete(self) -> Mask:
        """Return the rows in which every country has complete, consistent and exact data."""
        cells, solved, countries = self.cells, self.solved, slice(self.cells.size)
        points = solved.part.is_point & solved.complement.is_point & ~solved.discrepant
        sizes = np.diff(self.question.grid.start)
        every = ~any_of(~(self.by_country & points[:, countries]), cells.start)
        every &= (np.diff(cells.start) == sizes) & (sizes > 0)
        if len(cells.area):
            every |= self.from_area & cells.all_reported
        return every.T.ravel()

    def _suppression(self) -> Suppressions:
        cells, size, width = self.cells, len(self.question.grid), len(self.categories)
        if not cells.suppressed.any():
            return Suppressions.none(size * width)
        given = self.full & ~self.from_area[:, cells.number]
        given[:, cells.size :] = self.full[:, cells.size :]
        result = []
        for row, category in enumerate(self.categories.tolist()):
            mask = np.zeros(cells.row.shape, dtype=np.bool_)
            if self.question.base == "all":
                mask[[0, 1 + category]] = given[row]
            else:
                mask[:] = given[row]
                mask[:, : cells.size] &= self.used[:, cells.number[: cells.size]]
            result.append(cells.suppressions(mask))
        order = np.arange(size * width).reshape(width, size).T.ravel()
        return Suppressions.concat(result).take(order)

    def _discrepancy(self) -> Fractions:
        """Return the total minus its parts if all are reported."""
        cells, countries = self.cells, slice(self.cells.size)
        low, high, given = self.solved.discrepancy
        low, high, given = low[countries], high[countries], given[countries]
        if self.question.base == "mentions" or not given.any():
            return Fractions.none(len(self.number))
        certain = given & ((low > 0) | (high < 0))
        number = cells.number[countries]
        mask = given & (certain | ~any_of(certain, cells.start)[number])
        first = np.full(len(self.question.grid), -1, dtype=np.intp)
        entries = np.flatnonzero(mask)[::-1]
        first[number[entries]] = entries
        ends = []
        for side in (low, high):
            own = side[np.maximum(first, 0)]
            bounded = np.isfinite(own)
            ends += [np.where(bounded, own, 0).astype(np.int64), bounded.astype(np.int64)]
        undefined = np.zeros(len(first), dtype=np.bool_)
        return Fractions(*[*ends, undefined, first < 0]).take(self.number)

    def _excess(self) -> Coded[Excess | None]:
        """Return the sums of categories that certainly overlap."""
        cells, over = self.cells, self.overlaps
        if self.question.overlap is not None or not over.any():
            return Coded.constant(None, len(self.number))
        used = self.used[1:].copy()
        if not self.together:
            # A part of a category is included in that category.
            wider = (self.use[0] & self.selections.around[:, np.newaxis]).any(axis=0)
            used[self.selections.category] &= ~wider
        counts, total = cells.counts[1:], cells.counts[0]
        counts = counts.where(
            used[:, cells.number] & (cells.present[1:] | (np.arange(len(over)) < cells.size)),
            Ranges.zero(*counts.shape),
        )
        summed = counts.sum()
        entries = np.flatnonzero(over & (summed.lower > total.upper))
        result: list[Excess | None] = [None] * len(self.question.grid)
        # The countries of a number, or its published area.
        for is_area in (False, True):
            own = entries[(entries >= cells.size) == is_area]
            for i in np.unique(cells.number[own]).tolist():
                mine = own[cells.number[own] == i]
                result[i] = Excess(
                    counted=summed.total(mine),
                    total=total.total(mine),
                    areas=tuple(cells.name.take(mine)),
                )
        return Coded.from_values(result).take(self.number)

    def _contradictions(self) -> Coded[tuple[Contradiction, ...]]:
        cells, solved = self.cells, self.solved
        used = self.used[:, cells.number[: cells.size]]
        words = ["total", *self.selections.labels]
        wrong, some = solved.contradictory, np.asarray(solved.contradictory | solved.discrepant)
        excesses = {
            entry: [(bool(wrong[entry]), figures_of(cells, entry, words, used[:, entry]))]
            for entry in np.flatnonzero(some[: cells.size]).tolist()
        }
        return contradictions_of(cells, words, excesses, used).take(self.number)

    def _parts(self) -> Parts:
        """Return the counts of each country in each row."""
        cells, solved, width = self.cells, self.solved, len(self.categories)
        reported = any_of(cells.counts.reported[:, : cells.size].any(axis=0), cells.start)
        rows = np.repeat(np.where(reported, np.diff(cells.start), 0), width)
        start = np.concatenate([[0], np.cumsum(rows)])
        first = np.repeat(cells.start[:-1], width)
        entries = np.arange(start[-1]) + np.repeat(first - start[:-1], rows)
        column = np.repeat(np.tile(np.arange(width), len(self.question.grid)), rows)
        at = column, entries
        filled = solved.base.lower[at] > 0
        filled |= (solved.part.lower[at] > 0) | (solved.full_complement.lower[at] > 0)
        return Parts(
            start=start,
            members=cells.name.take(entries),
            numerator=solved.part[at],
            complement=solved.complement[at],
            reported=self.full[at],
            kind=Coded.constant(ResultKind.SHARE, len(start) - 1),
            numerator_with_unknown=solved.part_with_unknown[at],
            complement_with_unknown=solved.complement_with_unknown[at],
            unknown=solved.unknown[at],
            base=solved.base[at],
            positive_with_unknown=filled,
        )


def _shares(part: Ranges, complement: Ranges, base_low: NDArray[np.int64]) -> Fractions:
    empty = (part.lower == 0) & (complement.lower == 0) & (base_low == 0)
    return Fractions.shares(part, complement, empty)


def _flat(counts: Ranges) -> Ranges:
    """Return categories and numbers as one column, number by number."""
    return Ranges(counts.lower.T.ravel(), counts.upper.T.ravel(), counts.reported.T.ravel())
