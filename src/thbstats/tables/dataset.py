"""Datasets, and the check of table arguments."""

from collections.abc import Iterator
from typing import Any

from attrs import Attribute, field, fields, frozen

from thbstats._signatures import explain_arguments
from thbstats.errors import InvalidValue
from thbstats.tables.table import CountTable


def _check_kind(_: Any, attribute: "Attribute[Any]", table: object) -> None:
    if table is None or (isinstance(table, CountTable) and table.kind == attribute.name):
        return
    description = f"a table of {table.kind}" if isinstance(table, CountTable) else repr(table)
    raise InvalidValue(
        f"must be a table of {attribute.name}",
        field=attribute.name,
        value=description,
        hint=f"Build it with kind={attribute.name!r}",
    )


@explain_arguments
@frozen(kw_only=True)
class Dataset:
    """Tables of one publication, at most one of each kind.

    Parameters
    ----------
    victims, justice, protection, cooperation : CountTable or None
        The table of each kind, or ``None``.
    """

    victims: CountTable | None = field(default=None, validator=_check_kind)
    justice: CountTable | None = field(default=None, validator=_check_kind)
    protection: CountTable | None = field(default=None, validator=_check_kind)
    cooperation: CountTable | None = field(default=None, validator=_check_kind)

    def tables(self) -> Iterator[CountTable]:
        """Yield the tables that are not None."""
        for attribute in fields(Dataset):
            table = getattr(self, attribute.name)
            if table is not None:
                yield table


def require_table(value: object, field: str = "table") -> CountTable:
    """Return a value if it is a `CountTable`."""
    if isinstance(value, CountTable):
        return value
    hint = "Use thb.read(path).table, or thb.CountTable.from_rows(...)"
    if isinstance(value, Dataset):
        hint = "Use one of its tables: " + ", ".join(f".{table.kind}" for table in value.tables())
    elif isinstance(getattr(value, "data", None), Dataset):
        hint = "Use its counts: .data.victims, .data.justice, or .table if there is one kind"
    elif hasattr(value, "columns"):
        hint = "Use thb.read(frame).table, or thb.CountTable.from_frame(frame, kind='victims')"
    raise InvalidValue("must be a CountTable", field=field, value=type(value), hint=hint)
