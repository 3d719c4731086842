"""Cases counted by combinations of categories."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from thbstats.cases.answers import ColumnReading, FlagColumns, Meaning
from thbstats.cases.engine_columns import Derivation, DerivedReading
from thbstats.cases.rows import GroupedRows, Rows
from thbstats.columns import Coded
from thbstats.counting import (
    Answer,
    CountAxis,
    FlagAnswers,
    Tally,
    add_ancestors,
    combine_columns,
    spelling,
    tally_cases,
    unknown_code,
)
from thbstats.errors import ThbstatsError
from thbstats.records import Schema
from thbstats.tables.encoding import Problems

__all__ = ["CountedCases", "CountedColumn", "RawColumn", "count_answers"]


@frozen
class RawColumn:
    """A column that is not a dimension, with its values unchanged."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)


@frozen(kw_only=True)
class CountedColumn:
    """One dimension, or one other column, of counted cases.

    Parameters
    ----------
    name : str
        The dimension, or the column.
    columns : tuple of str
        Its columns.
    values : mapping of int to tuple
        By position in the tally, the values of the columns; only those of some case.
    answers : mapping of int to Answer
        By position in the tally, the categories.
    categories : tuple of str
        Categories of the table even if no case has them.
    """

    name: str
    columns: tuple[str, ...]
    values: Mapping[int, tuple[Any, ...]]
    answers: Mapping[int, Answer]
    categories: tuple[str, ...] = ()


@frozen(eq=False, kw_only=True)
class CountedCases:
    """Cases counted by combinations of categories.

    Parameters
    ----------
    columns : tuple of CountedColumn
        One for each axis of the tally.
    tally : Tally
        The counts.
    """

    columns: tuple[CountedColumn, ...]
    tally: Tally

    def select(self, schema: Schema, name: str, codes: Iterable[str]) -> "CountedCases":
        """Return the cases to which one of some categories applies."""
        number, selected_codes = self._number(name), frozenset(codes)
        answers = self.columns[number].answers
        result, missing = list(answers.values()), frozenset[str]()
        if isinstance(answers, FlagAnswers):
            result = list(answers.resolve(schema[name]).values())
        elif name in schema.names:
            result = add_ancestors(schema[name], result)
            missing = frozenset({unknown_code(schema[name])})
        selected = [
            position
            for position, answer in zip(answers, result, strict=True)
            if (answer.codes or missing) & selected_codes
        ]
        return CountedCases(columns=self.columns, tally=self.tally.select(number, selected))

    def drop(self, name: str) -> "CountedCases":
        """Return the counts added up over a dimension."""
        number = self._number(name)
        columns = self.columns[:number] + self.columns[number + 1 :]
        return CountedCases(columns=columns, tally=self.tally.drop(number))

    def axes(self, schema: Schema) -> list[CountAxis]:
        """Return the axes of the table of these counts."""
        result = []
        for column, used in zip(self.columns, self.tally.used(), strict=True):
            if isinstance(column.answers, FlagAnswers):
                result.append(column.answers.axis(schema[column.name], used))
                continue
            positions = used.tolist()
            answers = [column.answers[position] for position in positions]
            result.append(
                CountAxis.of(
                    schema[column.name], answers, positions=positions, categories=column.categories
                )
            )
        return result

    def _number(self, name: str) -> int:
        return next(number for number, column in enumerate(self.columns) if column.name == name)


def count_answers(
    rows: Rows,
    schema: Schema,
    readings: Mapping[str, ColumnReading | RawColumn],
    meanings: Mapping[str, Meaning],
    weights: str | None = None,
    *,
    with_values: bool = False,
) -> CountedCases:
    """Count cases by combinations of categories.

    Raises
    ------
    UnknownName, InvalidValue
        If values are not declared; the error contains up to ten.
    """
    derived = {
        name: Derivation(
            reading=reading, dimension=schema[name], meaning=meanings[name], with_values=with_values
        )
        for name, reading in readings.items()
        if isinstance(reading, DerivedReading)
    }
    names = dict.fromkeys(
        column
        for name, reading in readings.items()
        if name not in derived
        for column in reading.columns
    )
    grouped = rows.group(list(names), weights, derived)
    coded = {
        name: grouped.derived[name] if name in derived else _coded_column(grouped, reading)
        for name, reading in readings.items()
    }
    # The longest column last: the sums then run over many neighbours at a time.
    coded = dict(sorted(coded.items(), key=lambda item: len(item[1].categories)))
    tally = tally_cases(list(coded.values()), grouped.size, grouped.weights)
    problems = Problems()
    columns = tuple(
        _read(
            name,
            reading=readings[name],
            column=column,
            used=used.tolist(),
            schema=schema,
            meanings=meanings,
            problems=problems,
        )
        for (name, column), used in zip(coded.items(), tally.used(), strict=True)
    )
    problems.raise_any()
    return CountedCases(columns=columns, tally=tally)


def _coded_column(grouped: GroupedRows, reading: ColumnReading | RawColumn) -> Coded[Any]:
    columns = [grouped.columns[column] for column in reading.columns]
    return columns[0] if len(columns) == 1 else combine_columns(columns)


def _read(
    name: str,
    *,
    reading: ColumnReading | RawColumn,
    column: Coded[Any],
    used: Sequence[int],
    schema: Schema,
    meanings: Mapping[str, Meaning],
    problems: Problems,
) -> CountedColumn:
    single = len(reading.columns) == 1 and not isinstance(reading, DerivedReading)
    values = {
        position: (column.categories[position],) if single else column.categories[position]
        for position in used
    }
    if isinstance(reading, RawColumn):
        answers = {
            position: Answer((spelling(value[0]) or "",)) for position, value in values.items()
        }
        return CountedColumn(name=name, columns=reading.columns, values=values, answers=answers)
    if isinstance(reading, FlagColumns):
        flags = reading.read_all(meanings[name], values, problems)
        return CountedColumn(
            name=name,
            columns=reading.columns,
            values=values,
            answers=flags,
            categories=reading.categories,
        )
    dimension = schema[name]
    answers = {
        position: value[0] for position, value in values.items() if isinstance(value[0], Answer)
    }
    for position, value in values.items():
        if position in answers:  # the engine has read the column
            continue
        try:
            answers[position] = reading.read(dimension, meanings[name], value)
        except ThbstatsError as error:
            problems.add(error)
    result = FlagAnswers.from_lists(answers) if reading.is_multiple else answers
    return CountedColumn(
        name=name,
        columns=reading.columns,
        values=values,
        answers=result,
        categories=reading.categories,
    )
