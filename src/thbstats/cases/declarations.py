"""Declared columns of cases and the meaning of their values."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from thbstats._properties import cached_property
from thbstats.cases.answers import (
    AnswerColumns,
    ColumnReading,
    FlagColumns,
    ListColumn,
    Meaning,
    SingleColumn,
    spelling,
)
from thbstats.errors import InvalidValue, require_name
from thbstats.records import Schema, schema_of


@frozen(eq=False, kw_only=True, slots=False)
class Declarations:
    """The declared columns of some cases and the meaning of their values, as for `CaseStore.of`.

    ``names`` are the columns of the cases, and ``no_answers`` the ``missing``, ``unknown`` and
    ``no`` values. A table contains the dimensions in ``optional`` only if it is counted by them.
    """

    schema: Schema
    names: tuple[str, ...]
    columns: Mapping[str, str]
    multi: Mapping[str, str | Sequence[str] | Mapping[str, str]]
    derive: Mapping[str, ColumnReading]
    separator: str
    recode: Mapping[str, Mapping[Any, str]]
    no_answers: Mapping[str, tuple[object, ...]]
    weights: str | None
    constants: Mapping[str, str]
    optional: frozenset[str]

    def __attrs_post_init__(self) -> None:
        schema, names = self.schema, self.names
        declared = (self.columns, self.multi, self.derive, self.recode, self.constants)
        for name in (name for mapping in declared for name in mapping):
            _require_dimension(schema, name)
        for name, reading in self.readings.items():
            if reading.dimension not in (None, name):
                raise InvalidValue(
                    f"must be derived by a reading of {name}, not of {reading.dimension}",
                    field=name,
                    hint=f"Use derive={{{reading.dimension!r}: ...}}",
                )
            for column in reading.columns:
                require_name(column, names, f"the column of {name} must be a column of the cases")
        if self.weights is not None:
            require_name(self.weights, names, "`weights` must be a column of the cases")
        constants = {name: schema[name].parse(value) for name, value in self.constants.items()}
        object.__setattr__(self, "constants", constants)  # a field of a frozen record

    @cached_property
    def readings(self) -> Mapping[str, ColumnReading]:
        """The readings of dimensions with another column than that of the same name."""
        readings: dict[str, ColumnReading] = {
            name: SingleColumn(column) for name, column in self.columns.items()
        }
        for name, value in self.multi.items():
            dimension = self.schema[name]
            if dimension.total is None:
                raise InvalidValue(
                    "must have one value per case",
                    field=name,
                    hint="Name its column in columns={...}, not in multi={...}",
                )
            if isinstance(value, str):
                readings[name] = ListColumn(value, self.separator)
            elif not isinstance(value, Mapping):
                readings[name] = AnswerColumns(value)
            else:
                flags = {dimension.parse(code): column for code, column in value.items()}
                readings[name] = FlagColumns(flags)
        return {**readings, **self.derive}

    @cached_property
    def meanings(self) -> Mapping[str, Meaning]:
        """The meaning of the values of each dimension."""
        return {
            name: Meaning(**self.no_answers, recode=self.recode.get(name, {}))
            for name in self.schema.names
        }

    def table_schema(self, names: Container[str]) -> Schema:
        """Return the schema of a table that contains some dimensions."""
        if not self.optional:
            return self.schema
        own = (
            item
            for item in self.schema.classifications
            if item.name in names or item.name not in self.optional
        )
        return schema_of(self.schema.kind, *own)

    def order(self, by: str | Iterable[str]) -> list[str]:
        """Return some dimensions in the order of the table."""
        names = [by] if isinstance(by, str) else list(by)
        for name in names:
            _require_dimension(self.schema, name)
            if name in self.constants:
                raise InvalidValue(
                    "is constant for all cases and must not be in `by`",
                    field=name,
                    value=self.constants[name],
                    hint=f"Remove {name} from by= or from the constants",
                )
        return [name for name in self.schema.names if name in names]

    def reading(self, name: str) -> ColumnReading:
        """Return the reading of a dimension, or of a column that is not a dimension."""
        if name in self.readings:
            return self.readings[name]
        known: tuple[str, ...] = (*self.schema.names, *self.names)
        problem = "must be a dimension or a column"
        if name in self.schema.names:
            known = self.names
            problem = "must be a column of the cases or have one in columns={...}"
        require_name(name, known, problem)
        return SingleColumn(name)

    def varies(self, name: str) -> bool:
        """Return whether a column contains the dimension."""
        is_declared = name in self.readings or name in self.names
        return is_declared and name in self.schema.names and name not in self.constants

    def parse_values(self, name: str, values: Any) -> list[str]:
        """Return values as codes of a dimension, or as the spellings of another column."""
        values = [values] if isinstance(values, str) or not isinstance(values, Iterable) else values
        if name in self.schema.names:
            return [self.schema[name].parse(value) for value in values]
        return [spelling(value) or "" for value in values]


def _require_dimension(schema: Schema, name: str) -> None:
    require_name(name, schema.names, f"must be a dimension of {schema.kind}")
