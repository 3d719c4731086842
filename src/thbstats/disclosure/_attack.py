"""The exact ends of cells that sums tie to each other, each proved and attained.

Intervals are propagated first. Where the relations of what is left form no circle, that is all
there is to know: whole numbers can be chosen cell by cell. Only circles are searched; one table
that fits can have the ends of many cells, and the engine of `thbstats.bounds` proves what no
table has attained.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.bounds import Inequality, Linear, Statement, System
from thbstats.disclosure._propagation import propagate
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.relations import Relations

__all__ = ["Ends", "attack", "components", "system_of"]

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_SECONDS = 5.0


@frozen(eq=False, kw_only=True)
class Ends:
    """What cells can be.

    Parameters
    ----------
    lower, upper : array of float64, shape (n,)
        The ends, exact for the cells asked for.
    group : array of int, shape (n,)
        Cells that are not known and are tied to each other have the same number; -1 for a
        number that is known.
    possible : array of bool, shape (n,)
        Whether there is a table that fits; where not, the ends are those of the source.
    n_searched : int
        How many groups had circles.
    """

    lower: Floats
    upper: Floats
    group: Ints
    possible: Bools
    n_searched: int


def attack(lattice: Lattice, lower: Floats, upper: Floats, asked: Bools) -> Ends:
    """Return the exact ends of some cells.

    Parameters
    ----------
    lattice : Lattice
        Cells and relations.
    lower, upper : array of float64, shape (n,)
        What is known of each cell.
    asked : array of bool, shape (n,)
        The cells whose ends are wanted.
    """
    relations, stated = lattice.relations, (lower, upper)
    group = components(relations, lower < upper)
    found = propagate(relations, lower, upper)
    lower, upper = found.lower, found.upper
    possible = _outside(group, found.broken)
    open_ = (lower < upper) & possible
    inner = components(relations, open_)
    circles = _circles(relations, inner) if found.settled else np.unique(inner[open_])
    wanted = np.unique(inner[asked & open_ & np.isin(inner, circles)])
    known: dict[bytes, tuple[bool, Floats, Floats]] = {}
    for cells in _groups(inner, wanted):
        part = _Part.of(lattice, cells, lower, upper, asked[cells])
        key = part.key
        if key not in known:
            known[key] = (part.solve(), part.lower, part.upper)
        fits, lower[cells], upper[cells] = known[key]
        if not fits:
            possible &= group != group[cells[0]]
    lower, upper = np.where(possible, lower, stated[0]), np.where(possible, upper, stated[1])
    return Ends(lower=lower, upper=upper, group=group, possible=possible, n_searched=len(wanted))


def components(relations: Relations, open_: Bools) -> Ints:
    """Return a number for each open cell, the same for all that relations tie together."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n, m = len(open_), len(relations)
    tied = open_[relations.cell]
    ends = (relations.cell[tied], relations.relation[tied] + n)
    graph = coo_array((np.ones(int(tied.sum()), np.int8), ends), shape=(n + m, n + m))
    _, labels = connected_components(graph, directed=False)
    return np.where(open_, labels[:n], -1)


def _outside(group: Ints, broken: Bools) -> Bools:
    """Which cells are in no group with a cell that is broken."""
    return ~broken & ~np.isin(group, np.setdiff1d(group[broken], [-1]))


def _groups(group: Ints, wanted: Ints) -> Iterator[Ints]:
    """The cells of each of some groups."""
    order = np.argsort(group, kind="stable")
    left, right = (np.searchsorted(group[order], wanted, side) for side in ("left", "right"))
    return (order[a:b] for a, b in zip(left, right, strict=True))


def _circles(relations: Relations, group: Ints) -> Ints:
    """The groups in which one can go round from cell to relation to cell."""
    size = int(group.max(initial=-1)) + 1
    tied = group[relations.cell] >= 0
    edges = np.bincount(group[relations.cell[tied]], minlength=size)
    cells = np.bincount(group[group >= 0], minlength=size)
    pairs = np.unique(relations.relation[tied], return_index=True)[1]
    owners = np.bincount(group[relations.cell[tied][pairs]], minlength=size)
    return np.flatnonzero(edges > cells + owners - 1)


@frozen(eq=False, kw_only=True, slots=False)
class _Part:
    """One group of open cells; the numbers that are known stand on the right of its relations."""

    lattice: Lattice
    cells: Ints
    lower: Floats
    upper: Floats
    asked: Bools
    matrix: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(
        cls, lattice: Lattice, cells: Ints, lower: Floats, upper: Floats, asked: Bools
    ) -> "_Part":
        relations = lattice.relations
        places = {cell: place for place, cell in enumerate(cells.tolist())}
        owned = relations.of(cells).tolist()
        matrix = np.zeros((len(owned), len(cells)))
        known = np.zeros(len(owned))
        for row, relation in enumerate(owned):
            for cell, sign in zip(*relations.terms(relation), strict=True):
                if int(cell) in places:
                    matrix[row, places[int(cell)]] = sign
                else:
                    known[row] += sign * lower[cell]
        return cls(
            lattice=lattice,
            cells=cells,
            lower=lower[cells],
            upper=upper[cells],
            asked=asked,
            matrix=matrix,
            low=relations.low[owned] - known,
            high=relations.high[owned] - known,
        )

    @property
    def key(self) -> bytes:
        """The same for all groups that are the same but for the names of their cells."""
        columns = (self.matrix, self.low, self.high, self.lower, self.upper, self.asked)
        return b"|".join(column.tobytes() for column in columns)

    def solve(self) -> bool:
        """Narrow the cells that are asked for to what is attained; False if no table fits."""
        low, high, fits = ~self.asked, ~self.asked, False
        for aim in self._aims(low, high):
            table = self._table(aim)
            if table is None:
                break
            fits = True
            low |= table == self.lower
            high |= table == self.upper
        if not fits and not self.system.is_possible:
            return False
        for place in np.flatnonzero(~low).tolist():
            self.lower[place] = -self._most(place, -1)
        for place in np.flatnonzero(~high).tolist():
            self.upper[place] = self._most(place, 1)
        return True

    def _aims(self, low: Bools, high: Bools) -> Iterator[Floats]:
        """Sums that are large where cells have ends that no table has had yet, while it helps."""
        finite = np.isfinite(self.upper)
        while True:
            before = int(low.sum() + high.sum())
            yield np.where(high | ~finite, 0.0, 1.0)
            yield np.where(low, 0.0, -1.0)
            if int(low.sum() + high.sum()) == before or (low & high).all():
                return

    def _table(self, aim: Floats) -> Floats | None:
        """A whole table where a sum is large, as far as HiGHS finds one that fits exactly.

        The corner that a linear program finds is whole as a rule, and takes a third of the time.
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

    def _most(self, place: int, sign: int) -> float:
        """The most that a cell can be, or less the least, as the engine proves it."""
        aim = np.zeros(len(self.cells))
        aim[place] = sign
        table = self._table(aim)
        point = None if table is None else dict(enumerate(table.astype(int).tolist()))
        most = self.system.program.maximise({place: sign}, point)
        return np.inf if most.value is None else float(most.value)

    @cached_property
    def system(self) -> System:
        """The same for the engine that proves what it says."""
        names = [str(place) for place in range(len(self.cells))]
        ends = [
            Statement.between(f"cell {name}", Linear.sum([name]), int(low), _end(high))
            for name, low, high in zip(names, self.lower, self.upper, strict=True)
        ]
        sums = []
        for row, signs in enumerate(self.matrix.astype(int).tolist()):
            sum_ = Linear(zip(names, signs, strict=True))
            low, high = float(self.low[row]), float(self.high[row])
            sums.append(_statement(f"sum {row}", sum_, low, high))
        return System(names, [*ends, *sums])


def system_of(lattice: Lattice, lower: Floats, upper: Floats, cell: int) -> System:
    """Return what a cell is tied to as a system whose cells and statements have names to be read.

    The numbers that are known and stand in its relations are cells as well, so that a table that
    fits can be checked by hand.
    """
    relations, group = lattice.relations, components(lattice.relations, lower < upper)
    inside = np.flatnonzero(group == group[cell]) if group[cell] >= 0 else np.array([cell])
    owned = relations.of(inside).tolist()
    cells = {int(found) for owner in owned for found in relations.terms(owner)[0]}
    names = {place: lattice.label(place) for place in sorted(cells | set(inside.tolist()))}
    ends = [
        Statement.between(name, Linear.sum([name]), int(lower[place]), _end(upper[place]))
        for place, name in names.items()
        if lower[place] > 0 or np.isfinite(upper[place])
    ]
    sums = []
    for owner in owned:
        terms = zip(*relations.terms(owner), strict=True)
        sum_ = Linear([(names[int(place)], int(sign)) for place, sign in terms])
        low, high = float(relations.low[owner]), float(relations.high[owner])
        sums.append(_statement(lattice.says(owner), sum_, low, high))
    return System(names.values(), [*ends, *sums])


def _statement(name: str, sum_: Linear, low: float, high: float) -> Statement:
    rows = [] if np.isinf(low) else [Inequality(-sum_, -int(low))]
    rows += [] if np.isinf(high) else [Inequality(sum_, int(high))]
    return Statement(name, rows)


def _end(value: float) -> int | None:
    return None if np.isinf(value) else int(value)
