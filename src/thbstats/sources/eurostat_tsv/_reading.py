"""Eurostat's TSV files as tables, or as the observations that stand there."""

import os
from typing import Any

import pandas as pd

from thbstats.exchange import (
    LIMITS,
    Declaration,
    InputFile,
    Limits,
    Progress,
    Reading,
    no_progress,
    open_input,
)
from thbstats.records import Source
from thbstats.sources import _eurostat
from thbstats.sources.eurostat_tsv._series import heading, observed

__all__ = ["observations", "read", "recognise"]


def recognise(file: InputFile) -> str:
    """Return how a file shows that it is Eurostat's TSV, ``""`` if it does not."""
    line = file.head.partition("\n")[0]
    return "its first cell names dimensions and time" if heading(line) else ""


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Return the counts of an Eurostat TSV file.

    Parameters
    ----------
    path : str, path or InputFile
        The file; it may be packed with gzip.
    declare : Declaration, optional
        What its columns are, where that is not known (see ``DIMENSIONS``) or another. Columns are
        named by their ids, in small letters or as they stand; measures are ``time``, ``value``,
        ``flags`` and ``conf``.
    source : Source or str, optional
        Where it was published; by default Eurostat's data set, if the name of the file says which
        (``estat_...``), else Eurostat and that name.
    strict : bool
        Whether a defect is an error.
    encoding : str, optional
        The encoding, where it is not UTF-8 and no byte order mark says which.
    limits : Limits
        What is taken in.
    progress : callable
        Told how far it is.
    kind : str, optional
        The kind of count, for rows that do not say it.
    **constants
        What all rows have in common, such as ``status="registered"``.

    Returns
    -------
    Reading

    Raises
    ------
    InvalidFile
        If it is no Eurostat TSV, broken, or larger than the limits.
    InvalidValue, UnknownName
        If a column is not known and not declared, or the declaration does not fit.
    DefectiveFile
        If something is odd and ``strict`` is set.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"freq,unit,leg_stat,sex,geo\\TIME_PERIOD\t2014 \t2015 \n"
    ...     b"A,NR,PER_VICT,F,RO\t: c\t616 b\n"
    ... )
    >>> table = read(file).table
    >>> table.count(period=2015, sex="female")
    Count(616)
    >>> table.count(period=2014, sex="female").reason.label
    'suppressed by the source'
    """
    file = open_input(path, encoding, limits, progress)
    return _eurostat.reading(
        observed(file),
        file,
        label="Eurostat TSV",
        recognised=recognise(file),
        declare=declare,
        source=source,
        strict=strict,
        progress=progress,
        kind=kind,
        constants=constants,
    )


def observations(
    path: str | os.PathLike[str] | InputFile,
    *,
    encoding: str | None = None,
    limits: Limits = LIMITS,
) -> pd.DataFrame:
    r"""Return the observations of an Eurostat TSV file as they stand, whatever they are about.

    Parameters
    ----------
    path : str, path or InputFile
        The file.
    encoding, limits : optional
        As for `read`.

    Returns
    -------
    DataFrame
        The dimensions under their ids in small letters, ``time``, ``value`` as printed,
        ``flags``, ``conf``: the same as from every other format of Eurostat.

    Raises
    ------
    InvalidFile
        If it is no Eurostat TSV, broken, or larger than the limits.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"freq,wst_oper,unit,geo\\TIME_PERIOD\t2023 \t2024 \nA,TRT,THS_T,DK\t4513 \t4511 p\n"
    ... )
    >>> observations(file)[["geo", "time", "value", "flags"]].to_numpy().tolist()
    [['DK', '2023', '4513', nan], ['DK', '2024', '4511', 'p']]
    """
    return _eurostat.observations(observed(open_input(path, encoding, limits)))
