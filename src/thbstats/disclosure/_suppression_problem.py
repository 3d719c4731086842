"""Choice of the cells of secondary suppression."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
from attrs import Factory, define, frozen
from numpy.typing import NDArray

from thbstats.bounds.sums import Sums, cell_bounds
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.primary import PrimarySuppression

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

_SMALL = 1e-9
_TOLERANCE = 1e-6
_SECONDS = 10.0
_MOST_VARIABLES = 3_000
_FAR = 1_000.0
"""The maximum move of a cell in protection levels, for complex sums."""


@frozen
class Attacker:
    """Attacker who adds and subtracts published counts, and knows some suppressed rows."""

    name: str
    known_rows: frozenset[int] = frozenset()


@frozen
class Breach:
    """Primary cell without its protection level against an attacker."""

    row: int
    attacker: Attacker


@frozen(kw_only=True, eq=False, slots=False)
class SuppressionProblem:
    """Counts before suppression, with the rows that secondary suppression can use (`candidates`).

    The protection level is the required width of each primary cell for an outside attacker, who is
    the first of `attackers`; the widest possible one if ``None``.
    """

    lattice: Lattice
    primary: PrimarySuppression
    candidates: Bools
    protection_level: int | None
    attackers: tuple[Attacker, ...]

    @cached_property
    def _suppressed_bounds(self) -> tuple[Floats, Floats]:
        """The published bounds of each row if it is suppressed."""
        numbers = self.primary._published_numbers()
        return numbers.lower.astype(np.float64), numbers.upper

    def suppressed(self, rows: Iterable[int], *, without: Iterable[int] = ()) -> Bools:
        """Return the primary rows and further rows as suppressed, without some of the latter."""
        suppressed = np.zeros(self.lattice.n_rows, dtype=np.bool_)
        suppressed[list(rows)] = True
        suppressed[list(without)] = False
        suppressed[self.primary.rows] = True
        return suppressed

    @cached_property
    def _max_widths(self) -> dict[Attacker, Floats]:
        """Return the widths of primary rows by attacker if all candidates are suppressed."""
        every = self.suppressed(np.flatnonzero(self.primary.candidates))
        return {attacker: self.widths(every, attacker) for attacker in self.attackers}

    @property
    def has_published_rows(self) -> bool:
        """Whether rows must be published that could be suppressed."""
        return bool((self.primary.candidates & ~self.candidates).any())

    def required_widths(self, attacker: Attacker) -> Floats:
        """Return the required width of each row for an attacker.

        Attackers who know a cell must not learn another one exactly. By default no width is
        required that is impossible even if all counts are suppressed.
        """
        if attacker.known_rows:
            outside = self.required_widths(self.attackers[0])
            return np.minimum(np.minimum(outside, 1.0), self._max_widths[attacker])
        if self.protection_level is None:
            return self._max_widths[attacker]
        return np.full(self.lattice.n_rows, self.protection_level, dtype=np.float64)

    def known(self, suppressed: Bools, attacker: Attacker) -> tuple[Floats, Floats]:
        """Return the bounds that an attacker knows before any arithmetic."""
        lower, upper = self.lattice.lower.copy(), self.lattice.upper.copy()
        unknown = suppressed.copy()
        unknown[list(attacker.known_rows)] = False
        rows = np.flatnonzero(unknown)
        lower[rows], upper[rows] = (bounds[rows] for bounds in self._suppressed_bounds)
        return lower, upper

    def widths(self, suppressed: Bools, attacker: Attacker) -> Floats:
        """Return the attacker's width of each primary row; 0 for other rows."""
        rows = np.setdiff1d(self.primary.rows, list(attacker.known_rows)).astype(np.intp)
        cells, widths = np.arange(len(self.lattice.keys)), np.zeros(self.lattice.n_rows)
        widths[rows] = self._widths(self.lattice, cells, rows, suppressed, attacker)
        return widths

    def _widths(
        self, lattice: Lattice, cells: Ints, rows: Ints, suppressed: Bools, attacker: Attacker
    ) -> Floats:
        """Return the attacker's width of some rows of a part of the lattice."""
        lower, upper = self.known(suppressed, attacker)
        targets = np.zeros(len(cells), dtype=np.bool_)
        targets[rows] = True
        result = cell_bounds(lattice.relations, lower[cells], upper[cells], targets)
        widths: Floats = (result.upper - result.lower)[rows]
        return widths

    def breaches(self, suppressed: Bools) -> Iterator[Breach]:
        """Yield the primary rows without their protection level."""
        for attacker in self.attackers:
            required = self.required_widths(attacker)
            widths = self.widths(suppressed, attacker)
            for row in self.primary.rows.tolist():
                if row not in attacker.known_rows and widths[row] < required[row]:
                    yield Breach(row, attacker)

    def disclosing_rows(
        self, suppressed: Bools, breach: Breach, cost: Floats
    ) -> tuple[int, ...] | None:
        """Return a minimal set of published rows that causes a breach.

        The rows can be suppressed; expensive rows stay in the set if there is a choice. The set is
        empty if the breach cannot be avoided, and ``None`` without a breach.
        """
        published = np.flatnonzero(self.candidates & ~suppressed).tolist()
        radius, size = 1, -1
        while True:
            neighbourhood, cells = self.lattice.neighbourhood(breach.row, radius)
            if self._is_breach(neighbourhood, cells, published, breach):
                break
            if len(neighbourhood.relations) == size:
                return None
            radius, size = radius + 1, len(neighbourhood.relations)
        rows_around = set(cells.tolist()).intersection(published)
        binding = rows_around & self._binding_cells(neighbourhood, cells, suppressed, breach)
        rows = binding if self._is_breach(neighbourhood, cells, binding, breach) else rows_around
        rows -= breach.attacker.known_rows
        for row in sorted(rows, key=lambda row: (cost[row], row)):
            if self._is_breach(neighbourhood, cells, rows - {row}, breach):
                rows.remove(row)
        return tuple(sorted(rows))

    def _is_breach(
        self, neighbourhood: Lattice, cells: Ints, published: Iterable[int], breach: Breach
    ) -> bool:
        """Whether a neighbourhood has the breach if some candidates are published."""
        suppressed = self.suppressed(np.flatnonzero(self.candidates), without=published)
        first = np.zeros(1, dtype=np.intp)
        [width] = self._widths(neighbourhood, cells, first, suppressed, breach.attacker)
        return bool(width < self.required_widths(breach.attacker)[breach.row])

    def _binding_cells(
        self, neighbourhood: Lattice, cells: Ints, suppressed: Bools, breach: Breach
    ) -> set[int]:
        """Return the cells with nonzero duals in a linear program of the bounds."""
        from scipy.optimize import linprog

        lower, upper = self.known(suppressed, breach.attacker)
        sums, matrix = neighbourhood.relations, neighbourhood.relations.matrix(len(cells))
        high, low = np.isfinite(sums.high), np.isfinite(sums.low)
        binding: set[int] = set()
        for sign in (1.0, -1.0):
            answer = linprog(
                np.where(np.arange(len(cells)) == 0, sign, 0.0),
                A_ub=np.vstack([matrix[high], -matrix[low]]),
                b_ub=np.concatenate([sums.high[high], -sums.low[low]]),
                bounds=np.stack([lower[cells], upper[cells]], axis=1),
                method="highs",
            )
            if answer.status == 0:
                weight = np.abs(answer.lower.marginals) + np.abs(answer.upper.marginals)
                binding |= set(cells[weight > _SMALL].tolist())
        return binding


@define(eq=False)
class MasterProblem:
    """Cheapest choice of rows under conditions that every safe choice satisfies.

    Of each set in `sets`, one row is suppressed. For each breach in `breaches`, two feasible tables
    must be far enough apart. The `cost` of suppressing a row is an integer.
    """

    problem: SuppressionProblem
    cost: Floats
    sets: dict[tuple[int, ...], None] = Factory(dict)
    breaches: dict[Breach, None] = Factory(dict)

    def add(self, breach: Breach, rows: tuple[int, ...]) -> None:
        """Add a breach and the rows that cause it."""
        self.sets[rows] = None
        size = 2 * len(self.problem.lattice.keys)
        if (len(self.breaches) + 1) * size <= _MOST_VARIABLES:
            self.breaches[breach] = None

    def solve(self) -> tuple[frozenset[int], int]:
        """Return the cheapest rows and a lower bound on the cost of any safe choice.

        The bound is equal to the cost of the rows unless the search timed out.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import bmat, csr_array

        if not self.sets:
            return frozenset(), 0
        rows = np.flatnonzero(self.problem.candidates)
        hits = csr_array((len(self.sets), len(rows)), dtype=float).tolil()
        for index, members in enumerate(self.sets):
            hits[index, np.searchsorted(rows, members)] = 1.0
        tables = [self._tables(rows, breach) for breach in self.breaches]
        grid: list[list[Any]] = [[hits, *(None for _ in tables)]]
        for index, (choice, cells, *_) in enumerate(tables):
            grid.append([choice, *(cells if i == index else None for i in range(len(tables)))])
        n_sets, n_rows = len(self.sets), len(rows)
        first = (np.ones(n_sets), np.full(n_sets, np.inf), np.zeros(n_rows), np.ones(n_rows))
        sides = zip(first, *(bounds for _, _, *bounds in tables), strict=True)
        least, most, low, high = map(np.concatenate, sides)
        n_cells = len(low) - n_rows
        answer = milp(
            np.concatenate([self.cost[rows], np.zeros(n_cells)]),
            integrality=np.repeat([1, 0], [n_rows, n_cells]),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(bmat(grid, format="csr"), least, most),
            options={"mip_rel_gap": 0.0, "time_limit": _SECONDS},
        )
        if answer.x is None:
            return frozenset(rows.tolist()), 0
        chosen = rows[answer.x[:n_rows] > 0.5]
        return frozenset(chosen.tolist()), ceil(answer.mip_dual_bound - _TOLERANCE)

    def _tables(
        self, rows: Ints, breach: Breach
    ) -> tuple[Any, Any, Floats, Floats, Floats, Floats]:
        """Return the constraints of two feasible tables as far apart as required.

        The result contains their coefficients for the choice of rows and for the cells of both
        tables, the bounds of the constraints, and the bounds of the cells.
        """
        from scipy.sparse import csr_array

        problem, sums = self.problem, self.problem.lattice.relations
        n, k, value = len(problem.lattice.keys), len(rows), problem.lattice.lower
        width = float(problem.required_widths(breach.attacker)[breach.row])
        reach = width if _crosses_once(sums) else width * _FAR
        least, most = problem.known(problem.suppressed(rows), breach.attacker)
        least[rows] = np.maximum(least, value - reach)[rows]
        most[rows] = np.minimum(most, value + reach)[rows]
        signs, pick, apart = sums.matrix(n), np.zeros((k, n)), np.zeros((1, n))
        pick[np.arange(k), rows] = 1.0
        apart[0, breach.row] = 1.0
        down, up = np.diag((value - least)[rows]), np.diag((value - most)[rows])
        no_row = np.zeros((len(sums), k))
        choice = np.vstack([no_row, no_row, down, down, up, up, np.zeros((1, k))])
        both = [np.kron(np.eye(2), block) for block in (signs, pick, pick)]
        cells = np.vstack([*both, np.hstack([apart, -apart])])
        endless, twice = np.full(2 * k, np.inf), np.tile(value[rows], 2)
        low = np.concatenate([sums.low, sums.low, twice, -endless, [width]])
        high = np.concatenate([sums.high, sums.high, endless, twice, [np.inf]])
        bounds = (np.tile(least, 2), np.tile(most, 2))
        return csr_array(choice), csr_array(cells), low, high, *bounds


def _crosses_once(sums: Sums) -> bool:
    """Whether sums are nested along each of at most two dimensions.

    Moves between tables are then cycles in which all cells move by the same amount.
    """
    names = set(sums.along)
    along = np.array(sums.along)[sums.relation] if len(sums) else np.array([])
    lines = (sums.cell[(along == n) & (sums.sign == sign)] for n in names for sign in (1.0, -1.0))
    return len(names) <= 2 and all(len(np.unique(cells)) == len(cells) for cells in lines)
