"""Rows of one kind of count before they become a table."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.exchange.count_parser import ParsedCounts
from thbstats.exchange.file_column import FileColumn
from thbstats.exchange.ledger import Ledger
from thbstats.records import Schema
from thbstats.tables.keys import Keys, packed

__all__ = ["DraftTable", "grouped"]


def _no_rows() -> NDArray[np.intp]:
    return np.zeros(0, dtype=np.intp)


@frozen(kw_only=True, eq=False)
class DraftTable:
    """Rows of one kind of count before they become a table.

    Parameters
    ----------
    ledger : Ledger
        All rows of the file; problems are added to it.
    schema : Schema
        The kind of count.
    rows : array of int, shape (n,)
        The positions of the rows in the file.
    dimensions : mapping of str to FileColumn
        The dimensions of these rows, in category codes.
    counts : ParsedCounts
        The counts of these rows.
    more_rows : array of int, shape (m,)
        Rows of the file that share the cell of one of these rows.
    more_cells : array of int, shape (m,)
        The position of that cell in ``rows``.
    """

    ledger: Ledger
    schema: Schema
    rows: NDArray[np.intp]
    dimensions: Mapping[str, FileColumn]
    counts: ParsedCounts
    more_rows: NDArray[np.intp] = field(factory=_no_rows)
    more_cells: NDArray[np.intp] = field(factory=_no_rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_used(self) -> NDArray[np.bool_]:
        """Whether each row is used."""
        used: NDArray[np.bool_] = self.ledger.is_used[self.rows]
        return used

    def drop_rejected(self) -> "DraftTable":
        """Return the used rows."""
        used = self.is_used
        return self if used.all() else self.take(np.flatnonzero(used))

    def take(self, positions: NDArray[np.intp]) -> "DraftTable":
        """Return a selection of rows that do not share cells."""
        return evolve(
            self,
            rows=self.rows[positions],
            dimensions={name: column.take(positions) for name, column in self.dimensions.items()},
            counts=self.counts.take(positions),
        )

    def cell(self, row: int) -> str:
        """Return the area, period and categories of a row as text, without totals."""
        column = {name: self.dimensions[name].value_at(row) for name in self.dimensions}
        others = [
            text if dimension.total is None else f"{dimension.name.replace('_', ' ')} {text}"
            for dimension in self.schema.dimensions
            if dimension.name not in ("area", "period")
            and (text := column.get(dimension.name, "")) not in ("", dimension.default)
        ]
        return ", ".join([f"{column.get('area', '')} {column.get('period', '')}".strip(), *others])

    def keys(self, *, exclude: str = "") -> Keys:
        """Return the keys of the rows, optionally without one dimension."""
        names = [name for name in self.schema.names if name in self.dimensions and name != exclude]
        columns = [self.dimensions[name] for name in names]
        return packed([(column.codes, len(column.values)) for column in columns], len(self))


def grouped(keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each row and the first row of each group."""
    group, result = pd.factorize(keys.values)
    first = np.empty(len(result), dtype=np.intp)
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1)
    return group, first
