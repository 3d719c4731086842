"""Result of cell suppression."""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.audit import DisclosureAudit, audit_table
from thbstats.disclosure.lattice import CellLabels
from thbstats.disclosure.primary import Confidential, Marks, PrimarySuppression
from thbstats.display import Column, DisplayTable, Tabular, count
from thbstats.tables import CountTable
from thbstats.values import Interval, Reason

if TYPE_CHECKING:
    import pandas as pd


_MAX_ROWS = 100


@frozen
class Exposure:
    """Primary count that an insider can derive even if all cells are suppressed.

    Parameters
    ----------
    row : int
        The row of the count.
    insider : str
        The person or contributor who knows a suppressed count.
    """

    row: int
    insider: str


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class SuppressedTable(Tabular):
    """Table to publish, with its suppressed cells.

    ``str``, ``repr``, HTML, `display_table`, `to_frame`, `to_dict` and `audit` depend on `table`
    and on the arguments alone, so that they may be published with it. The counts before
    suppression, and all figures that reveal them, are in `confidential` and in the attributes. A
    pickle contains all of them.

    Parameters
    ----------
    table : CountTable
        The table to publish.
    assumptions : Assumptions
        The assumptions of the attacker.
    primary : PrimarySuppression
        The primary suppression with its causes, and the table before suppression.
    secondary : array of int, shape (k,)
        The rows of secondary suppression. Confidential, as are `cost`, `linked_cost`,
        `cost_bound`, `extra_cost`, `unmet`, `exposures` and `is_safe`.
    marks : {1, 2}
        The number of marks for suppressed cells.
    minimise : {"count", "cells"}
        The quantity that was minimised.
    cost : int
        The sum or the number of the counts of secondary suppression.
    linked_cost : int
        The cost in all linked tables.
    cost_bound : int
        A lower bound of the cost of every safe choice, in all linked tables. The cheapest choice
        can cost more.
    extra_cost : int or None
        The part of the cost that the second mark causes, in all linked tables; ``None`` with one
        mark and after an interruption.
    protect_contributors : bool
        Whether insiders, who know a suppressed count, were considered.
    linked : int
        The number of tables that were protected together, with earlier releases.
    unmet : tuple of int
        The primary rows with a narrower interval than required, because published counts narrow
        them even if all cells are suppressed.
    exposures : tuple of Exposure
        The primary counts that an insider can derive even if all cells are suppressed.
    """

    table: CountTable
    assumptions: Assumptions
    primary: PrimarySuppression
    secondary: NDArray[np.intp]
    marks: Marks
    minimise: Literal["count", "cells"]
    cost: int
    linked_cost: int
    cost_bound: int
    extra_cost: int | None
    protect_contributors: bool
    linked: int
    unmet: tuple[int, ...]
    exposures: tuple[Exposure, ...]

    @property
    def is_safe(self) -> bool:
        """Whether each primary cell has the required interval for all attackers."""
        return not self.unmet and not self.exposures

    @cached_property
    def audit(self) -> DisclosureAudit:
        """The exact bounds of an outside attacker; slow for many suppressed cells.

        They may be narrower than the published interval: a cell is protected if the bounds contain
        its protection interval.
        """
        return audit_table(self.table, self.assumptions)

    @property
    def suppressed(self) -> NDArray[np.intp]:
        """All suppressed rows."""
        return np.union1d(self.primary.rows, self.secondary)

    @property
    def suppressed_total(self) -> Interval:
        """The sum of the suppressed counts. Confidential."""
        rows, table = self.suppressed, self.primary.table
        upper = table.upper[rows].sum()
        return Interval(int(table.lower[rows].sum()), None if np.isinf(upper) else int(upper))

    @property
    def assumed(self) -> tuple[str, ...]:
        """The assumptions of the protection, as sentences."""
        together = "the same cases are not published in other tables"
        if self.linked > 1:
            together = f"{self.linked} tables of the same cases were protected together, and no "
            together += "further table of them is published"
        texts = [*self.assumptions.texts(self.assumptions.related(self.table)), together]
        if self.marks == 1 and not self.primary.rules.zeros:
            texts.append("readers do not use that counts of 0 are published")
        return tuple(texts)

    def to_frame(self) -> "pd.DataFrame":
        """Return the suppressed rows as a tidy frame with published bounds."""
        rows = self.suppressed
        frame = CountTable(self.table.columns.take(rows)).to_frame()
        return frame[[*self.table.columns.schema.names, "lower", "upper", "reason"]].assign(
            row=rows
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the suppressed rows and the assumptions as plain data for JSON."""
        return {
            "suppressed": self.suppressed.tolist(),
            "marks": self.marks,
            "protect_contributors": self.protect_contributors,
            "assumptions": list(self.assumed),
        }

    def display_table(self) -> DisplayTable:
        """Return the suppressed rows with their marks as a table."""
        rows = self.suppressed
        notes = [f"{count(len(rows))} of {count(len(self.table))} rows are suppressed."]
        notes += [f"to_frame() lists all {count(len(rows))} rows."] * (len(rows) > _MAX_ROWS)
        return DisplayTable(
            caption="Suppressed cells",
            columns=["cell", "published"],
            rows=self._rows(rows[:_MAX_ROWS]),
            notes=[
                *notes,
                *(f"Assumed: {text}." for text in self.assumed),
                "Published sums can narrow a cell. It is protected if all counts of its protection "
                "interval stay possible.",
            ],
        )

    def _rows(self, rows: NDArray[np.intp]) -> list[list[str]]:
        """Return the label and the published form of each cell."""
        labels, cells = CellLabels.of(self.table), []
        for row in rows.tolist():
            published = self.table.record(row).count
            few = published.reason is Reason.FEWER_THAN and published.upper is not None
            mark = f"<{count((published.upper or 0) + 1)}" if few else "[c]"
            cells.append([labels.label(tuple(self.table.columns.key(row).values())), mark])
        return cells

    @property
    def confidential(self) -> Confidential:
        """The suppressed counts, their causes and costs, as text, frame and plain data.

        Counts that were suppressed before are not known, and missing in the frame.
        """
        import pandas as pd

        rows, table = self.suppressed, self.primary.table
        causes = [self.primary.causes.get(row) for row in rows.tolist()]
        counts = pd.Series(table.lower[rows], dtype="Int64")
        counts[table.lower[rows] < table.upper[rows]] = pd.NA
        quantity, total = {"count": "sum", "cells": "number"}[self.minimise], self.suppressed_total
        linked, choice = "", "safe choice"
        if self.linked_cost != self.cost:
            linked = f", and {count(self.linked_cost)} in all linked tables"
            choice = "safe choice for all of them"
        least = "" if self.linked_cost == self.cost_bound else f" than {count(self.cost_bound)}"
        return Confidential(
            content=DisplayTable(
                caption="Suppressed counts",
                columns=["cell", "published", Column("count", "right"), "cause"],
                rows=[
                    [
                        *cells,
                        count(table.record(row).count.interval),
                        "secondary suppression" if cause is None else cause.label,
                    ]
                    for cells, row, cause in zip(
                        self._rows(rows), rows.tolist(), causes, strict=True
                    )
                ],
                notes=[
                    f"{count(len(self.primary.rows))} primary and {count(len(self.secondary))} "
                    f"secondary counts; their sum is {count(total)}.",
                    f"The {quantity} of the secondary counts is {count(self.cost)}{linked}; "
                    f"no {choice} has less{least}.",
                    *self._shortfalls(),
                ],
            ),
            rows=self.to_frame().assign(
                count=counts,
                role=["secondary" if cause is None else "primary" for cause in causes],
                unmet=np.isin(rows, self.unmet),
                exposed=np.isin(rows, [exposure.row for exposure in self.exposures]),
            ),
            values={
                "primary": self.primary.to_dict(),
                "secondary": self.secondary.tolist(),
                "suppressed_total": [total.lower, total.upper],
                "minimise": self.minimise,
                "cost": self.cost,
                "linked_cost": self.linked_cost,
                "cost_bound": self.cost_bound,
                "extra_cost": self.extra_cost,
                "is_safe": self.is_safe,
                "unmet": list(self.unmet),
                "exposures": [[exposure.row, exposure.insider] for exposure in self.exposures],
            },
        )

    def _shortfalls(self) -> list[str]:
        """Return sentences about the protection and its price."""
        texts = []
        if self.extra_cost is not None:
            unit = "in the sum of counts" if self.minimise == "count" else "cells"
            texts.append(f"The second mark costs {count(self.extra_cost)} {unit}.")
        insiders = " and insiders" if self.protect_contributors else ""
        if self.is_safe:
            texts.append(
                f"Each primary cell has its protection interval for outside attackers{insiders}."
            )
        if self.unmet:
            texts.append(
                f"{count(len(self.unmet))} primary cells have narrower bounds than required, "
                "because published counts narrow them whatever cells are suppressed."
            )
        if self.exposures:
            cells = len({exposure.row for exposure in self.exposures})
            names = sorted({exposure.insider for exposure in self.exposures})
            texts.append(
                f"Insiders can derive {count(cells)} primary cells exactly, whatever cells are "
                f"suppressed: {'; '.join(names)}."
            )
        return texts

    def __repr__(self) -> str:
        return f"<SuppressedTable {len(self.suppressed)} of {len(self.table)} rows suppressed>"
