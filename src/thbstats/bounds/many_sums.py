"""Bounds of integer cells in many small sums, as columns.

Bounds are propagated first. They are exact if the sums between the remaining cells contain no
cycle. Components with cycles are searched: one feasible table can attain the bounds of many cells,
and the exact program proves all others.
"""

from collections.abc import Iterable

import numpy as np
from attrs import frozen

from thbstats._properties import cached_property
from thbstats.bounds._program import Program
from thbstats.bounds._simplex import Row, Terms, negative
from thbstats.columns import Floats, Index, Mask
from thbstats.errors import EngineFailed, ImpossibleResult

Group = tuple[int, list[int], str, float, float]
"""The total, its parts, the dimension and the bounds of the difference."""

_MAX_ITERATIONS = 200
"""Bounds of cells in a cycle can approach their limits in very many small steps."""


@frozen(eq=False, kw_only=True, slots=False)
class Sums:
    """Sums between the cells of a table, as columns.

    Terms are sorted by relation, and the total is the first term of each relation, with `sign` 1;
    parts have -1. The total less its parts is between `low` and `high`, and `along` is the
    dimension of each relation.
    """

    relation: Index
    cell: Index
    sign: Floats
    low: Floats
    high: Floats
    along: tuple[str, ...]

    @classmethod
    def of_groups(cls, groups: Iterable[Group]) -> "Sums":
        """Return the sums of some totals with their parts."""
        groups = list(groups)
        sizes = np.array([1 + len(parts) for _, parts, *_ in groups], dtype=np.intp)
        cells = [cell for whole, parts, *_ in groups for cell in (whole, *parts)]
        sign = np.full(len(cells), -1.0)
        sign[np.cumsum(sizes) - sizes] = 1.0
        return cls(
            relation=np.repeat(np.arange(len(groups)), sizes),
            cell=np.array(cells, dtype=np.intp),
            sign=sign,
            low=np.array([low for *_, low, _ in groups], dtype=np.float64),
            high=np.array([high for *_, high in groups], dtype=np.float64),
            along=tuple(along for _, _, along, _, _ in groups),
        )

    def __len__(self) -> int:
        return len(self.low)

    @cached_property
    def starts(self) -> Index:
        """The index of the first term of each relation, and the number of terms."""
        return np.searchsorted(self.relation, np.arange(len(self) + 1))

    def terms(self, relation: int) -> tuple[list[int], list[float]]:
        """Return the cells of a relation and their signs."""
        terms = slice(self.starts[relation], self.starts[relation + 1])
        return self.cell[terms].tolist(), self.sign[terms].tolist()

    def matrix(self, size: int) -> Floats:
        """Return the signs as one row per relation and one column per cell."""
        matrix = np.zeros((len(self), size))
        matrix[self.relation, self.cell] = self.sign
        return matrix

    @cached_property
    def _by_cell(self) -> tuple[Index, Index]:
        """Return terms sorted by cell, and the cells."""
        order = np.argsort(self.cell, kind="stable")
        return order, self.cell[order]

    def of(self, cells: Index) -> Index:
        """Return the relations of some cells."""
        # The terms of a cell are adjacent in the order by cell.
        order, in_order = self._by_cell
        unique = np.unique(cells)
        left, right = (np.searchsorted(in_order, unique, side) for side in ("left", "right"))
        runs = [self.relation[order[a:b]] for a, b in zip(left, right, strict=True)]
        return np.unique(np.concatenate(runs)) if runs else np.zeros(0, dtype=np.intp)

    def take(self, selected: Mask) -> "Sums":
        """Return the selected relations."""
        terms = selected[self.relation]
        return Sums(
            relation=(np.cumsum(selected) - 1)[self.relation[terms]],
            cell=self.cell[terms],
            sign=self.sign[terms],
            low=self.low[selected],
            high=self.high[selected],
            along=tuple(name for name, keep in zip(self.along, selected, strict=True) if keep),
        )


def propagate(sums: Sums, lower: Floats, upper: Floats) -> tuple[Floats, Floats, Mask, bool]:
    """Return bounds after propagation through single sums.

    The bounds of a cell are the bounds of its sum less those of the other cells. Bounds are
    integers; floats are exact while all of them together are below 2**53. The result contains the
    bounds, the cells without a feasible value, and whether the bounds converged.
    """
    lower, upper = lower.copy(), upper.copy()
    infeasible = np.zeros(len(lower), dtype=np.bool_)
    active = np.ones(len(sums.cell), dtype=np.bool_)  # terms of relations with a changed cell
    for _ in range(_MAX_ITERATIONS):
        cells, owners, signs = sums.cell[active], sums.relation[active], sums.sign[active]
        # Per active term: the bounds of sign * cell, and those that the other terms leave for it.
        # Terms of a relation are active together, so that the other terms are complete.
        lows = np.where(signs > 0, lower[cells], -upper[cells])
        highs = np.where(signs > 0, upper[cells], -lower[cells])
        low = sums.low[owners] - _others(owners, highs, np.inf, len(sums))
        high = sums.high[owners] - _others(owners, lows, -np.inf, len(sums))
        # Per cell: the narrowest bounds of all its terms. A part has the sign -1.
        new_lower, new_upper = lower.copy(), upper.copy()
        np.maximum.at(new_lower, cells, np.where(signs > 0, low, -high))
        np.minimum.at(new_upper, cells, np.where(signs > 0, high, -low))
        # Infeasible cells keep their bounds, so that they do not affect other cells.
        crossed = new_lower > new_upper
        infeasible |= crossed
        new_lower[crossed], new_upper[crossed] = lower[crossed], upper[crossed]
        changed = (new_lower > lower) | (new_upper < upper)
        lower, upper = new_lower, new_upper
        touched = np.zeros(len(sums), dtype=np.bool_)
        touched[sums.relation[changed[sums.cell]]] = True
        active = touched[sums.relation]
        if not active.any():
            return lower, upper, infeasible, True
    return lower, upper, infeasible, False


def _others(owners: Index, bounds: Floats, infinity: float, size: int) -> Floats:
    """Return for each term the sum of the bounds of all other terms of its relation."""
    # The total of a relation less the own bound; infinite ones are counted, as inf - inf is NaN.
    free = np.isinf(bounds)
    finite = np.where(free, 0.0, bounds)
    total = np.bincount(owners, finite, minlength=size)[owners]
    n_free = np.bincount(owners, free, minlength=size)[owners]
    return np.where(n_free - free > 0, infinity, total - finite)


@frozen(eq=False, kw_only=True)
class CellBounds:
    """Bounds of cells, exact for the target cells.

    If no `feasible` table exists, the bounds of a cell are the known ones. The number of components
    with cycles is `n_searched`.
    """

    lower: Floats
    upper: Floats
    feasible: Mask
    n_searched: int


def cell_bounds(sums: Sums, lower: Floats, upper: Floats, targets: Mask) -> CellBounds:
    """Return the exact bounds of the target cells, from the known bounds of all cells."""
    # A contradiction concerns all cells of its component, since each could be the wrong one.
    known, group = (lower, upper), components(sums, lower < upper)
    lower, upper, infeasible, converged = propagate(sums, lower, upper)
    feasible = ~infeasible & ~np.isin(group, np.setdiff1d(group[infeasible], [-1]))
    # The cells that are still unknown form smaller components. Without a cycle their bounds are
    # attained; the other components with a target are searched.
    unknown = (lower < upper) & feasible
    inner = components(sums, unknown)
    cyclic = _cyclic(sums, inner) if converged else np.unique(inner[unknown])
    searched = np.unique(inner[targets & unknown & np.isin(inner, cyclic)])
    solutions: dict[object, tuple[bool, Floats, Floats]] = {}
    order = np.argsort(inner, kind="stable")  # the cells of a component are adjacent in this order
    left, right = (np.searchsorted(inner[order], searched, side) for side in ("left", "right"))
    for cells in (order[a:b] for a, b in zip(left, right, strict=True)):
        rows = _rows(sums, cells, lower, upper)
        # Components that differ only in labels have equal rows.
        key = (tuple((*terms.items(), limit) for terms, limit in rows), targets[cells].tobytes())
        if key not in solutions:
            solutions[key] = _solve(rows, lower[cells], upper[cells], targets[cells])
        is_feasible, lower[cells], upper[cells] = solutions[key]
        if not is_feasible:
            feasible &= group != group[cells[0]]
    return CellBounds(
        lower=np.where(feasible, lower, known[0]),
        upper=np.where(feasible, upper, known[1]),
        feasible=feasible,
        n_searched=len(searched),
    )


def feasible_table(sums: Sums, lower: Floats, upper: Floats) -> Floats:
    """Return an integer for each cell, so that all sums are within their bounds.

    Raises
    ------
    ImpossibleResult
        If no such table exists.
    """
    lower, upper, infeasible, _ = propagate(sums, lower, upper)
    if infeasible.any():
        raise _contradiction()
    table, label = lower.copy(), components(sums, lower < upper)
    for component in np.unique(label[lower < upper]).tolist():
        cells = np.flatnonzero(label == component)
        size = len(cells)
        rows = _rows(sums, cells, lower, upper)
        program = Program.of(size, rows, tuple({variable: 1} for variable in range(size)))
        point = program.witness({}, vertex=True)
        point = program.point if point is None else point
        if point is None:
            raise _contradiction()
        table[cells] = [point.get(variable, 0) for variable in range(size)]
    return table


def _contradiction() -> ImpossibleResult:
    return ImpossibleResult(
        "the counts must agree with each other",
        field="table",
        hint="Correct the counts, or leave out counts that were revised",
    )


def components(sums: Sums, unknown: Mask) -> Index:
    """Return the connected component of each unknown cell; -1 for known cells."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    # A graph with a node per cell and, after them, one per relation; each term is an edge.
    n, tied = len(unknown), unknown[sums.cell]
    edges = (sums.cell[tied], sums.relation[tied] + n)
    size = n + len(sums)
    graph = coo_array((np.ones(int(tied.sum()), np.int8), edges), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return np.where(unknown, labels[:n], -1)


def _cyclic(sums: Sums, group: Index) -> Index:
    """Return the components in which cells and relations form a cycle.

    A connected graph without a cycle has one edge fewer than nodes.
    """
    size = int(group.max(initial=-1)) + 1
    tied = group[sums.cell] >= 0
    owner = group[sums.cell[tied]]
    edges = np.bincount(owner, minlength=size)
    cells = np.bincount(group[group >= 0], minlength=size)
    first = np.unique(sums.relation[tied], return_index=True)[1]
    relations = np.bincount(owner[first], minlength=size)
    return np.flatnonzero(edges > cells + relations - 1)


def _rows(sums: Sums, cells: Index, lower: Floats, upper: Floats) -> tuple[Row, ...]:
    """Return the bounds and the sums of a component as rows of an integer program."""
    variables = {cell: variable for variable, cell in enumerate(cells.tolist())}
    # Variables are 0 or more in a program, so a lower bound of 0 needs no row.
    intervals = [
        ({variable: 1}, float(lower[cell]) or -np.inf, float(upper[cell]))
        for cell, variable in variables.items()
    ]
    for relation in sums.of(cells).tolist():
        pairs = list(zip(*sums.terms(relation), strict=True))
        # Known cells move to the bounds of the sum.
        known = sum(sign * lower[cell] for cell, sign in pairs if cell not in variables)
        terms = {variables[cell]: int(sign) for cell, sign in pairs if cell in variables}
        low, high = float(sums.low[relation] - known), float(sums.high[relation] - known)
        intervals.append((terms, low, high))
    return rows_between(intervals)


def rows_between(intervals: Iterable[tuple[Terms, float, float]]) -> tuple[Row, ...]:
    """Return sums between two bounds, which can be infinite, as rows of an integer program."""
    rows: list[Row] = []
    for terms, low, high in intervals:
        rows += [(negative(terms), -int(low))] if low > -np.inf else []
        rows += [(terms, int(high))] if high < np.inf else []
    return tuple(rows)


def _solve(
    rows: tuple[Row, ...], lower: Floats, upper: Floats, targets: Mask
) -> tuple[bool, Floats, Floats]:
    """Return whether a table exists, and the bounds of the target cells."""
    size, finite = len(lower), np.isfinite(upper)
    program = Program.of(size, rows, tuple({variable: 1} for variable in range(size)))
    # By cell, whether a table attains its lower and its upper bound; others need no search.
    low, high, is_feasible, before = ~targets, ~targets, False, -1
    # One table can attain many bounds: search while it attains further ones.
    while int(low.sum() + high.sum()) != before and not (low & high).all():
        before = int(low.sum() + high.sum())
        for sign in (1, -1):
            aim = np.flatnonzero(~high & finite if sign > 0 else ~low)
            point = program.witness(dict.fromkeys(aim.tolist(), sign), vertex=True)
            if point is None:
                break
            is_feasible = True
            table = np.array([point.get(variable, 0) for variable in range(size)])
            low |= table == lower
            high |= table == upper
    if not is_feasible and program.point is None:
        return False, lower, upper
    # The remaining bounds are proved one by one.
    bounds = [lower.copy(), upper.copy()]
    for sign, attained in ((-1, low), (1, high)):
        for cell in np.flatnonzero(~attained).tolist():
            point = program.witness({cell: sign}, vertex=True)
            best = program.maximise({cell: sign}, point)
            if best.is_open:  # the value is attained, but a larger one can exist
                raise EngineFailed(
                    "the search for exact bounds reached its limit",
                    field="table",
                    hint="Audit parts of the table separately",
                )
            bounds[sign > 0][cell] = np.inf if best.value is None else sign * best.value
    return True, bounds[0], bounds[1]
