"""Rows of a table by group: sums, reductions and the rows of one group."""

import numpy as np

from thbstats.columns.grouped_rows import GroupRows

KEYS = np.array([2, 0, 2, -1, 0, 1])


def test_rows_are_sorted_by_group_in_the_order_of_the_table():
    grouped = GroupRows.of(KEYS, np.array([True, True, True, True, True, False]))
    assert grouped.rows.tolist() == [1, 4, 0, 2]
    assert grouped.groups.tolist() == [0, 2]
    assert grouped.rows[grouped.entries(2)].tolist() == [0, 2]
    assert grouped.spread(np.array([5, 7])).tolist() == [5, 5, 7, 7]


def test_sums_are_exact():
    grouped = GroupRows.of(KEYS, KEYS >= 0)
    assert grouped.sums(np.array([1, 2, 3, 4, 5])).tolist() == [3, 3, 9]
    assert grouped.sums(np.full(5, 2**62)).tolist() == [2**63, 2**62, 2**63]
    assert grouped.reduce(np.maximum, np.array([1, 2, 3, 4, 5])).tolist() == [2, 3, 5]
    assert grouped.all(np.array([True, False, True, True, True])).tolist() == [False, True, True]


def test_no_rows_have_no_sums():
    grouped = GroupRows.of(KEYS, np.zeros(6, dtype=bool))
    assert not len(grouped)
    assert grouped.sums(np.array([], dtype=np.int64)).tolist() == []
