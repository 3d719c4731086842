"""Disclosure breaches of a table with suppressed cells."""

from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.disclosure._exact_bounds import attacker_bounds
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.primary import PrimarySuppression

__all__ = ["Attacker", "Breach", "SuppressionProblem"]

_SMALL = 1e-9

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@frozen
class Attacker:
    """Attacker who adds and subtracts published counts.

    Parameters
    ----------
    name : str
        The attacker.
    known_rows : frozenset of int
        The suppressed rows that the attacker knows; none for an outside attacker.
    """

    name: str
    known_rows: frozenset[int] = frozenset()


@frozen
class Breach:
    """Primary cell without its protection level against an attacker."""

    row: int
    attacker: Attacker


@frozen(kw_only=True, eq=False, slots=False)
class SuppressionProblem:
    """Choice of the cells of secondary suppression.

    Parameters
    ----------
    lattice : Lattice
        The cells and relations of the table, with the counts before suppression.
    primary : PrimarySuppression
        The primary suppression.
    candidates : array of bool, shape (r,)
        The rows that secondary suppression can use.
    protection_level : int or None
        The required width of each primary cell for an outside attacker; the widest possible one
        if ``None``.
    attackers : tuple of Attacker
        The outside attacker comes first.
    """

    lattice: Lattice
    primary: PrimarySuppression
    candidates: Bools
    protection_level: int | None
    attackers: tuple[Attacker, ...]

    @cached_property
    def _suppressed_bounds(self) -> tuple[Floats, Floats]:
        """The published bounds of each row if it is suppressed."""
        counts = [self.primary.published_count(row) for row in range(self.lattice.n_rows)]
        lower = np.array([count.lower for count in counts], dtype=np.float64)
        upper = np.array([np.inf if c.upper is None else c.upper for c in counts])
        return lower, upper

    @cached_property
    def _positions(self) -> dict[tuple[str, ...], int]:
        return {key: position for position, key in enumerate(self.lattice.keys)}

    def required_widths(self, attacker: Attacker) -> Floats:
        """Return the required width of each row for an attacker.

        Attackers who know a cell must not learn another one exactly. By default no width is
        required that is impossible even if all counts are suppressed.
        """
        if not attacker.known_rows:
            if self.protection_level is None:
                return self._max_widths[attacker]
            return np.full(self.lattice.n_rows, self.protection_level, dtype=np.float64)
        outside = self.required_widths(self.attackers[0])
        return np.minimum(np.minimum(outside, 1.0), self._max_widths[attacker])

    @property
    def has_published_rows(self) -> bool:
        """Whether rows must be published that could be suppressed."""
        return bool((self.primary.candidates & ~self.candidates).any())

    @cached_property
    def _max_widths(self) -> dict[Attacker, Floats]:
        """Return the widths of primary rows by attacker if all candidates are suppressed."""
        every = self.primary.candidates
        every[self.primary.rows] = True
        return {attacker: self.widths(every, attacker) for attacker in self.attackers}

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
        rows = [row for row in self.primary.rows.tolist() if row not in attacker.known_rows]
        targets = np.zeros(len(self.lattice.keys), dtype=np.bool_)
        targets[rows] = True
        found = attacker_bounds(self.lattice, *self.known(suppressed, attacker), targets)
        widths = np.zeros(self.lattice.n_rows)
        widths[rows] = (found.upper - found.lower)[rows]
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

        Parameters
        ----------
        suppressed : array of bool, shape (r,)
            The suppressed rows.
        breach : Breach
            The breach.
        cost : array of float64, shape (r,)
            The cost of suppressing each row; expensive rows stay in the set if there is a choice.

        Returns
        -------
        tuple of int or None
            Rows that can be suppressed, empty if the breach cannot be avoided; ``None`` without a
            breach.
        """
        near, cells = self._neighbourhood(suppressed, breach)
        if near is None:
            return None
        rows = cells[cells < self.lattice.n_rows]
        published = {r for r in rows.tolist() if self.candidates[r] and not suppressed[r]}
        binding = published & self._binding_rows(near, cells, suppressed, breach)
        rows_left = binding if self._is_breach(near, cells, binding, breach) else published
        rows_left -= breach.attacker.known_rows
        for row in sorted(rows_left, key=lambda row: (cost[row], row)):
            if self._is_breach(near, cells, rows_left - {row}, breach):
                rows_left.remove(row)
        return tuple(sorted(rows_left))

    def _binding_rows(
        self, lattice: Lattice, cells: NDArray[np.intp], suppressed: Bools, breach: Breach
    ) -> set[int]:
        """Return the rows with nonzero duals in a linear program of the bounds."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        lower, upper = self.known(suppressed, breach.attacker)
        relations = lattice.relations
        matrix = csr_array(
            (relations.sign, (relations.relation, relations.cell)),
            shape=(len(relations), len(cells)),
        )
        high, low = np.isfinite(relations.high), np.isfinite(relations.low)
        rows = csr_array(np.vstack([matrix.toarray()[high], -matrix.toarray()[low]]))
        limits = np.concatenate([relations.high[high], -relations.low[low]])
        found: set[int] = set()
        for sign in (1.0, -1.0):
            aim = np.zeros(len(cells))
            aim[0] = sign
            bounds = np.stack([lower[cells], upper[cells]], axis=1)
            answer = linprog(aim, A_ub=rows, b_ub=limits, bounds=bounds, method="highs")
            if answer.status == 0:
                weight = np.abs(answer.lower.marginals) + np.abs(answer.upper.marginals)
                found |= set(cells[weight > _SMALL].tolist())
        return found

    def _neighbourhood(
        self, suppressed: Bools, breach: Breach
    ) -> tuple[Lattice | None, NDArray[np.intp]]:
        """Return the smallest neighbourhood with a breach, and its cells."""
        published = set(np.flatnonzero(self.candidates & ~suppressed).tolist())
        radius, size = 1, -1
        while True:
            near = self.lattice.neighbourhood(breach.row, radius)
            cells = np.array([self._positions[key] for key in near.keys], dtype=np.intp)
            if self._is_breach(near, cells, published, breach):
                return near, cells
            if len(near.relations) == size:
                return None, cells
            radius, size = radius + 1, len(near.relations)

    def _is_breach(
        self, lattice: Lattice, cells: NDArray[np.intp], published: Iterable[int], breach: Breach
    ) -> bool:
        """Whether a neighbourhood has the breach if some candidates are published."""
        suppressed = self.candidates.copy()
        suppressed[list(published)] = False
        suppressed[self.primary.rows] = True
        lower, upper = self.known(suppressed, breach.attacker)
        targets = np.arange(len(cells)) == 0
        found = attacker_bounds(lattice, lower[cells], upper[cells], targets)
        width = found.upper[0] - found.lower[0]
        return bool(width < self.required_widths(breach.attacker)[breach.row])
