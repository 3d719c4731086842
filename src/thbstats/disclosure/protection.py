"""A table ready to be published: what it hides and why, and what an attack on it finds."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.disclosure._exposing import Draft
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.attacking import exposed
from thbstats.disclosure.exposed_cells import ExposedCells
from thbstats.disclosure.primaries import Primary
from thbstats.display import Cell, Column, Sheet, Shown, count, percent
from thbstats.tables import CountTable
from thbstats.tables.columns import Numbers
from thbstats.values import Count, Interval, Reason

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Protection"]


@frozen(kw_only=True, eq=False, repr=False)
class Protection(Shown):
    """What a table hides, the table to publish, and what an attack on it finds.

    Parameters
    ----------
    table : CountTable
        The table to publish.
    primary : Primary
        What is hidden for itself, and why; with the counts before publication.
    further : array of int, shape (k,)
        The rows that are hidden beside them.
    least : {"count", "cells"}
        What was to be as small as possible.
    cost : int
        The sum, or the number, of the counts that are hidden beside the primary ones.
    bound : int
        What no other choice could cost less than, as a solver in floating point proves.
    attacked : ExposedCells
        What anybody from outside can tell of the published table.
    attackers : tuple of str
        Who was reckoned with.
    need : array of float64, shape (p,)
        How far apart the least and the most of each primary count had to stay.
    inside : array of float64, shape (p,)
        How far apart they are for whoever knows most beforehand; ``inf`` where nobody does.
    is_safe : bool
        Whether each primary count stays as wide as it had to, for everybody reckoned with.
    """

    table: CountTable
    primary: Primary
    further: NDArray[np.intp]
    least: Literal["count", "cells"]
    cost: int
    bound: int
    attacked: ExposedCells
    attackers: tuple[str, ...]
    need: NDArray[np.float64] = field(repr=False)
    inside: NDArray[np.float64] = field(repr=False)
    is_safe: bool

    @classmethod
    def of(
        cls,
        draft: Draft,
        assumptions: Assumptions,
        hidden: NDArray[np.bool_],
        *,
        cost: NDArray[np.float64],
        bound: int,
        least: Literal["count", "cells"],
    ) -> "Protection":
        """Return what is published where some rows are hidden, attacked once more."""
        rows = draft.primary.rows
        further = np.setdiff1d(np.flatnonzero(hidden), rows)
        published = _published(draft.primary, np.flatnonzero(hidden))
        inside = np.full(len(rows), np.inf)
        for attacker in draft.attackers[1:]:
            widths = draft.widths(hidden, attacker)[rows]
            mine = np.isin(rows, list(attacker.knows))
            inside = np.where(mine, inside, np.minimum(inside, widths))
        need, attacked = draft.needed(draft.attackers[0])[rows], exposed(published, assumptions)
        widths = (attacked.ends.upper - attacked.ends.lower)[rows]
        return cls(
            table=published,
            primary=draft.primary,
            further=further,
            least=least,
            cost=int(cost[further].sum()),
            bound=bound,
            attacked=attacked,
            attackers=tuple(attacker.name for attacker in draft.attackers),
            need=need,
            inside=inside,
            is_safe=bool((widths >= need).all()) and not any(draft.breaches(hidden)),
        )

    @property
    def hidden(self) -> NDArray[np.intp]:
        """All rows that are hidden."""
        return np.union1d(self.primary.rows, self.further)

    @property
    def total_hidden(self) -> int:
        """The sum of all counts that are hidden."""
        return int(self.primary.table.lower[self.hidden].sum())

    @property
    def is_cheapest(self) -> bool:
        """Whether no other choice costs less, as far as a solver in floating point can tell."""
        return self.cost <= self.bound

    def to_frame(self) -> "pd.DataFrame":
        """Return the hidden rows as a tidy frame: count, role, how printed, and what is told."""
        import pandas as pd

        told = self.attacked.to_frame()
        rows = told["row"].to_numpy()
        primary, inside = self._of_primary(rows)
        return told.assign(
            count=self.primary.table.lower[rows],
            role=np.where(primary, "primary", "further"),
            width_inside=pd.Series(inside).astype(float),
        )

    def _of_primary(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        found = np.isin(rows, self.primary.rows)
        inside = np.full(len(rows), np.inf)
        inside[found] = self.inside[np.searchsorted(self.primary.rows, rows[found])]
        return found, inside

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data that JSON can hold."""
        return {
            "primary": self.primary.to_dict(),
            "further": self.further.tolist(),
            "total_hidden": self.total_hidden,
            "least": self.least,
            "cost": self.cost,
            "bound": self.bound,
            "is_safe": self.is_safe,
            "attackers": list(self.attackers),
            "attacked": self.attacked.to_dict(),
        }

    def sheet(self) -> Sheet:
        """Return the hidden rows, how they are printed and what an attack tells of them."""
        rows: list[list[Cell | str]] = []
        for place, row in enumerate(self.attacked.rows.tolist()):
            mine = row in self.primary.causes
            told = Interval(int(self.attacked.lower[place]), _end(self.attacked.upper[place]))
            rows.append(
                [
                    self.attacked.lattice.label(row),
                    count(int(self.primary.table.lower[row])),
                    _printed(self.table.record(row).count),
                    Cell(count(told), tone="good" if mine else "muted"),
                    self.primary.causes[row].label if mine else "so that others stay hidden",
                ]
            )
        return Sheet(
            caption="What the table hides",
            columns=[
                "cell",
                Column("count", "right"),
                Column("printed", "right"),
                Column("can be told", "right"),
                "because",
            ],
            rows=rows,
            notes=[*self._notes(), *(f"Assumed: {text}." for text in self.attacked.assumed)],
        )

    def _notes(self) -> Iterator[str]:
        yield (
            f"{count(len(self.hidden))} of {count(len(self.table))} rows are hidden, "
            f"{count(len(self.further))} of them for the sake of others; together they count "
            f"{count(self.total_hidden)}."
        )
        what = {"count": "sum", "cells": "number"}[self.least]
        if self.is_cheapest:
            yield (
                f"No choice of further rows has a smaller {what} than {count(self.cost)}, as far "
                "as a solver in floating point can tell."
            )
        else:
            gap = percent(Fraction(self.cost - self.bound, self.cost))
            yield (
                f"The {what} of the further rows is {count(self.cost)}; no choice is below "
                f"{count(self.bound)}, so that {gap} of it might be spared."
            )
        others = len(self.attackers) - 1
        if len(self.further):
            yield "[c] hidden so that others stay hidden."
        yield (
            "Attacked by anybody from outside"
            + (f", and by whoever knows a hidden count already ({count(others)})" if others else "")
            + f": {'each' if self.is_safe else 'not each'} count stays as wide as asked for."
        )

    def __repr__(self) -> str:
        gap = "cheapest" if self.is_cheapest else f"cost {self.cost}, at least {self.bound}"
        return (
            f"<Protection {len(self.hidden)} of {len(self.table)} rows hidden: "
            f"{len(self.primary.rows)} primary, {len(self.further)} more; {gap}>"
        )


def _published(primary: Primary, hidden: NDArray[np.intp]) -> CountTable:
    columns, table = primary.table.columns, primary.table
    lower, above = table.lower.copy(), table.upper.copy()
    reason = np.array(table.reason)
    for row in hidden.tolist():
        printed = primary.printed(row)
        lower[row] = printed.lower
        above[row] = np.inf if printed.upper is None else printed.upper
        reason[row] = printed.reason.gravity
    # Without `unanswered`, which would be a further count to protect.
    numbers = Numbers(lower=lower, above=above, reason=reason, flags=columns.numbers.flags)
    return CountTable(evolve(columns, numbers=numbers))


def _printed(number: Count) -> str:
    """How a hidden count is printed; that "<n" is no 0 stands in the rules."""
    few = number.reason is Reason.FEWER_THAN and number.upper is not None
    return f"<{count((number.upper or 0) + 1)}" if few else "[c]"


def _end(value: float) -> int | None:
    return None if np.isinf(value) else int(value)
