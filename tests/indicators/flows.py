"""True counts of justice by country, year and stage, and what a table shows of them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.indicators.strategies import COUNTRIES, gaps
from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable
from thbstats.values import Reason

YEARS = ("2014", "2015", "2016")
STAGES = ("prosecuted", "convicted")

Key = tuple[str, str, str]
Truth = Mapping[Key, int]
Displayable = Mapping[Key, Count | None]


def table_of(formatted: Displayable, **constant: Any) -> CountTable:
    rows = [(*key, count) for key, count in formatted.items() if count is not None]
    return rows_of(rows, **constant)


def rows_of(rows: Iterable[tuple[Any, ...]], **constant: Any) -> CountTable:
    """Return persons by area, year and stage."""
    arguments = {"kind": "justice", "unit": "persons"} | constant
    return counts_of(rows, "area period stage", **arguments)


@st.composite
def flows(
    draw: st.DrawFn, hide: Callable[[int], st.SearchStrategy[Count | None]] = gaps
) -> tuple[Truth, Displayable]:
    """Draw true counts of three countries, three years and two stages, and what is shown.

    Every stage has a row in every year, of one country at least.
    """
    keys = [(area, year, stage) for area in COUNTRIES for year in YEARS for stage in STAGES]
    truth = {key: draw(st.integers(0, 6)) for key in keys}
    formatted = {key: draw(hide(value)) for key, value in truth.items()}
    for year in YEARS:
        for stage in STAGES:
            assume(any(formatted[area, year, stage] is not None for area in COUNTRIES))
    return truth, formatted


def true(truth: Truth, stage: str, years: Iterable[str], areas: Iterable[str] = COUNTRIES) -> int:
    """Return the true sum over some years and countries."""
    chosen = list(areas)
    return sum(truth[area, year, stage] for year in years for area in chosen)


def reporting_countries(formatted: Displayable, stage: str, years: Iterable[str]) -> frozenset[str]:
    """Return the countries that reported a stage in every year."""
    expected_years = list(years)

    def reported(area: str) -> bool:
        counts = [formatted[area, year, stage] for year in expected_years]
        return all(count is not None and count.reason is Reason.KNOWN for count in counts)

    return frozenset(filter(reported, COUNTRIES))
