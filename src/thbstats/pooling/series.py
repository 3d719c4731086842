"""What a table counts, in words: the series, the categories and the bases of a question."""

from collections.abc import Mapping
from typing import Any

from thbstats.errors import InvalidValue
from thbstats.records import Schema, schema_of
from thbstats.results import Series
from thbstats.tables import CountTable, need_table

__all__ = ["series", "split"]

_PLACES = ("area", "period")


def series(table: CountTable) -> Series:
    """Return the kind of count in a table: its attributes that are the same in all rows."""
    schema = schema_of(table.kind)
    attributes = [
        (dimension.name, table.categories(dimension.name)[0])
        for dimension in schema.dimensions
        if dimension.total is None
        and dimension.name not in _PLACES
        and len(table.categories(dimension.name)) == 1
    ]
    return Series(table.kind, attributes)


def split(
    table: CountTable, selection: Mapping[str, Any], *, breakdowns: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the attributes and the categories that a selection names.

    Raises
    ------
    UnknownName
        If a dimension or a word does not exist.
    InvalidValue
        If a category is named by several words, or there is no table.
    """
    schema = schema_of(need_table(table).kind)
    attributes, categories = {}, {}
    for name, value in selection.items():
        if schema[name].total is None:
            attributes[name] = value
        else:
            categories[name] = _one(schema, name, value, breakdowns)
    return attributes, categories


def _one(schema: Schema, name: str, value: Any, breakdowns: str) -> str:
    if not isinstance(value, str):
        raise InvalidValue(
            f"{breakdowns} names one category of a dimension",
            field=name,
            value=value,
            mend="Give one word; add categories with CountTable.sum first",
        )
    return schema[name].parse(value)
