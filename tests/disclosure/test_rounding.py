"""Counts rounded so that they add up."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosure.tables import Truth, table_of, truths, with_margins
from tests.examples import examples
from thbstats.disclosure import exposure, round_controlled
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Count, Reason


def _adds_up(keys: list[tuple[str, str]], printed: list[int]) -> bool:
    counts = dict(zip(keys, printed, strict=True))
    inside = {key: n for key, n in counts.items() if "total" not in key}
    return with_margins(inside) == counts


@examples(15)
@given(truths(most=40), st.sampled_from([2, 3, 5, 10]))
def test_parts_add_up_and_each_is_within_a_base(truth: Truth, base: int) -> None:
    found = round_controlled(table_of(truth), base)
    printed, numbers = found.printed.tolist(), list(truth.values())
    assert _adds_up(list(truth), printed)
    assert all(abs(one - n) < base for one, n in zip(printed, numbers, strict=True))
    assert all(one % base == 0 for one in printed)
    assert all(one == n for one, n in zip(printed, numbers, strict=True) if n % base == 0)
    assert found.is_least


@examples(12)
@given(truths(most=12, size=2), st.sampled_from([3, 5]))
def test_no_other_multiples_change_less(truth: Truth, base: int) -> None:
    """Two sexes by two forms: every choice of the multiple below or above is tried."""
    numbers = list(truth.values())
    choices = [
        [n] if n % base == 0 else [n // base * base, (n // base + 1) * base] for n in numbers
    ]
    least = min(
        sum(abs(one - n) for one, n in zip(chosen, numbers, strict=True))
        for chosen in product(*choices)
        if _adds_up(list(truth), list(chosen))
    )
    assert round_controlled(table_of(truth), base).total_change == least


@examples(6)
@given(truths(most=20), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(truth: Truth, random: object) -> None:
    keys = list(truth)
    random.shuffle(keys)  # type: ignore[attr-defined]
    plain = dict(zip(truth, round_controlled(table_of(truth), 5).printed.tolist(), strict=True))
    mixed = round_controlled(table_of({key: truth[key] for key in keys}), 5)
    assert dict(zip(keys, mixed.printed.tolist(), strict=True)) == plain


@examples(6)
@given(truths(most=20))
def test_what_is_told_of_a_rounded_table_contains_the_counts(truth: Truth) -> None:
    found = round_controlled(table_of(truth), 5)
    attacked = exposure(found.table)
    assert len(attacked) == len(truth)
    for row, n in enumerate(truth.values()):
        assert attacked.lower[row] <= n <= attacked.upper[row]
        assert found.table.record(row).count.reason is Reason.ROUNDED
        assert found.table.record(row).count.upper == found.printed[row] + 4


def test_sums_that_nobody_prints_hold_too() -> None:
    rows = [("female", "child", 2), ("female", "adult", 2), ("male", "child", 2)]
    rows += [("total", "child", 4), ("total", "adult", 4), ("male", "adult", 2)]
    table = CountTable.from_rows(
        rows, columns=["sex", "age", "value"], kind="victims", area="FR", period=2020
    )
    printed = round_controlled(table, 3).printed.tolist()
    assert printed[3] == printed[0] + printed[2]
    assert printed[4] == printed[1] + printed[5]


def test_three_dimensions_are_rounded_where_that_is_possible() -> None:
    sexes, ages, forms = ("female", "male"), ("child", "adult"), ("sexual", "labour")
    generator = np.random.default_rng(1)
    inside = {key: int(generator.integers(0, 30)) for key in product(sexes, ages, forms)}
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
    found = round_controlled(table, 5)
    printed = {tuple(row[:3]): n for row, n in zip(rows, found.printed.tolist(), strict=True)}
    for sex, age in product((*sexes, "total"), (*ages, "total")):
        assert printed[sex, age, "total"] == sum(printed[sex, age, form] for form in forms)
    for age, form in product((*ages, "total"), (*forms, "total")):
        assert printed["total", age, form] == sum(printed[sex, age, form] for sex in sexes)


def test_where_no_multiples_add_up_that_is_said() -> None:
    """Of three countries with 3 each, two of any pair would have to go opposite ways."""
    rows = [("BE", 3), ("FR", 3), ("NL", 3), ("BE+FR", 6), ("FR+NL", 6), ("BE+NL", 6)]
    table = CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2020)
    with pytest.raises(ImpossibleResult, match="no multiples next to the counts"):
        round_controlled(table, 2)


def test_it_shows_what_is_not_at_the_nearest_multiple() -> None:
    table = CountTable.from_rows(
        [("total", 7), ("female", 2), ("male", 2), ("unknown", 3)],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
    )
    found = round_controlled(table, 5)
    assert found.changes.tolist() == [-2, -2, -2, 2]
    assert not found.moved.any()
    odd = round_controlled(table, 4)
    assert odd.printed.tolist() == [8, 0, 4, 4]
    assert repr(odd) == "<RoundedTable 4 counts to multiples of 4>"
    three = CountTable.from_rows(
        [("total", 3), ("female", 1), ("male", 1), ("unknown", 1)],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
    )
    ten = round_controlled(three, 10)
    assert ten.printed.tolist() == [0, 0, 0, 0]
    two = round_controlled(three, 2)
    assert two.printed[0] == two.printed[1:].sum()
    assert "Rounded to multiples of 10, so that parts add up to their wholes." in str(ten)
    assert ten.to_dict() == {"base": 10, "printed": [0, 0, 0, 0]}
    confidential = ten.confidential
    assert "All changes together are 6 (no other choice has less); the" in str(confidential)
    assert confidential.to_dict()["changes"] == [-3, -1, -1, -1]
    assert confidential.to_frame()["adjusted"].tolist() == [False] * 4


def test_the_nearest_multiple_gives_way_to_the_sums_and_is_marked() -> None:
    table = CountTable.from_rows(
        [("total", 12), ("female", 4), ("male", 4), ("unknown", 4)],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
    )
    found = round_controlled(table, 5)
    assert found.printed.tolist() == [15, 5, 5, 5]
    assert found.moved.tolist() == [True, False, False, False]
    assert "! 15" in str(found.confidential)


def test_what_cannot_be_rounded_is_refused() -> None:
    table = CountTable.from_rows(
        [("total", 12), ("female", Count.fewer_than(5))],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
    )
    with pytest.raises(InvalidValue, match="before publication"):
        round_controlled(table)
    for base in (1, 0, 2.5, "5"):
        with pytest.raises(InvalidValue, match="2 or more"):
            round_controlled(table, base)


def test_a_search_that_is_stopped_does_not_say_that_there_is_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("thbstats.disclosure._rounding._SECONDS", 0.0)
    table = table_of(with_margins({("female", "sexual"): 4, ("male", "sexual"): 12}))
    with pytest.raises(InvalidValue, match="no multiples were found"):
        round_controlled(table, 5)


def test_multiples_of_the_base_stay() -> None:
    assert (
        Fraction(0)
        == round_controlled(
            table_of(with_margins({("female", "sexual"): 5, ("male", "sexual"): 10})), 5
        ).total_change
    )
