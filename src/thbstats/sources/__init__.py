"""Reading and writing of files in all formats."""

import os
from inspect import signature
from typing import Any

from thbstats.errors import InvalidFile, InvalidValue, UnknownName, did_you_mean
from thbstats.exchange.input_file import (
    LIMITS,
    InputFile,
    Limits,
    Progress,
    no_progress,
    open_input,
)
from thbstats.exchange.json_data import is_json, parse_json
from thbstats.exchange.reading import Reading, ReadLog
from thbstats.exchange.workbooks import parts_of
from thbstats.exchange.write_log import WriteLog
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
    un_sdg,
)
from thbstats.sources._formats import Format, Request, documented
from thbstats.sources.eurostat_tsv import read_population
from thbstats.tables import CountTable, Dataset
from thbstats.tables.frames import Frame

__all__ = [
    "ALL",
    "Format",
    "Limits",
    "ReadLog",
    "Reading",
    "format_named",
    "read",
    "read_population",
    "recognised",
    "write",
]

ALL: tuple[Format, ...] = tuple(
    module.FORMAT
    for module in (
        json_stat,
        thbstats_json,
        thbstats_parquet,
        ctdc,
        htcds,
        un_sdg,
        sdg,
        glotip,
        eurostat_tsv,
        sdmx_csv,
        tidy,
    )
)
"""All formats; the first one that recognises a file reads it."""


def format_named(name: str) -> Format:
    """Return a format by its name."""
    for known in ALL:
        if known.name == name.lower().replace("-", "_"):
            return known
    names = [known.name for known in ALL]
    raise UnknownName(
        "must be a format", field="format", value=name, hint=did_you_mean(name, names)
    )


def recognised(file: InputFile) -> tuple[Format, str]:
    """Return the format of a file and the feature that identifies it."""
    for known in ALL:
        how = known.recognise(file)
        if how:
            return known, how
    _refuse_broken(file)
    raise InvalidFile(
        f"{file.name} must have a supported format",
        field="path",
        value=file.name,
        hint="Declare the columns of another table: declare=thb.Declaration(kind=..., "
        "columns={...}); docs/reference/file-formats.md lists all formats",
    )


def _refuse_broken(file: InputFile) -> None:
    """Raise `InvalidFile` if a file is empty, compressed twice, damaged or not text."""
    if not file.data.strip():
        raise InvalidFile(f"{file.name} must not be empty", hint="Download the file again")
    if file.data.startswith(b"\x1f\x8b"):
        raise InvalidFile(f"{file.name} must not be compressed twice", hint="Decompress it once")
    if file.data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        parts_of(file)
    elif is_json(file):
        parse_json(file)
    else:
        file.utf8  # noqa: B018 - raises an error for invalid text


@documented(Request.__doc__ or "")
def read(
    data: "str | os.PathLike[str] | InputFile | Frame",
    *,
    format: str | None = None,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: "Progress" = no_progress,
    **options: Any,
) -> Reading:
    r"""Read a file of any supported format, or a data frame.

    Parameters
    ----------
    data : str, path, InputFile or frame
        The file, plain or compressed with gzip; or a frame of pandas, polars, pyarrow, DuckDB or
        another library that narwhals supports, which is read like a tidy file.
    format : str, optional
        The name of the format; by default it is recognised by the contents.
    **options
        Options of the format: ``declare`` (`Declaration`), ``source``, ``strict`` (whether a
        problem is an error), and values that apply to all rows, such as ``kind="victims"``.

    Raises
    ------
    InvalidFile
        If the file has no known format, is damaged, or exceeds the limits.
    InvalidValue, UnknownName
        If ``data`` is neither a file nor a frame, or the declaration does not fit the file.

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
    malta.csv: 3 rows read, 3 used, 0 rejected
    >>> reading.table.count(exploitation="labour")
    Count(0 to 8, fewer_than)

    A data frame is read in the same way:

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"area": ["MT"], "period": [2020], "value": ["<9"]})
    >>> read(frame, kind="victims").table.count()
    Count(0 to 8, fewer_than)
    """
    if not isinstance(data, str | os.PathLike | InputFile):
        if format not in (None, "tidy"):
            raise InvalidValue(
                "must be 'tidy' for a data frame", field="format", value=format, hint="Remove it"
            )
        return tidy.read_frame(data, progress=progress, **options)
    try:
        file = open_input(data, encoding, limits, progress)
        if format is not None:
            selected = format_named(format)
        else:
            try:
                selected, _ = recognised(file)
            except InvalidFile:
                if options.get("declare") is None:
                    raise
                selected = tidy.FORMAT
        return selected.read(file, progress=progress, **options)
    except MemoryError:
        name = data.name if isinstance(data, InputFile) else os.path.basename(os.fspath(data))
        raise InvalidFile(
            f"{name} must fit into memory",
            field="limits",
            hint="Read it in parts, or on a machine with more memory",
        ) from None


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
        The data. JSON can contain several tables, other formats exactly one.
    format : str, optional
        The name of the format; by default it is selected by the file extension: ``.csv``, ``.tsv``,
        ``.xlsx``, ``.parquet``, ``.json``, ``.jsonstat`` or ``.sdmx.csv``.
    **options
        Options of the format, such as ``neutralise=True``.

    Raises
    ------
    UnknownName
        If the format or the file extension is not known.
    InvalidValue
        If the format is read only, does not support several tables, or does not have an option.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> table = CountTable.from_rows(
    ...     [{"value": 5979, "stage": "prosecuted"}, {"value": 2927, "stage": "convicted"}],
    ...     kind="justice", area="EU28", period="2015-2016", source="COM(2018) 777",
    ... )
    >>> with TemporaryDirectory() as folder:
    ...     log = write(table, Path(folder) / "justice.csv")
    ...     same = read(Path(folder) / "justice.csv").table == table
    >>> log, same
    (<WriteLog: justice.csv (tidy CSV), 2 rows; lossless>, True)
    """
    selected = _by_extension(os.fspath(path)) if format is None else format_named(format)
    if selected.write is None:
        raise InvalidValue(
            f"must be a format that can be written, got {selected.label}",
            field="format",
            value=selected.name,
            hint=f"Use one of {', '.join(known.name for known in ALL if known.write)}",
        )
    known = signature(selected.write).parameters
    for name, value in options.items():
        if name not in known:
            raise InvalidValue(
                f"must be an option of {selected.label}",
                field=name,
                value=value,
                hint="Remove it",
            )
    return selected.write(data, path, **options)


def _by_extension(path: str) -> Format:
    writers = [known for known in ALL if known.write]
    for known in writers:
        if any(path.lower().endswith(extension) for extension in known.extensions):
            return known
    raise UnknownName(
        "must have a supported file extension",
        field="path",
        value=path,
        hint="Use .csv, .xlsx, .parquet, .json or .jsonstat, or pass format=...",
    )
