"""JSON Schemas of attrs classes."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from thbstats.values import Interval, Period

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Schema = {"type": "string"}
_PLAIN: dict[Any, Schema] = {
    str: _TEXT,
    Period: _TEXT,
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
    Fraction: {
        "anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^-?\d+(/\d+)?$"}],
    },
    NoneType: {"type": "null"},
}
"""Schemas by type. An integer is a count, and a fraction is exact: an integer or a text."""


def schema_of(kind: Any) -> Schema:
    """Return the JSON Schema of a type, as this library writes it; a schema is returned unchanged.

    An attrs class is an object with its fields, an interval has its bounds, and a tuple of pairs
    is an object with any names.

    Examples
    --------
    >>> schema_of(tuple[str, ...] | None)
    {'anyOf': [{'type': 'array', 'items': {'type': 'string'}}, {'type': 'null'}]}
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, dict):
        return kind
    if kind in _PLAIN:
        return _PLAIN[kind]
    if origin is Literal:
        return words(arguments)
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(argument) for argument in arguments]}
    pair = get_args(arguments[0]) if origin is tuple else ()
    if origin in (dict, Mapping) or pair:
        value = pair[1] if pair else arguments[1]
        return {"type": "object", "additionalProperties": schema_of(value)}
    if origin in (list, tuple, frozenset):
        return {"type": "array", "items": schema_of(arguments[0])}
    if issubclass(kind, StrEnum):
        return words(kind)
    return BOUNDS if kind is Interval else record("", attributes(kind))


def attributes(kind: type, *names: str) -> dict[str, Any]:
    """Return the types of the attributes of an attrs class, or of some of them."""
    types = get_type_hints(kind)
    return {name: types[name] for name in names or types}


def record(description: str, *fields: Mapping[str, Any], **own: Any) -> Schema:
    """Return the schema of an object; all fields are required, and further fields are allowed.

    A field has a type or a schema.
    """
    properties = {name: schema_of(kind) for group in (*fields, own) for name, kind in group.items()}
    shape: Schema = {"type": "object", "required": list(properties), "properties": properties}
    return {"description": description, **shape} if description else shape


def words(known: Any) -> Schema:
    """Return the schema of a text that must be in a list or an enumeration."""
    return {"enum": [str(word) for word in known]}


def array(item: Any, size: int | None = None) -> Schema:
    """Return the schema of a list of a type or schema."""
    shape: Schema = {"type": "array", "items": schema_of(item)}
    return shape if size is None else {**shape, "minItems": size, "maxItems": size}


def optional(kind: Any) -> Schema:
    """Return the schema of a type or schema, or ``null``."""
    return {"anyOf": [schema_of(kind), schema_of(NoneType)]}


def document(title: str, version: int, *fields: Mapping[str, Any], description: str = "") -> Schema:
    """Return the schema of a JSON document: an object with a version."""
    shape = record(description, {"schema_version": {"const": version}}, *fields)
    return {"$schema": DIALECT, "title": title, **shape}


BOUNDS: Schema = record(
    "A number from lower to upper. A bound is null if the number is not bounded there. The field "
    "undefined is true if the number can have no value. Shares are between 0 and 1.",
    lower=float | None,
    upper=float | None,
    undefined=bool,
)
