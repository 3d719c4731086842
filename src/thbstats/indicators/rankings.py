"""Rankings: members in the order of a count, with the ranks that each can have."""

from typing import Any, Self

import numpy as np
from attrs import evolve, fields, frozen
from numpy.typing import NDArray

from thbstats.columns import Ranges
from thbstats.display import Sheet, count
from thbstats.panel import Panel
from thbstats.panel.export import bounds_of
from thbstats.panel.text import panel_sheet

__all__ = ["Ranking"]


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Ranking(Panel):
    """Members in the order of a count, with the ranks that each can have.

    Parameters
    ----------
    ranks : Ranges
        For each row the best and the worst rank that its count allows; members with equal counts
        share the better rank.
    ordered : bool
        Whether the source gives the order within the list, or only its members.
    """

    ranks: Ranges
    ordered: bool = True

    @classmethod
    def of_panel(cls, panel: Panel, *, ranks: Ranges, ordered: bool = True) -> Self:
        """Return the ranking of the rows of a panel.

        Parameters
        ----------
        panel : Panel
            The counts.
        ranks : Ranges
            Their ranks.
        ordered : bool
            Whether the source gives the order.
        """
        columns = {each.name: getattr(panel, each.name) for each in fields(Panel)}
        return cls(**columns, ranks=ranks, ordered=ordered)

    def _taken(self, rows: NDArray[np.intp]) -> dict[str, Any]:
        return {"ranks": self.ranks[rows]}

    def top(self, n: int) -> tuple[str, ...]:
        """Return the labels whose best rank is at most n; ties can make it more than n.

        Parameters
        ----------
        n : int
            The rank.
        """
        return self.take(self.ranks.lower <= n).labels

    def certain(self, n: int) -> tuple[str, ...]:
        """Return the labels whose worst rank is at most n.

        Parameters
        ----------
        n : int
            The rank.
        """
        return self.take(self.ranks.upper <= n).labels

    def further_columns(self) -> dict[str, Any]:
        """Return the best and the worst rank as columns."""
        return {"rank_lower": self.ranks.lower, "rank_upper": self.ranks.upper}

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and their ranks as plain data for JSON."""
        ranks = [bounds_of(rank) for rank in self.ranks.intervals()]
        return super().to_dict() | {"ranks": ranks, "ordered": self.ordered}

    def sheet(self) -> Sheet:
        """Return the numbers as a sheet, each after its rank."""
        ranks = [count(rank) for rank in self.ranks.intervals()]
        found = panel_sheet(self, first={"rank": ranks})
        notes = () if self.ordered else ("The source lists them without an order.",)
        return evolve(found, notes=[*notes, *found.notes])
