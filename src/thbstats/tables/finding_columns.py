"""Columns of findings."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns.codes import repeat
from thbstats.errors import ThbstatsError
from thbstats.tables.encoding import distinct, is_scalar
from thbstats.tables.findings import (
    NO_FINDINGS,
    CellFinding,
    FindingSets,
    parse_findings,
    unite_findings,
)
from thbstats.tables.keys import distinct_pairs
from thbstats.tables.origins import Interner
from thbstats.tables.problems import Problems

__all__ = ["gather_findings", "read_findings"]


def read_findings(
    columns: Mapping[str, Any], size: int, problems: Problems
) -> tuple[NDArray[np.uint32], FindingSets]:
    """Return the code of the finding set of each row, and the sets."""
    values = columns.get("findings")
    if values is None or is_scalar(values):
        found = () if values is None else parse_findings(values)
        return repeat(np.uint32(bool(found)), size), (*NO_FINDINGS, found) if found else NO_FINDINGS
    read = distinct(values, "findings")
    sets = Interner()
    sets.code(())
    table = np.zeros(len(read.categories) + 1, dtype=np.uint32)  # the last is for missing values
    for code in read.present:
        try:
            table[code] = sets.code(parse_findings(read.categories[code]))
        except ThbstatsError as error:
            row, value = read.first_row(code), read.categories[code]
            problems.add(error.with_location(row=row, field="findings", value=value))
    if len(sets.values) == 1:
        return repeat(np.uint32(0), size), NO_FINDINGS
    return np.take(table, read.codes), sets.values


def gather_findings(
    cells: NDArray[np.intp], codes: NDArray[Any], sets: Sequence[Sequence[CellFinding]], size: int
) -> tuple[NDArray[np.uint32], FindingSets]:
    """Return the combined finding set of each cell.

    Parameters
    ----------
    cells : array of int, shape (n,)
        The cell of each pair; a cell can have several pairs or none.
    codes : array of int, shape (n,)
        The position in ``sets`` of each pair.
    sets : sequence of sequence of CellFinding
        Finding sets.
    size : int
        The number of cells.
    """
    if not len(cells):
        return repeat(np.uint32(0), size), NO_FINDINGS
    owner, code = distinct_pairs(cells, codes, (size, len(sets)))
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    pairs = np.diff(starts, append=len(owner))
    found_sets = Interner()
    found_sets.code(())
    finding = np.zeros(size, dtype=np.uint32)
    # Most cells have one pair: look up each distinct set once.
    single = starts[pairs == 1]
    distinct, positions = np.unique(code[single], return_inverse=True)
    table = [found_sets.code(unite_findings(sets[position])) for position in distinct.tolist()]
    finding[owner[single]] = np.array(table, dtype=np.uint32)[positions]
    several = pairs > 1
    for start, number in zip(starts[several].tolist(), pairs[several].tolist(), strict=True):
        members = code[start : start + number].tolist()
        together = unite_findings(item for position in members for item in sets[position])
        finding[owner[start]] = found_sets.code(together)
    return finding, found_sets.values
