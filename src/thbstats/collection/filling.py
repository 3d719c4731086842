"""Returns filled from cases, registers and tables."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from attrs import evolve, frozen

from thbstats.cases import CaseStore, FlagColumns, ListColumn
from thbstats.cases.answers import Declarations, FlagAnswers, SingleColumn, spelling
from thbstats.cases.counted import CountedCases, build_table, count_answers
from thbstats.cases.files import load_cases
from thbstats.cases.persons import join_persons
from thbstats.collection.completeness_rates import named_categories, required_cells
from thbstats.collection.return_checks import Finding
from thbstats.collection.returns import Return
from thbstats.collection.variables import (
    CELL,
    CITIZENSHIP,
    COUNT,
    GROUPS,
    NOT_RELEVANT,
    PROVIDED,
    RETURN,
    STATES,
    CellKey,
    CountRow,
    Variable,
    is_in,
)
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, require_name
from thbstats.files import Reading, open_input
from thbstats.files.case_file import Cases
from thbstats.geography import citizenship_group, eu_members
from thbstats.languages import lowered
from thbstats.records.converters import area_members, to_sources
from thbstats.sources import read, recognised
from thbstats.tables import CountTable, Dataset
from thbstats.tables.columns import Columns
from thbstats.tables.origins import Origin
from thbstats.values import Period
from thbstats.vocabulary import AgeGroup, Offence
from thbstats.vocabulary.bands import AGE_LIMIT, ages_of_band

if TYPE_CHECKING:
    from thbstats.collection.plans import Plan


_MAPPINGS = ("columns", "multi", "derive", "recode")
_OPTIONS = ("separator", "missing", "unknown", "no", "weights", "filter", "source", "progress")
_OTHER = ("person", "stage", "offence", "status", "exploitation", "court_instance")
_EMPTY, _INSTANCE, _OLDEST = (None, ""), "court_instance", 120
_CASES = "number of cases"


@frozen
class Register:
    """The cases of a variable, and the dimensions that they record.

    If the cases have several rows for each person, ``store`` has one row for each person, and
    ``bodies`` has one row for each person and registering body. ``bands`` are the age bands that
    include 18. In a dimension of ``zeros``, a category without cases is 0. ``instance`` is the
    column of the court instance.
    """

    variable: Variable
    period: Period
    store: CaseStore
    bodies: CaseStore | None
    bands: set[str]
    recorded: list[str]
    zeros: set[str]
    constants: dict[str, str]
    instance: str
    remarks: list[Finding]

    @classmethod
    def of(
        cls, variable: Variable, data: Any, area: str, period: Period, declared: Mapping[str, Any]
    ) -> "Register":
        """Return the register of a variable, with remarks on rows of the same person."""
        is_store = isinstance(data, CaseStore)
        store = data if is_store else _store_of(variable, data, declared)
        person, bodies, remarks = declared.get("person"), None, list[Finding]()
        instance = declared.get("columns", {}).get(_INSTANCE, _INSTANCE)
        if is_store and person is not None:
            hint, problem = f"Pass CaseStore.of(cases, person={person!r})", "must be of a frame"
            raise InvalidValue(f"{problem} or a path of cases", field="person", hint=hint)
        # 1. Several rows of one person: persons are joined, and decisions are counted by row.
        is_person = person is not None and variable.unit == "persons"
        if is_person and person in store.rows.names:
            frame = load_cases(data)
            store, bodies, remarks = _by_person(
                variable, store.declarations, frame, declared, area=area, period=period
            )
        elif is_person:
            frame, _ = _own_rows(store.declarations, load_cases(data), area, period)
            remarks = _remarks("NO_KEY", variable, len(frame), item=person)
        elif person in store.rows.names and instance not in store.rows.names:
            frame, _ = _own_rows(store.declarations, load_cases(data), area, period)
            several = int((frame[person].value_counts() > 1).sum())
            remarks = _remarks("SEVERAL_INSTANCES", variable, several, unit=variable.unit)
        # 2. The dimensions of the variable that the columns of the cases record.
        store, bands = _with_age_groups(store)
        cases = store.declarations
        readings = {name: cases.reading(name) for name in variable.dimensions if cases.varies(name)}
        recorded = [
            name
            for name in variable.dimensions
            if name in readings or (name == "register" and bodies is not None)
        ]
        # A column of yes or no shows its own category only: the others are missing, not 0.
        flagged = {name for name, item in readings.items() if isinstance(item, FlagColumns)}
        constants = (pair for item in readings.values() for pair in item.constants.items())
        return cls(
            variable=variable, period=period, store=store, bodies=bodies, bands=bands,
            recorded=recorded, zeros={*recorded} - flagged, constants=dict(constants),
            instance=instance, remarks=remarks,
        )  # fmt: skip

    def tables(self, area: str, *, is_cross: bool) -> tuple[list[Columns], list[Finding]]:
        """Return the counts of an area in the period, and remarks on the cases.

        A register of sex and age has one table by sex and one by age, each with the total, which
        is kept once. With ``is_cross``, it has one table by sex and age with all totals.
        """
        variable, cases = self.variable, self.store.declarations
        tables, remarks, where = list[Columns](), [*self.remarks], dict[str, Any]()
        for name in ("area", "period"):
            if cases.varies(name) and (name, area) != ("area", "WORLD"):
                codes, lacking = self._selected(name, area)
                where |= codes
                remarks += _remarks(f"NO_{name.upper()}", variable, lacking)
        # Without a stage, the cases are of no stage in particular.
        has_stage = len(variable.groups) == 1 or "stage" in cases.constants or cases.varies("stage")
        for stage, group in variable.groups.items() if has_stage else ():
            attributes = {name: group[name] for name in ("stage", "offence") if name in group}
            if any(cases.constants.get(name, code) != code for name, code in attributes.items()):
                continue  # all cases are of another stage or offence
            selection = where | {n: code for n, code in attributes.items() if cases.varies(n)}
            constants = {**group, "area": area, "period": str(self.period), **self.constants}
            has_total = False
            for name in self.recorded:
                counted, table = self._counted_by([name], selection, constants)
                remarks += self._remarks_on_answers(name, counted, stage)
                if not is_cross:
                    is_total = is_in(table, name, [variable.total(name)])
                    tables.append(table.take(~is_total) if has_total else table)
                    has_total |= bool(is_total.any())
            further: list[list[str]] = [] if has_total else [[]]
            if is_cross:
                # A person of two bodies is in two rows by body, so that the totals of all bodies
                # need a table of persons.
                persons = [name for name in self.recorded if name != "register"]
                further = [persons] if persons == self.recorded else [self.recorded, persons]
            for names in further:
                tables.append(self._counted_by(names, selection, constants)[1])
        return tables, [*remarks, *self._remarks_on_rows(area)]

    def _counted_by(
        self, names: Sequence[str], where: Mapping[str, Any], constants: Mapping[str, str]
    ) -> tuple[CountedCases, Columns]:
        store = self.store
        if self.bodies is not None and names == ["register"]:
            store = self.bodies
        varying = {name: codes for name, codes in where.items() if store.declarations.varies(name)}
        counted = count_answers(store.rows, store.declarations, names, varying)
        total = "all" if "register" in self.variable.dimensions else "not_stated"
        table = build_table(
            self.variable.schema,
            counted.axes(),
            counted.tally,
            constants={**constants, **({} if "register" in names else {"register": total})},
            origin=Origin(sources=to_sources(self.store.source)),
        )
        return counted, table.columns

    def _selected(self, name: str, area: str) -> tuple[dict[str, list[str]], int]:
        """Return the areas or periods to count, if they are not all, and the cases without one."""
        answers = count_answers(self.store.rows, self.store.declarations, [name]).of_dimension()
        codes = {code for answer, _ in answers for code in answer.codes}
        lacking = sum(number for answer, number in answers if not answer.codes)
        members = area_members(area)
        selection = sorted(
            code
            for code in codes
            if (area_members(code) <= members if name == "area" else _covers(self.period, code))
        )
        return {name: selection} if lacking or len(selection) < len(codes) else {}, lacking

    def _remarks_on_rows(self, area: str) -> Iterator[Finding]:
        """Yield remarks on registrations, finality and instances."""
        variable, rows, own = self.variable, self.store.rows, self.store.declarations
        if "register" in self.recorded and self.bodies is None:
            yield from _remarks("REGISTRATIONS", variable)
        if variable.finality == "final":
            yield from _remarks("FINALITY", variable)
        if variable.unit == "judgments" and self.instance not in rows.names:
            yield from _remarks("NO_INSTANCE", variable)
        elif variable.unit == "judgments":
            names = [own.reading(name).columns[0] for name in RETURN if own.varies(name)]
            columns, _, cases = rows.group([self.instance, *names], own.weights, {})
            frame = pd.DataFrame({name: [*column] for name, column in columns.items()})
            frame, _ = _own_rows(own, frame.assign(**{_CASES: cases}), area, self.period)
            lacking = frame[self.instance].map(spelling).isin(_EMPTY)
            total = int(frame[_CASES].sum())
            number = int(frame[_CASES][lacking].sum())
            yield from _remarks("EMPTY_INSTANCE", variable, number, total=total)

    def _remarks_on_answers(
        self, name: str, counted: CountedCases, stage: str
    ) -> Iterator[Finding]:
        """Yield remarks on the answers of one dimension.

        ``values`` has the texts and ``codes`` the categories of each different answer, and
        ``cases`` its number of cases. Three persons of 15-19 and two of 12 are the answers
        ``[["15-19"], ["12"]]`` with the categories ``[{"unknown"}, {"child"}]`` and ``[3, 2]``.
        """
        (column,), (positions,), cases = counted.columns, counted.tally.digits, counted.tally.counts
        values = [[spelling(text) for text in column.values[row]] for row in positions.tolist()]
        variable, answers = self.variable, column.answers
        is_flagged = isinstance(answers, FlagAnswers)
        if isinstance(answers, FlagAnswers):
            yield from self._remarks_on_blanks(column.reading.columns, values, cases)
            answers = answers.resolve(counted.schema[name])
        codes = [answers[row].codes for row in positions.tolist()]
        # Age bands that include 18: their persons can be children or adults.
        in_band = _sum_of(cases, (name == "age" and own[0] in self.bands for own in values))
        children = _sum_of(cases, (own == {"child"} for own in codes))
        numbers = {"total": int(cases.sum()), "lower": children, "upper": children + in_band}
        bands = ", ".join(sorted(self.bands)[:5])
        yield from _remarks("AGE_BANDS", variable, in_band, bands=bands, **numbers)
        # Unknown answers, of which some are blank and some are stated as unknown.
        unknown = _sum_of(cases, (own <= {variable.unknown(name)} for own in codes)) - in_band
        missing = {*map(spelling, self.store.declarations.no_answers["missing"])}
        pairs = zip(values, codes, strict=True)
        is_blank = ({*row} <= missing if is_flagged else not own for row, own in pairs)
        blank = _sum_of(cases, is_blank)
        numbers = {"total": int(cases.sum()), "blank": blank, "stated": unknown - blank}
        code = "UNKNOWN_OF_STAGE" if len(variable.groups) > 1 else "UNKNOWN"
        yield from _remarks(code, variable, unknown, **numbers, label=name, stage=stage)

    def _remarks_on_blanks(
        self, columns: Sequence[str], values: list[list[str | None]], cases: Any
    ) -> Iterator[Finding]:
        """Yield a remark on each column of yes or no that has blanks next to zeros."""
        for number, name in enumerate(columns):
            blank = _sum_of(cases, (row[number] in _EMPTY for row in values))
            zero = _sum_of(cases, (row[number] in ("0", "false", "False") for row in values))
            if blank and zero:
                numbers = {"blank": blank, "zero": zero}
                yield from _remarks("BLANK_AND_ZERO", self.variable, item=name, **numbers)


def _sum_of(cases: Any, mask: Iterable[bool]) -> int:
    """Return the sum of the numbers of cases in a mask."""
    return int(cases[np.array([*mask], dtype=np.bool_)].sum())


def _remarks(code: str, variable: Variable, number: int = 1, **parts: Any) -> list[Finding]:
    """Return a remark on the cases of a variable, or no remark if its number is 0."""
    return [Finding.of(code, variable.name, number=number, **parts)] if number else []


def _own_rows(
    own: Declarations, frame: pd.DataFrame, area: str, period: Period
) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """Return the rows of an area and a period, and the number of rows without each of them."""
    members, lacking = area_members(area), list[tuple[str, int]]()

    def is_in_area(value: Any) -> bool:
        text = own.recode.get("area", {}).get(value, spelling(value) or "")
        with suppress(ThbstatsError):
            return area_members(own.schema["area"].parse(text)) <= members
        return False

    for name, fits in (("period", partial(_covers, period)), ("area", is_in_area)):
        if own.varies(name) and (name, area) != ("area", "WORLD"):
            (column,) = own.reading(name).columns
            lacking.append((name, int(frame[column].map(spelling).isin(_EMPTY).sum())))
            is_own = {value: fits(value) for value in frame[column].unique()}
            frame = frame[frame[column].map(is_own).to_numpy(dtype=bool)]
    return frame, lacking


def _by_person(
    variable: Variable,
    own: Declarations,
    frame: pd.DataFrame,
    declared: Mapping[str, Any],
    *,
    area: str,
    period: Period,
) -> tuple[CaseStore, CaseStore | None, list[Finding]]:
    """Return one row for each person, one for each person and registering body, and remarks."""
    person, remarks = declared["person"], list[Finding]()
    names = [name for name in variable.schema.names if name not in ("area", "period")]
    readings = {name: own.reading(name) for name in names if own.varies(name)}
    # 1. The rows of the area and the period, in which each empty key is a key of its own.
    frame, lacking = _own_rows(own, frame, area, period)
    for name, number in lacking:
        remarks += _remarks(f"NO_{name.upper()}", variable, number)
    keyless = frame[person].isna() | frame[person].isin(["", *declared.get("missing", ())])
    if number := int(keyless.sum()):
        remarks += _remarks("NO_KEY", variable, number, item=person)
        keys = frame[person].astype(object)
        keys[keyless] = [f"case {case} without a key" for case in range(number)]
        frame = frame.assign(**{person: keys})
    # 2. One row for each person, and one for each person and body. Stages are counted apart.
    body = readings.pop("register", None)
    apart = [readings[name].columns[0] for name in ("stage", "offence") if name in readings]
    keys = [*dict.fromkeys([person, *apart])]
    columns = [column for item in readings.values() for column in item.columns]
    lists = [item.columns[0] for item in readings.values() if isinstance(item, ListColumn)]
    rows = frame[[*dict.fromkeys([person, *columns])]].drop_duplicates()
    repeated = rows.duplicated(keys, keep=False)
    if repeated.any():
        joined = join_persons(rows[repeated], keys, lists, own.separator)
        rows = pd.concat([rows[~repeated], joined])
    store = _store_of(variable, rows, declared)
    if body is None:
        return store, None, remarks
    pairs = frame[[*keys, *body.columns]].drop_duplicates()
    several = int((pairs[keys].value_counts(dropna=False) > 1).sum())
    numbers = {"rows": len(pairs), "persons": len(rows)}
    remarks += _remarks("SEVERAL_BODIES", variable, several, **numbers)
    return store, _store_of(variable, pairs, declared), remarks


def _store_of(variable: Variable, data: Any, declared: Mapping[str, Any]) -> CaseStore:
    """Return the cases, with the declarations that apply to the variable and to the columns."""
    columns = {*CaseStore.of(data).rows.names}
    arguments: dict[str, Any] = {"missing": (*_EMPTY, *declared.get("missing", ()))}
    for name, value in declared.items():
        if name in _MAPPINGS:
            arguments[name] = {
                key: item
                for key, item in value.items()
                if key in variable.schema.names
                and (name == "recode" or _columns_of(item) <= columns)
            }
        elif name in _OPTIONS or name in variable.schema.names:
            arguments.setdefault(name, value)
        else:
            problem = "must be an argument of CaseStore.of, or a dimension"
            require_name(name, [*_MAPPINGS, *_OPTIONS, *_OTHER], problem)
    return CaseStore.of(data, kind=variable.schema, **arguments)


def _columns_of(item: Any) -> set[str]:
    """Return the columns that a declaration of a dimension names."""
    names = (
        item.values() if isinstance(item, Mapping) else [item] if isinstance(item, str) else item
    )
    return {own for own in names if isinstance(own, str)} if isinstance(names, Iterable) else set()


def _require_columns(sources: Iterable[Any], declared: Mapping[str, Any]) -> None:
    """Refuse a column that no file of cases has; one of several files can lack it."""
    cases = {id(own): own for own in sources if not isinstance(own, CountTable | CaseStore)}
    known = dict.fromkeys(name for own in cases.values() for name in CaseStore.of(own).rows.names)
    items = [("person", declared.get("person") or ())]
    for name in ("columns", "multi"):
        items += [(name, item) for item in declared.get(name, {}).values()]
    for name, item in items if known else ():
        for column in sorted(_columns_of(item)):
            require_name(column, known, "must be a column of the cases", field=name)


def _covers(period: Period, value: Any) -> bool:
    """Return whether a period covers the period of a cell."""
    with suppress(ThbstatsError):
        return period.covers(Period.parse(spelling(value) or "not stated")) is True
    return False


def _with_age_groups(store: CaseStore) -> tuple[CaseStore, set[str]]:
    """Return the cases with ages and bands read as groups, and the bands that include 18.

    An age of 17 and the band 10-14 are children, and the band 15-19 is unknown.
    """
    cases = store.declarations
    reading = cases.reading("age") if cases.varies("age") else None
    if not isinstance(reading, SingleColumn):
        return store, set()
    recode, (name,) = dict[Any, str](), reading.columns
    for value in store.rows.group([name], cases.weights, {})[0][name].categories:
        text = spelling(value) or ""
        with suppress(ThbstatsError):
            cases.schema["age"].parse(text)
            continue
        is_age = text.isdecimal() and int(text) <= _OLDEST  # 1990 is a year of birth
        ages = (int(text),) * 2 if is_age else ages_of_band(text)
        if ages is not None and text not in cases.meanings["age"].no_answer:
            is_child = ages[1] is not None and ages[1] < AGE_LIMIT
            recode[text] = "child" if is_child else "adult" if ages[0] >= AGE_LIMIT else "unknown"
    bands = {text for text, code in recode.items() if code == "unknown"}
    recode |= cases.recode.get("age", {})
    recoded = evolve(cases, recode={**cases.recode, "age": recode})
    return evolve(store, declarations=recoded), bands


Rows = list[CountRow]
Cells = dict[CellKey, CountRow]


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
    remarks, lacking, cells, days = list[Finding](), list[Finding](), Cells(), list[date]()
    recorded, zeros = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    units, is_cross = {variable.unit for variable in plan.variables}, plan.tables == "cross"
    # 1. Count the cells of each variable in its tables and cases.
    sources_of = _sources(plan, data, declared, area=area, period=str(period))
    _require_columns((own for several in sources_of.values() for own in several), declared)
    for name, sources in sources_of.items():
        variable, size = plan[name], len(cells)
        for source in sources:
            if isinstance(source, CountTable):
                rows, findings = _rows_of_table(variable, source, area, period, units)
                recorded[name] |= {item for row in rows for item in row.breakdown.split()}
                days += [item.published for item in source.sources if item.published]
            else:
                register = Register.of(variable, source, area, period, declared)
                tables, findings = register.tables(area, is_cross=is_cross)
                counts = (variable.counts(table) for table in tables)
                rows = [row for own in counts for row in _with_groups(own, area, period)]
                recorded[name] |= {*register.recorded}
                zeros[name] |= register.zeros
            remarks += [*findings, *_added(cells, rows)]
        lacking += _lacking(variable, recorded[name], has_rows=len(cells) > size)
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


def _sources(
    plan: "Plan", data: Any, declared: Mapping[str, Any], **constants: Any
) -> dict[str, list[Any]]:
    """Return the tables and cases of each variable.

    The first row of this table that applies selects the variables of an input:

    =================  =================  ==========  =========================================
    input              kind               unit        offence
    =================  =================  ==========  =========================================
    table              of the table       any         any
    cases of a name    of the variable    any         any
    cases of a format  victims            persons     any
    other cases        of their columns   persons     trafficking, unless they have an offence
    =================  =================  ==========  =========================================
    """
    result: dict[str, list[Any]] = {variable.name: [] for variable in plan.variables}
    is_named = isinstance(data, Mapping)
    for name, item in data.items() if is_named else [("", data)]:
        variables = [plan[name]] if is_named else plan.variables
        default = variables[0].kind if is_named else None
        for source in _opened(item, kind=default, **constants):
            # Cases are persons; decisions and judgments need files of their own.
            kind: str = default or "victims"
            units, offences = {"persons"}, {*Offence}
            match source:
                case CountTable():
                    kind, units = source.kind, {own.unit for own in variables}
                case _ if is_named:
                    units = {own.unit for own in variables}
                case Reading() | Cases():
                    pass
                case _:
                    store = source if isinstance(source, CaseStore) else CaseStore.of(source)
                    kind = "justice" if "stage" in store.rows.names else store.schema.kind
                    known = {*store.rows.names, *store.declarations.constants, *declared}
                    if "offence" not in known | {*declared.get("columns", ())}:
                        offences = {Offence.TRAFFICKING}
            for own in variables:
                if own.kind == kind and own.unit in units and own.offences[0] in offences:
                    result[own.name].append(source)
    return result


def _opened(data: Any, **constants: Any) -> Iterator[Any]:
    """Yield tables and cases: a file of counts is read, and a file of cases stays a path."""
    match data:
        case list() | tuple():
            for item in data:
                yield from _opened(item, **constants)
        case Dataset():
            yield from data.tables()
        case Reading(cases=None):
            yield from data.data.tables()
        case str() | os.PathLike() if os.path.isfile(data):
            content, columns = _content_of(data)
            if content == "cases":
                yield data
                return
            kind = "justice" if "stage" in columns else "victims"
            constants["kind"] = constants["kind"] or kind
            known = columns | ({"kind"} if "table" in columns else set())
            is_tidy = content == "tidy counts"
            options = {name: constants[name] for name in constants if is_tidy and name not in known}
            yield from _opened(read(data, **options))
        case _:
            yield data


def _content_of(path: Any) -> tuple[Literal["cases", "tidy counts", "counts"], set[str]]:
    """Return what a row of a file is, and its columns if rows are cases or tidy counts."""
    try:
        if recognised(open_input(path))[0].name != "tidy":
            return "counts", set()
        columns = {*CaseStore.of(path).rows.names}
    except InvalidFile:  # a list of cases
        return "cases", set()
    # A tidy file with a column of counts is a table; without one, each row is a case.
    return "tidy counts" if {"value", "lower"} & columns else "cases", columns


def _rows_of_table(
    variable: Variable, table: CountTable, area: str, period: Period, units: set[str]
) -> tuple[Rows, list[Finding]]:
    """Return the cells of a variable in a table of counts, and remarks on the table."""
    remarks, name = list[Finding](), variable.name
    table = table.where(area=area, period=str(period))
    if table.columns.schema["age"].vocabulary is not AgeGroup:
        table = table.group_ages()
        wide = int(((table.upper > table.lower) & np.isfinite(table.upper)).sum())
        if wide and "age" in variable.dimensions:
            remarks.append(Finding.of("BANDED_COUNTS", name, number=wide))
    rows, columns, groups = variable.counts(table.columns), table.columns, variable.groups.values()
    known = (("unit", "UNITS", units), ("status", "STATUS", {variable.status}))
    for attribute, finding, counted in known:
        others = set[str]()
        for group in (own for own in groups if attribute in own):
            fits = variable.rows(columns, {k: own for k, own in group.items() if k != attribute})
            others |= {*columns[attribute].take(fits).compact().categories}
        if others := others - {*counted, "not_stated"}:
            parts = {attribute: getattr(variable, attribute), "others": sorted(others)}
            remarks.append(Finding.of(finding, name, **parts))
    bodies = [row.lower for row in rows if row.breakdown == "register"]
    total = [row.lower for row in rows if not row.breakdown]
    if len(bodies) > 1 and total in ([], [sum(bodies)]):
        remark = Finding.of("SUM_OF_BODIES", name, number=len(bodies), total=sum(bodies))
        remarks.append(remark)
    return rows, remarks


def _with_groups(rows: Rows, area: str, period: Period) -> Rows:
    """Return counts by country of citizenship with counts of the groups of citizenship.

    In DE, 3 persons with the citizenship FR and 2 with BE are 5 of the group ``other_eu``.
    """
    day, groups, sums, wider = period.end, dict[str, str](), Cells(), set[CellKey]()
    if day is None or area not in eu_members(day):
        return rows
    for row in rows:
        own = dict(zip(row.breakdown.split(), row.category.split(), strict=True))
        code = own.get(CITIZENSHIP, "")
        if code.isupper() and code not in groups:
            with suppress(ThbstatsError):  # nationals of a dissolved state can be of two groups
                groups[code] = str(citizenship_group(code, area, day))
        if code in (*GROUPS, "eu"):
            wider.add(row.key)
        if group := code if code in GROUPS else groups.get(code):
            part = row._replace(category=" ".join({**own, CITIZENSHIP: group}.values()))
            if before := sums.get(part.key):
                part = part._replace(
                    lower=before.lower + row.lower, upper=before.upper + row.upper,
                    unanswered=max(before.unanswered + row.unanswered, -1),
                )  # fmt: skip
            sums[part.key] = part
    if not groups:
        return rows
    return [*(row for row in rows if row.key not in wider), *sums.values()]


def _added(cells: Cells, rows: Rows) -> Iterator[Finding]:
    """Add rows to the cells of a return, and yield findings on cells with several values."""
    for row in rows:
        other = cells.setdefault(row.key, row)
        is_equal = (other.lower, other.upper) == (row.lower, row.upper)
        if not is_equal and row.state > NOT_RELEVANT:
            lower, upper = min(other.lower, row.lower), max(other.upper, row.upper)
            cells[row.key] = other._replace(
                lower=lower, upper=upper, reason="conflicting", state=PROVIDED
            )
            numbers, item = {"first": other.lower, "second": row.lower}, row.category or "total"
            yield Finding.of("SEVERAL_VALUES", row.variable, item=item, **numbers)


def _lacking(variable: Variable, recorded: set[str], *, has_rows: bool) -> Iterator[Finding]:
    """Yield the breakdowns that the data cannot give."""
    names, name = variable.dimensions, variable.name
    needed = [*["stage"] * (len(variable.groups) > 1), *names]
    about = {"start": variable.provision or variable.title, "subject": lowered(variable.title)}
    if not has_rows:
        yield Finding.of("NO_DATA", name, item=" ".join(needed), labels=needed, **about)
    for item in names if has_rows else ():
        if item not in recorded:
            yield Finding.of("LACKING", name, item=item, label=item, number=len(names), **about)
