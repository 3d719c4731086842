"""Rows of all columns of a record."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np


def take_fields(record: object, names: Iterable[str], rows: Any) -> dict[str, Any]:
    """Return some rows of the named columns of a record; an array can be several columns."""
    columns = {name: getattr(record, name) for name in names}
    distinct = {id(column): column for column in columns.values()}
    chosen = {key: _take(column, rows) for key, column in distinct.items()}
    return {name: chosen[id(column)] for name, column in columns.items()}


def _take(column: Any, rows: Any) -> Any:
    if column is None or isinstance(column, tuple):
        return column and tuple(column[row] for row in rows.tolist())
    return column[rows] if isinstance(column, np.ndarray) else column.take(rows)


def concat_fields(records: Sequence[object], names: Iterable[str]) -> dict[str, Any]:
    """Return the rows of the named columns of several records."""
    columns = {name: [getattr(record, name) for record in records] for name in names}
    return {name: _concat(own) for name, own in columns.items()}


def _concat(columns: list[Any]) -> Any:
    first = columns[0]
    return np.concatenate(columns) if isinstance(first, np.ndarray) else type(first).concat(columns)
