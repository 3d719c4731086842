"""Rows of the query alone, in tables whose counts add up."""

import gc
import weakref
from itertools import product

import numpy as np
import pytest

import thbstats as thb
from thbstats.panel.query_systems import systems_of
from thbstats.panel.system_rows import SystemRows

LEVELS = {
    "sex": ["female", "male", "unknown"],
    "age": ["child", "adult", "unknown"],
    "exploitation": ["sexual", "labour"],
}


def table_of(seed, *, changed=None, left_out=()):
    """Return counts with all margins, with another count in one cell, or without some cells."""
    counts = np.random.default_rng(seed).poisson(4, (3, 3, 2))
    for axis in range(3):
        counts = np.concatenate([counts.sum(axis=axis, keepdims=True), counts], axis=axis)
    cells = list(product(*(["total", *words] for words in LEVELS.values())))
    rows = [
        (area, 2020, *cell, 70 if (area, cell) == ("FR", changed) else int(n))
        for area in ("FR", "IT")
        for cell, n in zip(cells, counts.ravel(), strict=True)
        if cell not in left_out
    ]
    columns = ["area", "period", *LEVELS, "value"]
    return thb.CountTable.from_rows(rows, columns=columns, kind="victims", status="detected")


QUESTIONS = [
    {"sex": "female"},
    {"exploitation": "sexual"},
    {"sex": "female", "age": "child"},
    {"sex": "female", "where": {"exploitation": "sexual"}},
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("base", ["all", "known"])
def test_rows_of_the_query_have_the_same_answers_as_all_rows(monkeypatch, question, base):
    def ask():
        options = {"base": base, "by": ["area", "period"]}
        return thb.share(table_of(3), **options, **question)

    alone = ask()
    monkeypatch.setattr(SystemRows, "adds_up", False)
    assert alone.to_dict() == ask().to_dict()


def test_only_the_rows_of_the_query_are_solved():
    columns = table_of(1).columns
    assert len(systems_of(columns, names=frozenset({"sex"})).columns) == 8
    exclusive = frozenset({"exploitation"})
    assert len(systems_of(columns, exclusive, names=frozenset({"sex"})).columns) == 8
    assert len(systems_of(columns, names=frozenset({"sex", "age"})).columns) == 32
    assert len(systems_of(columns).columns) == 96


@pytest.mark.parametrize(
    "options",
    [
        {"changed": ("female", "child", "labour")},  # Parts that exceed their total.
        {"left_out": [("female", "child", "labour")]},  # A total without a part.
        {"left_out": [("total", "total", "total")]},  # Parts without their total.
    ],
)
def test_other_rows_are_solved_where_they_can_change_the_query(options):
    columns = table_of(1, **options).columns
    assert len(systems_of(columns, names=frozenset({"age"})).columns) >= 94


def test_combinations_without_a_row_need_all_rows():
    # Forms by citizenship have bounds that follow from forms by sex and citizenships by sex.
    levels = [LEVELS["sex"], ["sexual", "labour"], ["FR", "RO"]]
    counts = np.arange(12).reshape(3, 2, 2)
    for axis in range(3):
        counts = np.concatenate([counts.sum(axis=axis, keepdims=True), counts], axis=axis)
    cells = zip(product(*(["total", *own] for own in levels)), counts.ravel(), strict=True)
    rows = [(*cell, int(n)) for cell, n in cells if "total" in cell[1:]]
    names = ["sex", "exploitation", "citizenship"]
    table = thb.CountTable.from_rows(
        rows, columns=[*names, "value"], kind="victims", area="FR", period=2020
    )
    for queried, size in ((names[1:2], 3), (names[1:], 20)):
        assert len(systems_of(table.columns, names=frozenset(queried)).columns) == size


@pytest.mark.parametrize("names", [frozenset(), frozenset({"sex"})])
def test_systems_of_a_table_end_with_the_table(names):
    table = table_of(1)
    columns = weakref.ref(table.columns)
    assert len(systems_of(table.columns, names=names).columns) in (8, 96)
    del table
    gc.collect()
    assert columns() is None


NESTED = {"total": 9, "sexual": 4, "prostitution": 3, "other_sexual": 1, "labour": 5, "unknown": 0}


@pytest.mark.parametrize(
    ("changed", "adds_up"),
    [
        ({}, True),
        # Labour exploitation is 4 of 9, so that one person has no form.
        ({"labour": 4}, False),
        # The parts of sexual exploitation make up 3 of its 4 persons. The total is still their sum.
        ({"prostitution": 2}, False),
        # 9 persons are the sum of all five rows, but not of the two widest forms.
        ({"sexual": 2, "labour": 3}, False),
    ],
)
def test_each_category_of_a_full_table_is_the_sum_of_its_nearest_parts(changed, adds_up):
    counts = NESTED | changed
    sexes = {"total": 3, "female": 1, "male": 2, "unknown": 0}
    rows = [
        (sex, form, factor * count)
        for (sex, factor), (form, count) in product(sexes.items(), counts.items())
    ]
    table = thb.CountTable.from_rows(
        rows, columns=["sex", "exploitation", "value"], kind="victims", area="FR", period=2020
    )
    result = SystemRows.of(table.columns)
    assert result.is_full
    assert result.adds_up is adds_up


@pytest.mark.parametrize(
    ("male", "adds_up"), [(2, True), (1, False), (thb.Count.suppressed(), False)]
)
def test_margins_alone_are_sums_of_their_parts(male, adds_up):
    # 3 persons by sex and by form of exploitation, without the persons of each sex and form.
    rows = [("total", "total", 3), ("female", "total", 1), ("male", "total", male)]
    rows += [("total", "sexual", 1), ("total", "labour", 2)]
    table = thb.CountTable.from_rows(
        rows, columns=["sex", "exploitation", "value"], kind="victims", area="FR", period=2020
    )
    result = SystemRows.of(table.columns)
    assert not result.is_full
    assert result.adds_up is adds_up
