from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import AREAS, tables
from thbstats.errors import AmbiguousCell, NoSuchCell, UnknownName
from thbstats.geography import Area
from thbstats.records import VictimCount
from thbstats.tables import CountTable
from thbstats.values import Count, Period
from thbstats.vocabulary import Sex

REPORT = {"period": "2015-2016", "status": "registered"}


@pytest.fixture
def report() -> CountTable:
    """Return some figures of COM(2018) 777, and a row of a member that sent none."""
    return CountTable.from_rows(
        [
            {"value": 20532, "area": "EU28"},
            {"value": 9759, "area": "EU28", "exploitation": "sexual"},
            {"value": Count.not_reported(), "area": "UK"},
        ],
        kind="victims",
        **REPORT,
    )


def test_a_filter_does_not_restrict_other_dimensions(report: CountTable) -> None:
    assert len(report.where(area="EU28")) == 2
    assert len(report.where()) == 3
    assert report.where() == report


@pytest.mark.parametrize(
    "words",
    [
        ["sexual", "total"],
        ("sexual", "total"),
        {"sexual", "total"},
        np.array(["sexual", "total"]),
        pd.Series(["sexual", "total"]),
    ],
)
def test_a_filter_accepts_one_category_or_several(report: CountTable, words: Any) -> None:
    assert len(report.where(exploitation=words, area="EU28")) == 2
    assert len(report.where(exploitation="sexual", area=["EU28", "UK"])) == 1


@pytest.mark.parametrize("period", ["2015-2016", Period.parse("2015-2016")])
def test_a_filter_accepts_synonyms(report: CountTable, period: Any) -> None:
    assert len(report.where(period=period, area=Area.parse("EU28"), sex=Sex.TOTAL)) == 2
    assert len(report.where(area=Area.parse("UK"))) == 1
    assert len(report.where(area="EU-28")) == 2
    assert len(report.where(area="EU27_2020")) == 0  # not expanded to its members


def test_a_category_without_rows_selects_nothing(report: CountTable) -> None:
    none = report.where(sex="female")
    assert len(none) == 0
    assert none.kind == "victims"
    assert none.categories("area") == ()
    assert len(report.where(sex=[])) == 0
    assert len(none.where(area="UK")) == 0


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        ({"sx": "female"}, "Did you mean `sex=`"),
        ({"stage": "convicted"}, "must be a dimension of victims"),
        ({"sex": "femal"}, "Did you mean 'female'"),
        ({"area": ["UK", "Atlantis"]}, "Atlantis"),
    ],
)
@pytest.mark.parametrize("method", ["where", "cell", "count"])
def test_an_unknown_dimension_or_category_raises(
    report: CountTable, method: str, selection: dict[str, Any], words: str
) -> None:
    with pytest.raises(UnknownName, match=words):
        getattr(report, method)(**selection)


def test_a_filter_removes_categories_without_rows(report: CountTable) -> None:
    some = report.where(exploitation="sexual")
    assert some.categories("exploitation") == ("sexual",)
    assert some.categories("area") == ("EU28",)
    assert not some.codes("area").any()


def test_a_cell_is_the_total_of_other_breakdowns(report: CountTable) -> None:
    assert report.cell(area="EU28").count == Count.known(20532)
    result = report.cell(area="EU28", exploitation="sexual")
    assert isinstance(result, VictimCount)
    assert result == VictimCount(count=9759, area="EU28", exploitation="sexual", **REPORT)
    assert report.count(area="UK") == Count.not_reported()


def test_a_missing_cell_raises_with_existing_categories(report: CountTable) -> None:
    with pytest.raises(NoSuchCell, match="exploitation: total, sexual"):
        report.cell(area="EU28", exploitation="labour")
    with pytest.raises(NoSuchCell, match="area: EU28"):
        report.cell(area="UK", exploitation="sexual")
    with pytest.raises(NoSuchCell, match="sex: total; area: EU28, UK"):
        report.cell(area="FR", sex="female")


def test_a_missing_combination_raises_with_a_hint() -> None:
    table = CountTable.from_rows(
        [("F", "total", "total", 1), ("T", "child", "total", 1), ("T", "total", "sexual", 1)],
        columns=("sex", "age", "exploitation", "value"),
        kind="victims",
        area="UK",
        period=2015,
    )
    with pytest.raises(NoSuchCell, match="no row has all of them"):
        table.cell(sex="F", age="child", exploitation="sexual")


def test_a_table_of_parts_has_no_total(report: CountTable) -> None:
    parts = report.where(exploitation="sexual")
    with pytest.raises(NoSuchCell, match=r"No cell for the total.*exploitation: sexual"):
        parts.cell()


def test_a_cell_of_an_empty_table_raises() -> None:
    with pytest.raises(NoSuchCell, match="The table has no rows"):
        CountTable.from_rows([], kind="victims").cell(area="UK")


def test_another_attribute_must_have_one_value(report: CountTable) -> None:
    with pytest.raises(
        AmbiguousCell, match=r"2 cells match the selection: area EU28 \| area UK.*Select area"
    ):
        report.cell()
    assert report.where(area="EU28").cell() == report.cell(area="EU28")


def test_many_matching_cells_are_not_all_listed() -> None:
    rows = [(year, 1) for year in range(2003, 2020)]
    table = CountTable.from_rows(rows, kind="victims", columns=("period", "value"), area="UK")
    with pytest.raises(AmbiguousCell) as caught:
        table.cell()
    assert "17 cells match" in str(caught.value)
    assert str(caught.value).count("and 12 more") == 2


@given(tables(min_size=1), st.data())
def test_every_row_is_the_cell_of_its_categories(table: CountTable, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(table) - 1))
    record = table.record(row)
    key = {name: getattr(record, name) for name in table.dimensions}
    assert table.cell(**key) == record
    assert list(table.where(**key)) == [record]


@given(tables(kind="victims"), st.sampled_from(AREAS), st.sampled_from(list(Sex)))
def test_a_filter_returns_the_matching_rows(table: CountTable, area: str, sex: Sex) -> None:
    expected = [record for record in table if record.area == area and record.sex is sex]
    assert list(table.where(area=area, sex=sex)) == expected


def test_a_filter_accepts_a_year_as_a_number() -> None:
    rows = [(year, 1) for year in (2015, 2016, 2017)]
    table = CountTable.from_rows(rows, kind="victims", columns=("period", "value"), area="UK")
    assert len(table.where(period=2016)) == 1
    assert len(table.where(period=range(2015, 2017))) == 2
