"""Columns of a table of percentages by their role."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.auditing.figures import TextColumn
from thbstats.auditing.rounding import CountColumn
from thbstats.auditing.table_cells import RowProblems, read_cells, read_counts
from thbstats.errors import InvalidFile, InvalidValue, UnknownName, did_you_mean
from thbstats.exchange import (
    LIMITS,
    PARQUET,
    CountParser,
    InputFile,
    Limits,
    is_workbook,
    open_input,
    read_delimited,
    read_parquet,
    read_sheet,
)
from thbstats.tables.frames import frame_columns

_MOST_DECIMALS = 15
"""The largest number of exact decimals of a number in a file."""

_WORKBOOK = (
    "A workbook stores 56.0 as 56: percentages have the remaining decimals, unless "
    "the option decimals is given"
)

_IS_PERCENTAGE = re.compile("percent|share|pct|%", re.IGNORECASE)


@frozen(kw_only=True)
class TableStyle:
    """Options of a table."""

    numerals: CountParser = field(factory=CountParser)
    decimals: int | None = None
    bases: Sequence[str] | None = None
    encoding: str | None = None
    limits: Limits = LIMITS

    def __attrs_post_init__(self) -> None:
        if self.decimals is not None and self.decimals not in range(_MOST_DECIMALS + 1):
            raise InvalidValue(
                f"`decimals` must be an integer from 0 to {_MOST_DECIMALS}",
                field="decimals",
                value=self.decimals,
                hint="Give the number of decimals in the publication, such as 1",
            )


@frozen(eq=False, kw_only=True)
class _OpenedTable:
    """Columns of a frame or a file; lines with too many or few cells are not rows."""

    title: str
    columns: Mapping[str, Any]
    size: int
    locate: Callable[[int], int | str] = int
    notes: tuple[str, ...] = ()
    ragged: tuple[InvalidFile, ...] = ()


def _opened(table: Any, header: str, style: TableStyle) -> _OpenedTable:
    """Return the columns of a frame or a file; the header row of a workbook has a given name."""
    if not isinstance(table, str | os.PathLike | InputFile):
        columns, size = frame_columns(table)
        return _OpenedTable(title="table", columns=columns, size=size)
    opened = open_input(table, style.encoding, style.limits)
    if opened.data.startswith(PARQUET):
        columns, size = frame_columns(read_parquet(opened))
        return _OpenedTable(
            title=opened.name, columns=columns, size=size, locate=lambda row: f"row {row + 1}"
        )
    if is_workbook(opened):
        grid = read_sheet(opened, header=lambda names: header in map(str.lower, names))
        noun, notes = "row", (*grid.notes, _WORKBOOK)
    else:
        grid = read_delimited(opened)
        noun, notes = "line", tuple(grid.notes)
    return _OpenedTable(
        title=opened.name,
        columns={str(name): cells for name, cells in grid.raw.items()},
        size=len(grid.lines),
        locate=lambda row: f"{noun} {grid.lines[row]}",
        notes=notes,
        ragged=tuple(
            InvalidFile(
                f"{len(cells)} cells in a table of {len(grid.raw.columns)} columns",
                row=f"{noun} {line}",
                hint="Put a cell that contains the separator in quotation marks",
            )
            for line, cells in grid.ragged
        ),
    )


class TableColumns:
    """Columns of a table by role, with the problems of their cells."""

    def __init__(self, source: Any, header: str, roles: Sequence[str], style: TableStyle) -> None:
        self.table, self.style = _opened(source, header, style), style
        self.problems = RowProblems(self.table.locate)
        self.roles: dict[str, Any] = {}
        self.others: dict[str, Any] = {}
        for name, values in self.table.columns.items():
            role = str(name).strip().lower()
            if role in self.roles:
                raise InvalidValue("must be the name of one column", field=role, hint="Rename one")
            if role in roles:
                self.roles[role] = values
            else:
                self.others[str(name).strip()] = values

    def require(self, *roles: str, what: str) -> None:
        """Refuse a table without a column for some roles."""
        if not set(roles) & set(self.roles):
            hint = did_you_mean(roles[0], [*self.roles, *self.others])
            if "printed" in roles:
                named = [name for name in self.others if _IS_PERCENTAGE.search(name)]
                hint = f"Rename the column {named[0]!r} to 'printed'" if len(named) == 1 else hint
            raise UnknownName(f"there is no column of {what}", field=roles[0], hint=hint)

    def counts(self, role: str, values: Any = None) -> CountColumn:
        """Return a column of counts; without the column all are missing."""
        values = self.roles.get(role) if values is None else values
        if values is None:
            return CountColumn.missing(self.table.size)
        return read_counts(values, role, self.style.numerals, self.problems)

    def read(self, role: str, read: Callable[[str], int], default: int) -> NDArray[np.int64]:
        """Return the value of each text of a column."""
        column = TextColumn.of(self.roles[role], role)
        values = dict.fromkeys(range(len(column.values)), default)
        values |= read_cells(column, role, read, self.problems)
        return np.asarray(np.array(list(values.values()), dtype=np.int64)[column.codes])

    def texts(self, role: str, condition: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return the rows whose text has a property."""
        column = TextColumn.of(self.roles[role], role)
        answers = np.array([condition(text) for text in column.values], dtype=np.bool_)
        return np.asarray(answers[column.codes])
