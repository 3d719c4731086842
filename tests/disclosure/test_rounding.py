"""Controlled rounding."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosure.tables import (
    AGES,
    FORMS,
    SEXES,
    Truth,
    in_three_dimensions,
    made,
    of_areas,
    of_sex,
    table_of,
    truths,
    with_margins,
)
from tests.examples import examples
from thbstats.disclosure import disclosure_audit, round_controlled
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.values import Count, Reason

NAMES = ("sex", "age", "exploitation")


def _adds_up(keys: list[tuple[str, str]], rounded: list[int]) -> bool:
    counts = dict(zip(keys, rounded, strict=True))
    inside = {key: n for key, n in counts.items() if "total" not in key}
    return with_margins(inside) == counts


@given(truths(most=40), st.sampled_from([2, 3, 5, 10]))
@examples(15)
def test_parts_add_up_and_each_is_within_a_base(truth: Truth, base: int) -> None:
    result = round_controlled(table_of(truth), base)
    rounded, numbers = result.rounded.tolist(), list(truth.values())
    assert _adds_up(list(truth), rounded)
    assert all(abs(r - n) < base for r, n in zip(rounded, numbers, strict=True))
    assert all(r % base == 0 for r in rounded)
    assert all(r == n for r, n in zip(rounded, numbers, strict=True) if n % base == 0)
    assert result.is_optimal


@given(truths(most=12, size=2), st.sampled_from([3, 5]))
@examples(12)
def test_no_other_multiples_change_less(truth: Truth, base: int) -> None:
    """Two sexes by two forms: every choice of the multiple below or above is tried."""
    numbers = list(truth.values())
    choices = [
        [n] if n % base == 0 else [n // base * base, (n // base + 1) * base] for n in numbers
    ]
    minimum = min(
        sum(abs(r - n) for r, n in zip(choice, numbers, strict=True))
        for choice in product(*choices)
        if _adds_up(list(truth), list(choice))
    )
    assert round_controlled(table_of(truth), base).total_change == minimum


@given(truths(most=20), st.randoms(use_true_random=False))
@examples(6)
def test_the_order_of_rows_does_not_matter(truth: Truth, random: object) -> None:
    keys = list(truth)
    random.shuffle(keys)  # type: ignore[attr-defined]
    plain = dict(zip(truth, round_controlled(table_of(truth), 5).rounded.tolist(), strict=True))
    mixed = round_controlled(table_of({key: truth[key] for key in keys}), 5)
    assert dict(zip(keys, mixed.rounded.tolist(), strict=True)) == plain


@examples(6)
@given(truths(most=20))
def test_attacker_bounds_of_a_rounded_table_contain_the_counts(truth: Truth) -> None:
    result = round_controlled(table_of(truth), 5)
    audit = disclosure_audit(result.table)
    assert len(audit) == len(truth)
    for row, n in enumerate(truth.values()):
        assert audit.lower[row] <= n <= audit.upper[row]
        assert result.table.record(row).count.reason is Reason.ROUNDED
        assert result.table.record(row).count.upper == result.rounded[row] + 4


def test_unpublished_sums_are_satisfied() -> None:
    rows = [("female", "child", 2), ("female", "adult", 2), ("male", "child", 2)]
    rows += [("total", "child", 4), ("total", "adult", 4), ("male", "adult", 2)]
    table = made("sex age", rows)
    rounded = round_controlled(table, 3).rounded.tolist()
    assert rounded[3] == rounded[0] + rounded[2]
    assert rounded[4] == rounded[1] + rounded[5]


def test_three_dimensions_are_rounded_if_possible() -> None:
    table = in_three_dimensions(np.random.default_rng(1).integers(0, 30, 8).tolist())
    result = round_controlled(table, 5)
    keys = [tuple(table.columns.key(row)[n] for n in NAMES) for row in range(len(table))]
    rounded = dict(zip(keys, result.rounded.tolist(), strict=True))
    for sex, age in product((*SEXES[:2], "total"), (*AGES, "total")):
        assert rounded[sex, age, "total"] == sum(rounded[sex, age, form] for form in FORMS[:2])
    for age, form in product((*AGES, "total"), (*FORMS[:2], "total")):
        assert rounded["total", age, form] == sum(rounded[sex, age, form] for sex in SEXES[:2])


def test_infeasible_rounding_raises() -> None:
    """Of three countries with 3 each, two of any pair would have to go opposite ways."""
    table = of_areas(BE=3, FR=3, NL=3, BE_FR=6, FR_NL=6, BE_NL=6)
    with pytest.raises(ImpossibleResult, match="No adjacent multiples"):
        round_controlled(table, 2)


def test_confidential_part_marks_counts_not_at_the_nearest_multiple() -> None:
    table = of_sex(total=7, female=2, male=2, unknown=3)
    result = round_controlled(table, 5)
    assert result.changes.tolist() == [-2, -2, -2, 2]
    assert not result.adjusted.any()
    other = round_controlled(table, 4)
    assert other.rounded.tolist() == [8, 0, 4, 4]
    assert repr(other) == "<RoundedTable 4 counts to multiples of 4>"
    three = of_sex(total=3, female=1, male=1, unknown=1)
    ten = round_controlled(three, 10)
    assert ten.rounded.tolist() == [0, 0, 0, 0]
    two = round_controlled(three, 2)
    assert two.rounded[0] == two.rounded[1:].sum()
    assert "Rounded to multiples of 10 so that parts add up to their totals." in str(ten)
    assert ten.to_dict() == {"base": 10, "rounded": [0, 0, 0, 0]}
    confidential = ten.confidential
    assert "The total change is 6 (the minimum); the" in str(confidential)
    assert confidential.to_dict()["changes"] == [-3, -1, -1, -1]
    assert confidential.to_frame()["adjusted"].tolist() == [False] * 4


def test_sums_take_precedence_over_the_nearest_multiple() -> None:
    table = of_sex(total=12, female=4, male=4, unknown=4)
    result = round_controlled(table, 5)
    assert result.rounded.tolist() == [15, 5, 5, 5]
    assert result.adjusted.tolist() == [True, False, False, False]
    assert "! 15" in str(result.confidential)


def test_intervals_and_invalid_bases_are_rejected() -> None:
    table = of_sex(total=12, female=Count.fewer_than(5))
    with pytest.raises(InvalidValue, match="all counts must be known"):
        round_controlled(table)
    for base in (1, 0, 2.5, "5"):
        with pytest.raises(InvalidValue, match="`base` must be an integer of 2 or more"):
            round_controlled(table, base)


def test_time_limit_is_not_reported_as_infeasible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("thbstats.disclosure.controlled_rounding._SECONDS", 0.0)
    table = table_of(with_margins({("female", "sexual"): 4, ("male", "sexual"): 12}))
    with pytest.raises(InvalidValue, match="No solution was found"):
        round_controlled(table, 5)


def test_multiples_of_the_base_stay_unchanged() -> None:
    table = table_of(with_margins({("female", "sexual"): 5, ("male", "sexual"): 10}))
    assert round_controlled(table, 5).total_change == 0
