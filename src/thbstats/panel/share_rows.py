"""The rows of a panel of shares."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.aggregates import (
    SolvedAggregates,
    coverage,
    suppression,
)
from thbstats.panel.cells import CountCells, CountReader, Countries, sets_of, suppressions
from thbstats.panel.context import Contradiction, Excess, Suppressions
from thbstats.panel.contradictions import contradictions_of, figures_of
from thbstats.panel.grid import PanelGrid
from thbstats.panel.kind import ResultKind, category_label, share_base
from thbstats.panel.panel import Panel
from thbstats.panel.partitions import Partition
from thbstats.panel.parts import Parts
from thbstats.panel.selections import Selections, ShareQuestion
from thbstats.panel.status import Status
from thbstats.vocabulary import Overlap

__all__ = ["ShareRows", "read_cells"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


@frozen(kw_only=True, eq=False)
class ShareRows:
    """Rows of a panel of shares."""

    question: ShareQuestion
    selections: Selections
    reader: CountReader
    pool: Countries
    solved: Partition
    use: tuple[Mask, Mask, Mask]
    categories: Index
    published: SolvedAggregates | None
    numerator_kind: Coded[Any]
    mixed: Mask
    absent: Mask

    @property
    def grid(self) -> PanelGrid:
        """The numbers."""
        return self.question.grid

    @cached_property
    def number(self) -> Index:
        """The number of each row."""
        return np.repeat(np.arange(len(self.grid)), len(self.categories))

    @cached_property
    def cell(self) -> Index:
        """The category of each row."""
        return np.tile(self.categories, len(self.grid))

    @property
    def read(self) -> list[tuple[CountCells, Index]]:
        """All counts that were read, with the number of each entry."""
        return read_cells(self.pool, self.published)

    def status(self, full: Mask, some: Mask) -> NDArray[np.int8]:
        """Return the status of each row."""
        pool, k = self.pool, len(self.selections.recorded)
        listed = pool.listed.copy()
        if self.published is not None:
            listed |= self.published.aggregates.listed
        in_use = np.concatenate([np.ones_like(listed[:1]), self.use[0], self.use[1]])
        anything = (listed & in_use).any(axis=0) | self.absent
        no_total = ~listed[0] & listed[1 : 1 + k].any(axis=0)
        wrong = any_of(self.solved.contradictory, pool.start)
        if self.published is not None:
            wrong |= self.published.contradictory
        conflicts = self.reader.conflicting(pool.cells)
        alone = np.diff(self.grid.start) == 1
        own = any_of(conflicts[0] | conflicts[1 + self.categories], pool.start)
        status = np.full(some.shape, Status.NOT_REPORTED, dtype=np.int8)
        status[:, no_total & (self.question.base == "all")] = Status.NO_TOTAL
        status[:, ~anything] = Status.NO_ROW
        if self.selections.category is None:
            status[~self.use[0][self.categories]] = Status.NO_ROW
        status[~some & wrong] = Status.CONTRADICTORY
        status[some] = Status.OK
        status[some & own & alone] = Status.CONFLICTING
        status[:, self.mixed] = Status.AMBIGUOUS
        return status.T.ravel()

    def panel(
        self,
        *,
        status: NDArray[np.int8],
        full: Mask,
        from_area: Mask,
        value: Fractions,
        sharp: Mask,
        **numbers: Any,
    ) -> Panel:
        """Return the panel."""
        question, grid = self.question, self.grid
        size = len(grid) * len(self.categories)
        words = self.selections.recorded
        parts = self._parts(full)
        reporters, expected, n_reporters = self._coverage(parts, from_area)
        complete = self._complete(full, from_area, value, status)
        contradictions = self._contradictions()
        discrepancy = self._discrepancy(full)
        within = tuple(question.within.items())
        categories = Coded(self.cell, [tuple({**dict(within), **cell}.items()) for cell in words])
        counted = self.numerator_kind.take(self.number)
        base = self._base(counted)
        keys = {name: column.take(self.number) for name, column in grid.keys.items()}
        if question.category is None:
            for name in question.names:
                keys[name] = Coded(self.cell, [cell[name] for cell in words])
        estimand = Coded(
            base.positions * len(words) + self.cell,
            [
                f"{category_label(cell.items())} among {own.label}"
                for own in base.categories
                for cell in words
            ],
        )
        return Panel(
            caption=_caption(question, words, base),
            keys=keys,
            indicator=Coded.constant("share", size),
            kind=Coded.constant(ResultKind.SHARE, size),
            label=Coded(self.cell, self.selections.labels),
            estimand=estimand,
            category=categories,
            base=base,
            area=grid.area.take(self.number),
            period=grid.periods[0].take(self.number),
            numerator_kind=counted,
            denominator_kind=counted,
            reporters=reporters,
            expected=expected,
            sources=self.reader.sources(*zip(*self.read, strict=True)).take(self.number),
            breaks=self.reader.breaks().take(self.number),
            suppression=self._suppression(full, from_area),
            excess=self._excess(),
            contradictions=contradictions,
            status=status,
            sharp=sharp & (status != Status.CONTRADICTORY) & (status != Status.AMBIGUOUS),
            complete=complete,
            flags=self.reader.flags(*zip(*self.read, strict=True))[self.number],
            n_reporters=n_reporters,
            discrepancy=discrepancy,
            value=value,
            parts=parts,
            **numbers,
        )

    def _base(self, counted: Coded[Any]) -> Coded[Any]:
        """Return the denominators: one per kind of count, with and without overlap."""
        question, pool = self.question, self.pool
        over = any_of(self.solved.overlaps, pool.start)
        if self.published is not None:
            over |= self.published.overlaps
        stated = question.overlap is Overlap.NOT_STATED
        kinds = [
            share_base(
                kind,
                question.base,
                question.names,
                tuple(question.within.items()),
                Overlap.NOT_STATED if stated else overlap,
            )
            for kind in counted.categories
            for overlap in (Overlap.EXCLUSIVE, Overlap.OVERLAPPING)
        ]
        return Coded(counted.positions * 2 + over[self.number], kinds)

    def _coverage(
        self, parts: Parts, from_area: Mask
    ) -> tuple[Coded[Any], Coded[Any], NDArray[np.intp]]:
        pool, given = self.pool, parts.number[parts.reported]
        reporters = sets_of(given, parts.members.take(parts.reported), len(parts))
        number = np.bincount(given, minlength=len(parts))
        expected = sets_of(pool.number, pool.member, len(self.grid)).take(self.number)
        if self.published is not None:
            reporters, number = coverage(
                self.published.aggregates, reporters, number, from_area.T.ravel(), self.number
            )
        return reporters, expected, number

    def _complete(
        self, full: Mask, from_area: Mask, value: Fractions, status: NDArray[np.int8]
    ) -> Mask:
        pool, solved = self.pool, self.solved
        exact = full & solved.part.is_point & solved.complement.is_point & ~solved.discrepant
        every = ~any_of(~exact, pool.start) & (np.diff(pool.start) == np.diff(self.grid.start))
        every &= np.diff(self.grid.start) > 0
        complete = every.T.ravel() & value.is_point & (status == Status.OK)
        if self.published is not None:
            listed = self.published.aggregates.all_reported[self.number]
            complete |= from_area.T.ravel() & listed & value.is_point & (status == Status.OK)
        result: Mask = complete
        return result

    def _suppression(self, full: Mask, from_area: Mask) -> Suppressions:
        pool, size = self.pool, len(self.grid)
        if self.published is None and not pool.cells.suppressed.any():
            return Suppressions.none(size * len(full))
        result = []
        for row, cell in enumerate(self.categories.tolist()):
            if self.question.base == "all":
                mask = np.zeros(pool.cells.row.shape, dtype=np.bool_)
                mask[[0, 1 + cell]] = full[row]
            else:
                used = np.concatenate([np.ones_like(self.use[0][:1]), self.use[0], self.use[1]])
                mask = used[:, pool.number] & full[row]
            mask &= ~from_area[row][pool.number]
            own = suppressions(pool.cells, pool.number, mask, pool.member, size)
            if self.published is not None:
                read = [0, 1 + cell] if self.question.base == "all" else range(len(pool.cells.row))
                own = suppression(self.published.aggregates, own, from_area[row], read)
            result.append(own)
        joined = Suppressions.concat(result)
        return joined.take(np.arange(size * len(result)).reshape(len(result), size).T.ravel())

    def _discrepancy(self, full: Mask) -> Fractions:
        """Return the total minus its parts if all are reported."""
        low, high, given = self.solved.discrepancy
        pool = self.pool
        if self.question.base == "mentions" or not given.any():
            return Fractions.none(len(self.number))
        certain = given & ((low > 0) | (high < 0))
        mask = given & (certain | ~any_of(certain, pool.start)[pool.number])
        first = np.full(len(self.grid), -1, dtype=np.intp)
        entries = np.flatnonzero(mask)[::-1]
        first[pool.number[entries]] = entries
        ends = []
        for side in (low, high):
            own = side[np.maximum(first, 0)]
            bounded = np.isfinite(own)
            ends += [np.where(bounded, own, 0).astype(np.int64), bounded.astype(np.int64)]
        undefined = np.zeros(len(self.grid), dtype=np.bool_)
        return Fractions(*[*ends, undefined, first < 0]).take(self.number)

    def _excess(self) -> Coded[Any]:
        """Return the sums of categories that certainly overlap."""
        pool, solved, published = self.pool, self.solved, self.published
        by_area = published is not None and bool(published.stated.overlaps.any())
        if self.question.overlap is not None or not (solved.overlaps.any() or by_area):
            return Coded.constant(None, len(self.number))
        recorded = self.use[0].copy()
        if self.selections.category is not None:
            # A part of a category is included in that category.
            wider = (recorded & self.selections.around[:, np.newaxis]).any(axis=0)
            recorded[self.selections.category] &= ~wider
        in_use = np.concatenate([recorded, self.use[1]])
        used = in_use[:, pool.number]
        counts = pool.cells.counts[1:].where(used, Ranges.zero(*used.shape))
        summed = counts.sum(axis=0)
        over = np.flatnonzero(solved.overlaps & (summed.lower > pool.cells.counts[0].upper))
        result: list[Excess | None] = [None] * len(self.grid)
        for i in np.unique(pool.number[over]).tolist():
            entries = over[pool.number[over] == i]
            mask = np.zeros(len(pool.number), dtype=np.bool_)
            mask[entries] = True
            result[i] = Excess(
                counted=summed.total(mask),
                total=pool.cells.counts[0].total(mask),
                areas=tuple(pool.member[entry] for entry in entries.tolist()),
            )
        if published is not None:
            cells, number = published.aggregates.cells, published.aggregates.number
            for entry in np.flatnonzero(published.stated.overlaps).tolist():
                i = int(number[entry])
                listed = in_use[:, i] & cells.present[1:, entry]
                counted, total = cells.counts[1:, entry].total(listed), cells.counts[0]
                if counted.lower > total.upper[entry]:
                    area = (self.grid.area[i].code,)
                    result[i] = Excess(counted=counted, total=total.interval(entry), areas=area)
        return Coded.from_values(result).take(self.number)

    def _contradictions(self) -> Coded[tuple[Contradiction, ...]]:
        solved, cells = self.solved, self.pool.cells
        used = np.concatenate([np.ones_like(self.use[0][:1]), self.use[0], self.use[1]])
        used = used[:, self.pool.number]
        words = ["total", *self.selections.labels]
        excesses = {
            entry: [(bool(solved.contradictory[entry]), figures_of(cells, entry, words, own))]
            for entry in np.flatnonzero(solved.contradictory | solved.discrepant).tolist()
            for own in (used[:, entry],)
        }
        result = contradictions_of(self.reader, self.pool, words, excesses, used=used)
        return result.take(self.number)

    def _parts(self, full: Mask) -> Parts:
        """Return the counts of each country in each row."""
        pool, width = self.pool, len(self.categories)
        reported = any_of(pool.cells.counts.reported.any(axis=0), pool.start)
        sizes = np.where(reported, np.diff(pool.start), 0)
        rows = np.repeat(sizes, width)
        start = np.concatenate([[0], np.cumsum(rows)])
        first = np.repeat(pool.start[:-1], width)
        entries = np.arange(start[-1]) + np.repeat(first - start[:-1], rows)
        column = np.repeat(np.tile(np.arange(width), len(self.grid)), rows)
        solved = self.solved
        filled = (
            (solved.base.lower > 0) | (solved.part.lower > 0) | (solved.full_complement.lower > 0)
        )
        return Parts(
            start=start,
            members=pool.member.take(entries),
            numerator=solved.part[column, entries],
            complement=solved.complement[column, entries],
            reported=full[column, entries],
            kind=Coded.constant(ResultKind.SHARE, len(start) - 1),
            numerator_with_unknown=solved.part_with_unknown[column, entries],
            complement_with_unknown=solved.complement_with_unknown[column, entries],
            unknown=solved.unknown[entries],
            base=solved.base[column, entries],
            positive_with_unknown=filled[column, entries],
        )


def read_cells(
    pool: Countries, published: SolvedAggregates | None
) -> list[tuple[CountCells, Index]]:
    """Return all counts of a query, with the number of each entry."""
    result = [(pool.cells, pool.number)]
    if published is not None:
        result.append((published.aggregates.cells, published.aggregates.number))
    return result


def _caption(question: ShareQuestion, words: Sequence[Mapping[str, str]], base: Coded[Any]) -> str:
    label = base[0].label if len(base) else "victims"
    if question.category is None:
        return f"{label} by {' and '.join(question.names)}"
    return f"share of {category_label(question.category.items())} among {label}"
