"""Verdicts of directions."""

import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, direction, report, share
from thbstats import audit

UNTOLD = ("not_assessable", "Qualitative direction (no figure).")
BEFORE = {"period": "2013-2014"}


def verdict(*claims):
    found = audit(report(*claims), joint=False)["claim-1"]
    return str(found.verdict), found.message


def counts(before, now):
    return count(now), count(before, **BEFORE)


def test_a_direction_without_numbers_cannot_be_told():
    assert verdict(direction("up")) == UNTOLD
    assert verdict(direction("up"), count("5")) == UNTOLD
    assert verdict(direction("up"), count("5", **BEFORE)) == UNTOLD


@pytest.mark.parametrize(
    ("way", "before", "now", "expected"),
    [
        ("up", "5", "6", "confirmed"),
        ("up", "5", "5", "contradicted"),
        ("up", "6", "5", "contradicted"),
        ("down", "6", "5", "confirmed"),
        ("down", "5", "5", "contradicted"),
        ("down", "5", "6", "contradicted"),
        ("not_down", "5", "6", "confirmed"),
        ("not_down", "5", "5", "confirmed"),
        ("not_down", "6", "5", "contradicted"),
        ("same", "5", "5", "confirmed"),
        ("same", "5", "6", "not_assessable"),
    ],
)
def test_two_counts_decide_a_direction(way, before, now, expected):
    assert verdict(direction(way), *counts(before, now))[0] == expected


def test_both_ends_are_told_with_what_tells_them_apart():
    assert verdict(direction("up"), *counts("5,000", "5,979")) == (
        "confirmed",
        "5,979 in 2015-2016 against 5,000 in 2013-2014, as stated.",
    )
    assert verdict(direction("down"), *counts("5,000", "5,979")) == (
        "contradicted",
        "5,979 in 2015-2016 against 5,000 in 2013-2014, which contradicts the text.",
    )
    assert verdict(direction("same"), *counts("5,000", "5,979"))[1].endswith(
        "and the text does not define how much change counts as the same."
    )


def test_the_latest_earlier_number_is_the_one_before():
    oldest, middle = count("9", period="2010-2012"), count("5", **BEFORE)

    assert verdict(direction("up"), oldest, middle, count("6"))[0] == "confirmed"
    assert verdict(direction("up"), middle, oldest, count("6"))[0] == "confirmed"


def shares(before, now, **fields):
    return [
        share(printed, category=FEMALE, base="known", **fields, **period)
        for printed, period in [(now, {}), (before, BEFORE)]
    ]


def test_a_direction_that_names_a_base_or_a_dimension_is_of_a_share():
    falling = shares("77%", "68%")

    assert verdict(direction("up", category=FEMALE), *falling) == UNTOLD
    for named in ({"base": "known"}, {"base_dimension": "sex"}):
        assert verdict(direction("up", category=FEMALE, **named), *falling)[0] == "contradicted"
        assert verdict(direction("down", category=FEMALE, **named), *falling)[0] == "confirmed"
    assert verdict(direction("up", category=FEMALE, base="all"), *falling) == UNTOLD
    assert verdict(direction("up", category=FEMALE, base_dimension="age"), *falling) == UNTOLD


@pytest.mark.parametrize("way", ["up", "down", "same", "not_down"])
def test_shares_that_rounding_makes_equal_leave_every_direction_open(way):
    found = verdict(direction(way, category=FEMALE, base="known"), *shares("68%", "68.4%"))

    assert found[0] == "consistent"
    assert found[1].endswith("but rounding does not show the direction.")


@pytest.mark.parametrize(
    "before",
    [
        count("9", **BEFORE, unit="cases"),
        count("9", **BEFORE, status="identified"),
        count("9", **BEFORE, area="UK"),
        count("9", **BEFORE, category=LABOUR),
        count("9", **BEFORE, reporters=3),
        count("9", period="2016-2017"),
        count("9", period="2017"),
        count("9", period="not stated"),
    ],
    ids=["unit", "status", "area", "category", "reporters", "overlap", "later", "no period"],
)
def test_a_number_of_something_else_is_not_the_one_before(before):
    assert verdict(direction("up", category=SEXUAL), count("6", category=SEXUAL), before) == UNTOLD
    assert verdict(direction("up"), count("6"), before) == UNTOLD


def test_a_share_of_another_whole_is_not_of_the_same():
    nested = share("60%", category=SEXUAL | FEMALE, of=SEXUAL, base="known")
    before = nested | BEFORE | {"printed": "50%"}

    named = direction("down", category=SEXUAL | FEMALE, base="known")
    assert verdict(named, nested, before) == UNTOLD


def test_a_number_without_a_country_is_held_against_the_one_with_it():
    claim = direction("down", area="EU28 without UK")

    assert verdict(claim, count("5", area="EU28 without UK"), count("9")) == (
        "confirmed",
        "5 in EU28 without UK against 9 in EU28, as stated.",
    )


def test_an_area_that_nobody_left_is_held_against_no_other():
    assert verdict(direction("down", area="UK"), count("5", area="UK"), count("9")) == UNTOLD
