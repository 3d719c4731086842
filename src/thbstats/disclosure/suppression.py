"""Secondary suppression."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import ceil, isinf
from typing import Any, Literal, cast, get_args, overload

import numpy as np
from attrs import define, frozen

from thbstats._signatures import explain_arguments
from thbstats.columns import Floats, Index, Integers, Mask
from thbstats.disclosure._block_search import solve_blocks
from thbstats.disclosure._cell_sums import Key, contains
from thbstats.disclosure._choice_search import Report
from thbstats.disclosure._suppression_block import Requirement
from thbstats.disclosure._table_system import TableSystem, inner_cells
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.lattice import (
    CellLabels,
    Lattice,
    require_integer,
    row_keys,
)
from thbstats.disclosure.primary import (
    PROTECTED_REASONS,
    Marks,
    PrimarySuppression,
    SuppressionCause,
    primary_suppression,
)
from thbstats.disclosure.suppressed_table import Exposure, SuppressedTable
from thbstats.errors import ImpossibleResult, InvalidValue, require
from thbstats.files import no_progress
from thbstats.tables import CountTable, require_table
from thbstats.tables.select import find_rows, parse_selection
from thbstats.values import Interval

Published = CountTable | SuppressedTable
Cost = Literal["count", "cells"]
Names = Iterable[str] | str | None
Unprotected = CountTable | PrimarySuppression
Rows = Mapping[str, Any] | Sequence[Mapping[str, Any]]

_GRAIN = 64
"""The number of steps of a random cost factor."""

_TOLERANCE = 1e-6  # of a bound in floating-point numbers; costs are integers


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
        minus lower bound. By default the interval contains 0 to `fewer_than` minus 1 (with two
        marks, the published interval of the cell).
    minimise : {"count", "cells"}
        The quantity to minimise: the sum or the number of the counts of secondary suppression.
    always_publish : mapping of str to str, or several mappings
        Rows that secondary suppression does not use, each as for `CountTable.where`. Counts of
        primary suppression stay suppressed.
    protect_contributors : bool
        Whether to consider insiders, who know a suppressed count: a person who is alone in a cell
        (also in cells of several tables), and a country or body that is its only contributor. They
        must not learn another primary count exactly. Secondary counts are not protected from them.
    previous : CountTable or SuppressedTable, or a sequence of them
        Earlier releases about the same cases: the same areas and periods. Readers can compare them
        with the new table, and can know which counts did not change. A `SuppressedTable` also
        contains the counts before suppression, so that its primary cells stay protected. For a
        `CountTable` these counts are not known: suppressed counts in a changed sum are treated as
        changed. Readers who know that one of them did not change can learn more.
    dimensions, complete_dimensions, overlapping, unknown_is_unpublished : optional
        The assumptions of an attacker, as for `disclosure_audit`.
    time_limit : float
        The seconds for the search for a cheaper choice, after a first safe choice. An
        interruption (Ctrl-C) in this search returns the best safe choice so far. Before it, and in
        the protection from insiders after it, an interruption raises ``KeyboardInterrupt``.
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
        If no rule is set, no row matches `always_publish`, an argument is out of range, linked
        tables have different counts for one row, or an earlier release has no cell in common.
    ImpossibleResult
        If the counts violate the assumptions, or no choice gives a primary cell its
        `protection_level`.
    EngineFailed
        If no safe choice was found, although one can exist.

    Notes
    -----
    A table of integers that proves a protection interval is a *witness*. Each witness is checked in
    integers, so that safety does not depend on the solver. The search for the cheapest choice ends
    for most tables of up to 150 cells that can be suppressed; `SuppressedTable.cost_bound` is then
    the cost. In larger tables the choice can cost more than the cheapest choice, which costs
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
    Tabular Data with Linear Constraints, JASA 95 (2000); J. P. Kelly, B. L. Golden and A. A. Assad,
    Cell Suppression: Disclosure Protection for Sensitive Tabular Data, Networks 22 (1992);
    J. Castro, A Shortest-Paths Heuristic for Statistical Data Protection in Positive Tables,
    INFORMS Journal on Computing 19 (2007); A. Hundepool et al., Statistical Disclosure Control
    (Wiley, 2012), section 4.4; O. Langsrud, Secondary Cell Suppression by Gaussian Elimination,
    Privacy in Statistical Databases (2024).
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
    requirement = "`progress` must be a function of a step and its progress"
    is_function = progress is None or callable(progress)
    require(is_function, requirement, "Use progress=print", progress=progress)
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
    requirement = "`always_publish` must contain rows, each as a mapping of dimensions to codes"
    hint = "Use always_publish={'sex': 'total'}"
    is_several = isinstance(always_publish, list | tuple)
    selections = cast("Sequence[Any]", always_publish if is_several else [always_publish])
    for selection in selections:
        require(isinstance(selection, Mapping), requirement, hint, always_publish=selection)
        matches = find_rows(
            primary.table.columns, parse_selection(primary.table.columns.schema, selection)
        )
        require(
            len(matches),
            "`always_publish` must select rows of the table",
            "Use categories of the table",
            always_publish=dict(selection),
        )
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
    solution = problem.solve(marks)
    saved = _extra_cost(problem, solution) if marks == 2 else None
    secondary = solution.suppressed & candidates
    results = []
    for part, own in zip(parts, rows, strict=True):
        position = {row: position for position, row in enumerate(own.tolist())}
        results.append(
            SuppressedTable(
                table=part.published_table(solution.suppressed[own], marks=marks),
                primary=part,
                assumptions=assumptions,
                secondary=np.flatnonzero(secondary[own]),
                marks=marks,
                minimise=minimise,
                cost=int(cost[own][secondary[own]].sum()),
                linked_cost=int(cost[secondary].sum()),
                cost_bound=solution.cost_bound,
                extra_cost=saved,
                protect_contributors=protect_contributors,
                linked=len(parts) + len(earlier),
                unmet=tuple(position[row] for row in solution.unmet if row in position),
                exposures=tuple(
                    Exposure(position[own.row], own.insider)
                    for own in solution.exposures
                    if own.row in position
                ),
            )
        )
    return results[0] if single else tuple(results)


def _extra_cost(problem: "SuppressionProblem", solution: "Solution") -> int | None:
    """Return the part of the cost that the second mark causes.

    ``None`` if an interruption ends one of both searches: the costs are then not comparable.
    """
    if solution.is_interrupted:
        return None
    try:
        single = problem.solve(1)
    except KeyboardInterrupt:  # a safe choice with two marks is known
        return None
    if single.is_interrupted:
        return None
    double, less = (problem.cost[own.suppressed & problem.candidates] for own in (solution, single))
    return int(double.sum() - less.sum())


def _primary(table: Unprotected, fewer_than: int | None, zeros: bool) -> PrimarySuppression:
    if not isinstance(table, PrimarySuppression):
        return primary_suppression(table, fewer_than=fewer_than, zeros=zeros)
    requirement = "`fewer_than` and `zeros` must not be set for a PrimarySuppression"
    hint = "Pass the rules to primary_suppression()"
    require(fewer_than is None and not zeros, requirement, hint, fewer_than=fewer_than)
    return table


def _united(parts: Sequence[PrimarySuppression]) -> tuple[PrimarySuppression, list[Index]]:
    """Return one primary suppression of all rows, and the rows of each table in it."""
    if len(parts) == 1:
        return parts[0], [np.arange(len(parts[0].table))]
    first: dict[Key, tuple[int, Interval]] = {}  # the row and the count of each key
    taken: list[CountTable] = []
    rows: list[Index] = []
    for part in parts:
        table, own = part.table, list[int]()
        hint = "Protect tables of one kind and with one rule together"
        is_alike = table.kind == parts[0].table.kind and part.rules == parts[0].rules
        require(
            is_alike, "`table` must contain tables of one kind and rule", hint, table=table.kind
        )
        new = list[int]()
        for row, key in enumerate(row_keys(table)):
            upper = float(table.upper[row])
            number = Interval(int(table.lower[row]), None if isinf(upper) else int(upper))
            if key not in first:
                new.append(row)
            position, known = first.setdefault(key, (len(first), number))
            if number != known:
                label = CellLabels.of(table).label(key)
                raise InvalidValue(
                    f"linked tables must have the same count of {label}, got {known} and {number}",
                    row=row,
                    field="table",
                    value=str(number),
                    hint="Pass tables of the same cases, all before suppression",
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


@frozen(kw_only=True, eq=False)
class Solution:
    """Suppressed rows of one problem, and the requirements that no choice meets.

    The cost of each safe choice is at least `cost_bound`.
    """

    suppressed: Mask
    unmet: list[int]
    exposures: list[Exposure]
    cost_bound: int
    is_interrupted: bool


@define(kw_only=True, eq=False)
class SuppressionProblem:
    """Rows, rules and readers of one suppression, and the limits of its search."""

    primary: PrimarySuppression
    assumptions: Assumptions
    candidates: Mask
    cost: Floats
    factors: Floats
    level: int | None
    insiders: bool
    previous: list[Published]
    seconds: float
    workers: int
    progress: Report

    def solve(self, marks: Marks) -> Solution:
        """Return the rows to suppress with one or two marks."""
        # 1. All tables as one system of cells and relations.
        table, system = self.primary.table, TableSystem()
        inner = inner_cells(table, self.assumptions)
        lattice = Lattice.of(table, self.assumptions, inner)
        lattice.check_additivity()
        every = np.ones(len(table), dtype=np.bool_)
        published = self.primary.published_table(every, marks=marks)
        hidden = table.lower < table.upper
        hidden[self.primary.rows] = True
        system.add(
            table,
            lattice,
            hidden=hidden,
            open_rows=self.candidates & ~hidden,
            bounds=(published.lower.astype(np.float64), published.upper),
        )
        requirements = self._requirements(self.primary, marks, np.arange(len(table)), system)
        for earlier in self.previous:
            requirements += self._add_previous(earlier, lattice, system)
        # 2. A choice for each block of the system; only rows of the new table have a cost.
        n, size = len(table), len(system.cells)
        cost = np.concatenate([self.cost, np.zeros(size - n)])
        names = self._insiders(lattice) if self.insiders else {}
        merged = dict.fromkeys(requirements)
        scale = self.primary.rules.fewer_than or 5
        factors = np.concatenate([self.factors, np.ones(size - n)])
        arguments = (cost * factors, cost, scale, merged, names)
        blocks = list(system.blocks(*arguments)) if merged else []
        solved = solve_blocks(blocks, self.seconds, self.workers, self.progress)
        # 3. The rows of all blocks, and the requirements that no choice meets.
        bound = sum(result.bound for result in solved)
        suppressed = np.zeros(size, dtype=np.bool_)
        unmet, exposures = set[int](), list[Exposure]()
        for block, result in zip(blocks, solved, strict=True):
            suppressed[block.cells] = result.suppressed
            for requirement in result.unmet:
                cell = int(block.cells[requirement.cell])
                if requirement.known:
                    exposures.append(Exposure(cell, block.insiders[requirement.known]))
                elif self.level is not None:
                    fewer = bool((self.primary.candidates & ~self.candidates).any())
                    label = lattice.labels.label(system.cells[cell].key)
                    raise ImpossibleResult(
                        f"an attacker can derive the count of {label} even if all other counts are "
                        "suppressed",
                        row=cell,
                        field="always_publish" if fewer else "protection_level",
                        value=label,
                        hint="Publish fewer rows" if fewer else "Use a lower `protection_level`",
                    )
                else:
                    unmet.add(cell)
        rows = suppressed[:n] & self.candidates
        rows[self.primary.rows] = True
        return Solution(
            suppressed=rows,
            unmet=sorted(unmet),
            exposures=exposures,
            cost_bound=ceil(bound - _TOLERANCE),
            is_interrupted=any(result.is_interrupted for result in solved),
        )

    def _requirements(
        self, primary: PrimarySuppression, marks: Marks, columns: Integers, system: TableSystem
    ) -> list[Requirement]:
        """Return the moves that the primary cells of a table need."""
        results, table, rules = [], primary.table, primary.rules
        published = primary.published_table(marks=marks)
        for row, cause in sorted(primary.causes.items()):
            column = int(columns[row])
            value, width = system.cells[column].value, published.upper[row] - published.lower[row]
            if self.level is not None:
                if self.level > width:
                    raise InvalidValue(
                        f"`protection_level` must be at most {width:.0f}, the width of the "
                        "published interval",
                        row=row,
                        field="protection_level",
                        value=self.level,
                        hint=f"Use protection_level={width:.0f} or a larger threshold",
                    )
                results.append(Requirement(column, distance=self.level))
                continue
            lower, upper = float(table.lower[row]), float(table.upper[row])
            if cause is not SuppressionCause.ALREADY_SUPPRESSED:
                of_rule = rules.fewer_than is not None and value < rules.fewer_than
                lower = published.lower[row]
                upper = float(rules.fewer_than or 0) - 1 if of_rule else np.inf
            elif isinf(upper):
                results.append(Requirement(column))
                continue
            if isinf(upper):
                raise InvalidValue(
                    "`protection_level` must be set for counts without a threshold",
                    row=row,
                    field="protection_level",
                    hint="Set the minimum width of the attacker's bounds",
                )
            results += [Requirement(column, int(m - value)) for m in (lower, upper) if m != value]
        return results

    def _add_previous(
        self, published: Published, new: Lattice, system: TableSystem
    ) -> list[Requirement]:
        """Add an earlier release, and return the moves that its primary cells need."""
        earlier = published if isinstance(published, SuppressedTable) else None
        public = published.table if isinstance(published, SuppressedTable) else published
        truth = public if earlier is None else earlier.primary.table
        kind, hint = self.primary.table.kind, "Pass a release of the same kind of counts"
        requirement = f"`previous` must contain tables of {kind}"
        require(public.kind == kind, requirement, hint, previous=public.kind)
        unknown = public.lower < public.upper
        lattice = Lattice.of(truth, self.assumptions)
        requirement = "`previous` must have cells in common with the table"
        hint = "Pass releases with the same area, period, status and unit, or leave it out"
        label = CellLabels.of(public).label(lattice.keys[0]) if len(public) else "no rows"
        require(not set(lattice.keys).isdisjoint(new.keys), requirement, hint, previous=label)
        columns = system.add(
            truth,
            lattice,
            hidden=unknown,
            open_rows=np.zeros(len(public), dtype=np.bool_),
            bounds=(public.lower.astype(np.float64), public.upper),
        )
        if earlier is not None:
            return self._requirements(earlier.primary, earlier.marks, columns, system)
        protected = np.isin(public.reason, [reason.severity for reason in PROTECTED_REASONS])
        rows = np.flatnonzero(protected & unknown)
        is_old = columns[rows] >= len(self.primary.table)
        return [Requirement(int(column)) for column in columns[rows[is_old]]]

    def _insiders(self, lattice: Lattice) -> dict[tuple[int, ...], str]:
        """Return the insiders who know a count, single persons and single contributors, by rows."""
        lower, upper = lattice.lower[: lattice.n_rows], lattice.upper[: lattice.n_rows]
        # Rows that count one person, grouped if they count the same one.
        groups = {row: {row} for row in np.flatnonzero((lower == 1) & (upper == 1)).tolist()}
        for relation in range(len(lattice.relations)):
            whole, *parts = lattice.relations.terms(relation)[0]
            for part in groups.keys() & parts if whole in groups else ():
                united = groups[whole] | groups[part]
                groups |= dict.fromkeys(united, united)
        groups = {id(rows): rows for rows in groups.values()}
        named = {
            tuple(sorted(rows)): f"the person counted in {lattice.label(min(rows))}"
            for rows in groups.values()
        }
        for several in one_person(lattice, groups.values()):
            labels = " and in ".join(sorted(lattice.label(min(rows)) for rows in several))
            named[tuple(sorted(set().union(*several)))] = f"the person counted in {labels}"
        single: dict[str, set[int]] = {}
        for row, amounts in self.primary.contributors.items():
            if len(amounts) == 1 and amounts[0][1] == lattice.lower[row] == lattice.upper[row]:
                single.setdefault(amounts[0][0], set()).add(row)
        return named | {tuple(sorted(rows)): name for name, rows in single.items()}


def one_person(lattice: Lattice, groups: Iterable[set[int]]) -> Iterator[list[set[int]]]:
    """Yield groups of rows that each count one person, who can be the same person.

    A woman can be alone in a table by sex and region, and an adult in one by age and region. Where
    no table has sex by age, only this person knows whether they are the same one.
    """
    dimensions, rows = lattice.labels.schema.dimensions, set(lattice.keys[: lattice.n_rows])
    if len(rows) == np.prod([len(set(codes)) for codes in zip(*rows, strict=True)]):
        return  # each combination has a row, whose count decides

    def narrower(first: Key, second: Key) -> Key | None:
        """Return the categories that two cells have in common, or ``None``."""
        common = list[str]()
        for dimension, *pair in zip(dimensions, first, second, strict=True):
            inside = (
                narrow for narrow, wide in (pair, pair[::-1]) if contains(dimension, wide, narrow)
            )
            code = next(inside, None)
            if code is None:
                return None
            common.append(code)
        return tuple(common)

    # 1. The narrowest categories of each group, and those that some groups have in common.
    own: dict[Key, set[int]] = {}
    for group in groups:
        key: Key | None = lattice.keys[min(group)]
        for row in group:
            key = key and narrower(key, lattice.keys[row])
        if key is not None:  # with overlapping categories, the rows can exclude each other
            own[key] = group
    keys = dict.fromkeys(own)
    queue = list(own)
    for first in queue:  # it grows
        for second in own:
            both = narrower(first, second)
            if both is not None and both not in keys and both not in rows:
                keys[both] = None
                queue.append(both)
    # 2. A person with these categories is counted in all groups that contain them.
    for key in [key for key in keys if key not in own]:
        yield [group for wide, group in own.items() if narrower(key, wide) == key]
