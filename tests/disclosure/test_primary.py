"""Primary suppression."""

from fractions import Fraction
from typing import Any

import pytest

from tests.disclosure.tables import made, of_sex
from thbstats.disclosure import SuppressionCause as Cause
from thbstats.disclosure import SuppressionRules, primary_suppression
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Count


def _countries(sex: str, **counts: int) -> CountTable:
    return made("area sex", ((area, sex, n) for area, n in counts.items()), area=None)


TABLE = of_sex("EU28", total=215, female=200, male=4, other=5, unknown=0)


@pytest.mark.parametrize(
    ("rules", "causes"),
    [
        ({"fewer_than": 5}, {2: Cause.BELOW_THRESHOLD}),
        ({"fewer_than": 6}, {2: Cause.BELOW_THRESHOLD, 3: Cause.BELOW_THRESHOLD}),
        ({"fewer_than": 5, "zeros": True}, {2: Cause.BELOW_THRESHOLD, 4: Cause.ZERO}),
        ({"zeros": True}, {4: Cause.ZERO}),
    ],
)
def test_counts_below_the_threshold_and_zeros_on_request_are_suppressed(
    rules: dict[str, Any], causes: dict[int, Cause]
) -> None:
    assert primary_suppression(TABLE, **rules).causes == causes


FEW, OTHER = Count.fewer_than(5), Count.suppressed(5)


@pytest.mark.parametrize(
    ("rules", "cause", "published"),
    [
        ({"fewer_than": 5}, Cause.BELOW_THRESHOLD, Count.fewer_than(5, at_least=1)),
        ({"fewer_than": 5, "zeros": True}, Cause.BELOW_THRESHOLD, FEW),
        ({"fewer_than": 5, "zeros": True}, Cause.ZERO, FEW),
        ({"fewer_than": 5}, None, OTHER),
        ({"dominance": (1, 85)}, Cause.DOMINANCE, Count.suppressed(1)),
        ({"dominance": (1, 85), "zeros": True}, None, Count.suppressed(0)),
        ({"dominance": (1, 85), "fewer_than": 5}, Cause.DOMINANCE, OTHER),
    ],
)
def test_published_form_states_the_bounds_that_follow_from_the_rules(
    rules: dict[str, Any], cause: Cause | None, published: Count
) -> None:
    assert SuppressionRules(**rules).published_count(cause, marks=2) == published
    assert SuppressionRules(**rules).published_count(cause) == Count.suppressed(0)


@pytest.mark.parametrize(
    ("rule", "contributions", "cause"),
    [
        ({"dominance": (1, 84)}, {"UK": 170, "FR": 20, "DE": 10}, Cause.DOMINANCE),
        ({"dominance": (1, 85)}, {"UK": 170, "FR": 20, "DE": 10}, None),
        ({"dominance": (1, Fraction(849, 10))}, {"UK": 170, "FR": 20, "DE": 10}, Cause.DOMINANCE),
        ({"dominance": (1, 90)}, {"UK": 100, "FR": 90, "DE": 10}, None),
        ({"dominance": (2, 90)}, {"UK": 100, "FR": 90, "DE": 10}, Cause.DOMINANCE),
        ({"p_percent": 10}, {"UK": 100, "FR": 90, "DE": 10}, None),
        ({"p_percent": 11}, {"UK": 100, "FR": 90, "DE": 10}, Cause.P_PERCENT),
    ],
)
def test_contributors_must_not_dominate_or_estimate_each_other(
    rule: dict[str, Any], contributions: dict[str, int], cause: Cause | None
) -> None:
    countries = _countries("female", **contributions)
    result = primary_suppression(TABLE, **rule, contributors=countries)
    assert result.causes == ({} if cause is None else {1: cause})


def test_registering_bodies_are_contributors() -> None:
    rows = [("police", "female", 195), ("ngo", "female", 5)]
    bodies = made("register sex", rows, area="EU28")
    result = primary_suppression(TABLE, dominance=(1, 90), contributors=bodies, by="register")
    assert result.causes == {1: Cause.DOMINANCE}
    assert result.contributors == {1: (("police", 195), ("ngo", 5))}


def test_one_body_can_dominate_the_count_of_all_bodies() -> None:
    bodies = made("register", [("police", 95), ("ngo", 5)])
    whole = made("register", [("all", 100)])
    result = primary_suppression(whole, dominance=(1, 85), contributors=bodies, by="register")
    assert result.causes == {0: Cause.DOMINANCE}
    assert not result.untested


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
        ({"dominance": 85}, "`dominance` must be a number of contributors"),
        ({"dominance": (1,)}, "`dominance` must be a number of contributors"),
        ({"dominance": (1.5, 85)}, "`dominance` must be a number of contributors"),
        ({"dominance": ("1", 85)}, "`dominance` must be a number of contributors"),
        ({"dominance": (1, 85), "contributors": TABLE, "by": "sex"}, "`by` must be 'area' or"),
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
        1: Cause.ALREADY_SUPPRESSED,
        2: Cause.ALREADY_SUPPRESSED,
        4: Cause.BELOW_THRESHOLD,
    }
    published = [result.published_table().record(row).count for row in range(len(table))]
    assert published == [
        Count.known(215),
        Count.fewer_than(5),
        Count.suppressed(),
        Count.not_reported(),
        Count.suppressed(0),
    ]
    assert result.published_table(marks=2).record(4).count == Count.fewer_than(5, at_least=1)
    assert result.candidates.tolist() == [True, False, False, False, False]
    assert "already suppressed in the table" in str(result)
