"""Parquet within limits: what a file declares of itself is checked before it is believed."""

from typing import TYPE_CHECKING, Any

from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.exchange.files.delimited import check_texts
from thbstats.exchange.files.input_file import InputFile
from thbstats.tables.libraries import library

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["PARQUET", "read_parquet"]

_ROWS = 1 << 18

PARQUET = b"PAR1"
"""With what a Parquet file starts, and ends."""


def read_parquet(file: InputFile) -> "pa.Table":
    """Return the rows of a Parquet file, its texts as dictionaries.

    Parameters
    ----------
    file : InputFile
        The file.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    InvalidFile
        If it is broken, a column holds lists or records, or it declares more cells or bytes than
        the limits admit.
    MissingExtra
        If pyarrow is not installed.
    """
    pa = library("pyarrow")
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(pa.BufferReader(file.data)) as parquet_file:
            _check(file, parquet_file.metadata, parquet_file.schema_arrow)
        texts = _texts(pa, parquet_file.schema_arrow)
        # A text that stands in every row is held once, so that a small file stays small.
        with parquet.ParquetFile(pa.BufferReader(file.data), read_dictionary=texts) as parquet_file:
            found = parquet_file.read(use_threads=False)
        found.validate(full=True)  # a place beyond its dictionary is no error to pyarrow before
        _check_texts(file, found)
    except (ThbstatsError, MemoryError):
        raise
    except Exception as error:  # pyarrow raises errors of its own, of Python, and of the system
        raise InvalidFile(
            f"{file.name} cannot be read as Parquet: {str(error)[:200]}",
            hint="Download or write it again",
        ) from None
    return found


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
                "a column with lists or records",
                field=field.name,
                value=str(field.type)[:80],
                hint="Give each of its parts a column of its own",
            )
        if names.count(field.name) > 1:
            raise InvalidFile(
                "two columns have the same name", field=field.name, hint="Rename one of them"
            )
    size = sum(about.row_group(index).total_byte_size for index in range(about.num_row_groups))
    if size > file.limits.size:
        raise file.limits.exceeded(file.name, "size", "bytes")


def _check_texts(file: InputFile, found: "pa.Table") -> None:
    """Refuse more different values than the limits admit; each becomes a text."""
    if found.num_rows * found.num_columns > file.limits.texts:
        check_texts(file, (_distinct(column, file.limits.texts) for column in found.columns))


def _distinct(column: "pa.ChunkedArray", most: int) -> int:
    """Return how many different values a column has, or a larger number than the most."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        chunks = column.unify_dictionaries().chunks
        return len(chunks[0].dictionary) if chunks else 0
    found = column.slice(0, 0).unique()
    for start in range(0, len(column), _ROWS):
        # Block by block, since a table of all values takes much memory.
        found = pa.concat_arrays([found, column.slice(start, _ROWS).unique()]).unique()
        if len(found) > most:
            break
    return len(found)
