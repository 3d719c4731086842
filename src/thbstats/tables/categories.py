"""Categorical columns of pandas."""

from collections.abc import Sequence
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns.codes import narrowest_type

__all__ = ["categorical", "coded"]


def coded(positions: NDArray[Any], distinct: Sequence[Any]) -> Any:
    """Return a categorical column from positions in distinct values; -1 is missing."""
    # pandas needs signed codes.
    return pd.Categorical.from_codes(
        positions.astype(narrowest_type(len(distinct), signed=True), copy=False),
        categories=pd.Index(list(distinct), dtype=object),
        validate=False,
    )


def categorical(positions: Any, values: Sequence[Any]) -> pd.Categorical:
    """Return a categorical column from positions in a list of values.

    Equal values become one category; ``None`` and NaN are missing.
    """
    distinct = list(dict.fromkeys(value for value in values if _is_present(value)))
    position = {value: index for index, value in enumerate(distinct)}
    table = np.array([position.get(value, -1) for value in values], dtype=np.int64)
    codes = table[positions] if len(values) else np.zeros(len(positions), dtype=np.int64)
    column: pd.Categorical = coded(codes, distinct)
    return column


def _is_present(value: object) -> bool:
    return value is not None and not (isinstance(value, float) and isnan(value))
