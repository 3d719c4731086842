"""JSON-stat 2.0 of Eurostat and other offices: data sets and collections.

Only the cells in the file become rows, whatever the size of the cube. A cell with a status and no
value is a missing count; a cell with neither is no row. Files of this library store unsupported
features under ``extension.thbstats``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve
from numpy.typing import NDArray

from thbstats.errors import DuplicateKey, InvalidFile, InvalidValue
from thbstats.files.declaration import Declaration
from thbstats.files.input_file import LIMITS, InputFile, Limits, open_input
from thbstats.files.json_data import JsonPart, is_json, parse_json
from thbstats.files.ledger import Ledger
from thbstats.files.reading import Reading
from thbstats.records import Source
from thbstats.sources import _eurostat
from thbstats.sources._eurostat import (
    CONF,
    DIMENSIONS,
    FLAGS,
    MISSING,
    TIME,
    VALUE,
    Observations,
    column_of,
)
from thbstats.sources._formats import FilePath, Format
from thbstats.sources._json_stat_cubes import AGAIN, Cube, cubes_of
from thbstats.sources._json_stat_extension import add_extension, own_declaration, write
from thbstats.tables import CountTable, Dataset

__all__ = ["FORMAT", "observations", "read", "recognise", "write"]

_CLASS = re.compile(r'"class"\s*:\s*"(dataset|collection)"')
_VERSION = re.compile(r'"version"\s*:\s*"?2\b')
_MESSAGES = {"error", "warning"}
_SIGNS = re.compile(rb'"(?:class|error|warning)"')
_NUMBER = re.compile("0|[1-9][0-9]*")
_DIGITS = 40  # maximum digits of a plain decimal number


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


def read(path: FilePath, *, dataset: str | int | None = None, **options: Any) -> Reading:
    """Read the counts of a JSON-stat file.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    dataset : str or int, optional
        The label or the position, from 0, of a data set in a collection; by default all data sets
        are merged.
    **options
        Options of `thbstats.sources.read`. ``declare`` states columns that are not known, or
        another meaning of known ones, by their ids; measures are ``time``, ``value``, ``flags``
        and ``conf``. ``source`` is by default that in the file.

    Returns
    -------
    Reading
        The tables, and the log of all rows.

    Raises
    ------
    InvalidFile
        If it is not valid JSON-stat 2, exceeds the limits, or two of its data sets describe the
        same cell.
    InvalidValue, UnknownName
        If a column is not known and not declared, or the declaration does not fit the file.
    DefectiveFile
        If ``strict`` is set and the file has a problem.

    Examples
    --------
    >>> from thbstats.files import open_bytes
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
    request = FORMAT.request(path, options)
    cubes, links = _selected_cubes(request.file, dataset)
    readings: list[Reading] = []
    for cube in cubes:
        start = sum(reading.log.read for reading in readings)
        observed = _observed(request.file, cube, start, request.declare)
        readings.append(_eurostat.reading(observed, evolve(request, strict=False)))
    return _merged(readings, links).checked(request.strict)


def observations(
    path: FilePath,
    *,
    dataset: str | int | None = None,
    encoding: str | None = None,
    limits: Limits = LIMITS,
) -> pd.DataFrame:
    """Return the observations of a JSON-stat file without interpretation.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    dataset : str or int, optional
        The label or the position, from 0, of a data set in a collection.
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
    InvalidValue
        If the file contains several data sets and ``dataset`` is not passed.
    """
    file = open_input(path, encoding, limits)
    cubes, _ = _selected_cubes(file, dataset)
    if len(cubes) > 1:
        raise InvalidValue(
            f"must be passed, because {file.name} has {len(cubes)} data sets",
            field="dataset",
            hint="Pass its position or label: "
            + "; ".join(f"{n}: {cube.text('label')}" for n, cube in enumerate(cubes[:20])),
        )
    return _eurostat.frame_of(_observed(file, cubes[0]))


def _selected_cubes(file: InputFile, dataset: str | int | None) -> tuple[list[Cube], list[str]]:
    """Return the data sets of a file, or the selected one, and the addresses of linked ones."""
    cubes, links = cubes_of(file.name, parse_json(file))
    if not cubes:
        raise InvalidFile(
            f"{file.name} must contain a data set, not only links",
            value="; ".join(links[:5]),
            hint="Download the linked data sets",
        )
    if dataset is None:
        return cubes, links
    numbered = {str(number): cube for number, cube in enumerate(cubes)}
    named = {cube.text("label"): cube for cube in reversed(cubes)}
    selected = {**named, **numbered}.get(str(dataset))
    if selected is None:
        known = [f"{number}: {cube.text('label')}" for number, cube in numbered.items()]
        raise InvalidValue(
            "must be a data set of the file",
            field="dataset",
            value=dataset,
            hint=f"Pass a position or label: {'; '.join(known[:5])}",
        )
    return [selected], links


def _observed(
    file: InputFile, cube: Cube, start: int = 0, declare: Declaration | None = None
) -> Observations:
    """Return the observations of a data set; `start` is the number of observations before it."""
    own = own_declaration(file.name, cube)
    names = _column_names(cube, declare or Declaration())
    ledger, numbers = _ledger(cube, start, names, file.limits)
    if own is not None:
        add_extension(ledger, cube, numbers)
    geo = names.get(cube.role("geo"), "")
    area = {geo: "area"} if geo and geo not in DIMENSIONS else {}
    return Observations(
        ledger=ledger,
        dimensions=tuple(name for name in names.values() if name != TIME),
        declaration=own or Declaration(columns=area),
        source=None if own else _source(cube),
    )


def _column_names(cube: Cube, declare: Declaration) -> dict[str, str]:
    """Return the column of each dimension, in lower case; declared columns keep their names."""
    names = {id_: id_.lower() for id_ in cube.axes}
    for id_, name in names.items():
        if name in (VALUE, FLAGS, CONF):
            problem, hint = "must not be the name of a measure", "Rename the dimension"
            raise cube.part.error(problem, hint, "id", value=id_)
    time = next((id_ for id_, name in names.items() if name in (TIME, "time_period")), "")
    declared = {*declare.columns, *declare.recode, *declare.ignored}
    role = cube.role("time")
    time = time or (role if role.lower() not in map(str.lower, declared) else "")
    return {**names, time: TIME} if time else names


def _source(cube: Cube) -> Source | None:
    """Return the publication of a data set."""
    agency, dataset = (cube.extension.get(name).value for name in ("agencyId", "id"))
    label, updated = cube.text("label"), cube.text("updated")
    if isinstance(agency, str) and isinstance(dataset, str) and dataset.strip():
        return _eurostat.provenance(agency, dataset, updated)
    if not label:
        return None
    publisher, url = cube.text("source"), cube.text("href")
    return Source(title=label, publisher=publisher, url=url, published=_eurostat.day_of(updated))


def _ledger(
    cube: Cube, start: int, names: Mapping[str, str], limits: Limits
) -> tuple[Ledger, list[int]]:
    """Return a row for each cell with a value or a status, and the numbers of the cells."""
    strays: list[tuple[str, str]] = []
    values = _by_number(cube, cube.part.get("value"), strays)
    part = cube.part.get("status", {})
    status = part.value
    if isinstance(status, list) and len(status) == 1 and cube.size != 1:
        (status,) = status
    if isinstance(status, str):  # one status for all values
        status = dict.fromkeys(map(str, values), status)
    statuses = _by_number(cube, JsonPart(status, part.path), strays)
    numbers = sorted(values.keys() | statuses.keys())
    size = len(numbers)
    if size * (len(cube.axes) + 2) > limits.cells:
        problem = f"must have at most {limits.cells} cells"
        hint = "If the file is correct, pass limits=Limits(cells=...)"
        raise cube.part.error(problem, hint)
    columns: dict[str, Any] = {}
    remaining: NDArray[Any] = np.array(numbers, dtype=np.int64 if cube.size < 2**63 else object)
    for id_, codes in reversed(list(cube.axes.items())):
        index = (remaining % max(1, len(codes))).astype(np.int64)
        remaining = remaining // max(1, len(codes))
        categories = pd.Index(codes, dtype=object)
        columns[names[id_]] = pd.Categorical.from_codes(index, categories=categories)
    columns = dict(reversed(list(columns.items())))
    texts = [_value(values.get(number)) for number in numbers]
    columns[VALUE] = column_of(texts)
    if any(status is not None for status in statuses.values()):
        pairs = zip(map(statuses.get, numbers), texts, strict=True)
        columns[FLAGS] = column_of([_flags(status, value in MISSING) for status, value in pairs])
    frame = pd.DataFrame(columns, index=range(size), copy=False)
    lines = np.arange(start + 1, start + size + 1)
    ledger = Ledger(frame, lines, lambda row: f"value {numbers[row]}")
    ledger.reject_lines(
        "NO_SUCH_CELL",
        [(start + size + n, f"{key}: {item}") for n, (key, item) in enumerate(strays, 1)],
        message=f"a value or status outside of the {cube.size} cells",
        hint="Report it to the publisher: cells are numbered from 0",
        noun="observation",
    )
    return ledger, numbers


def _by_number(cube: Cube, part: JsonPart, strays: list[tuple[str, str]]) -> dict[int, Any]:
    """Return values or statuses by cell; add keys outside of the cube to `strays`."""
    size, name, content = cube.size, part.path[-1], part.value
    if isinstance(content, list):
        if len(content) != size:
            problem = f"must have {size} entries, one for each cell, got {len(content)}"
            raise part.error(problem, AGAIN)
        return {n: v for n, v in enumerate(content) if name == "value" or v is not None}
    if not isinstance(content, dict):
        raise part.error("must be an array or an object", AGAIN, value=content)
    digits, is_number = len(str(size)), _NUMBER.fullmatch
    cells = {}
    for key, item in content.items():
        # Check the length first, because long texts are slow to convert.
        number = int(key) if len(key) <= digits and is_number(key) else size
        if number < size:
            cells[number] = item
        else:
            strays.append((f"{name}/{key[:40]}", json.dumps(item, default=str)[:80]))
    return cells


def _value(value: object) -> str:
    """Return a value as text."""
    if type(value) is int:
        return str(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        plain = -_DIGITS < value.adjusted() < _DIGITS
        return format(value, "f") if plain else str(value)
    return json.dumps(value, default=str)[:80]


def _flags(status: object, missing: bool) -> str:
    if status is None:
        return ""
    plain = status if isinstance(status, str) else json.dumps(status, default=str)[:80]
    return plain.replace(":", "").strip() if missing else plain


def _merged(readings: Sequence[Reading], links: Sequence[str]) -> Reading:
    """Return the merged readings of the data sets of a file."""
    if len(readings) == 1 and not links:
        return readings[0]
    logs = [reading.log for reading in readings]
    notes = list(dict.fromkeys(note for log in logs for note in log.notes))
    if links:
        noun = "parts of the collection are links and not in the file"
        notes.append(f"{len(links)} {noun}: " + "; ".join(links[:5]))
    log = evolve(
        logs[0],
        read=sum(log.read for log in logs),
        used=sum(log.used for log in logs),
        shared=sum(log.shared for log in logs),
        problems=[problem for log in logs for problem in log.problems],
        notes=notes,
    )
    kinds: dict[str, list[CountTable]] = {}
    for reading in readings:
        for table in reading.data.tables():
            kinds.setdefault(table.kind, []).append(table)
    merged: dict[str, Any] = {}
    for kind, tables in kinds.items():
        try:
            merged[kind] = tables[0] if len(tables) == 1 else CountTable.concat(tables)
        except DuplicateKey as error:
            raise InvalidFile(
                f"data sets of {log.name} must not describe the same cell of {kind}: {error}",
                field="dataset",
                hint="Read one data set: dataset=0",
            ) from None
    rejected = pd.concat([reading.rejected for reading in readings], ignore_index=True)
    return Reading(data=Dataset(**merged), log=log, rejected=rejected)


FORMAT = Format(
    name="json_stat",
    label="JSON-stat",
    extensions=(".jsonstat.json", ".json-stat.json", ".jsonstat"),
    recognise=recognise,
    contents="Dimensions, values and statuses. Bounds, reasons, sources and reporting countries "
    "are stored under extension.thbstats, which other programs do not read.",
    specification="JSON-stat 2.0, https://json-stat.org/full/",
    noun="observations",
    read=read,
    write=write,
)
