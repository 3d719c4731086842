"""Registers: the cases of a variable, the tables that they give, and remarks on them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import pandas as pd
from attrs import evolve, frozen

from thbstats.cases import CaseStore, FlagColumns, ListColumn
from thbstats.cases.answers import Declarations, FlagAnswers, SingleColumn, spelling
from thbstats.cases.counted import CountedCases, build_table, count_answers
from thbstats.cases.engines import parse_filter
from thbstats.cases.files import load_cases
from thbstats.cases.persons import join_persons, spell_keys
from thbstats.collection.return_checks import Finding
from thbstats.collection.return_inputs import EMPTY, CaseArguments
from thbstats.collection.variables import RETURN, Variable, is_in
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.records.converters import area_members, to_sources
from thbstats.tables.columns import Columns
from thbstats.tables.origins import Origin
from thbstats.values import Period
from thbstats.vocabulary.bands import AGE_LIMIT, ages_of_band

_OLDEST = 120
_CASES = "number of cases"


class _Answer(NamedTuple):
    """A different answer: the texts of its columns, its categories and its number of cases."""

    texts: list[str | None]
    codes: set[str] | frozenset[str]
    cases: int


@frozen
class Register:
    """The cases of a variable, and the dimensions that they record.

    ``recorded`` are the dimensions of its tables. In a dimension of ``zeros``, a category without
    cases is 0. ``bands`` are the age bands that include 18, and ``instance`` is the column of the
    court instance. ``store`` has the cases. If these have several rows for each person, the tables
    are counts of two stores:

    ==========  ===============================  ====================================
    store       one row for each                 tables
    ==========  ===============================  ====================================
    ``bodies``  person and registering body      by registering body
    ``store``   person                           by each other dimension, and totals
    ==========  ===============================  ====================================

    The police and an organisation registered person 1: their counts add up to 3, of 2 persons.

    >>> from thbstats.collection import plan
    >>> columns = {"person": [1, 1, 2], "register": ["police", "ngo", "police"]}
    >>> cases = pd.DataFrame({**columns, "sex": ["female", "female", "male"]})
    >>> variable, arguments = plan("article-19a")["victims"], CaseArguments("person", {})
    >>> register = Register.of(variable, cases, "IT", Period.parse(2025), arguments)
    >>> register.recorded
    ['register', 'sex']
    >>> tables, remarks = register.tables("IT", is_cross=False)
    >>> rows = [row for table in tables for row in variable.counts(table)]
    >>> [(row.category or "total", row.lower) for row in rows if row.lower]
    [('police', 2), ('ngo', 1), ('total', 2), ('female', 1), ('male', 1)]
    >>> [remark.code for remark in remarks]
    ['SEVERAL_BODIES']
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
        cls, variable: Variable, data: Any, area: str, period: Period, arguments: CaseArguments
    ) -> "Register":
        """Return the register of a variable, with remarks on rows of the same person."""
        store, bodies, remarks = _stores(variable, data, arguments, area=area, period=period)
        # The dimensions of the variable that the columns of the cases record.
        store, bands = _with_age_groups(store)
        bodies = bodies and _with_age_groups(bodies)[0]
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
            instance=arguments.instance, remarks=remarks,
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
        store = self.bodies if self.bodies is not None and "register" in names else self.store
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
            lacking = frame[self.instance].map(spelling).isin(EMPTY)
            total = int(frame[_CASES].sum())
            number = int(frame[_CASES][lacking].sum())
            yield from _remarks("EMPTY_INSTANCE", variable, number, total=total)

    def _remarks_on_answers(
        self, name: str, counted: CountedCases, stage: str
    ) -> Iterator[Finding]:
        """Yield remarks on the answers of one dimension.

        Three persons of 15-19 and two of 12 are the answers ``(["15-19"], {"unknown"}, 3)`` and
        ``(["12"], {"child"}, 2)``.
        """
        (column,), (positions,), cases = counted.columns, counted.tally.digits, counted.tally.counts
        variable, read = self.variable, column.answers
        is_flagged = isinstance(read, FlagAnswers)
        if isinstance(read, FlagAnswers):
            read = read.resolve(counted.schema[name])
        answers = [
            _Answer([spelling(text) for text in column.values[row]], read[row].codes, number)
            for row, number in zip(positions.tolist(), cases.tolist(), strict=True)
        ]
        if is_flagged:
            yield from self._remarks_on_blanks(column.reading.columns, answers)
        # Age bands that include 18: their persons can be children or adults.
        in_band = sum(own.cases for own in answers if name == "age" and own.texts[0] in self.bands)
        children = sum(own.cases for own in answers if own.codes == {"child"})
        total = sum(own.cases for own in answers)
        numbers = {"total": total, "lower": children, "upper": children + in_band}
        bands = ", ".join(sorted(self.bands)[:5])
        yield from _remarks("AGE_BANDS", variable, in_band, bands=bands, **numbers)
        # Unknown answers, of which some are blank and some are stated as unknown.
        no_answer = {variable.unknown(name)}
        unknown = sum(own.cases for own in answers if own.codes <= no_answer) - in_band
        missing = {*map(spelling, self.store.declarations.no_answers["missing"])}
        blank = sum(
            own.cases
            for own in answers
            if ({*own.texts} <= missing if is_flagged else not own.codes)
        )
        numbers = {"total": total, "blank": blank, "stated": unknown - blank}
        code = "UNKNOWN_OF_STAGE" if len(variable.groups) > 1 else "UNKNOWN"
        yield from _remarks(code, variable, unknown, **numbers, label=name, stage=stage)

    def _remarks_on_blanks(
        self, columns: Sequence[str], answers: Sequence[_Answer]
    ) -> Iterator[Finding]:
        """Yield a remark on each column of yes or no that has blanks next to zeros."""
        zeros = ("0", "false", "False")
        for number, name in enumerate(columns):
            blank = sum(own.cases for own in answers if own.texts[number] in EMPTY)
            zero = sum(own.cases for own in answers if own.texts[number] in zeros)
            if blank and zero:
                numbers = {"blank": blank, "zero": zero}
                yield from _remarks("BLANK_AND_ZERO", self.variable, item=name, **numbers)


def _remarks(code: str, variable: Variable, number: int = 1, **parts: Any) -> list[Finding]:
    """Return a remark on the cases of a variable, or no remark if its number is 0."""
    return [Finding.of(code, variable.name, number=number, **parts)] if number else []


def _stores(
    variable: Variable, data: Any, arguments: CaseArguments, *, area: str, period: Period
) -> tuple[CaseStore, CaseStore | None, list[Finding]]:
    """Return the stores of a register, and remarks on rows of the same person.

    Persons are joined, and decisions are counted by row.
    """
    is_store, person = isinstance(data, CaseStore), arguments.person
    if is_store and person is not None:
        hint, problem = f"Pass CaseStore.of(cases, person={person!r})", "must be of a frame"
        raise InvalidValue(f"{problem} or a path of cases", field="person", hint=hint)
    if person is not None and (expressions := parse_filter(arguments.declared.get("filter"))):
        # Rows are selected before those of a person are joined.
        data = load_cases(data, expressions)
        arguments = evolve(arguments, declared={**arguments.declared, "filter": None})
    store = data if is_store else arguments.store(variable, data)
    own, remarks = store.declarations, list[Finding]()
    if person is not None and variable.unit == "persons":
        frame = load_cases(data)
        if person in store.rows.names:
            return _by_person(variable, own, frame, person, arguments, area=area, period=period)
        frame, _ = _own_rows(own, frame, area, period)
        remarks = _remarks("NO_KEY", variable, len(frame), item=person)
    elif person in store.rows.names and arguments.instance not in store.rows.names:
        frame, _ = _own_rows(own, load_cases(data), area, period)
        several = int((frame[person].value_counts() > 1).sum())
        remarks = _remarks("SEVERAL_INSTANCES", variable, several, unit=variable.unit)
    return store, None, remarks


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

    def is_in_period(value: Any) -> bool:
        return _covers(period, own.recode.get("period", {}).get(value, value))

    for name, fits in (("period", is_in_period), ("area", is_in_area)):
        if own.varies(name) and (name, area) != ("area", "WORLD"):
            (column,) = own.reading(name).columns
            lacking.append((name, int(frame[column].map(spelling).isin(EMPTY).sum())))
            is_own = {value: fits(value) for value in frame[column].unique()}
            frame = frame[frame[column].map(is_own).to_numpy(dtype=bool)]
    return frame, lacking


def _by_person(
    variable: Variable,
    own: Declarations,
    frame: pd.DataFrame,
    person: str,
    arguments: CaseArguments,
    *,
    area: str,
    period: Period,
) -> tuple[CaseStore, CaseStore | None, list[Finding]]:
    """Return one row for each person, one for each person and registering body, and remarks."""
    remarks = list[Finding]()
    names = [name for name in variable.schema.names if name not in ("area", "period")]
    readings = {name: own.reading(name) for name in names if own.varies(name)}
    # 1. The rows of the area and the period, in which each empty key is a key of its own.
    frame, lacking = _own_rows(own, frame, area, period)
    for name, number in lacking:
        remarks += _remarks(f"NO_{name.upper()}", variable, number)
    meaning = next(iter(own.meanings.values()))
    own_keys = spell_keys(frame[person])
    keyless = own_keys.isin(meaning.no_answer)
    if number := int(keyless.sum()):
        remarks += _remarks("NO_KEY", variable, number, item=person)
        own_keys[keyless] = [f"case {case} without a key" for case in range(number)]
    frame = frame.assign(**{person: own_keys})
    # 2. One row for each person, and one for each person and body. Stages are counted apart.
    body = readings.pop("register", None)
    apart = [readings[name].columns[0] for name in ("stage", "offence") if name in readings]
    keys = [*dict.fromkeys([person, *apart])]
    columns = [column for item in readings.values() for column in item.columns]
    lists = [item.columns[0] for item in readings.values() if isinstance(item, ListColumn)]
    rows = frame[[*dict.fromkeys([person, *columns])]].drop_duplicates()
    repeated = rows.duplicated(keys, keep=False)
    if repeated.any():
        joined = join_persons(rows[repeated], keys, lists, meaning, own.separator)
        rows = pd.concat([rows[~repeated], joined])
    store = arguments.store(variable, rows)
    if body is None:
        return store, None, remarks
    pairs = frame[[*keys, *body.columns]].drop_duplicates()
    several = int((pairs[keys].value_counts(dropna=False) > 1).sum())
    numbers = {"rows": len(pairs), "persons": len(rows)}
    remarks += _remarks("SEVERAL_BODIES", variable, several, **numbers)
    # Each body registers a person with the answers of all rows of the person.
    further = [name for name in rows if name in keys or name not in body.columns]
    return store, arguments.store(variable, pairs.merge(rows[further], on=keys)), remarks


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
    declared = cases.recode.get("age", {})
    bands = {text for text, code in recode.items() if code == "unknown" and text not in declared}
    recode |= declared
    recoded = evolve(cases, recode={**cases.recode, "age": recode})
    return evolve(store, declarations=recoded), bands
