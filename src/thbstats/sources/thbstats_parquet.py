"""The library's own Parquet: the tidy columns of one table, with version and kind in the file.

The columns are those of `CountTable.to_frame`, words as dictionaries; ``findings`` has the findings
of a cell as JSON, with their texts. The metadata of the file have ``thbstats.schema_version`` and
``thbstats.kind``.
"""

import json
import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from thbstats._files import write_file
from thbstats.errors import InvalidFile, ThbstatsError, did_you_mean
from thbstats.exchange import (
    LIMITS,
    PARQUET,
    Declaration,
    Format,
    InputFile,
    Limits,
    Progress,
    Reading,
    WriteLog,
    no_progress,
    open_input,
    read_parquet,
    require_one_table,
)
from thbstats.exchange.schemas import SCHEMA_VERSION
from thbstats.records import KINDS, Source, schema_of
from thbstats.sources._thbstats_files import check_undeclared, check_version, finish_own_reading
from thbstats.tables import CountTable, Dataset
from thbstats.tables.findings import findings_data
from thbstats.tables.libraries import library

__all__ = ["FORMAT", "read", "recognise", "write"]

_LABEL = "Parquet of this library"
_VERSION, _KIND = b"thbstats.schema_version", b"thbstats.kind"
_WORDS, _WHOLE, _REAL = "words", "whole numbers", "numbers"
_MEASURES = {
    "value": _WHOLE,
    "lower": _WHOLE,
    "upper": _REAL,
    "reason": _WORDS,
    "flags": _WORDS,
    "findings": _WORDS,
    "unanswered": _WHOLE,
    "source": _WORDS,
    "reporters": _WORDS,
    "n_reporters": _WHOLE,
}


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
    if not file.data.startswith(PARQUET):
        return ""
    # The footer: what it says of the file, how long that is, and the sign again.
    length = int.from_bytes(file.data[-8:-4], "little")
    found = _VERSION in file.data[-8 - min(length, len(file.data)) : -8]
    return "a Parquet file with the version of this library's schema" if found else ""


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
    """Return what a file of this format holds; all of it, or nothing.

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
        If it is no Parquet, of a newer version, has other columns than its kind of count, or a row
        is not what it must be.
    MissingExtra
        If pyarrow is not installed.
    """
    check_undeclared(_LABEL, declare, constants)
    file = open_input(path, encoding, limits, progress)
    found = read_parquet(file)
    table = _table(file.name, found, _kind(file.name, found), source)
    data = Dataset(**{table.kind: table})
    how = recognise(file)
    return finish_own_reading(data, file, label=_LABEL, how=how, strict=strict, kind=kind)


def _kind(name: str, found: Any) -> str:
    stated: dict[bytes, bytes] = found.schema.metadata or {}
    version = stated.get(_VERSION, b"").decode("utf-8", "replace")
    number = int(version) if re.fullmatch("[0-9]{1,9}", version) else version
    check_version(name, number, _VERSION.decode())
    kind = stated.get(_KIND, b"").decode("utf-8", "replace")
    if kind not in KINDS:
        raise InvalidFile(
            f"{name} holds no kind of count that is known",
            field=_KIND.decode(),
            value=kind,
            hint=did_you_mean(kind, KINDS),
        )
    return kind


def _table(name: str, found: Any, kind: str, source: Source | str | None) -> CountTable:
    expected = {**dict.fromkeys(schema_of(kind).names, _WORDS), **_MEASURES}
    if "unanswered" not in found.column_names:
        del expected["unanswered"]
    for column in [*expected, *found.column_names]:
        if column not in found.column_names or column not in expected:
            problem = "is missing" if column in expected else f"is no column of {kind}"
            raise InvalidFile(f"a column {problem}", field=column, hint="Write the file again")
        if not _holds(found.schema.field(column).type, expected[column]):
            raise InvalidFile(
                f"the column holds no {expected[column]}",
                field=column,
                value=str(found.schema.field(column).type),
                hint="Write the file again",
            )
    try:
        return CountTable.from_frame(found, kind=kind, source=source)
    except ThbstatsError as error:
        raise InvalidFile(f"{name} has rows that are no counts: {error}") from None


def _holds(found: Any, expected: str) -> bool:
    types = library("pyarrow").types
    if expected == _WORDS:
        column = found.value_type if types.is_dictionary(found) else found
        return bool(types.is_string(column) or types.is_large_string(column))
    whole = types.is_integer(found)
    return bool(whole or (expected == _REAL and types.is_floating(found)))


def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table; nothing is lost.

    Parameters
    ----------
    data : CountTable or Dataset
        What to write; a data set must hold one table.
    path : str or path
        The file; it is replaced if it exists.

    Returns
    -------
    WriteLog

    Raises
    ------
    InvalidValue
        If a data set holds several tables.
    MissingExtra
        If pyarrow is not installed.
    """
    library("pyarrow")
    from pyarrow import parquet

    table = require_one_table(data, _LABEL)
    about = {_VERSION: str(SCHEMA_VERSION).encode(), _KIND: table.kind.encode()}
    frame = _frame(table).replace_schema_metadata(about)
    file = BytesIO()
    parquet.write_table(frame, file)
    write_file(path, file.getvalue())
    return WriteLog(name=Path(path).name, format=_LABEL, rows=len(table))


def _frame(table: CountTable) -> Any:
    """Return the tidy columns, with the texts of findings."""
    pa = library("pyarrow")
    frame, columns = table.to_frame("pyarrow"), table.columns
    if len(columns.findings) == 1:
        return frame
    texts = [
        json.dumps(findings_data(findings), ensure_ascii=False) if findings else ""
        for findings in columns.findings
    ]
    found = pa.DictionaryArray.from_arrays(columns.finding.astype("int32"), pa.array(texts))
    return frame.set_column(frame.column_names.index("findings"), "findings", found)


FORMAT = Format(
    name="thbstats_parquet",
    label=_LABEL,
    endings=(".thb.parquet", ".parquet"),
    recognise=recognise,
    read=read,
    write=write,
    holds="Everything of one table: every count with its ends and its reason, flags, findings, "
    "sources and reporters.",
    specification="Apache Parquet; the columns are those of table_schema() (Table Schema).",
)
