"""Rows that were read and checked, as the columns of a table."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import repeat
from thbstats.exchange.count_parser import ParsedCounts
from thbstats.exchange.draft_table import DraftTable
from thbstats.exchange.text_column import TextColumn
from thbstats.records import Dimension, Source
from thbstats.records.reading import to_sources
from thbstats.tables.categories import coded
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.finding_columns import gather_findings
from thbstats.tables.findings import NO_FINDINGS, FindingSets
from thbstats.tables.origins import Interner, Origin, unite
from thbstats.tables.problems import Problems
from thbstats.tables.provenance import read_origins
from thbstats.values import to_integer

__all__ = ["columns_of"]


def columns_of(
    draft: DraftTable, origins: Mapping[str, TextColumn], source: Source | None
) -> Columns:
    """Return the rows that are left as the columns of a table.

    Parameters
    ----------
    draft : DraftTable
        Rows whose words are read and which describe each cell once: that is not checked again.
    origins : mapping of str to TextColumn
        Where counts come from, as text that a table reads.
    source : Source or None
        Where the figures were published, for rows that do not say so themselves.

    Returns
    -------
    Columns

    Raises
    ------
    InvalidValue
        If as many countries as are listed are not as many as are said.
    """
    problems = Problems()
    rows = np.concatenate([draft.rows, draft.more_rows])
    given = {name: _origins(name, column.take(rows)) for name, column in origins.items()}
    origin, found = read_origins(given, len(rows), Origin(sources=to_sources(source)), problems)
    problems.raise_any()
    origin, found = _united(draft, origin, found)
    finding, findings = _findings(draft)
    return Columns(
        kind=draft.schema.kind,
        dimensions=tuple(_codes(draft, dimension) for dimension in draft.schema.dimensions),
        numbers=_numbers(draft.values),
        origin=origin,
        origins=found,
        finding=finding,
        findings=findings,
    )


def _united(
    draft: DraftTable, origin: NDArray[Any], origins: tuple[Origin, ...]
) -> tuple[NDArray[Any], tuple[Origin, ...]]:
    """Return the origin of each cell: those of all rows that share it, united."""
    cells, shared = origin[: len(draft)], origin[len(draft) :]
    if (shared == cells[draft.more_cells]).all():
        return cells, origins
    sets: dict[int, list[int]] = {}
    for cell, code in zip(draft.more_cells.tolist(), shared.tolist(), strict=True):
        sets.setdefault(cell, [int(cells[cell])]).append(code)
    interner = Interner()
    table = [interner.code(each) for each in origins]
    cells = np.array(table, dtype=np.uint32)[cells]
    for cell, codes in sets.items():
        cells[cell] = interner.code(unite(origins[code] for code in codes))
    return cells, interner.values


def _findings(draft: DraftTable) -> tuple[NDArray[np.uint32], FindingSets]:
    """Return the findings that readers marked on the rows of each cell."""
    marks = draft.ledger.findings
    if not marks:
        return repeat(np.uint32(0), len(draft)), NO_FINDINGS
    cell = np.full(len(draft.ledger.lines), -1, dtype=np.intp)
    cell[draft.rows] = np.arange(len(draft))
    cell[draft.more_rows] = draft.more_cells
    offsets = np.cumsum([0, *(len(mark.sets) for mark in marks)])
    cells = cell[np.concatenate([mark.rows for mark in marks])]
    indices = np.concatenate(
        [mark.codes + start for mark, start in zip(marks, offsets[:-1], strict=True)]
    )
    sets = [findings for mark in marks for findings in mark.sets]
    here = cells >= 0
    return gather_findings(cells[here], indices[here], sets, len(draft))


def _origins(name: str, column: TextColumn) -> Any:
    found = coded(column.codes, column.values)
    if name != "n_reporters":
        return found
    numbers = [to_integer(text) if isinstance(text, str) else None for text in found.astype(object)]
    return pd.array(numbers, dtype="Int64")


def _codes(draft: DraftTable, dimension: Dimension) -> Coded[str]:
    """Return a dimension with its categories in their order."""
    column = draft.dimensions.get(dimension.name)
    if column is None or not column.values:  # a row without a word was set aside
        return Coded.constant(dimension.default or "", len(draft))
    ordered = sorted(column.values, key=dimension.sort_key)
    return Coded(column.codes, column.values).recode(ordered).compact()


def _numbers(values: ParsedCounts) -> Numbers:
    size = len(values.lower)
    known = not values.reason.any() and bool((values.lower == values.upper).all())
    return Numbers(
        lower=values.lower,
        above=None if known else values.upper,
        reason=repeat(np.uint8(0), size) if known else values.reason,
        flags=values.flags if values.flags.any() else repeat(np.uint32(0), size),
        unanswered=values.unanswered,
    )
