"""Warnings of inputs travel into what is computed from them, and each fact is said once."""

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thbstats as thb
from tests.comparability.test_judge import gaps, spoken
from thbstats.comparability import GATHERED
from thbstats.results import ComparabilityWarning, Result

COUNTRIES = ("BE", "DE", "FR", "LU")
CELLS = ("female", "male", "unknown")
counts = st.one_of(
    st.integers(0, 150).map(thb.Count.known),
    st.just(thb.Count.not_reported()),
    st.just(thb.Count.fewer_than(5)),
)


@st.composite
def tables(draw: st.DrawFn) -> thb.CountTable:
    """Return victims of two years by sex; some countries did not report, some rows are missing."""
    rows = [
        (area, year, cell, draw(counts))
        for area in COUNTRIES
        for year in (2015, 2016)
        for cell in CELLS
        if draw(st.integers(0, 9))
    ]
    sure = [(area, year, cell) for area in ("BE", "FR") for year in (2015, 2016) for cell in CELLS]
    rows += [(*key, thb.Count.known(30)) for key in sure if key not in {row[:3] for row in rows}]
    return thb.CountTable.from_rows(
        rows,
        columns=["area", "period", "sex", "value"],
        kind="victims",
        status=draw(st.sampled_from(["registered", "not_stated"])),
        unit="persons",
        source="A report",
    )


def includes(found: Iterable[ComparabilityWarning], of: Iterable[ComparabilityWarning]) -> bool:
    held, needed = list(found), list(of)
    return spoken(needed) <= spoken(held) and gaps(needed) <= gaps(held)


def told(found: Iterable[ComparabilityWarning]) -> set[tuple[str, str]]:
    return {(warning.code, warning.message) for warning in found if warning.code != GATHERED}


def said_once(shown: str, warnings: Iterable[ComparabilityWarning]) -> bool:
    """Whether each text of a warning is told in one line of an account."""
    lines = [line for line in shown.splitlines() if "): " in line]
    starts = {
        (f"{warning.code} ({warning.severity}): ", warning.message)
        for warning in warnings
        if warning.code != GATHERED
    }
    return all(
        sum(line.startswith(start) and f": {text}." in line for line in lines) == 1
        for start, text in starts
    )


def women(table: thb.CountTable) -> Result:
    return thb.share(table, sex="female", base="recorded")


def two(table: thb.CountTable) -> tuple[Result, Result]:
    old, new = (women(table.where(period=year)) for year in (2015, 2016))
    return old, new


@given(tables())
@settings(deadline=None, max_examples=30)
def test_a_comparison_and_a_change_carry_what_is_said_of_both_numbers(
    table: thb.CountTable,
) -> None:
    old, new = two(table)
    pair, change = thb.compare(old, new), thb.change(old, new, unit="pp")
    assert includes(pair.warnings, old.warnings)
    assert includes(pair.warnings, new.warnings)
    for found in (pair.warnings, change.warnings):
        assert len(set(found)) == len(found)
    # What is told of the new number and of the change itself weighs as much as it does there.
    assert told(pair.warnings) <= told(change.warnings)
    assert gaps(pair.warnings) <= gaps(change.warnings)
    assert said_once(pair.explain(), pair.warnings)
    assert said_once(change.explain(), change.warnings)


@given(tables())
@settings(deadline=None, max_examples=20)
def test_leaving_one_out_carries_what_is_said_of_every_number_once(table: thb.CountTable) -> None:
    found = thb.leave_one_out(table.where(period=2016), women)
    for number in (*found, found.whole):
        assert includes(found.warnings, number.warnings)
    assert len(set(found.warnings)) == len(found.warnings)
    assert len(found.warnings.of(GATHERED)) <= 1
    assert max(Counter(found.sheet().notes).values()) == 1


def test_a_comparison_of_changes_still_knows_what_was_said_of_the_numbers() -> None:
    rows = [(2015, 5), (2016, 9), ("2017-2018", 30), (2019, 12)]
    table = thb.CountTable.from_rows(
        rows, columns=["period", "value"], kind="victims", area="BE", unit="persons"
    )
    totals = [thb.total(table, period=period) for period, _ in rows]
    early, late = (thb.change(*totals[i : i + 2], unit="percent") for i in (0, 2))
    assert "PERIOD" in late.warnings.codes
    found = thb.compare(early, late)
    assert includes(found.warnings, early.warnings)
    assert includes(found.warnings, late.warnings)
    assert len(set(found.notes)) == len(found.notes)


@pytest.mark.parametrize(("old", "severity"), [(5, "caution"), (50, "note"), (500, None)])
def test_a_percentage_of_a_small_count_says_that_it_is_small(
    old: int, severity: str | None
) -> None:
    table = thb.CountTable.from_rows(
        [(2015, old), (2016, 9)],
        columns=["period", "value"],
        kind="victims",
        area="BE",
        status="registered",
        unit="persons",
    )
    numbers = [thb.total(table, period=year) for year in (2015, 2016)]
    found = thb.change(*numbers, unit="percent").warnings.of("SMALL")
    assert [str(warning.severity) for warning in found] == ([severity] if severity else [])
    assert thb.change(*numbers, unit="count").warnings.of("SMALL") == ()


def test_a_funnel_says_what_is_true_of_all_its_steps_once() -> None:
    steps = thb.funnel(thb.publications.com_2018_777().data.justice)
    for step in steps:
        assert includes(steps.warnings, step.warnings)
    assert len(set(steps.warnings)) == len(steps.warnings)
    notes = Counter(line for line in steps.explain().splitlines() if line.startswith("COHORT"))
    assert list(notes.values()) == [1]


def test_a_number_without_a_member_carries_the_warnings_of_its_indicator() -> None:
    table = thb.CountTable.from_rows(
        [("UK", "female", 3), ("UK", "male", 1), ("FR", "female", 2), ("FR", "male", 2)],
        columns=["area", "sex", "value"],
        kind="victims",
        period=2016,
    )
    found = thb.without(table, women, area="UK")
    assert found.warnings == women(table.where(area="FR")).warnings
