"""Shares as a panel, with one row for each category of each number.

Two countries have victims of unknown sex. The rows are in the order of the numbers:

>>> import thbstats as thb
>>> from thbstats.panel.grid import grid_of
>>> counts = ("FR", 6, 4, 0), ("IT", 2, 5, 1)
>>> table = thb.CountTable.from_rows(
...     [(area, *pair) for area, *own in counts for pair in zip(("female", "male", "unknown"), own)]
...     + [("FR", "total", 10), ("IT", "total", 8)],
...     columns=["area", "sex", "value"], kind="victims", period=2020,
... )
>>> panel = share_panel(ShareQuestion(
...     grid=grid_of(table, by="area", area=None, period=None, attributes={}), base="known",
...     names=("sex",), category=None, within={}, overlap=None,
... ))
>>> for row in panel:
...     print(row.area.code, row.label, row.value, row.bounds_with_unknown)
FR female 3/5 3/5
FR male 2/5 2/5
IT female 2/7 1/4 to 3/8
IT male 5/7 5/8 to 3/4
"""

from functools import lru_cache
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Fractions, Index, Mask, Ranges
from thbstats.columns.ranges import any_of
from thbstats.languages import Message, capitalised
from thbstats.panel.category_names import lowered, people_name
from thbstats.panel.cell_metadata import (
    count_kinds,
    coverage_of,
    flagged_breaks,
    flags_of,
    sets_of,
    sources_of,
    suppressions_of,
)
from thbstats.panel.context import Suppressions
from thbstats.panel.contradictory_shares import (
    contradictions_of_shares,
    discrepancies_of_shares,
    overlaps_of_shares,
)
from thbstats.panel.kind import (
    Base,
    CountKind,
    ResultKind,
    Status,
    breakdown_name,
    common_label,
    count_label,
)
from thbstats.panel.panel import Panel
from thbstats.panel.pooled_shares import PooledShares, rows_of_values
from thbstats.panel.share_bounds import OF_VALUE, Side
from thbstats.panel.share_corners import ShareCorners
from thbstats.panel.share_parts import parts_of_shares
from thbstats.panel.share_proofs import attained_bounds
from thbstats.panel.share_questions import ShareQuestion
from thbstats.panel.systems import with_reading
from thbstats.records.kind_schema import KIND_TITLES


@lru_cache(maxsize=1024)
def _people_name(cell: tuple[tuple[str, str], ...]) -> str:
    return people_name(dict(cell))


def share_panel(question: ShareQuestion) -> Panel:
    """Return the shares of one category, or of all categories.

    A row of a sub-form is the share of this category alone where a country lists its wider form.
    """
    shares = Shares(question)
    if question.category is not None or not shares.nested.any():
        return shares.panel
    panel, width, nested = shares.panel, len(shares.categories), shares.read.any(shares.nested)
    parts, order = [panel], np.arange(len(panel))
    for c in np.flatnonzero(nested.any(axis=1)).tolist():
        alone = Shares(evolve(question, category=shares.words[c])).panel
        own, first = np.arange(c, len(panel), width), sum(len(part) for part in parts)
        order[own] = np.where(nested[c], first + np.arange(len(own)), own)
        parts.append(evolve(alone, keys=panel.take(own).keys))
    return evolve(Panel.concat(parts).take(order), caption=panel.caption)


class Shares(PooledShares):
    """Shares of c categories for n numbers."""

    @property
    def is_free(self) -> Mask:
        """The numbers whose categories no other count restricts, shape (n,)."""
        panel = self.panel.take(np.arange(len(self.overlaps)) * len(self.used))
        points = (self.counts.is_point | ~self.used).all(axis=0)
        alone = panel.area.table(lambda own: len(own.members) == 1, np.bool_)
        published = self.read.cells.expand(np.ones(len(self.read.cells.area), dtype=np.bool_))
        alone |= published & (panel.parts.sizes == 0)
        restricted = self.read.any(self.read.windows.counts.reported[0]) & self.suppressed
        return ~self.overlaps & (points | (alone & ~restricted))

    @property
    def leaves_room(self) -> Mask:
        """The numbers whose total allows each value of all categories within their bounds, (n,)."""
        total, unknown = self.whole[Side.FULL_BASE, 0], self.unknown
        parts = self.counts.where(self.used, Ranges.zero(*self.used.shape))
        result = parts.upper.sum(axis=0) + unknown.lower <= total.upper
        return np.asarray(result & (parts.lower.sum(axis=0) + unknown.upper >= total.lower))

    def reported(self, i: int) -> tuple[Ranges, bool]:
        """Return the categories of one number, and a flag for complete reports.

        They are those of the countries that reported each category, or else of the whole area.
        """
        rows, entries = np.flatnonzero(self.used[:, i]), self._reporting(i)
        part = self.sides[Side.PART][rows]
        index = i * len(self.used) + rows
        if len(rows) and not self.panel.value.missing[index].any():
            counts = self.panel.numerator.take(index)
            return Ranges(counts.lower, counts.upper, np.ones(len(index))), True
        if not len(rows) or not len(entries):
            return self.counts[rows, i], False
        return part[:, entries].sum(axis=1), True

    @cached_property
    def _positions(self) -> tuple[Index, Index]:
        """The number and the known category of each row: a number has one row per category."""
        width = len(self.categories)
        number, category = np.divmod(np.arange(len(self.question.grid) * width), width)
        return number, self.categories[category]

    def _per_row(self, column: Any) -> Any:
        """Return a column of numbers for all rows."""
        return column if len(self.categories) == 1 else column.take(self._positions[0])

    @cached_property
    def panel(self) -> Panel:
        """The shares as a panel: for each number one row per category."""
        grid, cells, (number, _) = self.question.grid, self.read.cells, self._positions
        counted, mixed = count_kinds(cells)
        status = self._status(mixed | cells.several)
        is_ambiguous, has_value = status == Status.AMBIGUOUS, status == Status.OK
        value, bounds, with_unknown = self._numbers(is_ambiguous)
        # Numbers without a value show the counts of their bounds.
        shown = _by_row(self.value.where(self.complete.some, self.whole[OF_VALUE]))
        shown = shown[[Side.PART, Side.BASE, Side.UNKNOWN]]
        numerator, denominator, unknown = Fractions.counts(shown).split()
        parts = parts_of_shares(self)
        reporters, n_reporters = coverage_of(
            rows_of_values(self.solved, cells),
            parts.number[parts.reported],
            parts.members.take(parts.reported),
            self.complete.from_area.T.ravel(),
            number,
        )
        members = np.repeat(np.arange(len(grid)), self.read.sizes)
        excess = None if self.question.overlap is not None else overlaps_of_shares(self)
        return Panel(
            indicator=Coded.constant("share", len(number)),
            kind=Coded.constant(ResultKind.SHARE, len(number)),
            area=self._per_row(grid.area),
            period=self._per_row(grid.period_of_numbers),
            numerator_kind=self._per_row(counted),
            denominator_kind=self._per_row(counted),
            reporters=reporters,
            expected=self._per_row(sets_of(members, self.read.member, len(grid))),
            sources=self._per_row(sources_of(cells)),
            breaks=self._per_row(flagged_breaks(cells)),
            suppression=self._suppression(),
            excess=Coded.constant(None, len(number)) if excess is None else self._per_row(excess),
            contradictions=self._per_row(contradictions_of_shares(self)),
            status=status,
            bounds_attained=attained_bounds(self).T.ravel()
            & (status != Status.CONTRADICTORY)
            & ~is_ambiguous,
            complete=self._has_all_data.T.ravel() & value.is_point & has_value,
            derived=self._derived.T.ravel() & has_value,
            flags=flags_of(cells)[number],
            n_reporters=n_reporters,
            numerator=numerator,
            denominator=denominator,
            unknown=unknown,
            not_listed=Fractions.counts(_by_row(self.whole[Side.NOT_LISTED :])[0]),
            discrepancy=self._per_row(discrepancies_of_shares(self)),
            value=value,
            bounds=bounds,
            bounds_with_unknown=with_unknown,
            parts=parts,
            **self._texts(counted),
        )

    def _texts(self, counted: Coded[CountKind]) -> dict[str, Any]:
        """Return the columns of the panel with the categories and names of each row.

        `counted` are the kinds of count of the numbers.
        """
        question, grid, (_, category) = self.question, self.question.grid, self._positions
        words, inside = self.selections.recorded, self._per_row(question.inside)
        base: Coded[Base] = self._per_row(question.bases(counted, self.overlaps))
        people = base.map(lambda own: own.label)
        if question.category is None:
            people = self._per_row(counted).combine(inside, count_label)
        label = common_label(people.compact().categories) or lowered(KIND_TITLES[grid.table.kind])
        keys = {name: self._per_row(column) for name, column in grid.keys.items()}
        if question.category is not None:
            name = _people_name(tuple(question.category.items()))
            caption: str = Message("{category} among {counted}", category=name, counted=label)
        else:
            caption = breakdown_name(label, question.names, question.base)
            for name in question.names:
                keys[name] = Coded(category, [cell[name] for cell in words])
        pairs = Coded(category, [tuple(cell.items()) for cell in words])
        people_names = Coded(category, map(_people_name, pairs.categories))

        def estimand(item: Base, own: str) -> str:
            text = Message("{category} among {counted}", category=own, counted=item.label)
            return with_reading(text, grid.reading)

        return {
            "caption": capitalised(caption),
            "keys": keys,
            "label": Coded(category, self.selections.labels),
            "estimand": base.combine(people_names, estimand),
            "category": inside.combine(pairs, lambda own, cell: tuple(dict([*own, *cell]).items())),
            "base": base,
        }

    @property
    def _has_all_data(self) -> Mask:
        """The numbers for which all countries have complete, consistent and exact data, (c, n)."""
        points = self.solved.sides[: Side.BASE].is_point.all(axis=0) & ~self.solved.discrepant
        exact = self.complete.by_country & points[:, self.read.entries].all(axis=1)
        sizes = self.question.grid.sizes
        every = ~any_of(~exact, self.read.start) & (self.read.sizes == sizes) & (sizes > 0)
        return np.where(self.complete.from_area, self.complete.all_listed, every)

    @property
    def _derived(self) -> Mask:
        """Whether a value of each number follows from other rows of a country, shape (c, n)."""
        cells, derived = self.read.windows, self.read.windows.derived
        slots = self.selections.cells[self.categories]
        follows = derived[0] | derived[slots] | (cells.row[slots] < 0)
        if self.question.base != "all":
            for unknown in self.selections.unknown_of(self.categories):
                follows = follows | derived[unknown]
        follows = follows & self.complete.entries
        if len(cells.area):
            # A published area has the value of its numbers, and not the countries.
            has_area = cells.expand(self.complete.entries[:, cells.areas])
            follows[:, cells.countries] &= ~has_area[:, cells.number[cells.countries]]
        return self.read.any(follows)

    def _numbers(self, is_ambiguous: Mask) -> tuple[Fractions, Fractions, Fractions]:
        """Return value, bounds and bounds with unknown of each row."""
        whole = _by_row(self.whole)
        corners = [ShareCorners.of(_by_row(self.value))]
        corners += [ShareCorners.of(whole), ShareCorners.with_unknown(whole)]
        value, bounds, with_unknown = ShareCorners._stack(corners).shares().split()
        if len(self.read.cells.area) or self.question.grid.reading == "published":
            # Counts that contradict each other can limit one of these bounds only.
            with_unknown = with_unknown.hull(bounds)
        has_none = ~self.complete.some.T.ravel() | is_ambiguous
        return (
            value.without(has_none),
            bounds.without(is_ambiguous),
            with_unknown.without(is_ambiguous),
        )

    def _status(self, mixed: Mask) -> NDArray[np.int8]:
        """Return the status of each row."""
        some, windows = self.complete.some, self.read.windows
        conflicts = windows.conflicting[self.selections.cells[self.categories]]
        conflicts = conflicts | windows.conflicting[0]
        of_area = conflicts & (np.arange(conflicts.shape[1]) >= windows.size)
        alone = self.question.grid.sizes == 1
        status = np.full(some.shape, Status.OK, dtype=np.int8)
        if not some.all():
            status[~some] = self._reason_for_none()[~some]
        from_area = self.complete.from_area & self.read.any(of_area)
        status[(some & self.read.any(conflicts) & alone) | from_area] = Status.CONFLICTING
        status[:, mixed] = Status.AMBIGUOUS
        return status.T.ravel()

    def _reason_for_none(self) -> NDArray[np.int8]:
        """Return the status of numbers without complete and consistent data, (c, n)."""
        windows = self.read.windows
        slots, in_use = self.selections.cells, self.choice.in_use[:, windows.published]
        listed, known = (
            self.read.any(windows.present),
            self.read.any(windows.present[slots] & in_use),
        )
        anything = listed[0] | known.any(axis=0) | self.read.absent
        anything = anything | listed[self.selections.unknown].any(axis=0)
        no_total = ~listed[0] & known.any(axis=0)
        # Rows of further dimensions, such as women and girls by citizenship, without their total.
        divided = self.read.any(windows.row[slots] >= 0).any(axis=0) & ~anything
        contradictory = self.read.any(self.solved.contradictory[..., windows.published])
        status = np.full(self.complete.some.shape, Status.NOT_REPORTED, dtype=np.int8)
        status[:, ~anything] = Status.NO_DATA
        status[:, (no_total & (self.question.base == "all")) | divided] = Status.NO_TOTAL
        if self.question.category is None:
            status[~self.used] = Status.NO_DATA
        status[contradictory] = Status.CONTRADICTORY
        return status

    def _suppression(self) -> Suppressions:
        """Return the suppressed counts in the value of each row."""
        cells, n, width = self.read.windows, len(self.question.grid), len(self.categories)
        if not cells.suppressed.any():
            return Suppressions.none(n * width)
        # 1. The countries in the value of each category, and the areas that have it, (c, e).
        from_area = np.repeat(self.complete.from_area, len(self.read.numbers), axis=1)
        in_value = self.complete.entries & ~from_area[:, cells.number]
        in_value[:, cells.areas] = self.complete.entries[:, cells.areas]
        # 2. The counts of the denominator, (s, e).
        slots, in_use = self.selections.cells, self.choice.in_use[:, cells.published]
        used = np.zeros(cells.row.shape, dtype=np.bool_)
        used[0] = used[self.selections.unknown] = used[:, cells.areas] = True
        used[slots, cells.countries] = in_use[:, cells.countries]
        result = []
        for slot, entries in zip(slots[self.categories], in_value, strict=True):
            counts = used & entries
            if self.question.base == "all":
                counts = np.zeros_like(used)
                counts[[0, slot]] = entries
            result.append(suppressions_of(self.read.cells, counts))
        by_number = np.arange(n * width).reshape(width, n).T.ravel()
        return Suppressions.concat(result).take(by_number)


def _by_row(counts: Ranges) -> Ranges:
    """Return counts of s sides, (s, c, n), as columns of rows, (s, n * c), number by number."""
    return Ranges(*(own.transpose(0, 2, 1).reshape(len(own), -1) for own in counts.arrays))
