"""Strategies of hypothesis for values, records, tables, cases and publications.

They need the extra ``testing``, and shrink towards few and simple examples.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from thbstats.errors import UnknownName
from thbstats.geography import Area
from thbstats.records import (
    KINDS,
    CountedGroup,
    CountingRules,
    Dimension,
    Population,
    Populations,
    Record,
    Schema,
    Source,
    schema_of,
)
from thbstats.tables import CountTable, Dataset
from thbstats.tables.frames import library
from thbstats.testing.case_frames import FORMS
from thbstats.values import Certainty, Count, Interval, Percent, Period, Reason, Rounding
from thbstats.vocabulary import AgeGroup, CitizenshipGroup, Classification, Sex

if TYPE_CHECKING:
    from hypothesis import strategies as st

    from thbstats.testing.synthetic_publications import SyntheticPublication, publications
else:
    st = library("hypothesis").strategies  # with an error that names the extra

__all__ = [
    "AREAS",
    "CITIZENSHIPS",
    "COUNTRIES",
    "SyntheticPublication",
    "areas",
    "case_frames",
    "classifications",
    "codes",
    "counted_groups",
    "counting_rules",
    "counts",
    "datasets",
    "intervals",
    "percents",
    "periods",
    "population_collections",
    "populations",
    "publications",
    "record_lists",
    "records",
    "schemas",
    "sources",
    "tables",
]


def __getattr__(name: str) -> Any:
    """Return an attribute of `synthetic_publications`, which is imported at the first access."""
    if name in ("SyntheticPublication", "publications"):
        from thbstats.testing import synthetic_publications

        return getattr(synthetic_publications, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


COUNTRIES = ("AT", "EL", "FR", "RO", "UK")
"""The countries of drawn records."""

AREAS = (*COUNTRIES, "EU28", "EU28 without UK", "EU27_2020", "BE+FR")
"""The areas of drawn records: countries, compositions of the EU, and combinations."""

CITIZENSHIPS = (*CitizenshipGroup, "RO", "NG", "UK", "HR")
"""The citizenships of drawn records: groups, Member States, former ones and other countries."""

# Strategies are module constants where possible: each new one is validated again.
BOOLEANS = st.booleans()
KIND = st.sampled_from(list(KINDS))
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
_DAYS_OR_NONE = st.none() | DAYS
_NUMBERS = st.integers(0, 50) | st.integers(0, 10**6) | st.integers(0, 2**53)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
_TITLES = (TEXTS | st.sampled_from(["[draft]", "{a}", '["b"]', "none"])).filter(str.strip)
YEARS = st.integers(2003, 2022)
_LENGTHS = st.integers(1, 3)
_MONTHS = st.integers(1, 12)
_REASONS = st.sampled_from([reason for reason in Reason if reason is not Reason.KNOWN])


def areas() -> "st.SearchStrategy[Area]":
    """Draw an area: a country, a composition of the EU, or a combination."""
    return st.sampled_from(AREAS).map(Area.parse)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Draw a period: calendar years, a fiscal year, any days, or not stated."""
    year = draw(YEARS)
    start, end = sorted((draw(DAYS), draw(DAYS)))
    period = draw(
        st.sampled_from(
            [
                Period.calendar(year),
                Period.calendar(year, year + draw(_LENGTHS)),
                Period.fiscal(year, draw(_MONTHS)),
                Period(start, end),
                Period.not_stated(),
            ]
        )
    )
    if period.start is not None and draw(BOOLEANS):
        return Period(period.start, period.end, Certainty.APPROXIMATE)
    return period


@st.composite
def counts(draw: st.DrawFn, values: "st.SearchStrategy[int]" = _NUMBERS) -> Count:
    """Draw a count: known, between two bounds, suppressed, missing or inapplicable."""
    low, high = sorted((draw(values), draw(values)))
    reason = draw(_REASONS)
    if reason is Reason.NOT_APPLICABLE:
        return Count.not_applicable()
    upper = draw(st.sampled_from([low, high, None]))
    return draw(st.sampled_from([Count.known(low), Count.known(high), Count(low, upper, reason)]))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Draw an interval with integers and fractions as bounds, or without a bound.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(intervals(), intervals())
    ... def test_hull_contains_both_intervals(first, second):
    ...     assert first.within(first.hull(second)) and second.within(first.hull(second))
    >>> test_hull_contains_both_intervals()
    """
    number = st.integers() | st.fractions()
    lower, upper = draw(st.tuples(number, number).map(sorted))
    return Interval(
        draw(st.sampled_from([lower, None])),
        draw(st.sampled_from([upper, lower, None])),
        undefined=draw(BOOLEANS),
    )


@st.composite
def percents(draw: st.DrawFn) -> Percent:
    """Draw a printed percentage from 0% to 100%, with up to two decimals and any rounding."""
    decimals = draw(st.integers(0, 2))
    number = draw(st.decimals(0, 100, places=decimals, allow_nan=False))
    sign = draw(st.sampled_from(["%", " %", ""]))
    return Percent(f"{number:.{decimals}f}{sign}", draw(st.sampled_from(Rounding)))


def sources() -> "st.SearchStrategy[Source]":
    """Draw a source with any of its fields, and titles that resemble JSON."""
    return st.builds(
        Source,
        title=_TITLES,
        document=TEXTS,
        url=st.sampled_from(["", "https://example.org/a?b=c"]),
        published=st.none() | DAYS,
        kind=st.sampled_from(["primary", "secondary", "not_stated"]),
    )


_BREAKDOWNS = ("recruiter", "means_of_control", "sector_2", "exploitation", "status", "register")
_ATTRIBUTES = ("decision", "instance", "register")
_REPLACED = ("exploitation", "status", "register")
_CATEGORIES = st.lists(
    st.sampled_from(["family", "partner", "employer", "other_person", "class_1", "2"]),
    min_size=1,
    max_size=4,
    unique=True,
)
_LANGUAGES = st.sampled_from(["de", "fr", "mt", "gsw"])
_LOCAL_TITLES = st.dictionaries(_LANGUAGES, _TITLES, max_size=1)


@st.composite
def classifications(draw: st.DrawFn, name: str | None = None) -> Classification:
    """Draw a classification: a breakdown or an attribute, with any properties.

    Parameters
    ----------
    name : str, optional
        The name of the dimension; ``"exploitation"``, ``"status"`` and ``"register"`` replace
        those of the library.
    """
    drawn = draw(st.sampled_from(_BREAKDOWNS + _ATTRIBUTES)) if name is None else name
    listed = {"breakdown": _BREAKDOWNS, "attribute": _ATTRIBUTES}
    kinds = [kind for kind, names in listed.items() if drawn in names] or list(listed)
    kind: Any = draw(st.sampled_from(kinds))
    categories: list[dict[str, Any]] = []
    for code in draw(_CATEGORIES):
        wider = [None, *(own["code"] for own in categories if not own["is_residual"])]
        categories.append(
            {
                "code": code,
                "parent": draw(st.sampled_from(wider)),
                "is_residual": draw(BOOLEANS),
                "is_exhaustive": draw(BOOLEANS),
                "is_verified": draw(BOOLEANS),
                **draw(_properties(code)),
            }
        )
    return Classification(
        name=drawn,
        kind=kind,
        categories=categories,
        is_required=kind == "attribute" and draw(BOOLEANS),
        titles=draw(_LOCAL_TITLES),
        definition=draw(TEXTS),
        source=draw(TEXTS),
        valid_from=draw(_DAYS_OR_NONE),
    )


@lru_cache
def _properties(code: str) -> "st.SearchStrategy[dict[str, Any]]":
    """Draw optional properties of a category; spellings end with the code, to be unique."""
    spellings = TEXTS.map(lambda text: f"{text} of {code}")
    optional = {
        "label": spellings,
        "labels": st.dictionaries(_LANGUAGES, spellings, max_size=2),
        "synonyms": st.lists(spellings, max_size=2),
        "definition": TEXTS,
        "note": TEXTS,
        "notation": TEXTS,
        "valid_to": DAYS,
        "crosswalk": st.dictionaries(
            st.sampled_from(["ctdc", "glotip"]), st.lists(spellings, max_size=2), max_size=1
        ),
    }
    return st.fixed_dictionaries({}, optional=optional)


@st.composite
def schemas(draw: st.DrawFn, kind: str | None = None, max_size: int = 2) -> Schema:
    """Draw a schema with further dimensions, or none.

    Parameters
    ----------
    kind : str, optional
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``; by default any.
    max_size : int
        The maximum number of classifications.
    """
    schema = schema_of(draw(KIND) if kind is None else kind)
    every = dict.fromkeys(_BREAKDOWNS + _ATTRIBUTES)
    names = tuple(name for name in every if name not in _REPLACED or name in schema.names)
    chosen = draw(st.lists(st.sampled_from(names), max_size=max_size, unique=True))
    return schema_of(schema, *(draw(classifications(name)) for name in chosen))


@lru_cache(maxsize=256)
def codes(dimension: Dimension) -> "st.SearchStrategy[str]":
    """Draw a code of a dimension, often the default."""
    if dimension.content == "area":
        return st.sampled_from(AREAS)
    if dimension.content == "period":
        return st.sampled_from(["2015", "2016", "2015-2016", "~2014-2016"]) | periods().map(str)
    if dimension.content == "citizenship":
        words: Sequence[str] = CITIZENSHIPS
    else:
        countries = ("RO", "UK") if dimension.content == "countries" else ()
        words = (*(dimension.vocabulary or ()), *countries)
    return st.sampled_from([dimension.default or words[0], *words]).map(str)


_SOURCE = sources()
_SOURCES = st.frozensets(_SOURCE, max_size=2)
_REPORTERS = st.none() | st.frozensets(st.sampled_from(COUNTRIES))
_NUMBERS_OF_REPORTERS = st.none() | st.integers(0, 30)
_FLAGS = st.frozensets(st.sampled_from("bdepqz"), max_size=2)
_COUNTS = counts()


@st.composite
def records(
    draw: st.DrawFn,
    kind: str | Schema | None = None,
    count: "st.SearchStrategy[Count] | None" = None,
) -> Record:
    """Draw a record with any of its fields."""
    schema = schema_of(draw(KIND) if kind is None else kind)
    fields: dict[str, Any] = {item.name: draw(codes(item)) for item in schema.dimensions}
    drawn = draw(_COUNTS if count is None else count)
    reporters = draw(_REPORTERS)
    return schema.record(
        count=drawn,
        **fields,
        source=draw(_SOURCES),
        reporters=reporters,
        n_reporters=draw(_NUMBERS_OF_REPORTERS) if reporters is None else None,
        flags=draw(_FLAGS),
    )


def _cell(record: Record) -> tuple[str, ...]:
    return tuple(str(getattr(record, name)) for name in schema_of(record).names)


@st.composite
def record_lists(
    draw: st.DrawFn, kind: str | Schema | None = None, min_size: int = 0, max_size: int = 5
) -> list[Record]:
    """Draw records of one kind and of different cells."""
    chosen = draw(KIND) if kind is None else kind
    drawn = st.lists(records(chosen), min_size=min_size, max_size=max_size, unique_by=_cell)
    return draw(drawn)


@st.composite
def tables(
    draw: st.DrawFn, kind: str | Schema | None = None, min_size: int = 0, max_size: int = 5
) -> CountTable:
    """Draw a table of counts.

    Examples
    --------
    >>> from hypothesis import given
    >>> from thbstats import CountTable
    >>> from thbstats.testing import assert_tables_equal
    >>> @given(tables())
    ... def test_table_equals_the_table_of_its_frame(table):
    ...     assert_tables_equal(CountTable.from_frame(table.to_frame(), kind=table.kind), table)
    >>> test_table_equals_the_table_of_its_frame()
    """
    chosen = draw(KIND) if kind is None else kind
    return CountTable.from_records(draw(record_lists(chosen, min_size, max_size)), kind=chosen)


@st.composite
def datasets(draw: st.DrawFn, max_size: int = 5) -> Dataset:
    """Draw a data set with tables of any kinds, or none."""
    kinds = draw(st.lists(KIND, unique=True))
    return Dataset(**{kind: draw(tables(kind, max_size=max_size)) for kind in kinds})


_PERSONS = st.integers(0, 10**3) | st.integers(10**5, 10**8)
_AREAS = st.sampled_from(AREAS)
_SEXES = st.sampled_from([Sex.TOTAL, Sex.FEMALE, Sex.MALE])
_AGES = st.sampled_from([AgeGroup.TOTAL, AgeGroup.CHILD, AgeGroup.ADULT])
_STATISTICAL_FLAGS = st.frozensets(st.sampled_from("bep"), max_size=1)


@st.composite
def populations(draw: st.DrawFn, area: str | None = None) -> Population:
    """Draw the population of an area: on a day, or the average of a year."""
    year = draw(YEARS)
    low, high = sorted((draw(_PERSONS), draw(_PERSONS)))
    exact = draw(BOOLEANS)
    return Population(
        area=draw(_AREAS) if area is None else area,
        when=draw(st.sampled_from([f"{year}-01-01", str(year)])),
        persons=Count.known(low) if exact else Count(low, high, Reason.ROUNDED),
        source=draw(_SOURCE),
        sex=draw(_SEXES),
        age=draw(_AGES),
        flags=draw(_STATISTICAL_FLAGS),
    )


def population_collections() -> "st.SearchStrategy[Populations]":
    """Draw populations of different areas."""
    drawn = st.lists(populations(), max_size=3, unique_by=lambda own: Area.parse(own.area))
    return drawn.map(Populations)


def counted_groups() -> "st.SearchStrategy[CountedGroup]":
    """Draw a group that counting rules include or exclude."""
    codes = st.sampled_from(["nationals", "presumed victims", "minors", "offences abroad"])
    return st.builds(CountedGroup, codes, TEXTS, st.sampled_from(["", "citizenship", "age"]))


@st.composite
def counting_rules(draw: st.DrawFn) -> CountingRules:
    """Draw the counting rules of a reporting country, or of all countries of a publication."""
    first, last = sorted((draw(DAYS), draw(DAYS)))
    groups = draw(st.lists(counted_groups(), max_size=3, unique_by=lambda group: group.code))
    number = draw(st.integers(0, len(groups)))
    return CountingRules(
        about=draw(KIND),
        reporter=draw(st.sampled_from(["", *COUNTRIES])),
        includes=groups[:number],
        excludes=groups[number:],
        moment=draw(st.sampled_from(["", "referral", "decision"])),
        child_below=draw(st.sampled_from([None, 16, 18])),
        valid_from=draw(st.sampled_from([None, first])),
        valid_to=draw(st.sampled_from([None, last])),
        source=draw(_SOURCE),
    )


_MISSING_VALUES = (None, "-99", "Unknown")
_CASE = {
    "person": st.sampled_from([0, 1, 2, 3, -99]),
    "area": st.sampled_from(COUNTRIES),
    "year": st.sampled_from([2014, 2015, 2016]),
    "registered": st.dates(date(2014, 1, 1), date(2016, 12, 31)),
    "born": st.none() | st.dates(date(1950, 1, 1), date(2013, 12, 31)),
    "sex": st.sampled_from(["female", "male", "other", *_MISSING_VALUES]),
    "age": st.sampled_from(["child", "adult", *_MISSING_VALUES]),
    "citizenship": st.sampled_from(["RO", "NG", "UK", "HR", *_MISSING_VALUES]),
}
_LISTED = st.lists(st.sampled_from(FORMS), min_size=1, max_size=3, unique=True)
_CASES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "list": st.fixed_dictionaries(
        {**_CASE, "exploitation": _LISTED.map(";".join) | st.sampled_from(_MISSING_VALUES)}
    ),
    "flags": st.fixed_dictionaries({**_CASE, **dict.fromkeys(FORMS, st.sampled_from([0, 1, -99]))}),
}


@st.composite
def case_frames(
    draw: st.DrawFn, forms: str = "flags", min_size: int = 0, max_size: int = 20
) -> pd.DataFrame:
    """Draw cases with the columns of `thbstats.testing.case_frame`.

    `thbstats.testing.case_declarations` declares them. Their values are combined freely, so that no
    share is near a published one.

    Examples
    --------
    >>> from hypothesis import given
    >>> from thbstats.cases import CaseStore
    >>> from thbstats.testing import case_declarations
    >>> @given(case_frames())
    ... def test_every_case_is_counted(frame):
    ...     table = CaseStore.of(frame, **case_declarations()).count(["area", "period", "sex"])
    ...     assert sum(r.count.lower for r in table if r.sex == "total") == len(frame)
    >>> test_every_case_is_counted()
    """
    if forms not in ("flags", "list"):
        hint, problem = "Use 'flags' or 'list'", "`forms` must be 'flags' or 'list'"
        raise UnknownName(problem, field="forms", value=forms, hint=hint)
    rows = draw(st.lists(_CASES[forms], min_size=min_size, max_size=max_size))
    columns = [*_CASE, *(FORMS if forms == "flags" else ["exploitation"])]
    frame = pd.DataFrame(rows, columns=columns)
    types = {
        **dict.fromkeys(["area", "sex", "age", "citizenship", "exploitation"], "category"),
        **dict.fromkeys(["registered", "born"], "datetime64[s]"),
        **dict.fromkeys(FORMS, "int8"),
        "person": "int32",
        "year": "int16",
    }
    return frame.astype({name: types[name] for name in columns})
