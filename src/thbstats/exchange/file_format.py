"""What is known of a file format before a file of it is seen."""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from thbstats.errors import InvalidValue
from thbstats.exchange.files.input_file import InputFile
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.read_log import ReadLog
from thbstats.exchange.reading import Reading
from thbstats.exchange.write_log import WriteLog
from thbstats.records import Populations
from thbstats.tables import CountTable, Dataset, require_table

__all__ = ["Format", "finish_reading", "require_one_table"]


@frozen(kw_only=True)
class Format:
    """A file format.

    Parameters
    ----------
    name : str
        Its name, which is that of its module.
    label : str
        Its name in words.
    endings : tuple of str
        The endings of file names that ask a writer for it; the first format with an ending has
        it.
    recognise : callable
        From an opened file to how it shows that it is of this format; ``""`` if it does not.
    read : callable
        ``read(path, *, declare, source, strict, encoding, limits, progress, **constants)``.
    write : callable or None
        ``write(table, path, ...)``; ``None`` where the format is only read.
    holds : str
        What a file of it can hold of a table, and what it cannot.
    specification : str
        Where the format is described.
    """

    name: str
    label: str
    endings: tuple[str, ...] = ()
    recognise: Callable[[InputFile], str]
    read: Callable[..., Reading]
    write: Callable[..., WriteLog] | None = None
    holds: str
    specification: str


def finish_reading(
    ledger: Ledger,
    file: InputFile,
    *,
    label: str,
    recognised: str,
    strict: bool,
    noun: str = "rows",
    data: Dataset | None = None,
    cases: Any = None,
    populations: Populations | None = None,
) -> Reading:
    """Return what was read, or raise it whole if it is to be without defects.

    Parameters
    ----------
    ledger : Ledger
        The rows and what was odd.
    file : InputFile
        The file.
    label, recognised : str
        As what it was read, and how that was found out.
    strict : bool
        Whether a defect is an error.
    noun : str
        What a row is.
    data, cases, populations : optional
        What the rows became.

    Returns
    -------
    Reading

    Raises
    ------
    DefectiveFile
        If something is odd and ``strict`` is set.
    """
    if file.packing:
        ledger.note(f"Unpacked with {file.packing}")
    log = ReadLog.from_ledger(
        ledger, name=file.name, format=label, recognised=recognised, noun=noun
    )
    reading = Reading(
        data=data or Dataset(),
        log=log,
        rejected=ledger.rejected,
        cases=cases,
        populations=populations,
    )
    return reading.checked(strict)


def require_one_table(data: CountTable | Dataset, label: str) -> CountTable:
    """Return what goes into a file of one table.

    Parameters
    ----------
    data : CountTable or Dataset
        What is to be written.
    label : str
        The name of the format, in words.

    Returns
    -------
    CountTable

    Raises
    ------
    InvalidValue
        If a data set holds several tables, or none, or it is neither.
    """
    if not isinstance(data, Dataset):
        return require_table(data, "data")
    tables = list(data.tables())
    if len(tables) != 1:
        raise InvalidValue(
            f"{label} holds one table",
            field="data",
            value=[table.kind for table in tables],
            hint="Write each table to a file of its own, or all of them as JSON of this library",
        )
    return tables[0]
