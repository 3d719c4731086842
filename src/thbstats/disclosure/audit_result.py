"""Result of a disclosure audit."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.bounds import Bounds, Linear
from thbstats.disclosure._exact_bounds import AttackerBounds, attacker_bounds, system_of
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.lattice import Lattice
from thbstats.display import Cell, Column, Displayable, DisplayTable, count
from thbstats.errors import InvalidValue
from thbstats.panel import Suppression, Warnings
from thbstats.rules.families.figures import disclosure_warning
from thbstats.tables import CountTable
from thbstats.values import Interval

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DisclosureAudit", "DisclosureRisk"]

_MAX_ROWS, _MAX_SUMS, _MAX_PARTS = 20, 3, 4


class DisclosureRisk(StrEnum):
    """Disclosure risk of a suppressed cell."""

    EXACT = "exact"
    NARROWED = "narrowed"
    UNCHANGED = "unchanged"
    CONTRADICTED = "contradicted"

    @property
    def label(self) -> str:
        """The risk as a phrase."""
        return _LABELS[self]


_LABELS = {
    DisclosureRisk.EXACT: "can be recalculated exactly",
    DisclosureRisk.NARROWED: "narrower than published",
    DisclosureRisk.UNCHANGED: "as published",
    DisclosureRisk.CONTRADICTED: "not assessable, as the related cells contradict each other",
}


@frozen(kw_only=True, eq=False, slots=False)
class DisclosureAudit(Displayable):
    """Attacker's bounds of the suppressed cells of a table, as columns.

    Parameters
    ----------
    table : CountTable
        The table.
    assumptions : Assumptions
        The assumptions of the attacker.
    rows : array of int, shape (n,)
        The suppressed rows.
    lattice : Lattice
        The cells and the sums between them.
    attacker_bounds : AttackerBounds
        The bounds of all cells.
    """

    table: CountTable
    assumptions: Assumptions
    rows: NDArray[np.intp]
    lattice: Lattice = field(repr=False)
    attacker_bounds: AttackerBounds = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def published_lower(self) -> NDArray[np.float64]:
        """The published lower bound of each suppressed cell."""
        return self.lattice.lower[self.rows]

    @property
    def published_upper(self) -> NDArray[np.float64]:
        """The published upper bound of each suppressed cell, ``inf`` if there is none."""
        return self.lattice.upper[self.rows]

    @property
    def lower(self) -> NDArray[np.float64]:
        """The attacker's lower bound of each suppressed cell."""
        return self.attacker_bounds.lower[self.rows]

    @property
    def upper(self) -> NDArray[np.float64]:
        """The attacker's upper bound of each suppressed cell."""
        return self.attacker_bounds.upper[self.rows]

    @property
    def width(self) -> NDArray[np.float64]:
        """The attacker's upper less lower bound: 0 for an exact disclosure."""
        return self.upper - self.lower

    @cached_property
    def risks(self) -> tuple[DisclosureRisk, ...]:
        """The disclosure risk of each suppressed cell."""
        narrowed = (self.lower > self.published_lower) | (self.upper < self.published_upper)
        codes = np.where(narrowed, np.where(self.width == 0, 0, 1), 2)
        codes[~self.attacker_bounds.feasible[self.rows]] = 3
        return tuple(list(DisclosureRisk)[code] for code in codes.tolist())

    def rows_with(self, risk: DisclosureRisk | str) -> NDArray[np.intp]:
        """Return the rows of the table with a disclosure risk.

        Raises
        ------
        InvalidValue
            If the risk does not exist.
        """
        if risk not in list(DisclosureRisk):
            raise InvalidValue(
                "`risk` must be a disclosure risk",
                field="risk",
                value=risk,
                hint="Use one of " + ", ".join(DisclosureRisk),
            )
        return self.rows[[item == risk for item in self.risks]]

    def rows_below(self, protection_level: int) -> NDArray[np.intp]:
        """Return the rows whose attacker's bounds are narrower than a protection level."""
        return self.rows[(self.width < protection_level) & self.attacker_bounds.feasible[self.rows]]

    def bounds(self, row: int) -> Bounds:
        """Return the attacker's bounds of a cell with tables and proofs.

        Parameters
        ----------
        row : int
            The row of the table.

        Returns
        -------
        Bounds
            The tables contain every related cell, by label.

        Raises
        ------
        InvalidValue
            If the row is not suppressed.
        ImpossibleResult
            If the related cells contradict each other; the error names them.
        """
        self._check(row)
        system = system_of(self.lattice, self.lattice.lower, self.lattice.upper, row)
        return system.bounds(Linear.sum([self.lattice.label(row)]))

    def relations(self, row: int) -> tuple[str, ...]:
        """Return the sums that narrow a cell, as text.

        Parameters
        ----------
        row : int
            The row of the table.

        Returns
        -------
        tuple of str
            Empty if the attacker's bounds are the published ones.

        Raises
        ------
        InvalidValue
            If the row is not suppressed.
        """
        self._check(row)
        risk = self.risks[int(np.searchsorted(self.rows, row))]
        if risk not in (DisclosureRisk.EXACT, DisclosureRisk.NARROWED):
            return ()
        near = self._neighbourhood(row)
        cell = near.label(0)
        found = system_of(near, near.lower, near.upper, 0).bounds(Linear.sum([cell]))
        sums = [near.relation_text(relation) for relation in range(len(near.relations))]
        proofs = [proof for proof in (found.lower_proof, found.upper_proof) if proof is not None]
        if any(proof.parts for proof in proofs):
            return tuple(sums)
        sides = [
            (found.lower, found.lower_proof, self.lattice.lower[row]),
            (found.upper, found.upper_proof, self.lattice.upper[row]),
        ]
        used = {
            name
            for bound, proof, published in sides
            if proof is not None and bound is not None and bound != published
            for name in proof.constraints
        }
        return tuple(text for text in sums if text in used)

    def _neighbourhood(self, row: int) -> Lattice:
        """Return the smallest neighbourhood that gives the attacker's bounds of a cell."""
        target, radius = (self.attacker_bounds.lower[row], self.attacker_bounds.upper[row]), 1
        near = self.lattice.neighbourhood(row, radius)
        while True:
            targets = np.arange(len(near.keys)) == 0
            found = attacker_bounds(near, near.lower, near.upper, targets)
            if (found.lower[0], found.upper[0]) == target:
                return near
            radius += 1
            near = self.lattice.neighbourhood(row, radius)

    def _check(self, row: int) -> None:
        if row not in self.rows:
            raise InvalidValue(
                "`row` must be a suppressed row",
                field="row",
                value=row,
                hint="Use a row of DisclosureAudit.rows",
            )

    @property
    def warnings(self) -> Warnings:
        """The warning DISCLOSURE if a suppressed cell can be narrowed."""
        disclosed = np.concatenate(
            [self.rows_with(DisclosureRisk.EXACT), self.rows_with(DisclosureRisk.NARROWED)]
        )
        if not len(disclosed):
            return Warnings()
        axis = self.lattice.schema.names.index("area")
        upper = self.lattice.upper[disclosed].sum()
        suppression = Suppression(
            cells=len(disclosed),
            areas=frozenset(self.lattice.keys[row][axis] for row in disclosed.tolist()),
            counts=Interval(
                int(self.lattice.lower[disclosed].sum()), None if np.isinf(upper) else int(upper)
            ),
            narrowed=True,
        )
        return Warnings([disclosure_warning(suppression)])

    def to_frame(self) -> "pd.DataFrame":
        """Return a tidy frame with published and attacker's bounds."""
        import pandas as pd

        names = self.lattice.schema.names
        keys = [self.lattice.keys[row] for row in self.rows.tolist()]
        columns: dict[str, Any] = {
            name: [key[axis] for key in keys] for axis, name in enumerate(names)
        }
        columns |= {
            "row": self.rows,
            "published_lower": self.published_lower.astype(np.int64),
            "published_upper": self.published_upper,
            "lower": self.lower.astype(np.int64),
            "upper": self.upper,
            "risk": [str(risk) for risk in self.risks],
        }
        return pd.DataFrame(columns)

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain data for JSON; a missing bound is ``None``."""
        bounds = self.attacker_bounds
        return {
            "assumptions": list(self.assumed),
            "counts": dict(self.counts),
            "cells": [
                {
                    "row": int(row),
                    "cell": self.lattice.label(int(row)),
                    "published": [
                        _finite(self.lattice.lower[row]),
                        _finite(self.lattice.upper[row]),
                    ],
                    "attacker": [_finite(bounds.lower[row]), _finite(bounds.upper[row])],
                    "risk": str(risk),
                }
                for row, risk in zip(self.rows.tolist(), self.risks, strict=True)
            ],
            "warnings": list(self.warnings.codes),
        }

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of suppressed cells by disclosure risk."""
        return {str(risk): self.risks.count(risk) for risk in DisclosureRisk}

    @property
    def assumed(self) -> tuple[str, ...]:
        """The assumptions on the dimensions of the table, as sentences."""
        present = [n for n in self.lattice.schema.names if n in self.lattice.relations.along]
        return tuple(self.assumptions.texts(present))

    def display_table(self) -> DisplayTable:
        """Return a table with the cells of highest risk and the sums that disclose them."""
        bounds = self.attacker_bounds
        disclosed = sorted(
            (bounds.upper[row] - bounds.lower[row], row)
            for risk in (DisclosureRisk.EXACT, DisclosureRisk.NARROWED)
            for row in self.rows_with(risk).tolist()
        )
        rows = [self._row(row) for _, row in disclosed[:_MAX_ROWS]]
        more = len(disclosed) - len(rows)
        notes = [f"{self.summary}."]
        notes += [f"to_frame() lists {more} more cells."] if more else []
        notes += [f"Assumed: {text}." for text in self.assumed]
        notes += [f"{warning.code}: {warning.message}." for warning in self.warnings]
        return DisplayTable(
            caption="Disclosure audit: suppressed cells that published cells disclose",
            columns=[
                "cell",
                Column("published", "right"),
                Column("attacker's bounds", "right"),
                "disclosed by",
            ],
            rows=rows,
            notes=notes,
        )

    def _row(self, row: int) -> Sequence[Cell | str]:
        lower, upper = self.attacker_bounds.lower[row], self.attacker_bounds.upper[row]
        return [
            self.lattice.label(row),
            _text(self.lattice.lower[row], self.lattice.upper[row]),
            Cell(_text(lower, upper), tone="bad" if lower == upper else "warn"),
            _short(self.relations(row)),
        ]

    @property
    def summary(self) -> str:
        """The number of suppressed cells by disclosure risk, as a sentence."""
        parts = [f"{count(n)} {DisclosureRisk(name).label}" for name, n in self.counts.items() if n]
        cells = "suppressed cell" if len(self) == 1 else "suppressed cells"
        return f"{count(len(self))} {cells}" + (f": {'; '.join(parts)}" if parts else "")

    def __repr__(self) -> str:
        parts = ", ".join(f"{n} {name}" for name, n in self.counts.items() if n)
        codes = ", ".join(self.warnings.codes)
        return (
            f"<DisclosureAudit {len(self)} suppressed{': ' if parts else ''}{parts}"
            f"{'; ' if codes else ''}{codes}>"
        )


def _finite(bound: float) -> int | None:
    return None if np.isinf(bound) else int(bound)


def _text(lower: float, upper: float) -> str:
    return count(Interval(int(lower), _finite(upper)))


def _short(sums: Sequence[str]) -> str:
    """Return sums in the form of a table cell."""
    formatted = []
    for text in sums[:_MAX_SUMS]:
        parts = text.partition(": ")[2].split(" + ")
        more = len(parts) - _MAX_PARTS
        formatted.append(" + ".join([*parts[:_MAX_PARTS], f"{more} more"] if more > 1 else parts))
    more = len(sums) - len(formatted)
    return "; ".join([*formatted, f"{more} more sums"] if more else formatted)
