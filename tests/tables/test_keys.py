import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from thbstats.columns import Coded
from thbstats.columns.coded import narrowest_type
from thbstats.tables.encoding import code_sets, groups, pack, repeated


def column(codes: list[int], size: int) -> Coded:
    """Return a column that has room for more categories than it uses."""
    return Coded(np.array(codes, dtype=narrowest_type(size)), ("word",) * size)


@st.composite
def code_lists(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, ...]]]:
    """Draw how many codes some columns have, and rows of codes, some of them repeated."""
    sizes = draw(st.lists(st.sampled_from([1, 2, 3, 100, 256, 300, 70_000]), max_size=6))
    codes = st.tuples(*(st.integers(0, size - 1) for size in sizes))
    few = draw(st.lists(codes, min_size=1, max_size=3))
    rows = draw(st.lists(codes | st.sampled_from(few), min_size=1, max_size=30))
    return sizes, rows


def columns_of(sizes: list[int], rows: list[tuple[int, ...]]) -> list[Coded]:
    return [column([row[i] for row in rows], size) for i, size in enumerate(sizes)]


@given(code_lists())
@example(([256, 70_000, 70_000, 70_000, 256], [(0, 0, 0, 0, 0)]))
def test_keys_order_pair_and_group_rows(drawn: tuple[list[int], list[tuple[int, ...]]]) -> None:
    sizes, rows = drawn
    keys = pack(columns_of(sizes, rows), len(rows))
    values = keys.tolist()
    for single, first in zip(rows, values, strict=True):
        for other, second in zip(rows, values, strict=True):
            assert (single < other, single == other) == (first < second, first == second)
    expected = [(rows.index(row), i) for i, row in enumerate(rows) if rows.index(row) < i]
    assert list(repeated(keys)) == expected
    group, first_rows = groups(keys)
    distinct = sorted(set(rows))
    assert [distinct[position] for position in group] == rows
    assert [rows.index(row) for row in distinct] == first_rows.tolist()


def test_keys_without_columns_are_equal() -> None:
    assert pack([], 3).tolist() == [0, 0, 0]
    assert list(repeated(pack([], 2))) == [(0, 1)]
    assert list(repeated(pack([], 1))) == list(repeated(pack([], 0))) == []


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 199)), min_size=1, max_size=40),
    st.integers(0, 3),
)
def test_the_codes_of_each_group_are_found(pairs: list[tuple[int, int]], wide: int) -> None:
    names = sorted({group for group, _ in pairs})
    group = np.array([names.index(group) for group, _ in pairs])
    codes = np.array([code for _, code in pairs])
    result = code_sets(group, codes, 200 + 64 * wide)
    for position, name in enumerate(names):
        expected = {code for group, code in pairs if group == name}
        assert result[position] == expected
    assert len(set(result.categories)) == len(result.categories)


def test_keys_above_64_bits_are_renumbered() -> None:
    rows = [(7, 1, 69_999, 0, 5), (7, 1, 69_999, 0, 4), (69_999, 0, 0, 0, 0), (7, 1, 69_999, 0, 5)]
    keys = pack(columns_of([70_000] * 5, rows), len(rows))
    assert keys.min() >= 0
    assert np.argsort(keys, kind="stable").tolist() == [1, 0, 3, 2]
    assert list(repeated(keys)) == [(0, 3)]
