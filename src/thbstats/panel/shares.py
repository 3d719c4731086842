"""Panels of shares, pooled over countries."""

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.aggregates import (
    aggregates_of,
)
from thbstats.panel.cells import CountReader, countries_of
from thbstats.panel.panel import Panel
from thbstats.panel.partitions import partition
from thbstats.panel.selections import (
    ShareQuestion,
    categories_in_use,
    division_of,
    require_categories,
    selections_of,
)
from thbstats.panel.share_rows import ShareRows, read_cells
from thbstats.panel.status import Status

__all__ = ["CategoryCounts", "category_counts", "share_panel"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


def share_panel(question: ShareQuestion) -> Panel:
    """Return the shares of one category, or of all categories."""
    return _solve(question)[0]


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
        first = np.arange(len(self.overlaps)) * len(self.words)
        panel = self.panel.take(first)
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
    panel, rows, part, base, unknown = _solve(question)
    pool, selections, published = rows.pool, rows.selections, rows.published
    k, start = len(selections.recorded), pool.start
    cells = pool.cells.counts[1 + k :].pool(start)
    suppressed = any_of(pool.cells.suppressed[1 : 1 + k].any(axis=0), start)
    from_area = np.zeros(len(question.grid), dtype=np.bool_)
    overlaps = any_of(rows.solved.overlaps, start)
    has_total = any_of(pool.cells.counts.reported[0], start)
    if published is not None:
        at, own = published.aggregates.number, published.aggregates
        suppressed[at] |= own.cells.suppressed[1 : 1 + k].any(axis=0)
        cells = cells.put(at, own.whole.counts[1 + k :])
        from_area[at] = own.cells.present.any(axis=0)
        overlaps = overlaps | published.overlaps
        has_total[at] |= own.cells.counts.reported[0]
    return CategoryCounts(
        panel=panel,
        words=[selections.recorded[i] for i in rows.categories.tolist()],
        used=rows.use[0][rows.categories],
        counts=part,
        base=Ranges(base.lower.max(axis=0), base.upper.min(axis=0), base.reported.all(axis=0)),
        unknown=unknown[0],
        unknown_cells=cells,
        joins=selections.joins[rows.categories],
        overlaps=overlaps,
        suppressed=suppressed,
        published=from_area,
        has_total=has_total,
    )


def _solve(question: ShareQuestion) -> tuple[Panel, ShareRows, Ranges, Ranges, Ranges]:
    """Return the shares with part, denominator and unknown of the whole area."""
    grid, selections = question.grid, selections_of(question)
    reader = CountReader(grid, question.names, question.within)
    asked = [selections.total, *selections.recorded, *selections.unknown]
    cells, several = reader.read(asked)
    require_categories(question, selections, cells, reader)
    pool = countries_of(grid, cells)
    aggregates = aggregates_of(grid, reader, asked, pool)
    listed = pool.listed if aggregates is None else pool.listed | aggregates.listed
    use = categories_in_use(question, selections, listed)
    division = division_of(question, selections, pool.cells, pool.number, use)
    if selections.category is None:
        in_use = use[0].any(axis=1)
        categories = np.flatnonzero(in_use if in_use.any() else ~in_use)
    else:
        categories = np.array([selections.category])
    joins = selections.joins[categories]
    solved = partition(division, question.base, categories, joins)
    published = None
    if aggregates is not None:
        published = aggregates.solve(
            lambda own, number: division_of(question, selections, own, number, use),
            question.base,
            categories,
            joins,
        )
    counted, mixed = reader.kinds(*zip(*read_cells(pool, published), strict=True))
    rows = ShareRows(
        question=question,
        selections=selections,
        reader=reader,
        pool=pool,
        solved=solved,
        use=use,
        categories=categories,
        published=published,
        numerator_kind=counted,
        mixed=mixed | any_of(several, grid.start),
        absent=any_of(cells.absent.any(axis=0), grid.start),
    )
    numbers, part, base, unknown = _numbers(rows)
    return rows.panel(**numbers), rows, part, base, unknown


def _shares(part: Ranges, complement: Ranges, base_low: NDArray[np.int64]) -> Fractions:
    empty = (part.lower == 0) & (complement.lower == 0) & (base_low == 0)
    return Fractions.shares(part, complement, empty)


def _flat(counts: Ranges) -> Ranges:
    """Return categories and numbers as one column, number by number."""
    return Ranges(counts.lower.T.ravel(), counts.upper.T.ravel(), counts.reported.T.ravel())


_REGION = ("part", "complement", "part_with_unknown", "complement_with_unknown", "full_complement")
_SHOWN = {"part": "numerator", "complement": "", "base": "denominator", "unknown": "unknown"}
"""The counts of a value, and their columns in a panel."""


def _numbers(rows: ShareRows) -> tuple[dict[str, Any], Ranges, Ranges, Ranges]:
    """Return the numbers of a panel, and part, denominator and unknown of the area."""
    pool, solved, published = rows.pool, rows.solved, rows.published
    question, selections, use, categories = (
        rows.question,
        rows.selections,
        rows.use,
        rows.categories,
    )
    start, width = pool.start, len(categories)
    full = solved.part.reported & solved.complement.reported
    if selections.category is None:
        # Shares of one breakdown use the same countries.
        own = use[0][categories][:, pool.number]
        full = (full | ~own).all(axis=0) & own
    any_full = any_of(full, start)
    names = (*_REGION, "base", "base" if question.base == "all" else "full_base")
    sides = {name: getattr(solved, name) for name in names}
    sides["unknown"] = Ranges.stack([solved.unknown] * width)
    whole = {name: side.pool(start) for name, side in sides.items()}
    used = {name: sides[name].pool(start, full) for name in _SHOWN}
    sharp = ~any_of(~solved.sharp, start)
    from_area = np.zeros(any_full.shape, dtype=np.bool_)
    divides = use[0][categories]
    if published is not None:
        from_area = published.has_value(divides, together=selections.category is None)
        whole = {name: published.clip(side, name) for name, side in whole.items()}
        partly = any_of(~full, start)
        used = {
            name: published.value(own, name, whole[name], from_area=from_area, partly=partly)
            for name, own in used.items()
        }
        sharp = published.sharp(sharp, np.asarray(any_of(pool.cells.present, start).any(axis=0)))
    if selections.category is None and not divides.all():
        # A category that does not divide the total of a number has no bounds.
        nothing = Ranges.missing(*divides.shape)
        whole |= {name: whole[name].where(divides, nothing) for name in _REGION}
    some = any_full | from_area
    flat = {name: _flat(whole[name]) for name in dict.fromkeys(names)}
    value = _shares(_flat(used["part"]), _flat(used["complement"]), _flat(used["base"]).lower)
    bounds = _shares(flat["part"], flat["complement"], flat["base"].lower)
    least = np.maximum(flat["base"].lower, flat[names[-1]].lower)
    low = _shares(flat["part"], flat["full_complement"], least)
    high = _shares(flat["part_with_unknown"], flat["complement_with_unknown"], least)
    with_unknown = Fractions(
        low.lower_num,
        low.lower_den,
        high.upper_num,
        high.upper_den,
        low.undefined,
        low.missing,
    )
    if published is not None or (len(question.names) > 1 and question.base != "all"):
        # Persons of partly unknown category may be certain not to belong to a category.
        with_unknown = with_unknown.hull(bounds)
    status = rows.status(full, some)
    gone = status == Status.AMBIGUOUS
    formatted = {
        column: Fractions.counts(_flat(used[name].where(some, whole[name])))
        for name, column in _SHOWN.items()
        if column
    }
    numbers = {
        "status": status,
        "full": full,
        "from_area": from_area,
        "value": value.without(~some.T.ravel() | gone),
        "bounds": bounds.without(gone),
        "bounds_with_unknown": with_unknown.without(gone),
        "sharp": sharp.T.ravel(),
        **formatted,
    }
    return numbers, whole["part"], whole["base"], whole["unknown"]
