"""Exact bounds of cells in a system of sums.

Bounds are propagated first. They are exact if the relations between the remaining cells
contain no cycle. Components with cycles are searched: one feasible table can attain the bounds
of many cells, and the solver of `thbstats.bounds` proves all others.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.bounds import Constraint, Inequality, Linear, System
from thbstats.disclosure._propagation import propagate
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.sum_relations import SumRelations

__all__ = ["AttackerBounds", "attacker_bounds", "components", "system_of"]

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_SECONDS = 5.0


@frozen(eq=False, kw_only=True)
class AttackerBounds:
    """Bounds that an attacker can derive.

    Parameters
    ----------
    lower, upper : array of float64, shape (n,)
        The bounds, exact for the target cells.
    component : array of int, shape (n,)
        The connected component of each unknown cell; -1 for known cells.
    feasible : array of bool, shape (n,)
        Whether a feasible table exists; otherwise the bounds are the published ones.
    n_searched : int
        The number of components with cycles.
    """

    lower: Floats
    upper: Floats
    component: Ints
    feasible: Bools
    n_searched: int


def attacker_bounds(
    lattice: Lattice, lower: Floats, upper: Floats, targets: Bools
) -> AttackerBounds:
    """Return the exact bounds of some cells.

    Parameters
    ----------
    lattice : Lattice
        Cells and relations.
    lower, upper : array of float64, shape (n,)
        The known bounds of each cell.
    targets : array of bool, shape (n,)
        The cells to bound.
    """
    relations, published = lattice.relations, (lower, upper)
    group = components(relations, lower < upper)
    found = propagate(relations, lower, upper)
    lower, upper = found.lower, found.upper
    feasible = _outside(group, found.infeasible)
    open_ = (lower < upper) & feasible
    inner = components(relations, open_)
    cyclic = _cyclic_components(relations, inner) if found.converged else np.unique(inner[open_])
    searched = np.unique(inner[targets & open_ & np.isin(inner, cyclic)])
    known: dict[bytes, tuple[bool, Floats, Floats]] = {}
    for cells in _groups(inner, searched):
        component = _Component.of(lattice, cells, lower, upper, targets[cells])
        key = component.key
        if key not in known:
            known[key] = (component.solve(), component.lower, component.upper)
        is_feasible, lower[cells], upper[cells] = known[key]
        if not is_feasible:
            feasible &= group != group[cells[0]]
    lower, upper = np.where(feasible, lower, published[0]), np.where(feasible, upper, published[1])
    return AttackerBounds(
        lower=lower, upper=upper, component=group, feasible=feasible, n_searched=len(searched)
    )


def components(relations: SumRelations, open_: Bools) -> Ints:
    """Return the connected component of each unknown cell."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n, m = len(open_), len(relations)
    tied = open_[relations.cell]
    edges = (relations.cell[tied], relations.relation[tied] + n)
    graph = coo_array((np.ones(int(tied.sum()), np.int8), edges), shape=(n + m, n + m))
    _, labels = connected_components(graph, directed=False)
    return np.where(open_, labels[:n], -1)


def _outside(group: Ints, infeasible: Bools) -> Bools:
    """Return the cells of components without an infeasible cell."""
    return ~infeasible & ~np.isin(group, np.setdiff1d(group[infeasible], [-1]))


def _groups(group: Ints, components: Ints) -> Iterator[Ints]:
    """Yield the cells of each component."""
    order = np.argsort(group, kind="stable")
    left, right = (np.searchsorted(group[order], components, side) for side in ("left", "right"))
    return (order[a:b] for a, b in zip(left, right, strict=True))


def _cyclic_components(relations: SumRelations, group: Ints) -> Ints:
    """Return the components in which cells and relations form a cycle."""
    size = int(group.max(initial=-1)) + 1
    tied = group[relations.cell] >= 0
    edges = np.bincount(group[relations.cell[tied]], minlength=size)
    cells = np.bincount(group[group >= 0], minlength=size)
    pairs = np.unique(relations.relation[tied], return_index=True)[1]
    owners = np.bincount(group[relations.cell[tied][pairs]], minlength=size)
    return np.flatnonzero(edges > cells + owners - 1)


@frozen(eq=False, kw_only=True, slots=False)
class _Component:
    """Connected component of unknown cells."""

    lattice: Lattice
    cells: Ints
    lower: Floats
    upper: Floats
    targets: Bools
    matrix: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(
        cls, lattice: Lattice, cells: Ints, lower: Floats, upper: Floats, targets: Bools
    ) -> "_Component":
        relations = lattice.relations
        positions = {cell: position for position, cell in enumerate(cells.tolist())}
        owned = relations.of(cells).tolist()
        matrix = np.zeros((len(owned), len(cells)))
        known = np.zeros(len(owned))
        for row, relation in enumerate(owned):
            for cell, sign in zip(*relations.terms(relation), strict=True):
                if int(cell) in positions:
                    matrix[row, positions[int(cell)]] = sign
                else:
                    known[row] += sign * lower[cell]
        return cls(
            lattice=lattice,
            cells=cells,
            lower=lower[cells],
            upper=upper[cells],
            targets=targets,
            matrix=matrix,
            low=relations.low[owned] - known,
            high=relations.high[owned] - known,
        )

    @property
    def key(self) -> bytes:
        """Key that is equal for components that differ only in labels."""
        columns = (self.matrix, self.low, self.high, self.lower, self.upper, self.targets)
        return b"|".join(column.tobytes() for column in columns)

    def solve(self) -> bool:
        """Compute the bounds of the target cells; return False if infeasible."""
        low, high, is_feasible = ~self.targets, ~self.targets, False
        for aim in self._aims(low, high):
            table = self._table(aim)
            if table is None:
                break
            is_feasible = True
            low |= table == self.lower
            high |= table == self.upper
        if not is_feasible and not self.system.is_feasible:
            return False
        for cell in np.flatnonzero(~low).tolist():
            self.lower[cell] = -self._maximum(cell, -1)
        for cell in np.flatnonzero(~high).tolist():
            self.upper[cell] = self._maximum(cell, 1)
        return True

    def _aims(self, low: Bools, high: Bools) -> Iterator[Floats]:
        """Yield objectives for bounds that no table has attained, while this helps."""
        finite = np.isfinite(self.upper)
        while True:
            before = int(low.sum() + high.sum())
            yield np.where(high | ~finite, 0.0, 1.0)
            yield np.where(low, 0.0, -1.0)
            if int(low.sum() + high.sum()) == before or (low & high).all():
                return

    def _table(self, aim: Floats) -> Floats | None:
        """Return an integer table with a large objective, or ``None``.

        The vertex of a linear program is usually integer and takes a third of the time.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        for whole in (0, 1):
            found = milp(
                -aim,
                integrality=np.full(len(aim), whole),
                bounds=Bounds(self.lower, self.upper),
                constraints=[LinearConstraint(self.matrix, self.low, self.high)],
                options={"time_limit": _SECONDS},
            )
            if found.x is None:
                return None
            table: Floats = np.round(found.x)
            sums = self.matrix @ table
            inside = ((self.lower <= table) & (table <= self.upper)).all()
            if inside and ((self.low <= sums) & (sums <= self.high)).all():
                return table
        return None

    def _maximum(self, cell: int, sign: int) -> float:
        """Return the maximum of a cell, or minus its minimum, as the solver proves it."""
        aim = np.zeros(len(self.cells))
        aim[cell] = sign
        table = self._table(aim)
        point = None if table is None else dict(enumerate(table.astype(int).tolist()))
        optimum = self.system.program.maximise({cell: sign}, point)
        return np.inf if optimum.value is None else float(optimum.value)

    @cached_property
    def system(self) -> System:
        """The component as a system for the exact solver."""
        names = [str(cell) for cell in range(len(self.cells))]
        bounds = [
            Constraint.between(f"cell {name}", Linear.sum([name]), int(low), _finite(high))
            for name, low, high in zip(names, self.lower, self.upper, strict=True)
        ]
        sums = []
        for row, signs in enumerate(self.matrix.astype(int).tolist()):
            sum_ = Linear(zip(names, signs, strict=True))
            low, high = float(self.low[row]), float(self.high[row])
            sums.append(_statement(f"sum {row}", sum_, low, high))
        return System(names, [*bounds, *sums])


def system_of(lattice: Lattice, lower: Floats, upper: Floats, cell: int) -> System:
    """Return the component of a cell as a system with readable labels.

    Known cells of its relations are included, so that a feasible table can be checked by hand.
    """
    relations, group = lattice.relations, components(lattice.relations, lower < upper)
    inside = np.flatnonzero(group == group[cell]) if group[cell] >= 0 else np.array([cell])
    owned = relations.of(inside).tolist()
    cells = {int(found) for owner in owned for found in relations.terms(owner)[0]}
    names = {index: lattice.label(index) for index in sorted(cells | set(inside.tolist()))}
    bounds = [
        Constraint.between(name, Linear.sum([name]), int(lower[index]), _finite(upper[index]))
        for index, name in names.items()
        if lower[index] > 0 or np.isfinite(upper[index])
    ]
    sums = []
    for owner in owned:
        terms = zip(*relations.terms(owner), strict=True)
        sum_ = Linear([(names[int(index)], int(sign)) for index, sign in terms])
        low, high = float(relations.low[owner]), float(relations.high[owner])
        sums.append(_statement(lattice.relation_text(owner), sum_, low, high))
    return System(names.values(), [*bounds, *sums])


def _statement(name: str, sum_: Linear, low: float, high: float) -> Constraint:
    rows = [] if np.isinf(low) else [Inequality(-sum_, -int(low))]
    rows += [] if np.isinf(high) else [Inequality(sum_, int(high))]
    return Constraint(name, rows)


def _finite(value: float) -> int | None:
    return None if np.isinf(value) else int(value)
