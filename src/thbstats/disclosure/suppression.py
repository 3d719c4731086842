"""Secondary suppression."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from thbstats.disclosure._suppression_problem import (
    Attacker,
    Breach,
    MasterProblem,
    SuppressionProblem,
)
from thbstats.disclosure.assumptions import Assumptions, require_integer
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.primary import PrimarySuppression, primary_suppression
from thbstats.disclosure.suppressed_table import SuppressedTable
from thbstats.errors import ImpossibleResult, InvalidValue, require
from thbstats.tables import CountTable
from thbstats.tables.select import find_rows, parse_selection

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Cost = Literal["count", "cells"]
Level = int | None
Names = Iterable[str] | str | None
Table = CountTable | PrimarySuppression
Rows = Mapping[str, Any] | Iterable[Mapping[str, Any]]

_GRAIN = 64
"""The number of steps of a random cost factor, which keeps costs integers."""


def suppress(
    table: Table,
    *,
    fewer_than: int | None = None,
    zeros: bool = False,
    protection_level: Level = None,
    minimise: Cost = "count",
    always_publish: Rows = (),
    protect_contributors: bool = True,
    along: Names = None,
    exhaustive: Names = None,
    overlapping: Names = None,
    unpublished_unknown: bool = False,
    max_iterations: int = 200,
    seed: int | None = None,
) -> SuppressedTable:
    """Apply primary and secondary suppression to a table.

    ``min sum of cost_c over the secondary cells c``, subject to ``upper(p) - lower(p) >=
    protection level`` for each primary cell p, with the attacker's bounds of `disclosure_audit`

    Parameters
    ----------
    table : CountTable or PrimarySuppression
        A table before publication, or its primary suppression. Counts that are "fewer than n",
        suppressed or rounded are already suppressed: they stay as they are and are protected.
    fewer_than, zeros : int, bool
        Rules of `primary_suppression`, for a table.
    protection_level : int, optional
        The minimum width of the interval that an attacker can derive for a primary cell: upper
        less lower bound. By default the width if all other counts were suppressed, so that no
        published count narrows it.
    minimise : {"count", "cells"}
        The quantity to minimise: the sum or the number of the counts of secondary suppression.
    always_publish : mapping of str to str, or several mappings
        Rows that are never suppressed, each as for `CountTable.where`.
    protect_contributors : bool
        Whether to consider attackers who know a suppressed count: a person who is alone in a
        cell, and a country or body that is its only contributor. They must not learn another
        suppressed count exactly.
    along, exhaustive, overlapping, unpublished_unknown : optional
        The assumptions of an attacker, as for `disclosure_audit`.
    max_iterations : int
        The number of iterations, 1 or more. After them the result is safe but may not be
        optimal; it reports a bound on the distance.
    seed : int, optional
        A secret integer of 0 or more. Costs are then multiplied by random numbers from 1 to 2, so
        that the choice costs at most twice the optimum. By default the optimum is chosen, which
        readers who know `suppress` can compute. The same seed gives the same choice.

    Returns
    -------
    SuppressedTable
        The table to publish, its suppressed cells and its disclosure audit.

    Raises
    ------
    InvalidValue
        If no rule is set, no row matches `always_publish`, `protection_level` is below 1 or
        wider than the published interval, or `seed` is not an integer of 0 or more.
    ImpossibleResult
        If the counts violate the assumptions, or published rows disclose a count whatever else is
        suppressed.

    Notes
    -----
    Published rows that together disclose a suppressed count form a set of which at least one row
    must be suppressed. Each iteration suppresses the cheapest rows that satisfy all known sets,
    audits the table and adds the sets that the audit finds. The cost is optimal if no audit fails.
    Safety is proved in integers, optimality in floating point.

    If counts below n are published as "<n", readers can infer that all other suppressed counts
    are n or more; the audit uses this. Counts of 0 are published unless `zeros` is set.

    Examples
    --------
    >>> import thbstats as thb
    >>> counts = {
    ...     ("female", "sexual"): 60, ("female", "labour"): 12, ("female", "other"): 9,
    ...     ("male", "sexual"): 3, ("male", "labour"): 41, ("male", "other"): 14,
    ... }
    >>> rows = [(sex, form, n) for (sex, form), n in counts.items()]
    >>> rows += [("total", "sexual", 63), ("total", "labour", 53), ("total", "other", 23)]
    >>> rows += [("female", "total", 81), ("male", "total", 58), ("total", "total", 139)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "exploitation", "value"], kind="victims", area="FR", period=2020
    ... )
    >>> found = suppress(table, fewer_than=5)
    >>> found
    <SuppressedTable 4 of 12 rows suppressed; safe>
    >>> found.table.count(sex="male", exploitation="sexual")
    Count(1 to 4, fewer_than)

    References
    ----------
    M. Fischetti and J. J. Salazar, Models and Algorithms for Optimizing Cell Suppression in
    Tabular Data with Linear Constraints, JASA 95 (2000); A. Hundepool et al., Statistical
    Disclosure Control (Wiley, 2012), section 4.4.
    """
    requirement = "`minimise` must be 'count' or 'cells'"
    require(minimise in get_args(Cost), requirement, "Use minimise='count'", minimise=minimise)
    if protection_level is not None:
        hint = "Use protection_level=1 or more"
        require_integer(1, hint, protection_level=protection_level)
    require_integer(1, "Use max_iterations=200", max_iterations=max_iterations)
    if seed is not None:
        require_integer(0, "Use secrets.randbits(64), and keep the number secret", seed=seed)
    if isinstance(table, PrimarySuppression):
        primary, table = table, table.table
        requirement = "`fewer_than` and `zeros` must not be set for a PrimarySuppression"
        hint = "Pass the rules to primary_suppression()"
        require(fewer_than is None and not zeros, requirement, hint, fewer_than=fewer_than)
    else:
        primary = primary_suppression(table, fewer_than=fewer_than, zeros=zeros)
    assumptions = Assumptions.of(
        table,
        along=along,
        exhaustive=exhaustive,
        overlapping=overlapping,
        unpublished_unknown=unpublished_unknown,
    )
    lattice = Lattice.of(table, assumptions)
    lattice.check_additivity()
    candidates = primary.candidates
    for selection in [always_publish] if isinstance(always_publish, Mapping) else always_publish:
        rows = find_rows(table.columns, parse_selection(table.columns.schema, selection))
        requirement, hint = (
            "`always_publish` must select rows of the table",
            "Use categories of the table",
        )
        require(len(rows), requirement, hint, always_publish=dict(selection))
        candidates[rows] = False
    _check_level(primary, protection_level)
    insiders = _insiders(lattice, primary) if protect_contributors else ()
    problem = SuppressionProblem(
        lattice=lattice,
        primary=primary,
        candidates=candidates,
        protection_level=protection_level,
        attackers=(Attacker("an outside attacker"), *insiders),
    )
    cost = table.lower.astype(np.float64) if minimise == "count" else np.ones(len(table))
    factors: Any = 1
    if seed is not None:
        factors = np.random.default_rng(seed).integers(_GRAIN, 2 * _GRAIN, len(cost), endpoint=True)
    suppressed, bound = _search(problem, cost * factors, max_iterations)
    return SuppressedTable.of(
        problem,
        assumptions,
        suppressed,
        cost=cost,
        bound=bound if seed is None else ceil(bound / (2 * _GRAIN)),  # no factor is larger
        minimise=minimise,
        protect_contributors=protect_contributors,
    )


def _check_level(primary: PrimarySuppression, level: int | None) -> None:
    """Raise `InvalidValue` unless each primary cell can have the protection level."""
    numbers, rows = primary._published_numbers(), primary.rows
    for row, width in zip(rows.tolist(), (numbers.upper - numbers.lower)[rows], strict=True):
        if level is None and np.isinf(width):
            raise InvalidValue(
                "`protection_level` must be set for counts without a published upper bound",
                row=row,
                field="protection_level",
                hint="Set the minimum width of the attacker's bounds",
            )
        if level is not None and level > width:
            raise InvalidValue(
                f"`protection_level` must be at most {width:.0f}, the width of the published "
                "interval",
                row=row,
                field="protection_level",
                value=level,
                hint=f"Use protection_level={width:.0f} or a larger threshold",
            )


def _insiders(lattice: Lattice, primary: PrimarySuppression) -> list[Attacker]:
    """Return the attackers who know a count: single persons and single contributors."""
    lower, upper = lattice.lower[: lattice.n_rows], lattice.upper[: lattice.n_rows]
    # Rows that count one person, grouped if they count the same one.
    groups = {row: {row} for row in np.flatnonzero((lower == 1) & (upper == 1)).tolist()}
    for relation in range(len(lattice.relations)):
        whole, *parts = lattice.relations.terms(relation)[0]
        for part in groups.keys() & parts if whole in groups else ():
            united = groups[whole] | groups[part]
            groups |= dict.fromkeys(united, united)
    persons = {id(rows): rows for rows in groups.values()}.values()
    single: dict[str, set[int]] = {}
    for row, amounts in primary.contributors.items():
        if len(amounts) == 1 and amounts[0][1] == lattice.lower[row] == lattice.upper[row]:
            single.setdefault(amounts[0][0], set()).add(row)
    named = [(f"the person counted in {lattice.label(min(rows))}", rows) for rows in persons]
    return [Attacker(name, frozenset(rows)) for name, rows in [*named, *single.items()]]


def _search(problem: SuppressionProblem, cost: Floats, iterations: int) -> tuple[Bools, int]:
    """Return safe suppressed rows and a lower bound on the cost of any safe choice."""
    master, bound = MasterProblem(problem, cost), 0
    suppressed = problem.suppressed(())
    for _ in range(iterations):
        secondary, bound = master.solve()
        suppressed = problem.suppressed(secondary)
        breaches = list(problem.breaches(suppressed))
        if not breaches:
            return suppressed, bound
        _extend(master, suppressed, breaches)
        if cost[list(secondary)].sum() > bound:
            break
    # Publish superfluous rows, the dearest first.
    secondary_rows = np.setdiff1d(np.flatnonzero(suppressed), problem.primary.rows)
    for row in sorted(secondary_rows.tolist(), key=lambda row: (-cost[row], row)):
        suppressed[row] = False
        suppressed[row] = next(problem.breaches(suppressed), None) is not None
    return suppressed, bound


def _extend(master: MasterProblem, suppressed: Bools, breaches: Iterable[Breach]) -> None:
    """Suppress rows until no breach is left, and record each breach."""
    problem = master.problem
    while breaches:
        for breach in breaches:
            rows = problem.disclosing_rows(suppressed, breach, master.cost)
            if rows is None:
                continue
            if not rows:
                fixed = problem.has_published_rows
                raise ImpossibleResult(
                    f"{breach.attacker.name} can derive this count even if all other counts are "
                    "suppressed",
                    row=breach.row,
                    field="always_publish" if fixed else "protection_level",
                    value=problem.lattice.label(breach.row),
                    hint="Publish fewer rows" if fixed else "Use a lower `protection_level`",
                )
            master.add(breach, rows)
            suppressed[list(rows)] = True
        breaches = list(problem.breaches(suppressed))
