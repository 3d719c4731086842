"""A table that is being made: rows of one kind of count, in our words."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.exchange.count_parser import ParsedCounts
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.text_column import TextColumn
from thbstats.records import Schema
from thbstats.tables.keys import Keys, packed

__all__ = ["DraftTable", "grouped"]


def _no_rows() -> NDArray[np.intp]:
    return np.zeros(0, dtype=np.intp)


@frozen(kw_only=True, eq=False)
class DraftTable:
    """Rows of one kind before they are a table.

    Parameters
    ----------
    ledger : Ledger
        All rows of the file; what is odd is written into it.
    schema : Schema
        The kind of count.
    rows : array of int, shape (n,)
        Which rows of the file they are, in their order.
    dimensions : mapping of str to TextColumn
        The dimensions that the file gives, in our codes, of these rows.
    values : ParsedCounts
        The counts of these rows.
    more_rows : array of int, shape (m,)
        Rows of the file that share the cell of one of these rows.
    more_cells : array of int, shape (m,)
        The position of that row among ``rows``.
    """

    ledger: Ledger
    schema: Schema
    rows: NDArray[np.intp]
    dimensions: Mapping[str, TextColumn]
    values: ParsedCounts
    more_rows: NDArray[np.intp] = field(factory=_no_rows)
    more_cells: NDArray[np.intp] = field(factory=_no_rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_used(self) -> NDArray[np.bool_]:
        """Which of them are still used."""
        used: NDArray[np.bool_] = self.ledger.is_used[self.rows]
        return used

    def drop_rejected(self) -> "DraftTable":
        """Return what is still used of it."""
        used = self.is_used
        return self if used.all() else self.take(np.flatnonzero(used))

    def take(self, left: NDArray[np.intp]) -> "DraftTable":
        """Return some rows, before any of them share a cell."""
        return evolve(
            self,
            rows=self.rows[left],
            dimensions={name: column.take(left) for name, column in self.dimensions.items()},
            values=self.values.take(left),
        )

    def cell(self, row: int) -> str:
        """Return the cell of a row in words: area, period and each category but totals."""
        column = {name: self.dimensions[name].value_at(row) for name in self.dimensions}
        others = [
            text if dimension.total is None else f"{dimension.name.replace('_', ' ')} {text}"
            for dimension in self.schema.dimensions
            if dimension.name not in ("area", "period")
            and (text := column.get(dimension.name, "")) not in ("", dimension.default)
        ]
        return ", ".join([f"{column.get('area', '')} {column.get('period', '')}".strip(), *others])

    def keys(self, *, but: str = "") -> Keys:
        """Return what tells the rows apart, in every dimension or in all but one."""
        shown = [name for name in self.schema.names if name in self.dimensions and name != but]
        apart = [self.dimensions[name] for name in shown]
        return packed([(column.codes, len(column.values)) for column in apart], len(self))


def grouped(keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each row, and the first row of each group, in no order that matters."""
    group, found = pd.factorize(keys.values)
    first = np.empty(len(found), dtype=np.intp)
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1)
    return group, first
