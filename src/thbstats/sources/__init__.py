"""Reading and writing of files in all formats."""

import os
from inspect import signature
from typing import Any

from attrs import evolve
from pandas import DataFrame

from thbstats._signatures import explain_arguments
from thbstats.errors import InvalidFile, InvalidValue, UnknownName, did_you_mean, require
from thbstats.files.declaration import Declaration
from thbstats.files.input_file import LIMITS, InputFile, Limits, Progress, no_progress, open_input
from thbstats.files.json_data import is_json, parse_json
from thbstats.files.reading import Reading, ReadLog, WriteLog
from thbstats.files.suggestion import suggest, suggested_options
from thbstats.files.workbooks import parts_of
from thbstats.records import Schema, Source
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
from thbstats.sources._eurostat import frame_of
from thbstats.sources._formats import FilePath, Format, refuse_declaration
from thbstats.sources._population import eurostat_populations, world_populations
from thbstats.sources._population import recognise as _recognise_world
from thbstats.tables import CountTable, Dataset
from thbstats.tables.frames import Frame

__all__ = [
    "ALL",
    "Format",
    "Limits",
    "ReadLog",
    "Reading",
    "format_named",
    "observations",
    "read",
    "read_population",
    "recognised",
    "suggest",
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
    formats = {known.name: known for known in ALL}
    plain = name.lower().replace("-", "_")
    if plain not in formats:
        hint = did_you_mean(name, list(formats))
        raise UnknownName("must be a format", field="format", value=name, hint=hint)
    return formats[plain]


def recognised(file: InputFile) -> tuple[Format, str]:
    """Return the format of a file and the feature that identifies it."""
    if (known := _recognised(file)) is not None:
        return known, known.recognise(file)
    _refuse_others(file)
    hint = "Declare the columns of another table: thbstats.suggest suggests a declaration"
    raise _unsupported(file, hint)


def _unsupported(file: InputFile, hint: str) -> InvalidFile:
    problem = f"{file.name} must have a supported format"
    return InvalidFile(problem, field="path", value=file.name, hint=hint)


def _recognised(file: InputFile) -> Format | None:
    return next((known for known in ALL if known.recognise(file)), None)


def _refuse_others(file: InputFile) -> None:
    """Raise `InvalidFile` if a file is empty, damaged, not text, or contains populations."""
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
    if _recognise_world(file):
        raise InvalidFile(
            f"{file.name} must contain counts, got populations",
            field="path",
            value=file.name,
            hint="Pass a file of counts (thb.sources.read_population reads populations)",
        )


@explain_arguments
def read(
    data: "FilePath | Frame",
    *,
    format: str | None = None,
    declare: "Declaration | str | os.PathLike[str] | None" = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: "Progress" = no_progress,
    kind: str | Schema | None = None,
    **options: Any,
) -> Reading:
    r"""Read a file of any supported format, or a data frame.

    Parameters
    ----------
    data : str, path, InputFile or frame
        The file, plain or compressed with gzip; or a frame of pandas, polars, pyarrow, DuckDB or
        another library that narwhals supports, which is read like a tidy file. A lazy frame is
        collected. Other tables are read with the declaration that `suggest` returns, if it has no
        open question.
    format : str, optional
        The name of the format; by default it is recognised by the contents.
    declare : Declaration or path, optional
        The declaration of columns, additional to those of the format; a path is read as a file in
        TOML or JSON, whose keys are the parameters of `Declaration`. For Eurostat TSV, SDMX-CSV and
        JSON-stat, it names dimensions by their ids, and measures as ``time``, ``value``, ``flags``
        and ``conf``. For a frame, ``""`` in ``recode`` and ``missing`` is a missing value. For
        cases, it may contain classifications only.
    source : Source or str, optional
        The publication, for rows without one; by default that in the file or of its format.
    strict : bool
        Whether a problem is an error; by default, rows with a problem are rejected and logged.
    encoding : str, optional
        The encoding of a text; by default UTF-8, or that of the byte order mark.
    limits : Limits
        The maximum sizes of the file.
    progress : callable
        A function that receives each step and its progress from 0 to 1.
    kind : str or Schema, optional
        The kind of count, for rows without one, or a schema with the classifications of the file.
    **options
        Values that apply to all rows, such as ``area="MT"``, and options of the format:

        - tidy tables: ``separator`` of CSV (default: a tab for ``.tsv``, otherwise the most
          frequent of tab, semicolon and comma in the header); ``sheet``, the worksheets as for
          `Declaration` (default: the first one with the required columns); ``range``, the cells
          of the table, such as ``"A5:H20"``
        - JSON-stat: ``dataset``, the label or the position, from 0, of a data set in a collection
          (default: all data sets are merged)
        - SDMX-CSV: ``structure``, the second file that `write` wrote, with the classifications of
          dimensions of users
        - GLOTIP: ``fewer_than_from``, the smallest count included in ``<5`` (default 0);
          ``sheet`` and ``separator``
        - CTDC: ``age_concept``, the moment of ``age``: ``"at_registration"`` (default),
          ``"at_exploitation"`` or ``"at_entry"``

    Returns
    -------
    Reading
        The tables or cases, and the log of all rows.

    Raises
    ------
    InvalidFile
        If the file has no known format, is damaged, or exceeds the limits. For JSON, ``field`` is
        the JSON Pointer of the invalid part.
    InvalidValue, UnknownName
        If ``data`` is neither a file nor a frame, or the declaration, the kind or an option does
        not fit the file.
    MissingExtra
        If the library for a workbook (python-calamine) or Parquet (pyarrow) is not installed.
    DefectiveFile
        If ``strict`` is set and the file has a problem.

    Examples
    --------
    >>> from thbstats.files import open_bytes
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
    """
    common = {"declare": declare, "source": source, "kind": kind}
    options |= {name: value for name, value in common.items() if value is not None}
    if strict:
        options["strict"] = True
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
            selected = _recognised(file) or tidy.FORMAT
            is_known = selected.recognise(file) or tidy.recognise(file, options.get("separator"))
            if options.get("declare") is None and not is_known:
                _refuse_others(file)
                if is_json(file):
                    raise _unsupported(file, "Save its rows as CSV (or pass a data frame)")
                options = suggested_options(file, options)
        return selected.read(file, progress=progress, **options)
    except MemoryError:
        name = data.name if isinstance(data, InputFile) else os.path.basename(os.fspath(data))
        raise InvalidFile(
            f"{name} must fit into memory",
            field="limits",
            hint="Read it in parts, or on a machine with more memory",
        ) from None


def observations(
    path: FilePath,
    *,
    dataset: str | int | None = None,
    encoding: str | None = None,
    limits: Limits = LIMITS,
) -> DataFrame:
    r"""Return the observations of a file of Eurostat TSV, SDMX-CSV or JSON-stat as they are.

    The columns are the dimensions with the codes of the file, ``time``, ``value``, ``flags`` and
    ``conf``. They are the same for all formats.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    dataset : str or int, optional
        The label or the position, from 0, of a data set in a collection of JSON-stat.
    encoding : str, optional
        The encoding of a text; by default UTF-8, or that of the byte order mark.
    limits : Limits
        The maximum sizes of the file.

    Returns
    -------
    DataFrame
        A row for each observation, with the texts of the file.

    Raises
    ------
    InvalidFile
        If it has another format, is damaged, or exceeds the limits.
    InvalidValue
        If the file contains several data sets and ``dataset`` is not passed.

    Examples
    --------
    >>> from thbstats.files import open_bytes
    >>> file = open_bytes(
    ...     b"freq,wst_oper,unit,geo\\TIME_PERIOD\t2023 \t2024 \nA,TRT,THS_T,DK\t4513 \t4511 p\n"
    ... )
    >>> observations(file)[["geo", "time", "value", "flags"]].to_numpy().tolist()
    [['DK', '2023', '4513', nan], ['DK', '2024', '4511', 'p']]
    """
    file = open_input(path, encoding, limits)
    if json_stat.recognise(file):
        return frame_of(json_stat.read_observations(file, dataset))
    known = next((own for own in (eurostat_tsv, sdmx_csv) if own.recognise(file)), None)
    if known is None or dataset is not None:
        raise InvalidFile(
            f"{file.name} must be JSON-stat{', Eurostat TSV or SDMX-CSV' * (dataset is None)}",
            field="path",
            value=file.name,
            hint="Use thb.read for other formats",
        )
    return frame_of(known.read_observations(file))


def read_population(
    path: FilePath, *, average: bool = False, variant: str | None = None, **options: Any
) -> Reading:
    r"""Read the populations of a file of Eurostat or the United Nations.

    The format is recognised by the contents:

    - Eurostat TSV, such as ``demo_pjan``. A figure is the population on 1 January, or the average
      of the year according to ``indic_de`` of ``demo_gind``.
    - CSV of the United Nations' World Population Prospects: the total population by sex, or the
      population by single age. A figure is the population on 1 July, or on 1 January in files
      with ``1January`` in their name. Thousands with decimals become exact persons. Projections
      have the flag ``f``: years from the revision in the file name on.

    Children are under 18, as published or summed over single years of age; other age groups are
    rejected.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    average : bool
        Whether the figures of a Eurostat file are annual averages, if the file does not contain
        ``indic_de``.
    variant : str, optional
        The variant of the projections of World Population Prospects, such as ``"High"``; default
        ``"Medium"``. Rows of other variants are rejected.
    **options
        ``source``, ``strict``, ``encoding``, ``limits`` and ``progress``, as for `read`.

    Returns
    -------
    Reading
        With ``populations`` and the ``log`` of all observations.

    Raises
    ------
    InvalidFile
        If it has another format, is damaged, exceeds the limits, or has other dimensions than a
        population.
    InvalidValue
        If the file does not have the variant, or its format does not have the option.

    Examples
    --------
    >>> from thbstats.files import open_bytes
    >>> file = open_bytes(
    ...     b"freq,unit,age,sex,geo\\TIME_PERIOD\t2019 \t2020 \n"
    ...     b"A,NR,TOTAL,T,MT\t: \t514564 p\n",
    ...     name="estat_demo_pjan.tsv",
    ... )
    >>> persons = read_population(file).populations
    >>> persons.find("MT", "2020-01-01").persons, persons.find("MT", "2019-01-01").persons
    (Count(514564), Count(0 or more, not_reported))

    References
    ----------
    Eurostat, Population (national level), reference metadata of ``demo_pop``. United Nations,
    World Population Prospects 2024.
    """
    request = tidy.FORMAT.request(path, options)
    constants = {**request.constants, **{name: options[name] for name in {"kind"} & {*options}}}
    refuse_declaration(evolve(request, label="populations", constants=constants))
    world = _recognise_world(request.file)
    unsupported = {"average": average} if world else {"variant": variant}
    for name, value in unsupported.items():
        if value:
            raise InvalidValue(
                f"must not be passed for {request.file.name}",
                field=name,
                value=value,
                hint="Remove it: its format does not have this option",
            )
    if world:
        return world_populations(
            request.recognised_by(world, "World Population Prospects"), variant
        )
    feature = eurostat_tsv.recognise(request.file)
    if not feature:
        raise InvalidFile(
            f"{request.file.name} must be a population in Eurostat TSV or in CSV of World "
            "Population Prospects",
            field="path",
            value=request.file.name,
            hint="Pass Population(...) objects for other files",
        )
    request = request.recognised_by(feature, "Eurostat TSV of population")
    return eurostat_populations(
        request, eurostat_tsv.read_observations(request.file), average=average
    )


@explain_arguments
def write(
    data: CountTable | Dataset,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    **options: Any,
) -> WriteLog:
    """Write a table to a file.

    Equal data give equal bytes.

    Parameters
    ----------
    data : CountTable or Dataset
        The data. JSON can contain several tables, other formats exactly one.
    path : str or path
        The file; an existing file is replaced.
    format : str, optional
        The name of the format; by default it is selected by the file extension: ``.csv``, ``.tsv``,
        ``.xlsx``, ``.parquet``, ``.json``, ``.jsonstat`` or ``.sdmx.csv``.
    **options
        Options of the format:

        - tidy CSV: ``separator`` (default: a tab for ``.tsv``, otherwise a comma);
          ``neutralise``, whether to write an apostrophe before texts that spreadsheets interpret
          as formulas; ``package``, a file such as ``datapackage.json`` in the folder of the CSV
          file or above it: its Data Package, with title, sources, terms and labels of categories
        - SDMX-CSV: ``neutralise``; ``structure``, a second file, in SDMX-ML 3.0: the dataflow,
          data structure, concepts and code lists of the table, with labels in all languages

    Returns
    -------
    WriteLog
        The number of rows, and the features that the format does not fully support.

    Raises
    ------
    UnknownName
        If the format or the file extension is not known.
    InvalidValue
        If the format is read only, or does not support several tables, an option, a text or the
        number of rows.
    MissingExtra
        If the library for Parquet (pyarrow) or xlsx (xlsxwriter) is not installed.

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
    require(
        isinstance(path, str | os.PathLike),
        "`path` must be the path of the new file",
        'Write write(table, "counts.csv")',
        path=type(path),
    )
    if format is None:
        extension = os.fspath(path).lower()
        matching = (known for known in ALL if known.write and extension.endswith(known.extensions))
        selected = next(matching, None)
        if selected is None:
            raise UnknownName(
                "must have a supported file extension",
                field="path",
                value=os.fspath(path),
                hint="Use .csv, .xlsx, .parquet, .json or .jsonstat, or pass format=...",
            )
    else:
        selected = format_named(format)
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
                f"must be an option of {selected.label}", field=name, value=value, hint="Remove it"
            )
    return selected.write(data, path, **options)
