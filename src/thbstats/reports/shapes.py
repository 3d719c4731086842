"""Building blocks of JSON Schemas."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

__all__ = [
    "AMOUNT",
    "BOUNDS",
    "DIALECT",
    "EXACT",
    "NUMBER",
    "TEXT",
    "TEXTS",
    "TRUTH",
    "WHOLE",
    "Shape",
    "document",
    "listed",
    "mapped",
    "optional",
    "record",
    "texts",
    "words",
]

Shape = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

TEXT: Shape = {"type": "string"}
TEXTS: Shape = {"type": "array", "items": TEXT}
TRUTH: Shape = {"type": "boolean"}
WHOLE: Shape = {"type": "integer"}
AMOUNT: Shape = {"type": "integer", "minimum": 0}
NUMBER: Shape = {"type": "number"}
EXACT: Shape = {"anyOf": [WHOLE, {"type": "string", "pattern": r"^-?\d+(/\d+)?$"}]}
"""An integer, or an exact fraction as text."""


def record(description: str = "", /, **fields: Shape) -> Shape:
    """Return an object with some required fields; others are allowed."""
    shape: Shape = {"type": "object", "required": list(fields), "properties": fields}
    return {"description": description, **shape} if description else shape


def texts(*names: str) -> dict[str, Shape]:
    """Return fields that are texts."""
    return dict.fromkeys(names, TEXT)


def listed(item: Shape) -> Shape:
    """Return a list of any length."""
    return {"type": "array", "items": item}


def mapped(value: Shape) -> Shape:
    """Return an object with any names."""
    return {"type": "object", "additionalProperties": value}


def optional(shape: Shape) -> Shape:
    """Return a shape or ``null``."""
    return {"anyOf": [shape, {"type": "null"}]}


def words(known: Iterable[str] | type[StrEnum]) -> Shape:
    """Return one text of a list."""
    return {"enum": [str(word) for word in known]}


def document(title: str, version: int, shape: Mapping[str, Any]) -> Shape:
    """Return the schema of an object with a version."""
    versioned = {"schema_version": {"const": version}, **shape["properties"]}
    return {
        "$schema": DIALECT,
        "title": title,
        **shape,
        "required": list(versioned),
        "properties": versioned,
    }


BOUNDS: Shape = record(
    "A number from lower to upper; null is no bound, and undefined is true if it can have no "
    "value. Shares are between 0 and 1.",
    lower=optional(NUMBER),
    upper=optional(NUMBER),
    undefined=TRUTH,
)
