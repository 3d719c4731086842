"""Published counts of one or several tables as one system of relations."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from attrs import Factory, define
from numpy.typing import NDArray
from scipy.sparse import csr_array

from thbstats.bounds.many_sums import Sums, components, feasible_table, propagate
from thbstats.disclosure._basic_moves import Cross
from thbstats.disclosure._moves import UNLIMITED
from thbstats.disclosure._suppression_block import Block, Requirement
from thbstats.disclosure.lattice import Key, Lattice

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@define(eq=False, kw_only=True)
class Table:
    """Rows of a table, with the bounds that readers have before arithmetic.

    A row is published if it is neither `unknown` nor a candidate that is suppressed. `lower` and
    `upper` apply to the rows that are not published, and `counts` contains the true counts, with
    `is_known` where they are known.
    """

    lattice: Lattice
    counts: Ints
    is_known: Bools
    unknown: Bools
    candidates: Bools
    lower: Floats
    upper: Floats


@define(eq=False)
class TableSystem:
    """Cells of all tables as columns, and relations whose sum is 0.

    The rows of the first table are the first columns. Cells of several tables with the same key
    and the same count are one column: readers can know that it did not change. Published in one
    table, it is known. Differences of inequalities are columns too.
    """

    keys: list[Key] = Factory(list)
    value: list[int] = Factory(list)
    unknown: list[bool] = Factory(list)
    candidates: list[bool] = Factory(list)
    lower: list[float] = Factory(list)
    upper: list[float] = Factory(list)
    _terms: list[tuple[Any, Any, Any]] = Factory(list)
    _independent: list[Bools] = Factory(list)
    _columns: dict[tuple[Key, int], int] = Factory(dict)

    def add(self, table: Table) -> Ints:
        """Add a table, and return the column of each of its cells."""
        lattice, n = table.lattice, table.lattice.n_rows
        lower, upper = lattice.lower.copy(), lattice.upper.copy()
        lower[:n] = np.where(table.is_known, table.counts, lower[:n])
        upper[:n] = np.where(table.is_known, table.counts, upper[:n])
        for row in self._unchanged(table):
            lower[row] = upper[row] = self.value[self._columns[lattice.keys[row], -1]]
        value = feasible_table(lattice.relations, lower, upper).astype(np.int64)
        is_row = np.arange(len(value)) < n
        unknown, candidates = np.ones((2, len(value)), dtype=np.bool_) & [[True], [False]]
        unknown[:n], candidates[:n] = table.unknown, table.candidates
        lower, upper = lattice.lower.copy(), lattice.upper.copy()
        lower[:n], upper[:n] = table.lower, table.upper
        columns = np.zeros(len(value), dtype=np.int64)
        for cell, key in enumerate(lattice.keys):
            number = int(value[cell])
            column = self._columns.get((key, number))
            if column is None:
                column = self._append(
                    key,
                    number,
                    (float(lower[cell]), float(upper[cell])),
                    unknown=bool(unknown[cell]),
                    candidate=bool(candidates[cell]),
                )
                self._columns[key, number] = column
                self._columns.setdefault((key, -1), column)
            elif is_row[cell]:
                self.unknown[column] &= bool(unknown[cell])
                self.candidates[column] &= bool(unknown[cell])
                self.lower[column] = max(self.lower[column], float(lower[cell]))
                self.upper[column] = min(self.upper[column], float(upper[cell]))
            columns[cell] = column
        self._add_relations(lattice, columns, value)
        return columns

    def _unchanged(self, table: Table) -> list[int]:
        """Return rows of unknown count that can have the count of another table.

        A row whose relation contradicts this has changed.
        """
        lattice, relations = table.lattice, table.lattice.relations
        first = {key: column for (key, number), column in self._columns.items() if number < 0}
        value = np.full(len(lattice.keys), np.nan)
        value[: lattice.n_rows] = np.where(table.is_known, table.counts, np.nan)
        rows = [
            row
            for row in np.flatnonzero(~table.is_known).tolist()
            if (column := first.get(lattice.keys[row])) is not None
            and lattice.lower[row] <= self.value[column] <= lattice.upper[row]
        ]
        value[rows] = [self.value[first[lattice.keys[row]]] for row in rows]
        while True:
            terms = relations.sign * value[relations.cell]
            total = np.bincount(relations.relation, terms, minlength=len(relations))
            wrong = (total < relations.low) | (total > relations.high)
            changed = np.unique(relations.cell[wrong[relations.relation]])
            unchanged = [row for row in rows if row not in changed]
            if len(unchanged) == len(rows):
                return rows
            value[np.setdiff1d(rows, unchanged)], rows = np.nan, unchanged

    def _append(
        self,
        key: Key,
        value: int,
        bounds: tuple[float, float],
        *,
        unknown: bool = True,
        candidate: bool = False,
    ) -> int:
        self.keys.append(key)
        self.value.append(value)
        self.unknown.append(unknown)
        self.candidates.append(candidate)
        self.lower.append(bounds[0])
        self.upper.append(bounds[1])
        return len(self.value) - 1

    def _add_relations(self, lattice: Lattice, columns: Ints, value: Ints) -> None:
        relations = lattice.relations
        terms = (relations.relation, columns[relations.cell], relations.sign)
        loose = np.flatnonzero(relations.low < relations.high)
        total = np.bincount(
            relations.relation, relations.sign * value[relations.cell], minlength=len(relations)
        )
        slack = [
            self._append((), int(total[r]), (float(relations.low[r]), float(relations.high[r])))
            for r in loose.tolist()
        ]
        differences = (loose, slack, np.full(len(loose), -1.0))
        relation, cell, sign = (
            np.concatenate([term, difference])
            for term, difference in zip(terms, differences, strict=True)
        )
        self._terms.append((relation, cell, sign))
        # In a full cross, one relation of each total implies all others.
        sizes = [len(set(codes)) for codes in zip(*lattice.keys, strict=True)]
        independent = np.ones(len(relations), dtype=np.bool_)
        if len(lattice.keys) == np.prod(sizes) and not len(loose):
            independent[:] = False
            wholes = relations.cell[relations.starts[:-1]]
            independent[np.unique(wholes, return_index=True)[1]] = True
        self._independent.append(independent)

    def blocks(
        self,
        cost: Floats,
        scale: int,
        requirements: Iterable[Requirement],
        insiders: Mapping[tuple[int, ...], str],
    ) -> Iterator[Block]:
        """Yield the blocks of cells that depend on each other and have a requirement."""
        size, offset, parts = len(self.value), 0, []
        for (relation, cell, sign), independent in zip(self._terms, self._independent, strict=True):
            parts.append((relation + offset, cell, sign))
            offset += len(independent)
        relation, cell, sign = map(np.concatenate, zip(*parts, strict=True))
        order = np.argsort(relation, kind="stable")
        relation, cell, sign = relation[order], cell[order].astype(np.intp), sign[order]
        zeros = np.zeros(offset)
        sums = Sums(
            relation=relation, cell=cell, sign=sign, low=zeros, high=zeros, along=("",) * offset
        )
        value = np.array(self.value)
        unknown, candidates = np.array(self.unknown), np.array(self.candidates)
        free = unknown | candidates
        lower = np.where(free, self.lower, value)
        upper = np.where(free, self.upper, value)
        lower, upper, *_ = propagate(sums, lower, upper)
        down, up = (
            np.where(np.isinf(room), UNLIMITED, room).astype(np.int64)
            for room in (value - lower, upper - value)
        )
        matrix = csr_array((sign.astype(np.int64), (relation, cell)), shape=(offset, size))
        independent = np.concatenate(self._independent)
        label = components(sums, free)
        codes, above = self._codes(sums)
        by_block: dict[int, list[Requirement]] = {}
        for requirement in requirements:
            by_block.setdefault(int(label[requirement.cell]), []).append(requirement)
        for block, needs in by_block.items():
            cells = np.flatnonzero(label == block) if block >= 0 else np.zeros(0, dtype=np.intp)
            if block < 0:
                cells = np.unique([requirement.cell for requirement in needs])
            index = np.full(size, -1)
            index[cells] = np.arange(len(cells))
            part = csr_array(matrix[:, cells])
            rows = np.diff(part.indptr) > 0
            yield Block(
                cells=cells,
                matrix=part[rows],
                independent=independent[rows],
                value=value[cells],
                down=down[cells],
                up=up[cells],
                cost=cost[cells],
                suppressed=unknown[cells],
                candidates=candidates[cells] & ~unknown[cells],
                cross=Cross.of(codes, cells, above),
                scale=scale,
                requirements=[r.in_block(int(index[r.cell])) for r in needs],
                insiders={
                    inside: name
                    for known, name in insiders.items()
                    if (inside := tuple(index[row] for row in known if index[row] >= 0))
                },
            )

    def _codes(self, sums: Sums) -> tuple[Ints, list[set[tuple[int, int]]]]:
        """Return the code of each cell by dimension, and the pairs of codes and their totals.

        Differences of inequalities have no codes, which is -1.
        """
        n = max(map(len, self.keys))
        table = np.array([key or ("",) * n for key in self.keys], dtype=object)
        codes = np.stack(
            [np.unique(column.astype(str), return_inverse=True)[1] for column in table.T], axis=1
        )
        codes[[not key for key in self.keys]] = -1
        first = np.zeros(len(sums.cell), dtype=np.bool_)
        first[sums.starts[:-1]] = True
        part, whole = codes[sums.cell], codes[sums.cell[first][sums.relation]]
        above = []
        for axis in range(n):
            pairs = np.stack([part[:, axis], whole[:, axis]], axis=1)[
                (part[:, axis] != whole[:, axis]) & (part[:, axis] >= 0)
            ]
            above.append(set(map(tuple, np.unique(pairs, axis=0).tolist())))
        return codes, above
