"""The cells of a table and the sums that tie them: each whole beside the parts that make it."""

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.disclosure._parts import breakdowns, compositions, with_sums
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.naming import Naming
from thbstats.disclosure.relations import Relations
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
    """The rows of a table, the sums between them that are not printed, and all relations.

    Parameters
    ----------
    schema : Schema
        The dimensions.
    keys : tuple of tuple of str
        The code of each cell in each dimension; the rows of the table come first, in its order.
    lower, upper : array of float64, shape (n,)
        What each cell is as its source has it; sums that are not printed are 0 or more.
    n_rows : int
        How many of the cells are rows.
    relations : Relations
        The sums.
    naming : Naming
        How cells are called.
    """

    schema: Schema
    keys: tuple[Key, ...]
    lower: Floats
    upper: Floats
    n_rows: int
    relations: Relations
    naming: Naming

    @classmethod
    def of(cls, table: CountTable, assumptions: Assumptions) -> "Lattice":
        """Return the lattice of a table.

        Raises
        ------
        InvalidValue
            If counts are so large that their sums are not exact.
        """
        schema = table.columns.schema
        columns = [column.categories for column in table.columns.dimensions]
        codes = [column.codes.tolist() for column in table.columns.dimensions]
        rows = [
            tuple(names[code] for names, code in zip(columns, row, strict=True))
            for row in zip(*codes, strict=True)
        ]
        _check_size(table)
        places = with_sums(rows, schema, assumptions)
        groups = [
            *breakdowns(places, schema, assumptions),
            *compositions(places, schema, assumptions),
        ]
        virtual = len(places) - len(rows)
        lattice = cls(
            schema=schema,
            keys=tuple(places),
            lower=np.concatenate([table.lower.astype(np.float64), np.zeros(virtual)]),
            upper=np.concatenate([table.upper, np.full(virtual, np.inf)]),
            n_rows=len(rows),
            relations=Relations.of_groups(groups),
            naming=Naming.of(table),
        )
        return lattice.without_loose_ends()

    def without_loose_ends(self) -> "Lattice":
        """Return it without sums that are not printed and are tied to nothing else."""
        relations, kept = self.relations, np.ones(len(self.relations), dtype=np.bool_)
        whole = relations.cell[relations.starts[:-1]]
        while True:
            uses = np.bincount(relations.cell[kept[relations.relation]], minlength=len(self.keys))
            loose = kept & (whole >= self.n_rows) & (uses[whole] == 1) & (relations.high >= 0)
            if not loose.any():
                return self.only(kept, np.arange(self.n_rows))
            kept &= ~loose

    def around(self, cell: int, radius: int) -> "Lattice":
        """Return the relations of a cell, of the cells in these, and so on; the cell comes first.

        Parameters
        ----------
        cell : int
            The cell.
        radius : int
            How many relations away.
        """
        relations, cells = self.relations, np.array([cell])
        kept = np.zeros(len(relations), dtype=np.bool_)
        for _ in range(radius):
            kept[relations.of(cells)] = True
            cells = relations.cell[kept[relations.relation]]
        return self.only(kept, np.array([cell]))

    def only(self, kept: NDArray[np.bool_], first: Ints) -> "Lattice":
        """Return some relations and their cells, behind some cells that come first."""
        relations = self.relations.take(kept)
        rest = np.setdiff1d(relations.cell, first)
        cells = np.concatenate([first, rest])
        places = np.zeros(len(self.keys), dtype=np.intp)
        places[cells] = np.arange(len(cells))
        return Lattice(
            schema=self.schema,
            keys=tuple(self.keys[cell] for cell in cells.tolist()),
            lower=self.lower[cells],
            upper=self.upper[cells],
            n_rows=len(first) + int((rest < self.n_rows).sum()),
            relations=evolve(relations, cell=places[relations.cell]),
            naming=self.naming,
        )

    def label(self, cell: int) -> str:
        """Return the name of a cell: its place and time, and its categories."""
        return self.naming.label(self.schema, self.keys[cell])

    def says(self, relation: int) -> str:
        """Return a relation in words, such as "FR 2020: total = female + male"."""
        (whole, *parts), _ = self.relations.terms(relation)
        low, high = self.relations.low[relation], self.relations.high[relation]
        sign = "=" if low == high else "≥" if low == 0 else "≤"
        at = self.schema.names.index(self.relations.along[relation])
        codes = [
            self.naming.word(self.schema.dimensions[at], self.keys[part][at]) for part in parts
        ]
        return f"{self.label(int(whole))} {sign} {' + '.join(codes)}"


def _check_size(table: CountTable) -> None:
    finite = table.upper[np.isfinite(table.upper)]
    if float(finite.sum()) > LARGEST_COUNT:
        raise InvalidValue(
            "the counts are too large to be added exactly",
            field="table",
            value=float(finite.sum()),
            hint="Check the figures: together they are more than any population",
        )
