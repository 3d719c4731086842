"""Description of a file format."""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from thbstats.errors import InvalidValue
from thbstats.exchange.input_file import InputFile
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
        The name, equal to that of its module.
    label : str
        The label for texts.
    extensions : tuple of str
        The file extensions that select the format for writing; the first format with an extension
        is selected.
    recognise : callable
        Function from an `InputFile` to the feature that identifies the format; ``""`` for other
        files.
    read : callable
        ``read(path, *, declare, source, strict, encoding, limits, progress, **constants)``.
    write : callable or None
        ``write(table, path, ...)``; ``None`` if the format is only read.
    contents : str
        The supported and unsupported features of a table.
    specification : str
        The source of the specification.
    """

    name: str
    label: str
    extensions: tuple[str, ...] = ()
    recognise: Callable[[InputFile], str]
    read: Callable[..., Reading]
    write: Callable[..., WriteLog] | None = None
    contents: str
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
    """Return the reading of a file.

    Parameters
    ----------
    ledger : Ledger
        The rows and their problems.
    file : InputFile
        The file.
    label, recognised : str
        The name of the format and the feature by which it was recognised.
    strict : bool
        Whether a problem is an error.
    noun : str
        The name of a row.
    data, cases, populations : optional
        The results.

    Raises
    ------
    DefectiveFile
        If the file has problems and ``strict`` is set.
    """
    if file.packing:
        ledger.note(f"Decompressed from {file.packing}")
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
    """Return the only table of a data set.

    Parameters
    ----------
    data : CountTable or Dataset
        The data to write.
    label : str
        The label of the format.

    Raises
    ------
    InvalidValue
        If the data are not a table or a data set with exactly one table.
    """
    if not isinstance(data, Dataset):
        return require_table(data, "data")
    tables = list(data.tables())
    if len(tables) != 1:
        raise InvalidValue(
            f"must contain exactly one table for {label}",
            field="data",
            value=[table.kind for table in tables],
            hint="Write each table to its own file, or all tables to a .json file",
        )
    return tables[0]
