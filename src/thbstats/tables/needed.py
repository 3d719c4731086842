"""What is given in place of a table, and where the table is in it."""

from typing import Any

from thbstats.errors import InvalidValue
from thbstats.tables.dataset import Dataset
from thbstats.tables.table import CountTable

__all__ = ["need_table"]


def need_table(given: object, field: str = "table") -> CountTable:
    """Return what was given, if it is a table of counts.

    Raises
    ------
    InvalidValue
        If it is anything else; the hint says where its counts are, if it has some.
    """
    if isinstance(given, CountTable):
        return given
    raise InvalidValue(
        "counts are needed as a CountTable",
        field=field,
        value=type(given).__name__,
        hint=_hint(given),
    )


def _hint(given: Any) -> str:
    if isinstance(given, Dataset):
        return "Take one of its tables: " + ", ".join(f".{table.kind}" for table in given.tables())
    if isinstance(getattr(given, "data", None), Dataset):
        return "Take its counts: .data.victims or .data.justice; .table where there is one kind"
    if hasattr(given, "columns"):
        return "Make one of the frame: thbstats.CountTable.from_frame(frame, kind='victims')"
    return "Read a file with thbstats.read(...).table, or build one: CountTable.from_rows"
