"""JSON of this library: a complete data set, exact and versioned.

A file is one object with ``format`` ("thbstats"), ``schema_version`` and ``tables``, one object for
each kind of count. Tables are stored by column. A coded column is one code for all rows, or
``categories`` and ``codes``. ``lower`` and ``upper`` are the bounds of the counts; ``null`` is
unbounded, and ``upper`` is omitted if it equals ``lower``. ``origin`` contains positions in
``origins``, which refer to ``sources`` and reporting countries. ``findings`` contains the findings
of cells and is omitted if there are none.
"""

import os
import re
from pathlib import Path
from typing import Any

from thbstats.errors import InvalidFile
from thbstats.exchange import (
    LIMITS,
    Declaration,
    Format,
    InputFile,
    Limits,
    Progress,
    Reading,
    WriteLog,
    is_json,
    no_progress,
    open_input,
    parse_json,
    write_json,
)
from thbstats.records import Source
from thbstats.sources._thbstats_files import check_undeclared, finish_own_reading
from thbstats.sources.thbstats_json._reading import data_set
from thbstats.sources.thbstats_json._writing import document
from thbstats.tables import CountTable, Dataset

__all__ = ["FORMAT", "read", "recognise", "write"]

_LABEL = "thbstats JSON"
_START = re.compile(r'\s*\{\s*"format"\s*:\s*"thbstats"')


def recognise(file: InputFile) -> str:
    """Return the feature that identifies the format; empty for other files."""
    if _START.match(file.head):
        return 'its first member is "format": "thbstats"'
    if is_json(file) and b'"thbstats"' in file.data:
        try:
            content = parse_json(file)
        except InvalidFile:
            return ""
        return 'it has "format": "thbstats"' if content.get("format") == "thbstats" else ""
    return ""


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: "Progress" = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Read a file of this format completely.

    Parameters
    ----------
    path : str, path or InputFile
        The file.
    declare : Declaration, optional
        Not allowed: the file declares its columns.
    source : Source or str, optional
        The publication of the figures, for rows without a source.
    strict : bool
        Without effect: a file with a problem is always rejected.
    encoding, limits, progress : optional
        See `open_file`.
    kind : str, optional
        A kind of count that the file must contain.
    **constants
        Not allowed: the file contains all values.

    Returns
    -------
    Reading

    Raises
    ------
    InvalidFile
        If it is not JSON, has a newer version, or a part is not valid; ``field`` is the JSON
        Pointer of that part.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b'{"format": "thbstats", "schema_version": 1, "tables": [{"kind": "cooperation",'
    ...     b'"rows": 1, "dimensions": {"area": "EU28", "period": "2016-2017", "body": "europol",'
    ...     b'"kind": "operational_messages", "unit": "not_stated", "register": "not_stated"},'
    ...     b'"lower": [8411], "reason": "known", "flags": ""}]}'
    ... )
    >>> read(file).table.count()
    Count(8411)
    """
    check_undeclared(_LABEL, declare, constants)
    file = open_input(path, encoding, limits, progress)
    data = data_set(file.name, parse_json(file), source)
    how = recognise(file)
    return finish_own_reading(data, file, label=_LABEL, how=how, strict=strict, kind=kind)


def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table or a data set without loss.

    Equal data give equal bytes.

    Parameters
    ----------
    data : CountTable or Dataset
        The data.
    path : str or path
        The file; an existing file is replaced.

    Returns
    -------
    WriteLog
    """
    dataset = Dataset(**{data.kind: data}) if isinstance(data, CountTable) else data
    write_json(document(dataset), path)
    rows = sum(len(table) for table in dataset.tables())
    return WriteLog(name=Path(path).name, format=_LABEL, rows=rows)


FORMAT = Format(
    name="thbstats_json",
    label=_LABEL,
    extensions=(".thb.json", ".json"),
    recognise=recognise,
    read=read,
    write=write,
    contents="All features: several tables, bounds, reasons, flags, findings, sources and "
    "reporting countries.",
    specification="The JSON Schema that json_schema() returns (draft 2020-12).",
)
