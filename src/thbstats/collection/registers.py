"""Registers of cases, counted for a variable of a plan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from thbstats.cases import CaseStore, FlagColumns, ListColumn
from thbstats.cases.answers import FlagAnswers, SingleColumn, spelling
from thbstats.cases.case_tables import build_table
from thbstats.cases.counted import CountedCases, count_answers
from thbstats.cases.person_rows import join_persons, load_cases
from thbstats.collection.findings import Finding
from thbstats.collection.variables import Variable, is_in
from thbstats.errors import ThbstatsError, require_name
from thbstats.records.converters import area_members, to_sources
from thbstats.tables.columns import Columns
from thbstats.tables.origins import Origin
from thbstats.values import Period
from thbstats.vocabulary.bands import AGE_LIMIT, ages_of_band

_MAPPINGS = ("columns", "multi", "derive", "recode")
_OPTIONS = ("separator", "missing", "unknown", "no", "weights", "filter", "source", "progress")
_OTHER = ("person", "stage", "offence", "status", "exploitation", "court_instance")
_EMPTY, _INSTANCE = (None, ""), "court_instance"


class Register:
    """The cases of a variable: their counts, the dimensions that they record, and remarks.

    In a dimension of ``zeros``, a category without cases is 0.
    """

    def __init__(
        self, variable: Variable, data: Any, period: Period, declared: Mapping[str, Any]
    ) -> None:
        self.variable = variable
        self.period = period
        self.remarks: list[Finding] = list[Finding]()
        self.bodies: list[CaseStore] = []
        store, person = data, declared.get("person")
        if not isinstance(data, CaseStore):
            store = _store_of(variable, data, declared)
        if person is not None and variable.unit == "persons":
            store = self._by_person(store, load_cases(data), declared)
        elif person in store.rows.names and _INSTANCE not in store.rows.names:
            keys = load_cases(data)[person].value_counts()
            self._note("SEVERAL_INSTANCES", int((keys > 1).sum()), unit=variable.unit)
        self.bands: set[str]
        self.store: CaseStore
        self.store, self.bands = _with_age_groups(store)
        own = self.store.declarations
        varying = {name for name in variable.dimensions if own.varies(name)}
        varying |= {"register"} if self.bodies else set()
        self.recorded: list[str] = [name for name in variable.dimensions if name in varying]
        readings = {name: own.reading(name) for name in self.recorded if own.varies(name)}
        flagged = {name for name, item in readings.items() if isinstance(item, FlagColumns)}
        self.zeros: set[str] = {*self.recorded} - flagged
        self.constants: dict[str, str] = dict(
            pair for item in readings.values() for pair in item.constants.items()
        )

    def _note(self, code: str, number: int = 1, **parts: Any) -> None:
        """Add a remark unless its number is 0."""
        if number:
            self.remarks.append(Finding.of(code, self.variable.name, number=number, **parts))

    def _by_person(
        self, store: CaseStore, frame: pd.DataFrame, declared: Mapping[str, Any]
    ) -> CaseStore:
        """Return one row for each person; the registering bodies have a row for each person too."""
        own, variable, person = store.declarations, self.variable, declared["person"]
        require_name(person, map(str, frame.columns), "`person` must be a column of the cases")
        readings = {name: own.reading(name) for name in variable.schema.names if own.varies(name)}
        if "period" in readings:
            (name,) = readings.pop("period").columns
            covered = {value: _covers(self.period, value) for value in frame[name].unique()}
            frame = frame[frame[name].map(covered).to_numpy(dtype=bool)]
        body = readings.pop("register", None)
        columns = [column for item in readings.values() for column in item.columns]
        lists = [item.columns[0] for item in readings.values() if isinstance(item, ListColumn)]
        rows = frame[[person, *dict.fromkeys(columns)]].drop_duplicates()
        repeated = rows.duplicated(person, keep=False)
        if repeated.any():
            joined = join_persons(rows[repeated], person, lists, own.separator)
            rows = pd.concat([rows[~repeated], joined])
        if body is not None:
            pairs = frame[[person, *body.columns]].drop_duplicates()
            self.bodies.append(_store_of(variable, pairs, declared))
            several = int((pairs[person].value_counts() > 1).sum())
            self._note("SEVERAL_BODIES", several, rows=len(pairs), persons=len(rows))
        return _store_of(variable, rows, declared)

    def tables(self, area: str, *, is_cross: bool) -> Iterator[Columns]:
        """Yield the counts of an area in the period, and note remarks on the cases."""
        variable, own = self.variable, self.store.declarations
        where = dict[str, Any]()
        for name in ("area", "period"):
            if own.varies(name) and (name, area) != ("area", "WORLD"):
                where |= self._selected(name, area)
        for stage, group in variable.groups.items():
            attributes = {name: group[name] for name in ("stage", "offence") if name in group}
            if any(own.constants.get(name, code) != code for name, code in attributes.items()):
                continue
            selection = {
                **where,
                **{key: code for key, code in attributes.items() if own.varies(key)},
            }
            constants = {**group, "area": area, "period": str(self.period), **self.constants}
            has_total = False
            for name in self.recorded:
                counted, table = self._counted_by([name], selection, constants)
                self._note_answers(name, counted, stage)
                is_total = is_in(table, name, [variable.total(name)])
                if not is_cross:
                    yield table.take(~is_total) if has_total else table
                    has_total |= bool(is_total.any())
            others = [name for name in self.recorded if name != "register"]
            if is_cross and others != self.recorded:
                yield self._counted_by(self.recorded, selection, constants)[1]
            if is_cross or not has_total:
                yield self._counted_by(others if is_cross else [], selection, constants)[1]
        self._note_rows()

    def _counted_by(
        self, names: Sequence[str], where: Mapping[str, Any], constants: Mapping[str, str]
    ) -> tuple[CountedCases, Columns]:
        store = self.bodies[0] if names == ["register"] and self.bodies else self.store
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

    def _selected(self, name: str, area: str) -> dict[str, list[str]]:
        """Return the areas or periods to count, if they are not all."""
        answers = count_answers(self.store.rows, self.store.declarations, [name]).of_dimension()
        codes, members = {own for answer, _ in answers for own in answer.codes}, area_members(area)
        lacking = sum(number for answer, number in answers if not answer.codes)
        self._note(f"NO_{name.upper()}", lacking)
        is_area, chosen = name == "area", sorted(codes)
        chosen = [
            code
            for code in chosen
            if (area_members(code) <= members if is_area else _covers(self.period, code))
        ]
        return {name: chosen} if lacking or len(chosen) < len(codes) else {}

    def _note_answers(self, name: str, counted: CountedCases, stage: str) -> None:
        """Add remarks on the answers of one dimension."""
        (column,), (positions,), cases = counted.columns, counted.tally.digits, counted.tally.counts
        values = [[spelling(text) for text in column.values[row]] for row in positions.tolist()]
        answers, total = column.answers, int(cases.sum())

        def sum_of(mask: Iterable[bool]) -> int:
            return int(cases[np.array([*mask], dtype=np.bool_)].sum())

        is_flagged = isinstance(answers, FlagAnswers)
        if isinstance(answers, FlagAnswers):
            for number, source in enumerate(column.reading.columns):
                blank = sum_of(own[number] in _EMPTY for own in values)
                zero = sum_of(own[number] in ("0", "False") for own in values)
                if blank and zero:
                    self._note("BLANK_AND_ZERO", item=source, blank=blank, zero=zero)
            answers = answers.resolve(counted.schema[name])
        codes = [answers[row].codes for row in positions.tolist()]
        in_band = sum_of(name == "age" and own[0] in self.bands for own in values)
        children, bands = (
            sum_of(own == {"child"} for own in codes),
            ", ".join(sorted(self.bands)[:5]),
        )
        bounds = {"lower": children, "upper": children + in_band}
        self._note("AGE_BANDS", in_band, total=total, bands=bands, **bounds)
        unknown = sum_of(own <= {self.variable.unknown(name)} for own in codes) - in_band
        pairs = zip(values, codes, strict=True)
        missing = {*map(spelling, self.store.declarations.no_answers["missing"])}
        blank = sum_of({*own} <= missing if is_flagged else not code for own, code in pairs)
        parts = {"blank": blank, "stated": unknown - blank, "label": self.variable.label(name)}
        self._note("UNKNOWN", unknown, total=total, stage=f"{stage} ".lstrip(), **parts)

    def _note_rows(self) -> None:
        """Add remarks on registrations, finality and instances."""
        variable, store = self.variable, self.store
        if "register" in self.recorded and not self.bodies:
            self._note("REGISTRATIONS")
        if variable.finality == "final":
            self._note("FINALITY")
        if variable.unit == "judgments" and _INSTANCE not in store.rows.names:
            self._note("NO_INSTANCE")
        elif variable.unit == "judgments":
            grouped = store.rows.group([_INSTANCE], store.declarations.weights, {})
            column = grouped.columns[_INSTANCE]
            numbers = np.bincount(column.positions, grouped.weights, len(column.categories))
            lacking = numbers[[spelling(value) in _EMPTY for value in column.categories]].sum()
            self._note("EMPTY_INSTANCE", int(lacking), total=int(numbers.sum()))


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
            require_name(name, [*_MAPPINGS, *_OPTIONS, *_OTHER], problem)
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
