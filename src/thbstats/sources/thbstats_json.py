"""JSON of this library: a complete data set, exact and versioned.

A file is one object with ``format`` ("thbstats"), ``schema_version`` and ``tables``, one object for
each kind of count. Tables are stored by column. A coded column is one code for all rows, or
``categories`` and ``codes``. ``lower`` and ``upper`` are the bounds of the counts; ``null`` is
unbounded, and ``upper`` is omitted if it equals ``lower``. ``origin`` contains positions in
``origins``, which refer to ``sources`` and reporting countries. ``findings`` contains the findings
of cells and is omitted if there are none. ``classifications`` contains the dimensions of users, as
`Classification.to_dict` returns them; files with it have version 2, others version 1.
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

from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.files.input_file import InputFile
from thbstats.files.json_data import JsonPart, is_json, parse_json, read_origins, write_json
from thbstats.files.json_schemas import version_of
from thbstats.files.reading import Reading
from thbstats.files.write_log import WriteLog
from thbstats.records import Source
from thbstats.sources._formats import FilePath, Format
from thbstats.sources._own_formats import (
    check_version,
    finish_own,
    kind_of,
    origin_members,
    refuse_declaration,
    schema_in,
)
from thbstats.tables import CountTable, Dataset
from thbstats.tables.encoding import categorical
from thbstats.tables.origins import findings_data, reporters_text, source_text
from thbstats.values import LARGEST_COUNT, Reason, flag_mask, flag_set

__all__ = ["FORMAT", "read", "recognise", "write"]

_START = re.compile(r'\s*\{\s*"format"\s*:\s*"thbstats"')
_REQUIRED = ("kind", "rows", "dimensions", "lower", "reason", "flags")
_OPTIONAL = ("classifications", "upper", "findings", "unanswered", "sources", "origins", "origin")


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


def read(path: FilePath, **options: Any) -> Reading:
    r"""Read a file of this format completely.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    **options
        ``strict``, ``limits``, ``progress``, and ``kind`` (a kind of count that the file must
        contain), as for `thbstats.sources.read`. The file contains all other values.

    Returns
    -------
    Reading
        The tables, and the log of all rows.

    Raises
    ------
    InvalidFile
        If it is not JSON, has a newer version, or a part is not valid; ``field`` is the JSON
        Pointer of that part.
    InvalidValue
        If there is a declaration or a constant, or the file does not contain the kind.
    DefectiveFile
        If ``strict`` is set and the file has a problem.

    Examples
    --------
    >>> from thbstats.files import open_bytes
    >>> file = open_bytes(
    ...     b'{"format": "thbstats", "schema_version": 1, "tables": [{"kind": "cooperation",'
    ...     b'"rows": 1, "dimensions": {"area": "EU28", "period": "2016-2017", "body": "europol",'
    ...     b'"kind": "operational_messages", "unit": "not_stated", "register": "not_stated"},'
    ...     b'"lower": [8411], "reason": "known", "flags": ""}]}'
    ... )
    >>> read(file).table.count()
    Count(8411)
    """
    request = FORMAT.request(path, options)
    refuse_declaration(request)
    document = JsonPart(parse_json(request.file))
    # The version first, because a newer version can have other members.
    if isinstance(document.value, dict):
        check_version(request.file.name, document.value.get("schema_version"), "/schema_version")
    top = document.members(("format", "schema_version", "tables"))
    if top["format"].value != "thbstats":
        hint = "Read the file with its own format"
        raise top["format"].error("must be 'thbstats'", hint, value=top["format"].value)
    tables: dict[str, CountTable] = {}
    for part in top["tables"].parts():
        table = _table(part, request.publication())
        if table.kind in tables:
            problem = f"must have at most one table of {table.kind}"
            raise part.error(problem, "Merge the two tables", "kind")
        tables[table.kind] = table
    return finish_own(request, Dataset(**tables))


def _table(part: JsonPart, source: Source | None) -> CountTable:
    content = part.members(_REQUIRED, _OPTIONAL)
    kind, lower = kind_of(content["kind"]), content["lower"]
    rows = len(lower.array())
    if content["rows"].value != rows or type(content["rows"].value) is not int:
        hint = "Write the file again: it is incomplete"
        problem = f"must be the number of counts, {rows}"
        raise content["rows"].error(problem, hint, value=content["rows"].value)
    schema = schema_in(kind, part.get("classifications", []))
    dimensions = content["dimensions"].members(schema.names)
    frame: dict[str, Any] = {
        name: _column(dimensions[name], rows, schema[name].parse) for name in schema.names
    }
    frame["lower"] = lower.integers(LARGEST_COUNT, rows)
    frame["upper"] = frame["lower"].astype(np.float64)
    frame["reason"] = _column(content["reason"], rows, _reason)
    frame["flags"] = _column(
        content["flags"], rows, lambda text: "".join(sorted(flag_set(flag_mask(text))))
    )
    optional = {
        name: content[name].integers(LARGEST_COUNT, rows, missing=-1)
        for name in ("upper", "unanswered")
        if name in content
    }
    if "upper" in optional:
        frame["upper"] = np.where(optional["upper"] < 0, np.inf, optional["upper"])
    if "unanswered" in optional:
        frame["unanswered"] = _nullable(optional["unanswered"])
    frame |= _origins(part, rows)
    if "findings" in content:
        frame["findings"] = _findings(content["findings"], rows)
    try:
        return CountTable.from_frame(pd.DataFrame(frame, copy=False), kind=schema, source=source)
    except ThbstatsError as error:
        if error.field is None or type(error.row) is not int:
            raise part.error(str(error), "") from None
        value, keys = error.value, (error.field, error.row)
        raise part.error(error.problem, error.hint, *keys, value=value) from None


def _column(part: JsonPart, rows: int, parse: Callable[[str], str]) -> pd.Categorical:
    """Return a coded column."""
    if isinstance(part.value, str):
        return categorical(np.zeros(rows, dtype=np.int64), [part.code(parse)])
    coded = part.members(("categories", "codes"))
    distinct = coded["categories"].codes(parse)
    positions = coded["codes"].integers(len(distinct) - 1, rows)
    return pd.Categorical.from_codes(positions, categories=pd.Index(distinct, dtype=object))


def _nullable(numbers: NDArray[np.int64]) -> Any:
    return pd.arrays.IntegerArray(np.maximum(numbers, 0), numbers < 0)


def _reason(text: str) -> str:
    if text not in list(Reason):
        raise JsonPart(text).error("must be a reason", f"Write one of {', '.join(Reason)}")
    return text


def _findings(part: JsonPart, rows: int) -> pd.Categorical:
    coded = part.members(("categories", "codes"))
    sets = coded["categories"].parts()
    for findings in sets:
        for item in findings.parts():
            for member in item.members(("code",), ("text",)).values():
                member.text()
    positions = coded["codes"].integers(len(sets) - 1, rows)
    return categorical(positions, [json.dumps(findings.value) for findings in sets])


def _origins(part: JsonPart, rows: int) -> dict[str, Any]:
    origins = read_origins(part)
    if not origins:
        return {}
    origin, last = part.get("origin", 0), len(origins) - 1
    if isinstance(origin.value, list):
        positions = origin.integers(last, rows)
    else:
        positions = np.full(rows, origin.integer(last), dtype=np.int64)
    reporters = [-1 if o.n_reporters is None else o.n_reporters for o in origins]
    return {
        "source": categorical(positions, [source_text(o.sources) or None for o in origins]),
        "reporters": categorical(positions, [reporters_text(o.reporters) for o in origins]),
        "n_reporters": _nullable(np.array(reporters, dtype=np.int64)[positions]),
    }


def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table or a data set without loss.

    Equal data give equal bytes.

    Parameters
    ----------
    data : CountTable or Dataset
        The data.
    path : str or path
        The file; an existing file is replaced.

    Returns
    -------
    WriteLog
        The number of rows, and the features that the format does not fully support.

    Raises
    ------
    InvalidValue
        If a text contains a lone surrogate.
    """
    dataset = Dataset(**{data.kind: data}) if isinstance(data, CountTable) else data
    tables = list(dataset.tables())
    version = version_of(*(table.columns.schema for table in tables))
    top = {"format": "thbstats", "schema_version": version}
    write_json({**top, "tables": list(map(_document, tables))}, path)
    return WriteLog(name=Path(path).name, format=FORMAT.label, rows=sum(map(len, tables)))


def _document(table: CountTable) -> dict[str, Any]:
    """Return a table as plain data, in a fixed order."""
    columns = table.columns
    numbers, schema = columns.numbers, columns.schema
    dimensions = {}
    for dimension, column in zip(schema.dimensions, columns.dimensions, strict=True):
        categories = sorted(column.categories, key=dimension.sort_key)
        dimensions[dimension.name] = _coded(column.recode(categories).codes, categories)
    content: dict[str, Any] = {"kind": table.kind}
    if schema.classifications:
        content["classifications"] = [item.to_dict() for item in schema.classifications]
    content |= {"rows": len(table), "dimensions": dimensions}
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


def _coded(positions: NDArray[Any], categories: Sequence[str]) -> Any:
    """Return one code for all rows, or categories and codes."""
    present, positions = np.unique(positions, return_inverse=True)
    if len(present) == 1:
        return categories[int(present[0])]
    return {"categories": [categories[p] for p in present.tolist()], "codes": positions.tolist()}


FORMAT = Format(
    name="thbstats_json",
    label="thbstats JSON",
    extensions=(".thb.json", ".json"),
    recognise=recognise,
    contents="All features: several tables, bounds, reasons, flags, findings, sources, "
    "reporting countries and classifications.",
    specification="The JSON Schema that json_schema() returns (draft 2020-12).",
    read=read,
    write=write,
)
