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


@pytest.mark.parametrize("name", ["keys", "example"])
def test_a_breakdown_can_have_any_name_that_a_schema_accepts(name: str):
    own = thb.Classification(name=name, kind="breakdown", categories=["a", "b"])
    rows = [("total", "a", 3), ("female", "a", 2), ("male", "total", 4)]
    table = thb.CountTable.from_rows(
        rows,
        columns=["sex", name, "value"],
        kind=schema_of("victims", own),
        area="BE",
        period=2020,
    )
    assert thb.share(table, sex="female", where={name: "a"}, base="all").formatted == "2 of 3"
    assert thb.share(table, sex="female", base="all").value is None


def counts_of(rows, *, columns=("sex", "age", "exploitation"), **options):
    """Return a table of victims; by default of Estonia in 2022."""
    place = {"area": "EE", "period": 2022} | options
    return thb.CountTable.from_rows(
        rows, columns=[*columns, "value"], kind="victims", status="detected", **place
    )


ESTONIA = [
    ("total", "total", "total", 87),
    ("female", "total", "total", 51),
    ("male", "total", "total", 31),
    ("unknown", "unknown", "total", 5),
    ("other", "adult", "sexual", 5),
]
"""GLOTIP, 14 April 2025: 51 and 31 and 5 of 87, and 5 in a row of further dimensions."""


def test_rows_of_further_dimensions_that_contradict_those_of_the_query_are_laid_aside():
    women = thb.share(counts_of(ESTONIA), sex="female", base="all")
    assert (women.formatted, women.value) == ("58.6%", Interval.point(Fraction(51, 87)))
    assert [str(item.text) for item in women.contradictions] == [
        "EE 2022: the counts by sex leave out counts that contradict others"
    ]
    (warning,) = [own for own in women.warnings if own.code == "CONTRADICTED"]
    assert warning.severity == "note"
    # A total without categories has all dimensions.
    total = thb.total(counts_of(ESTONIA), by="area")[0]
    assert total.status.code == "contradictory"


def test_total_that_equals_its_known_categories_is_described():
    rows = [("total", 16390), ("child", 4849), ("adult", 11541), ("unknown", 241)]
    table = counts_of(rows, columns=["age"], area="US")
    text = (
        "US 2022: the total 16,390 equals the known categories, next to 241 of unknown age; "
        'contradictory="parts" adds them'
    )
    for panel in (
        thb.total(table, by="area"),
        thb.share(table, age="child", base="all", by="area"),
    ):
        assert [item.text for item in panel[0].contradictions] == [text]
        assert panel[0].value is None
    assert thb.total(table, contradictory="parts").value == Interval.point(16631)


def test_contradiction_states_its_counts_as_fields():
    rows = [("total", 10), ("child", 8), ("adult", 5)]
    table = counts_of(rows, columns=["age"])
    for panel in (
        thb.total(table, by="area"),
        thb.share(table, age="child", base="all", by="area"),
    ):
        (item,) = panel[0].contradictions
        counts = item.counts
        assert (item.area, item.period, counts.dimension) == ("EE", "2022", "age")
        assert (counts.total, counts.parts) == (Interval.point(10), ("child 8", "adult 5"))
        assert item.text == f"EE 2022: {counts.text}"


def test_count_that_follows_only_from_contradictory_counts_has_no_value():
    rows = [
        ("total", "child", 4),
        ("total", "adult", 9),
        ("female", "total", 9),
        ("female", "child", 8),
        ("male", "total", 8),
        ("male", "unknown", 0),
        ("unknown", "total", 0),
    ]
    table = counts_of(rows, columns=["sex", "age"])
    men = thb.share(table, sex="male", age="adult", base="known", by="area")[0]
    assert (men.value, men.status.code) == (None, "contradictory")


def test_total_above_its_parts_has_unknown_persons_only_if_all_parts_are_published():
    rows = [("total", "total", 10), ("female", "total", 5), ("male", "total", 3)]
    published = counts_of([*rows, ("unknown", "total", 0)], columns=["sex", "age"])
    women = thb.share(published, sex="female", base="all")
    assert women.value == Interval.point(Fraction(1, 2))
    assert "ADDITIVITY" in women.warnings.codes
    rows = [
        ("total", "adult", 64), ("female", "total", 56), ("female", "child", 8),
        ("female", "unknown", 5), ("male", "adult", 25), ("unknown", "unknown", 0),
        ("total", "child", 28), ("male", "unknown", 3),
    ]  # fmt: skip
    girls = thb.share(
        counts_of(rows, columns=["sex", "age"]), sex="female", age="child", base="known", by="area"
    )
    assert (girls[0].value, girls[0].status.code) == (None, "contradictory")


def test_union_has_the_categories_of_its_members():
    rows = [
        ("BE+FR", "total", 50), ("BE+FR", "female", 26), ("BE+FR", "male", 16), ("BE", "total", 29),
        ("BE", "other", 8), ("FR", "total", 21), ("FR", "female", 13), ("FR", "male", 8),
        ("FR", "other", 0),
    ]  # fmt: skip
    table = thb.CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", period=2022
    )
    women = thb.share(table, sex="female", base="known", area="BE+FR")
    assert women.bounds.contains(Fraction(13, 25))


def test_count_without_a_row_is_within_every_total_around_it():
    names = ["sex", "age", "exploitation"]
    table = counts_of(
        [("male", "total", "total", 112), ("unknown", "adult", "sexual", thb.Count.fewer_than(5))],
        columns=names,
    )
    boys = thb.total(table, sex="male", age="child", exploitation="labour", by="area")[0]
    assert (boys.bounds, boys.bounds_attained) == (Interval(0, 112), False)


def test_separate_sub_forms_do_not_need_a_count_of_unknown_persons():
    rows = [
        ("total", "total", "total", 57), ("total", "total", "labour", 20),
        ("total", "total", "construction", 10), ("total", "total", "agriculture", 27),
        ("female", "adult", "unknown", 0), ("unknown", "total", "total", 0),
    ]  # fmt: skip
    girls = thb.share(
        counts_of(rows), sex="female", age="child", exploitation="sexual", base="all", by="area"
    )[0]
    assert girls.bounds == Interval.point(0)


def test_separate_sub_forms_need_a_count_of_unknown_persons_in_their_row():
    # Also 4 + 4 and one person of unknown form are 9 persons.
    rows = [
        ("total", 9), ("sexual", 4), ("labour", 4), ("agriculture", 1),
        ("unknown", thb.Count.not_reported()),
    ]  # fmt: skip
    table = counts_of(rows, columns=["exploitation"])
    construction = thb.share(table, exploitation="construction", base="all", by="area")[0]
    assert (construction.value, construction.bounds) == (None, Interval(0, Fraction(3, 9)))
    without = counts_of(rows[:-1], columns=["exploitation"])
    other = thb.share(without, exploitation="construction", base="all", by="area")[0]
    assert other.value == Interval.point(0)


def test_forms_that_overlap_in_a_country_overlap_in_each_slice():
    rows = [
        ("total", "total", "total", 45), ("total", "total", "sexual", 36),
        ("total", "total", "other", 26), ("male", "adult", "other", 8),
    ]  # fmt: skip
    men = thb.share(
        counts_of(rows), exploitation="labour", where={"sex": "male", "age": "adult"}, base="all",
        by="area",
    )[0]  # fmt: skip
    assert men.bounds == Interval(0, 1)


def _forms(*rows: tuple[str, int]) -> thb.CountTable:
    return thb.CountTable.from_rows(
        rows, columns=["exploitation", "value"], kind="victims", area="BE", period=2020
    )


@pytest.mark.parametrize(
    ("rows", "most"),
    [
        # All persons are victims of labour exploitation, in a sector or in none.
        ([("total", 11), ("sexual", 0), ("labour", 11)], 11),
        ([("total", 15), ("labour", 15), ("agriculture", 1), ("unknown", 0)], 14),
        ([("total", 10), ("labour", 2), ("agriculture", 2)], 0),
        # Only separate sub-forms add up to the total: 5 + 2 + 3 = 10.
        ([("total", 10), ("labour", 5), ("agriculture", 2), ("sexual", 3)], 0),
        ([("total", 19), ("sexual", 3), ("labour", 5), ("agriculture", 2), ("unknown", 11)], 3),
    ],
)
def test_sub_form_without_a_row_is_within_its_nearest_wider_form(
    rows: list[tuple[str, int]], most: int
):
    table, whole = _forms(*rows), rows[0][1]
    count = thb.total(table, exploitation="construction", by="area").row(0)
    assert (count.bounds, count.value) == (Interval(0, most), None if most else Interval.point(0))
    share = thb.share(table, exploitation="construction", base="all", by="area").row(0)
    assert share.bounds == Interval(0, Fraction(most, whole))


def test_each_listed_category_of_a_country_can_have_responses():
    table = thb.CountTable.from_rows(
        [("female", "labour", "RO", 3), ("male", "sexual", "NG", 2)],
        columns=["sex", "exploitation", "citizenship", "value"], kind="victims", area="BE",
        period=2020,
    )  # fmt: skip
    inside = {"sex": "male", "citizenship": "NG"}
    share = thb.share(table, exploitation="sexual", where=inside, base="responses", by="area").row(
        0
    )
    # Men from Nigeria can also be victims of labour exploitation, of which the country has counts.
    assert (share.value, share.bounds) == (None, Interval(0, 1))


def test_order_of_arguments_is_not_part_of_a_name():
    rows = [
        ("total", "total", "total", 30), ("female", "adult", "other", 5),
        ("female", "total", "other", 9), ("total", "adult", "other", 7),
    ]  # fmt: skip
    table = thb.CountTable.from_rows(
        rows, columns=["sex", "age", "exploitation", "value"], kind="victims", area="BE",
        period=2020,
    )  # fmt: skip
    inside = {"sex": "female", "exploitation": "other"}
    first = thb.share(table, age="adult", base="all", where=inside)
    others = [
        thb.share(table, age="adult", base="all", where=dict(reversed(inside.items()))),
        thb.share(table, age="adult", base="all", where={"exploitation": "other"}, by="sex")[
            "female"
        ],
    ]
    assert {other.estimand for other in others} == {first.estimand}
    joint = thb.share(table, sex="female", age="adult", base="all", by="area").row(0)
    again = thb.share(table, age="adult", sex="female", base="all", by="area").row(0)
    assert (joint.estimand, joint.category) == (again.estimand, again.category)


def test_number_that_follows_from_contradictory_totals_has_a_note():
    rows = [
        ("total", "total", "total", 115), ("female", "total", "total", 44),
        ("male", "total", "total", 71), ("total", "total", "sexual", 33),
        ("female", "adult", "labour", 66), ("female", "adult", "sexual", 30),
    ]  # fmt: skip
    table = thb.CountTable.from_rows(
        rows, columns=["sex", "age", "exploitation", "value"], kind="victims", area="BE",
        period=2018,
    )  # fmt: skip
    # 66 women in labour exploitation exceed the 44 women, who limit those of sexual exploitation.
    for number in (
        thb.share(table, sex="female", exploitation="sexual", base="all", by="area").row(0),
        thb.total(table, sex="female", exploitation="sexual", by="area").row(0),
    ):
        (item,) = number.contradictions
        assert (item.code, number.status.code) == ("discrepancy", "not_reported")
        assert "leave out counts that contradict others" in item.text


def test_breakdown_bounds_categories_that_only_other_countries_list():
    rows = [
        ("ES", "total", 14), ("ES", "other", 1), ("DE", "total", 5), ("DE", "labour", 2),
        ("DE", "sexual", 3), ("IT", "total", 9), ("IT", "construction", 4),
    ]  # fmt: skip
    table = thb.CountTable.from_rows(
        rows, columns=["area", "exploitation", "value"], kind="victims", period=2020
    )
    panel = thb.breakdown(table, of="exploitation", base="known", by="area")
    sexual = thb.share(table, exploitation="sexual", base="known", by="area")["ES"]
    assert panel["ES", "sexual"].bounds == sexual.bounds == Interval(0, Fraction(13, 14))
    # Labour includes construction, which is a category of its own in this breakdown.
    assert panel["IT", "labour"].bounds.upper == 1


def test_count_not_applicable_in_one_period_adds_nothing_to_the_sum_of_periods():
    nothing, missing = thb.Count.not_applicable(), thb.Count.not_reported()
    rows = [
        ("FR", 2019, "total", nothing), ("FR", 2020, "total", 10), ("FR", 2020, "female", 5),
        ("FR", 2020, "unknown", 1), ("IT", 2019, "total", 6), ("IT", 2019, "female", 3),
        ("IT", 2020, "total", 7), ("IT", 2020, "female", 0), ("ES", 2019, "total", nothing),
        ("ES", 2020, "total", missing), ("BE", 2019, "total", nothing),
    ]  # fmt: skip
    table = thb.CountTable.from_rows(
        rows, columns=["area", "period", "sex", "value"], kind="victims"
    )
    years = {"period": [2019, 2020]}
    both = thb.total(table, area="FR+IT", **years)
    assert (both.value, both.bounds) == (Interval.point(23), Interval.point(23))
    assert both.reporters == both.expected == {"FR", "IT"}
    france = thb.total(table, area="FR", **years)
    assert (france.value, france.bounds_attained) == (Interval.point(10), True)
    women = thb.total(table, sex="female", area="FR+IT", **years)
    share = thb.share(table, sex="female", base="all", area="FR+IT", **years)
    assert women.value == share.numerator == Interval.point(8)
    assert share.denominator == both.value
    # A count that was not reported in the other period is missing.
    spain = thb.total(table, area="ES", by="area", **years)[0]
    assert (spain.value, spain.bounds) == (None, Interval.at_least(0))
