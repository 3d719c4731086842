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
from thbstats.exchange.text_column import TextColumn
from thbstats.exchange.write_log import NO_ROWS
from thbstats.geography import COMPOSITIONS, Area
from thbstats.sources.sdmx_csv._columns import AGENCY, OURS
from thbstats.tables import CountTable, Dataset
from thbstats.tables.categories import coded
from thbstats.values import Reason

__all__ = ["write"]

_VERSION = "1.0"
_NAMES = {ours: theirs for theirs, ours in OURS.items()}
_EXAMPLES = 5


def write(
    data: CountTable | Dataset, path: str | os.PathLike[str], *, neutralise: bool = False
) -> WriteLog:
    """Write a table to an SDMX-CSV 2.0 file, which `read` turns back into it.

    The dimensions are named as here, but for ``geo`` and ``TIME_PERIOD``; a count that is not
    known exactly has no ``OBS_VALUE`` but ``LOWER``, ``UPPER`` and ``REASON``. Columns that would
    be empty in every row are left out. The same table gives the same bytes.

    Parameters
    ----------
    data : CountTable or Dataset
        A table, or a data set of one.
    path : str or path
        The file, which is replaced if it exists.
    neutralise : bool
        Whether an apostrophe is put before texts that a spreadsheet takes for formulas.

    Returns
    -------
    WriteLog
        What the file does not hold, and what only this library reads back.

    Raises
    ------
    InvalidValue
        If a data set holds several tables, or none; or a text has a NUL.
    """
    table = require_one_table(data, "an SDMX-CSV file")
    frame = table.to_frame()
    written, losses = csv_bytes(_columns(table, frame), neutralise=neutralise)
    write_file(path, written)
    return WriteLog(
        name=Path(path).name,
        format="SDMX-CSV 2.0",
        rows=len(table),
        unsupported=[*_unknown_elsewhere(frame), *losses],
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
    more = {"OBS_FLAG": frame["flags"].array, "CONF_STATUS": _confidential(frame), **_ends(frame)}
    attributes = ("findings", "unanswered", "source", "reporters", "n_reporters")
    more |= {name.upper(): frame[name].array for name in attributes if name in frame}
    return pd.DataFrame(data).assign(**{name: c for name, c in more.items() if _says(c)})


def _replaced(column: Any, read: Callable[[str], str]) -> Any:
    words = TextColumn.from_values(column)
    found = words.with_values([read(text) for text in words.values])
    return coded(found.codes, found.values)


def _confidential(frame: pd.DataFrame) -> Any:
    """Return SDMX's letter for what the source hides, or marks as confidential."""
    flags = TextColumn.from_values(frame["flags"])
    hidden = flags.isin([index for index, text in enumerate(flags.values) if "c" in text])
    hidden |= np.asarray(frame["reason"] == Reason.SUPPRESSED)
    return coded(hidden.astype(np.int8) - 1, ["C"])


def _ends(frame: pd.DataFrame) -> dict[str, Any]:
    """Return what a count can be and why, where it is not simply known."""
    known = np.asarray(frame["reason"] == Reason.KNOWN)
    upper = frame["upper"].to_numpy()
    bounded = np.isfinite(upper)
    whole = np.where(bounded, upper, 0).astype(np.int64)
    reasons = TextColumn.from_values(frame["reason"])
    return {
        "LOWER": pd.arrays.IntegerArray(frame["lower"].to_numpy().copy(), known),
        "UPPER": pd.arrays.IntegerArray(whole, known | ~bounded),
        "REASON": coded(np.where(known, -1, reasons.codes), reasons.values),
    }


def _says(column: Any) -> bool:
    """Whether a column says something in some row."""
    words = TextColumn.from_values(column) if isinstance(column, pd.Categorical) else None
    if words is None:
        return not column.isna().all()
    return bool(words.isin([index for index, text in enumerate(words.values) if text]).any())


def _unknown_elsewhere(frame: pd.DataFrame) -> list[UnsupportedFeature]:
    """Return what this library reads back, and readers of SDMX do not understand."""
    if not len(frame):
        return [NO_ROWS]
    found = [
        _unsupported(
            "PERIOD",
            frame["period"],
            lambda text: sdmx_period(text) == text and not text.isdigit(),
            "periods that SDMX cannot write; other readers will not understand them",
        ),
        _unsupported(
            "AREA_NAME",
            frame["area"],
            lambda text: text not in COMPOSITIONS and len(Area.parse(text).members) > 1,
            "areas that are names and no codes; other readers will not know them",
        ),
    ]
    return [loss for loss in found if loss.rows]


def _unsupported(
    code: str, column: Any, unmapped: Callable[[str], bool], what: str
) -> UnsupportedFeature:
    words = TextColumn.from_values(column)
    counted = words.count_rows()
    indices = [p for p, text in enumerate(words.values) if counted[p] and unmapped(text)]
    return UnsupportedFeature(
        code=code,
        is_lost=False,
        rows=int(counted[indices].sum()),
        message=what,
        examples=[words.values[index] for index in indices[:_EXAMPLES]],
    )
