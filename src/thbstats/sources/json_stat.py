"""JSON-stat 2.0 of Eurostat and other offices: data sets and collections.

Only the cells in the file become rows, also if the cube has many more cells. A cell with a status
and no value is a missing count. A cell without a status and a value is not a row. Files of this
library store unsupported features under ``extension.thbstats``.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.errors import DuplicateKey, InvalidFile, InvalidValue
from thbstats.files.declaration import Declaration
from thbstats.files.input_file import InputFile, Limits
from thbstats.files.json_data import JsonPart, is_json, parse_json, pointer, write_json
from thbstats.files.ledger import Ledger
from thbstats.files.reading import Reading, UnsupportedFeature, WriteLog
from thbstats.files.table_schemas import version_of
from thbstats.geography import Area, country_name
from thbstats.records import Dimension, Schema, Source
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
from thbstats.sources._formats import (
    FilePath,
    Format,
    finish_own,
    refuse_declaration,
    require_one_table,
)
from thbstats.sources._table_documents import check_version, read_table, table_document
from thbstats.tables import CountTable, Dataset
from thbstats.tables.columns import Numbers
from thbstats.values import FLAG_LABELS, Reason, flag_set

__all__ = ["FORMAT", "read", "recognise", "write"]

AGAIN = "Download the file again"
_DIMENSIONS = 100  # maximum number of dimensions
_LARGEST = 2**53

_IDS: Mapping[str, str] = {"area": "geo", "period": TIME}
_SIGNS = {Reason.SUPPRESSED: "c", Reason.NOT_APPLICABLE: "z"}
_CLASS = re.compile(r'"class"\s*:\s*"(dataset|collection)"')
_VERSION = re.compile(r'"version"\s*:\s*"?2\b')
_MESSAGES = {"error", "warning"}
_CLASS_SIGNS = re.compile(rb'"(?:class|error|warning)"')
_NUMBER = re.compile("0|[1-9][0-9]*")
_DIGITS = 40  # maximum digits of a plain decimal number


@frozen(kw_only=True, eq=False)
class Cube:
    """A data set with a valid structure.

    ``axes`` are the categories by position of each dimension; the last dimension varies fastest.
    """

    part: JsonPart
    axes: Mapping[str, list[str]]

    @property
    def size(self) -> int:
        """The number of cells."""
        return prod(map(len, self.axes.values()))

    @property
    def extension(self) -> JsonPart:
        """The extension of the publisher."""
        return _object(self.part.get("extension"))

    def text(self, name: str) -> str:
        """Return a text member of the data set; empty if it is missing."""
        content = self.part.get(name).value
        return content.strip() if isinstance(content, str) else ""

    def role(self, name: str) -> str:
        """Return the only dimension with a role; empty for none or several."""
        content, ids = self.part.get("role").get(name).value, list(self.axes)
        named = [id_ for id_ in content if id_ in ids] if isinstance(content, list) else []
        return str(named[0]) if len(named) == 1 else ""


def _object(part: JsonPart) -> JsonPart:
    return part if isinstance(part.value, dict) else JsonPart({}, part.path)


def _items(document: JsonPart) -> Iterator[JsonPart]:
    """Yield the items of nested collections in the order of the file."""
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if not isinstance(part.get("class").value, str):
            raise part.error("must be an object with a class", AGAIN)
        items = part.get("link").get("item")
        if part.value["class"] == "collection" and items.value is not None:
            waiting.extend(reversed(items.parts()))
        else:
            yield part


def _cube(part: JsonPart) -> Cube:
    """Return a data set, if its sizes are the numbers of its categories."""
    listed, sizes = part.get("id"), part.get("size")
    ids = [id_.text() for id_ in listed.parts()]
    if not 0 < len(ids) <= _DIMENSIONS:
        raise listed.error(f"must have 1 to {_DIMENSIONS} dimensions, got {len(ids)}", AGAIN)
    names = [id_.lower() for id_ in ids]
    for name in names:
        if names.count(name) > 1:
            raise listed.error("ids of dimensions must be unique", "Rename one", value=name)
    if len(sizes.array()) != len(ids):
        problem = f"must have {len(ids)} sizes, one for each dimension, got {len(sizes.value)}"
        raise sizes.error(problem, "Download it again")
    dimensions = part.get("dimension")
    if not isinstance(dimensions.value, dict):
        raise dimensions.error("must be an object", AGAIN)
    axes = {
        id_: _categories(_object(dimensions.get(id_).get("category")), sizes[n].integer(_LARGEST))
        for n, id_ in enumerate(ids)
    }
    return Cube(part=part, axes=axes)


def _categories(category: JsonPart, size: int) -> list[str]:
    """Return the categories of a dimension in the order of their positions."""
    index, label = category.get("index"), category.get("label").value
    if isinstance(index.value, dict):
        last = len(index.value) - 1
        numbers = {code: index[code].integer(last) for code in index.value}
        if len(set(numbers.values())) < len(numbers):
            raise index.error("positions of categories must be unique", "Number them from 0")
        codes = sorted(numbers, key=numbers.__getitem__)
    elif index.value is not None:
        codes = [code.text() for code in index.parts()]
    elif isinstance(label, dict) and len(label) == 1:
        codes = list(label)  # a single category needs no index
    else:
        raise category.error("must have categories", AGAIN)
    if len(codes) != size:
        raise category.error(f"must have {size} categories, as in size, got {len(codes)}", AGAIN)
    if len(set(codes)) < len(codes):
        raise index.error("categories must be unique", "Remove one of the two")
    return codes


def _own_table(name: str, cube: Cube, source: Source | None) -> CountTable:
    """Return the table of a data set of this library: its cells, and the counts of the extension.

    A value that is not that of the extension, such as a changed one, raises `InvalidFile`.
    """
    own = cube.extension["thbstats"]
    if isinstance(own.value, dict):
        version = own.get("schema_version")
        check_version(name, version.value, pointer(*version.path))
    values, statuses = _cells(cube, [])
    numbers = sorted(values.keys() | statuses.keys())
    hint = "Write the file again, or remove extension.thbstats and declare the columns"

    def dimensions(schema: Schema, rows: int) -> dict[str, pd.Categorical]:
        ids = {_IDS.get(target, target): target for target in schema.names}
        if cube.axes.keys() != ids.keys():
            different = ", ".join(sorted(cube.axes.keys() ^ ids.keys()))
            problem = "must be the dimensions of the kind of count"
            raise cube.part.error(problem, hint, "id", value=different)
        if rows != len(numbers):
            problem = f"must have {len(numbers)} rows, one for each value or status"
            raise own.error(problem, hint, "lower", value=rows)
        for id_, codes in cube.axes.items():
            path = (*cube.part.path, "dimension", id_, "category")
            JsonPart(codes, path).codes(schema[ids[id_]].parse)
        return {ids[id_]: column for id_, column in _axes(cube, numbers).items()}

    table = read_table(own, "schema_version", dimensions, source)
    counts = table.columns.numbers
    for number, lower, upper in zip(numbers, counts.lower, counts.upper, strict=True):
        published = values.get(number)
        if published is not None and not published == lower == upper:
            problem = "must be the count in extension.thbstats"
            raise cube.part.error(problem, hint, "value", number, value=published)
    return table


def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table as a JSON-stat data set.

    Other programs read exact counts as values and other counts as a status; `read` restores all
    features.
    """
    table = require_one_table(data, "JSON-stat")
    document = document_of(table)
    write_json(document, path)
    own, signs = document["extension"]["thbstats"], document["status"]
    unknown = [f"cell {key}: {status}" for key, status in signs.items() if status.startswith(":")]
    features = [
        UnsupportedFeature(
            code="NO_ENDS",
            is_lost=False,
            rows=int((table.columns.numbers.reason != Reason.KNOWN.severity).sum()),
            message="other programs read a status instead of the bounds and the reason of counts "
            "that are not exactly known",
            examples=unknown[:5],
        ),
        UnsupportedFeature(
            code="NO_ORIGIN",
            is_lost=False,
            rows=len(table) if "origins" in own else 0,
            message="other programs do not read sources and reporting countries",
        ),
    ]
    unsupported = [feature for feature in features if feature.rows]
    name = Path(path).name
    return WriteLog(name=name, format="JSON-stat", rows=len(table), unsupported=unsupported)


def document_of(table: CountTable) -> dict[str, Any]:
    """Return the content of a file for a table."""
    columns = table.columns
    ids = {name: _IDS.get(name, name) for name in columns.schema.names}
    order = sorted(ids, key=lambda name: (ids[name] in ("geo", TIME), ids[name] == TIME))
    axes = {}
    for name in order:
        column = columns[name]
        axes[name] = column.recode(sorted(column.categories, key=columns.schema[name].sort_key))
    # The number of each cell; the last dimension varies fastest.
    cells = prod(len(column.categories) for column in axes.values())
    numbers: NDArray[Any] = np.zeros(len(columns), dtype=np.int64 if cells < 2**63 else object)
    for column in axes.values():
        codes = column.codes.astype(np.int64).astype(numbers.dtype)
        numbers = numbers * len(column.categories) + codes
    rows = np.argsort(numbers, kind="stable")
    keys = np.array([str(number) for number in numbers[rows].tolist()], dtype=object)
    columns = columns.take(rows)

    def entries(values: NDArray[Any], selected: NDArray[np.bool_]) -> dict[str, Any]:
        return dict(zip(keys[selected].tolist(), values[selected].tolist(), strict=True))

    counts = columns.numbers
    is_point, codes, statuses = _statuses(counts)
    own = {"schema_version": version_of(columns.schema), **table_document(columns)}
    labels = {}
    for status in sorted(set(statuses.tolist()) - {""}):
        parts = [FLAG_LABELS.get(letter, letter) for letter in status.removeprefix(":")]
        labels[status] = "; ".join(["not known exactly"] * status.startswith(":") + parts)
    return {
        "version": "2.0",
        "class": "dataset",
        "label": f"Trafficking in human beings: {table.kind}",
        "id": [ids[name] for name in order],
        "size": [len(axes[name].categories) for name in order],
        "role": {"geo": ["geo"], "time": ["time"]},
        "dimension": {
            ids[name]: {
                "label": columns.schema[name].title,
                "category": {
                    "index": {code: index for index, code in enumerate(column.categories)},
                    "label": {
                        code: _label(columns.schema[name], code) for code in column.categories
                    },
                },
            }
            for name, column in axes.items()
        },
        "value": entries(counts.lower, is_point),
        "status": entries(statuses[codes], (statuses != "")[codes]),
        "extension": {"status": {"label": labels}, "thbstats": own},
    }


def _statuses(numbers: Numbers) -> tuple[NDArray[np.bool_], NDArray[np.intp], NDArray[Any]]:
    """Return exact rows, and codes with the status of each for other programs."""
    is_point = (numbers.lower == numbers.upper) & (numbers.reason != Reason.NOT_APPLICABLE.severity)
    # 0 for an exact count; otherwise the position of the reason plus one.
    signs = np.where(is_point, 0, numbers.reason.astype(np.int64) + 1)
    size = len(Reason) + 1
    distinct, codes = np.unique(numbers.flags.astype(np.int64) * size + signs, return_inverse=True)
    statuses = []
    for mask, sign in zip(*divmod(distinct, size), strict=True):
        letters = flag_set(int(mask))
        more = _SIGNS.get(list(Reason)[sign - 1], "") if sign else ""
        statuses.append(":" * bool(sign) + "".join(sorted({*letters, *more})))
    return is_point, codes, np.array(statuses, dtype=object)


def _label(dimension: Dimension, code: str) -> str:
    if dimension.content == "area":
        return Area.parse(code).label
    if dimension.vocabulary is None:
        return code
    if dimension.is_country(code):
        return country_name(code)
    return dimension.vocabulary(code).label


def recognise(file: InputFile) -> str:
    """Return the feature that identifies the format; empty for other files."""
    if not is_json(file) or not _CLASS_SIGNS.search(file.data):
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
    """Read the counts of the data sets of a JSON-stat file, or of the selected one."""
    request = FORMAT.request(path, options)
    cubes, links = _selected_cubes(request.file, dataset)
    readings: list[Reading] = []
    for cube in cubes:
        if "thbstats" in cube.extension.value:
            refuse_declaration(request)
            table = _own_table(request.file.name, cube, request.publication())
            readings.append(finish_own(request, Dataset(**{table.kind: table})))
            continue
        start = sum(reading.log.read for reading in readings)
        observed = _observed(request.file, cube, start, request.declare)
        readings.append(_eurostat.reading(observed, evolve(request, strict=False)))
    return _merged(readings, links).checked(request.strict)


def read_observations(file: InputFile, dataset: str | int | None = None) -> Observations:
    """Return the observations of the only or the selected data set of a file."""
    cubes, _ = _selected_cubes(file, dataset)
    if len(cubes) > 1:
        raise InvalidValue(
            f"must be passed, because {file.name} has {len(cubes)} data sets",
            field="dataset",
            hint="Pass its position or label: "
            + "; ".join(f"{n}: {cube.text('label')}" for n, cube in enumerate(cubes[:20])),
        )
    return _observed(file, cubes[0])


def _selected_cubes(file: InputFile, dataset: str | int | None) -> tuple[list[Cube], list[str]]:
    """Return the data sets of a file, or the selected one, and the addresses of linked ones."""
    content = parse_json(file)
    document = JsonPart(content)
    if not isinstance(content, dict):
        raise document.error(f"{file.name} must be JSON-stat", "Download a JSON-stat file")
    answer = content.get("error", content.get("warning"))
    if "class" not in content and answer is not None:
        raise InvalidFile(
            f"{file.name} must contain data", value=str(answer)[:200], hint="Send the query again"
        )
    version = content.get("version")
    if str(version).partition(".")[0] != "2":
        problem, hint = "must have version 2 of JSON-stat", "Ask the publisher for JSON-stat 2.0"
        raise document.error(f"{file.name} {problem}", hint, "version", value=version)
    cubes: list[Cube] = []
    links: list[str] = []
    for part in _items(document):
        item, kind = part.value, part.value["class"]
        if kind == "dataset" and ("value" in item or "dimension" in item):
            cubes.append(_cube(part))
        elif kind == "dimension" or not part.path:
            problem = "must be 'dataset' or 'collection'"
            raise part.error(problem, "Download the data set", "class", value=kind)
        else:
            links.append(str(item.get("href", item.get("label", "without an address")))[:200])
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
    # The column of each dimension, in lower case; declared columns keep their names.
    names = {id_: id_.lower() for id_ in cube.axes}
    for id_, name in names.items():
        if name in (VALUE, FLAGS, CONF):
            problem, hint = "must not be the name of a measure", "Rename the dimension"
            raise cube.part.error(problem, hint, "id", value=id_)
    time = next((id_ for id_, name in names.items() if name in (TIME, "time_period")), "")
    own, role = declare or Declaration(), cube.role("time")
    declared = map(str.lower, (*own.columns, *own.recode, *own.ignored))
    if time or (role and role.lower() not in declared):
        names[time or role] = TIME
    ledger = _ledger(cube, start, names, file.limits)
    geo = names.get(cube.role("geo"), "")
    area = {geo: "area"} if geo and geo not in DIMENSIONS else {}
    return Observations(
        ledger=ledger,
        dimensions=tuple(name for name in names.values() if name != TIME),
        declaration=Declaration(columns=area),
        source=_source(cube),
    )


def _source(cube: Cube) -> Source | None:
    agency, dataset = (cube.extension.get(name).value for name in ("agencyId", "id"))
    label, updated = cube.text("label"), cube.text("updated")
    if isinstance(agency, str) and isinstance(dataset, str) and dataset.strip():
        return _eurostat.provenance(agency, dataset, updated)
    if not label:
        return None
    publisher, url = cube.text("source"), cube.text("href")
    return Source(title=label, publisher=publisher, url=url, published=_eurostat.day_of(updated))


def _ledger(cube: Cube, start: int, names: Mapping[str, str], limits: Limits) -> Ledger:
    """Return a row for each cell with a value or a status."""
    strays: list[tuple[str, str]] = []
    values, statuses = _cells(cube, strays)
    numbers = sorted(values.keys() | statuses.keys())
    size = len(numbers)
    if size * (len(cube.axes) + 2) > limits.cells:
        problem = f"must have at most {limits.cells} cells"
        hint = "If the file is correct, pass limits=Limits(cells=...)"
        raise cube.part.error(problem, hint)
    columns: dict[str, Any] = {names[id_]: column for id_, column in _axes(cube, numbers).items()}
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
        noun="observation",
        values={"size": cube.size},
    )
    return ledger


def _cells(cube: Cube, strays: list[tuple[str, str]]) -> tuple[dict[int, Any], dict[int, Any]]:
    """Return values and statuses by cell; add those outside of the cube to `strays`."""
    values = _by_number(cube, cube.part.get("value"), strays)
    part = cube.part.get("status", {})
    status = part.value
    if isinstance(status, list) and len(status) == 1 and cube.size != 1:
        (status,) = status
    if isinstance(status, str):  # one status for all values
        status = dict.fromkeys(map(str, values), status)
    return values, _by_number(cube, JsonPart(status, part.path), strays)


def _axes(cube: Cube, numbers: Sequence[int]) -> dict[str, pd.Categorical]:
    """Return the categories of cells by dimension; the last dimension varies fastest."""
    columns: dict[str, pd.Categorical] = {}
    remaining: NDArray[Any] = np.array(numbers, dtype=np.int64 if cube.size < 2**63 else object)
    for id_, codes in reversed(list(cube.axes.items())):
        index = (remaining % max(1, len(codes))).astype(np.int64)
        remaining = remaining // max(1, len(codes))
        categories = pd.Index(codes, dtype=object)
        columns[id_] = pd.Categorical.from_codes(index, categories=categories)
    return dict(reversed(list(columns.items())))


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


FORMAT = Format.named("json_stat", recognise, read, write)
