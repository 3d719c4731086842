"""Who could learn what from a table in which some counts are hidden, and from which of the rest."""

from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.disclosure._attack import attack
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.primaries import Primary

__all__ = ["Attacker", "Breach", "Draft"]

_SMALL = 1e-9

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@frozen
class Attacker:
    """Somebody who adds and subtracts, and who may know some hidden counts beforehand.

    Parameters
    ----------
    name : str
        Who it is.
    knows : frozenset of int
        The rows that they know; none for somebody from outside.
    """

    name: str
    knows: frozenset[int] = frozenset()


@frozen
class Breach:
    """A count to be protected that an attacker can tell too closely."""

    row: int
    attacker: Attacker


@frozen(kw_only=True, eq=False, slots=False)
class Draft:
    """A table of which is to be decided what it hides.

    Parameters
    ----------
    lattice : Lattice
        The cells and relations of the table, with the counts themselves.
    primary : Primary
        What is hidden for itself.
    open : array of bool, shape (r,)
        Which further rows may be hidden.
    width : int or None
        From least to most, how wide each primary row must stay for somebody from outside; as
        wide as can be where it is ``None``.
    attackers : tuple of Attacker
        The first is somebody from outside.
    """

    lattice: Lattice
    primary: Primary
    open: Bools
    width: int | None
    attackers: tuple[Attacker, ...]

    @cached_property
    def _printed(self) -> tuple[Floats, Floats]:
        """What each row is known to be where it is hidden."""
        counts = [self.primary.printed(row) for row in range(self.lattice.n_rows)]
        lower = np.array([count.lower for count in counts], dtype=np.float64)
        upper = np.array([np.inf if c.upper is None else c.upper for c in counts])
        return lower, upper

    @cached_property
    def _places(self) -> dict[tuple[str, ...], int]:
        return {key: place for place, key in enumerate(self.lattice.keys)}

    def needed(self, attacker: Attacker) -> Floats:
        """How wide each row must stay: those who know a part must not learn the rest exactly.

        "<n" beside a whole that is "<n" too is narrower than by itself: what cannot be is not
        asked for, unless a width was.
        """
        if not attacker.knows:
            asked = np.full(self.lattice.n_rows, self.width, dtype=np.float64)
            return self._widest[attacker] if self.width is None else asked
        return np.minimum(np.minimum(self.needed(self.attackers[0]), 1.0), self._widest[attacker])

    @property
    def keeps(self) -> bool:
        """Whether rows must be published that could be hidden."""
        return bool((self.primary.hideable & ~self.open).any())

    @cached_property
    def _widest(self) -> dict[Attacker, Floats]:
        """How wide each primary row is for each attacker where all is hidden but zeros."""
        every = self.primary.hideable
        every[self.primary.rows] = True
        return {attacker: self.widths(every, attacker) for attacker in self.attackers}

    def known(self, hidden: Bools, attacker: Attacker) -> tuple[Floats, Floats]:
        """What an attacker knows of each cell before adding and subtracting."""
        lower, upper = self.lattice.lower.copy(), self.lattice.upper.copy()
        unknown = hidden.copy()
        unknown[list(attacker.knows)] = False
        at = np.flatnonzero(unknown)
        lower[at], upper[at] = self._printed[0][at], self._printed[1][at]
        return lower, upper

    def widths(self, hidden: Bools, attacker: Attacker) -> Floats:
        """How wide each primary row stays that the attacker does not know; 0 for all others."""
        rows = [row for row in self.primary.rows.tolist() if row not in attacker.knows]
        asked = np.zeros(len(self.lattice.keys), dtype=np.bool_)
        asked[rows] = True
        ends = attack(self.lattice, *self.known(hidden, attacker), asked)
        found = np.zeros(self.lattice.n_rows)
        found[rows] = (ends.upper - ends.lower)[rows]
        return found

    def breaches(self, hidden: Bools) -> Iterator[Breach]:
        """Yield the primary rows that somebody can tell too closely."""
        for attacker in self.attackers:
            needed = self.needed(attacker)
            widths = self.widths(hidden, attacker)
            for row in self.primary.rows.tolist():
                if row not in attacker.knows and widths[row] < needed[row]:
                    yield Breach(row, attacker)

    def exposing(self, hidden: Bools, breach: Breach, cost: Floats) -> tuple[int, ...] | None:
        """Return published rows that alone cause a breach, none of which could be spared.

        Parameters
        ----------
        hidden : array of bool, shape (r,)
            The rows that are hidden.
        breach : Breach
            What is told, and to whom.
        cost : array of float64, shape (r,)
            What hiding each row costs; dear ones are kept in the set where there is a choice.

        Returns
        -------
        tuple of int or None
            Rows that may be hidden, empty where nothing can be done; ``None`` if nothing is told.
        """
        near, cells = self._around(hidden, breach)
        if near is None:
            return None
        rows = cells[cells < self.lattice.n_rows]
        every = {r for r in rows.tolist() if self.open[r] and not hidden[r]}
        used = every & self._used(near, cells, hidden, breach)
        kept = used if self._tells(near, cells, used, breach) else every
        kept -= breach.attacker.knows
        for row in sorted(kept, key=lambda row: (cost[row], row)):
            if self._tells(near, cells, kept - {row}, breach):
                kept.remove(row)
        return tuple(sorted(kept))

    def _used(
        self, near: Lattice, cells: NDArray[np.intp], hidden: Bools, breach: Breach
    ) -> set[int]:
        """The rows whose counts a linear program needs to prove the ends, as far as it says."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        lower, upper = self.known(hidden, breach.attacker)
        relations = near.relations
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

    def _around(self, hidden: Bools, breach: Breach) -> tuple[Lattice | None, NDArray[np.intp]]:
        """As few relations as suffice for a breach, and their cells in the whole lattice."""
        published = set(np.flatnonzero(self.open & ~hidden).tolist())
        radius, size = 1, -1
        while True:
            near = self.lattice.around(breach.row, radius)
            cells = np.array([self._places[key] for key in near.keys], dtype=np.intp)
            if self._tells(near, cells, published, breach):
                return near, cells
            if len(near.relations) == size:
                return None, cells
            radius, size = radius + 1, len(near.relations)

    def _tells(
        self, near: Lattice, cells: NDArray[np.intp], published: Iterable[int], breach: Breach
    ) -> bool:
        """Whether some relations tell a row, if of all rows that may be hidden some are not."""
        hidden = self.open.copy()
        hidden[list(published)] = False
        hidden[self.primary.rows] = True
        lower, upper = self.known(hidden, breach.attacker)
        asked = np.arange(len(cells)) == 0
        ends = attack(near, lower[cells], upper[cells], asked)
        width = ends.upper[0] - ends.lower[0]
        return bool(width < self.needed(breach.attacker)[breach.row])
