"""What else is hidden, so that nobody can work out what is hidden for itself."""

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosure.tables import FORMS, SEXES, Truth, fitting, table_of, truths, with_margins
from tests.examples import examples
from thbstats.disclosure import exposure, primary, protect
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Count


def _published(truth: Truth, hidden: set[int], limit: int) -> dict[tuple[str, str], Count | int]:
    """Return what is published where some rows are hidden, with an upper end for each."""
    whole = sum(n for key, n in truth.items() if "total" not in key)
    few, others = Count.fewer_than(limit, at_least=1), Count.suppressed(limit, whole + 8)
    return {
        key: (few if 0 < n < limit else others) if row in hidden else n
        for row, (key, n) in enumerate(truth.items())
    }


def _is_safe(truth: Truth, hidden: set[int], limit: int, width: int) -> bool:
    """Whether all tables that fit leave each few as wide, by trying them all."""
    keys = [key for key, n in truth.items() if 0 < n < limit]
    least = dict.fromkeys(keys, limit)
    most = dict.fromkeys(keys, 0)
    for table in fitting(_published(truth, hidden, limit)):
        for key in keys:
            least[key], most[key] = min(least[key], table[key]), max(most[key], table[key])
    return all(most[key] - least[key] >= width for key in keys)


@st.composite
def small(draw: st.DrawFn) -> Truth:
    """Draw two sexes by two forms, with counts so small that all tables can be tried."""
    values = draw(st.lists(st.integers(0, 6), min_size=4, max_size=4))
    keys = [(sex, form) for sex in SEXES[:2] for form in FORMS[:2]]
    return with_margins(dict(zip(keys, values, strict=True)))


@examples(12)
@given(small(), st.integers(1, 2), st.sampled_from(["count", "cells"]))
def test_no_cheaper_choice_is_safe(truth: Truth, width: int, least: str) -> None:
    """Every choice of further rows is tried, and every table that fits what is published."""
    limit = 4
    numbers = list(truth.values())
    few = {row for row, n in enumerate(numbers) if 0 < n < limit}
    try:
        found = protect(
            table_of(truth),
            fewer_than=limit,
            width=width,
            least=least,  # type: ignore[arg-type]
            insiders=False,
        )
    except ImpossibleResult:
        others = {row for row, n in enumerate(numbers) if n >= limit}
        assert not _is_safe(truth, few | others, limit, width)
        return
    assert set(found.primary.rows.tolist()) == few
    assert found.is_safe
    assert found.is_cheapest
    others = [row for row, n in enumerate(numbers) if n >= limit]
    costs = {row: numbers[row] if least == "count" else 1 for row in others}
    cheaper = (
        chosen
        for size in range(len(others) + 1)
        for chosen in combinations(others, size)
        if sum(costs[row] for row in chosen) < found.cost
    )
    assert not any(_is_safe(truth, few | set(chosen), limit, width) for chosen in cheaper)


@examples(12)
@given(truths(most=30), st.booleans())
def test_an_attack_on_what_is_published_narrows_nothing_that_is_hidden_for_itself(
    truth: Truth, insiders: bool
) -> None:
    found = protect(table_of(truth), fewer_than=5, insiders=insiders)
    few, others = Count.fewer_than(5, at_least=1), Count.suppressed(5)
    nothing = {key: (few if n < 5 else others) if n else 0 for key, n in truth.items()}
    attacked, best = exposure(found.table), exposure(table_of(nothing))
    widest = dict(zip(best.rows.tolist(), best.width.tolist(), strict=True))
    for row, width in zip(attacked.rows.tolist(), attacked.width, strict=True):
        if row in found.primary.causes:
            assert width == widest[row]
    assert found.is_safe
    for row, number in enumerate(truth.values()):
        count = found.table.record(row).count
        assert (count.value == number) == (row not in found.hidden)
        assert count.interval.contains(number)


@examples(8)
@given(truths(most=30))
def test_no_further_row_can_be_published_after_all(truth: Truth) -> None:
    found = protect(table_of(truth), fewer_than=5, width=2, insiders=False)
    for row in found.further.tolist():
        counts = {
            key: number if place == row else found.table.record(place).count
            for place, (key, number) in enumerate(truth.items())
        }
        attacked = exposure(table_of(counts))
        width = attacked.width[np.isin(attacked.rows, found.primary.rows)]
        assert width.min() < 2


def _example() -> Truth:
    return with_margins(
        {
            ("female", "sexual"): 60,
            ("female", "labour"): 12,
            ("female", "other"): 9,
            ("male", "sexual"): 3,
            ("male", "labour"): 41,
            ("male", "other"): 14,
        }
    )


def test_three_more_counts_hide_one() -> None:
    found = protect(table_of(_example()), fewer_than=5)
    keys = list(_example())
    hidden = {keys[row] for row in found.hidden.tolist()}
    assert hidden == {
        ("male", "sexual"),
        ("female", "sexual"),
        ("male", "other"),
        ("female", "other"),
    }
    assert found.cost == 60 + 14 + 9
    assert found.total_hidden == 60 + 14 + 9 + 3


def test_what_must_be_published_is() -> None:
    keys = list(_example())
    found = protect(table_of(_example()), fewer_than=5, keep={"sex": "female"})
    further = {keys[row] for row in found.further.tolist()}
    sums = [{"sex": "total"}, {"exploitation": "total"}]
    inside = protect(table_of(_example()), fewer_than=5, keep=sums)
    assert not any("total" in keys[row] for row in inside.further.tolist())
    assert further == {("male", "other"), ("total", "other"), ("total", "sexual")}


def test_what_is_kept_can_make_protection_impossible() -> None:
    table = table_of(_example())
    with pytest.raises(ImpossibleResult, match="anybody can tell this count whatever else"):
        protect(table, fewer_than=5, keep={"sex": ["female", "total"]})


def test_the_hint_names_rows_to_keep_only_where_some_are_kept() -> None:
    few = CountTable.from_rows(
        [("total", 3), ("male", 1), ("female", 2)],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
    )
    with pytest.raises(ImpossibleResult, match=r"field 'width'.* Ask for less width"):
        protect(few, fewer_than=5, width=3)
    with pytest.raises(ImpossibleResult, match=r"field 'keep'.* Keep fewer rows, or ask for less"):
        protect(table_of(_example()), fewer_than=5, keep={"sex": ["female", "total"]})


def test_whoever_is_alone_in_a_cell_does_not_learn_the_other_one() -> None:
    """One man and two women: without insiders, both hide each other; he would know the women."""
    table = CountTable.from_rows(
        [("total", 33), ("male", 1), ("female", 2), ("unknown", 30)],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
    )
    outside = protect(table, fewer_than=5, width=1, insiders=False)
    assert outside.hidden.tolist() == [1, 2]
    inside = protect(table, fewer_than=5, width=1)
    assert inside.attackers == ("anybody", "the one counted in FR 2020: male")
    assert inside.further.tolist() == [3]
    assert inside.inside.tolist() == [np.inf, 3]


def test_the_only_contributor_of_a_count_does_not_learn_another_one() -> None:
    table = CountTable.from_rows(
        [("total", 100), ("female", 60), ("male", 40)],
        columns=["sex", "value"],
        kind="victims",
        area="EU28",
        period=2020,
    )
    countries = CountTable.from_rows(
        [("UK", "female", 55), ("FR", "female", 5), ("FR", "male", 40)],
        columns=["area", "sex", "value"],
        kind="victims",
        period=2020,
    )
    chosen = primary(table, dominance=(1, 90), contributors=countries)
    assert chosen.rows.tolist() == [1, 2]
    assert protect(chosen, width=10, insiders=False).hidden.tolist() == [1, 2]
    found = protect(chosen, width=10)
    assert found.attackers == ("anybody", "FR")
    assert found.hidden.tolist() == [0, 1, 2]


def test_a_table_that_needs_nothing_more_hides_nothing_more() -> None:
    table = CountTable.from_rows(
        [("female", 3), ("male", 40)],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
    )
    found = protect(table, fewer_than=5)
    assert found.hidden.tolist() == [0]
    assert found.cost == found.bound == 0


def test_where_the_search_is_cut_short_the_table_is_safe_and_the_gap_is_said() -> None:
    generator = np.random.default_rng(5)
    forms = ["sexual", "labour", "other", "unknown"]
    inside = {(s, f): int(generator.integers(0, 40)) for s in SEXES for f in forms}
    table = table_of(with_margins(inside))
    full, short = protect(table, fewer_than=8), protect(table, fewer_than=8, rounds=1)
    assert full.is_safe
    assert short.is_safe
    assert full.is_cheapest
    assert short.bound <= full.cost <= short.cost
    assert not short.is_cheapest
    assert "might be spared" in str(short.confidential)


def test_counts_that_are_not_what_is_assumed_are_refused() -> None:
    table = CountTable.from_rows(
        [("total", 50), ("female", 3), ("male", 40)],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
    )
    with pytest.raises(ImpossibleResult, match=r"not what is assumed.*leave it out of exhaustive"):
        protect(table, fewer_than=5)
    assert protect(table, fewer_than=5, unprinted_unknown=True).hidden.tolist() == [1]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"fewer_than": 5, "width": 4}, "no wider than 3"),
        ({"fewer_than": 5, "rounds": 0}, "at least one round"),
        ({"fewer_than": 5, "least": "persons"}, "no such cost"),
        ({}, "no rule"),
    ],
)
def test_what_cannot_be_done_is_refused(asked: dict[str, int], problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        protect(table_of(_example()), **asked)  # type: ignore[arg-type]


def test_a_count_without_an_interval_needs_a_width() -> None:
    table = CountTable.from_rows(
        [("total", 100), ("female", 60), ("male", 40)],
        columns=["sex", "value"],
        kind="victims",
        area="EU28",
        period=2020,
    )
    countries = CountTable.from_rows(
        [("UK", 55), ("FR", 5)],
        columns=["area", "value"],
        kind="victims",
        sex="female",
        period=2020,
    )
    chosen = primary(table, dominance=(1, 90), contributors=countries)
    with pytest.raises(InvalidValue, match="without an interval"):
        protect(chosen)
    with pytest.raises(InvalidValue, match="decided already"):
        protect(chosen, fewer_than=5, width=1)


def test_it_shows_the_suppressed_rows_and_the_bounds_of_an_attacker() -> None:
    found = protect(table_of(_example()), fewer_than=5)
    frame = found.to_frame()
    assert frame.loc[2, ["stated_lower", "stated_upper", "lower", "upper"]].tolist() == [1, 4, 1, 4]
    assert found.to_dict()["is_safe"]
    assert len(found.to_dict()["suppressed"]) == 4
    text = " ".join(str(found).split())
    assert "4 of 12 rows are suppressed." in text
    assert "every protection level holds" in text
    assert "insiders who know a suppressed count" in text
    assert "insiders" not in str(protect(table_of(_example()), fewer_than=5, insiders=False))
    assert repr(found) == "<Protection 4 of 12 rows suppressed; safe>"


def test_a_person_who_is_alone_in_a_cell_and_in_its_sum_is_one_person() -> None:
    counts = {
        ("female", "sexual"): 1,
        ("female", "labour"): 0,
        ("male", "sexual"): 20,
        ("male", "labour"): 30,
    }
    found = protect(table_of(with_margins(counts)), fewer_than=5, width=1)
    assert found.attackers == ("anybody", "the one counted in FR 2020: female, sexual")
    assert found.is_safe


def test_three_dimensions_are_protected_too() -> None:
    sexes, ages, forms = SEXES[:2], ("child", "adult"), FORMS[:2]
    inside = dict(zip(product(sexes, ages, forms), [3, 25, 14, 19, 8, 0, 31, 40], strict=True))
    rows = [
        (
            *key,
            sum(
                n
                for cell, n in inside.items()
                if all(code in ("total", one) for code, one in zip(key, cell, strict=True))
            ),
        )
        for key in product(*((*side, "total") for side in (sexes, ages, forms)))
    ]
    table = CountTable.from_rows(
        rows,
        columns=["sex", "age", "exploitation", "value"],
        kind="victims",
        area="FR",
        period=2020,
    )
    found = protect(table, fewer_than=5)
    attacked = exposure(found.table)
    (row,) = found.primary.rows.tolist()
    place = attacked.rows.tolist().index(row)
    assert (attacked.lower[place], attacked.upper[place]) == (1, 4)
    assert found.is_cheapest


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"fewer_than": "5"}, "field 'fewer_than', value '5': no count of anybody"),
        ({"fewer_than": 2.5}, "field 'fewer_than', value 2.5: no count of anybody"),
        ({"fewer_than": 5, "width": 0}, "field 'width', value 0: a count that can be no other"),
        ({"fewer_than": 5, "width": -1}, "field 'width', value -1"),
        ({"fewer_than": 5, "width": 1.5}, "field 'width', value 1.5"),
        ({"fewer_than": 5, "width": "2"}, "field 'width', value '2'"),
        ({"fewer_than": 5, "rounds": "x"}, "field 'rounds', value 'x'"),
        ({"fewer_than": 5, "keep": {"sex": "other"}}, "no row of the table is like this"),
    ],
)
def test_numbers_that_protect_nothing_and_rows_that_are_not_there_are_refused(
    asked: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InvalidValue, match=problem):
        protect(table_of(_example()), **asked)
