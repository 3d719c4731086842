"""Files from the outside world, one format a module."""

import os
from inspect import signature
from typing import Any

from thbstats.errors import InvalidFile, InvalidValue, UnknownName, did_you_mean
from thbstats.exchange import (
    Format,
    InputFile,
    Reading,
    ReadLog,
    WriteLog,
    open_input,
)
from thbstats.exchange.files.limits import LIMITS, Limits, Progress, no_progress
from thbstats.sources import (
    ctdc,
    eurostat_tsv,
    glotip,
    htcds,
    json_stat,
    sdg,
    sdmx_csv,
    thbstats_json,
    thbstats_parquet,
    tidy,
)
from thbstats.sources._unreadable import refuse_broken
from thbstats.sources.eurostat_tsv import read_population
from thbstats.tables import CountTable, Dataset

__all__ = [
    "ALL",
    "Limits",
    "ReadLog",
    "Reading",
    "format_named",
    "read",
    "read_population",
    "recognised",
    "write",
]

ALL: tuple[Format, ...] = (
    json_stat.FORMAT,
    thbstats_json.FORMAT,
    thbstats_parquet.FORMAT,
    ctdc.FORMAT,
    htcds.FORMAT,
    sdg.FORMAT,
    glotip.FORMAT,
    eurostat_tsv.FORMAT,
    sdmx_csv.FORMAT,
    tidy.FORMAT,
)
"""Every format; the first that recognises a file reads it."""


def format_named(name: str) -> Format:
    """Return the format of a name.

    Raises
    ------
    UnknownName
        If there is none.
    """
    for known in ALL:
        if known.name == name.lower().replace("-", "_"):
            return known
    names = [known.name for known in ALL]
    raise UnknownName("no such format", field="format", value=name, hint=did_you_mean(name, names))


def recognised(file: InputFile) -> tuple[Format, str]:
    """Return the format of a file and how it shows it.

    Parameters
    ----------
    file : InputFile
        The file.

    Returns
    -------
    tuple of Format and str

    Raises
    ------
    InvalidFile
        If it is of no format that is known; where it is empty, cut or no text, that is said.
    """
    for known in ALL:
        how = known.recognise(file)
        if how:
            return known, how
    refuse_broken(file)
    labels = ", ".join(known.label for known in ALL)
    raise InvalidFile(
        f"{file.name} is of no format that is known",
        field="path",
        value=file.name,
        hint=f"Known are {labels}; for a table with other columns say what they are: "
        "declare=Declaration(kind=..., columns={...})",
    )


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    format: str | None = None,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
    **options: Any,
) -> Reading:
    r"""Return what a file holds, whatever its format.

    Parameters
    ----------
    path : str, path or InputFile
        The file; it may be packed with gzip.
    format : str, optional
        The name of its format; by default it is recognised by its contents.
    encoding : str, optional
        The encoding of its text, where it is not UTF-8 and no byte order mark says which.
    limits : Limits
        What is taken in.
    progress : callable
        Told how far it is.
    **options
        Passed to the format's own ``read``: ``declare``, ``source``, ``strict``, and what all
        rows have in common, such as ``kind="victims"``.

    Returns
    -------
    Reading
        With ``table`` or ``data``, and the ``report`` on every row.

    Raises
    ------
    InvalidFile
        If it is of no format that is known, broken, or larger than the limits.
    DefectiveFile
        If something is odd and ``strict`` is set.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"area,period,status,exploitation,value\nMT,2020,detected,total,12\n"
    ...     b"MT,2020,detected,sexual,7\nMT,2020,detected,labour,<9\n",
    ...     name="malta.csv",
    ... )
    >>> reading = read(file, kind="victims", source="National Statistics Office of Malta")
    >>> print(reading.log.summary())
    malta.csv: 3 rows read, 3 used, 0 set aside
    >>> reading.table.count(exploitation="labour")
    Count(0 to 8, fewer_than)
    """
    try:
        file = open_input(path, encoding, limits, progress)
        if format is not None:
            chosen = format_named(format)
        elif options.get("declare") is not None:
            chosen = _declared(file)
        else:
            chosen, _ = recognised(file)
        return chosen.read(file, progress=progress, **options)
    except MemoryError:
        name = path.name if isinstance(path, InputFile) else os.path.basename(os.fspath(path))
        raise InvalidFile(
            f"{name} needs more memory than this machine has",
            field="limits",
            hint="Read it on a machine with more memory, or in parts",
        ) from None


def _declared(file: InputFile) -> Format:
    """Return the format of a file of which the columns are declared."""
    try:
        return recognised(file)[0]
    except InvalidFile:
        return format_named("tidy")


def write(
    data: CountTable | Dataset,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    **options: Any,
) -> WriteLog:
    """Write a table to a file.

    Parameters
    ----------
    data : CountTable or Dataset
        What to write; a data set goes into JSON as it is, else it must hold one table.
    path : str or path
        The file; it is replaced if it exists.
    format : str, optional
        The name of the format; by default the ending of the path says which.
    **options
        Passed to the format's own ``write``, such as ``neutralise=True``.

    Returns
    -------
    WriteLog
        What the file does not hold, if anything.

    Raises
    ------
    UnknownName
        If there is no such format, or no format has the ending.
    InvalidValue
        If the format is only read, a data set of several tables does not fit into it, or its
        writer has no such option.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> table = CountTable.from_rows(
    ...     [{"value": 5979, "stage": "prosecuted"}, {"value": 2927, "stage": "convicted"}],
    ...     kind="justice", area="EU28", period="2015-2016", source="COM(2018) 777",
    ... )
    >>> with TemporaryDirectory() as folder:
    ...     report = write(table, Path(folder) / "justice.csv")
    ...     same = read(Path(folder) / "justice.csv").table == table
    >>> report, same
    (<WriteLog on justice.csv (tidy CSV), 2 rows: nothing lost>, True)
    """
    chosen = _by_ending(os.fspath(path)) if format is None else format_named(format)
    if chosen.write is None:
        raise InvalidValue(
            f"{chosen.label} is read and not written",
            field="format",
            value=chosen.name,
            hint=f"Use one of {', '.join(known.name for known in ALL if known.write)}",
        )
    known = signature(chosen.write).parameters
    for name, value in options.items():
        if name not in known:
            raise InvalidValue(
                f"writing {chosen.label} has no such option",
                field=name,
                value=value,
                hint="Leave it out",
            )
    return chosen.write(data, path, **options)


def _by_ending(path: str) -> Format:
    writers = [known for known in ALL if known.write]
    for known in writers:
        if any(path.lower().endswith(ending) for ending in known.endings):
            return known
    endings = [ending for known in writers for ending in known.endings]
    raise UnknownName(
        "the ending of the path says no format",
        field="path",
        value=path,
        hint=f"End it with one of {', '.join(endings)}, or give format=...",
    )
