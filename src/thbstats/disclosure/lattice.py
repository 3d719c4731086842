"""Lattice of cells and sums."""

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.disclosure._parts import breakdowns, compositions, with_totals
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.cell_labels import CellLabels
from thbstats.disclosure.sum_relations import SumRelations
from thbstats.errors import InvalidValue
from thbstats.records import Schema
from thbstats.tables import CountTable
from thbstats.values import LARGEST_COUNT

__all__ = ["Lattice"]

Key = tuple[str, ...]
Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@frozen(eq=False, kw_only=True)
class Lattice:
    """Rows of a table, sums that are not published, and relations between both.

    Parameters
    ----------
    schema : Schema
        The dimensions.
    keys : tuple of tuple of str
        The code of each cell in each dimension; the rows of the table come first, in its order.
    lower, upper : array of float64, shape (n,)
        The bounds of each cell; sums that are not published are 0 or more.
    n_rows : int
        The number of cells that are rows.
    relations : SumRelations
        The sums.
    labels : CellLabels
        The labels of cells.
    """

    schema: Schema
    keys: tuple[Key, ...]
    lower: Floats
    upper: Floats
    n_rows: int
    relations: SumRelations
    labels: CellLabels

    @classmethod
    def of(cls, table: CountTable, assumptions: Assumptions) -> "Lattice":
        """Return the lattice of a table.

        Raises
        ------
        InvalidValue
            If the counts are so large that their sums are not exact.
        """
        schema = table.columns.schema
        columns = [column.categories for column in table.columns.dimensions]
        codes = [column.codes.tolist() for column in table.columns.dimensions]
        rows = [
            tuple(names[code] for names, code in zip(columns, row, strict=True))
            for row in zip(*codes, strict=True)
        ]
        _check_size(table)
        indices = with_totals(rows, schema, assumptions)
        groups = [
            *breakdowns(indices, schema, assumptions),
            *compositions(indices, schema, assumptions),
        ]
        virtual = len(indices) - len(rows)
        lattice = cls(
            schema=schema,
            keys=tuple(indices),
            lower=np.concatenate([table.lower.astype(np.float64), np.zeros(virtual)]),
            upper=np.concatenate([table.upper, np.full(virtual, np.inf)]),
            n_rows=len(rows),
            relations=SumRelations.of_groups(groups),
            labels=CellLabels.of(table),
        )
        return lattice.pruned()

    def pruned(self) -> "Lattice":
        """Return the lattice without unpublished sums that appear in one relation only."""
        relations, selected = self.relations, np.ones(len(self.relations), dtype=np.bool_)
        whole = relations.cell[relations.starts[:-1]]
        while True:
            uses = np.bincount(
                relations.cell[selected[relations.relation]], minlength=len(self.keys)
            )
            loose = selected & (whole >= self.n_rows) & (uses[whole] == 1) & (relations.high >= 0)
            if not loose.any():
                return self.subset(selected, np.arange(self.n_rows))
            selected &= ~loose

    def neighbourhood(self, cell: int, radius: int) -> "Lattice":
        """Return the relations within a distance of a cell; the cell comes first.

        Parameters
        ----------
        cell : int
            The cell.
        radius : int
            The number of relations between the cell and the most distant one.
        """
        relations, cells = self.relations, np.array([cell])
        selected = np.zeros(len(relations), dtype=np.bool_)
        for _ in range(radius):
            selected[relations.of(cells)] = True
            cells = relations.cell[selected[relations.relation]]
        return self.subset(selected, np.array([cell]))

    def subset(self, selected: NDArray[np.bool_], first: Ints) -> "Lattice":
        """Return the selected relations and their cells; some cells come first."""
        relations = self.relations.take(selected)
        others = np.setdiff1d(relations.cell, first)
        cells = np.concatenate([first, others])
        indices = np.zeros(len(self.keys), dtype=np.intp)
        indices[cells] = np.arange(len(cells))
        return Lattice(
            schema=self.schema,
            keys=tuple(self.keys[cell] for cell in cells.tolist()),
            lower=self.lower[cells],
            upper=self.upper[cells],
            n_rows=len(first) + int((others < self.n_rows).sum()),
            relations=evolve(relations, cell=indices[relations.cell]),
            labels=self.labels,
        )

    def label(self, cell: int) -> str:
        """Return the label of a cell: area, period and categories."""
        return self.labels.label(self.schema, self.keys[cell])

    def relation_text(self, relation: int) -> str:
        """Return a relation as text, such as "FR 2020: total = female + male"."""
        (whole, *parts), _ = self.relations.terms(relation)
        low, high = self.relations.low[relation], self.relations.high[relation]
        sign = "=" if low == high else "≥" if low == 0 else "≤"
        axis = self.schema.names.index(self.relations.along[relation])
        codes = [
            self.labels.category_label(self.schema.dimensions[axis], self.keys[part][axis])
            for part in parts
        ]
        return f"{self.label(int(whole))} {sign} {' + '.join(codes)}"


def _check_size(table: CountTable) -> None:
    finite = table.upper[np.isfinite(table.upper)]
    if float(finite.sum()) > LARGEST_COUNT:
        raise InvalidValue(
            "the sum of all counts must be at most 2**53",
            field="table",
            value=float(finite.sum()),
            hint="Check the counts",
        )
