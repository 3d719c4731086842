"""Populations in Eurostat's data sets ``demo_pjan`` and ``demo_gind``."""

import re
from collections.abc import Callable
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.errors import ThbstatsError
from thbstats.files.ledger import Ledger
from thbstats.geography import Area
from thbstats.records import Population, Populations, Source
from thbstats.sources._eurostat import FLAGS, MISSING, TIME, VALUE
from thbstats.values import Count, Reason

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
_KEY = ["area", "year", "sex", "age", "moment"]


def populations_of(ledger: Ledger, moment: str, source: Source) -> Populations:
    """Return the populations of used rows; `moment` is that of rows without one."""
    year = re.compile(r"\d{4}")
    moments = {"JAN": "stock", "AVG": "average", "": moment}
    columns: dict[str, tuple[str, Callable[[str], Any], str, str]] = {
        "area": ("geo", _area, "UNMAPPED", "not a country or group of countries"),
        "year": (TIME, lambda t: t if year.fullmatch(t) else None, "UNMAPPED", "not a year"),
        "sex": ("sex", _SEX.get, "UNMAPPED", "not a known sex"),
        "age": ("age", _AGE.get, "NO_PLACE", "not a supported age group"),
        "moment": ("indic_de", moments.get, "NO_COUNT", "not a population"),
        "unit": ("unit", _UNIT.get, "NO_COUNT", "not a number of persons"),
        "persons": (VALUE, _persons, "NOT_A_COUNT", "not a number of persons"),
        "flags": (FLAGS, str, "", ""),
    }
    rows = pd.DataFrame({name: _parsed(ledger, *how) for name, how in columns.items()})
    single = np.array(rows["age"] == _YEAR_OF_CHILDHOOD) & ledger.is_used
    duplicates = rows[ledger.is_used & ~single]
    duplicates = duplicates[duplicates.duplicated(_KEY, keep=False)]
    repeated: dict[str, list[int]] = {"REPEATED": [], "CONTRADICTORY": []}
    for _, group in duplicates.groupby(_KEY):
        differ = len(set(group["persons"])) > 1
        indices = group.index.tolist()
        repeated["CONTRADICTORY" if differ else "REPEATED"] += indices if differ else indices[1:]
    for code, indices in repeated.items():
        ledger.reject(
            code,
            np.array(indices, dtype=np.intp),
            message="several rows contain the same population",
            hint="Download the file again",
        )
    published = rows[ledger.is_used & ~single]
    children = _children(ledger, rows[single], published)
    listed: list[Any] = [*published.itertuples(index=False), *children.itertuples(index=False)]
    return Populations(
        Population(
            area=row.area,
            when=row.year if row.moment == "average" else f"{row.year}-01-01",
            persons=Count.suppressed()
            if row.persons.reason is Reason.NOT_REPORTED and "c" in row.flags
            else row.persons,
            sex=row.sex,
            age=row.age,
            flags=row.flags,
            source=source,
        )
        for row in listed
    )


def _parsed(
    ledger: Ledger, name: str, parse: Callable[[str], Any], code: str, message: str
) -> NDArray[Any]:
    """Return the parsed values of a column; reject rows without a value."""
    if name not in ledger.raw:
        return np.full(len(ledger.lines), parse(""), dtype=object)
    column = ledger.column(name)
    # Most figures are of unsupported age groups and are not parsed.
    used = column.count_rows(ledger.is_used)
    texts = zip(column.categories, used, strict=False)
    result = np.array([*(parse(t.strip()) if n else "" for t, n in texts), parse("")], dtype=object)
    wrong = [index for index, value in enumerate(result) if value is None]
    rows = column.isin(wrong)
    ledger.reject(
        code,
        rows,
        message=message,
        hint="No action needed unless you calculate rates with this group",
        column=name,
        texts=column.row_counts([index for index in wrong if index < len(column.categories)], rows),
    )
    values: NDArray[Any] = result[column.codes]
    return values


def _area(text: str) -> str | None:
    try:
        return Area.parse(text).code
    except ThbstatsError:
        return None


def _persons(text: str) -> Count | None:
    """Return the count of a figure; decimals of an average become bounds."""
    if text in MISSING:
        return Count.not_reported()
    if not re.fullmatch(r"\d{1,15}(\.\d+)?", text):
        return None
    integer, _, decimals = text.partition(".")
    lower = int(integer)
    return Count.between(lower, lower + 1) if decimals.strip("0") else Count.known(lower)


def _children(ledger: Ledger, rows: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return the population under 18, summed over single years of age."""
    names = [name for name in _KEY if name != "age"]
    known = set(published.loc[published["age"] == "child", names].itertuples(False, None))
    ages = ledger.column("age") if len(rows) else None
    result, incomplete = [], list[int]()
    for key, years in rows.groupby(names, sort=False):
        texts = {ages.value_at(row).strip() for row in years.index} if ages else set()
        if key in known or not len(years) == len(texts) == len(_CHILDHOOD):
            incomplete += years.index.tolist()
            continue
        values = {"age": "child", "persons": reduce(add, years["persons"]), "unit": "persons"}
        flags = "".join(years["flags"])
        result.append({**dict(zip(names, key, strict=True)), **values, "flags": flags})
    ledger.reject(
        "NO_PLACE",
        np.array(incomplete, dtype=np.intp),
        message="single ages without all years of childhood",
        hint="No action needed unless you calculate rates of children",
        column="age",
    )
    return pd.DataFrame(result, columns=rows.columns)
