"""A frame or a file as columns, and how its numbers are written."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from thbstats.errors import InvalidFile, InvalidValue
from thbstats.exchange import (
    LIMITS,
    PARQUET,
    CountParser,
    InputFile,
    Limits,
    open_input,
    read_delimited,
    read_parquet,
)
from thbstats.exchange.delimited import RaggedLine
from thbstats.exchange.sheets import is_workbook, read_sheet
from thbstats.tables.frames import Frame, frame_columns

__all__ = ["OpenTable", "TableStyle", "opened_table"]

_WORKBOOK = (
    "A workbook stores 56.0 as 56: percentages have the remaining decimals, unless "
    "the option decimals is given"
)

_MOST_DECIMALS = 15
"""A number in a file has no more that are right."""


@frozen(kw_only=True)
class TableStyle:
    """How a table writes its numbers, and which of its columns are bases.

    Parameters
    ----------
    numerals : CountParser
        How counts are written.
    decimals : int, optional
        How many decimals the percentages were printed with, where the table has lost them; from 0
        to 15.
    bases : sequence of str, optional
        The columns that are candidates; by default every other one that holds numbers.

    Raises
    ------
    InvalidValue
        If there are more decimals than any number in a file has.
    """

    numerals: CountParser = field(factory=CountParser)
    decimals: int | None = None
    bases: Sequence[str] | None = None

    def __attrs_post_init__(self) -> None:
        if self.decimals is not None and self.decimals not in range(_MOST_DECIMALS + 1):
            raise InvalidValue(
                f"`decimals` must be an integer from 0 to {_MOST_DECIMALS}",
                field="decimals",
                value=self.decimals,
                hint="Give the number of decimals in the publication, such as 1",
            )


@frozen(eq=False, kw_only=True)
class OpenTable:
    """The columns of a frame or a file, and where its rows stand.

    Parameters
    ----------
    title : str
        The name of the file.
    columns : mapping
        By name.
    size : int
        How many rows there are.
    locate : callable
        From the position of a row to where it stands.
    notes : tuple of str
        What is true of the table as a whole.
    ragged : tuple of InvalidFile
        The lines of too many or few cells, which are no rows.
    """

    title: str
    columns: Mapping[str, Any]
    size: int
    locate: Callable[[int], int | str] = int
    notes: tuple[str, ...] = ()
    ragged: tuple[InvalidFile, ...] = ()


def opened_table(
    table: "Frame | str | os.PathLike[str] | InputFile",
    header: str,
    *,
    encoding: str | None = None,
    limits: Limits = LIMITS,
) -> OpenTable:
    """Return the columns of a frame or a file; lines of too many or few cells are not read.

    Parameters
    ----------
    table : frame, path or InputFile
        A frame of any engine, or a file: CSV and its kin, Parquet, or a workbook.
    header : str
        A name that the row of names in a workbook has.
    encoding, limits : optional
        As for `open_file`.
    """
    if not isinstance(table, str | os.PathLike | InputFile):
        columns, size = frame_columns(table)
        return OpenTable(title="table", columns=columns, size=size)
    opened = open_input(table, encoding, limits)
    if opened.data.startswith(PARQUET):
        columns, size = frame_columns(read_parquet(opened))
        return OpenTable(
            title=opened.name, columns=columns, size=size, locate=lambda row: f"row {row + 1}"
        )
    if is_workbook(opened):
        grid = read_sheet(opened, header=lambda names: header in map(str.lower, names))
        noun, notes = "row", (*grid.notes, _WORKBOOK)
    else:
        grid = read_delimited(opened)
        noun, notes = "line", grid.notes
    return OpenTable(
        title=opened.name,
        columns={str(name): cells for name, cells in grid.frame.items()},
        size=len(grid),
        locate=lambda row: f"{noun} {grid.lines[row]}",
        notes=notes,
        ragged=tuple(_ragged(line, noun, len(grid.frame.columns)) for line in grid.ragged),
    )


def _ragged(line: RaggedLine, noun: str, width: int) -> InvalidFile:
    return InvalidFile(
        f"{len(line.cells)} cells in a table of {width} columns",
        row=f"{noun} {line.line}",
        hint="Put a cell that contains the separator in quotation marks",
    )
