"""Coded columns, against lists of their values."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.columns import Coded
from thbstats.columns.coded import narrowest_type

DTYPES = ("u1", "u2", "u4", "i1", "i2", "i4", "i8")

gappy = st.lists(st.none() | st.sampled_from("abcdefgh"), max_size=20)


@st.composite
def coded_columns(draw: st.DrawFn, size: int | None = None) -> Coded[str]:
    """Draw a column of any type of code, with categories that have no row."""
    categories = draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True))
    dtype = draw(st.sampled_from(DTYPES))
    lowest = -1 if dtype.startswith("i") and draw(st.booleans()) else 0
    length = draw(st.integers(0, 12)) if size is None else size
    code = st.integers(lowest, len(categories) - 1)
    codes = draw(st.lists(code, min_size=length, max_size=length))
    return Coded(np.array(codes, dtype=dtype), categories)


columns = coded_columns()
pairs = st.integers(0, 12).flatmap(lambda n: st.tuples(coded_columns(n), coded_columns(n)))


@given(gappy.filter(lambda own: own != [None]), st.data())
def test_column_returns_its_values(items: list[str | None], data: st.DataObject) -> None:
    column = Coded.from_values(items)
    assert list(column) == items
    assert [column[row] for row in range(-len(items), len(items))] == items * 2
    for other in (pickle.loads(pickle.dumps(column)), copy.deepcopy(column)):
        assert list(other) == items
    row = data.draw(st.sampled_from(range(len(items)))) if items else None
    if row is not None:
        assert column.first_row(int(column.codes[row])) == items.index(items[row])


@given(columns)
def test_codes_keep_their_type_and_are_read_only(column: Coded[str]) -> None:
    codes = np.array(column.codes)
    same = Coded(codes, column.categories)
    assert same.codes.dtype == codes.dtype
    assert same.positions.dtype == np.intp
    assert same.positions.tolist() == codes.tolist()
    with pytest.raises(ValueError, match="read-only"):
        same.codes[:] = 0
    expected = [None if code < 0 else column.categories[code] for code in column.codes.tolist()]
    assert list(column) == [column[row] for row in range(len(column))] == expected
    assert column.has_missing == (None in expected)
    assert column.is_constant == (len(set(expected)) <= 1)
    used = {code for code in column.codes.tolist() if code >= 0}
    assert column.present == sorted(used)


@given(columns, st.data())
def test_rows_are_taken_by_index_and_mask(column: Coded[str], data: st.DataObject) -> None:
    size = len(column)
    index = data.draw(st.lists(st.integers(0, size - 1))) if size else []
    mask = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    items = list(column)
    taken = column.take(np.array(index, dtype=np.intp))
    assert list(taken) == [items[row] for row in index]
    assert (taken.categories, taken.codes.dtype) == (column.categories, column.codes.dtype)
    chosen = column.take(np.array(mask, dtype=np.bool_))
    assert list(chosen) == [item for item, keep in zip(items, mask, strict=True) if keep]


@given(columns)
def test_compact_column_has_only_categories_with_rows(column: Coded[str]) -> None:
    compact = column.compact()
    assert list(compact) == list(column)
    assert compact.present == list(range(len(compact.categories)))
    assert list(compact.categories) == [column.categories[code] for code in column.present]
    assert compact.codes.dtype.itemsize == 1


@given(columns, st.data())
def test_recoded_column_has_the_same_values(column: Coded[str], data: st.DataObject) -> None:
    more = [f"more{n}" for n in range(data.draw(st.sampled_from([0, 3, 260, 70_000])))]
    wider = [*more, *data.draw(st.permutations(column.categories))]
    recoded = column.recode(wider)
    assert recoded.categories == tuple(wider)
    assert list(recoded) == list(column)
    assert recoded.codes.dtype == narrowest_type(len(wider), signed=column.has_missing)
    assert list(recoded.recode(wider[::-1])) == list(recoded.compact()) == list(column)
    with pytest.raises(KeyError):
        column.recode([name for name in wider if name != column.categories[-1]])


@given(columns)
def test_missing_value_can_have_a_category(column: Coded[str]) -> None:
    filled = column.fill("missing")
    assert list(filled) == ["missing" if item is None else item for item in column]
    assert filled.categories == (*column.categories, *["missing"] * column.has_missing)
    assert filled.codes.dtype == np.uint8


@given(st.lists(columns, min_size=1, max_size=4))
def test_columns_are_concatenated_in_order(parts: list[Coded[str]]) -> None:
    whole = Coded.concat(parts)
    assert list(whole) == [item for part in parts for item in part]
    assert set(whole.categories) == {own for part in parts for own in part.categories}
    assert len(set(whole.categories)) == len(whole.categories)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=4))
def test_concatenated_constants_are_constant(sizes: list[int]) -> None:
    whole = Coded.concat([Coded.constant("FR", size) for size in sizes])
    assert list(whole) == ["FR"] * sum(sizes)
    assert whole.categories == (("FR",) if sum(sizes) else ())
    assert whole.is_constant


@given(columns)
def test_function_is_called_once_per_category(column: Coded[str]) -> None:
    calls: list[str] = []

    def group(item: str) -> str:
        calls.append(item)
        return "low" if item < "d" else "high"

    mapped = column.map(group)
    assert calls == list(column.categories)
    assert list(mapped) == [None if i is None else "low" if i < "d" else "high" for i in column]
    assert len(mapped.categories) == len(set(mapped.categories))


@given(pairs)
def test_combined_columns_equal_combined_values(drawn: tuple[Coded[str], Coded[str]]) -> None:
    single, other = drawn
    calls: list[Any] = []

    def both(first: str | None, second: str | None) -> tuple[str | None, str | None]:
        calls.append((first, second))
        return first, second

    rows = list(zip(single, other, strict=True))
    assert list(single.combine(other, both)) == rows
    assert sorted(calls, key=str) == sorted(set(rows), key=str)


@pytest.mark.parametrize("dtype", ["u1", "i2", "i8"])
def test_combinations_of_narrow_codes_do_not_overflow(dtype: str) -> None:
    codes = np.arange(256).astype(dtype)
    single, other = Coded(codes, range(256)), Coded(codes[::-1], range(256))
    combined = single.combine(other, lambda a, b: (a, b))
    assert list(combined) == [(n, 255 - n) for n in range(256)]
    assert (single.positions * 256 + other.positions).tolist() == [
        n * 256 + 255 - n for n in range(256)
    ]


@given(columns)
def test_table_contains_the_function_of_each_value(column: Coded[str]) -> None:
    table = column.table(ord, np.int64)
    assert table.tolist() == [0 if item is None else ord(item) for item in column]


@given(columns)
def test_frequencies_are_numbers_of_rows(column: Coded[str]) -> None:
    items = list(column)
    assert column.frequencies().tolist() == [items.count(own) for own in column.categories]


def test_constant_column_has_one_byte_per_row() -> None:
    column = Coded.constant("FR", 1_000)
    assert (len(column), column.codes.nbytes, column[999]) == (1_000, 1_000, "FR")
    assert Coded.constant("FR", 0).categories == ()


def test_frequencies_leave_out_missing_values() -> None:
    column = Coded(np.array([0, 1, -1, 0], dtype="i1"), ["b", "a"])
    assert column.frequencies().tolist() == [2, 1]
