"""Distinct persons: certified bounds from sizes, overlaps and suppressed cells."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lists.tables import lists
from thbstats import Count
from thbstats.errors import ImpossibleResult
from thbstats.lists import Lists, distinct
from thbstats.values import Interval

# Persons, registrations, and bounds from sizes, with overlaps of pairs, and with those below 5
# suppressed; computed with another solver of integer programs.
BOUNDS = {
    "Korea": (123, 207, (77, 207), (118, 123), (118, 123)),
    "Kosovo": (4400, 5909, (1910, 5909), (4046, 4740), (4046, 4740)),
    "UKdat_5": (2744, 2973, (1169, 2973), (2735, 2792), (2732, 2792)),
    "UKdat": (2744, 3008, (1102, 3008), (2731, 2802), (2725, 2802)),
    "NewOrl_5": (186, 201, (76, 201), (184, 191), (173, 201)),
}


def published(whole: Lists, *, pairs: bool = False, suppress: bool = False) -> Lists:
    """Return lists of which only sizes, and perhaps overlaps of pairs, are published."""
    known = {own: whole.bounds_of(whole.persons_on({own}))[0] for own in whole.names}
    counts: dict[object, Count | int] = {**known}
    for pair in combinations(whole.names, 2) if pairs else ():
        number = whole.bounds_of(whole.persons_on(pair))[0]
        counts[pair] = Count.fewer_than(5) if suppress and 0 < number < 5 else number
    return Lists(whole.names, overlaps=counts)


@pytest.mark.parametrize("name", BOUNDS)
def test_bounds_of_published_tables(name: str):
    persons, registrations, sizes, pairs, suppressed = BOUNDS[name]
    whole = lists(name)
    found = distinct(whole)
    assert (found.value, found.bounds_attained) == (Interval.point(persons), True)
    assert (
        f"registrations is {registrations:,}, and the number of persons is {persons:,}:"
        in found.warnings[0].message
    )
    for part, expected in (
        (published(whole), sizes),
        (published(whole, pairs=True), pairs),
        (published(whole, pairs=True, suppress=True), suppressed),
    ):
        result = distinct(part)
        assert (result.bounds, result.value) == (Interval(*expected), None)
        assert result.status.code == "bounded"
        certificate = part.certificate
        assert certificate.lower_proof is not None
        assert certificate.upper_proof is not None
        assert certificate.lower_proof.is_valid
        assert certificate.upper_proof.is_valid
        assert certificate.interval == result.bounds


def test_table_of_a_bound_is_left_out_if_a_count_is_suppressed():
    counts = {"a": 3, "b": Count.suppressed(1, 4), ("a", "b"): 2}
    assert Lists("ab", counts).certificate.lower_table is None
    table = Lists("ab", counts | {"b": 4}).certificate.lower_table
    assert table == {"a": 3, "b": 4, "a + b": 2}


def test_registrations_without_a_key_widen_the_bounds_by_their_number():
    counts = {"a": 3, "b": 4, ("a", "b"): 5}
    found = distinct(Lists("ab", counts, without_key={"a": 2, "b": 1}))
    assert found.bounds == Interval(12, 15)
    assert found.estimand.endswith("; registrations without a key, which widen the bounds: 3")
    sizes = {"a": 8, "b": 9}
    assert distinct(Lists(sizes, overlaps=sizes, without_key={"a": 2})).bounds == Interval(9, 19)


def test_unknown_histories_have_no_upper_bound():
    assert distinct(Lists("ab", {"a": 3, "b": 4})).bounds == Interval(7, None)


def test_contradictory_overlaps_are_refused():
    with pytest.raises(ImpossibleResult):
        distinct(Lists("ab", overlaps={"a": 3, "b": 4, ("a", "b"): 5}))


tables = st.lists(st.integers(0, 30), min_size=7, max_size=7)


def of_histories(numbers: list[int]) -> Lists | None:
    """Return three lists, if each has a person."""
    sets = [own for n in (1, 2, 3) for own in combinations("abc", n)]
    counts = dict(zip(sets, numbers, strict=True))
    if not all(sum(n for own, n in counts.items() if name in own) for name in "abc"):
        return None
    return Lists("abc", counts, complete=True)


@given(tables)
def test_more_information_never_widens_and_the_truth_is_inside(numbers: list[int]):
    whole = of_histories(numbers)
    if whole is None:
        return
    wide = distinct(published(whole)).bounds
    some = distinct(published(whole, pairs=True, suppress=True)).bounds
    narrow = distinct(published(whole, pairs=True)).bounds
    truth = distinct(whole).bounds
    for inner, outer in ((truth, narrow), (narrow, some), (some, wide)):
        assert outer.contains(inner.lower or 0)
        assert outer.contains(inner.upper or 0)
    # Closed form of the bounds from sizes alone.
    sizes = [whole.bounds_of(whole.persons_on({name}))[0] for name in "abc"]
    assert wide == Interval(max(sizes), sum(sizes))


@given(tables, st.permutations("abc"))
def test_order_and_names_of_lists_change_nothing(numbers: list[int], order: list[str]):
    whole = of_histories(numbers)
    if whole is None:
        return
    part = published(whole, pairs=True)
    new = dict(zip("abc", ("x", "y", "z"), strict=True))
    overlaps = {tuple(new[name] for name in own): n for own, n in part.overlaps.items()}
    other = Lists([new[name] for name in order], overlaps=overlaps)
    assert distinct(other).bounds == distinct(part).bounds


@given(tables)
def test_added_list_of_which_nothing_is_known_leaves_the_bounds_valid(numbers: list[int]):
    whole = of_histories(numbers)
    if whole is None:
        return
    part = published(whole, pairs=True)
    wider = distinct(Lists("abcd", overlaps=part.overlaps)).bounds
    assert wider.lower == distinct(part).bounds.lower
    assert wider.upper is None
