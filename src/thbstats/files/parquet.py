"""Parquet files and data frames as cells."""

from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.files.delimited import check_texts
from thbstats.files.input_file import InputFile
from thbstats.files.ledger import Ledger
from thbstats.tables.encoding import coded, distinct
from thbstats.tables.frames import Frame, frame_columns, library

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 1 << 18
_OCTETS = 4  # of a character in UTF-8
_TEXTS = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")

PARQUET = b"PAR1"
"""The first and last bytes of a Parquet file."""


def read_parquet(file: InputFile) -> "pa.Table":
    """Return the rows of a Parquet file, with texts as dictionaries.

    A file that is damaged, contains lists or records, declares more cells or bytes than the limits
    allow, or has a longer text in a cell raises `InvalidFile`.
    """
    pa = library("pyarrow")
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(pa.BufferReader(file.data)) as parquet_file:
            _check(file, parquet_file.metadata, parquet_file.schema_arrow)
        schema = parquet_file.schema_arrow
        texts = [field.name for field in schema if str(field.type) in _TEXTS]
        # A repeated text is stored once, so that a small file needs little memory.
        with parquet.ParquetFile(pa.BufferReader(file.data), read_dictionary=texts) as parquet_file:
            table = parquet_file.read(use_threads=False)
        for name, column in zip(table.column_names, table.columns, strict=True):
            _check_lengths(file, name, column)
        table.validate(full=True)  # detects invalid dictionary indices
        if table.num_rows * table.num_columns > file.limits.texts:
            check_texts(file, (_distinct(pa, file, column) for column in table.columns))
    except (ThbstatsError, MemoryError):
        raise
    except Exception as error:  # pyarrow raises many types of errors
        raise InvalidFile(
            f"{file.name} cannot be read as Parquet: {str(error)[:200]}",
            hint="Download or write it again",
        ) from None
    return table


def parquet_bytes(table: "pa.Table", metadata: dict[bytes, bytes] | None = None) -> bytes:
    """Return a table as a Parquet file, with these metadata only."""
    from pyarrow import parquet

    file = BytesIO()
    parquet.write_table(table.replace_schema_metadata(metadata), file)
    return file.getvalue()


def _check(file: InputFile, about: Any, schema: Any) -> None:
    names, limits = list(schema.names), file.limits
    if len(names) > limits.columns:
        raise file.exceeded("columns", "columns")
    if about.num_rows * max(1, len(names)) > limits.cells:
        raise file.exceeded("cells", "cells")
    for field in schema:
        if field.type.num_fields:
            raise InvalidFile(
                "must not contain lists or records",
                field=field.name,
                value=str(field.type)[:80],
                hint="Store each part in its own column",
            )
        if str(field.type).startswith("fixed_size_binary") and (
            field.type.byte_width * about.num_rows > limits.size
        ):
            raise file.exceeded("size", "bytes")
        if names.count(field.name) > 1:
            raise InvalidFile(
                "column names must be unique", field=field.name, hint="Rename one of them"
            )
    groups = map(about.row_group, range(about.num_row_groups))
    if sum(group.total_byte_size for group in groups) > limits.size:
        raise file.exceeded("size", "bytes")
    check_row_groups(file.name, about)


def check_row_groups(name: str, about: Any) -> None:
    """Raise an error for a Parquet file whose groups have other rows than the file declares.

    Pyarrow allocates memory for the rows of a group before it reads them: 12 bytes of metadata can
    fill the memory of a machine.
    """
    # The numbers of values of columns would be read with `group.column`, which ends the process if
    # other metadata of the column are wrong.
    rows = [about.row_group(number).num_rows for number in range(about.num_row_groups)]
    if sum(rows) != about.num_rows or min(rows, default=0) < 0:
        raise InvalidFile(
            f"{name} cannot be read as Parquet: its numbers of rows differ",
            hint="Download or write it again",
        )


def _check_lengths(file: InputFile, name: str, column: "pa.ChunkedArray") -> None:
    """Raise an error for a text that is longer than a cell; it can be in each row."""
    from pyarrow import compute

    for chunk in column.chunks:
        texts = getattr(chunk, "dictionary", chunk)
        if str(texts.type) not in _TEXTS:
            return
        longest = compute.max(compute.binary_length(texts)).as_py() or 0
        if longest > _OCTETS * file.limits.cell or (
            longest > file.limits.cell
            and str(texts.type).endswith("string")
            and compute.max(compute.utf8_length(texts)).as_py() > file.limits.cell
        ):
            raise InvalidFile(
                f"cells of {file.name} must have at most {file.limits.cell} characters",
                field=name,
                hint="If the file is correct, pass limits=Limits(cell=...)",
            )


def _distinct(pa: Any, file: InputFile, column: "pa.ChunkedArray") -> int:
    """Return the number of distinct values, or a number above the limit."""
    if pa.types.is_dictionary(column.type):
        chunks = column.unify_dictionaries().chunks
        return len(chunks[0].dictionary) if chunks else 0
    result = column.slice(0, 0).unique()
    for start in range(0, len(column), _ROWS):
        # In blocks, because a table of all values needs much memory.
        result = pa.concat_arrays([result, column.slice(start, _ROWS).unique()]).unique()
        if len(result) > file.limits.texts:
            break
    return len(result)


def cells_of_frame(frame: Frame) -> Ledger:
    """Return the cells of a frame as texts, with row numbers; missing values are empty texts.

    A frame with lists or records, or with two columns of one name, raises `InvalidValue`.
    """
    columns, size = frame_columns(frame)
    texts = {}
    for name, values in columns.items():
        column = distinct(values, name).compact().fill(None).map(_text)
        texts[name] = coded(column.codes, column.categories)
    return Ledger.of_columns(list(texts), texts.values(), range(1, size + 1), noun="row")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float | np.floating) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)
