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


def test_known_persons_outside_a_cell_leave_the_least_room_for_it():
    rows = [
        ("total", "total", "total", 62), ("total", "labour", "VN", 12),
        ("total", "labour", "unknown", 4), ("total", "other", "unknown", 11),
        ("female", "labour", "total", 10), ("female", "labour", "NG", 2),
        ("female", "labour", "VN", 6), ("female", "other", "total", 17),
        ("female", "other", "NG", 0), ("male", "labour", "NG", 11), ("male", "labour", "VN", 4),
        ("male", "labour", "unknown", 2), ("male", "other", "NG", 3), ("male", "other", "VN", 0),
        ("unknown", "labour", "NG", 0), ("unknown", "labour", "unknown", 0),
        ("unknown", "other", "NG", 11), ("unknown", "other", "VN", 2),
        ("unknown", "other", "unknown", 0),
    ]  # fmt: skip
    men = thb.share(
        table_of("sex exploitation citizenship", *rows),
        sex="male", exploitation="other", citizenship="RO", base="all", by="area",
    ).row(0)  # fmt: skip
    # 58 persons are known to be outside, so that at most 4 of 62 are inside.
    assert men.bounds == Interval(0, Fraction(2, 31))
    assert men.bounds_with_unknown == men.bounds


def test_categories_of_other_countries_do_not_change_the_notes_and_bounds_of_a_country():
    table = thb.CountTable.from_rows(
        [
            ("BE", "total", "total", 37), ("BE", "female", "total", 11), ("BE", "female", "RO", 11),
            ("BE", "female", "NG", 1), ("BE", "male", "RO", 11), ("BE", "unknown", "total", 14),
            ("BE", "unknown", "RO", 3), ("BE", "unknown", "NG", 11),
            ("FR", "total", "total", 9), ("FR", "other", "VN", 4),
        ],
        columns=["area", "sex", "citizenship", "value"], kind="victims", period=2020,
    )  # fmt: skip
    for question in (
        {"citizenship": "NG", "base": "responses"},
        {"citizenship": "NG", "sex": "female", "base": "known"},
    ):
        first = thb.share(table, by="area", **question)["BE"]
        alone = thb.share(table.where(area="BE"), by="area", **question)["BE"]
        assert first.bounds_with_unknown == alone.bounds_with_unknown
        assert (first.derived, first.warnings.codes) == (alone.derived, alone.warnings.codes)
