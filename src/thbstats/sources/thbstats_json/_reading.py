"""Parsing of the JSON format of this library."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.errors import ThbstatsError
from thbstats.exchange.json_origins import read_origins
from thbstats.exchange.json_parts import (
    JsonPath,
    array,
    code_of,
    codes,
    integer,
    integers,
    invalid_part,
    members,
    text,
)
from thbstats.records import KINDS, Source, schema_of
from thbstats.sources._thbstats_files import check_version
from thbstats.tables import CountTable, Dataset
from thbstats.tables.categories import categorical
from thbstats.tables.provenance import reporters_text, source_text
from thbstats.values import LARGEST_COUNT, Reason, flag_mask, flag_set

__all__ = ["data_set"]

_REQUIRED = ("kind", "rows", "dimensions", "lower", "reason", "flags")
_OPTIONAL = ("upper", "findings", "unanswered", "sources", "origins", "origin")


def data_set(name: str, content: object, source: Source | str | None) -> Dataset:
    """Return the data set of a document.

    Raises
    ------
    InvalidFile
        If it has a newer version, or a part is not valid.
    """
    # The version first, because a newer version can have other members.
    if isinstance(content, dict):
        check_version(name, content.get("schema_version"), "/schema_version")
    top = members(content, (), ("format", "schema_version", "tables"))
    if top["format"] != "thbstats":
        raise invalid_part(
            ("format",),
            "must be 'thbstats'",
            "Read the file with its own format",
            value=top["format"],
        )
    tables: dict[str, CountTable] = {}
    for index, item in enumerate(array(top["tables"], ("tables",))):
        path = ("tables", index)
        table = _table(members(item, path, _REQUIRED, _OPTIONAL), path, source)
        if table.kind in tables:
            raise invalid_part(
                (*path, "kind"),
                f"must have at most one table of {table.kind}",
                "Merge the two tables",
            )
        tables[table.kind] = table
    return Dataset(**tables)


def _table(content: dict[str, Any], path: JsonPath, source: Source | str | None) -> CountTable:
    kind = text(content["kind"], (*path, "kind"))
    if kind not in KINDS:
        hint = f"Write one of {', '.join(KINDS)}"
        raise invalid_part((*path, "kind"), "must be a kind of count", hint, value=kind)
    rows = len(array(content["lower"], (*path, "lower")))
    if content["rows"] != rows or type(content["rows"]) is not int:
        hint = "Write the file again: it is incomplete"
        raise invalid_part(
            (*path, "rows"), f"must be the number of counts, {rows}", hint, value=content["rows"]
        )
    dimensions = _dimensions(content["dimensions"], (*path, "dimensions"), kind, rows)
    frame = {**dimensions, **_numbers(content, path, rows), **_origins(content, path, rows)}
    if "findings" in content:
        frame["findings"] = _findings(content["findings"], (*path, "findings"), rows)
    try:
        return CountTable.from_frame(pd.DataFrame(frame, copy=False), kind=kind, source=source)
    except ThbstatsError as error:
        if error.field is None or type(error.row) is not int:
            raise invalid_part(path, str(error), "") from None
        part = (*path, error.field, error.row)
        raise invalid_part(part, error.problem, error.hint, value=error.value) from None


def _dimensions(content: object, path: JsonPath, kind: str, rows: int) -> dict[str, pd.Categorical]:
    schema = schema_of(kind)
    dimensions = members(content, path, schema.names)
    return {
        name: _coded(dimensions[name], (*path, name), rows, schema[name].parse)
        for name in schema.names
    }


def _coded(
    content: object, path: JsonPath, rows: int, parse: Callable[[str], str]
) -> pd.Categorical:
    if isinstance(content, str):
        return categorical(np.zeros(rows, dtype=np.int64), [code_of(content, path, parse)])
    coded = members(content, path, ("categories", "codes"))
    distinct = codes(coded["categories"], (*path, "categories"), parse)
    part = (*path, "codes")
    positions = integers(array(coded["codes"], part, rows), part, len(distinct) - 1)
    return pd.Categorical.from_codes(positions, categories=pd.Index(distinct, dtype=object))


def _numbers(content: dict[str, Any], path: JsonPath, rows: int) -> dict[str, Any]:
    lower = integers(content["lower"], (*path, "lower"), LARGEST_COUNT)
    upper = lower.astype(np.float64)
    if "upper" in content:
        part = (*path, "upper")
        bounds = integers(array(content["upper"], part, rows), part, LARGEST_COUNT, missing=-1)
        upper = np.where(bounds < 0, np.inf, bounds)
    more: dict[str, Any] = {}
    if "unanswered" in content:
        part = (*path, "unanswered")
        unanswered = integers(
            array(content["unanswered"], part, rows), part, LARGEST_COUNT, missing=-1
        )
        more["unanswered"] = pd.arrays.IntegerArray(np.maximum(unanswered, 0), unanswered < 0)
    return {
        **more,
        "lower": lower,
        "upper": upper,
        "reason": _coded(content["reason"], (*path, "reason"), rows, _reason),
        "flags": _coded(content["flags"], (*path, "flags"), rows, _flags),
    }


def _reason(text: str) -> str:
    if text not in list(Reason):
        raise invalid_part((), "must be a reason", f"Write one of {', '.join(Reason)}")
    return text


def _flags(text: str) -> str:
    return "".join(sorted(flag_set(flag_mask(text))))


def _findings(content: object, path: JsonPath, rows: int) -> pd.Categorical:
    coded = members(content, path, ("categories", "codes"))
    sets = [
        _finding_set(item, (*path, "categories", index))
        for index, item in enumerate(array(coded["categories"], (*path, "categories")))
    ]
    part = (*path, "codes")
    positions = integers(array(coded["codes"], part, rows), part, len(sets) - 1)
    return categorical(positions, sets)


def _finding_set(content: object, path: JsonPath) -> str:
    for index, item in enumerate(array(content, path)):
        for name, value in members(item, (*path, index), ("code",), ("text",)).items():
            text(value, (*path, index, name))
    return json.dumps(content)


def _origins(content: dict[str, Any], path: JsonPath, rows: int) -> dict[str, Any]:
    origins = read_origins(content, path)
    if not origins:
        return {}
    codes = _origin_codes(content.get("origin", 0), (*path, "origin"), rows, len(origins) - 1)
    reporters = [-1 if o.n_reporters is None else o.n_reporters for o in origins]
    numbers = np.array(reporters, dtype=np.int64)[codes]
    return {
        "source": categorical(codes, [source_text(o.sources) or None for o in origins]),
        "reporters": categorical(codes, [reporters_text(o.reporters) for o in origins]),
        "n_reporters": pd.arrays.IntegerArray(numbers, numbers < 0),
    }


def _origin_codes(content: object, path: JsonPath, rows: int, maximum: int) -> NDArray[np.int64]:
    if isinstance(content, list):
        return integers(array(content, path, rows), path, maximum)
    return np.full(rows, integer(content, path, maximum), dtype=np.int64)
