"""Result of cell suppression."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats._signatures import short_signature
from thbstats.disclosure._suppression_problem import SuppressionProblem
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.audit import DisclosureAudit, audit_table
from thbstats.disclosure.primary import (
    Confidential,
    PrimarySuppression,
    with_numbers,
)
from thbstats.display import Column, DisplayTable, Tabular, count, percent
from thbstats.tables import CountTable
from thbstats.values import Reason

if TYPE_CHECKING:
    import pandas as pd


_NUMBERS = (Column("published", "right"), Column("attacker's bounds", "right"))


@short_signature
@frozen(kw_only=True, eq=False, repr=False)
class SuppressedTable(Tabular):
    """Table to publish, with its suppressed cells and its disclosure audit.

    ``str``, ``repr``, HTML, `display_table`, `to_frame` and `to_dict` depend on `table` alone, so
    that they may be published with it. The counts before suppression, and all figures that reveal
    them, are in `confidential` and in the attributes. A pickle contains all of them.

    Parameters
    ----------
    table : CountTable
        The table to publish.
    primary : PrimarySuppression
        The primary suppression with its causes, and the table before suppression.
    secondary : array of int, shape (k,)
        The rows of secondary suppression. Confidential, as are all parameters below except
        `audit` and `protect_contributors`.
    minimise : {"count", "cells"}
        The quantity that was minimised.
    cost : int
        The sum or the number of the counts of secondary suppression.
    bound : int
        A lower bound on the cost of any choice, in floating point.
    audit : DisclosureAudit
        The bounds of an outside attacker.
    attackers : tuple of str
        The attackers; the names show who is alone in a cell.
    protect_contributors : bool
        Whether attackers who know a suppressed count were considered.
    required_widths : array of float64, shape (p,)
        The protection level of each primary cell.
    insider_widths : array of float64, shape (p,)
        The narrowest bounds of an insider for each primary cell; ``inf`` without an insider.
    is_safe : bool
        Whether each primary cell has its protection level against each attacker.
    """

    table: CountTable
    primary: PrimarySuppression
    secondary: NDArray[np.intp]
    minimise: Literal["count", "cells"]
    cost: int
    bound: int
    audit: DisclosureAudit
    attackers: tuple[str, ...]
    protect_contributors: bool
    required_widths: NDArray[np.float64]
    insider_widths: NDArray[np.float64]
    is_safe: bool

    @classmethod
    def of(
        cls,
        problem: SuppressionProblem,
        assumptions: Assumptions,
        suppressed: NDArray[np.bool_],
        *,
        cost: NDArray[np.float64],
        bound: int,
        minimise: Literal["count", "cells"],
        protect_contributors: bool,
    ) -> "SuppressedTable":
        """Return the table with some rows suppressed, and audit it."""
        rows = problem.primary.rows
        secondary = np.setdiff1d(np.flatnonzero(suppressed), rows)
        primary = problem.primary
        table = with_numbers(primary.table, primary._published_numbers(suppressed))
        insider_widths = np.full(len(rows), np.inf)
        for attacker in problem.attackers[1:]:
            others = ~np.isin(rows, list(attacker.known_rows))
            widths = problem.widths(suppressed, attacker)[rows]
            insider_widths[others] = np.minimum(insider_widths, widths)[others]
        required = problem.required_widths(problem.attackers[0])[rows]
        audit = audit_table(table, assumptions)
        widths = (audit.attacker_bounds.upper - audit.attacker_bounds.lower)[rows]
        return cls(
            table=table,
            primary=problem.primary,
            secondary=secondary,
            minimise=minimise,
            cost=int(cost[secondary].sum()),
            bound=bound,
            audit=audit,
            attackers=tuple(attacker.name for attacker in problem.attackers),
            protect_contributors=protect_contributors,
            required_widths=required,
            insider_widths=insider_widths,
            is_safe=bool((widths >= required).all()) and not any(problem.breaches(suppressed)),
        )

    @property
    def suppressed(self) -> NDArray[np.intp]:
        """All suppressed rows."""
        return np.union1d(self.primary.rows, self.secondary)

    @property
    def suppressed_total(self) -> int:
        """The sum of the lower bounds of suppressed counts. Confidential."""
        return int(self.primary.table.lower[self.suppressed].sum())

    @property
    def is_optimal(self) -> bool:
        """Whether no other choice costs less, in floating point."""
        return self.cost <= self.bound

    def to_frame(self) -> "pd.DataFrame":
        """Return the suppressed rows as a tidy frame with attacker's bounds."""
        return self.audit.to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Return the suppressed rows and the audit as plain data for JSON."""
        return {
            "suppressed": self.suppressed.tolist(),
            "protect_contributors": self.protect_contributors,
            "is_safe": self.is_safe,
            "audit": self.audit.to_dict(),
        }

    def display_table(self) -> DisplayTable:
        """Return the suppressed rows with attacker's bounds as a table."""
        insiders = " and insiders who know a suppressed count" if self.protect_contributors else ""
        every = "every" if self.is_safe else "not every"
        return DisplayTable(
            caption="Suppressed cells",
            columns=["cell", *_NUMBERS],
            rows=self._rows(),
            notes=[
                f"{count(len(self.suppressed))} of {count(len(self.table))} rows are suppressed.",
                f"Outside attackers{insiders}: {every} suppressed cell has its protection level.",
                *(f"Assumed: {text}." for text in self.audit.assumed),
            ],
        )

    def _rows(self) -> list[list[str]]:
        """Return the label, the published form and the attacker's bounds of each cell."""
        rows = []
        for row, label, _, attacker in self.audit._cells(range(len(self.audit))):
            published = self.table.record(row).count
            few = published.reason is Reason.FEWER_THAN and published.upper is not None
            mark = f"<{count((published.upper or 0) + 1)}" if few else "[c]"
            rows.append([label, mark, count(attacker)])
        return rows

    @property
    def confidential(self) -> Confidential:
        """The suppressed counts, their causes and costs, as text, frame and plain data."""
        rows = self.audit.rows
        table = self.primary.table
        causes = [self.primary.causes.get(row) for row in rows.tolist()]
        widths = dict(zip(self.primary.rows.tolist(), self.insider_widths.tolist(), strict=True))
        quantity = {"count": "sum", "cells": "number"}[self.minimise]
        if self.is_optimal:
            quality = "no other choice has a smaller one, in floating point"
        elif not self.bound:
            quality = "the minimum is not known"
        else:
            gap = percent(Fraction(self.cost - self.bound, self.cost))
            quality = f"the minimum is at least {count(self.bound)}, a difference of at most {gap}"
        return Confidential(
            content=DisplayTable(
                caption="Suppressed counts",
                columns=["cell", *_NUMBERS, Column("count", "right"), "cause"],
                rows=[
                    [
                        *cells,
                        count(table.record(row).count.interval),
                        "secondary suppression" if cause is None else cause.label,
                    ]
                    for cells, row, cause in zip(self._rows(), rows.tolist(), causes, strict=True)
                ],
                notes=[
                    f"{count(len(self.primary.rows))} primary and {count(len(self.secondary))} "
                    f"secondary counts; their sum is {count(self.suppressed_total)}.",
                    f"The {quantity} of the secondary counts is {count(self.cost)}; {quality}.",
                    f"Attackers: {'; '.join(self.attackers)}.",
                ],
            ),
            rows=self.to_frame().assign(
                count=table.lower[rows],
                role=["secondary" if cause is None else "primary" for cause in causes],
                insider_width=[widths.get(row, np.inf) for row in rows.tolist()],
            ),
            values={
                "primary": self.primary.to_dict(),
                "secondary": self.secondary.tolist(),
                "suppressed_total": self.suppressed_total,
                "minimise": self.minimise,
                "cost": self.cost,
                "bound": self.bound,
                "attackers": list(self.attackers),
            },
        )

    def __repr__(self) -> str:
        return (
            f"<SuppressedTable {len(self.suppressed)} of {len(self.table)} rows suppressed; "
            f"{'safe' if self.is_safe else 'not safe'}>"
        )
