"""The library's own JSON: a whole data set, exact, compact and versioned.

A file is one object: ``format`` is "thbstats", ``schema_version`` its version, ``tables`` one
object for each kind of count. A table is stored by columns. A column of words is one word where all
rows share it, else ``categories`` and the place of each row's word among them, ``codes``. ``lower``
and ``upper`` are the ends of each count, ``null`` where nothing bounds it; ``upper`` is left out
where it is ``lower`` in all rows. ``origin`` is the place of each row among ``origins``, which name
``sources`` by their places and the countries that reported. ``findings`` has the distinct sets of
findings on cells, each with its code and its text, and the place of each row's set; it is left out
where no cell has one.
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

_LABEL = "JSON of this library"
_START = re.compile(r'\s*\{\s*"format"\s*:\s*"thbstats"')


def recognise(file: InputFile) -> str:
    """Return how a file shows that it is of this format; empty if it does not.

    Parameters
    ----------
    file : InputFile
        The file.

    Returns
    -------
    str
    """
    if _START.match(file.head):
        return 'its first member is "format": "thbstats"'
    if is_json(file) and b'"thbstats"' in file.data:
        try:
            found = parse_json(file)
        except InvalidFile:
            return ""
        return 'it has "format": "thbstats"' if found.get("format") == "thbstats" else ""
    return ""


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Return what a file of this format holds; all of it, or nothing.

    Parameters
    ----------
    path : str, path or InputFile
        The file.
    declare : Declaration, optional
        Not needed, and refused: the file says all of it.
    source : Source or str, optional
        Where the figures were published, for rows that do not say so themselves.
    strict : bool
        Makes no difference: a file with any defect is refused.
    encoding, limits, progress : optional
        As for `open_file`.
    kind : str, optional
        A kind of count that the file must hold.
    **constants
        Refused: the file says of every row what it is.

    Returns
    -------
    Reading

    Raises
    ------
    InvalidFile
        If it is no JSON, of a newer version, or a part of it is not what it must be; ``field`` is
        the JSON Pointer to that part.

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
    """Write a table or a whole data set; nothing is lost.

    The same data give the same bytes.

    Parameters
    ----------
    data : CountTable or Dataset
        What to write.
    path : str or path
        The file; it is replaced if it exists.

    Returns
    -------
    WriteLog
    """
    whole = Dataset(**{data.kind: data}) if isinstance(data, CountTable) else data
    write_json(document(whole), path)
    rows = sum(len(table) for table in whole.tables())
    return WriteLog(name=Path(path).name, format=_LABEL, rows=rows)


FORMAT = Format(
    name="thbstats_json",
    label=_LABEL,
    endings=(".thb.json", ".json"),
    recognise=recognise,
    read=read,
    write=write,
    holds="Everything: tables of all kinds in one file, every count with its ends and its reason, "
    "flags, findings, sources and reporters.",
    specification="The JSON Schema that json_schema() returns (draft 2020-12).",
)
