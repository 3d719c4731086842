"""SDMX-CSV 1.0 and 2.0, with columns in any order.

A row is an observation: dimensions, period, value, flags and confidentiality. Exports with labels
are read by their codes.
"""

import os
import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from thbstats.errors import InvalidFile
from thbstats.files.declaration import Declaration
from thbstats.files.delimited import first_lines, read_delimited
from thbstats.files.input_file import LIMITS, InputFile, Limits, open_input
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reading import Reading
from thbstats.records import Source
from thbstats.sources import _eurostat
from thbstats.sources._eurostat import CONF, DIMENSIONS, FLAGS, RESERVED, TIME, VALUE, Observations
from thbstats.sources._formats import FilePath, Format, Request
from thbstats.sources._sdmx_structures import AGENCY, read_structure
from thbstats.sources._sdmx_tables import DETAILS, write
from thbstats.tables.encoding import coded
from thbstats.tables.origins import source_text
from thbstats.values import Reason

__all__ = ["DIMENSIONS", "FORMAT", "observations", "read", "recognise", "write"]

_ATTRIBUTES = ("lower", "upper", "reason", *DETAILS)
"""Additional attributes of the structures of this library."""

_DIMENSION_OF_ID = {"geo": "area", TIME: "period"}

# Columns that are not dimensions.
_MEASURES = {
    **dict.fromkeys(("TIME_PERIOD", "TIME"), TIME),
    **dict.fromkeys(("CONF_STATUS", "OBS_CONF"), CONF),
    "OBS_VALUE": VALUE,
    "OBS_FLAG": FLAGS,
}
_ABOUT = ("dataflow", "structure", "structure_id", "structure_name", "action", "last update")
_STRUCTURE = re.compile(r"(?:.*=)?([^:()=]+):([^:()]+)\([^()]*\)")


def _id(name: str) -> str:
    """Return the id of a column without its label, in upper case."""
    return name.partition(":")[0].strip().upper()


def recognise(file: InputFile) -> str:
    """Return the feature that identifies SDMX-CSV; empty for other files."""
    names = set(map(_id, next(first_lines(file), [])))
    if not {"OBS_VALUE", "TIME_PERIOD"} <= names:
        return ""
    version = "2.0" if "STRUCTURE" in names else "1.0"
    return f"version {version}: its header has TIME_PERIOD and OBS_VALUE"


def read(
    path: FilePath, *, structure: str | os.PathLike[str] | InputFile | None = None, **options: Any
) -> Reading:
    r"""Read the counts of an SDMX-CSV file.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    structure : str, path or InputFile, optional
        The structure that `write` wrote with the file: it contains the classifications of
        dimensions of users. ``Declaration(classifications=...)`` or a schema as ``kind`` states
        them without it.
    **options
        Options of `thbstats.sources.read`. ``declare`` states columns that are not known, or
        another meaning of known ones, by their ids; measures are ``time``, ``value``, ``flags``
        and ``conf``. ``source`` is by default the data set and its last
        update in the file.

    Returns
    -------
    Reading
        The tables, and the log of all rows.

    Raises
    ------
    InvalidFile
        If the structure is not one of this library, or a file with dimensions of users is read
        without their classifications.
    InvalidValue, UnknownName
        If a column is not known and not declared, or the declaration does not fit the file.
    DefectiveFile
        If ``strict`` is set and the file has a problem.

    Examples
    --------
    >>> from thbstats.files import open_bytes
    >>> file = open_bytes(
    ...     b"DATAFLOW,freq,unit,leg_stat,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    ...     b"ESTAT:CRIM_THB_SEX(1.0),A,NR,PER_VICT,F,RO,2015,616,\n"
    ... )
    >>> read(file).table.count(sex="female")
    Count(616)
    """
    request = FORMAT.request(path, options)
    observed = _observed(request.file)
    if structure is not None:
        own = read_structure(open_input(structure, limits=request.limits))
        declaration = evolve(observed.declaration, classifications=own)
        observed = evolve(observed, declaration=declaration)
    _require_classifications(observed, request)
    return _eurostat.reading(observed, request)


def _require_classifications(observed: Observations, request: Request) -> None:
    """Raise an error for a file with dimensions of users without their classifications."""
    if observed.declaration.classifications or request.declared().classifications:
        return
    for texts in observed.declaration.recode.values():
        for text, kind in texts.items():
            if _structure(text)[0] == AGENCY and _structure(text)[1].lower() != kind:
                raise InvalidFile(
                    f"{request.file.name} must be read with the classifications of {text}",
                    field="structure",
                    hint="Pass structure=... or declare=Declaration(classifications=...)",
                )


def observations(
    path: FilePath, *, encoding: str | None = None, limits: Limits = LIMITS
) -> pd.DataFrame:
    r"""Return the observations of an SDMX-CSV file without interpretation.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    encoding : str, optional
        The encoding of a text; by default UTF-8, or that of the byte order mark.
    limits : Limits
        The maximum sizes of the file.

    Returns
    -------
    DataFrame
        A row for each observation, with the texts of the file.

    Raises
    ------
    InvalidFile
        If it has another format, is damaged, or exceeds the limits.

    Examples
    --------
    >>> from thbstats.files import open_bytes
    >>> file = open_bytes(
    ...     b"STRUCTURE,STRUCTURE_ID,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    ...     b"dataflow,ESTAT:PRC_HICP_MANR(1.0),RCH_A,EA20,2026-06,1.9,p\n"
    ... )
    >>> observations(file).iloc[0].to_dict()
    {'unit': 'RCH_A', 'geo': 'EA20', 'time': '2026-06', 'value': '1.9', 'flags': 'p', 'conf': nan}
    """
    file = open_input(path, encoding, limits)
    return _eurostat.frame_of(_observed(file))


def _observed(file: InputFile) -> Observations:
    """Return the observations of a file."""
    rows = read_delimited(file)
    columns, labels = _named_columns(file, rows.raw)
    ledger = Ledger(pd.DataFrame(columns, copy=False), rows.lines, ragged=rows.ragged)
    if labels:
        ledger.note(f"Read as labels of the previous column: {', '.join(labels)}")
    for name in map(str, rows.raw):
        texts = rows.column(name).categories
        if _id(name) == "OBS_STATUS" and any("S" in text.partition(":")[0] for text in texts):
            ledger.note("The status S (strikes and other special events) is ignored")
    if "action" in columns:
        _reject_deletions(ledger)
    not_dimensions = {*RESERVED, *_eurostat.ATTRIBUTES, *_ABOUT, *_ATTRIBUTES, *labels}
    return Observations(
        ledger=ledger,
        dimensions=tuple(name for name in columns if name not in not_dimensions),
        declaration=_declaration(ledger, [name for name in columns if name in (*_ABOUT, *labels)]),
    )


def _named_columns(file: InputFile, cells: pd.DataFrame) -> tuple[dict[str, Any], list[str]]:
    """Return the columns under common names, and the label columns."""
    columns: dict[str, Any] = {}
    labels: list[str] = []
    names = list(map(str, cells.columns))
    flags = "OBS_FLAG" if "OBS_FLAG" in map(_id, names) else "OBS_STATUS"
    before = ""
    for name in names:
        if before and _is_label(name, cells[name], cells[before]):
            columns[name] = cells[name]
            labels.append(name)
            before = ""
            continue
        before = name
        id_ = _id(name)
        target = FLAGS if id_ == flags else _MEASURES.get(id_, id_.lower())
        if target in columns:
            problem, hint = "ids of columns must be unique", "Rename one of them"
            raise InvalidFile(problem, row="line 1", field=target, hint=hint)
        columns[target] = _codes(cells[name], name, target)
    for target, id_ in ((TIME, "TIME_PERIOD"), (VALUE, "OBS_VALUE")):
        if target not in columns:
            problem = f"{file.name} must have the SDMX-CSV column {id_}"
            raise InvalidFile(problem, row="line 1", field=id_)
    return columns, labels


def _is_label(name: str, cells: Any, codes: Any) -> bool:
    """Whether a column contains one label for each code of the previous one."""
    if ":" in name or name.upper() == "LAST UPDATE":
        return False
    if re.fullmatch(r"[A-Za-z_]\w*", name.strip()) and name in (name.lower(), name.upper()):
        return False
    texts, indices = FileColumn.from_values(cells), FileColumn.from_values(codes)
    of_code = np.full(len(indices.categories) + 1, -2, dtype=np.int64)
    of_code[indices.codes] = texts.codes
    return bool((of_code[indices.codes] == texts.codes).all())


def _codes(cells: Any, name: str, target: str) -> Any:
    """Return the codes of a column of codes and labels; flags for an observation status."""
    if target == VALUE or target in _ATTRIBUTES:
        return cells
    column = FileColumn.from_values(cells)
    labelled = any(column.categories) and (
        ":" in name or all(": " in text for text in column.categories if text)
    )
    is_status = target == FLAGS and _id(name) == "OBS_STATUS"
    if not labelled and not is_status:
        return cells
    plain = [text.partition(": ")[0] if labelled else text for text in column.categories]
    if is_status:
        plain = list(map(_eurostat.flags_of_status, plain))
    result = column.with_values(plain)
    return coded(result.codes, result.categories)


def _reject_deletions(ledger: Ledger) -> None:
    """Reject rows that withdraw an observation, and unknown actions."""
    column = ledger.column("action")
    ledger.reject(
        "DELETION",
        column.where(lambda text: text.strip().upper() == "D"),
        column="action",
        message="a withdrawn observation",
        hint="Remove it from earlier tables",
    )
    ledger.reject_texts(
        "UNMAPPED",
        column,
        lambda text: text.strip().upper() not in ("", "I", "A", "R", "M", "D"),
        message="not an action of SDMX-CSV",
        hint="Use I, A, R or M for figures and D for withdrawals",
    )


def _declaration(ledger: Ledger, ignored: list[str]) -> Declaration:
    """Return the declaration of the file: the structures are kinds of count, or sources."""
    raw = ledger.raw
    names = list(map(str, raw.columns))
    index = next((name for name in ("structure_id", "dataflow") if name in raw), "")
    own = Declaration(
        ignored=[name for name in ignored if name != index],
        missing={"NaN": Reason.NOT_REPORTED},
    )
    if not index:
        return own
    structures = ledger.column(index).categories
    if not structures:
        known = Declaration.from_columns(name for name in names if name not in own.ignored)
        columns = {**known.columns, index: "table"}
        return evolve(known, columns=columns, ignored=own.ignored)
    parts = {text: _structure(text) for text in map(str.strip, structures)}
    if any(agency == AGENCY for agency, _ in parts.values()):
        kinds = {text: id_.partition("_")[0].lower() for text, (_, id_) in parts.items()}
        columns = {
            name: RESERVED.get(name, _DIMENSION_OF_ID.get(name, name))
            for name in names
            if name not in (*own.ignored, index)
        }
        return evolve(own, columns={**columns, index: "table"}, recode={index: kinds})
    updates = _updates(ledger, index)
    sources: dict[str, str | None] = dict.fromkeys(parts)
    for text, (agency, dataset) in parts.items():
        if dataset:
            updated = updates.get(text, "")
            own_source = Source(title=dataset)
            if agency:
                own_source = _eurostat.provenance(agency, dataset, updated)
            sources[text] = source_text([own_source])
    return evolve(own, columns={index: "source"}, recode={index: sources})


def _structure(text: str) -> tuple[str, str]:
    """Return the agency and id of a structure such as ``ESTAT:CRIM_THB_SEX(1.0)``."""
    match = _STRUCTURE.fullmatch(text)
    return (match[1].strip(), match[2].strip()) if match else ("", text)


def _updates(ledger: Ledger, index: str) -> dict[str, str]:
    """Return the latest update of each data set."""
    if "last update" not in ledger.raw:
        return {}
    column, updates = ledger.column(index), ledger.column("last update")
    pairs = pd.unique(column.codes.astype(np.int64) * len(updates.categories) + updates.codes)
    result: dict[str, list[str]] = {}
    for pair in pairs.tolist():
        dataset, update = divmod(pair, len(updates.categories))
        result.setdefault(column.categories[dataset].strip(), []).append(updates.categories[update])
    return {
        dataset: max(texts, key=lambda text: _eurostat.day_of(text) or date.min)
        for dataset, texts in result.items()
    }


FORMAT = Format(
    name="sdmx_csv",
    label="SDMX-CSV",
    extensions=(".sdmx.csv",),
    recognise=recognise,
    contents="All features of a table, in version 2.0. Additional attributes (LOWER, UPPER, "
    "REASON, SOURCE, REPORTERS, N_REPORTERS) contain features that SDMX does not support. Other "
    "programs do not read approximate periods and areas without a code. A table without rows does "
    "not store its kind of count. A second file, in SDMX-ML 3.0, contains the structure.",
    specification="https://github.com/sdmx-twg/sdmx-csv",
    noun="observations",
    read=read,
    write=write,
)
