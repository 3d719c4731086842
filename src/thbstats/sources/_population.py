"""Populations of Eurostat's ``demo_pjan`` and ``demo_gind``, and of World Population Prospects.

Both become rows of an area, a time and an age group. Rows that cover children, adults or the
population once are added up, and all others are rejected.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, did_you_mean
from thbstats.files.delimited import first_lines, read_delimited
from thbstats.files.input_file import InputFile
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reading import Reading
from thbstats.geography import Area
from thbstats.records import Population, Populations, Source
from thbstats.sources._eurostat import FLAGS, MISSING, TIME, VALUE, Observations
from thbstats.sources._formats import Request
from thbstats.values import Count, Reason

Ages = tuple[int, int]
"""The first age of a group, and the one after the last."""

_OPEN = 1_000  # the end of an age group without an upper age
_AGE_GROUPS = {"child": (0, 18), "adult": (18, _OPEN), "total": (0, _OPEN), "unknown": (-1, 0)}
_KEY = ["area", "when", "sex"]
_FIGURE = re.compile(r"\d{1,15}(\.\d{1,30})?(e[-+]?\d{1,2})?", re.I)
_YEAR = re.compile(r"\d{4}")
_TIME = re.compile(r"(\d{4})(?:\.(0|5)0*)?")

# Codes of Eurostat.
_SEX = {"T": "total", "F": "female", "M": "male", "UNK": "unknown", "": "total"}
_AGE = {
    **dict.fromkeys(("TOTAL", ""), _AGE_GROUPS["total"]),
    **dict.fromkeys(("Y_LT18", "Y0-17", "Y_LE17"), _AGE_GROUPS["child"]),
    **{f"Y{age}": (age, age + 1) for age in range(1, 18)},
    "Y_LT1": (0, 1),
    "Y_GE18": _AGE_GROUPS["adult"],
    "UNK": _AGE_GROUPS["unknown"],
}
_UNIT = dict.fromkeys(("NR", "PER", "PS", ""), "persons")

# Columns of World Population Prospects.
_REQUIRED = {"LocID", "Location", "Variant", "Time", "PopTotal"}
_SEXES = {"PopTotal": "total", "PopFemale": "female", "PopMale": "male"}
_REVISION = re.compile(r"WPP(\d{4})", re.I)
_JANUARY = re.compile(r"1January", re.I)


def eurostat_populations(request: Request, observed: Observations, *, average: bool) -> Reading:
    """Return the populations of Eurostat; ``average`` is for observations without ``indic_de``."""
    file, ledger, names = request.file, observed.ledger, observed.dimensions
    if not {"geo"} <= set(names) <= {"freq", "unit", "age", "sex", "indic_de", "geo"}:
        raise InvalidFile(
            f"{file.name} must have the dimensions of a population",
            field="path",
            value=", ".join(names),
            hint="Pass Population(...) objects for other files",
        )
    source = request.publication(observed.source) or Source(title=file.name)
    moments = {"JAN": "stock", "AVG": "average", "": "average" if average else "stock"}
    parsed = partial(_parsed, ledger)
    parsed("NO_COUNT.unit", ["unit"], _UNIT.get, "")
    moment_of = parsed("NO_COUNT.population", ["indic_de"], moments.get, "")
    ages = parsed("NO_PLACE.age", ["age"], _AGE.get, (0, 0))
    year = parsed("UNMAPPED.year", [TIME], lambda t: t if _YEAR.fullmatch(t) else None, "")
    rows = {
        "area": parsed("UNMAPPED.area", ["geo"], _area, ""),
        "when": np.where(moment_of == "average", year, year + "-01-01"),
        "sex": parsed("UNMAPPED.sex", ["sex"], _SEX.get, ""),
        "flags": parsed("", [FLAGS], str, ""),  # any text
    }
    persons = partial(_persons, MISSING)
    figures = {VALUE: parsed("NOT_A_COUNT.persons", [VALUE], persons, (0, 0, 0))}
    populations = _populations(ledger, rows, ages, figures, source)
    return request.finish(ledger, populations=populations)


def recognise(file: InputFile) -> str:
    """Return the feature that identifies World Population Prospects; empty for other files."""
    names = set(next(first_lines(file), []))
    return "it has the columns LocID, Variant, Time and PopTotal" if names >= _REQUIRED else ""


def world_populations(request: Request, variant: str | None) -> Reading:
    """Return the populations of one variant; projections of other variants are rejected."""
    file = request.file
    ledger = read_delimited(file)
    column, name = ledger.column("Variant"), variant or "Medium"
    names = [text.strip() for text in column.categories]
    selected = [text for text in names if text.lower() == name.lower()]
    estimates = [text for text in names if text.lower() == "estimates"]
    if not selected and (variant or not estimates):
        raise InvalidValue(
            "must be a variant of the file",
            field="variant",
            value=name,
            hint=did_you_mean(name, names),
        )
    ledger.reject_texts(
        "OTHER_VARIANT",
        column,
        [code for code, text in enumerate(names) if text not in (*selected, *estimates)],
        values={"name": name},
    )
    match = _REVISION.search(file.name)
    revision = match[1] if match else ""
    if not revision:
        ledger.note("The file name does not show the revision, so that projections have no flag f")
    title = f"World Population Prospects {revision}".strip()
    source = Source(
        title=f"{title}, variant {(selected or estimates)[0]}",
        publisher="United Nations, Department of Economic and Social Affairs, Population Division",
        kind="primary",
    )
    is_january = bool(_JANUARY.search(file.name))
    day, parsed = "01-01" if is_january else "07-01", partial(_parsed, ledger)
    named = ["ISO3_code", "Location"]
    area = parsed("UNMAPPED.area", named, lambda code, name: _area(code or name), "")
    dated = ["" if is_january else "MidPeriod", "Time"]
    when = parsed("UNMAPPED.year", dated, lambda middle, time: _day_of(middle, time, day), "")
    ages = np.broadcast_to(_AGE_GROUPS["total"], (len(ledger), 2))
    if "AgeGrpStart" in ledger.raw:
        ages = parsed("NO_PLACE.age", ["AgeGrpStart", "AgeGrpSpan"], _ages_of, (0, 0))
    rows = {
        "area": area,
        "when": when,
        "sex": "",
        "flags": ["f" if revision and text[:4] >= revision else "" for text in when],
    }
    persons = partial(_persons, {""}, factor=1000)
    figures = {
        name: parsed("NOT_A_COUNT.thousands", [name], persons, (0, 0, 0))
        for name in _SEXES
        if name in ledger.raw
    }
    own = request.publication(source) or source
    return request.finish(ledger, populations=_populations(ledger, rows, ages, figures, own))


def _parsed(
    ledger: Ledger, problem: str, names: Sequence[str], parse: Callable[..., Any], default: Any
) -> NDArray[Any]:
    """Return the results for the texts of one or two columns; reject used rows without a result.

    Rejected rows have the problem and the default. Most figures are of unsupported age groups and
    are not parsed.
    """
    used = np.flatnonzero(ledger.is_used)
    known = [name for name in names if name in ledger.raw]
    first, *second = (
        (ledger.column(name) if name in known else FileColumn.constant("", len(ledger)))
        .take(used)
        .compact()
        .fill("")
        .map(str.strip)
        for name in names
    )
    results = first.combine(second[0], parse) if second else first.map(parse)
    wrong = [index for index, result in enumerate(results.categories) if result is None]
    rejected = np.zeros(len(ledger), dtype=np.bool_)
    rejected[used] = np.isin(results.codes, wrong)
    column = ledger.column(known[-1]) if known else FileColumn.constant("", len(ledger))
    ledger.reject(
        problem, rejected, column=column.name, texts=column.row_counts(column.present, rejected)
    )
    table = [default if result is None else result for result in (*results.categories, None)]
    codes = np.full(len(ledger), len(table) - 1)
    codes[used] = results.codes
    values: NDArray[Any] = np.array(table, dtype=object if isinstance(default, str) else np.int64)[
        codes
    ]
    return values


_REGIONS = {"Micronesia": "Micronesia (region)"}  # the country is "Micronesia (Fed. States of)"


def _area(text: str) -> str | None:
    """Return the code of a country, or of a region of M49 by its name."""
    try:
        return Area.parse(_REGIONS.get(text, text)).code
    except ThbstatsError:
        return None


def _day_of(middle: str, time: str, day: str) -> str | None:
    """Return a day of a year; a middle of .5 is 1 July, and .0 is 1 January."""
    match = _TIME.fullmatch(middle or time)
    year = _TIME.fullmatch(time)
    if not match or not year or match[1] != year[1]:
        return None
    if middle:
        day = "07-01" if match[2] == "5" else "01-01"
    return f"{match[1]}-{day}"


def _ages_of(start: str, span: str) -> Ages | None:
    if not re.fullmatch(r"\d{1,3}", start) or not re.fullmatch(r"-1|\d{1,3}", span):
        return None
    return int(start), _OPEN if span == "-1" else int(start) + int(span)


def _persons(
    missing: Collection[str], text: str, *, factor: int = 1
) -> tuple[int, int, int] | None:
    """Return the bounds of a figure in persons, and whether it is missing."""
    if text in missing:
        return 0, 0, 1
    persons = Decimal(text) * factor if _FIGURE.fullmatch(text) else Decimal(10**15)
    if persons >= 10**15:
        return None
    lower, upper = (int(persons.to_integral_value(own)) for own in (ROUND_FLOOR, ROUND_CEILING))
    return lower, upper, 0


def _populations(
    ledger: Ledger,
    columns: dict[str, Any],
    ages: NDArray[np.int64],
    figures: dict[str, NDArray[np.int64]],
    source: Source,
) -> Populations:
    """Return the populations of the used rows; ``figures`` are bounds by column of the file."""
    rows = pd.DataFrame({**columns, "start": ages[:, 0], "end": ages[:, 1]})
    for name, numbers in figures.items():
        rows[[f"{name} {part}" for part in ("lower", "upper", "missing")]] = numbers
    rows = rows[ledger.is_used]
    key = [*_KEY, "start", "end"]
    several = rows.duplicated(key, keep=False)
    contradictory = several & ~rows.duplicated(keep=False)
    # Rows of a key with several values are contradictory, also if some of them are equal.
    mixed = contradictory.groupby([rows[name] for name in key]).transform("any")
    repeated = rows.duplicated() & several & ~mixed
    for code, selected in (("REPEATED", repeated), ("CONTRADICTORY", mixed)):
        ledger.reject(f"{code}.population", rows.index.to_numpy()[selected.to_numpy()])
    rows = rows[~(repeated | mixed)]
    return Populations(
        Population(
            area=area,
            when=when,
            persons=_count(flags, *numbers[3 * n : 3 * n + 3]),
            sex=sex or _SEXES[name],
            age=age,
            flags=flags,
            source=source,
        )
        for age, sums in _age_groups(ledger, rows)
        for area, when, sex, flags, *numbers in sums.itertuples(index=False, name=None)
        for n, name in enumerate(figures)
    )


def _count(flags: str, lower: int, upper: int, missing: int) -> Count:
    """Return the count of a sum; one with a missing figure has no upper bound."""
    if missing and "c" in flags:
        return Count.suppressed()
    if missing:
        return Count.between(lower, None, Reason.NOT_REPORTED)
    return Count.between(lower, upper) if lower < upper else Count.known(lower)


def _age_groups(ledger: Ledger, rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the sums of rows that cover an age group once; reject all other rows.

    A published age group is not added up from its parts.
    """
    is_used = np.zeros(len(rows), dtype=np.bool_)
    ordered = rows.sort_values("start", kind="stable")
    for age, (first, last) in _AGE_GROUPS.items():
        inside = ordered[(ordered["start"] >= first) & (ordered["end"] <= last)]
        keys = [inside[name] for name in _KEY]
        is_whole = (inside["start"] == first) & (inside["end"] == last)
        inside = inside[is_whole | ~is_whole.groupby(keys).transform("any")]
        key = inside.groupby(_KEY, sort=False)
        # Each row starts where the one before it ends, from the first age to the last one.
        follows = inside["start"] == key["end"].shift(fill_value=-1)
        is_first = (inside["start"] == first) & (key.cumcount() == 0)
        keys = [inside[name] for name in _KEY]
        valid = (follows | is_first).groupby(keys).transform("all")
        covered = inside[valid & (key["end"].transform("max") == last)]
        is_used |= rows.index.isin(covered.index)
        sums = covered.drop(columns=["start", "end"]).groupby(_KEY, sort=False, as_index=False)
        yield age, sums.sum()
    ledger.reject(
        "NO_PLACE.ages",
        rows.index.to_numpy()[~is_used],
        column=next((name for name in ("AgeGrp", "age") if name in ledger.raw), ""),
    )
