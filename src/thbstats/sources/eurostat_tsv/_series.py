"""The lines of an Eurostat TSV file, taken apart into observations."""

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

__all__ = ["heading", "observed"]

_HEADING = re.compile(r"([^\t\\/]+)[\\/]\s*(?:time|time_period)", re.IGNORECASE)
_BULK = re.compile(r"estat_(\w+)", re.IGNORECASE)


def heading(line: str) -> list[str]:
    """Return the dimensions that the first cell of a header names, none if it is no such header."""
    match = _HEADING.fullmatch(line.partition("\t")[0].strip())
    return [name.strip().lower() for name in match[1].split(",")] if match else []


@frozen(kw_only=True)
class _Lines:
    """Lines that are series: their numbers, keys and cells; and the cells of those that are not."""

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
            f"{file.name} has more than {file.limits.cells} cells",
            field="limits",
            hint="If it is meant to, read it with limits=Limits(cells=...)",
        )
    first, *rest = text.split("\n")
    names, periods = _header(file, first)
    lines = _lines(rest, len(names), len(periods))
    ledger = _ledger(lines, names, periods)
    for code, lost, what in (
        ("RAGGED", lines.ragged, "a series with more or fewer cells than there are periods"),
        ("BAD_KEY", lines.unkeyed, "a series whose key has more or fewer codes than dimensions"),
    ):
        ledger.reject_lines(
            code, lost, message=what, hint="Fetch the file again: it may be cut off"
        )
    return Observations(ledger=ledger, dimensions=tuple(names), source=_source(file))


def _header(file: InputFile, line: str) -> tuple[list[str], list[str]]:
    names = heading(line)
    periods = [cell.strip() for cell in line.split("\t")[1:]]
    if not names:
        raise InvalidFile(
            f"{file.name} is no Eurostat TSV: its first cell does not name dimensions and time",
            row="line 1",
            value=line[:80],
            hint="It starts like freq,unit,geo\\TIME_PERIOD",
        )
    for listed, what in ((names, "dimension"), (periods, "period")):
        if len(set(listed)) < len(listed) or "" in listed or (RESERVED.keys() & set(listed)):
            raise InvalidFile(
                f"a {what} has no name, stands twice, or is named like what is no {what}",
                row="line 1",
                value=", ".join(listed)[:80],
                hint="Fetch the file again",
            )
    return names, periods


def _lines(rest: Sequence[str], dimensions: int, periods: int) -> _Lines:
    numbers: list[int] = []
    keys: list[list[str]] = []
    cells: list[list[str]] = []
    ragged: list[tuple[int, str]] = []
    unkeyed: list[tuple[int, str]] = []
    for number, line in enumerate(rest, start=2):
        key, *values = line.split("\t")
        codes = [code.strip() for code in key.split(",")]
        if len(values) == periods and len(codes) == dimensions:
            numbers.append(number)
            keys.append(codes)
            cells.append(values)
        elif line.strip():
            lost = unkeyed if len(values) == periods else ragged
            lost += [(number, f"{key} {value.strip()}") for value in values or [""]]
    return _Lines(numbers=numbers, keys=keys, cells=cells, ragged=ragged, unkeyed=unkeyed)


def _ledger(lines: _Lines, names: Sequence[str], periods: Sequence[str]) -> Ledger:
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
        of_cell, column = _distinct([both[part] for both in parts])
        columns[name] = coded(of_cell[indices], column)
    return Ledger(
        pd.DataFrame(columns, copy=False),
        np.repeat(np.array(lines.numbers, dtype=np.int64), width),
        location=lambda row: f"line {lines.numbers[row // width]}, {periods[row % width]}",
    )


def _distinct(texts: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return positions in the list of distinct texts, in the order in which they come."""
    indices, distinct = pd.factorize(np.array(texts, dtype=object))
    return indices, list(distinct)


def _split(cell: str) -> tuple[str, str]:
    """Return the value and the flags of a cell; what ends in neither digit nor colon is no value.

    Flags stand behind a space, in old files right behind the value.
    """
    text = cell.strip()
    value = text.rstrip(ascii_letters + " ")
    if not value or not (value[-1].isdigit() or value[-1] == ":"):
        return text, ""
    return value, "".join(text[len(value) :].split())


def _source(file: InputFile) -> Source:
    """Return the data set; only files from the bulk download have its id in their name."""
    match = _BULK.match(file.name)
    if match:
        return provenance("ESTAT", match[1].upper())
    return Source(title=f"Eurostat, {file.name}", publisher="Eurostat", kind="primary")
