"""JSON-stat files of this library: bounds, reasons and provenance under ``extension.thbstats``."""

import os
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.files.declaration import Declaration
from thbstats.files.json_data import JsonPart, pointer, read_origins, write_json
from thbstats.files.json_schemas import version_of
from thbstats.files.ledger import Ledger
from thbstats.files.write_log import UnsupportedFeature, WriteLog
from thbstats.geography import Area, country_name
from thbstats.records import Dimension
from thbstats.sources._eurostat import FLAGS, TIME, VALUE, column_of
from thbstats.sources._formats import require_one_table
from thbstats.sources._json_stat_cubes import Cube
from thbstats.sources._own_formats import check_version, kind_of, origin_members, schema_in
from thbstats.tables import CountTable, Dataset
from thbstats.tables.cell_findings import finding_codes
from thbstats.tables.columns import Numbers
from thbstats.tables.encoding import categorical
from thbstats.tables.origins import Origin, reporters_text, source_text
from thbstats.values import FLAG_LABELS, Reason, flag_set

_IDS: Mapping[str, str] = {"area": "geo", "period": TIME}
_OPTIONAL = ("classifications", "counts", "flags", "findings", "sources", "origins", "origin")
_BOUNDS = ("lower", "upper", "reason")
_SIGNS = {Reason.SUPPRESSED: "c", Reason.NOT_APPLICABLE: "z"}
_CHANGED = "Remove the entry, or write the file again"


def own_declaration(name: str, cube: Cube) -> Declaration | None:
    """Return the declaration of a file of this library; otherwise ``None``."""
    if "thbstats" not in cube.extension.value:
        return None
    own = cube.extension["thbstats"]
    if isinstance(own.value, dict):
        version = own.get("schema_version")
        check_version(name, version.value, pointer(*version.path))
    kind = kind_of(own.members(("schema_version", "kind"), _OPTIONAL)["kind"])
    schema = schema_in(kind, own.get("classifications", []))
    columns = {_IDS.get(target, target): target for target in schema.names}
    if cube.axes.keys() != columns.keys():
        raise cube.part.error(
            "must be the dimensions of the kind of count",
            "Write the file again, or remove extension.thbstats and declare the columns",
            "id",
            value=", ".join(sorted(cube.axes.keys() ^ columns.keys())),
        )
    measures = ("value", "flags", *_BOUNDS, "findings", "source", "reporters", "n_reporters")
    columns |= {{"value": VALUE, "flags": FLAGS}.get(name, name): name for name in measures}
    return Declaration(
        kind=kind,
        columns=columns,
        recode={column: {} for column in columns},
        classifications=schema.classifications,
    )


def add_extension(ledger: Ledger, cube: Cube, numbers: Sequence[int]) -> None:
    """Add columns for bounds, reasons, flags, findings and provenance to a row for each cell."""
    own, frame, size = cube.extension["thbstats"], ledger.raw, len(numbers)
    rows = {str(number): row for row, number in enumerate(numbers)}

    def entries(part: JsonPart) -> dict[int, JsonPart]:
        """Return the entries of a member by row; each entry must refer to a cell."""
        for key in part.mapping():
            if key not in rows:
                problem = "must be the number of a cell with a value or status"
                raise part.error(problem, _CHANGED, key)
        return {rows[key]: part[key] for key in part.value}

    def sparse(items: Mapping[int, str], texts: Sequence[str] | None = None) -> pd.Categorical:
        plain = [""] * size if texts is None else list(texts)
        for row, item in items.items():
            plain[row] = item
        return column_of(plain)

    bounds = {row: _bounds(part) for row, part in entries(own.get("counts", {})).items()}
    for index, name in enumerate(_BOUNDS):
        frame[name] = sparse({row: item[index] for row, item in bounds.items()})
    for name in ("flags", "findings"):
        texts = {row: part.text() for row, part in entries(own.get(name, {})).items()}
        if name == "findings" or texts or FLAGS not in frame:
            before = frame[FLAGS].tolist() if name == "flags" and FLAGS in frame else None
            frame[name] = sparse(texts, before)
    origins = read_origins(own) or [Origin()]
    origin, last = own.get("origin", 0), len(origins) - 1
    if isinstance(origin.value, dict):
        by_row = entries(origin)
        if missing := size - len(by_row):
            raise origin.error(f"must include all cells, {missing} are missing", _CHANGED)
        indices = [by_row[row].integer(last) for row in range(size)]
    else:
        indices = [origin.integer(last)] * size
    texts_of_origins = {
        "source": [source_text(o.sources) for o in origins],
        "reporters": [reporters_text(o.reporters) or "" for o in origins],
        "n_reporters": ["" if o.n_reporters is None else str(o.n_reporters) for o in origins],
    }
    for name, values in texts_of_origins.items():
        frame[name] = categorical(np.array(indices, dtype=np.int64), values)


def _bounds(part: JsonPart) -> tuple[str, str, str]:
    """Return the bounds and the reason of a count as texts."""
    if not isinstance(part.value, list) or len(part.value) != len(_BOUNDS):
        raise part.error("must be a count", "Write [lower bound, upper bound, reason]")
    lower, upper, reason = part.parts()
    largest = 2**60  # larger values are rejected with their row
    lower_bound = str(lower.integer(largest))
    return lower_bound, "inf" if upper.value is None else str(upper.integer(largest)), reason.text()


def write(data: CountTable | Dataset, path: str | os.PathLike[str]) -> WriteLog:
    """Write a table as a JSON-stat data set.

    Other programs read exact counts as values and other counts as a status; `read` restores all
    features.

    Parameters
    ----------
    data : CountTable or Dataset
        The table, or a data set with exactly one table.
    path : str or path
        The file; an existing file is replaced.

    Returns
    -------
    WriteLog
        The number of rows, and the features that the format does not fully support.

    Raises
    ------
    InvalidValue
        If a data set does not contain exactly one table, or the format does not support a text.
    """
    table = require_one_table(data, "JSON-stat")
    document = document_of(table)
    write_json(document, path)
    own = document["extension"]["thbstats"]
    features = [
        (
            "NO_ENDS",
            len(own["counts"]),
            "other programs read a status instead of the bounds and the reason of counts that are "
            "not exactly known",
        ),
        (
            "NO_ORIGIN",
            len(table) if "origins" in own else 0,
            "other programs do not read sources and reporting countries",
        ),
        (
            "UNANSWERED",
            int((table.unanswered >= 0).sum()),
            "JSON-stat does not support the number of cases without an answer",
        ),
    ]
    examples = [f"cell {key}: {item}" for key, item in list(own["counts"].items())[:5]]
    unsupported = [
        UnsupportedFeature(
            code=code,
            is_lost=code == "UNANSWERED",
            rows=rows,
            message=message,
            examples=examples if code == "NO_ENDS" else (),
        )
        for code, rows, message in features
        if rows
    ]
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
    is_point, codes, statuses, flags = _statuses(counts)
    differ = np.array(
        [status.removeprefix(":") != flag for status, flag in zip(statuses, flags, strict=True)],
        dtype=np.bool_,
    )
    own = {
        "schema_version": version_of(columns.schema),
        "kind": table.kind,
        "counts": _counts(keys, counts),
        "flags": entries(flags[codes], differ[codes]),
    }
    if columns.schema.classifications:
        own["classifications"] = [item.to_dict() for item in columns.schema.classifications]
    having = columns.has_finding()
    if having.any():
        texts = np.array([finding_codes(result) for result in columns.findings], dtype=object)
        own["findings"] = entries(texts[columns.finding], having)
    own |= origin_members(columns, keys.tolist())
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
            ids[name]: _described(columns.schema[name], column.categories)
            for name, column in axes.items()
        },
        "value": entries(counts.lower, is_point),
        "status": entries(statuses[codes], (statuses != "")[codes]),
        "extension": {"status": {"label": labels}, "thbstats": own},
    }


def _counts(keys: NDArray[Any], numbers: Numbers) -> dict[str, Any]:
    """Return the bounds and the reason of counts that are not exactly known."""
    rows = numbers.reason != Reason.KNOWN.severity
    reasons = [str(reason) for reason in Reason]
    columns = (keys, numbers.lower, numbers.upper, numbers.reason)
    return {
        key: [lower, None if upper == np.inf else int(upper), reasons[reason]]
        for key, lower, upper, reason in zip(*(c[rows].tolist() for c in columns), strict=True)
    }


def _statuses(
    numbers: Numbers,
) -> tuple[NDArray[np.bool_], NDArray[np.intp], NDArray[Any], NDArray[Any]]:
    """Return exact rows, and codes with the status for other programs and the flags of each."""
    is_point = (numbers.lower == numbers.upper) & (numbers.reason != Reason.NOT_APPLICABLE.severity)
    # 0 for an exact count; otherwise the position of the reason plus one.
    signs = np.where(is_point, 0, numbers.reason.astype(np.int64) + 1)
    size = len(Reason) + 1
    distinct, codes = np.unique(numbers.flags.astype(np.int64) * size + signs, return_inverse=True)
    flags, statuses = [], []
    for mask, sign in zip(*divmod(distinct, size), strict=True):
        letters = flag_set(int(mask))
        flags.append("".join(sorted(letters)))
        more = _SIGNS.get(list(Reason)[sign - 1], "") if sign else ""
        statuses.append(":" * bool(sign) + "".join(sorted({*letters, *more})))
    return is_point, codes, np.array(statuses, dtype=object), np.array(flags, dtype=object)


def _described(dimension: Dimension, codes: Sequence[str]) -> dict[str, Any]:
    return {
        "label": dimension.title,
        "category": {
            "index": {code: index for index, code in enumerate(codes)},
            "label": {code: _label(dimension, code) for code in codes},
        },
    }


def _label(dimension: Dimension, code: str) -> str:
    if dimension.content == "area":
        return Area.parse(code).label
    if dimension.vocabulary is None:
        return code
    if dimension.is_country(code):
        return country_name(code)
    return dimension.vocabulary(code).label
