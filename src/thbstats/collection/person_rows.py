"""Rows of cases: the rows of an area and a period, and one row for each person."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, frozen

from thbstats.cases import CaseStore
from thbstats.cases.answers import SingleColumn, spelling
from thbstats.cases.counted import count_answers
from thbstats.cases.engines import parse_filter
from thbstats.cases.files import load_cases
from thbstats.cases.persons import answers_of, join_persons, spell_keys
from thbstats.collection.register_remarks import remarks_if
from thbstats.collection.return_checks import Finding
from thbstats.collection.return_inputs import CaseArguments
from thbstats.collection.variables import RETURN, Variable
from thbstats.errors import InvalidValue, ThbstatsError, require
from thbstats.records.converters import area_members
from thbstats.values import Period
from thbstats.vocabulary.bands import AGE_LIMIT, ages_of_band

_OLDEST = 120


@frozen
class RowSelection:
    """The cases of an area and a period.

    ``codes`` are the areas and periods of these cases, if cases have others or none. ``cells`` are
    the texts of their cells by column, and ``lacking`` is the number of cases whose area or period
    is missing, or is wider than that of the return.

    One of these four cases is in the return of Italy for 2025, and two lack a period:

    >>> from thbstats.cases import CaseStore
    >>> cases = pd.DataFrame({"period": ["2025-Q1", "2024", "", "2024-2025"]})
    >>> store = CaseStore.of(cases, kind="victims", missing=[""])
    >>> selection = RowSelection.of(store, "IT", Period.parse(2025))
    >>> selection.codes, selection.cells, selection.lacking
    ({'period': ['2025-Q1']}, {'period': {'2025-Q1'}}, {'period': 2})
    """

    codes: Mapping[str, list[str]]
    cells: Mapping[str, set[str | None]]
    lacking: Mapping[str, int]

    @classmethod
    def of(cls, store: CaseStore, area: str, period: Period) -> "RowSelection":
        """Return the selection of the cases of a store."""
        own, members = store.declarations, area_members(area)
        codes, cells, lacking = dict[str, Any](), dict[str, Any](), dict[str, int]()
        for name in RETURN:
            if not own.varies(name) or (name, area) == ("area", "WORLD"):
                continue
            counted = count_answers(store.rows, own, [name], with_values=True)
            (column,), (positions,) = counted.columns, counted.tally.digits
            answers = [answer.codes for answer in column.answers]
            # Each area or period is that of the return or a part of it, a wider one, or another.
            known = {code for answer in answers for code in answer}
            if name == "area":
                within = {code for code in known if area_members(code) <= members}
                wider = {code for code in known if area_members(code) > members}
            else:
                periods = {code: Period.parse(code) for code in known}
                within = {code for code, part in periods.items() if period.covers(part)}
                wider = {
                    code for code, part in periods.items() if part.overlaps(period) is not False
                }
            is_lacking = np.array(
                [not own & within and (not own or own & wider) for own in answers], dtype=bool
            )
            lacking[name] = int(counted.tally.counts[is_lacking[positions]].sum())
            if within < known or not all(answers):
                codes[name] = sorted(within)
                cells[column.reading.columns[0]] = {
                    spelling(values[0])
                    for values, answer in zip(column.values, answers, strict=True)
                    if answer & within
                }
        return cls(codes, cells, lacking)

    def remarks(self, variable: Variable) -> list[Finding]:
        """Return a remark on the cases without an area, and one on those without a period."""
        return [
            remark
            for name, number in self.lacking.items()
            for remark in remarks_if(f"NO_{name.upper()}", variable, number)
        ]

    def rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the selected rows of a frame of the cases."""
        for name, texts in self.cells.items():
            codes, values = pd.factorize(frame[name], use_na_sentinel=False)
            frame = frame[np.array([spelling(own) in texts for own in values], dtype=bool)[codes]]
        return frame


def stores_of(
    variable: Variable, data: Any, arguments: CaseArguments, area: str, period: Period
) -> tuple[CaseStore, CaseStore | None, RowSelection, list[Finding]]:
    """Return the stores of a register, the selection of its cases, and remarks on its rows.

    Persons are joined, and decisions are counted by row.
    """
    is_store, person = isinstance(data, CaseStore), arguments.person
    if is_store and person is not None:
        hint = f"Pass CaseStore.of(cases, person={person!r})"
        raise InvalidValue("must be passed with a frame or a path", field="person", hint=hint)
    if person is not None and (expressions := parse_filter(arguments.declared.get("filter"))):
        # Rows are selected before those of a person are joined.
        data = load_cases(data, expressions)
        arguments = evolve(arguments, declared={**arguments.declared, "filter": None})
    store = data if is_store else arguments.store(variable, data)
    has_key, is_joined = (
        person in store.rows.names,
        person is not None and variable.unit == "persons",
    )
    if has_key and is_joined:  # the texts of the frame, which can differ from those of an engine
        data = load_cases(data)
        store = arguments.store(variable, data)
    own, selection = store.declarations, RowSelection.of(store, area, period)
    remarks = selection.remarks(variable)
    if has_key and is_joined:
        stores = _by_person(variable, store, selection.rows(data), arguments)
        return (*stores[:2], selection, [*remarks, *stores[2]])
    if is_joined:
        cases = int(count_answers(store.rows, own, [], selection.codes).tally.counts.sum())
        remarks += remarks_if("NO_KEY", variable, cases, item=person)
    elif has_key and arguments.instance not in store.rows.names:
        keys = count_answers(store.rows, own, [str(person)], selection.codes).of_dimension()
        no_key = {"", *map(spelling, arguments.missing)}
        several = sum(n > 1 and not answer.codes <= no_key for answer, n in keys)
        remarks += remarks_if("SEVERAL_INSTANCES", variable, several, unit=variable.unit)
    return store, None, selection, remarks


def _by_person(
    variable: Variable, store: CaseStore, frame: pd.DataFrame, arguments: CaseArguments
) -> tuple[CaseStore, CaseStore | None, list[Finding]]:
    """Return one row for each person, one for each person and registering body, and remarks."""
    weights, problem = store.declarations.weights, "must not be passed with `person`"
    require(weights is None, problem, "Pass one row for each case", weights=weights)
    own, person, remarks = with_age_groups(store)[0].declarations, str(arguments.person), []
    names = [name for name in variable.schema.names if name not in RETURN]
    readings = {name: own.reading(name) for name in names if own.varies(name)}
    # 1. Each empty key is a key of its own.
    frame = frame.reset_index(drop=True)
    own_keys, meaning = spell_keys(frame[person]), next(iter(own.meanings.values()))
    keyless = own_keys.isin(meaning.no_answer)
    if number := int(keyless.sum()):
        remarks += remarks_if("NO_KEY", variable, number, item=person)
        own_keys[keyless] = [f"case {case} without a key" for case in range(number)]
    frame = frame.assign(**{person: own_keys})
    # 2. One row for each person, and one for each person and body. Stages are counted apart.
    body = readings.pop("register", None)
    apart = [readings[name].columns[0] for name in ("stage", "offence") if name in readings]
    keys = [*dict.fromkeys([person, *apart])]
    columns = [column for item in readings.values() for column in item.columns]
    for column in apart:
        # One spelling of each category, also of an unknown one.
        answers = answers_of(frame[column], own).clip(lower=-1)
        frame[column] = frame[column].astype(object).groupby(answers).transform("first")
    rows = frame[[*dict.fromkeys([person, *columns])]].drop_duplicates()
    repeated = rows.duplicated(keys, keep=False)
    if repeated.any():
        joined = join_persons(rows[repeated], keys, own)
        rows = pd.concat([rows[~repeated], joined])
    persons = arguments.store(variable, rows)
    if body is None:
        return persons, None, remarks
    pairs = frame[[*keys, *body.columns]]
    bodies = [answers_of(frame[column], own).clip(lower=-1) for column in body.columns]
    pairs = pairs[~pd.concat([frame[keys], *bodies], axis=1).duplicated()]
    several = int((pairs[keys].value_counts(dropna=False) > 1).sum())
    numbers = {"rows": len(pairs), "persons": len(rows)}
    remarks += remarks_if("SEVERAL_BODIES", variable, several, **numbers)
    # Each body registers a person with the answers of all rows of the person.
    further = [name for name in rows if name in keys or name not in body.columns]
    return persons, arguments.store(variable, pairs.merge(rows[further], on=keys)), remarks


def with_age_groups(store: CaseStore) -> tuple[CaseStore, set[str]]:
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
