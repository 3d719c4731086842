"""Series and observations of Eurostat TSV files."""

import re
from collections.abc import Sequence
from string import ascii_letters
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from thbstats.errors import InvalidFile
from thbstats.exchange import InputFile, Ledger
from thbstats.records import Source
from thbstats.sources._eurostat import FLAGS, RESERVED, TIME, VALUE, Observations, provenance
from thbstats.tables.categories import coded

__all__ = ["dimensions_of_header", "observed"]

_HEADER = re.compile(r"([^\t\\/]+)[\\/]\s*(?:time|time_period)", re.IGNORECASE)
_BULK = re.compile(r"estat_(\w+)", re.IGNORECASE)


def dimensions_of_header(line: str) -> list[str]:
    """Return the dimensions in the first cell of a header; empty for other headers."""
    match = _HEADER.fullmatch(line.partition("\t")[0].strip())
    return [name.strip().lower() for name in match[1].split(",")] if match else []


@frozen(kw_only=True)
class _SeriesLines:
    """Parsed series: line numbers, keys and cells; and rejected lines."""

    numbers: Sequence[int]
    keys: Sequence[Sequence[str]]
    cells: Sequence[Sequence[str]]
    ragged: Sequence[tuple[int, str]]
    unkeyed: Sequence[tuple[int, str]]


def observed(file: InputFile) -> Observations:
    """Return the observations of a file: one for each cell of each series."""
    text = file.text
    signs = text.count("\t") + text.count("\n")
    if signs > file.limits.cells:
        raise InvalidFile(
            f"{file.name} must have at most {file.limits.cells} cells",
            field="limits",
            hint="If the file is correct, pass limits=Limits(cells=...)",
        )
    first, *lines_ = text.split("\n")
    names, periods = _header(file, first)
    lines = _lines(lines_, len(names), len(periods))
    ledger = _ledger(lines, names, periods)
    for code, lost, what in (
        ("RAGGED", lines.ragged, "a series must have one cell for each period"),
        ("BAD_KEY", lines.unkeyed, "the key of a series must have one code for each dimension"),
    ):
        ledger.reject_lines(
            code, lost, message=what, hint="Download the file again: it may be incomplete"
        )
    return Observations(ledger=ledger, dimensions=tuple(names), source=_source(file))


def _header(file: InputFile, line: str) -> tuple[list[str], list[str]]:
    names = dimensions_of_header(line)
    periods = [cell.strip() for cell in line.split("\t")[1:]]
    if not names:
        raise InvalidFile(
            f"{file.name} must be Eurostat TSV, with dimensions and time in its first cell",
            row="line 1",
            value=line[:80],
            hint="Check that it starts like freq,unit,geo\\TIME_PERIOD",
        )
    for listed, what in ((names, "dimension"), (periods, "period")):
        if len(set(listed)) < len(listed) or "" in listed or (RESERVED.keys() & set(listed)):
            raise InvalidFile(
                f"each {what} must have a unique name that is not a reserved one",
                row="line 1",
                value=", ".join(listed)[:80],
                hint="Download the file again",
            )
    return names, periods


def _lines(lines_: Sequence[str], dimensions: int, periods: int) -> _SeriesLines:
    numbers: list[int] = []
    keys: list[list[str]] = []
    cells: list[list[str]] = []
    ragged: list[tuple[int, str]] = []
    unkeyed: list[tuple[int, str]] = []
    for number, line in enumerate(lines_, start=2):
        key, *values = line.split("\t")
        codes = [code.strip() for code in key.split(",")]
        if len(values) == periods and len(codes) == dimensions:
            numbers.append(number)
            keys.append(codes)
            cells.append(values)
        elif line.strip():
            lost = unkeyed if len(values) == periods else ragged
            lost += [(number, f"{key} {value.strip()}") for value in values or [""]]
    return _SeriesLines(numbers=numbers, keys=keys, cells=cells, ragged=ragged, unkeyed=unkeyed)


def _ledger(lines: _SeriesLines, names: Sequence[str], periods: Sequence[str]) -> Ledger:
    width, height = len(periods), len(lines.keys)
    columns: dict[str, Any] = {}
    listed = zip(*lines.keys, strict=True) if lines.keys else ([] for _ in names)
    for name, codes in zip(names, listed, strict=True):
        indices, column = _distinct(codes)
        columns[name] = coded(np.repeat(indices, width), column)
    columns[TIME] = coded(np.tile(np.arange(width), height), periods)
    indices, cells = _distinct([cell for row in lines.cells for cell in row])
    parts = [_split(cell) for cell in cells]
    for name, part in ((VALUE, 0), (FLAGS, 1)):
        of_cell, column = _distinct([pair[part] for pair in parts])
        columns[name] = coded(of_cell[indices], column)
    return Ledger(
        pd.DataFrame(columns, copy=False),
        np.repeat(np.array(lines.numbers, dtype=np.int64), width),
        location=lambda row: f"line {lines.numbers[row // width]}, {periods[row % width]}",
    )


def _distinct(texts: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return codes and distinct texts, in order of occurrence."""
    indices, distinct = pd.factorize(np.array(texts, dtype=object))
    return indices, list(distinct)


def _split(cell: str) -> tuple[str, str]:
    """Return the value and the flags of a cell.

    Flags follow a space, in old files directly the value. Other texts are values without flags.
    """
    text = cell.strip()
    value = text.rstrip(ascii_letters + " ")
    if not value or not (value[-1].isdigit() or value[-1] == ":"):
        return text, ""
    return value, "".join(text[len(value) :].split())


def _source(file: InputFile) -> Source:
    """Return the data set in the file name, otherwise Eurostat and the file name."""
    match = _BULK.match(file.name)
    if match:
        return provenance("ESTAT", match[1].upper())
    return Source(title=f"Eurostat, {file.name}", publisher="Eurostat", kind="primary")
