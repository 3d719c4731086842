"""Contradictions between counts."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.panel.cells import Cells, read_cells
from thbstats.panel.context import Contradiction, Excess
from thbstats.panel.grid import UNKNOWN, PanelGrid, widest
from thbstats.panel.partitions import Division, excess_of

Mask = NDArray[np.bool_]

Excesses = dict[int, list[tuple[bool, str]]]
"""By country with parts above their total: whether above the tolerance, and the figures."""

EXCLUSIVE = frozenset({"sex", "age"})
"""Dimensions with one category per person."""

# The panel tests sums of parts itself, because categories may overlap.
_JUDGED = frozenset({"PARTS_EXCEED_TOTAL"})


def figures_of(cells: Cells, entry: int, words: Sequence[str], used: Any = True) -> str:
    """Return the reported counts of a country as text."""
    listed = np.flatnonzero(cells.present[:, entry] & used).tolist()
    return ", ".join(f"{words[row]} {_count_text(cells.counts, row, entry)}" for row in listed)


def _count_text(counts: Ranges, row: int, entry: int) -> str:
    lower, upper = counts.lower[row, entry], counts.upper[row, entry]
    if lower == upper:
        return f"{int(lower):,}"
    return f"{int(lower):,} or more" if np.isinf(upper) else f"{int(lower):,} to {int(upper):,}"


def contradictions_of(
    cells: Cells, words: Sequence[str], excesses: Excesses, used: Any = True
) -> Coded[tuple[Contradiction, ...]]:
    """Return the contradictions of each number in its countries, in the first selections."""
    columns, grid = cells.grid.table.columns, cells.grid
    first = slice(len(words)), slice(cells.size)
    conflicts = cells.conflicting[first] & used
    marked = np.zeros(conflicts.shape, dtype=np.bool_)
    if len(columns.findings) > 1:
        marked = cells.present[first] & (columns.finding[cells.row[first]] > 0) & used
    conflicting = np.flatnonzero((conflicts | marked).any(axis=0)).tolist()
    if not conflicting and not excesses:
        return Coded.constant((), len(grid))
    result: list[dict[Contradiction, None]] = [{} for _ in range(len(grid))]
    for entry in sorted({*conflicting, *excesses}):
        i, area, excess = int(cells.number[entry]), cells.name[entry], excesses.get(entry, [])
        where, wrong = f"{area} {grid.periods[0][i]}", any(is_wrong for is_wrong, _ in excess)
        texts = [
            ("contradictory", f"{where}: the parts exceed their total ({figures})")
            if is_wrong
            else ("discrepancy", f"{where}: small excess of the parts over their total ({figures})")
            for is_wrong, figures in excess
        ]
        for row in np.flatnonzero(conflicts[:, entry]).tolist():
            counts = _count_text(cells.counts, row, entry)
            text = f"{where}: several values of {words[row]} in the source ({counts})"
            texts.append(("conflicting", text))
        for row in np.flatnonzero(marked[:, entry]).tolist():
            texts += [
                (item.code, item.text.removesuffix("."))
                for item in columns.findings[columns.finding[cells.row[row, entry]]]
                if item.code not in _JUDGED and not (wrong and item.code == "PART_ABOVE_TOTAL")
            ]
        result[i] |= {Contradiction(area=area, code=code, text=own): None for code, own in texts}
    return Coded.from_values(map(tuple, result))


def excesses_of(cells: Cells, used: Mask, overlapping: Mask) -> Coded[Excess | None]:
    """Return the sums of categories of each number that certainly overlap.

    `used` has the categories of each number, `overlapping` the countries and areas.
    """
    if not overlapping.any():
        return Coded.constant(None, len(cells.grid))
    counts, total = cells.counts[1:], cells.counts[0]
    listed = cells.present[1:] | (np.arange(len(overlapping)) < cells.size)
    counts = counts.where(used[:, cells.number] & listed, Ranges.zero(*counts.shape))
    summed = counts.sum()
    entries = np.flatnonzero(overlapping & (summed.lower > total.upper))
    result: list[Excess | None] = [None] * len(cells.grid)
    # The countries of a number, or its published area.
    for side in (entries[entries < cells.size], entries[entries >= cells.size]):
        for i in np.unique(cells.number[side]).tolist():
            own = side[cells.number[side] == i]
            areas = tuple(cells.name.take(own))
            result[i] = Excess(counted=summed.total(own), total=total.total(own), areas=areas)
    return Coded.from_values(result)


def parts_above_total(
    grid: PanelGrid, own: Ranges, raw: Ranges, category: Mapping[str, str]
) -> tuple[Mask, Excesses, Ranges, Ranges]:
    """Return contradictory countries, figures, and hulls of total and parts.

    The last item has the sum of parts in place of a contradictory total, of the first breakdown
    above the total. Sex and age precede forms of exploitation, which can overlap.
    """
    table, schema = grid.table, grid.table.columns.schema
    wrong = np.zeros(len(own), dtype=np.bool_)
    divided = [*category, *grid.breakdowns]
    names = divided or [item.name for item in schema.dimensions if item.total is not None]
    hull, summed, texts = own, raw, Excesses()
    attributes = {name: grid.keys[name] for name in grid.attributes}
    plain = evolve(grid, keys=attributes)
    for name in names:
        dimension, listed = schema[name], table.categories(name)
        words = widest(dimension, listed)
        if not words or dimension.total not in listed:
            continue
        unknowns = [UNKNOWN] if UNKNOWN in listed else []
        requested = [{name: word} for word in (dimension.total or "", *words, *unknowns)]
        cells = read_cells(plain, requested, (name,), areas=False)
        # A category without a row adds nothing.
        counts = cells.counts.where(cells.present, Ranges.zero(*cells.row.shape))
        several, further, k = name not in EXCLUSIVE, cells.unanswered, len(words)
        division = Division(
            total=cells.counts[0],
            parts=counts[1 : 1 + k],
            unknown=counts[1 + k :],
            has_unknown=np.full(len(own), bool(unknowns)),
            overlaps=None if several else False,
            can_overlap=several,
            unanswered=None if further is None else further[1 : 1 + k],
        )
        bad, discrepant, _, _ = excess_of(division)
        if not divided:
            parts = counts[1:].sum(axis=0)
            hull = hull.union(parts).where(bad | discrepant, hull)
            summed = parts.where(bad & ~wrong, summed)
        for entry in np.flatnonzero(bad | discrepant).tolist():
            figures = figures_of(cells, entry, ["total", *words, *unknowns])
            texts.setdefault(entry, []).append((bool(bad[entry]), f"{name}: {figures}"))
        wrong |= bad
    if divided:
        hull = hull.union(raw).union(Ranges.zero(len(own))).where(wrong, hull)
    return wrong, texts, hull, summed
