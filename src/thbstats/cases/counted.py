"""Counted cases: combinations of categories with their number of cases."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.cases.answers import Answer, FlagAnswers, FlagColumns, wider_codes
from thbstats.cases.cells import CountAxis, unknown_code
from thbstats.cases.coding import combine_columns, spelling
from thbstats.cases.declarations import Declarations, RawColumn
from thbstats.cases.engines import EngineRows
from thbstats.cases.frames import DerivedColumn, FrameRows, key_of
from thbstats.cases.tally import Tally, tally_cases
from thbstats.errors import ThbstatsError
from thbstats.records import Schema
from thbstats.tables.encoding import Problems

Rows: TypeAlias = FrameRows | EngineRows


@frozen(kw_only=True)
class CountedColumn:
    """One dimension, or one other column, of counted cases.

    ``values`` and ``answers`` are the values of its columns and their categories, by position in
    the tally. ``categories`` are categories of the table even if no case has them.
    """

    name: str
    columns: tuple[str, ...]
    values: Sequence[tuple[Any, ...]]
    answers: Sequence[Answer]
    categories: tuple[str, ...] = ()


@frozen(eq=False, kw_only=True)
class CountedCases:
    """Cases counted by combinations of categories, with a column for each axis of the tally."""

    schema: Schema
    columns: tuple[CountedColumn, ...]
    tally: Tally

    def select(self, name: str, codes: Iterable[str]) -> "CountedCases":
        """Return the cases to which one of some categories applies."""
        number, chosen = self._number(name), frozenset(codes)
        answers = self.columns[number].answers
        if isinstance(answers, FlagAnswers):
            resolved = answers.resolve(self.schema[name])
            expected = [code in chosen for code in resolved.codes]
            return self._take(number, np.flatnonzero(resolved.yes[:, expected].any(axis=1)))
        is_chosen = []
        for answer in answers:
            own: frozenset[str] = answer.codes
            if name in self.schema.names:
                own = wider_codes(self.schema[name], own) or frozenset(
                    [unknown_code(self.schema[name])]
                )
            is_chosen.append(bool(own & chosen))
        return self._take(number, np.flatnonzero(is_chosen))

    def drop(self, name: str) -> "CountedCases":
        """Return the counts added up over a dimension."""
        number = self._number(name)
        columns = self.columns[:number] + self.columns[number + 1 :]
        return evolve(self, columns=columns, tally=self.tally.drop(number))

    def compact(self) -> "CountedCases":
        """Return the counts without the positions that no case has."""
        result = self
        for number in range(len(self.columns)):
            result = result._take(number, result.tally.used(number))
        return result

    def _take(self, number: int, positions: NDArray[np.intp]) -> "CountedCases":
        column = self.columns[number]
        if len(positions) == len(column.values):
            return self
        answers = (
            column.answers[positions]
            if isinstance(column.answers, FlagAnswers)
            else [column.answers[position] for position in positions.tolist()]
        )
        values = [column.values[position] for position in positions.tolist()]
        columns = list(self.columns)
        columns[number] = evolve(column, values=values, answers=answers)
        return evolve(self, columns=tuple(columns), tally=self.tally.take(number, positions))

    def axes(self) -> list[CountAxis]:
        """Return the axes of the table of these counts."""
        return [
            CountAxis.of(self.schema[column.name], column.answers, column.categories)
            for column in self.columns
        ]

    def of_dimension(self) -> list[tuple[Answer, int]]:
        """Return the answers of the only dimension, with their number of cases."""
        (digits,), cases = self.tally.nonempty()
        answers = self.columns[0].answers
        if isinstance(answers, FlagAnswers):
            answers = answers.resolve(self.schema[self.columns[0].name])
        pairs = zip(digits.tolist(), cases.tolist(), strict=True)
        return [(answers[position], number) for position, number in pairs]

    def _number(self, name: str) -> int:
        return next(number for number, column in enumerate(self.columns) if column.name == name)


def count_answers(
    rows: Rows, declarations: Declarations, names: Iterable[str], *, with_values: bool = False
) -> CountedCases:
    """Count cases by combinations of categories."""
    schema, meanings = declarations.schema, declarations.meanings
    readings = {name: declarations.reading_or_column(name) for name in names}
    derived = {}
    for name, reading in readings.items():
        if name in schema.names:
            key = key_of(reading, schema[name], meanings[name], with_values=with_values)
            if key is not None:
                derived[name] = DerivedColumn(reading.columns, key)
    plain = [reading.columns for name, reading in readings.items() if name not in derived]
    columns = list(dict.fromkeys(column for group in plain for column in group))
    grouped = rows.group(columns, declarations.weights, derived)
    coded = dict(grouped.derived)
    for name, reading in readings.items():
        if name not in derived:
            parts = [grouped.columns[column] for column in reading.columns]
            coded[name] = parts[0] if len(parts) == 1 else combine_columns(parts)
    # The longest column last: the sums then run over many neighbours at a time.
    coded = dict(sorted(coded.items(), key=lambda item: len(item[1].categories)))
    tally = tally_cases(list(coded.values()), grouped.size, grouped.weights)
    problems, result = Problems(), []
    for number, (name, column) in enumerate(coded.items()):
        used, reading = tally.used(number), readings[name]
        tally = tally.take(number, used)
        values = [column.categories[position] for position in used.tolist()]
        if len(reading.columns) == 1 and name not in derived:
            values = [(value,) for value in values]
        result.append(
            CountedColumn(
                name=name,
                columns=reading.columns,
                values=values,
                answers=_read(declarations, name, values, problems),
                categories=reading.categories,
            )
        )
    problems.raise_any()
    return CountedCases(schema=schema, columns=tuple(result), tally=tally)


def _read(
    declarations: Declarations, name: str, values: Sequence[tuple[Any, ...]], problems: Problems
) -> Sequence[Answer]:
    reading = declarations.reading_or_column(name)
    if isinstance(reading, RawColumn):
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
