"""Codes and what they stand for, as a column of pandas."""

from collections.abc import Sequence
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns.codes import narrowest_type

__all__ = ["categorical", "coded"]


def coded(places: NDArray[Any], distinct: Sequence[Any]) -> Any:
    """Return a column of pandas from positions in a list of distinct values; -1 is missing."""
    # pandas wants signed codes.
    return pd.Categorical.from_codes(
        places.astype(narrowest_type(len(distinct), signed=True), copy=False),
        categories=pd.Index(list(distinct), dtype=object),
        validate=False,
    )


def categorical(places: Any, values: Sequence[Any]) -> pd.Categorical:
    """Return the column that has, in each row, the value at a place in a list.

    Values that stand in the list more than once become one category; ``None`` and NaN none.
    """
    distinct = list(dict.fromkeys(value for value in values if _is_given(value)))
    position = {value: place for place, value in enumerate(distinct)}
    table = np.array([position.get(value, -1) for value in values], dtype=np.int64)
    codes = table[places] if len(values) else np.zeros(len(places), dtype=np.int64)
    found: pd.Categorical = coded(codes, distinct)
    return found


def _is_given(value: object) -> bool:
    return value is not None and not (isinstance(value, float) and isnan(value))
