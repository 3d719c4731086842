"""Contributions of countries and registering bodies to counts."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from thbstats.disclosure.suppression_rules import Contributor
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.tables import CountTable, require_table

__all__ = ["contributions", "require_known_counts"]


def require_known_counts(table: CountTable) -> NDArray[np.int64]:
    """Return the counts of a table, all of which must be known.

    Raises
    ------
    InvalidValue
        If a count is an interval; the error names its row.
    """
    unknown = np.flatnonzero(require_table(table).lower < table.upper)
    if len(unknown):
        row = int(unknown[0])
        raise InvalidValue(
            "all counts must be known",
            row=row,
            field="value",
            value=str(table.record(row).count),
            hint="Pass the table before suppression",
        )
    return table.lower


def contributions(
    table: CountTable, contributors: CountTable, by: Literal["area", "register"]
) -> dict[int, tuple[Contributor, ...]]:
    """Return the contributors of each row in descending order.

    Raises
    ------
    InvalidValue
        If the tables differ in kind, a contribution is not known, or the contributions exceed
        the count.
    """
    if contributors.kind != table.kind:
        raise InvalidValue(
            f"`contributors` must be a table of {table.kind}",
            field="contributors",
            value=contributors.kind,
            hint=f"Pass a table of {table.kind}",
        )
    by_cell: dict[tuple[str, ...], list[Contributor]] = {}
    for row, amount in enumerate(require_known_counts(contributors).tolist()):
        name, cell = _split_key(contributors, row, by)
        if amount:
            by_cell.setdefault(cell, []).append((name, amount))
    found = {}
    for row, upper in enumerate(table.upper.tolist()):
        whole, cell = _split_key(table, row, by)
        pairs = [pair for pair in by_cell.get(cell, []) if _contributes(by, pair[0], whole)]
        total = sum(amount for _, amount in pairs)
        if total > upper:
            raise InvalidValue(
                f"the contributions must not exceed the count, got {total} of {upper:.0f}",
                row=row,
                field="contributors",
                hint="Include each contributor once",
            )
        if pairs:
            found[row] = tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
    return found


def _split_key(table: CountTable, row: int, by: str) -> tuple[str, tuple[str, ...]]:
    """Return the contributor of a row and its other codes."""
    key = table.columns.key(row)
    name = key.pop(by)
    return name, tuple(key.values())


def _contributes(by: str, name: str, whole: str) -> bool:
    if by == "register":
        return name != "not_stated" and whole in ("not_stated", name)
    members = Area.parse(name).members
    return len(members) == 1 and members <= Area.parse(whole).members
