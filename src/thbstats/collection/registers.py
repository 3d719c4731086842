"""Registers of cases, counted for a variable of a plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats.cases import CaseStore, FlagColumns, ListColumn
from thbstats.cases.answers import FlagAnswers, SingleColumn, spelling
from thbstats.cases.cells import build_table
from thbstats.cases.counted import CountedCases, count_answers
from thbstats.cases.person_rows import join_persons, load_cases
from thbstats.collection.variables import OF_COUNTRIES, Variable
from thbstats.columns import Coded
from thbstats.display import count
from thbstats.errors import ThbstatsError, require_name
from thbstats.exchange import Reading
from thbstats.exchange.cases import Cases
from thbstats.geography import citizenship_group, eu_members
from thbstats.records.reading import area_members, to_sources
from thbstats.tables.build import concat
from thbstats.tables.columns import Columns
from thbstats.tables.keys import groups, pack
from thbstats.tables.origins import Origin
from thbstats.values import Period
from thbstats.vocabulary.bands import AGE_LIMIT, Ages, ages_of_band, includes

_MAPPINGS = ("columns", "multi", "derive", "recode")
_OPTIONS = ("separator", "missing", "unknown", "no", "weights", "filter", "source", "progress")
_EMPTY = (None, "")
_GROUPS = ("reporting_country", "other_eu", "non_eu")
_INSTANCE = "court_instance"
_LISTED = 5


@frozen(kw_only=True)
class Remark:
    """A property of the data of a return that a reader of the return must know.

    Parameters
    ----------
    variable : str
        The variable; empty for the whole return.
    code : str
        The kind of property, such as ``"AGE_BANDS"``.
    text : str
        The property in a sentence, with its numbers.
    """

    variable: str
    code: str
    text: str


@frozen(kw_only=True)
class Lack:
    """A breakdown, or a variable, that the data of a return cannot give.

    Parameters
    ----------
    variable : str
        The variable.
    dimension : str
        The breakdown; empty for the whole variable.
    column : str
        The column or columns that the data need.
    text : str
        The sentence for the sender of the data.
    """

    variable: str
    dimension: str
    column: str
    text: str


@frozen(kw_only=True, eq=False)
class VariableRows:
    """The rows of a variable that one source gives.

    Parameters
    ----------
    columns : tuple of Columns
        The rows.
    recorded : frozenset of str
        The dimensions that the source records.
    zeros : frozenset of str
        The dimensions of which a category without a row is 0.
    remarks : tuple of Remark
        The properties of the source.
    """

    columns: tuple[Columns, ...] = ()
    recorded: frozenset[str] = frozenset()
    zeros: frozenset[str] = frozenset()
    remarks: tuple[Remark, ...] = field(default=(), converter=tuple)


@frozen(kw_only=True, eq=False)
class Register:
    """The cases of one variable: its rows, and for persons with several rows, two views of them.

    Parameters
    ----------
    store : CaseStore
        The cases, or the persons if a column identifies them.
    bodies : CaseStore or None
        One row for each person and registering body, if a column identifies persons.
    remarks : tuple of Remark
        The properties of the rows.
    """

    store: CaseStore
    bodies: CaseStore | None = None
    remarks: tuple[Remark, ...] = ()

    @classmethod
    def of(
        cls,
        variable: Variable,
        data: Any,
        period: Period,
        person: str | None,
        declared: Mapping[str, Any],
    ) -> "Register":
        """Return the register of cases of any kind."""
        if isinstance(data, CaseStore):
            return cls(store=data)
        names = None
        if isinstance(data, pd.DataFrame):
            names = [str(name) for name in data.columns]
        arguments: dict[str, Any] = {"missing": _EMPTY}
        for name, value in declared.items():
            if name in _MAPPINGS:
                arguments[name] = {
                    dimension: own
                    for dimension, own in (value or {}).items()
                    if dimension in variable.schema.names
                    and (names is None or not isinstance(own, str) or own in names)
                }
            elif name in _OPTIONS or name in variable.schema.names:
                arguments[name] = value

        def store_of(rows: Any) -> CaseStore:
            return CaseStore.of(rows, kind=variable.schema, **arguments)

        if person is None or isinstance(data, Reading | Cases):
            return cls(store=store_of(data))
        frame = load_cases(data)
        require_name(person, map(str, frame.columns), "`person` must be a column of the cases")
        return cls._of_persons(variable, frame, period, person, store_of)

    @classmethod
    def _of_persons(
        cls,
        variable: Variable,
        frame: pd.DataFrame,
        period: Period,
        person: str,
        store_of: Callable[[Any], CaseStore],
    ) -> "Register":
        """Return the register of rows with the identifier of a person, or of a proceeding."""
        whole, remarks = store_of(frame), list[Remark]()
        declarations = whole.declarations
        if declarations.varies("period"):
            (name,) = declarations.reading("period").columns
            covered = {value: _covers(period, value) for value in frame[name].unique()}
            frame = frame[frame[name].map(covered).to_numpy(dtype=bool)]
        keys = frame[person].astype(object)
        no_key = keys.isna() | keys.isin(declarations.no_answers["missing"])
        keys = keys.where(~no_key, [(number,) for number in range(len(keys))])
        frame = frame.assign(**{person: keys}).reset_index(drop=True)
        several = frame.duplicated(person, keep=False)
        if variable.unit != "persons":
            number = int(frame[person][several].nunique())
            if number and _INSTANCE not in frame:
                text = f"{count(number)} proceedings have several {variable.unit}, and the data "
                text += f"have no column `{_INSTANCE}`: one charge can count once in each instance."
                remarks.append(_remark(variable, "SEVERAL_INSTANCES", text))
            return cls(store=store_of(frame), remarks=tuple(remarks))
        if no_key.any():
            text = f"{count(int(no_key.sum()))} rows do not identify a person in `{person}`: each "
            text += "counts as a person."
            remarks.append(_remark(variable, "NO_PERSON", text))
        readings = {
            name: declarations.reading(name)
            for name in variable.dimensions
            if declarations.varies(name) and name != "register"
        }
        lists = [own.columns[0] for own in readings.values() if isinstance(own, ListColumn)]
        persons = frame.drop_duplicates(person).reset_index(drop=True)
        repeated = frame[several]
        if lists and len(repeated):
            joined = join_persons(repeated[[person, *lists]], person, lists, declarations.separator)
            persons = persons.set_index(person)
            persons.loc[joined[person], lists] = joined.set_index(person)[lists]
            persons = persons.reset_index()
        for name, reading in readings.items():
            used = [column for column in reading.columns if column not in lists]
            different = repeated.groupby(person, sort=False)[used].nunique().gt(1).any(axis=1)
            if used and (number := int(different.sum())):
                text = f"{count(number)} persons have rows with different values of "
                text += f"{variable.label(name)}: their first row counts."
                remarks.append(_remark(variable, "PERSON_DIFFERS", text))
        bodies = None
        if "register" in variable.dimensions and declarations.varies("register"):
            (name,) = declarations.reading("register").columns
            pairs = frame.drop_duplicates([person, name])
            bodies = store_of(pairs.reset_index(drop=True))
            number = int((pairs[person].value_counts() > 1).sum())
            if number:
                text = f"{count(number)} persons are registered by two bodies or more: the bodies "
                text += f"add up to {count(len(pairs))}, and the persons are {count(len(persons))}."
                remarks.append(_remark(variable, "SEVERAL_BODIES", text))
        return cls(store=store_of(persons), bodies=bodies, remarks=tuple(remarks))

    def rows(
        self, variable: Variable, area: str, period: Period, *, is_cross: bool
    ) -> VariableRows:
        """Return the counts of a variable, with remarks on the cases."""
        store, bands = _with_age_groups(self.store)
        own, remarks, columns = store.declarations, [*self.remarks], list[Columns]()
        recorded = [name for name in variable.dimensions if own.varies(name)]
        readings = {name: own.reading(name) for name in recorded}
        where, left_out = _selection(store, variable, area, period)
        remarks += left_out
        origin = Origin(sources=to_sources(store.source))
        for group in variable.groups:
            attributes = [name for name in ("stage", "offence", "unit") if name in group]
            selection = {
                **where,
                **{name: [group[name]] for name in attributes if own.varies(name)},
            }
            if any(own.constants.get(name, group[name]) != group[name] for name in attributes):
                continue
            constants = {**group, "area": area, "period": str(period)}
            for reading in readings.values():
                constants |= reading.constants

            def count(names: Sequence[str]) -> tuple[CountedCases, Columns]:
                cases = self.bodies if names == ["register"] and self.bodies else store
                counted = count_answers(cases.rows, own, names, selection)  # noqa: B023
                bodies = {} if "register" in names else {"register": code_of_bodies(variable)}
                table = build_table(
                    variable.schema,
                    counted.axes(),
                    counted.tally,
                    constants={**constants, **bodies},  # noqa: B023
                    origin=origin,
                )
                return counted, table.columns

            has_total = False
            for name in recorded:
                counted, table = count([name])
                remarks += _remarks_on(variable, name, counted, bands if name == "age" else {})
                if not is_cross:
                    is_total = np.array([code == variable.total(name) for code in table[name]])
                    columns.append(table if not has_total else table.take(~is_total))
                    has_total |= bool(is_total.any())
            if is_cross and "register" in recorded:
                columns.append(count(recorded)[1])
            if is_cross or not has_total:
                others = [name for name in recorded if name != "register"]
                columns.append(count(others if is_cross else [])[1])
        remarks += _remarks_on_persons(variable, self, recorded)
        flagged = {name for name, own in readings.items() if isinstance(own, FlagColumns)}
        return VariableRows(
            columns=tuple(_with_groups(own, area, period) for own in columns),
            recorded=frozenset(recorded),
            zeros=frozenset(recorded) - flagged,
            remarks=remarks,
        )


def _remark(variable: Variable, code: str, text: str) -> Remark:
    return Remark(variable=variable.name, code=code, text=text)


def code_of_bodies(variable: Variable) -> str:
    """Return the code of the register in rows that do not count by register."""
    return "all" if "register" in variable.dimensions else "not_stated"


def _remarks_on_persons(
    variable: Variable, register: Register, recorded: Iterable[str]
) -> Iterator[Remark]:
    """Yield remarks on registrations, instances and finality."""
    store = register.store
    if "register" in recorded and register.bodies is None:
        text = "The total counts registrations: a person whom two bodies register counts twice. "
        text += "Pass `person`, or bound the distinct persons with `thb.lists.distinct`."
        yield _remark(variable, "REGISTRATIONS", text)
    if variable.finality == "final":
        text = "The plan asks for decisions that are no longer subject to appeal: select them "
        text += "before you fill the return."
        yield _remark(variable, "FINALITY", text)
    if variable.unit != "judgments":
        return
    if _INSTANCE not in store.rows.names:
        text = f"The judgments have no column `{_INSTANCE}`: judgments of several instances on one "
        text += "charge are added up."
        yield _remark(variable, "NO_INSTANCE", text)
        return
    grouped = store.rows.group([_INSTANCE], store.declarations.weights, {})
    column = grouped.columns[_INSTANCE]
    numbers = np.bincount(column.positions, grouped.weights, len(column.categories)).tolist()
    pairs = zip(column.categories, numbers, strict=True)
    lacking = int(sum(number for value, number in pairs if spelling(value) in _EMPTY))
    if lacking:
        text = f"{count(lacking)} of {count(int(sum(numbers)))} judgments have no court instance: "
        text += "one charge can have a judgment in each instance."
        yield _remark(variable, "NO_INSTANCE", text)


def _covers(period: Period, value: Any) -> bool:
    """Return whether a period covers the period of a cell."""
    try:
        return period.covers(Period.parse(spelling(value) or "not stated")) is True
    except ThbstatsError:
        return False


def _selection(
    store: CaseStore, variable: Variable, area: str, period: Period
) -> tuple[dict[str, list[str]], list[Remark]]:
    """Return the areas and periods to count, and remarks on cases without them."""
    where: dict[str, list[str]] = {}
    remarks = []
    members = area_members(area)
    for name in ("area", "period"):
        if not store.declarations.varies(name):
            continue
        answers = count_answers(store.rows, store.declarations, [name]).of_dimension()
        codes = sorted({code for answer, _ in answers for code in answer.codes})
        if name == "area":
            chosen = [code for code in codes if area_members(code) <= members]
        else:
            chosen = [code for code in codes if _covers(period, code)]
        lacking = sum(number for answer, number in answers if not answer.codes)
        if name == "area" and area == "WORLD":
            continue  # a case without an area is a case of the world
        if lacking:
            text = f"{count(lacking)} cases have no {name} and are not in the return."
            remarks.append(_remark(variable, f"NO_{name.upper()}", text))
        if len(chosen) < len(codes) or lacking:
            where[name] = chosen
    return where, remarks


def _with_age_groups(store: CaseStore) -> tuple[CaseStore, dict[str, Ages]]:
    """Return the cases with ages in years and bands read as groups, and the bands of both groups."""
    declarations = store.declarations
    bands: dict[str, Ages] = {}
    if not declarations.varies("age"):
        return store, bands
    reading = declarations.reading("age")
    if not isinstance(reading, SingleColumn):
        return store, bands
    (column,) = reading.columns
    dimension, recode = declarations.schema["age"], dict(declarations.recode.get("age", {}))
    no_answer = declarations.meanings["age"].no_answer
    for value in store.rows.group([column], declarations.weights, {}).columns[column].categories:
        text = spelling(value)
        if text is None or text in recode or text in no_answer:
            continue
        try:
            dimension.parse(text)
        except ThbstatsError:
            ages = (int(text),) * 2 if text.isdecimal() else ages_of_band(text)
            if ages is None:
                continue  # counting raises an error that names the value
            recode[text] = "child" if includes((0, AGE_LIMIT - 1), ages) else "unknown"
            if includes((AGE_LIMIT, None), ages):
                recode[text] = "adult"
            elif recode[text] == "unknown":
                bands[text] = ages
    recoded = evolve(declarations, recode={**declarations.recode, "age": recode})
    return evolve(store, declarations=recoded), bands


def _remarks_on(
    variable: Variable, name: str, counted: CountedCases, bands: Mapping[str, Ages]
) -> Iterator[Remark]:
    """Yield remarks on the answers of one dimension."""
    (column,), (positions, cases) = counted.columns, counted.tally.nonempty()
    answers, numbers = column.answers, cases.tolist()
    rows = positions[0].tolist()
    values = [column.values[row] for row in rows]
    total, label = sum(numbers), variable.label(name)
    if isinstance(answers, FlagAnswers):
        answers = answers.resolve(counted.schema[name])
        for number, source in enumerate(column.reading.columns):
            texts = [spelling(own[number]) for own in values if len(own) > number]
            pairs = list(zip(texts, numbers, strict=False))
            blank = sum(own for text, own in pairs if text in _EMPTY)
            zero = sum(own for text, own in pairs if text == "0")
            if blank and zero:
                text = (
                    f"In the column `{source}`, {count(blank)} cells are empty and {count(zero)} "
                )
                text += "are 0: an empty cell is unknown, and 0 is no."
                yield _remark(variable, "BLANK_AND_ZERO", text)
        unknown = blank = sum(
            own for row, own in zip(rows, numbers, strict=True) if not answers[row].codes
        )
    else:
        codes = [answers[row].codes for row in rows]
        blank = sum(own for code, own in zip(codes, numbers, strict=True) if not code)
        stated = {variable.unknown(name)}
        unknown = blank + sum(
            own for code, own in zip(codes, numbers, strict=True) if code == stated
        )
    straddling = {
        text: own
        for value, own in zip(values, numbers, strict=True)
        if (text := str(spelling(value[0]))) in bands
    }
    if straddling:
        number = sum(straddling.values())
        children = sum(own for code, own in zip(codes, numbers, strict=True) if code == {"child"})
        listed = ", ".join(sorted(straddling)[:_LISTED])
        text = f"{count(number)} of {count(total)} cases have an age band with ages below and from "
        text += (
            f"18 ({listed}). They are of unknown age: children among known ages and these bands "
        )
        text += f"are {count(children)} to {count(children + number)}."
        yield _remark(variable, "AGE_BANDS", text)
    unknown -= sum(straddling.values())
    if unknown:
        text = (
            f"{count(unknown)} of {count(total)} cases have no {label}: {count(blank)} cells are "
        )
        text += f"empty, and {count(unknown - blank)} state that it is unknown."
        yield _remark(variable, "UNKNOWN", text)


def _with_groups(columns: Columns, area: str, period: Period) -> Columns:
    """Return rows by country of citizenship with rows of the groups of citizenship."""
    if OF_COUNTRIES not in columns.schema.names or period.end is None:
        return columns
    dimension, column = columns.schema[OF_COUNTRIES], columns[OF_COUNTRIES]
    countries = [code for code in column.categories if dimension.is_country(code)]
    if not countries or area not in eu_members(period.end):
        return columns
    wider = {code: code for code in _GROUPS if code in column.categories}
    for code in countries:
        with suppress(ThbstatsError):  # nationals of a dissolved state can belong to two groups
            wider[code] = str(citizenship_group(code, area, period.end))
    chosen = np.array([code in wider for code in column.categories])[column.positions]
    is_whole = np.array([code in (*_GROUPS, "eu") for code in column.categories])[column.positions]
    parts, names = columns.take(chosen), list(dict.fromkeys(wider.values()))
    target = parts[OF_COUNTRIES]
    table = np.array([names.index(wider[code]) for code in target.categories], dtype=np.intp)
    recoded = Coded(table[target.positions], names)
    dimensions = tuple(
        recoded if own.name == OF_COUNTRIES else parts[own.name]
        for own in columns.schema.dimensions
    )
    group, first = groups(pack(dimensions, len(parts)))
    numbers, size = parts.numbers, len(first)
    lower, upper, further = (
        np.bincount(group, np.maximum(own, 0), size)
        for own in (numbers.lower, numbers.upper, numbers.further)
    )
    has_further = numbers.unanswered is not None
    added = Columns(
        schema=columns.schema,
        dimensions=tuple(own.take(first).compact() for own in dimensions),
        numbers=evolve(
            numbers.take(first),
            lower=lower.astype(np.int64),
            above=None if numbers.above is None else upper,
            unanswered=further.astype(np.int64) if has_further else None,
        ),
        origin=parts.origin[first],
        origins=parts.origins,
    )
    return concat([columns.take(~is_whole), added])
