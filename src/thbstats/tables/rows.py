"""Columns of rows: mappings, or sequences with column names."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from thbstats.errors import InvalidValue
from thbstats.values import Count

__all__ = ["transpose"]


def transpose(
    rows: Iterable[Mapping[str, Any] | Sequence[Any]], names: Sequence[str] | None
) -> tuple[dict[str, list[Any]], int]:
    """Return the columns of rows, and the number of rows.

    A value can be a `Count`. A name that a row does not contain is missing.
    """
    listed = [_mapping(row, position, names) for position, row in enumerate(rows)]
    found = dict.fromkeys(name for row in listed for name in row)
    columns = {name: [row.get(name) for row in listed] for name in found}
    return _split_counts(columns), len(listed)


def _mapping(row: Any, position: int, names: Sequence[str] | None) -> Mapping[str, Any]:
    if isinstance(row, Mapping):
        return row
    if names is None or isinstance(row, str) or len(row) != len(names):
        sequence = "" if names is None else f" or a sequence of {len(names)} values"
        raise InvalidValue(
            f"must be a mapping{sequence}",
            row=position,
            value=row,
            hint="Use mappings, or columns=(...) with one name per value",
        )
    return dict(zip(names, row, strict=True))


def _split_counts(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the columns with each `Count` as bounds and reason."""
    values = columns.get("value", [])
    if not any(isinstance(value, Count) for value in values):
        return columns
    size = len(values)
    split = {name: columns.get(name, [None] * size) for name in ("lower", "upper", "reason")}
    for row, value in enumerate(values):
        if isinstance(value, Count):
            split["lower"][row], split["reason"][row] = value.lower, value.reason
            split["upper"][row] = np.inf if value.upper is None else value.upper
    plain = [None if isinstance(value, Count) else value for value in values]
    return {**columns, **split, "value": plain}
