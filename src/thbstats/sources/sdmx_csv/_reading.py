"""Reading of SDMX-CSV files."""

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
from thbstats.exchange.files.delimited import first_lines
from thbstats.records import Source
from thbstats.sources import _eurostat
from thbstats.sources.sdmx_csv._columns import id_of, observed

__all__ = ["observations", "read", "recognise"]


def recognise(file: InputFile) -> str:
    """Return the feature that identifies SDMX-CSV; empty for other files."""
    names = {id_of(name).upper() for name in next(first_lines(file), [])}
    if not {"OBS_VALUE", "TIME_PERIOD"} <= names:
        return ""
    version = "2.0" if "STRUCTURE" in names else "1.0"
    return f"version {version}: its header has TIME_PERIOD and OBS_VALUE"


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
    r"""Read the counts of an SDMX-CSV file.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    declare : Declaration, optional
        The declaration of columns that are not known (see ``DIMENSIONS``), or another meaning of
        known ones, by their ids; measures are ``time``, ``value``, ``flags`` and ``conf``.
    source : Source or str, optional
        The publication; by default the data set and its last update in the file.
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
        If it is not SDMX-CSV, is damaged, or exceeds the limits.
    InvalidValue, UnknownName
        If a column is not known and not declared, or the declaration does not fit the file.
    DefectiveFile
        If the file has problems and ``strict`` is set.

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
    r"""Return the observations of an SDMX-CSV file without interpretation.

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
        If it is not SDMX-CSV, is damaged, or exceeds the limits.

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
