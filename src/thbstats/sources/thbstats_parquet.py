"""Parquet of this library: the tidy columns of one table, with version and kind.

The columns are those of `CountTable.to_frame`, with codes as dictionaries; ``findings`` contains
JSON. The metadata have ``thbstats.schema_version`` and ``thbstats.kind``.
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

_LABEL = "thbstats Parquet"
_VERSION, _KIND = b"thbstats.schema_version", b"thbstats.kind"
_TEXTS, _INTEGERS, _REAL = "texts", "integers", "numbers"
_MEASURES = {
    "value": _INTEGERS,
    "lower": _INTEGERS,
    "upper": _REAL,
    "reason": _TEXTS,
    "flags": _TEXTS,
    "findings": _TEXTS,
    "unanswered": _INTEGERS,
    "source": _TEXTS,
    "reporters": _TEXTS,
    "n_reporters": _INTEGERS,
}


def recognise(file: InputFile) -> str:
    """Return the feature that identifies the format; empty for other files."""
    if not file.data.startswith(PARQUET):
        return ""
    # The footer: metadata, their length, and the magic bytes.
    length = int.from_bytes(file.data[-8:-4], "little")
    result = _VERSION in file.data[-8 - min(length, len(file.data)) : -8]
    return "a Parquet file with the version of this library's schema" if result else ""


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
    """Read a file of this format completely.

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
        If it is not Parquet, has a newer version, other columns than its kind of count, or an
        invalid row.
    MissingExtra
        If pyarrow is not installed.
    """
    check_undeclared(_LABEL, declare, constants)
    file = open_input(path, encoding, limits, progress)
    result = read_parquet(file)
    table = _table(file.name, result, _kind(file.name, result), source)
    data = Dataset(**{table.kind: table})
    how = recognise(file)
    return finish_own_reading(data, file, label=_LABEL, how=how, strict=strict, kind=kind)


def _kind(name: str, result: Any) -> str:
    metadata: dict[bytes, bytes] = result.schema.metadata or {}
    version = metadata.get(_VERSION, b"").decode("utf-8", "replace")
    number = int(version) if re.fullmatch("[0-9]{1,9}", version) else version
    check_version(name, number, _VERSION.decode())
    kind = metadata.get(_KIND, b"").decode("utf-8", "replace")
    if kind not in KINDS:
        raise InvalidFile(
            f"{name} must contain a known kind of count",
            field=_KIND.decode(),
            value=kind,
            hint=did_you_mean(kind, KINDS),
        )
    return kind


def _table(name: str, result: Any, kind: str, source: Source | str | None) -> CountTable:
    expected = {**dict.fromkeys(schema_of(kind).names, _TEXTS), **_MEASURES}
    if "unanswered" not in result.column_names:
        del expected["unanswered"]
    for column in [*expected, *result.column_names]:
        if column not in result.column_names or column not in expected:
            problem = "must exist" if column in expected else f"must be a column of {kind}"
            raise InvalidFile(problem, field=column, hint="Write the file again")
        if not _has_type(result.schema.field(column).type, expected[column]):
            raise InvalidFile(
                f"must contain {expected[column]}",
                field=column,
                value=str(result.schema.field(column).type),
                hint="Write the file again",
            )
    try:
        return CountTable.from_frame(result, kind=kind, source=source)
    except ThbstatsError as error:
        raise InvalidFile(f"{name} must contain valid counts: {error}") from None


def _has_type(result: Any, expected: str) -> bool:
    types = library("pyarrow").types
    if expected == _TEXTS:
        column = result.value_type if types.is_dictionary(result) else result
        return bool(types.is_string(column) or types.is_large_string(column))
    whole = types.is_integer(result)
    return bool(whole or (expected == _REAL and types.is_floating(result)))


def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table without loss.

    Parameters
    ----------
    data : CountTable or Dataset
        The table; a data set must contain exactly one.
    path : str or path
        The file; an existing file is replaced.

    Returns
    -------
    WriteLog

    Raises
    ------
    InvalidValue
        If a data set does not contain exactly one table.
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
    result = pa.DictionaryArray.from_arrays(columns.finding.astype("int32"), pa.array(texts))
    return frame.set_column(frame.column_names.index("findings"), "findings", result)


FORMAT = Format(
    name="thbstats_parquet",
    label=_LABEL,
    extensions=(".thb.parquet", ".parquet"),
    recognise=recognise,
    read=read,
    write=write,
    contents="All features of one table: bounds, reasons, flags, findings, sources and reporting "
    "countries.",
    specification="Apache Parquet; the columns are those of table_schema() (Table Schema).",
)
