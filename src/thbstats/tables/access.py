"""What can be read from a table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attrs import frozen
from numpy.typing import NDArray

from thbstats.display import Displayable, DisplayTable
from thbstats.errors import InvalidValue
from thbstats.records import Record, Source
from thbstats.tables import display_tables, views
from thbstats.tables.columns import Columns
from thbstats.tables.origins import Origin

if TYPE_CHECKING:
    import numpy as np

__all__ = ["TableRows"]


@frozen(eq=False, repr=False)
class TableRows(Displayable):
    """The rows of a table, as columns and as records.

    Parameters
    ----------
    columns : Columns
        The columns, already checked.
    """

    columns: Columns

    @property
    def kind(self) -> str:
        """``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``."""
        return self.columns.kind

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The names of the dimensions."""
        return self.columns.schema.names

    def categories(self, dimension: str) -> tuple[str, ...]:
        """Return the categories of a dimension that stand in some row."""
        return self.columns[dimension].categories

    def codes(self, dimension: str) -> NDArray[Any]:
        """Return the category of each row as a position in `categories`."""
        return self.columns[dimension].codes

    @property
    def lower(self) -> "NDArray[np.int64]":
        """The smallest possible value of each count."""
        return self.columns.numbers.lower

    @property
    def upper(self) -> "NDArray[np.float64]":
        """The largest possible value of each count; ``inf`` where nothing bounds it."""
        return self.columns.numbers.upper

    @property
    def reason(self) -> "NDArray[np.uint8]":
        """Why each count is what it is, as `Reason.severity`."""
        return self.columns.numbers.reason

    @property
    def flags(self) -> "NDArray[np.uint32]":
        """The observation flags of each count, as `flag_mask`."""
        return self.columns.numbers.flags

    @property
    def unanswered(self) -> "NDArray[np.int64]":
        """The further cases to which the category of each count may apply; -1 if not documented.

        A table of cases has them for each category of a dimension with several answers per case:
        the cases whose answer to that category is unknown.
        """
        return self.columns.numbers.further

    @property
    def origin(self) -> NDArray[Any]:
        """The origin of each count, as a position in `origins`."""
        return self.columns.origin

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Sources and reporting countries, shared by rows."""
        return self.columns.origins

    @property
    def sources(self) -> frozenset[Source]:
        """All sources."""
        return frozenset().union(*(origin.sources for origin in self._used_origins()))

    def _used_origins(self) -> tuple[Origin, ...]:
        return tuple(self.origins[code] for code in sorted(set(self.origin.tolist())))

    def display_table(self) -> DisplayTable:
        """Return the first rows as a sheet; a notebook shows it, and so does ``print``."""
        return display_tables.display_table(self.columns)

    def record(self, row: int) -> Record:
        """Return a row as a record."""
        if not -len(self) <= row < len(self):
            raise InvalidValue(
                f"the table has {len(self)} rows", field="row", value=row, hint="Count from 0"
            )
        return views.record(self.columns, row % len(self))

    def records(self) -> Iterator[Record]:
        """Yield the rows as records."""
        return views.iterate(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __iter__(self) -> Iterator[Record]:
        return self.records()

    def __repr__(self) -> str:
        pairs = ((name, self.categories(name)) for name in self.dimensions)
        defaults = {d.name: (d.default,) for d in self.columns.schema.dimensions}
        told = [f"{name} {_short(found)}" for name, found in pairs if found != defaults[name]]
        rows = "1 row" if len(self) == 1 else f"{len(self)} rows"
        return f"<CountTable of {self.kind}, {rows}: {'; '.join(told) if len(self) else 'empty'}>"


def _short(categories: tuple[str, ...]) -> str:
    if len(categories) <= 6:
        return ", ".join(categories)
    return f"{', '.join(categories[:3])} ... {categories[-1]} ({len(categories)})"
