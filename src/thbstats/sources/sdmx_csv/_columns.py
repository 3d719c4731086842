"""The columns of an SDMX-CSV file under the names that Eurostat's formats share."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from thbstats.errors import InvalidFile
from thbstats.exchange import Declaration, InputFile, Ledger, TextColumn, read_delimited
from thbstats.records import Source
from thbstats.sources import _eurostat
from thbstats.sources._eurostat import CONF, FLAGS, OBS_STATUS, RESERVED, TIME, VALUE, Observations
from thbstats.tables.categories import coded
from thbstats.tables.provenance import source_text
from thbstats.values import Reason

__all__ = ["AGENCY", "ATTRIBUTES", "OURS", "id_of", "observed"]

AGENCY = "THBSTATS"
"""Who keeps the structures that are written here; their dimensions and words are ours."""

ATTRIBUTES = (
    *("lower", "upper", "reason", "findings", "unanswered"),
    *("source", "reporters", "n_reporters"),
)
"""What our structures say of a figure besides."""

OURS: Mapping[str, str] = MappingProxyType({"geo": "area", TIME: "period"})
"""The dimensions of our structures that have another name, as SDMX has them."""

# The columns that are no dimensions, by what the standard calls them.
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
    """Return the id of a column without the label behind it."""
    return name.partition(":")[0].strip()


def observed(file: InputFile) -> Observations:
    grid = read_delimited(file)
    columns, labels = _named_columns(file, grid.columns)
    ledger = Ledger(pd.DataFrame(columns, copy=False), grid.lines)
    ledger.reject_lines(
        "RAGGED",
        [(line.line, ",".join(line.cells)) for line in grid.ragged],
        message="more or fewer cells than the header has",
        hint="Put a text with separators in it between quotation marks",
    )
    _tell_of_columns(ledger, grid.columns, labels)
    _set_deletions_aside(ledger)
    apart = {*RESERVED, *_eurostat.ATTRIBUTES, *_ABOUT, *ATTRIBUTES, *labels}
    return Observations(
        ledger=ledger,
        dimensions=tuple(name for name in columns if name not in apart),
        own=_own(ledger, labels),
    )


def _named_columns(file: InputFile, cells: pd.DataFrame) -> tuple[dict[str, Any], list[str]]:
    """Return the columns under the names that all formats share, and which are mere labels."""
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
        ours = _shared(name, cells)
        if ours in columns:
            raise InvalidFile(
                "two columns have the same id", row="line 1", field=ours, hint="Rename one of them"
            )
        columns[ours] = _codes(cells[name], name, ours)
    for ours, id_ in ((TIME, "TIME_PERIOD"), (VALUE, "OBS_VALUE")):
        if ours not in columns:
            raise InvalidFile(
                f"{file.name} is no SDMX-CSV: it has no column {id_}", row="line 1", field=id_
            )
    return columns, labels


def _shared(name: str, cells: pd.DataFrame) -> str:
    """Return the name of a column that all formats share."""
    id_ = id_of(name).upper()
    if id_ == "OBS_STATUS" and not any(id_of(str(n)).upper() == "OBS_FLAG" for n in cells.columns):
        return FLAGS
    return _MEASURES.get(id_, id_.lower())


def _is_label(name: str, cells: Any, codes: Any) -> bool:
    """Whether a column is the label of the one before: no id, and one text for each code."""
    id_ = id_of(name)
    if ":" in name or name.upper() == "LAST UPDATE":
        return False
    if re.fullmatch(r"[A-Za-z_]\w*", id_) and id_ in (id_.lower(), id_.upper()):
        return False
    texts, indices = TextColumn.from_values(cells), TextColumn.from_values(codes)
    of_code = np.full(len(indices.values) + 1, -2, dtype=np.int64)
    of_code[indices.codes] = texts.codes
    return bool((of_code[indices.codes] == texts.codes).all())


def _codes(cells: Any, name: str, ours: str) -> Any:
    """Return a column by its codes, where labels stand in its cells too."""
    column = TextColumn.from_values(cells)
    if ours == VALUE or ours in ATTRIBUTES:
        return cells
    labelled = ":" in name or all(": " in text for text in column.values if text)
    status = ours == FLAGS and id_of(name).upper() == "OBS_STATUS"
    if not (labelled and any(column.values)) and not status:
        return cells
    plain = [text.partition(": ")[0] if labelled else text for text in column.values]
    found = column.with_values([_flags(text) for text in plain] if status else plain)
    return coded(found.codes, found.values)


def _flags(status: str) -> str:
    """Return a status as flags; letters that are small are flags already."""
    return "".join(OBS_STATUS.get(letter, letter) for letter in status)


def _tell_of_columns(ledger: Ledger, cells: pd.DataFrame, labels: Sequence[str]) -> None:
    if labels:
        ledger.note(f"Taken for labels of the column before: {', '.join(labels)}")
    for name in map(str, cells.columns):
        strikes = any("S" in id_of(text) for text in TextColumn.from_values(cells[name]).values)
        if id_of(name).upper() == "OBS_STATUS" and strikes:
            ledger.note("The status S (strikes and other special events) has no flag here")


def _set_deletions_aside(ledger: Ledger) -> None:
    """Set aside rows that do not give a figure but take one back."""
    if "action" not in ledger.raw:
        return
    column = TextColumn.from_values(ledger.raw["action"], "action")
    letters = [text.strip().upper() for text in column.values]
    ledger.reject(
        "DELETION",
        column.isin([index for index, letter in enumerate(letters) if letter == "D"]),
        column="action",
        message="an observation that is taken back, not given",
        hint="Take it out of the table that an earlier file gave",
    )
    unmapped = [index for index, letter in enumerate(letters) if letter not in (*_DATA, "D")]
    rows = column.isin(unmapped)
    ledger.reject(
        "UNMAPPED",
        rows,
        column="action",
        message="no action that SDMX-CSV knows",
        hint="I, A, R and M give figures, and D takes them back",
        texts=column.row_counts(unmapped, rows),
    )


def _own(ledger: Ledger, labels: Sequence[str]) -> Declaration:
    """Return what the file says of itself."""
    raw = ledger.raw
    ignored = [name for name in raw.columns if name in _ABOUT or name in labels]
    index = next((name for name in ("structure_id", "dataflow") if name in raw), "")
    if not index:
        return Declaration(ignored=ignored, missing=_NAN)
    ignored.remove(index)
    column = TextColumn.from_values(raw[index])
    if not column.values:
        named = Declaration.from_columns(
            name for name in map(str, raw.columns) if name not in ignored
        )
        return evolve(named, columns={**named.columns, index: "table"}, ignored=ignored)
    structures = {text: _structure(text) for text in map(str.strip, column.values)}
    if any(agency == AGENCY for agency, _ in structures.values()):
        kinds = {text: id_.lower() for text, (_, id_) in structures.items()}
        names = [name for name in map(str, raw.columns) if name not in (*ignored, index)]
        ours = {name: RESERVED.get(name, OURS.get(name, name)) for name in names}
        return Declaration(
            columns={**ours, index: "table"}, recode={index: kinds}, ignored=ignored, missing=_NAN
        )
    updates = _updates(raw, column)
    sources = {text: _source(*structures[text], updates.get(text, "")) for text in structures}
    return Declaration(
        columns={index: "source"}, recode={index: sources}, ignored=ignored, missing=_NAN
    )


def _structure(text: str) -> tuple[str, str]:
    """Return the agency and the id of a structure such as ``ESTAT:CRIM_THB_SEX(1.0)``."""
    match = _STRUCTURE.fullmatch(text)
    return (match[1].strip(), match[2].strip()) if match else ("", text)


def _source(agency: str, dataset: str, updated: str) -> str | None:
    if not dataset:
        return None
    if not agency:
        return source_text([Source(title=dataset)])
    return source_text([_eurostat.provenance(agency, dataset, updated)])


def _updates(raw: pd.DataFrame, column: TextColumn) -> dict[str, str]:
    """Return the latest update of each data set."""
    if "last update" not in raw:
        return {}
    updates = TextColumn.from_values(raw["last update"])
    if len(column.values) == len(updates.values) == 1:
        return {column.values[0].strip(): updates.values[0]}
    pairs = pd.unique(column.codes.astype(np.int64) * len(updates.values) + updates.codes)
    found: dict[str, list[str]] = {}
    for pair in pairs.tolist():
        dataset, update = divmod(pair, len(updates.values))
        found.setdefault(column.values[dataset].strip(), []).append(updates.values[update])
    return {dataset: max(listed, key=_day) for dataset, listed in found.items()}


def _day(text: str) -> date:
    return _eurostat.day_of(text) or date.min
