"""Counts: over those who reported, for the whole area, and with the unknown."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from thbstats.results import Measure

from tests.examples import examples
from tests.indicators.strategies import AREA, completions, table_of, worlds
from thbstats import Count, CountTable, Interval, total
from thbstats.errors import InvalidValue, NoSuchCell, UnknownName


def asked(world):
    assume(world.listed)
    return total(world.table(), sex=world.listed[0], area=AREA, rules=[])


@given(worlds())
def test_bounds_hold_the_true_count_whatever_is_hidden(world):
    assert asked(world).bounds.contains(world.true(world.listed[0]))


@given(worlds(), st.data())
def test_possible_holds_the_count_wherever_the_unknown_belong(world, data):
    found = asked(world)
    assume(found.unknown is not None)
    joining = data.draw(st.integers(0, world.true("unknown")))
    assert found.possible.contains(world.true(world.listed[0]) + joining)


@examples(60)
@given(worlds(most=2))
def test_bounds_hold_every_completion_and_reach_both_ends_where_they_are_sharp(world):
    assume(world.listed == world.categories)
    found = asked(world)
    counts = {sums[world.listed[0]] for sums in completions(world)}
    assume(counts)
    assert all(found.bounds.contains(count) for count in counts)
    if found.sharp:
        assert found.bounds.lower == min(counts)
        assert found.bounds.upper in (None, max(counts))


@given(worlds(printed=False))
def test_reported_is_the_sum_over_those_who_gave_the_count(world):
    found = asked(world)
    cell = world.listed[0]
    known = {
        place
        for place, counts in world.truth.items()
        if (count := world.shown[place, cell]) is not None
        and count.reason not in ("not_reported", "breakdown_not_reported")
    }
    assert found.reporters == known
    if known:
        assert found.reported.contains(world.true(cell, frozenset(known)))
    else:
        assert found.reported is None


@given(worlds(), st.data())
def test_filling_a_gap_never_widens_the_bounds(world, data):
    assume(world.listed == world.categories)
    area, cell = key = data.draw(st.sampled_from(sorted(world.shown)))
    known = world.true(cell) if area == AREA else world.truth[area][cell]
    after = asked(world.with_shown(key, Count.known(known)))
    assert after.bounds.within(asked(world).bounds)


@given(worlds(), st.data())
def test_the_order_of_rows_never_matters(world, data):
    rows = data.draw(st.permutations(world.rows()))
    assume(world.listed)
    other = total(table_of(rows), sex=world.listed[0], area=AREA, rules=[])
    assert asked(world).to_dict() == other.to_dict()


def test_a_count_has_no_base_and_no_category_when_it_is_the_total():
    found = total(table_of([("BE", "total", 10), ("FR", "total", 5)]))
    assert found.reported == Interval.point(15)
    assert (found.label, found.category, found.measure) == ("total", (), Measure.COUNT)
    assert found.unknown is None
    assert found.sharp


def test_naming_the_total_is_the_same_as_naming_nothing():
    table = table_of([("BE", "total", 10), ("BE", "female", 6)])
    assert total(table, sex="total").to_dict() == total(table).to_dict()


def test_the_unknown_can_be_counted_like_any_category():
    table = table_of([("BE", "total", 10), ("BE", "unknown", 3)])
    found = total(table, sex="unknown")
    assert found.reported == Interval.point(3)
    assert found.possible == Interval.point(3)


def test_the_unknown_can_raise_a_count_up_to_its_total():
    rows = [("BE", "total", 10), ("BE", "female", 6), ("BE", "male", 3), ("BE", "unknown", 9)]
    assert total(table_of(rows), sex="female").possible == Interval(6, 10)
    rows[3] = ("BE", "unknown", 1)
    assert total(table_of(rows), sex="female").possible == Interval(6, 7)


def test_a_missing_count_is_no_larger_than_the_printed_total():
    table = table_of([("BE", "total", 10), ("BE", "female", Count.not_reported())])
    found = total(table, sex="female")
    assert found.reported is None
    assert found.bounds == Interval(0, 10)
    assert not found.sharp


def test_a_suppressed_count_is_never_narrowed_by_its_total():
    table = table_of([("BE", "total", 3), ("BE", "female", Count.fewer_than(5))])
    assert total(table, sex="female").bounds == Interval(0, 4)


def test_a_country_without_a_row_leaves_the_union_without_upper_end():
    found = total(table_of([("BE", "total", 10)]), area="BE+FR")
    assert found.reported == Interval.point(10)
    assert found.bounds == Interval.at_least(10)
    assert found.context.missing == {"FR"}


def test_a_printed_aggregate_of_some_countries_is_a_lower_bound_for_the_union():
    rows = [("EU28", "total", 100, 25)]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value", "n_reporters"], kind="victims", period=2016
    )
    found = total(table)
    assert found.reported == Interval.point(100)
    assert found.bounds == Interval.at_least(100)


def test_a_printed_aggregate_of_listed_countries_takes_the_others_from_their_rows():
    rows = [("BE+DE+FR", 100, "BE,FR"), ("DE", 7, None)]
    table = CountTable.from_rows(
        rows, columns=["area", "value", "reporters"], kind="victims", period=2016
    )
    found = total(table, area="BE+DE+FR")
    assert found.reported == Interval.point(100)
    assert found.reporters == {"BE", "FR"}
    assert found.bounds == Interval.point(107)


def test_an_aggregate_that_lists_nobody_is_taken_as_that_of_all():
    found = total(table_of([("EU28", "total", 100)]))
    assert found.bounds == Interval.point(100)
    assert found.reporters is None


def test_flags_and_sources_of_other_areas_never_come_with_a_count():
    rows = [
        {"area": "BE", "value": 10, "flags": "p", "source": "first"},
        {"area": "FR", "value": 10, "flags": "e", "source": "second"},
        {"area": "UK", "value": 10, "flags": "b", "source": "third"},
    ]
    found = total(CountTable.from_rows(rows, kind="victims", period=2016), area="BE+DE+FR")
    assert found.context.flags == {"p", "e"}
    assert [source.title for source in found.context.sources] == ["first", "second"]


def test_a_single_country_that_gave_no_count_has_no_reporter():
    found = total(table_of([("BE", "total", Count.not_reported())]))
    assert found.reported is None
    assert found.reporters == frozenset()
    assert found.context.missing == {"BE"}


def test_only_rows_that_list_the_category_can_be_counted():
    with pytest.raises(NoSuchCell, match="sex=male") as caught:
        total(table_of([("BE", "female", 5)]), sex="male")
    assert "What there is" in str(caught.value)


def test_a_total_that_is_not_printed_is_not_made_from_its_parts():
    with pytest.raises(NoSuchCell, match="total") as caught:
        total(table_of([("BE", "female", 5)]))
    assert "CountTable.sum" in str(caught.value)


@pytest.mark.parametrize(
    ("selection", "error", "words"),
    [
        ({"sex": ["female"]}, InvalidValue, ["sex", "one word"]),
        ({"sex": "womn"}, UnknownName, ["sex", "womn", "female"]),
        ({"age": "child"}, NoSuchCell, ["age=child"]),
        ({"status": "presumed"}, NoSuchCell, ["status=presumed", "registered"]),
    ],
)
def test_a_wrong_selection_is_refused_with_its_name(selection, error, words):
    with pytest.raises(error) as caught:
        total(table_of([("BE", "total", 10), ("BE", "female", 5)]), **selection)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_count_that_no_country_gave_has_no_parts_and_is_reported_by_nobody():
    rows = [("BE", Count.not_reported()), ("FR", Count.not_reported())]
    table = CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2016)
    found = total(table)
    assert (found.parts, found.reported, found.bounds) == (None, None, Interval(0, None))
