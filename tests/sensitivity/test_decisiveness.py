"""Countries without which a majority or a rank changes.

The forms are those of COM(2018) 777, section II: 26% and 18% are labour and other forms with the
United Kingdom, 15% and 20% without it.
"""

import json

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.indicators.worked_examples import counts_of
from thbstats import Count, Interval, leave_out, share, total
from thbstats.columns import Fractions
from thbstats.errors import InvalidValue
from thbstats.sensitivity import decisive_members
from thbstats.values import Interval as Numbers

FORMS = [
    ("FR", "sexual", 5500), ("FR", "labour", 1260), ("FR", "other", 1700),
    ("UK", "sexual", 1500), ("UK", "labour", 1990), ("UK", "other", 550),
]  # fmt: skip


def form(name):
    table = counts_of(FORMS, "area exploitation", kind="victims", period="2015-2016")
    return share(
        table, base="known", exploitation=name, complete_dimensions="exploitation", rules=[]
    )


def women(rows):
    table = counts_of(rows, "area sex", kind="victims", period=2016)
    return share(table, base="known", sex="female", rules=[])


def test_rank_of_labour_changes_without_the_united_kingdom():
    result = decisive_members(form("labour"), statement="rank", other=form("other"))
    assert (result.certain, result.not_decisive) == (("UK",), ("FR",))
    assert (result.all_countries.formatted, result["UK"].formatted) == ("26.0%", "14.9%")
    assert [row.formatted for row in result.rivals] == ["20.1%"]
    notes = result.display_table().notes
    assert "26.0% and 18.0% (other)" in str(notes)
    assert "Not decisive: FR." in notes


def test_majority_changes_without_the_other_countries():
    result = decisive_members(leave_out(form("sexual")), statement="majority")
    assert (result.certain, result.not_decisive) == (("FR",), ("UK",))
    assert result.to_frame()["outcome"].tolist() == ["fail"]
    assert json.loads(json.dumps(result.to_dict()))["outcomes"] == ["fail"]
    assert [column.name for column in result.display_table().columns][1] == "majority"


def test_no_country_is_decisive_if_all_are_equal():
    rows = [(index, sex, n) for index in ("BE", "DE") for sex, n in (("female", 6), ("male", 4))]
    result = decisive_members(women(rows), statement="majority")
    assert (len(result), result.certain, result.not_decisive) == (0, (), ("BE", "DE"))


def test_one_half_is_not_a_majority():
    rows = [("BE", "female", 8), ("BE", "male", 2), ("DE", "female", 5), ("DE", "male", 5)]
    result = decisive_members(women(rows), statement="majority")
    assert result.certain == ("BE",)


def test_majority_can_change_for_uncertain_counts():
    rows = [
        ("BE", "female", 8), ("BE", "male", 4), ("DE", "female", 2),
        ("DE", "male", Count.fewer_than(5)),
    ]  # fmt: skip
    result = decisive_members(women(rows), statement="majority")
    assert (result.names, result.certain) == ([("BE",)], ())
    assert result.to_frame()["outcome"].tolist() == ["not_assessable"]
    assert any("can change" in str(row) for row in result.display_table().rows)


def test_rank_with_the_earlier_result_is_the_sign_of_a_change():
    rows = [
        ("BE", 2015, 10), ("BE", 2016, 30), ("DE", 2015, 20), ("DE", 2016, 15),
        ("FR", 2015, 5), ("FR", 2016, 5),
    ]  # fmt: skip
    table = counts_of(rows, "area period", kind="victims")
    old, new = (total(table, period=year, rules=[]) for year in (2015, 2016))
    result = decisive_members(new, statement="rank", other=old)
    assert (result.certain, result.not_decisive) == (("BE",), ("DE", "FR"))


ends = st.tuples(st.integers(-3, 3), st.integers(0, 2)).map(lambda two: (two[0], sum(two)))


EQUAL = leave_out(
    total(counts_of([("BE", 8), ("DE", 8)], "area", kind="victims", period=2016), rules=[])
)


@given(ends, ends)
@examples(30)
def test_statement_changes_if_no_values_of_both_results_agree(whole, without):
    def with_value(panel, interval):
        column = Fractions.from_values([interval] * len(panel))
        return evolve(panel, value=column, bounds=column)

    zero = with_value(EQUAL, Interval.point(0))
    zero = evolve(zero, numbers=with_value(zero.numbers, Interval.point(0)))
    moved = evolve(
        with_value(EQUAL, Numbers(*without)), numbers=with_value(EQUAL.numbers, Numbers(*whole))
    )
    result = decisive_members(moved, statement="rank", other=zero)
    before, after = (
        {int(np.sign(value)) for value in range(low, high + 1)} for low, high in (whole, without)
    )
    if not before & after:
        assert result.outcome.tolist() == [-1, -1]
    elif len(before | after) == 1:
        assert len(result) == 0
    else:
        assert result.outcome.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("statement", "other", "words"),
    [
        ("luck", None, ["statement", "luck"]),
        ("rank", None, ["statement", "rank", "other"]),
        ("majority", "labour", ["statement", "majority"]),
    ],
)
def test_unknown_statement_is_refused(statement, other, words):
    with pytest.raises(InvalidValue) as caught:
        decisive_members(form("sexual"), statement=statement, other=other and form(other))
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_rank_needs_results_without_the_same_countries():
    rows = [(index, sex, 5) for index in ("BE", "DE", "FR") for sex in ("female", "male")]
    with pytest.raises(InvalidValue, match="same countries"):
        decisive_members(form("sexual"), statement="rank", other=women(rows))


def test_rows_that_are_not_decisive_are_named_by_year_and_country():
    rows = [
        (area, year, sex, n)
        for area in ("BE", "DE", "FR")
        for year in (2019, 2020)
        for sex, n in (("female", 6), ("male", 4))
    ]
    table = counts_of(rows, "area period sex", kind="victims")
    numbers = leave_out(share(table, sex="female", base="known", by="period", area="BE+DE+FR"))
    notes = decisive_members(numbers, statement="majority").display_table().notes
    assert any(note.startswith("Not decisive: 2019, BE; ") for note in notes)
