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
from thbstats.collection.registers import Register, remark
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
from thbstats.display import count
from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.exchange import Reading, open_input
from thbstats.exchange.cases import Cases
from thbstats.geography import citizenship_group, eu_members
from thbstats.records.source import to_day
from thbstats.sources import read, recognised
from thbstats.tables import CountTable, Dataset
from thbstats.values import Period
from thbstats.vocabulary import AgeGroup

if TYPE_CHECKING:
    from thbstats.collection.plans import Plan

_SMALL = 5  # counts below this are suppressed in publications
Rows = list[tuple[Any, ...]]
Cells = dict[tuple[Any, ...], tuple[Any, ...]]


def fill_variables(
    plan: "Plan",
    data: Any,
    area: str,
    period: Period,
    person: str | None,
    extracted: date | str | None,
    declared: Mapping[str, Any],
) -> Return:
    """Return the return of an area for a period."""
    remarks, lacking, is_cross = list[Finding](), list[Finding](), plan.tables == "cross"
    last, cells, days = to_day(extracted, "extracted"), Cells(), list[date]()
    recorded, zeros = dict[str, set[str]](), dict[str, set[str]]()
    for name, sources in _sources(plan, data).items():
        variable, recorded[name], zeros[name], size = plan[name], set(), set(), len(cells)
        for source in sources:
            if isinstance(source, CountTable):
                rows, found = _rows_of_table(variable, source, area, period)
                recorded[name] |= {own for row in rows for own in row[2].split()}
                days += [own.published for own in source.sources if own.published]
            else:
                register, rows = Register(variable, source, period, person, declared), []
                for table in register.tables(area, is_cross=is_cross):
                    rows += _with_groups(variable.counts(table), area, period)
                recorded[name] |= {*register.recorded}
                zeros[name] |= register.zeros
                found = register.remarks
            remarks += [*found, *_added(cells, rows)]
        lacking += _lacking(variable, recorded[name], has_rows=len(cells) > size)
    named: dict[str, set[str]] = {
        own: {v.unknown(own)} for v in plan.variables for own in v.open_lists
    }
    for key, row in cells.items():
        for name, code in zip(key[2].split(), key[3].split(), strict=True):
            if name in named and row[-1] > NOT_RELEVANT:
                named[name].add(code)
    for variable in plan.variables:
        lists = {own: variable.categories.get(own) or named[own] for own in variable.dimensions}
        stages = {key[1] for key in cells if key[0] == variable.name}
        for key in variable.cells(lists, is_cross=is_cross):
            names, count_of = {*key[2].split()}, (0, np.inf, "not_reported")
            if key not in cells and key[1] in stages and names:
                if not names <= recorded[variable.name]:
                    count_of = (0, np.inf, "breakdown_not_reported")
                elif names <= zeros[variable.name]:
                    count_of = (0, 0, "known")
            state = STATES[count_of[2]]
            cells.setdefault(key, (*key, area, str(period), *count_of, 0, -1, "", state))
    order = {own.name: (n, [*own.groups]) for n, own in enumerate(plan.variables)}
    ranks = {
        key: (order[key[0]][0], order[key[0]][1].index(key[1]), plan[key[0]].rank(*key[2:]))
        for key in cells
    }
    frame = pd.DataFrame(
        [cells[key] for key in sorted(cells, key=ranks.__getitem__)], columns=COUNT
    )
    last = last or max(days, default=None)
    if last is not None and period.end is not None and last <= period.end:
        text = f"The period ends on {period.end}, and the data are of {last}: it is not over."
        remarks.append(Finding(variable="", code="PERIOD_NOT_OVER", text=text))
    if small := int(((frame["lower"] > 0) & (frame["upper"] < _SMALL)).sum()):
        text = f"{count(small)} counts are from 1 to {_SMALL - 1}. The return to the Commission need not "
        text += "be suppressed; the publication must."
        remarks.append(Finding(variable="", code="SMALL_COUNTS", text=text, severity="note"))
    return Return(
        plan=plan, area=area, period=period, cells=frame, lacking=lacking, remarks=remarks
    )


def _sources(plan: "Plan", data: Any) -> dict[str, list[Any]]:
    """Return the tables and cases of each variable."""
    result: dict[str, list[Any]] = {variable.name: [] for variable in plan.variables}
    if isinstance(data, Mapping):
        for name, own in data.items():
            kind = plan[name].kind
            result[plan[name].name] += [i for i in _opened(own) if getattr(i, "kind", kind) == kind]
        return result
    for item in _opened(data):
        kind, is_table = "victims", isinstance(item, CountTable)
        if is_table:
            kind = item.kind
        elif not isinstance(item, Reading | Cases):
            store = item if isinstance(item, CaseStore) else CaseStore.of(item)
            kind = "justice" if "stage" in store.rows.names else store.schema.kind
        for variable in plan.variables:
            # Cases are persons; decisions and judgments need files of their own.
            if variable.kind == kind and (is_table or variable.unit == "persons"):
                result[variable.name].append(item)
    return result


def _opened(data: Any) -> Iterator[Any]:
    """Yield tables and cases: a file of counts is read, and a file of cases stays a path."""
    if isinstance(data, list | tuple | Dataset):
        for item in data.tables() if isinstance(data, Dataset) else data:
            yield from _opened(item)
    elif isinstance(data, Reading):
        yield from [data] if data.cases is not None else data.data.tables()
    elif isinstance(data, str | os.PathLike) and os.path.isfile(data):
        try:
            recognised(open_input(data))
        except InvalidFile:  # a list of cases
            yield data
        else:
            yield from _opened(read(data))
    else:
        yield data


def _rows_of_table(
    variable: Variable, table: CountTable, area: str, period: Period
) -> tuple[Rows, list[Finding]]:
    """Return the cells of a variable in a table of counts, and remarks on the table."""
    remarks, table = list[Finding](), table.where(area=area, period=str(period))
    if table.columns.schema["age"].vocabulary is not AgeGroup:
        table = table.group_ages()
        wide = int(((table.upper > table.lower) & np.isfinite(table.upper)).sum())
        if wide and "age" in variable.dimensions:
            text = f"Age bands have ages below and from 18: {count(wide)} counts of children and adults "
            remarks.append(remark(variable, "AGE_BANDS", text + "are intervals."))
    rows, units = variable.counts(table.columns), {*table.categories("unit")}
    if rows and (others := sorted(units - {variable.unit, "not_stated"})):
        text = f"The table contains {variable.unit} and {', '.join(others)}: only {variable.unit} are in "
        remarks.append(remark(variable, "UNITS", text + "the return."))
    bodies = [row[6] for row in rows if row[2] == "register"]
    if len(bodies) > 1 and [row[6] for row in rows if not row[2]] in ([], [sum(bodies)]):
        text = f"The {len(bodies)} bodies add up to {count(sum(bodies))}, and the table has no other total. "
        text += "A person can be registered by several bodies: bound the distinct persons with "
        remarks.append(remark(variable, "SUM_OF_BODIES", text + "`thb.lists.distinct`."))
    return rows, remarks


def _with_groups(rows: Rows, area: str, period: Period) -> Rows:
    """Return counts by country of citizenship with counts of the groups of citizenship."""
    day, groups, sums = period.end, dict[str, str | None](), Cells()
    countries = [row for row in rows if CITIZENSHIP in row[2].split()]
    if day is None or area not in eu_members(day):
        return rows
    for row in countries:
        own = dict(zip(row[2].split(), row[3].split(), strict=True))
        code = own[CITIZENSHIP]
        if code not in groups:
            groups[code] = code if code in GROUPS else None
            with suppress(ThbstatsError):  # nationals of a dissolved state can be of two groups
                groups[code] = (
                    str(citizenship_group(code, area, day)) if code.isupper() else groups[code]
                )
        if group := groups[code]:
            key = (*row[:3], " ".join({**own, CITIZENSHIP: group}.values()))
            lower, upper, further = sums[key][6:8] + sums[key][10:11] if key in sums else (0, 0, 0)
            further = max(further + row[10], -1)
            sums[key] = (
                *key,
                *row[4:6],
                lower + row[6],
                upper + row[7],
                *row[8:10],
                further,
                *row[11:],
            )
    if not any(code.isupper() for code in groups):
        return rows
    replaced = {row[3] for row in countries if not {*row[3].split()}.isdisjoint({*GROUPS, "eu"})}
    return [*(row for row in rows if row[3] not in replaced), *sums.values()]


def _added(cells: Cells, rows: Rows) -> Iterator[Finding]:
    """Add rows to the cells of a return, and yield findings on cells with several values."""
    for row in rows:
        key, other = row[:4], cells.setdefault(row[:4], row)
        if other[6:8] != row[6:8] and row[-1] > NOT_RELEVANT:
            low, high = min(other[6], row[6]), max(other[7], row[7])
            cells[key] = (*other[:6], low, high, "conflicting", *other[9:-1], PROVIDED)
            text = f"Two tables differ in one cell ({key[3] or 'total'}): {count(other[6])} and "
            text += f"{count(row[6])}."
            yield Finding(
                variable=key[0],
                code="SEVERAL_VALUES",
                text=text,
                item=key[3],
                level=2,
                severity="error",
            )


def _lacking(variable: Variable, recorded: set[str], *, has_rows: bool) -> Iterator[Finding]:
    """Yield the breakdowns that the data cannot give."""
    start, subject, names = (
        variable.provision or variable.title,
        variable.subject,
        variable.dimensions,
    )
    if not has_rows:
        labels = ", ".join(map(variable.label, names))
        text = (
            f"{start} asks for {subject}, and there are no data: a file needs columns for {labels}."
        )
        yield Finding(variable=variable.name, code="LACKING", text=text, item=" ".join(names))
        return
    for name in names:
        if name not in recorded:
            text = f"{start} asks for {variable.label(name)}, and the data have no column `{name}`: the "
            text += f"return lacks 1 of {len(names)} breakdowns of {subject}."
            yield Finding(variable=variable.name, code="LACKING", text=text, item=name)
