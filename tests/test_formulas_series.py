"""Formulas of Series: paired by label as pandas does, refused where pandas would make NaN."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_formulas import NUMERIC, RIGHT, SHARES
from thbstats import formulas
from thbstats.errors import ImpossibleResult, InvalidValue

PANDAS: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
    (formulas.share, lambda low, high: low / high),
    (formulas.ratio, lambda low, high: low / high),
    (formulas.per, lambda low, high: 100 * (low / high)),
    (formulas.change, lambda low, high: low - high),
    (formulas.relative_change, lambda low, high: (low - high) / high),
]
labels = st.one_of(
    st.lists(kind, min_size=1, max_size=6, unique=True)
    for kind in (st.integers(0, 99), st.text(max_size=2), st.tuples(st.text("ab"), st.integers(0)))
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    """Return counts and larger counts of the same labels, each in an order of its own."""
    index = pd.Index(draw(labels))
    order = draw(st.permutations(range(len(index))))
    size = len(index)
    low = draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))
    high = draw(st.lists(st.integers(9, 99), min_size=size, max_size=size))
    names = draw(st.tuples(*[st.sampled_from([None, "victims"])] * 2))
    first = pd.Series(low, index=index, name=names[0])
    return first, pd.Series(high, index=index, name=names[1]).iloc[order]


def test_the_labels_decide_and_not_the_order() -> None:
    part = pd.Series([1, 2], index=["a", "b"])
    whole = pd.Series([4, 8], index=["b", "a"])
    found = formulas.share(part, whole)
    pd.testing.assert_series_equal(found, pd.Series([0.125, 0.5], index=["a", "b"]))


@pytest.mark.parametrize(("formula", "oracle"), PANDAS)
@given(pairs())
def test_a_formula_of_series_is_the_arithmetic_of_pandas(
    formula: Callable[..., Any],
    oracle: Callable[..., Any],
    pair: tuple["pd.Series[Any]", "pd.Series[Any]"],
) -> None:
    low, high = pair
    found = formula(low, high)
    pd.testing.assert_series_equal(found, oracle(low, high).loc[low.index].astype(float))
    assert found.index.equals(low.index)


@pytest.mark.parametrize("name", [*RIGHT, *SHARES])
@given(data=st.data())
def test_every_formula_gives_each_label_what_arrays_give(name: str, data: st.DataObject) -> None:
    arguments = {**RIGHT, **SHARES}[name]
    if "table" in arguments:
        return
    size = data.draw(st.integers(2, 4))
    # All arguments move alike, so that no part passes its whole.
    step = np.arange(size) * (0.001 if name in SHARES else 1)
    arrays = {argument: np.ravel(value)[0] + step for argument, value in arguments.items()}
    index = pd.Index([f"row {place}" for place in range(size)])
    given_ = {}
    for place, (argument, values) in enumerate(arrays.items()):
        order = range(size) if place == 0 else data.draw(st.permutations(range(size)))
        given_[argument] = pd.Series(values, index=index).iloc[list(order)]
    expected, found = getattr(formulas, name)(**arrays), getattr(formulas, name)(**given_)
    for one, other in zip(_each(found), _each(expected), strict=True):
        np.testing.assert_array_equal(one, other)
        if np.shape(other) == (size,):
            assert isinstance(one, pd.Series)
            assert one.index.equals(index)


def _each(result: Any) -> tuple[Any, ...]:
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize(("names", "name"), [(("n", "n"), "n"), (("n", "m"), None)])
def test_a_name_stays_if_all_have_it(names: tuple[str, str], name: str | None) -> None:
    found: Any = formulas.share(pd.Series([1], name=names[0]), pd.Series([2], name=names[1]))
    assert found.name == name


@pytest.mark.parametrize("whole", [8, [4, 8], np.array([4, 8]), np.int64(8)])
def test_a_series_keeps_its_index_next_to_numbers(whole: Any) -> None:
    part = pd.Series([1, 2], index=["FR", "BE"], name="women")
    found = formulas.share(part, whole)
    pd.testing.assert_series_equal(found, part / whole)


def test_repeated_labels_are_paired_where_the_indices_are_equal() -> None:
    part, whole = (pd.Series(n, index=["FR", "FR"]) for n in ([1, 2], [4, 4]))
    found: Any = formulas.share(part, whole)
    assert found.tolist() == [0.25, 0.5]


def test_series_of_polars_give_arrays() -> None:
    found = formulas.share(pl.Series([1, 2]), pl.Series([4, 8]))
    assert type(found) is np.ndarray


@pytest.mark.parametrize(
    ("part", "whole", "message"),
    [
        (
            pd.Series([1, 2, 3], index=["FR", "BE", "NL"]),
            pd.Series([4, 5], index=["BE", "DE"]),
            "field 'whole': the indices differ: whole has no label 'FR' and 'NL'; part has no "
            "label 'DE'. Select the labels that both have, or .to_numpy() to pair by position",
        ),
        (
            pd.Series([1] * 8),
            pd.Series([4], index=[7]),
            "field 'whole': the indices differ: whole has no label 0, 1, 2, 3, 4 and 2 more. "
            "Select the labels that both have, or .to_numpy() to pair by position",
        ),
        (
            pd.Series([1, 2], index=["FR", "BE"]),
            pd.Series([4, 5], index=["FR", "FR"]),
            "field 'whole', value \"'FR'\": the indices differ and labels repeat. "
            "Give part and whole the same index, or .to_numpy() to pair by position",
        ),
        (
            pd.Series([1, 2]),
            [4, 5, 6],
            "field 'whole', value 'shape (3,)': must be one number or 2, as many as the Series has "
            "labels. Give one number per label, or .to_numpy() of the Series",
        ),
        (
            pd.Series([1, 2]),
            [[4, 5]],
            "field 'whole', value 'shape (1, 2)': must be one number or 2, as many as the Series "
            "has labels. Give one number per label, or .to_numpy() of the Series",
        ),
    ],
)
def test_what_cannot_be_paired_is_refused(part: Any, whole: Any, message: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        formulas.share(part, whole)
    assert str(caught.value) == message


@given(st.sets(st.integers(0, 6), min_size=1), st.sets(st.integers(0, 6), min_size=1))
def test_two_series_are_paired_by_all_labels_or_not_at_all(one: set[int], other: set[int]) -> None:
    part, whole = pd.Series(1, index=sorted(one)), pd.Series(2, index=sorted(other, reverse=True))
    if one == other:
        assert (formulas.share(part, whole) == 0.5).all()  # type: ignore[union-attr]
    else:
        with pytest.raises(InvalidValue, match="the indices differ"):
            formulas.share(part, whole)


def test_frames_have_the_same_rows_and_columns() -> None:
    part = pd.DataFrame({"women": [1, 2], "men": [3, 4]}, index=["FR", "BE"])
    assert formulas.share(part, part).tolist() == [[1, 1], [1, 1]]
    for whole in (part.iloc[::-1], part[["men", "women"]]):
        with pytest.raises(InvalidValue, match="must have the rows and columns of part"):
            formulas.share(part, whole)


def test_indices_of_other_kinds_are_no_match() -> None:
    part = pd.Series([1, 2], index=pd.MultiIndex.from_tuples([("FR", 2015), ("FR", 2016)]))
    with pytest.raises(InvalidValue, match="the indices differ"):
        formulas.share(part, pd.Series([1, 2], index=["FR", "BE"]))
    swapped = pd.Series([8, 4], index=part.index[::-1])
    pd.testing.assert_series_equal(formulas.share(part, swapped), part / swapped)


@pytest.mark.parametrize(("name", "argument"), NUMERIC)
def test_missing_values_are_named_by_their_own_position(name: str, argument: str) -> None:
    if argument == "table":
        return
    right = {**RIGHT, **SHARES}[name]
    given_ = {other: pd.Series(np.ravel(value)[:1].repeat(4)) for other, value in right.items()}
    given_[argument] = pd.Series([1, np.nan, 1, np.nan])
    with pytest.raises(InvalidValue, match="got nan at positions 1 and 3") as caught:
        getattr(formulas, name)(**given_)
    assert caught.value.field == argument


def test_positions_are_those_of_the_series_that_has_the_gap() -> None:
    part, whole = pd.Series([1, 2], index=["a", "b"]), pd.Series([np.nan, 8], index=["b", "a"])
    with pytest.raises(InvalidValue, match=r"field 'whole'.*got nan at position 0"):
        formulas.share(part, whole)


def test_pandas_missing_values_are_named_too() -> None:
    with pytest.raises(InvalidValue, match=r"field 'part', value nan: .* at position 1"):
        formulas.share(pd.Series([1, None], dtype="Int64"), 5)


def test_a_part_above_its_whole_names_all_positions() -> None:
    with pytest.raises(ImpossibleResult, match="at positions 0, 1, 2, 3, 4 and 1 more"):
        formulas.share(pd.Series([6] * 6), 5)


def test_formulas_need_no_library_of_tables() -> None:
    code = "import sys, thbstats.formulas as f; f.share(1, 2); assert 'pandas' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
