"""What is asked of cases: the counts of combinations of answers, and what each answer says."""

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
from thbstats.tables.problems import Problems

__all__ = ["CountedCases", "CountedColumn", "RawColumn", "count_answers"]


@frozen
class RawColumn:
    """A column that says no dimension: its values as they are."""

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
        The columns that say it.
    values : mapping of int to tuple
        What stands there, by place in the tally; only what some case has.
    answers : mapping of int to Answer
        What that says.
    categories : tuple of str
        Categories that were asked for, whether or not they apply to anybody.
    """

    name: str
    columns: tuple[str, ...]
    values: Mapping[int, tuple[Any, ...]]
    answers: Mapping[int, Answer]
    categories: tuple[str, ...] = ()


@frozen(eq=False, kw_only=True)
class CountedCases:
    """Cases counted by what they answer.

    Parameters
    ----------
    reads : tuple of CountedColumn
        One for each column of the tally.
    tally : Tally
        The counts.
    """

    reads: tuple[CountedColumn, ...]
    tally: Tally

    def select(self, schema: Schema, name: str, codes: Iterable[str]) -> "CountedCases":
        """Return the cases to whom one of some categories applies."""
        number, wanted = self._number(name), frozenset(codes)
        answers = self.reads[number].answers
        found, rest = list(answers.values()), frozenset[str]()
        if isinstance(answers, FlagAnswers):
            found = list(answers.resolve(schema[name]).values())
        elif name in schema.names:
            found, rest = (
                add_ancestors(schema[name], found),
                frozenset({unknown_code(schema[name])}),
            )
        chosen = [
            place
            for place, answer in zip(answers, found, strict=True)
            if (answer.codes or rest) & wanted
        ]
        return CountedCases(reads=self.reads, tally=self.tally.select(number, chosen))

    def drop(self, name: str) -> "CountedCases":
        """Return the counts with a dimension summed out."""
        number = self._number(name)
        reads = self.reads[:number] + self.reads[number + 1 :]
        return CountedCases(reads=reads, tally=self.tally.drop(number))

    def axes(self, schema: Schema) -> list[CountAxis]:
        """Return the axes of the table that these counts become."""
        found = []
        for read, used in zip(self.reads, self.tally.used(), strict=True):
            if isinstance(read.answers, FlagAnswers):
                found.append(read.answers.axis(schema[read.name], used))
                continue
            places = used.tolist()
            answers = [read.answers[place] for place in places]
            found.append(
                CountAxis.of(schema[read.name], answers, places=places, categories=read.categories)
            )
        return found

    def _number(self, name: str) -> int:
        return next(number for number, read in enumerate(self.reads) if read.name == name)


def count_answers(
    rows: Rows,
    schema: Schema,
    asked: Mapping[str, ColumnReading | RawColumn],
    meanings: Mapping[str, Meaning],
    weights: str | None = None,
    *,
    with_values: bool = False,
) -> CountedCases:
    """Return the counts of some cases by what is asked.

    Parameters
    ----------
    rows : Rows
        The cases.
    schema : Schema
        The dimensions.
    asked : mapping of str to ColumnReading or RawColumn
        By dimension or column, how it is read.
    meanings : mapping of str to Meaning
        By dimension, what its values mean.
    weights : str, optional
        The column that says for how many cases a row stands.
    with_values : bool
        Whether the values themselves are asked for, and not only what they say.

    Raises
    ------
    UnknownName, InvalidValue
        If values are not known and were not declared; up to ten are told at once.
    """
    derived = {
        name: Derivation(
            reading=reading, dimension=schema[name], meaning=meanings[name], with_values=with_values
        )
        for name, reading in asked.items()
        if isinstance(reading, DerivedReading)
    }
    names = dict.fromkeys(
        column
        for name, reading in asked.items()
        if name not in derived
        for column in reading.columns
    )
    grouped = rows.group(list(names), weights, derived)
    slots = {
        name: grouped.derived[name] if name in derived else _slots(grouped, reading)
        for name, reading in asked.items()
    }
    # The longest column last: the sums then run over many neighbours at a time.
    slots = dict(sorted(slots.items(), key=lambda item: len(item[1].categories)))
    tally = tally_cases(list(slots.values()), grouped.size, grouped.weights)
    problems = Problems()
    reads = tuple(
        _read(
            name,
            reading=asked[name],
            column=column,
            used=used.tolist(),
            schema=schema,
            meanings=meanings,
            problems=problems,
        )
        for (name, column), used in zip(slots.items(), tally.used(), strict=True)
    )
    problems.raise_any()
    return CountedCases(reads=reads, tally=tally)


def _slots(grouped: GroupedRows, reading: ColumnReading | RawColumn) -> Coded[Any]:
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
        place: (column.categories[place],) if single else column.categories[place] for place in used
    }
    if isinstance(reading, RawColumn):
        answers = {place: Answer((spelling(value[0]) or "",)) for place, value in values.items()}
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
    answers = {place: value[0] for place, value in values.items() if isinstance(value[0], Answer)}
    for place, value in values.items():
        if place in answers:  # the engine that made the column has read it, too
            continue
        try:
            answers[place] = reading.read(dimension, meanings[name], value)
        except ThbstatsError as error:
            problems.add(error)
    found = FlagAnswers.from_lists(answers) if reading.several else answers
    return CountedColumn(
        name=name,
        columns=reading.columns,
        values=values,
        answers=found,
        categories=reading.categories,
    )
