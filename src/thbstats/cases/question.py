"""What is asked of cases: the counts of combinations of answers, and what each answer says."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from thbstats.cases.answers import Flags, Meaning, Reading
from thbstats.cases.making import Derivation, Derived
from thbstats.cases.rows import Grouped, Rows
from thbstats.columns import Coded
from thbstats.counting import (
    Answer,
    Axis,
    FlagAnswers,
    Tally,
    combine_columns,
    rest_of,
    spelling,
    tallied,
    widened,
)
from thbstats.errors import ThbstatsError
from thbstats.records import Schema
from thbstats.tables.problems import Problems

__all__ = ["Counted", "Plain", "Read", "counted"]


@frozen
class Plain:
    """A column that says no dimension: its values as they are."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)


@frozen(kw_only=True)
class Read:
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
    also : tuple of str
        Categories that were asked for, whether or not they apply to anybody.
    """

    name: str
    columns: tuple[str, ...]
    values: Mapping[int, tuple[Any, ...]]
    answers: Mapping[int, Answer]
    also: tuple[str, ...] = ()


@frozen(eq=False, kw_only=True)
class Counted:
    """Cases counted by what they answer.

    Parameters
    ----------
    reads : tuple of Read
        One for each column of the tally.
    tally : Tally
        The counts.
    """

    reads: tuple[Read, ...]
    tally: Tally

    def within(self, schema: Schema, name: str, codes: Iterable[str]) -> "Counted":
        """Return the cases to whom one of some categories applies."""
        number, wanted = self._number(name), frozenset(codes)
        answers = self.reads[number].answers
        found, rest = list(answers.values()), frozenset[str]()
        if isinstance(answers, FlagAnswers):
            found = list(answers.settled(schema[name]).values())
        elif name in schema.names:
            found, rest = widened(schema[name], found), frozenset({rest_of(schema[name])})
        chosen = [
            place
            for place, answer in zip(answers, found, strict=True)
            if (answer.codes or rest) & wanted
        ]
        return Counted(reads=self.reads, tally=self.tally.kept(number, chosen))

    def without(self, name: str) -> "Counted":
        """Return the counts with a dimension summed out."""
        number = self._number(name)
        reads = self.reads[:number] + self.reads[number + 1 :]
        return Counted(reads=reads, tally=self.tally.summed(number))

    def axes(self, schema: Schema) -> list[Axis]:
        """Return the axes of the table that these counts become."""
        found = []
        for read, used in zip(self.reads, self.tally.used(), strict=True):
            if isinstance(read.answers, FlagAnswers):
                found.append(read.answers.axis(schema[read.name], used))
                continue
            places = used.tolist()
            answers = [read.answers[place] for place in places]
            found.append(Axis.of(schema[read.name], answers, places=places, also=read.also))
        return found

    def _number(self, name: str) -> int:
        return next(number for number, read in enumerate(self.reads) if read.name == name)


def counted(
    rows: Rows,
    schema: Schema,
    asked: Mapping[str, Reading | Plain],
    meanings: Mapping[str, Meaning],
    weights: str | None = None,
    *,
    fine: bool = False,
) -> Counted:
    """Return the counts of some cases by what is asked.

    Parameters
    ----------
    rows : Rows
        The cases.
    schema : Schema
        The dimensions.
    asked : mapping of str to Reading or Plain
        By dimension or column, how it is read.
    meanings : mapping of str to Meaning
        By dimension, what its values mean.
    weights : str, optional
        The column that says for how many cases a row stands.
    fine : bool
        Whether the values themselves are asked for, and not only what they say.

    Raises
    ------
    UnknownName, InvalidValue
        If values are not known and were not declared; up to ten are told at once.
    """
    derived = {
        name: Derivation(reading=reading, dimension=schema[name], meaning=meanings[name], fine=fine)
        for name, reading in asked.items()
        if isinstance(reading, Derived)
    }
    names = dict.fromkeys(
        column
        for name, reading in asked.items()
        if name not in derived
        for column in reading.columns
    )
    grouped = rows.grouped(list(names), weights, derived)
    slots = {
        name: grouped.made[name] if name in derived else _slots(grouped, reading)
        for name, reading in asked.items()
    }
    # The longest column last: the sums then run over many neighbours at a time.
    slots = dict(sorted(slots.items(), key=lambda item: len(item[1].categories)))
    tally = tallied(list(slots.values()), grouped.size, grouped.weights)
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
    return Counted(reads=reads, tally=tally)


def _slots(grouped: Grouped, reading: Reading | Plain) -> Coded[Any]:
    columns = [grouped.columns[column] for column in reading.columns]
    return columns[0] if len(columns) == 1 else combine_columns(columns)


def _read(
    name: str,
    *,
    reading: Reading | Plain,
    column: Coded[Any],
    used: Sequence[int],
    schema: Schema,
    meanings: Mapping[str, Meaning],
    problems: Problems,
) -> Read:
    single = len(reading.columns) == 1 and not isinstance(reading, Derived)
    values = {
        place: (column.categories[place],) if single else column.categories[place] for place in used
    }
    if isinstance(reading, Plain):
        answers = {place: Answer((spelling(value[0]) or "",)) for place, value in values.items()}
        return Read(name=name, columns=reading.columns, values=values, answers=answers)
    if isinstance(reading, Flags):
        flags = reading.read_all(meanings[name], values, problems)
        return Read(
            name=name, columns=reading.columns, values=values, answers=flags, also=reading.also
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
    found = FlagAnswers.listed(answers) if reading.several else answers
    return Read(name=name, columns=reading.columns, values=values, answers=found, also=reading.also)
