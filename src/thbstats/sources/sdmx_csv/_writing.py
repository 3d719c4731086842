"""Tables as SDMX-CSV 2.0."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from thbstats._files import write_file
from thbstats.exchange import UnsupportedFeature, WriteLog, require_one_table, sdmx_period
from thbstats.exchange.csv_writing import csv_bytes
from thbstats.exchange.file_column import FileColumn
from thbstats.exchange.write_log import NO_ROWS
from thbstats.geography import COMPOSITIONS, Area
from thbstats.sources.sdmx_csv._columns import AGENCY, DIMENSION_OF_ID
from thbstats.tables import CountTable, Dataset
from thbstats.tables.categories import coded
from thbstats.values import Reason

__all__ = ["write"]

_VERSION = "1.0"
_NAMES = {target: id_ for id_, target in DIMENSION_OF_ID.items()}
_EXAMPLES = 5


def write(
    data: CountTable | Dataset, path: str | os.PathLike[str], *, neutralise: bool = False
) -> WriteLog:
    """Write a table to an SDMX-CSV 2.0 file that `read` restores.

    Dimensions keep their names, except ``geo`` and ``TIME_PERIOD``. Counts that are not exactly
    known have ``LOWER``, ``UPPER`` and ``REASON`` instead of ``OBS_VALUE``. Empty columns are
    omitted. Equal tables give equal bytes.

    Parameters
    ----------
    data : CountTable or Dataset
        A table, or a data set with one table.
    path : str or path
        The file; an existing file is replaced.
    neutralise : bool
        Whether to write an apostrophe before texts that spreadsheets interpret as formulas.

    Returns
    -------
    WriteLog
        The features that the file or other programs do not support.

    Raises
    ------
    InvalidValue
        If a data set does not contain exactly one table, or a text contains a NUL.
    """
    table = require_one_table(data, "an SDMX-CSV file")
    frame = table.to_frame()
    written, features = csv_bytes(_columns(table, frame), neutralise=neutralise)
    write_file(path, written)
    return WriteLog(
        name=Path(path).name,
        format="SDMX-CSV 2.0",
        rows=len(table),
        unsupported=[*_unsupported_features(frame), *features],
    )


def _columns(table: CountTable, frame: pd.DataFrame) -> pd.DataFrame:
    size = len(frame)
    about = {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": f"{AGENCY}:{table.kind.upper()}({_VERSION})",
        "ACTION": "I",
    }
    data = {name: coded(np.zeros(size, dtype=np.int8), [text]) for name, text in about.items()}
    names = [name for name in table.dimensions if name != "period"]
    data |= {_NAMES.get(name, name): frame[name].array for name in names}
    data["TIME_PERIOD"] = _replaced(frame["period"], sdmx_period)
    data["OBS_VALUE"] = frame["value"].array
    more = {"OBS_FLAG": frame["flags"].array, "CONF_STATUS": _confidential(frame), **_bounds(frame)}
    attributes = ("findings", "unanswered", "source", "reporters", "n_reporters")
    more |= {name.upper(): frame[name].array for name in attributes if name in frame}
    return pd.DataFrame(data).assign(**{name: c for name, c in more.items() if _has_values(c)})


def _replaced(column: Any, read: Callable[[str], str]) -> Any:
    words = FileColumn.from_values(column)
    result = words.with_values([read(text) for text in words.values])
    return coded(result.codes, result.values)


def _confidential(frame: pd.DataFrame) -> Any:
    """Return the confidentiality letter of suppressed and confidential counts."""
    flags = FileColumn.from_values(frame["flags"])
    confidential = flags.isin([index for index, text in enumerate(flags.values) if "c" in text])
    confidential |= np.asarray(frame["reason"] == Reason.SUPPRESSED)
    return coded(confidential.astype(np.int8) - 1, ["C"])


def _bounds(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the bounds and the reason of counts that are not exactly known."""
    known = np.asarray(frame["reason"] == Reason.KNOWN)
    upper = frame["upper"].to_numpy()
    bounded = np.isfinite(upper)
    whole = np.where(bounded, upper, 0).astype(np.int64)
    reasons = FileColumn.from_values(frame["reason"])
    return {
        "LOWER": pd.arrays.IntegerArray(frame["lower"].to_numpy().copy(), known),
        "UPPER": pd.arrays.IntegerArray(whole, known | ~bounded),
        "REASON": coded(np.where(known, -1, reasons.codes), reasons.values),
    }


def _has_values(column: Any) -> bool:
    """Whether a column has a value in a row."""
    words = FileColumn.from_values(column) if isinstance(column, pd.Categorical) else None
    if words is None:
        return not column.isna().all()
    return bool(words.isin([index for index, text in enumerate(words.values) if text]).any())


def _unsupported_features(frame: pd.DataFrame) -> list[UnsupportedFeature]:
    """Return the features that other programs do not read."""
    if not len(frame):
        return [NO_ROWS]
    result = [
        _unsupported(
            "PERIOD",
            frame["period"],
            lambda text: sdmx_period(text) == text and not text.isdigit(),
            "other programs do not read these periods",
        ),
        _unsupported(
            "AREA_NAME",
            frame["area"],
            lambda text: text not in COMPOSITIONS and len(Area.parse(text).members) > 1,
            "other programs do not read these areas without a code",
        ),
    ]
    return [feature for feature in result if feature.rows]


def _unsupported(
    code: str, column: Any, unmapped: Callable[[str], bool], message: str
) -> UnsupportedFeature:
    words = FileColumn.from_values(column)
    counted = words.count_rows()
    indices = [p for p, text in enumerate(words.values) if counted[p] and unmapped(text)]
    return UnsupportedFeature(
        code=code,
        is_lost=False,
        rows=int(counted[indices].sum()),
        message=message,
        examples=[words.values[index] for index in indices[:_EXAMPLES]],
    )
