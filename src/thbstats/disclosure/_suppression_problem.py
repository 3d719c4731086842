"""The problem of a suppression: rows, rules, and published counts as one system of relations."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from math import ceil, isinf
from multiprocessing import get_context
from typing import Any

import numpy as np
from attrs import Factory, define
from numpy.typing import NDArray
from scipy.sparse import csr_array

from thbstats.bounds.many_sums import Sums, components, feasible_table, propagate
from thbstats.columns import Floats, Integers, Mask
from thbstats.disclosure._moves import UNLIMITED, Cross
from thbstats.disclosure._suppression_block import Block, Report, Requirement, solve_block
from thbstats.disclosure.lattice import Assumptions, Key, Lattice, row_keys
from thbstats.disclosure.primary import (
    PROTECTED_REASONS,
    Marks,
    PrimarySuppression,
    SuppressionCause,
)
from thbstats.disclosure.suppressed_table import SuppressedTable
from thbstats.errors import ImpossibleResult, InvalidValue, require
from thbstats.tables import CountTable


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
    _independent: list[Mask] = Factory(list)
    _columns: dict[tuple[Key, int], int] = Factory(dict)

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
        The `bounds` are those that readers have of such rows before arithmetic.
        """
        n, is_known = lattice.n_rows, truth.lower == truth.upper
        lower, upper = lattice.lower.copy(), lattice.upper.copy()
        lower[:n] = np.where(is_known, truth.lower, lower[:n])
        upper[:n] = np.where(is_known, truth.lower, upper[:n])
        for row in self._unchanged(truth, lattice):
            lower[row] = upper[row] = self.value[self._columns[lattice.keys[row], -1]]
        value = feasible_table(lattice.relations, lower, upper).astype(np.int64)
        is_row = np.arange(len(value)) < n
        unknown, candidates = np.ones((2, len(value)), dtype=np.bool_) & [[True], [False]]
        unknown[:n], candidates[:n] = hidden, open_rows
        lower, upper = lattice.lower.copy(), lattice.upper.copy()
        lower[:n], upper[:n] = bounds
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

    def _unchanged(self, truth: CountTable, lattice: Lattice) -> list[int]:
        """Return rows of unknown count that can have the count of another table.

        A row whose relation contradicts this has changed.
        """
        relations, is_known = lattice.relations, truth.lower == truth.upper
        first = {key: column for (key, number), column in self._columns.items() if number < 0}
        value = np.full(len(lattice.keys), np.nan)
        value[: lattice.n_rows] = np.where(is_known, truth.lower, np.nan)
        rows = [
            row
            for row in np.flatnonzero(~is_known).tolist()
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

    def _add_relations(self, lattice: Lattice, columns: Integers, value: Integers) -> None:
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
        amount: Floats,
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
                amount=amount[cells],
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

    def _codes(self, sums: Sums) -> tuple[Integers, list[set[tuple[int, int]]]]:
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


Published = CountTable | SuppressedTable

_MOST_INNER = 200_000
_TOLERANCE = 1e-6  # of a bound in floating-point numbers; costs are integers


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
    edges = {
        frozenset(a for a, total in zip(axes, totals, strict=True) if key[a] != total)
        for key in keys
    }
    edges = {edge for edge in edges if not any(edge < other for other in edges)}
    while True:  # an edge whose common dimensions with all others are in one other is no cycle
        for edge in edges:
            shared = edge & frozenset().union(*(edges - {edge}))
            if any(shared <= other for other in edges - {edge}) or len(edges) == 1:
                edges = edges - {edge}
                break
        else:
            break
    if not edges:
        return
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


@define(kw_only=True, eq=False)
class SuppressionProblem:
    """Rows, rules and readers of one suppression, and the limits of its search."""

    primary: PrimarySuppression
    assumptions: Assumptions
    candidates: Mask
    cost: Floats
    factors: Floats
    level: int | None
    insiders: bool
    previous: list[Published]
    seconds: float
    workers: int
    progress: Report

    def solve(self, marks: Marks) -> tuple[Mask, list[int], list[tuple[int, str]], int]:
        """Return the suppressed rows, the unmet and the exposed rows, and a bound of the cost."""
        table, system = self.primary.table, TableSystem()
        inner = inner_cells(table, self.assumptions)
        lattice = Lattice.of(table, self.assumptions, inner)
        lattice.check_additivity()
        numbers = self.primary._published_numbers(marks=marks)
        hidden = table.lower < table.upper
        hidden[self.primary.rows] = True
        system.add(
            table,
            lattice,
            hidden=hidden,
            open_rows=self.candidates & ~hidden,
            bounds=(numbers.lower.astype(np.float64), numbers.upper),
        )
        requirements = self._requirements(self.primary, marks, np.arange(len(table)), system)
        for published in self.previous:
            requirements += self._add_previous(published, marks, system)
        n, size = len(table), len(system.value)
        cost = np.concatenate([self.cost, np.zeros(size - n)])
        names = self._insiders(lattice) if self.insiders else {}
        merged = dict.fromkeys(requirements)
        scale = self.primary.rules.fewer_than or 5
        factors = np.concatenate([self.factors, np.ones(size - n)])
        blocks = list(system.blocks(cost * factors, cost, scale, merged, names))
        solved = _solve(blocks, self.seconds, self.workers, self.progress)
        bound = sum(block.bound for block in solved)
        suppressed = np.zeros(size, dtype=np.bool_)
        unmet: list[int] = []
        exposures: list[tuple[int, str]] = []
        for block in solved:
            suppressed[block.cells] = block.suppressed
            for requirement in block.unmet:
                cell = int(block.cells[requirement.cell])
                if requirement.known:
                    exposures.append((cell, block.insiders[requirement.known]))
                elif self.level is not None:
                    fewer = bool((self.primary.candidates & ~self.candidates).any())
                    raise ImpossibleResult(
                        "an attacker can derive this count even if all other counts are suppressed",
                        row=cell,
                        field="always_publish" if fewer else "protection_level",
                        value=lattice.labels.label(system.keys[cell]),
                        hint="Publish fewer rows" if fewer else "Use a lower `protection_level`",
                    )
                else:
                    unmet.append(cell)
        rows = suppressed[:n] & self.candidates
        rows[self.primary.rows] = True
        return rows, sorted(set(unmet)), exposures, ceil(bound - _TOLERANCE)

    def _requirements(
        self, primary: PrimarySuppression, marks: Marks, columns: NDArray[Any], system: TableSystem
    ) -> list[Requirement]:
        """Return the moves that the primary cells of a table need."""
        results, table, rules = [], primary.table, primary.rules
        numbers = primary._published_numbers(marks=marks)
        for row, cause in sorted(primary.causes.items()):
            column = int(columns[row])
            value, width = system.value[column], numbers.upper[row] - numbers.lower[row]
            if self.level is not None:
                if self.level > width:
                    raise InvalidValue(
                        f"`protection_level` must be at most {width:.0f}, the width of the "
                        "published interval",
                        row=row,
                        field="protection_level",
                        value=self.level,
                        hint=f"Use protection_level={width:.0f} or a larger threshold",
                    )
                results.append(Requirement(column, distance=self.level))
                continue
            lower, upper = float(table.lower[row]), float(table.upper[row])
            if cause is not SuppressionCause.ALREADY_SUPPRESSED:
                of_rule = rules.fewer_than is not None and value < rules.fewer_than
                lower = numbers.lower[row]
                upper = float(rules.fewer_than or 0) - 1 if of_rule else np.inf
            elif isinf(upper):
                results.append(Requirement(column))
                continue
            if isinf(upper):
                raise InvalidValue(
                    "`protection_level` must be set for counts without a threshold",
                    row=row,
                    field="protection_level",
                    hint="Set the minimum width of the attacker's bounds",
                )
            results += [Requirement(column, int(m - value)) for m in (lower, upper) if m != value]
        return results

    def _add_previous(
        self, published: Published, marks: Marks, system: TableSystem
    ) -> list[Requirement]:
        """Add an earlier release, and return what its primary cells need."""
        earlier = published if isinstance(published, SuppressedTable) else None
        public = published.table if isinstance(published, SuppressedTable) else published
        truth = public if earlier is None else earlier.primary.table
        kind, hint = self.primary.table.kind, "Pass a release of the same kind of counts"
        requirement = f"`previous` must contain tables of {kind}"
        require(public.kind == kind, requirement, hint, previous=public.kind)
        unknown = public.lower < public.upper
        columns = system.add(
            truth,
            Lattice.of(truth, self.assumptions),
            hidden=unknown,
            open_rows=np.zeros(len(public), dtype=np.bool_),
            bounds=(public.lower.astype(np.float64), public.upper),
        )
        if earlier is not None:
            return self._requirements(earlier.primary, earlier.marks, columns, system)
        protected = np.isin(public.reason, [reason.severity for reason in PROTECTED_REASONS])
        rows = np.flatnonzero(protected & unknown)
        new = columns[rows] >= len(self.primary.table)
        return [Requirement(int(column)) for column in columns[rows[new]]]

    def _insiders(self, lattice: Lattice) -> dict[tuple[int, ...], str]:
        """Return who knows a count: single persons and single contributors, by rows."""
        lower, upper = lattice.lower[: lattice.n_rows], lattice.upper[: lattice.n_rows]
        # Rows that count one person, grouped if they count the same one.
        groups = {row: {row} for row in np.flatnonzero((lower == 1) & (upper == 1)).tolist()}
        for relation in range(len(lattice.relations)):
            whole, *parts = lattice.relations.terms(relation)[0]
            for part in groups.keys() & parts if whole in groups else ():
                united = groups[whole] | groups[part]
                groups |= dict.fromkeys(united, united)
        persons = {id(rows): rows for rows in groups.values()}.values()
        named = {
            tuple(sorted(rows)): f"the person counted in {lattice.label(min(rows))}"
            for rows in persons
        }
        single: dict[str, set[int]] = {}
        for row, amounts in self.primary.contributors.items():
            if len(amounts) == 1 and amounts[0][1] == lattice.lower[row] == lattice.upper[row]:
                single.setdefault(amounts[0][0], set()).add(row)
        return named | {tuple(sorted(rows)): name for name, rows in single.items()}


def _solve(blocks: list[Block], limit: float, workers: int, progress: Report) -> list[Block]:
    """Return the blocks with a safe choice of cells; each has a part of the time limit."""
    total = sum(len(block.cells) for block in blocks)
    seconds = [limit * workers * len(block.cells) / total for block in blocks]
    if workers > 1 and len(blocks) > 1:
        context = get_context("spawn")  # a fork is unsafe while other threads run
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            solved = []
            for block in pool.map(solve_block, blocks, seconds):
                solved.append(block)
                progress("protecting blocks", len(solved) / len(blocks))
            return solved
    done, solved = 0, []
    for block, own_limit in zip(blocks, seconds, strict=True):
        start, part = done / total, len(block.cells) / total

        def report(step: str, share: float, start: float = start, part: float = part) -> None:
            progress(step, start + part * share)

        is_interrupted = bool(solved) and solved[-1].is_interrupted
        solved.append(solve_block(block, 0.0 if is_interrupted else own_limit, report))
        solved[-1].is_interrupted |= is_interrupted
        done += len(block.cells)
    return solved
