"""Parquet of this library: the tidy columns of one table, with version and kind.

The columns are those of `CountTable.to_frame`, with codes as dictionaries; ``findings`` contains
JSON. The metadata have ``thbstats.schema_version`` and ``thbstats.kind``, and a table with
dimensions of users has ``thbstats.classifications``, a JSON array.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

from thbstats._files import write_file
from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.files.input_file import InputFile, open_bytes
from thbstats.files.json_data import JsonPart, parse_json
from thbstats.files.parquet import PARQUET, parquet_bytes, read_parquet
from thbstats.files.reading import Reading, WriteLog
from thbstats.files.table_schemas import version_of
from thbstats.records import Schema
from thbstats.sources._formats import (
    FilePath,
    Format,
    finish_own,
    refuse_declaration,
    require_one_table,
)
from thbstats.sources._table_documents import check_version, schema_in
from thbstats.tables import CountTable, Dataset
from thbstats.tables.frames import library
from thbstats.tables.origins import findings_data

__all__ = ["FORMAT", "read", "recognise", "write"]

_VERSION, _KIND = b"thbstats.schema_version", b"thbstats.kind"
_CLASSIFICATIONS = b"thbstats.classifications"
_TEXTS, _INTEGERS, _REAL = "texts", "integers", "numbers"
_MEASURES = {
    **dict.fromkeys(("value", "lower", "unanswered", "n_reporters"), _INTEGERS),
    **dict.fromkeys(("reason", "flags", "findings", "source", "reporters"), _TEXTS),
    "upper": _REAL,
}


def recognise(file: InputFile) -> str:
    """Return the feature that identifies the format; empty for other files."""
    if not file.data.startswith(PARQUET):
        return ""
    # The footer: metadata, their length, and the magic bytes.
    length = int.from_bytes(file.data[-8:-4], "little")
    result = _VERSION in file.data[-8 - min(length, len(file.data)) : -8]
    return "a Parquet file with the version of this library's schema" if result else ""


def read(path: FilePath, **options: Any) -> Reading:
    """Read a file of this format completely."""
    request = FORMAT.request(path, options)
    refuse_declaration(request)
    name = request.file.name
    content = read_parquet(request.file)
    metadata: dict[bytes, bytes] = content.schema.metadata or {}
    version, kind = (metadata.get(key, b"").decode("utf-8", "replace") for key in (_VERSION, _KIND))
    number = int(version) if re.fullmatch("[0-9]{1,9}", version) else version
    check_version(name, number, _VERSION.decode())
    text = metadata.get(_CLASSIFICATIONS, b"[]")
    listed = parse_json(open_bytes(text, name=name, limits=request.file.limits))
    schema = schema_in(JsonPart({"kind": kind, "classifications": listed}))
    _check_columns(content, schema)
    try:
        table = CountTable.from_frame(content, kind=schema, source=request.source)
    except ThbstatsError as error:
        raise InvalidFile(f"{name} must contain valid counts: {error}") from None
    return finish_own(request, Dataset(**{table.kind: table}))


def _check_columns(content: Any, schema: Schema) -> None:
    types = library("pyarrow").types
    expected = {**dict.fromkeys(schema.names, _TEXTS), **_MEASURES}
    if "unanswered" not in content.column_names:
        del expected["unanswered"]
    hint = "Write the file again"
    for column in [*expected, *content.column_names]:
        if column not in content.column_names or column not in expected:
            problem = "must exist" if column in expected else f"must be a column of {schema.kind}"
            raise InvalidFile(problem, field=column, hint=hint)
        type_, content_type = content.schema.field(column).type, expected[column]
        if content_type == _TEXTS:
            texts = type_.value_type if types.is_dictionary(type_) else type_
            is_valid = types.is_string(texts) or types.is_large_string(texts)
        else:
            is_real = content_type == _REAL and types.is_floating(type_)
            is_valid = types.is_integer(type_) or is_real
        if not is_valid:
            problem = f"must contain {content_type}"
            raise InvalidFile(problem, field=column, value=str(type_), hint=hint)


def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table without loss."""
    pa = library("pyarrow")
    table = require_one_table(data, FORMAT.label)
    frame, columns = table.to_frame("pyarrow"), table.columns
    if len(columns.findings) > 1:
        texts = [
            json.dumps(findings_data(findings), ensure_ascii=False) if findings else ""
            for findings in columns.findings
        ]
        codes = columns.finding.astype("int32")
        result = pa.DictionaryArray.from_arrays(codes, pa.array(texts))
        frame = frame.set_column(frame.column_names.index("findings"), "findings", result)
    schema = columns.schema
    about = {_VERSION: str(version_of(schema)).encode(), _KIND: table.kind.encode()}
    if schema.classifications:
        listed = [item.to_dict() for item in schema.classifications]
        about[_CLASSIFICATIONS] = json.dumps(listed, ensure_ascii=False).encode()
    write_file(path, parquet_bytes(frame, about))
    return WriteLog(name=Path(path).name, format=FORMAT.label, rows=len(table))


FORMAT = Format.named("thbstats_parquet", recognise, read, write)
