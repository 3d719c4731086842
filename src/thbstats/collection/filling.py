"""Returns filled from cases and tables."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, frozen

from thbstats.cases import CaseStore
from thbstats.collection.completion import required_categories, states_of, BLANK
from thbstats.collection.registers import Lack, Register, Remark, VariableRows, code_of_bodies
from thbstats.collection.returns import Return
from thbstats.collection.variables import RequiredCells, Variable, rows_of_group
from thbstats.columns import Coded
from thbstats.display import count
from thbstats.errors import InvalidFile, InvalidValue, require
from thbstats.exchange import Reading, open_input
from thbstats.exchange.cases import Cases
from thbstats.geography import Area
from thbstats.records.source import to_day
from thbstats.sources import read, recognised
from thbstats.tables import CountTable, Dataset
from thbstats.tables.build import concat
from thbstats.tables.columns import Columns
from thbstats.tables.keys import groups, pack
from thbstats.values import Count, Period, Reason
from thbstats.vocabulary import AgeGroup

if TYPE_CHECKING:
    from thbstats.collection.plans import Plan


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
    area = Area.parse(area).code
    hint = f"Use area={plan.area!r}"
    require(not plan.area or area == plan.area, f"must be {plan.area}", hint, area=area)
    hint = "Use a year such as period=2025"
    require(period.end is not None, "must have a last day", hint, period=str(period))
    is_cross = plan.tables == "cross"
    parts: dict[str, list[VariableRows]] = {}
    for variable, sources in _sources(plan, data).items():
        own = parts.setdefault(variable, [])
        for source in sources:
            if isinstance(source, CountTable):
                own.append(_rows_of_table(plan[variable], source, area, period))
            else:
                register = Register.of(plan[variable], source, period, person, declared)
                own.append(register.rows(plan[variable], area, period, is_cross=is_cross))
    remarks = [remark for own in parts.values() for part in own for remark in part.remarks]
    joined: dict[str, Sequence[Columns]] = {}
    for variable, own in parts.items():
        columns = [table for part in own for table in part.columns if len(table)]
        merged, conflicts = _merged(plan[variable], columns)
        joined[variable] = merged
        remarks += conflicts
    open_lists = required_categories(plan, joined)
    tables, lacking = {}, list[Lack]()
    for variable in plan.variables:
        sources = parts[variable.name]
        recorded = frozenset().union(*(part.recorded for part in sources))
        zeros = frozenset().union(*(part.zeros for part in sources))
        lists = {name: open_lists[name] for name in variable.open_dimensions}
        cells = RequiredCells(
            variable=variable, categories={**variable.categories, **lists}, is_cross=is_cross
        )
        tables[variable.name] = _completed(
            cells, joined[variable.name], recorded, zeros, area, period
        )
        lacking += _lacks(variable, recorded, has_rows=bool(joined[variable.name]))
    remarks += _remarks_on_period(tables.values(), period, to_day(extracted, "extracted"))
    return Return(
        plan=plan, area=area, period=period, tables=tables, lacking=lacking, remarks=remarks
    )


def _sources(plan: "Plan", data: Any) -> dict[str, list[Any]]:
    """Return the tables and cases for each variable."""
    result: dict[str, list[Any]] = {variable.name: [] for variable in plan.variables}
    if isinstance(data, Mapping):
        for name, own in data.items():
            variable = plan[name]
            for item in _opened(own):
                if not isinstance(item, CountTable) or item.kind == variable.kind:
                    result[variable.name].append(item)
        return result
    for item in _opened(data):
        if isinstance(item, CountTable):
            kind = item.kind
        elif isinstance(item, CaseStore):
            kind = item.schema.kind
        elif isinstance(item, Reading | Cases):
            kind = "victims"
        else:
            names = CaseStore.of(item).rows.names
            kind = "justice" if "stage" in names else "victims"
        for variable in plan.variables:
            # Cases are persons; decisions and judgments have files of their own.
            if variable.kind == kind and (
                isinstance(item, CountTable) or variable.unit == "persons"
            ):
                result[variable.name].append(item)
    return result


def _opened(data: Any) -> Iterator[Any]:
    """Yield tables and cases: a file of counts is read, and a file of cases stays a path."""
    if isinstance(data, list | tuple):
        for item in data:
            yield from _opened(item)
    elif isinstance(data, Dataset):
        yield from data.tables()
    elif isinstance(data, Reading):
        yield from [data] if data.cases is not None else data.data.tables()
    elif isinstance(data, str | os.PathLike) and os.path.isfile(data):
        try:
            recognised(open_input(data))
        except InvalidFile:
            yield data
        else:
            yield from _opened(read(data))
    else:
        yield data


def _rows_of_table(
    variable: Variable, table: CountTable, area: str, period: Period
) -> VariableRows:
    """Return the rows of a variable in a table of counts."""
    remarks = []
    schema = table.columns.schema
    if "age" in variable.dimensions and schema["age"].vocabulary is not AgeGroup:
        table = table.group_ages()
        ages = table.columns["age"]
        wide = table.upper > table.lower
        bounds = [
            f"{code} {count(int(table.lower[row]))} to {count(int(table.upper[row]))}"
            for row in np.flatnonzero(wide).tolist()
            if (code := ages[row]) in ("child", "adult") and np.isfinite(table.upper[row])
        ]
        if bounds:
            text = "An age band has ages below and from 18, so that child and adult have bounds: "
            text += f"{', '.join(bounds[:2])}."
            remarks.append(Remark(variable=variable.name, code="AGE_BANDS", text=text))
    columns = table.columns
    chosen = np.ones(len(columns), dtype=np.bool_)
    for name, code in (("area", area), ("period", str(period))):
        fits = np.array([own == code for own in columns[name].categories], dtype=np.bool_)
        chosen &= fits[columns[name].positions] if len(fits) else chosen
    parts, used = list[Columns](), np.zeros(len(columns), dtype=np.bool_)
    for group in variable.groups:
        rows = chosen & rows_of_group(variable, columns, group)
        exact = rows.copy()
        for name, code in group.items():
            exact &= np.array([own == code for own in columns[name]], dtype=np.bool_)
        rows = exact if exact.any() else rows
        used |= rows
        taken = columns.take(rows)
        size = int(rows.sum())
        dimensions = []
        for dimension in variable.schema.dimensions:
            name, own = dimension.name, Coded.constant(dimension.default, size)
            if name in group:
                own = Coded.constant(group[name], size)
            elif name in taken.schema.names:
                own = taken[name]
            if name == "register" and own.categories == ("not_stated",):
                own = Coded.constant(code_of_bodies(variable), size)
            dimensions.append(own)
        parts.append(evolve(taken, schema=variable.schema, dimensions=tuple(dimensions)))
    others = [
        code
        for code in dict.fromkeys(columns["unit"].take(chosen & ~used))
        if code not in (variable.unit, "not_stated")
    ]
    if used.any() and others:
        text = f"The table contains {variable.unit} and {', '.join(others)}: only {variable.unit} "
        text += "are in the return."
        remarks.append(Remark(variable=variable.name, code="UNITS", text=text))
    recorded = {
        name
        for name in variable.dimensions
        for own in parts
        if len(own) and any(code != variable.total(name) for code in own[name].compact().categories)
    }
    if "register" in recorded:
        remarks += _sums_of_bodies(variable, parts)
    return VariableRows(columns=tuple(parts), recorded=frozenset(recorded), remarks=remarks)


def _sums_of_bodies(variable: Variable, parts: Iterable[Columns]) -> Iterator[Remark]:
    """Yield a remark on a total that is the sum of the bodies, or on bodies without a total."""
    for columns in parts:
        others = [d.name for d in columns.schema.dimensions if d.total is not None]
        is_total = np.ones(len(columns), dtype=np.bool_)
        for name in others:
            is_total &= np.array([code == variable.total(name) for code in columns[name]])
        bodies = [code not in ("all", "not_stated") for code in columns["register"]]
        own = columns.numbers.lower[is_total & np.array(bodies)]
        whole = columns.numbers.lower[
            is_total & np.array([c == "all" for c in columns["register"]])
        ]
        advice = "A person can be registered by several bodies: bound the distinct persons with "
        advice += "`thb.lists.distinct`."
        if len(own) > 1 and (not len(whole) or int(whole[0]) == int(own.sum())):
            text = f"The {len(own)} bodies add up to {count(int(own.sum()))}"
            text += ", which is the total. " if len(whole) else ", and the table has no total. "
            yield Remark(variable=variable.name, code="SUM_OF_BODIES", text=text + advice)


def _merged(variable: Variable, parts: Sequence[Columns]) -> tuple[list[Columns], list[Remark]]:
    """Return rows of several sources as one table, and remarks on cells with several values."""
    if len(parts) < 2:
        return list(parts), []
    joined = [
        Coded.concat([own.dimensions[n] for own in parts]) for n in range(len(parts[0].dimensions))
    ]
    size = sum(map(len, parts))
    group, first = groups(pack(joined, size))
    lower, upper = (
        np.concatenate([getattr(own.numbers, name) for own in parts]) for name in ("lower", "upper")
    )
    low, high = np.full(len(first), np.inf), np.full(len(first), -np.inf)
    np.minimum.at(low, group, lower)
    np.maximum.at(high, group, upper)
    starts = np.cumsum([0, *map(len, parts)])
    keep = np.zeros(size, dtype=np.bool_)
    keep[first] = True
    result, remarks = [], []
    for number, own in enumerate(parts):
        mask = keep[starts[number] : starts[number + 1]]
        cells = group[starts[number] : starts[number + 1]][mask]
        taken = own.take(mask)
        differs = (low[cells] < taken.numbers.lower) | (high[cells] > taken.numbers.upper)
        if differs.any():
            reason = np.where(differs, Reason.CONFLICTING.severity, taken.numbers.reason)
            numbers = evolve(
                taken.numbers,
                lower=low[cells].astype(np.int64),
                above=high[cells],
                reason=reason.astype(np.uint8),
            )
            taken = evolve(taken, numbers=numbers)
            for row in np.flatnonzero(differs).tolist():
                key = taken.key(row)
                label = ", ".join(key[name] for name in variable.dimensions)
                text = (
                    f"Two tables differ in one cell ({label}): {count(int(low[cells][row]))} and "
                )
                text += f"{count(int(high[cells][row]))}."
                remarks.append(Remark(variable=variable.name, code="SEVERAL_VALUES", text=text))
        result.append(taken)
    return [concat([own for own in result if len(own)])], remarks


def _completed(
    cells: RequiredCells,
    parts: Sequence[Columns],
    recorded: frozenset[str],
    zeros: frozenset[str],
    area: str,
    period: Period,
) -> CountTable:
    """Return the table with a row for each required cell: a number, or a missing count."""
    variable, present, has_group = cells.variable, np.zeros(len(cells), dtype=np.bool_), set()
    for number, group in enumerate(variable.groups):
        for columns in parts:
            rows = np.flatnonzero(rows_of_group(variable, columns, group))
            own = cells.numbers(columns, rows)[0]
            present[number * cells.per_group + own[own >= 0]] = True
            has_group |= {number} if len(rows) else set()
    missing = np.flatnonzero(~present)
    names = np.array(variable.dimensions, dtype=object)
    rows = []
    for cell, key in zip(missing.tolist(), cells.keys(missing), strict=True):
        used = set(names[cells.levels[cell] > 0])
        value = Count.not_reported()
        if cell // cells.per_group in has_group:
            if used and used <= zeros:
                value = Count.known(0)
            elif not used <= recorded:
                value = Count(0, None, Reason.BREAKDOWN_NOT_REPORTED)
        rows.append({**key, "value": value})
    if rows:
        constants = {"area": area, "period": str(period)}
        added = CountTable.from_rows(rows, kind=variable.schema, constants=constants)
        parts = [*parts, added.columns]
    columns = concat(parts)  # the categories are in the order of their lists
    totals = [
        columns[name].positions == columns[name].categories.index(variable.total(name))
        for name in variable.dimensions
    ]
    breakdown = np.argmin([*totals, np.zeros(len(columns), dtype=np.bool_)], axis=0)
    is_total = np.all(totals, axis=0) if totals else breakdown == 0
    codes = [columns[name].positions for name in variable.dimensions]
    first = [columns[name].positions for name in variable.groups[0]]
    order = np.lexsort([*codes[::-1], np.where(is_total, -1, breakdown), *first])
    return CountTable(columns.take(order))


def _lacks(variable: Variable, recorded: frozenset[str], *, has_rows: bool) -> Iterator[Lack]:
    """Yield the breakdowns that the data cannot give."""
    title = variable.title[:1].lower() + variable.title[1:]
    if not has_rows:
        columns = ", ".join(f"`{name}`" for name in variable.dimensions)
        text = f"{variable.provision} asks for {title}, and there are no data: a file with the "
        text += f"columns {columns} is needed."
        yield Lack(variable=variable.name, dimension="", column=columns.replace("`", ""), text=text)
        return
    number = len(variable.dimensions)
    for name in variable.dimensions:
        if name not in recorded:
            text = f"{variable.provision} asks for {variable.label(name)}, and the data have no "
            text += f"column `{name}`: the return lacks 1 of {number} breakdowns of {title}."
            yield Lack(variable=variable.name, dimension=name, column=name, text=text)


def _remarks_on_period(
    tables: Iterable[CountTable], period: Period, extracted: date | None
) -> Iterator[Remark]:
    """Yield a remark if the data are older than the end of the period."""
    tables = list(tables)
    days = {own.published for table in tables for own in table.sources if own.published}
    last = extracted or max(days, default=None)
    if last is not None and period.end is not None and last <= period.end:
        text = (
            f"The period ends on {period.end}, and the data are of {last}: the period is not over."
        )
        yield Remark(variable="", code="PERIOD_NOT_OVER", text=text)
    small = sum(
        int(((table.lower > 0) & (table.upper < 5) & (states_of(table.columns) != BLANK)).sum())
        for table in tables
    )
    if small:
        text = f"{count(small)} counts are from 1 to 4. The return to the Commission need not be "
        text += "suppressed; the publication must."
        yield Remark(variable="", code="SMALL_COUNTS", text=text)
