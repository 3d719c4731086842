"""Rankings: members in order of a count, and the ranks that their counts allow."""

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Fractions, Ranges
from thbstats.display import Sheet, count
from thbstats.panel import Panel
from thbstats.panel.export import bounds_of
from thbstats.panel.text import panel_sheet
from thbstats.values import Interval

__all__ = ["Ranking", "ranks_of"]

Index = NDArray[np.intp]


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Ranking(Panel):
    """Counts in descending order, with the ranks that they allow.

    Parameters
    ----------
    best, worst : array of int, shape (n,)
        The best and the worst rank of each row within its group, from 1. Equal counts have the
        better rank.
    ordered : bool
        Whether the source gives the order, or only the members of the list.
    """

    best: Index
    worst: Index
    ordered: bool = True

    @property
    def ranks(self) -> tuple[Interval, ...]:
        """The best and the worst rank of each row as an interval."""
        return tuple(map(Interval, self.best.tolist(), self.worst.tolist()))

    def top(self, n: int) -> tuple[Any, ...]:
        """Return the members that can be among the first; ties can make them more than n.

        Parameters
        ----------
        n : int
            The worst of the first ranks.
        """
        return self._members(self.best <= n)

    def certain(self, n: int) -> tuple[Any, ...]:
        """Return the members that are among the first for every completion of the counts.

        Parameters
        ----------
        n : int
            The worst of the first ranks.
        """
        return self._members(self.worst <= n)

    def _members(self, chosen: NDArray[np.bool_]) -> tuple[Any, ...]:
        """Return labels, or keys where the panel has several rankings."""
        names = self.labels if len(self.keys) < 2 else self.names
        return tuple(names[row] for row in np.flatnonzero(chosen).tolist())

    def _taken(self, rows: Index) -> dict[str, Any]:
        return {"best": self.best[rows], "worst": self.worst[rows]}

    def further_columns(self) -> dict[str, Any]:
        """Return the columns ``rank_best`` and ``rank_worst``."""
        return {"rank_best": self.best, "rank_worst": self.worst}

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and their ranks as plain data."""
        ranks = [bounds_of(rank) for rank in self.ranks]
        return super().to_dict() | {"ranks": ranks, "ordered": self.ordered}

    def sheet(self) -> Sheet:
        """Return the numbers as a sheet, each with its ranks."""
        found = panel_sheet(self, first={"rank": [count(rank) for rank in self.ranks]})
        listed = () if self.ordered else ("The source lists them without an order.",)
        return evolve(found, notes=[*listed, *found.notes])


def ranks_of(numbers: Fractions | Ranges, group: Index | None = None) -> tuple[Index, Index]:
    """Return the best and the worst rank of counts within groups."""
    lower, upper = (np.asarray(side, dtype=np.float64) for side in (numbers.lower, numbers.upper))
    lower = np.where(np.isnan(lower), 0, lower)
    upper = np.where(np.isnan(upper), np.inf, upper)
    size = len(lower)
    groups = np.zeros(size, dtype=np.intp) if group is None else group
    # Values as integers in their order, so that group and value make one key.
    values, places = np.unique(np.concatenate([lower, upper]), return_inverse=True)
    places = np.asarray(places).reshape(2, size) + groups * len(values)
    least, most = np.sort(places[0]), np.sort(places[1])
    ends = np.searchsorted(least, (groups + 1) * len(values))
    best = 1 + ends - np.searchsorted(least, places[1], side="right")
    above = ends - np.searchsorted(most, places[0], side="right")
    # A count is not above itself, however wide it is.
    return best, 1 + above - (upper > lower)
