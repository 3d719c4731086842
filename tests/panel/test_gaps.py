"""Totals above all their parts: the persons between them are of unknown category."""

from fractions import Fraction

import thbstats as thb
from thbstats.values import Interval


def table_of(columns: str, *rows: tuple[object, ...]) -> thb.CountTable:
    return thb.CountTable.from_rows(
        rows, columns=[*columns.split(), "value"], kind="victims", area="BE", period=2020
    )


def test_total_above_all_its_parts_has_further_unknown_persons_in_several_dimensions():
    few = thb.Count.fewer_than(5)
    table = table_of(
        "sex exploitation",
        ("total", "total", 59), ("female", "total", few), ("male", "total", 14),
        ("male", "labour", few), ("unknown", "total", 0),
    )  # fmt: skip
    # 41 persons or more are of unknown sex. All of them can also be of unknown form.
    men = thb.share(table, sex="male", exploitation="labour", base="known", by="area").row(0)
    assert men.bounds is not None
    assert men.bounds.upper == 1
    assert men.bounds_with_unknown == Interval(0, 1)


def test_further_unknown_persons_can_belong_to_each_category():
    table = table_of(
        "sex age",
        ("total", "adult", 10), ("female", "adult", 8), ("female", "unknown", 0),
        ("male", "adult", 1), ("unknown", "adult", 0), ("unknown", "unknown", 0),
    )  # fmt: skip
    # One adult is of unknown sex.
    women = thb.share(table, sex="female", age="adult", base="all", by="area").row(0)
    assert women.bounds_with_unknown == Interval(0, Fraction(9, 10))
    sexes = table_of("sex", ("total", 12), ("female", 0), ("male", 8), ("unknown", 2))
    assert thb.total(sexes, sex="female").bounds_with_unknown == Interval(0, 4)
