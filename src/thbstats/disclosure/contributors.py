"""Which countries or registering bodies add how much to the counts of a table."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from thbstats.disclosure.rules import Contributor
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.tables import CountTable, require_table

__all__ = ["contributions", "known_counts"]


def known_counts(table: CountTable) -> NDArray[np.int64]:
    """Return the counts of a table, each of which must be known.

    Raises
    ------
    InvalidValue
        Naming the first row that is not.
    """
    unknown = np.flatnonzero(require_table(table).lower < table.upper)
    if len(unknown):
        row = int(unknown[0])
        raise InvalidValue(
            "a table before publication holds the counts themselves",
            row=row,
            field="value",
            value=str(table.record(row).count),
            hint="Give the table from which the one to be published is made",
        )
    return table.lower


def contributions(
    table: CountTable, contributors: CountTable, by: Literal["area", "register"]
) -> dict[int, tuple[Contributor, ...]]:
    """Return who adds how much to each row, most first; rows without any are left out.

    Raises
    ------
    InvalidValue
        If the tables are of different kinds, a contribution is not known, or all of them
        together are more than the count.
    """
    if contributors.kind != table.kind:
        raise InvalidValue(
            f"a table of {table.kind} has contributors of the same kind",
            field="contributors",
            value=contributors.kind,
            hint=f"Give a table of {table.kind}",
        )
    given: dict[tuple[str, ...], list[Contributor]] = {}
    for row, number in enumerate(known_counts(contributors).tolist()):
        who, rest = _apart(contributors, row, by)
        if number:
            given.setdefault(rest, []).append((who, number))
    found = {}
    for row, number in enumerate(known_counts(table).tolist()):
        whole, rest = _apart(table, row, by)
        adding = [pair for pair in given.get(rest, []) if _adds(by, pair[0], whole)]
        if sum(n for _, n in adding) > number:
            raise InvalidValue(
                f"contributors have {sum(n for _, n in adding)} of {number}",
                row=row,
                field="contributors",
                hint="Give each contributor once, and no more than it adds",
            )
        if adding:
            found[row] = tuple(sorted(adding, key=lambda pair: (-pair[1], pair[0])))
    return found


def _apart(table: CountTable, row: int, by: str) -> tuple[str, tuple[str, ...]]:
    key = table.columns.key(row)
    who = key.pop(by)
    return who, tuple(key.values())


def _adds(by: str, who: str, whole: str) -> bool:
    if by == "register":
        return who != "not_stated" and whole in ("not_stated", who)
    members = Area.parse(who).members
    return len(members) == 1 and members <= Area.parse(whole).members
