"""Rows that describe one cell: each is accounted for, and the count contains them all."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.readings import check_log, check_order
from thbstats import CountTable
from thbstats import read as read_file
from thbstats.errors import DuplicateKey
from thbstats.files import CountParser, Declaration, Reading
from thbstats.sources import tidy
from thbstats.values import Reason

VALUES = ["0", "3", "12", "<5", ":", ""]
some_rows = st.lists(
    st.tuples(
        st.sampled_from(["FR", "France", "DE"]),
        st.sampled_from(["F", "M", "T"]),
        st.sampled_from(["child", "adult", "T"]),
        st.sampled_from(VALUES),
        st.sampled_from(["", "e", "p"]),
    ),
    max_size=20,
)
Rows = list[tuple[str, str, str, str, str]]


def read(rows: Rows, **more: Any) -> Reading:
    frame = pd.DataFrame(rows, columns=["area", "sex", "age", "value", "flags"])
    return tidy.read_frame(frame.astype("str"), kind="victims", period=2020, **more)


def by_cell(rows: Rows) -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    """Return the values and flags of each cell, rows_of_cell one row at a time."""
    words = {"France": "FR", "F": "female", "M": "male", "T": "total"}
    rows_of_cell: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for area, sex, age, value, flags in rows:
        key = (words.get(area, area), words.get(sex, sex), words.get(age, age))
        rows_of_cell.setdefault(key, []).append((value, flags))
    return rows_of_cell


@given(some_rows)
def test_every_row_is_a_cell_or_shares_one_or_is_rejected(rows: Rows) -> None:
    reading = read(rows)
    report = reading.log
    check_log(reading, len(rows))
    assert report.used - report.shared == len(by_cell(rows))
    conflicting = report.count_rows("CONFLICTING") + report.count_rows("REPAIRED_CONFLICT")
    sharing = [values for values in by_cell(rows).values() if len(_distinct(values)) > 1]
    assert conflicting == sum(map(len, sharing))
    assert report.shared == conflicting - len(sharing)
    assert report.count_rows("REPEATED") == report.rejected


def _distinct(rows_of_cell: list[tuple[str, str]]) -> set[str]:
    return {":" if value == "" else value for value, _ in rows_of_cell}


@given(some_rows)
def test_count_of_a_cell_contains_the_values_of_its_rows(rows: Rows) -> None:
    reading, count_parser = read(rows), CountParser()
    repaired = "REPAIRED_CONFLICT" in reading.log.codes
    for (area, sex, age), rows_of_cell in by_cell(rows).items():
        count = reading.table.count(area=area, sex=sex, age=age)
        values = [count_parser.parse(value) for value, _ in rows_of_cell]
        if len(_distinct(rows_of_cell)) == 1:
            assert count == values[0]
            continue
        total = sum(values[1:], values[0])
        assert count.interval.contains(total.lower)
        assert (count.upper is None) is (total.upper is None)
        assert total.upper is None or count.interval.contains(total.upper)
        if count.reason is Reason.CONFLICTING:
            assert all(count.interval.contains(value.lower) for value in values)
            assert count.lower == min(value.lower for value in values)
        else:
            assert repaired
            assert count == total


@given(some_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_count(rows: Rows, random: Any) -> None:
    check_order(read, rows, random)


@given(some_rows)
def test_repeated_rows_do_not_change_consistent_cells(rows: Rows) -> None:
    plain = list({row[:3]: row for row in rows if row[0] != "France"}.values())
    once, twice = read(plain), read([*plain, *plain])
    assert once.data == twice.data
    assert (twice.log.shared, twice.log.count_rows("REPEATED")) == (0, len(plain))


def test_rows_with_one_count_and_several_flags_are_one_row_with_all_flags() -> None:
    reading = read([("FR", "T", "T", "5", "e"), ("FR", "T", "T", "5", "p")])
    cell = reading.table.cell()
    assert (cell.count.value, cell.flags) == (5, {"e", "p"})


@pytest.mark.parametrize(
    ("values", "flags", "lower", "reason"),
    [
        (("5", ":"), ("", ""), 0, Reason.CONFLICTING),
        ((":", ":"), ("", "m"), 0, Reason.NOT_REPORTED),
        # The sum is above every count.
        ((str(2**53), str(2**53 - 1)), ("", ""), 2**53 - 1, Reason.CONFLICTING),
    ],
)
def test_two_rows_of_a_cell_can_have_no_upper_bound(
    values: tuple[str, str], flags: tuple[str, str], lower: int, reason: Reason
) -> None:
    rows = zip(values, flags, strict=True)
    count = read([("FR", "T", "T", value, flag) for value, flag in rows]).table.count()
    assert (count.lower, count.upper, count.reason) == (lower, None, reason)


def test_a_cell_has_the_sources_of_all_rows_that_share_it() -> None:
    frame = pd.DataFrame(
        {"area": ["FR"] * 3 + ["DE"], "value": [5, 7, 5, 1], "source": ["A", "B", "C", "A"]}
    )
    table = tidy.read_frame(frame, kind="victims", period=2020).table
    titles = {area: {s.title for s in table.cell(area=area).sources} for area in ("FR", "DE")}
    assert titles == {"FR": {"A", "B", "C"}, "DE": {"A"}}


@pytest.mark.parametrize("treatment", ["first", "last"])
def test_hint_names_the_column_of_two_texts_of_one_category(treatment: str) -> None:
    """The bands 0-14 and 15-17 are both children: their rows are not two versions of one count."""
    rows = [("BE", "0-14", "3"), ("BE", "15-17", "4"), ("FR", "18+", "5"), ("FR", "18+", "6")]
    frame = pd.DataFrame(rows, columns=["area", "age", "value"]).astype("str")
    declare = Declaration(
        columns={"area": "area", "age": "age", "value": "value"},
        recode={"age": {"0-14": "child", "15-17": "child", "18+": "adult"}},
        repeated=treatment,
    )
    report = tidy.read_frame(frame, kind="victims", period=2020, declare=declare).log
    hints = [problem.hint for problem in report.problems if problem.code == "CONTRADICTORY"]
    assert sorted(hints) == [
        "Ask the publisher which row is correct",
        "Several texts of 'age' have the same category: recode one of them, or add up disjoint "
        "rows before you read the file",
    ]


def test_tables_from_frames_stay_strict() -> None:
    frame = pd.DataFrame({"area": ["FR", "FR"], "value": [5, 7]})
    with pytest.raises(DuplicateKey):
        CountTable.from_frame(frame, kind="victims", period=2020)


@pytest.mark.parametrize("size", [3, 2_000])
def test_many_conflicts_are_each_repaired_by_their_own_cells(size: int) -> None:
    years = np.arange(1, size + 1)
    frame = pd.concat(
        pd.DataFrame({"area": "FR", "period": 1000 + years, "age": age, "value": years * factor})
        for age, factor in (("child", 2), ("total", 3), ("total", 2), ("adult", 3))
    )
    reading = tidy.read_frame(frame, kind="victims")
    assert len(reading.table.where(age="total")) == size
    assert reading.table.where(age="total").lower.sum() == 5 * years.sum()
    assert reading.log.shared == size


REGIONS = ["area", "period", "region", "value"]


@pytest.mark.parametrize(
    ("counts", "treatment", "code"),
    [
        ((1234, 310), "conflicting", "CONFLICTING"),
        ((1234, 310), "first", "CONTRADICTORY"),
        ((1234, 310), "last", "CONTRADICTORY"),
        ((10, 10), "conflicting", "REPEATED"),
    ],
)
def test_hint_names_an_ignored_column_in_which_rows_of_one_cell_differ(counts, treatment, code):
    rows = [("RO", 2020, "Cluj", counts[0]), ("RO", 2020, "Iasi", counts[1]), ("BE", 2020, "", 5)]
    declared = {
        "kind": "victims",
        "columns": {"area": "area", "period": "period", "value": "value"},
        "repeated": treatment,
    }
    frame = pd.DataFrame(rows, columns=REGIONS)
    log = read_file(frame, declare=Declaration(**declared, ignored=["region"])).log
    (problem,) = log.problems
    assert problem.code == code
    assert problem.hint.startswith("The rows differ in 'region', which is ignored.")
    assert "repeated" not in problem.hint
    without = read_file(frame.drop(columns="region"), declare=Declaration(**declared)).log
    assert "region" not in without.problems[0].hint
