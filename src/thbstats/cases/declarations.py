"""What somebody has said of cases: how their columns are read, and what these mean."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from thbstats.cases.answers import ColumnReading, FlagColumns, ListColumn, Meaning, SingleColumn
from thbstats.cases.counted_cases import RawColumn
from thbstats.cases.engine_columns import DerivedReading
from thbstats.counting import spelling
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.records import Schema

__all__ = ["Declarations", "require"]


@frozen(eq=False, kw_only=True)
class Declarations:
    """What has been said of the columns of some cases.

    Parameters
    ----------
    schema : Schema
        Of the kind of table that they are counted into.
    names : tuple of str
        The columns of the cases.
    readings : mapping of str to ColumnReading
        How a dimension is read, where it is not read from the column of its name.
    meanings : mapping of str to Meaning
        By dimension, what its values mean.
    weights : str or None
        The column that says for how many cases a row stands.
    constants : mapping of str to str
        By dimension, what holds for every case.
    """

    schema: Schema
    names: tuple[str, ...]
    readings: Mapping[str, ColumnReading]
    meanings: Mapping[str, Meaning]
    weights: str | None = None
    constants: Mapping[str, str]

    @classmethod
    def of(
        cls,
        schema: Schema,
        names: Sequence[str],
        *,
        columns: Mapping[str, str],
        multi: Mapping[str, str | Mapping[str, str]],
        derive: Mapping[str, ColumnReading],
        separator: str,
        recode: Mapping[str, Mapping[Any, str]],
        missing: Iterable[object],
        unknown: Iterable[object],
        no: Iterable[object],
        weights: str | None,
        constants: Mapping[str, Any],
    ) -> "Declarations":
        """Return what has been said, if it fits the columns.

        Parameters
        ----------
        schema : Schema
            Of the kind of table.
        names : sequence of str
            The columns of the cases.
        columns, multi, derive, separator, recode, missing, unknown, no, weights, constants
            As for `CaseStore.of`.

        Raises
        ------
        UnknownName
            If there is no such column, dimension or word.
        InvalidValue
            If a dimension with one answer is to have several, or a derived one is another.
        """
        readings: dict[str, ColumnReading] = {
            **{name: SingleColumn(column) for name, column in columns.items()},
            **{name: _several(schema, name, what, separator) for name, what in multi.items()},
            **derive,
        }
        for name in {**readings, **recode, **constants}:
            require(name, schema.names, f"{schema.kind} have no such dimension")
        for name, reading in readings.items():
            if isinstance(reading, DerivedReading) and reading.dimension != name:
                raise InvalidValue(
                    f"it says {reading.dimension}",
                    field=name,
                    hint=f"derive={{{reading.dimension!r}: ...}}",
                )
            for column in reading.columns:
                require(column, names, f"the cases have no such column ({name})")
        if weights is not None:
            require(weights, names, "the cases have no such column (weights)")
        missing, unknown, no = tuple(missing), tuple(unknown), tuple(no)
        return cls(
            schema=schema,
            names=tuple(names),
            readings=readings,
            meanings={
                name: Meaning(missing=missing, unknown=unknown, no=no, recode=recode.get(name, {}))
                for name in schema.names
            },
            weights=weights,
            constants={name: schema[name].parse(value) for name, value in constants.items()},
        )

    def ordered(self, by: str | Iterable[str]) -> list[str]:
        """Return some dimensions in the order of the table.

        Raises
        ------
        UnknownName
            If there is no such dimension.
        InvalidValue
            If all cases have one category of it.
        """
        names = [by] if isinstance(by, str) else list(by)
        for name in names:
            require(name, self.schema.names, f"{self.schema.kind} have no such dimension")
            if name in self.constants:
                raise InvalidValue(
                    "said of every case, so that it cannot tell them apart",
                    field=name,
                    value=self.constants[name],
                    hint="Leave it out of one of the two",
                )
        return [name for name in self.schema.names if name in names]

    def reading(self, name: str) -> ColumnReading:
        """Return how a dimension is read.

        Raises
        ------
        UnknownName
            If nothing says it.
        """
        if name in self.readings:
            return self.readings[name]
        require(name, self.names, "the cases have no such column, and nothing says another")
        return SingleColumn(name)

    def reading_or_column(self, name: str) -> ColumnReading | RawColumn:
        """Return how a dimension is read, or another column as it is."""
        if name in self.schema.names:
            return self.reading(name)
        require(name, (*self.schema.names, *self.names), "no such dimension or column")
        return RawColumn(name)

    def varies(self, name: str) -> bool:
        """Whether a column says a dimension, for each case anew."""
        if name in self.constants or name not in self.schema.names:
            return False
        return name in self.readings or name in self.names

    def parse_values(self, name: str, given: Any) -> list[str]:
        """Return the words of a dimension, or the values of another column, that are asked for."""
        values = [given] if isinstance(given, str) or not isinstance(given, Iterable) else given
        if name in self.schema.names:
            return [self.schema[name].parse(value) for value in values]
        return [spelling(value) or "" for value in values]


def _several(
    schema: Schema, name: str, what: str | Mapping[str, str], separator: str
) -> ColumnReading:
    require(name, schema.names, f"{schema.kind} have no such dimension")
    if schema[name].total is None:
        raise InvalidValue(
            "a case has one of these, never several",
            field=name,
            hint="Name its column in columns={...}",
        )
    if isinstance(what, str):
        return ListColumn(what, separator)
    return FlagColumns({schema[name].parse(code): column for code, column in what.items()})


def require(name: str, known: Sequence[str], problem: str) -> None:
    """Refuse a name that does not exist.

    Raises
    ------
    UnknownName
        With the one that was perhaps meant.
    """
    if name not in known:
        raise UnknownName(problem, field=name, hint=did_you_mean(name, known))
