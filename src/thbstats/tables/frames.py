"""Tables as pandas frames, and frames as tables."""

from typing import Any

import numpy as np
import pandas as pd

from thbstats.errors import InvalidValue
from thbstats.tables.columns import Codes, Columns
from thbstats.tables.provenance import reporters_text, source_text
from thbstats.values import Reason, flag_set

__all__ = ["frame_columns", "to_frame"]

_APPLICABLE = np.array([reason is not Reason.NOT_APPLICABLE for reason in Reason])


def frame_columns(frame: Any) -> dict[str, Any]:
    """Return the columns of a frame by name.

    Raises
    ------
    InvalidValue
        If it is no pandas frame, or two columns have one name.
    """
    if not isinstance(frame, pd.DataFrame):
        raise InvalidValue(
            "a pandas DataFrame is needed", value=type(frame).__name__, mend="Convert it first"
        )
    repeated = frame.columns[frame.columns.duplicated()]
    if len(repeated):
        raise InvalidValue(
            "two columns have the same name",
            field=str(repeated[0]),
            mend="Rename or drop one of them",
        )
    return {str(name): frame[name] for name in frame.columns}


def to_frame(columns: Columns) -> pd.DataFrame:
    """Return the tidy frame of a table: a column per dimension, then numbers and provenance."""
    data: dict[str, Any] = {
        name: _categorical(column)
        for name, column in zip(columns.schema.names, columns.dimensions, strict=True)
    }
    return pd.DataFrame({**data, **_numbers(columns), **_provenance(columns)})


def _categorical(column: Codes) -> pd.Categorical:
    # pandas wants signed codes; a table has fewer categories than half of what fits.
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
        "reason": _texts(numbers.reason, [str(reason) for reason in Reason]),
        "flags": _flags(columns),
    }


def _flags(columns: Columns) -> pd.Categorical:
    masks, places = np.unique(columns.numbers.flags, return_inverse=True)
    return _texts(places, ["".join(sorted(flag_set(int(mask)))) for mask in masks])


def _texts(places: Any, texts: list[str | None]) -> pd.Categorical:
    """Return a column of text from places in a list; repeated texts are one category."""
    distinct = list(dict.fromkeys(text for text in texts if text is not None))
    position = {text: place for place, text in enumerate(distinct)}
    table = np.array([-1 if text is None else position[text] for text in texts], dtype=np.int64)
    codes = table[places] if len(texts) else np.zeros(len(places), dtype=np.int64)
    return pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype=object))


def _provenance(columns: Columns) -> dict[str, Any]:
    origins = columns.origins
    counts = [-1 if o.n_reporters is None else o.n_reporters for o in origins]
    table = np.array(counts, dtype=np.int64)[columns.origin]
    return {
        "source": _texts(columns.origin, [source_text(o.sources) or None for o in origins]),
        "reporters": _texts(columns.origin, [reporters_text(o.reporters) for o in origins]),
        "n_reporters": pd.arrays.IntegerArray(table, table < 0),
    }
