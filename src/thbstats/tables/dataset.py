"""A data set: at most one table of each kind."""

from collections.abc import Iterator
from typing import Any

from attrs import Attribute, field, fields, frozen

from thbstats.errors import InvalidValue
from thbstats.tables.table import CountTable

__all__ = ["Dataset"]


def _of_its_kind(_: Any, attribute: "Attribute[Any]", table: object) -> None:
    if table is None or (isinstance(table, CountTable) and table.kind == attribute.name):
        return
    given = f"a table of {table.kind}" if isinstance(table, CountTable) else repr(table)
    raise InvalidValue(
        f"a table of {attribute.name} is needed",
        field=attribute.name,
        value=given,
        hint=f"Build it with kind={attribute.name!r}",
    )


@frozen(kw_only=True)
class Dataset:
    """Tables that belong together, as those of one report.

    Parameters
    ----------
    victims, justice, protection, cooperation : CountTable or None
        The table of each kind; ``None`` where there is none.
    """

    victims: CountTable | None = field(default=None, validator=_of_its_kind)
    justice: CountTable | None = field(default=None, validator=_of_its_kind)
    protection: CountTable | None = field(default=None, validator=_of_its_kind)
    cooperation: CountTable | None = field(default=None, validator=_of_its_kind)

    def tables(self) -> Iterator[CountTable]:
        """Yield the tables that are there."""
        for attribute in fields(Dataset):
            table = getattr(self, attribute.name)
            if table is not None:
                yield table
