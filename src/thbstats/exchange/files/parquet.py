"""Parquet within limits: what a file declares of itself is checked before it is believed."""

from typing import TYPE_CHECKING, Any

from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.exchange.files.opening import Opened
from thbstats.tables.libraries import library

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["PARQUET", "read_parquet"]

PARQUET = b"PAR1"
"""With what a Parquet file starts, and ends."""


def read_parquet(opened: Opened) -> "pa.Table":
    """Return the rows of a Parquet file, its texts as dictionaries.

    Parameters
    ----------
    opened : Opened
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
        with parquet.ParquetFile(pa.BufferReader(opened.data)) as file:
            _check(opened, file.metadata, file.schema_arrow)
        texts = _texts(pa, file.schema_arrow)
        # A text that stands in every row is held once, so that a small file stays small.
        with parquet.ParquetFile(pa.BufferReader(opened.data), read_dictionary=texts) as file:
            found = file.read(use_threads=False)
        found.validate(full=True)  # a place beyond its dictionary is no error to pyarrow before
    except ThbstatsError:
        raise
    except Exception as error:  # pyarrow raises errors of its own, of Python, and of the system
        raise InvalidFile(
            f"{opened.name} cannot be read as Parquet: {str(error)[:200]}",
            mend="Fetch or write the file again",
        ) from None
    return found


def _texts(pa: Any, schema: Any) -> list[str]:
    texts = (pa.types.is_string, pa.types.is_large_string)
    return [field.name for field in schema if any(is_text(field.type) for is_text in texts)]


def _check(opened: Opened, about: Any, schema: Any) -> None:
    names = list(schema.names)
    for field in schema:
        if field.type.num_fields:
            raise InvalidFile(
                "a column with lists or records",
                field=field.name,
                value=str(field.type)[:80],
                mend="Give each of its parts a column of its own",
            )
        if names.count(field.name) > 1:
            raise InvalidFile(
                "two columns have the same name", field=field.name, mend="Rename one of them"
            )
    if about.num_rows * max(1, len(names)) > opened.limits.cells:
        raise InvalidFile(
            f"{opened.name} has more than {opened.limits.cells} cells",
            field="limits",
            mend="If it is meant to, read it with limits=Limits(cells=...)",
        )
    size = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
    if size > opened.limits.size:
        raise InvalidFile(
            f"{opened.name} holds more than {opened.limits.size} bytes",
            field="limits",
            mend="If it is meant to, read it with limits=Limits(size=...)",
        )
