"""Periods, counts, sources, records and tables for the laws of every package."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from thbstats.geography import COMPOSITIONS
from thbstats.records import Dimension, Record, Source, schema_of
from thbstats.tables import CountTable
from thbstats.values import Certainty, Count, Period, Reason
from thbstats.vocabulary import CitizenshipGroup

KINDS = ("victims", "justice", "protection", "cooperation")
COUNTRIES = ("AT", "EL", "FR", "RO", "UK")
AREAS = (*COUNTRIES, "EU28", "EU28 without UK", "EU27_2020", "BE+FR")
CITIZENSHIPS = (*CitizenshipGroup, "RO", "NG", "UK", "HR")

days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
small = st.integers(0, 50)
whole = small | st.integers(0, 10**6) | st.integers(0, 2**53)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Draw a reference period: calendar years, a fiscal year, any days, or none stated."""
    year = draw(st.integers(2003, 2022))
    start, end = sorted((draw(days), draw(days)))
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
def counts(draw: st.DrawFn, values: st.SearchStrategy[int] = whole) -> Count:
    """Draw a count of every kind: known, between two ends, suppressed, missing, inapplicable."""
    low, high = sorted((draw(values), draw(values)))
    reason = draw(st.sampled_from([r for r in Reason if r is not Reason.KNOWN]))
    if reason is Reason.NOT_APPLICABLE:
        return Count.not_applicable()
    upper = draw(st.sampled_from([low, high, None]))
    return draw(st.sampled_from([Count.known(low), Count.known(high), Count(low, upper, reason)]))


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
titles = (texts | st.sampled_from(["[draft]", "{a}", '["b"]', "none"])).filter(str.strip)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """Draw a source with any of its fields, titles that look like JSON included."""
    return Source(
        title=draw(titles),
        document=draw(texts),
        url=draw(st.sampled_from(["", "https://example.org/a?b=c"])),
        published=draw(st.none() | days),
        kind=draw(st.sampled_from(["primary", "secondary", "not_stated"])),
    )


@st.composite
def provenance(draw: st.DrawFn) -> dict[str, Any]:
    """Draw sources, reporters and flags of a record."""
    reporters = draw(st.none() | st.frozensets(st.sampled_from(COUNTRIES)))
    number = draw(st.none() | st.integers(0, 30)) if reporters is None else None
    return {
        "source": draw(st.frozensets(sources(), max_size=2)),
        "reporters": reporters,
        "n_reporters": number,
        "flags": draw(st.frozensets(st.sampled_from("bdepqz"), max_size=2)),
    }


def codes(dimension: Dimension) -> st.SearchStrategy[str]:
    """Draw a code of a dimension, the default often."""
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
def records(draw: st.DrawFn, kind: str | None = None, count: Any = None) -> Record:
    """Draw a record of any kind, or of one."""
    schema = schema_of(kind or draw(st.sampled_from(KINDS)))
    fields = {dimension.name: draw(codes(dimension)) for dimension in schema.dimensions}
    drawn = counts() if count is None else count
    return schema.record(count=draw(drawn), **fields, **draw(provenance()))


def cell(record: Record) -> tuple[str, ...]:
    """Return the cell that a record describes."""
    return tuple(str(getattr(record, name)) for name in schema_of(record).names)


@st.composite
def record_lists(
    draw: st.DrawFn, kind: str | None = None, min_size: int = 0, max_size: int = 5
) -> list[Record]:
    """Draw records of one kind, each of another cell."""
    chosen = kind or draw(st.sampled_from(KINDS))
    drawn = st.lists(records(chosen), min_size=min_size, max_size=max_size, unique_by=cell)
    return draw(drawn)


@st.composite
def tables(draw: st.DrawFn, kind: str | None = None, min_size: int = 0) -> CountTable:
    """Draw a table of any kind, or of one, with everything that a table can hold."""
    chosen = kind or draw(st.sampled_from(KINDS))
    return CountTable.from_records(draw(record_lists(chosen, min_size)), kind=chosen)


@st.composite
def additive_tables(draw: st.DrawFn, values: Any = None) -> CountTable:
    """Draw a table of victims by country, sex and form, of which every sum can be made."""
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from(COUNTRIES),
                st.sampled_from(["2014", "2015", "2016"]),
                st.sampled_from(["female", "male", "unknown"]),
                st.sampled_from(["sexual", "labour", "forced_begging", "unknown"]),
            ),
            min_size=1,
            max_size=12,
            unique=True,
        )
    )
    drawn = counts(small) if values is None else values
    rows = [(*key, draw(drawn)) for key in keys]
    columns = ("area", "period", "sex", "exploitation", "value")
    return CountTable.from_rows(rows, kind="victims", columns=columns, status="registered")


@st.composite
def printed_wholes(draw: st.DrawFn) -> CountTable:
    """Draw a printed composition and one of its members, both for the same cells."""
    forms = draw(st.lists(st.sampled_from(["total", "sexual", "other"]), min_size=1, unique=True))
    rows: list[tuple[str, str, int | Count]] = []
    for form in forms:
        part = draw(counts(small))
        rows.append(("UK", form, part))
        rows.append(("EU28", form, part.lower + draw(small)))
    columns = ("area", "exploitation", "value")
    return CountTable.from_rows(rows, kind="victims", columns=columns, period=2015)


EU28 = COMPOSITIONS["EU28"].members
