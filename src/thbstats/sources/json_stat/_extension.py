"""Bounds, reasons and provenance under ``extension.thbstats``."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.exchange import Declaration, Ledger, pointer
from thbstats.exchange.json_origins import read_origins
from thbstats.exchange.json_parts import JsonPath, integer, invalid_part, members, text
from thbstats.records import KINDS, schema_of
from thbstats.sources._eurostat import FLAGS, TIME, VALUE
from thbstats.sources._thbstats_files import check_version
from thbstats.sources.json_stat._cells import texts
from thbstats.sources.json_stat._cube import Cube
from thbstats.tables.categories import categorical
from thbstats.tables.origins import Origin
from thbstats.tables.provenance import reporters_text, source_text

__all__ = ["NAMES", "add_extension", "own_declaration"]

NAMES: Mapping[str, str] = {"area": "geo", "period": TIME}
"""Dimensions with another id in the file."""

_OPTIONAL = ("counts", "flags", "findings", "sources", "origins", "origin")
_BOUNDS = ("lower", "upper", "reason")


def own_declaration(name: str, cube: Cube) -> Declaration | None:
    """Return the declaration of a file of this library; otherwise ``None``.

    Raises
    ------
    InvalidFile
        If it has a newer version, or no known kind of count.
    """
    if "thbstats" not in cube.extension:
        return None
    path = (*cube.path, "extension", "thbstats")
    result = cube.extension["thbstats"]
    if isinstance(result, dict):
        check_version(name, result.get("schema_version"), pointer(*path, "schema_version"))
    content = members(result, path, ("schema_version", "kind"), _OPTIONAL)
    kind = text(content["kind"], (*path, "kind"))
    if kind not in KINDS:
        hint = f"Write one of {', '.join(KINDS)}"
        raise invalid_part((*path, "kind"), "must be a kind of count", hint, value=kind)
    columns = {NAMES.get(target, target): target for target in schema_of(kind).names}
    _check_axes(cube, columns)
    measures = {VALUE: "value", FLAGS: "flags"}
    names = (*_BOUNDS, "findings", "source", "reporters", "n_reporters")
    more = {target: target for target in names}
    columns = {**columns, **measures, **more}
    return Declaration(kind=kind, columns=columns, recode={column: {} for column in columns})


def _check_axes(cube: Cube, columns: Mapping[str, str]) -> None:
    ids = {axis.id for axis in cube.axes}
    if ids != set(columns):
        wrong = sorted(ids ^ set(columns))
        raise invalid_part(
            (*cube.path, "id"),
            "must be the dimensions of the kind of count",
            "Write the file again, or remove extension.thbstats and declare the columns",
            value=", ".join(wrong),
        )


def add_extension(ledger: Ledger, cube: Cube, numbers: Sequence[int]) -> None:
    """Add columns for bounds, reasons, flags and provenance.

    Raises
    ------
    InvalidFile
        If a part of the extension is not valid.
    """
    path = (*cube.path, "extension", "thbstats")
    content, frame, size = cube.extension["thbstats"], ledger.raw, len(numbers)
    counts = _by_row(content.get("counts", {}), (*path, "counts"), numbers)
    bounds = {row: _bounds(item, (*path, "counts", numbers[row])) for row, item in counts.items()}
    for column, name in enumerate(_BOUNDS):
        frame[name] = _sparse_column({row: item[column] for row, item in bounds.items()}, size)
    part = (*path, "flags")
    flags = _by_row(content.get("flags", {}), part, numbers)
    if flags or FLAGS not in frame:
        stated = frame[FLAGS].tolist() if FLAGS in frame else [""] * size
        for row, item in flags.items():
            stated[row] = text(item, (*part, numbers[row]))
        frame[FLAGS] = texts(stated)
    part = (*path, "findings")
    findings = _by_row(content.get("findings", {}), part, numbers)
    texts_of_rows = {row: text(item, (*part, numbers[row])) for row, item in findings.items()}
    frame["findings"] = _sparse_column(texts_of_rows, size)
    origins = read_origins(content, path) or [Origin()]
    indices = _origin(content.get("origin", 0), (*path, "origin"), numbers, len(origins) - 1)
    for name, categories in _provenance_texts(origins).items():
        frame[name] = categorical(indices, categories)


def _sparse_column(entries: Mapping[int, str], size: int) -> pd.Categorical:
    """Return a column with texts in some rows and empty texts in the others."""
    indices = {"": 0}
    codes = np.zeros(size, dtype=np.int64)
    for row, entry in entries.items():
        codes[row] = indices.setdefault(entry, len(indices))
    return categorical(codes, list(indices))


def _by_row(result: object, path: JsonPath, numbers: Sequence[int]) -> dict[int, Any]:
    """Return entries by row; each entry must refer to a cell."""
    if not isinstance(result, dict):
        raise invalid_part(
            path, "must be an object", "Write names and values in braces", value=result
        )
    rows = {str(number): row for row, number in enumerate(numbers)} if result else {}
    for key in result:
        if key not in rows:
            raise invalid_part(
                (*path, key), "must be the number of a cell with a value or status", _CHANGED
            )
    return {rows[key]: item for key, item in result.items()}


_CHANGED = "Remove the entry, or write the file again"


def _bounds(result: object, path: JsonPath) -> tuple[str, str, str]:
    """Return the bounds and the reason of a count as texts."""
    if not isinstance(result, list) or len(result) != len(_BOUNDS):
        raise invalid_part(path, "must be a count", "Write [lower bound, upper bound, reason]")
    lower, upper, reason = result
    largest = 2**60  # larger values are rejected with their row
    lower_bound = integer(lower, (*path, 0), largest)
    upper_bound = "inf" if upper is None else str(integer(upper, (*path, 1), largest))
    return str(lower_bound), upper_bound, text(reason, (*path, 2))


def _origin(
    result: object, path: JsonPath, numbers: Sequence[int], maximum: int
) -> NDArray[np.int64]:
    if not isinstance(result, dict):
        return np.full(len(numbers), integer(result, path, maximum), dtype=np.int64)
    by_row = _by_row(result, path, numbers)
    if len(by_row) < len(numbers):
        missing = len(numbers) - len(by_row)
        raise invalid_part(path, f"must include all cells, {missing} are missing", _CHANGED)
    indices = [integer(by_row[row], (*path, n), maximum) for row, n in enumerate(numbers)]
    return np.array(indices, dtype=np.int64)


def _provenance_texts(origins: Sequence[Origin]) -> dict[str, list[str]]:
    return {
        "source": [source_text(origin.sources) for origin in origins],
        "reporters": [reporters_text(origin.reporters) or "" for origin in origins],
        "n_reporters": [
            "" if origin.n_reporters is None else str(origin.n_reporters) for origin in origins
        ],
    }
