"""Counts that contradict each other, in words."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.panel.cells import Cells, Reader
from thbstats.panel.context import Contradiction
from thbstats.panel.countries import Countries
from thbstats.panel.grid import Grid

__all__ = ["contradictions_of", "count_text"]

Mask = NDArray[np.bool_]

# Sums of parts are judged by the numbers themselves, since categories may overlap.
_JUDGED = frozenset({"PARTS_EXCEED_TOTAL"})


def count_text(lower: float, upper: float) -> str:
    """Return a count or its bounds as text."""
    if lower == upper:
        return f"{int(lower):,}"
    return f"{int(lower):,} or more" if np.isinf(upper) else f"{int(lower):,} to {int(upper):,}"


def contradictions_of(
    grid: Grid,
    reader: Reader,
    countries: Countries,
    words: Sequence[str],
    *,
    used: Mask,
    wrong: Mask,
    slips: Mask,
) -> Coded[tuple[Contradiction, ...]]:
    """Return the contradictions behind each number."""
    cells, number, member = countries.cells, countries.number, countries.member
    conflicts = reader.conflicting(cells) & used
    marked = _findings(reader, cells) & used
    some = np.flatnonzero(wrong | slips | conflicts.any(axis=0) | marked.any(axis=0))
    if not len(some):
        return Coded.constant((), len(grid))
    found: dict[int, list[Contradiction]] = {}
    for entry in some.tolist():
        own = found.setdefault(int(number[entry]), [])
        where = f"{member[entry]} {_period(grid, int(number[entry]))}"
        listed = np.flatnonzero(used[:, entry] & cells.present[:, entry]).tolist()
        figures = _figures(cells.counts, listed, entry, words)
        if wrong[entry]:
            text = f"{where}: the parts exceed their total ({figures})"
            own.append(Contradiction(area=member[entry], code="contradictory", text=text))
        elif slips[entry]:
            text = f"{where}: the parts exceed their total by a few ({figures})"
            own.append(Contradiction(area=member[entry], code="discrepancy", text=text))
        for row in np.flatnonzero(conflicts[:, entry]).tolist():
            counts = count_text(cells.counts.lower[row, entry], cells.counts.upper[row, entry])
            text = f"{where}: the source has several values for {words[row]} ({counts})"
            own.append(Contradiction(area=member[entry], code="conflicting", text=text))
        for row in np.flatnonzero(marked[:, entry]).tolist():
            for item in _finding(reader, int(cells.row[row, entry])):
                if item.code in _JUDGED or (wrong[entry] and item.code == "PART_ABOVE_TOTAL"):
                    continue
                text = item.text.removesuffix(".")
                note = Contradiction(area=member[entry], code=item.code, text=text)
                own.append(note)
    empty: tuple[Contradiction, ...] = ()
    return Coded.of(tuple(dict.fromkeys(found.get(i, empty))) for i in range(len(grid)))


def _period(grid: Grid, i: int) -> str:
    return ", ".join(str(column[i]) for column in grid.periods)


def _figures(counts: Ranges, listed: Sequence[int], entry: int, words: Sequence[str]) -> str:
    return ", ".join(
        f"{words[row]} {count_text(counts.lower[row, entry], counts.upper[row, entry])}"
        for row in listed
    )


def _findings(reader: Reader, cells: Cells) -> Mask:
    """Return the counts with a finding of a reader of files."""
    columns = reader.table.columns
    if len(columns.findings) == 1 or not len(columns):
        return np.zeros(cells.row.shape, dtype=np.bool_)
    return np.asarray(cells.present & (columns.finding[cells.row] > 0))


def _finding(reader: Reader, row: int) -> Any:
    columns = reader.table.columns
    return columns.findings[columns.finding[row]]
