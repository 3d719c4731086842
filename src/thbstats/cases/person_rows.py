"""Lists of cases in workbooks, and files with several rows for one person."""

import os
from collections.abc import Iterable
from typing import Any

import pandas as pd

from thbstats.cases.paths import are_paths, find_files
from thbstats.errors import InvalidValue, require_name
from thbstats.files import open_file, read_sheet
from thbstats.tables.frames import in_memory

_WORKBOOKS = (".xlsx", ".xlsm", ".ods")


def is_workbook_path(data: Any) -> bool:
    """Whether a value is the path of a workbook."""
    return isinstance(data, str | os.PathLike) and os.fspath(data).lower().endswith(_WORKBOOKS)


def load_cases(data: Any) -> pd.DataFrame:
    """Return the rows of a workbook, of files, or of a frame of any engine, as a pandas frame."""
    if is_workbook_path(data):
        texts = read_sheet(open_file(data)).raw.astype(object)
        return texts.where(texts.apply(lambda column: column.str.strip()) != "", None)
    if are_paths(data):
        frames = [
            pd.read_parquet(file.location)
            if file.format == "parquet"
            else pd.read_csv(file.location, sep=file.separator, dtype=object)
            for file in find_files(data)
        ]
        return pd.concat(frames, ignore_index=True)
    frame = in_memory(data)
    return frame if isinstance(frame, pd.DataFrame) else frame.to_pandas()


def _is_mixed(values: "pd.Series[Any]") -> bool:
    return len(pd.unique(values.dropna())) > 1


def join_persons(
    frame: pd.DataFrame, person: str, lists: Iterable[str], separator: str
) -> pd.DataFrame:
    """Return one row for each person; the texts of ``lists`` are joined.

    Rows of a person with different values in another column, or a row without a person, raise
    `InvalidValue`.
    """
    require_name(person, map(str, frame.columns), "`person` must be a column of the cases")
    if frame[person].isna().any():
        row = int(frame[person].isna().to_numpy().argmax())
        raise InvalidValue("must name the person", row=row, field=person, hint="Complete the cell")
    groups, joined = frame.groupby(person, sort=False), set(lists)
    result = groups.first()  # the first value that is not empty
    for name in frame.columns:
        if name in joined:
            texts: Any = frame[name].astype(object).where(frame[name].notna(), None)
            result[name] = texts.groupby(frame[person], sort=False).agg(
                lambda own: (
                    separator.join(dict.fromkeys(str(t) for t in own if t is not None)) or None
                )
            )
        elif name != person and (different := groups[name].agg(_is_mixed)).any():
            raise InvalidValue(
                f"must be the same in all rows of a person, such as {different.idxmax()}",
                field=str(name),
                hint=f"Correct the rows, or join the answers: multi={{...: {name!r}}}",
            )
    return result.reset_index()
