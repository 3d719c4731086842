"""A table that is being made: rows of one kind of count, in our words."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.exchange.defects import Ledger
from thbstats.exchange.numerals import ReadValues
from thbstats.exchange.words import Words
from thbstats.records import Schema
from thbstats.tables.keys import Keys, packed

__all__ = ["Draft", "grouped"]


def _no_rows() -> NDArray[np.intp]:
    return np.zeros(0, dtype=np.intp)


@frozen(kw_only=True, eq=False)
class Draft:
    """Rows of one kind before they are a table.

    Parameters
    ----------
    ledger : Ledger
        All rows of the file; what is odd is written into it.
    schema : Schema
        The kind of count.
    rows : array of int, shape (n,)
        Which rows of the file they are, in their order.
    dimensions : mapping of str to Words
        The dimensions that the file gives, in our codes, of these rows.
    values : ReadValues
        The counts of these rows.
    more_rows : array of int, shape (m,)
        Rows of the file that share the cell of one of these rows.
    more_cells : array of int, shape (m,)
        The position of that row among ``rows``.
    """

    ledger: Ledger
    schema: Schema
    rows: NDArray[np.intp]
    dimensions: Mapping[str, Words]
    values: ReadValues
    more_rows: NDArray[np.intp] = field(factory=_no_rows)
    more_cells: NDArray[np.intp] = field(factory=_no_rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which of them are still used."""
        kept: NDArray[np.bool_] = self.ledger.kept[self.rows]
        return kept

    def settled(self) -> "Draft":
        """Return what is still used of it."""
        kept = self.kept
        return self if kept.all() else self.take(np.flatnonzero(kept))

    def take(self, left: NDArray[np.intp]) -> "Draft":
        """Return some rows, before any of them share a cell."""
        return evolve(
            self,
            rows=self.rows[left],
            dimensions={name: words.take(left) for name, words in self.dimensions.items()},
            values=self.values.take(left),
        )

    def cell(self, row: int) -> str:
        """Return the cell of a row in words: area, period and each category but totals."""
        words = {name: self.dimensions[name].at(row) for name in self.dimensions}
        others = [
            word if dimension.total is None else f"{dimension.name.replace('_', ' ')} {word}"
            for dimension in self.schema.dimensions
            if dimension.name not in ("area", "period")
            and (word := words.get(dimension.name, "")) not in ("", dimension.default)
        ]
        return ", ".join([f"{words.get('area', '')} {words.get('period', '')}".strip(), *others])

    def keys(self, *, but: str = "") -> Keys:
        """Return what tells the rows apart, in every dimension or in all but one."""
        told = [name for name in self.schema.names if name in self.dimensions and name != but]
        apart = [self.dimensions[name] for name in told]
        return packed([(words.codes, len(words.words)) for words in apart], len(self))


def grouped(keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each row, and the first row of each group, in no order that matters."""
    group, found = pd.factorize(keys.values)
    first = np.empty(len(found), dtype=np.intp)
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1)
    return group, first
