"""Numbers without countries: each equals the number of the table without their rows."""

import json
from functools import partial

import pytest

from tests.indicators.strategies import COUNTRIES, table_of
from tests.indicators.worked_examples import counts_of
from tests.panel.worlds import table_of as world_table
from tests.panel.worlds import worlds_of
from thbstats import Count, Interval, breakdown, leave_out, ratio, share, total
from thbstats.errors import InvalidValue

ROWS = [
    ("UK", "female", 60), ("UK", "male", 40), ("FR", "female", 40), ("FR", "male", 20),
    ("DE", "female", 0), ("DE", "male", 50),
]  # fmt: skip

INDICATORS = {
    "share of all": partial(share, base="all", sex="female", rules=[]),
    "share of recorded": partial(share, base="known", sex="female", rules=[]),
    "total": partial(total, rules=[]),
    "total of a category": partial(total, sex="female", rules=[]),
}


def women(table):
    return share(table, base="known", sex="female")


def is_uniform(world):
    """Whether all countries list the same cells: no category is in use by one of them alone."""
    cells = [{*own.formatted} for own in world.values()]
    return {"total", "female"} <= cells[0] and all(own == cells[0] for own in cells)


UNIFORM = list(filter(is_uniform, worlds_of(4, 1200)))
COLUMNS = (
    "value", "bounds", "bounds_with_unknown", "numerator", "denominator", "unknown", "reporters",
    "expected", "n_reporters", "complete", "contradictions", "area", "status",
)  # fmt: skip


@pytest.mark.parametrize("name", INDICATORS)
def test_row_equals_the_number_of_a_table_without_the_country(name):
    indicator, table = INDICATORS[name], world_table(UNIFORM)
    result = leave_out(indicator(table, by="period"))
    assert len(UNIFORM) > 50
    compared = 0
    for country in COUNTRIES:
        others = indicator(table.without(area=country), by="period")
        for row in result.where(without=country):
            if row.value is not None:
                other = others[str(row.period)]
                compared += 1
                assert not [
                    (name, pair)
                    for name in COLUMNS
                    if (pair := (getattr(row, name), getattr(other, name)))[0] != pair[1]
                ], (name, row.period)
    assert compared > len(UNIFORM)


def test_share_changes_without_the_largest_country():
    result = leave_out(women(table_of(ROWS)))
    assert (result["UK"].formatted, result.all_countries.formatted) == ("36.4%", "47.6%")
    assert result["UK"].area.code == "DE+FR"
    assert result["UK"].reporters == {"DE", "FR"}
    assert list(result.differences)[2] == result["UK"].value - result.all_countries.value
    frame = result.to_frame()
    assert frame["without"].tolist() == ["DE", "FR", "UK"]
    assert frame["difference"].iloc[2] == pytest.approx(40 / 110 - 100 / 210)
    data = json.loads(json.dumps(result.to_dict()))
    assert (data["origin"], len(data["differences"])) == ([0, 0, 0], 3)
    sheet = result.display_table()
    assert [column.name for column in sheet.columns][:2] == ["without", "difference"]
    assert sheet.rows[-1].total


def test_warnings_are_those_of_the_smaller_number():
    result = leave_out(women(table_of(ROWS)))
    assert "DOMINANCE" in result["UK"].warnings.codes
    assert not leave_out(share(table_of(ROWS), base="all", sex="female", rules=[])).rules


def test_each_pair_of_countries_has_one_row():
    result = leave_out(women(table_of(ROWS)), size=2)
    assert [name for (name,) in result.names] == ["DE+FR", "DE+UK", "FR+UK"]
    assert [float(row) for row in result] == [0.6, 40 / 60, 0]


def test_named_groups_have_one_row_each():
    groups = {"two": ["GB", "FR"], "one": ["DE"], "elsewhere": ["MT"], "all": ["UK", "FR", "DE"]}
    result = leave_out(women(table_of(ROWS)), groups=groups)
    assert [name for (name,) in result.names] == ["two", "one"]
    assert result["two"].value == leave_out(women(table_of(ROWS)), size=2)["FR+UK"].value
    assert result["two"].area.code == "DE"


def test_panel_has_rows_for_each_of_its_numbers():
    rows = [("BE", 2015, 6), ("BE", 2016, 7), ("DE", 2015, 5), ("DE", 2016, 9), ("FR", 2016, 8)]
    table = counts_of(rows, "area period", kind="victims")
    result = leave_out(total(table, by="period"))
    assert [float(row) for row in result.where(period=2015)] == [5, 6]
    assert result["2016", "BE"].value == Interval.point(17)
    assert [move.value for move in result.where(period=2016).differences] == [-7, -9, -8]
    with pytest.raises(InvalidValue, match="a single number"):
        _ = result.all_countries


def test_categories_of_a_breakdown_lose_the_same_country():
    result = leave_out(breakdown(table_of(ROWS), of="sex", base="known"))
    shares = {row.label: float(row) for row in result.where(without="UK")}
    assert sum(shares.values()) == pytest.approx(1)


def test_ratio_loses_both_counts_of_a_country():
    rows = [
        (area, stage, n)
        for area, *counts in (("BE", 10, 5), ("DE", 30, 6), ("FR", None, 7))
        for stage, n in zip(("prosecuted", "convicted"), counts, strict=True)
        if n is not None
    ]
    table = counts_of(rows, "area stage", kind="justice", period=2016)
    number = ratio(table, numerator={"stage": "convicted"}, denominator={"stage": "prosecuted"})
    result = leave_out(number)
    assert float(result["BE"]) == 0.2
    assert float(result["FR"]) == float(number)
    assert float(result["FR"].all_reported.value) == float(number)


@pytest.mark.parametrize("base", ["all", "known"])
def test_counts_of_a_country_are_subtracted_from_a_published_area(base):
    rows = [
        ("EU28", "total", 100), ("EU28", "female", 70), ("EU28", "male", 25),
        ("UK", "total", 20), ("UK", "female", 15), ("UK", "male", 5),
    ]  # fmt: skip
    table = table_of(rows)
    result = leave_out(share(table, base=base, sex="female", area="EU28"))
    other = share(table.without(area="UK"), base=base, sex="female", area="EU28 without UK")
    assert [str(row.area) for row in result] == ["EU28 without UK"]
    for name in ("value", "bounds", "bounds_with_unknown", "numerator", "denominator", "unknown"):
        assert getattr(result[0], name) == getattr(other, name), name


def test_counts_of_countries_are_subtracted_from_a_published_count():
    rows = [("EU28", "total", 100), ("UK", "total", 61), ("FR", "total", 5)]
    result = leave_out(total(table_of(rows), area="EU28"))
    assert {str(row.area): float(row) for row in result} == {
        "EU28 without FR": 95,
        "EU28 without UK": 39,
    }


def test_country_without_data_has_bounds():
    rows = [("BE", "total", 5), ("DE", "total", Count.fewer_than(5)), ("FR", "total", 9)]
    result = leave_out(total(table_of(rows)))
    assert result["DE"].bounds == Interval.point(14)
    assert result["BE"].bounds == Interval(9, 13)
    assert result["DE"].suppression is None
    assert result["BE"].suppression.areas == {"DE"}


def test_persons_in_no_listed_category_are_not_those_of_all_countries():
    rows = [("FR", "total", 100), ("FR", "sexual", 60), ("FR", "labour", 20)]
    rows += [("DE", "total", 50), ("DE", "sexual", 10), ("DE", "labour", 40)]
    table = counts_of(rows, "area exploitation", kind="victims", period=2020)
    found = share(table, exploitation="sexual", base="all")
    assert found.not_listed == Interval(0, 20)
    assert {row.not_listed for row in leave_out(found)} == {None}
