"""Returns filled from cases and tables."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from thbstats.cases import CaseStore
from thbstats.collection.findings import Finding
from thbstats.collection.registers import Register
from thbstats.collection.returns import Return
from thbstats.collection.variables import (
    CITIZENSHIP,
    COUNT,
    GROUPS,
    NOT_RELEVANT,
    PROVIDED,
    STATES,
    Variable,
)
from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.files import Reading, open_input
from thbstats.files.case_file import Cases
from thbstats.geography import citizenship_group, eu_members
from thbstats.sources import read, recognised
from thbstats.tables import CountTable, Dataset
from thbstats.values import Period
from thbstats.vocabulary import AgeGroup

if TYPE_CHECKING:
    from thbstats.collection.plans import Plan

Rows = list[tuple[Any, ...]]
Cells = dict[tuple[Any, ...], tuple[Any, ...]]


def fill_variables(
    plan: "Plan",
    data: Any,
    area: str,
    period: Period,
    *,
    extracted: date | None,
    declared: Mapping[str, Any],
) -> Return:
    """Return the return of an area for a period."""
    remarks, lacking, cells = list[Finding](), list[Finding](), Cells()
    days, recorded, zeros = list[date](), dict[str, set[str]](), dict[str, set[str]]()
    units = {variable.unit for variable in plan.variables}
    for name, sources in _sources(plan, data, area=area, period=str(period)).items():
        variable, recorded[name], zeros[name], size = plan[name], set(), set(), len(cells)
        for source in sources:
            if isinstance(source, CountTable):
                rows, own = _rows_of_table(variable, source, area, period, units)
                recorded[name] |= {item for row in rows for item in row[2].split()}
                days += [item.published for item in source.sources if item.published]
            else:
                register, rows = Register(variable, source, period, declared), []
                for table in register.tables(area, is_cross=plan.tables == "cross"):
                    rows += _with_groups(variable.counts(table), area, period)
                recorded[name] |= {*register.recorded}
                zeros[name] |= register.zeros
                own = register.remarks
            remarks += [*own, *_added(cells, rows)]
        lacking += _lacking(variable, recorded[name], has_rows=len(cells) > size)
    _complete(plan, cells, recorded, zeros, (area, str(period)))
    ranks = {
        key: (n, [*variable.groups].index(key[1]), variable.rank(*key[2:]))
        for n, variable in enumerate(plan.variables)
        for key in cells
        if key[0] == variable.name
    }
    frame = pd.DataFrame(
        [cells[key] for key in sorted(cells, key=ranks.__getitem__)], columns=COUNT
    )
    day = extracted or max(days, default=None)
    if day is not None and period.end is not None and day <= period.end:
        remarks.append(Finding.of("PERIOD_NOT_OVER", end=period.end, day=day))
    if small := int(((frame["lower"] > 0) & (frame["upper"] < 5)).sum()):
        remarks.append(Finding.of("SMALL_COUNTS", number=small))
    about = {"lacking": tuple(lacking), "remarks": tuple(remarks)}
    return Return(plan=plan, area=area, period=period, cells=frame, **about)


def _sources(plan: "Plan", data: Any, **constants: Any) -> dict[str, list[Any]]:
    """Return the tables and cases of each variable."""
    result: dict[str, list[Any]] = {variable.name: [] for variable in plan.variables}
    if isinstance(data, Mapping):
        for name, own in data.items():
            kind = plan[name].kind
            items = _opened(own, kind=kind, **constants)
            items = (item for item in items if getattr(item, "kind", kind) == kind)
            result[plan[name].name] += items
        return result
    for item in _opened(data, kind=None, **constants):
        kinds = {getattr(item, "kind", "victims")}
        if not isinstance(item, CountTable | Reading | Cases):
            store = item if isinstance(item, CaseStore) else CaseStore.of(item)
            kinds = {"justice" if "stage" in store.rows.names else store.schema.kind}
        for variable in plan.variables:
            # Cases are persons; decisions and judgments need files of their own.
            is_counted = isinstance(item, CountTable) or variable.unit == "persons"
            if variable.kind in kinds and is_counted:
                result[variable.name].append(item)
    return result


def _opened(data: Any, **constants: Any) -> Iterator[Any]:
    """Yield tables and cases: a file of counts is read, and a file of cases stays a path."""
    if isinstance(data, list | tuple | Dataset):
        for item in data.tables() if isinstance(data, Dataset) else data:
            yield from _opened(item, **constants)
    elif isinstance(data, Reading):
        yield from [data] if data.cases is not None else data.data.tables()
    elif isinstance(data, str | os.PathLike) and os.path.isfile(data):
        try:
            is_tidy = recognised(open_input(data))[0].name == "tidy"
            names = {*CaseStore.of(data).rows.names} if is_tidy else set()
        except InvalidFile:  # a list of cases
            is_tidy, names = True, set()
        if is_tidy and not {"value", "lower"} & names:
            yield data
        else:
            constants["kind"] = constants["kind"] or ("justice" if "stage" in names else "victims")
            names |= {"kind"} if "table" in names else set()
            own = {name: constants[name] for name in constants if is_tidy and name not in names}
            yield from _opened(read(data, **own))
    else:
        yield data


def _rows_of_table(
    variable: Variable, table: CountTable, area: str, period: Period, units: set[str]
) -> tuple[Rows, list[Finding]]:
    """Return the cells of a variable in a table of counts, and remarks on the table."""
    remarks, name, unit = list[Finding](), variable.name, variable.unit
    table = table.where(area=area, period=str(period))
    if table.columns.schema["age"].vocabulary is not AgeGroup:
        table = table.group_ages()
        wide = int(((table.upper > table.lower) & np.isfinite(table.upper)).sum())
        if wide and "age" in variable.dimensions:
            remarks.append(Finding.of("BANDED_COUNTS", name, number=wide))
    rows, columns, others = variable.counts(table.columns), table.columns, set[str]()
    for group in variable.groups.values():
        fits = variable.rows(columns, {key: code for key, code in group.items() if key != "unit"})
        others |= {*columns["unit"].take(fits).compact().categories} - {*units, "not_stated"}
    if others:
        remarks.append(Finding.of("UNITS", name, unit=unit, others=", ".join(sorted(others))))
    bodies, total = ([row[6] for row in rows if row[2] == own] for own in ("register", ""))
    if len(bodies) > 1 and total in ([], [sum(bodies)]):
        numbers = {"number": len(bodies), "total": sum(bodies)}
        remarks.append(Finding.of("SUM_OF_BODIES", name, **numbers))
    return rows, remarks


def _with_groups(rows: Rows, area: str, period: Period) -> Rows:
    """Return counts by country of citizenship with counts of the groups of citizenship."""
    day, groups, sums, wider = period.end, dict[str, str](), Cells(), set[tuple[Any, ...]]()
    if day is None or area not in eu_members(day):
        return rows
    for row in rows:
        own = dict(zip(row[2].split(), row[3].split(), strict=True))
        code = own.get(CITIZENSHIP, "")
        if code.isupper() and code not in groups:
            with suppress(ThbstatsError):  # nationals of a dissolved state can be of two groups
                groups[code] = str(citizenship_group(code, area, day))
        if code in (*GROUPS, "eu"):
            wider.add(row[:4])
        if group := code if code in GROUPS else groups.get(code):
            key = (*row[:3], " ".join({**own, CITIZENSHIP: group}.values()))
            before = sums.get(key, (*key, *row[4:6], 0, 0, *row[8:10], 0, *row[11:]))
            bounds = (before[6] + row[6], before[7] + row[7])
            sums[key] = (*before[:6], *bounds, *row[8:10], max(before[10] + row[10], -1), *row[11:])
    if not groups:
        return rows
    return [*(row for row in rows if row[:4] not in wider), *sums.values()]


def _added(cells: Cells, rows: Rows) -> Iterator[Finding]:
    """Add rows to the cells of a return, and yield findings on cells with several values."""
    for row in rows:
        key, other = row[:4], cells.setdefault(row[:4], row)
        if other[6:8] != row[6:8] and row[-1] > NOT_RELEVANT:
            bounds = min(other[6], row[6]), max(other[7], row[7])
            cells[key] = (*other[:6], *bounds, "conflicting", *other[9:-1], PROVIDED)
            numbers = {"first": other[6], "second": row[6]}
            yield Finding.of("SEVERAL_VALUES", key[0], item=key[3] or "total", **numbers)


def _complete(
    plan: "Plan",
    cells: Cells,
    recorded: Mapping[str, set[str]],
    zeros: Mapping[str, set[str]],
    where: tuple[str, str],
) -> None:
    """Add the cells that are required and missing: 0, or a missing count with its reason."""
    named = {name: {own.unknown(name)} for own in plan.variables for name in own.open_lists}
    for key, row in cells.items():
        for name, code in zip(key[2].split(), key[3].split(), strict=True):
            if name in named and row[-1] > NOT_RELEVANT:
                named[name].add(code)
    for own in plan.variables:
        lists = {name: own.categories.get(name) or named[name] for name in own.dimensions}
        stages = {key[1] for key in cells if key[0] == own.name}
        for key in own.cells(lists, is_cross=plan.tables == "cross"):
            names, upper, reason = {*key[2].split()}, np.inf, "not_reported"
            if key[1] in stages and names and not names <= recorded[own.name]:
                reason = "breakdown_not_reported"
            elif key[1] in stages and names and names <= zeros[own.name]:
                upper, reason = 0.0, "known"
            cells.setdefault(key, (*key, *where, 0, upper, reason, 0, -1, "", STATES[reason]))


def _lacking(variable: Variable, recorded: set[str], *, has_rows: bool) -> Iterator[Finding]:
    """Yield the breakdowns that the data cannot give."""
    names, label = variable.dimensions, variable.label
    about = {"start": variable.provision or variable.title, "subject": variable.subject}
    if not has_rows:
        needed: dict[str, Any] = {"labels": ", ".join(map(label, names)), "number": len(names)}
        yield Finding.of("NO_DATA", variable.name, item=" ".join(names), **needed, **about)
    for name in names if has_rows else ():
        if name not in recorded:
            numbers: dict[str, Any] = {"label": label(name), "number": len(names), **about}
            yield Finding.of("LACKING", variable.name, item=name, **numbers)
