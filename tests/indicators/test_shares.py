"""Shares and breakdowns: partitions, gaps, bounds, worked figures and what is refused."""

from fractions import Fraction

import pytest

from tests.indicators.strategies import table_of
from thbstats import Count, CountTable, Interval, breakdown, share
from thbstats.errors import AmbiguousCell, ImpossibleResult, InvalidValue, NoSuchCell, UnknownName


def forms(rows, **constant):
    given = {"kind": "victims", "area": "BE", "period": 2016, "status": "registered"}
    return CountTable.from_rows(rows, columns=["exploitation", "value"], **{**given, **constant})


REPORT = forms(
    [("total", 20532), ("sexual", 9759), ("unknown", Count.between(2949, 3259))],
    area="EU28",
    period="2015-2016",
)


# Worked figures


def test_the_reported_form_is_475_in_a_thousand_of_all_registered():
    found = share(REPORT, base="all", exploitation="sexual")
    assert found.value == Interval.point(Fraction(9759, 20532))
    assert found.shown == "47.5 %"


def test_the_unknown_alone_could_raise_the_share_to_634_in_a_thousand():
    found = share(REPORT, base="all", exploitation="sexual")
    assert found.bounds_with_unknown == Interval(
        Fraction(9759, 20532), Fraction(9759 + 3259, 20532)
    )
    assert found.kind.show(found.bounds_with_unknown) == "47.5..63.4 %"
    assert found.unknown == Interval(2949, 3259)


def test_the_printed_share_leaves_the_recorded_base_between_17273_and_17583():
    found = share(REPORT, base="recorded", exploitation="sexual")
    assert found.denominator == Interval(17273, 17583)
    assert found.shown == "55.5..56.5 %"


def test_a_numerator_below_5_beside_6_others_is_at_most_two_fifths():
    table = table_of([("BE", "female", Count.fewer_than(5)), ("BE", "male", 6)])
    found = share(table, base="recorded", sex="female")
    assert found.bounds == Interval(0, Fraction(2, 5))
    assert found.sharp


def test_a_count_tied_to_a_printed_total_makes_no_sharp_bounds():
    rows = [("BE", "female", Count.fewer_than(5)), ("BE", "male", 6), ("BE", "total", 9)]
    assert not share(table_of(rows), base="all", sex="female").sharp


def test_a_suppressed_count_is_never_narrowed_by_its_total():
    rows = [("BE", "female", Count.fewer_than(5)), ("BE", "male", 7), ("BE", "total", 9)]
    assert share(table_of(rows), base="all", sex="female").numerator == Interval(0, 4)


def test_a_missing_count_is_no_larger_than_what_its_total_leaves():
    rows = [("BE", "female", Count.not_reported()), ("BE", "male", 7), ("BE", "total", 9)]
    found = share(table_of(rows), base="all", sex="female")
    assert found.value is None
    assert found.bounds == Interval(0, Fraction(2, 9))


def test_an_unknown_sex_is_a_category_and_never_leaves_the_base():
    table = table_of([("BE", "total", 100), ("BE", "female", 68), ("BE", "unknown", 2)])
    found = share(table, base="all", sex="female")
    assert found.value == Interval.point(Fraction(68, 100))
    assert found.bounds_with_unknown == Interval(Fraction(68, 100), Fraction(70, 100))


def test_what_is_missing_from_the_parts_is_of_unknown_category():
    rows = [("total", 100), ("sexual", 60), ("labour", 30)]
    found = share(forms(rows), base="all", exploitation="sexual")
    assert found.unknown == Interval.point(10)
    assert found.bounds_with_unknown.upper == Fraction(7, 10)


def test_one_category_alone_says_nothing_of_who_else_is_recorded():
    found = share(forms([("total", 100), ("sexual", 60)]), base="recorded", exploitation="sexual")
    assert found.bounds == Interval(Fraction(60, 100), 1)
    assert found.value is None


def test_a_share_of_nobody_is_undefined():
    found = share(table_of([("BE", "female", 0), ("BE", "male", 0)]), base="recorded", sex="female")
    assert found.value == Interval(0, 1, undefined=True)


def test_a_gap_between_total_and_parts_is_told():
    rows = [("total", 100), ("sexual", 60), ("labour", 30), ("unknown", 4)]
    found = share(forms(rows), base="all", exploitation="sexual")
    assert found.gap == Interval.point(6)
    assert "ADDITIVITY" in found.warnings.codes


def test_the_gap_of_one_country_is_told_even_if_another_makes_up_for_it():
    rows = [("BE", 10, 6, 3), ("FR", 10, 6, 5)]
    table = table_of(
        [
            (area, sex, count)
            for area, *counts in rows
            for sex, count in zip(("total", "female", "male"), counts, strict=True)
        ]
        + [("BE", "unknown", 0), ("FR", "unknown", 0)]
    )
    assert share(table, base="all", sex="female").gap == Interval.point(1)


def test_overlapping_categories_have_no_gap():
    rows = [("total", 100), ("sexual", 60), ("labour", 70)]
    found = share(forms(rows), base="all", exploitation="sexual", overlap="overlapping")
    assert found.gap is None
    assert not found.sharp
    assert found.value == Interval.point(Fraction(60, 100))


def test_overlapping_categories_make_a_base_from_the_largest_to_their_sum():
    rows = [("total", 100), ("sexual", 60), ("labour", 30)]
    found = share(forms(rows), base="recorded", exploitation="sexual", overlap="not_stated")
    assert found.denominator == Interval(60, 90)
    assert found.bounds == Interval(Fraction(60, 90), 1)


def test_a_share_of_a_share_keeps_both_bases():
    rows = [
        ("total", "total", 300), ("sexual", "total", 100),
        ("sexual", "female", 95), ("sexual", "male", 5),
    ]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["exploitation", "sex", "value"], kind="victims", area="BE", period=2016
    )
    found = share(table, base="recorded", sex="female", within={"exploitation": "Sexual"})
    assert found.value == Interval.point(Fraction(95, 100))
    assert found.category == (("exploitation", "sexual"), ("sex", "female"))
    assert found.base.within == (("exploitation", "sexual"),)


PARTS = forms(
    [
        ("total", 120), ("sexual", 60), ("prostitution", 45), ("pornography", 5),
        ("labour", 40), ("unknown", 20),
    ]
)  # fmt: skip


def test_a_part_of_a_form_stands_against_everybody_with_a_recorded_form():
    found = share(PARTS, base="recorded", exploitation="prostitution")
    assert found.value == Interval.point(Fraction(45, 100))
    assert found.unknown == Interval.point(20)
    assert found.bounds_with_unknown == Interval(Fraction(45, 120), Fraction(65, 120))


def test_a_part_of_a_form_can_be_all_of_that_form_within_it():
    found = share(
        PARTS, base="recorded", exploitation="prostitution", within={"exploitation": "sexual"}
    )
    assert found.value is not None
    assert found.denominator == Interval.point(50)
    assert found.bounds == Interval.point(Fraction(45, 50))


def test_a_breakdown_within_a_form_is_by_the_parts_of_that_form():
    found = breakdown(PARTS, by="exploitation", base="recorded", exploitation="sexual")
    assert found.labels == ("prostitution", "pornography")


def test_other_eu_citizens_stand_against_all_with_a_recorded_citizenship():
    rows = [
        ("total", 100), ("eu", 60), ("reporting_country", 20), ("other_eu", 40),
        ("non_eu", 30), ("unknown", 10), ("RO", 25), ("NG", 12),
    ]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["citizenship", "value"], kind="victims", area="BE", period=2016
    )
    assert share(table, base="recorded", citizenship="other_eu").value.value == Fraction(40, 90)
    assert breakdown(table, by="citizenship", base="all").labels == ("eu", "non eu")


def test_countries_of_citizenship_are_a_division_of_their_own():
    rows = [("total", 100), ("eu", 60), ("non_eu", 40), ("RO", 55), ("NG", 40)]
    table = CountTable.from_rows(
        rows, columns=["citizenship", "value"], kind="victims", area="BE", period=2016
    )
    found = share(table, base="recorded", citizenship="RO")
    assert found.denominator == Interval.point(95)


def test_countries_of_citizenship_divide_a_total_that_has_no_groups():
    rows = [("RO", 3), ("NG", 1)]
    table = CountTable.from_rows(
        rows, columns=["citizenship", "value"], kind="victims", area="BE", period=2016
    )
    assert breakdown(table, by="citizenship", base="recorded").labels == ("NG", "RO")


def test_the_stateless_stand_beside_countries_of_citizenship_and_within_the_groups():
    rows = [("total", 100), ("RO", 55), ("NG", 30), ("stateless", 5), ("unknown", 10)]
    columns = ["citizenship", "value"]
    table = CountTable.from_rows(rows, columns=columns, kind="victims", area="BE", period=2016)
    labels = breakdown(table, by="citizenship", base="recorded").labels
    assert set(labels) == {"RO", "NG", "stateless"}
    for code, count in (("stateless", 5), ("RO", 55)):
        found = share(table, base="recorded", citizenship=code)
        assert found.value.value == Fraction(count, 90)

    rows = [("total", 100), ("eu", 60), ("non_eu", 30), ("stateless", 5), ("unknown", 10)]
    table = CountTable.from_rows(rows, columns=columns, kind="victims", area="BE", period=2016)
    assert breakdown(table, by="citizenship", base="recorded").labels == ("eu", "non eu")
    found = share(table, base="recorded", citizenship="stateless")
    assert found.value.value == Fraction(5, 90)


# Several dimensions at once


def crossed(rows):
    return CountTable.from_rows(
        rows,
        columns=["sex", "exploitation", "value"],
        kind="victims",
        area="BE",
        period=2016,
    )


CROSSED = [
    ("total", "total", 100), ("female", "sexual", 40), ("female", "labour", 10),
    ("male", "sexual", 5), ("male", "labour", 30), ("female", "unknown", 6),
    ("male", "unknown", 4), ("unknown", "sexual", 3), ("unknown", "labour", 2),
]  # fmt: skip


def test_only_the_unknown_that_can_belong_to_a_cell_are_counted_into_it():
    found = share(crossed(CROSSED), base="all", sex="female", exploitation="sexual")
    assert found.value == Interval.point(Fraction(40, 100))
    assert found.unknown == Interval.point(15)
    assert found.bounds_with_unknown == Interval(Fraction(40, 100), Fraction(40 + 6 + 3, 100))


def test_unknown_cells_that_are_missing_are_no_more_than_the_total_leaves():
    rows = [row for row in CROSSED if row[:2] != ("female", "unknown")]
    found = share(crossed(rows), base="all", sex="female", exploitation="sexual")
    assert found.bounds_with_unknown == Interval(Fraction(40, 100), Fraction(49, 100))


def test_the_cells_of_two_dimensions_are_a_partition():
    found = breakdown(crossed(CROSSED), by=["sex", "exploitation"], base="recorded")
    assert len(found) == 4
    assert sum(item.value.value for item in found) == 1


def test_a_dimension_named_twice_divides_once():
    twice, once = (
        breakdown(crossed(CROSSED), by=by, base="recorded")
        for by in (["sex", "exploitation", "sex"], ["sex", "exploitation"])
    )
    assert twice.to_dict() == once.to_dict()


def test_a_part_of_a_form_by_sex_takes_the_unknown_of_the_whole_form():
    rows = [*CROSSED, ("female", "prostitution", 30), ("male", "prostitution", 2)]
    found = share(crossed(rows), base="recorded", sex="female", exploitation="prostitution")
    assert found.value == Interval.point(Fraction(30, 85))
    assert found.bounds_with_unknown.upper == Fraction(30 + 6 + 3, 100)


def test_categories_of_another_breakdown_are_no_part_of_this_one():
    # "other" is a form only in the rows by sex: the rows of all sexes do not list it.
    rows = [("total", "sexual", 6), ("total", "labour", 4), ("female", "other", 1)]
    found = breakdown(crossed(rows), by="exploitation", base="recorded")
    assert found.labels == ("sexual", "labour")


# Countries and areas


def test_an_aggregate_is_used_as_printed_beside_its_countries():
    rows = [
        ("EU28", "total", 100),
        ("EU28", "female", 70),
        ("BE", "total", 10),
        ("BE", "female", 1),
    ]
    found = share(table_of(rows), base="all", sex="female", area="EU28")
    assert found.value == Interval.point(Fraction(7, 10))
    assert found.reporters is None


def test_a_total_of_all_bounds_the_categories_of_those_who_gave_none():
    rows = [("EU28", "total", 100), ("BE", "female", 12), ("BE", "male", 8), ("BE", "total", 20)]
    found = share(table_of(rows), base="all", sex="female", area="EU28")
    assert found.reporters == {"BE"}
    assert found.value == Interval.point(Fraction(12, 20))
    assert found.bounds == Interval(Fraction(12, 100), Fraction(92, 100))


def test_a_figure_of_some_countries_bounds_that_of_the_union_from_below():
    rows = [("BE+FR", "female", 30, "BE"), ("BE+FR", "male", 10, "BE"), ("FR", "male", 10, None)]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value", "reporters"], kind="victims", period=2016
    )
    found = share(table, base="recorded", sex="female", area="BE+FR")
    assert found.value == Interval.point(Fraction(30, 40))
    assert found.reporters == {"BE"}
    assert found.bounds == Interval(Fraction(30, 50), 1)


def test_a_figure_of_a_number_of_countries_is_no_figure_of_all():
    rows = [("EU28", "female", 30, 25), ("EU28", "male", 10, 25)]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value", "n_reporters"], kind="victims", period=2016
    )
    found = share(table, base="recorded", sex="female")
    assert found.value == Interval.point(Fraction(30, 40))
    assert found.n_reporters == 25
    assert found.bounds == Interval(0, 1)


def test_a_figure_of_all_members_is_that_of_the_union():
    rows = [("EU28", "female", 30, 28), ("EU28", "male", 10, 28)]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value", "n_reporters"], kind="victims", period=2016
    )
    assert share(table, base="recorded", sex="female").bounds == Interval.point(Fraction(30, 40))


def test_a_country_to_which_the_count_does_not_apply_leaves_the_question():
    rows = [("BE", "female", 6), ("BE", "male", 4)]
    gone = [("FR", sex, Count.not_applicable()) for sex in ("total", "female", "male")]
    found = share(table_of(rows + gone), base="recorded", sex="female")
    assert found.bounds == Interval.point(Fraction(6, 10))
    assert found.expected == {"BE"}


def test_where_the_count_applies_to_nobody_there_is_no_share():
    gone = [
        (area, sex, Count.not_applicable()) for area in ("BE", "FR") for sex in ("female", "male")
    ]
    found = share(table_of(gone), base="recorded", sex="female")
    assert found.value is None
    assert found.bounds == Interval(0, 1, undefined=True)
    assert found.expected == frozenset()


def test_a_category_that_does_not_apply_adds_nothing_and_keeps_the_country():
    rows = [("BE", "female", 6), ("BE", "male", 4), ("BE", "other", Count.not_applicable())]
    more = [("FR", "female", 1), ("FR", "male", 4), ("FR", "other", 5)]
    found = share(table_of(rows + more), base="recorded", sex="female")
    assert found.value == Interval.point(Fraction(7, 20))
    assert found.reporters == {"BE", "FR"}


def test_a_country_is_asked_only_for_the_categories_that_it_lists():
    rows = [("BE", "female", 6), ("BE", "male", 4)]
    more = [("FR", "female", 1), ("FR", "male", 4), ("FR", "other", 5)]
    found = share(table_of(rows + more), base="recorded", sex="female", area="BE")
    assert found.value == Interval.point(Fraction(6, 10))


def test_a_category_that_only_others_list_is_a_gap_in_a_country():
    rows = [("BE", "total", 10), ("FR", "female", 1), ("FR", "male", 4)]
    found = share(table_of(rows), base="all", sex="female", area="BE")
    assert found.value is None
    assert found.bounds == Interval(0, 1)


def test_an_all_missing_column_gives_bounds_and_no_error():
    rows = [("BE", "total", 10), ("BE", "female", Count.not_reported())]
    found = share(table_of(rows), base="all", sex="female")
    assert found.value is None
    assert found.bounds == Interval(0, 1)
    assert found.warnings


# Wrong input


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        ({"base": "known", "sex": "female"}, InvalidValue, ["base", "'known'", "recorded"]),
        ({"base": "all"}, InvalidValue, ["category", 'exploitation="sexual"']),
        ({"base": "all", "sex": "total"}, InvalidValue, ["sex", "'total'", "unknown"]),
        ({"base": "all", "sex": "unknown"}, InvalidValue, ["sex", "'unknown'", "column"]),
        ({"base": "all", "sex": "other"}, NoSuchCell, ["category", "sex=other", "add a row"]),
        ({"base": "all", "sex": ["female", "male"]}, InvalidValue, ["sex", "one word"]),
        ({"base": "all", "sex": "femal"}, UnknownName, ["sex", "femal", "female"]),
        ({"base": "all", "colour": "red"}, UnknownName, ["colour"]),
        ({"base": "all", "sex": "female", "overlap": "some"}, UnknownName, ["some"]),
        ({"base": "all", "sex": "female", "area": "DE"}, NoSuchCell, ["DE", "no row"]),
        ({"base": "all", "sex": "female", "period": 2015}, NoSuchCell, ["2015", "no row"]),
        (
            {"base": "all", "sex": "female", "within": {"sex": "male"}},
            InvalidValue,
            ["sex", "female", "male", "within"],
        ),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_would_mend_it(question, error, words):
    table = table_of([("BE", "total", 10), ("BE", "female", 6), ("BE", "male", 4)])
    with pytest.raises(error) as caught:
        share(table, **question)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_share_above_its_base_is_refused():
    table = table_of([("BE", "total", 5), ("BE", "female", 6)])
    with pytest.raises(ImpossibleResult, match="parts exceed their total"):
        share(table, base="all", sex="female")


def test_an_empty_table_has_no_share():
    with pytest.raises(NoSuchCell, match="no rows"):
        share(CountTable.from_rows([], kind="victims"), base="all", sex="female")


def test_several_periods_are_never_added_unasked():
    rows = [("BE", year, sex, 1) for year in (2015, 2016) for sex in ("female", "male")]
    table = CountTable.from_rows(rows, columns=["area", "period", "sex", "value"], kind="victims")
    with pytest.raises(AmbiguousCell, match="period='2015'"):
        share(table, base="recorded", sex="female")
    assert share(table, base="recorded", sex="female", period=2016).shown == "50.0 %"


def test_an_aggregate_and_countries_are_never_mixed_unasked():
    table = table_of([("EU28", "female", 10), ("BE", "female", 6)])
    with pytest.raises(AmbiguousCell, match="Name the area"):
        share(table, base="recorded", sex="female")


def test_one_composition_under_two_names_is_ambiguous():
    table = table_of([("EU28 without UK", "female", 10), ("EU27_2020", "female", 11)])
    with pytest.raises(AmbiguousCell, match="several names"):
        share(table, base="recorded", sex="female", area="EU27_2020")


def test_counts_that_differ_in_an_attribute_are_never_pooled_unasked():
    rows = [
        (area, sex, status, 5)
        for area, status in (("BE", "registered"), ("FR", "presumed"))
        for sex in ("female", "male")
    ]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "status", "value"], kind="victims", period=2016
    )
    with pytest.raises(AmbiguousCell, match="status"):
        share(table, base="recorded", sex="female")
    assert share(table, base="recorded", sex="female", area="BE").reporters == {"BE"}


@pytest.mark.parametrize(
    ("by", "error", "words"),
    [
        ([], InvalidValue, ["by", 'by="sex"']),
        ("status", InvalidValue, ["status", "divides a total"]),
        ("area", InvalidValue, ["area"]),
        ("age", NoSuchCell, ["age", "The table has"]),
    ],
)
def test_only_what_is_broken_down_has_a_breakdown(by, error, words):
    table = table_of([("BE", "total", 10), ("BE", "female", 6)])
    with pytest.raises(error) as caught:
        breakdown(table, by=by, base="all")
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_suppressed_count_keeps_its_width_inside_a_sum_with_gaps():
    rows = [
        ("DE", "total", 0), ("DE", "female", Count.suppressed(0, 2)), ("DE", "male", 0),
        ("BE", "total", 0), ("BE", "male", 0), ("FR", "total", 1), ("FR", "female", 0),
        ("FR", "male", 0),
    ]  # fmt: skip
    unknown = [("DE", "unknown", 0), ("BE", "unknown", 0), ("FR", "unknown", 1)]
    before = share(table_of([*rows, *unknown]), sex="female", base="all")
    after = share(table_of([*rows, *unknown, ("BE", "female", 0)]), sex="female", base="all")
    assert after.bounds.within(before.bounds)
    assert after.bounds.upper == Fraction(2, 3)


BELGIUM = [("BE", "total", 115), ("BE", "female", 44), ("BE", "male", 71)]
AUSTRIA = [("AT", "total", 343), ("AT", "female", 256), ("AT", "male", 48), ("AT", "other", 39)]


def test_a_country_reported_where_what_it_gave_makes_its_total():
    found = share(table_of([*BELGIUM, *AUSTRIA]), base="recorded", sex="female")
    assert found.reporters == {"AT", "BE"}
    assert found.value == found.bounds == Interval.point(Fraction(44 + 256, 115 + 343))


@pytest.mark.parametrize(
    "rows",
    [
        [("BE", "total", 116), *BELGIUM[1:]],
        [("BE", "total", 114), *BELGIUM[1:]],
        [("BE", "total", Count.between(115, 116)), *BELGIUM[1:]],
        [*BELGIUM[:2], ("BE", "male", Count.between(70, 71))],
        BELGIUM[1:],
        [("BE", "total", 115), ("BE", "female", 115), ("BE", "male", Count.suppressed())],
        [*BELGIUM[:2], ("BE", "male", Count.fewer_than(72))],
    ],
    ids=["more", "fewer", "total open", "part open", "no total", "suppressed", "fewer than"],
)
def test_a_gap_stays_one_where_the_counts_beside_it_leave_it_open_or_hide_something(rows):
    found = share(table_of([*rows, *AUSTRIA]), base="recorded", sex="female")
    assert found.reporters == {"AT"}
