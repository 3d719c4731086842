"""System of all cells that readers of several tables relate.

Two tables of the same 12 victims have common totals by sex::

              sexual  labour  total           child  adult  total
    female         5       2      7   female      1      6      7
    male           3       2      5   male        2      3      5

The system has one column for each cell, and the total of women is one column for both tables::

    column       0       1       2     3     4     5     6      7      8      9
    cell     f sexual f labour   f  m sexual m labour m f child f adult m child m adult
    relations    column 2 = 0 + 1,  5 = 3 + 4,  2 = 6 + 7,  5 = 8 + 9

If 3 men in sexual exploitation are suppressed, column 3 must be able to move. The relations tie it
to columns 4 and 5, and these two to 8 and 9: women are another block.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import numpy as np
from attrs import Factory, define, evolve, frozen
from scipy.sparse import csr_array

from thbstats.bounds.many_sums import Sums, components, feasible_table, propagate
from thbstats.columns import Floats, Index, Integers, Mask
from thbstats.disclosure._cell_sums import Key
from thbstats.disclosure._suppression_block import UNLIMITED, Block, Cross, Requirement
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.lattice import Lattice, row_keys
from thbstats.errors import ImpossibleResult, require
from thbstats.tables import CountTable

_MOST_INNER = 200_000


@define(eq=False, kw_only=True)
class SystemCell:
    """Cell of the system: its count, and its published form.

    A cell that `is_unknown` is not published in any case, with bounds before arithmetic. A
    candidate can be suppressed. The key of a difference of an inequality is empty.
    """

    key: Key
    value: int
    lower: float
    upper: float
    is_unknown: bool = True
    is_candidate: bool = False

    def add(self, other: "SystemCell") -> None:
        """Add the count of the cell in another table; a cell that one table publishes is known."""
        self.is_unknown &= other.is_unknown
        self.is_candidate &= other.is_unknown
        self.lower, self.upper = max(self.lower, other.lower), min(self.upper, other.upper)


@frozen(eq=False)
class TableRelations:
    """Relations of one table, by term: the relation, the column of the system and its sign.

    The sum of each relation is 0. The `independent` relations imply all others.
    """

    relation: Index
    column: Index
    sign: Floats
    independent: Mask


@define(eq=False)
class TableSystem:
    """Cells of all tables as columns, and relations whose sum is 0.

    The rows of the first table are the first columns. Cells of several tables with the same key
    and the same count are one column: readers can know that it did not change. Differences of
    inequalities are columns too.
    """

    cells: list[SystemCell] = Factory(list)
    _tables: list[TableRelations] = Factory(list)
    _columns: dict[tuple[Key, int], int] = Factory(dict)
    """The column of each key and count."""
    _first: dict[Key, SystemCell] = Factory(dict)
    """The cell of each key in the first table that has it."""

    def add(
        self,
        truth: CountTable,
        lattice: Lattice,
        *,
        hidden: Mask,
        open_rows: Mask,
        bounds: tuple[Floats, Floats],
    ) -> Integers:
        """Add a table, and return the column of each of its cells.

        Rows that are `hidden` are not published, and rows that are `open_rows` can be suppressed.
        The `bounds` are those that readers have of such rows before arithmetic. The other cells
        of the lattice, after the rows, are sums that are not published.
        """
        n, (counts, can_be_same) = lattice.n_rows, self._counts(truth, lattice)
        lower, upper = lattice.lower.copy(), lattice.upper.copy()
        lower[:n], upper[:n] = bounds
        columns = np.zeros(len(counts), dtype=np.int64)
        for position, (key, count) in enumerate(zip(lattice.keys, counts.tolist(), strict=True)):
            is_row = position < n
            cell = SystemCell(
                key=key,
                value=count,
                lower=float(lower[position]),
                upper=float(upper[position]),
                is_unknown=not is_row or bool(hidden[position]),
                is_candidate=is_row and bool(open_rows[position]),
            )
            column = self._columns.get((key, count), -1) if can_be_same[position] else -1
            if column < 0:
                column = len(self.cells)
                self.cells.append(cell)
                self._columns.setdefault((key, count), column)
                self._first.setdefault(key, cell)
            elif is_row:
                self.cells[column].add(cell)
            columns[position] = column
        self._add_relations(lattice, columns, counts)
        return columns

    def _counts(self, truth: CountTable, lattice: Lattice) -> tuple[Integers, Mask]:
        """Return integers for all cells of a table that agree with all relations.

        A row without a known count has the count of an earlier table, where that is possible. The
        second array is whether a cell can be the same one as in an earlier table.
        """
        n, is_known = lattice.n_rows, truth.lower == truth.upper
        lower, upper = lattice.lower.copy(), lattice.upper.copy()
        lower[:n] = np.where(is_known, truth.lower, lower[:n])
        upper[:n] = np.where(is_known, truth.lower, upper[:n])
        rows = self._unchanged(truth, lattice)
        same = np.array([self._first[lattice.keys[row]].value for row in rows], dtype=np.float64)
        low, high = lower.copy(), upper.copy()
        low[rows] = high[rows] = same
        try:
            table = feasible_table(lattice.relations, low, high)
        except ImpossibleResult:  # several relations together contradict these counts
            table, rows = feasible_table(lattice.relations, lower, upper), []
        can_be_same = np.ones(len(table), dtype=np.bool_)
        can_be_same[:n] = is_known
        can_be_same[rows] = True
        return table.astype(np.int64), can_be_same

    def _unchanged(self, truth: CountTable, lattice: Lattice) -> list[int]:
        """Return the rows with an unknown count that can equal the count of another table.

        A row whose relation contradicts this has changed.
        """
        relations, is_known = lattice.relations, truth.lower == truth.upper
        value = np.full(len(lattice.keys), np.nan)
        value[: lattice.n_rows] = np.where(is_known, truth.lower, np.nan)
        rows = [
            row
            for row in np.flatnonzero(~is_known).tolist()
            if (cell := self._first.get(lattice.keys[row])) is not None
            and lattice.lower[row] <= cell.value <= lattice.upper[row]
        ]
        value[rows] = [self._first[lattice.keys[row]].value for row in rows]
        while True:
            terms = relations.sign * value[relations.cell]
            total = np.bincount(relations.relation, terms, minlength=len(relations))
            wrong = (total < relations.low) | (total > relations.high)
            changed = np.unique(relations.cell[wrong[relations.relation]])
            unchanged = [row for row in rows if row not in changed]
            if len(unchanged) == len(rows):
                return rows
            value[np.setdiff1d(rows, unchanged)], rows = np.nan, unchanged

    def _add_relations(self, lattice: Lattice, columns: Integers, counts: Integers) -> None:
        """Add the relations of a table; an inequality gets its difference as one more column."""
        relations = lattice.relations
        loose = np.flatnonzero(relations.low < relations.high)
        terms = relations.sign * counts[relations.cell]
        total = np.bincount(relations.relation, terms, minlength=len(relations))
        differences = len(self.cells) + np.arange(len(loose))
        self.cells += [
            SystemCell(
                key=(),
                value=int(total[relation]),
                lower=float(relations.low[relation]),
                upper=float(relations.high[relation]),
            )
            for relation in loose.tolist()
        ]
        # In a full cross, one relation of each total implies all others.
        sizes = [len(set(codes)) for codes in zip(*lattice.keys, strict=True)]
        independent = np.ones(len(relations), dtype=np.bool_)
        if len(lattice.keys) == np.prod(sizes) and not len(loose):
            independent[:] = False
            wholes = relations.cell[relations.starts[:-1]]
            independent[np.unique(wholes, return_index=True)[1]] = True
        self._tables.append(
            TableRelations(
                relation=np.append(relations.relation, loose),
                column=np.append(columns[relations.cell], differences),
                sign=np.append(relations.sign, np.full(len(loose), -1.0)),
                independent=independent,
            )
        )

    def _sums(self) -> Sums:
        """Return the relations of all tables, sorted by relation."""
        sizes = [len(table.independent) for table in self._tables]
        offsets, total = np.cumsum([0, *sizes[:-1]]), sum(sizes)
        relation = np.concatenate(
            [table.relation + first for table, first in zip(self._tables, offsets, strict=True)]
        )
        order = np.argsort(relation, kind="stable")
        return Sums(
            relation=relation[order],
            cell=np.concatenate([table.column for table in self._tables])[order],
            sign=np.concatenate([table.sign for table in self._tables])[order],
            low=np.zeros(total),
            high=np.zeros(total),
            along=("",) * total,
        )

    def blocks(
        self,
        cost: Floats,
        amount: Floats,
        scale: int,
        requirements: Iterable[Requirement],
        insiders: Mapping[tuple[int, ...], str],
    ) -> Iterator[Block]:
        """Yield the blocks of cells that depend on each other and have a requirement."""
        sums, size = self._sums(), len(self.cells)
        value = np.array([cell.value for cell in self.cells])
        unknown = np.array([cell.is_unknown for cell in self.cells])
        candidates = np.array([cell.is_candidate for cell in self.cells])
        free = unknown | candidates
        # 1. Cells can move within the bounds that follow if all candidates are suppressed.
        lower = np.where(free, [cell.lower for cell in self.cells], value)
        upper = np.where(free, [cell.upper for cell in self.cells], value)
        lower, upper, *_ = propagate(sums, lower, upper)
        down, up = (
            np.where(np.isinf(room), UNLIMITED, room).astype(np.int64)
            for room in (value - lower, upper - value)
        )
        # 2. Relations as a matrix with a column for each cell.
        terms = (sums.sign.astype(np.int64), (sums.relation, sums.cell))
        matrix = csr_array(terms, shape=(len(sums), size))
        independent = np.concatenate([table.independent for table in self._tables])
        # 3. Blocks are components of the free cells, and -1 for all others.
        label = components(sums, free)
        codes, above = self._codes(sums)
        by_block: dict[int, list[Requirement]] = {}
        for requirement in requirements:
            by_block.setdefault(int(label[requirement.cell]), []).append(requirement)
        for block, needs in by_block.items():
            cells = np.flatnonzero(label == block)
            if block < 0:
                cells = np.unique([requirement.cell for requirement in needs])
            index = np.full(size, -1)  # of each cell of the system in the block
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
                amount=amount[cells],
                unknown=unknown[cells],
                candidates=candidates[cells] & ~unknown[cells],
                cross=Cross.of(codes, cells, above),
                scale=scale,
                requirements=[evolve(own, cell=int(index[own.cell])) for own in needs],
                insiders={
                    inside: name
                    for known, name in insiders.items()
                    if (inside := tuple(index[row] for row in known if index[row] >= 0))
                },
            )

    def _codes(self, sums: Sums) -> tuple[Integers, list[set[tuple[int, int]]]]:
        """Return the code of each cell by dimension, and the pairs of codes and their totals.

        Differences of inequalities have no codes, which is -1.
        """
        keys = [cell.key for cell in self.cells]
        n = max(map(len, keys))
        table = np.array([key or ("",) * n for key in keys], dtype=object)
        codes = np.stack(
            [np.unique(column.astype(str), return_inverse=True)[1] for column in table.T], axis=1
        )
        codes[[not key for key in keys]] = -1
        wholes = sums.cell[sums.starts[:-1]]
        part, whole = codes[sums.cell], codes[wholes[sums.relation]]
        above = []
        for axis in range(n):
            pairs = np.stack([part[:, axis], whole[:, axis]], axis=1)[
                (part[:, axis] != whole[:, axis]) & (part[:, axis] >= 0)
            ]
            above.append(set(map(tuple, np.unique(pairs, axis=0).tolist())))
        return codes, above


def inner_cells(table: CountTable, assumptions: Assumptions) -> Iterator[Key]:
    """Yield the cells of all dimensions whose totals the table publishes in a cycle.

    Tables by A and B, B and C, and A and C narrow each other through the cells by A, B and C.
    Without a cycle they do so through their common totals alone.
    """
    schema, keys = table.columns.schema, row_keys(table)
    axes = [
        axis
        for axis, dimension in enumerate(schema.dimensions)
        if dimension.total is not None and dimension.name in assumptions.complete_dimensions
    ]
    totals = [schema.dimensions[axis].total for axis in axes]
    # 1. The largest sets of dimensions that are published together are edges of a hypergraph.
    edges = {
        frozenset(a for a, total in zip(axes, totals, strict=True) if key[a] != total)
        for key in keys
    }
    edges = {edge for edge in edges if not any(edge < other for other in edges)}
    # 2. An edge whose common dimensions with all others are in one other edge is no part of a
    #    cycle (the reduction of Graham, Yu and Ozsoyoglu).
    while True:
        for edge in edges:
            shared = edge & frozenset().union(*(edges - {edge}))
            if any(shared <= other for other in edges - {edge}) or len(edges) == 1:
                edges = edges - {edge}
                break
        else:
            break
    if not edges:
        return
    # 3. The cells of all dimensions of the cycle, in each context of the other dimensions.
    cyclic = sorted(frozenset().union(*edges))
    codes: dict[Key, list[set[str]]] = {}
    for key in keys:
        context = tuple("" if axis in cyclic else code for axis, code in enumerate(key))
        sets = codes.setdefault(context, [set() for _ in cyclic])
        for position, axis in enumerate(cyclic):
            sets[position].add(key[axis])
    for context, sets in codes.items():
        leaves = []
        for axis, present in zip(cyclic, sets, strict=True):
            dimension = schema.dimensions[axis]
            parents = {above for code in present if (above := dimension.parent(code))}
            leaves.append(sorted(code for code in present - parents if code != dimension.total))
        size = int(np.prod([len(names) for names in leaves]))
        requirement = f"the inner cells of linked tables must be at most {_MOST_INNER:,}"
        require(size <= _MOST_INNER, requirement, "Protect fewer tables together", table=size)
        for inner in product(*leaves):
            whole = list(context)
            for axis, code in zip(cyclic, inner, strict=True):
                whole[axis] = code
            yield tuple(whole)
