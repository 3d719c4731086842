"""A table to publish, with its suppressed rows and an attack on it."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.disclosure._exposing import Draft
from thbstats.disclosure._truth import published
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.attacking import exposed
from thbstats.disclosure.confidential import Confidential
from thbstats.disclosure.exposed_cells import ExposedCells
from thbstats.disclosure.primaries import Primary
from thbstats.display import Column, Displayable, DisplayTable, count, percent
from thbstats.tables import CountTable
from thbstats.values import Interval, Reason

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Protection"]


@frozen(kw_only=True, eq=False, repr=False)
class Protection(Displayable):
    """A table to publish, its suppressed rows, and the attack on it.

    ``str``, ``repr``, HTML, `sheet`, `to_frame` and `to_dict` follow from `table` alone, so that
    they may be published with it. The counts before publication, and every figure that would undo
    the protection, are in `confidential` and in the attributes. A pickle contains all of them.

    Parameters
    ----------
    table : CountTable
        The table to publish.
    primary : Primary
        The rows of primary suppression with their causes, and the table before publication.
    further : array of int, shape (k,)
        The rows of secondary suppression. Confidential, as are all parameters below but
        `attacked` and `insiders`.
    least : {"count", "cells"}
        The quantity that was minimised.
    cost : int
        The sum, or the number, of the counts of secondary suppression.
    bound : int
        A lower bound on the cost of any choice, as a solver in floating point proves it.
    attacked : ExposedCells
        An outside attacker's bounds in the table to publish.
    attackers : tuple of str
        The attackers that were considered; their names tell who is alone in a cell.
    insiders : bool
        Whether attackers who know a suppressed count were considered.
    need : array of float64, shape (p,)
        The protection level of each primary count: upper less lower bound.
    inside : array of float64, shape (p,)
        Upper less lower bound for the attacker who knows most; ``inf`` without an insider.
    is_safe : bool
        Whether each primary count keeps its protection level, for every attacker considered.
    """

    table: CountTable
    primary: Primary
    further: NDArray[np.intp]
    least: Literal["count", "cells"]
    cost: int
    bound: int
    attacked: ExposedCells
    attackers: tuple[str, ...]
    insiders: bool
    need: NDArray[np.float64]
    inside: NDArray[np.float64]
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
        insiders: bool,
    ) -> "Protection":
        """Return the table with some rows suppressed, attacked once more."""
        rows = draft.primary.rows
        further = np.setdiff1d(np.flatnonzero(hidden), rows)
        printed = _published(draft.primary, np.flatnonzero(hidden))
        inside = np.full(len(rows), np.inf)
        for attacker in draft.attackers[1:]:
            widths = draft.widths(hidden, attacker)[rows]
            mine = np.isin(rows, list(attacker.knows))
            inside = np.where(mine, inside, np.minimum(inside, widths))
        need, attacked = draft.needed(draft.attackers[0])[rows], exposed(printed, assumptions)
        widths = (attacked.ends.upper - attacked.ends.lower)[rows]
        return cls(
            table=printed,
            primary=draft.primary,
            further=further,
            least=least,
            cost=int(cost[further].sum()),
            bound=bound,
            attacked=attacked,
            attackers=tuple(attacker.name for attacker in draft.attackers),
            insiders=insiders,
            need=need,
            inside=inside,
            is_safe=bool((widths >= need).all()) and not any(draft.breaches(hidden)),
        )

    @property
    def hidden(self) -> NDArray[np.intp]:
        """All suppressed rows."""
        return np.union1d(self.primary.rows, self.further)

    @property
    def total_hidden(self) -> int:
        """The sum of all suppressed counts. Confidential."""
        return int(self.primary.table.lower[self.hidden].sum())

    @property
    def is_cheapest(self) -> bool:
        """Whether no other choice costs less, as far as a solver in floating point can tell."""
        return self.cost <= self.bound

    def to_frame(self) -> "pd.DataFrame":
        """Return the suppressed rows as a tidy frame, with an outside attacker's bounds."""
        return self.attacked.to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Return the suppressed rows and the attack as plain data that JSON can hold."""
        return {
            "suppressed": self.hidden.tolist(),
            "insiders": self.insiders,
            "is_safe": self.is_safe,
            "attacked": self.attacked.to_dict(),
        }

    def display_table(self) -> DisplayTable:
        """Return the suppressed rows, as printed and with an outside attacker's bounds."""
        level = "every protection level holds" if self.is_safe else "a protection level is missed"
        insiders = " and insiders who know a suppressed count" if self.insiders else ""
        return DisplayTable(
            caption="Suppressed rows",
            columns=["cell", Column("printed", "right"), Column("attacker's bounds", "right")],
            rows=[self._cells(place) for place in range(len(self.attacked))],
            notes=[
                f"{count(len(self.hidden))} of {count(len(self.table))} rows are suppressed.",
                f"Attacked by outsiders{insiders}: {level}.",
                *(f"Assumed: {text}." for text in self.attacked.assumed),
            ],
        )

    def _cells(self, place: int) -> list[str]:
        row, upper = int(self.attacked.rows[place]), self.attacked.upper[place]
        told = Interval(int(self.attacked.lower[place]), None if np.isinf(upper) else int(upper))
        printed = self.table.record(row).count
        few = printed.reason is Reason.FEWER_THAN and printed.upper is not None
        mark = f"<{count((printed.upper or 0) + 1)}" if few else "[c]"
        return [self.attacked.lattice.label(row), mark, count(told)]

    @property
    def confidential(self) -> Confidential:
        """The suppressed counts, their causes and costs, as text, frame and plain data."""
        rows = self.attacked.rows
        numbers = self.primary.table.lower[rows]
        causes = [self.primary.causes.get(row) for row in rows.tolist()]
        inside = dict(zip(self.primary.rows.tolist(), self.inside.tolist(), strict=True))
        what = {"count": "sum", "cells": "number"}[self.least]
        price = f"The {what} of the secondary counts is {count(self.cost)}"
        if self.is_cheapest:
            price += "; no other choice has a smaller one, as far as a solver can tell."
        else:
            spare = percent(Fraction(self.cost - self.bound, self.cost))
            price += f"; no choice is below {count(self.bound)}, so up to {spare} might be spared."
        return Confidential(
            content=DisplayTable(
                caption="Suppressed counts",
                columns=[
                    "cell",
                    Column("printed", "right"),
                    Column("attacker's bounds", "right"),
                    Column("count", "right"),
                    "cause",
                ],
                rows=[
                    [
                        *self._cells(place),
                        count(number),
                        "secondary suppression" if cause is None else cause.label,
                    ]
                    for place, (number, cause) in enumerate(
                        zip(numbers.tolist(), causes, strict=True)
                    )
                ],
                notes=[
                    f"{count(len(self.primary.rows))} primary and {count(len(self.further))} "
                    f"secondary counts; their sum is {count(self.total_hidden)}.",
                    price,
                    f"Attackers: {'; '.join(self.attackers)}.",
                ],
            ),
            rows=self.to_frame().assign(
                count=numbers,
                role=["further" if cause is None else "primary" for cause in causes],
                width_inside=[inside.get(row, np.inf) for row in rows.tolist()],
            ),
            values={
                "primary": self.primary.to_dict(),
                "further": self.further.tolist(),
                "total_hidden": self.total_hidden,
                "least": self.least,
                "cost": self.cost,
                "bound": self.bound,
                "attackers": list(self.attackers),
            },
        )

    def __repr__(self) -> str:
        return (
            f"<Protection {len(self.hidden)} of {len(self.table)} rows suppressed; "
            f"{'safe' if self.is_safe else 'not safe'}>"
        )


def _published(primary: Primary, hidden: NDArray[np.intp]) -> CountTable:
    table = primary.table
    lower, above, reason = table.lower.copy(), table.upper.copy(), np.array(table.reason)
    for row in hidden.tolist():
        printed = primary.printed(row)
        lower[row] = printed.lower
        above[row] = np.inf if printed.upper is None else printed.upper
        reason[row] = printed.reason.severity
    return published(table, lower=lower, above=above, reason=reason)
