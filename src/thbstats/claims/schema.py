"""JSON Schema of claims files."""

import inspect
import re
from collections.abc import Iterable
from typing import Any

from attrs import NOTHING, fields

from thbstats.claims._fields import shape_of
from thbstats.claims.claim import Claim
from thbstats.claims.kinds import (
    CONTENT,
    DIMENSIONS_OF,
    NEEDED,
    ONLY,
    WITH_STATUS,
    ClaimKind,
    Subject,
)
from thbstats.claims.publication import Publication
from thbstats.claims.read import SCHEMA_VERSION
from thbstats.geography import COUNTRIES, DISSOLVED_STATES

__all__ = ["claims_schema", "field_descriptions"]

_Shape = dict[str, Any]


def claims_schema() -> _Shape:
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
            "$schema": {
                "type": "string",
                "description": "The location of the schema.",
            },
            "schema_version": {
                "enum": [SCHEMA_VERSION],
                "description": "The version of the format.",
            },
            "report": {"$ref": "#/definitions/report"},
            "claim": {
                "type": "array",
                "minItems": 1,
                "items": {"$ref": "#/definitions/claim"},
            },
        },
        "definitions": {
            "report": _record(Publication, without=("claims",)),
            "claim": {**_record(Claim), **_content(), "allOf": [*_kinds(), *_subjects()]},
            "country": {"enum": [state.code for state in (*COUNTRIES, *DISSOLVED_STATES)]},
        },
    }


def field_descriptions(cls: type) -> dict[str, str]:
    """Return the description of each field of a record from its docstring.

    Parameters
    ----------
    cls : type
        A record with a numpydoc docstring.

    Returns
    -------
    dict
        One paragraph of Markdown for each field.
    """
    text = inspect.getdoc(cls) or ""
    found = re.search(r"^Parameters\n-+\n(.*?)(?=^\S[^\n]*\n-{3,}$|\Z)", text, re.DOTALL | re.M)
    pieces = re.split(r"^(\w[\w, ]*) : [^\n]*\n", found[1] if found else "", flags=re.M)
    return {
        name: " ".join(body.replace("``", "`").split())
        for names, body in zip(pieces[1::2], pieces[2::2], strict=True)
        for name in names.split(", ")
    }


def _record(cls: type, *, without: Iterable[str] = ()) -> _Shape:
    known = [each for each in fields(cls) if each.name not in without]
    texts = field_descriptions(cls)
    return {
        "type": "object",
        "required": [each.name for each in known if each.default is NOTHING],
        "additionalProperties": False,
        "properties": {
            each.name: {"description": texts.get(each.name, ""), **shape_of(each)} for each in known
        },
    }


def _content() -> _Shape:
    return {"anyOf": [{"required": [name], **_filled(name)} for name in CONTENT]}


def _filled(name: str) -> _Shape:
    filled = {"minLength": 1, "minItems": 1, "minProperties": 1, "minimum": 1}
    return {"properties": {name: filled}}


def _idle(names: Iterable[str]) -> _Shape:
    """Return the shape of a record without some fields."""
    return {"properties": {name: {"enum": ["", False, 0, [], {}]} for name in names}}


def _kinds() -> list[_Shape]:
    """Return the required and forbidden fields of each kind of claim."""
    found = []
    for kind in ClaimKind:
        needed = NEEDED.get(kind, ())
        then = _idle(name for name, kinds in ONLY.items() if kind not in kinds)
        for name in needed:
            then["properties"] |= _filled(name)["properties"]
        then |= {"required": list(needed)} if needed else {}
        found.append(_when("kind", kind, then))
    return found


def _subjects() -> list[_Shape]:
    """Return the dimensions of each subject."""
    found = []
    for subject in Subject:
        then = {} if subject is WITH_STATUS else _idle(["status"])
        if subject in DIMENSIONS_OF:
            names = {"propertyNames": {"enum": sorted(DIMENSIONS_OF[subject])}}
            then.setdefault("properties", {}).update({"category": names, "of": names})
        found.append(_when("subject", subject, then))
    return found


def _when(field: str, value: str, then: _Shape) -> _Shape:
    return {
        "if": {"required": [field], "properties": {field: {"enum": [str(value)]}}},
        "then": then,
    }
