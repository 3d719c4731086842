"""Contradictions, conflicts and overlap, on the examples that showed wrong numbers."""

from fractions import Fraction

import numpy as np
import pytest

from tests.rows import check_rows
from thbstats.indicators import breakdown, share, total
from thbstats.panel import Status
from thbstats.tables import CountTable
from thbstats.tables.origins import CellFinding
from thbstats.values import Count, Interval


def victims(rows, columns=("area", "sex", "value"), **constant):
    constant = {"period": 2020, "status": "registered", **constant}
    return CountTable.from_rows(rows, columns=columns, kind="victims", **constant)


def country(area, **counts):
    """Return a row per category of a country."""
    return [(area, name, value) for name, value in counts.items()]


def test_country_with_a_part_above_its_total_is_excluded():
    """Belgium has 120 women of 100 victims: the pooled share is that of France."""
    table = victims(
        [
            *country("BE", total=100, female=120, male=30),
            *country("FR", total=200, female=90, male=100),
        ]
    )
    result = share(table, sex="female", base="all", area="BE+FR")
    assert (result.value, result.numerator, result.denominator) == (
        Interval.point(Fraction(9, 20)),
        Interval.point(90),
        Interval.point(200),
    )
    assert result.reporters == {"FR"}
    (item,) = result.contradictions
    assert (item.area, item.code) == ("BE", "contradictory")
    assert "total 100, female 120, male 30" in item.text
    assert "CONTRADICTED" in result.warnings.codes
    # The counts of Belgium are 0 to 120 women among 100 to 150 victims.
    assert result.bounds == Interval(Fraction(90, 350), Fraction(210, 300 + 20))


def test_shares_sum_to_1_without_contradictory_countries():
    """Germany 2022: fewer than 5 victims, 746 women and 541 men."""
    table = victims(
        [
            *country("DE", total=Count.fewer_than(5), female=746, male=541),
            *country("FR", total=100, female=60, male=40, unknown=0),
        ]
    )
    panel = breakdown(table, of="sex", base="all", area="DE+FR")
    assert [row.value for row in panel] == [
        Interval.point(Fraction(3, 5)),
        Interval.point(Fraction(2, 5)),
    ]
    assert {row.reporters for row in panel} == {frozenset({"FR"})}


def test_total_below_its_parts_has_no_value_and_bounds_of_both_readings():
    rows = country("DE", total=Count.fewer_than(5), female=746, male=541)
    table = victims([*rows, ("FR", "total", 100)])
    result = total(table, area="DE+FR")
    assert (result.value, result.bounds) == (Interval.point(100), Interval(100, 1387))
    assert result.reporters == {"FR"}
    assert [item.code for item in result.contradictions] == ["contradictory"]
    assert "CONTRADICTED" in result.warnings.codes
    alone = total(table, by="area", area="DE+FR")["DE"]
    assert (alone.value, alone.bounds) == (None, Interval(0, 1287))
    assert alone.status is Status.CONTRADICTORY
    assert not alone.reporters


def test_conflicting_values_are_reported_as_bounds():
    """Bulgaria 2018 has two totals of female victims: 336 and 52."""
    table = victims(
        [
            *country("BG", total=442, female=Count.conflicting([336, 52])),
            *country("FR", total=58, female=40),
        ]
    )
    row = share(table, sex="female", base="all", area="BG")
    assert row.value == Interval(Fraction(52, 442), Fraction(388, 442))
    assert row.status is Status.CONFLICTING
    assert row.reporters == {"BG"}
    assert "COVERAGE" not in row.warnings.codes
    both = share(table, sex="female", base="all", area="BG+FR")
    assert both.value == Interval(Fraction(92, 500), Fraction(428, 500))
    (item,) = both.contradictions
    assert (item.code, item.counts.category) == ("conflicting", "female")


def test_unknown_and_missing_are_not_counted_twice():
    """A country that reports only a total has each person once in the bounds."""
    table = victims(
        [
            *country("BE", total=7),
            *country("FR", total=8, female=3, male=5, unknown=0),
            *country("DE", total=6, female=3, male=2, unknown=1),
        ]
    )
    result = share(table, sex="female", base="all", area="BE+DE+FR")
    assert result.bounds_with_unknown == Interval(Fraction(6, 21), Fraction(14, 21))


def test_persons_without_a_category_can_belong_to_each():
    """10 persons in no age band: they are unknown, whatever the row for unknown says."""
    table = victims(
        country("BE", total=100, child=40, adult=50, unknown=0), ("area", "age", "value")
    )
    result = share(table, age="child", base="all")
    assert result.discrepancy == Interval.point(10)
    assert result.unknown == Interval.point(10)
    assert result.bounds_with_unknown == Interval(Fraction(2, 5), Fraction(1, 2))
    assert "ADDITIVITY" in result.warnings.codes


@pytest.mark.parametrize(
    ("parts", "whole", "overlaps", "code"),
    [
        pytest.param((12000, 11119), 23117, False, "discrepancy", id="2 of 23,117"),
        pytest.param((12000, 11127), 23117, False, "discrepancy", id="10 of 23,117"),
        pytest.param((12000, 11128), 23117, True, None, id="11 of 23,117"),
        pytest.param((101, 100), 200, False, "discrepancy", id="1 of 200"),
        pytest.param((102, 100), 200, True, None, id="2 of 200"),
        pytest.param((6, 7), 12, True, None, id="1 of 12"),
        pytest.param((13, 0), 12, False, "contradictory", id="a form above its total"),
    ],
)
def test_small_excess_is_a_discrepancy_and_large_excess_an_overlap(parts, whole, overlaps, code):
    rows = country("BE", total=whole, sexual=parts[0], labour=parts[1])
    table = victims(rows, ("area", "exploitation", "value"))
    row = share(table, exploitation="sexual", base="all", by="area")[0]
    assert (row.base.overlap == "overlapping") is overlaps
    assert [item.code for item in row.contradictions] == ([code] if code else [])
    if code == "discrepancy":
        excess = sum(parts) - whole
        assert row.value == Interval(
            Fraction(parts[0] - excess, whole + excess), Fraction(parts[0], whole)
        )
    stated = share(table, exploitation="sexual", base="all", by="area", overlap="exclusive")[0]
    assert stated.status is (Status.OK if code == "discrepancy" else Status.CONTRADICTORY)


def test_overlap_in_one_country_widens_only_its_counts():
    """Malta's forms overlap; those of Germany make its total, so Germany stays exact.

    Persons of known form in Malta are 7 to 12, because no row has those of unknown form.
    """
    rows = [
        *country("MT", total=12, labour=6, sexual=7, other=3),
        *country("DE", total=470, sexual=427, labour=43),
    ]
    table = victims(rows, ("area", "exploitation", "value"))
    panel = share(table, exploitation="sexual", base="known", by="area")
    assert panel["DE"].value == Interval.point(Fraction(427, 470))
    assert panel["DE"].base.overlap == "exclusive"
    assert (panel["MT"].value, panel["MT"].bounds) == (None, Interval(Fraction(7, 12), 1))
    both = share(table, exploitation="sexual", base="known", area="DE+MT")
    assert both.value == panel["DE"].value
    assert both.bounds == Interval(Fraction(434, 482), Fraction(434, 477))
    assert both.reporters == {"DE"}
    assert both.panel.excess[both.position].areas == ("MT",)
    mentions = share(table, exploitation="sexual", base="responses", area="DE+MT")
    assert mentions.value == Interval.point(Fraction(434, 486))


def test_sex_and_age_never_overlap():
    table = victims(country("MT", total=12, female=8, male=8))
    panel = share(table, sex="female", base="all", by="area", overlap="overlapping")
    assert panel[0].status is Status.CONTRADICTORY
    assert np.isnan(panel.to_frame().loc[0, "value_lower"])


def test_missing_total_has_its_own_status():
    table = victims([*country("BE", female=6, male=4), *country("FR", total=5)])
    panel = share(table, sex="female", base="all", by="area")
    assert panel["BE"].status is Status.NO_TOTAL
    assert "no total" in panel["BE"].footnote().lower()
    assert share(table, sex="female", base="known", area="BE").value == Interval.point(
        Fraction(3, 5)
    )


def test_problems_of_the_file_are_in_the_result():
    """A part above its total, by age: the share by sex and the total carry the finding."""
    finding = CellFinding("PART_ABOVE_TOTAL", "BE 2020: total 100, adult 120.")
    table = victims(
        [("BE", "total", 100, "PART_ABOVE_TOTAL"), ("BE", "female", 60, None)],
        ("area", "sex", "value", "findings"),
    )
    assert CellFinding(finding.code) in table.columns.findings_at(np.arange(2))
    for row in (share(table, sex="female", base="all"), total(table)):
        assert [item.code for item in row.contradictions] == ["PART_ABOVE_TOTAL"]
        assert "CONTRADICTED" in row.warnings.codes


def table_of(names, **places):
    """Return a table of the rows of each area, as "category, category, count"."""
    rows = []
    for area, text in places.items():
        for row in text.split("; "):
            *words, n = row.split(", ")
            rows.append(
                (area.replace("_", "+"), *words, Count.fewer_than(5) if n == "<5" else int(n))
            )
    return victims(rows, ("area", *names, "value"))


SEX_AGE, SEX_CITIZENSHIP, SEX_FORM = (
    ("sex", "age"),
    ("sex", "citizenship"),
    ("sex", "exploitation"),
)


def test_number_that_only_contradictory_counts_determine_has_no_value():
    def check(names, rows, question, bounds, status):
        found = share(table_of(names, BE=rows), by="area", **question)[0]
        assert found.value is None
        assert (found.bounds.lower, found.bounds.upper) == bounds
        assert found.status.code == status
        assert "CONTRADICTED" in {warning.code for warning in found.warnings}

    check_rows(
        check,
        [
            # 8 women and 13 men are from VN, of 17: the 13 do not fill the 16 men.
            (
                SEX_CITIZENSHIP,
                "total, total, 29; total, VN, 17; female, VN, 8; male, total, 16; male, NG, 3; "
                "male, VN, 13",
                {"sex": "male", "citizenship": "RO", "base": "all"},
                (0, Fraction(13, 29)),
                "not_reported",
            ),
            # 14 girls are above 7 women and girls: the persons of all ages do not follow.
            (
                SEX_AGE,
                "total, child, 16; total, unknown, 13; female, total, 7; female, child, 14; "
                "male, child, 8; male, adult, 0; male, unknown, 13; unknown, child, 0; "
                "unknown, adult, <5",
                {"sex": "female", "base": "all"},
                (0, Fraction(7, 20)),
                "no_total",
            ),
            # 6 men are above 0 men and boys: the adults of all sexes do not follow.
            (
                SEX_AGE,
                "total, total, 28; female, adult, 2; male, total, 0; male, adult, 6; "
                "unknown, child, 5; unknown, adult, 3; unknown, unknown, 5",
                {"sex": "female", "where": {"age": "adult"}, "base": "all"},
                (0, Fraction(2, 5)),
                "contradictory",
            ),
            # The denominator of responses has 2 girls, where all children are 0.
            (
                SEX_AGE,
                "total, child, 0; female, child, 2; female, adult, 2; female, unknown, <5",
                {"age": "adult", "where": {"sex": "female"}, "base": "responses"},
                (Fraction(1, 2), Fraction(1, 2)),
                "contradictory",
            ),
            # Sums of published parts take part like published counts: 17 and 13 and 6 of 29.
            (
                SEX_AGE,
                "total, total, 29; female, child, 8; female, adult, 9; female, unknown, 0; "
                "male, child, 0; male, adult, 13; male, unknown, 0; other, adult, 6; "
                "other, unknown, 0; unknown, child, 0",
                {"age": "child", "where": {"sex": "female"}, "base": "known"},
                (Fraction(8, 17), Fraction(8, 17)),
                "contradictory",
            ),
        ],
    )


def test_number_that_other_counts_determine_keeps_its_value():
    # 5 of unknown age are above 4 men: boys do not follow, and girls are 0 to 4 of their children.
    table = table_of(
        SEX_AGE,
        BE="total, total, 8; total, child, <5; total, unknown, 5; female, total, 3; "
        "female, child, <5; female, adult, 0; male, total, 4; male, unknown, 5; unknown, child, <5",
    )
    girls = share(table, sex="female", base="known", where={"age": "child"}, by="area")[0]
    assert (girls.value.lower, girls.value.upper) == (0, 1)
    # 58 and 13 are above 69 of agriculture, a part of labour; men of labour are 21 in each reading.
    table = table_of(
        SEX_FORM,
        BE="total, total, 203; total, sexual, 49; total, agriculture, 69; female, labour, 56; "
        "female, agriculture, 58; female, unknown, 56; male, labour, 21; male, agriculture, 13; "
        "male, unknown, 21; unknown, labour, <5; unknown, unknown, <5",
    )
    men = share(table, sex="male", exploitation="labour", base="known", by="area")[0]
    assert (men.value.lower, men.value.upper) == (Fraction(21, 182), Fraction(21, 174))
    assert "CONTRADICTED" in {warning.code for warning in men.warnings}


def test_published_area_has_both_readings_where_it_contradicts_its_members():
    def check(names, rows, question, bounds, status):
        table = table_of(names, **rows)
        area = next(iter(rows)).replace("_", "+")
        found = share(table, area=area, by="period", **question)[0]
        assert (found.bounds.lower, found.bounds.upper) == bounds
        assert found.status.code == status

    check_rows(
        check,
        [
            # 375 published, 330 and 46 of the members: within the tolerance, 375 or 376.
            (
                ("sex",),
                {
                    "LT_LV": "total, 375; female, 51",
                    "LT": "total, 330; female, 20; male, 310",
                    "LV": "total, 46; female, 31; male, 15",
                },
                {"sex": "female", "base": "all"},
                (Fraction(51, 376), Fraction(51, 375)),
                "ok",
            ),
            # 3 men follow where fewer than 5 persons are published: 48 of 47.
            (
                SEX_FORM,
                {
                    "CZ_DK": "total, total, 47",
                    "CZ": "total, total, <5; male, other, 3",
                    "DK": "total, total, 45; male, total, 9; male, labour, 0; female, total, 36",
                },
                {"sex": "male", "base": "all"},
                (Fraction(12, 49), Fraction(13, 47)),
                "contradictory",
            ),
            # 64 women of the area and 139 men of its members are above 200.
            (
                SEX_FORM,
                {
                    "AT_BG": "total, total, 200; female, total, 64; male, total, 133",
                    "AT": "male, total, 76",
                    "BG": "total, total, 71; female, total, 5; male, total, 63; unknown, total, 3",
                },
                {"sex": "female", "base": "all"},
                (0, 1),
                "contradictory",
            ),
        ],
    )


def test_bounds_of_a_contradictory_share_contain_both_readings():
    """GLOTIP, Honduras 2015: 7 girls of sexual exploitation where all girls are fewer than 5."""
    table = table_of(
        ("sex", "age", "exploitation"),
        HN="female, child, total, <5; female, adult, total, 39; male, child, total, 17; "
        "male, adult, total, <5; total, child, total, 17; total, adult, total, 42; "
        "total, total, total, 59; female, adult, labour, 25; male, adult, labour, <5; "
        "total, total, labour, 28; female, child, sexual, 7; female, adult, sexual, <5; "
        "male, child, sexual, 14; male, adult, sexual, <5; total, total, sexual, 31; "
        "female, total, total, 39; male, total, total, 20",
    )
    women = share(table, sex="female", base="all", where={"exploitation": "sexual"}, by="area")[0]
    assert (women.value, women.status.code) == (None, "contradictory")
    # 7 girls and 4 women as published, or 39 women and girls less 25 of labour exploitation. At
    # most 20 men and boys leave 11 of 31.
    assert women.bounds == Interval(Fraction(11, 31), Fraction(14, 31))


def test_text_gives_only_counts_that_contradict_each_other():
    """Egypt 2015 and El Salvador 2019 in the data of UNODC: the totals agree with their ages.

    Adults of "other" forms exceed the adults of all forms, and so do persons of unknown sex.
    """
    names = ("sex", "age", "exploitation")
    table = table_of(
        names,
        EG="female, child, total, 27; male, child, total, 37; male, adult, total, 8; "
        "total, child, total, 64; total, adult, total, 8; total, total, total, 72; "
        "male, child, sexual, 16; total, total, sexual, 16; female, total, total, 27; "
        "male, total, total, 45; female, adult, other, 11; male, adult, other, 45; "
        "total, total, other, 56",
        SV="female, child, total, 11; male, adult, total, 7; total, child, total, 15; "
        "total, adult, total, 11; total, total, total, 41; unknown, unknown, total, 15; "
        "unknown, unknown, labour, 45; female, child, sexual, 9; other, adult, sexual, 14; "
        "total, child, sexual, 9; total, adult, sexual, 6; total, total, sexual, 25; "
        "unknown, unknown, sexual, 10; female, total, total, 15; male, total, total, 11",
    )
    questions = ({"age": "child"}, {"sex": "female", "age": "child", "exploitation": "sexual"})
    for question in questions:
        panel = share(table, base="all", by="area", **question)
        texts = [item.text for row in panel for item in row.contradictions]
        assert texts
        for text in texts:
            assert len(text) < 200
            assert "total 72, child 64, adult 8" not in text
            assert "total 41, female 15, male 11" not in text


def test_contradictory_rows_by_sex_leave_shares_of_known_age():
    """United Kingdom 2020: 1,087 girls and 3,903 boys are more than the 4,946 children."""
    table = table_of(
        SEX_AGE,
        UK="total, total, 10582; total, child, 4946; total, adult, 5087; female, total, 2604; "
        "female, child, 1087; female, adult, 1517; male, total, 7435; male, child, 3903; "
        "male, adult, 3532",
    )
    children = share(table, age="child", base="known", by="area")[0]
    assert children.value == Interval.point(Fraction(4946, 4946 + 5087))
    assert "CONTRADICTED" in {warning.code for warning in children.warnings}


def test_citizens_of_the_country_itself_leave_room_for_nationals():
    """Albania 2008: all 108 victims are citizens of Albania, in the row of the country."""
    table = victims(country("AL", total=108, AL=108), columns=("area", "citizenship", "value"))
    for group in ("reporting_country", "eu"):
        assert share(table, citizenship=group, base="all", by="area")[0].value is None
        assert total(table, citizenship=group, by="area")[0].bounds == Interval(0, 108)


def test_forms_that_add_up_to_the_total_do_not_overlap_in_a_slice():
    """Estonia 2013 in the data of UNODC: 13 women and 10 men of 24 adults, and 14 women and girls.

    The rows by sex and age contradict each other. Those by form do not, so that all persons have
    a known form.
    """
    table = table_of(
        ("sex", "age", "exploitation"),
        EE="total, adult, total, 24; female, child, total, <5; female, adult, total, 13; "
        "male, child, total, <5; male, adult, total, 10; total, child, total, <5; "
        "total, total, total, 24; total, total, labour, 14; total, total, sexual, 10; "
        "female, total, total, 14; male, total, total, 10",
    )
    for base in ("all", "known"):
        sexual = share(table, exploitation="sexual", base=base, by="area")[0]
        assert sexual.value == sexual.bounds_with_unknown == Interval.point(Fraction(5, 12))


def test_contradiction_of_several_lines_has_a_text():
    """Latvia 2020: 48 victims, 34 men and 16 women; 8 of 10 of sexual exploitation are women."""
    table = table_of(
        ("sex", "age", "exploitation"),
        LV="female, adult, total, 14; male, adult, total, 34; total, adult, total, 46; "
        "total, total, total, 48; male, adult, labour, 34; total, adult, labour, 37; "
        "total, total, labour, 37; female, adult, sexual, 8; total, adult, sexual, 8; "
        "total, total, sexual, 10; female, total, total, 16; male, total, total, 34",
    )
    women = share(table, sex="female", where={"exploitation": "sexual"}, base="known", by="area")[0]
    assert women.status is Status.CONTRADICTORY
    (item,) = women.contradictions
    assert item.code == "contradictory"
    assert "counts of several dimensions" in item.text


def test_rows_behind_a_contradictory_sum_are_contradictory():
    """Parts without a row are sums of rows, which exceed the total in their place."""
    women = table_of(
        ("sex", "exploitation", "citizenship"),
        FR="total, total, total, 4; female, total, total, 3; female, sexual, RO, 3; "
        "female, unknown, unknown, 1",
    )
    category = {"sex": "female", "exploitation": "sexual", "citizenship": "RO"}
    (row,) = share(women, base="known", by="area", **category)
    assert (row.value, row.status) == (None, Status.CONTRADICTORY)
    # 32 persons in five cells exceed the total of 29: the adults are not 5 and 5.
    cells = table_of(
        ("sex", "age"),
        FR="total, total, 29; female, adult, 5; female, unknown, 9; male, child, 13; "
        "male, adult, 0; other, adult, 5",
    )
    (row,) = share(cells, base="known", by="area", sex="male", where={"age": "adult"})
    assert (row.value, row.status) == (None, Status.CONTRADICTORY)


def test_parts_with_a_row_contradict_their_total_alone():
    """Germany 2019: 430 women and girls and 64 men and boys exceed 470, without further rows."""
    table = table_of(
        ("sex", "age", "exploitation"),
        DE="total, total, total, 470; female, total, total, 430; male, total, total, 64; "
        "unknown, unknown, total, 6; total, total, sexual, 427; female, child, sexual, 54; "
        "female, adult, sexual, 346; male, child, sexual, 7; male, adult, sexual, 14; "
        "unknown, unknown, sexual, 6; other, total, sexual, 0",
    )
    (row,) = share(table, base="all", by="area", sex="female", where={"exploitation": "sexual"})
    assert row.value == Interval.point(Fraction(400, 427))


def test_a_count_does_not_follow_from_rows_behind_a_contradictory_sum():
    """13 girls in construction contradict 5 children of labour exploitation."""
    table = table_of(
        ("sex", "age", "exploitation"),
        NL="total, child, labour, 5; female, total, labour, 13; female, child, construction, 13; "
        "female, adult, total, 16; male, unknown, construction, 0; male, child, total, 14",
    )
    (row,) = share(
        table, base="known", by="area", sex="female", where={"exploitation": "construction"}
    )
    assert (row.value, row.status) == (None, Status.CONTRADICTORY)


def test_rows_of_further_dimensions_are_left_out_if_only_their_sums_contradict_the_query():
    """Dominican Republic 2019: 2,019 victims of another form, of unknown sex and age."""
    table = table_of(
        ("sex", "age", "exploitation"),
        DO="total, total, total, 195; female, child, total, 6; female, adult, total, 178; "
        "male, child, total, 11; female, total, total, 184; male, total, total, 11; "
        "total, child, total, 17; total, adult, total, 178; unknown, unknown, other, 2019",
    )
    (girls,) = share(table, base="all", by="area", sex="female", age="child")
    assert girls.value == Interval.point(Fraction(6, 195))
    assert "CONTRADICTED" in girls.warnings.codes


def test_exclusive_forms_that_exceed_their_total_determine_no_other_count():
    """Forms that add up to all 20 victims exclude each other: 4 and 3 of 5 men are too many."""
    table = table_of(
        ("sex", "exploitation"),
        FR="total, total, 20; total, sexual, 12; total, labour, 8; female, total, 15; "
        "male, total, 5; male, sexual, 4; male, labour, 3",
    )
    for sex in ("female", "male"):
        (row,) = share(table, base="all", by="area", sex=sex, exploitation="sexual")
        assert (row.value, row.status) == (None, Status.CONTRADICTORY)
    (row,) = share(table, base="all", by="area", sex="female")
    assert row.value == Interval.point(Fraction(3, 4))


def test_cell_above_the_published_total_contradicts_it_in_each_question():
    rows = [("total", "total", 3), ("female", "total", 2), ("female", "child", 8)]
    table = victims(rows, ["sex", "age", "value"], area="FR")
    as_published = {"base": "all", "contradictory": "published", "by": "period"}
    for query in ({"sex": "female", "age": "child"}, {"age": "child", "where": {"sex": "female"}}):
        (girls,) = share(table, **query, **as_published)
        assert (girls.value, girls.status.code) == (None, "contradictory")
        assert not girls.bounds_attained


@pytest.mark.parametrize(
    "rows",
    [
        [("total", "adult", 0), ("female", "total", 0), ("female", "child", 13),
         ("male", "total", 13), ("unknown", "child", Count.fewer_than(5)),
         ("unknown", "unknown", 0)],
        [("total", "total", 15), ("total", "adult", 5), ("male", "total", Count.fewer_than(5)),
         ("male", "unknown", 8), ("unknown", "total", 0)],
    ],
)  # fmt: skip
def test_bounds_of_contradictory_counts_as_published_nest(rows):
    table = victims(rows, ["sex", "age", "value"], area="FR")
    (girls,) = share(
        table, sex="female", age="child", base="all", contradictory="published", by="period"
    )
    assert girls.bounds.within(girls.bounds_with_unknown)


AGES = [("total", "child", 1), ("total", "adult", 0)]


@pytest.mark.parametrize(
    ("rows", "reading", "query", "value"),
    [
        # In each reading, the only number of victims that agrees with the ages is 2.
        ([("total", "total", 0), *AGES, ("total", "unknown", 1), ("female", "total", 1),
          ("male", "total", 0)], "parts", {"sex": "female"}, (1, 2)),
        ([*AGES, ("total", "unknown", 0), ("unknown", "adult", 2)], "published", {"age": "child"},
         (1, 1)),
        ([("total", "total", Count.fewer_than(5)), ("female", "total", 1), ("male", "total", 1),
          ("unknown", "total", 0)], "leave_out", {"sex": "female"}, (1, 2)),
        ([("total", "total", Count.fewer_than(5)), ("female", "child", 1), ("female", "adult", 0),
          ("female", "unknown", 0), ("male", "total", 1), ("unknown", "total", 0)], "leave_out",
         {"sex": "female", "age": "child"}, (1, 2)),
    ],
)  # fmt: skip
def test_exact_share_is_its_numerator_over_its_denominator(rows, reading, query, value):
    table = victims(rows, ["sex", "age", "value"], area="FR")
    found = share(table, **query, base="all", contradictory=reading)
    assert found.value == Interval.point(Fraction(*value))
    assert (found.numerator, found.denominator) == tuple(map(Interval.point, value))


SLIP = [
    ("total", "total", 1000), ("female", "total", 600), ("male", "total", 403),
    ("female", "child", 100), ("female", "adult", 500), ("male", "child", 3),
    ("male", "adult", 400),
]  # fmt: skip
"""The sexes are 1,003 of 1,000 victims: no completion has these counts."""


@pytest.mark.parametrize("base", ["all", "known"])
@pytest.mark.parametrize("query", [{"sex": "female"}, {"sex": "female", "age": "child"}])
def test_share_next_to_a_small_excess_is_neither_complete_nor_attained(query, base):
    table = victims(SLIP, ["sex", "age", "value"], area="FR")
    found = share(table, **query, base=base)
    assert found.value is not None
    assert (found.complete, found.bounds_attained) == (False, False)
    (note,) = found.warnings.select("CONTRADICTED")
    assert note.severity == "note"
    text, *_ = (str(item.text) for item in found.contradictions)
    assert text.startswith("FR 2020: small excess of the parts over their total (total 1,000, ")


def test_total_next_to_a_small_excess_is_neither_complete_nor_attained():
    table = victims(SLIP, ["sex", "age", "value"], area="FR")
    for query, value in (({}, 1000), ({"sex": "female"}, 600)):
        found = total(table, **query)
        assert found.value == Interval.point(value)
        assert (found.complete, found.bounds_attained) == (False, False)
        assert found.warnings.select("CONTRADICTED")[0].severity == "note"


def test_category_of_a_total_that_does_not_apply_contradicts_it():
    """3 women of no victims in France: the share and the total of both countries are Italy's."""
    france = country("FR", total=Count.not_applicable(), female=3)
    table = victims([*france, *country("IT", total=10, female=4)])
    part = share(table, sex="female", base="all", area="FR+IT")
    women = total(table, sex="female", area="FR+IT")
    assert (part.numerator, part.denominator) == (Interval.point(4), Interval.point(10))
    assert part.bounds == Interval(Fraction(4, 13), Fraction(7, 13))
    assert (women.value, women.bounds) == (Interval.point(4), Interval(4, 7))
    for result in (part, women):
        assert result.expected == {"FR", "IT"}
        assert result.reporters == {"IT"}
        assert "total not applicable, female 3" in result.contradictions[0].text
    # No women at all contradict nothing.
    none = victims(
        [*country("FR", total=Count.not_applicable(), female=0), *country("IT", total=10, female=4)]
    )
    assert share(none, sex="female", base="all", area="FR+IT").expected == {"IT"}
