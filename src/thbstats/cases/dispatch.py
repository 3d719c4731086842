"""The rows of a frame or of files."""

from typing import Any

import pandas as pd

from thbstats.cases.filters import Filter, apply_filter
from thbstats.cases.in_memory import FrameRows
from thbstats.cases.lazy_rows import LazyRows
from thbstats.cases.on_disk import FileRows
from thbstats.cases.paths import are_paths
from thbstats.cases.rows import Rows
from thbstats.exchange import Progress, no_progress
from thbstats.tables.frames import in_memory

__all__ = ["open_rows"]


def open_rows(data: Any, filter: Filter = (), progress: Progress = no_progress) -> Rows:
    """Return the rows of a frame or of files.

    Parameters
    ----------
    data : path, list of paths, or frame of any engine
        A frame in memory is counted in memory; a lazy frame, a relation of DuckDB and files by
        their engine.
    filter : tuple of narwhals expressions
        The rows to count.
    progress : callable
        Called with a text and a fraction from 0 to 1.

    Raises
    ------
    InvalidValue
        If the data are of another type.
    """
    if are_paths(data):
        return FileRows.of(data, filter, progress)
    if isinstance(data, pd.DataFrame) and not filter:
        return FrameRows.of(data)
    import narwhals.stable.v2 as nw

    frame = nw.from_native(data, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        return LazyRows(apply_filter(frame, filter), progress)
    if not filter:
        return FrameRows.of(data)
    return FrameRows.of(apply_filter(nw.from_native(in_memory(data)), filter).to_native())
