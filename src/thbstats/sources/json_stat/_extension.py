"""What JSON-stat has no place for: ends, reasons and origins, under ``extension.thbstats``."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.exchange import Declaration, Ledger, pointer
from thbstats.exchange.json_origins import read_origins
from thbstats.exchange.json_parts import At, fault, members, text, whole_number
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
"""The ids of dimensions that are not called as ours."""

_OTHER = ("counts", "flags", "findings", "sources", "origins", "origin")
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
        hint = f"Write one of {', '.join(KINDS)}"
        raise fault((*at, "kind"), "no such kind of table", hint, value=kind)
    columns = {NAMES.get(ours, ours): ours for ours in schema_of(kind).names}
    _check_axes(cube, columns)
    measures = {VALUE: "value", FLAGS: "flags"}
    names = (*_ENDS, "findings", "source", "reporters", "n_reporters")
    more = {ours: ours for ours in names}
    columns = {**columns, **measures, **more}
    return Declaration(kind=kind, columns=columns, recode={column: {} for column in columns})


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
    given, frame, size = cube.extension["thbstats"], ledger.raw, len(numbers)
    counts = _by_row(given.get("counts", {}), (*at, "counts"), numbers)
    ends = {row: _ends(item, (*at, "counts", numbers[row])) for row, item in counts.items()}
    for column, name in enumerate(_ENDS):
        frame[name] = _here_and_there({row: end[column] for row, end in ends.items()}, size)
    index = (*at, "flags")
    flags = _by_row(given.get("flags", {}), index, numbers)
    if flags or FLAGS not in frame:
        stated = frame[FLAGS].tolist() if FLAGS in frame else [""] * size
        for row, item in flags.items():
            stated[row] = text(item, (*index, numbers[row]))
        frame[FLAGS] = texts(stated)
    index = (*at, "findings")
    findings = _by_row(given.get("findings", {}), index, numbers)
    shown = {row: text(item, (*index, numbers[row])) for row, item in findings.items()}
    frame["findings"] = _here_and_there(shown, size)
    origins = read_origins(given, at) or [Origin()]
    indices = _origin(given.get("origin", 0), (*at, "origin"), numbers, len(origins) - 1)
    for name, formatted in _shown(origins).items():
        frame[name] = categorical(indices, formatted)


def _here_and_there(entries: Mapping[int, str], size: int) -> pd.Categorical:
    """Return a column with texts in some rows, and an empty text in the others."""
    indices = {"": 0}
    codes = np.zeros(size, dtype=np.int64)
    for row, entry in entries.items():
        codes[row] = indices.setdefault(entry, len(indices))
    return categorical(codes, list(indices))


def _by_row(found: object, at: At, numbers: Sequence[int]) -> dict[int, Any]:
    """Return entries by the row of their cell; each cell must be there."""
    if not isinstance(found, dict):
        raise fault(at, "no object", "Write names and values in braces", value=found)
    rows = {str(number): row for row, number in enumerate(numbers)} if found else {}
    for key in found:
        if key not in rows:
            raise fault((*at, key), "no cell of this number has a value or a status", _CHANGED)
    return {rows[key]: item for key, item in found.items()}


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


def _origin(found: object, at: At, numbers: Sequence[int], most: int) -> NDArray[np.int64]:
    if not isinstance(found, dict):
        return np.full(len(numbers), whole_number(found, at, most), dtype=np.int64)
    by_row = _by_row(found, at, numbers)
    if len(by_row) < len(numbers):
        lacking = len(numbers) - len(by_row)
        raise fault(at, f"{lacking} cells do not say where they come from", _CHANGED)
    indices = [whole_number(by_row[row], (*at, n), most) for row, n in enumerate(numbers)]
    return np.array(indices, dtype=np.int64)


def _shown(origins: Sequence[Origin]) -> dict[str, list[str]]:
    return {
        "source": [source_text(origin.sources) for origin in origins],
        "reporters": [reporters_text(origin.reporters) or "" for origin in origins],
        "n_reporters": [
            "" if origin.n_reporters is None else str(origin.n_reporters) for origin in origins
        ],
    }
