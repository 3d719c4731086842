"""Columns of SDMX-CSV files under common Eurostat names."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from thbstats.errors import InvalidFile
from thbstats.exchange import Declaration, FileColumn, InputFile, Ledger, read_delimited
from thbstats.records import Source
from thbstats.sources import _eurostat
from thbstats.sources._eurostat import CONF, FLAGS, OBS_STATUS, RESERVED, TIME, VALUE, Observations
from thbstats.tables.categories import coded
from thbstats.tables.provenance import source_text
from thbstats.values import Reason

__all__ = ["AGENCY", "ATTRIBUTES", "DIMENSION_OF_ID", "id_of", "observed"]

AGENCY = "THBSTATS"
"""The agency of the structures of this library."""

ATTRIBUTES = (
    *("lower", "upper", "reason", "findings", "unanswered"),
    *("source", "reporters", "n_reporters"),
)
"""Additional attributes of the structures of this library."""

DIMENSION_OF_ID: Mapping[str, str] = MappingProxyType({"geo": "area", TIME: "period"})
"""Dimensions with another name in SDMX."""

# Columns that are not dimensions.
_MEASURES = {
    "TIME_PERIOD": TIME,
    "TIME": TIME,
    "OBS_VALUE": VALUE,
    "OBS_FLAG": FLAGS,
    "CONF_STATUS": CONF,
    "OBS_CONF": CONF,
}
_ABOUT = ("dataflow", "structure", "structure_id", "structure_name", "action", "last update")
_STRUCTURE = re.compile(r"(?:.*=)?([^:()=]+):([^:()]+)\([^()]*\)")
_DATA = ("", "I", "A", "R", "M")
_NAN = {"NaN": Reason.NOT_REPORTED}


def id_of(name: str) -> str:
    """Return the id of a column without its label."""
    return name.partition(":")[0].strip()


def observed(file: InputFile) -> Observations:
    """Return the observations of a file."""
    grid = read_delimited(file)
    columns, labels = _named_columns(file, grid.frame)
    ledger = Ledger(pd.DataFrame(columns, copy=False), grid.lines)
    ledger.reject_lines(
        "RAGGED",
        [(line.line, ",".join(line.cells)) for line in grid.ragged],
        message="a line must have as many cells as the header",
        hint="Put quotation marks around cells that contain the separator",
    )
    _add_notes(ledger, grid.frame, labels)
    _reject_deletions(ledger)
    not_dimensions = {*RESERVED, *_eurostat.ATTRIBUTES, *_ABOUT, *ATTRIBUTES, *labels}
    return Observations(
        ledger=ledger,
        dimensions=tuple(name for name in columns if name not in not_dimensions),
        declaration=_declaration(ledger, labels),
    )


def _named_columns(file: InputFile, cells: pd.DataFrame) -> tuple[dict[str, Any], list[str]]:
    """Return the columns under common names, and the label columns."""
    columns: dict[str, Any] = {}
    labels: list[str] = []
    before = ""
    for name in map(str, cells.columns):
        if before and _is_label(name, cells[name], cells[before]):
            columns[name] = cells[name]
            labels.append(name)
            before = ""
            continue
        before = name
        target = _common_name(name, cells)
        if target in columns:
            raise InvalidFile(
                "ids of columns must be unique",
                row="line 1",
                field=target,
                hint="Rename one of them",
            )
        columns[target] = _codes(cells[name], name, target)
    for target, id_ in ((TIME, "TIME_PERIOD"), (VALUE, "OBS_VALUE")):
        if target not in columns:
            raise InvalidFile(
                f"{file.name} must have the SDMX-CSV column {id_}", row="line 1", field=id_
            )
    return columns, labels


def _common_name(name: str, cells: pd.DataFrame) -> str:
    """Return the common name of a column."""
    id_ = id_of(name).upper()
    if id_ == "OBS_STATUS" and not any(id_of(str(n)).upper() == "OBS_FLAG" for n in cells.columns):
        return FLAGS
    return _MEASURES.get(id_, id_.lower())


def _is_label(name: str, cells: Any, codes: Any) -> bool:
    """Whether a column contains one label for each code of the previous one."""
    id_ = id_of(name)
    if ":" in name or name.upper() == "LAST UPDATE":
        return False
    if re.fullmatch(r"[A-Za-z_]\w*", id_) and id_ in (id_.lower(), id_.upper()):
        return False
    texts, indices = FileColumn.from_values(cells), FileColumn.from_values(codes)
    of_code = np.full(len(indices.values) + 1, -2, dtype=np.int64)
    of_code[indices.codes] = texts.codes
    return bool((of_code[indices.codes] == texts.codes).all())


def _codes(cells: Any, name: str, target: str) -> Any:
    """Return the codes of a column of codes and labels."""
    column = FileColumn.from_values(cells)
    if target == VALUE or target in ATTRIBUTES:
        return cells
    labelled = ":" in name or all(": " in text for text in column.values if text)
    status = target == FLAGS and id_of(name).upper() == "OBS_STATUS"
    if not (labelled and any(column.values)) and not status:
        return cells
    plain = [text.partition(": ")[0] if labelled else text for text in column.values]
    result = column.with_values([_flags(text) for text in plain] if status else plain)
    return coded(result.codes, result.values)


def _flags(status: str) -> str:
    """Return the flags of an observation status."""
    return "".join(OBS_STATUS.get(letter, letter) for letter in status)


def _add_notes(ledger: Ledger, cells: pd.DataFrame, labels: Sequence[str]) -> None:
    if labels:
        ledger.note(f"Read as labels of the previous column: {', '.join(labels)}")
    for name in map(str, cells.columns):
        strikes = any("S" in id_of(text) for text in FileColumn.from_values(cells[name]).values)
        if id_of(name).upper() == "OBS_STATUS" and strikes:
            ledger.note("The status S (strikes and other special events) is ignored")


def _reject_deletions(ledger: Ledger) -> None:
    """Reject rows that withdraw an observation."""
    if "action" not in ledger.raw:
        return
    column = FileColumn.from_values(ledger.raw["action"], "action")
    letters = [text.strip().upper() for text in column.values]
    ledger.reject(
        "DELETION",
        column.isin([index for index, letter in enumerate(letters) if letter == "D"]),
        column="action",
        message="a withdrawn observation",
        hint="Remove it from earlier tables",
    )
    unmapped = [index for index, letter in enumerate(letters) if letter not in (*_DATA, "D")]
    rows = column.isin(unmapped)
    ledger.reject(
        "UNMAPPED",
        rows,
        column="action",
        message="not an action of SDMX-CSV",
        hint="Use I, A, R or M for figures and D for withdrawals",
        texts=column.row_counts(unmapped, rows),
    )


def _declaration(ledger: Ledger, labels: Sequence[str]) -> Declaration:
    """Return the declaration of the file."""
    raw = ledger.raw
    ignored = [name for name in raw.columns if name in _ABOUT or name in labels]
    index = next((name for name in ("structure_id", "dataflow") if name in raw), "")
    if not index:
        return Declaration(ignored=ignored, missing=_NAN)
    ignored.remove(index)
    column = FileColumn.from_values(raw[index])
    if not column.values:
        named = Declaration.from_columns(
            name for name in map(str, raw.columns) if name not in ignored
        )
        return evolve(named, columns={**named.columns, index: "table"}, ignored=ignored)
    structures = {text: _structure(text) for text in map(str.strip, column.values)}
    if any(agency == AGENCY for agency, _ in structures.values()):
        kinds = {text: id_.lower() for text, (_, id_) in structures.items()}
        names = [name for name in map(str, raw.columns) if name not in (*ignored, index)]
        target = {name: RESERVED.get(name, DIMENSION_OF_ID.get(name, name)) for name in names}
        return Declaration(
            columns={**target, index: "table"}, recode={index: kinds}, ignored=ignored, missing=_NAN
        )
    updates = _updates(raw, column)
    sources = {text: _source(*structures[text], updates.get(text, "")) for text in structures}
    return Declaration(
        columns={index: "source"}, recode={index: sources}, ignored=ignored, missing=_NAN
    )


def _structure(text: str) -> tuple[str, str]:
    """Return the agency and id of a structure such as ``ESTAT:CRIM_THB_SEX(1.0)``."""
    match = _STRUCTURE.fullmatch(text)
    return (match[1].strip(), match[2].strip()) if match else ("", text)


def _source(agency: str, dataset: str, updated: str) -> str | None:
    if not dataset:
        return None
    if not agency:
        return source_text([Source(title=dataset)])
    return source_text([_eurostat.provenance(agency, dataset, updated)])


def _updates(raw: pd.DataFrame, column: FileColumn) -> dict[str, str]:
    """Return the latest update of each data set."""
    if "last update" not in raw:
        return {}
    updates = FileColumn.from_values(raw["last update"])
    if len(column.values) == len(updates.values) == 1:
        return {column.values[0].strip(): updates.values[0]}
    pairs = pd.unique(column.codes.astype(np.int64) * len(updates.values) + updates.codes)
    result: dict[str, list[str]] = {}
    for pair in pairs.tolist():
        dataset, update = divmod(pair, len(updates.values))
        result.setdefault(column.values[dataset].strip(), []).append(updates.values[update])
    return {dataset: max(listed, key=_day) for dataset, listed in result.items()}


def _day(text: str) -> date:
    return _eurostat.day_of(text) or date.min
