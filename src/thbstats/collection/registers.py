"""Registers of cases, counted for a variable of a plan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from thbstats.cases import CaseStore, FlagColumns, ListColumn
from thbstats.cases.answers import FlagAnswers, SingleColumn, spelling
from thbstats.cases.cells import build_table
from thbstats.cases.counted import CountedCases, count_answers
from thbstats.cases.person_rows import join_persons, load_cases
from thbstats.collection.findings import Finding, Severity
from thbstats.collection.variables import Variable, is_in
from thbstats.display import count
from thbstats.errors import ThbstatsError, require_name
from thbstats.records.reading import area_members, to_sources
from thbstats.tables.columns import Columns
from thbstats.tables.origins import Origin
from thbstats.values import Period
from thbstats.vocabulary.bands import AGE_LIMIT, ages_of_band

_MAPPINGS = ("columns", "multi", "derive", "recode")
_OPTIONS = ("separator", "missing", "unknown", "no", "weights", "filter", "source", "progress")
_EMPTY = (None, "")
_INSTANCE = "court_instance"


def remark(variable: Variable, code: str, text: str, severity: Severity = "question") -> Finding:
    """Return a finding on the data of a variable."""
    return Finding(variable=variable.name, code=code, text=text, severity=severity)


class Register:
    """The cases of a variable: their counts, the dimensions that they record, and remarks.

    In a dimension of ``zeros``, a category without cases is 0.
    """

    def __init__(
        self, variable: Variable, data: Any, period: Period, person: str | None, declared: Any
    ) -> None:
        self.variable, self.period, self.remarks = variable, period, list[Finding]()
        store = data if isinstance(data, CaseStore) else _store_of(variable, data, declared)
        self.bodies: CaseStore | None = None
        if person is not None and variable.unit == "persons":
            store = self._by_person(store, load_cases(data), person, declared)
        elif person in store.rows.names and _INSTANCE not in store.rows.names:
            keys = load_cases(data)[person].value_counts()
            if number := int((keys > 1).sum()):
                text = (
                    f"{count(number)} proceedings have several {variable.unit}, and no instance is "
                )
                text += "stated: one charge can count once in each instance."
                self.remarks.append(remark(variable, "SEVERAL_INSTANCES", text))
        self.store, self.bands = _with_age_groups(store)
        own = self.store.declarations
        self.recorded = [
            name
            for name in variable.dimensions
            if own.varies(name) or (name == "register" and self.bodies is not None)
        ]
        readings = {name: own.reading(name) for name in self.recorded if own.varies(name)}
        flagged = {name for name, item in readings.items() if isinstance(item, FlagColumns)}
        self.zeros = {*self.recorded} - flagged
        self.constants = {
            key: code for item in readings.values() for key, code in item.constants.items()
        }

    def _by_person(
        self, store: CaseStore, frame: pd.DataFrame, person: str, declared: Any
    ) -> CaseStore:
        """Return one row for each person; the registering bodies have a row for each person too."""
        own, variable = store.declarations, self.variable
        require_name(person, map(str, frame.columns), "`person` must be a column of the cases")
        readings = {name: own.reading(name) for name in variable.schema.names if own.varies(name)}
        if "period" in readings:
            (name,) = readings.pop("period").columns
            covered = {value: _covers(self.period, value) for value in frame[name].unique()}
            frame = frame[frame[name].map(covered).to_numpy(dtype=bool)]
        body = readings.pop("register", None)
        columns = [own for item in readings.values() for own in item.columns]
        lists = [item.columns[0] for item in readings.values() if isinstance(item, ListColumn)]
        rows = frame[[person, *dict.fromkeys(columns)]].drop_duplicates()
        repeated = rows.duplicated(person, keep=False)
        if repeated.any():
            joined = join_persons(rows[repeated], person, lists, own.separator)
            rows = pd.concat([rows[~repeated], joined])
        result = _store_of(variable, rows, declared)
        if body is not None:
            pairs = frame[[person, *body.columns]].drop_duplicates()
            self.bodies = _store_of(variable, pairs, declared)
            if several := int((pairs[person].value_counts() > 1).sum()):
                text = f"{count(several)} persons are registered by two bodies or more: the bodies add "
                text += f"up to {count(len(pairs))}, and the persons are {count(frame[person].nunique())}."
                self.remarks.append(remark(variable, "SEVERAL_BODIES", text))
        return result

    def tables(self, area: str, *, is_cross: bool) -> Iterator[Columns]:
        """Yield the counts of an area in the period, and note remarks on the cases."""
        variable, own = self.variable, self.store.declarations
        where = {}
        for name in ("area", "period"):
            if own.varies(name) and (name, area) != ("area", "WORLD"):
                where[name] = self._selected(name, area)
        for stage, group in variable.groups.items():
            attributes = {name: group[name] for name in ("stage", "offence") if name in group}
            if any(own.constants.get(name, code) != code for name, code in attributes.items()):
                continue
            selection: dict[str, Any] = {
                name: codes for name, codes in where.items() if codes is not None
            }
            selection |= {name: code for name, code in attributes.items() if own.varies(name)}
            constants = {**group, "area": area, "period": str(self.period), **self.constants}
            has_total = False
            for name in self.recorded:
                counted, table = self._counted_by([name], selection, constants)
                self.remarks += self._remarks_on(name, counted, stage)
                is_total = is_in(table, name, [variable.total(name)])
                if not is_cross:
                    yield table.take(~is_total) if has_total else table
                    has_total |= bool(is_total.any())
            others = [name for name in self.recorded if name != "register"]
            if is_cross and others != self.recorded:
                yield self._counted_by(self.recorded, selection, constants)[1]
            if is_cross or not has_total:
                yield self._counted_by(others if is_cross else [], selection, constants)[1]
        self.remarks += self._remarks_on_rows()

    def _counted_by(
        self, names: Sequence[str], where: Mapping[str, Any], constants: Mapping[str, str]
    ) -> tuple[CountedCases, Columns]:
        store = self.bodies if names == ["register"] and self.bodies is not None else self.store
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

    def _selected(self, name: str, area: str) -> list[str] | None:
        """Return the areas or periods to count; ``None`` for all."""
        answers = count_answers(self.store.rows, self.store.declarations, [name]).of_dimension()
        codes, members = {own for answer, _ in answers for own in answer.codes}, area_members(area)
        if lacking := sum(number for answer, number in answers if not answer.codes):
            text = f"{count(lacking)} cases have no {name}, and are not in the return."
            self.remarks.append(remark(self.variable, f"NO_{name.upper()}", text))
        chosen = [
            code
            for code in sorted(codes)
            if (area_members(code) <= members if name == "area" else _covers(self.period, code))
        ]
        return chosen if lacking or len(chosen) < len(codes) else None

    def _remarks_on(self, name: str, counted: CountedCases, stage: str) -> Iterator[Finding]:
        """Yield remarks on the answers of one dimension."""
        (column,), (positions,) = counted.columns, counted.tally.digits
        cases = counted.tally.counts
        values = [[spelling(text) for text in column.values[row]] for row in positions.tolist()]
        answers, variable, total = column.answers, self.variable, int(cases.sum())

        def sum_of(mask: Iterable[bool]) -> int:
            return int(cases[np.array([*mask], dtype=np.bool_)].sum())

        if isinstance(answers, FlagAnswers):
            for number, source in enumerate(column.reading.columns):
                blank = sum_of(own[number] in _EMPTY for own in values)
                zero = sum_of(own[number] in ("0", "False") for own in values)
                if blank and zero:
                    text = f"In the column `{source}`, {count(blank)} cells are empty and {count(zero)} "
                    text += "are 0. An empty cell is unknown, and 0 is no."
                    yield remark(variable, "BLANK_AND_ZERO", text, "note")
            answers = answers.resolve(counted.schema[name])
            is_blank = [{*own} <= {*_EMPTY} for own in values]
        codes, bands = [answers[row].codes for row in positions.tolist()], self.bands
        in_band = [name == "age" and own[0] in bands for own in values]
        if number := sum_of(in_band):
            children = sum_of(own == {"child"} for own in codes)
            text = f"{count(number)} of {count(total)} cases have an age band with ages below and from "
            text += (
                f"18 ({', '.join(sorted(bands)[:5])}) and are of unknown age: with them, children "
            )
            text += f"are {count(children)} to {count(children + number)}."
            yield remark(variable, "AGE_BANDS", text)
        unknown = sum_of(own <= {variable.unknown(name)} for own in codes) - number
        if unknown > 0:
            if not isinstance(answers, FlagAnswers):
                is_blank = [not own for own in codes]
            blank = sum_of(is_blank)
            text = (
                f"{count(unknown)} of {count(total)} {stage} cases have no {variable.label(name)}: "
            )
            text += f"{count(blank)} cells are empty, and {count(unknown - blank)} state that it is unknown."
            yield remark(variable, "UNKNOWN", text.replace("  ", " "), "note")

    def _remarks_on_rows(self) -> Iterator[Finding]:
        """Yield remarks on registrations, finality and instances."""
        variable, store = self.variable, self.store
        if "register" in self.recorded and self.bodies is None:
            text = "The total counts registrations: a person whom two bodies register counts twice. Pass "
            text += "`person`, or bound the distinct persons with `thb.lists.distinct`."
            yield remark(variable, "REGISTRATIONS", text)
        if variable.finality == "final":
            text = "The plan asks for decisions that are no longer subject to appeal: select them first."
            yield remark(variable, "FINALITY", text, "note")
        if variable.unit == "judgments" and _INSTANCE not in store.rows.names:
            text = f"There is no column `{_INSTANCE}`: judgments of several instances are added up."
            yield remark(variable, "NO_INSTANCE", text)
        elif variable.unit == "judgments":
            grouped = store.rows.group([_INSTANCE], store.declarations.weights, {})
            column = grouped.columns[_INSTANCE]
            numbers = np.bincount(column.positions, grouped.weights, len(column.categories))
            lacking = numbers[[spelling(value) in _EMPTY for value in column.categories]].sum()
            if lacking:
                text = (
                    f"{count(int(lacking))} of {count(int(numbers.sum()))} judgments have no court "
                )
                text += "instance: one charge can have a judgment in each instance."
                yield remark(variable, "NO_INSTANCE", text)


def _store_of(variable: Variable, data: Any, declared: Mapping[str, Any]) -> CaseStore:
    """Return the cases, with the declarations that apply to the variable and to the columns."""
    columns = {*map(str, data.columns)} if isinstance(data, pd.DataFrame) else None
    arguments: dict[str, Any] = {"missing": (*_EMPTY, *declared.get("missing", ()))}
    for name, value in declared.items():
        if name in _MAPPINGS:
            arguments[name] = {
                key: item
                for key, item in value.items()
                if key in variable.schema.names
                and (columns is None or not isinstance(item, str) or item in columns)
            }
        elif name in _OPTIONS or name in variable.schema.names:
            arguments.setdefault(name, value)
        else:
            problem = "must be an argument of CaseStore.of, or a dimension"
            require_name(name, [*_MAPPINGS, *_OPTIONS, "stage", "court_instance"], problem)
    return CaseStore.of(data, kind=variable.schema, **arguments)


def _covers(period: Period, value: Any) -> bool:
    """Return whether a period covers the period of a cell."""
    with suppress(ThbstatsError):
        return period.covers(Period.parse(spelling(value) or "not stated")) is True
    return False


def _with_age_groups(store: CaseStore) -> tuple[CaseStore, set[str]]:
    """Return the cases with ages and bands read as groups, and the bands that include 18."""
    own = store.declarations
    reading = own.reading("age") if own.varies("age") else None
    if not isinstance(reading, SingleColumn):
        return store, set()
    recode, (name,) = dict[Any, str](), reading.columns
    for value in store.rows.group([name], own.weights, {}).columns[name].categories:
        text = spelling(value) or ""
        with suppress(ThbstatsError):
            own.schema["age"].parse(text)
            continue
        ages = (int(text),) * 2 if text.isdecimal() else ages_of_band(text)
        if ages is not None and text not in own.meanings["age"].no_answer:
            is_child = ages[1] is not None and ages[1] < AGE_LIMIT
            recode[text] = "child" if is_child else "adult" if ages[0] >= AGE_LIMIT else "unknown"
    bands = {text for text, code in recode.items() if code == "unknown"}
    recode |= own.recode.get("age", {})
    recoded = evolve(own, recode={**own.recode, "age": recode})
    return evolve(store, declarations=recoded), bands
