"""Values, records, tables and cases for hypothesis: whatever the library admits can be drawn.

They need the extra ``testing``. All shrink towards few and plain examples.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from thbstats.errors import UnknownName, did_you_mean
from thbstats.records import KINDS, Dimension, Record, Source, schema_of
from thbstats.tables import CountTable
from thbstats.tables.libraries import library
from thbstats.testing.case_frames import FORMS
from thbstats.values import Certainty, Count, Period, Reason
from thbstats.vocabulary import CitizenshipGroup

if TYPE_CHECKING:
    from hypothesis import strategies as st
else:
    st = library("hypothesis").strategies

__all__ = [
    "AREAS",
    "CITIZENSHIPS",
    "COUNTRIES",
    "case_frames",
    "codes",
    "counts",
    "periods",
    "record_lists",
    "records",
    "sources",
    "tables",
]

COUNTRIES = ("AT", "EL", "FR", "RO", "UK")
"""The countries that are drawn."""

AREAS = (*COUNTRIES, "EU28", "EU28 without UK", "EU27_2020", "BE+FR")
"""The areas that are drawn: countries, compositions, one that lacks a country, and a sum."""

CITIZENSHIPS = (*CitizenshipGroup, "RO", "NG", "UK", "HR")
"""The citizenships that are drawn: every group, and countries that joined, left or never were."""

_DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
_NUMBERS = st.integers(0, 50) | st.integers(0, 10**6) | st.integers(0, 2**53)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
_TITLES = (_TEXTS | st.sampled_from(["[draft]", "{a}", '["b"]', "none"])).filter(str.strip)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Draw a reference period: calendar years, a fiscal year, any days, or none stated.

    Returns
    -------
    SearchStrategy of Period
    """
    year = draw(st.integers(2003, 2022))
    start, end = sorted((draw(_DAYS), draw(_DAYS)))
    period = draw(
        st.sampled_from(
            [
                Period.calendar(year),
                Period.calendar(year, year + draw(st.integers(1, 3))),
                Period.fiscal(year, draw(st.integers(1, 12))),
                Period(start, end),
                Period.not_stated(),
            ]
        )
    )
    if period.start is not None and draw(st.booleans()):
        return Period(period.start, period.end, Certainty.APPROXIMATE)
    return period


@st.composite
def counts(draw: st.DrawFn, values: "st.SearchStrategy[int]" = _NUMBERS) -> Count:
    """Draw a count of every kind: known, between two ends, suppressed, missing, inapplicable.

    Parameters
    ----------
    values : SearchStrategy of int
        What its ends can be; up to 2**53 if not given.

    Returns
    -------
    SearchStrategy of Count
    """
    low, high = sorted((draw(values), draw(values)))
    reason = draw(st.sampled_from([r for r in Reason if r is not Reason.KNOWN]))
    if reason is Reason.NOT_APPLICABLE:
        return Count.not_applicable()
    upper = draw(st.sampled_from([low, high, None]))
    return draw(st.sampled_from([Count.known(low), Count.known(high), Count(low, upper, reason)]))


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """Draw a source with any of its fields, titles that look like JSON included.

    Returns
    -------
    SearchStrategy of Source
    """
    return Source(
        title=draw(_TITLES),
        document=draw(_TEXTS),
        url=draw(st.sampled_from(["", "https://example.org/a?b=c"])),
        published=draw(st.none() | _DAYS),
        kind=draw(st.sampled_from(["primary", "secondary", "not_stated"])),
    )


def codes(dimension: Dimension) -> "st.SearchStrategy[str]":
    """Draw a code of a dimension, the default often.

    Parameters
    ----------
    dimension : Dimension
        Which.

    Returns
    -------
    SearchStrategy of str
    """
    if dimension.holds == "area":
        return st.sampled_from(AREAS)
    if dimension.holds == "period":
        return st.sampled_from(["2015", "2016", "2015-2016", "~2014-2016"]) | periods().map(str)
    if dimension.holds == "citizenship":
        words: Sequence[str] = CITIZENSHIPS
    else:
        words = tuple(dimension.vocabulary or ())
    return st.sampled_from([dimension.default or words[0], *words]).map(str)


@st.composite
def records(
    draw: st.DrawFn,
    kind: str | None = None,
    count: "st.SearchStrategy[Count] | None" = None,
) -> Record:
    """Draw a record of any kind, or of one, with everything that a record can say.

    Parameters
    ----------
    kind : str, optional
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``.
    count : SearchStrategy of Count, optional
        What is counted; `counts` if not given.

    Returns
    -------
    SearchStrategy of Record

    Examples
    --------
    >>> from hypothesis import given
    >>> from thbstats import from_json, to_json
    >>> @given(records())
    ... def test_a_record_is_read_as_it_was_written(record):
    ...     assert from_json(to_json(record)) == record
    >>> test_a_record_is_read_as_it_was_written()
    """
    schema = schema_of(draw(st.sampled_from(list(KINDS))) if kind is None else kind)
    fields = {dimension.name: draw(codes(dimension)) for dimension in schema.dimensions}
    drawn = draw(counts() if count is None else count)
    reporters = draw(st.none() | st.frozensets(st.sampled_from(COUNTRIES)))
    return schema.record(
        count=drawn,
        **fields,
        source=draw(st.frozensets(sources(), max_size=2)),
        reporters=reporters,
        n_reporters=draw(st.none() | st.integers(0, 30)) if reporters is None else None,
        flags=draw(st.frozensets(st.sampled_from("bdepqz"), max_size=2)),
    )


def _cell(record: Record) -> tuple[str, ...]:
    return tuple(str(getattr(record, name)) for name in schema_of(record).names)


@st.composite
def record_lists(
    draw: st.DrawFn, kind: str | None = None, min_size: int = 0, max_size: int = 5
) -> list[Record]:
    """Draw records of one kind, each of another cell.

    Parameters
    ----------
    kind : str, optional
        Which; any if not given.
    min_size, max_size : int
        How many.

    Returns
    -------
    SearchStrategy of list of Record
    """
    chosen = draw(st.sampled_from(list(KINDS))) if kind is None else kind
    drawn = st.lists(records(chosen), min_size=min_size, max_size=max_size, unique_by=_cell)
    return draw(drawn)


@st.composite
def tables(
    draw: st.DrawFn, kind: str | None = None, min_size: int = 0, max_size: int = 5
) -> CountTable:
    """Draw a table of any kind, or of one, with everything that a table can hold.

    Parameters
    ----------
    kind : str, optional
        Which; any if not given.
    min_size, max_size : int
        How many cells.

    Returns
    -------
    SearchStrategy of CountTable

    Examples
    --------
    >>> from hypothesis import given
    >>> from thbstats import CountTable
    >>> from thbstats.testing import assert_tables_equal
    >>> @given(tables())
    ... def test_a_table_is_what_its_frame_says(table):
    ...     assert_tables_equal(CountTable.from_frame(table.to_frame(), kind=table.kind), table)
    >>> test_a_table_is_what_its_frame_says()
    """
    chosen = draw(st.sampled_from(list(KINDS))) if kind is None else kind
    return CountTable.from_records(draw(record_lists(chosen, min_size, max_size)), kind=chosen)


_SIGNS = (None, "-99", "Unknown")


@st.composite
def case_frames(
    draw: st.DrawFn, forms: str = "flags", min_size: int = 0, max_size: int = 20
) -> pd.DataFrame:
    """Draw cases with the columns of `thbstats.testing.case_frame`, in any combination.

    `thbstats.testing.declared` says what they mean. No share is near a published one: everything
    that can stand together does.

    Parameters
    ----------
    forms : {"flags", "list"}
        A column for each form, or one that lists them.
    min_size, max_size : int
        How many.

    Returns
    -------
    SearchStrategy of DataFrame

    Raises
    ------
    UnknownName
        If forms are not written in that way.

    Examples
    --------
    >>> from hypothesis import given
    >>> from thbstats.cases import CaseStore
    >>> from thbstats.testing import declared
    >>> @given(case_frames())
    ... def test_everybody_is_counted(frame):
    ...     table = CaseStore.of(frame, **declared()).count(["area", "period", "sex"])
    ...     assert sum(r.count.lower for r in table if r.sex == "total") == len(frame)
    >>> test_everybody_is_counted()
    """
    if forms not in ("flags", "list"):
        mend = did_you_mean(forms, ["flags", "list"])
        raise UnknownName("forms are not written so", field="forms", value=forms, mend=mend)
    drawn: dict[str, st.SearchStrategy[Any]] = {
        "person": st.sampled_from([0, 1, 2, 3, -99]),
        "area": st.sampled_from(COUNTRIES),
        "year": st.sampled_from([2014, 2015, 2016]),
        "registered": st.dates(date(2014, 1, 1), date(2016, 12, 31)),
        "born": st.none() | st.dates(date(1950, 1, 1), date(2013, 12, 31)),
        "sex": st.sampled_from(["female", "male", "other", *_SIGNS]),
        "age": st.sampled_from(["child", "adult", *_SIGNS]),
        "citizenship": st.sampled_from(["RO", "NG", "UK", "HR", *_SIGNS]),
    }
    if forms == "list":
        listed = st.lists(st.sampled_from(FORMS), min_size=1, max_size=3, unique=True)
        drawn["exploitation"] = listed.map(";".join) | st.sampled_from(_SIGNS)
    else:
        drawn |= {form: st.sampled_from([0, 1, -99]) for form in FORMS}
    rows = draw(st.lists(st.fixed_dictionaries(drawn), min_size=min_size, max_size=max_size))
    frame = pd.DataFrame(rows, columns=list(drawn))
    words = ["area", "sex", "age", "citizenship", *(["exploitation"] if forms == "list" else [])]
    types = {
        **dict.fromkeys(words, "category"),
        **dict.fromkeys(["registered", "born"], "datetime64[s]"),
        **dict.fromkeys(FORMS if forms == "flags" else (), "int8"),
        "person": "int32",
        "year": "int16",
    }
    return frame.astype(types)
