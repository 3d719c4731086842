"""A table as a JSON-stat data set, with what JSON-stat has no place for under its extension."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.exchange import Loss
from thbstats.exchange.json_origins import origins_data
from thbstats.exchange.schemas import SCHEMA_VERSION
from thbstats.geography import country_name, parse_area
from thbstats.records import Dimension
from thbstats.sources.json_stat._extension import NAMES
from thbstats.tables import CountTable
from thbstats.tables.columns import Codes, Columns
from thbstats.tables.origins import Origin
from thbstats.tables.views import count
from thbstats.values import FLAG_LABELS, Count, Reason, flag_set
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["document", "losses"]

_SIGNS = {Reason.SUPPRESSED: "c", Reason.NOT_APPLICABLE: "z"}
_LAST = ("geo", "time")


def document(table: CountTable) -> dict[str, Any]:
    """Return what a file says of a table."""
    columns = table.columns
    names = {ours: NAMES.get(ours, ours) for ours in columns.schema.names}
    order = sorted(names, key=lambda ours: (names[ours] in _LAST, names[ours] == "time"))
    axes = [_sorted(columns.schema[ours], columns[ours]) for ours in order]
    numbers = _raveled(axes, len(columns))
    rows = np.argsort(numbers, kind="stable").tolist()
    keys = [str(number) for number in numbers.tolist()]
    counts = [count(columns, row) for row in range(len(columns))]
    flags = ["".join(sorted(flag_set(int(mask)))) for mask in columns.numbers.flags]
    statuses = [_status(found, own) for found, own in zip(counts, flags, strict=True)]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": f"Trafficking in human beings: {table.kind}",
        "id": [names[ours] for ours in order],
        "size": [len(codes) for _, codes in axes],
        "role": {"geo": ["geo"], "time": ["time"]},
        "dimension": {
            names[ours]: _described(columns.schema[ours], codes)
            for ours, (_, codes) in zip(order, axes, strict=True)
        },
        "value": {keys[row]: counts[row].value for row in rows if counts[row].is_point},
        "status": {keys[row]: statuses[row] for row in rows if statuses[row]},
        "extension": {
            "status": {"label": _labels(statuses)},
            "thbstats": {
                "schema_version": SCHEMA_VERSION,
                "kind": table.kind,
                "counts": {
                    keys[row]: [counts[row].lower, counts[row].upper, str(counts[row].reason)]
                    for row in rows
                    if counts[row].reason is not Reason.KNOWN
                },
                "flags": {
                    keys[row]: flags[row]
                    for row in rows
                    if statuses[row].removeprefix(":") != flags[row]
                },
                **_origins(columns, keys, rows),
            },
        },
    }


def _sorted(dimension: Dimension, column: Codes) -> tuple[NDArray[Any], list[str]]:
    """Return the codes of a column, and its categories in the order of their list."""
    codes = sorted(column.categories, key=dimension.order)
    return column.places(codes), codes


def _raveled(axes: Sequence[tuple[NDArray[Any], list[str]]], size: int) -> NDArray[Any]:
    """Return the number of each row's cell, the last dimension fastest."""
    cells = prod(len(codes) for _, codes in axes)
    dtype = np.int64 if cells < 2**63 else object
    numbers: NDArray[Any] = np.zeros(size, dtype=dtype)
    for places, codes in axes:
        numbers = numbers * len(codes) + places.astype(np.int64).astype(dtype)
    return numbers


def _status(found: Count, flags: str) -> str:
    """Return what other programs see beside a count, or in its place."""
    if found.is_point:
        return flags
    sign = _SIGNS.get(found.reason, "")
    return ":" + "".join(sorted({*flags, *sign}))


def _labels(statuses: Sequence[str]) -> dict[str, str]:
    found = {}
    for status in sorted(set(statuses) - {""}):
        words = [FLAG_LABELS.get(letter, letter) for letter in status.removeprefix(":")]
        found[status] = "; ".join(["not known exactly"] * status.startswith(":") + words)
    return found


def _described(dimension: Dimension, codes: Sequence[str]) -> dict[str, Any]:
    return {
        "label": dimension.name.replace("_", " ").capitalize(),
        "category": {
            "index": {code: place for place, code in enumerate(codes)},
            "label": {code: _label(dimension, code) for code in codes},
        },
    }


def _label(dimension: Dimension, code: str) -> str:
    if dimension.holds == "area":
        return parse_area(code).label
    if dimension.vocabulary is None:
        return code
    if dimension.holds == "citizenship" and code not in list(CitizenshipGroup):
        return country_name(code)
    return dimension.vocabulary(code).label


def _origins(columns: Columns, keys: Sequence[str], rows: Sequence[int]) -> dict[str, Any]:
    used = list(dict.fromkeys(columns.origins[columns.origin[row]] for row in rows))
    if used in ([], [Origin()]):
        return {}
    place = {origin: position for position, origin in enumerate(used)}
    by_key = {keys[row]: place[columns.origins[columns.origin[row]]] for row in rows}
    return {**origins_data(used), "origin": 0 if len(used) == 1 else by_key}


def losses(found: Mapping[str, Any]) -> list[Loss]:
    """Return what other programs do not see of a table."""
    own = found["extension"]["thbstats"]
    told = []
    if own["counts"]:
        told.append(
            Loss(
                code="NO_ENDS",
                lost=False,
                rows=len(own["counts"]),
                what="counts that are not known exactly, or only from rounded figures: other "
                "programs see a status and, of a point, its value; their ends and the reason are "
                "under extension.thbstats",
                examples=[f"cell {key}: {one}" for key, one in list(own["counts"].items())[:5]],
            )
        )
    if "origins" in own:
        told.append(
            Loss(
                code="NO_ORIGIN",
                lost=False,
                rows=len(found["value"].keys() | found["status"].keys()),
                what="sources and reporters, which other programs do not see: they are under "
                "extension.thbstats",
            )
        )
    return told
