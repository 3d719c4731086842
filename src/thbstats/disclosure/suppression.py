"""Secondary suppression."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from math import isinf
from multiprocessing import get_context
from typing import Any, Literal, get_args, overload

import numpy as np
from attrs import define
from numpy.typing import NDArray

from thbstats._signatures import short_signature
from thbstats.disclosure._suppression_block import Block, Report, Requirement, solve_block
from thbstats.disclosure._suppression_system import System, Table
from thbstats.disclosure.assumptions import Assumptions, require_integer
from thbstats.disclosure.lattice import Key, Lattice
from thbstats.disclosure.primary import PrimarySuppression, primary_suppression
from thbstats.disclosure.suppressed_table import Exposure, SuppressedTable
from thbstats.disclosure.suppression_rules import (
    PROTECTED_REASONS,
    Marks,
    SuppressionCause,
)
from thbstats.errors import ImpossibleResult, InvalidValue, require
from thbstats.exchange import no_progress
from thbstats.tables import CountTable
from thbstats.tables.select import find_rows, parse_selection

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Cost = Literal["count", "cells"]
Names = Iterable[str] | str | None
Unprotected = CountTable | PrimarySuppression
Published = CountTable | SuppressedTable
Rows = Mapping[str, Any] | Iterable[Mapping[str, Any]]

_GRAIN = 64
"""The number of steps of a random cost factor."""

_MOST_INNER = 200_000


@overload
def suppress(table: Unprotected, **arguments: Any) -> SuppressedTable: ...


@overload
def suppress(table: Sequence[Unprotected], **arguments: Any) -> tuple[SuppressedTable, ...]: ...


@short_signature
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
    along: Names = None,
    exhaustive: Names = None,
    overlapping: Names = None,
    unpublished_unknown: bool = False,
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
        at 0. With two, readers can tell "<n" from other suppressed cells. Two marks need more
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
    along, exhaustive, overlapping, unpublished_unknown : optional
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
    in integers, so that safety does not depend on the solver. The choice is not always the
    cheapest one.

    If published counts narrow a cell whatever else is suppressed, the cell gets the widest possible
    interval, `is_safe` is false and `unmet` lists the cell. Counts of 0 are published unless
    `zeros` is set. Readers who use this can exclude 0 for suppressed cells; set `zeros` against
    such readers.

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
    is_limit = isinstance(time_limit, int | float) and time_limit >= 0
    require(is_limit, "`time_limit` must be 0 or more", "Use time_limit=10", time_limit=time_limit)
    if seed is not None:
        require_integer(0, "Use secrets.randbits(64), and keep the number secret", seed=seed)
    several = not isinstance(table, CountTable | PrimarySuppression)
    tables = list(table) if several else [table]  # type: ignore[arg-type]
    require(bool(tables), "`table` must not be empty", "Pass one or more tables", table=table)
    parts = [_primary(item, fewer_than, zeros) for item in tables]
    primary, rows = _united(parts)
    assumptions = Assumptions.of(
        primary.table,
        along=along,
        exhaustive=exhaustive,
        overlapping=overlapping,
        unpublished_unknown=unpublished_unknown,
    )
    earlier = [previous] if isinstance(previous, CountTable | SuppressedTable) else list(previous)
    candidates = primary.candidates
    for selection in [always_publish] if isinstance(always_publish, Mapping) else always_publish:
        matches = find_rows(
            primary.table.columns, parse_selection(primary.table.columns.schema, selection)
        )
        requirement, hint = (
            "`always_publish` must select rows of the table",
            "Use categories of the table",
        )
        require(len(matches), requirement, hint, always_publish=dict(selection))
        candidates[matches] = False
    cost = primary.table.lower.astype(np.float64)
    if minimise == "cells":
        cost = np.ones(len(primary.table))
    factors: Any = 1
    if seed is not None:
        draws = np.random.default_rng(seed).integers(_GRAIN, 2 * _GRAIN, len(cost), endpoint=True)
        factors = draws / _GRAIN
    problem = _Problem(
        primary=primary,
        assumptions=assumptions,
        candidates=candidates,
        cost=cost * factors,
        level=protection_level,
        insiders=protect_contributors,
        previous=earlier,
    )
    run = _Run(float(time_limit), workers, progress or no_progress)
    suppressed, unmet, exposures = problem.solve(marks, run)
    saved = None
    if marks == 2:  # the price of the second mark
        single = problem.solve(1, run)[0]
        saved = int(cost[suppressed & candidates].sum() - cost[single & candidates].sum())
    secondary = suppressed & candidates
    results = []
    for part, own in zip(parts, rows, strict=True):
        place = {row: position for position, row in enumerate(own.tolist())}
        results.append(
            SuppressedTable.of(
                part,
                suppressed[own],
                assumptions=assumptions,
                secondary=np.flatnonzero(secondary[own]),
                marks=marks,
                minimise=minimise,
                cost=int(cost[own][secondary[own]].sum()),
                extra_cost=saved,
                protect_contributors=protect_contributors,
                linked=len(parts) + len(earlier),
                unmet=tuple(place[row] for row in unmet if row in place),
                exposures=tuple(
                    Exposure(place[row], name) for row, name in exposures if row in place
                ),
            )
        )
    return tuple(results) if several else results[0]


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
    taken, rows, size = [], [], 0
    for number, part in enumerate(parts):
        table, own = part.table, []
        hint = "Protect tables of one kind and with one rule together"
        is_alike = table.kind == parts[0].table.kind and part.rules == parts[0].rules
        require(
            is_alike, "`table` must contain tables of one kind and rule", hint, table=table.kind
        )
        new = []
        for row, key in enumerate(_keys(table)):
            place, other = first.setdefault(key, (size, number * 10**9 + row))
            if place == size:
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
            own.append(place)
        taken.append(CountTable(table.columns.take(np.array(new, dtype=np.intp))))
        rows.append(np.array(own, dtype=np.intp))
    causes: dict[int, SuppressionCause] = {}
    contributors: dict[int, Any] = {}
    for part, own in zip(parts, rows, strict=True):
        causes |= {int(own[row]): cause for row, cause in part.causes.items()}
        contributors |= {int(own[row]): known for row, known in part.contributors.items()}
    united = PrimarySuppression(
        table=CountTable.concat(taken),
        rules=parts[0].rules,
        causes=causes,
        contributors=contributors,
    )
    return united, rows


def _keys(table: CountTable) -> list[Key]:
    columns = [np.array(c.categories)[c.codes].tolist() for c in table.columns.dimensions]
    return list(zip(*columns, strict=True))


def inner_cells(table: CountTable, assumptions: Assumptions) -> Iterator[Key]:
    """Yield the cells of all dimensions whose totals the table publishes in a cycle.

    Tables by A and B, B and C, and A and C narrow each other through the cells by A, B and C.
    Without a cycle they do so through their common totals alone.
    """
    schema, keys = table.columns.schema, _keys(table)
    axes = [
        axis
        for axis, dimension in enumerate(schema.dimensions)
        if dimension.total is not None and dimension.name in assumptions.exhaustive
    ]
    totals = [schema.dimensions[axis].total for axis in axes]
    edges = {
        frozenset(a for a, total in zip(axes, totals, strict=True) if key[a] != total)
        for key in keys
    }
    edges = {edge for edge in edges if not any(edge < other for other in edges)}
    while True:  # an edge whose common dimensions with all others are in one other is no cycle
        for edge in edges:
            shared = edge & frozenset().union(*(edges - {edge}))
            if any(shared <= other for other in edges - {edge}) or len(edges) == 1:
                edges = edges - {edge}
                break
        else:
            break
    if not edges:
        return
    cyclic = sorted(frozenset().union(*edges))
    codes: dict[Key, list[set[str]]] = {}
    for key in keys:
        context = tuple("" if axis in cyclic else code for axis, code in enumerate(key))
        sets = codes.setdefault(context, [set() for _ in cyclic])
        for place, axis in enumerate(cyclic):
            sets[place].add(key[axis])
    for context, sets in codes.items():
        leaves = []
        for axis, present in zip(cyclic, sets, strict=True):
            dimension = schema.dimensions[axis]
            parents = {dimension.parent(code) for code in present}
            leaves.append(sorted(present - parents - {dimension.total}))  # type: ignore[arg-type]
        size = int(np.prod([len(names) for names in leaves]))
        requirement = f"the inner cells of linked tables must be at most {_MOST_INNER:,}"
        require(size <= _MOST_INNER, requirement, "Protect fewer tables together", table=size)
        for inner in product(*leaves):
            key = list(context)
            for axis, code in zip(cyclic, inner, strict=True):
                key[axis] = code
            yield tuple(key)


@define(eq=False)
class _Run:
    """Limits of a search."""

    seconds: float
    workers: int
    progress: Report


@define(kw_only=True, eq=False)
class _Problem:
    """Rows, rules and readers of one suppression."""

    primary: PrimarySuppression
    assumptions: Assumptions
    candidates: Bools
    cost: Floats
    level: int | None
    insiders: bool
    previous: list[Published]

    def solve(self, marks: Marks, run: _Run) -> tuple[Bools, list[int], list[tuple[int, str]]]:
        """Return the suppressed rows, the rows with less protection, and those of insiders."""
        table, system = self.primary.table, System()
        inner = inner_cells(table, self.assumptions)
        lattice = Lattice.of(table, self.assumptions, inner)
        lattice.check_additivity()
        numbers = self.primary._published_numbers(marks=marks)
        known = table.lower == table.upper
        unknown = ~known
        unknown[self.primary.rows] = True
        system.add(
            Table(
                lattice=lattice,
                counts=table.lower,
                is_known=known,
                unknown=unknown,
                candidates=self.candidates & ~unknown,
                lower=numbers.lower.astype(np.float64),
                upper=numbers.upper,
            )
        )
        requirements = self._requirements(self.primary, marks, np.arange(len(table)), system)
        for published in self.previous:
            requirements += self._add_previous(published, marks, system)
        n, size = len(table), len(system.value)
        cost = np.concatenate([self.cost, np.zeros(size - n)])
        names = self._insiders(lattice) if self.insiders else {}
        merged = dict.fromkeys(requirements)
        scale = self.primary.rules.fewer_than or 5
        blocks = list(system.blocks(cost, scale, merged, names))
        solved = _solve(blocks, run)
        suppressed = np.zeros(size, dtype=np.bool_)
        unmet, exposures = [], []
        for block in solved:
            suppressed[block.cells] = block.suppressed
            for requirement in block.unmet:
                cell = int(block.cells[requirement.cell])
                if requirement.known:
                    exposures.append((cell, block.insiders[requirement.known]))
                elif self.level is not None:
                    published = bool((self.primary.candidates & ~self.candidates).any())
                    raise ImpossibleResult(
                        "an attacker can derive this count even if all other counts are suppressed",
                        row=cell,
                        field="always_publish" if published else "protection_level",
                        value=lattice.labels.label(system.keys[cell]),
                        hint="Publish fewer rows"
                        if published
                        else "Use a lower `protection_level`",
                    )
                else:
                    unmet.append(cell)
        rows = suppressed[:n] & self.candidates
        rows[self.primary.rows] = True
        return rows, sorted(set(unmet)), exposures

    def _requirements(
        self, primary: PrimarySuppression, marks: Marks, columns: NDArray[Any], system: System
    ) -> list[Requirement]:
        """Return the moves that the primary cells of a table need."""
        found, table, rules = [], primary.table, primary.rules
        numbers = primary._published_numbers(marks=marks)
        for row, cause in sorted(primary.causes.items()):
            column = int(columns[row])
            value, width = system.value[column], numbers.upper[row] - numbers.lower[row]
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
                found.append(Requirement(column, distance=self.level))
                continue
            lower, upper = float(table.lower[row]), float(table.upper[row])
            if cause is not SuppressionCause.ALREADY_SUPPRESSED:
                of_rule = rules.fewer_than is not None and value < rules.fewer_than
                lower = numbers.lower[row]
                upper = float(rules.fewer_than or 0) - 1 if of_rule else np.inf
            elif isinf(upper):
                found.append(Requirement(column))
                continue
            if isinf(upper):
                raise InvalidValue(
                    "`protection_level` must be set for counts without a threshold",
                    row=row,
                    field="protection_level",
                    hint="Set the minimum width of the attacker's bounds",
                )
            found += [Requirement(column, int(m - value)) for m in (lower, upper) if m != value]
        return found

    def _add_previous(
        self, published: Published, marks: Marks, system: System
    ) -> list[Requirement]:
        """Add an earlier release, and return what its primary cells need."""
        earlier = published if isinstance(published, SuppressedTable) else None
        public = published.table if isinstance(published, SuppressedTable) else published
        truth = public if earlier is None else earlier.primary.table
        kind, hint = self.primary.table.kind, "Pass a release of the same kind of counts"
        requirement = f"`previous` must contain tables of {kind}"
        require(public.kind == kind, requirement, hint, previous=public.kind)
        unknown = public.lower < public.upper
        columns = system.add(
            Table(
                lattice=Lattice.of(truth, self.assumptions),
                counts=truth.lower,
                is_known=truth.lower == truth.upper,
                unknown=unknown,
                candidates=np.zeros(len(public), dtype=np.bool_),
                lower=public.lower.astype(np.float64),
                upper=public.upper,
            )
        )
        if earlier is not None:
            return self._requirements(earlier.primary, earlier.marks, columns, system)
        protected = np.isin(public.reason, [reason.severity for reason in PROTECTED_REASONS])
        rows = np.flatnonzero(protected & unknown)
        new = columns[rows] >= len(self.primary.table)
        return [Requirement(int(column)) for column in columns[rows[new]]]

    def _insiders(self, lattice: Lattice) -> dict[tuple[int, ...], str]:
        """Return who knows a count: single persons and single contributors, by rows."""
        lower, upper = lattice.lower[: lattice.n_rows], lattice.upper[: lattice.n_rows]
        # Rows that count one person, grouped if they count the same one.
        groups = {row: {row} for row in np.flatnonzero((lower == 1) & (upper == 1)).tolist()}
        for relation in range(len(lattice.relations)):
            whole, *parts = lattice.relations.terms(relation)[0]
            for part in groups.keys() & parts if whole in groups else ():
                united = groups[whole] | groups[part]
                groups |= dict.fromkeys(united, united)
        persons = {id(rows): rows for rows in groups.values()}.values()
        named = {
            tuple(sorted(rows)): f"the person counted in {lattice.label(min(rows))}"
            for rows in persons
        }
        single: dict[str, set[int]] = {}
        for row, amounts in self.primary.contributors.items():
            if len(amounts) == 1 and amounts[0][1] == lattice.lower[row] == lattice.upper[row]:
                single.setdefault(amounts[0][0], set()).add(row)
        return named | {tuple(sorted(rows)): name for name, rows in single.items()}


def _solve(blocks: list[Block], run: _Run) -> list[Block]:
    """Return the blocks with a safe choice of cells; each has a part of the time limit."""
    total = sum(len(block.cells) for block in blocks)
    seconds = [run.seconds * run.workers * len(block.cells) / total for block in blocks]
    if run.workers > 1 and len(blocks) > 1:
        context = get_context("spawn")  # a fork is unsafe while other threads run
        with ProcessPoolExecutor(run.workers, mp_context=context) as pool:
            solved = []
            for block in pool.map(solve_block, blocks, seconds):
                solved.append(block)
                run.progress("protecting blocks", len(solved) / len(blocks))
            return solved
    done, solved = 0, []
    for block, limit in zip(blocks, seconds, strict=True):
        start, part = done / total, len(block.cells) / total

        def report(step: str, share: float, start: float = start, part: float = part) -> None:
            run.progress(step, start + part * share)

        is_interrupted = bool(solved) and solved[-1].is_interrupted
        solved.append(solve_block(block, 0.0 if is_interrupted else limit, report))
        solved[-1].is_interrupted |= is_interrupted
        done += len(block.cells)
    return solved
