"""Partitions: rows without totals, whose sums contain the true counts."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.rows import check_rows
from thbstats import Count, CountTable
from thbstats.errors import AmbiguousCell, InvalidValue, ThbstatsError, UnknownName
from thbstats.tables import NOT_BROKEN_DOWN

SEXES, AGES = ("female", "male", "unknown"), ("child", "adult", "unknown")


def table_of(rows: list[tuple[Any, ...]], columns: list[str], **constants: Any) -> CountTable:
    constants = {"area": "PL", "period": 2016} | constants
    constants = {name: value for name, value in constants.items() if name not in columns}
    return CountTable.from_rows(rows, columns=columns, kind="victims", **constants)


def frame_rows(table: CountTable, by: Any) -> list[tuple[Any, ...]]:
    frame = table.partition(by).to_frame()
    names = [name for name in frame if name not in ("area", "period")]
    return [
        tuple(None if value is pd.NA else value for value in row)
        for row in frame[names].itertuples(index=False)
    ]


def published(truth: int, way: int, wider: int) -> Count | None:
    """Return a count as a source publishes it, or None for no row."""
    known, bounds = Count.known(truth), Count.suppressed(0, truth + wider)
    return [known, known, bounds, Count.not_reported(), None][way]


GROUPS = list(product(("PL", "ES"), SEXES, AGES))
PUBLISHED = list(product(("PL", "ES"), ("total", *SEXES), ("total", *AGES)))
WAYS = st.tuples(st.integers(0, 4), st.integers(0, 5))


@examples(60)
@given(
    numbers=st.tuples(*[st.integers(0, 9)] * len(GROUPS)),
    ways=st.tuples(*[WAYS] * len(PUBLISHED)),
    by=st.sampled_from([["sex", "age"], ["age", "sex"], ["sex"], ["age"], []]),
)
def test_sums_contain_the_true_counts_whatever_the_source_hides(numbers, ways, by):
    truth = dict(zip(GROUPS, numbers, strict=True))

    def true(area: str, sex: str = "total", age: str = "total") -> int:
        return sum(
            number
            for key, number in truth.items()
            if key[0] == area and sex in ("total", key[1]) and age in ("total", key[2])
        )

    rows = [
        (*key, count)
        for key, way in zip(PUBLISHED, ways, strict=True)
        if (count := published(true(*key), *way)) is not None
    ]
    if not rows:
        return
    table = table_of(rows, ["area", "sex", "age", "value"])
    has_total = {row[0] for row in rows if row[1:3] == ("total", "total")}
    frame = table.partition(by).to_frame()
    assert not frame.duplicated(["area", "period", *by]).any()
    assert "total" not in frame[by].to_numpy()
    if has_total:
        assert set(frame["area"]) == has_total
    for area in has_total:
        own = frame[frame["area"] == area]
        upper = own["count_upper"].astype(float).fillna(np.inf)
        assert own["count_lower"].sum() <= true(area) <= upper.sum()
        for name in by:
            for code in SEXES if name == "sex" else AGES:
                is_code = own[name] == code
                may_be = is_code | (own[name] == NOT_BROKEN_DOWN)
                number = true(area, **{name: code})
                assert own["count_lower"][is_code].sum() <= number <= upper[may_be].sum()


CASES = [
    (
        "unknown persons stay a category of their own",
        [("total", 199), ("female", 74), ("male", 47), ("unknown", 78)],
        [("female", 74, 74), ("male", 47, 47), ("unknown", 78, 78)],
    ),
    (
        "a total without categories is not broken down",
        [("total", 199)],
        [(NOT_BROKEN_DOWN, 199, 199)],
    ),
    (
        "categories that are not reported are in the difference",
        [("total", 199), ("female", 74), ("male", Count.not_reported())],
        [("female", 74, 74), (NOT_BROKEN_DOWN, 125, 125)],
    ),
    (
        "a suppressed category keeps its bounds, and others can be missing",
        [("total", 100), ("female", 97), ("male", Count.fewer_than(5))],
        [("female", 97, 97), ("male", 0, 4), (NOT_BROKEN_DOWN, 0, 3)],
    ),
    (
        "categories that exceed their total are one row",
        [("total", Count.fewer_than(5)), ("female", 746), ("male", 541)],
        [(NOT_BROKEN_DOWN, 0, 4)],
    ),
    (
        "a country that did not report is a row without an upper bound",
        [("total", Count.not_reported())],
        [(NOT_BROKEN_DOWN, 0, None)],
    ),
    (
        "a total without an upper bound keeps its categories",
        [("total", Count.between(10, None)), ("female", 7)],
        [("female", 7, 7), (NOT_BROKEN_DOWN, 3, None)],
    ),
    (
        "categories without a total can lack persons",
        [("female", 74), ("male", Count.not_reported())],
        [("female", 74, 74), ("male", 0, None), (NOT_BROKEN_DOWN, 0, None)],
    ),
    (
        "female, male and unknown persons are all persons",
        [("female", 74), ("male", 47), ("unknown", 3)],
        [("female", 74, 74), ("male", 47, 47), ("unknown", 3, 3)],
    ),
    ("a count that is not applicable is not a row", [("total", Count.not_applicable())], []),
]


def test_rows_of_a_partition():
    def check(_: str, rows: list[Any], expected: list[Any]) -> None:
        found = frame_rows(table_of(rows, ["sex", "value"]), "sex")
        assert [row[:3] for row in found] == expected

    check_rows(check, CASES)


def test_origin_of_each_row():
    rows = [("PL", "total", 199), ("PL", "female", 74), ("DE", "total", 4), ("DE", "male", 541)]
    frame = table_of(rows, ["area", "sex", "value"]).partition("sex").to_frame()
    assert frame[["area", "sex", "origin"]].to_numpy().tolist() == [
        ["PL", "female", "reported"],
        ["PL", NOT_BROKEN_DOWN, NOT_BROKEN_DOWN],
        ["DE", NOT_BROKEN_DOWN, "contradictory"],
    ]


def test_ages_are_used_where_sexes_are_not_reported():
    rows = [("total", "total", 20), ("total", "child", 5), ("total", "adult", 15)]
    found = frame_rows(table_of(rows, ["sex", "age", "value"]), ["sex", "age"])
    assert [row[:4] for row in found] == [
        (NOT_BROKEN_DOWN, "child", 5, 5),
        (NOT_BROKEN_DOWN, "adult", 15, 15),
    ]


def test_the_broadest_categories_are_rows():
    rows = [("total", 30), ("labour", 20), ("domestic_servitude", 8), ("sexual", 10)]
    found = frame_rows(table_of(rows, ["exploitation", "value"]), "exploitation")
    assert {row[0] for row in found} <= {"labour", "sexual", "domestic_servitude"}
    assert sum(row[1] for row in found) == 30


def test_groups_of_citizenship_are_not_added_to_their_countries():
    rows = [("total", 30), ("eu", 20), ("RO", 15), ("NG", 7), ("non_eu", 10)]
    found = frame_rows(table_of(rows, ["citizenship", "value"]), "citizenship")
    assert sum(row[1] for row in found) == 30
    assert "RO" not in {row[0] for row in found}


def test_a_composition_is_left_out_if_its_members_have_rows():
    rows = [("EU28", 300), ("PL", 199), ("ES", 101)]
    partition = table_of(rows, ["area", "value"]).partition()
    assert partition.totals == ("EU28",)
    assert partition.to_frame()["count_lower"].sum() == 300
    assert "EU28" in partition.to_text()
    alone = table_of(rows[:1], ["area", "value"]).partition()
    assert alone.to_frame()["area"].tolist() == ["EU28"]
    # In another year the composition is the only row of its countries.
    years = [("EU28", 2015, 300), ("EU28", 2016, 310), ("PL", 2016, 199)]
    frame = table_of(years, ["area", "period", "value"]).partition().to_frame()
    assert set(zip(frame["area"], frame["count_lower"], strict=True)) == {
        ("EU28", 300),
        ("PL", 199),
    }


@pytest.mark.parametrize("areas", ["DE DE-BY", "DE2 DE21", "DE-BY DE21", "EU28 DE-BY", "EU28 EU15"])
def test_areas_with_common_persons_are_refused(areas):
    first, second = areas.split()
    with pytest.raises(InvalidValue, match="areas without common countries or regions"):
        table_of([(first, 10), (second, 4)], ["area", "value"]).partition()
    apart = [(first, 2015, 10), (second, 2016, 4)]
    assert len(table_of(apart, ["area", "period", "value"]).partition()) == 2


def test_places_without_a_total_are_listed():
    rows = [("PL", "total", 199), ("ES", "female", 7)]
    partition = table_of(rows, ["area", "sex", "value"]).partition(["area", "period", "sex"])
    assert partition.without_total == (("ES", "2016"),)
    assert set(partition.to_frame()["area"]) == {"PL"}
    assert "without a total: 1 combinations" in partition.to_text()


WRONG = [
    ({"by": "gender"}, UnknownName, "sex"),
    ({"by": "status"}, InvalidValue, "must be a breakdown"),
    ({"by": 5}, InvalidValue, "must be the name of a dimension"),
]


def test_wrong_breakdowns_are_refused():
    table = table_of([("total", 3)], ["sex", "value"])

    def check(options: Any, error: type[ThbstatsError], message: str) -> None:
        with pytest.raises(error, match=message):
            table.partition(**options)

    check_rows(check, WRONG)


def test_counts_that_do_not_add_up_are_refused():
    stages = CountTable.from_rows(
        [("prosecuted", 5979), ("convicted", 2927)],
        columns=["stage", "value"], kind="justice", area="EU28", period=2016,
    )  # fmt: skip
    with pytest.raises(AmbiguousCell, match="must have one category"):
        stages.partition()
    years = table_of([("2015-2016", 9), ("2016", 4)], ["period", "value"])
    with pytest.raises(InvalidValue, match="periods without common days"):
        years.partition()
    unions = table_of([("EU28", 9), ("EU27_2020", 8)], ["area", "value"])
    with pytest.raises(InvalidValue, match="areas without common countries"):
        unions.partition()


def test_a_long_partition_shows_its_first_rows():
    partition = thb.read("docs/_data/glotip_eu_victims.csv").table.partition("sex")
    assert f"First 20 of {len(partition)} rows." in partition.to_text()
    assert (
        repr(partition)
        == f"<TablePartition of victims by area, period, sex: {len(partition)} rows>"
    )
