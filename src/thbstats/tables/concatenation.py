"""Concatenation of tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import repeat
from thbstats.errors import InvalidValue
from thbstats.records import Dimension
from thbstats.tables.build import check_keys
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.findings import NO_FINDINGS, FindingSets
from thbstats.tables.origins import Interner, Origin

__all__ = ["concat"]


def concat(tables: Sequence[Columns]) -> Columns:
    """Return the rows of several tables of one kind as one table.

    Raises
    ------
    InvalidValue
        If there is no table, or they are of several kinds.
    DuplicateKey
        If two tables contain the same cell.
    """
    kinds = sorted({table.kind for table in tables})
    if len(kinds) != 1:
        raise InvalidValue(
            "must be tables of one kind",
            field="tables",
            value=", ".join(kinds),
            hint="Pass at least one table, all of the same kind",
        )
    origin, origins = _origins(tables)
    finding, findings = _findings(tables)
    dimensions = tables[0].schema.dimensions
    return check_keys(
        Columns(
            kind=kinds[0],
            dimensions=tuple(
                _joined(dimension, [table.dimensions[index] for table in tables])
                for index, dimension in enumerate(dimensions)
            ),
            numbers=_numbers([table.numbers for table in tables]),
            origin=origin,
            origins=origins,
            finding=finding,
            findings=findings,
        )
    )


def _joined(dimension: Dimension, columns: Sequence[Coded[str]]) -> Coded[str]:
    categories = {category for column in columns for category in column.categories}
    ordered = sorted(categories, key=dimension.sort_key)
    return Coded.concat([column.recode(ordered) for column in columns])


def _numbers(numbers: Sequence[Numbers]) -> Numbers:
    known = all(part.above is None for part in numbers)
    single = all(part.unanswered is None for part in numbers)
    return Numbers(
        lower=np.concatenate([part.lower for part in numbers]),
        above=None if known else np.concatenate([part.upper for part in numbers]),
        reason=np.concatenate([part.reason for part in numbers]),
        flags=np.concatenate([part.flags for part in numbers]),
        unanswered=None if single else np.concatenate([part.further for part in numbers]),
    )


def _origins(tables: Sequence[Columns]) -> tuple[NDArray[Any], tuple[Origin, ...]]:
    interner = Interner()
    parts = [
        np.array([interner.code(origin) for origin in table.origins], dtype=np.uint32)[table.origin]
        for table in tables
    ]
    return np.concatenate(parts), interner.values


def _findings(tables: Sequence[Columns]) -> tuple[NDArray[Any], FindingSets]:
    if all(len(table.findings) == 1 for table in tables):
        return repeat(np.uint32(0), sum(map(len, tables))), NO_FINDINGS
    interner = Interner()
    interner.code(())
    parts = [
        np.array([interner.code(found) for found in table.findings], np.uint32)[table.finding]
        for table in tables
    ]
    return np.concatenate(parts), interner.values
