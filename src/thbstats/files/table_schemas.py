"""Schemas of tables: Table Schema of data packages, pandera, and JSON Schema."""

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thbstats._schemas import array, words
from thbstats.display.displayable import import_optional
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.records import KINDS, Dimension, Record, Schema, Source, schema_of
from thbstats.tables import CountTable
from thbstats.tables.origins import FINDING_CODES
from thbstats.values import LARGEST_COUNT, Reason

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

_FILES = files("thbstats.files")
_TEXTS = tomllib.loads(_FILES.joinpath("tables.toml").read_text("utf-8"))
_FEW = 3  # areas or periods in a title

_DTYPES = {"string": None, "integer": "Int64", "number": "float64"}
"""A text can be a category or a string; a missing integer needs the type with a mask."""
SCHEMA_VERSION = 2
"""The version of the formats of this library; newer files are rejected.

Version 2 has ``classifications``. A file without them has version 1.
"""
JsonSchema = dict[str, Any]
_CODE_OR_COUNTRY = "^([a-z0-9]+(_[a-z0-9]+)*|[A-Z]{2}|[A-Z]{4})$"


def table_schema(kind: str | Schema, *, unanswered: bool = False) -> dict[str, Any]:
    """Return the Table Schema of the tidy CSV of a kind of count, with labels of categories.

    ``unanswered`` adds the column of tables of cases with multiple response.
    """
    schema = schema_of(kind)
    at_least = {"minimum": 0}
    bounds = {**at_least, "maximum": LARGEST_COUNT}
    required = {"required": True}
    reasons = {"enum": [str(reason) for reason in Reason]}
    measures: list[tuple[str, str, Mapping[str, Any]]] = [
        ("value", "integer", bounds),
        ("lower", "integer", required | bounds),
        ("upper", "integer", bounds),
        ("reason", "string", required | reasons),
        ("flags", "string", {"pattern": "^[a-z]*$"}),
        ("findings", "string", {"pattern": FINDING_CODES}),
        *([("unanswered", "integer", bounds)] if unanswered else []),
        ("source", "string", {}),
        ("reporters", "string", {}),
        ("n_reporters", "integer", at_least),
    ]
    fields = [
        {"name": "table", "type": "string", "constraints": required | {"enum": [schema.kind]}},
        *map(_field, schema.dimensions),
        *(
            {"name": name, "type": type_} | ({"constraints": limits} if limits else {})
            for name, type_, limits in measures
        ),
    ]
    for field in fields:
        if description := _TEXTS["descriptions"].get(field["name"]):
            field["description"] = description
    return {"fields": fields, "primaryKey": list(schema.names), "missingValues": [""]}


def _field(dimension: Dimension) -> dict[str, Any]:
    """Return the field of a dimension; a coded one has its categories with labels."""
    result = {"name": dimension.name, "type": "string", "title": dimension.title}
    if dimension.content != "codes" or dimension.vocabulary is None:
        return {**result, "constraints": {"required": True}}
    classification = dimension.vocabulary.classification()
    categories = classification.categories
    return {
        **result,
        **({"description": text} if (text := " ".join(classification.definition.split())) else {}),
        "constraints": {"required": True, "enum": [own.code for own in categories]},
        "categories": [{"value": own.code, "label": own.label} for own in categories],
    }


def require_place(
    package: str | os.PathLike[str], path: str | os.PathLike[str], *, is_csv: bool
) -> None:
    """Raise `InvalidValue` if a file cannot be the Data Package of another one."""
    is_above = Path(os.path.abspath(path)).is_relative_to(Path(os.path.abspath(package)).parent)
    problem, hint = "", "Pass package='datapackage.json' in the folder of the CSV file"
    if not is_csv:
        problem, hint = "must not be passed for a workbook or Parquet", "Write a CSV file"
    elif not is_above or Path(package).suffix.lower() != ".json":
        problem = "must be a JSON file in the folder of the CSV file, or in a folder above it"
    if problem:
        raise InvalidValue(problem, field="package", value=os.fspath(package), hint=hint)


def package_of(
    table: CountTable, relative: str, content: bytes, delimiter: str = ","
) -> dict[str, Any]:
    """Return the Data Package of a tidy CSV file as plain data, with one resource."""
    name = re.sub(r"[^a-z0-9._-]+", "-", Path(relative).stem.lower()).strip("-._") or table.kind
    sources = sorted(table.sources, key=lambda source: (str(source), str(source.published)))
    terms = dict.fromkeys(source.terms for source in sources if source.terms)
    is_tabbed = delimiter == "\t"
    resource = {
        "name": name,
        "path": relative,
        "profile": "tabular-data-resource",
        "title": _TEXTS["titles"][table.kind],
        "format": "tsv" if is_tabbed else "csv",
        "mediatype": "text/tab-separated-values" if is_tabbed else "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": delimiter, "lineTerminator": "\n", "doubleQuote": True},
        "schema": table_schema(
            table.columns.schema, unanswered=table.columns.numbers.unanswered is not None
        ),
    }
    columns, parts = table.columns, [_TEXTS["titles"][table.kind]]
    for name in ("area", "period"):
        present = columns[name].compact().categories
        codes = sorted(present, key=columns.schema[name].sort_key)
        if len(codes) <= _FEW:
            parts += [Area.parse(code).label if name == "area" else code for code in codes]
    package = {
        "name": resource["name"],
        "profile": "tabular-data-package",
        "title": ", ".join(parts),
        "description": _TEXTS["about"],
        "sources": list(map(_source, sources)),
        # The terms are a text; "notspecified" is the name for licences that are not in the list.
        "licenses": [{"name": "notspecified", "title": text} for text in terms],
        "resources": [resource],
    }
    return {key: value for key, value in package.items() if value}


def _source(source: Source) -> dict[str, str]:
    """Return a source; publisher, date and terms are properties that the standard does not have."""
    content = {
        "title": str(source),
        "path": source.url if source.url.startswith(("https://", "http://")) else "",
        "publisher": source.publisher,
        "published": "" if source.published is None else source.published.isoformat(),
        "terms": source.terms,
    }
    return {name: text for name, text in content.items() if text}


def pandera_schema(kind: str | type[Record] | Schema) -> "DataFrameSchema":
    """Return the schema of pandera for the columns of `CountTable.to_frame`.

    It checks columns, codes, flags and bounds: ``lower`` is at most ``upper``, and a ``value``
    equals both. Integers become the nullable type ``Int64``. Each combination of dimensions is
    unique.

    Parameters
    ----------
    kind : str, type of Record or Schema
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``, or a schema with
        dimensions of your own.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Its method ``validate`` returns the frame or raises the errors of pandera.

    Raises
    ------
    UnknownName
        If the kind does not exist.
    MissingExtra
        If pandera is not installed.

    Examples
    --------
    >>> import thbstats as thb
    >>> from thbstats.files import pandera_schema
    >>> table = thb.CountTable.from_rows(
    ...     [("prosecuted", 5979), ("convicted", thb.Count.suppressed())],
    ...     columns=["stage", "value"], kind="justice", area="EU28", period="2015-2016",
    ... )
    >>> frame = pandera_schema("justice").validate(table.to_frame())  # doctest: +SKIP
    """
    pandera = import_optional("pandera.pandas", "a schema of pandera", extra="pandera")
    shape = table_schema(schema_of(kind), unanswered=True)
    fields = {field["name"]: field for field in shape["fields"] if field["name"] != "table"}
    # A frame has the upper bound inf where a file has an empty cell.
    limits = {"required": True, "minimum": 0}
    fields["upper"] = {"name": "upper", "type": "number", "constraints": limits}
    columns = {name: _column(pandera, field) for name, field in fields.items()}
    return pandera.DataFrameSchema(  # type: ignore[no-any-return]
        columns,
        checks=[
            pandera.Check(_is_ordered, error="lower must be at most upper"),
            pandera.Check(_is_exact, error="value must equal lower and upper"),
        ],
        strict=True,
        unique=shape["primaryKey"],
    )


def _column(pandera: Any, field: dict[str, Any]) -> Any:
    check, limits = pandera.Check, field.get("constraints", {})
    dtype = _DTYPES[field["type"]]
    known = {
        "enum": check.isin,
        "pattern": check.str_matches,
        "minimum": check.ge,
        "maximum": check.le,
    }
    checks = [make(limits[name]) for name, make in known.items() if name in limits]
    required = limits.get("required", False)
    return pandera.Column(
        dtype, checks, nullable=not required, required=required, coerce=dtype is not None
    )


def _is_ordered(frame: "pd.DataFrame") -> "pd.Series[bool]":
    return frame["lower"].astype("float64") <= frame["upper"]


def _is_exact(frame: "pd.DataFrame") -> "pd.Series[bool]":
    if "value" not in frame:
        return frame["lower"].notna()
    value = frame["value"].astype("Float64")
    same = (value == frame["lower"]) & (value == frame["upper"])
    return same.fillna(True).astype(bool)


def _reference(column: str) -> JsonSchema:
    return {"$ref": f"#/$defs/{column}_column"}


def version_of(*schemas: Schema) -> int:
    """Return the version of a file with tables of these schemas."""
    return SCHEMA_VERSION if any(schema.classifications for schema in schemas) else 1


def json_schema() -> JsonSchema:
    """Return the JSON Schema of the JSON format, with the columns and codes of each kind."""
    document: JsonSchema = json.loads(_FILES.joinpath("document_schema.json").read_text("utf-8"))
    table = document["$defs"].pop("table")
    columns: dict[str, JsonSchema] = {}
    for dimension in (dimension for kind in KINDS for dimension in schema_of(kind).dimensions):
        columns[dimension.name] = {"type": "string", "minLength": 1}
        if dimension.content == "codes" and dimension.vocabulary is not None:
            columns[dimension.name] = words(dimension.vocabulary)
    columns |= {"reason": words(Reason), "flags": {"type": "string", "pattern": "^[a-z]*$"}}
    columns["code"] = {"type": "string", "pattern": _CODE_OR_COUNTRY}
    definitions = {f"{name}_column": _coded(category) for name, category in columns.items()}
    document["$defs"] = definitions | document["$defs"]
    properties = document["properties"]
    properties["schema_version"] = {"enum": list(range(1, SCHEMA_VERSION + 1))}
    tables = [_table(table, schema_of(kind), own) for kind in KINDS for own in (False, True)]
    properties["tables"]["items"] = {"oneOf": tables}
    return document


def _coded(category: JsonSchema) -> JsonSchema:
    """Return the schema of a coded column: one code, or categories and codes."""
    coded = {
        "type": "object",
        "required": ["categories", "codes"],
        "additionalProperties": False,
        "properties": {
            "categories": {**array(category), "uniqueItems": True},
            "codes": array({"type": "integer", "minimum": 0}),
        },
    }
    return {"anyOf": [category, coded]}


def _table(table: JsonSchema, schema: Schema, is_own: bool) -> JsonSchema:
    """Return the schema of a table; with own dimensions, which can replace code lists."""
    columns = {
        item.name: _reference("code" if is_own and item.content == "codes" else item.name)
        for item in schema.dimensions
    }
    dimensions = {
        "type": "object",
        "required": list(columns),
        "additionalProperties": _reference("code") if is_own else False,
        "properties": columns,
    }
    own: JsonSchema = {"kind": {"const": schema.kind}, "dimensions": dimensions}
    required = list(table["required"])
    if is_own:
        listed = array({"$ref": "#/$defs/classification"})
        own["classifications"] = {**listed, "minItems": 1}
        required.append("classifications")
    return {**table, "required": required, "properties": {**table["properties"], **own}}
