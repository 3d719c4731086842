"""Sums of counts near 2**53: they are exact, or refused."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from thbstats.columns import Ranges
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable

AREAS = ("MT", "IT", "FR", "DE")
LARGE = st.integers(0, 100) | st.integers(2**50, 2**53)


def table_of(counts: list[tuple[int, int]]) -> CountTable:
    rows = [
        {"area": area, "sex": sex, "value": value}
        for area, (female, male) in zip(AREAS, counts, strict=False)
        for sex, value in (("female", female), ("male", male), ("total", female + male))
    ]
    return CountTable.from_rows(rows, kind="victims", period=2020)


@pytest.mark.parametrize(
    "counts",
    [
        [(8461424532611663, 0), (7719754407760110, 0)],
        [(0, 8461424532611663), (1, 7719754407760110)],
        [(2**52, 1), (2**52, 1), (2**51, 1)],
        [(2**53 - 2, 1), (1, 1)],
    ],
)
def test_sum_above_2_53_is_refused(counts: list[tuple[int, int]]) -> None:
    table, area = table_of(counts), "+".join(AREAS[: len(counts)])
    for question in (
        lambda: thb.share(table, sex="female", base="all", area=area),
        lambda: thb.share(table, sex="female", base="known", area=area),
        lambda: thb.total(table, area=area),
        lambda: thb.breakdown(table, of="sex", base="all", area=area),
    ):
        with pytest.raises(InvalidValue, match=r"2\*\*53.*exceed every population"):
            question()


@given(st.lists(st.tuples(LARGE, LARGE), min_size=2, max_size=4))
def test_sum_over_countries_is_exact_or_refused(counts: list[tuple[int, int]]) -> None:
    counts = [pair for pair in counts if 0 < sum(pair) <= 2**53]
    if not counts:
        return
    area = "+".join(AREAS[: len(counts)])
    female, everybody = sum(f for f, _ in counts), sum(f + m for f, m in counts)
    try:
        table = table_of(counts)
        share = thb.share(table, sex="female", base="all", area=area)
        total = thb.total(table, area=area)
    except InvalidValue:
        assert everybody >= 2**53
    else:
        assert everybody <= 2**53
        assert share.value.lower == share.value.upper == Fraction(female, everybody)
        assert total.value.lower == total.value.upper == everybody


@given(st.lists(st.tuples(LARGE, LARGE).map(sorted), min_size=1, max_size=5), st.booleans())
def test_sums_of_ranges_are_exact_or_refused(bounds: list[list[int]], are_open: bool) -> None:
    lower, upper = (sum(side) for side in zip(*bounds, strict=True))
    column = Ranges(
        [low for low, _ in bounds],
        [np.inf if are_open else high for _, high in bounds],
        [True] * len(bounds),
    )
    ways = (
        lambda: column.sum().interval(()),
        column.total,
        lambda: column.pool(np.array([0, len(bounds)])).interval(0),
        lambda: (column[:1] + column[1:].pool(np.array([0, len(bounds) - 1]))).interval(0),
    )
    for way in ways:
        try:
            result = way()
        except InvalidValue:
            assert lower > 2**53 if are_open else upper >= 2**53
        else:
            assert (result.lower, result.upper) == (lower, None if are_open else upper)


def test_many_large_counts_do_not_wrap_around() -> None:
    many = Ranges(np.full(4096, 2**52), np.full(4096, np.inf), np.ones(4096))
    for add in (many.sum, many.total, lambda: many.pool(np.array([0, 4096]))):
        with pytest.raises(InvalidValue, match=r"2\*\*53"):
            add()
