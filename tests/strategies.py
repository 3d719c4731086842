"""Sums, and printed wholes with their members, for the laws of every package."""

from typing import Any

from hypothesis import strategies as st

from thbstats.geography import COMPOSITIONS
from thbstats.tables import CountTable
from thbstats.testing.strategies import (
    AREAS,
    COUNTRIES,
    counts,
    periods,
    record_lists,
    records,
    schemas,
    tables,
)
from thbstats.values import Count

__all__ = [
    "AREAS",
    "COUNTRIES",
    "EU28",
    "KINDS",
    "additive_tables",
    "counts",
    "periods",
    "printed_wholes",
    "record_lists",
    "records",
    "schemas",
    "small",
    "tables",
]

KINDS = ("victims", "justice", "protection", "cooperation")

small = st.integers(0, 50)


_KEYS = st.lists(
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
_SMALL_COUNTS = counts(small)


@st.composite
def additive_tables(draw: st.DrawFn, values: Any = None) -> CountTable:
    """Draw a table of victims by country, sex and form, of which every sum can be made."""
    drawn = _SMALL_COUNTS if values is None else values
    rows = [(*key, draw(drawn)) for key in draw(_KEYS)]
    columns = ("area", "period", "sex", "exploitation", "value")
    return CountTable.from_rows(rows, kind="victims", columns=columns, status="registered")


_FORMS = st.lists(st.sampled_from(["total", "sexual", "other"]), min_size=1, unique=True)


@st.composite
def printed_wholes(draw: st.DrawFn) -> CountTable:
    """Draw a printed composition and one of its members, both for the same cells."""
    forms = draw(_FORMS)
    rows: list[tuple[str, str, int | Count]] = []
    for form in forms:
        part = draw(_SMALL_COUNTS)
        rows.append(("UK", form, part))
        rows.append(("EU28", form, part.lower + draw(small)))
    columns = ("area", "exploitation", "value")
    return CountTable.from_rows(rows, kind="victims", columns=columns, period=2015)


EU28 = COMPOSITIONS["EU28"].members
