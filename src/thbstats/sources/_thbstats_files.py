"""What the formats of this library share: a file says itself what it holds, and its version."""

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
    """Refuse what somebody says of a file that says it itself.

    Raises
    ------
    InvalidValue
        If there is a declaration, or something that all rows are to have in common.
    """
    named = ["declare"] if declare is not None else []
    for name in [*named, *constants]:
        raise InvalidValue(
            f"{label} says itself what it holds", field=name, hint="Leave it out, and read again"
        )


def check_version(name: str, stated: object, field: str) -> None:
    """Refuse a file of another version.

    Raises
    ------
    InvalidFile
        If it is newer, or no version at all.
    """
    if type(stated) is not int or stated < 1:
        raise InvalidFile(
            f"{name} states no version", field=field, value=stated, hint="Write the file again"
        )
    if stated > SCHEMA_VERSION:
        raise InvalidFile(
            f"{name} is of version {stated}, and this library reads up to {SCHEMA_VERSION}",
            field=field,
            value=stated,
            hint="Read it with a newer thbstats; what an older one would leave out is not known",
        )


def finish_own_reading(
    data: Dataset, file: InputFile, *, label: str, how: str, strict: bool, kind: str | None
) -> Reading:
    """Return the reading of a file of which every row is used.

    Raises
    ------
    InvalidValue
        If a kind of count is asked for that the file does not hold.
    """
    kinds = [table.kind for table in data.tables()]
    if kind is not None and kind not in kinds:
        raise InvalidValue(
            f"{file.name} holds {' and '.join(kinds) or 'nothing'}",
            field="kind",
            value=kind,
            hint="Leave it out: the file says itself what it holds",
        )
    rows = np.arange(1, 1 + sum(len(table) for table in data.tables()))
    ledger = Ledger(pd.DataFrame(index=rows), rows)
    more: dict[str, Any] = {"recognised": how, "strict": strict, "data": data}
    return finish_reading(ledger, file, label=label, **more)
