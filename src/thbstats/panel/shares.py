"""Panels of shares."""

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.cells import sets_of
from thbstats.panel.context import Excess, Suppressions
from thbstats.panel.contradictions import contradictions_of, figures_of
from thbstats.panel.kind import (
    Base,
    CountKind,
    ResultKind,
    Status,
    category_label,
    common_label,
    share_base,
)
from thbstats.panel.panel import Panel
from thbstats.panel.partitions import OF_VALUE, Side
from thbstats.panel.parts import Parts
from thbstats.panel.share_counts import ShareCounts, ShareQuestion, shares_of
from thbstats.vocabulary import Overlap

Mask = NDArray[np.bool_]

# Members of an enumeration are slow to look up.
_OK, _NOT_REPORTED, _NO_TOTAL, _NO_ROW, _CONFLICTING, _CONTRADICTORY, _AMBIGUOUS = map(int, Status)


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
        index = i * len(self.words) + rows
        if not len(rows) or self.panel.value.missing[index].any():
            return self.counts[rows, i], False
        counts = self.panel.numerator.take(index)
        return Ranges(counts.lower, counts.upper, np.ones(len(index))), True


def category_counts(question: ShareQuestion) -> CategoryCounts:
    """Return the counts of the shares of all categories."""
    own = shares_of(question)
    cells, base, k = own.cells, own.whole[Side.BASE], len(own.selections.recorded)
    unknown_cells = cells.counts[1 + k :, : cells.size].pool(cells.start)
    if len(cells.area):
        unknown_cells = unknown_cells.put(cells.area, own.area_counts[1 + k :])
    return CategoryCounts(
        panel=_panel(own),
        words=[own.selections.recorded[i] for i in own.categories.tolist()],
        used=own.divides,
        counts=own.whole[Side.PART],
        base=Ranges(base.lower.max(axis=0), base.upper.min(axis=0), base.reported.all(axis=0)),
        unknown=own.whole[Side.UNKNOWN, 0],
        unknown_cells=unknown_cells,
        joins=own.selections.joins[own.categories],
        overlaps=own.overlaps,
        suppressed=cells.any(cells.suppressed[1 : 1 + k].any(axis=0)),
        published=cells.expand(np.ones(len(cells.area), dtype=np.bool_)),
        has_total=cells.any(cells.counts.reported[0]),
    )


def share_panel(question: ShareQuestion) -> Panel:
    """Return the shares of one category, or of all categories."""
    return _panel(shares_of(question))


def _panel(own: ShareCounts) -> Panel:
    question, grid, cells, solved = own.question, own.question.grid, own.cells, own.solved
    size, words, labels = len(grid), own.selections.recorded, own.selections.labels
    # The number and the category of each row.
    number, category = np.divmod(np.arange(size * len(own.categories)), len(own.categories))
    category = own.categories[category]
    counted, mixed = cells.kinds()
    status = _status(own, mixed | cells.several)
    gone = status == _AMBIGUOUS
    value, bounds, with_unknown = _numbers(own, gone)
    shown = _by_row(own.value.where(own.some, own.whole[OF_VALUE])).split()
    numerator, denominator, unknown = (
        Fractions.counts(shown[side]) for side in (Side.PART, Side.BASE, Side.UNKNOWN)
    )

    def per_row(column: Any) -> Any:
        return column if len(own.categories) == 1 else column.take(number)

    parts, countries = _parts(own), slice(cells.size)
    reporters, n_reporters = cells.coverage(
        parts.number[parts.reported],
        parts.members.take(parts.reported),
        own.from_area.T.ravel(),
        number,
    )
    expected = sets_of(cells.number[countries], cells.name.take(countries), size)
    base: Coded[Base] = per_row(_bases(own, counted))
    within, used = tuple(question.within.items()), own.used[:, cells.number[countries]]
    keys: dict[str, Coded[str]] = {name: per_row(column) for name, column in grid.keys.items()}
    label = common_label(own.label for own in base.compact().categories)
    label = label or f"counts of {grid.table.kind}"
    caption = f"{label} by {' and '.join(question.names).replace('_', ' ')}"
    if question.category is not None:
        caption = f"share of {category_label(question.category.items())} among {label}"
    else:
        for name in question.names:
            keys[name] = Coded(category, [cell[name] for cell in words])
    named = ["total", *labels]
    wrong, slips = solved.contradictory[: cells.size], solved.discrepant[: cells.size]
    excesses = {
        entry: [(bool(wrong[entry]), figures_of(cells, entry, named, used[:, entry]))]
        for entry in np.flatnonzero(wrong | slips).tolist()
    }
    sharp = own.sharp.T.ravel() & (status != _CONTRADICTORY) & ~gone
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
        expected=per_row(expected),
        sources=per_row(cells.sources),
        breaks=per_row(cells.breaks),
        suppression=_suppression(own),
        excess=per_row(_excess(own)),
        contradictions=per_row(contradictions_of(cells, named, excesses, used)),
        status=status,
        sharp=sharp,
        complete=own.complete.T.ravel() & value.is_point & (status == _OK),
        flags=cells.flags[number],
        n_reporters=n_reporters,
        numerator=numerator,
        denominator=denominator,
        unknown=unknown,
        discrepancy=per_row(_discrepancy(own)),
        value=value,
        bounds=bounds,
        bounds_with_unknown=with_unknown,
        parts=parts,
    )


def _numbers(own: ShareCounts, gone: Mask) -> tuple[Fractions, Fractions, Fractions]:
    """Return value, bounds and bounds with unknown of each row."""
    used, whole, size = _by_row(own.value), _by_row(own.whole), own.some.size

    def rows(bound: str, side: int, with_unknown: int) -> NDArray[Any]:
        values, area = getattr(used, bound), getattr(whole, bound)
        return np.concatenate([values[side], area[side], area[with_unknown]])

    low, high = (
        rows("lower", Side.PART, Side.PART),
        rows("upper", Side.PART, Side.PART_WITH_UNKNOWN),
    )
    others = (
        rows("lower", Side.COMPLEMENT, Side.COMPLEMENT_WITH_UNKNOWN),
        rows("upper", Side.COMPLEMENT, Side.FULL_COMPLEMENT),
    )
    empty = (low == 0) & (rows("lower", Side.COMPLEMENT, Side.FULL_COMPLEMENT) == 0)
    empty &= rows("lower", Side.BASE, Side.FULL_BASE) == 0
    empty[2 * size :] &= whole.lower[Side.BASE] == 0
    shares = Fractions.shares(Ranges(low, high, empty), Ranges(*others, empty), empty)
    shares = shares.without(np.concatenate([~own.some.T.ravel() | gone, gone, gone]))
    value, bounds, with_unknown = (shares.take(slice(i * size, (i + 1) * size)) for i in range(3))
    if len(own.cells.area) or (len(own.question.names) > 1 and own.question.base != "all"):
        # Persons of partly unknown category may be certain not to belong to a category.
        with_unknown = with_unknown.hull(bounds)
    return value, bounds, with_unknown


def _status(own: ShareCounts, mixed: Mask) -> NDArray[np.int8]:
    """Return the status of each row."""
    cells, k, some, listed = own.cells, len(own.selections.recorded), own.some, own.listed
    anything = (listed & own.used).any(axis=0) | own.absent
    no_total = ~listed[0] & listed[1 : 1 + k].any(axis=0)
    status = np.full(some.shape, _NOT_REPORTED, dtype=np.int8)
    status[:, no_total & (own.question.base == "all")] = _NO_TOTAL
    status[:, ~anything] = _NO_ROW
    if own.question.category is None:
        status[~own.divides] = _NO_ROW
    status[~some & own.contradictory] = _CONTRADICTORY
    status[some] = _OK
    conflicts = cells.conflicting[:, : cells.size]
    if conflicts.any():
        own_conflicts = any_of(conflicts[0] | conflicts[1 + own.categories], cells.start)
        alone = np.diff(own.question.grid.start) == 1
        status[some & own_conflicts & alone] = _CONFLICTING
    status[:, mixed] = _AMBIGUOUS
    return status.T.ravel()


def _bases(own: ShareCounts, counted: Coded[CountKind]) -> Coded[Base]:
    """Return the denominators: one per kind of count, with and without overlap."""
    question = own.question
    overlaps = [Overlap.EXCLUSIVE, Overlap.OVERLAPPING]
    if question.overlap is Overlap.NOT_STATED:
        overlaps = [Overlap.NOT_STATED] * 2
    within = tuple(question.within.items())
    kinds = [
        share_base(kind, question.base, question.names, within, overlap)
        for kind in counted.categories
        for overlap in overlaps
    ]
    return Coded(counted.positions * 2 + own.overlaps, kinds)


def _suppression(own: ShareCounts) -> Suppressions:
    """Return the suppressed counts in the value of each row."""
    cells, size = own.cells, len(own.question.grid)
    if not cells.suppressed.any():
        return Suppressions.none(size * len(own.categories))
    values = own.full & ~own.from_area[:, cells.number]
    values[:, cells.size :] = own.full[:, cells.size :]
    used = own.used[:, cells.number]
    used[:, cells.size :] = True
    result = []
    for row, category in enumerate(own.categories.tolist()):
        mask = used & values[row]
        if own.question.base == "all":
            mask[:] = False
            mask[[0, 1 + category]] = values[row]
        result.append(cells.suppressions(mask))
    order = np.arange(size * len(own.categories)).reshape(len(own.categories), size).T.ravel()
    return Suppressions.concat(result).take(order)


def _discrepancy(own: ShareCounts) -> Fractions:
    """Return the total of each number minus its parts, if all are reported."""
    cells, n, countries = own.cells, len(own.question.grid), slice(own.cells.size)
    low, high, values = own.solved.discrepancy
    low, high, values, number = low[countries], high[countries], values[countries], cells.number
    if own.question.base == "mentions" or not values.any():
        return Fractions.none(n)
    certain = values & ((low > 0) | (high < 0))
    mask = values & (certain | ~any_of(certain, cells.start)[number[countries]])
    # The first such country of each number.
    first, entries = np.full(n, -1, dtype=np.intp), np.flatnonzero(mask)[::-1]
    first[number[entries]] = entries
    ends = []
    for side in (low, high):
        bound = side[np.maximum(first, 0)]
        bounded = np.isfinite(bound)
        ends += [np.where(bounded, bound, 0).astype(np.int64), bounded.astype(np.int64)]
    return Fractions(*[*ends, np.zeros(n, dtype=np.bool_), first < 0])


def _excess(own: ShareCounts) -> Coded[Excess | None]:
    """Return the sums of categories of each number that certainly overlap."""
    cells, overlapping, n = (
        own.cells,
        own.solved.overlaps[: len(own.cells.number)],
        len(own.question.grid),
    )
    if own.question.overlap is not None or not overlapping.any():
        return Coded.constant(None, n)
    used = own.used[1:].copy()
    if own.question.category is not None:
        # A part of a category is included in that category.
        around = np.flatnonzero(own.selections.around)
        used[own.selections.category] &= ~used[around].any(axis=0)
    counts, total = cells.counts[1:], cells.counts[0]
    listed = cells.present[1:] | (np.arange(len(overlapping)) < cells.size)
    counts = counts.where(used[:, cells.number] & listed, Ranges.zero(*counts.shape))
    summed = counts.sum()
    entries = np.flatnonzero(overlapping & (summed.lower > total.upper))
    result: list[Excess | None] = [None] * n
    # The countries of a number, or its published area.
    for side in (entries[entries < cells.size], entries[entries >= cells.size]):
        for i in np.unique(cells.number[side]).tolist():
            mine = side[cells.number[side] == i]
            areas = tuple(cells.name.take(mine))
            result[i] = Excess(counted=summed.total(mine), total=total.total(mine), areas=areas)
    return Coded.from_values(result)


def _parts(own: ShareCounts) -> Parts:
    """Return the counts of each country in each row."""
    cells, solved, width, start = own.cells, own.solved, len(own.categories), own.cells.start
    reported = any_of(cells.counts.reported[:, : cells.size].any(axis=0), start)
    entries: Any = slice(cells.size)
    index: Any = 0, entries
    if width > 1 or not reported.all():
        rows = np.repeat(np.where(reported, np.diff(start), 0), width)
        first, start = np.repeat(start[:-1], width), np.concatenate([[0], np.cumsum(rows)])
        entries = np.arange(start[-1]) + np.repeat(first - start[:-1], rows)
        index = np.repeat(np.tile(np.arange(width), len(own.question.grid)), rows), entries
    sides = solved.sides[(slice(None), *index)].split()
    above = (sides[side].lower > 0 for side in (Side.PART, Side.BASE, Side.FULL_COMPLEMENT))
    return Parts(
        start=start,
        members=cells.name.take(entries),
        numerator=sides[Side.PART],
        complement=sides[Side.COMPLEMENT],
        reported=own.full[index],
        kind=Coded.constant(ResultKind.SHARE, len(start) - 1),
        numerator_with_unknown=sides[Side.PART_WITH_UNKNOWN],
        complement_with_unknown=sides[Side.COMPLEMENT_WITH_UNKNOWN],
        unknown=sides[Side.UNKNOWN],
        base=sides[Side.BASE],
        positive_with_unknown=np.logical_or.reduce(list(above)),
    )


def _by_row(counts: Ranges) -> Ranges:
    """Return categories and numbers as one column, number by number; first the sides."""
    columns = (counts.lower, counts.upper, counts.reported)
    return Ranges(*(own.transpose(0, 2, 1).reshape(len(own), -1) for own in columns))
