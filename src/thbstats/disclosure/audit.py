"""Disclosure audit."""

from collections.abc import Iterable

import numpy as np

from thbstats.disclosure._exact_bounds import attacker_bounds
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.audit_result import DisclosureAudit
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.primary import PROTECTED_REASONS
from thbstats.panel import refuse_narrowing
from thbstats.tables import CountTable, require_table

__all__ = ["audit_table", "disclosure_audit"]


def disclosure_audit(
    table: CountTable,
    *,
    along: Iterable[str] | str | None = None,
    exhaustive: Iterable[str] | str | None = None,
    overlapping: Iterable[str] | str | None = None,
    unpublished_unknown: bool = False,
) -> DisclosureAudit:
    """Return the attacker's bounds of each suppressed cell of a table.

    ``lower(c) = min n_c`` and ``upper(c) = max n_c`` over all tables of integers in which every
    published count has its value and every total is the sum of its parts

    Parameters
    ----------
    table : CountTable
        A table as it is, or will be, published. Suppressed cells are "fewer than n", suppressed
        or rounded.
    along : iterable of str, optional
        The dimensions along which an attacker adds and subtracts; by default all breakdowns, and
        countries within areas.
    exhaustive : iterable of str, optional
        The dimensions whose published categories add up to the total; by default all but those of
        `CountTable.multiple_response`, the strongest assumption that counted cases satisfy. In
        the others they are at most the total.
    overlapping : iterable of str, optional
        The dimensions in which one person can be counted in several categories; by default those
        of `CountTable.multiple_response`.
    unpublished_unknown : bool
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
    >>> disclosure_audit(table, unpublished_unknown=True)
    <DisclosureAudit 1 suppressed: 1 narrowed; DISCLOSURE>

    References
    ----------
    A. Hundepool et al., Statistical Disclosure Control (Wiley, 2012), chapter 4.
    """
    refuse_narrowing(require_table(table).sources)
    assumptions = Assumptions.of(
        table,
        along=along,
        exhaustive=exhaustive,
        overlapping=overlapping,
        unpublished_unknown=unpublished_unknown,
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
        attacker_bounds=attacker_bounds(lattice, lattice.lower, lattice.upper, targets),
    )
