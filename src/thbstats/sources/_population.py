"""Populations in Eurostat's data sets ``demo_pjan`` and ``demo_gind``."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, ThbstatsError, did_you_mean
from thbstats.files.delimited import first_lines, read_delimited
from thbstats.files.input_file import InputFile
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reading import Reading
from thbstats.geography import Area
from thbstats.records import Population, Populations, Source
from thbstats.sources._eurostat import FLAGS, MISSING, TIME, VALUE
from thbstats.sources._formats import Request
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


_REQUIRED = {"LocID", "Location", "Variant", "Time", "PopTotal"}
_SEXES = {"PopTotal": "total", "PopFemale": "female", "PopMale": "male"}
_REVISION = re.compile(r"WPP(\d{4})", re.I)
_JANUARY = re.compile(r"1January", re.I)
_TIME = re.compile(r"(\d{4})(?:\.(0|5)0*)?")
_THOUSANDS = re.compile(r"\d{1,12}(\.\d{1,30})?(e[-+]?\d{1,2})?", re.I)
_OPEN = 1_000  # the end of an age group without an upper age
_AGE_GROUPS = {"child": (0, 18), "adult": (18, _OPEN), "total": (0, _OPEN)}
_PARTS = ("lower", "upper", "missing")
_ROW_KEY = ["area", "when", "year"]


def recognise(file: InputFile) -> str:
    """Return the feature that identifies World Population Prospects; empty for other files."""
    names = set(next(first_lines(file), []))
    return "it has the columns LocID, Variant, Time and PopTotal" if names >= _REQUIRED else ""


def world_populations(request: Request, variant: str | None) -> Reading:
    """Return the populations of one variant; projections of other variants are rejected."""
    file = request.file
    ledger = read_delimited(file)
    chosen = _select_variant(ledger, variant)
    match = _REVISION.search(file.name)
    revision = match[1] if match else ""
    if not revision:
        ledger.note("The file name does not show the revision, so that projections have no flag f")
    title = f"World Population Prospects {revision}".strip()
    source = Source(
        title=f"{title}, variant {chosen}",
        publisher="United Nations, Department of Economic and Social Affairs, Population Division",
        kind="primary",
    )
    rows = _rows_of(ledger, is_january=bool(_JANUARY.search(file.name)))
    own = request.publication(source) or source
    listed = [
        Population(
            area=area,
            when=when,
            persons=persons,
            sex=sex,
            age=age,
            flags="f" if revision and year >= int(revision) else "",
            source=own,
        )
        for age, group in _age_groups(ledger, rows)
        for area, when, year, *numbers in group.itertuples(index=False, name=None)
        for sex, persons in _persons_by_sex(list(group.columns[len(_ROW_KEY) :]), numbers)
    ]
    return request.finish(ledger, populations=Populations(listed))


def _select_variant(ledger: Ledger, variant: str | None) -> str:
    """Reject the rows of other variants, and return the name of the variant in the file."""
    column = ledger.column("Variant")
    names = [text.strip() for text in column.categories]
    name = variant or "Medium"
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
        message=f"a projection of another variant than {name}",
        hint="No action needed unless you need this variant: pass variant=...",
    )
    return (selected or estimates)[0]


def _rows_of(ledger: Ledger, *, is_january: bool) -> pd.DataFrame:
    """Return the areas, days, ages and persons of all rows; reject rows without them."""
    raw = ledger.raw
    iso3 = "ISO3_code" if "ISO3_code" in raw else None
    middle = "MidPeriod" if "MidPeriod" in raw and not is_january else None
    area = _parsed_pairs(
        ledger, (iso3, "Location"), _area_of, "UNMAPPED", "not a country or region"
    )
    day = "01-01" if is_january else "07-01"

    def when(mid_period: str, time: str) -> str | None:
        return _day_of(mid_period, time, day)

    when_column = _parsed_pairs(ledger, (middle, "Time"), when, "UNMAPPED", "not a day of a year")
    bounds: NDArray[Any] = np.full(len(ledger), None, dtype=object)
    bounds[:] = [(0, _OPEN)] * len(ledger)
    if "AgeGrpStart" in raw:
        span = "AgeGrpSpan" if "AgeGrpSpan" in raw else None
        pair = ("AgeGrpStart", span)
        bounds = _parsed_pairs(ledger, pair, _ages_of, "NO_PLACE", "not a group of ages")
    rows = pd.DataFrame(
        {
            "area": area,
            "when": when_column,
            "year": [int(text[:4]) if text else 0 for text in when_column],
            "start": [pair[0] if pair else 0 for pair in bounds],
            "end": [pair[1] if pair else 0 for pair in bounds],
        }
    )
    for name in filter(raw.__contains__, _SEXES):
        column = ledger.column(name)
        parsed = [_thousands(text.strip()) for text in (*column.categories, "")]
        invalid = [code for code, value in enumerate(parsed) if value is None]
        ledger.reject_texts(
            "NOT_A_COUNT",
            column,
            invalid,
            message="not a number of thousands of persons",
            hint="Download the file again",
        )
        values = np.array([value or (0, 0, 0) for value in parsed], dtype=np.int64)
        for part, texts in zip(_PARTS, values[column.codes].T, strict=True):
            rows[f"{name} {part}"] = texts
    return rows[ledger.is_used]


def _parsed_pairs(
    ledger: Ledger,
    names: tuple[str | None, str | None],
    parse: Callable[[str, str], Any],
    code: str,
    message: str,
) -> NDArray[Any]:
    """Return the results for the texts of two columns; reject rows without a result."""
    first, second = (
        FileColumn.constant("", len(ledger)) if name is None else ledger.column(name)
        for name in names
    )
    pairs = first.codes.astype(np.int64) * (len(second.categories) + 1) + second.codes
    distinct, position = np.unique(pairs[ledger.is_used], return_inverse=True)
    results: NDArray[Any] = np.full(len(distinct) + 1, None, dtype=object)
    for index, pair in enumerate(distinct.tolist()):
        left, right = divmod(pair, len(second.categories) + 1)
        results[index] = parse(first.categories[left].strip(), second.categories[right].strip())
    values: NDArray[Any] = np.full(len(ledger), None, dtype=object)
    values[ledger.is_used] = results[position]
    is_missing = np.array([value is None for value in results[:-1]], dtype=np.bool_)
    rejected = np.zeros(len(ledger), dtype=np.bool_)
    rejected[ledger.is_used] = is_missing[position]
    name = names[1] or names[0] or ""
    column = ledger.column(name)
    ledger.reject(
        code,
        rejected,
        message=message,
        hint="No action needed unless you calculate rates with this row",
        column=name,
        texts=column.row_counts(column.present, rejected),
    )
    return values


def _area_of(iso3: str, location: str) -> str | None:
    """Return the code of a country, or of a region of M49 by its name."""
    try:
        return Area.parse(iso3 or location).code
    except ThbstatsError:
        return None


def _day_of(mid_period: str, time: str, day: str) -> str | None:
    """Return a day of a year; a middle of .5 is 1 July, and .0 is 1 January."""
    match = _TIME.fullmatch(mid_period or time)
    year = _TIME.fullmatch(time)
    if not match or not year or match[1] != year[1]:
        return None
    if mid_period:
        day = "07-01" if match[2] == "5" else "01-01"
    return f"{match[1]}-{day}"


def _ages_of(start: str, span: str) -> tuple[int, int] | None:
    """Return the first age of a group, and the one after the last."""
    if not re.fullmatch(r"\d{1,3}", start) or not re.fullmatch(r"-1|\d{1,3}", span):
        return None
    return int(start), _OPEN if span == "-1" else int(start) + int(span)


def _thousands(text: str) -> tuple[int, int, int] | None:
    """Return the bounds of a number of thousands in persons, and whether it is missing."""
    if not text:
        return 0, 0, 1
    if not _THOUSANDS.fullmatch(text):
        return None
    persons = Decimal(text) * 1000
    if persons >= 10**15:
        return None
    return (
        int(persons.to_integral_value(ROUND_FLOOR)),
        int(persons.to_integral_value(ROUND_CEILING)),
        0,
    )


def _age_groups(ledger: Ledger, rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the sums of rows that cover an age group once; reject all other rows."""
    rows = _without_duplicates(ledger, rows)
    people = list(rows.columns[len(_ROW_KEY) + 2 :])
    is_used = np.zeros(len(rows), dtype=np.bool_)
    groups = []
    ordered = rows.sort_values([*_ROW_KEY, "start"], kind="stable")
    for age, (first, last) in _AGE_GROUPS.items():
        inside = ordered[(ordered["start"] >= first) & (ordered["end"] <= last)]
        key = inside.groupby(_ROW_KEY, sort=False)
        follows = inside["start"] == key["end"].shift(fill_value=-1)
        is_first = (inside["start"] == first) & (key.cumcount() == 0)
        valid = (follows | is_first).groupby([inside[name] for name in _ROW_KEY]).transform("all")
        complete = valid & (key["end"].transform("max") == last)
        covered = inside[complete]
        is_used |= rows.index.isin(covered.index)
        sums = covered.groupby(_ROW_KEY, sort=False, as_index=False)[people].sum()
        groups.append((age, sums))
    ledger.reject(
        "NO_PLACE",
        rows.index.to_numpy()[~is_used],
        message="an age group without all other ages of children, adults or the population",
        hint="Use the file by single age",
        column="AgeGrp" if "AgeGrp" in ledger.raw else "",
    )
    return groups


def _without_duplicates(ledger: Ledger, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows without repeated or contradictory ones, which are rejected."""
    key = [*_ROW_KEY, "start", "end"]
    several = rows.duplicated(key, keep=False)
    alike = rows.duplicated(keep=False)
    repeated = rows.duplicated() & several
    contradictory = several & ~alike
    # Rows of a key with several values are contradictory, also if some of them are equal.
    mixed = contradictory.groupby([rows[name] for name in key]).transform("any")
    for code, selected in (("REPEATED", repeated & ~mixed), ("CONTRADICTORY", mixed)):
        ledger.reject(
            code,
            rows.index.to_numpy()[selected.to_numpy()],
            message="several rows contain the same population",
            hint="Download the file again",
        )
    return rows[~(repeated | mixed)]


def _persons_by_sex(names: Sequence[str], numbers: Sequence[int]) -> Iterator[tuple[str, Count]]:
    """Yield the persons of each sex; a sum with a missing number has no upper bound."""
    for index in range(0, len(names), len(_PARTS)):
        lower, upper, missing = numbers[index : index + len(_PARTS)]
        if missing:
            count = Count.between(lower, None, Reason.NOT_REPORTED)
        else:
            count = Count.between(lower, upper) if lower < upper else Count.known(lower)
        yield _SEXES[names[index].partition(" ")[0]], count
