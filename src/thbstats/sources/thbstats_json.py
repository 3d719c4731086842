"""JSON of this library: a complete data set, exact and versioned.

A file is one object with ``format`` ("thbstats"), ``schema_version`` and ``tables``, one object for
each kind of count. Tables are stored by column. A coded column is one code for all rows, or
``categories`` and ``codes``. ``lower`` and ``upper`` are the bounds of the counts; ``null`` is
unbounded, and ``upper`` is omitted if it equals ``lower``. ``origin`` contains positions in
``origins``, which refer to ``sources`` and reporting countries. ``findings`` contains the findings
of cells and is omitted if there are none.
"""

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.exchange.input_file import InputFile
from thbstats.exchange.json_data import (
    JsonPath,
    array,
    code_of,
    codes,
    integer,
    integers,
    invalid_part,
    is_json,
    members,
    parse_json,
    read_origins,
    text,
    write_json,
)
from thbstats.exchange.reading import Reading
from thbstats.exchange.schemas import SCHEMA_VERSION
from thbstats.exchange.write_log import WriteLog
from thbstats.records import Dimension, Source, schema_of
from thbstats.sources._families import (
    OWN_DOCUMENTATION,
    check_version,
    finish_own,
    kind_of,
    origin_members,
    refuse_declaration,
)
from thbstats.sources._formats import (
    Format,
    Request,
)
from thbstats.tables import CountTable, Dataset
from thbstats.tables.encoding import categorical
from thbstats.tables.findings import findings_data
from thbstats.tables.origins import reporters_text, source_text
from thbstats.values import LARGEST_COUNT, Reason, flag_mask, flag_set

__all__ = ["FORMAT", "read", "recognise", "write"]

_START = re.compile(r'\s*\{\s*"format"\s*:\s*"thbstats"')
_REQUIRED = ("kind", "rows", "dimensions", "lower", "reason", "flags")
_OPTIONAL = ("upper", "findings", "unanswered", "sources", "origins", "origin")


def recognise(file: InputFile) -> str:
    """Return the feature that identifies the format; empty for other files."""
    if _START.match(file.head):
        return 'its first member is "format": "thbstats"'
    if is_json(file) and b'"thbstats"' in file.data:
        try:
            content = parse_json(file)
        except InvalidFile:
            return ""
        return 'it has "format": "thbstats"' if content.get("format") == "thbstats" else ""
    return ""


FORMAT = Format(
    name="thbstats_json",
    label="thbstats JSON",
    extensions=(".thb.json", ".json"),
    recognise=recognise,
    contents="All features: several tables, bounds, reasons, flags, findings, sources and "
    "reporting countries.",
    specification="The JSON Schema that json_schema() returns (draft 2020-12).",
    documentation=OWN_DOCUMENTATION,
)


@FORMAT.reader
def read(request: Request) -> Reading:
    r"""Read a file of this format completely.

    Raises
    ------
    InvalidFile
        If it is not JSON, has a newer version, or a part is not valid; ``field`` is the JSON
        Pointer of that part.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b'{"format": "thbstats", "schema_version": 1, "tables": [{"kind": "cooperation",'
    ...     b'"rows": 1, "dimensions": {"area": "EU28", "period": "2016-2017", "body": "europol",'
    ...     b'"kind": "operational_messages", "unit": "not_stated", "register": "not_stated"},'
    ...     b'"lower": [8411], "reason": "known", "flags": ""}]}'
    ... )
    >>> read(file).table.count()
    Count(8411)
    """
    refuse_declaration(request)
    content = parse_json(request.file)
    # The version first, because a newer version can have other members.
    if isinstance(content, dict):
        check_version(request.file.name, content.get("schema_version"), "/schema_version")
    top = members(content, (), ("format", "schema_version", "tables"))
    if top["format"] != "thbstats":
        hint = "Read the file with its own format"
        raise invalid_part(("format",), "must be 'thbstats'", hint, value=top["format"])
    tables: dict[str, CountTable] = {}
    for index, item in enumerate(array(top["tables"], ("tables",))):
        path = ("tables", index)
        table = _table(members(item, path, _REQUIRED, _OPTIONAL), path, request.publication())
        if table.kind in tables:
            problem = f"must have at most one table of {table.kind}"
            raise invalid_part((*path, "kind"), problem, "Merge the two tables")
        tables[table.kind] = table
    return finish_own(request, Dataset(**tables))


def _table(content: dict[str, Any], path: JsonPath, source: Source | None) -> CountTable:
    kind = kind_of(content["kind"], (*path, "kind"))
    rows = len(array(content["lower"], (*path, "lower")))
    if content["rows"] != rows or type(content["rows"]) is not int:
        hint = "Write the file again: it is incomplete"
        problem = f"must be the number of counts, {rows}"
        raise invalid_part((*path, "rows"), problem, hint, value=content["rows"])
    schema, part = schema_of(kind), (*path, "dimensions")
    dimensions = members(content["dimensions"], part, schema.names)
    frame = {
        name: _column(dimensions[name], (*part, name), rows, schema[name].parse)
        for name in schema.names
    }
    frame |= _numbers(content, path, rows)
    frame |= _origins(content, path, rows)
    if "findings" in content:
        frame["findings"] = _findings(content["findings"], (*path, "findings"), rows)
    try:
        return CountTable.from_frame(pd.DataFrame(frame, copy=False), kind=kind, source=source)
    except ThbstatsError as error:
        if error.field is None or type(error.row) is not int:
            raise invalid_part(path, str(error), "") from None
        part = (*path, error.field, error.row)
        raise invalid_part(part, error.problem, error.hint, value=error.value) from None


def _column(
    content: object, path: JsonPath, rows: int, parse: Callable[[str], str]
) -> pd.Categorical:
    """Return a coded column."""
    if isinstance(content, str):
        return categorical(np.zeros(rows, dtype=np.int64), [code_of(content, path, parse)])
    coded = members(content, path, ("categories", "codes"))
    distinct = codes(coded["categories"], (*path, "categories"), parse)
    positions = _integers(coded["codes"], (*path, "codes"), rows, len(distinct) - 1)
    return pd.Categorical.from_codes(positions, categories=pd.Index(distinct, dtype=object))


def _integers(
    content: object, path: JsonPath, rows: int, largest: int, missing: int | None = None
) -> NDArray[np.int64]:
    """Return one integer for each row."""
    return integers(array(content, path, rows), path, largest, missing=missing)


def _numbers(content: dict[str, Any], path: JsonPath, rows: int) -> dict[str, Any]:
    """Return bounds, reason and flags, and the numbers of cases without an answer."""
    lower = _integers(content["lower"], (*path, "lower"), rows, LARGEST_COUNT)
    result: dict[str, Any] = {
        "lower": lower,
        "upper": lower.astype(np.float64),
        "reason": _column(content["reason"], (*path, "reason"), rows, _reason),
        "flags": _column(content["flags"], (*path, "flags"), rows, _flags),
    }
    optional = {
        name: _integers(content[name], (*path, name), rows, LARGEST_COUNT, missing=-1)
        for name in ("upper", "unanswered")
        if name in content
    }
    if "upper" in optional:
        result["upper"] = np.where(optional["upper"] < 0, np.inf, optional["upper"])
    if "unanswered" in optional:
        result["unanswered"] = _nullable(optional["unanswered"])
    return result


def _nullable(numbers: NDArray[np.int64]) -> Any:
    return pd.arrays.IntegerArray(np.maximum(numbers, 0), numbers < 0)


def _reason(text: str) -> str:
    if text not in list(Reason):
        raise invalid_part((), "must be a reason", f"Write one of {', '.join(Reason)}")
    return text


def _flags(text: str) -> str:
    return "".join(sorted(flag_set(flag_mask(text))))


def _findings(content: object, path: JsonPath, rows: int) -> pd.Categorical:
    coded = members(content, path, ("categories", "codes"))
    part = (*path, "categories")
    sets = array(coded["categories"], part)
    for number, findings in enumerate(sets):
        for index, item in enumerate(array(findings, (*part, number))):
            where = (*part, number, index)
            for name, value in members(item, where, ("code",), ("text",)).items():
                text(value, (*where, name))
    positions = _integers(coded["codes"], (*path, "codes"), rows, len(sets) - 1)
    return categorical(positions, list(map(json.dumps, sets)))


def _origins(content: dict[str, Any], path: JsonPath, rows: int) -> dict[str, Any]:
    origins = read_origins(content, path)
    if not origins:
        return {}
    origin, path = content.get("origin", 0), (*path, "origin")
    if isinstance(origin, list):
        positions = _integers(origin, path, rows, len(origins) - 1)
    else:
        positions = np.full(rows, integer(origin, path, len(origins) - 1), dtype=np.int64)
    reporters = [-1 if o.n_reporters is None else o.n_reporters for o in origins]
    return {
        "source": categorical(positions, [source_text(o.sources) or None for o in origins]),
        "reporters": categorical(positions, [reporters_text(o.reporters) for o in origins]),
        "n_reporters": _nullable(np.array(reporters, dtype=np.int64)[positions]),
    }


@FORMAT.writer
def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table or a data set without loss.

    Equal data give equal bytes.

    Parameters
    ----------
    data : CountTable or Dataset
        The data.

    Raises
    ------
    InvalidValue
        If a text contains a lone surrogate.
    """
    dataset = Dataset(**{data.kind: data}) if isinstance(data, CountTable) else data
    tables = list(dataset.tables())
    top = {"format": "thbstats", "schema_version": SCHEMA_VERSION}
    write_json({**top, "tables": list(map(_document, tables))}, path)
    return WriteLog(name=Path(path).name, format=FORMAT.label, rows=sum(map(len, tables)))


def _document(table: CountTable) -> dict[str, Any]:
    """Return a table as plain data, in a fixed order."""
    columns = table.columns
    numbers, schema = columns.numbers, columns.schema
    dimensions = {
        dimension.name: _dimension(dimension, column)
        for dimension, column in zip(schema.dimensions, columns.dimensions, strict=True)
    }
    content = {"kind": table.kind, "rows": len(table), "dimensions": dimensions}
    content["lower"] = numbers.lower.tolist()
    if numbers.above is not None and not np.array_equal(numbers.lower, numbers.above):
        content["upper"] = [None if n == np.inf else int(n) for n in numbers.above.tolist()]
    if numbers.unanswered is not None:
        content["unanswered"] = [None if n < 0 else n for n in numbers.unanswered.tolist()]
    masks, positions = np.unique(numbers.flags, return_inverse=True)
    content["reason"] = _coded(numbers.reason, [str(reason) for reason in Reason])
    content["flags"] = _coded(positions, ["".join(sorted(flag_set(int(mask)))) for mask in masks])
    if columns.has_finding().any():
        # Findings are numbered by first occurrence.
        positions, distinct = pd.factorize(columns.finding)
        sets = [findings_data(columns.findings[code]) for code in distinct.tolist()]
        content["findings"] = {"categories": sets, "codes": positions.tolist()}
    return {**content, **origin_members(columns)}


def _dimension(dimension: Dimension, column: Coded[str]) -> Any:
    categories = sorted(column.categories, key=dimension.sort_key)
    return _coded(column.recode(categories).codes, categories)


def _coded(positions: NDArray[Any], categories: Sequence[str]) -> Any:
    """Return one code for all rows, or categories and codes."""
    present, positions = np.unique(positions, return_inverse=True)
    if len(present) == 1:
        return categories[int(present[0])]
    return {"categories": [categories[p] for p in present.tolist()], "codes": positions.tolist()}
