"""Sensitivity: leaving some out is asking again without them; completions, and what turns."""

import json
from fractions import Fraction

import pytest
from hypothesis import assume, given

from tests.examples import examples
from tests.indicators import strategies as made
from tests.indicators.strategies import AREA, COUNTRIES, table_of, worlds
from thbstats import (
    Count,
    CountTable,
    Interval,
    breakdown,
    change,
    completions,
    flips,
    leave_groups_out,
    leave_one_out,
    share,
    total,
    without,
)
from thbstats.errors import InvalidValue, NoSuchCell

ROWS = [
    ("UK", "female", 60), ("UK", "male", 40), ("FR", "female", 40), ("FR", "male", 20),
    ("DE", "female", 0), ("DE", "male", 50),
]  # fmt: skip


def women(table):
    return share(table, base="recorded", sex="female", rules=[])


def equal(one, other):
    skipped = {"label", "warnings"}
    return all(
        one.to_dict()[name] == other.to_dict()[name]
        for name in one.to_dict()
        if name not in skipped
    )


@examples(40)
@given(worlds(printed=False))
def test_each_number_is_that_of_the_table_without_the_member(world):
    assume(all(world.shown[place, "female"] for place in COUNTRIES))
    table = world.table()
    found = leave_one_out(table, women)
    assert found.labels == COUNTRIES
    assert equal(found.whole, women(table))
    for country in COUNTRIES:
        rest = table_of([row for row in world.rows() if row[0] != country])
        assert equal(found[country], women(rest))


def test_leaving_out_the_largest_moves_the_share():
    found = leave_one_out(table_of(ROWS), women)
    assert found["UK"].shown == "36.4 %"
    assert found.whole.shown == "47.6 %"
    assert found.caption == "female without each country"


def test_a_printed_aggregate_becomes_that_without_the_member():
    rows = [("EU28", "total", 100), ("UK", "total", 61), ("FR", "total", 5)]
    without = {}

    def count(table):
        areas = [area for area in table.categories("area") if area.startswith("EU28")]
        without[areas[0]] = total(table, area=areas[0])
        return without[areas[0]]

    found = leave_one_out(table_of(rows), count)
    assert [item.value for item in found] == [95, 39]
    assert set(without) == {"EU28", "EU28 without FR", "EU28 without UK"}


@pytest.mark.parametrize(
    ("rows", "over", "words"),
    [
        (ROWS, "sex", ["over", "'sex'", "where()"]),
        (ROWS[:2], "area", ["UK", "two countries"]),
        ([("EU28", "female", 1), ("UK", "female", 1)], "area", ["UK"]),
    ],
)
def test_only_several_countries_can_be_left_out_one_by_one(rows, over, words):
    with pytest.raises(InvalidValue) as caught:
        leave_one_out(table_of(rows), women, over=over)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_an_indicator_of_many_numbers_is_refused():
    with pytest.raises(InvalidValue, match="indicator") as caught:
        leave_one_out(table_of(ROWS), lambda table: breakdown(table, by="sex", base="recorded"))
    assert "Breakdown" in str(caught.value)


def test_a_category_that_only_one_member_lists_is_missed_when_it_is_left_out():
    with pytest.raises(NoSuchCell, match="sex=other"):
        leave_one_out(
            table_of([*ROWS, ("UK", "other", 1)]),
            lambda table: share(table, base="recorded", sex="other"),
        )


def test_a_number_without_a_member_is_that_of_the_others():
    table = table_of(ROWS)
    rest = table_of([row for row in ROWS if row[0] != "UK"])
    assert equal(without(table, women, area="UK"), women(rest))
    assert without(table, women, area="GB").area == "DE+FR"


def test_a_printed_aggregate_loses_its_name_with_its_member():
    rows = [("EU28", "total", 100), ("UK", "total", 61)]
    left = without(table_of(rows), total, area="UK")
    assert (left.area, left.value) == ("EU28 without UK", 39)


def test_groups_are_left_out_by_name():
    found = leave_groups_out(table_of(ROWS), women, groups={"two": ["GB", "FR"], "one": ["DE"]})
    assert found.labels == ("two", "one")
    assert equal(found["two"], without(table_of(ROWS), women, area=["UK", "FR"]))
    assert equal(found.whole, women(table_of(ROWS)))
    assert found.caption == "female without each group of countries"


def test_groups_of_one_are_left_out_one_by_one():
    one_by_one = leave_one_out(table_of(ROWS), women)
    found = leave_groups_out(table_of(ROWS), women, size=1)
    assert [item.to_dict() for item in found] == [
        one_by_one[label].to_dict() for label in sorted(one_by_one.labels)
    ]


def test_every_pair_is_left_out_once():
    found = leave_groups_out(table_of(ROWS), women, size=2)
    assert found.labels == ("DE+FR", "DE+UK", "FR+UK")
    assert [item.value for item in found] == [0.6, 40 / 60, 0]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, ["groups", "either", "size=2"]),
        ({"groups": {"a": ["UK"]}, "size": 1}, ["groups", "either"]),
        ({"size": 0}, ["size", "from 1 to 2"]),
        ({"size": 3}, ["size", "of 3 countries"]),
        ({"groups": {"none": []}}, ["none", "groups", "not all"]),
        ({"groups": {"all": ["UK", "FR", "DE"]}}, ["all", "DE", "not all"]),
    ],
)
def test_some_are_left_out_and_some_stay(asked, words):
    with pytest.raises(InvalidValue) as caught:
        leave_groups_out(table_of(ROWS), women, **asked)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@examples(60)
@given(worlds())
@pytest.mark.parametrize("base", ["all", "recorded"])
def test_completions_are_the_ends_of_what_is_possible(base, world):
    assume("female" in world.listed)
    asked = {"base": base, "area": AREA, "sex": "female", "rules": []}
    number = share(world.table(), **asked)
    found = completions(world.table(), **asked)
    assert found.labels == ("lowest", "highest")
    for item, end in zip(found, (number.possible.lower, number.possible.upper), strict=True):
        assert (item.reported.lower, item.reported.upper) == (end, end)
        made_of = item.numerator.value, item.denominator.value
        if None not in made_of and made_of[1]:
            assert Fraction(*made_of) == end
        assert item.context == number.context


def test_completions_say_which_counts_make_them():
    rows = [("BE", "total", 100), ("BE", "female", 60), ("BE", "male", Count.fewer_than(5))]
    low, high = completions(table_of(rows), base="all", sex="female")
    assert (str(low.numerator), str(low.denominator), low.shown) == ("60", "100", "60.0 %")
    assert (str(high.numerator), str(high.denominator), high.shown) == ("100", "100", "100.0 %")
    assert low.estimand.endswith("lowest completion of gaps and unknown")


def test_where_nothing_bounds_a_count_its_share_is_approached():
    rows = [("BE", "female", 60), ("BE", "male", Count.not_reported())]
    low, high = completions(table_of(rows), base="recorded", sex="female")
    assert (low.shown, str(low.numerator), str(low.denominator)) == ("0.0 %", "60", "60 or more")
    assert (high.shown, str(high.denominator)) == ("100.0 %", "60 or more")
    low, high = completions(table_of(rows), base="recorded", sex="male")
    assert (high.shown, str(high.numerator)) == ("100.0 %", "0 or more")


def test_where_nobody_is_counted_completions_are_undefined():
    rows = [("BE", "total", 0), ("BE", "female", 0), ("BE", "male", 0)]
    for item in completions(table_of(rows), base="recorded", sex="female"):
        assert item.reported.undefined


# What turns without whom. The forms of COM(2018) 777, section II: 26 and 18 % are labour and other
# forms with the United Kingdom, 15 and 20 % without it.
FORMS = [
    ("EU", "sexual", 5500), ("EU", "labour", 1260), ("EU", "other", 1700),
    ("UK", "sexual", 1500), ("UK", "labour", 1990), ("UK", "other", 550),
]  # fmt: skip


def form(name):
    rows = [("FR" if area == "EU" else area, code, count) for area, code, count in FORMS]
    table = CountTable.from_rows(
        rows, columns=["area", "exploitation", "value"], kind="victims", period="2015-2016"
    )
    return leave_one_out(table, lambda t: share(t, base="recorded", exploitation=name, rules=[]))


def test_without_the_united_kingdom_labour_falls_behind_other_forms():
    found = flips(form("labour"), of="rank", against=form("other"))
    assert found.certain == ("UK",)
    assert found.kept == ("FR",)
    assert (found.whole.shown, found["UK"].shown) == ("26.0 %", "14.9 %")
    assert [rival.shown for rival in found.rivals] == ["20.1 %", "18.0 %"]
    assert "26.0 % against 18.0 % (other)" in str(found.sheet().notes)
    assert "It stands without FR." in found.sheet().notes


def test_without_the_others_sexual_exploitation_has_no_majority():
    found = flips(form("sexual"), of="majority")
    assert (found.certain, found.kept) == (("FR",), ("UK",))
    assert found.to_frame()["flips"].tolist() == ["fails"]
    assert json.loads(json.dumps(found.to_dict()))["answers"] == ["fails"]
    assert [column.name for column in found.sheet().columns][1] == "majority"
    assert found.warnings.codes == found.whole.warnings.codes


def test_nobody_decides_where_all_are_alike():
    rows = [(place, sex, n) for place in COUNTRIES for sex, n in (("female", 6), ("male", 4))]
    found = flips(leave_one_out(table_of(rows), women), of="majority")
    assert (len(found), found.certain, found.kept) == (0, (), COUNTRIES)
    assert "It stands without BE, DE, FR." in found.sheet().notes


def test_where_counts_leave_it_open_a_majority_may_turn():
    rows = [
        ("BE", "female", 8), ("BE", "male", 4), ("DE", "female", 2),
        ("DE", "male", Count.fewer_than(5)),
        ("FR", "female", 9), ("FR", "male", 1),
    ]  # fmt: skip
    found = flips(leave_one_out(table_of(rows), women), of="majority")
    assert found.labels == ()
    found = flips(leave_one_out(table_of(rows[:4]), women), of="majority")
    assert (found.labels, found.certain) == (("BE",), ())
    assert found.to_frame()["flips"].tolist() == ["cannot_tell"]
    assert any("may flip" in str(row) for row in found.sheet().rows)


def test_a_sign_turns_where_growth_becomes_a_fall():
    rows = [
        ("BE", 2015, 10),
        ("BE", 2016, 30),
        ("DE", 2015, 20),
        ("DE", 2016, 15),
        ("FR", 2015, 5),
        ("FR", 2016, 5),
    ]
    table = CountTable.from_rows(rows, columns=["area", "period", "value"], kind="victims")

    def changed(t):
        old, new = (total(t, period=year, rules=[]) for year in (2015, 2016))
        return change(old, new, unit="count")

    found = flips(leave_one_out(table, changed), of="sign")
    assert (found.certain, found.kept) == (("BE",), ("DE", "FR"))


@pytest.mark.parametrize(
    ("state", "without_it", "answer"),
    [
        ((1, 2), (3, 4), ()),
        ((1, 2), (-2, -1), ("x",)),
        ((1, 2), (0, 0), ("x",)),
        ((-1, 1), (1, 2), None),
        ((None, None), (1, 2), None),
    ],
)
def test_a_sign_is_read_from_both_ends(state, without_it, answer):
    rows = [("BE", "female", 8), ("DE", "female", 8)]
    base = leave_one_out(table_of(rows), lambda t: total(t, sex="female", rules=[]))
    whole, item = (
        made.evolve(base.whole, measure="change", reported=None, bounds=Interval(*ends), label="x")
        for ends in (state, without_it)
    )
    found = flips(made.evolve(base, whole=whole, items=(item,)), of="sign")
    assert found.certain == (answer or ())
    assert len(found) == (answer != ())


@pytest.mark.parametrize(
    ("of", "against", "words"),
    [
        ("sign", None, ["of", "sign", "share"]),
        ("luck", None, ["of", "luck"]),
        ("rank", None, ["of", "rank", "against"]),
        ("majority", "labour", ["of", "majority"]),
    ],
)
def test_what_nobody_can_say_of_a_number_is_refused(of, against, words):
    with pytest.raises(InvalidValue) as caught:
        flips(form("sexual"), of=of, against=form(against) if against else None)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_ranks_are_of_numbers_without_the_same_members():
    other = leave_one_out(table_of(ROWS), women)
    with pytest.raises(InvalidValue, match="different members"):
        flips(form("sexual"), of="rank", against=other)
