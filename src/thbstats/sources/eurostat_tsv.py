r"""Eurostat TSV: a line for each series, a column for each period.

The first cell of a line is the key of the series, with codes separated by commas; the header names
the dimensions in the same way, and the time after a backslash. A cell contains a value or a colon,
followed by flags.
"""

import re
from string import ascii_letters
from typing import Any

import numpy as np
import pandas as pd

from thbstats.errors import InvalidFile
from thbstats.files.delimited import read_delimited
from thbstats.files.input_file import InputFile
from thbstats.files.ledger import Ledger
from thbstats.files.reading import Reading
from thbstats.files.unpivoting import interleaved
from thbstats.records import Source
from thbstats.sources._eurostat import (
    DIMENSIONS,
    FLAGS,
    RESERVED,
    TIME,
    VALUE,
    Observations,
    column_of,
    provenance,
    reading,
)
from thbstats.sources._formats import FilePath, Format
from thbstats.tables.encoding import coded

__all__ = ["DIMENSIONS", "FORMAT", "read", "recognise"]

_HEADER = re.compile(r"([^\t\\/]+)[\\/]\s*(?:time|time_period)", re.IGNORECASE)
_BULK = re.compile(r"estat_(\w+)", re.IGNORECASE)


def _dimensions(line: str) -> list[str]:
    """Return the dimensions in the first cell of a header; empty for other headers."""
    match = _HEADER.fullmatch(line.partition("\t")[0].strip())
    return [name.strip().lower() for name in match[1].split(",")] if match else []


def recognise(file: InputFile) -> str:
    """Return the feature that identifies Eurostat TSV; empty for other files."""
    line = file.head.partition("\n")[0]
    return "its first cell names dimensions and time" if _dimensions(line) else ""


def read(path: FilePath, **options: Any) -> Reading:
    """Read the counts of a Eurostat TSV file."""
    request = FORMAT.request(path, options)
    return reading(read_observations(request.file), request)


def read_observations(file: InputFile) -> Observations:
    """Return the observations of a file: one for each cell of each series."""
    names = _dimensions(file.head.partition("\n")[0])
    if not names:
        raise InvalidFile(
            f"{file.name} must be Eurostat TSV, with dimensions and time in its first cell",
            row="line 1",
            value=file.head.partition("\n")[0][:80],
            hint="Check that it starts like freq,unit,geo\\TIME_PERIOD",
        )
    rows = read_delimited(file, "\t")
    first, *periods = map(str, rows.raw)
    for listed, noun in ((names, "dimension"), (periods, "period")):
        if len(set(listed)) < len(listed) or "" in listed or (RESERVED.keys() & set(listed)):
            raise InvalidFile(
                f"each {noun} must have a unique name that is not a reserved one",
                row="line 1",
                value=", ".join(listed)[:80],
                hint="Download the file again",
            )
    # A series is a line with a code for each dimension; its key is repeated for each period.
    series, width = rows.column(first), len(periods)
    codes = [[code.strip() for code in key.split(",")] for key in series.categories]
    has_codes = series.isin([n for n, own in enumerate(codes) if len(own) == len(names)])
    used = np.flatnonzero(has_codes)
    columns: dict[str, Any] = {}
    for axis, name in enumerate(names):
        texts = [own[axis] if len(own) == len(names) else None for own in codes]
        column = series.take(np.repeat(used, width)).with_values(texts)
        columns[name] = coded(column.codes, column.categories)
    columns[TIME] = coded(np.tile(np.arange(width), len(used)), periods)
    distinct = interleaved([rows.column(period).take(used) for period in periods])
    parts = [_split(cell) for cell in distinct.categories]
    for part, name in enumerate((VALUE, FLAGS)):
        columns[name] = column_of([pair[part] for pair in parts]).take(distinct.codes)
    lines = rows.lines[used]
    ledger = Ledger(
        pd.DataFrame(columns, copy=False),
        np.repeat(lines, width),
        location=lambda row: f"line {lines[row // width]}, {periods[row % width]}",
    )
    unkeyed = [
        (int(rows.lines[row]), [rows.column(str(name)).value_at(row) for name in rows.raw])
        for row in np.flatnonzero(~has_codes).tolist()
    ]
    for code, lost in (("RAGGED.series", rows.ragged), ("BAD_KEY", unkeyed)):
        cells = [(line, own[0], value) for line, own in lost for value in own[1:] or [""]]
        ledger.reject_lines(code, [(line, f"{key} {v.strip()}") for line, key, v in cells])
    bulk = _BULK.match(file.name)
    source = (
        provenance("ESTAT", bulk[1].upper())
        if bulk
        else Source(title=f"Eurostat, {file.name}", publisher="Eurostat", kind="primary")
    )
    return Observations(ledger=ledger, dimensions=tuple(names), source=source)


def _split(cell: str) -> tuple[str, str]:
    """Return the value and the flags of a cell.

    Flags follow a space, in old files directly the value. Other texts are values without flags.
    """
    text = cell.strip()
    value = text.rstrip(ascii_letters + " ")
    if not value or not (value[-1].isdigit() or value[-1] == ":"):
        return text, ""
    return value, "".join(text[len(value) :].split())


FORMAT = Format.named("eurostat_tsv", recognise, read)
