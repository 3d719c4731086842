"""Counted cases, and what selected cases have in common."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.cases.answers import (
    Answer,
    ColumnReading,
    FlagAnswers,
    FlagColumns,
    spelling,
    wider_codes,
)
from thbstats.cases.case_tables import CountAxis, missing_area, unknown_code
from thbstats.cases.coded_columns import FrameRows, combine_columns
from thbstats.cases.declarations import Declarations
from thbstats.cases.engines import EngineRows
from thbstats.cases.tally import Tally, tally_cases
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.files.case_answers import TRUE
from thbstats.files.case_file import Cases
from thbstats.geography import Area
from thbstats.geography.subdivisions import outermost
from thbstats.records import Schema
from thbstats.records.converters import area_members
from thbstats.tables.encoding import Problems
from thbstats.values import Period

Rows: TypeAlias = FrameRows | EngineRows


@frozen(eq=False, kw_only=True)
class CountedColumn:
    """One dimension, or one other column, of counted cases.

    ``values`` and ``answers`` are the values of the columns of its reading and their categories, by
    position in the tally.
    """

    name: str
    reading: ColumnReading
    values: Sequence[tuple[Any, ...]]
    answers: Sequence[Answer]

    def take(self, positions: NDArray[np.intp]) -> "CountedColumn":
        """Return the column with some of its positions."""
        rows = positions.tolist()
        answers = self.answers
        if isinstance(answers, FlagAnswers):
            answers = answers[positions]
        else:
            answers = [answers[row] for row in rows]
        return evolve(self, values=[self.values[row] for row in rows], answers=answers)

    def having(self, schema: Schema, codes: Iterable[str]) -> NDArray[np.intp]:
        """Return the positions to which one of some categories applies."""
        chosen, answers = frozenset(codes), self.answers
        if isinstance(answers, FlagAnswers):
            resolved = answers.resolve(schema[self.name])
            expected = [code in chosen for code in resolved.codes]
            return np.flatnonzero((resolved.truth[:, expected] == TRUE).any(axis=1))
        own = [answer.codes for answer in answers]
        if self.name in schema.names:
            dimension = schema[self.name]
            unknown = frozenset([unknown_code(dimension)])
            own = [wider_codes(dimension, applying) or unknown for applying in own]
        return np.flatnonzero([bool(applying & chosen) for applying in own])


@frozen(eq=False, kw_only=True)
class CountedCases:
    """Cases counted by combinations of categories, with a column for each axis of the tally."""

    schema: Schema
    columns: tuple[CountedColumn, ...]
    tally: Tally

    def axes(self) -> list[CountAxis]:
        """Return the axes of the table of these counts."""
        return [
            CountAxis.of(self.schema[column.name], column.answers, column.reading.categories)
            for column in self.columns
        ]

    def of_dimension(self) -> list[tuple[Answer, int]]:
        """Return the answers of the only dimension, with their number of cases."""
        (digits,), cases = self.tally.digits, self.tally.counts
        answers = self.columns[0].answers
        if isinstance(answers, FlagAnswers):
            answers = answers.resolve(self.schema[self.columns[0].name])
        pairs = zip(digits.tolist(), cases.tolist(), strict=True)
        return [(answers[position], number) for position, number in pairs]


def count_answers(
    rows: Rows,
    declarations: Declarations,
    names: Sequence[str],
    where: Mapping[str, Any] | None = None,
    *,
    with_values: bool = False,
) -> CountedCases:
    """Count selected cases by combinations of categories."""
    schema, meanings, where = declarations.schema, declarations.meanings, where or {}
    # 1. Group the rows by the columns that are counted or selected. Derived dimensions, such as
    # ages, are computed before, so that pairs of dates do not make a group each.
    readings = {name: declarations.reading(name) for name in dict.fromkeys([*names, *where])}
    keys = {
        name: reading._key(schema[name], meanings[name], with_values=with_values)
        for name, reading in readings.items()
        if name in schema.names
    }
    derived = {name: key for name, key in keys.items() if key is not None}
    plain = [reading.columns for name, reading in readings.items() if name not in derived]
    needed = list(dict.fromkeys(column for group in plain for column in group))
    grouped = rows.group(needed, declarations.weights, derived)
    # 2. One column of codes for each dimension; its categories are tuples of values.
    coded = dict(grouped.derived)
    for name, reading in readings.items():
        if name not in derived:
            parts = [grouped.columns[column] for column in reading.columns]
            coded[name] = parts[0] if len(parts) == 1 else combine_columns(parts)
    # The longest column last: the sums then run over many neighbours at a time.
    coded = dict(sorted(coded.items(), key=lambda item: len(item[1].categories)))
    tally = tally_cases(list(coded.values()), grouped.size, grouped.weights)
    # 3. Read the values that some case has: each once, and all problems in one error.
    problems, columns = Problems(), []
    for number, (name, column) in enumerate(coded.items()):
        used, reading = tally.used(number), readings[name]
        tally = tally.take(number, used)
        values = [column.categories[position] for position in used.tolist()]
        if len(reading.columns) == 1 and name not in derived:
            values = [(value,) for value in values]
        answers = _read(declarations, name, values, problems)
        columns.append(CountedColumn(name=name, reading=reading, values=values, answers=answers))
    problems.raise_any()
    # 4. Select cases, add up over the columns that were needed for this only, and drop the values
    # that no selected case has.
    for number, own in enumerate(columns):
        if own.name in where:
            codes = declarations.parse_values(own.name, where[own.name])
            positions = own.having(schema, codes)
            tally, columns[number] = tally.take(number, positions), own.take(positions)
    for number in reversed(range(len(columns))):
        if columns[number].name not in names:
            tally = tally.drop(number)
            del columns[number]
    for number, own in enumerate(columns if where else ()):
        used = tally.used(number)
        tally, columns[number] = tally.take(number, used), own.take(used)
    return CountedCases(schema=schema, columns=tuple(columns), tally=tally)


def _read(
    declarations: Declarations, name: str, values: Sequence[tuple[Any, ...]], problems: Problems
) -> Sequence[Answer]:
    """Return the answers of the values of a dimension, or of another column as they are spelled."""
    reading = declarations.reading(name)
    if name not in declarations.schema.names:
        return [Answer((spelling(value) or "",)) for (value,) in values]
    dimension, meaning = declarations.schema[name], declarations.meanings[name]
    if isinstance(reading, FlagColumns):
        return reading.read_all(meaning, values, problems)
    answers = []
    for value in values:
        try:
            answers.append(reading.read(dimension, meaning, value))
        except ThbstatsError as error:
            problems.add(error)
    return FlagAnswers.from_lists(answers) if reading.is_multiple else answers


@frozen(eq=False)
class SelectedCases:
    """The cases with some values; of a file, with its constants."""

    rows: Rows
    declarations: Declarations
    file_cases: Cases | None
    where: Mapping[str, Any]

    def counted(self, names: Sequence[str]) -> CountedCases:
        """Return the selected cases, counted by some dimensions."""
        return count_answers(self.rows, self.declarations, names, self.where)

    def common_categories(self, names: Sequence[str]) -> dict[str, str]:
        """Return the category of all selected cases in other dimensions than some."""
        cases, declarations = self.file_cases, self.declarations
        schema, where = declarations.schema, self.where
        recorded = [name for name in ("area", "period") if declarations.varies(name)]
        common: dict[str, str] = {}
        if cases is not None:
            self._check_constants(cases)
            recorded = [
                name
                for name in cases.columns
                if schema[name].total is None and name not in declarations.optional
            ]
            common = {name: schema[name].parse(v) for name, v in cases.constants.items()}
            if "age" not in names:
                common.pop("age_concept", None)  # the table has no age
        common |= declarations.constants
        for name in set(where) & set(schema.names):
            codes = declarations.parse_values(name, where[name])
            if schema[name].total is None and len(codes) == 1:
                common[name] = codes[0]
        for name in recorded:
            if name not in {*names, *common} or (name == "area" and cases and name in names):
                codes, lacking = self._recorded(name)
                if name == "period":
                    common[name] = _whole_period(codes, lacking)
                elif name != "area":
                    common[name] = _only_category(name, codes, lacking)
                elif lacking and (name in names or cases is None or cases.default_area is None):
                    hint = "exclude these cases" if cases is None else "count .known('area')"
                    raise missing_area(lacking, hint)
                elif codes and not lacking:
                    members = {member for code in codes for member in area_members(code)}
                    common[name] = Area.from_countries(outermost(members)).code
        if cases is not None and cases.default_area is not None:
            common.setdefault("area", cases.default_area)
        for name in names:
            common |= declarations.reading(name).constants
        return {name: code for name, code in common.items() if code}

    def _recorded(self, name: str) -> tuple[list[str], int]:
        """Return the categories of the selected cases, and the number of cases without one."""
        answers = self.counted([name]).of_dimension()
        codes = sorted({code for answer, _ in answers for code in answer.codes})
        return codes, sum(number for answer, number in answers if not answer.codes)

    def _check_constants(self, cases: Cases) -> None:
        """Refuse a constant that contradicts a case of a file."""
        for name, code in self.declarations.constants.items():
            problem = "must not be a column of the cases" if name in cases.multiple else ""
            if name in cases.columns:
                others = [
                    other for other in self._recorded(name)[0] if not _covers(name, code, other)
                ]
                problem = f"contradicts cases of {', '.join(others[:5])}" if others else ""
            if problem:
                hint = "Select cases with .where(...) before you count them"
                raise InvalidValue(problem, field=name, value=code, hint=hint)


def _whole_period(codes: Sequence[str], lacking: int) -> str:
    """Return the periods of all cases as one."""
    periods = [Period.parse(code) for code in codes]
    days = [(period.start, period.end) for period in periods if period.start and period.end]
    if lacking or not days or len(days) < len(periods):
        return "not stated"
    return str(Period(min(day for day, _ in days), max(day for _, day in days)))


def _only_category(name: str, codes: Sequence[str], lacking: int) -> str:
    """Return the category of all cases; empty if there is none."""
    if len(codes) + bool(lacking) > 1:
        raise InvalidValue(
            f"must be the same for all cases, got {', '.join(codes[:5])}",
            field=name,
            hint=f"Add it to by=[...], or select cases with .where({name}=...)",
        )
    return "".join(codes)


def _covers(name: str, whole: str, part: str) -> bool:
    """Return whether all cases of a category belong to another category."""
    if name == "area":
        members = area_members(whole)
        return outermost(area_members(part) | members) <= members
    if name == "period":
        days = Period.parse(whole)
        covers = days.covers(Period.parse(part))
        return days.start is None if covers is None else covers
    return whole == part
