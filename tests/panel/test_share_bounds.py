"""Parts and complements of one and of several dimensions."""

from fractions import Fraction

import thbstats as thb
from thbstats.values import Interval


def table(rows, *columns, **more):
    return thb.CountTable.from_rows(
        rows, columns=[*columns, "value", *more], kind="victims", area="NL", period=2013
    )


def test_value_of_two_dimensions_is_numerator_over_denominator_within_a_discrepancy():
    rows = [
        ("total", "total", 1434), ("female", "total", 1262), ("male", "total", 163),
        ("total", "child", 259), ("total", "adult", 1178), ("female", "child", 227),
        ("female", "adult", 1035), ("male", "child", 32), ("male", "adult", 131),
    ]  # fmt: skip
    girls = thb.share(table(rows, "sex", "age"), sex="female", age="child", base="all")
    assert girls.value == Interval.point(Fraction(227, 1434))
    assert (girls.numerator, girls.denominator) == (Interval.point(227), Interval.point(1434))


def test_separate_sub_forms_count_in_shares_of_two_dimensions():
    rows = [
        ("total", "total", 112), ("total", "sexual", 21), ("total", "labour", 35),
        ("total", "construction", 13), ("total", "agriculture", 43), ("child", "total", 48),
        ("adult", "total", 64),
    ]  # fmt: skip
    counts = table(rows, "age", "exploitation")
    share = thb.share(counts, age="adult", exploitation="sexual", base="known")
    # The adults of sexual exploitation are 0 to 21, and all 112 persons have a known form.
    assert share.bounds == Interval(0, Fraction(21, 112))


def test_form_without_a_row_has_the_persons_of_its_sub_forms():
    rows = [("total", 25), ("construction", 3), ("agriculture", 9), ("unknown", 13)]
    labour = thb.share(table(rows, "exploitation"), exploitation="labour", base="all")
    assert labour.value == Interval.point(Fraction(12, 25))
    assert labour.discrepancy == Interval.point(0)


def test_contradictory_cells_do_not_limit_the_cells_outside_of_them():
    rows = [
        ("total", "total", 40), ("female", "total", 20), ("male", "total", 10),
        ("male", "sexual", 15), ("total", "sexual", 20),
    ]  # fmt: skip
    women = thb.share(
        table(rows, "sex", "exploitation"), sex="female", exploitation="sexual", base="all"
    )
    assert women.bounds == Interval(0, Fraction(1, 2))


def test_unanswered_cases_can_be_among_the_other_responses():
    rows = [("total", 10, None), ("sexual", 6, 2), ("labour", 5, 1)]
    cases = thb.CountTable.from_rows(
        rows, columns=["exploitation", "value", "unanswered"], kind="victims", area="NL",
        period=2013,
    )  # fmt: skip
    share = thb.share(cases, exploitation="sexual", base="responses")
    assert share.bounds == Interval.point(Fraction(6, 11))
    # Two more cases can be sexual exploitation. Four persons can be of unknown form.
    assert share.bounds_with_unknown == Interval(Fraction(6, 15), Fraction(8, 13))
