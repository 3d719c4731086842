"""Rows that are parts of a cell, such as age bands, are added up."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import ThbstatsError
from thbstats.files import Declaration, Reading
from thbstats.sources import tidy
from thbstats.values import Count, Reason

BANDS = {"0 to 9": "child", "10 to 17": "child", "18 to 64": "adult", "65 and over": "adult"}
counts = {
    "0": Count.known(0),
    "7": Count.known(7),
    "<5": Count.fewer_than(5),
    ":": Count.not_reported(),
}
cells = st.dictionaries(
    st.tuples(st.sampled_from(["FR", "DE"]), st.sampled_from([*BANDS, "total", "unknown"])),
    st.tuples(st.sampled_from(list(counts)), st.sampled_from(["", "e", "p"])),
    min_size=1,
)


def read(rows: list[tuple[str, ...]], **more: Any) -> Reading:
    frame = pd.DataFrame(rows, columns=["area", "age", "value", "flags"]).astype("str")
    declared = {
        "columns": {name: name for name in frame.columns},
        "recode": {"age": BANDS},
        "added": {"age": list(BANDS)},
    }
    declare = Declaration(kind="victims", constants={"period": 2020}, **declared | more)
    return tidy.read_frame(frame, declare=declare)


@given(cells, st.randoms())
def test_the_count_of_a_category_is_the_sum_of_its_parts(
    rows: dict[tuple[str, str], tuple[str, str]], order: Any
) -> None:
    lines = [(*key, *contents) for key, contents in rows.items()]
    order.shuffle(lines)
    reading = read(lines)
    assert (reading.log.used, reading.log.rejected) == (len(rows), 0)
    assert not reading.log.with_code("CONFLICTING")
    assert reading.log.shared == len(rows) - len(reading.table)
    for area in {area for area, _ in rows}:
        own = {age: contents for (other, age), contents in rows.items() if other == area}
        for category in ("child", "adult", "total", "unknown"):
            parts = [age for age, target in BANDS.items() if target == category] or [category]
            present = [counts[own[age][0]] for age in parts if age in own]
            if not present:
                continue
            cell = reading.table.cell(area=area, age=category)
            expected = sum(present[1:], start=present[0])
            if not {*parts} <= {*own}:
                expected += Count.not_reported()
            assert cell.count == expected
            assert cell.flags == frozenset("".join(own[age][1] for age in parts if age in own))


@pytest.mark.parametrize(("age", "value", "upper"), [("0 to 9", "3", 12), ("child", "9", 18)])
def test_several_rows_of_one_part_and_parts_next_to_their_category_are_a_conflict(
    age: str, value: str, upper: int
) -> None:
    rows = [("FR", age, value, ""), ("FR", "0 to 9", "4", ""), ("FR", "10 to 17", "5", "")]
    reading = read(rows)
    assert reading.log.codes == ("CONFLICTING",)
    assert reading.table.count(area="FR", age="child").upper == upper


def test_rows_of_other_texts_are_not_added() -> None:
    rows = [("FR", "0 to 9", "3", ""), ("FR", "10 to 17", "5", "")]
    assert read(rows).table.count(age="child") == Count.known(8)
    assert read(rows, added={}).log.codes == ("CONFLICTING",)


def test_log_of_added_rows_does_not_call_them_unchanged() -> None:
    log = read([("FR", "0 to 9", "3", ""), ("FR", "10 to 17", "5", "")]).log
    assert (log.completeness, log.shared) == ("All rows are used", 1)


def test_sources_of_all_parts_stay_with_the_sum() -> None:
    frame = pd.DataFrame(
        [("FR", "0 to 9", "3", "A"), ("FR", "10 to 17", "5", "B")],
        columns=["area", "age", "value", "source"],
    ).astype("str")
    declare = Declaration(
        kind="victims",
        columns={name: name for name in frame.columns},
        constants={"period": 2020},
        recode={"age": BANDS},
        added={"age": list(BANDS)},
    )
    table = tidy.read_frame(frame, declare=declare).table
    assert {source.title for source in table.sources} == {"A", "B"}


@pytest.mark.parametrize(
    ("added", "problem"),
    [
        (["age"], "must be a mapping"),
        ({"age": "0 to 9"}, "must be a mapping of columns to lists of texts"),
        ({"age": [9]}, "must be a mapping of columns to lists of texts"),
        ({"aeg": ["0 to 9"]}, "Did you mean 'age'"),
    ],
)
def test_wrong_parts_are_refused(added: Any, problem: str) -> None:
    with pytest.raises(ThbstatsError, match=problem):
        read([("FR", "0 to 9", "3", "")], added=added)


def test_a_sum_above_the_largest_count_has_no_upper_bound() -> None:
    largest = str(2**53)
    count = read([("FR", "0 to 9", largest, ""), ("FR", "10 to 17", largest, "")]).table.count(
        age="child"
    )
    assert (count.lower, count.upper, count.reason) == (2**53, None, Reason.NOT_REPORTED)
