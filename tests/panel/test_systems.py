"""Systems of counts: limits, lists of periods and readings."""

from fractions import Fraction

import numpy as np
import pytest

import thbstats as thb
from thbstats.errors import InvalidValue
from thbstats.panel.kind import ResultKind
from thbstats.records import schema_of
from thbstats.values import Interval


def test_reading_of_contradictory_counts_is_one_of_three():
    table = thb.CountTable.from_rows(
        [("total", 10), ("female", 6)], columns=["sex", "value"], kind="victims", area="BE",
        period=2020,
    )  # fmt: skip
    with pytest.raises(InvalidValue, match="must be one of leave_out, published, parts"):
        thb.total(table, contradictory="first")


def test_combinations_of_categories_have_a_limit():
    names = [f"dimension_{i}" for i in range(24)]
    own = (
        thb.Classification(name=name, categories=["a", "b", "c", "d", "e", "f"]) for name in names
    )
    rows = [
        dict.fromkeys(names, code) | {"value": 1, "period": 2000 + i}
        for i, code in enumerate("abcdef")
    ]
    kind = schema_of("victims", *own)
    table = thb.CountTable.from_rows(rows, kind=kind, area="BE")
    with pytest.raises(InvalidValue, match="must have fewer combinations of categories"):
        thb.total(table, by="period")


def test_periods_with_several_values_and_suppressed_counts_are_added():
    rows = [
        (2020, "total", 10), (2020, "female", thb.Count.conflicting([3, 4])),
        (2021, "total", 10), (2021, "female", thb.Count.fewer_than(5)),
    ]  # fmt: skip
    table = thb.CountTable.from_rows(
        rows, columns=["period", "sex", "value"], kind="victims", area="BE"
    )
    found = thb.share(table, sex="female", base="all", period=[2020, 2021])
    assert found.value == Interval(Fraction(3, 20), Fraction(11, 20))
    assert found.status.code == "conflicting"
    assert found.suppression is not None
    assert found.suppression.cells == 1


def test_a_row_outside_a_sparse_index_is_missing():
    table = thb.CountTable.from_rows(
        [(2020, "total", 10), (2020, "female", 6)], columns=["period", "sex", "value"],
        kind="victims", area="BE",
    )  # fmt: skip
    panel = thb.share(table, sex="female", base="all", by="period", period=[2020, 2021])
    assert panel[1].status.code == "no_data"


def test_sub_forms_of_sub_forms_are_in_the_widest_category():
    rows = [("total", 20), ("labour", 10), ("agriculture", 4), ("other", 10)]
    table = thb.CountTable.from_rows(
        rows, columns=["exploitation", "value"], kind="victims", area="BE", period=2020
    )
    found = thb.breakdown(table, of="exploitation", base="all")
    assert np.isclose(found.value.lower.sum(), 1)


@pytest.mark.parametrize("number", [Interval(None, Fraction(1, 2)), Interval(Fraction(1, 2), None)])
def test_bounds_of_an_index_can_have_one_end(number: Interval):
    assert "0.5" in ResultKind.INDEX.format_value(number)


def test_sub_forms_of_three_levels_stay_within_the_widest_category():
    sector = thb.Classification(
        name="sector",
        categories=[
            "agriculture",
            {"code": "fruit", "parent": "agriculture"},
            {"code": "berries", "parent": "fruit"},
            {"code": "wild_berries", "parent": "berries"},
            "industry",
        ],
    )
    rows = [
        ("total", 20), ("agriculture", 14), ("fruit", 9), ("berries", 5), ("wild_berries", 2),
        ("industry", 6),
    ]  # fmt: skip
    table = thb.CountTable.from_rows(
        rows, columns=["sector", "value"], kind=schema_of("victims", sector), area="BE", period=2020
    )
    for word, value in (("berries", 5), ("wild_berries", 2), ("agriculture", 14)):
        found = thb.share(table, sector=word, base="all")
        assert found.value == Interval.point(Fraction(value, 20))
        assert "contradictory_counts" not in {w.code for w in found.warnings}
