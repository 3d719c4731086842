"""Formulas of pandas Series and frames."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.rows import check_rows, parts_of
from tests.test_formulas import NUMERIC, RIGHT, SHARES
from thbstats import formulas
from thbstats.errors import ImpossibleResult, InvalidValue

PANDAS: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
    (formulas.share, lambda low, high: low / high),
    (formulas.ratio, lambda low, high: low / high),
    (partial(formulas.ratio, per=100), lambda low, high: 100 * (low / high)),
    (formulas.change, lambda low, high: low - high),
    (formulas.relative_change, lambda low, high: (low - high) / high),
]
labels = st.one_of(
    st.lists(kind, min_size=1, max_size=15, unique=True)
    for kind in (
        st.integers(0, 99),
        st.text("aé", max_size=2),
        st.tuples(st.text("ab"), st.just(0)),
    )
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


def test_series_are_paired_by_label() -> None:
    part = pd.Series([1, 2], index=["a", "b"])
    whole = pd.Series([4, 8], index=["b", "a"])
    result = formulas.share(part, whole)
    pd.testing.assert_series_equal(result, pd.Series([0.125, 0.5], index=["a", "b"]))


@pytest.mark.parametrize(("formula", "oracle"), PANDAS)
@given(pairs())
def test_formulas_of_series_equal_pandas_arithmetic(
    formula: Callable[..., Any],
    oracle: Callable[..., Any],
    pair: tuple["pd.Series[Any]", "pd.Series[Any]"],
) -> None:
    low, high = pair
    result = formula(low, high)
    pd.testing.assert_series_equal(result, oracle(low, high).loc[low.index].astype(float))
    assert result.index.equals(low.index)


@pytest.mark.parametrize("name", [*RIGHT, *SHARES])
@examples(8)
@given(data=st.data())
def test_formulas_of_series_equal_those_of_arrays(name: str, data: st.DataObject) -> None:
    arguments = {**RIGHT, **SHARES}[name]
    if "table" in arguments:
        return
    size = data.draw(st.integers(2, 9))
    # All arguments move alike, so that no part passes its whole.
    step = np.arange(size) * (0.001 if name in SHARES else 1)
    arrays = {argument: np.ravel(value)[0] + step for argument, value in arguments.items()}
    index = pd.Index([f"row {position}" for position in range(size)])
    columns = {}
    for position, (argument, values) in enumerate(arrays.items()):
        order = range(size) if position == 0 else data.draw(st.permutations(range(size)))
        columns[argument] = pd.Series(values, index=index).iloc[list(order)]
    expected, result = getattr(formulas, name)(**arrays), getattr(formulas, name)(**columns)
    for first, other in zip(_each(result), _each(expected), strict=True):
        np.testing.assert_array_equal(first, other)
        if np.shape(other) == (size,):
            assert isinstance(first, pd.Series)
            assert first.index.equals(index)


def _each(result: Any) -> tuple[Any, ...]:
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize(("names", "name"), [(("n", "n"), "n"), (("n", "m"), None)])
def test_common_name_of_series_is_the_name_of_the_result(
    names: tuple[str, str], name: str | None
) -> None:
    result: Any = formulas.share(pd.Series([1], name=names[0]), pd.Series([2], name=names[1]))
    assert result.name == name


@pytest.mark.parametrize("whole", [8, [4, 8], np.array([4, 8]), np.int64(8)])
def test_series_with_numbers_keeps_its_index(whole: Any) -> None:
    part = pd.Series([1, 2], index=["FR", "BE"], name="women")
    result = formulas.share(part, whole)
    pd.testing.assert_series_equal(result, part / whole)


def test_repeated_labels_are_paired_if_the_indices_are_equal() -> None:
    part, whole = (pd.Series(n, index=["FR", "FR"]) for n in ([1, 2], [4, 4]))
    result: Any = formulas.share(part, whole)
    assert result.tolist() == [0.25, 0.5]


def test_series_of_polars_give_arrays() -> None:
    result = formulas.share(pl.Series([1, 2]), pl.Series([4, 8]))
    assert type(result) is np.ndarray


@pytest.mark.parametrize(
    ("part", "whole", "message"),
    [
        (
            pd.Series([1, 2, 3], index=["FR", "BE", "NL"]),
            pd.Series([4, 5], index=["BE", "DE"]),
            "field 'denominator': must have the labels of `numerator` (not in denominator: "
            "'FR' and 'NL'; not in numerator: 'DE'). "
            "Select the labels of both, or use .to_numpy() to pair by position",
        ),
        (
            pd.Series([1] * 8),
            pd.Series([4], index=[7]),
            "field 'denominator': must have the labels of `numerator` (not in denominator: 0, 1, "
            "2, 3, 4 and 2 more). "
            "Select the labels of both, or use .to_numpy() to pair by position",
        ),
        (
            pd.Series([1, 2], index=["FR", "BE"]),
            pd.Series([4, 5], index=["FR", "FR"]),
            "field 'denominator', value \"'FR'\": must not have repeated labels if the "
            "indices differ. Give numerator and denominator the same index, or .to_numpy() to pair "
            "by position",
        ),
        (
            pd.Series([1, 2]),
            [4, 5, 6],
            "field 'denominator', value 'shape (3,)': must be one number or 2 numbers, "
            "as `numerator` has. Give one number per label, or numerator.to_numpy()",
        ),
        (
            pd.Series([1, 2]),
            [[4, 5]],
            "field 'denominator', value 'shape (1, 2)': must be one number or 2 numbers, "
            "as `numerator` has. Give one number per label, or numerator.to_numpy()",
        ),
    ],
)
def test_series_that_cannot_be_paired_are_refused(part: Any, whole: Any, message: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        formulas.share(part, whole)
    assert parts_of(caught.value) == message


@given(st.sets(st.integers(0, 6), min_size=1), st.sets(st.integers(0, 6), min_size=1))
def test_series_with_different_labels_are_refused(first: set[int], second: set[int]) -> None:
    part, whole = (
        pd.Series(1, index=sorted(first)),
        pd.Series(2, index=sorted(second, reverse=True)),
    )
    if first == second:
        assert (formulas.share(part, whole) == 0.5).all()  # type: ignore[union-attr]
    else:
        with pytest.raises(InvalidValue, match="must have the labels of `numerator`"):
            formulas.share(part, whole)


def test_frames_with_different_labels_are_refused() -> None:
    part = pd.DataFrame({"women": [1, 2], "men": [3, 4]}, index=["FR", "BE"])
    result = formulas.share(part, part)
    pd.testing.assert_frame_equal(result, part / part)  # type: ignore[call-overload]
    tenths = formulas.share(part, 10)
    pd.testing.assert_frame_equal(tenths, part / 10)  # type: ignore[call-overload]
    for whole in (part.iloc[::-1], part[["men", "women"]]):
        with pytest.raises(InvalidValue, match="must have the rows and columns of `numerator`"):
            formulas.share(part, whole)


def test_indices_of_different_types_are_refused() -> None:
    part = pd.Series([1, 2], index=pd.MultiIndex.from_tuples([("FR", 2015), ("FR", 2016)]))
    with pytest.raises(InvalidValue, match="must have the labels of `numerator`"):
        formulas.share(part, pd.Series([1, 2], index=["FR", "BE"]))
    swapped = pd.Series([8, 4], index=part.index[::-1])
    pd.testing.assert_series_equal(formulas.share(part, swapped), part / swapped)


def test_missing_values_are_listed_by_position() -> None:
    def check(name: str, argument: str) -> None:
        right = {**RIGHT, **SHARES}[name]
        columns = {own: pd.Series(np.ravel(value)[:1].repeat(4)) for own, value in right.items()}
        columns[argument] = pd.Series([1, np.nan, 1, np.nan])
        problem = "must not be missing, wrong at positions 1 and 3"
        with pytest.raises(InvalidValue, match=problem) as caught:
            getattr(formulas, name)(**columns)
        assert caught.value.field == argument

    check_rows(check, [row for row in NUMERIC if row[1] != "table"])


FRAME = pd.DataFrame({"women": [1, 2]})


@pytest.mark.parametrize(
    ("part", "whole", "error", "message"),
    [
        (
            pd.Series([1, 2], index=["a", "b"]),
            pd.Series([np.nan, 8], index=["b", "a"]),
            InvalidValue,
            r"`denominator`.*missing, wrong at position 0",
        ),
        (
            pd.Series([1, None], dtype="Int64"),
            5,
            InvalidValue,
            r"`numerator` must not be missing, wrong at position 1, got nan",
        ),
        (pd.Series([6] * 6), 5, ImpossibleResult, "at positions 0, 1, 2, 3, 4 and 1 more"),
        (pd.Series([1, 2]), FRAME, InvalidValue, "must be a Series, as `numerator` is"),
        (FRAME, pd.Series([1, 2]), InvalidValue, "must be a DataFrame, as `numerator` is"),
        (FRAME, [1, 2], InvalidValue, r"must be one number or numbers of shape \(2, 1\)"),
    ],
)
def test_errors_of_series_and_frames_name_argument_and_positions(
    part: Any, whole: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        formulas.share(part, whole)


def test_missing_values_of_series_propagate_by_label() -> None:
    part = pd.Series([1, None, 3], index=["FR", "BE", "NL"], dtype="Int64")
    whole = pd.Series([4, 8, np.nan], index=["BE", "FR", "NL"])
    result = formulas.share(part, whole, missing="propagate")
    expected = pd.Series([0.125, np.nan, np.nan], index=part.index)
    pd.testing.assert_series_equal(result, expected)
    frame = pd.DataFrame({"women": [1, np.nan], "men": [3, 4]})
    pd.testing.assert_frame_equal(formulas.ratio(frame, 2, missing="propagate"), frame / 2)
    rows = formulas.largest_share(frame, missing="propagate")
    pd.testing.assert_series_equal(rows, pd.Series([0.75, np.nan]))


def test_formulas_do_not_import_pandas() -> None:
    code = "import sys, thbstats.formulas as f; f.share(1, 2); assert 'pandas' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_repeated_argument_is_named():
    with pytest.raises(InvalidValue, match="`numerator` must be passed to share once"):
        formulas.share(9759, 20532, numerator=9759)  # type: ignore[call-overload]
