"""A data set out of plain data; the first thing that is wrong is told with its place."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.errors import ThbstatsError
from thbstats.exchange.json_origins import read_origins
from thbstats.exchange.json_parts import (
    At,
    array,
    fault,
    members,
    text,
    whole_number,
    whole_numbers,
    word,
    words,
)
from thbstats.records import KINDS, Source, schema_of
from thbstats.sources._thbstats_files import check_version
from thbstats.tables import CountTable, Dataset
from thbstats.tables.categories import categorical
from thbstats.tables.provenance import reporters_text, source_text
from thbstats.values import LARGEST_COUNT, Reason, flag_mask, flag_set

__all__ = ["data_set"]

_NEEDED = ("kind", "rows", "dimensions", "lower", "reason", "flags")
_OTHER = ("upper", "findings", "unanswered", "sources", "origins", "origin")


def data_set(name: str, found: object, source: Source | str | None) -> Dataset:
    """Return the data set of a document.

    Raises
    ------
    InvalidFile
        If it is of a newer version, or a part of it is not what it must be.
    """
    # The version first: what a newer one has besides is no fault.
    if isinstance(found, dict):
        check_version(name, found.get("schema_version"), "/schema_version")
    top = members(found, (), ("format", "schema_version", "tables"))
    if top["format"] != "thbstats":
        raise fault(("format",), "another format", "Read it as what it is", value=top["format"])
    tables: dict[str, CountTable] = {}
    for index, item in enumerate(array(top["tables"], ("tables",))):
        at = ("tables", index)
        table = _table(members(item, at, _NEEDED, _OTHER), at, source)
        if table.kind in tables:
            raise fault((*at, "kind"), f"a second table of {table.kind}", "Unite the two")
        tables[table.kind] = table
    return Dataset(**tables)


def _table(found: dict[str, Any], at: At, source: Source | str | None) -> CountTable:
    kind = text(found["kind"], (*at, "kind"))
    if kind not in KINDS:
        hint = f"Write one of {', '.join(KINDS)}"
        raise fault((*at, "kind"), "no such kind of table", hint, value=kind)
    rows = len(array(found["lower"], (*at, "lower")))
    if found["rows"] != rows or type(found["rows"]) is not int:
        hint = "The file was cut, or a row was left out: write it again"
        raise fault((*at, "rows"), f"{rows} counts stand there", hint, value=found["rows"])
    given = _dimensions(found["dimensions"], (*at, "dimensions"), kind, rows)
    frame = {**given, **_numbers(found, at, rows), **_origins(found, at, rows)}
    if "findings" in found:
        frame["findings"] = _findings(found["findings"], (*at, "findings"), rows)
    try:
        return CountTable.from_frame(pd.DataFrame(frame, copy=False), kind=kind, source=source)
    except ThbstatsError as error:
        if error.field is None or type(error.row) is not int:
            raise fault(at, str(error), "") from None
        index = (*at, error.field, error.row)
        raise fault(index, error.problem, error.hint, value=error.value) from None


def _dimensions(found: object, at: At, kind: str, rows: int) -> dict[str, pd.Categorical]:
    schema = schema_of(kind)
    given = members(found, at, schema.names)
    return {
        name: _coded(given[name], (*at, name), rows, schema[name].parse) for name in schema.names
    }


def _coded(found: object, at: At, rows: int, read: Callable[[str], str]) -> pd.Categorical:
    if isinstance(found, str):
        return categorical(np.zeros(rows, dtype=np.int64), [word(found, at, read)])
    several = members(found, at, ("categories", "codes"))
    distinct = words(several["categories"], (*at, "categories"), read)
    index = (*at, "codes")
    codes = whole_numbers(array(several["codes"], index, rows), index, len(distinct) - 1)
    return pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype=object))


def _numbers(found: dict[str, Any], at: At, rows: int) -> dict[str, Any]:
    lower = whole_numbers(found["lower"], (*at, "lower"), LARGEST_COUNT)
    upper = lower.astype(np.float64)
    if "upper" in found:
        index = (*at, "upper")
        ends = whole_numbers(array(found["upper"], index, rows), index, LARGEST_COUNT, gap=-1)
        upper = np.where(ends < 0, np.inf, ends)
    more: dict[str, Any] = {}
    if "unanswered" in found:
        index = (*at, "unanswered")
        further = whole_numbers(
            array(found["unanswered"], index, rows), index, LARGEST_COUNT, gap=-1
        )
        more["unanswered"] = pd.arrays.IntegerArray(np.maximum(further, 0), further < 0)
    return {
        **more,
        "lower": lower,
        "upper": upper,
        "reason": _coded(found["reason"], (*at, "reason"), rows, _reason),
        "flags": _coded(found["flags"], (*at, "flags"), rows, _flags),
    }


def _reason(text: str) -> str:
    if text not in list(Reason):
        raise fault((), "no such reason", f"Write one of {', '.join(Reason)}")
    return text


def _flags(text: str) -> str:
    return "".join(sorted(flag_set(flag_mask(text))))


def _findings(found: object, at: At, rows: int) -> pd.Categorical:
    several = members(found, at, ("categories", "codes"))
    sets = [
        _finding_set(item, (*at, "categories", index))
        for index, item in enumerate(array(several["categories"], (*at, "categories")))
    ]
    index = (*at, "codes")
    codes = whole_numbers(array(several["codes"], index, rows), index, len(sets) - 1)
    return categorical(codes, sets)


def _finding_set(found: object, at: At) -> str:
    for index, item in enumerate(array(found, at)):
        for name, value in members(item, (*at, index), ("code",), ("text",)).items():
            text(value, (*at, index, name))
    return json.dumps(found)


def _origins(found: dict[str, Any], at: At, rows: int) -> dict[str, Any]:
    origins = read_origins(found, at)
    if not origins:
        return {}
    codes = _places(found.get("origin", 0), (*at, "origin"), rows, len(origins) - 1)
    reporters = [-1 if o.n_reporters is None else o.n_reporters for o in origins]
    numbers = np.array(reporters, dtype=np.int64)[codes]
    return {
        "source": categorical(codes, [source_text(o.sources) or None for o in origins]),
        "reporters": categorical(codes, [reporters_text(o.reporters) for o in origins]),
        "n_reporters": pd.arrays.IntegerArray(numbers, numbers < 0),
    }


def _places(found: object, at: At, rows: int, most: int) -> NDArray[np.int64]:
    if isinstance(found, list):
        return whole_numbers(array(found, at, rows), at, most)
    return np.full(rows, whole_number(found, at, most), dtype=np.int64)
