"""Registers: the cases of a variable, and their tables of counts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from attrs import evolve, frozen

from thbstats.cases import CaseStore, FlagColumns
from thbstats.cases.answers import Answer, FlagAnswers, spelling
from thbstats.cases.counted import CountedCases, build_table, count_answers
from thbstats.collection.person_rows import RowSelection, stores_of, with_age_groups
from thbstats.collection.register_remarks import remarks_if, remarks_on_answers
from thbstats.collection.return_checks import Finding
from thbstats.collection.return_inputs import EMPTY, CaseArguments
from thbstats.collection.variables import CITIZENSHIP, GROUPS, Variable, is_in
from thbstats.errors import ThbstatsError
from thbstats.files.case_file import either
from thbstats.geography import citizenship_group, eu_members
from thbstats.records.converters import to_sources
from thbstats.tables.columns import Columns
from thbstats.tables.origins import Origin
from thbstats.values import Period

Answers = Sequence[Answer]


@frozen
class Register:
    """The cases of a variable, and the dimensions that they record.

    ``recorded`` are the dimensions of its tables. In a dimension of ``zeros``, a category without
    cases is 0. ``bands`` are the age bands that include 18, and ``instance`` is the column of the
    court instance. ``store`` has the cases, of which ``selection`` are those of the area and the
    period. If the cases have several rows for each person, the tables are counts of two stores:

    ==========  ===============================  ====================================
    store       one row for each                 tables
    ==========  ===============================  ====================================
    ``bodies``  person and registering body      by registering body
    ``store``   person                           by each other dimension, and totals
    ==========  ===============================  ====================================

    The police and an organisation registered person 1: their counts add up to 3, of 2 persons.

    >>> import pandas as pd
    >>> from thbstats.collection import plan
    >>> columns = {"person": [1, 1, 2], "register": ["police", "ngo", "police"]}
    >>> cases = pd.DataFrame({**columns, "sex": ["female", "female", "male"]})
    >>> variable, arguments = plan("article-19a")["victims"], CaseArguments("person", {})
    >>> register = Register.of(variable, cases, "IT", Period.parse(2025), arguments)
    >>> register.recorded
    ['register', 'sex']
    >>> tables, remarks = register.tables(is_cross=False)
    >>> rows = [row for table in tables for row in variable.counts(table, is_register=True)]
    >>> [(row.category or "total", row.lower) for row in rows if row.lower]
    [('police', 2), ('ngo', 1), ('total', 2), ('female', 1), ('male', 1)]
    >>> [remark.code for remark in remarks]
    ['SEVERAL_BODIES']
    """

    variable: Variable
    area: str
    period: Period
    store: CaseStore
    bodies: CaseStore | None
    selection: RowSelection
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
        store, bodies, selection, remarks = stores_of(variable, data, arguments, area, period)
        # The dimensions of the variable that the columns of the cases record.
        store, bands = with_age_groups(store)
        bodies = bodies and with_age_groups(bodies)[0]
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
            variable=variable, area=area, period=period, store=store, bodies=bodies,
            selection=selection, bands=bands, recorded=recorded, zeros={*recorded} - flagged,
            constants=dict(constants), instance=arguments.instance, remarks=remarks,
        )  # fmt: skip

    def tables(self, *, is_cross: bool) -> tuple[list[Columns], list[Finding]]:
        """Return the counts of the area in the period, and remarks on the cases.

        A register of sex and age has one table by sex and one by age, each with the total, which
        is kept once. With ``is_cross``, it has one table by sex and age with all totals.
        """
        variable, cases = self.variable, self.store.declarations
        tables, remarks = list[Columns](), [*self.remarks]
        # Without a stage, the cases are of no stage in particular.
        has_stage = len(variable.groups) == 1 or "stage" in cases.constants or cases.varies("stage")
        for stage, group in variable.groups.items() if has_stage else ():
            attributes = {name: group[name] for name in ("stage", "offence") if name in group}
            if any(cases.constants.get(name, code) != code for name, code in attributes.items()):
                continue  # all cases are of another stage or offence
            where = {n: [code] for n, code in attributes.items() if cases.varies(n)}
            constants = {**group, "area": self.area, "period": str(self.period), **self.constants}
            has_total = False
            for name in self.recorded:
                counted, table = self._counted_by([name], where, constants)
                remarks += remarks_on_answers(variable, cases, counted, stage, self.bands)
                if name == CITIZENSHIP:
                    remarks += self._remarks_on_groups(counted)
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
                tables.append(self._counted_by(names, where, constants)[1])
        return tables, [*remarks, *self._remarks_on_rows()]

    def _counted_by(
        self, names: Sequence[str], where: Mapping[str, Any], constants: Mapping[str, str]
    ) -> tuple[CountedCases, Columns]:
        store = self.bodies if self.bodies is not None and "register" in names else self.store
        codes = {**self.selection.codes, **where}
        varying = {name: codes[name] for name in codes if store.declarations.varies(name)}
        counted = count_answers(store.rows, store.declarations, names, varying)
        columns, is_stated_eu = list(counted.columns), False
        for number, own in enumerate(columns):
            if own.name == CITIZENSHIP:
                is_stated_eu = "eu" in _codes_of(own.answers)
                columns[number] = evolve(own, answers=self._with_groups(own.answers))
        total = "all" if "register" in self.variable.dimensions else "not_stated"
        table = build_table(
            self.variable.schema,
            evolve(counted, columns=tuple(columns)).axes(),
            counted.tally,
            constants={**constants, **({} if "register" in names else {"register": total})},
            origin=Origin(sources=to_sources(self.store.source)),
        )
        rows = table.columns
        if CITIZENSHIP in names and not is_stated_eu:
            rows = rows.take(~is_in(rows, CITIZENSHIP, ["eu"]))  # the sum of two groups
        return counted, rows

    def _groups_of(self, answers: Answers) -> dict[str, str]:
        """Return the group of each citizenship in answers; empty for a country outside the EU."""
        codes, day, groups = _codes_of(answers), self.period.end, dict[str, str]()
        if day is not None and self.area in eu_members(day):
            groups |= {code: code for code in codes if code in GROUPS}
            is_country = self.variable.schema[CITIZENSHIP].is_country
            for code in filter(is_country, codes):
                with suppress(ThbstatsError):  # nationals of a dissolved state can be of two groups
                    groups[code] = str(citizenship_group(code, self.area, day))
        return groups

    def _with_groups(self, answers: Answers) -> Answers:
        """Return answers about citizenship, with the groups of their countries added.

        In DE, a person with the citizenships FR and BE is one person of the group ``other_eu``.
        """
        groups = self._groups_of(answers)
        if not isinstance(answers, FlagAnswers):
            return [
                evolve(own, codes=own.codes | {groups[code] for code in own.codes & {*groups}})
                for own in answers
            ]
        own = dict(zip(answers.codes, answers.truth.T, strict=True))
        added = {
            group: either([own[code] for code in own if groups.get(code) == group])
            for group in sorted({*groups.values()})
        }
        truth = {**own, **added}
        return FlagAnswers(codes=tuple(truth), truth=np.column_stack([*truth.values()]))

    def _remarks_on_groups(self, counted: CountedCases) -> list[Finding]:
        """Return a remark on the cases whose citizenship belongs to no group."""
        (column,), (positions,) = counted.columns, counted.tally.digits
        groups = self._groups_of(column.answers)
        without, number = set[str](), 0
        for row, cases in zip(positions.tolist(), counted.tally.counts.tolist(), strict=True):
            codes = column.answers[row].codes - {"unknown"}
            if groups and codes and codes.isdisjoint({*groups, "stateless"}):
                without, number = without | codes, number + cases
        texts = {"codes": ", ".join(sorted(without)), "total": int(counted.tally.counts.sum())}
        return remarks_if("NO_GROUP", self.variable, number, **texts)

    def _remarks_on_rows(self) -> Iterator[Finding]:
        """Yield remarks on registrations, finality and instances."""
        variable, store = self.variable, self.store
        if "register" in self.recorded and self.bodies is None:
            yield from remarks_if("REGISTRATIONS", variable, 1)
        if variable.finality == "final":
            yield from remarks_if("FINALITY", variable, 1)
        if variable.unit == "judgments" and self.instance not in store.rows.names:
            yield from remarks_if("NO_INSTANCE", variable, 1)
        elif variable.unit == "judgments":
            codes, own = self.selection.codes, store.declarations
            cases = count_answers(store.rows, own, [self.instance], codes).of_dimension()
            number = sum(n for answer, n in cases if answer.codes <= {"", *map(spelling, EMPTY)})
            total = sum(n for _, n in cases)
            yield from remarks_if("EMPTY_INSTANCE", variable, number, total=total)


def _codes_of(answers: Answers) -> set[str]:
    """Return the categories of answers."""
    if isinstance(answers, FlagAnswers):
        return {*answers.codes}
    return {code for answer in answers for code in answer.codes}
