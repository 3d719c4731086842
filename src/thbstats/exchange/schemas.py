"""Schemas of the files of this library."""

from typing import Any

from thbstats.records import KINDS, Dimension, schema_of
from thbstats.tables.findings import FINDING_CODES
from thbstats.values import LARGEST_COUNT, Reason

__all__ = ["SCHEMA_VERSION", "json_schema", "table_schema"]

SCHEMA_VERSION = 1
"""The version of the JSON and Parquet formats; newer files are rejected."""

_SOURCE_KINDS = ["primary", "secondary", "not_stated"]
_CODES: dict[str, Any] = {"type": "array", "items": {"type": "integer", "minimum": 0}}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": LARGEST_COUNT}
_FLAGS = "^[a-z]*$"
_FINDING: dict[str, Any] = {
    "type": "object",
    "required": ["code"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$"},
        "text": {"type": "string"},
    },
}
_FINDINGS: dict[str, Any] = {
    "type": "object",
    "required": ["categories", "codes"],
    "additionalProperties": False,
    "properties": {
        "categories": {"type": "array", "items": {"type": "array", "items": _FINDING}},
        "codes": _CODES,
    },
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the JSON format.

    Returns
    -------
    dict
        Draft 2020-12, with every category and reason. `read` checks the lengths of columns and
        the uniqueness of cells.

    Examples
    --------
    >>> json_schema()["properties"]["schema_version"]
    {'const': 1}

    References
    ----------
    JSON Schema, draft 2020-12.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Counts of trafficking in human beings, as thbstats writes them",
        "type": "object",
        "required": ["format", "schema_version", "tables"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": "thbstats"},
            "schema_version": {"const": SCHEMA_VERSION},
            "tables": {"type": "array", "items": {"oneOf": [_table(kind) for kind in KINDS]}},
        },
        "$defs": {**_columns(), "findings": _FINDINGS, "source": _source(), "origin": _origin()},
    }


def _columns() -> dict[str, Any]:
    """Return the schemas of the coded columns."""
    dimensions = [dimension for kind in KINDS for dimension in schema_of(kind).dimensions]
    columns = {f"{dimension.name}_column": _coded(_category(dimension)) for dimension in dimensions}
    reasons = {"enum": [str(reason) for reason in Reason]}
    flags = {"type": "string", "pattern": _FLAGS}
    return {**columns, "reason_column": _coded(reasons), "flags_column": _coded(flags)}


def _column(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}_column"}


def _table(kind: str) -> dict[str, Any]:
    columns = {name: _column(name) for name in schema_of(kind).names}
    return {
        "type": "object",
        "required": ["kind", "rows", "dimensions", "lower", "reason", "flags"],
        "additionalProperties": False,
        "properties": {
            "kind": {"const": kind},
            "rows": {"type": "integer", "minimum": 0},
            "dimensions": {
                "type": "object",
                "required": list(columns),
                "additionalProperties": False,
                "properties": columns,
            },
            "lower": {"type": "array", "items": _COUNT},
            "upper": {"type": "array", "items": {"anyOf": [_COUNT, {"type": "null"}]}},
            "unanswered": {"type": "array", "items": {"anyOf": [_COUNT, {"type": "null"}]}},
            "reason": _column("reason"),
            "flags": _column("flags"),
            "findings": {"$ref": "#/$defs/findings"},
            "sources": {"type": "array", "items": {"$ref": "#/$defs/source"}},
            "origins": {"type": "array", "items": {"$ref": "#/$defs/origin"}},
            "origin": {"anyOf": [{"type": "integer", "minimum": 0}, _CODES]},
        },
    }


def _category(dimension: Dimension) -> dict[str, Any]:
    if dimension.content == "codes" and dimension.vocabulary is not None:
        return {"enum": [str(text) for text in dimension.vocabulary]}
    return {"type": "string", "minLength": 1}


def _coded(category: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a coded column: one code, or categories and codes."""
    coded = {
        "type": "object",
        "required": ["categories", "codes"],
        "additionalProperties": False,
        "properties": {
            "categories": {"type": "array", "items": category, "uniqueItems": True},
            "codes": _CODES,
        },
    }
    return {"anyOf": [category, coded]}


def _source() -> dict[str, Any]:
    texts = ("publisher", "document", "section", "url", "terms")
    return {
        "type": "object",
        "required": ["title"],
        "additionalProperties": False,
        "properties": {
            "title": {"type": "string", "pattern": r"\S"},
            **{name: {"type": "string"} for name in texts},
            "published": {"type": "string", "format": "date"},
            "kind": {"enum": _SOURCE_KINDS},
        },
    }


def _origin() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["sources"],
        "additionalProperties": False,
        "properties": {
            "sources": _CODES,
            "reporters": {"type": "array", "items": {"type": "string"}},
            "n_reporters": {"type": "integer", "minimum": 0},
        },
    }


def table_schema(kind: str) -> dict[str, Any]:
    """Return the Table Schema of the tidy columns of a kind of count.

    Parameters
    ----------
    kind : str
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``.

    Returns
    -------
    dict
        The columns of `CountTable.to_frame`: types, categories, and the dimensions as primary key.
        An unbounded upper bound is INF. The column ``unanswered`` exists only for tables of cases
        with multiple response.

    Raises
    ------
    UnknownName
        If the kind is not known.

    Examples
    --------
    >>> table_schema("justice")["primaryKey"][:3]
    ['area', 'period', 'stage']

    References
    ----------
    Frictionless Data, Table Schema.
    """
    dimensions = schema_of(kind).dimensions
    return {
        "fields": [*map(_dimension_field, dimensions), *_measure_fields()],
        "primaryKey": [dimension.name for dimension in dimensions],
        "missingValues": [""],
    }


def _dimension_field(dimension: Dimension) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True}
    if dimension.content == "codes":
        constraints |= _category(dimension)
    return {"name": dimension.name, "type": "string", "constraints": constraints}


def _measure_fields() -> list[dict[str, Any]]:
    bounds = {"minimum": 0, "maximum": LARGEST_COUNT}
    reasons = [str(reason) for reason in Reason]
    return [
        {"name": "value", "type": "integer", "constraints": bounds},
        {"name": "lower", "type": "integer", "constraints": {"required": True, **bounds}},
        {"name": "upper", "type": "number", "constraints": {"required": True, "minimum": 0}},
        {"name": "reason", "type": "string", "constraints": {"required": True, "enum": reasons}},
        {"name": "flags", "type": "string", "constraints": {"pattern": _FLAGS}},
        {"name": "findings", "type": "string", "constraints": {"pattern": FINDING_CODES}},
        {"name": "unanswered", "type": "integer", "constraints": bounds},
        {"name": "source", "type": "string"},
        {"name": "reporters", "type": "string"},
        {"name": "n_reporters", "type": "integer", "constraints": {"minimum": 0}},
    ]
