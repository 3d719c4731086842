"""SDMX-CSV files of this library: a table with its structure."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from thbstats._files import Content, write_files
from thbstats.files.ledger import FileColumn
from thbstats.files.reference_periods import sdmx_period
from thbstats.files.write_log import (
    NO_ROWS,
    UnsupportedFeature,
    WriteLog,
    csv_bytes,
    without_classifications,
)
from thbstats.sources._formats import require_one_table
from thbstats.sources._sdmx_structures import AGENCY, IDS, is_id, structure_bytes, structure_id
from thbstats.tables import CountTable, Dataset
from thbstats.tables.encoding import coded
from thbstats.values import Reason

DETAILS = ("findings", "unanswered", "source", "reporters", "n_reporters")
"""Attributes that a table has as columns."""


def write(
    data: CountTable | Dataset,
    path: str | os.PathLike[str],
    *,
    neutralise: bool = False,
    structure: str | os.PathLike[str] | None = None,
) -> WriteLog:
    """Write a table to an SDMX-CSV 2.0 file that `read` restores.

    Dimensions keep their names, except ``geo`` and ``TIME_PERIOD``. Counts that are not exactly
    known have ``LOWER``, ``UPPER`` and ``REASON`` instead of ``OBS_VALUE``. Empty columns are
    omitted. Equal tables give equal bytes. The id of the structure contains the names of
    dimensions of users.

    Parameters
    ----------
    data : CountTable or Dataset
        The table, or a data set with exactly one table.
    path : str or path
        The file; an existing file is replaced.
    neutralise : bool
        Whether to write an apostrophe before texts that spreadsheets interpret as formulas.
    structure : str or path, optional
        A second file, in SDMX-ML 3.0: the dataflow, data structure, concepts and code lists of
        the table, with labels in all languages. `read` takes the classifications from it.

    Returns
    -------
    WriteLog
        The number of rows, and the features that the format does not fully support.

    Raises
    ------
    InvalidValue
        If a data set does not contain exactly one table, or the format does not support a text.

    Examples
    --------
    A register with the relation of the recruiter; the counts are synthetic:

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from thbstats import Classification
    >>> from thbstats.records import schema_of
    >>> recruiter = Classification(name="recruiter", categories=["family", "employer"])
    >>> table = CountTable.from_rows(
    ...     [{"recruiter": "family", "value": 5}, {"recruiter": "employer", "value": 7}],
    ...     kind=schema_of("victims", recruiter), area="MT", period=2021,
    ... )
    >>> from thbstats import read
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "victims.sdmx.csv"
    ...     log = write(table, path, structure=Path(folder) / "structure.xml")
    ...     again = read(path, structure=Path(folder) / "structure.xml").table
    >>> again == table
    True

    References
    ----------
    SDMX 3.0, section 3: SDMX-ML; SDMX-CSV 2.0.
    """
    table = require_one_table(data, "an SDMX-CSV file")
    frame, schema = table.to_frame(), table.columns.schema
    content, formulas = csv_bytes(_sdmx_columns(table, frame), neutralise=neutralise)
    files: list[Content] = [(path, content)]
    if structure is not None:
        areas = table.columns["area"].compact().categories
        files += [(structure, structure_bytes(schema, areas))]
    write_files(files)
    lost = without_classifications(schema, len(table)) if structure is None else []
    unsupported = [*lost, *_unsupported_features(frame), *formulas]
    name = Path(path).name
    return WriteLog(name=name, format="SDMX-CSV 2.0", rows=len(table), unsupported=unsupported)


def _sdmx_columns(table: CountTable, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a file; a count that is not known has bounds instead of a value."""
    about = {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": f"{AGENCY}:{structure_id(table.columns.schema)}(1.0)",
        "ACTION": "I",
    }
    zeros = np.zeros(len(frame), dtype=np.int8)
    data = {name: coded(zeros, [text]) for name, text in about.items()}
    names = [name for name in table.dimensions if name != "period"]
    data |= {IDS.get(name, name): frame[name].array for name in names}
    flags, reasons, periods = (
        FileColumn.from_values(frame[name]) for name in ("flags", "reason", "period")
    )
    times = periods.with_values(list(map(sdmx_period, periods.categories)))
    data["TIME_PERIOD"] = coded(times.codes, times.categories)
    data["OBS_VALUE"] = frame["value"].array
    suppressed = flags.where(lambda text: "c" in text)
    suppressed |= reasons.where(lambda text: text == Reason.SUPPRESSED)
    known = reasons.where(lambda text: text == Reason.KNOWN)
    upper = frame["upper"].to_numpy()
    bounded = np.isfinite(upper)
    integers = np.where(bounded, upper, 0).astype(np.int64)
    optional = {
        "OBS_FLAG": frame["flags"].array,
        "CONF_STATUS": coded(suppressed.astype(np.int8) - 1, ["C"]),
        "LOWER": pd.arrays.IntegerArray(frame["lower"].to_numpy().copy(), known),
        "UPPER": pd.arrays.IntegerArray(integers, known | ~bounded),
        "REASON": coded(np.where(known, -1, reasons.codes), reasons.categories),
        **{name.upper(): frame[name].array for name in DETAILS if name in frame},
    }
    data |= {name: column for name, column in optional.items() if _has_values(column)}
    return pd.DataFrame(data)


def _has_values(column: Any) -> bool:
    """Whether a column has a value in a row."""
    if isinstance(column, pd.Categorical):
        return bool(FileColumn.from_values(column).where(bool).any())
    return not column.isna().all()


def _unsupported_features(frame: pd.DataFrame) -> list[UnsupportedFeature]:
    """Return the features that other programs do not read."""
    if not len(frame):
        return [NO_ROWS]
    features = (
        ("PERIOD", "period", "periods", _is_period_of_own),
        ("AREA_NAME", "area", "areas without a code", _is_area_of_own),
    )
    result = []
    for code, name, noun, has in features:
        column = FileColumn.from_values(frame[name])
        used = set(column.present)
        codes = [index for index in column.matching(has) if index in used]
        feature = UnsupportedFeature(
            code=code,
            is_lost=False,
            rows=int(column.isin(codes).sum()),
            message=f"other programs do not read these {noun}",
            examples=[column.categories[index] for index in codes[:5]],
        )
        result += [feature] if codes else []
    return result


def _is_period_of_own(text: str) -> bool:
    return sdmx_period(text) == text and not text.isdigit()


def _is_area_of_own(text: str) -> bool:
    return not is_id(text)
