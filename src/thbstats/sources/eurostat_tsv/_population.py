"""Eurostat's data sets on population (``demo_pjan``, ``demo_gind``) as populations."""

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
from thbstats.exchange.text_column import TextColumn
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
    progress: Progress = no_progress,
) -> Reading:
    r"""Return the populations of an Eurostat TSV file, such as that of ``demo_pjan``.

    A figure of a year is the population on its 1 January, or where the file says so
    (``indic_de`` of ``demo_gind``) the average of the year. Children are those under 18, as
    printed or added up from single years of age; other ages are set aside.

    Parameters
    ----------
    path : str, path or InputFile
        The file; it may be packed with gzip.
    average : bool
        Whether the figures are averages of their years, where the file does not say.
    source : Source or str, optional
        Where it was published; by default as for every Eurostat TSV.
    strict : bool
        Whether a defect is an error.
    encoding, limits, progress : optional
        As for `read`.

    Returns
    -------
    Reading
        With ``populations``, and the ``report`` on every observation.

    Raises
    ------
    InvalidFile
        If it is no Eurostat TSV, broken, larger than the limits, or its dimensions are not those
        of a population.
    DefectiveFile
        If something is odd and ``strict`` is set.

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
    unmapped = set(seen.dimensions) - set(_DIMENSIONS)
    if unmapped or "geo" not in seen.dimensions:
        raise InvalidFile(
            f"{file.name} is of no population: its dimensions are other ones",
            field="path",
            value=", ".join(seen.dimensions),
            hint=f"Known are {', '.join(_DIMENSIONS)}; write Population(...) for other files",
        )
    given = next(iter(to_sources(source)), None) or seen.source or Source(title=file.name)
    rows = _rows(seen.ledger, "average" if average else "stock")
    return finish_reading(
        seen.ledger,
        file,
        label="Eurostat TSV of population",
        recognised=recognise(file),
        strict=strict,
        noun="observations",
        populations=Populations(_population_of(row, given) for row in rows.itertuples(index=False)),
    )


def _rows(ledger: Ledger, moment: str) -> pd.DataFrame:
    """Return what is used, a row for each population."""
    rows = pd.DataFrame(
        {
            "area": _column(ledger, "geo", _area, "UNMAPPED", "no country and no composition"),
            "year": _column(ledger, TIME, _year, "UNMAPPED", "no year"),
            "sex": _column(ledger, "sex", _SEX.get, "UNMAPPED", "no sex that is known"),
            "age": _column(ledger, "age", _AGE.get, "NO_PLACE", "an age that is no group here"),
            "moment": _column(
                ledger, "indic_de", {**_MOMENT, "": moment}.get, "NO_COUNT", "no population"
            ),
            "unit": _column(ledger, "unit", _UNIT.get, "NO_COUNT", "no number of persons"),
            "persons": _column(ledger, VALUE, _persons, "NOT_A_COUNT", "no number of persons"),
            "flags": _column(ledger, FLAGS, str, "", ""),
        }
    )
    single = np.array(rows["age"] == _YEAR_OF_CHILDHOOD) & ledger.is_used
    _once(ledger, rows[ledger.is_used & ~single])
    printed = rows[ledger.is_used & ~single]
    children = _children(ledger, rows[single], printed)
    return pd.concat([printed, children], ignore_index=True)


def _column(
    ledger: Ledger, name: str, read: Callable[[str], Any], code: str, what: str
) -> NDArray[Any]:
    """Return our values of a column; rows that have none are set aside."""
    if name not in ledger.raw:
        return np.full(len(ledger.lines), read(""), dtype=object)
    column = TextColumn.from_values(ledger.raw[name])
    # Most figures are of ages that are no group here: they need not be read.
    used = column.count_rows(ledger.is_used)
    shown = [read(text.strip()) if n else "" for text, n in zip(column.values, used, strict=False)]
    found = np.array([*shown, read("")], dtype=object)
    wrong = [index for index, value in enumerate(found) if value is None]
    rows = column.isin(wrong)
    if rows.any():
        ledger.reject(
            code,
            rows,
            message=what,
            hint="Nothing, if no rate is asked over these; else write Population(...)",
            column=name,
            texts=column.row_counts([index for index in wrong if index < len(column.values)], rows),
        )
    values: NDArray[Any] = found[column.codes]
    return values


def _area(text: str) -> str | None:
    try:
        return Area.parse(text).code
    except ThbstatsError:
        return None


def _year(text: str) -> str | None:
    return text if _YEAR.fullmatch(text) else None


def _persons(text: str) -> Count | None:
    """Read a figure; the decimals of an average are between two whole numbers."""
    if text in MISSING:
        return Count.not_reported()
    if not _NUMBER.fullmatch(text):
        return None
    whole, _, decimals = text.partition(".")
    low = int(whole)
    return Count.between(low, low + 1) if decimals.strip("0") else Count.known(low)


def _once(ledger: Ledger, rows: pd.DataFrame) -> None:
    """Set aside what stands twice: all of it where the figures differ."""
    several = rows[rows.duplicated(_KEY, keep=False)]
    again: dict[str, list[int]] = {"REPEATED": [], "CONTRADICTORY": []}
    for _, alike in several.groupby(_KEY):
        differ = len(set(alike["persons"])) > 1
        indices = alike.index.tolist()
        again["CONTRADICTORY" if differ else "REPEATED"] += indices if differ else indices[1:]
    for code, indices in again.items():
        ledger.reject(
            code,
            np.array(indices, dtype=np.intp),
            message="a population that stands in several rows",
            hint="Fetch the file again",
        )


def _children(ledger: Ledger, rows: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Return those under 18, added up from the years of their age where all of them are there."""
    rest = [name for name in _KEY if name != "age"]
    known = set(printed.loc[printed["age"] == "child", rest].itertuples(index=False, name=None))
    found, left = [], list[int]()
    together: dict[tuple[str, ...], list[tuple[int, Count, str]]] = {}
    keys = rows[rest].itertuples(index=False, name=None)
    for key, *year in zip(keys, rows.index, rows["persons"], rows["flags"], strict=True):
        together.setdefault(key, []).append(tuple(year))
    ages = ledger.raw["age"].array if together else ()
    for key, years in together.items():
        indices, persons, flags = zip(*years, strict=True)
        distinct = {str(ages[index]).strip() for index in indices}
        if key in known or len(indices) != len(distinct) or len(distinct) < len(_CHILDHOOD):
            left += indices
            continue
        values = {"age": "child", "persons": reduce(add, persons), "flags": "".join(flags)}
        found.append({**dict(zip(rest, key, strict=True)), **values, "unit": "persons"})
    ledger.reject(
        "NO_PLACE",
        np.array(left, dtype=np.intp),
        message="an age that is no group here, and makes none with the others",
        hint="Nothing, if no rate is asked over children",
        column="age",
    )
    return pd.DataFrame(found, columns=rows.columns)


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
