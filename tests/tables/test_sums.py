from collections import defaultdict
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.strategies import EU28, additive_tables, counts, printed_wholes, small
from thbstats.errors import InvalidValue, MixedTotals, UnknownName
from thbstats.tables import CountTable
from thbstats.values import Count, Reason

UK15: dict[str, Any] = {"area": "UK", "period": 2015}


def victims(*rows: tuple[Any, ...], columns: str, **constant: Any) -> CountTable:
    names = (*columns.split(), "value")
    missing = {name: value for name, value in UK15.items() if name not in names}
    return CountTable.from_rows(rows, kind="victims", columns=names, **{**missing, **constant})


def possible(count: Count) -> st.SearchStrategy[int]:
    return st.integers(count.lower, count.lower + 99 if count.upper is None else count.upper)


def added(counts: list[Count]) -> Count:
    total = counts[0]
    for count in counts[1:]:
        total = total + count
    return total


@given(additive_tables(), st.sets(st.sampled_from(["area", "period", "sex", "exploitation"])))
def test_a_sum_adds_the_counts_of_each_group(table: CountTable, by: set[str]) -> None:
    assume("period" in by or len(table.categories("period")) == 1)
    expected = defaultdict(list)
    for record in table:
        expected[tuple(str(getattr(record, name)) for name in sorted(by))].append(record.count)
    result = table.sum(by=by)
    actual = {tuple(str(getattr(r, name)) for name in sorted(by)): r.count for r in result}
    assert actual == {key: added(parts) for key, parts in expected.items()}


@given(additive_tables(), st.sampled_from(["area", "sex", "exploitation"]))
def test_splitting_a_table_and_summing_the_parts_equals_the_whole(
    table: CountTable, along: str
) -> None:
    by = ("period", along)
    parts = [table.where(**{along: code}).sum(by=by) for code in table.categories(along)]
    joined, whole = CountTable.concat(parts), table.sum(by=by)

    def told(table: CountTable) -> set[tuple[Any, ...]]:
        return {(r.period, getattr(r, along), r.count, r.reporters, r.flags) for r in table}

    assert told(joined) == told(whole)


@given(additive_tables(), st.randoms(use_true_random=False))
def test_a_sum_does_not_depend_on_its_steps_or_on_the_order_of_rows(
    table: CountTable, random: Any
) -> None:
    by = ("period", "area", "sex")
    assert table.sum(by=by).sum(by=("period", "area")) == table.sum(by=("period", "area"))
    assert table.sum(by=by).sum(by="period") == table.sum(by="period")
    rows = random.sample(list(table), len(table))
    assert CountTable.from_records(rows).sum(by="period") == table.sum(by="period")


@given(additive_tables(), st.data())
def test_bounds_of_a_sum_contain_the_true_sum(table: CountTable, data: st.DataObject) -> None:
    table = table.where(period=table.categories("period")[0])
    truth = [data.draw(possible(record.count)) for record in table]
    (total,) = table.sum(by=())
    assert total.count.interval.contains(sum(truth))


@given(additive_tables() | printed_wholes())
def test_no_operation_changes_the_table(table: CountTable) -> None:
    before = list(table)
    table.where(area="UK")
    if "UK" in table.categories("area"):
        table.without(area="UK")
    if "EU28" not in table.categories("area"):
        table.sum(by="period")
    assert list(table) == before


WOMEN_AND_MEN = [("UK", "T", 8), ("FR", "F", 5), ("FR", "M", 3)]
FISCAL = [("2015-04-01/2016-03-31", 5), ("2016-04-01/2017-03-31", 3)]
UNITS = [("UK", "persons", "F", 1), ("UK", "persons", "M", 2), ("FR", "cases", "F", 3)]


@pytest.mark.parametrize(
    ("columns", "rows", "by", "sums"),
    [
        ("sex", [("F", 5), ("M", 3), ("unknown", 1)], "area", [("total", 9)]),
        ("sex", [("T", 8), ("F", 5), ("M", 3)], ("area", "sex"),
         [("total", 8), ("female", 5), ("male", 3)]),
        ("exploitation", [("construction", 5), ("agriculture", 3)], "area", [("labour", 8)]),
        ("sex exploitation", [("F", "sexual", 5), ("F", "labour", 3)], "area",
         [("female", "total", 8)]),
        ("citizenship", [("NAT", 8), ("NG", 5)], "area", [("total", 13)]),
        ("citizenship", [("non_eu", 8), ("RO", 5)], "area", [("total", 13)]),
        ("citizenship", [("other_eu", 8), ("NG", 5)], "area", [("total", 13)]),
        ("area sex", WOMEN_AND_MEN, "area", [("FR", "total", 8), ("UK", "total", 8)]),
        ("area sex", WOMEN_AND_MEN, (), [("FR+UK", "total", 16)]),
        ("area", [("UK", 1), ("FR", 2)], (), [("FR+UK", 3)]),
        ("area", [(country, 1) for country in EU28], (), [("EU28", 28)]),
        ("area", [(country, 1) for country in EU28 - {"UK"}], (), [("EU27_2020", 27)]),
        ("area unit sex", UNITS, "area",
         [("FR", "cases", "total", 3), ("UK", "persons", "total", 3)]),
        ("period", [(2015, 5), (2016, 3)], "area", [("2015-2016", 8)]),
        ("period", [(2015, 5), (2017, 1), (2016, 3)], "area", [("2015-2017", 9)]),
        ("period", FISCAL, (), [("2015-04-01/2017-03-31", 8)]),
        ("period", [("~2015", 5), ("2016", 3)], (), [("~2015-2016", 8)]),
        ("area period", [("UK", 2015, 5), ("FR", 2015, 1), ("FR", 2016, 2)], "area",
         [("FR", "2015-2016", 3), ("UK", "2015", 5)]),
    ],
)  # fmt: skip
def test_a_sum_has_the_narrowest_categories_of_its_rows(
    columns: str, rows: list[tuple[Any, ...]], by: Any, sums: list[tuple[Any, ...]]
) -> None:
    result = victims(*rows, columns=columns).sum(by=by)
    names = columns.split()
    actual = [(*(str(getattr(r, name)) for name in names), r.count.value) for r in result]
    assert actual == sums


@pytest.mark.parametrize(
    ("rows", "columns", "pair"),
    [
        ([("T", 8), ("F", 5)], "sex", "'total' and 'female'"),
        ([("labour", 8), ("agriculture", 5)], "exploitation", "'labour' and 'agriculture'"),
        ([("EU28", 8), ("UK", 5)], "area", "'EU28' and 'UK'"),
        ([("EU28", 8), ("EU27_2007", 5)], "area", "'EU27_2007' and 'EU28'"),
        ([("2015-2016", 8), ("2015", 5)], "period", "'2015' and '2015-2016'"),
        ([("2015", 8), ("not stated", 5)], "period", "'not stated'"),
        ([("eu", 8), ("RO", 5)], "citizenship", "'eu' and 'RO'"),
        ([("NAT", 8), ("UK", 5)], "citizenship", "'reporting_country' and 'UK'"),
    ],
)
def test_a_sum_with_overlapping_categories_raises(
    rows: list[tuple[Any, ...]], columns: str, pair: str
) -> None:
    table = victims(*rows, columns=columns)
    with pytest.raises(MixedTotals, match=pair) as caught:
        table.sum(by=())
    assert caught.value.field == columns
    assert f"where({columns}=" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("unit", ["persons", "cases"]),
        ("status", ["identified", "presumed"]),
        ("register", ["all", "police"]),
        ("age_concept", ["at_entry", "at_referral"]),
    ],
)
def test_different_attributes_are_not_added(name: str, codes: list[str]) -> None:
    table = victims(*((code, 5) for code in codes), columns=name)
    with pytest.raises(MixedTotals, match=f"{name}.*must be equal") as caught:
        table.sum(by="area")
    assert f"by=('area', '{name}')" in caught.value.hint
    assert len(table.sum(by=("area", name))) == 2


def test_years_with_a_gap_are_not_added() -> None:
    table = victims((2013, 5), (2015, 3), columns="period")
    with pytest.raises(MixedTotals, match="must be consecutive"):
        table.sum(by="area")


def test_a_sum_has_the_most_severe_reason_and_all_flags() -> None:
    rows = [("F", Count.fewer_than(5), "e"), ("M", 3, "p"), ("unknown", Count.suppressed(), "e")]
    table = CountTable.from_rows(rows, kind="victims", columns=("sex", "value", "flags"), **UK15)
    total = table.sum(by="area").cell()
    assert total.count == Count(3, None, Reason.SUPPRESSED)
    assert total.flags == {"e", "p"}


def test_sums_exclude_counts_not_applicable() -> None:
    table = victims(("F", 5), ("M", Count.not_applicable()), columns="sex")
    assert table.sum(by="area").count() == Count.known(5)
    alone = table.where(sex="M").sum(by="area")
    assert alone.count(sex="male") == Count.not_applicable()


def test_a_sum_has_all_sources_and_reporters() -> None:
    rows = [
        ("UK", 5, "A", None),
        ("FR", 3, "B", None),
        ("AT", Count.not_reported(), "B", None),
        ("BE", 3, "B", "BE"),
    ]
    table = CountTable.from_rows(
        rows, kind="victims", columns=("area", "value", "source", "reporters"), period=2015
    )
    total = table.sum(by=()).record(0)
    assert {source.title for source in total.sources} == {"A", "B"}
    assert total.reporters == {"UK", "FR", "BE"}
    assert total.n_reporters == 3
    by_area = table.sum(by="area")
    assert by_area.cell(area="AT").reporters == frozenset()
    assert by_area.cell(area="UK").source == table.cell(area="UK").source


def test_reporters_of_a_composition_can_be_undocumented() -> None:
    table = victims(("EU15", 5), ("RO", 3), columns="area")
    assert table.sum(by=()).record(0).reporters is None


def test_a_number_of_reporters_is_that_of_one_area_and_period() -> None:
    rows = [("EU15", 2015, "F", 5, 4), ("EU15", 2015, "M", 9, 4), ("EU15", 2016, "F", 6, 4)]
    rows += [("RO+BG", 2015, "F", 2, 1)]
    table = CountTable.from_rows(
        rows, kind="victims", columns=("area", "period", "sex", "value", "n_reporters")
    )
    one = table.where(area="EU15", period=2015)
    assert one.sum(by="area").record(0).n_reporters == 4
    assert table.where(sex="F", area="EU15").sum(by="area").record(0).n_reporters is None
    assert table.where(sex="F", period=2015).sum(by="period").record(0).n_reporters is None


def test_reporters_of_a_figure_of_all_members_are_the_members() -> None:
    rows = [("EU28", "F", 5), ("EU28", "M", 3)]
    table = victims(*rows, columns="area sex", n_reporters=28)
    assert table.sum(by="area").cell().reporters == EU28
    fewer = victims(*rows, columns="area sex", n_reporters=27)
    assert fewer.sum(by="area").cell().reporters is None
    assert fewer.sum(by="area").cell().n_reporters == 27


def test_common_reporters_have_data_in_every_year() -> None:
    rows = [
        ("UK", 2015, 5),
        ("UK", 2016, 5),
        ("FR", 2015, 5),
        ("AT", 2015, Count.not_reported()),
        ("AT", 2016, 4),
    ]
    table = victims(*rows, columns="area period")
    assert table.common_reporters() == {"UK"}
    assert table.where(period=2015).common_reporters() == {"UK", "FR"}
    assert table.where(area="EL").common_reporters() == frozenset()
    assert victims(("EU28", 5), columns="area").common_reporters() is None
    with pytest.raises(UnknownName):
        table.common_reporters("years")


def test_a_sum_above_the_largest_count_raises() -> None:
    table = victims(("F", 2**53), ("M", 1), columns="sex")
    with pytest.raises(InvalidValue, match=r"must be below 2\*\*53"):
        table.sum(by="area")


def test_a_sum_by_an_unknown_dimension_raises() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'area'"):
        victims(("F", 1), columns="sex").sum(by="arae")


def test_a_sum_of_an_empty_table_is_empty() -> None:
    empty = CountTable.from_rows([], kind="victims")
    assert len(empty.sum(by="area")) == 0


def test_persons_and_prosecutions_are_not_added() -> None:
    table = CountTable.from_rows(
        [("suspected", "persons", 7503), ("prosecuted", "prosecutions", 5979)],
        kind="justice",
        columns=("stage", "unit", "value"),
        area="EU28",
        period="2015-2016",
    )
    with pytest.raises(MixedTotals, match=r"stage.*must be equal"):
        table.sum(by="area")


@given(additive_tables(counts(small).filter(lambda count: count.is_point)))
def test_a_sum_of_points_is_a_point(table: CountTable) -> None:
    assert all(record.count.is_point for record in table.sum(by="period"))
