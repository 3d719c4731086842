"""What is asked of persons: which rows are of one, and what these rows say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from thbstats.cases.answers import ColumnReading, CombinedReading, Meaning
from thbstats.cases.linkage import KeyLinks, link_rows
from thbstats.cases.persons import CellCodes, Conflict, PersonCell, Persons
from thbstats.cases.rows import Rows
from thbstats.counting import missing_area, unknown_code
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.records import Schema
from thbstats.tables.problems import Problems

__all__ = ["PersonQuery"]


@frozen(eq=False, kw_only=True)
class PersonQuery:
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

    def persons(
        self, dimensions: Mapping[str, ColumnReading], check_equal: Mapping[str, ColumnReading]
    ) -> Persons:
        """Return the persons, told apart by some dimensions.

        Parameters
        ----------
        dimensions : mapping of str to ColumnReading
            Dimensions over which one person can be registered again.
        check_equal : mapping of str to ColumnReading
            Dimensions that should be the same in all rows of a person.
        """
        found, codes = self._linked(dimensions)
        rests = [unknown_code(self.schema[name]) for name in dimensions]
        cell_codes = [
            tuple(code or rest for code, rest in zip(said, rests, strict=True)) for said in codes
        ]
        if "area" in dimensions and any(
            codes[list(dimensions).index("area")] == "" for codes in cell_codes
        ):
            raise missing_area()
        conflicts = [
            conflict
            for name, reading in check_equal.items()
            for conflict in self._conflicts(name, reading)
        ]
        return self._counted(tuple(dimensions), found, cell_codes, conflicts)

    def _conflicts(self, name: str, reading: ColumnReading) -> list[Conflict]:
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
        self, readings: Mapping[str, ColumnReading]
    ) -> tuple[KeyLinks, list[tuple[str | None, ...]]]:
        """Return the rows by what some dimensions are read from, and what each pattern says."""
        for name, reading in readings.items():
            if reading.several or isinstance(reading, CombinedReading):
                raise InvalidValue(
                    "persons are told apart by columns with one answer each",
                    field=name,
                    hint="Make a column of it first",
                )
        columns = list(dict.fromkeys(c for reading in readings.values() for c in reading.columns))
        meaning = next(iter(self.meanings.values()))
        nothing = meaning.missing | meaning.unknown
        found = link_rows(self.rows, self.key, columns, nothing)
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

    def _read(self, name: str, reading: ColumnReading, stands: Mapping[str, Any]) -> str | None:
        values = tuple(stands[column] for column in reading.columns)
        answer = reading.read(self.schema[name], self.meanings[name], values)
        return next(iter(answer.codes), None)

    def _counted(
        self,
        dimensions: tuple[str, ...],
        found: KeyLinks,
        cell_codes: Sequence[CellCodes],
        conflicts: Iterable[Conflict],
    ) -> Persons:
        cells: dict[CellCodes, PersonCell] = {}
        for codes, rows, without_key in zip(
            cell_codes, found.rows.tolist(), found.without_key.tolist(), strict=True
        ):
            old = cells.get(codes, PersonCell(codes=codes, rows=0, without_key=0))
            cells[codes] = PersonCell(
                codes=codes, rows=old.rows + rows, without_key=old.without_key + without_key
            )
        sets: dict[frozenset[CellCodes], int] = {}
        for numbers, persons in found.sets:
            seen = frozenset(cell_codes[number] for number in numbers)
            sets[seen] = sets.get(seen, 0) + persons
        orders = [self.schema[name].order for name in dimensions]

        def rank(codes: CellCodes) -> list[tuple[object, ...]]:
            return [order(code) for order, code in zip(orders, codes, strict=True)]

        return Persons(
            key=self.key,
            schema=self.schema,
            dimensions=dimensions,
            cells=tuple(sorted(cells.values(), key=lambda cell: rank(cell.codes))),
            sets=sets,
            conflicts=tuple(conflicts),
        )
