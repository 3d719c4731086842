"""Rows and columns that a declaration makes a reading of."""

from typing import Literal

from thbstats.exchange.assembly import tabulate
from thbstats.exchange.declaration import Declaration
from thbstats.exchange.file_format import finish_reading
from thbstats.exchange.files.delimited import RawTable
from thbstats.exchange.files.input_file import InputFile
from thbstats.exchange.files.limits import Progress, no_progress
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.reading import Reading
from thbstats.records import Source

__all__ = ["ledger_of", "read_declared"]


def ledger_of(grid: RawTable, index: Literal["line", "row"] = "line") -> Ledger:
    """Return the ledger of some cells; lines that are no rows are set aside.

    Parameters
    ----------
    grid : RawTable
        The cells.
    place : {"line", "row"}
        What the numbers of its rows count.

    Returns
    -------
    Ledger
    """
    ledger = Ledger(grid.columns, grid.lines, lambda row: f"{index} {grid.lines[row]}")
    ledger.reject_lines(
        "RAGGED",
        [(line.line, ", ".join(line.cells)) for line in grid.ragged],
        message=f"a line that has not {len(grid.columns.columns)} cells, as the header has",
        hint="Put cells that hold the separator into quotation marks",
    )
    return ledger


def read_declared(
    ledger: Ledger,
    file: InputFile,
    declaration: Declaration,
    *,
    label: str,
    recognised: str,
    source: Source | str | None = None,
    strict: bool = False,
    progress: Progress = no_progress,
) -> Reading:
    """Return what a file holds whose columns are declared.

    Parameters
    ----------
    ledger : Ledger
        The rows.
    file : InputFile
        The file.
    declaration : Declaration
        What the columns are.
    label, recognised : str
        As what it was read, and how that was found out.
    source : Source or str, optional
        Where the figures were published, for rows that do not say so themselves.
    strict : bool
        Whether a defect is an error.
    progress : callable
        Told how far it is.

    Returns
    -------
    Reading

    Raises
    ------
    InvalidValue, UnknownName
        If the declaration does not fit the file; all that is wrong is told, column by column.
    DefectiveFile
        If something is odd and ``strict`` is set.
    """
    named = Source(title=source) if isinstance(source, str) else source
    data = tabulate(ledger, declaration, named, progress)
    return finish_reading(
        ledger, file, label=label, recognised=recognised, strict=strict, data=data
    )
