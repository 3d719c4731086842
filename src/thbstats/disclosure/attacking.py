"""Ask how closely the published cells of a table tell its hidden ones."""

from collections.abc import Iterable

import numpy as np

from thbstats.disclosure._attack import attack
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.exposed_cells import ExposedCells
from thbstats.disclosure.lattice import Lattice
from thbstats.panel import refuse_narrowing
from thbstats.tables import CountTable, need_table
from thbstats.values import Reason

__all__ = ["exposed", "exposure"]

_HIDDEN = (Reason.ROUNDED, Reason.FEWER_THAN, Reason.SUPPRESSED)


def exposure(
    table: CountTable,
    *,
    along: Iterable[str] | str | None = None,
    exhaustive: Iterable[str] | str | None = None,
    overlapping: Iterable[str] | str = (),
    unprinted_unknown: bool = False,
) -> ExposedCells:
    """Return how closely the published cells of a table tell each of its hidden cells.

    ``least(c) = min n_c`` and ``most(c) = max n_c`` over all tables of whole numbers in which
    every printed count is what it is and every whole is the sum of its parts

    Parameters
    ----------
    table : CountTable
        A table as it is, or will be, published: hidden counts are "fewer than n", suppressed or
        rounded.
    along : iterable of str, optional
        The dimensions along which somebody would add and subtract; by default all breakdowns,
        and countries beside areas that they make.
    exhaustive : iterable of str, optional
        Those in which the printed categories make the whole; by default all of them, which is
        the most that anybody can assume. In the others they make at most the whole.
    overlapping : iterable of str
        Those in which one person can be counted in several categories.
    unprinted_unknown : bool
        Whether somebody can be of unknown category where no unknown is printed.

    Returns
    -------
    ExposedCells
        Exact ends: nothing lies beyond, and a table attains each. Where the cells around a
        hidden one contradict each other, nothing can be told and its own interval stays.

    Raises
    ------
    NarrowingForbidden
        If the terms of a source of the table forbid to identify anybody.
    UnknownName, InvalidValue
        If a dimension does not exist or has no whole.

    Notes
    -----
    Comparability warnings: DISCLOSURE, which blocks, where any cell is told more closely than
    its source does. This is for a publisher before publication; a table of others is answered
    with its own intervals by all other functions.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("total", 100), ("male", 97), ("female", thb.Count.fewer_than(5))]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "value"], kind="victims", area="FR", period=2020
    ... )
    >>> found = exposure(table)
    >>> found
    <ExposedCells 1 hidden: 1 fixed; DISCLOSURE>
    >>> found.relations(2)
    ('FR 2020: total = male + female',)
    >>> exposure(table, unprinted_unknown=True)
    <ExposedCells 1 hidden: 1 narrowed; DISCLOSURE>

    References
    ----------
    A. Hundepool et al., Statistical Disclosure Control (Wiley, 2012), chapter 4.
    """
    refuse_narrowing(need_table(table).sources)
    assumptions = Assumptions.of(
        table.columns.schema,
        along=along,
        exhaustive=exhaustive,
        overlapping=overlapping,
        unprinted_unknown=unprinted_unknown,
    )
    return exposed(table, assumptions)


def exposed(table: CountTable, assumptions: Assumptions) -> ExposedCells:
    """Return how closely a table tells its hidden cells, whatever the terms of its sources."""
    lattice = Lattice.of(table, assumptions)
    reasons = [reason.severity for reason in _HIDDEN]
    rows = np.flatnonzero(np.isin(table.reason, reasons) & (table.lower < table.upper))
    asked = np.zeros(len(lattice.keys), dtype=np.bool_)
    asked[rows] = True
    ends = attack(lattice, lattice.lower, lattice.upper, asked)
    return ExposedCells(table=table, assumptions=assumptions, rows=rows, lattice=lattice, ends=ends)
