"""JSON Schema of the JSON of this library."""

from collections.abc import Iterable, Mapping
from typing import Any

from thbstats import records
from thbstats._schemas import DIALECT, array, optional, words
from thbstats.records import KINDS, schema_of
from thbstats.values import LARGEST_COUNT, Reason

SCHEMA_VERSION = 2
"""The version of the formats of this library; newer files are rejected.

Version 2 has ``classifications``. A file without them has version 1.
"""

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_POSITION: Schema = {"type": "integer", "minimum": 0}
_COUNT: Schema = {**_POSITION, "maximum": LARGEST_COUNT}
_FLAGS: Schema = {"pattern": "^[a-z]*$"}
_CODE: Schema = {"pattern": "^[a-z0-9]+(_[a-z0-9]+)*$"}
_CODE_OR_COUNTRY: Schema = {"pattern": "^([a-z0-9]+(_[a-z0-9]+)*|[A-Z]{2}|[A-Z]{4})$"}
_TRUTH: Schema = {"type": "boolean"}
_DAY: Schema = {**_TEXT, "format": "date"}
_LABEL: Schema = {**_TEXT, "pattern": r"\S"}
_LABELS: Schema = {
    "type": "object",
    "propertyNames": {"pattern": "^[a-z]{2,3}$"},
    "additionalProperties": _LABEL,
}


def _object(required: Iterable[str], properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": dict(properties),
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def version_of(*schemas: records.Schema) -> int:
    """Return the version of a file with tables of these schemas."""
    return SCHEMA_VERSION if any(schema.classifications for schema in schemas) else 1


_CODES = array(_POSITION)
_CODED = ("categories", "codes")


def _coded(category: Schema) -> Schema:
    """Return the schema of a coded column: one code, or categories and codes."""
    categories = {**array(category), "uniqueItems": True}
    return {"anyOf": [category, _object(_CODED, {"categories": categories, "codes": _CODES})]}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the JSON format."""
    columns: dict[str, Schema] = {}
    for dimension in (dimension for kind in KINDS for dimension in schema_of(kind).dimensions):
        columns[dimension.name] = {**_TEXT, "minLength": 1}
        if dimension.content == "codes" and dimension.vocabulary is not None:
            columns[dimension.name] = words(dimension.vocabulary)
    columns |= {"reason": words(Reason), "flags": {**_TEXT, **_FLAGS}}
    finding = _object(["code"], {"code": {**_TEXT, "pattern": "^[A-Z][A-Z0-9_]*$"}, "text": _TEXT})
    sets = array(array(finding))
    source = {"title": _LABEL}
    source |= dict.fromkeys(("publisher", "document", "section", "url", "terms"), _TEXT)
    source |= {
        "published": {**_TEXT, "format": "date"},
        "kind": words(("primary", "secondary", "not_stated")),
    }
    origin = {"sources": _CODES, "reporters": array(_TEXT), "n_reporters": _POSITION}
    document = _object(
        ["format", "schema_version", "tables"],
        {
            "format": {"const": "thbstats"},
            "schema_version": {"enum": list(range(1, SCHEMA_VERSION + 1))},
            "tables": array(
                {"oneOf": [table(kind) for kind in KINDS for table in (_table, _open_table)]}
            ),
        },
    )
    return {
        "$schema": DIALECT,
        "title": "Counts of trafficking in human beings, as thbstats writes them",
        **document,
        "$defs": {
            **{f"{name}_column": _coded(category) for name, category in columns.items()},
            "code_column": _coded({**_TEXT, **_CODE_OR_COUNTRY}),
            "classification": _classification(),
            "category": _category_properties(),
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
            "lower": array(_COUNT),
            "upper": array(optional(_COUNT)),
            "unanswered": array(optional(_COUNT)),
            "reason": _reference("reason_column"),
            "flags": _reference("flags_column"),
            "findings": _reference("findings"),
            "sources": array(_reference("source")),
            "origins": array(_reference("origin")),
            "origin": {"anyOf": [_POSITION, _CODES]},
        },
    )


def _open_table(kind: str) -> Schema:
    """Return the schema of a table with dimensions of users, which can replace code lists."""
    schema = _table(kind)
    properties = schema["properties"]
    dimensions = properties["dimensions"]
    further = _reference("code_column")
    columns = {
        item.name: further if item.content == "codes" else _reference(f"{item.name}_column")
        for item in schema_of(kind).dimensions
    }
    properties |= {
        "dimensions": {**dimensions, "properties": columns, "additionalProperties": further},
        "classifications": {**array(_reference("classification")), "minItems": 1},
    }
    return {**schema, "required": [*schema["required"], "classifications"]}


def _classification() -> Schema:
    """Return the schema of a classification, as `Classification.to_dict` returns it."""
    categories = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": _CODE,
        "additionalProperties": _reference("category"),
    }
    properties = {
        **dict.fromkeys(("definition", "source", "class_name"), _TEXT),
        **dict.fromkeys(("valid_from", "valid_to"), _DAY),
        "name": {**_TEXT, "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"},
        "title": _LABEL,
        "titles": _LABELS,
        "kind": words(("breakdown", "attribute")),
        **dict.fromkeys(("has_countries", "is_required"), _TRUTH),
        "categories": categories,
    }
    return _object(["name", "categories"], properties)


def _category_properties() -> Schema:
    properties = {
        **dict.fromkeys(("definition", "note", "notation"), _TEXT),
        **dict.fromkeys(("is_residual", "is_exhaustive", "is_verified"), _TRUTH),
        **dict.fromkeys(("valid_from", "valid_to"), _DAY),
        "label": _LABEL,
        "labels": _LABELS,
        "parent": {**_TEXT, **_CODE},
        "synonyms": array(_TEXT),
        "crosswalk": {"type": "object", "additionalProperties": array(_TEXT)},
    }
    return _object([], properties)
