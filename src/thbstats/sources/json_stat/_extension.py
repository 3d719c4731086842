"""What JSON-stat has no place for: ends, reasons and origins, under ``extension.thbstats``."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from thbstats.exchange import Declaration, Ledger, pointer
from thbstats.exchange.json_origins import read_origins
from thbstats.exchange.json_parts import At, fault, members, text, whole_number
from thbstats.records import KINDS, schema_of
from thbstats.sources._eurostat import FLAGS, TIME, VALUE
from thbstats.sources._own import check_version
from thbstats.sources.json_stat._cells import texts
from thbstats.sources.json_stat._cube import Cube
from thbstats.tables.origins import Origin
from thbstats.tables.provenance import reporters_text, source_text

__all__ = ["NAMES", "add_extension", "own_declaration"]

NAMES: Mapping[str, str] = {"area": "geo", "period": TIME}
"""The ids of dimensions that are not called as ours."""

_OTHER = ("counts", "flags", "sources", "origins", "origin")
_ENDS = ("lower", "upper", "reason")


def own_declaration(name: str, cube: Cube) -> Declaration | None:
    """Return what the columns are where this library wrote the file; else ``None``.

    Raises
    ------
    InvalidFile
        If it is of a newer version, or holds no kind of count that is known.
    """
    if "thbstats" not in cube.extension:
        return None
    at = (*cube.at, "extension", "thbstats")
    found = cube.extension["thbstats"]
    if isinstance(found, dict):
        check_version(name, found.get("schema_version"), pointer(*at, "schema_version"))
    given = members(found, at, ("schema_version", "kind"), _OTHER)
    kind = text(given["kind"], (*at, "kind"))
    if kind not in KINDS:
        mend = f"Write one of {', '.join(KINDS)}"
        raise fault((*at, "kind"), "no such kind of table", mend, value=kind)
    columns = {NAMES.get(ours, ours): ours for ours in schema_of(kind).names}
    _check_axes(cube, columns)
    measures = {VALUE: "value", FLAGS: "flags"}
    more = {ours: ours for ours in (*_ENDS, "source", "reporters", "n_reporters")}
    columns = {**columns, **measures, **more}
    return Declaration(kind=kind, columns=columns, words={column: {} for column in columns})


def _check_axes(cube: Cube, columns: Mapping[str, str]) -> None:
    ids = {axis.id for axis in cube.axes}
    if ids != set(columns):
        wrong = sorted(ids ^ set(columns))
        raise fault(
            (*cube.at, "id"),
            "not the dimensions of its kind of count",
            "Write the file again, or leave extension.thbstats out and declare the columns",
            value=", ".join(wrong),
        )


def add_extension(ledger: Ledger, cube: Cube, numbers: Sequence[int]) -> None:
    """Put ends, reasons, flags and origins beside the values, as far as the file has them.

    Raises
    ------
    InvalidFile
        If a part of the extension is not what it must be.
    """
    at = (*cube.at, "extension", "thbstats")
    given = cube.extension["thbstats"]
    frame = ledger.raw
    counts = _by_number(given.get("counts", {}), (*at, "counts"), numbers)
    ends = {n: _ends(item, (*at, "counts", n)) for n, item in counts.items()}
    for column, name in enumerate(_ENDS):
        frame[name] = texts([ends[n][column] if n in ends else "" for n in numbers])
    place = (*at, "flags")
    flags = _by_number(given.get("flags", {}), place, numbers)
    flags = {n: text(item, (*place, n)) for n, item in flags.items()}
    stated = frame[FLAGS] if FLAGS in frame else pd.Series([""] * len(numbers))
    frame[FLAGS] = texts([flags.get(n, said) for n, said in zip(numbers, stated, strict=True)])
    origins = read_origins(given, at) or [Origin()]
    places = _origin(given.get("origin", 0), (*at, "origin"), numbers, len(origins) - 1)
    for name, shown in _shown(origins).items():
        frame[name] = texts([shown[p] for p in places])


def _by_number(found: object, at: At, numbers: Sequence[int]) -> dict[int, Any]:
    """Return entries by the number of their cell; each cell must be there."""
    if not isinstance(found, dict):
        raise fault(at, "no object", "Write names and values in braces", value=found)
    known = {str(number): number for number in numbers}
    for key in found:
        if key not in known:
            raise fault((*at, key), "no cell of this number has a value or a status", _CHANGED)
    return {known[key]: item for key, item in found.items()}


_CHANGED = "The file was changed after it was written: leave the entry out"


def _ends(found: object, at: At) -> tuple[str, str, str]:
    """Return the ends and the reason of a count as texts; whether they agree is seen later."""
    if not isinstance(found, list) or len(found) != len(_ENDS):
        raise fault(at, "no count", "Write its lower end, its upper end and the reason")
    lower, upper, reason = found
    largest = 2**60  # what is too large for a count is told with the row
    low = whole_number(lower, (*at, 0), largest)
    high = "inf" if upper is None else str(whole_number(upper, (*at, 1), largest))
    return str(low), high, text(reason, (*at, 2))


def _origin(found: object, at: At, numbers: Sequence[int], most: int) -> list[int]:
    if not isinstance(found, dict):
        return [whole_number(found, at, most)] * len(numbers)
    by_number = _by_number(found, at, numbers)
    if len(by_number) < len(numbers):
        lacking = len(numbers) - len(by_number)
        raise fault(at, f"{lacking} cells do not say where they come from", _CHANGED)
    return [whole_number(by_number[n], (*at, n), most) for n in numbers]


def _shown(origins: Sequence[Origin]) -> dict[str, list[str]]:
    return {
        "source": [source_text(origin.sources) for origin in origins],
        "reporters": [reporters_text(origin.reporters) or "" for origin in origins],
        "n_reporters": [
            "" if origin.n_reporters is None else str(origin.n_reporters) for origin in origins
        ],
    }
