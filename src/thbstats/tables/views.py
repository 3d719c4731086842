"""Records of rows."""

from collections.abc import Iterator

import numpy as np

from thbstats.records import Record
from thbstats.tables.columns import Columns
from thbstats.values import Count, Reason, flag_set

__all__ = ["count", "iterate", "record"]

_REASONS = tuple(Reason)


def count(columns: Columns, row: int) -> Count:
    """Return the count of a row."""
    numbers = columns.numbers
    upper = numbers.upper_at(row)
    return Count(
        int(numbers.lower[row]),
        None if np.isinf(upper) else int(upper),
        _REASONS[numbers.reason[row]],
    )


def record(columns: Columns, row: int) -> Record:
    """Return the record of a row."""
    origin = columns.origins[columns.origin[row]]
    return columns.schema.record(
        **columns.key(row),
        count=count(columns, row),
        source=origin.sources,
        reporters=origin.reporters,
        n_reporters=origin.n_reporters,
        flags=flag_set(int(columns.numbers.flags[row])),
        unanswered=_unanswered(columns, row),
    )


def _unanswered(columns: Columns, row: int) -> int | None:
    further = columns.numbers.unanswered
    return None if further is None or further[row] < 0 else int(further[row])


def iterate(columns: Columns) -> Iterator[Record]:
    """Yield the records of all rows."""
    return (record(columns, row) for row in range(len(columns)))
