"""What is asked of persons: which rows are of one, and what these rows say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from thbstats.cases.answers import Joining, Meaning, Reading
from thbstats.cases.linkage import Linked, linked
from thbstats.cases.persons import Conflict, PersonCell, Persons, Place
from thbstats.cases.rows import Rows
from thbstats.counting import no_area, rest_of
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.records import Schema
from thbstats.tables.problems import Problems

__all__ = ["PersonQuestion"]


@frozen(eq=False, kw_only=True)
class PersonQuestion:
    """What is asked of persons.

    Parameters
    ----------
    rows : Rows
        The cases.
    schema : Schema
        The dimensions.
    meanings : mapping of str to Meaning
        By dimension, what its values mean; the key is read by that of the first one.
    key : str
        The column that names persons.
    """

    rows: Rows
    schema: Schema
    meanings: Mapping[str, Meaning]
    key: str

    def persons(self, across: Mapping[str, Reading], alike: Mapping[str, Reading]) -> Persons:
        """Return the persons, told apart by some dimensions.

        Parameters
        ----------
        across : mapping of str to Reading
            Dimensions over which one person can be registered again.
        alike : mapping of str to Reading
            Dimensions that should be the same in all rows of a person.
        """
        found, codes = self._linked(across)
        rests = [rest_of(self.schema[name]) for name in across]
        places = [
            tuple(code or rest for code, rest in zip(said, rests, strict=True)) for said in codes
        ]
        if "area" in across and any(place[list(across).index("area")] == "" for place in places):
            raise no_area()
        conflicts = [
            conflict
            for name, reading in alike.items()
            for conflict in self._conflicts(name, reading)
        ]
        return self._counted(tuple(across), found, places, conflicts)

    def _conflicts(self, name: str, reading: Reading) -> list[Conflict]:
        found, said = self._linked({name: reading})
        codes = [None if code == "unknown" else code for (code,) in said]
        told: dict[tuple[str, ...], int] = {}
        for numbers, persons in found.sets:
            each = tuple(sorted({code for number in numbers if (code := codes[number])}))
            if len(each) > 1:
                told[each] = told.get(each, 0) + persons
        return [
            Conflict(dimension=name, codes=each, persons=persons)
            for each, persons in sorted(told.items(), key=lambda item: (-item[1], item[0]))
        ]

    def _linked(
        self, readings: Mapping[str, Reading]
    ) -> tuple[Linked, list[tuple[str | None, ...]]]:
        """Return the rows by what some dimensions are read from, and what each pattern says."""
        for name, reading in readings.items():
            if reading.several or isinstance(reading, Joining):
                raise InvalidValue(
                    "persons are told apart by columns with one answer each",
                    field=name,
                    hint="Make a column of it first",
                )
        columns = list(dict.fromkeys(c for reading in readings.values() for c in reading.columns))
        meaning = next(iter(self.meanings.values()))
        nothing = meaning.missing | meaning.unknown
        found = linked(self.rows, self.key, columns, nothing)
        problems = Problems()
        said = []
        for values in found.values:
            stands = dict(zip(columns, values, strict=True))
            try:
                said.append(tuple(self._read(n, r, stands) for n, r in readings.items()))
            except ThbstatsError as error:
                problems.add(error)
        problems.raise_any()
        return found, said

    def _read(self, name: str, reading: Reading, stands: Mapping[str, Any]) -> str | None:
        values = tuple(stands[column] for column in reading.columns)
        answer = reading.read(self.schema[name], self.meanings[name], values)
        return next(iter(answer.codes), None)

    def _counted(
        self,
        across: tuple[str, ...],
        found: Linked,
        places: Sequence[Place],
        conflicts: Iterable[Conflict],
    ) -> Persons:
        cells: dict[Place, PersonCell] = {}
        for place, rows, keyless in zip(
            places, found.rows.tolist(), found.keyless.tolist(), strict=True
        ):
            old = cells.get(place, PersonCell(place=place, rows=0, keyless=0))
            cells[place] = PersonCell(
                place=place, rows=old.rows + rows, keyless=old.keyless + keyless
            )
        sets: dict[frozenset[Place], int] = {}
        for numbers, persons in found.sets:
            seen = frozenset(places[number] for number in numbers)
            sets[seen] = sets.get(seen, 0) + persons
        orders = [self.schema[name].sort_key for name in across]

        def rank(place: Place) -> list[tuple[object, ...]]:
            return [order(code) for order, code in zip(orders, place, strict=True)]

        return Persons(
            key=self.key,
            schema=self.schema,
            across=across,
            cells=tuple(sorted(cells.values(), key=lambda cell: rank(cell.place))),
            sets=sets,
            conflicts=tuple(conflicts),
        )
