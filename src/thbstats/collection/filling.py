"""Returns filled from cases, registers and tables."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from thbstats.collection.completeness_rates import named_categories, required_cells
from thbstats.collection.register_remarks import remarks_if
from thbstats.collection.registers import Register
from thbstats.collection.return_checks import Finding, bounds_of
from thbstats.collection.return_inputs import CaseArguments, sources_of
from thbstats.collection.returns import Return
from thbstats.collection.variables import (
    CELL,
    COUNT,
    NOT_RELEVANT,
    PROVIDED,
    RETURN,
    STATES,
    CellKey,
    CountRow,
    Variable,
    is_in,
)
from thbstats.languages import lowered
from thbstats.tables import CountTable
from thbstats.values import Period
from thbstats.vocabulary import AgeGroup

if TYPE_CHECKING:
    from thbstats.collection.plans import Plan


Rows = list[CountRow]
Cells = dict[CellKey, CountRow]


def fill_variables(
    plan: "Plan",
    data: Any,
    area: str,
    period: Period,
    *,
    extracted: date | None,
    arguments: CaseArguments,
) -> Return:
    """Return the return of an area for a period."""
    lacking, cells, days = list[Finding](), Cells(), list[date]()
    recorded, zeros = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    units, is_cross = {variable.unit for variable in plan.variables}, plan.tables == "cross"
    # 1. Count the cells of each variable in its tables and cases.
    inputs, remarks = sources_of(plan, data, arguments, area=area, period=str(period))
    arguments.require_dimensions(plan.variables)
    arguments.require_columns(own for sources in inputs.values() for own in sources)
    for name, sources in inputs.items():
        variable, size = plan[name], len(cells)
        for source in sources:
            if isinstance(source, CountTable):
                rows, findings = _rows_of_table(variable, source, area, period, units)
                recorded[name] |= {item for row in rows for item in row.breakdown.split()}
                days += [item.published for item in source.sources if item.published]
            else:
                register = Register.of(variable, source, area, period, arguments)
                tables, findings = register.tables(is_cross=is_cross)
                rows = [row for table in tables for row in variable.counts(table, is_register=True)]
                recorded[name] |= {*register.recorded}
                zeros[name] |= register.zeros
            remarks += [*findings, *_added(cells, rows)]
        about = {"area": area, "period": str(period)}
        lacking += _lacking(variable, recorded[name], about, has_rows=len(cells) > size)
    # 2. Add the required cells that are missing, and sort all as the plan lists them.
    for row in [*_missing_cells(plan, cells, (area, str(period)), recorded, zeros)]:
        cells.setdefault(row.key, row)
    stages = [(variable.name, stage) for variable in plan.variables for stage in variable.groups]
    rows = sorted(
        cells.values(),
        key=lambda row: (
            stages.index((row.variable, row.stage)),
            plan[row.variable].rank(row.breakdown, row.category),
        ),
    )
    frame = pd.DataFrame(rows, columns=COUNT)
    # 3. Remarks on the whole return.
    day = extracted or max(days, default=None)
    if day is not None and period.end is not None and day <= period.end:
        remarks.append(Finding.of("PERIOD_NOT_OVER", end=str(period.end), day=str(day)))
    if small := int(((frame["lower"] > 0) & (frame["upper"] < 5)).sum()):
        remarks.append(Finding.of("SMALL_COUNTS", number=small))
    findings_of = {"lacking": tuple(lacking), "remarks": tuple(remarks)}
    return Return(plan=plan, area=area, period=period, cells=frame, **findings_of)


def _missing_cells(
    plan: "Plan",
    cells: Cells,
    where: tuple[str, str],
    recorded: Mapping[str, set[str]],
    zeros: Mapping[str, set[str]],
) -> Iterator[CountRow]:
    """Yield each required cell of a return as 0, or as a missing count with its reason.

    In a register with a column of sex in which all persons are women, men are 0. Without this
    column, both are missing, as the breakdown is not reported. ``recorded`` and ``zeros`` are the
    dimensions of each variable, as in `Register`.
    """
    frame = pd.DataFrame([*cells.values()], columns=COUNT)
    returns = pd.DataFrame([where], columns=RETURN)
    required = required_cells(plan, named_categories(plan.variables, frame, returns), returns)
    counted = {(row.variable, row.stage) for row in cells.values()}
    for name, stage, breakdown, category in zip(*(required[name] for name in CELL), strict=True):
        names, upper, reason = {*breakdown.split()}, np.inf, "not_reported"
        if names and (name, stage) in counted and not names <= recorded[name]:
            reason = "breakdown_not_reported"
        elif names and (name, stage) in counted and names <= zeros[name]:
            upper, reason = 0.0, "known"
        yield CountRow(
            *(name, stage, breakdown, category, *where), lower=0, upper=upper, reason=reason,
            flags=0, unanswered=-1, source="", state=STATES[reason],
        )  # fmt: skip


def _rows_of_table(
    variable: Variable, table: CountTable, area: str, period: Period, units: set[str]
) -> tuple[Rows, list[Finding]]:
    """Return the cells of a variable in a table of counts, and remarks on the table."""
    remarks, name, groups = list[Finding](), variable.name, variable.groups.values()
    columns = table.where(area=area).columns
    table = table.where(area=area, period=str(period))
    if not len(table):
        fits = np.any([variable.rows(columns, group) for group in groups], axis=0)
        periods = columns.take(fits)["period"].categories
        around = [code for code in periods if Period.parse(code).overlaps(period)]
        parts = {"period": str(period), "codes": ", ".join(around)}
        remarks += remarks_if("OTHER_PERIODS", variable, len(around), **parts)
    if table.columns.schema["age"].vocabulary is not AgeGroup:
        table = table.group_ages()
        wide = int(((table.upper > table.lower) & np.isfinite(table.upper)).sum())
        if wide and "age" in variable.dimensions:
            remarks.append(Finding.of("BANDED_COUNTS", name, number=wide))
    rows, columns = variable.counts(table.columns), table.columns
    # Rows that do not state an attribute, next to rows that state all of them.
    left_out = np.zeros(len(columns), dtype=bool)
    for group in groups:
        exact = variable.rows(columns, group, is_exact=True)
        left_out |= variable.rows(columns, group) & ~exact & exact.any()
    others = columns.take(left_out)
    labels = [own for own in ("unit", "status", "stage", "offence") if own in columns.schema.names]
    labels = [own for own in labels if is_in(others, own, ["not_stated"]).any()]
    remarks += remarks_if("NOT_STATED", variable, len(others), labels=labels)
    known = (("unit", "UNITS", units), ("status", "STATUS", {variable.status}))
    for attribute, finding, counted in known:
        codes = set[str]()
        for group in (own for own in groups if attribute in own):
            fits = variable.rows(columns, {k: own for k, own in group.items() if k != attribute})
            codes |= {*columns[attribute].take(fits).compact().categories}
        if codes := codes - {*counted, "not_stated"}:
            attributes = {attribute: getattr(variable, attribute), "others": sorted(codes)}
            remarks.append(Finding.of(finding, name, **attributes))
    counts = [row for row in rows if row.state > NOT_RELEVANT]
    bodies = [row for row in counts if row.breakdown == "register"]
    total = [(row.lower, row.upper) for row in counts if not row.breakdown]
    added = (sum(row.lower for row in bodies), sum(row.upper for row in bodies))
    if len(bodies) > 1 and (not total or (total == [added] and added[0] == added[1])):
        number, whole = len(bodies), bounds_of(*added)
        remarks.append(Finding.of("SUM_OF_BODIES", name, number=number, total=whole))
    return rows, remarks


def _added(cells: Cells, rows: Rows) -> Iterator[Finding]:
    """Add rows to the cells of a return, and yield findings on cells with several values.

    Two counts with a common value are one count with the bounds of both: fewer than 5, and 3.
    """
    for row in rows:
        other = cells.setdefault(row.key, row)
        if other.state <= NOT_RELEVANT < row.state:
            cells[row.key] = row
        if min(other.state, row.state) <= NOT_RELEVANT:
            continue
        lower, upper = max(other.lower, row.lower), min(other.upper, row.upper)
        best = max((other, row), key=lambda own: (own.state, own.lower - own.upper))
        if "conflicting" in (other.reason, row.reason) or lower > upper:
            lower, upper = min(other.lower, row.lower), max(other.upper, row.upper)
            best = other._replace(reason="conflicting", state=PROVIDED)
            if (other.lower, other.upper) != (row.lower, row.upper):
                numbers = {
                    "first": bounds_of(other.lower, other.upper),
                    "second": bounds_of(row.lower, row.upper),
                    "by": row.breakdown.split(),
                }
                item = row.category or "total"
                yield Finding.of("SEVERAL_VALUES", row.variable, item=item, **numbers)
        cells[row.key] = best._replace(lower=lower, upper=upper)


def _lacking(
    variable: Variable, recorded: set[str], where: Mapping[str, str], *, has_rows: bool
) -> Iterator[Finding]:
    """Yield the breakdowns that cannot be computed from the data."""
    names, name = variable.dimensions, variable.name
    needed = [*["stage"] * (len(variable.groups) > 1), *names]
    about = {"start": variable.provision or variable.title, "subject": lowered(variable.title)}
    if not has_rows:
        yield Finding.of("NO_DATA", name, item=" ".join(needed), labels=needed, **where, **about)
    for item in names if has_rows else ():
        if item not in recorded:
            yield Finding.of("LACKING", name, item=item, label=item, number=len(names), **about)
