"""Published counts of an area whose countries are documented."""

from fractions import Fraction

import pytest

import thbstats as thb
from thbstats.records import Population, Source
from thbstats.values import Interval

SOURCE = Source(title="Population on 1 January", publisher="synthetic")
AREA = "FR+IT"


def published(rows, columns, *, kind="victims", **more):
    return thb.CountTable.from_rows(rows, columns=columns, kind=kind, **more)


def women(*rows, **query):
    table = published(rows, ["period", "sex", "value", "reporters", "n_reporters"], area=AREA)
    return thb.share(table, sex="female", area=AREA, **{"base": "all", "by": "period"} | query)


# 6 women of 20 victims: 6 of at most 20 if the women are those of one country only.
@pytest.mark.parametrize(
    ("of_all", "of_women", "value"),
    [
        (("FR IT", None), ("FR", None), None),
        (("FR IT", None), (None, 1), None),
        (("FR", None), (None, 1), None),
        (("FR IT", None), (None, 2), Fraction(3, 10)),
        (("FR", None), ("FR", None), Fraction(3, 10)),
        ((None, 1), (None, 1), Fraction(3, 10)),
        # Nothing is documented that separates them.
        (("FR", None), (None, None), Fraction(3, 10)),
    ],
)
def test_counts_of_different_countries_of_an_area_have_no_share(of_all, of_women, value):
    (row,) = women((2020, "total", 20, *of_all), (2020, "female", 6, *of_women))
    assert row.value == (None if value is None else Interval.point(value))
    assert row.status.code == ("not_reported" if value is None else "ok")
    assert row.bounds.contains(Fraction(6, 20))


def test_other_categories_of_other_countries_matter_where_they_add_up():
    rows = [(2020, "total", 20, "FR IT", 2), (2020, "female", 6, "FR IT", 2)]
    male, unknown = (2020, "male", 3, "FR", 1), (2020, "unknown", 1, "FR", 1)
    assert women(*rows, male)[0].value == Interval.point(Fraction(3, 10))
    assert women(*rows, unknown, base="known")[0].value is None


def test_shares_of_several_periods_need_the_same_countries_in_each():
    rows = [(2020, "total", 20, "FR", 1), (2020, "female", 6, "FR", 1)]
    rows += [(2021, "total", 10, "IT", 1), (2021, "female", 5, "IT", 1)]
    query = {"by": None, "period": [2020, 2021]}
    with_france = [(period, sex, n, "FR", 1) for period, sex, n, *_ in rows]
    assert women(*rows, **query).value is None
    assert women(*with_france, **query).value == Interval.point(Fraction(11, 30))


def test_ratio_of_counts_of_different_countries_has_no_value():
    rows = [("convicted", "persons", 10, "FR"), ("prosecuted", "persons", 40, "IT")]
    table = published(
        rows, ["stage", "unit", "value", "reporters"], kind="justice", area=AREA, period=2020
    )
    sides = {"numerator": {"stage": "convicted"}, "denominator": {"stage": "prosecuted"}}
    (row,) = thb.ratio(table, **sides, area=AREA, by="period")
    assert (row.value, row.bounds) == (None, Interval.at_least(0))


def test_rate_of_counts_of_different_countries_has_no_value():
    rows = [(2020, 10, "FR"), (2021, 20, "IT")]
    table = published(rows, ["period", "value", "reporters"], area=AREA)
    people = [
        Population(area=area, when=f"{year}-01-01", persons=1_000_000, source=SOURCE)
        for area in ("FR", "IT")
        for year in (2020, 2021, 2022)
    ]
    row = thb.rate(table, people, area=AREA, period=[2020, 2021])
    assert row.value is None


def test_share_of_some_countries_of_an_area_is_not_complete():
    rows = [
        ("FR", "total", 1, None), ("FR", "female", 0, None), ("IT", "total", 7, None),
        ("IT", "female", 3, None), (AREA, "total", 7, 1), (AREA, "female", 3, 1),
    ]  # fmt: skip
    table = published(rows, ["area", "sex", "value", "n_reporters"], period=2020)
    share = thb.share(table, sex="female", base="all", area=AREA)
    # The published counts are those of Italy alone. The area has 3 of 8.
    assert (share.bounds, share.n_reporters) == (Interval.point(Fraction(3, 8)), 1)
    assert share.complete is thb.total(table, area=AREA).complete is False


def test_bounds_of_a_suppressed_count_of_an_area_are_not_attained():
    rows = [("FR", "total", 1), ("IT", "total", 7), (AREA, "total", thb.Count.suppressed())]
    table = published(rows, ["area", "sex", "value"], period=2020)
    total = thb.total(table, area=AREA)
    # Each completion has 8 victims.
    assert (total.bounds, total.bounds_attained) == (Interval.at_least(0), False)


def test_bounds_of_an_area_that_rows_of_the_area_limit_are_not_attained():
    rows = [("FR", "total", 3), ("FR", "male", 2), ("IT", "male", 0), (AREA, "unknown", 7)]
    rows = [(area, sex, "child", n) for area, sex, n in rows] + [("IT", "total", "total", 10)]
    table = published(rows, ["area", "sex", "age", "value"], period=2020)
    total = thb.total(table, age="child", area=AREA)
    # At most 1 child of unknown sex is in France, so that at least 6 of them are in Italy.
    assert (total.bounds, total.bounds_attained) == (Interval(7, 13), False)


def test_contradictory_totals_have_no_attained_bounds():
    rows = [("FR", "total", 0), ("FR", "female", 0), ("FR", "unknown", 1)]
    rows += [("IT", "total", 9), ("IT", "female", 5)]
    table = published(rows, ["area", "sex", "value"], period=2020)
    for area, value in (("FR", 0), (AREA, 5)):
        (women,) = thb.total(table, sex="female", area=area, by="period")
        assert (women.bounds, women.bounds_attained) == (Interval.point(value), False)
    rows = [(AREA, "total", 10), (AREA, "female", 8), (AREA, "male", 5), ("FR", "total", 4)]
    rows += [("IT", "total", 6), ("FR", "female", 2), ("IT", "female", 2)]
    table = published(rows, ["area", "sex", "value"], period=2020)
    (total,) = thb.total(table, area=AREA, by="period")
    assert (total.status.code, total.bounds_attained) == ("contradictory", False)
