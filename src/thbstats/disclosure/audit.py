"""Disclosure audit."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count as counter
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.bounds import Bounds, Linear
from thbstats.bounds.many_sums import CellBounds, cell_bounds
from thbstats.disclosure.assumptions import Assumptions, DisclosureRisk
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.primary import PROTECTED_REASONS
from thbstats.display import Cell, Column, DisplayTable, Tabular, count
from thbstats.errors import require
from thbstats.panel import Suppression, Warnings, refuse_narrowing
from thbstats.rules.families.published_figures import disclosure_warning
from thbstats.tables import CountTable, require_table
from thbstats.values import Interval

if TYPE_CHECKING:
    import pandas as pd

_DISCLOSED = (DisclosureRisk.EXACT, DisclosureRisk.NARROWED)
_MAX_ROWS, _MAX_SUMS, _MAX_PARTS = 20, 3, 4


Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@frozen(kw_only=True, eq=False, slots=False)
class DisclosureAudit(Tabular):
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
    attacker_bounds : CellBounds
        The bounds of all cells.
    """

    table: CountTable
    assumptions: Assumptions
    rows: Rows
    lattice: Lattice = field(repr=False)
    attacker_bounds: CellBounds = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def published_lower(self) -> Floats:
        """The published lower bound of each suppressed cell."""
        return self.lattice.lower[self.rows]

    @property
    def published_upper(self) -> Floats:
        """The published upper bound of each suppressed cell, ``inf`` if there is none."""
        return self.lattice.upper[self.rows]

    @property
    def lower(self) -> Floats:
        """The attacker's lower bound of each suppressed cell."""
        return self.attacker_bounds.lower[self.rows]

    @property
    def upper(self) -> Floats:
        """The attacker's upper bound of each suppressed cell."""
        return self.attacker_bounds.upper[self.rows]

    @property
    def width(self) -> Floats:
        """The attacker's upper less lower bound: 0 for an exact disclosure."""
        return self.upper - self.lower

    @cached_property
    def risks(self) -> tuple[DisclosureRisk, ...]:
        """The disclosure risk of each suppressed cell."""
        narrowed = (self.lower > self.published_lower) | (self.upper < self.published_upper)
        codes = np.where(narrowed, np.where(self.width == 0, 0, 1), 2)
        codes[~self.attacker_bounds.feasible[self.rows]] = 3
        return tuple(list(DisclosureRisk)[code] for code in codes.tolist())

    def rows_with(self, risk: DisclosureRisk | str) -> Rows:
        """Return the rows of the table with a disclosure risk.

        Raises
        ------
        InvalidValue
            If the risk does not exist.
        """
        hint = "Use one of " + ", ".join(DisclosureRisk)
        require(risk in list(DisclosureRisk), "`risk` must be a disclosure risk", hint, risk=risk)
        return self.rows[[item == risk for item in self.risks]]

    def rows_below(self, protection_level: int) -> Rows:
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
        self._index(row)
        return self.lattice.system(row).bounds(Linear.sum([self.lattice.label(row)]))

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
        if self.risks[self._index(row)] not in _DISCLOSED:
            return ()
        target = (self.attacker_bounds.lower[row], self.attacker_bounds.upper[row])
        for radius in counter(1):  # up to the smallest neighbourhood that gives the same bounds
            near, _ = self.lattice.neighbourhood(row, radius)
            first = np.arange(len(near.keys)) == 0
            bounds = cell_bounds(near.relations, near.lower, near.upper, first)
            if (bounds.lower[0], bounds.upper[0]) == target:
                break
        result = near.system(0).bounds(Linear.sum([near.label(0)]))
        sums = tuple(near.relation_text(relation) for relation in range(len(near.relations)))
        proofs = (result.lower_proof, result.upper_proof)
        if any(proof is not None and proof.parts for proof in proofs):
            return sums
        published = (self.lattice.lower[row], self.lattice.upper[row])
        used = {
            name
            for proof, before, after in zip(proofs, published, target, strict=True)
            if proof is not None and before != after
            for name in proof.constraints
        }
        return tuple(text for text in sums if text in used)

    def _index(self, row: int) -> int:
        hint = "Use a row of DisclosureAudit.rows"
        require(row in self.rows, "`row` must be a suppressed row", hint, row=row)
        return int(np.searchsorted(self.rows, row))

    def _cells(self, indices: Iterable[int]) -> Iterator[tuple[int, str, Interval, Interval]]:
        """Yield the row, label, published and attacker's bounds of suppressed cells."""
        lattice, bounds = self.lattice, self.attacker_bounds
        for row in self.rows[list(indices)].tolist():
            published = _interval(lattice.lower[row], lattice.upper[row])
            yield (
                row,
                lattice.label(row),
                published,
                _interval(bounds.lower[row], bounds.upper[row]),
            )

    @property
    def warnings(self) -> Warnings:
        """The warning DISCLOSURE if a suppressed cell can be narrowed."""
        disclosed = np.concatenate([self.rows_with(risk) for risk in _DISCLOSED])
        if not len(disclosed):
            return Warnings()
        axis, lower = self.lattice.labels.schema.names.index("area"), self.lattice.lower
        suppression = Suppression(
            cells=len(disclosed),
            areas=frozenset(self.lattice.keys[row][axis] for row in disclosed.tolist()),
            counts=_interval(lower[disclosed].sum(), self.lattice.upper[disclosed].sum()),
            narrowed=True,
        )
        return Warnings([disclosure_warning(suppression)])

    def to_frame(self) -> "pd.DataFrame":
        """Return a tidy frame with published and attacker's bounds."""
        import pandas as pd

        keys = [self.lattice.keys[row] for row in self.rows.tolist()]
        return pd.DataFrame(keys, columns=list(self.lattice.labels.schema.names)).assign(
            row=self.rows,
            published_lower=self.published_lower.astype(np.int64),
            published_upper=self.published_upper,
            lower=self.lower.astype(np.int64),
            upper=self.upper,
            risk=[str(risk) for risk in self.risks],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain data for JSON; a missing bound is ``None``."""
        return {
            "assumptions": list(self.assumed),
            "counts": dict(self.counts),
            "cells": [
                {
                    "row": row,
                    "cell": label,
                    "published": [published.lower, published.upper],
                    "attacker": [attacker.lower, attacker.upper],
                    "risk": str(risk),
                }
                for (row, label, published, attacker), risk in zip(
                    self._cells(range(len(self))), self.risks, strict=True
                )
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
        along = self.lattice.relations.along
        present = [name for name in self.lattice.labels.schema.names if name in along]
        return tuple(self.assumptions.texts(present))

    def display_table(self) -> DisplayTable:
        """Return a table with the cells of highest risk and the sums that disclose them."""
        disclosed = [index for index, risk in enumerate(self.risks) if risk in _DISCLOSED]
        widths = self.width
        disclosed.sort(key=lambda index: (widths[index], self.rows[index]))
        rows: list[Sequence[Cell | str]] = []
        for row, label, published, attacker in self._cells(disclosed[:_MAX_ROWS]):
            bounds = Cell(count(attacker), tone="bad" if attacker.is_point else "warn")
            rows.append([label, count(published), bounds, _short(self.relations(row))])
        more = len(disclosed) - len(rows)
        notes = [f"{self.summary}."]
        notes += [f"to_frame() lists {more} more cells."] if more else []
        notes += [f"Assumed: {text}." for text in self.assumed]
        notes += [f"{warning.code}: {warning.message}." for warning in self.warnings]
        numbers = [Column(name, "right") for name in ("published", "attacker's bounds")]
        return DisplayTable(
            caption="Disclosure audit: suppressed cells that published cells disclose",
            columns=["cell", *numbers, "disclosed by"],
            rows=rows,
            notes=notes,
        )

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


def _interval(lower: float, upper: float) -> Interval:
    return Interval(int(lower), None if np.isinf(upper) else int(upper))


def _short(sums: Sequence[str]) -> str:
    """Return sums in the form of a table cell."""
    formatted = []
    for text in sums[:_MAX_SUMS]:
        parts = text.partition(": ")[2].split(" + ")
        more = len(parts) - _MAX_PARTS
        formatted.append(" + ".join([*parts[:_MAX_PARTS], f"{more} more"] if more > 1 else parts))
    more = len(sums) - len(formatted)
    return "; ".join([*formatted, f"{more} more sums"] if more else formatted)


def disclosure_audit(
    table: CountTable,
    *,
    dimensions: Iterable[str] | str | None = None,
    complete_dimensions: Iterable[str] | str | None = None,
    overlapping: Iterable[str] | str | None = None,
    unknown_is_unpublished: bool = False,
) -> DisclosureAudit:
    """Return the attacker's bounds of each suppressed cell of a table.

    ``lower(c) = min n_c`` and ``upper(c) = max n_c`` over all tables of integers in which every
    published count has its value and every total is the sum of its parts

    Parameters
    ----------
    table : CountTable
        A table as it is, or will be, published. Suppressed cells are "fewer than n", suppressed
        or rounded.
    dimensions : iterable of str, optional
        The dimensions along which an attacker adds and subtracts; by default all breakdowns, and
        countries within areas.
    complete_dimensions : iterable of str, optional
        The dimensions whose published categories add up to the total; by default all but those of
        `CountTable.multiple_response`, the strongest assumption that counted cases satisfy. In
        the others they are at most the total.
    overlapping : iterable of str, optional
        The dimensions in which one person can be counted in several categories; by default those
        of `CountTable.multiple_response`.
    unknown_is_unpublished : bool
        Whether persons of unknown category can exist if no unknown category is published.

    Returns
    -------
    DisclosureAudit
        Exact bounds, each attained by a feasible table. If the cells around a suppressed cell
        contradict each other, its published bounds remain.

    Raises
    ------
    NarrowingForbidden
        If the terms of a source of the table prohibit re-identification.
    UnknownName, InvalidValue
        If a dimension does not exist or has no total.

    Notes
    -----
    Comparability warnings: DISCLOSURE, which blocks, if the attacker's bounds of a cell are
    narrower than the published ones. Use this function before publication; all other functions
    answer with the published bounds of a suppressed cell.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("total", 100), ("male", 97), ("female", thb.Count.fewer_than(5))]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "value"], kind="victims", area="FR", period=2020
    ... )
    >>> found = disclosure_audit(table)
    >>> found
    <DisclosureAudit 1 suppressed: 1 exact; DISCLOSURE>
    >>> found.relations(2)
    ('FR 2020: total = male + female',)
    >>> disclosure_audit(table, unknown_is_unpublished=True)
    <DisclosureAudit 1 suppressed: 1 narrowed; DISCLOSURE>

    References
    ----------
    A. Hundepool et al., Statistical Disclosure Control (Wiley, 2012), chapter 4.
    """
    refuse_narrowing(require_table(table).sources)
    assumptions = Assumptions.of(
        table,
        dimensions=dimensions,
        complete_dimensions=complete_dimensions,
        overlapping=overlapping,
        unknown_is_unpublished=unknown_is_unpublished,
    )
    return audit_table(table, assumptions)


def audit_table(table: CountTable, assumptions: Assumptions) -> DisclosureAudit:
    """Return the disclosure audit of a table, regardless of the terms of its sources."""
    lattice = Lattice.of(table, assumptions)
    reasons = [reason.severity for reason in PROTECTED_REASONS]
    rows = np.flatnonzero(np.isin(table.reason, reasons) & (table.lower < table.upper))
    targets = np.zeros(len(lattice.keys), dtype=np.bool_)
    targets[rows] = True
    return DisclosureAudit(
        table=table,
        assumptions=assumptions,
        rows=rows,
        lattice=lattice,
        attacker_bounds=cell_bounds(lattice.relations, lattice.lower, lattice.upper, targets),
    )
