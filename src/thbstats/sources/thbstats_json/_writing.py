"""Data sets as JSON data, in a fixed order."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.exchange.json_origins import origins_data
from thbstats.exchange.schemas import SCHEMA_VERSION
from thbstats.records import Dimension
from thbstats.tables import CountTable, Dataset
from thbstats.tables.columns import Columns
from thbstats.tables.findings import findings_data
from thbstats.tables.origins import Origin
from thbstats.values import Reason, flag_set

__all__ = ["document"]


def document(data: Dataset) -> dict[str, Any]:
    """Return the content of a file for a data set."""
    return {
        "format": "thbstats",
        "schema_version": SCHEMA_VERSION,
        "tables": [_table(table) for table in data.tables()],
    }


def _table(table: CountTable) -> dict[str, Any]:
    columns = table.columns
    numbers, schema = columns.numbers, columns.schema
    dimensions = {
        dimension.name: _dimension(dimension, column)
        for dimension, column in zip(schema.dimensions, columns.dimensions, strict=True)
    }
    content = {"kind": table.kind, "rows": len(table), "dimensions": dimensions}
    content["lower"] = numbers.lower.tolist()
    if numbers.above is not None and not np.array_equal(numbers.lower, numbers.above):
        content["upper"] = [None if end == np.inf else int(end) for end in numbers.above.tolist()]
    if numbers.unanswered is not None:
        content["unanswered"] = [None if n < 0 else n for n in numbers.unanswered.tolist()]
    reasons = [str(reason) for reason in Reason]
    masks, positions = np.unique(numbers.flags, return_inverse=True)
    content["reason"] = _coded(numbers.reason, reasons)
    content["flags"] = _coded(positions, ["".join(sorted(flag_set(int(mask)))) for mask in masks])
    return {**content, **_findings(columns), **_origins(columns.origin, columns.origins)}


def _dimension(dimension: Dimension, column: Coded[str]) -> Any:
    order = sorted(
        range(len(column.categories)), key=lambda p: dimension.sort_key(column.categories[p])
    )
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    codes = rank[column.codes] if order else column.codes
    return _coded(codes, [column.categories[p] for p in order])


def _coded(codes: NDArray[Any], categories: Sequence[str]) -> Any:
    """Return one code for all rows, or categories and codes."""
    present, positions = np.unique(codes, return_inverse=True)
    if len(present) == 1:
        return categories[int(present[0])]
    return {"categories": [categories[p] for p in present.tolist()], "codes": positions.tolist()}


def _findings(columns: Columns) -> dict[str, Any]:
    """Return the findings of cells, numbered by first occurrence."""
    if not columns.has_finding().any():
        return {}
    distinct, first, positions = np.unique(columns.finding, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    sets = [findings_data(columns.findings[code]) for code in distinct[order].tolist()]
    return {"findings": {"categories": sets, "codes": rank[positions].tolist()}}


def _origins(codes: NDArray[Any], origins: Sequence[Origin]) -> dict[str, Any]:
    """Return the origins, numbered by first occurrence."""
    distinct, first = np.unique(codes, return_index=True)
    used = list(dict.fromkeys(origins[code] for code in distinct[np.argsort(first)].tolist()))
    if used in ([], [Origin()]):
        return {}
    position = {origin: position for position, origin in enumerate(used)}
    table = np.array([position.get(origin, 0) for origin in origins], dtype=np.int64)
    return {**origins_data(used), "origin": 0 if len(used) == 1 else table[codes].tolist()}
