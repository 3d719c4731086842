"""Parquet files within limits."""

from typing import TYPE_CHECKING, Any

from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.exchange.files.delimited import check_texts
from thbstats.exchange.files.input_file import InputFile
from thbstats.tables.frames import library

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["PARQUET", "read_parquet"]

_ROWS = 1 << 18

PARQUET = b"PAR1"
"""The first and last bytes of a Parquet file."""


def read_parquet(file: InputFile) -> "pa.Table":
    """Return the rows of a Parquet file, with texts as dictionaries.

    Parameters
    ----------
    file : InputFile
        The file.

    Raises
    ------
    InvalidFile
        If it is damaged, a column contains lists or records, or it declares more cells or bytes
        than the limits allow.
    MissingExtra
        If pyarrow is not installed.
    """
    pa = library("pyarrow")
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(pa.BufferReader(file.data)) as parquet_file:
            _check(file, parquet_file.metadata, parquet_file.schema_arrow)
        texts = _texts(pa, parquet_file.schema_arrow)
        # A repeated text is stored once, so that a small file needs little memory.
        with parquet.ParquetFile(pa.BufferReader(file.data), read_dictionary=texts) as parquet_file:
            table = parquet_file.read(use_threads=False)
        table.validate(full=True)  # detects invalid dictionary indices
        _check_texts(file, table)
    except (ThbstatsError, MemoryError):
        raise
    except Exception as error:  # pyarrow raises many types of errors
        raise InvalidFile(
            f"{file.name} cannot be read as Parquet: {str(error)[:200]}",
            hint="Download or write it again",
        ) from None
    return table


def _texts(pa: Any, schema: Any) -> list[str]:
    texts = (pa.types.is_string, pa.types.is_large_string)
    return [field.name for field in schema if any(is_text(field.type) for is_text in texts)]


def _check(file: InputFile, about: Any, schema: Any) -> None:
    names = list(schema.names)
    if len(names) > file.limits.columns:
        raise file.limits.exceeded(file.name, "columns", "columns")
    if about.num_rows * max(1, len(names)) > file.limits.cells:
        raise file.limits.exceeded(file.name, "cells", "cells")
    for field in schema:
        if field.type.num_fields:
            raise InvalidFile(
                "must not contain lists or records",
                field=field.name,
                value=str(field.type)[:80],
                hint="Store each part in its own column",
            )
        if names.count(field.name) > 1:
            raise InvalidFile(
                "column names must be unique", field=field.name, hint="Rename one of them"
            )
    size = sum(about.row_group(index).total_byte_size for index in range(about.num_row_groups))
    if size > file.limits.size:
        raise file.limits.exceeded(file.name, "size", "bytes")


def _check_texts(file: InputFile, table: "pa.Table") -> None:
    """Raise an error for more distinct values than the limits allow."""
    if table.num_rows * table.num_columns > file.limits.texts:
        check_texts(file, (_distinct(column, file.limits.texts) for column in table.columns))


def _distinct(column: "pa.ChunkedArray", limit: int) -> int:
    """Return the number of distinct values, or a number above the limit."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        chunks = column.unify_dictionaries().chunks
        return len(chunks[0].dictionary) if chunks else 0
    result = column.slice(0, 0).unique()
    for start in range(0, len(column), _ROWS):
        # In blocks, because a table of all values needs much memory.
        result = pa.concat_arrays([result, column.slice(start, _ROWS).unique()]).unique()
        if len(result) > limit:
            break
    return len(result)
