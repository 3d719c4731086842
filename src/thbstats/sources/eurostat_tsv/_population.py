"""Eurostat's population data sets (``demo_pjan``, ``demo_gind``)."""

import os
import re
from collections.abc import Callable
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.exchange import (
    LIMITS,
    InputFile,
    Ledger,
    Limits,
    Progress,
    Reading,
    finish_reading,
    no_progress,
    open_input,
)
from thbstats.exchange.file_column import FileColumn
from thbstats.geography import Area
from thbstats.records import Population, Populations, Source
from thbstats.records.reading import to_sources
from thbstats.sources._eurostat import FLAGS, MISSING, TIME, VALUE
from thbstats.sources.eurostat_tsv._reading import recognise
from thbstats.sources.eurostat_tsv._series import observed
from thbstats.values import Count, Reason

__all__ = ["read_population"]

_CHILDHOOD = ("Y_LT1", *(f"Y{age}" for age in range(1, 18)))
_YEAR_OF_CHILDHOOD = "a year of childhood"
_SEX = {"T": "total", "F": "female", "M": "male", "UNK": "unknown", "": "total"}
_AGE = {
    **dict.fromkeys(("TOTAL", ""), "total"),
    **dict.fromkeys(("Y_LT18", "Y0-17", "Y_LE17"), "child"),
    **dict.fromkeys(_CHILDHOOD, _YEAR_OF_CHILDHOOD),
    "Y_GE18": "adult",
    "UNK": "unknown",
}
_UNIT = dict.fromkeys(("NR", "PER", "PS", ""), "persons")
_MOMENT = {"JAN": "stock", "AVG": "average"}
_DIMENSIONS = ("freq", "unit", "age", "sex", "indic_de", "geo")
_KEY = ["area", "year", "sex", "age", "moment"]
_YEAR = re.compile(r"\d{4}")
_NUMBER = re.compile(r"\d{1,15}(\.\d+)?")


def read_population(
    path: str | os.PathLike[str] | InputFile,
    *,
    average: bool = False,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: "Progress" = no_progress,
) -> Reading:
    r"""Read the populations of a Eurostat TSV file, such as ``demo_pjan``.

    A figure is the population on 1 January, or the average of the year according to
    ``indic_de`` of ``demo_gind``. Children are under 18, as published or summed over single
    years of age; other age groups are rejected.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    average : bool
        Whether the figures are annual averages, if the file does not contain ``indic_de``.
    source : Source or str, optional
        The publication; by default that of a Eurostat TSV file.
    strict : bool
        Whether a problem is an error.
    encoding, limits, progress : optional
        See `read`.

    Returns
    -------
    Reading
        With ``populations`` and the ``log`` of all observations.

    Raises
    ------
    InvalidFile
        If it is not Eurostat TSV, is damaged, exceeds the limits, or has other dimensions than a
        population.
    DefectiveFile
        If the file has problems and ``strict`` is set.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"freq,unit,age,sex,geo\\TIME_PERIOD\t2019 \t2020 \n"
    ...     b"A,NR,TOTAL,T,MT\t: \t514564 p\n",
    ...     name="estat_demo_pjan.tsv",
    ... )
    >>> found = read_population(file).populations
    >>> found.find("MT", "2020-01-01").persons, found.find("MT", "2019-01-01").persons
    (Count(514564), Count(0 or more, not_reported))

    References
    ----------
    Eurostat, Population (national level), reference metadata of ``demo_pop``.
    """
    file = open_input(path, encoding, limits, progress)
    seen = observed(file)
    unknown_dimensions = set(seen.dimensions) - set(_DIMENSIONS)
    if unknown_dimensions or "geo" not in seen.dimensions:
        raise InvalidFile(
            f"{file.name} must have the dimensions of a population",
            field="path",
            value=", ".join(seen.dimensions),
            hint="Pass Population(...) objects for other files",
        )
    publication = next(iter(to_sources(source)), None) or seen.source or Source(title=file.name)
    rows = _rows(seen.ledger, "average" if average else "stock")
    return finish_reading(
        seen.ledger,
        file,
        label="Eurostat TSV of population",
        recognised=recognise(file),
        strict=strict,
        noun="observations",
        populations=Populations(
            _population_of(row, publication) for row in rows.itertuples(index=False)
        ),
    )


def _rows(ledger: Ledger, moment: str) -> pd.DataFrame:
    """Return the used rows, one for each population."""
    rows = pd.DataFrame(
        {
            "area": _column(
                ledger, "geo", _area, "UNMAPPED", "not a country or group of countries"
            ),
            "year": _column(ledger, TIME, _year, "UNMAPPED", "not a year"),
            "sex": _column(ledger, "sex", _SEX.get, "UNMAPPED", "not a known sex"),
            "age": _column(ledger, "age", _AGE.get, "NO_PLACE", "not a supported age group"),
            "moment": _column(
                ledger, "indic_de", {**_MOMENT, "": moment}.get, "NO_COUNT", "not a population"
            ),
            "unit": _column(ledger, "unit", _UNIT.get, "NO_COUNT", "not a number of persons"),
            "persons": _column(ledger, VALUE, _persons, "NOT_A_COUNT", "not a number of persons"),
            "flags": _column(ledger, FLAGS, str, "", ""),
        }
    )
    single = np.array(rows["age"] == _YEAR_OF_CHILDHOOD) & ledger.is_used
    _reject_repeated(ledger, rows[ledger.is_used & ~single])
    printed = rows[ledger.is_used & ~single]
    children = _children(ledger, rows[single], printed)
    return pd.concat([printed, children], ignore_index=True)


def _column(
    ledger: Ledger, name: str, parse: Callable[[str], Any], code: str, what: str
) -> NDArray[Any]:
    """Return the parsed values of a column; reject rows without a value."""
    if name not in ledger.raw:
        return np.full(len(ledger.lines), parse(""), dtype=object)
    column = FileColumn.from_values(ledger.raw[name])
    # Most figures are of unsupported age groups and are not parsed.
    used = column.count_rows(ledger.is_used)
    parsed = [
        parse(text.strip()) if n else "" for text, n in zip(column.values, used, strict=False)
    ]
    result = np.array([*parsed, parse("")], dtype=object)
    wrong = [index for index, value in enumerate(result) if value is None]
    rows = column.isin(wrong)
    if rows.any():
        ledger.reject(
            code,
            rows,
            message=what,
            hint="No action needed unless you calculate rates with this group",
            column=name,
            texts=column.row_counts([index for index in wrong if index < len(column.values)], rows),
        )
    values: NDArray[Any] = result[column.codes]
    return values


def _area(text: str) -> str | None:
    try:
        return Area.parse(text).code
    except ThbstatsError:
        return None


def _year(text: str) -> str | None:
    return text if _YEAR.fullmatch(text) else None


def _persons(text: str) -> Count | None:
    """Return the count of a figure; decimals of an average become bounds."""
    if text in MISSING:
        return Count.not_reported()
    if not _NUMBER.fullmatch(text):
        return None
    whole, _, decimals = text.partition(".")
    lower = int(whole)
    return Count.between(lower, lower + 1) if decimals.strip("0") else Count.known(lower)


def _reject_repeated(ledger: Ledger, rows: pd.DataFrame) -> None:
    """Reject repeated rows, and all rows with different figures."""
    duplicates = rows[rows.duplicated(_KEY, keep=False)]
    repeated: dict[str, list[int]] = {"REPEATED": [], "CONTRADICTORY": []}
    for _, group in duplicates.groupby(_KEY):
        differ = len(set(group["persons"])) > 1
        indices = group.index.tolist()
        repeated["CONTRADICTORY" if differ else "REPEATED"] += indices if differ else indices[1:]
    for code, indices in repeated.items():
        ledger.reject(
            code,
            np.array(indices, dtype=np.intp),
            message="duplicates rows contain the same population",
            hint="Download the file repeated",
        )


def _children(ledger: Ledger, rows: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Return the population under 18, summed over single years of age."""
    key_columns = [name for name in _KEY if name != "age"]
    known = set(
        printed.loc[printed["age"] == "child", key_columns].itertuples(index=False, name=None)
    )
    result, incomplete = [], list[int]()
    years_of_key: dict[tuple[str, ...], list[tuple[int, Count, str]]] = {}
    keys = rows[key_columns].itertuples(index=False, name=None)
    for key, *year in zip(keys, rows.index, rows["persons"], rows["flags"], strict=True):
        years_of_key.setdefault(key, []).append(tuple(year))
    ages = ledger.raw["age"].array if years_of_key else ()
    for key, years in years_of_key.items():
        indices, persons, flags = zip(*years, strict=True)
        distinct = {str(ages[index]).strip() for index in indices}
        if key in known or len(indices) != len(distinct) or len(distinct) < len(_CHILDHOOD):
            incomplete += indices
            continue
        values = {"age": "child", "persons": reduce(add, persons), "flags": "".join(flags)}
        result.append({**dict(zip(key_columns, key, strict=True)), **values, "unit": "persons"})
    ledger.reject(
        "NO_PLACE",
        np.array(incomplete, dtype=np.intp),
        message="single ages without all years of childhood",
        hint="No action needed unless you calculate rates of children",
        column="age",
    )
    return pd.DataFrame(result, columns=rows.columns)


def _population_of(row: Any, source: Source) -> Population:
    gap = row.persons.reason is Reason.NOT_REPORTED
    return Population(
        area=row.area,
        when=row.year if row.moment == "average" else f"{row.year}-01-01",
        persons=Count.suppressed() if gap and "c" in row.flags else row.persons,
        sex=row.sex,
        age=row.age,
        flags=row.flags,
        source=source,
    )
