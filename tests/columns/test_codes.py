"""Arrays of codes, against loops over their rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.columns.coded import lookup, narrowest_type, used_codes


@pytest.mark.parametrize(
    ("size", "signed", "dtype"),
    [
        (0, False, "u1"),
        (256, False, "u1"),
        (257, False, "u2"),
        (65_536, False, "u2"),
        (65_537, False, "u4"),
        (2**32 + 1, False, "u8"),
        (127, True, "i1"),
        (128, True, "i2"),
        (32_768, True, "i4"),
        (2**31, True, "i8"),
    ],
)
def test_narrowest_type_fits_every_code(size: int, signed: bool, dtype: str) -> None:
    assert np.dtype(narrowest_type(size, signed=signed)) == np.dtype(dtype)
    assert np.iinfo(dtype).max >= size - 1
    assert np.iinfo(dtype).min <= -signed


@given(
    st.sampled_from(["u1", "u2", "i1", "i2", "i8"]),
    st.sampled_from(["u1", "i1", "?", "i4", "f8"]),
    st.integers(1, 400),
    st.data(),
)
def test_lookup_gives_the_entry_of_each_code(
    dtype: str, entry: str, size: int, data: st.DataObject
) -> None:
    signed = dtype.startswith("i")
    largest = min(size - 1, np.iinfo(dtype).max)
    codes = data.draw(st.lists(st.integers(-signed, largest), max_size=20))
    table = np.arange(size).astype(entry)
    result = lookup(table, np.array(codes, dtype=dtype))
    assert result.dtype == table.dtype
    assert result.tolist() == [table[code] for code in codes]


@pytest.mark.parametrize("rows", [0, 1, 100, 40_000])
@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int64])
def test_code_of_a_single_row_is_used(rows: int, dtype: type) -> None:
    codes = np.zeros(rows + 2, dtype=dtype)
    assert used_codes(codes, 3) == [0]
    codes[rows] = 2
    codes[-1] = -1
    assert used_codes(codes, 3) == ([0, 2] if rows else [2])
