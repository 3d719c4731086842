"""National tables of SDG indicator 16.2.2 (detected victims) in CSV.

Open SDG platforms publish each indicator with ``Year``, a column for each disaggregation, ``Units``
or ``Series``, and ``Value``. A blank disaggregation is the total. The country is not a column, and
rates are published next to counts.
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
    FileColumn,
    Format,
    InputFile,
    Ledger,
    Limits,
    Progress,
    Reading,
    ledger_of,
    no_progress,
    open_input,
    read_declared,
    read_delimited,
    separator_of,
)
from thbstats.geography import Area, parse_citizenship
from thbstats.records import Source

__all__ = ["FORMAT", "read", "recognise"]

_SOURCE = Source(title="SDG 16.2.2 national data")

# Names of disaggregations in use.
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
    """Return the feature that identifies such a table; empty for other files."""
    first = file.head.partition("\n")[0]
    try:
        names = next(csv.reader([first], delimiter=separator_of(file, first)), [])
    except csv.Error:
        return ""
    lower_names = {name.strip().lower() for name in names}
    if not {"year", "value"} <= lower_names or lower_names.isdisjoint(_UNITS):
        return ""
    is_about = re.search("traffick", file.head, re.I)
    return "it has the columns Year and Value, and contains trafficking" if is_about else ""


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = _SOURCE,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: "Progress" = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Read the counts of a national table of SDG 16.2.2.

    Parameters
    ----------
    path : str, path or InputFile
        The file.
    declare : Declaration, optional
        The declaration of other columns; it overrides the known ones.
    source : Source or str, optional
        The publication of the figures.
    strict, encoding, limits, progress : optional
        See `thbstats.sources.read`.
    kind : str, optional
        ``"victims"``.
    **constants
        Values that apply to all rows: ``area`` is required. By default, the status is detected
        and the unit is persons.

    Returns
    -------
    Reading
        Own nationals are ``reporting_country``.

    Raises
    ------
    InvalidValue
        If the area is missing, or the declaration does not fit the file.
    InvalidFile
        If it is damaged, exceeds the limits, or has no unit.
    DefectiveFile
        If the file has problems and ``strict`` is set.

    References
    ----------
    United Nations, SDG indicator metadata 16.2.2; Open SDG, Data format.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"Year,Sex,Units,Value\n2020,,Number of victims,12\n2020,Females,Number of victims,12\n"
    ...     b"2020,,Per 100 000 population,2.3\n"
    ... )
    >>> reading = read(file, area="MT")
    >>> reading.table.count(sex="female"), reading.log.codes
    (Count(12), ('NO_COUNT',))
    """
    file = open_input(path, encoding, limits, progress)
    progress("parsing", 0.0)
    ledger = ledger_of(read_delimited(file))
    declared = (declare or Declaration()).with_constants(kind, **constants)
    home = _home(declared)
    known = [*declared.columns, *declared.ignored]
    names = [str(name) for name in ledger.raw.columns if name not in known]
    units = [name for name in names if name.lower() in _UNITS]
    columns = {name: _COLUMNS[name.lower()] for name in names if name.lower() in _COLUMNS}
    others = [name for name in names if name not in columns and name not in units]
    if units or not declare:
        _reject_rates(ledger, units)
    _reject_undeclared(ledger, others)
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
    """Return the country of the table; empty if a column contains it."""
    if "area" in declared.columns.values():
        return ""
    if "area" not in declared.constants:
        raise InvalidValue(
            "must be passed, because the file does not contain the country",
            field="area",
            hint="Pass the country, such as area='MT'",
        )
    return Area.parse(str(declared.constants["area"])).code


def _reject_rates(ledger: Ledger, names: Sequence[str]) -> None:
    """Reject rows that are not numbers of victims, by unit."""
    if not names:
        raise InvalidFile(
            "must be a column, to distinguish counts from rates",
            field=_UNITS[0],
            hint="If the values are counts, pass format='tidy' and declare=Declaration(...)",
        )
    counted = np.zeros(len(ledger.lines), dtype=np.bool_)
    for name in names:
        column = FileColumn.from_values(ledger.raw[name], name)
        rates = [index for index, text in enumerate(column.values) if _RATE.search(text)]
        counts = [index for index, text in enumerate(column.values) if _COUNT.search(text)]
        counted |= column.isin(counts)
        rows = column.isin(rates) & ledger.is_used
        ledger.reject(
            "NO_COUNT",
            rows,
            column=name,
            message="not a count of persons, such as a rate",
            hint="No action needed: rates can be calculated from counts and a population",
            texts=column.row_counts(rates, rows),
        )
    ledger.reject(
        "NO_UNIT",
        ~counted & ledger.is_used,
        column=names[-1],
        message="not a known unit of counts or rates",
        hint="If the values are counts, add the column to ignored=[...]",
    )


def _reject_undeclared(ledger: Ledger, names: Sequence[str]) -> None:
    """Reject rows with a value in an unknown column."""
    for name in names:
        column = FileColumn.from_values(ledger.raw[name], name)
        with_text = [index for index, text in enumerate(column.values) if text.strip()]
        rows = column.isin(with_text) & ledger.is_used
        ledger.reject(
            "UNDECLARED",
            rows,
            column=name,
            message="a value in an undeclared column",
            hint="Declare it: columns={column: dimension}, or add it to ignored=[...]",
            texts=column.row_counts(with_text, rows),
        )


def _recode(ledger: Ledger, columns: Mapping[str, str], home: str) -> dict[str, dict[str, str]]:
    """Return the recoding of blanks and of own nationals."""
    recode: dict[str, dict[str, str]] = {}
    for name, target in columns.items():
        if target in _BLANK_IS_TOTAL:
            column = FileColumn.from_values(ledger.raw[name], name)
            recode[name] = {"": "total"}
            blank = [index for index, text in enumerate(column.values) if not text.strip()]
            if (column.isin(blank) & ledger.is_used).any():
                ledger.note(f"A blank in {name!r} is the total")
            if target == "citizenship":
                own = [text.strip() for text in column.values if _is_of(text, home)]
                recode[name] |= dict.fromkeys(own, "reporting_country")
    return recode


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
    contents="Detected victims of one country by year, sex, age, citizenship and form of "
    "exploitation, which can overlap. Rates are rejected. The file does not contain its publisher.",
    specification="Open SDG, Data format; United Nations, SDG indicator metadata 16.2.2",
)
