"""Reading the rows of a table: two ways to look them up, and tables of unusual shape."""

from random import Random

import pytest

from tests.panel.test_share_laws import pooled, same_columns, single
from tests.panel.worlds import SEX, cell_table, cell_world, table_of, worlds_of
from thbstats import Count, CountTable
from thbstats.errors import NoSuchCell
from thbstats.indicators import breakdown, share, total
from thbstats.panel import Status, row_index
from thbstats.panel.query_systems import systems_of


@pytest.mark.parametrize("base", ["all", "known", "responses"])
def test_dense_and_sparse_row_indexes_give_equal_results(base, monkeypatch):
    worlds = worlds_of(11, 40)
    table = table_of(worlds)
    random = Random(3)
    areas = cell_table([cell_world(random, "crossed", 4) for _ in range(30)])
    cells = {"by": "period", "area": "BE+DE+FR", "sex": "female"}
    both = (
        {"where": {"exploitation": "sexual"}} if base == "responses" else {"exploitation": "sexual"}
    )

    def numbers():
        return [
            share(table, base=base, **single(worlds), sex="female"),
            share(table, base=base, **pooled(worlds), sex="female"),
            total(table, **single(worlds), sex="male"),
            breakdown(table, base=base, **(pooled(worlds) | {"by": "period", "of": "sex"})),
            share(areas, base=base, rules=(), **cells, **both),
        ]

    dense = numbers()
    monkeypatch.setattr(row_index, "_DENSE", 0)
    row_index._INDEXES.clear()
    assert all(same_columns(left, two) for left, two in zip(dense, numbers(), strict=True))


def test_number_of_queries_can_exceed_the_index_cache(monkeypatch):
    worlds = worlds_of(5, 10)
    table = table_of(worlds)
    questions = [single(worlds), single(worlds) | {"sex": "male"}, single(worlds)]
    known = [total(table, **question) for question in questions]
    monkeypatch.setattr(row_index, "_CACHED", 1)
    row_index._INDEXES.clear()
    for question, result in zip(questions, known, strict=True):
        assert same_columns(result, total(table, **question))
        assert len(row_index._INDEXES[systems_of(table.columns).columns]) == 1


@pytest.mark.parametrize("limit", [0, 20_000_000])
def test_rows_of_a_further_dimension_without_their_total_have_no_total(limit, monkeypatch):
    monkeypatch.setattr(row_index, "_DENSE", limit)
    rows = [("female", "sexual", 3), ("male", "sexual", 2)]
    table = CountTable.from_rows(
        rows, columns=["sex", "exploitation", "value"], kind="victims", area="BE", period=2016
    )
    panel = share(table, base="known", sex="female", by="area", period=2016)
    assert [row.status for row in panel] == [Status.NO_TOTAL]


@pytest.mark.parametrize("by", [None, "area", ["area", "period"]])
def test_query_of_an_empty_table_is_refused(by):
    table = CountTable.from_rows([], kind="victims")
    with pytest.raises(NoSuchCell, match="no rows"):
        share(table, base="all", sex="female", by=by)
    with pytest.raises(NoSuchCell, match="no rows"):
        total(table, by=by)


def test_rows_of_another_kind_of_count_are_ambiguous_alone_and_numbers_with_by():
    rows = [(sex, status, 4) for sex in SEX[:2] for status in ("registered", "presumed")]
    table = CountTable.from_rows(
        rows, columns=["sex", "status", "value"], kind="victims", area="BE", period=2016
    )
    mixed = share(table, base="known", sex="female", by="area")
    assert [row.status for row in mixed] == [Status.AMBIGUOUS]
    assert mixed.value.missing.all()
    panel = share(table, base="known", sex="female", by="status")
    assert [row.value.value * 2 for row in panel] == [1, 1]
    assert {row.numerator_kind.label for row in panel} == {"registered victims", "presumed victims"}


def test_sum_over_periods_has_the_countries_of_all_periods():
    rows = [("BE", 2015, 3), ("BE", 2016, 4), ("FR", 2015, 10)]
    rows += [("FR", 2016, Count.not_reported())]
    table = CountTable.from_rows(
        rows, columns=["area", "period", "value"], kind="victims", status="registered"
    )
    result = total(table, area=["BE", "FR"], period=[2015, 2016])
    assert (result.value.value, result.bounds.lower, result.bounds.upper) == (7, 17, None)
    assert result.reporters == {"BE"}
    panel = total(table, by="area", period=[2015, 2016])
    assert [row.status for row in panel] == [Status.OK, Status.NOT_REPORTED]


def test_flags_sources_and_breaks_are_those_of_each_row():
    rows = [
        {"area": "BE", "period": 2015, "value": 1, "flags": "p", "source": "first"},
        {"area": "BE", "period": 2016, "value": 2, "flags": "b", "source": "second"},
        {"area": "FR", "period": 2015, "value": 3, "flags": "e", "source": "first"},
    ]
    table = CountTable.from_rows(rows, kind="victims", status="registered")
    panel = total(table, by=["area", "period"])
    assert panel["BE", 2015].flags == {"p"}
    assert [source.title for source in panel["BE", 2016].sources] == ["second"]
    assert panel["BE", 2015].breaks == {("BE", "2016")}
    assert panel["FR", 2015].breaks == frozenset()
    assert panel["FR", 2016].status is Status.NO_DATA
