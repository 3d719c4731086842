"""Secondary suppression."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, cast, get_args, overload

import numpy as np
from numpy.typing import NDArray

from thbstats._signatures import explain_arguments
from thbstats.disclosure._suppression_problem import Published, SuppressionProblem
from thbstats.disclosure.lattice import Assumptions, Key, require_integer, row_keys
from thbstats.disclosure.primary import (
    Marks,
    PrimarySuppression,
    SuppressionCause,
    primary_suppression,
)
from thbstats.disclosure.suppressed_table import Exposure, SuppressedTable
from thbstats.errors import InvalidValue, require
from thbstats.files import no_progress
from thbstats.tables import CountTable, require_table
from thbstats.tables.select import find_rows, parse_selection

Cost = Literal["count", "cells"]
Names = Iterable[str] | str | None
Unprotected = CountTable | PrimarySuppression
Rows = Mapping[str, Any] | Iterable[Mapping[str, Any]]

_GRAIN = 64
"""The number of steps of a random cost factor."""


@overload
def suppress(table: Unprotected, **arguments: Any) -> SuppressedTable: ...


@overload
def suppress(table: Sequence[Unprotected], **arguments: Any) -> tuple[SuppressedTable, ...]: ...


@explain_arguments  # type: ignore[misc]
def suppress(
    table: Unprotected | Sequence[Unprotected],
    *,
    fewer_than: int | None = None,
    zeros: bool = False,
    marks: Marks = 1,
    protection_level: int | None = None,
    minimise: Cost = "count",
    always_publish: Rows = (),
    protect_contributors: bool = True,
    previous: Published | Sequence[Published] = (),
    dimensions: Names = None,
    complete_dimensions: Names = None,
    overlapping: Names = None,
    unknown_is_unpublished: bool = False,
    time_limit: float = 10.0,
    workers: int = 1,
    progress: Callable[[str, float], None] | None = None,
    seed: int | None = None,
) -> SuppressedTable | tuple[SuppressedTable, ...]:
    """Apply primary and secondary suppression to a table or to linked tables.

    ``min sum of cost_c over the secondary cells c``, so that for each primary cell p and each end
    m of its protection interval a table of integers exists with ``n_p = m``, that agrees with all
    published counts

    Parameters
    ----------
    table : CountTable, PrimarySuppression or a sequence of them
        A table before publication, or its primary suppression. Several tables of the same cases
        are protected together, because their common totals relate them. Counts that are "fewer
        than n", suppressed or rounded are already suppressed: they stay as they are.
    fewer_than, zeros : int, bool
        Rules of `primary_suppression`, for tables.
    marks : {1, 2}
        The number of marks. With one mark, all suppressed cells look alike, and their bounds start
        at 0. With two, "<n" shows which cells are primary. Two marks need more
        cells; the confidential output contains the difference.
    protection_level : int, optional
        The minimum width of the interval that an attacker can derive for a primary cell: upper
        less lower bound. By default the interval contains 0 to `fewer_than` less 1 (with two
        marks, the published interval of the cell).
    minimise : {"count", "cells"}
        The quantity to minimise: the sum or the number of the counts of secondary suppression.
    always_publish : mapping of str to str, or several mappings
        Rows that are never suppressed, each as for `CountTable.where`.
    protect_contributors : bool
        Whether to consider insiders, who know a suppressed count: a person who is alone in a cell,
        and a country or body that is its only contributor. They must not learn another primary
        count exactly. Secondary counts are not protected from insiders.
    previous : CountTable or SuppressedTable, or a sequence of them
        Earlier releases about the same cases. Readers can compare them with the new table, and
        can know which counts did not change. A `SuppressedTable` also contains the counts before
        suppression, so that its primary cells stay protected.
    dimensions, complete_dimensions, overlapping, unknown_is_unpublished : optional
        The assumptions of an attacker, as for `disclosure_audit`.
    time_limit : float
        The seconds for the search for a cheaper choice, after a first safe choice. An
        interruption (Ctrl-C) in this search returns the choice so far.
    workers : int
        The number of processes for blocks that do not depend on each other, such as years without
        a total. In a script, more than one needs ``if __name__ == "__main__":``.
    progress : callable, optional
        A function that receives the step and its progress from 0 to 1.
    seed : int, optional
        A secret integer of 0 or more. Costs are then multiplied by random numbers from 1 to 2, so
        that readers who know `suppress` cannot repeat the choice. The same seed gives the same
        choice if the time limit does not end the search.

    Returns
    -------
    SuppressedTable or tuple of SuppressedTable
        The table to publish and its suppressed cells; one for each table of a sequence.

    Raises
    ------
    InvalidValue
        If no rule is set, no row matches `always_publish`, an argument is out of range, or linked
        tables have different counts for one row.
    ImpossibleResult
        If the counts violate the assumptions, or no choice gives a primary cell its
        `protection_level`.
    EngineFailed
        If no safe choice was found, although one can exist.

    Notes
    -----
    A table of integers that proves a protection interval is a *witness*. Each witness is checked
    in integers, so that safety does not depend on the solver. The search for the cheapest choice
    ends for most tables of up to 150 cells that can be suppressed; `SuppressedTable.cost_bound` is
    then the cost. In larger tables the choice can be dearer than the cheapest one, which costs
    `cost_bound` or more.

    If published counts narrow a cell although all other cells are suppressed, the cell gets the
    widest possible interval, `is_safe` is false and `unmet` lists the cell. Counts of 0 are
    published unless `zeros` is set. Readers who use this can exclude 0 for suppressed cells; set
    `zeros` against such readers.

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
    <SuppressedTable 4 of 12 rows suppressed>
    >>> found.table.count(sex="male", exploitation="sexual")
    Count(0 or more, suppressed)

    References
    ----------
    M. Fischetti and J. J. Salazar, Models and Algorithms for Optimizing Cell Suppression in
    Tabular Data with Linear Constraints, JASA 95 (2000); A. Hundepool et al., Statistical
    Disclosure Control (Wiley, 2012), section 4.4; O. Langsrud, Secondary Cell Suppression by
    Gaussian Elimination, Privacy in Statistical Databases (2024).
    """
    for name, value, options in (("minimise", minimise, get_args(Cost)), ("marks", marks, (1, 2))):
        requirement = f"`{name}` must be {options[0]!r} or {options[1]!r}"
        require(value in options, requirement, f"Use {name}={options[0]!r}", **{name: value})
    if protection_level is not None:
        hint = "Use protection_level=1 or more"
        require_integer(1, hint, protection_level=protection_level)
    require_integer(1, "Use workers=2", workers=workers)
    is_limit = isinstance(time_limit, int | float) and time_limit >= 0  # type: ignore[redundant-expr]
    require(is_limit, "`time_limit` must be 0 or more", "Use time_limit=10", time_limit=time_limit)
    if seed is not None:
        require_integer(0, "Use secrets.randbits(64), and keep the number secret", seed=seed)
    single = isinstance(table, CountTable | PrimarySuppression)
    if not single and not isinstance(table, list | tuple):
        require_table(table)
    tables = cast("Sequence[Unprotected]", [table] if single else table)
    require(bool(tables), "`table` must not be empty", "Pass one or more tables", table=table)
    parts = [_primary(item, fewer_than, zeros) for item in tables]
    primary, rows = _united(parts)
    assumptions = Assumptions.of(
        primary.table,
        dimensions=dimensions,
        complete_dimensions=complete_dimensions,
        overlapping=overlapping,
        unknown_is_unpublished=unknown_is_unpublished,
    )
    earlier: list[Any] = list(previous) if isinstance(previous, list | tuple) else [previous]
    for own in earlier:
        require_table(own.table if isinstance(own, SuppressedTable) else own, "previous")
    candidates = primary.candidates
    for selection in [always_publish] if isinstance(always_publish, Mapping) else always_publish:
        matches = find_rows(
            primary.table.columns, parse_selection(primary.table.columns.schema, selection)
        )
        requirement = "`always_publish` must select rows of the table"
        hint = "Use categories of the table"
        require(len(matches), requirement, hint, always_publish=dict(selection))
        candidates[matches] = False
    cost = primary.table.lower.astype(np.float64)
    if minimise == "cells":
        cost = np.ones(len(primary.table))
    factors = np.ones(len(cost))
    if seed is not None:
        draws = np.random.default_rng(seed).integers(_GRAIN, 2 * _GRAIN, len(cost), endpoint=True)
        factors = draws / _GRAIN
    problem = SuppressionProblem(
        primary=primary,
        assumptions=assumptions,
        candidates=candidates,
        cost=cost,
        factors=factors,
        level=protection_level,
        insiders=protect_contributors,
        previous=earlier,
        seconds=float(time_limit),
        workers=workers,
        progress=progress or no_progress,
    )
    suppressed, unmet, exposures, cost_bound = problem.solve(marks)
    saved = None
    if marks == 2:  # the price of the second mark
        less = problem.solve(1)[0]
        saved = int(cost[suppressed & candidates].sum() - cost[less & candidates].sum())
    secondary = suppressed & candidates
    results = []
    for part, own in zip(parts, rows, strict=True):
        position = {row: position for position, row in enumerate(own.tolist())}
        results.append(
            SuppressedTable.of(
                part,
                suppressed[own],
                assumptions=assumptions,
                secondary=np.flatnonzero(secondary[own]),
                marks=marks,
                minimise=minimise,
                cost=int(cost[own][secondary[own]].sum()),
                cost_bound=cost_bound,
                extra_cost=saved,
                protect_contributors=protect_contributors,
                linked=len(parts) + len(earlier),
                unmet=tuple(position[row] for row in unmet if row in position),
                exposures=tuple(
                    Exposure(position[row], name) for row, name in exposures if row in position
                ),
            )
        )
    return results[0] if single else tuple(results)


def _primary(table: Unprotected, fewer_than: int | None, zeros: bool) -> PrimarySuppression:
    if not isinstance(table, PrimarySuppression):
        return primary_suppression(table, fewer_than=fewer_than, zeros=zeros)
    requirement = "`fewer_than` and `zeros` must not be set for a PrimarySuppression"
    hint = "Pass the rules to primary_suppression()"
    require(fewer_than is None and not zeros, requirement, hint, fewer_than=fewer_than)
    return table


def _united(
    parts: Sequence[PrimarySuppression],
) -> tuple[PrimarySuppression, list[NDArray[np.intp]]]:
    """Return one primary suppression of all rows, and the rows of each table in it."""
    if len(parts) == 1:
        return parts[0], [np.arange(len(parts[0].table))]
    first: dict[Key, tuple[int, int]] = {}
    taken: list[CountTable] = []
    rows: list[NDArray[np.intp]] = []
    size = 0
    for number, part in enumerate(parts):
        table, own = part.table, list[int]()
        hint = "Protect tables of one kind and with one rule together"
        is_alike = table.kind == parts[0].table.kind and part.rules == parts[0].rules
        require(
            is_alike, "`table` must contain tables of one kind and rule", hint, table=table.kind
        )
        new = list[int]()
        for row, key in enumerate(row_keys(table)):
            position, other = first.setdefault(key, (size, number * 10**9 + row))
            if position == size:
                new.append(row)
                size += 1
            elif table.lower[row] != parts[other // 10**9].table.lower[other % 10**9]:
                raise InvalidValue(
                    "linked tables must have the same count for the same row",
                    row=row,
                    field="table",
                    value=int(table.lower[row]),
                    hint="Pass tables of the same cases",
                )
            own.append(position)
        taken.append(CountTable(table.columns.take(np.array(new, dtype=np.intp))))
        rows.append(np.array(own, dtype=np.intp))
    causes: dict[int, SuppressionCause] = {}
    contributors: dict[int, Any] = {}
    for part, own_rows in zip(parts, rows, strict=True):
        causes |= {int(own_rows[row]): cause for row, cause in part.causes.items()}
        contributors |= {int(own_rows[row]): known for row, known in part.contributors.items()}
    united = PrimarySuppression(
        table=CountTable.concat(taken),
        rules=parts[0].rules,
        causes=causes,
        contributors=contributors,
    )
    return united, rows
