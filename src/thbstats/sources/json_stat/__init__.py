"""JSON-stat 2.0, as Eurostat and other offices publish it: data sets, and collections of them.

A data set is a cube of which the file has the cells that it has: only these become rows, whatever
the size of the cube. A cell with a status and no value is a row whose count is missing; a cell with
neither is no row. A file that this library wrote says under ``extension.thbstats`` what JSON-stat
has no place for.
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
from thbstats.sources.json_stat._reading import cubes_of, observed, together
from thbstats.sources.json_stat._writing import document, losses
from thbstats.tables import CountTable, Dataset

__all__ = ["FORMAT", "observations", "read", "recognise", "write"]

_LABEL = "JSON-stat"
_CLASS = re.compile(r'"class"\s*:\s*"(dataset|collection)"')
_VERSION = re.compile(r'"version"\s*:\s*"?2\b')
_ANSWERS = {"error", "warning"}
_SIGNS = re.compile(rb'"(?:class|error|warning)"')


def recognise(file: InputFile) -> str:
    """Return how a file shows that it is of this format; empty if it does not.

    Parameters
    ----------
    file : InputFile
        The file.

    Returns
    -------
    str
    """
    if not is_json(file) or not _SIGNS.search(file.data):
        return ""
    found = _CLASS.search(file.head)
    if found and _VERSION.search(file.head):
        return f"version 2 of JSON-stat, class {found[1]}"
    try:
        whole = parse_json(file)
    except InvalidFile:
        return ""
    kind, version = whole.get("class"), str(whole.get("version"))
    if kind in ("dataset", "collection") and version.partition(".")[0] == "2":
        return f"version 2 of JSON-stat, class {kind}"
    # `read` says what the service answers, which is more than that no format is like that.
    return "an answer without data" if "class" not in whole and _ANSWERS & set(whole) else ""


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
    kind: str | None = None,
    dataset: str | int | None = None,
    **constants: Any,
) -> Reading:
    """Return the counts of a JSON-stat file.

    Parameters
    ----------
    path : str, path or InputFile
        The file; it may be packed with gzip.
    declare : Declaration, optional
        What its dimensions are, where that is not known or another. They are named by their ids;
        ``time``, ``value`` and ``flags`` are the columns of the time, the values and the statuses.
    source : Source or str, optional
        Where it was published; by default what the file says.
    strict : bool
        Whether a defect is an error.
    encoding : str, optional
        The encoding, where it is not UTF-8 and no byte order mark says which.
    limits : Limits
        What is taken in.
    progress : callable
        Told how far it is.
    kind : str, optional
        The kind of count, for rows that do not say it.
    dataset : str or int, optional
        The label or the number, from 0, of the one data set to read from a collection; by default
        all of them, put together.
    **constants
        What all rows have in common, such as ``status="registered"``.

    Returns
    -------
    Reading

    Raises
    ------
    InvalidFile
        If it is no JSON-stat 2, its structure is not sound, it is larger than the limits, or two
        of its data sets describe the same cell.
    InvalidValue, UnknownName
        If a dimension is not known and not declared, or the declaration does not fit.
    DefectiveFile
        If something is odd and ``strict`` is set.

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
    return together(readings, links, strict)


def observations(
    path: str | os.PathLike[str] | InputFile,
    *,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    dataset: str | int | None = None,
) -> pd.DataFrame:
    """Return the observations of a JSON-stat file as they stand, whatever they are about.

    Parameters
    ----------
    path : str, path or InputFile
        The file.
    encoding, limits, dataset : optional
        As for `read`.

    Returns
    -------
    DataFrame
        The dimensions under their ids in small letters, ``time``, ``value`` as printed,
        ``flags``, ``conf``: the same as from every other format of Eurostat.

    Raises
    ------
    InvalidFile
        If it is no JSON-stat 2, its structure is not sound, or it is larger than the limits.
    InvalidValue
        If it holds several data sets and none is chosen.
    """
    file = open_input(path, encoding, limits)
    cubes, _ = cubes_of(file, dataset)
    if len(cubes) > 1:
        raise InvalidValue(
            f"{file.name} holds {len(cubes)} data sets",
            field="dataset",
            hint="Choose one by its number or label: "
            + "; ".join(f"{n}: {cube.said('label')}" for n, cube in enumerate(cubes[:20])),
        )
    return _eurostat.observations(observed(file, cubes[0]))


def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table as a JSON-stat data set.

    Other programs see the value of a count that is a point, and else a status; this library reads
    everything back.

    Parameters
    ----------
    data : CountTable or Dataset
        What to write; a data set must hold one table.
    path : str or path
        The file; it is replaced if it exists.

    Returns
    -------
    WriteLog

    Raises
    ------
    InvalidValue
        If a data set holds several tables.
    """
    table = require_one_table(data, _LABEL)
    found = document(table)
    write_json(found, path)
    return WriteLog(
        name=Path(path).name,
        format=_LABEL,
        rows=len(table),
        unsupported=[*losses(found), *_unanswered(table)],
    )


def _unanswered(table: CountTable) -> list[UnsupportedFeature]:
    rows = int((table.unanswered >= 0).sum())
    what = "the cases whose answer to a category is unknown, for which JSON-stat has no place"
    return (
        [UnsupportedFeature(code="UNANSWERED", is_lost=True, rows=rows, message=what)]
        if rows
        else []
    )


FORMAT = Format(
    name="json_stat",
    label=_LABEL,
    endings=(".jsonstat.json", ".json-stat.json", ".jsonstat"),
    recognise=recognise,
    read=read,
    write=write,
    holds="Dimensions, values and statuses. What JSON-stat has no place for (the ends and the "
    "reason of a count that is not known exactly, sources, reporters) is written under "
    "extension.thbstats, where this library reads it back and other programs do not see it.",
    specification="JSON-stat 2.0, https://json-stat.org/full/",
)
