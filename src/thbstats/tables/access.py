"""Read access to the rows of a table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attrs import frozen
from numpy.typing import NDArray

from thbstats.display import Displayable, DisplayTable
from thbstats.errors import InvalidValue
from thbstats.records import Record, Source
from thbstats.tables import display_tables, views
from thbstats.tables.columns import Columns
from thbstats.tables.multiple_response import multiple_response_dimensions
from thbstats.tables.origins import Origin

if TYPE_CHECKING:
    import numpy as np

__all__ = ["TableRows"]


@frozen(eq=False, repr=False)
class TableRows(Displayable):
    """Rows of a table, as columns and as records.

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
        """Names of the dimensions."""
        return self.columns.schema.names

    def categories(self, dimension: str) -> tuple[str, ...]:
        """Return the categories of a dimension that have rows."""
        return self.columns[dimension].categories

    def codes(self, dimension: str) -> NDArray[Any]:
        """Return the code of each row: its position in `categories`."""
        return self.columns[dimension].codes

    @property
    def lower(self) -> "NDArray[np.int64]":
        """Lower bound of each count."""
        return self.columns.numbers.lower

    @property
    def upper(self) -> "NDArray[np.float64]":
        """Upper bound of each count, ``inf`` if not bounded."""
        return self.columns.numbers.upper

    @property
    def reason(self) -> "NDArray[np.uint8]":
        """Reason of each count, as `Reason.severity`."""
        return self.columns.numbers.reason

    @property
    def flags(self) -> "NDArray[np.uint32]":
        """Observation flags of each count, as `flag_mask`."""
        return self.columns.numbers.flags

    @property
    def unanswered(self) -> "NDArray[np.int64]":
        """Further cases of each category with unknown answer; -1 if not documented.

        A table of cases has them for the categories of a dimension with multiple response.
        """
        return self.columns.numbers.further

    @property
    def multiple_response(self) -> tuple[str, ...]:
        """The dimensions in which a case can have several categories.

        Their categories overlap, so that they do not add up to the total. Only tables of counted
        cases record them.
        """
        return multiple_response_dimensions(self.columns)

    @property
    def origin(self) -> NDArray[Any]:
        """Origin of each count, as a position in `origins`."""
        return self.columns.origin

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Distinct origins: sources and reporting countries."""
        return self.columns.origins

    @property
    def sources(self) -> frozenset[Source]:
        """Sources of all rows."""
        return frozenset().union(*(origin.sources for origin in self._used_origins()))

    def _used_origins(self) -> tuple[Origin, ...]:
        return tuple(self.origins[code] for code in sorted(set(self.origin.tolist())))

    def display_table(self) -> DisplayTable:
        """Return the first rows as a display table."""
        return display_tables.display_table(self.columns)

    def record(self, row: int) -> Record:
        """Return the record of a row."""
        if not -len(self) <= row < len(self):
            raise InvalidValue(
                f"must be from 0 to {len(self) - 1}",
                field="row",
                value=row,
                hint="Count rows from 0",
            )
        return views.record(self.columns, row % len(self))

    def records(self) -> Iterator[Record]:
        """Yield the records of all rows."""
        return views.iterate(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __iter__(self) -> Iterator[Record]:
        return self.records()

    def __repr__(self) -> str:
        pairs = ((name, self.categories(name)) for name in self.dimensions)
        defaults = {d.name: (d.default,) for d in self.columns.schema.dimensions}
        parts = [f"{name} {_short(codes)}" for name, codes in pairs if codes != defaults[name]]
        rows = "1 row" if len(self) == 1 else f"{len(self)} rows"
        return f"<CountTable of {self.kind}, {rows}: {'; '.join(parts) if len(self) else 'empty'}>"


def _short(categories: tuple[str, ...]) -> str:
    if len(categories) <= 6:
        return ", ".join(categories)
    return f"{', '.join(categories[:3])} ... {categories[-1]} ({len(categories)})"
