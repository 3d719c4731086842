"""Asked once for each kind of pair, a question has the same answers as asked for each pair."""

from collections import Counter
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.comparability.numbers import column, context, count
from thbstats.comparability import alike, by_key, each, each_pair, per_number
from thbstats.comparability.keys import kinds
from thbstats.results import Answer, Repeated, Result, Results, Severity

AREAS = ("BE", "FR", "DE", "LU")
GRID = column(*(count(n, context(AREAS[n % 4])) for n in range(7)))
places = st.lists(st.integers(0, 6), max_size=40).map(lambda found: np.array(found, dtype=np.intp))


def area(number: Result) -> str:
    return number.area


def same(one: str, two: str) -> Answer:
    return alike([one, None if "LU" in (one, two) else two])


@given(places)
def test_the_answers_are_those_of_asking_every_pair(chosen: np.ndarray) -> None:
    a, b = GRID.pick(chosen), GRID.pick(chosen[::-1])
    found = by_key(a, b, area, same)
    assert found.dtype == np.int8
    assert found.tolist() == each_pair(a, b, lambda x, y: same(x.area, y.area)).tolist()
    pairs, which = kinds(a, b, area)
    assert [pairs[kind] for kind in which] == [(x.area, y.area) for x, y in zip(a, b, strict=True)]


@given(places)
def test_numbers_of_two_columns_need_not_be_of_one_list(chosen: np.ndarray) -> None:
    a, b = GRID.pick(chosen), column(*GRID.pick(chosen[::-1]))
    assert by_key(a, b, area, same).tolist() == [
        same(x.area, y.area).code for x, y in zip(a, b, strict=True)
    ]


def test_weights_come_from_severities() -> None:
    found = by_key(
        GRID, GRID, area, lambda one, _: Severity.BLOCKING if one == "BE" else Severity.NOTE
    )
    assert found.tolist() == [2, 0, 0, 0, 2, 0, 0]


def test_many_keys_with_few_pairs_take_no_table_of_all_of_them() -> None:
    many = column(*(count(n, context("BE")) for n in range(40)))
    a, b = many.pick(np.array([3, 39, 3])), many.pick(np.array([4, 0, 3]))

    def itself(number: Result) -> int:
        value = number.numerator.value
        assert isinstance(value, int)
        return value

    everyone = by_key(many, many, itself, lambda one, two: alike([str(one), str(two)]))
    assert everyone.tolist() == [1] * 40
    found = by_key(a, b, itself, lambda one, two: alike([str(one), str(two)]))
    assert found.tolist() == [-1, -1, 1]


@pytest.mark.parametrize("wrapped", [False, True])
def test_no_number_and_no_pair_of_keys_is_asked_twice(wrapped: bool) -> None:
    asked: Counter[object] = Counter()
    grid = column(*GRID)

    def noting(_also: str, number: Result) -> str:
        asked[id(number)] += 1
        return number.area

    plain = partial(noting, "x")
    pairs: Counter[object] = Counter()

    def find(one: str, two: str) -> Answer:
        pairs[one, two] += 1
        return same(one, two)

    everyone = np.arange(7)
    for _ in range(3):
        key = partial(noting, "x") if wrapped else plain
        by_key(grid.pick(np.repeat(everyone, 7)), grid.pick(np.tile(everyone, 7)), key, find)
    assert set(asked.values()) == {1}
    assert set(pairs.values()) == {3}
    assert len(pairs) == 16


def test_only_numbers_that_stand_in_a_pair_are_asked() -> None:
    def never_of_luxembourg(number: Result) -> str:
        assert number.area != "LU"
        return number.area

    a = GRID.pick(np.array([0, 1]))
    assert by_key(a, a, never_of_luxembourg, same).tolist() == [1, 1]


@given(places)
def test_a_column_of_numbers_is_computed_once_and_spread_over_pairs(chosen: np.ndarray) -> None:
    calls = 0

    def doubled(numbers: Results) -> np.ndarray:
        nonlocal calls
        calls += 1
        return 2 * numbers.numerator.lower

    grid = column(*GRID)
    for _ in range(2):
        assert per_number(grid.pick(chosen), doubled).tolist() == (2.0 * chosen).tolist()
    assert calls == 1


@given(places)
def test_picked_numbers_are_the_numbers_at_their_places(chosen: np.ndarray) -> None:
    picked = GRID.pick(chosen)
    plain = [GRID.items[place] for place in chosen.tolist()]
    assert list(picked) == plain
    assert len(picked) == len(plain)
    assert picked == Results(caption=picked.caption, items=picked.items)
    assert picked.items == tuple(plain)
    assert isinstance(picked.items, Repeated)
    assert picked.items[1:] == tuple(plain[1:])
    assert [picked[place] for place in range(-len(plain), 0)] == plain
    assert picked.items != plain[0:0] or not plain
    assert picked.numerator == column(*plain).numerator
    assert picked.reported == column(*plain).reported
    again = np.arange(len(plain))[::-1]
    assert list(picked.pick(again)) == plain[::-1]
    assert picked.pick(again).distinct[0] is GRID
    assert each(picked, lambda number: alike([number.area, "BE"])).tolist() == [
        alike([number.area, "BE"]).code for number in plain
    ]


def test_picked_numbers_are_nothing_but_a_sequence_of_numbers() -> None:
    assert GRID.pick(np.array([0])).items != 3
