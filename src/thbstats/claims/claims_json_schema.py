"""JSON Schema of claims files."""

import inspect
import re
from collections.abc import Iterable
from typing import Any

from attrs import NOTHING, Attribute, fields, resolve_types

from thbstats._schemas import Schema, schema_of
from thbstats.claims._fields import DAY, MAX_WORDS, PER, SLUG
from thbstats.claims.claim import Claim
from thbstats.claims.claims_document import SCHEMA_VERSION
from thbstats.claims.publication import Publication
from thbstats.claims.selection import (
    BASES,
    CONTENT,
    DIMENSIONS,
    DIMENSIONS_OF,
    NEEDED,
    ONLY,
    SOURCE_KINDS,
    SPLITS,
    WITH_STATUS,
    ClaimDirection,
    ClaimKind,
    Subject,
    codes_of,
)
from thbstats.geography import COUNTRIES, DISSOLVED_STATES
from thbstats.values.period import PERIOD
from thbstats.vocabulary import CountingUnit, VictimStatus


def _words(codes: Iterable[Any]) -> Schema:
    return {"enum": list(codes)}


def _text(pattern: str, **more: str) -> Schema:
    return {"type": "string", **more, "pattern": pattern}


_SLUG, _FILLED, _PERIOD = _text(rf"^{SLUG.pattern}$"), _text(r"\S"), _text(rf"^\s*{PERIOD}\s*$")
_COUNTRY = {"$ref": "#/definitions/country"}
_CODES: Schema = {
    "type": "object",
    "properties": {
        **{name: _words(codes_of(name)) for name in DIMENSIONS},
        "citizenship": {"anyOf": [_words(codes_of("citizenship")), _COUNTRY]},
        "area": _FILLED,
        "topic": _text(r"^[^A-Z\s-]+$"),
    },
    "additionalProperties": False,
}
_SHAPES: dict[str, Schema] = {
    "id": _SLUG,
    "section": _FILLED,
    "title": _FILLED,
    "wording": _text(rf"^(?:(?:\S+(?: \.\.\. |\s+)){{0,{MAX_WORDS - 1}}}\S+)?$"),
    "status": _words(VictimStatus),
    "unit": _words(CountingUnit),
    "category": _CODES,
    "of": _CODES,
    "base": _words(BASES),
    "base_dimension": _words(DIMENSIONS),
    "area": _FILLED,
    "period": _PERIOD,
    "since": _PERIOD,
    "per": _words([0, *PER]),
    "reporters": {
        "anyOf": [{"type": "integer", "minimum": 0}, {"type": "array", "items": _COUNTRY}]
    },
    "ranks": {"type": "array", "items": _FILLED},
    "direction": _words(ClaimDirection),
    "makes": _SLUG,
    "source_kind": _words(SOURCE_KINDS),
    "published": _text(rf"^{DAY.pattern}$", format="date"),
    "overlapping": {"type": "array", "items": _words(SPLITS)},
}
"""The schemas of fields, where the type is not enough."""


def claims_schema() -> Schema:
    """Return the JSON Schema of the claims file, for TOML, YAML and JSON.

    Returns
    -------
    dict
        The schema in draft 7, the latest that editors of TOML and YAML support. It contains every
        field with its description, every code, and the fields of each kind of claim. It accepts
        codes only, while `read_claims` accepts other spellings too. `read_claims` also checks
        numbers, areas, days, unique ids and groups.

    Examples
    --------
    >>> schema = claims_schema()
    >>> schema["properties"]["claim"]["items"]["$ref"]
    '#/definitions/claim'
    >>> schema["definitions"]["claim"]["properties"]["base"]["enum"]
    ['all', 'known', 'not_stated']

    References
    ----------
    JSON Schema, draft 7.
    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Claims of a publication, for thbstats",
        "type": "object",
        "required": ["schema_version", "report", "claim"],
        "additionalProperties": False,
        "properties": {
            "$schema": {"type": "string", "description": "The location of the schema."},
            "schema_version": {
                "enum": [SCHEMA_VERSION],
                "description": "The version of the format.",
            },
            "report": {"$ref": "#/definitions/report"},
            "claim": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/claim"}},
        },
        "definitions": {
            "report": record_schema(Publication, without=("claims",)),
            "claim": {
                **record_schema(Claim),
                "anyOf": [{"required": [name], **_filled(name)} for name in CONTENT],
                "allOf": _conditions(),
            },
            "country": {"enum": [state.code for state in (*COUNTRIES, *DISSOLVED_STATES)]},
        },
    }


def field_schema(field: "Attribute[Any]") -> Schema:
    """Return the JSON Schema of a field, by its name or else by its type."""
    return _SHAPES.get(field.name) or schema_of(field.type)


def record_schema(cls: type, *, without: Iterable[str] = ()) -> Schema:
    """Return the JSON Schema of an attrs class that is read: no other names are allowed.

    A field without a default is required. The descriptions are those of the docstring.
    """
    omitted, texts = set(without), field_descriptions(cls)
    known = [item for item in fields(resolve_types(cls)) if item.name not in omitted]
    return {
        "type": "object",
        "required": [item.name for item in known if item.default is NOTHING],
        "additionalProperties": False,
        "properties": {
            item.name: {
                "description": texts.get(item.name, ""),
                **field_schema(item),
            }
            for item in known
        },
    }


def field_descriptions(cls: type) -> dict[str, str]:
    """Return the description of each field of a record from its numpydoc docstring.

    Each is one paragraph of Markdown.
    """
    text = inspect.getdoc(cls) or ""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\S[^\n]*\n-{3,}$|\Z)", text, re.DOTALL | re.M)
    pieces = re.split(r"^(\w[\w, ]*) : [^\n]*\n", section[1] if section else "", flags=re.M)
    return {
        name: " ".join(body.replace("``", "`").split())
        for names, body in zip(pieces[1::2], pieces[2::2], strict=True)
        for name in names.split(", ")
    }


def _filled(name: str) -> Schema:
    filled = {"minLength": 1, "minItems": 1, "minProperties": 1, "minimum": 1}
    return {"properties": {name: filled}}


def _idle(names: Iterable[str]) -> Schema:
    """Return the shape of a record without some fields."""
    return {"properties": {name: {"enum": ["", False, 0, [], {}]} for name in names}}


def _conditions() -> list[Schema]:
    """Return the required and forbidden fields of each kind of claim and of each subject."""
    result = []
    for kind in ClaimKind:
        needed = NEEDED.get(kind, ())
        then = _idle(name for name, kinds in ONLY.items() if kind not in kinds)
        for name in needed:
            then["properties"] |= _filled(name)["properties"]
        then |= {"required": list(needed)} if needed else {}
        result.append(_when("kind", kind, then))
    for subject in Subject:
        then = {} if subject is WITH_STATUS else _idle(["status"])
        if subject in DIMENSIONS_OF:
            names = {"propertyNames": {"enum": sorted(DIMENSIONS_OF[subject])}}
            then.setdefault("properties", {}).update({"category": names, "of": names})
        result.append(_when("subject", subject, then))
    return result


def _when(field: str, value: str, then: Schema) -> Schema:
    return {
        "if": {"required": [field], "properties": {field: {"enum": [str(value)]}}},
        "then": then,
    }
