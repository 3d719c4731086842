"""Counts by citizenship: groups contain countries, by area and period."""

from fractions import Fraction
from typing import Any

import pytest

import thbstats as thb
from thbstats import Count, Interval

MISSING = Count.not_reported()


def table(rows: list[tuple[Any, ...]], *names: str) -> thb.CountTable:
    return thb.CountTable.from_rows(
        rows, columns=[*names, "value"], kind="victims", area="FR", period=2020
    )


@pytest.mark.parametrize(
    "further", [[], [("unknown", 0)], [("other_eu", 1)], [("other_eu", 1), ("unknown", 0)]]
)
def test_groups_of_citizenship_leave_their_countries_the_rest(
    further: list[tuple[str, int]],
) -> None:
    """Two of three victims are not EU citizens, and one of these is from Vietnam."""
    rows = [("total", 3), ("non_eu", 2), ("VN", 1), ("NG", MISSING)]
    counts = table([*rows, *further], "citizenship")
    assert thb.total(counts, citizenship="NG").bounds == Interval(0, 1)
    share = thb.share(counts, citizenship="NG", base="all", by="period").row(0)
    assert share.value is None
    assert (share.bounds, share.bounds_attained) == (Interval(0, Fraction(1, 3)), True)


def test_stateless_persons_are_never_next_to_non_eu_citizens() -> None:
    """The one victim without EU citizenship is stateless, also where 1 + 1 + 2 is the total."""
    counts = table(
        [("total", 4), ("non_eu", 1), ("stateless", 1), ("reporting_country", 2)], "citizenship"
    )
    assert thb.total(counts, citizenship="other_eu").bounds == Interval(0, 1)


@pytest.mark.parametrize(
    ("dimension", "wide", "narrow"),
    [("citizenship", "non_eu", "NG"), ("exploitation", "sexual", "prostitution")],
)
def test_categories_above_their_wider_category_have_no_share(
    dimension: str, wide: str, narrow: str
) -> None:
    """Of 100 victims, 50 are not EU citizens, and 60 are from Nigeria."""
    counts = table([("total", 100), (wide, 50), (narrow, 60)], dimension)
    for category in (wide, narrow):
        share = thb.share(counts, **{dimension: category}, base="all", by="period").row(0)
        assert share.value is None
        assert "CONTRADICTED" in share.warnings.codes
        with pytest.raises(thb.errors.ImpossibleResult, match=r"50, .* 60"):
            thb.total(counts, **{dimension: category})
    assert str(share) == "60.0% (60 of 100), contradictory"


@pytest.mark.parametrize(("area", "period"), [("RS", 2020), ("CH", 2015), ("UK", 2022)])
def test_nationals_of_a_country_outside_of_the_eu_have_a_share_of_their_own(
    area: str, period: int
) -> None:
    rows = [("total", 60), ("eu", 5), ("reporting_country", 50), ("non_eu", 5)]
    counts = thb.CountTable.from_rows(
        rows, columns=["citizenship", "value"], kind="victims", area=area, period=period
    )
    shares = thb.breakdown(counts, of="citizenship", base="all", by="period")
    assert [str(share) for share in shares] == [
        "8.3% (5 of 60)", "83.3% (50 of 60)", "8.3% (5 of 60)",
    ]  # fmt: skip


def test_citizens_of_a_state_that_left_the_eu_have_no_certain_group() -> None:
    """Sources of 2019 count British victims in the EU, later ones outside of it."""
    rows = [("total", 100), ("other_eu", 20), ("non_eu", 20), ("UK", 30)]
    share = thb.share(table(rows, "citizenship"), citizenship="UK", base="all")
    assert share.value == Interval.point(Fraction(3, 10))


@pytest.mark.parametrize("rows", [[], [("NG", MISSING)]])
def test_citizenships_without_a_count_are_within_their_group(rows: list[tuple[str, Any]]) -> None:
    """60 of 100 victims are not EU citizens, and 50 are from Vietnam."""
    counts = table([("total", 100), ("non_eu", 60), ("VN", 50), *rows], "citizenship")
    limits = {"NG": 10, "MD": 10, "stateless": 10, "RO": 50, "FR": 50, "other_eu": 40}
    for citizenship, most in limits.items():
        if citizenship in counts.categories("citizenship") or not rows:
            bounds = thb.total(counts, citizenship=citizenship).bounds
            assert bounds == Interval(0, most), citizenship


def test_persons_of_another_group_are_not_of_a_citizenship() -> None:
    """10 of unknown citizenship can be from Nigeria; the 50 EU citizens are not."""
    rows = [("total", 100), ("other_eu", 50), ("non_eu", 40), ("unknown", 10)]
    bounds = thb.total(table(rows, "citizenship"), citizenship="NG").bounds_with_unknown
    assert bounds == Interval(0, 50)


def test_parts_next_to_a_suspected_copy_do_not_limit_their_total() -> None:
    """20 Nigerians can be a copy of another count, so that 30 citizens do not exceed 25."""
    rows = [("total", 25, ""), ("non_eu", 25, ""), ("NG", 20, "SAME_AS_VICTIMS"), ("VN", 10, "")]
    counts = thb.CountTable.from_rows(
        rows, columns=["citizenship", "value", "findings"], kind="victims", area="FR", period=2019
    )
    share = thb.share(counts, citizenship="VN", base="all")
    assert share.value == Interval.point(Fraction(10, 25))
