"""Formats of this library: version, kind, classifications and origins of a file."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError
from thbstats.files.json_data import JsonPart, origins_data
from thbstats.files.ledger import Ledger
from thbstats.files.reading import Reading
from thbstats.files.table_schemas import SCHEMA_VERSION
from thbstats.records import KINDS, Schema, schema_of
from thbstats.sources._formats import Request
from thbstats.tables import Dataset
from thbstats.tables.columns import Columns
from thbstats.tables.origins import Origin
from thbstats.vocabulary import Classification


def refuse_declaration(request: Request) -> None:
    """Raise `InvalidValue` for a declaration of a file that declares its own columns."""
    problem = f"must not be passed for {request.label}"
    if request.declare is not None:
        raise InvalidValue(problem, field="declare", hint="Remove it")
    for name, value in request.constants.items():
        raise InvalidValue(problem, field=name, value=value, hint="Remove it")


def check_version(name: str, version: object, field: str) -> None:
    """Raise `InvalidFile` for a file with a newer version, or without a version."""
    if type(version) is not int or version < 1:
        raise InvalidFile(
            f"{name} must have a version", field=field, value=version, hint="Write the file again"
        )
    if version > SCHEMA_VERSION:
        raise InvalidFile(
            f"{name} must have at most version {SCHEMA_VERSION}, got {version}",
            field=field,
            value=version,
            hint="Read it with a newer version of thbstats",
        )


def kind_of(part: JsonPart) -> str:
    """Return a kind of count in a JSON document."""
    kind = part.text()
    if kind not in KINDS:
        raise part.error("must be a kind of count", f"Write one of {', '.join(KINDS)}", value=kind)
    return kind


def schema_in(kind: str, part: JsonPart) -> Schema:
    """Return the schema of a kind of count with the classifications of a JSON document."""
    classifications = []
    for item in part.parts():
        content = item.mapping()
        try:
            classifications.append(Classification.from_dict(content))
        except ThbstatsError as error:
            keys = [*str(error.row or "").split("."), *str(error.field or "").split(".")]
            raise item.error(error.problem, error.hint, *filter(None, keys)) from None
    try:
        return schema_of(kind, *classifications)
    except ThbstatsError as error:
        raise part.error(error.problem, error.hint, value=error.value) from None


def origin_members(columns: Columns, keys: Sequence[str] | None = None) -> dict[str, Any]:
    """Return sources, origins, and the origin of each row or key; empty without origins.

    Origins are numbered by first occurrence.
    """
    distinct, first = np.unique(columns.origin, return_index=True)
    codes = distinct[np.argsort(first)].tolist()
    used = list(dict.fromkeys(columns.origins[code] for code in codes))
    if used in ([], [Origin()]):
        return {}
    position = {origin: index for index, origin in enumerate(used)}
    table = np.array([position.get(origin, 0) for origin in columns.origins], dtype=np.int64)
    positions = table[columns.origin].tolist()
    by_row = positions if keys is None else dict(zip(keys, positions, strict=True))
    return {**origins_data(used), "origin": 0 if len(used) == 1 else by_row}


def finish_own(request: Request, data: Dataset) -> Reading:
    """Return the reading of a file with all rows used, if it has the requested kind of count."""
    kinds = {table.kind: table.columns.schema for table in data.tables()}
    if request.kind not in (None, *kinds, *kinds.values()):
        problem = f"must be a kind in {request.file.name}: {' or '.join(kinds) or 'none'}"
        raise InvalidValue(problem, field="kind", value=request.kind, hint="Remove it")
    rows = np.arange(1, 1 + sum(len(table) for table in data.tables()))
    return request.finish(Ledger(pd.DataFrame(index=rows), rows), data=data)
