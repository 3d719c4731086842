"""Reading of rows with declared columns."""

from typing import Literal

from thbstats.exchange.assembly import tabulate
from thbstats.exchange.declaration import Declaration
from thbstats.exchange.delimited import RawTable
from thbstats.exchange.file_format import finish_reading
from thbstats.exchange.input_file import InputFile, Progress, no_progress
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.reading import Reading
from thbstats.records import Source

__all__ = ["ledger_of", "read_declared"]


def ledger_of(table: RawTable, noun: Literal["line", "row"] = "line") -> Ledger:
    """Return the ledger of a raw table, with its ragged lines rejected.

    Parameters
    ----------
    table : RawTable
        The cells.
    noun : {"line", "row"}
        The unit of its line numbers.
    """
    ledger = Ledger(table.frame, table.lines, lambda row: f"{noun} {table.lines[row]}")
    ledger.reject_lines(
        "RAGGED",
        [(line.line, ", ".join(line.cells)) for line in table.ragged],
        message=f"a line must have {len(table.frame.columns)} cells, like the header",
        hint="Put quotation marks around cells that contain the separator",
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
    """Return the reading of a file with declared columns.

    Parameters
    ----------
    ledger : Ledger
        The rows.
    file : InputFile
        The file.
    declaration : Declaration
        The declaration of the columns.
    label, recognised : str
        The name of the format and the feature by which it was recognised.
    source : Source or str, optional
        The publication of the figures, for rows without a source.
    strict : bool
        Whether a problem is an error.
    progress : callable
        Function that receives the step and its progress from 0 to 1.

    Raises
    ------
    InvalidValue, UnknownName
        If the declaration does not fit the file; the message lists all problems by column.
    DefectiveFile
        If the file has problems and ``strict`` is set.
    """
    named = Source(title=source) if isinstance(source, str) else source
    data = tabulate(ledger, declaration, named, progress)
    return finish_reading(
        ledger, file, label=label, recognised=recognised, strict=strict, data=data
    )
