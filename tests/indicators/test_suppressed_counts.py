"""Suppressed counts: they keep the bounds of their source in every number and export."""

from functools import reduce
from operator import add
from typing import Any

import pytest

from tests.indicators.strategies import (
    AREA,
    COUNTRIES,
    drawn_worlds,
    table_of,
    table_of_years,
)
from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable, Interval, change, leave_out, share, total
from thbstats.panel import Suppression
from thbstats.values import Reason

FEW = Count.fewer_than(5)
AGGREGATE = [(AREA, "total", 100), ("BE", "total", 60), ("DE", "total", 37), ("FR", "total", FEW)]
SUPPRESSED = (Reason.FEWER_THAN, Reason.SUPPRESSED)


def known_or_suppressed(value: int) -> list[Count]:
    """Return a count; with all others known, totals would narrow a suppressed one."""
    few = [FEW] if value < 5 else []
    return [Count.known(value), Count.suppressed(upper=value + 3), *few]


WORLDS = drawn_worlds(25, known_or_suppressed)
TABLE = table_of_years(WORLDS)


@pytest.mark.parametrize("area", [*COUNTRIES, AREA])
def test_suppressed_counts_keep_the_bounds_of_their_source(area: str) -> None:
    own = TABLE.where(area=area)
    again = CountTable.from_frame(TABLE.to_frame(), kind="victims").where(area=area)
    years = [*range(1000, 1000 + len(WORLDS))]
    pooled: dict[str, Any] = {"by": "period", "period": years, "area": area, "rules": []}
    for cell in ("total", "female", "male", "other", "unknown"):
        counts = total(TABLE, sex=cell, **pooled)
        shares = [
            share(TABLE, sex=cell, base=base, **pooled)
            for base in ("all", "known")
            if cell in ("female", "male", "other")
        ]
        for i, (year, world) in enumerate(zip(years, WORLDS, strict=True)):
            count, row = world.formatted.get((area, cell)), counts.row(i)
            if count is None or count.reason not in SUPPRESSED:
                continue
            # Counts that contradict each other have wider bounds.
            if not row.contradictions:
                assert row.value == row.bounds == count.interval
            assert count.interval.within(row.bounds_with_unknown)
            assert row.suppression is not None
            assert (row.suppression.areas, row.suppression.counts) == ({area}, count.interval)
            for part in shares:
                assert part.row(i).contradictions or part.row(i).numerator == count.interval
            assert own.count(sex=cell, period=year) == count
            assert again.count(sex=cell, period=year) == count


def test_sum_over_categories_has_the_bounds_of_its_suppressed_counts() -> None:
    drawn = [world for world in WORLDS if len(world.categories) == 3]
    countries = table_of_years(drawn).where(area=list(COUNTRIES), sex=["female", "male", "other"])
    summed = countries.sum(by=["area", "period"])
    for year, world in enumerate(drawn, 1000):
        for country in COUNTRIES:
            counts = [world.formatted[country, cell] for cell in world.categories]
            interval = reduce(add, (own.interval for own in counts if own is not None))
            assert summed.count(area=country, period=year).interval == interval


def test_change_has_the_bounds_of_its_suppressed_count() -> None:
    rows = [
        (2015, "total", 100), (2015, "female", FEW), (2015, "male", 97),
        (2016, "total", 100), (2016, "female", 10), (2016, "male", 90),
    ]  # fmt: skip
    table = counts_of(rows, "period sex", kind="victims", area="BE", status="registered")
    result = change(table, old=2015, new=2016, measure="difference", countries="all", sex="female")
    assert result.value == Interval(6, 10)


def test_aggregate_without_a_member_does_not_narrow_the_suppressed_count_of_the_member() -> None:
    result = leave_out(total(table_of(AGGREGATE), area=AREA))
    assert (result["FR"].value, result["BE"].value) == (Interval(96, 100), Interval.point(40))
    assert dict(zip(result.names, result.differences, strict=True))[("FR",)] == Interval(-4, 0)


def test_aggregate_without_a_suppressed_member_is_not_sharp() -> None:
    # The two other members have 97 of 100: no completion gives 96.
    assert not leave_out(total(table_of(AGGREGATE), area=AREA))["FR"].bounds_attained


@pytest.mark.parametrize("base", ["all", "known"])
def test_members_do_not_narrow_a_suppressed_count_of_their_aggregate(base: str) -> None:
    rows: list[tuple[str, str, Any]] = [
        (AREA, "total", 100), ("BE", "total", 40), ("DE", "total", 40), ("FR", "total", 20),
        (AREA, "female", FEW), (AREA, "male", 97), ("BE", "female", 1), ("DE", "female", 1),
        ("FR", "female", 1), ("BE", "male", 39), ("DE", "male", 39), ("FR", "male", 19),
    ]  # fmt: skip
    table = table_of(rows)
    assert total(table, sex="female", area=AREA).bounds == Interval(0, 4)
    assert share(table, sex="female", base=base, area=AREA).numerator == Interval(0, 4)


@pytest.mark.parametrize("base", ["all", "known"])
def test_total_does_not_narrow_suppressed_counts(base: str) -> None:
    rows = [("total", 100), ("female", 60), ("male", 38), ("unknown", FEW)]
    table = table_of([("BE", sex, count) for sex, count in rows])
    assert share(table, sex="female", base=base).unknown == Interval(0, 4)
    few = table_of([("BE", "total", 3), ("BE", "female", FEW)])
    assert total(few, sex="female").bounds == Interval(0, 4)


def test_numbers_name_the_suppressed_counts_in_them() -> None:
    rows = [("BE", "total", 50), ("DE", "total", 60), ("FR", "total", 70)]
    rows += [("BE", "female", FEW), ("DE", "female", 30), ("FR", "female", Count.suppressed())]
    rows += [("BE", "male", FEW), ("DE", "male", FEW), ("FR", "male", 9)]
    table = table_of(rows)
    women = Suppression(cells=2, areas=frozenset({"BE", "FR"}), counts=Interval.at_least(0))
    assert total(table, sex="female").suppression == women
    assert share(table, sex="female", base="all").suppression == women
    recorded = share(table, sex="female", base="known").suppression
    assert recorded is not None
    assert (recorded.cells, recorded.areas) == (4, {"BE", "DE", "FR"})
    assert total(table).suppression is None
    assert total(table, sex="male", area="DE").suppression == Suppression(
        cells=1, areas=frozenset({"DE"}), counts=Interval(0, 4)
    )


def test_missing_counts_are_not_suppressed() -> None:
    result = total(table_of([("BE", "total", Count.not_reported()), ("DE", "total", FEW)]))
    assert result.suppression is not None
    assert result.suppression.areas == {"DE"}
