"""JSON-stat 2.0 of Eurostat and other offices: data sets and collections.

Only the cells in the file become rows, whatever the size of the cube. A cell with a status and no
value is a missing count; a cell with neither is no row. Files of this library store unsupported
features under ``extension.thbstats``.
"""

import os
import re
from pathlib import Path
from typing import Any

import pandas as pd

from thbstats.errors import InvalidFile, InvalidValue
from thbstats.exchange import (
    LIMITS,
    Declaration,
    Format,
    InputFile,
    Limits,
    Progress,
    Reading,
    UnsupportedFeature,
    WriteLog,
    is_json,
    no_progress,
    open_input,
    parse_json,
    require_one_table,
    write_json,
)
from thbstats.records import Source
from thbstats.sources import _eurostat
from thbstats.sources.json_stat._reading import cubes_of, merge_readings, observed
from thbstats.sources.json_stat._writing import document, unsupported_features
from thbstats.tables import CountTable, Dataset

__all__ = ["FORMAT", "observations", "read", "recognise", "write"]

_LABEL = "JSON-stat"
_CLASS = re.compile(r'"class"\s*:\s*"(dataset|collection)"')
_VERSION = re.compile(r'"version"\s*:\s*"?2\b')
_MESSAGES = {"error", "warning"}
_SIGNS = re.compile(rb'"(?:class|error|warning)"')


def recognise(file: InputFile) -> str:
    """Return the feature that identifies the format; empty for other files."""
    if not is_json(file) or not _SIGNS.search(file.data):
        return ""
    result = _CLASS.search(file.head)
    if result and _VERSION.search(file.head):
        return f"version 2 of JSON-stat, class {result[1]}"
    try:
        content = parse_json(file)
    except InvalidFile:
        return ""
    kind, version = content.get("class"), str(content.get("version"))
    if kind in ("dataset", "collection") and version.partition(".")[0] == "2":
        return f"version 2 of JSON-stat, class {kind}"
    # `read` shows the message of the service.
    return "an answer without data" if "class" not in content and _MESSAGES & set(content) else ""


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: "Progress" = no_progress,
    kind: str | None = None,
    dataset: str | int | None = None,
    **constants: Any,
) -> Reading:
    """Read the counts of a JSON-stat file.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    declare : Declaration, optional
        The declaration of unknown dimensions, or another meaning of known ones, by their ids;
        ``time``, ``value`` and ``flags`` are the columns of time, values and statuses.
    source : Source or str, optional
        The publication; by default that in the file.
    strict, encoding, limits, progress : optional
        See `thbstats.sources.read`.
    kind : str, optional
        The kind of count, if no column contains it.
    dataset : str or int, optional
        The label or the position, from 0, of a data set in a collection; by default all data sets
        are merged.
    **constants
        Values that apply to all rows, such as ``status="registered"``.

    Returns
    -------
    Reading

    Raises
    ------
    InvalidFile
        If it is not valid JSON-stat 2, exceeds the limits, or two of its data sets describe the
        same cell.
    InvalidValue, UnknownName
        If a dimension is not known and not declared, or the declaration does not fit the file.
    DefectiveFile
        If the file has problems and ``strict`` is set.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b'{"version": "2.0", "class": "dataset", "value": {"1": 616}, "status": {"0": "c"},'
    ...     b'"id": ["leg_stat", "sex", "geo", "time"], "size": [1, 1, 1, 2], "dimension": {'
    ...     b'"leg_stat": {"category": {"index": ["PER_VICT"]}},'
    ...     b'"sex": {"category": {"label": {"F": "Females"}}},'
    ...     b'"geo": {"category": {"index": {"RO": 0}}},'
    ...     b'"time": {"category": {"index": {"2014": 0, "2015": 1}}}}}'
    ... )
    >>> women = dict(area="RO", sex="female")
    >>> table = read(file).table
    >>> table.count(period=2015, **women), table.count(period=2014, **women)
    (Count(616), Count(0 or more, suppressed))
    """
    file = open_input(path, encoding, limits, progress)
    cubes, links = cubes_of(file, dataset)
    readings: list[Reading] = []
    for cube in cubes:
        start = sum(reading.log.read for reading in readings)
        reading = _eurostat.reading(
            observed(file, cube, start, declare),
            file,
            label=_LABEL,
            recognised=recognise(file),
            declare=declare,
            source=source,
            strict=False,
            progress=progress,
            kind=kind,
            constants=constants,
        )
        readings.append(reading)
    return merge_readings(readings, links, strict)


def observations(
    path: str | os.PathLike[str] | InputFile,
    *,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    dataset: str | int | None = None,
) -> pd.DataFrame:
    """Return the observations of a JSON-stat file without interpretation.

    Parameters
    ----------
    path : str, path or InputFile
        The file.
    encoding, limits, dataset : optional
        See `read`.

    Returns
    -------
    DataFrame
        The dimensions under their lower-case ids, ``time``, ``value`` as published, ``flags`` and
        ``conf``; the same columns for every Eurostat format.

    Raises
    ------
    InvalidFile
        If it is not valid JSON-stat 2, or exceeds the limits.
    InvalidValue
        If it contains several data sets and ``dataset`` is not passed.
    """
    file = open_input(path, encoding, limits)
    cubes, _ = cubes_of(file, dataset)
    if len(cubes) > 1:
        raise InvalidValue(
            f"must be passed, because {file.name} has {len(cubes)} data sets",
            field="dataset",
            hint="Pass its position or label: "
            + "; ".join(f"{n}: {cube.text('label')}" for n, cube in enumerate(cubes[:20])),
        )
    return _eurostat.observations(observed(file, cubes[0]))


def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table as a JSON-stat data set.

    Other programs read exact counts as values and other counts as a status; `read` restores all
    features.

    Parameters
    ----------
    data : CountTable or Dataset
        The table; a data set must contain exactly one.
    path : str or path
        The file; an existing file is replaced.

    Returns
    -------
    WriteLog

    Raises
    ------
    InvalidValue
        If a data set does not contain exactly one table.
    """
    table = require_one_table(data, _LABEL)
    result = document(table)
    write_json(result, path)
    return WriteLog(
        name=Path(path).name,
        format=_LABEL,
        rows=len(table),
        unsupported=[*unsupported_features(result), *_unanswered(table)],
    )


def _unanswered(table: CountTable) -> list[UnsupportedFeature]:
    rows = int((table.unanswered >= 0).sum())
    message = "JSON-stat does not support the number of cases without an answer"
    return (
        [UnsupportedFeature(code="UNANSWERED", is_lost=True, rows=rows, message=message)]
        if rows
        else []
    )


FORMAT = Format(
    name="json_stat",
    label=_LABEL,
    extensions=(".jsonstat.json", ".json-stat.json", ".jsonstat"),
    recognise=recognise,
    read=read,
    write=write,
    contents="Dimensions, values and statuses. Bounds, reasons, sources and reporting countries "
    "are stored under extension.thbstats, which other programs do not read.",
    specification="JSON-stat 2.0, https://json-stat.org/full/",
)
