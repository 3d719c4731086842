"""Check of table arguments."""

from typing import Any

from thbstats.errors import InvalidValue
from thbstats.tables.dataset import Dataset
from thbstats.tables.table import CountTable

__all__ = ["require_table"]


def require_table(value: object, field: str = "table") -> CountTable:
    """Return a value if it is a `CountTable`.

    Raises
    ------
    InvalidValue
        If it is not; the hint shows how to get the table.
    """
    if isinstance(value, CountTable):
        return value
    raise InvalidValue(
        "must be a CountTable",
        field=field,
        value=type(value).__name__,
        hint=_hint(value),
    )


def _hint(value: Any) -> str:
    if isinstance(value, Dataset):
        return "Use one of its tables: " + ", ".join(f".{table.kind}" for table in value.tables())
    if isinstance(getattr(value, "data", None), Dataset):
        return "Use its counts: .data.victims, .data.justice, or .table if there is one kind"
    if hasattr(value, "columns"):
        return "Use thb.read(frame).table, or thb.CountTable.from_frame(frame, kind='victims')"
    return "Use thb.read(path).table, or thb.CountTable.from_rows(...)"
