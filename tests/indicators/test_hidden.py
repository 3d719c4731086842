"""What a source hides stays as it has it: in sums, differences, leave-one-out and exports."""

from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from thbstats.results import Hidden, Result

from tests.examples import examples
from tests.indicators.strategies import AREA, COUNTRIES, World, table_of, worlds
from thbstats import Count, CountTable, Interval, breakdown, change, leave_one_out, share, total
from thbstats.values import Reason

FEW = Count.fewer_than(5)
HIDDEN = (Reason.FEWER_THAN, Reason.SUPPRESSED)


def hidden_of(world: World) -> Iterator[tuple[str, str, Count]]:
    for (area, cell), count in world.shown.items():
        if count is not None and count.reason in HIDDEN:
            yield area, cell, count


def hide(value: int) -> st.SearchStrategy[Count | None]:
    """Draw a count that is known or hidden: with everything else known, totals give it away."""
    return st.sampled_from(
        [
            Count.known(value),
            Count.suppressed(upper=value + 3),
            *([FEW] if value < 5 else []),
        ]
    )


hiding = worlds(hide=hide)


def of_printed(table: CountTable, cell: str = "total") -> Result:
    """Return the count that is printed for all countries there are."""
    printed = next(code for code in table.categories("area") if AREA in code)
    return total(table, area=printed, sex=cell, rules=[])


@given(hiding)
def test_a_hidden_count_is_counted_as_its_source_has_it(world: World) -> None:
    for area, cell, count in hidden_of(world):
        found = total(world.table(), area=area, sex=cell, rules=[])
        assert found.reported == found.bounds == count.interval
        assert count.interval.within(found.possible)
        assert found.context.hidden is not None
        assert found.context.hidden.counts == count.interval
        assert found.context.hidden.areas == {area}


@given(hiding, st.sampled_from(["all", "recorded"]))
def test_a_hidden_count_is_divided_as_its_source_has_it(world: World, base: str) -> None:
    for area, cell, count in hidden_of(world):
        if cell in world.categories:
            found = share(world.table(), area=area, sex=cell, base=base, rules=[])
            assert found.numerator == count.interval
        if cell == "unknown":
            found = share(world.table(), area=area, sex="female", base=base, rules=[])
            assert count.interval.within(found.unknown)


@examples(60)
@given(worlds(hide=hide, printed=True))
def test_leaving_out_who_is_hidden_says_no_more_than_the_source_does(world: World) -> None:
    cells = [cell for cell in ("total", "female") if world.shown[AREA, cell].reason == "known"]
    for cell in cells:
        rows = [row for row in world.rows() if row[1] == cell]
        found = leave_one_out(table_of(rows), lambda t, cell=cell: of_printed(t, cell))
        for label, move in zip(found.labels, found.moves(), strict=True):
            count = world.shown[label, cell]
            if count is not None and count.reason in HIDDEN:
                # Nobody is more than all.
                most = min(count.upper, found.whole.reported.upper)
                assert move == Interval(-most, -count.lower)


@given(hiding)
def test_an_export_has_what_the_source_has(world: World) -> None:
    table = world.table()
    again = CountTable.from_frame(table.to_frame(), kind="victims")
    for area, cell, count in hidden_of(world):
        assert table.where(area=area).count(sex=cell) == count
        assert again.where(area=area).count(sex=cell) == count


@given(worlds(hide=hide, printed=False))
def test_a_sum_over_categories_is_as_wide_as_what_is_hidden_in_it(world: World) -> None:
    assume(set(world.listed) == set(world.categories))
    table = table_of([row for row in world.rows() if row[1] in world.categories])
    summed = table.sum(by="area")
    for country in COUNTRIES:
        counts = [world.shown[country, cell] for cell in world.categories]
        found = reduce(add, (count.interval for count in counts))
        assert summed.count(area=country).interval == found


def test_a_change_is_as_wide_as_what_is_hidden_in_it() -> None:
    rows = [(2015, "total", 100), (2015, "female", FEW), (2015, "male", 97)]
    rows += [(2016, "total", 100), (2016, "female", 10), (2016, "male", 90)]
    table = CountTable.from_rows(
        rows, columns=["period", "sex", "value"], kind="victims", area="BE", status="registered"
    )
    old, new = (total(table, period=year, sex="female") for year in (2015, 2016))
    assert change(old, new, unit="count").reported == Interval(6, 10)


def test_the_hidden_member_of_a_printed_whole_is_not_what_the_others_leave_of_it() -> None:
    rows = [(AREA, "total", 100), ("BE", "total", 60), ("DE", "total", 37), ("FR", "total", FEW)]
    found = leave_one_out(table_of(rows), of_printed)
    assert found["FR"].reported == Interval(96, 100)
    assert dict(zip(found.labels, found.moves(), strict=True))["FR"] == Interval(-4, 0)
    assert not found["FR"].sharp
    assert found["BE"].reported == Interval.point(40)


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
    women = Hidden(cells=2, areas=frozenset({"BE", "FR"}), counts=Interval.at_least(0))
    assert total(table, sex="female").context.hidden == women
    assert share(table, sex="female", base="all").context.hidden == women
    everybody = breakdown(table, by="sex", base="recorded")["female"].context.hidden
    assert everybody is not None
    assert (everybody.cells, everybody.areas) == (4, {"BE", "DE", "FR"})
    assert total(table).context.hidden is None
    assert total(table, sex="male", area="DE").context.hidden == Hidden(
        cells=1, areas=frozenset({"DE"}), counts=Interval(0, 4)
    )


def test_the_missing_are_not_hidden() -> None:
    table = table_of([("BE", "total", Count.not_reported()), ("DE", "total", FEW)])
    found = total(table).context.hidden
    assert found is not None
    assert found.areas == {"DE"}


@pytest.mark.parametrize("asked", ["2015", "2018"])
def test_breaks_of_a_series_are_known_to_the_numbers_of_all_its_years(asked: str) -> None:
    rows = [("BE", 2015, 9, ""), ("BE", 2016, 9, "b"), ("BE", 2018, 9, "p"), ("FR", 2016, 9, "b")]
    table = CountTable.from_rows(
        rows, columns=["area", "period", "value", "flags"], kind="victims", status="registered"
    )
    assert total(table, area="BE", period=asked).context.breaks == {("BE", "2016")}
    both = total(table, area="BE+FR", period=asked).context.breaks
    assert both == {("BE", "2016"), ("FR", "2016")}
    assert total(table.where(period=2015), area="BE").context.breaks == frozenset()


def test_breaks_of_another_series_are_not_those_of_this_one() -> None:
    rows = [("identified", 2015, 9, ""), ("presumed", 2015, 9, "b")]
    table = CountTable.from_rows(
        rows, columns=["status", "period", "value", "flags"], kind="victims", area="BE"
    )
    assert total(table, status="identified").context.breaks == frozenset()
    assert total(table, status="presumed").context.breaks == {("BE", "2015")}
