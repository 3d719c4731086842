"""SDG indicator 16.2.2 as national platforms publish it: detected victims, in CSV.

Sites that are built with Open SDG offer each indicator as a table with ``Year``, a column for each
disaggregation, ``Units`` or ``Series``, and ``Value``. A blank disaggregation is the total there.
The country is the site's own and stands in no column. Rates stand beside the counts.
"""

import csv
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thbstats.errors import InvalidFile, InvalidValue, UnknownName
from thbstats.exchange import (
    LIMITS,
    Declaration,
    Format,
    InputFile,
    Ledger,
    Limits,
    Progress,
    Reading,
    TextColumn,
    ledger_of,
    no_progress,
    open_input,
    read_declared,
    read_delimited,
    sniff,
)
from thbstats.geography import Area, parse_citizenship
from thbstats.records import Source

__all__ = ["FORMAT", "read", "recognise"]

_SOURCE = Source(title="SDG 16.2.2 national data")

# How a publisher calls a disaggregation is its own choice; these names are in use.
_COLUMNS = {
    "year": "period",
    "sex": "sex",
    "gender": "sex",
    "age": "age",
    "age group": "age",
    "citizenship": "citizenship",
    "broad citizenship": "citizenship",
    "nationality": "citizenship",
    "exploitation": "exploitation",
    "form of exploitation": "exploitation",
    "type of exploitation": "exploitation",
    "value": "value",
}
_BLANK_IS_TOTAL = ("sex", "age", "citizenship", "exploitation")
_UNITS = ("units", "unit", "unit of measure", "series")

_RATE = re.compile(r"\bper\s+[\d(]|\brates?\b|\bper\s?cent|%|\bproportion\b|\bshare\b", re.I)
_COUNT = re.compile(r"\b(?:victims?|persons?|people|number)\b", re.I)


def recognise(file: InputFile) -> str:
    """Return how the contents show that they are such a table; empty if they do not."""
    first = file.head.partition("\n")[0]
    try:
        names = next(csv.reader([first], delimiter=sniff(first)), [])
    except csv.Error:
        return ""
    plain = {name.strip().lower() for name in names}
    if not {"year", "value"} <= plain or plain.isdisjoint(_UNITS):
        return ""
    is_about = re.search("traffick", file.head, re.I)
    return "its header names Year and Value, and its rows trafficking" if is_about else ""


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = _SOURCE,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Return the counts of a national table of SDG 16.2.2.

    Parameters
    ----------
    path : str, path or InputFile
        The file.
    declare : Declaration, optional
        What its columns are, where they are named otherwise; it goes before what is known.
    source : Source or str, optional
        Where the figures were published.
    strict : bool
        Whether a defect is an error; rates that are set aside are one.
    encoding : str, optional
        The encoding, where it is not UTF-8 and no byte order mark says which.
    limits : Limits
        What is taken in.
    progress : callable
        Told how far it is.
    kind : str, optional
        ``"victims"``.
    **constants
        What all rows have in common: ``area`` is needed, since no column says it. The status is
        detected and the unit persons unless something else is given.

    Returns
    -------
    Reading
        Own nationals are ``reporting_country``, however the file calls them.

    Raises
    ------
    InvalidValue
        If the country is not given, or the declaration does not fit the file.
    InvalidFile
        If it is broken or larger than the limits, or does not tell counts from rates.
    DefectiveFile
        If something is odd and ``strict`` is set.

    References
    ----------
    United Nations, SDG indicator metadata 16.2.2; Open SDG, Data format.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"Year,Sex,Units,Value\n2020,,Number of victims,12\n2020,Females,Number of victims,12\n"
    ...     b"2020,,Per 100,000 population,2.3\n"
    ... )
    >>> reading = read(file, area="MT")
    >>> reading.table.count(sex="female"), reading.log.codes
    (Count(12), ('NO_COUNT',))
    """
    file = open_input(path, encoding, limits, progress)
    progress("taking apart", 0.0)
    ledger = ledger_of(read_delimited(file))
    declared = (declare or Declaration()).with_constants(kind, **constants)
    home = _home(declared)
    known = [*declared.columns, *declared.ignored]
    names = [str(name) for name in ledger.raw.columns if name not in known]
    units = [name for name in names if name.lower() in _UNITS]
    columns = {name: _COLUMNS[name.lower()] for name in names if name.lower() in _COLUMNS}
    others = [name for name in names if name not in columns and name not in units]
    if units or not declare:
        _set_rates_aside(ledger, units)
    _set_others_aside(ledger, others)
    own = Declaration(
        kind="victims",
        columns=columns,
        recode=_recode(ledger, columns, home),
        constants={"status": "detected", "unit": "persons"},
        ignored=[*units, *others],
    )
    return read_declared(
        ledger,
        file,
        declared.with_defaults(own),
        label=FORMAT.label,
        recognised=recognise(file),
        source=source,
        strict=strict,
        progress=progress,
    )


def _home(declared: Declaration) -> str:
    """Return the country whose table it is; empty where a column says it."""
    if "area" in declared.columns.values():
        return ""
    if "area" not in declared.constants:
        raise InvalidValue(
            "the file does not say of which country it is",
            field="area",
            hint="Say whose figures they are, such as area='MT'",
        )
    return Area.parse(str(declared.constants["area"])).code


def _set_rates_aside(ledger: Ledger, names: Sequence[str]) -> None:
    """Set aside what is no number of victims; any column that says so is believed."""
    if not names:
        raise InvalidFile(
            "no column says whether the values are numbers of victims or rates",
            field=_UNITS[0],
            hint="If they are counts, read the file as tidy and declare its columns",
        )
    counted = np.zeros(len(ledger.lines), dtype=np.bool_)
    for name in names:
        column = TextColumn.from_values(ledger.raw[name], name)
        rates = [index for index, text in enumerate(column.values) if _RATE.search(text)]
        counts = [index for index, text in enumerate(column.values) if _COUNT.search(text)]
        counted |= column.isin(counts)
        rows = column.isin(rates) & ledger.is_used
        ledger.reject(
            "NO_COUNT",
            rows,
            column=name,
            message="no count of persons, such as a rate",
            hint="Nothing is lost: rates follow from counts and a population",
            texts=column.row_counts(rates, rows),
        )
    ledger.reject(
        "NO_UNIT",
        ~counted & ledger.is_used,
        column=names[-1],
        message="neither a number of victims nor a rate that is known",
        hint="If it is a count, declare the column among ignored=[...]",
    )


def _set_others_aside(ledger: Ledger, names: Sequence[str]) -> None:
    """Set aside what is broken down by a column that is not known; blank is the total."""
    for name in names:
        column = TextColumn.from_values(ledger.raw[name], name)
        declared = [index for index, text in enumerate(column.values) if text.strip()]
        rows = column.isin(declared) & ledger.is_used
        ledger.reject(
            "UNDECLARED",
            rows,
            column=name,
            message="rows that say something in a column that is not known",
            hint="Declare what it is: columns={column: ours}, or put it among ignored=[...]",
            texts=column.row_counts(declared, rows),
        )


def _recode(ledger: Ledger, columns: Mapping[str, str], home: str) -> dict[str, dict[str, str]]:
    """Return what words mean in this format alone: blanks, and what own nationals are called."""
    found: dict[str, dict[str, str]] = {}
    for name, ours in columns.items():
        if ours in _BLANK_IS_TOTAL:
            column = TextColumn.from_values(ledger.raw[name], name)
            found[name] = {"": "total"}
            blank = [index for index, text in enumerate(column.values) if not text.strip()]
            if (column.isin(blank) & ledger.is_used).any():
                ledger.note(f"Blank in {name!r} is the total")
            if ours == "citizenship":
                own = [text.strip() for text in column.values if _is_of(text, home)]
                found[name] |= dict.fromkeys(own, "reporting_country")
    return found


def _is_of(text: str, home: str) -> bool:
    try:
        return parse_citizenship(text) == home
    except UnknownName:
        return False


FORMAT = Format(
    name="sdg",
    label="national CSV of SDG 16.2.2",
    recognise=recognise,
    read=read,
    holds="Numbers of detected victims of one country by year, sex, age, citizenship and form of "
    "exploitation, which can overlap. Rates are set aside. Who published it is not in the file.",
    specification="Open SDG, Data format; United Nations, SDG indicator metadata 16.2.2",
)
