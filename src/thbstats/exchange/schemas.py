"""Schemas of the files of this library."""

from collections.abc import Iterable, Mapping
from typing import Any

from thbstats.records import KINDS, Dimension, schema_of
from thbstats.tables.findings import FINDING_CODES
from thbstats.values import LARGEST_COUNT, Reason

SCHEMA_VERSION = 1
"""The version of the JSON and Parquet formats; newer files are rejected."""

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_POSITION: Schema = {"type": "integer", "minimum": 0}
_COUNT: Schema = {**_POSITION, "maximum": LARGEST_COUNT}
_FLAGS: Schema = {"pattern": "^[a-z]*$"}
_REASONS: Schema = {"enum": [str(reason) for reason in Reason]}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(required: Iterable[str], properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": dict(properties),
    }


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_CODES = _array(_POSITION)
_CODED = ("categories", "codes")


def _coded(category: Schema) -> Schema:
    """Return the schema of a coded column: one code, or categories and codes."""
    categories = {**_array(category), "uniqueItems": True}
    return {"anyOf": [category, _object(_CODED, {"categories": categories, "codes": _CODES})]}


def _category(dimension: Dimension) -> Schema:
    if dimension.content == "codes" and dimension.vocabulary is not None:
        return {"enum": [str(text) for text in dimension.vocabulary]}
    return {**_TEXT, "minLength": 1}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the JSON format."""
    dimensions = [dimension for kind in KINDS for dimension in schema_of(kind).dimensions]
    columns = {item.name: _category(item) for item in dimensions}
    columns |= {"reason": _REASONS, "flags": {**_TEXT, **_FLAGS}}
    finding = _object(["code"], {"code": {**_TEXT, "pattern": "^[A-Z][A-Z0-9_]*$"}, "text": _TEXT})
    sets = _array(_array(finding))
    source = {"title": {**_TEXT, "pattern": r"\S"}}
    source |= dict.fromkeys(("publisher", "document", "section", "url", "terms"), _TEXT)
    source |= {
        "published": {**_TEXT, "format": "date"},
        "kind": {"enum": ["primary", "secondary", "not_stated"]},
    }
    origin = {"sources": _CODES, "reporters": _array(_TEXT), "n_reporters": _POSITION}
    document = _object(
        ["format", "schema_version", "tables"],
        {
            "format": {"const": "thbstats"},
            "schema_version": {"const": SCHEMA_VERSION},
            "tables": _array({"oneOf": [_table(kind) for kind in KINDS]}),
        },
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Counts of trafficking in human beings, as thbstats writes them",
        **document,
        "$defs": {
            **{f"{name}_column": _coded(category) for name, category in columns.items()},
            "findings": _object(_CODED, {"categories": sets, "codes": _CODES}),
            "source": _object(["title"], source),
            "origin": _object(["sources"], origin),
        },
    }


def _table(kind: str) -> Schema:
    columns = {name: _reference(f"{name}_column") for name in schema_of(kind).names}
    return _object(
        ["kind", "rows", "dimensions", "lower", "reason", "flags"],
        {
            "kind": {"const": kind},
            "rows": _POSITION,
            "dimensions": _object(columns, columns),
            "lower": _array(_COUNT),
            "upper": _array(_or_null(_COUNT)),
            "unanswered": _array(_or_null(_COUNT)),
            "reason": _reference("reason_column"),
            "flags": _reference("flags_column"),
            "findings": _reference("findings"),
            "sources": _array(_reference("source")),
            "origins": _array(_reference("origin")),
            "origin": {"anyOf": [_POSITION, _CODES]},
        },
    )


def table_schema(kind: str) -> dict[str, Any]:
    """Return the Table Schema of the tidy columns of a kind of count."""
    dimensions = schema_of(kind).dimensions
    at_least = {"minimum": 0}
    bounds = {**at_least, "maximum": LARGEST_COUNT}
    required = {"required": True}
    columns = [
        *(
            (item.name, "string", required | (_category(item) if item.content == "codes" else {}))
            for item in dimensions
        ),
        ("value", "integer", bounds),
        ("lower", "integer", required | bounds),
        ("upper", "number", required | at_least),
        ("reason", "string", required | _REASONS),
        ("flags", "string", _FLAGS),
        ("findings", "string", {"pattern": FINDING_CODES}),
        ("unanswered", "integer", bounds),
        ("source", "string", None),
        ("reporters", "string", None),
        ("n_reporters", "integer", at_least),
    ]
    return {
        "fields": [
            {"name": name, "type": type_} | ({"constraints": limits} if limits else {})
            for name, type_, limits in columns
        ],
        "primaryKey": [dimension.name for dimension in dimensions],
        "missingValues": [""],
    }
