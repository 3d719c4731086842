"""Shares: the counts of categories, pooled over countries, and their panel."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.cells import read_cells, sets_of
from thbstats.panel.context import Excess, Suppressions
from thbstats.panel.contradictions import contradictions_of, excesses_of, figures_of
from thbstats.panel.kind import Base, ResultKind, Status, category_label, common_label
from thbstats.panel.panel import Panel
from thbstats.panel.partitions import OF_VALUE, SIDES, Partition, Side
from thbstats.panel.parts import Parts
from thbstats.panel.share_questions import ShareQuestion, division_of, selections_of

Mask = NDArray[np.bool_]

_IN_BOUNDS = np.isin(np.arange(SIDES), [Side.BASE, Side.UNKNOWN, Side.FULL_BASE], invert=True)
"""The counts that a category has only if it divides the total."""


def share_panel(question: ShareQuestion) -> Panel:
    """Return the shares of one category, or of all categories."""
    return Shares(question).panel


class Shares:
    """Shares of c categories for n numbers, from the counts of p countries and m areas.

    The query has s selections, k of them known categories. Countries precede published areas, and
    these precede the areas for all their countries.
    """

    def __init__(self, question: ShareQuestion) -> None:
        grid, selections = question.grid, selections_of(question)
        self.question, self.selections, self.k = question, selections, len(selections.recorded)
        read = read_cells(grid, selections.requested, question.names, question.within)
        self.cells = cells = read.applicable()
        both, covers = cells.with_whole_areas()
        self.listed = cells.any(cells.present)  # (s, n): the selections with a row
        recorded, unknown, closed = selections.in_use(self.listed)
        # (s, n): the selections in use.
        self.in_use = np.concatenate([np.ones_like(recorded[:1]), recorded, unknown])
        self.categories = np.array([selections.category])  # (c,)
        if question.category is None:
            some = recorded.any(axis=1)
            self.categories = np.flatnonzero(some if some.any() else ~some)
        # (c, n): the categories that divide the total of each number.
        self.used: Mask = recorded[self.categories]
        self.joins = selections.joins[self.categories]
        division = division_of(question, selections, both, (recorded, unknown, closed))
        self.solved = solved = Partition(division, question.base, self.categories, self.joins)
        size, start, m = cells.size, cells.start, len(cells.number)

        # (c, p + m): the countries and areas with complete data. Shares of one breakdown use the
        # same countries.
        self.full: Mask = np.asarray(solved.sides.reported[: Side.BASE, :, :m].all(axis=0))
        if question.category is None:
            own = self.used[:, cells.number]
            self.full = np.asarray((self.full | ~own).all(axis=0) & own)
        by_country = self.full[:, :size]
        # (c, n): the numbers with a published value, and with any value.
        self.from_area = cells.expand(self.full[:, size:])
        self.some = any_of(by_country, start) | self.from_area
        sides = solved.sides[..., :size] if len(cells.area) else solved.sides
        whole = sides.pool(start)
        value = sides[OF_VALUE].pool(start, by_country)
        if len(cells.area):
            whole = cells.whole(whole, solved.sides[..., m:], self._suppressed_areas())
            # A value that covers the whole area is within the counts of the whole area.
            of_value = whole[OF_VALUE]
            value = value.clip(of_value.lower, of_value.upper, keep=any_of(~by_country, start))
            stated = cells.stated(value, solved.sides[OF_VALUE, :, size:m], of_value, covers)
            value = stated.where(self.from_area, value)
        if not self.used.all():
            # A category that does not divide the total of a number has no bounds.
            applies = self.used | ~_IN_BOUNDS[:, np.newaxis, np.newaxis]
            whole = whole.where(applies, Ranges.missing(*applies.shape))
        # (8, c, n): the counts of the whole area; (4, c, n): those of the values. See `Partition`.
        self.whole, self.value = whole, value
        # (n,): whether parts exceed their total, and whether categories overlap, in any country;
        # whether a count does not apply to a country.
        self.contradictory = cells.any(solved.contradictory[:m])
        self.overlaps = cells.any(solved.overlaps[:m])
        self.absent = any_of(read.absent[:, : read.size].any(axis=0), grid.start)
        # (u, n): the unknown categories as reported, for areas for all their countries.
        unknown_counts = cells.counts[1 + self.k :, :size].pool(start)
        if len(cells.area):
            unknown_counts = unknown_counts.put(cells.area, both.counts[1 + self.k :, m:])
        self.unknown_counts = unknown_counts

    def _suppressed_areas(self) -> Mask:
        """Return the counts of published areas that their source suppresses, shape (8, c, m)."""
        suppressed = self.cells.suppressed[:, self.cells.size :]
        total, parts = suppressed[0], suppressed[1 : 1 + self.k]
        unknown, own = suppressed[1 + self.k :].any(axis=0), parts[self.categories]
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
        return self.cells.any(self.cells.suppressed[1 : 1 + self.k].any(axis=0))

    @property
    def is_free(self) -> Mask:
        """The numbers whose categories no other count restricts, shape (n,)."""
        cells, panel = self.cells, self.panel.take(np.arange(len(self.overlaps)) * len(self.used))
        points = (self.counts.is_point | ~self.used).all(axis=0)
        alone = panel.area.table(lambda own: len(own.members) == 1, np.bool_)
        published = cells.expand(np.ones(len(cells.area), dtype=np.bool_))
        alone |= published & (panel.parts.sizes == 0)
        restricted = cells.any(cells.counts.reported[0]) & self.suppressed
        return ~self.overlaps & (points | (alone & ~restricted))

    def reported(self, i: int) -> tuple[Ranges, bool]:
        """Return the categories of one number, and a flag for complete reports.

        If a category has no value, the counts are those of the whole area.
        """
        rows = np.flatnonzero(self.used[:, i])
        index = i * len(self.used) + rows
        if not len(rows) or self.panel.value.missing[index].any():
            return self.counts[rows, i], False
        counts = self.panel.numerator.take(index)
        return Ranges(counts.lower, counts.upper, np.ones(len(index))), True

    @cached_property
    def panel(self) -> Panel:
        """The shares as a panel: for each number one row per category."""
        question, grid, cells, solved = self.question, self.question.grid, self.cells, self.solved
        size, width, countries = len(grid), len(self.categories), slice(self.cells.size)
        words, labels = self.selections.recorded, self.selections.labels
        # The number and the category of each row.
        number, category = np.divmod(np.arange(size * width), width)
        category = self.categories[category]

        def per_row(column: Any) -> Any:
            return column if width == 1 else column.take(number)

        counted, mixed = cells.kinds()
        status = self._status(mixed | cells.several)
        gone, has_value = status == Status.AMBIGUOUS, status == Status.OK
        value, bounds, with_unknown = self._numbers(gone)
        shown = _by_row(self.value.where(self.some, self.whole[OF_VALUE])).split()
        parts = self._parts()
        reporters, n_reporters = cells.coverage(
            parts.number[parts.reported],
            parts.members.take(parts.reported),
            self.from_area.T.ravel(),
            number,
        )
        base: Coded[Base] = per_row(question.bases(counted, self.overlaps))
        within = tuple(question.within.items())
        keys: dict[str, Coded[str]] = {name: per_row(column) for name, column in grid.keys.items()}
        label = common_label(own.label for own in base.compact().categories)
        label = label or f"counts of {grid.table.kind}"
        caption = f"{label} by {' and '.join(question.names).replace('_', ' ')}"
        if question.category is not None:
            caption = f"share of {category_label(question.category.items())} among {label}"
        else:
            for name in question.names:
                keys[name] = Coded(category, [cell[name] for cell in words])
        named, used = ["total", *labels], self.in_use[:, cells.number[countries]]
        wrong, slips = solved.contradictory[countries], solved.discrepant[countries]
        excesses = {
            entry: [(bool(wrong[entry]), figures_of(cells, entry, named, used[:, entry]))]
            for entry in np.flatnonzero(wrong | slips).tolist()
        }
        sharp = self._sharp.T.ravel() & (status != Status.CONTRADICTORY) & ~gone
        return Panel(
            caption=caption,
            keys=keys,
            indicator=Coded.constant("share", len(number)),
            kind=Coded.constant(ResultKind.SHARE, len(number)),
            label=Coded(category, labels),
            estimand=Coded(
                base.positions * len(words) + category,
                [
                    f"{category_label(cell.items())} among {item.label}"
                    for item in base.categories
                    for cell in words
                ],
            ),
            category=Coded(category, [tuple({**dict(within), **cell}.items()) for cell in words]),
            base=base,
            area=per_row(grid.area),
            period=per_row(grid.periods[0]),
            numerator_kind=per_row(counted),
            denominator_kind=per_row(counted),
            reporters=reporters,
            expected=per_row(sets_of(cells.number[countries], cells.name.take(countries), size)),
            sources=per_row(cells.sources),
            breaks=per_row(cells.breaks),
            suppression=self._suppression(),
            excess=Coded.constant(None, len(number))
            if question.overlap is not None
            else per_row(self._excess()),
            contradictions=per_row(contradictions_of(cells, named, excesses, used)),
            status=status,
            sharp=sharp,
            complete=self._complete.T.ravel() & value.is_point & has_value,
            flags=cells.flags[number],
            n_reporters=n_reporters,
            numerator=Fractions.counts(shown[Side.PART]),
            denominator=Fractions.counts(shown[Side.BASE]),
            unknown=Fractions.counts(shown[Side.UNKNOWN]),
            discrepancy=per_row(self._discrepancy()),
            value=value,
            bounds=bounds,
            bounds_with_unknown=with_unknown,
            parts=parts,
        )

    @property
    def _sharp(self) -> Mask:
        """The bounds that a completion of the data attains, shape (c, n)."""
        cells, sharp, countries = self.cells, self.solved.sharp, slice(self.cells.size)
        result = np.asarray(~any_of(~sharp[:, countries], cells.start))
        if len(cells.area):
            rows = any_of(cells.present[:, countries].any(axis=0), cells.start)
            result[:, cells.area] = sharp[:, len(cells.number) :] & ~rows[cells.area]
        return result

    @property
    def _complete(self) -> Mask:
        """The numbers with complete, consistent and exact data of all countries, (c, n)."""
        cells, solved, countries = self.cells, self.solved, slice(self.cells.size)
        points = solved.sides[: Side.BASE].is_point.all(axis=0) & ~solved.discrepant
        exact = self.full[:, countries] & points[:, countries]
        every, sizes = ~any_of(~exact, cells.start), self.question.grid.sizes
        every &= (np.diff(cells.start) == sizes) & (sizes > 0)
        if len(cells.area):
            every |= self.from_area & cells.all_reported
        return np.asarray(every)

    def _numbers(self, gone: Mask) -> tuple[Fractions, Fractions, Fractions]:
        """Return value, bounds and bounds with unknown of each row."""

        def quotients(counts: Ranges, most: int, least: int, others: int, base: int) -> Fractions:
            """Return the shares from the smallest part among most others, and the reverse."""
            low, high = counts.lower, counts.upper
            empty = (low[[Side.PART, others, Side.BASE, base]] == 0).all(axis=0)
            part = Ranges(low[Side.PART], high[most], empty)
            return Fractions.shares(part, Ranges(low[least], high[others], empty), empty)

        plain = Side.PART, Side.COMPLEMENT, Side.COMPLEMENT, Side.BASE
        whole = _by_row(self.whole)
        value, bounds = (quotients(counts, *plain) for counts in (_by_row(self.value), whole))
        with_unknown = quotients(
            whole,
            Side.PART_WITH_UNKNOWN,
            Side.COMPLEMENT_WITH_UNKNOWN,
            Side.FULL_COMPLEMENT,
            Side.FULL_BASE,
        )
        if len(self.cells.area) or (len(self.question.names) > 1 and self.question.base != "all"):
            # Persons of partly unknown category may be certain not to belong to a category.
            with_unknown = with_unknown.hull(bounds)
        missing = ~self.some.T.ravel() | gone
        return value.without(missing), bounds.without(gone), with_unknown.without(gone)

    def _status(self, mixed: Mask) -> NDArray[np.int8]:
        """Return the status of each row."""
        cells, some, listed = self.cells, self.some, self.listed
        anything = (listed & self.in_use).any(axis=0) | self.absent
        no_total = ~listed[0] & listed[1 : 1 + self.k].any(axis=0)
        status = np.full(some.shape, Status.NOT_REPORTED, dtype=np.int8)
        status[:, no_total & (self.question.base == "all")] = Status.NO_TOTAL
        status[:, ~anything] = Status.NO_ROW
        if self.question.category is None:
            status[~self.used] = Status.NO_ROW
        status[~some & self.contradictory] = Status.CONTRADICTORY
        status[some] = Status.OK
        conflicts = cells.conflicting[:, : cells.size]
        if conflicts.any():
            own_conflicts = any_of(conflicts[0] | conflicts[1 + self.categories], cells.start)
            alone = np.diff(self.question.grid.start) == 1
            status[some & own_conflicts & alone] = Status.CONFLICTING
        status[:, mixed] = Status.AMBIGUOUS
        return status.T.ravel()

    def _suppression(self) -> Suppressions:
        """Return the suppressed counts in the value of each row."""
        cells, size, width = self.cells, len(self.question.grid), len(self.categories)
        if not cells.suppressed.any():
            return Suppressions.none(size * width)
        values = self.full & ~self.from_area[:, cells.number]
        values[:, cells.size :] = self.full[:, cells.size :]
        used = self.in_use[:, cells.number]
        used[:, cells.size :] = True
        result = []
        for row, category in enumerate(self.categories.tolist()):
            mask = used & values[row]
            if self.question.base == "all":
                mask[:] = False
                mask[[0, 1 + category]] = values[row]
            result.append(cells.suppressions(mask))
        order = np.arange(size * width).reshape(width, size).T.ravel()
        return Suppressions.concat(result).take(order)

    def _discrepancy(self) -> Fractions:
        """Return the total of each number minus its parts, if all are reported."""
        cells, n, countries = self.cells, len(self.question.grid), slice(self.cells.size)
        low, high, values = self.solved.discrepancy
        low, high, values = low[countries], high[countries], values[countries]
        if self.question.base == "mentions" or not values.any():
            return Fractions.none(n)
        certain = values & ((low > 0) | (high < 0))
        mask = values & (certain | ~any_of(certain, cells.start)[cells.number[countries]])
        # The first such country of each number.
        first, entries = np.full(n, -1, dtype=np.intp), np.flatnonzero(mask)[::-1]
        first[cells.number[entries]] = entries
        ends = []
        for side in (low, high):
            bound = side[np.maximum(first, 0)]
            bounded = np.isfinite(bound)
            ends += [np.where(bounded, bound, 0).astype(np.int64), bounded.astype(np.int64)]
        return Fractions(*[*ends, np.zeros(n, dtype=np.bool_), first < 0])

    def _excess(self) -> Coded[Excess | None]:
        """Return the sums of categories of each number that certainly overlap."""
        used = self.in_use[1:].copy()
        if self.question.category is not None:
            # A part of a category is included in that category.
            around = np.flatnonzero(self.selections.around)
            used[self.selections.category] &= ~used[around].any(axis=0)
        return excesses_of(self.cells, used, self.solved.overlaps[: len(self.cells.number)])

    def _parts(self) -> Parts:
        """Return the counts of each country in each row."""
        cells, width, start = self.cells, len(self.categories), self.cells.start
        reported = any_of(cells.counts.reported[:, : cells.size].any(axis=0), start)
        entries: Any = slice(cells.size)
        index: Any = 0, entries
        if width > 1 or not reported.all():
            rows = np.repeat(np.where(reported, np.diff(start), 0), width)
            first, start = np.repeat(start[:-1], width), np.concatenate([[0], np.cumsum(rows)])
            entries = np.arange(start[-1]) + np.repeat(first - start[:-1], rows)
            index = np.repeat(np.tile(np.arange(width), len(self.question.grid)), rows), entries
        sides = self.solved.sides[(slice(None), *index)].split()
        positive = [Side.PART, Side.BASE, Side.FULL_COMPLEMENT, Side.FULL_BASE]
        return Parts(
            start=start,
            members=cells.name.take(entries),
            numerator=sides[Side.PART],
            complement=sides[Side.COMPLEMENT],
            reported=self.full[index],
            kind=Coded.constant(ResultKind.SHARE, len(start) - 1),
            numerator_with_unknown=sides[Side.PART_WITH_UNKNOWN],
            complement_with_unknown=sides[Side.COMPLEMENT_WITH_UNKNOWN],
            unknown=sides[Side.UNKNOWN],
            base=sides[Side.BASE],
            positive_with_unknown=np.any([sides[side].lower > 0 for side in positive], axis=0),
        )


def _by_row(counts: Ranges) -> Ranges:
    """Return categories and numbers as one column, number by number; first the sides."""
    columns = (counts.lower, counts.upper, counts.reported)
    return Ranges(*(own.transpose(0, 2, 1).reshape(len(own), -1) for own in columns))
