"""Reporting countries common to all categories of a dimension."""

import numpy as np

from thbstats.tables.columns import Columns
from thbstats.tables.sets import code_sets
from thbstats.tables.sums import resolve_origins

__all__ = ["common_reporters"]


def common_reporters(columns: Columns, dimension: str) -> frozenset[str] | None:
    """Return the countries with data in every category; ``None`` if not documented."""
    if not len(columns):
        return frozenset()
    column = columns[dimension]
    codes, origins = resolve_origins(columns)
    found = code_sets(column.codes.astype(np.intp), codes, len(origins))
    shared: frozenset[str] | None = None
    for members in found.sets:
        reporters: set[str] = set()
        for code in members:
            listed = origins[code].reporters
            if listed is None:
                return None
            reporters |= listed
        shared = frozenset(reporters) if shared is None else shared & reporters
    return shared
