"""Columns of a table from checked rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import repeat
from thbstats.exchange.count_parser import ParsedCounts
from thbstats.exchange.draft_table import DraftTable
from thbstats.exchange.file_column import FileColumn
from thbstats.records import Dimension, Source
from thbstats.records.reading import to_sources
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.encoding import Problems, coded
from thbstats.tables.findings import NO_FINDINGS, FindingSets, gather_findings
from thbstats.tables.origins import Interner, Origin, read_origins, unite
from thbstats.values import to_integer

__all__ = ["columns_of"]


def columns_of(
    draft: DraftTable, origins: Mapping[str, FileColumn], source: Source | None
) -> Columns:
    """Return the used rows as the columns of a table.

    Parameters
    ----------
    draft : DraftTable
        Rows with parsed dimensions and one row for each cell.
    origins : mapping of str to FileColumn
        The provenance of counts, as texts.
    source : Source or None
        The publication of the figures, for rows without a source.

    Raises
    ------
    InvalidValue
        If the number of listed reporting countries differs from the stated number.
    """
    problems = Problems()
    rows = np.concatenate([draft.rows, draft.more_rows])
    columns = {name: _origins(name, column.take(rows)) for name, column in origins.items()}
    origin, distinct = read_origins(
        columns, len(rows), Origin(sources=to_sources(source)), problems
    )
    problems.raise_any()
    origin, distinct = _united(draft, origin, distinct)
    finding, findings = _findings(draft)
    return Columns(
        kind=draft.schema.kind,
        dimensions=tuple(_codes(draft, dimension) for dimension in draft.schema.dimensions),
        numbers=_numbers(draft.counts),
        origin=origin,
        origins=distinct,
        finding=finding,
        findings=findings,
    )


def _united(
    draft: DraftTable, origin: NDArray[Any], origins: tuple[Origin, ...]
) -> tuple[NDArray[Any], tuple[Origin, ...]]:
    """Return the origin of each cell: the union over the rows that share it."""
    cells, shared = origin[: len(draft)], origin[len(draft) :]
    if (shared == cells[draft.more_cells]).all():
        return cells, origins
    sets: dict[int, list[int]] = {}
    for cell, code in zip(draft.more_cells.tolist(), shared.tolist(), strict=True):
        sets.setdefault(cell, [int(cells[cell])]).append(code)
    interner = Interner()
    table = [interner.code(item) for item in origins]
    cells = np.array(table, dtype=np.uint32)[cells]
    for cell, codes in sets.items():
        cells[cell] = interner.code(unite(origins[code] for code in codes))
    return cells, interner.values


def _findings(draft: DraftTable) -> tuple[NDArray[np.uint32], FindingSets]:
    """Return the findings of the rows of each cell."""
    marked = draft.ledger.findings
    if not marked:
        return repeat(np.uint32(0), len(draft)), NO_FINDINGS
    cell = np.full(len(draft.ledger.lines), -1, dtype=np.intp)
    cell[draft.rows] = np.arange(len(draft))
    cell[draft.more_rows] = draft.more_cells
    offsets = np.cumsum([0, *(len(item.sets) for item in marked)])
    cells = cell[np.concatenate([item.rows for item in marked])]
    indices = np.concatenate(
        [item.codes + start for item, start in zip(marked, offsets[:-1], strict=True)]
    )
    sets = [findings for item in marked for findings in item.sets]
    in_table = cells >= 0
    return gather_findings(cells[in_table], indices[in_table], sets, len(draft))


def _origins(name: str, column: FileColumn) -> Any:
    result = coded(column.codes, column.values)
    if name != "n_reporters":
        return result
    numbers = [
        to_integer(text) if isinstance(text, str) else None for text in result.astype(object)
    ]
    return pd.array(numbers, dtype="Int64")


def _codes(draft: DraftTable, dimension: Dimension) -> Coded[str]:
    """Return a dimension with sorted categories."""
    column = draft.dimensions.get(dimension.name)
    if column is None or not column.values:  # rows without a category are rejected
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
