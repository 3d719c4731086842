"""Tables as JSON: the columns of counts, reasons, flags, findings and origins.

The formats thbstats JSON and JSON-stat contain them next to their dimensions.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.files.json_data import JsonPart
from thbstats.files.table_schemas import SCHEMA_VERSION
from thbstats.records import KINDS, Schema, Source, schema_of
from thbstats.records.converters import to_reporters
from thbstats.tables import CountTable
from thbstats.tables.columns import Columns
from thbstats.tables.encoding import categorical
from thbstats.tables.origins import Origin, findings_data, reporters_text, source_data, source_text
from thbstats.values import LARGEST_COUNT, Reason, flag_mask, flag_set
from thbstats.vocabulary import Classification

_SOURCE = ("publisher", "document", "section", "url", "published", "kind", "terms")
_REQUIRED = ("kind", "rows", "lower", "reason", "flags")
_OPTIONAL = ("classifications", "upper", "findings", "unanswered", "sources", "origins", "origin")


def check_version(name: str, version: object, field: str) -> None:
    """Raise `InvalidFile` for a file with a newer version, or without a version."""
    if type(version) is not int or version < 1:
        raise InvalidFile(
            f"{name} must have a version", field=field, value=version, hint="Write the file again"
        )
    if version > SCHEMA_VERSION:
        raise InvalidFile(
            f"{name} must have at most version {SCHEMA_VERSION}, got {version}",
            field=field,
            value=version,
            hint="Read it with a newer version of thbstats",
        )


def schema_in(part: JsonPart) -> Schema:
    """Return the schema of the kind of count and the classifications of a JSON document."""
    kind, listed = part.get("kind").text(), part.get("classifications", [])
    if kind not in KINDS:
        hint = f"Write one of {', '.join(KINDS)}"
        raise part.get("kind").error("must be a kind of count", hint, value=kind)
    classifications = []
    for item in listed.parts():
        content = item.mapping()
        try:
            classifications.append(Classification.from_dict(content))
        except ThbstatsError as error:
            keys = [*str(error.row or "").split("."), *str(error.field or "").split(".")]
            raise item.error(error.problem, error.hint, *filter(None, keys)) from None
    try:
        return schema_of(kind, *classifications)
    except ThbstatsError as error:
        raise listed.error(error.problem, error.hint, value=error.value) from None


def read_table(
    part: JsonPart,
    member: str,
    dimensions: Callable[[Schema, int], Mapping[str, Any]],
    source: Source | None = None,
) -> CountTable:
    """Return a table; the dimensions depend on its schema and on its number of rows.

    ``member`` is a further member of the part.
    """
    content = part.members((*_REQUIRED, member), _OPTIONAL)
    schema, lower = schema_in(part), content["lower"]
    rows = len(lower.array())
    if content["rows"].value != rows or type(content["rows"].value) is not int:
        hint = "Write the file again: it is incomplete"
        problem = f"must be the number of counts, {rows}"
        raise content["rows"].error(problem, hint, value=content["rows"].value)
    frame: dict[str, Any] = {**dimensions(schema, rows)}
    frame["lower"] = lower.integers(LARGEST_COUNT, rows)
    frame["upper"] = frame["lower"].astype(np.float64)
    frame["reason"] = coded_column(content["reason"], rows, _reason)
    frame["flags"] = coded_column(
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
        coded = content["findings"].members(("categories", "codes"))
        sets = coded["categories"].parts()
        for item in (item for findings in sets for item in findings.parts()):
            for text in item.members(("code",), ("text",)).values():
                text.text()
        positions = coded["codes"].integers(len(sets) - 1, rows)
        texts = [json.dumps(findings.value) for findings in sets]
        frame["findings"] = categorical(positions, texts)
    try:
        return CountTable.from_frame(pd.DataFrame(frame, copy=False), kind=schema, source=source)
    except ThbstatsError as error:
        if error.field is None or type(error.row) is not int:
            raise part.error(str(error), "") from None
        value, keys = error.value, (error.field, error.row)
        raise part.error(error.problem, error.hint, *keys, value=value) from None


def coded_column(part: JsonPart, rows: int, parse: Callable[[str], str]) -> pd.Categorical:
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


def _origins(part: JsonPart, rows: int) -> dict[str, Any]:
    """Return the columns of provenance; none without origins."""
    sources = []
    for item in part.get("sources", []).parts():
        texts: dict[str, Any] = {
            name: member.text() for name, member in item.members(("title",), _SOURCE).items()
        }
        try:
            sources.append(Source(**texts))
        except ThbstatsError as error:
            where = error.field or "title"
            raise item.error(error.problem, error.hint, where, value=error.value) from None
    origins = []
    for item in part.get("origins", []).parts():
        fields = item.members(("sources",), ("reporters", "n_reporters"))
        named = fields["sources"].integers(len(sources) - 1).tolist()
        number, reporters = item.get("n_reporters"), None
        count = None if number.value is None else number.integer(LARGEST_COUNT)
        if "reporters" in fields:
            countries = fields["reporters"].codes(lambda name: "".join(to_reporters([name]) or ""))
            reporters = frozenset(countries)
        own = frozenset(sources[position] for position in named)
        try:
            origins.append(Origin(sources=own, reporters=reporters, n_reporters=count))
        except ThbstatsError as error:
            raise number.error(error.problem, error.hint, value=count) from None
    if not origins:
        return {}
    origin, last = part.get("origin", 0), len(origins) - 1
    if isinstance(origin.value, list):
        positions = origin.integers(last, rows)
    else:
        positions = np.full(rows, origin.integer(last), dtype=np.int64)
    numbers = [-1 if own.n_reporters is None else own.n_reporters for own in origins]
    return {
        "source": categorical(positions, [source_text(o.sources) or None for o in origins]),
        "reporters": categorical(positions, [reporters_text(o.reporters) for o in origins]),
        "n_reporters": _nullable(np.array(numbers, dtype=np.int64)[positions]),
    }


def table_document(columns: Columns, **members: Any) -> dict[str, Any]:
    """Return a table without its dimensions as plain data, in a fixed order."""
    numbers, schema = columns.numbers, columns.schema
    content: dict[str, Any] = {"kind": schema.kind}
    if schema.classifications:
        content["classifications"] = [item.to_dict() for item in schema.classifications]
    content |= {"rows": len(columns), **members, "lower": numbers.lower.tolist()}
    if not np.array_equal(numbers.lower, numbers.upper):
        content["upper"] = [None if n == np.inf else int(n) for n in numbers.upper.tolist()]
    if numbers.unanswered is not None:
        content["unanswered"] = [None if n < 0 else n for n in numbers.unanswered.tolist()]
    masks, positions = np.unique(numbers.flags, return_inverse=True)
    content["reason"] = coded_data(numbers.reason, [str(reason) for reason in Reason])
    content["flags"] = coded_data(
        positions, ["".join(sorted(flag_set(int(mask)))) for mask in masks]
    )
    if columns.has_finding().any():
        # Findings are numbered by first occurrence.
        positions, distinct = pd.factorize(columns.finding)
        sets = [findings_data(columns.findings[code]) for code in distinct.tolist()]
        content["findings"] = {"categories": sets, "codes": positions.tolist()}
    return {**content, **_origin_members(columns)}


def coded_data(positions: NDArray[Any], categories: Sequence[str]) -> Any:
    """Return one code for all rows, or categories and codes."""
    present, positions = np.unique(positions, return_inverse=True)
    if len(present) == 1:
        return categories[int(present[0])]
    return {"categories": [categories[p] for p in present.tolist()], "codes": positions.tolist()}


def _origin_members(columns: Columns) -> dict[str, Any]:
    """Return sources, origins, and the origin of each row; empty without origins.

    Sources are in a fixed order, and origins are numbered by first occurrence.
    """
    distinct, first = np.unique(columns.origin, return_index=True)
    codes = distinct[np.argsort(first)].tolist()
    used = list(dict.fromkeys(columns.origins[code] for code in codes))
    if used in ([], [Origin()]):
        return {}
    position = {origin: index for index, origin in enumerate(used)}
    table = np.array([position.get(origin, 0) for origin in columns.origins], dtype=np.int64)
    sources = sorted(
        {source for origin in used for source in origin.sources},
        key=lambda source: list(source_data(source).items()),
    )
    index = {source: number for number, source in enumerate(sources)}
    origins: list[dict[str, Any]] = []
    for origin in used:
        origins.append({"sources": sorted(index[source] for source in origin.sources)})
        if origin.reporters is not None:
            origins[-1]["reporters"] = sorted(origin.reporters)
        elif origin.n_reporters is not None:
            origins[-1]["n_reporters"] = origin.n_reporters
    return {
        "sources": list(map(source_data, sources)),
        "origins": origins,
        "origin": 0 if len(used) == 1 else table[columns.origin].tolist(),
    }
