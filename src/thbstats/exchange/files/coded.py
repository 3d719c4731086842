"""Codes and texts as a column of pandas."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["categorical", "signed"]


def categorical(places: NDArray[Any], texts: Sequence[str]) -> Any:
    """Return a column of pandas from positions in a list of distinct texts; -1 is missing."""
    # pandas wants signed codes.
    return pd.Categorical.from_codes(
        places.astype(signed(len(texts)), copy=False),
        categories=pd.Index(list(texts), dtype=object),
        validate=False,
    )


def signed(size: int) -> Any:
    """Return the narrowest signed type for this many places and for none, which is -1."""
    types = (np.int8, np.int16, np.int32)
    return next((dtype for dtype in types if size <= np.iinfo(dtype).max), np.int64)
