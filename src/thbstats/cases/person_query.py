"""A query for persons: rows with one key and their categories."""

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
from thbstats.tables.encoding import Problems

__all__ = ["PersonQuery"]


@frozen(eq=False, kw_only=True)
class PersonQuery:
    """A query for persons.

    Parameters
    ----------
    rows : Rows
        The cases.
    schema : Schema
        The dimensions.
    meanings : mapping of str to Meaning
        By dimension, the meaning of its values; the first one applies to the key.
    key : str
        The column with the identifier of the person.
    """

    rows: Rows
    schema: Schema
    meanings: Mapping[str, Meaning]
    key: str

    def persons(
        self, dimensions: Mapping[str, ColumnReading], check_equal: Mapping[str, ColumnReading]
    ) -> Persons:
        """Return the persons, counted by some dimensions."""
        links, codes = self._link(dimensions)
        defaults = [unknown_code(self.schema[name]) for name in dimensions]
        cell_codes = [
            tuple(code or default for code, default in zip(codes, defaults, strict=True))
            for codes in codes
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
        return self._persons(tuple(dimensions), links, cell_codes, conflicts)

    def _conflicts(self, name: str, reading: ColumnReading) -> list[Conflict]:
        links, patterns = self._link({name: reading})
        codes = [None if code == "unknown" else code for (code,) in patterns]
        persons_by_codes: dict[tuple[str, ...], int] = {}
        for numbers, persons in links.sets:
            result = tuple(sorted({code for number in numbers if (code := codes[number])}))
            if len(result) > 1:
                persons_by_codes[result] = persons_by_codes.get(result, 0) + persons
        return [
            Conflict(dimension=name, codes=result, persons=persons)
            for result, persons in sorted(
                persons_by_codes.items(), key=lambda item: (-item[1], item[0])
            )
        ]

    def _link(
        self, readings: Mapping[str, ColumnReading]
    ) -> tuple[KeyLinks, list[tuple[str | None, ...]]]:
        """Return the rows by some dimensions, and the codes of each pattern."""
        for name, reading in readings.items():
            if reading.is_multiple or isinstance(reading, CombinedReading):
                raise InvalidValue(
                    "must have one category per case, and not be computed from dates",
                    field=name,
                    hint="Add a column with its categories to the cases",
                )
        columns = list(dict.fromkeys(c for reading in readings.values() for c in reading.columns))
        meaning = next(iter(self.meanings.values()))
        nothing = meaning.missing | meaning.unknown
        links = link_rows(self.rows, self.key, columns, nothing)
        problems = Problems()
        codes = []
        for values in links.values:
            row = dict(zip(columns, values, strict=True))
            try:
                codes.append(tuple(self._read(n, r, row) for n, r in readings.items()))
            except ThbstatsError as error:
                problems.add(error)
        problems.raise_any()
        return links, codes

    def _read(self, name: str, reading: ColumnReading, row: Mapping[str, Any]) -> str | None:
        values = tuple(row[column] for column in reading.columns)
        answer = reading.read(self.schema[name], self.meanings[name], values)
        return next(iter(answer.codes), None)

    def _persons(
        self,
        dimensions: tuple[str, ...],
        links: KeyLinks,
        cell_codes: Sequence[CellCodes],
        conflicts: Iterable[Conflict],
    ) -> Persons:
        cells: dict[CellCodes, PersonCell] = {}
        for codes, rows, without_key in zip(
            cell_codes, links.rows.tolist(), links.without_key.tolist(), strict=True
        ):
            old = cells.get(codes, PersonCell(codes=codes, rows=0, without_key=0))
            cells[codes] = PersonCell(
                codes=codes, rows=old.rows + rows, without_key=old.without_key + without_key
            )
        sets: dict[frozenset[CellCodes], int] = {}
        for numbers, persons in links.sets:
            cells_of_key = frozenset(cell_codes[number] for number in numbers)
            sets[cells_of_key] = sets.get(cells_of_key, 0) + persons
        orders = [self.schema[name].sort_key for name in dimensions]

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
