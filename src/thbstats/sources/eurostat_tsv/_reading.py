"""Reading of Eurostat TSV files."""

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
from thbstats.sources.eurostat_tsv._series import dimensions_of_header, observed

__all__ = ["observations", "read", "recognise"]


def recognise(file: InputFile) -> str:
    """Return the feature that identifies Eurostat TSV; empty for other files."""
    line = file.head.partition("\n")[0]
    return "its first cell names dimensions and time" if dimensions_of_header(line) else ""


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: "Progress" = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Read the counts of a Eurostat TSV file.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    declare : Declaration, optional
        The declaration of columns that are not known (see ``DIMENSIONS``), or another meaning of
        known ones, by their ids; measures are ``time``, ``value``, ``flags`` and ``conf``.
    source : Source or str, optional
        The publication; by default the data set in the file name (``estat_...``), or Eurostat and
        the file name.
    strict, encoding, limits, progress : optional
        See `thbstats.sources.read`.
    kind : str, optional
        The kind of count, if no column contains it.
    **constants
        Values that apply to all rows, such as ``status="registered"``.

    Returns
    -------
    Reading

    Raises
    ------
    InvalidFile
        If it is not Eurostat TSV, is damaged, or exceeds the limits.
    InvalidValue, UnknownName
        If a column is not known and not declared, or the declaration does not fit the file.
    DefectiveFile
        If the file has problems and ``strict`` is set.

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
    r"""Return the observations of a Eurostat TSV file without interpretation.

    Parameters
    ----------
    path : str, path or InputFile
        The file.
    encoding, limits : optional
        See `read`.

    Returns
    -------
    DataFrame
        The dimensions under their lower-case ids, ``time``, ``value`` as published,
        ``flags`` and ``conf``; the same columns for every Eurostat format.

    Raises
    ------
    InvalidFile
        If it is not Eurostat TSV, is damaged, or exceeds the limits.

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
