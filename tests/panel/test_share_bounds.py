"""Parts and complements of one and of several dimensions."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import thbstats as thb
from thbstats.cases import count_cases
from thbstats.errors import InvalidValue
from thbstats.indicators._shared import question_of
from thbstats.panel.share_panels import Shares
from thbstats.records import schema_of
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


def cases_of(rows, columns, *by):
    """Return counted cases; a blank answer is no answer."""
    names = columns[1:]
    return count_cases(
        pd.DataFrame(rows, columns=columns, dtype=object), by, missing=[None],
        multi={"exploitation": dict(zip(names, names, strict=True))}, kind="victims", area="MT",
        period=2020,
    )  # fmt: skip


@pytest.mark.parametrize("base", ["all", "known"])
def test_cases_without_an_answer_are_undecided_in_questions_of_one_and_two_dimensions(base):
    # The first woman has no answer for forced labour, and the second one has a "no".
    rows = [("female", 1, None), ("female", 1, 0)]
    counts = cases_of(rows, ["sex", "sexual", "labour"], "sex", "exploitation")
    for query in (
        {"exploitation": "labour"},
        {"exploitation": "labour", "where": {"sex": "female"}},
        {"exploitation": "labour", "sex": "female"},
    ):
        share = thb.share(counts, base=base, **query)
        assert (share.value, share.unknown) == (Interval.point(0), Interval.point(1))
        assert share.denominator == Interval.point(2 if base == "all" else 1)
        assert share.bounds_with_unknown == Interval(0, Fraction(1, 2))


def test_case_without_a_form_does_not_separate_sub_forms_from_their_form():
    columns = ["sex", "sexual", "prostitution", "organ_removal"]
    rows = [("female", 1, 0, 0), ("female", 0, 0, 1)]
    for cases in (rows, [*rows, ("female", 0, 0, 0)]):
        share = thb.share(cases_of(cases, columns, "exploitation"), exploitation="sexual",
                          base="responses")  # fmt: skip
        assert (share.value, share.denominator) == (
            Interval.point(Fraction(1, 2)),
            Interval.point(2),
        )
    rows = [("female", 1, 1), ("female", 0, 0)]
    share = thb.share(cases_of(rows, columns[:3], "exploitation"), exploitation="sexual",
                      base="responses")  # fmt: skip
    assert (share.numerator, share.denominator) == (Interval.point(1), Interval.point(1))


def solved(counts, base, *names, **category):
    """Return the bounds of shares of one category, or of all categories of `names`."""
    scope = {"by": None, "area": None, "period": None, "complete_dimensions": None}
    question = question_of(
        counts, category, {}, base=base, names=names, contradictory="leave_out", **scope
    )
    return Shares(question).solved


def ends(bounds, place=(0, 0)):
    low, high = np.broadcast_arrays(bounds.low, bounds.high)
    return float(low[place]), float(high[place])


def test_overlap_and_excess_of_parts_are_those_of_the_documented_example():
    examples = [
        ((600, 300, 100), (False, False, False, 0)),
        ((600, 403, 0), (False, False, True, 3)),
        ((600, 700, 0), (True, False, False, 0)),
        ((1200, 300, 0), (False, True, False, 0)),
    ]
    for (sexual, labour, unknown), judgement in examples:
        rows = [("total", 1000), ("sexual", sexual), ("labour", labour), ("unknown", unknown)]
        parts = solved(table(rows, "exploitation"), "all", exploitation="sexual").sum_of_parts
        columns = parts.overlaps, parts.exceeded, parts.discrepant, parts.excess
        assert tuple(column[0] for column in columns) == judgement
    sexes = table([("total", 1000), ("female", 600), ("male", 700)], "sex")
    assert solved(sexes, "all", sex="female").sum_of_parts.exceeded[0]


def test_unknown_persons_are_those_of_the_documented_example():
    few = thb.Count.fewer_than(5)
    examples = [
        ([("male", 30), ("unknown", 10)], (10, 10), (0, 0)),
        ([("male", 30)], (10, 10), (0, 0)),
        ([("male", 30), ("unknown", few)], (10, 10), (6, 10)),
        ([], (0, 40), (-40, 40)),
    ]
    for further, persons, discrepancy in examples:
        rows = [("total", 100), ("female", 60), *further]
        unknown = solved(table(rows, "sex"), "known", sex="female").unknown
        assert ends(unknown.persons) == persons
        assert ends(unknown.discrepancy, 0) == discrepancy


def test_both_readings_are_those_of_the_documented_example():
    rows = [("total", 10), ("female", 8), ("male", 5), ("unknown", 1)]
    persons = solved(table(rows, "sex"), "all", sex="female").in_both_readings
    assert ends(persons.total, 0) == (10, 14)
    assert ends(persons.part) == (0, 8)
    assert ends(persons.others) == (0, 5)
    assert ends(persons.unknown) == (0, 1)
    assert ends(persons.outside) == (0, 10)


def test_persons_outside_of_girls_are_those_of_the_documented_example():
    cells = [
        ("female", "child", 2), ("female", "adult", 3), ("female", "unknown", 1),
        ("male", "child", 4), ("male", "adult", 5), ("male", "unknown", 0),
        ("unknown", "child", 1), ("unknown", "adult", 0), ("unknown", "unknown", 0),
        ("total", "total", 16),
    ]  # fmt: skip
    girls = solved(table(cells, "sex", "age"), "known", sex="female", age="child")
    known, every = girls.outside
    assert (ends(known), ends(every)) == ((12, 12), (14, 14))
    assert ends(girls.undecided[0]) == (2, 2)
    assert ends(girls.narrowed.known_base(girls.known_complement)) == (14, 14)


def test_suppressed_unknown_cases_have_no_upper_bound():
    hidden = thb.Count.suppressed()
    rows = [("total", 10, None), ("sexual", 6, 2), ("labour", 5, 1), ("unknown", hidden, 0)]
    cases = thb.CountTable.from_rows(
        rows, columns=["exploitation", "value", "unanswered"], kind="victims", area="NL",
        period=2013,
    )  # fmt: skip
    known = thb.share(cases, exploitation="sexual", base="known")
    assert known.unknown == Interval.at_least(0)
    # The 10 cases can be 6 of known form: those of sexual exploitation.
    assert (known.value, known.denominator) == (Interval(Fraction(3, 5), 1), Interval(6, 10))
    responses = thb.share(cases, exploitation="sexual", base="responses")
    assert responses.bounds_with_unknown == Interval(0, 1)


def test_sub_form_within_its_wider_form_has_no_unknown_category():
    rows = [
        ("total", "total", 100), ("female", "total", 60), ("male", "total", 40),
        ("total", "labour", 50), ("female", "labour", 30), ("male", "labour", 20),
        ("total", "construction", 20), ("female", "construction", 8), ("male", "construction", 12),
        ("total", "agriculture", 20), ("female", "agriculture", 18),
    ]  # fmt: skip
    share = thb.share(
        table(rows, "sex", "exploitation"), sex="female", exploitation="construction",
        where={"exploitation": "labour"}, base="known", by="area",
    ).row(0)  # fmt: skip
    # Four women and girls are in labour exploitation of no listed sub-form.
    assert share.unknown == Interval(0, 4)
    assert share.bounds == Interval(Fraction(8, 50), Fraction(8, 46))


# Of 20 victims, 12 are women and girls; one person can have both forms.
RESPONSES = [
    ("total", "total", 20), ("female", "total", 12), ("male", "total", 8), ("total", "sexual", 14),
    ("total", "labour", 9), ("female", "sexual", 11), ("female", "labour", 3),
    ("male", "sexual", 3), ("male", "labour", 6),
]  # fmt: skip


@pytest.mark.parametrize(
    ("indicator", "query"),
    [
        (thb.share, {"sex": "female", "exploitation": "sexual"}),
        (thb.breakdown, {"of": ["sex", "exploitation"]}),
    ],
)
def test_responses_of_several_dimensions_are_refused_with_the_selection_to_pass(indicator, query):
    counts = table(RESPONSES, "sex", "exploitation")
    with pytest.raises(InvalidValue, match=r"responses by exploitation, .* where=\{\"sex\""):
        indicator(counts, base="responses", **query)


def test_responses_of_a_selection_are_those_of_its_persons():
    counts = table(RESPONSES, "sex", "exploitation")
    women = thb.share(counts, exploitation="sexual", where={"sex": "female"}, base="responses")
    assert (women.numerator, women.denominator) == (Interval.point(11), Interval.point(14))


CITIZENSHIPS = [("female", "RO", 10), ("female", "NG", 5), ("male", "RO", 3), ("male", "NG", 4)]


@pytest.mark.parametrize("base", ["all", "known"])
def test_rows_without_a_total_of_a_further_dimension_have_no_total_and_a_hint(base):
    counts = table(CITIZENSHIPS, "sex", "citizenship")
    women = thb.share(counts, sex="female", base=base)
    assert women.status.code == "no_total"
    (coverage,) = [own for own in women.warnings if own.code == "COVERAGE"]
    assert "complete_dimensions=" in coverage.hint
    assert thb.total(counts, sex="female").status.code == "no_total"


def test_rows_of_a_complete_further_dimension_add_up():
    counts = table(CITIZENSHIPS, "sex", "citizenship")
    stated = thb.share(counts, sex="female", base="known", complete_dimensions="citizenship")
    assert stated.value == Interval.point(Fraction(15, 22))
    # The citizenships of all victims add up to the total.
    counts = table([*CITIZENSHIPS, ("total", "total", 22)], "sex", "citizenship")
    for base in ("all", "known"):
        assert thb.share(counts, sex="female", base=base).value == stated.value


@pytest.mark.parametrize("base", ["all", "known", "responses"])
def test_a_row_of_a_sub_form_in_a_breakdown_is_its_share(base):
    """France lists construction in labour exploitation, and Germany construction alone."""
    rows = [
        ("FR", "total", 100), ("FR", "sexual", 60), ("FR", "labour", 40),
        ("FR", "construction", 10), ("DE", "total", 50), ("DE", "sexual", 10),
        ("DE", "construction", 20),
    ]  # fmt: skip
    counts = thb.CountTable.from_rows(
        rows, columns=["area", "exploitation", "value"], kind="victims", period=2020
    )
    for by in ("area", "period"):
        panel = thb.breakdown(counts, of="exploitation", by=by, base=base)
        for word in ("labour", "construction"):
            shares = thb.share(counts, by=by, base=base, exploitation=word)
            rows = [row for row in panel if dict(row.category)["exploitation"] == word]
            for share, row in zip(shares, rows, strict=True):
                assert row.to_dict() == share.to_dict()
    construction = thb.breakdown(counts, of="exploitation", by="area", base="all")
    assert construction["FR", "construction"].value == Interval.point(Fraction(1, 10))


def forms(*rows):
    return table(rows, "exploitation")


@pytest.mark.parametrize(
    ("rows", "form", "bounds"),
    [
        # Of 12 victims, 4 have an unknown form, which can be prostitution, within sexual.
        ([("total", 12), ("sexual", 8), ("prostitution", thb.Count.fewer_than(5)),
          ("unknown", 4)], "prostitution", (0, 8)),
        ([("total", 16), ("sexual", 8), ("unknown", 4), ("labour", 4)], "prostitution", (0, 12)),
        # 2 victims of prostitution are victims of sexual exploitation; 3 in construction are not.
        ([("total", 12), ("prostitution", 2), ("construction", 3), ("unknown", 4)], "sexual",
         (2, 9)),
        ([("total", 12), ("prostitution", 5), ("construction", 3), ("unknown", 4)], "prostitution",
         (5, 9)),
    ],
)  # fmt: skip
def test_totals_of_sub_forms_and_of_their_forms_have_all_unknown_persons(rows, form, bounds):
    count = thb.total(forms(*rows), exploitation=form, by="period")[0]
    share = thb.share(forms(*rows), exploitation=form, base="all", by="period")[0]
    assert count.bounds_with_unknown == Interval(*bounds)
    low, high = (Fraction(number, rows[0][1]) for number in bounds)
    assert share.bounds_with_unknown == Interval(low, high)


def test_form_of_a_middle_level_without_a_row_has_the_persons_of_its_sub_form():
    route = thb.Classification(
        name="route",
        categories=["a", {"code": "a1", "parent": "a"}, {"code": "a11", "parent": "a1"}, "b"],
    )

    def of_routes(*rows):
        return thb.CountTable.from_rows(
            rows, columns=["route", "value"], kind=schema_of("victims", route), area="NL",
            period=2013,
        )  # fmt: skip

    counts = of_routes(("total", 7), ("a", 3), ("a11", 2), ("unknown", 1))
    # The 2 persons of a11 are in a1, and a1 is in a.
    assert thb.total(counts, route="a1", by="period")[0].bounds == Interval(2, 3)
    (share,) = thb.share(counts, route="a1", base="all", by="period")
    assert share.bounds == Interval(Fraction(2, 7), Fraction(3, 7))
    assert share.bounds_with_unknown == Interval(Fraction(2, 7), Fraction(4, 7))
    counts = of_routes(("a", 1), ("a11", 1), ("b", 4), ("unknown", 0))
    assert thb.total(counts, route="a1", by="period")[0].value == Interval.point(1)
