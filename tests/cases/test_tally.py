from collections import Counter
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.rows import check_rows
from thbstats.cases.answers import spelling
from thbstats.cases.coded_columns import FrameRows, combine_columns, tally_cases
from thbstats.columns import Coded
from thbstats.columns.coded import narrowest_type
from thbstats.errors import ImpossibleResult

values = st.sampled_from(["a", "A", "a ", "á", "á", "", None])
rows = st.lists(st.tuples(values, values, st.integers(0, 3)), max_size=40)


def code_column(values, name):
    return FrameRows({name: values}, len(values)).column(name)


def column_of(codes, size):
    return Coded(np.array(codes, dtype=narrowest_type(size)), tuple(range(size)))


def plain(tally, columns):
    """Return a tally as a mapping from values to counts."""
    digits, counts = tally.digits, tally.counts
    return {
        tuple(
            column.categories[digit[row]] for column, digit in zip(columns, digits, strict=True)
        ): n
        for row, n in enumerate(counts.tolist())
    }


def columns_of(rows):
    return [code_column([row[number] for row in rows], "x") for number in range(3)]


@given(rows, st.data())
@examples(15)
def test_tally_equals_a_loop_over_combinations_and_weights_repeat_rows(rows, data):
    columns = columns_of(rows)
    assert plain(tally_cases(columns, np.ones(len(rows), dtype=np.int64)), columns) == Counter(rows)
    times = data.draw(st.lists(st.integers(0, 5), min_size=len(rows), max_size=len(rows)))
    result = plain(tally_cases(columns, np.array(times, dtype=np.int64)), columns)
    repeated = Counter(row for row, number in zip(rows, times, strict=True) for _ in range(number))
    assert {key: n for key, n in result.items() if n} == repeated


@given(rows)
@examples(15)
def test_a_dropped_column_is_added_up(rows):
    columns = columns_of(rows)
    tally = tally_cases(columns, np.ones(len(rows), dtype=np.int64))
    for number in range(3):
        others = columns[:number] + columns[number + 1 :]
        expected = Counter(row[:number] + row[number + 1 :] for row in rows)
        assert plain(tally.drop(number), others) == expected


@examples(20)
@given(st.integers(0, 2**32), st.sampled_from([[2**16] * 2, [2**16] * 4, [2**16] * 5]))
def test_cells_beyond_what_a_key_can_number_are_counted_right(seed, sizes):
    random = np.random.default_rng(seed)
    columns = [column_of(size - 1 - random.integers(0, 2, 60), size) for size in sizes]
    expected = Counter(zip(*(column.codes.tolist() for column in columns), strict=True))
    assert plain(tally_cases(columns, np.ones(60, dtype=np.int64)), columns) == expected


def test_sum_of_weights_above_the_limit_raises():
    with pytest.raises(ImpossibleResult, match="2\\*\\*53"):
        tally_cases([], np.array([2**52, 2**53], dtype=np.int64))


def test_without_columns_all_are_counted_together():
    assert tally_cases([], np.ones(3, dtype=np.int64)).counts.tolist() == [3]
    assert tally_cases([], np.array([4, 5], dtype=np.int64)).counts.sum() == 9


@given(rows)
@examples(15)
def test_combined_columns_have_only_patterns_of_rows(rows):
    result = combine_columns(columns_of(rows))
    assert [result.categories[code] for code in result.codes] == rows
    assert sorted(map(repr, result.categories)) == sorted(map(repr, set(rows)))


@examples(8)
@given(st.integers(0, 2**32), st.sampled_from([[3] * 60, [2**16, 2**16, 2**17]]))
def test_columns_of_very_many_patterns_are_renumbered_on_the_way(seed, sizes):
    random = np.random.default_rng(seed)
    size = 3 if len(sizes) == 60 else 2
    columns = [column_of(own - 1 - random.integers(0, size, 30), own) for own in sizes]
    result = combine_columns(columns)
    rows = zip(*(column.codes.tolist() for column in columns), strict=True)
    assert [result.categories[code] for code in result.codes] == list(rows)


COLUMNS = {
    "objects": lambda v: pd.Series(v, dtype=object),
    "text": lambda v: pd.Series(v, dtype="str"),
    "category": lambda v: pd.Series(pd.Categorical(v, categories=["unseen", "a", "b"])),
    "list": list,
}


@pytest.mark.parametrize("kind", COLUMNS)
@given(result=st.lists(st.sampled_from(["a", "b", None]), max_size=20))
@examples(15)
def test_codes_of_every_type_of_column_give_its_values(kind, result):
    column = code_column(COLUMNS[kind](result), "x")
    assert [spelling(column.categories[code]) for code in column.codes] == result
    assert column.codes.dtype.kind == "u"


wide = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-200, 200), max_size=20)
types = st.sampled_from([np.int8, np.uint8, np.int16, np.uint64])
ends = types.flatmap(
    lambda dtype: st.tuples(
        st.just(dtype),
        st.lists(st.sampled_from([np.iinfo(dtype).min, 0, 1, np.iinfo(dtype).max]), max_size=5),
    )
)


@given(st.tuples(st.just(np.int64), wide) | ends)
@examples(15)
def test_codes_of_integers_give_their_values_and_do_not_wrap(column):
    dtype, result = column
    column = code_column(np.array(result, dtype=dtype), "x")
    assert [int(column.categories[code]) for code in column.codes] == result


@given(st.lists(st.sampled_from([True, False, None]), max_size=20))
@examples(15)
def test_codes_of_booleans_give_their_values(result):
    column = code_column(pd.array(result, dtype="boolean"), "x")
    assert [column.categories[code] for code in column.codes] == result
    sure = [bool(value) for value in result]
    column = code_column(np.array(sure, dtype=np.bool_), "x")
    assert [column.categories[code] for code in column.codes] == sure


def test_columns_that_fill_a_type_to_its_last_code_are_counted():
    def check(size, other):
        codes = [0, size - 1, size - 1, 1, size - 2, size - 3]
        columns = [column_of([0, 0, other - 1, 0, 0, 0], other), column_of(codes, size)]
        for some in (columns, columns[::-1]):
            rows = zip(*(column.codes.tolist() for column in some), strict=True)
            assert plain(tally_cases(some, np.ones(6, dtype=np.int64)), some) == Counter(rows)
            assert combine_columns(some).frequencies().sum() == 6

    check_rows(check, product([255, 256, 257, 65_535, 65_536, 65_537], [1, 2]))
