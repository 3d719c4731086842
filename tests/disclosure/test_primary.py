"""Counts that rules hide for themselves."""

from fractions import Fraction
from typing import Any

import pytest

from thbstats.disclosure import Cause, Rules, primary
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Count


def _of_sex(area: str = "EU28", **counts: Count | int) -> CountTable:
    return CountTable.from_rows(
        list(counts.items()), columns=["sex", "value"], kind="victims", area=area, period=2016
    )


def _countries(sex: str, **counts: int) -> CountTable:
    return CountTable.from_rows(
        list(counts.items()), columns=["area", "value"], kind="victims", sex=sex, period=2016
    )


TABLE = _of_sex(total=215, female=200, male=4, other=5, unknown=0)


def test_counts_from_one_to_below_the_threshold_are_few() -> None:
    assert primary(TABLE, fewer_than=5).causes == {2: Cause.FEW}
    assert primary(TABLE, fewer_than=6).causes == {2: Cause.FEW, 3: Cause.FEW}


def test_zeros_are_hidden_only_if_asked_for() -> None:
    assert primary(TABLE, fewer_than=5, zeros=True).causes == {2: Cause.FEW, 4: Cause.NONE}
    assert primary(TABLE, zeros=True).causes == {4: Cause.NONE}


@pytest.mark.parametrize(
    ("rules", "cause", "printed"),
    [
        (Rules(fewer_than=5), Cause.FEW, Count.fewer_than(5, at_least=1)),
        (Rules(fewer_than=5, zeros=True), Cause.FEW, Count.fewer_than(5)),
        (Rules(fewer_than=5, zeros=True), Cause.NONE, Count.fewer_than(5)),
        (Rules(fewer_than=5), None, Count.suppressed(5)),
        (Rules(dominance=(1, 85)), Cause.DOMINATED, Count.suppressed(1)),
        (Rules(dominance=(1, 85), zeros=True), None, Count.suppressed(0)),
        (Rules(dominance=(1, 85), fewer_than=5), Cause.DOMINATED, Count.suppressed(5)),
    ],
)
def test_what_is_printed_says_what_everybody_can_tell_from_the_rules(
    rules: Rules, cause: Cause | None, printed: Count
) -> None:
    assert rules.printed(cause) == printed


@pytest.mark.parametrize(
    ("percentage", "hidden"), [(84, True), (85, False), (Fraction(849, 10), True)]
)
def test_a_count_is_dominated_if_the_largest_hold_more_than_the_percentage(
    percentage: Fraction, hidden: bool
) -> None:
    countries = _countries("female", UK=170, FR=20, DE=10)
    found = primary(TABLE, dominance=(1, percentage), contributors=countries)
    assert (found.causes == {1: Cause.DOMINATED}) == hidden


def test_several_contributors_can_dominate_together() -> None:
    countries = _countries("female", UK=100, FR=90, DE=10)
    assert not primary(TABLE, dominance=(1, 90), contributors=countries).causes
    assert primary(TABLE, dominance=(2, 90), contributors=countries).causes == {1: Cause.DOMINATED}


@pytest.mark.parametrize(("p", "hidden"), [(10, False), (11, True)])
def test_the_second_must_not_estimate_the_first_too_closely(p: int, hidden: bool) -> None:
    countries = _countries("female", UK=100, FR=90, DE=10)
    found = primary(TABLE, p_percent=p, contributors=countries)
    assert (found.causes == {1: Cause.ESTIMABLE}) == hidden


def test_bodies_that_register_are_contributors_too() -> None:
    bodies = CountTable.from_rows(
        [("police", 195), ("ngo", 5)],
        columns=["register", "value"],
        kind="victims",
        sex="female",
        area="EU28",
        period=2016,
    )
    found = primary(TABLE, dominance=(1, 90), contributors=bodies, by="register")
    assert found.causes == {1: Cause.DOMINATED}
    assert found.contributors == {1: (("police", 195), ("ngo", 5))}


def test_only_countries_of_the_area_contribute() -> None:
    countries = _countries("female", UK=100, US=90, FR=10, NL=0)
    found = primary(TABLE, dominance=(1, 85), contributors=countries)
    assert found.contributors == {1: (("UK", 100), ("FR", 10))}


def test_counts_without_contributors_are_told_apart_from_those_that_pass() -> None:
    found = primary(TABLE, dominance=(1, 90), contributors=_countries("female", UK=100, FR=90))
    assert not found.causes
    assert found.untested == (0, 2, 3)
    assert "3 counts could not be tested" in str(found)


def test_it_is_a_frame_plain_data_and_a_sheet() -> None:
    found = primary(TABLE, fewer_than=5, zeros=True)
    assert found.to_frame()[["sex", "value", "row", "cause"]].to_numpy().tolist() == [
        ["male", 4, 2, "few"],
        ["unknown", 0, 4, "none"],
    ]
    assert found.to_dict() == {
        "notice": "NOT FOR PUBLICATION",
        "fewer_than": 5,
        "zeros": True,
        "causes": {"2": "few", "4": "none"},
        "untested": [],
    }
    assert "EU28 2016: male" in str(found)
    assert "2 of 5 counts." in str(found)


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ({}, "no rule"),
        ({"fewer_than": 1}, "no count of anybody"),
        ({"dominance": (0, 85)}, "a number of contributors"),
        ({"dominance": (1, 100)}, "a number of contributors"),
        ({"dominance": (1, 85.5)}, "an exact number"),
        ({"p_percent": 0}, "above 0"),
        ({"dominance": (1, 85)}, "the rule is about contributors"),
    ],
)
def test_rules_that_say_nothing_are_refused(rules: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        primary(TABLE, **rules)


def test_contributors_are_of_the_same_kind_known_and_no_more_than_the_count() -> None:
    other = CountTable.from_rows(
        [("UK", 1)], columns=["area", "value"], kind="justice", stage="convicted", period=2016
    )
    with pytest.raises(InvalidValue, match="of the same kind"):
        primary(TABLE, dominance=(1, 85), contributors=other)
    with pytest.raises(InvalidValue, match="contributors have 201 of 200"):
        primary(TABLE, dominance=(1, 85), contributors=_countries("female", UK=201))
    hidden = _of_sex(total=100, female=Count.fewer_than(5))
    with pytest.raises(InvalidValue, match=r"row 1.*before publication"):
        primary(hidden, fewer_than=5)
