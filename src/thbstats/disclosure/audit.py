"""Disclosure audit, and the attack by difference between two releases."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count as counter
from typing import Any, Literal

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.bounds import Bounds, Linear
from thbstats.bounds.many_sums import CellBounds, Sums, cell_bounds
from thbstats.columns import Floats, Mask
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.lattice import DisclosureRisk, Lattice, require_integer
from thbstats.disclosure.primary import PROTECTED_REASONS
from thbstats.display import Cell, Column, DisplayTable, Tabular, count
from thbstats.errors import require
from thbstats.panel import Suppression, Warnings, refuse_narrowing
from thbstats.releases import RevisionTable
from thbstats.rules.families.published_figures import disclosure_warning
from thbstats.tables import CountTable, require_table
from thbstats.values import Interval

_DISCLOSED = (DisclosureRisk.EXACT, DisclosureRisk.NARROWED)
_PROTECTED = [reason.severity for reason in PROTECTED_REASONS]
_MOVED = "moved_by_one"
_MAX_ROWS, _MAX_SUMS, _MAX_PARTS = 20, 3, 4


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
        """The attacker's upper bound minus the lower bound: 0 for an exact disclosure."""
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
            Empty if the attacker's bounds equal the published bounds.

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
        """The warning DISCLOSURE if the bounds of a suppressed cell can be narrowed."""
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

    def to_frame(self) -> pd.DataFrame:
        """Return a tidy frame with published and attacker's bounds."""
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
        The dimensions along which an attacker adds and subtracts; by default all breakdowns,
        ``area``, ``period``, ``register`` and ``status``: countries within areas, periods within
        longer periods, bodies within all bodies, identified and presumed within registered
        victims. Periods, bodies and statuses add up where the counts allow it.
    complete_dimensions : iterable of str, optional
        The dimensions whose published categories add up to the total; by default all but those of
        `CountTable.multiple_response`, the strongest assumption that counted cases satisfy. In
        other dimensions, they add up to at most the total.
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
    EngineFailed
        If the search for exact bounds of a large table reaches its limit.

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
    rows = np.flatnonzero(np.isin(table.reason, _PROTECTED) & (table.lower < table.upper))
    targets = np.zeros(len(lattice.keys), dtype=np.bool_)
    targets[rows] = True
    return DisclosureAudit(
        table=table,
        assumptions=assumptions,
        rows=rows,
        lattice=lattice,
        attacker_bounds=cell_bounds(lattice.relations, lattice.lower, lattice.upper, targets),
    )


@frozen(kw_only=True, eq=False, repr=False)
class DifferenceAttack(RevisionTable):
    """Suppressed cells whose bounds two releases narrow, and cells that moved by one person.

    Each row has the release (``old`` or ``new``) and row of a cell, its bounds from one release and
    from both, and the ``risk``: a `DisclosureRisk`, or ``moved_by_one`` with the older and the
    newer count. The notes are the assumptions.
    """

    @property
    def counts(self) -> dict[str, int]:
        """The number of cells by risk."""
        risks = (DisclosureRisk.EXACT, DisclosureRisk.NARROWED, DisclosureRisk.CONTRADICTED, _MOVED)
        return {str(risk): int((self.frame["risk"] == risk).sum()) for risk in risks}

    def __repr__(self) -> str:
        parts = ", ".join(f"{n} {name}" for name, n in self.counts.items() if n)
        return f"<DifferenceAttack: {parts or 'nothing disclosed'}>"


def difference(
    old: CountTable,
    new: CountTable,
    *,
    assume: Literal["unchanged", "nothing"] = "unchanged",
    few: int = 5,
    **assumptions: Any,
) -> DifferenceAttack:
    """Return the suppressed cells that two releases together reveal or narrow.

    ``lower(c) = min n_c`` and ``upper(c) = max n_c`` over all pairs of tables of integers in which
    every published count has its value, every total is the sum of its parts, and cells that show
    no change have one count

    A suppressed cell shows no change if its published bounds in both releases have a common value,
    and the other counts of each of its sums can agree with this value.

    Parameters
    ----------
    old, new : CountTable
        Two releases as they are published.
    assume : {"unchanged", "nothing"}
        Whether cells that show no change have the same count in both releases.
    few : int
        The largest value of the smaller count of a cell that moved by one person.
    **assumptions
        ``dimensions``, ``complete_dimensions``, ``overlapping`` and ``unknown_is_unpublished``,
        as for `disclosure_audit`.

    Returns
    -------
    DifferenceAttack
        The cells with narrower bounds than from one release, and published small cells that moved
        by one while a total of them did not: one person changed category.

    Raises
    ------
    NarrowingForbidden
        If the terms of a source prohibit re-identification.
    InvalidValue
        If the releases are of different kinds, or an argument is not valid.

    Examples
    --------
    >>> import thbstats as thb
    >>> hidden = thb.Count.suppressed()
    >>> old, new = (
    ...     thb.CountTable.from_rows(
    ...         [("total", 100), ("male", men), ("female", women)], columns=["sex", "value"],
    ...         kind="victims", area="FR", period=2020,
    ...     )
    ...     for men, women in [(93, 7), (hidden, hidden)]
    ... )
    >>> thb.disclosure.difference(old, new)
    <DifferenceAttack: 2 exact>

    References
    ----------
    A. Hundepool et al., Statistical Disclosure Control (Wiley, 2012), section 4.3.
    """
    refuse_narrowing([*require_table(old, "old").sources, *require_table(new, "new").sources])
    require(
        old.kind == new.kind, f"must be a table of {old.kind}", "Pass two releases", new=new.kind
    )
    is_option = assume in ("unchanged", "nothing")
    require(is_option, "must be 'unchanged' or 'nothing'", "Omit it", assume=assume)
    require_integer(1, "Use few=5", few=few)
    chosen, tables = Assumptions.of(new, **assumptions), (old, new)
    lattices = [Lattice.of(table, chosen) for table in tables]
    new_rows = {key: row for row, key in enumerate(lattices[1].keys[: len(new)])}
    rows = [(row, new_rows.get(key, -1)) for row, key in enumerate(lattices[0].keys[: len(old)])]
    # The row of each key of both releases in each of them, (k, 2)
    both = np.array([pair for pair in rows if pair[1] >= 0], dtype=np.intp).reshape(-1, 2)
    hidden = [np.isin(own.reason, _PROTECTED) & (own.lower < own.upper) for own in tables]

    # 1. Cells that show no change are one unknown of both systems.
    linked = np.zeros(len(both), dtype=np.bool_)
    if assume == "unchanged":
        linked = _can_be_equal(tables, both, hidden)
        linked &= ~_shows_change(lattices, both, linked)
    # 2. The sums of both releases, for the cells of the older one and then those of the newer one.
    sums, columns, lower, upper = _joined(lattices, both[linked])
    # 3. The bounds from both releases, against those from each one alone.
    masked = [np.flatnonzero(own) for own in hidden]
    is_hidden = _mask([masked[0], columns[masked[1]]], len(lower))
    together = cell_bounds(sums, lower, upper, is_hidden)
    contradicted = _contradicted(sums, is_hidden, together.feasible)
    frames = []
    for side, (lattice, own) in enumerate(zip(lattices, masked, strict=True)):
        alone = cell_bounds(
            lattice.relations, lattice.lower, lattice.upper, _mask([own], len(lattice.keys))
        )
        cells = columns[own] if side else own
        low, high = together.lower[cells], together.upper[cells]
        before = alone.lower[own], alone.upper[own]
        possible = ~contradicted[cells] & alone.feasible[own]
        risk = np.where(low == high, DisclosureRisk.EXACT, DisclosureRisk.NARROWED)
        risk = np.where(possible, risk, DisclosureRisk.CONTRADICTED)
        shown = np.flatnonzero(~possible | (low > before[0]) | (high < before[1]))
        frames.append(
            _frame(tables[side], own[shown], side, *(a[shown] for a in (*before, low, high)))
        )
        frames[-1]["risk"] = risk[shown].astype(str)
    # 4. Small published cells that moved by one person while a total did not change.
    moved = both[_moved_by_one(lattices[1], both, tables, few)]
    counts = old.lower[moved[:, 0]], new.lower[moved[:, 1]]
    ends = [own.astype(np.float64) for own in counts for _ in range(2)]
    frames.append(_frame(new, moved[:, 1], 1, *ends).assign(risk=_MOVED))
    several = [name for name in new.dimensions if len(new.categories(name)) > 1]
    texts = [*chosen.texts(several)]
    texts += ["cells that show no change have one count"] * (assume == "unchanged")
    return DifferenceAttack(
        caption="Attack by difference: cells that two releases disclose",
        frame=pd.concat(frames, ignore_index=True),
        notes=tuple(f"Assumed: {text}." for text in texts),
    )


def _can_be_equal(tables: Sequence[CountTable], both: Rows, hidden: Sequence[Mask]) -> Mask:
    """Return the keys with a hidden cell whose bounds in both releases have a common value, (k,).

    The cell of the other release is hidden too, or has one value.
    """
    (old, new), (old_row, new_row) = tables, both.T
    low, high = (old.lower[old_row], new.lower[new_row]), (old.upper[old_row], new.upper[new_row])
    was_hidden, is_hidden = hidden[0][old_row], hidden[1][new_row]
    was_point, is_point = low[0] == high[0], low[1] == high[1]
    result = was_hidden & (is_hidden | is_point) | (is_hidden & was_point)
    return np.asarray(result & (low[0] <= high[1]) & (low[1] <= high[0]))


def _joined(lattices: Sequence[Lattice], linked: Rows) -> tuple[Sums, Rows, Floats, Floats]:
    """Return the sums of two lattices, the column of each newer cell, and the bounds of columns.

    The columns are the cells of the older lattice, and then those of the newer one. A linked cell
    has the column of the older one, with the common bounds: 3 to 7 and 5 to 9 are 5 to 7.
    """
    (old, new), (old_row, new_row) = lattices, linked.T
    columns = len(old.keys) + np.arange(len(new.keys))
    columns[new_row] = old_row
    lower, upper = np.append(old.lower, new.lower), np.append(old.upper, new.upper)
    lower[old_row] = np.maximum(old.lower[old_row], new.lower[new_row])
    upper[old_row] = np.minimum(old.upper[old_row], new.upper[new_row])
    first, second = old.relations, new.relations
    sums = Sums(
        relation=np.append(first.relation, second.relation + len(first)),
        cell=np.append(first.cell, columns[second.cell]),
        sign=np.append(first.sign, second.sign),
        low=np.append(first.low, second.low),
        high=np.append(first.high, second.high),
        along=(*first.along, *second.along),
    )
    return sums, columns, lower, upper


def _contradicted(sums: Sums, is_hidden: Mask, feasible: Mask) -> Mask:
    """Return the suppressed cells of blocks without a solution.

    Some of their bounds follow from a part of the block, and look like those of a solution.
    """
    result, wider = np.zeros_like(is_hidden), ~feasible & is_hidden
    while (wider != result).any():
        result = wider
        is_wrong = np.bincount(sums.relation, result[sums.cell]) > 0
        wider = result | (is_hidden & _mask([sums.cell[is_wrong[sums.relation]]], len(result)))
    return result


def _mask(masked: list[Rows], size: int) -> Mask:
    result = np.zeros(size, dtype=np.bool_)
    result[np.concatenate(masked)] = True
    return result


def _frame(table: CountTable, rows: Rows, side: int, *bounds: Any) -> pd.DataFrame:
    names = ("single_lower", "single_upper", "lower", "upper")
    keys = {name: list(table.columns[name].take(rows)) for name in table.dimensions}
    release = ("old", "new")[side]
    return pd.DataFrame(
        {**keys, "release": release, "row": rows, **dict(zip(names, bounds, strict=True))}
    )


def _shows_change(lattices: list[Lattice], both: Rows, linked: Mask) -> Mask:
    """Return the cells of a sum in both releases if its other cells changed in total."""
    first, second = lattices
    least, most = np.full(len(first.keys), -np.inf), np.full(len(first.keys), np.inf)
    old_row, new_row = both.T
    least[old_row] = np.where(linked, 0.0, second.lower[new_row] - first.upper[old_row])
    most[old_row] = np.where(linked, 0.0, second.upper[new_row] - first.lower[old_row])
    sums, changed = first.relations, np.zeros(len(first.keys), dtype=np.bool_)
    lowest, highest = (
        np.bincount(
            sums.relation,
            np.where(sums.sign > 0, own[sums.cell], -other[sums.cell]),
            minlength=len(sums),
        )
        for own, other in ((least, most), (most, least))
    )
    wrong = (sums.low == 0) & (sums.high == 0) & ((lowest > 0) | (highest < 0))
    # A part that only one release has can take the difference.
    terms = [second.relations.terms(number)[0] for number in range(len(second.relations))]
    same = {frozenset(second.keys[cell] for cell in cells) for cells in terms}
    for number in np.flatnonzero(wrong).tolist():
        cells = sums.terms(number)[0]
        changed[cells] |= frozenset(first.keys[cell] for cell in cells) in same
    result: Mask = changed[old_row]
    return result


def _moved_by_one(
    lattice: Lattice, both: Rows, tables: tuple[CountTable, CountTable], few: int
) -> Mask:
    """Return the cells that moved by one while a total of them did not change."""
    (old, new), (old_row, new_row) = tables, both.T
    known = (old.lower[old_row] == old.upper[old_row]) & (new.lower[new_row] == new.upper[new_row])
    step = new.lower[new_row] - old.lower[old_row]
    small = (
        known & (np.abs(step) == 1) & (np.minimum(new.lower[new_row], old.lower[old_row]) <= few)
    )
    sums, size = lattice.relations, len(lattice.keys)
    same = _mask([new_row[known & (step == 0)]], size)[sums.cell[sums.starts[:-1]]]
    parts = _mask([sums.cell[same[sums.relation] & (sums.sign < 0)]], size)
    result: Mask = small & parts[new_row]
    return result
