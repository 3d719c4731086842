"""Questions that once had a wrong answer, with the right one calculated by hand.

Every table is small enough to be added up on paper, and the comment above each answer shows the
sum. Questions about the whole file of UNODC need its workbook and are skipped without it.
"""

import functools
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

import thbstats as thb
from tests.oracle.glotip import QUESTIONS, WORKBOOK, compare_alone, number_of_values, rows_of
from tests.rows import check_rows

needs_workbook = pytest.mark.skipif(not WORKBOOK.exists(), reason="the workbook is not here")

Rows = Iterable[tuple[Any, ...]]


def table(columns: str, rows: Rows, **constants: Any) -> thb.CountTable:
    names = [*columns.split(), "value"]
    constants = {"kind": "victims", "area": "BE", "period": 2020} | constants
    fixed = {name: value for name, value in constants.items() if name not in names}
    return thb.CountTable.from_rows(rows, columns=names, **fixed)


def interval(lower: Any, upper: Any = None) -> thb.Interval:
    """Return "1/2" or "1/2", "3/4" as an interval."""
    return thb.Interval(Fraction(lower), Fraction(lower if upper is None else upper))


def codes(result: thb.Result) -> set[str]:
    return {warning.code for warning in result.warnings}


def answer(result: thb.Result) -> tuple[Any, ...]:
    """Return all parts of an answer that the way of asking must not change."""
    return (
        result.value,
        result.bounds,
        result.bounds_with_unknown,
        result.status.code,
        sorted(codes(result)),
        result.estimand,
        result.base and result.base.label,
        result.numerator,
        result.denominator,
    )


def answers(panel: thb.Panel) -> dict[Any, tuple[Any, ...]]:
    return {name: answer(panel.row(i)) for i, name in enumerate(panel.names)}


@functools.cache
def glotip() -> Any:
    return thb.read(WORKBOOK).data


# A list of periods is added up. ----------------------------------------------------------------

QUARTERS = [
    ("2023-Q1", "child", 10),
    ("2023-Q1", "total", 100),
    ("2023-Q2", "child", 90),
    ("2023-Q2", "total", 100),
]


@pytest.mark.parametrize("order", [1, -1])
def test_share_of_a_list_of_periods_counts_each_of_them(order: int) -> None:
    quarters = table("period age", QUARTERS, area="UK")
    found = thb.share(quarters, age="child", base="all", period=["2023-Q1", "2023-Q2"][::order])
    # 10 + 90 of 100 + 100
    assert (found.value, found.numerator) == (interval("1/2"), thb.Interval.point(100))
    assert found.bounds == interval("1/2")
    assert str(found.period) not in ("2023-Q1", "2023-Q2")


def test_share_of_a_range_of_years_in_a_panel_counts_each_of_them() -> None:
    rows = [
        ("BE", 2020, "child", 1),
        ("BE", 2020, "total", 10),
        ("BE", 2021, "child", 5),
        ("BE", 2021, "total", 10),
        ("FR", 2020, "child", 0),
        ("FR", 2020, "total", 20),
    ]
    years = table("area period age", rows)
    panel = thb.share(years, age="child", base="all", by="area", period=range(2020, 2022))
    # Belgium: 1 + 5 of 10 + 10. France has no counts of 2021, so that it has no value:
    # 0 of 20 or more persons.
    assert panel["BE"].value == interval("3/10")
    france = panel.where(area="FR")
    assert len(france) == 0 or france.row(0).value is None


def test_breakdown_of_a_list_of_periods_counts_each_of_them() -> None:
    quarters = table("period age", QUARTERS, area="UK")
    panel = thb.breakdown(quarters, of="age", base="all", period=["2023-Q1", "2023-Q2"])
    assert panel["child"].value == interval("1/2")
    assert not panel.caption.endswith("2023-Q1")


def test_association_of_a_list_of_periods_counts_each_of_them() -> None:
    cells = [("female", "child"), ("female", "adult"), ("male", "child"), ("male", "adult")]
    first, second = (9, 1, 2, 8), (1, 9, 8, 2)
    rows = [
        (year, *cell, n)
        for year, counts in ((2020, first), (2021, second))
        for cell, n in zip(cells, counts, strict=True)
    ]
    both = table("period sex age", rows)
    added = table("sex age", [(*c, a + b) for c, a, b in zip(cells, first, second, strict=True)])
    found = thb.association(both, rows="sex", columns="age", period=[2020, 2021])
    # 10 in each cell: no association
    expected = thb.association(added, rows="sex", columns="age")
    assert found.cramers_v.value == expected.cramers_v.value == thb.Interval.point(0)


def test_change_of_a_share_since_two_years_counts_both() -> None:
    rows = [
        (year, *cell)
        for year, child, total in ((2020, 1, 10), (2021, 5, 10), (2022, 9, 10))
        for cell in (("child", child), ("total", total))
    ]
    found = thb.change(
        table("period age", rows),
        old=[2020, 2021],
        new=2022,
        share={"age": "child"},
        base="all",
        countries="all",
    )
    # 9 of 10 less 6 of 20
    assert found.value == interval("3/5")


# A category in `by` is part of the name of a number. -------------------------------------------

FORMS_BY_AGE = [
    ("sexual", "total", 100),
    ("sexual", "child", 40),
    ("sexual", "adult", 60),
    ("labour", "total", 50),
    ("labour", "child", 5),
    ("labour", "adult", 45),
    ("total", "total", 150),
    ("total", "child", 45),
    ("total", "adult", 105),
]


def test_by_and_within_give_one_number_one_name_and_one_verdict() -> None:
    forms = table("exploitation age", FORMS_BY_AGE)
    panel = thb.share(forms, age="child", base="all", by="exploitation")
    alone = {
        form: thb.share(forms, age="child", base="all", where={"exploitation": form})
        for form in ("sexual", "labour")
    }
    for form, number in alone.items():
        assert answer(panel[form]) == answer(number)
        # A number is comparable with itself, whatever else is undocumented.
        assert thb.compare(panel[form], number).verdict.label != "not comparable"
        assert "sexual" in number.estimand or form != "sexual"
    by_rows = thb.compare(panel["sexual"], panel["labour"])
    by_within = thb.compare(alone["sexual"], alone["labour"])
    assert by_rows.verdict == by_within.verdict
    assert by_rows.verdict.label == "not comparable"
    assert "sexual exploitation" in panel["sexual"].footnote()
    assert "sexual exploitation" in alone["sexual"].footnote()


def test_dominance_names_the_form_of_its_row() -> None:
    rows = [
        (area, form, age, n * k)
        for area, k in (("RO", 90), ("BE", 10))
        for form, age, n in (
            ("sexual", "total", 10),
            ("sexual", "child", 4),
            ("total", "total", 20),
            ("total", "child", 5),
        )
    ]
    found = thb.share(
        table("area exploitation age", rows), age="child", base="all", by="exploitation"
    )["sexual"]
    texts = [warning.message for warning in found.warnings if warning.code == "DOMINANCE"]
    assert len(texts) == 1
    assert "sexual" in texts[0]


# An argument and `where` give one answer. ------------------------------------------------------


def test_a_group_of_citizenships_elsewhere_does_not_change_the_rows_of_france() -> None:
    citizenships = table(
        "area citizenship",
        [
            ("FR", "total", 100),
            ("FR", "RO", 60),
            ("FR", "BG", 30),
            ("BE", "total", 10),
            ("BE", "reporting_country", 5),
        ],
    )
    named = thb.total(citizenships, by="citizenship", area="FR")
    selected = thb.total(citizenships.where(area="FR"), by="citizenship")
    assert {named[name].value for name in ("RO", "BG")} == {interval(60), interval(30)}
    assert answers(named) == answers(selected)
    assert list(named.names) == list(selected.names)
    by_area = thb.total(citizenships, by=["area", "citizenship"], area=["FR"])
    assert len(by_area) == len(named)
    shares = thb.breakdown(citizenships, of="citizenship", base="all", area="FR")
    assert shares["RO"].value == interval("3/5")
    assert shares["BG"].value == interval("3/10")


@needs_workbook
def test_citizenships_of_two_countries_are_those_of_the_countries_alone() -> None:
    victims = glotip().victims
    areas = ["FR", "NL"]
    named = thb.total(victims, by=["area", "citizenship"], area=areas, period=2022)
    selected = thb.total(
        victims.where(area=areas, period=2022), by=["area", "citizenship"], area=areas, period=2022
    )
    pd.testing.assert_frame_equal(named.to_frame(), selected.to_frame())
    assert len(named) > 150


# What follows from the rows is reported. -------------------------------------------------------

SPAIN_2019 = [
    # The rows of sexual exploitation and of all, UNODC GLOTIP of 14 April 2025
    ("female", "child", "sexual", 5),
    ("female", "adult", "sexual", 277),
    ("male", "child", "sexual", thb.Count.fewer_than(5)),
    ("male", "adult", "sexual", 12),
    ("total", "child", "sexual", 5),
    ("total", "adult", "sexual", 289),
    ("total", "total", "sexual", 294),
    ("female", "child", "total", 17),
    ("female", "adult", "total", 356),
    ("male", "child", "total", 7),
    ("male", "adult", "total", 143),
    ("total", "child", "total", 24),
    ("total", "adult", "total", 499),
    ("total", "total", "total", 523),
]


def test_girls_and_women_are_all_women_of_a_form() -> None:
    spain = table("sex age exploitation", SPAIN_2019, area="ES", period=2019)
    question = {"sex": "female", "base": "all", "where": {"exploitation": "sexual"}}
    found = thb.share(spain, **question)
    # 5 girls of 5 children and 277 women of 289 = 277 + 12 adults; children and adults are
    # all 294, so that nobody has an unknown age: 282 of 294
    assert found.value == interval("282/294")
    assert found.bounds == found.bounds_with_unknown == interval("282/294")
    assert (found.numerator, found.denominator) == (interval(282), interval(294))
    assert "COVERAGE" not in codes(found)
    count = thb.total(spain, sex="female", exploitation="sexual")
    assert count.value == count.bounds == interval(282)


@needs_workbook
def test_women_of_a_form_of_spain_have_a_value_in_the_file() -> None:
    victims = glotip().victims
    found = thb.share(
        victims,
        sex="female",
        base="all",
        where={"exploitation": "sexual"},
        area="ES",
        period=2019,
    )
    assert found.value == interval("282/294")


def test_a_form_of_which_only_age_groups_are_published_is_their_sum() -> None:
    rows = [("child", 1000), ("adult", 200), ("unknown", 30)]
    victims = table(
        "age exploitation", [*((age, "sexual", n) for age, n in rows), ("total", "total", 1500)]
    )
    found = thb.total(victims, exploitation="sexual")
    # 1,000 + 200 + 30: children, adults and persons of unknown age are everybody
    assert found.value == found.bounds == interval(1230)
    share = thb.share(victims, exploitation="sexual", base="all")
    assert share.value == interval("1230/1500")


# A sub-form next to its parent. ----------------------------------------------------------------

INDIA = [
    ("sexual", 500),
    ("labour", 300),
    ("domestic_servitude", 100),
    ("other", 100),
    ("total", 1000),
]


@pytest.mark.parametrize("base", ["all", "known"])
def test_a_sub_form_that_only_adds_up_next_to_its_parent_is_a_sibling(base: str) -> None:
    frame = pd.DataFrame(
        [("IN", 2016, form, n) for form, n in INDIA],
        columns=["area", "period", "exploitation", "value"],
    )
    panel = thb.breakdown(thb.read(frame, kind="victims").table, of="exploitation", base=base)
    # 500 + 300 + 100 + 100 = 1,000: nobody is of unknown or of another form
    assert len(panel) == len(INDIA) - 1
    for form, n in INDIA[:-1]:
        row = panel[form]
        assert row.value == row.bounds == row.bounds_with_unknown == interval(Fraction(n, 1000))
        assert row.unknown in (None, interval(0))
        assert "UNKNOWN" not in codes(row)


def test_persons_of_citizenships_that_are_not_listed_are_not_of_unknown_citizenship() -> None:
    france = table("citizenship", [("total", 100), ("RO", 60), ("BG", 30)], area="FR")
    shares = thb.share(france, citizenship="RO", base="known", by="period").row(0)
    # 10 persons are not listed or unknown: 60 of 90 to 100 persons of known citizenship
    assert shares.bounds == interval("60/100", "60/90")
    assert shares.value is None or shares.value == shares.bounds
    everybody = thb.share(france, citizenship="RO", base="all")
    assert everybody.value == interval("3/5")
    assert "UNKNOWN" not in codes(everybody)


# A row of another country makes no bound worthless. --------------------------------------------

IBERIA = [
    ("ES", "total", 1000),
    ("ES", "female", 700),
    ("ES", "male", 300),
    ("PT", "total", 62),
    ("PT", "female", 29),
    ("PT", "male", 41),
]


def test_a_zero_of_one_country_leaves_the_bounds_of_the_union() -> None:
    question = {"sex": "female", "base": "all"}
    plain = thb.share(table("area sex", IBERIA), **question)
    zero = thb.share(table("area sex", [*IBERIA, ("ES", "other", 0)]), **question)
    for found in (plain, zero):
        # Portugal's 29 women and 41 men are more than its 62: Spain alone is the value.
        assert (found.value, found.reporters) == (interval("7/10"), frozenset({"ES"}))
        # The bounds contain both readings of Portugal, 29 of 62 and 29 of 70, and at most 0 to
        # 29 women of 62 to 70.
        assert found.bounds.lower <= Fraction(729, 1070)
        assert found.bounds.upper == Fraction(729, 1062)
        assert found.bounds.lower >= Fraction(700, 1070)
    assert plain.bounds == zero.bounds
    assert plain.bounds_with_unknown == zero.bounds_with_unknown


def test_a_published_total_of_the_union_bounds_its_share() -> None:
    union = table(
        "area sex", [("EU27_2020", "total", 1000), ("BE", "total", 100), ("BE", "female", 40)]
    )
    found = thb.share(union, sex="female", base="all", area="EU27_2020")
    # 60 persons of Belgium are not women: 40 to 940 of 1,000
    assert found.bounds == interval("40/1000", "940/1000")
    panel = thb.share(union, sex="female", base="all", by="area", area=["EU27_2020"])
    assert len(panel) >= 1


@needs_workbook
def test_women_of_the_union_have_narrow_bounds() -> None:
    by_sex = glotip().victims.where(age="total", exploitation="total", citizenship="total")
    found = thb.share(by_sex, sex="female", base="all", area="EU27_2020", period=2018)
    # Portugal has 0 to 29 of 62 to 70. The rows by age, form and citizenship contradict the totals
    # of four further countries.
    assert round(found.bounds.lower, 3) >= Fraction("0.684")
    assert round(found.bounds.upper, 3) <= Fraction("0.690")


# Contradictory counts are not in the value. ----------------------------------------------------


def test_convictions_below_those_of_a_form_leave_the_ratio() -> None:
    justice = table(
        "area stage exploitation",
        [
            ("RO", "convicted", "total", 100),
            ("RO", "convicted", "sexual", 150),
            ("RO", "prosecuted", "total", 200),
        ],
        kind="justice",
        unit="persons",
    )
    found = thb.conviction_to_prosecution(justice, by="area").row(0)
    # 100 or 150 of 200
    assert found.value is None
    assert found.status.code == "contradictory"
    assert not found.reporters
    assert "CONTRADICTED" in codes(found)
    assert found.bounds == interval("1/2", "3/4")


def test_a_contradictory_country_leaves_a_pooled_total_and_its_reporters() -> None:
    rows = [
        ("DE", "total", thb.Count.fewer_than(5)),
        ("DE", "female", 746),
        ("DE", "male", 541),
        ("FR", "total", 2027),
        ("FR", "female", 1300),
        ("FR", "male", 727),
    ]
    found = thb.total(table("area sex", rows, period=2022), area=["DE", "FR"])
    # 746 + 541 = 1,287 is not "<5".
    assert (found.value, found.reporters) == (interval(2027), frozenset({"FR"}))
    assert "CONTRADICTED" in codes(found)
    # 0 to 1,287 of Germany
    assert found.bounds == interval(2027, 2027 + 1287)
    share = thb.share(table("area sex", rows, period=2022), sex="female", base="all")
    assert share.value == interval("1300/2027")
    # The footnote names Germany as a country outside the value.
    sentences = [line for line in found.footnote().splitlines() if "Reporting countries" in line]
    assert sentences
    assert not any(
        "DE" in line.split("Reporting countries:")[1].split(";")[0].split(".")[0]
        for line in sentences
    )


def test_a_reading_of_contradictory_counts_is_part_of_the_estimand() -> None:
    germany = table("sex", [("total", 10), ("female", 8), ("male", 4), ("unknown", 0)], area="DE")
    parts = thb.share(germany, sex="female", base="all", contradictory="parts")
    published = thb.share(germany, sex="female", base="all", contradictory="published")
    # 8 of 8 + 4, and 8 of the published 10
    assert parts.value == interval("8/12")
    assert published.value == interval("8/10")
    assert parts.estimand != published.estimand
    left_out = thb.share(germany, sex="female", base="all", by="area").row(0)
    assert left_out.value is None
    assert left_out.status.code == "contradictory"


@needs_workbook
def test_no_country_with_contradictory_counts_reports_a_value_in_the_file() -> None:
    panel = thb.share(glotip().victims, sex="female", base="all", by=["area", "period"])
    status = [panel.row(i).status.code for i in range(len(panel))]
    contradictory = [i for i, code in enumerate(status) if code == "contradictory"]
    assert contradictory
    for i in contradictory:
        row = panel.row(i)
        assert row.value is None
        assert not row.reporters


@needs_workbook
def test_copied_rows_stretch_no_bounds() -> None:
    found = thb.conviction_to_prosecution(glotip().justice, by="area", period=2022)["RO"]
    # 164 convicted, 277 prosecuted. The 338 convicted persons of sexual exploitation are a copy
    # of the victims of this form, and more than all convicted persons. By sex and age 310 are
    # prosecuted at most (44 + 220 adults and 46 children). 166 of the convicted are Romanians,
    # and 0 to 4 Italians.
    assert Fraction(164, 310) <= found.bounds.lower
    assert found.bounds.upper <= Fraction(170, 277)


# One question has one headline number. ---------------------------------------------------------


def test_breakdown_covers_the_countries_that_share_covers() -> None:
    rows = [
        ("BE", "total", 100),
        ("BE", "female", 60),
        ("BE", "male", 40),
        ("FR", "total", 200),
        ("FR", "female", 90),
        ("FR", "male", 100),
        ("FR", "other", 10),
    ]
    sexes = table("area sex", rows)
    for base in ("all", "known"):
        one = thb.share(sexes, sex="female", base=base)
        row = thb.breakdown(sexes, of="sex", base=base)["female"]
        # 60 + 90 of 100 + 200, nobody of unknown sex
        assert one.value == row.value == interval("150/300")
        assert one.reporters == row.reporters == frozenset({"BE", "FR"})


@needs_workbook
@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_share_and_breakdown_of_the_union_agree(year: int) -> None:
    victims = glotip().victims
    place = {"area": "EU27_2020", "period": year}
    for base in ("all", "known"):
        one = thb.share(victims, sex="female", base=base, **place)
        row = thb.breakdown(victims, of="sex", base=base, **place)["female"]
        assert (one.value, one.reporters) == (row.value, row.reporters)
        assert (one.bounds, one.bounds_with_unknown) == (row.bounds, row.bounds_with_unknown)


# Ranks. ----------------------------------------------------------------------------------------

CITIZENSHIPS = [
    ("BE", "total", 100),
    ("BE", "RO", 60),
    ("BE", "BG", 20),
    ("BE", "NG", 10),
    ("FR", "VN", 3),
    ("FR", "total", 3),
]


def test_ranks_respect_the_total_that_is_left() -> None:
    citizenships = table("area citizenship", CITIZENSHIPS)
    found = thb.ranking(citizenships, by="citizenship", area="BE")
    ranks = dict(zip(found.labels, map(str, found.ranks), strict=True))
    # 60 and 20 cannot be reached: 10 persons have a citizenship that is not listed.
    assert ranks["RO"] == "1"
    assert ranks["BG"] == "2"
    assert ranks["NG"] in ("3", "3 to 4")
    upper = dict(zip(found.labels, [row.bounds.upper for row in found], strict=True))
    assert upper.get("VN", 0) <= 10
    selected = thb.ranking(citizenships.where(area="BE"), by="citizenship")
    assert (found.labels, found.ranks) == (selected.labels, selected.ranks)


def test_ranks_are_those_that_their_bounds_allow() -> None:
    found = thb.ranking(table("area citizenship", CITIZENSHIPS), by="citizenship")
    ranks = dict(zip(found.labels, map(str, found.ranks), strict=True))
    bounds = dict(zip(found.labels, [row.bounds for row in found], strict=True))
    # France has 3 of 3. Belgium has 10 more persons than its list: 3 to 13 of VN, 10 to 20 of NG.
    assert bounds["VN"] == interval(3, 13)
    assert ranks["RO"] == "1"
    assert ranks["VN"] == "3 to 4"


@needs_workbook
def test_france_is_first_among_the_citizenships_of_france() -> None:
    found = thb.ranking(glotip().victims, by="citizenship", area="FR", period=2022)
    ranks = dict(
        zip(
            [dict(row.category)["citizenship"] for row in found], map(str, found.ranks), strict=True
        )
    )
    # 900 of 2,027; the next has 74, and fewer than 900 - 74 persons are not listed
    assert ranks["FR"] == "1"


# Smaller ones. ---------------------------------------------------------------------------------


def test_contributions_to_a_change_are_at_most_one() -> None:
    few = thb.Count.fewer_than(5)
    rows = [
        (area, year, sex, n)
        for area, year, female, total in (
            ("BE", 2020, 3, 10),
            ("BE", 2021, few, 6),
            ("FR", 2020, few, 12),
            ("FR", 2021, 9, 10),
            ("DE", 2020, thb.Count.not_reported(), 8),
            ("DE", 2021, 1, thb.Count.not_reported()),
        )
        for sex, n in (("female", female), ("total", total))
    ]
    found = thb.decompose(
        table("area period sex", rows), old=2020, new=2021, base="all", sex="female"
    )
    for row in found:
        for bounds in (row.bounds, row.bounds_with_unknown):
            assert bounds is not None
            assert bounds.lower >= -1
            assert bounds.upper <= 1
    for bounds in (found.change.bounds, found.change.bounds_with_unknown):
        assert bounds is not None
        assert -1 <= bounds.lower <= bounds.upper <= 1


def test_the_title_of_contributions_names_the_new_period_once() -> None:
    rows = [
        (area, year, sex, n)
        for area in ("BE", "FR")
        for year in (2019, 2022)
        for sex, n in (("female", 4), ("male", 6), ("total", 10))
    ]
    found = thb.decompose(
        table("area period sex", rows), old=2019, new=2022, base="all", sex="female"
    )
    assert found.display_table().caption.count("2022") == 1


@needs_workbook
def test_contributions_of_the_file_are_at_most_one() -> None:
    found = thb.decompose(
        glotip().victims, old=2019, new=2022, base="all", sex="female", area="EU27_2020"
    )
    for row in found:
        assert -1 <= row.bounds_with_unknown.lower <= row.bounds_with_unknown.upper <= 1


def test_a_row_of_another_country_does_not_break_an_association() -> None:
    cells = [
        ("female", "child", 3),
        ("female", "adult", 9),
        ("male", "child", 5),
        ("male", "adult", 4),
    ]
    rows = [("FR", *cell) for cell in cells] + [("BE", "other", "unknown", 1)]
    both = table("area sex age", rows, period=2022)
    question = {"rows": "sex", "columns": "age"}
    found = thb.association(both, area="FR", period=2022, **question)
    alone = thb.association(both.where(area="FR"), **question)
    assert answer(found.cramers_v) == answer(alone.cramers_v)
    assert answers(found) == answers(alone)


@needs_workbook
def test_association_of_the_file_is_that_of_the_selection() -> None:
    victims = glotip().victims
    question = {"rows": "sex", "columns": "age", "area": "FR", "period": 2022}
    found = thb.association(victims, **question)
    alone = thb.association(victims.where(area="FR", period=2022), **question)
    assert found.cramers_v.value == alone.cramers_v.value
    assert found.cramers_v.bounds == alone.cramers_v.bounds


def test_leaving_a_member_out_of_a_published_aggregate_subtracts_it() -> None:
    rows = [
        ("EU27_2020", "total", 1000),
        ("EU27_2020", "female", 600),
        ("BE", "total", 100),
        ("BE", "female", 40),
        ("FR", "total", 300),
        ("FR", "female", 200),
    ]
    union = thb.share(table("area sex", rows), sex="female", base="all", area="EU27_2020")
    assert union.value == interval("600/1000")
    found = thb.leave_out(union)
    # 600 - 40 of 1,000 - 100, and 600 - 200 of 1,000 - 300
    assert found["BE"].value == interval("560/900")
    assert found["FR"].value == interval("400/700")


def test_shares_by_age_show_persons_of_unknown_age() -> None:
    rows = [
        (sex, age, n)
        for sex, counts in (("female", (20, 50, 30)), ("total", (40, 90, 70)))
        for age, n in zip(("child", "adult", "unknown"), counts, strict=True)
    ]
    panel = thb.share(table("sex age", rows), sex="female", base="all", by="age")
    names = {name[0] if isinstance(name, tuple) else name for name in panel.names}
    assert names == {"child", "adult", "unknown"}
    # 30 of 70
    assert panel["unknown"].value == interval("3/7")


# Members and their aggregate. ------------------------------------------------------------------


def test_members_above_their_aggregate_are_contradictory() -> None:
    def check(rows: Rows, area: str, lower: int, upper: int) -> None:
        counts = table("area", rows)
        found = thb.total(counts, area=area, by="period").row(0)
        assert found.value is None
        assert found.status.code == "contradictory"
        assert "CONTRADICTED" in codes(found)
        assert found.bounds.lower <= lower
        # With other members that have no counts, the reading of the parts has no limit.
        assert found.bounds.upper is None or found.bounds.upper >= upper

    check_rows(
        check,
        [
            ([("BE", 110), ("EU27_2020", 100)], "EU27_2020", 100, 110),
            ([("BE", 60), ("FR", 70), ("BE+FR", 100)], "BE+FR", 100, 130),
            ([("EU27_2020", 350), ("BE", 100), ("FR", 300)], "EU27_2020", 350, 400),
        ],
    )


def test_a_share_and_a_change_of_an_aggregate_below_its_members_have_no_value() -> None:
    rows = [
        (year, area, sex, n)
        for year in (2019, 2020)
        for area, female, total in (("BE", 30, 60), ("FR", 40, 70), ("BE+FR", 60, 100))
        for sex, n in (("female", female), ("total", total))
    ]
    counts = table("period area sex", rows)
    share = thb.share(counts, sex="female", base="all", area="BE+FR", by="period").row(0)
    assert share.value is None
    assert "CONTRADICTED" in codes(share)
    # 60 or 70 of 100 or 130
    assert share.bounds.contains(Fraction(60, 100))
    assert share.bounds.contains(Fraction(70, 130))
    change = thb.change(counts, old=2019, new=2020, area="BE+FR", sex="total")
    assert all(change.row(i).value is None for i in range(len(change)))


def test_members_within_their_aggregate_are_not_contradictory() -> None:
    found = thb.total(table("area", [("BE", 60), ("FR", 40), ("BE+FR", 100)]), area="BE+FR")
    assert found.value == found.bounds == interval(100)
    assert "CONTRADICTED" not in codes(found)


# Rows of another country, two dimensions. ------------------------------------------------------

FRANCE = [("FR", "total", "total", 10), ("FR", "female", "sexual", 3), ("FR", "male", "sexual", 1)]
GERMANY = [
    ("DE", "total", "total", 5),
    ("DE", "female", "sexual", 1),
    ("DE", "male", "sexual", 1),
    ("DE", "female", "unknown", 3),
]


@pytest.mark.parametrize("other", [[], GERMANY, [("FR", "total", "unknown", 2)]])
def test_unknown_cells_elsewhere_do_not_narrow_an_interval(other: Rows) -> None:
    counts = table("area sex exploitation", [*FRANCE, *other], status="detected")
    found = thb.share(
        counts, sex="female", exploitation="sexual", base="all", by=["area", "period"]
    )["FR", 2020]
    # 6 of 10 persons can have an unknown sex and form, or an unknown sex and this form
    assert found.bounds == interval("3/10")
    assert found.bounds_with_unknown == interval("3/10", "9/10")


@needs_workbook
def test_girls_of_albania_are_the_same_alone_and_in_the_file() -> None:
    victims = glotip().victims
    question = {"sex": "female", "age": "child", "base": "all"}
    panel = thb.share(victims, **question, by=["area", "period"])
    alone = thb.share(victims.where(area="AL", period=2009), **question, by=["area", "period"])[
        "AL", 2009
    ]
    found = panel["AL", 2009]
    assert answer(found) == answer(alone)
    # 17 girls and 5 boys are all 22 children of 94: the 72 adults of unknown sex are not girls.
    assert found.value == found.bounds == interval("17/94")
    assert found.bounds_with_unknown == interval("17/94")


@needs_workbook
def test_girls_of_each_country_are_the_same_alone_and_in_the_file() -> None:
    victims = glotip().victims
    question = QUESTIONS["girls of all"]
    together = rows_of(thb.share(victims, base="all", by=["area", "period"], **question))
    same, different, _ = compare_alone(victims, together)
    # 1,267 country-years had a number before; more follow from the rows.
    assert same >= 1267
    assert not any(row["status"] == "ok" and row["value"] == "None" for row in together.values())
    assert different == []


@needs_workbook
def test_women_of_a_form_have_the_values_that_follow_from_the_file() -> None:
    question = QUESTIONS["women and girls of sexual exploitation"]
    panel = thb.share(glotip().victims, base="all", by=["area", "period"], **question)
    values, bounded = number_of_values(rows_of(panel))
    # Integer programs determine 353 country-years, and bound 629 with these.
    assert values >= 353
    assert values + bounded >= 629


# Categories that have only a margin. -----------------------------------------------------------


def sexes_by_form(rows: Rows) -> thb.CountTable:
    return table("sex exploitation", rows, status="detected")


def test_margins_alone_are_part_of_the_denominator() -> None:
    margins = sexes_by_form(
        [
            ("total", "total", 10),
            ("female", "total", 6),
            ("male", "total", 4),
            ("total", "sexual", 4),
            ("total", "labour", 6),
            ("female", "sexual", 3),
            ("male", "sexual", 1),
        ]
    )
    found = thb.share(margins, sex="female", exploitation="sexual", base="known")
    # Sex and form of all ten are published: 3 of 10.
    assert (found.value, found.denominator) == (interval("3/10"), interval(10))
    assert found.bounds == found.bounds_with_unknown == interval("3/10")
    assert found.complete
    assert found.unknown in (None, interval(0))
    assert "UNKNOWN" not in codes(found)
    panel = thb.breakdown(margins, of=["sex", "exploitation"], base="known")
    cells = {
        ("female", "sexual"): "3/10",
        ("male", "sexual"): "1/10",
        ("female", "labour"): "3/10",
        ("male", "labour"): "3/10",
    }
    for cell, share in cells.items():
        # 6 women less 3, 4 men less 1
        assert panel[cell].value == interval(share)


def test_a_margin_without_cells_bounds_the_denominator() -> None:
    men = sexes_by_form(
        [
            ("male", "total", 3),
            ("female", "sexual", 5),
            ("female", "labour", 0),
            ("female", "unknown", 3),
        ]
    )
    found = thb.share(men, sex="female", exploitation="sexual", base="all", by="period").row(0)
    # 5 of at least 5 + 3 + 3; nothing bounds the total above
    assert found.value is None
    assert found.bounds.upper == Fraction(5, 11)
    assert found.bounds.lower == 0
    assert not found.complete
    assert not found.bounds_attained


def test_a_cell_that_is_not_reported_is_not_a_point() -> None:
    cells = sexes_by_form(
        [
            ("total", "total", 10),
            ("female", "sexual", thb.Count.not_reported()),
            ("male", "sexual", 4),
            ("unknown", "sexual", 1),
        ]
    )
    found = thb.share(cells, sex="female", exploitation="sexual", base="all", by="period").row(0)
    # 4 + 1 of 10 are not in the cell: 0 to 5 of 10, and with one person of unknown sex 6
    assert found.value is None
    assert found.bounds == interval(0, "1/2")
    assert found.bounds_with_unknown == interval(0, "6/10")


def test_a_parent_bounds_its_children() -> None:
    sectors = table(
        "exploitation",
        [
            ("total", 10),
            ("labour", 5),
            ("construction", 4),
            ("agriculture", thb.Count.not_reported()),
        ],
    )
    found = thb.share(sectors, exploitation="agriculture", base="all", by="period").row(0)
    # 5 - 4 = 1 at most
    assert found.bounds == interval(0, "1/10")


# Case files: "no" to every form is an answer. --------------------------------------------------


@pytest.mark.parametrize("persons", [[(1, 0), (0, 0)], [(1, 1), (0, 0)]])
def test_a_person_with_no_to_every_form_is_known(persons: Any) -> None:
    cases = pd.DataFrame(persons, columns=["sexual", "labour"])
    counts = thb.count_cases(
        cases,
        by="exploitation",
        multi={"exploitation": {"sexual": "sexual", "labour": "labour"}},
        area="MT",
        period=2020,
    )
    known = thb.share(counts, exploitation="sexual", base="known")
    # One of two persons; both answered both questions.
    assert (known.value, known.denominator) == (interval("1/2"), interval(2))
    assert known.bounds == known.bounds_with_unknown == interval("1/2")
    assert "UNKNOWN" not in codes(known)
    everybody = thb.share(counts, exploitation="sexual", base="all")
    assert everybody.value == everybody.bounds_with_unknown == interval("1/2")


def test_a_blank_answer_is_not_known() -> None:
    cases = pd.DataFrame([(1, 0), (0, 0), (None, 0)], columns=["sexual", "labour"])
    counts = thb.count_cases(
        cases,
        by="exploitation",
        multi={"exploitation": {"sexual": "sexual", "labour": "labour"}},
        missing=[None],
        area="MT",
        period=2020,
    )
    known = thb.share(counts, exploitation="sexual", base="known", by="period").row(0)
    # The third person may be a victim of it: 1 of the 2 others, and 1 to 2 of 3
    assert known.bounds == interval("1/2")
    assert known.bounds_with_unknown == interval("1/3", "2/3")


# A contradiction is seen in the rows of its own country and period. ----------------------------


def test_rows_of_another_country_hide_no_contradiction() -> None:
    france = [("FR", "total", 2), ("FR", "construction", 20)]
    germany = [("DE", "total", 9), ("DE", "labour", 5)]
    for rows in (france, france + germany):
        found = thb.total(table("area exploitation", rows), by="area")["FR"]
        # 20 of a form in 2 persons
        assert found.value is None
        assert found.status.code == "contradictory"
        assert "CONTRADICTED" in codes(found)
        assert found.bounds == interval(2, 20)


def test_more_persons_of_unknown_form_than_persons_are_contradictory() -> None:
    odd = [("FR", "total", 8), ("FR", "unknown", 40)]
    for rows in (odd, [*odd, ("DE", "total", 9), ("DE", "labour", 5)]):
        found = thb.total(table("area exploitation", rows), by="area")["FR"]
        assert found.value is None
        assert "CONTRADICTED" in codes(found)
        assert found.bounds == interval(8, 40)


# Listed is not exhaustive. ---------------------------------------------------------------------


def test_persons_without_a_listed_form_are_not_of_unknown_form() -> None:
    forms = table("exploitation", [("total", 130), ("sexual", 30), ("labour", 50)])
    found = thb.share(forms, exploitation="sexual", base="known", by="period").row(0)
    # 50 persons are not listed or unknown: 30 of 80 to 130
    assert found.value is None or found.value == found.bounds
    assert found.bounds == interval("30/130", "30/80")
    assert not any("38.5% of persons have an unknown form" in w.message for w in found.warnings)
    listed = thb.share(
        forms, exploitation="sexual", base="known", complete_dimensions=("exploitation",)
    )
    # With every form listed, the 50 are of unknown form: 30 of 80, and 30 to 80 of 130.
    assert listed.value == listed.bounds == interval("3/8")
    assert listed.bounds_with_unknown == interval("30/130", "80/130")


def test_a_form_next_to_its_children_is_their_sibling_if_only_this_adds_up() -> None:
    rows = [
        ("total", 16466),
        ("labour", 12000),
        ("other", 3824),
        ("forced_marriage", 400),
        ("forced_begging", 242),
    ]
    forms = table("exploitation", rows)
    for base in ("all", "known"):
        found = thb.share(forms, exploitation="other", base=base)
        # 12,000 + 3,824 + 400 + 242 = 16,466
        assert (found.value, found.denominator) == (interval("3824/16466"), interval(16466))
        assert found.bounds == found.bounds_with_unknown == interval("3824/16466")
        assert found.unknown in (None, interval(0))


@pytest.mark.parametrize(("base", "whole"), [("all", 120), ("known", 100)])
def test_two_sectors_are_not_all_of_labour(base: str, whole: int) -> None:
    rows = [
        ("total", 120),
        ("construction", 20),
        ("agriculture", 10),
        ("unknown", 20),
        ("sexual", thb.Count.not_reported()),
    ]
    found = thb.share(
        table("exploitation", rows), exploitation="sexual", base=base, by="period"
    ).row(0)
    # 120 - 20 - 10 - 20 = 70 persons are of this form or of one that is not listed
    assert found.value is None
    assert found.bounds == interval(0, Fraction(70, whole))
    assert found.bounds_with_unknown == interval(0, "90/120")


# Ages above the total. -------------------------------------------------------------------------


@needs_workbook
def test_ages_above_the_total_are_contradictory_in_a_joint_share() -> None:
    found = thb.share(
        glotip().victims,
        sex="female",
        age="child",
        base="all",
        by=["area", "period"],
    )["CR", 2021]
    # 35 persons of known age, 21 in all
    assert "CONTRADICTED" in codes(found)
    assert found.value is None
