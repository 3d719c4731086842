"""A data set as plain data: columns of codes, exact and in a fixed order."""

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
    """Return what a file says of a data set."""
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
    found = {"kind": table.kind, "rows": len(table), "dimensions": dimensions}
    found["lower"] = numbers.lower.tolist()
    if numbers.above is not None and not np.array_equal(numbers.lower, numbers.above):
        found["upper"] = [None if end == np.inf else int(end) for end in numbers.above.tolist()]
    if numbers.unanswered is not None:
        found["unanswered"] = [None if n < 0 else n for n in numbers.unanswered.tolist()]
    reasons = [str(reason) for reason in Reason]
    masks, indices = np.unique(numbers.flags, return_inverse=True)
    found["reason"] = _coded(numbers.reason, reasons)
    found["flags"] = _coded(indices, ["".join(sorted(flag_set(int(mask)))) for mask in masks])
    return {**found, **_findings(columns), **_origins(columns.origin, columns.origins)}


def _dimension(dimension: Dimension, column: Coded[str]) -> Any:
    order = sorted(
        range(len(column.categories)), key=lambda p: dimension.sort_key(column.categories[p])
    )
    index = np.empty(len(order), dtype=np.int64)
    index[order] = np.arange(len(order))
    codes = index[column.codes] if order else column.codes
    return _coded(codes, [column.categories[p] for p in order])


def _coded(codes: NDArray[Any], column: Sequence[str]) -> Any:
    """Return the one word of all rows, or the words that stand there and where."""
    present, indices = np.unique(codes, return_inverse=True)
    if len(present) == 1:
        return column[int(present[0])]
    return {"categories": [column[p] for p in present.tolist()], "codes": indices.tolist()}


def _findings(columns: Columns) -> dict[str, Any]:
    """Return the findings on cells, numbered as they first stand in a row; none where none is."""
    if not columns.has_finding().any():
        return {}
    distinct, first, indices = np.unique(columns.finding, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    sets = [findings_data(columns.findings[code]) for code in distinct[order].tolist()]
    return {"findings": {"categories": sets, "codes": rank[indices].tolist()}}


def _origins(codes: NDArray[Any], origins: Sequence[Origin]) -> dict[str, Any]:
    """Return the origins, numbered as they first stand in a row."""
    distinct, first = np.unique(codes, return_index=True)
    used = list(dict.fromkeys(origins[code] for code in distinct[np.argsort(first)].tolist()))
    if used in ([], [Origin()]):
        return {}
    position = {origin: position for position, origin in enumerate(used)}
    table = np.array([position.get(origin, 0) for origin in origins], dtype=np.int64)
    return {**origins_data(used), "origin": 0 if len(used) == 1 else table[codes].tolist()}
