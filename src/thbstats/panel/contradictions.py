"""Contradictions between counts."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.panel.categories import UNKNOWN, of_one_kind, widest
from thbstats.panel.cells import CountCells, CountReader, Countries, unanswered_in
from thbstats.panel.context import Contradiction
from thbstats.panel.grid import PanelGrid
from thbstats.panel.partitions import Division, excess_of
from thbstats.records import schema_of

__all__ = ["EXCLUSIVE", "Excesses", "contradictions_of", "figures_of", "parts_above_total"]

Mask = NDArray[np.bool_]

Excesses = dict[int, list[tuple[bool, str]]]
"""By country with parts above their total: whether above the tolerance, and the figures."""

EXCLUSIVE = frozenset({"sex", "age"})
"""Dimensions with one category per person."""

# The panel tests sums of parts itself, because categories may overlap.
_JUDGED = frozenset({"PARTS_EXCEED_TOTAL"})


def figures_of(cells: CountCells, entry: int, words: Sequence[str], used: Any = True) -> str:
    """Return the reported counts of a country as text."""
    listed = np.flatnonzero(cells.present[:, entry] & used).tolist()
    return ", ".join(f"{words[row]} {_count_text(cells.counts, row, entry)}" for row in listed)


def _count_text(counts: Ranges, row: int, entry: int) -> str:
    lower, upper = counts.lower[row, entry], counts.upper[row, entry]
    if lower == upper:
        return f"{int(lower):,}"
    return f"{int(lower):,} or more" if np.isinf(upper) else f"{int(lower):,} to {int(upper):,}"


def contradictions_of(
    reader: CountReader,
    countries: Countries,
    words: Sequence[str],
    excesses: Excesses,
    *,
    used: Any = True,
    window: int = 0,
) -> Coded[tuple[Contradiction, ...]]:
    """Return the contradictions in each number, in the first cells of each country."""
    grid, cells = reader.grid, countries.cells.take(slice(len(words)))
    conflicts, marked = reader.conflicting(cells) & used, _marked(reader, cells) & used
    some = np.union1d(np.flatnonzero((conflicts | marked).any(axis=0)), list(excesses))
    if not len(some):
        return Coded.constant((), len(grid))
    result: list[list[Contradiction]] = [[] for _ in range(len(grid))]
    for entry in some.astype(np.intp).tolist():
        i, area = int(countries.number[entry]), countries.member[entry]
        where = f"{area} {grid.periods[window][i]}"
        texts = [
            ("contradictory", f"{where}: the parts exceed their total ({figures})")
            if is_wrong
            else ("discrepancy", f"{where}: small excess of the parts over their total ({figures})")
            for is_wrong, figures in excesses.get(entry, ())
        ]
        for row in np.flatnonzero(conflicts[:, entry]).tolist():
            counts = _count_text(cells.counts, row, entry)
            text = f"{where}: several values of {words[row]} in the source ({counts})"
            texts.append(("conflicting", text))
        wrong = any(is_wrong for is_wrong, _ in excesses.get(entry, ()))
        columns = reader.table.columns
        for row in np.flatnonzero(marked[:, entry]).tolist():
            texts += [
                (item.code, item.text.removesuffix("."))
                for item in columns.findings[columns.finding[cells.row[row, entry]]]
                if item.code not in _JUDGED and not (wrong and item.code == "PART_ABOVE_TOTAL")
            ]
        result[i] += [Contradiction(area=area, code=code, text=text) for code, text in texts]
    return Coded.from_values(tuple(dict.fromkeys(own)) for own in result)


def _marked(reader: CountReader, cells: CountCells) -> Mask:
    """Return the counts with a problem in their file."""
    columns = reader.table.columns
    if len(columns.findings) == 1:
        return np.zeros(cells.row.shape, dtype=np.bool_)
    return np.asarray(cells.present & (columns.finding[cells.row] > 0))


def parts_above_total(
    grid: PanelGrid, cells: CountCells, category: Mapping[str, str], w: int
) -> tuple[Mask, Excesses, tuple[Any, Any], Ranges]:
    """Return contradictory countries, figures, and hulls of total and parts.

    The last item has the sum of parts in place of a contradictory total, of the first breakdown
    above the total. Sex and age precede forms of exploitation, which can overlap.
    """
    table, size = grid.table, cells.row.shape[1]
    schema = schema_of(table.kind)
    wrong = np.zeros(size, dtype=np.bool_)
    own = cells.counts[0]
    divided = [*category, *grid.breakdowns]
    names = divided or [item.name for item in schema.dimensions if item.total is not None]
    lower, upper = np.full(size, np.inf), np.zeros(size)
    texts: Excesses = {}
    summed = own
    for name in names:
        dimension = schema[name]
        present = [c for c in table.categories(name) if c not in (dimension.total, UNKNOWN)]
        words = list(widest(dimension, of_one_kind(dimension, present, None), None))
        if not words or dimension.total not in table.categories(name):
            continue
        unknowns = [UNKNOWN] if UNKNOWN in table.categories(name) else []
        asked = [{name: word} for word in (dimension.total or "", *words, *unknowns)]
        reader = CountReader(evolve(grid, breakdowns={}), (name,), {})
        result = reader.read(asked, window=w)[0]
        k = len(words)
        # A category without a row adds nothing.
        counts = result.counts.where(result.present, Ranges.zero(*result.row.shape))
        several = name not in EXCLUSIVE
        further = unanswered_in(table, result)
        division = Division(
            total=result.counts[0],
            parts=counts[1 : 1 + k],
            unknown=counts[1 + k :],
            has_unknown=np.full(size, bool(unknowns)),
            closed=np.ones(size, dtype=np.bool_),
            suppressed=np.zeros(size, dtype=np.bool_),
            overlaps=None if several else False,
            can_overlap=several,
            unanswered=None if further is None else further[1 : 1 + k],
        )
        bad, discrepant, _, _ = excess_of(division)
        if not divided:
            parts = counts[1:].sum(axis=0)
            lower = np.where(bad | discrepant, np.minimum(lower, parts.lower), lower)
            upper = np.where(bad | discrepant, np.maximum(upper, parts.upper), upper)
            summed = parts.where(bad & ~wrong, summed)
        for entry in np.flatnonzero(bad | discrepant).tolist():
            figures = figures_of(result, entry, ["total", *words, *unknowns])
            texts.setdefault(entry, []).append((bool(bad[entry]), f"{name}: {figures}"))
        wrong |= bad
    if divided:
        lower, upper = np.where(wrong, 0, lower), np.where(wrong, own.upper, upper)
    return wrong, texts, (lower, upper), summed
