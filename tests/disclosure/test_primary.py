"""Primary suppression."""

from fractions import Fraction
from typing import Any

import pytest

from tests.disclosure.tables import made, of_sex
from thbstats.disclosure import SuppressionCause, SuppressionRules, primary_suppression
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Count


def _countries(sex: str, **counts: int) -> CountTable:
    return made("area sex", ((area, sex, n) for area, n in counts.items()), area=None)


TABLE = of_sex("EU28", total=215, female=200, male=4, other=5, unknown=0)


def test_counts_from_one_to_below_the_threshold_are_suppressed() -> None:
    assert primary_suppression(TABLE, fewer_than=5).causes == {2: SuppressionCause.BELOW_THRESHOLD}
    assert primary_suppression(TABLE, fewer_than=6).causes == {
        2: SuppressionCause.BELOW_THRESHOLD,
        3: SuppressionCause.BELOW_THRESHOLD,
    }


def test_zeros_are_suppressed_on_request_only() -> None:
    assert primary_suppression(TABLE, fewer_than=5, zeros=True).causes == {
        2: SuppressionCause.BELOW_THRESHOLD,
        4: SuppressionCause.ZERO,
    }
    assert primary_suppression(TABLE, zeros=True).causes == {4: SuppressionCause.ZERO}


@pytest.mark.parametrize(
    ("rules", "cause", "published"),
    [
        (
            SuppressionRules(fewer_than=5),
            SuppressionCause.BELOW_THRESHOLD,
            Count.fewer_than(5, at_least=1),
        ),
        (
            SuppressionRules(fewer_than=5, zeros=True),
            SuppressionCause.BELOW_THRESHOLD,
            Count.fewer_than(5),
        ),
        (SuppressionRules(fewer_than=5, zeros=True), SuppressionCause.ZERO, Count.fewer_than(5)),
        (SuppressionRules(fewer_than=5), None, Count.suppressed(5)),
        (SuppressionRules(dominance=(1, 85)), SuppressionCause.DOMINANCE, Count.suppressed(1)),
        (SuppressionRules(dominance=(1, 85), zeros=True), None, Count.suppressed(0)),
        (
            SuppressionRules(dominance=(1, 85), fewer_than=5),
            SuppressionCause.DOMINANCE,
            Count.suppressed(5),
        ),
    ],
)
def test_published_form_states_the_bounds_that_follow_from_the_rules(
    rules: SuppressionRules, cause: SuppressionCause | None, published: Count
) -> None:
    assert rules.published_count(cause) == published


@pytest.mark.parametrize(
    ("percentage", "is_suppressed"), [(84, True), (85, False), (Fraction(849, 10), True)]
)
def test_count_is_dominated_if_the_largest_contributions_exceed_the_percentage(
    percentage: Fraction, is_suppressed: bool
) -> None:
    countries = _countries("female", UK=170, FR=20, DE=10)
    result = primary_suppression(TABLE, dominance=(1, percentage), contributors=countries)
    assert (result.causes == {1: SuppressionCause.DOMINANCE}) == is_suppressed


def test_several_contributors_can_dominate_together() -> None:
    countries = _countries("female", UK=100, FR=90, DE=10)
    assert not primary_suppression(TABLE, dominance=(1, 90), contributors=countries).causes
    assert primary_suppression(TABLE, dominance=(2, 90), contributors=countries).causes == {
        1: SuppressionCause.DOMINANCE
    }


@pytest.mark.parametrize(("p", "is_suppressed"), [(10, False), (11, True)])
def test_second_contributor_must_not_estimate_the_first_too_closely(
    p: int, is_suppressed: bool
) -> None:
    countries = _countries("female", UK=100, FR=90, DE=10)
    result = primary_suppression(TABLE, p_percent=p, contributors=countries)
    assert (result.causes == {1: SuppressionCause.P_PERCENT}) == is_suppressed


def test_registering_bodies_are_contributors() -> None:
    rows = [("police", "female", 195), ("ngo", "female", 5)]
    bodies = made("register sex", rows, area="EU28")
    result = primary_suppression(TABLE, dominance=(1, 90), contributors=bodies, by="register")
    assert result.causes == {1: SuppressionCause.DOMINANCE}
    assert result.contributors == {1: (("police", 195), ("ngo", 5))}


def test_only_countries_of_the_area_contribute() -> None:
    countries = _countries("female", UK=100, US=90, FR=10, NL=0)
    result = primary_suppression(TABLE, dominance=(1, 85), contributors=countries)
    assert result.contributors == {1: (("UK", 100), ("FR", 10))}


def test_counts_without_contributors_are_listed_as_untested() -> None:
    result = primary_suppression(
        TABLE, dominance=(1, 90), contributors=_countries("female", UK=100, FR=90)
    )
    assert not result.causes
    assert result.untested == (0, 2, 3)
    assert "3 counts could not be tested" in str(result)


def test_result_is_a_frame_plain_data_and_a_sheet() -> None:
    result = primary_suppression(TABLE, fewer_than=5, zeros=True)
    assert result.to_frame()[["sex", "value", "row", "cause"]].to_numpy().tolist() == [
        ["male", 4, 2, "below_threshold"],
        ["unknown", 0, 4, "zero"],
    ]
    assert result.to_dict() == {
        "notice": "NOT FOR PUBLICATION",
        "fewer_than": 5,
        "zeros": True,
        "causes": {"2": "below_threshold", "4": "zero"},
        "untested": [],
    }
    assert "EU28 2020: male" in str(result)
    assert "Primary suppression: 2 of 5 counts." in str(result)


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ({}, "at least one suppression rule must be set"),
        ({"fewer_than": 1}, "`fewer_than` must be an integer of 2 or more"),
        ({"dominance": (0, 85)}, "`dominance` must be a number of contributors"),
        ({"dominance": (1, 100)}, "`dominance` must be a number of contributors"),
        ({"dominance": (1, 85.5)}, "an exact number"),
        ({"p_percent": 0}, "`p_percent` must be above 0"),
        ({"dominance": (1, 85)}, "`contributors` must be set for the rules"),
    ],
)
def test_invalid_rules_are_rejected(rules: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        primary_suppression(TABLE, **rules)


def test_contributions_have_the_same_kind_are_known_and_do_not_exceed_the_count() -> None:
    other = CountTable.from_rows(
        [("UK", 1)], columns=["area", "value"], kind="justice", stage="convicted", period=2020
    )
    with pytest.raises(InvalidValue, match="`contributors` must be a table of victims"):
        primary_suppression(TABLE, dominance=(1, 85), contributors=other)
    with pytest.raises(InvalidValue, match="must not exceed the count, got 201 of 200"):
        primary_suppression(TABLE, dominance=(1, 85), contributors=_countries("female", UK=201))
    suppressed = of_sex("EU28", female=Count.fewer_than(5))
    with pytest.raises(InvalidValue, match=r"row 0.*all counts must be known"):
        primary_suppression(TABLE, dominance=(1, 85), contributors=suppressed)


def test_published_intervals_are_already_suppressed() -> None:
    """A missing count is not suppressed: its interval does not protect a known count."""
    table = of_sex(
        "EU28",
        total=215,
        female=Count.fewer_than(5),
        male=Count.suppressed(),
        other=Count.not_reported(),
        unknown=3,
    )
    result = primary_suppression(table, fewer_than=5)
    assert result.causes == {
        1: SuppressionCause.ALREADY_SUPPRESSED,
        2: SuppressionCause.ALREADY_SUPPRESSED,
        4: SuppressionCause.BELOW_THRESHOLD,
    }
    assert result.published_count(1) == Count.fewer_than(5)
    assert result.candidates.tolist() == [True, False, False, False, False]
    assert "already suppressed in the table" in str(result)
