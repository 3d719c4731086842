"""Tidy columns of a table for pandas."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.tables.categories import categorical
from thbstats.tables.columns import Columns
from thbstats.tables.findings import finding_codes
from thbstats.tables.provenance import reporters_text, source_text
from thbstats.values import Reason, flag_set

__all__ = ["tidy_columns"]

_APPLICABLE = np.array([reason is not Reason.NOT_APPLICABLE for reason in Reason])


def tidy_columns(columns: Columns) -> dict[str, Any]:
    """Return the columns of dimensions, numbers and provenance.

    Text is a `pandas.Categorical`. Integers with missing values are a masked array, other
    numbers a numpy array.
    """
    data = {
        name: _dimension(column)
        for name, column in zip(columns.schema.names, columns.dimensions, strict=True)
    }
    return {**data, **_numbers(columns), **_provenance(columns)}


def _dimension(column: Coded[str]) -> pd.Categorical:
    # pandas needs signed codes.
    return pd.Categorical.from_codes(
        column.codes.astype(np.int64), categories=pd.Index(list(column.categories), dtype=object)
    )


def _numbers(columns: Columns) -> dict[str, Any]:
    numbers = columns.numbers
    point = (numbers.lower == numbers.upper) & _APPLICABLE[numbers.reason]
    return {
        "value": pd.arrays.IntegerArray(numbers.lower.copy(), ~point),
        "lower": numbers.lower.copy(),
        "upper": numbers.upper.copy(),
        "reason": categorical(numbers.reason, [str(reason) for reason in Reason]),
        "flags": _flags(columns),
        "findings": categorical(columns.finding, list(map(finding_codes, columns.findings))),
        **({} if numbers.unanswered is None else {"unanswered": _masked(numbers.unanswered)}),
    }


def _masked(numbers: NDArray[np.int64]) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(np.maximum(numbers, 0), numbers < 0)


def _flags(columns: Columns) -> pd.Categorical:
    masks, positions = np.unique(columns.numbers.flags, return_inverse=True)
    return categorical(positions, ["".join(sorted(flag_set(int(mask)))) for mask in masks])


def _provenance(columns: Columns) -> dict[str, Any]:
    origins = columns.origins
    counts = [-1 if o.n_reporters is None else o.n_reporters for o in origins]
    table = np.array(counts, dtype=np.int64)[columns.origin]
    return {
        "source": categorical(columns.origin, [source_text(o.sources) or None for o in origins]),
        "reporters": categorical(columns.origin, [reporters_text(o.reporters) for o in origins]),
        "n_reporters": _masked(table),
    }
