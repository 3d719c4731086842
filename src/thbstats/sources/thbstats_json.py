"""JSON of this library: a complete data set, exact and versioned.

A file is one object with ``format`` ("thbstats"), ``schema_version`` and ``tables``, one object for
each kind of count. Tables are stored by column. A coded column is one code for all rows, or
``categories`` and ``codes``. ``lower`` and ``upper`` are the bounds of the counts; ``null`` is
unbounded, and ``upper`` is omitted if it equals ``lower``. ``origin`` contains positions in
``origins``, which refer to ``sources`` and reporting countries. ``findings`` contains the findings
of cells and is omitted if there are none. ``classifications`` contains the dimensions of users, as
`Classification.to_dict` returns them; files with it have version 2, others version 1.
"""

import os
import re
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from thbstats.errors import InvalidFile
from thbstats.files.input_file import InputFile
from thbstats.files.json_data import JsonPart, is_json, parse_json, write_json
from thbstats.files.reading import Reading, WriteLog
from thbstats.files.table_schemas import version_of
from thbstats.records import Schema
from thbstats.sources._formats import FilePath, Format, finish_own, refuse_declaration
from thbstats.sources._table_documents import (
    check_version,
    coded_column,
    coded_data,
    read_table,
    table_document,
)
from thbstats.tables import CountTable, Dataset

__all__ = ["FORMAT", "read", "recognise", "write"]

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


def read(path: FilePath, **options: Any) -> Reading:
    """Read a file of this format completely."""
    request = FORMAT.request(path, options)
    refuse_declaration(request)
    document = JsonPart(parse_json(request.file))
    # The version first, because a newer version can have other members.
    if isinstance(document.value, dict):
        check_version(request.file.name, document.value.get("schema_version"), "/schema_version")
    top = document.members(("format", "schema_version", "tables"))
    if top["format"].value != "thbstats":
        hint = "Read the file with its own format"
        raise top["format"].error("must be 'thbstats'", hint, value=top["format"].value)
    tables: dict[str, CountTable] = {}
    for part in top["tables"].parts():
        table = read_table(part, "dimensions", partial(_dimensions, part), request.publication())
        if table.kind in tables:
            problem = f"must have at most one table of {table.kind}"
            raise part.error(problem, "Merge the two tables", "kind")
        tables[table.kind] = table
    return finish_own(request, Dataset(**tables))


def _dimensions(part: JsonPart, schema: Schema, rows: int) -> dict[str, pd.Categorical]:
    own = part["dimensions"].members(schema.names)
    return {name: coded_column(own[name], rows, schema[name].parse) for name in schema.names}


def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table or a data set without loss."""
    dataset = Dataset(**{data.kind: data}) if isinstance(data, CountTable) else data
    tables = list(dataset.tables())
    version = version_of(*(table.columns.schema for table in tables))
    top = {"format": "thbstats", "schema_version": version}
    documents = []
    for table in tables:
        columns, dimensions = table.columns, {}
        pairs = zip(columns.schema.dimensions, columns.dimensions, strict=True)
        for dimension, column in pairs:
            categories = sorted(column.categories, key=dimension.sort_key)
            codes = column.recode(categories).codes
            dimensions[dimension.name] = coded_data(codes, categories)
        documents.append(table_document(columns, dimensions=dimensions))
    write_json({**top, "tables": documents}, path)
    return WriteLog(name=Path(path).name, format=FORMAT.label, rows=sum(map(len, tables)))


FORMAT = Format.named("thbstats_json", recognise, read, write)
