"""Common parts of the JSON and Parquet formats of this library."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from thbstats.errors import InvalidFile, InvalidValue
from thbstats.exchange import Declaration, InputFile, Ledger, Reading, finish_reading
from thbstats.exchange.schemas import SCHEMA_VERSION
from thbstats.tables import Dataset

__all__ = ["check_undeclared", "check_version", "finish_own_reading"]


def check_undeclared(
    label: str, declare: Declaration | None, constants: Mapping[str, object]
) -> None:
    """Raise an error for a declaration of a file that declares its own columns.

    Raises
    ------
    InvalidValue
        If there is a declaration or a constant.
    """
    named = ["declare"] if declare is not None else []
    for name in [*named, *constants]:
        raise InvalidValue(f"must not be passed for {label}", field=name, hint="Remove it")


def check_version(name: str, version: object, field: str) -> None:
    """Raise an error for a file of an unsupported version.

    Raises
    ------
    InvalidFile
        If it has a newer version, or no version.
    """
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


def finish_own_reading(
    data: Dataset, file: InputFile, *, label: str, how: str, strict: bool, kind: str | None
) -> Reading:
    """Return the reading of a file with all rows used.

    Raises
    ------
    InvalidValue
        If the file does not contain the requested kind of count.
    """
    kinds = [table.kind for table in data.tables()]
    if kind is not None and kind not in kinds:
        raise InvalidValue(
            f"must be a kind in {file.name}: {' or '.join(kinds) or 'none'}",
            field="kind",
            value=kind,
            hint="Remove it",
        )
    rows = np.arange(1, 1 + sum(len(table) for table in data.tables()))
    ledger = Ledger(pd.DataFrame(index=rows), rows)
    more: dict[str, Any] = {"recognised": how, "strict": strict, "data": data}
    return finish_reading(ledger, file, label=label, **more)
