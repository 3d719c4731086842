"""SDMX-CSV files as tables, or as the observations that stand there."""

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
    sniff,
)
from thbstats.records import Source
from thbstats.sources import _eurostat
from thbstats.sources.sdmx_csv._columns import id_of, observed

__all__ = ["observations", "read", "recognise"]


def recognise(file: InputFile) -> str:
    """Return how a file shows that it is SDMX-CSV, ``""`` if it does not."""
    names = {id_of(name).upper() for name in _names(file.head.partition("\n")[0])}
    if not {"OBS_VALUE", "TIME_PERIOD"} <= names:
        return ""
    version = "2.0" if "STRUCTURE" in names else "1.0"
    return f"version {version}: its header has TIME_PERIOD and OBS_VALUE"


def _names(header: str) -> list[str]:
    return [name.strip().strip('"') for name in header.split(sniff(header))]


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
    r"""Return the counts of an SDMX-CSV file.

    Parameters
    ----------
    path : str, path or InputFile
        The file; it may be packed with gzip.
    declare : Declaration, optional
        What its columns are, where that is not known (see ``DIMENSIONS``) or another. Columns are
        named by their ids, in small letters or as they stand; measures are ``time``, ``value``,
        ``flags`` and ``conf``.
    source : Source or str, optional
        Where it was published; by default the data set and its last update, as the file says.
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
        If it is no SDMX-CSV, broken, or larger than the limits.
    InvalidValue, UnknownName
        If a column is not known and not declared, or the declaration does not fit.
    DefectiveFile
        If something is odd and ``strict`` is set.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"DATAFLOW,freq,unit,leg_stat,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    ...     b"ESTAT:CRIM_THB_SEX(1.0),A,NR,PER_VICT,F,RO,2015,616,\n"
    ... )
    >>> read(file).table.count(sex="female")
    Count(616)
    """
    file = open_input(path, encoding, limits, progress)
    return _eurostat.reading(
        observed(file),
        file,
        label="SDMX-CSV",
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
    r"""Return the observations of an SDMX-CSV file as they stand, whatever they are about.

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
        If it is no SDMX-CSV, broken, or larger than the limits.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"STRUCTURE,STRUCTURE_ID,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    ...     b"dataflow,ESTAT:PRC_HICP_MANR(1.0),RCH_A,EA20,2026-06,1.9,p\n"
    ... )
    >>> observations(file).iloc[0].to_dict()
    {'unit': 'RCH_A', 'geo': 'EA20', 'time': '2026-06', 'value': '1.9', 'flags': 'p', 'conf': nan}
    """
    return _eurostat.observations(observed(open_input(path, encoding, limits)))
