"""What a source hides stays as it has it: in sums, differences, leave-one-out and exports."""

from typing import Any

import pytest

from tests.indicators.strategies import AREA, COUNTRIES, table_of
from thbstats import Count, CountTable, Interval, breakdown, change, share, total
from thbstats.panel import Suppression

FEW = Count.fewer_than(5)


def test_a_change_is_as_wide_as_what_is_hidden_in_it() -> None:
    rows = [(2015, "total", 100), (2015, "female", FEW), (2015, "male", 97)]
    rows += [(2016, "total", 100), (2016, "female", 10), (2016, "male", 90)]
    table = CountTable.from_rows(
        rows, columns=["period", "sex", "value"], kind="victims", area="BE", status="registered"
    )
    found = change(table, old=2015, new=2016, kind="difference", basis="published", sex="female")
    assert found.value == Interval(6, 10)


def test_a_count_that_is_hidden_in_the_whole_is_not_what_its_members_make() -> None:
    rows: list[tuple[str, str, Any]] = [
        (area, "total", 100 if area == AREA else 40) for area in (AREA, "BE", "DE")
    ]
    rows += [("FR", "total", 20), (AREA, "female", FEW), (AREA, "male", 97)]
    rows += [(country, "female", 1) for country in COUNTRIES]
    rows += [("BE", "male", 39), ("DE", "male", 39), ("FR", "male", 19)]
    table = table_of(rows)
    assert total(table, sex="female", area=AREA).bounds == Interval(0, 4)
    for base in ("all", "recorded"):
        found = share(table, sex="female", base=base, area=AREA)
        assert found.numerator == Interval(0, 4)


def test_a_hidden_unknown_is_not_what_the_total_leaves() -> None:
    rows = [("total", 100), ("female", 60), ("male", 38), ("unknown", FEW)]
    table = table_of([("BE", sex, count) for sex, count in rows])
    for base in ("all", "recorded"):
        assert share(table, sex="female", base=base).unknown == Interval(0, 4)


def test_what_is_hidden_is_named_with_the_number_it_is_in() -> None:
    rows = [("BE", "total", 50), ("DE", "total", 60), ("FR", "total", 70)]
    rows += [("BE", "female", FEW), ("DE", "female", 30), ("FR", "female", Count.suppressed())]
    rows += [("BE", "male", FEW), ("DE", "male", FEW), ("FR", "male", 9)]
    table = table_of(rows)
    women = Suppression(cells=2, areas=frozenset({"BE", "FR"}), counts=Interval.at_least(0))
    assert total(table, sex="female").suppression == women
    assert share(table, sex="female", base="all").suppression == women
    everybody = breakdown(table, by="sex", base="recorded")["female"].suppression
    assert everybody is not None
    assert (everybody.cells, everybody.areas) == (4, {"BE", "DE", "FR"})
    assert total(table).suppression is None
    assert total(table, sex="male", area="DE").suppression == Suppression(
        cells=1, areas=frozenset({"DE"}), counts=Interval(0, 4)
    )


def test_the_missing_are_not_hidden() -> None:
    table = table_of([("BE", "total", Count.not_reported()), ("DE", "total", FEW)])
    found = total(table).suppression
    assert found is not None
    assert found.areas == {"DE"}


@pytest.mark.parametrize("asked", ["2015", "2018"])
def test_breaks_of_a_series_are_known_to_the_numbers_of_all_its_years(asked: str) -> None:
    rows = [("BE", 2015, 9, ""), ("BE", 2016, 9, "b"), ("BE", 2018, 9, "p"), ("FR", 2016, 9, "b")]
    table = CountTable.from_rows(
        rows, columns=["area", "period", "value", "flags"], kind="victims", status="registered"
    )
    assert total(table, area="BE", period=asked).breaks == {("BE", "2016")}
    both = total(table, area="BE+FR", period=asked).breaks
    assert both == {("BE", "2016"), ("FR", "2016")}
    assert total(table.where(period=2015), area="BE").breaks == frozenset()


def test_breaks_of_another_series_are_not_those_of_this_one() -> None:
    rows = [("identified", 2015, 9, ""), ("presumed", 2015, 9, "b")]
    table = CountTable.from_rows(
        rows, columns=["status", "period", "value", "flags"], kind="victims", area="BE"
    )
    assert total(table, status="identified").breaks == frozenset()
    assert total(table, status="presumed").breaks == {("BE", "2015")}
