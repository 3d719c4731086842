"""Checks of a return: structure, tables, earlier returns and other countries."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from attrs import asdict, field, fields, frozen
from numpy.typing import NDArray

from thbstats.collection.completion import BLANK, states_of
from thbstats.collection.variables import OF_COUNTRIES, Variable, rows_of_group
from thbstats.columns import Coded
from thbstats.display import Cell, Column, DisplayTable, Tabular, count
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable
from thbstats.tables.columns import Columns
from thbstats.tables.keys import groups, pack
from thbstats.vocabulary import CitizenshipGroup

if TYPE_CHECKING:
    import pandas as pd

    from thbstats.collection.returns import Return

Severity = Literal["error", "question", "note"]
LEVELS = (
    "structure",
    "within tables",
    "between tables",
    "against earlier returns",
    "against other countries",
)
"""The levels of the check, in order."""

_NOTES = {"UNKNOWN", "BLANK_AND_ZERO", "SMALL_COUNTS", "FINALITY"}
_MOST_ROWS = 100
_TONES = {"error": "bad", "question": "warn", "note": "muted"}


@frozen(kw_only=True)
class CheckItem:
    """One finding of the check of a return.

    Parameters
    ----------
    level : int
        The position in the levels: structure, within tables, between tables, against earlier
        returns, against other countries.
    severity : {"error", "question", "note"}
        An error is impossible, a question needs an answer, and a note needs no action.
    code : str
        The kind of finding.
    variable : str
        The variable; empty for the whole return.
    text : str
        The finding in a sentence.
    """

    level: int
    severity: Severity
    code: str
    variable: str
    text: str


@frozen(kw_only=True, repr=False)
class ReturnCheck(Tabular):
    """The findings of the check of a return, by level.

    Parameters
    ----------
    label : str
        The plan, area and period.
    items : tuple of CheckItem
        The findings.
    """

    label: str
    items: tuple[CheckItem, ...] = field(converter=tuple)

    @property
    def errors(self) -> tuple[CheckItem, ...]:
        """The findings that are impossible."""
        return tuple(item for item in self.items if item.severity == "error")

    @property
    def issues(self) -> tuple[CheckItem, ...]:
        """The errors and questions."""
        return tuple(item for item in self.items if item.severity != "note")

    def of_level(self, level: int) -> tuple[CheckItem, ...]:
        """Return the findings of a level."""
        return tuple(item for item in self.items if item.level == level)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for each finding: level, severity, code, variable and text."""
        import pandas as pd

        names = [own.name for own in fields(CheckItem)]
        return pd.DataFrame([asdict(item) for item in self.items], columns=names)

    def display_table(self) -> DisplayTable:
        """Return the findings for display."""
        rows = [
            [
                LEVELS[item.level],
                Cell(item.severity, tone=_TONES[item.severity]),  # type: ignore[arg-type]
                item.variable or "return",
                item.text,
            ]
            for item in self.items[:_MOST_ROWS]
        ]
        more = len(self.items) - len(rows)
        return DisplayTable(
            caption=f"Check of {self.label}",
            columns=["level", Column("severity"), "variable", "finding"],
            rows=rows,
            notes=[f"{count(more)} more findings are in to_frame()."] if more else [],
        )

    def __repr__(self) -> str:
        return f"<ReturnCheck: {len(self.errors)} errors, {len(self.issues)} issues>"


def check_return(
    own: "Return", previous: "Return | None", mirror: Sequence["Return"]
) -> ReturnCheck:
    """Return the findings on a return."""
    items = [*_structure(own), *_tables(own), *_between(own)]
    if previous is not None:
        items += _changes(own, previous)
    for other in mirror:
        items += _mirror(own, other)
    items.sort(key=lambda item: item.level)
    return ReturnCheck(label=f"{own.plan.name}, {own.area}, {own.period}", items=items)


def _structure(own: "Return") -> Iterator[CheckItem]:
    for lack in own.lacking:
        yield CheckItem(
            level=0, severity="question", code="LACKING", variable=lack.variable, text=lack.text
        )
    for remark in own.remarks:
        severity: Severity = "note" if remark.code in _NOTES else "question"
        level = 0
        if remark.code == "SEVERAL_VALUES":
            severity, level = "error", 2
        yield CheckItem(
            level=level,
            severity=severity,
            code=remark.code,
            variable=remark.variable,
            text=remark.text,
        )
    for row in own.completeness().rows:
        table = own.tables[row.keys["variable"]]
        zeros = int(((table.upper == 0) & (states_of(table.columns) != BLANK)).sum())
        if row.blank and row.provided:
            text = (
                f"{count(row.blank)} required cells are blank, and {count(zeros)} cells are 0. A "
            )
            text += "0 means that there are none, and a blank that it is not known."
            yield CheckItem(
                level=0, severity="note", code="BLANK", variable=row.keys["variable"], text=text
            )


def _families(variable: Variable, name: str, column: Coded[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield sets of categories that add up to the total of a dimension."""
    dimension, total = variable.schema[name], variable.total(name)
    if dimension.total is None:
        parts = [code for code in column.categories if code != total]
    else:
        parts = [code for code in column.categories if dimension.parent(code) == total]
    if name != OF_COUNTRIES:
        yield variable.label(name), parts
        return
    whole = {str(own) for own in CitizenshipGroup} - {"unknown", "eu"}
    grouped = [
        code for code in column.categories if code in {*whole, "unknown"} - {"stateless", total}
    ]
    countries = [code for code in parts if code not in whole or code == "stateless"]
    if len(grouped) > 1:
        yield "group of citizenship", grouped
    if len(countries) > 1:
        yield "country of citizenship", [*countries, *({"stateless"} & {*column.categories})]


def _tables(own: "Return") -> Iterator[CheckItem]:
    """Yield parts that exceed their total, and breakdowns that do not add up to it."""
    for variable in own.plan.variables:
        table = own[variable.name]
        for group in variable.groups:
            columns = table.columns.take(rows_of_group(variable, table.columns, group))
            overlapping = {*table.multiple_response, "register"}
            for name in variable.dimensions:
                for by, parts in _families(variable, name, columns[name]):
                    yield from _sums(
                        variable, columns, name, by, parts, is_exclusive=name not in overlapping
                    )


def _sums(
    variable: Variable,
    columns: Columns,
    name: str,
    by: str,
    parts: list[str],
    *,
    is_exclusive: bool,
) -> Iterator[CheckItem]:
    others = [columns[own.name] for own in columns.schema.dimensions if own.name != name]
    key, first = groups(pack(others, len(columns)))
    column, numbers, size = columns[name], columns.numbers, len(first)
    is_part, is_total = (
        np.array([code in codes for code in column.categories], dtype=np.bool_)[column.positions]
        for codes in (parts, [variable.total(name)])
    )
    if not (is_part.any() and is_total.any()):
        return
    lower, upper = (
        np.bincount(key[is_part], own[is_part], size) for own in (numbers.lower, numbers.upper)
    )
    largest = np.zeros(size)
    np.maximum.at(largest, key[is_part], numbers.lower[is_part])
    total = np.full((2, size), np.nan)
    total[0, key[is_total]], total[1, key[is_total]] = (
        numbers.lower[is_total],
        numbers.upper[is_total],
    )
    has_parts = np.bincount(key[is_part], minlength=size) > 0
    above = has_parts & (largest > total[1])
    exceeded = has_parts & (lower > total[1]) & ~above
    below = has_parts & (upper < total[0])
    for code, level, rows in (
        ("PART_ABOVE_TOTAL", 1, above),
        ("PARTS_EXCEED_TOTAL", 2, exceeded),
        ("PARTS_BELOW_TOTAL", 2, below),
    ):
        for row in np.flatnonzero(rows).tolist():
            whole = _range(total[0, row], total[1, row])
            key_of_row = columns.key(int(first[row]))
            cell = [key_of_row[own] for own in variable.dimensions if own != name]
            cell = [
                code
                for own, code in zip(
                    [d for d in variable.dimensions if d != name], cell, strict=True
                )
                if code != variable.total(own)
            ]
            where = f" of {', '.join(cell)}" if cell else ""
            if code == "PART_ABOVE_TOTAL":
                text = f"A part by {by} is {count(int(largest[row]))}, above the total{where}, {whole}."
            else:
                text = (
                    f"The parts by {by} add up to {_range(lower[row], upper[row])}, and the total"
                )
                text += f"{where} is {whole}."
            severity: Severity = "error"
            if code == "PARTS_EXCEED_TOTAL" and not is_exclusive:
                severity, text = "note", f"{text} The categories can overlap."
            elif code == "PARTS_BELOW_TOTAL" and (
                not is_exclusive or by == "country of citizenship"
            ):
                severity = "question"
            yield CheckItem(
                level=level, severity=severity, code=code, variable=variable.name, text=text
            )


def _range(lower: float, upper: float) -> str:
    if lower == upper:
        return count(int(lower))
    return (
        f"{count(int(lower))} or more"
        if np.isinf(upper)
        else f"{count(int(lower))} to {count(int(upper))}"
    )


def _total(own: "Return", name: str, **category: str) -> tuple[int, float, str] | None:
    """Return the bounds of a total or of one category, and its text."""
    variable = next((item for item in own.plan.variables if item.name == name), None)
    if variable is None:
        return None
    selection = {item: variable.total(item) for item in variable.dimensions} | category
    table = own.tables[name].where(**selection)
    if not len(table):
        return None
    lower, upper = int(table.lower[0]), float(table.upper[0])
    return lower, upper, _range(lower, upper)


def _between(own: "Return") -> Iterator[CheckItem]:
    """Yield findings on variables that depend on each other: c and d, e and f, g and b, c, e."""
    for code in ("charge_of_trafficking", "charge_of_other_offence", "no_charge"):
        persons = (
            _total(own, "prosecuted", prosecution_decision=code)
            if _has(own, "prosecuted", "prosecution_decision")
            else None
        )
        decisions = _total(own, "decisions", prosecution_decision=code)
        if persons and decisions and persons[1] < np.inf and decisions[1] < np.inf:
            text = (
                f"{code.replace('_', ' ').capitalize()}: {persons[2]} persons and {decisions[2]} "
            )
            text += "decisions. The units differ, so that the numbers need not be equal."
            yield CheckItem(
                level=2,
                severity="note",
                code="PERSONS_AND_DECISIONS",
                variable="decisions",
                text=text,
            )
    persons = _total(own, "convicted")
    judgments = _total(own, "judgments", court_judgment="conviction")
    if persons and judgments:
        if (persons[0] > 0 and judgments[1] == 0) or (judgments[0] > 0 and persons[1] == 0):
            text = f"{persons[2]} persons are convicted, and {judgments[2]} judgments are convictions: "
            text += "both are 0, or neither."
            yield CheckItem(
                level=2, severity="error", code="CONVICTIONS", variable="judgments", text=text
            )
        elif persons[1] < np.inf and judgments[1] < np.inf:
            text = (
                f"{persons[2]} persons are convicted by {judgments[2]} judgments. One judgment can "
            )
            text += "convict several persons."
            yield CheckItem(
                level=2,
                severity="note",
                code="PERSONS_AND_JUDGMENTS",
                variable="judgments",
                text=text,
            )
    for variable in own.plan.variables:
        for other in own.plan.variables:
            if variable.offences == ("use_of_services",) and other.kind == "justice":
                yield from _copies(own, variable, other)


def _has(own: "Return", variable: str, dimension: str) -> bool:
    return any(
        item.name == variable and dimension in item.dimensions for item in own.plan.variables
    )


def _copies(own: "Return", users: Variable, other: Variable) -> Iterator[CheckItem]:
    """Yield a question if the counts of users of services are those of another variable."""
    if users.name == other.name or other.unit != users.unit:
        return
    for stage in set(users.stages) & set(other.stages):
        counts = []
        for variable in (users, other):
            table = own[variable.name].where(stage=stage)
            selection = {
                name: variable.total(name)
                for name in variable.dimensions
                if name not in users.dimensions
            }
            table = table.where(**selection) if selection else table
            keys = zip(*(table.columns[name] for name in users.dimensions), strict=True)
            is_known = np.isfinite(table.upper)
            counts.append(
                {
                    key: int(n)
                    for key, n, known in zip(keys, table.lower, is_known, strict=True)
                    if known
                }
            )
        common = set(counts[0]) & set(counts[1])
        same = all(counts[0][key] == counts[1][key] for key in common)
        if same and sum(counts[0][key] > 0 for key in common) > 1:
            text = (
                f"All counts of {users.title} ({stage}) equal those of {other.title}: are they the "
            )
            text += "same persons? The two offences are counted apart."
            yield CheckItem(
                level=2, severity="question", code="SAME_COUNTS", variable=users.name, text=text
            )


def aligned_rows(
    variable: Variable, new: CountTable, old: CountTable
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows of two tables with the same cell, without the period."""
    names = [own.name for own in variable.schema.dimensions if own.name != "period"]
    joined = [Coded.concat([new.columns[name], old.columns[name]]) for name in names]
    group, first = groups(pack(joined, len(new) + len(old)))
    rows = np.full((2, len(first)), -1, dtype=np.intp)
    rows[0, group[: len(new)]] = np.arange(len(new))
    rows[1, group[len(new) :]] = np.arange(len(old))
    both = (rows >= 0).all(axis=0)
    return rows[0, both], rows[1, both]


def _changes(own: "Return", previous: "Return") -> Iterator[CheckItem]:
    """Yield jumps since an earlier period, or revisions of the same period."""
    for variable in own.plan.variables:
        if variable.name not in previous.tables:
            continue
        new, old = own[variable.name], previous[variable.name]
        rows, before = aligned_rows(variable, new, old)
        blank = states_of(new.columns)[rows] == BLANK
        lost = int((blank & (states_of(old.columns)[before] != BLANK)).sum())
        if lost:
            text = f"{count(lost)} cells have a number in {previous.period} and are blank now."
            yield CheckItem(
                level=3, severity="question", code="LOST", variable=variable.name, text=text
            )
        now, then = new.lower[rows].astype(np.float64), old.lower[before].astype(np.float64)
        exact = (new.upper[rows] == now) & (old.upper[before] == then)
        if own.period == previous.period:
            revised = np.flatnonzero(exact & (now != then))
        else:
            revised = np.flatnonzero(
                exact & (np.abs(now - then) > np.maximum(10, 3 * np.sqrt(then)))
            )
        for position in revised.tolist():
            key = new.columns.key(int(rows[position]))
            codes = [key[name] for name in variable.dimensions if key[name] != variable.total(name)]
            codes += [key["stage"]] if len(variable.groups) > 1 else []
            cell = ", ".join(codes) or "total"
            pair = f"{cell}: {count(int(now[position]))} in {own.period}"
            earlier = count(int(then[position]))
            if own.period == previous.period:
                text, code = (
                    f"{pair}, and {earlier} in the earlier return of this period.",
                    "REVISED",
                )
            else:
                limit = count(int(max(10, 3 * np.sqrt(then[position]))))
                text, code = (
                    f"{pair} and {earlier} in {previous.period}, a difference above {limit}.",
                    "JUMP",
                )
            yield CheckItem(
                level=3, severity="question", code=code, variable=variable.name, text=text
            )


def _mirror(own: "Return", other: "Return") -> Iterator[CheckItem]:
    """Yield the counts of citizens of each country in the return of the other one."""
    if other.period != own.period or other.area == own.area:
        hint = f"Pass returns of other countries for {own.period}"
        value = f"{other.area}, {other.period}"
        raise InvalidValue(
            "must be of another country and the same period", field="mirror", value=value, hint=hint
        )
    for variable in own.plan.variables:
        if OF_COUNTRIES not in variable.dimensions or variable.name not in other.tables:
            continue
        for here, there in ((own, other), (other, own)):
            abroad = _total(here, variable.name, citizenship=there.area)
            home = _total(there, variable.name, citizenship="reporting_country")
            if abroad and abroad[0]:
                known = "an unknown number" if home is None or np.isinf(home[1]) else home[2]
                text = f"{here.area} counts {abroad[2]} citizens of {there.area}, and {there.area} counts "
                text += f"{known} of its own citizens. A person can be in both returns."
                yield CheckItem(
                    level=4, severity="note", code="MIRROR", variable=variable.name, text=text
                )
