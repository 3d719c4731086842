"""Strategies for records, tables, populations and cases."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from thbstats.errors import UnknownName
from thbstats.geography import Area
from thbstats.records import (
    CountedGroup,
    CountingRules,
    Population,
    Populations,
    Record,
    Schema,
    schema_of,
)
from thbstats.tables import CountTable, Dataset
from thbstats.testing.case_frames import FORMS
from thbstats.testing.strategies.values import (
    AREAS,
    BOOLEANS,
    COUNTRIES,
    DAYS,
    KIND,
    TEXTS,
    YEARS,
    codes,
    counts,
    sources,
)
from thbstats.values import Count, Reason
from thbstats.vocabulary import AgeGroup, Sex

if TYPE_CHECKING:
    from hypothesis import strategies as st
else:
    from thbstats.testing.strategies.values import st

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
