"""Several selections side by side, one entry per area (or other category) in each."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import AmbiguousCell
from thbstats.tables.columns import Columns
from thbstats.tables.select import find_rows, parse_selection, with_totals
from thbstats.tables.table import CountTable
from thbstats.values import Reason

__all__ = ["AlignedCounts", "aligned"]


class AlignedCounts(NamedTuple):
    """The counts of one selection, one entry per key.

    Parameters
    ----------
    lower : array of int64
        The smallest possible counts; 0 where there is no row.
    upper : array of float64
        The largest possible counts; ``inf`` where there is no row.
    present : array of bool
        Where there is a row.
    reason : array of uint8
        `Reason.gravity`; that of a count not reported where there is no row.
    row : array of intp
        The row of the table; -1 where there is none.
    """

    lower: NDArray[np.int64]
    upper: NDArray[np.float64]
    present: NDArray[np.bool_]
    reason: NDArray[np.uint8]
    row: NDArray[np.intp]


def aligned(
    table: CountTable, selections: Sequence[Mapping[str, Any]], *, by: str = "area"
) -> tuple[tuple[str, ...], list[AlignedCounts]]:
    """Return, for each category of a dimension, the one cell of each selection.

    As in `CountTable.cell`, a breakdown that is not named is the total, and an attribute that is
    not named must be the same in all rows of a selection.

    Parameters
    ----------
    table : CountTable
        Where to look.
    selections : sequence of mapping
        What to look for.
    by : str
        The dimension along which the results are aligned.

    Returns
    -------
    keys : tuple of str
        All categories of ``by`` in the table, compositions included.
    counts : list of AlignedCounts
        One per selection, each in the order of ``keys``.

    Raises
    ------
    AmbiguousCell
        If a selection finds several cells for a key, or attributes that differ between keys.
    UnknownName
        If a dimension or a word does not exist.
    """
    columns = table.columns
    keys = columns[by].categories
    return keys, [_aligned(columns, by, selection) for selection in selections]


def _aligned(columns: Columns, by: str, selection: Mapping[str, Any]) -> AlignedCounts:
    schema = columns.schema
    wanted = with_totals(schema, parse_selection(schema, selection), free=(by,))
    rows = find_rows(columns, wanted)
    _check_one(columns, by, rows, wanted)
    place = np.full(len(columns[by].categories), -1, dtype=np.intp)
    place[columns[by].codes[rows]] = rows
    return _at(columns, place)


def _check_one(
    columns: Columns, by: str, rows: NDArray[np.intp], wanted: Mapping[str, tuple[str, ...]]
) -> None:
    several = {
        name: found
        for name, column in zip(columns.schema.names, columns.dimensions, strict=True)
        if name != by
        and len(column.categories) > 1
        and len(wanted.get(name, ())) != 1
        and len(found := column.take(rows).compact().categories) > 1
    }
    if several:
        name, found = next(iter(several.items()))
        raise AmbiguousCell(
            f"what is found differs in {', '.join(several)} within or between its {by}",
            field=name,
            value=", ".join(found),
            mend=f"Name {name} in the selection, or choose with where({name}={found[0]!r})",
        )


def _at(columns: Columns, place: NDArray[np.intp]) -> AlignedCounts:
    present = place >= 0
    numbers = columns.numbers
    gap = Reason.NOT_REPORTED.gravity
    return AlignedCounts(
        lower=np.where(present, numbers.lower[place], 0),
        upper=np.where(present, numbers.upper_at(place), np.inf),
        present=present,
        reason=np.where(present, numbers.reason[place], gap).astype(np.uint8),
        row=place,
    )
